"""The store of the raw data: measured and corrected work, places, pauses, notices; and trouble with its file."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from fyraften_agent.errors import InputError, StoreError
from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan, ObservedTime
from fyraften_agent.store.answers import read_answers
from fyraften_agent.store.schema import WorkFile
from fyraften_agent.store.store import Pause, Store
from fyraften_policy.intervals import Interval

ZONE = "Europe/Copenhagen"
HOME_NETWORK = "a" * 64
T = 1_768_300_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fyraften" / "work.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


def measure(
    store: Store, number: int, start: int, end: int, *, is_open: bool = False, network: str | None = None
) -> int:
    """Write one span and its session; return the session's number."""
    session = MeasuredSession(number, start, end, is_open)
    store.write_measured(Changes((MeasuredSpan(number, start, end, 1),), (session,)), ZONE, network)
    return next(found.id for found in store.sessions(start, end + 1) if found.measured_start == start)


# Measured rows


def test_a_measured_session_comes_back_as_it_was_written(store: Store) -> None:
    number = measure(store, 1, T, T + 3600, is_open=True, network=HOME_NETWORK)

    session = store.session(number)
    assert session is not None
    assert (session.start, session.end, session.zone, session.open) == (T, T + 3600, ZONE, True)
    assert (session.place, session.place_label, session.workstation) == ("unknown", None, "fixed")
    assert (session.source, session.confirmed, session.changed_at) == ("measured", True, None)


def test_writing_the_same_rows_again_changes_nothing(store: Store) -> None:
    changes = Changes(
        (MeasuredSpan(1, T, T + 60, 2),), (MeasuredSession(1, T, T + 60, True),), (ObservedTime(2, T, T + 60, None),)
    )
    store.write_measured(changes, ZONE, None)
    once = (store.sessions(0, 2 * T), store.spans(0, 2 * T), store.observed(0, 2 * T), store.last_measured())

    store.write_measured(changes, ZONE, None)

    assert (store.sessions(0, 2 * T), store.spans(0, 2 * T), store.observed(0, 2 * T), store.last_measured()) == once


def test_growing_a_session_uses_up_no_numbers(store: Store) -> None:
    for end in range(T, T + 100, 10):
        measure(store, 1, T, end, is_open=True)

    assert store.add_session(T, T + 60, ZONE, None, None, True, T) == 2


@pytest.mark.parametrize(("seconds", "confirmed"), [(899, False), (900, True)])
def test_activity_that_stands_alone_for_less_than_fifteen_minutes_is_unconfirmed(
    store: Store, seconds: int, confirmed: bool
) -> None:
    number = measure(store, 1, T, T + seconds)

    session = store.session(number)
    assert session is not None
    assert session.confirmed is confirmed
    assert store.confirm(number, T).confirmed is True


def test_sessions_are_asked_for_half_open_with_single_inputs_included(store: Store) -> None:
    first, point = measure(store, 1, T, T + 60), measure(store, 2, T + 5000, T + 5000)

    assert [session.id for session in store.sessions(T, T + 60)] == [first]
    assert store.sessions(T + 60, T + 5000) == []
    assert [session.id for session in store.sessions(T + 5000, T + 5001)] == [point]
    assert store.sessions(0, T) == []


def test_observed_time_is_cut_to_what_is_asked_and_touching_parts_are_one(store: Store) -> None:
    rows = (ObservedTime(1, T, T + 100, "shutdown"), ObservedTime(2, T + 100, T + 200, "off"))
    store.write_measured(Changes(observed=(*rows, ObservedTime(3, T + 300, T + 400, "stop"))), ZONE, None)

    assert store.observed(T + 50, T + 350) == [Interval(T + 50, T + 200), Interval(T + 300, T + 350)]
    assert store.observed_going_on() is None


def test_intensity_is_the_share_of_minutes_with_input(store: Store) -> None:
    start = T // 60 * 60
    store.write_measured(Changes((MeasuredSpan(1, start, start + 599, 5),)), ZONE, None)

    (span,) = store.spans(0, 2 * T)
    assert span.intensity == 0.5


# Corrections


def test_a_correction_stands_beside_the_measurement(store: Store) -> None:
    number = measure(store, 1, T, T + 3600)

    session = store.edit_session(number, T + 9000, start=T + 600, place="home", workstation="mobile")

    assert (session.start, session.end) == (T + 600, T + 3600)
    assert (session.measured_start, session.measured_end) == (T, T + 3600)
    assert (session.place, session.workstation) == ("home", "mobile")
    assert (session.source, session.changed_at) == ("corrected", T + 9000)


def test_measuring_goes_on_under_a_corrected_start(store: Store) -> None:
    number = measure(store, 1, T, T + 600, is_open=True)
    store.edit_session(number, T + 700, start=T - 600)

    measure(store, 1, T, T + 900, is_open=True)

    session = store.session(number)
    assert session is not None
    assert (session.start, session.end, session.open) == (T - 600, T + 900, True)


@pytest.mark.parametrize("how", ["end", "remove"])
def test_a_session_that_the_employee_ended_is_not_measured_on(store: Store, how: str) -> None:
    number = measure(store, 1, T, T + 600, is_open=True)
    if how == "end":
        store.edit_session(number, T + 700, end=T + 300)
    else:
        store.remove_session(number, T + 700)
    before = store.session(number)

    taken_over = store.write_measured(Changes(sessions=(MeasuredSession(1, T, T + 900, True),)), ZONE, None)

    assert taken_over == {1}
    assert store.session(number) == before
    assert store.last_measured().session is None


def test_a_removed_session_is_told_no_more_but_its_measurement_stays(store: Store, path: Path) -> None:
    number = measure(store, 1, T, T + 600)

    store.remove_session(number, T + 700)

    assert store.sessions(0, 2 * T) == []
    with pytest.raises(InputError, match=f"no session {number}"):
        store.edit_session(number, T, end=T + 900)
    with sqlite3.connect(path) as reader:
        assert reader.execute("SELECT measured_end, removed, changed_by FROM sessions").fetchall() == [
            (T + 600, 1, "employee")
        ]
    reader.close()


def test_added_work_is_the_employees_own(store: Store) -> None:
    number = store.add_session(T, T + 60, "Europe/Oslo", "elsewhere", "mobile", True, T + 100)

    session = store.session(number)
    assert session is not None
    assert (session.source, session.zone, session.place, session.workstation) == (
        "added",
        "Europe/Oslo",
        "elsewhere",
        "mobile",
    )
    assert (session.measured_start, session.confirmed) == (None, True)


@pytest.mark.parametrize(("start", "end"), [(T, T), (T + 1, T)])
def test_work_that_ends_before_it_starts_is_refused(store: Store, start: int, end: int) -> None:
    number = measure(store, 1, T, T + 600)

    with pytest.raises(InputError, match="end after it starts"):
        store.add_session(start, end, ZONE, None, None, True, T)
    with pytest.raises(InputError, match="end after it starts"):
        store.edit_session(number, T, start=T + 600)
    assert len(store.sessions(0, 2 * T)) == 1


def test_words_that_are_not_in_the_list_are_refused_with_the_list(store: Store) -> None:
    with pytest.raises(InputError, match=r"'castle' is none of these: home,"):
        store.add_session(T, T + 60, ZONE, "castle", None, True, T)
    with pytest.raises(InputError, match="'sofa' is none of these"):
        store.add_place("home", None, "sofa", T)
    with pytest.raises(InputError, match="no place 7"):
        store.assign(HOME_NETWORK, 7, T)
    assert store.places() == []


# Places


def test_a_network_with_a_place_places_its_sessions_and_a_correction_wins(store: Store) -> None:
    first, second = (measure(store, n, T + n * 5000, T + n * 5000 + 600, network=HOME_NETWORK) for n in (1, 2))
    cabin = store.add_place("home", "Cabin", "mobile", T)
    store.correct_place(second, "elsewhere", T)

    store.assign(HOME_NETWORK, cabin, T)

    placed = {session.id: session for session in store.sessions(0, 2 * T)}
    assert (placed[first].place, placed[first].place_label, placed[first].workstation) == ("home", "Cabin", "mobile")
    assert placed[first].source == "measured"
    assert placed[second].place == "elsewhere"


def test_the_places_of_a_whole_day_can_be_corrected(store: Store) -> None:
    for n in range(3):
        measure(store, n + 1, T + n * 5000, T + n * 5000 + 600)

    changed = store.correct_place_between(T + 4000, T + 20_000, "fixed_site", T)

    assert [session.place for session in changed] == ["fixed_site", "fixed_site"]
    assert [session.place for session in store.sessions(0, 2 * T)] == ["unknown", "fixed_site", "fixed_site"]
    assert len(store.places()) == 1


def test_a_network_is_asked_about_once_and_never_when_its_place_is_known(store: Store) -> None:
    assert store.is_unasked(HOME_NETWORK)
    assert [store.ask_about(HOME_NETWORK, T), store.ask_about(HOME_NETWORK, T + 1)] == [True, False]
    assert not store.is_unasked(HOME_NETWORK)

    store.assign("b" * 64, "home", T)
    assert store.ask_about("b" * 64, T) is False


def test_the_network_of_now_is_the_last_one_seen(store: Store) -> None:
    seen = [store.current_fingerprint()]
    for network in (HOME_NETWORK, "b" * 64, None):
        store.see_network(network, T)
        seen.append(store.current_fingerprint())

    assert seen == [None, HOME_NETWORK, "b" * 64, None]


# Pauses, agreement, notices


def test_a_pause_holds_until_its_end_or_until_it_is_resumed(store: Store) -> None:
    store.pause(T, T + 100)

    assert store.pause_at(T - 1) is None
    assert store.pause_at(T) == Pause(T, T + 100)
    assert store.pause_at(T + 99) == Pause(T, T + 100)
    assert store.pause_at(T + 100) is None

    store.pause(T + 200, None)
    store.resume(T + 300)
    assert store.pause_at(T + 250) == Pause(T + 200, None)
    assert store.pause_at(T + 300) is None
    assert store.is_paused_between(T + 299, T + 400)
    assert not store.is_paused_between(T + 300, T + 400)


def test_a_new_pause_replaces_the_one_that_runs(store: Store) -> None:
    store.pause(T, None)
    store.pause(T + 50, T + 60)

    assert store.pause_at(T + 55) == Pause(T + 50, T + 60)
    assert store.pause_at(T + 60) is None


def test_all_versions_of_the_agreement_stay(store: Store) -> None:
    store.record_agreement({"jurisdiction": "DK", "agreement": {"weekly_hours": 37}}, T)
    store.record_agreement({"jurisdiction": "NO", "agreement": {}}, T + 1)

    assert store.agreement() == {"jurisdiction": "NO", "agreement": {}, "recorded_at": T + 1}
    assert [version["jurisdiction"] for version in store.agreements()] == ["DK", "NO"]


def test_a_notice_is_known_once_it_was_told(store: Store) -> None:
    store.notices.tell("stop_by:2026-01-13", "Stop by 20:00", T, shown=False)
    store.notices.tell("stop_by:2026-01-13", "Stop by 20:00", T + 60, shown=True)

    (notice,) = store.notices.all()
    assert (notice.due_at, notice.shown) == (T, True)
    assert store.notices.is_told("stop_by:2026-01-13", T)
    assert not store.notices.is_told("stop_by:2026-01-14", T)


# The file


def test_the_file_and_everything_beside_it_is_private(store: Store, path: Path) -> None:
    measure(store, 1, T, T + 60)

    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == ["work.sqlite3", "work.sqlite3-shm", "work.sqlite3-wal"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_older_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch(0o644)

    Store.open(path).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_tables_hold_nothing_but_what_is_on_this_list(store: Store, path: Path) -> None:
    allowed = {
        "spans": {"id", "start", "seconds", "active_minutes"},
        "observed": {"id", "start", "end", "ended"},
        "places": {"id", "kind", "label", "workstation", "made_at"},
        "fingerprints": {"fingerprint", "place", "seen_at", "asked_at"},
        "current_network": {"only_row", "fingerprint"},
        "sessions": {
            *("id", "first_span", "measured_start", "measured_seconds", "fingerprint", "zone", "open"),
            *("start", "end", "place", "workstation", "confirmed", "removed", "changed_by", "changed_at"),
            *("seen_by", "origin"),
        },
        "corrections": {
            *("id", "session", "at", "by", "was_there", "before_by", "before_at"),
            *("start", "end", "place", "workstation", "confirmed", "removed"),
        },
        "names": {"id", "name"},
        "pauses": {"start", "until", "ended", "private"},
        "choices": {"name", "value", "changed_at"},
        "agreements": {"id", "recorded_at", "body"},
        "mendings": {"id", "at", "file", "saved", "lost", "days", "paused"},
        "answers": {"id", "question", "period", "value", "answered_on", "answered_at", "kept_longer"},
        "notices": {
            *("key", "text", "told_at", "shown", "waits_since", "state", "held", "shown_at"),
            *("snoozed_until", "snooze_reason"),
        },
        "_sqlite_migrations": {"id", "migration_set", "name", "applied_at"},
        "sqlite_sequence": {"name", "seq"},
    }

    with sqlite3.connect(path) as reader:
        tables = [name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: {row[1] for row in reader.execute(f"PRAGMA table_info({table})")} for table in tables}
    reader.close()

    # Beside them, a checksum of each row (see test_seals).
    assert {table: columns - {"seal"} for table, columns in found.items()} == allowed


def test_opening_again_finds_everything_and_migrates_nothing_twice(path: Path) -> None:
    with Store.open(path) as store:
        measure(store, 1, T, T + 60)

    with Store.open(path) as store:
        assert len(store.sessions(0, 2 * T)) == 1


@pytest.mark.parametrize("old", sorted(Path(__file__).with_name("old_stores").glob("*.sql")), ids=lambda old: old.stem)
def test_a_file_of_every_older_version_opens_with_all_that_is_in_it(path: Path, old: Path) -> None:
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as writer:
        writer.executescript(old.read_text(encoding="utf-8"))
    writer.close()

    with Store.open(path) as store:
        measured, added = store.sessions(0, 2 * T)
        assert (measured.start, measured.end, measured.place_label) == (T + 600, T + 3600, "Flat")
        assert (measured.measured_start, measured.source) == (T, "corrected")
        assert (added.place, added.workstation, added.zone) == ("elsewhere", "mobile", "Europe/Oslo")
        assert [span.active_minutes for span in store.spans(0, 2 * T)] == [50]
        assert store.observed(0, 2 * T) == [Interval(T - 60, T + 7200)]
        assert store.pause_at(T + 20_000) == Pause(T + 20_000, None)
        assert (store.agreement() or {})["agreement"] == {"weekly_hours": 37}
        assert store.notices.is_told("stop_by:2026-01-13", T)
        assert store.last_measured().next_id == 3
        assert store.file.is_whole()


def test_a_file_of_every_older_version_keeps_what_that_version_knew(path: Path) -> None:
    path.parent.mkdir(parents=True)
    known = {}
    for old in Path(__file__).with_name("old_stores").glob("*.sql"):
        file = path.with_name(old.stem)
        with sqlite3.connect(file) as writer:
            writer.executescript(old.read_text(encoding="utf-8"))
        writer.close()
        with Store.open(file) as store:
            (row,) = store.file.rows("SELECT docked FROM whole_sessions WHERE id = 1")
            known[int(old.stem[5:])] = (store.choices.get("source"), row["docked"], len(read_answers(store.file)))

    assert set(known) >= set(range(1, 10))
    assert known == {
        number: ("counter" if number >= 2 else None, int(number >= 5), int(number >= 8)) for number in known
    }


def test_two_that_open_a_new_file_at_once_make_it_once(path: Path) -> None:
    path.parent.mkdir(parents=True)
    opens = "from fyraften_agent.store.store import Store; Store.open(Path(sys.argv[1]))"
    program = f"import sys; from pathlib import Path; {opens}"
    processes = [subprocess.Popen([sys.executable, "-c", program, str(path)], stderr=subprocess.PIPE) for _ in range(4)]

    errors = [process.communicate()[1].decode() for process in processes]

    assert [(process.returncode, error) for process, error in zip(processes, errors, strict=True)] == [(0, "")] * 4


def test_purging_leaves_no_trace_of_what_was_too_old(path: Path) -> None:
    # As SQLite keeps them: an instant is four bytes, a text is itself.
    old, canary = 0x5EADBEE1, "A summer house nobody else knows"
    with Store.open(path) as store:
        for n in range(200):
            measure(store, n + 1, old, old, network=f"{canary} {n}")
            store.notices.tell(f"{canary} {n}", canary, old, shown=True)
        recent = measure(store, 1000, T, T + 600)
        before = files_of(path)

        purged = store.purge(T - 1000)

        after = files_of(path)
        assert [session.id for session in store.sessions(0, 2 * T)] == [recent]
        assert store.last_measured().next_id == 1001
    assert purged
    assert before.count(canary.encode()) >= 200
    assert before.count(old.to_bytes(4, "big")) >= 200
    assert after.count(canary.encode()) == 0
    assert after.count(old.to_bytes(4, "big")) == 0


def test_a_reader_in_the_way_of_purging_is_told_and_it_works_later(store: Store, path: Path) -> None:
    measure(store, 1, T, T + 60)
    with WorkFile(path, wait_seconds=0.01) as file, sqlite3.connect(path) as reader:
        cursor = reader.execute("SELECT * FROM sqlite_master")
        cursor.fetchone()
        assert not Store(file).purge(T + 1000)

        cursor.close()
        assert Store(file).purge(T + 1000)
    reader.close()


def test_purging_keeps_what_is_open_or_was_corrected_into_the_present(store: Store) -> None:
    is_open = measure(store, 1, T, T + 60, is_open=True)
    corrected = measure(store, 2, T + 5000, T + 5060)
    store.edit_session(corrected, T, end=T + 90_000)

    store.purge(T + 80_000)

    assert [session.id for session in store.sessions(0, 2 * T)] == [is_open, corrected]
    assert store.last_measured().next_id == 3  # the number of a span that is gone is not given again


# Trouble


def test_a_file_held_by_another_program_says_so_and_nothing_is_lost(path: Path) -> None:
    Store.open(path).close()
    holder = sqlite3.connect(path, isolation_level=None)
    with WorkFile(path, wait_seconds=0.01) as file:
        store = Store(file)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="held by another program") as caught:
            measure(store, 1, T, T + 60)
        holder.execute("ROLLBACK")
        holder.close()

        measure(store, 1, T, T + 60)
        assert len(store.sessions(0, 2 * T)) == 1
    assert (caught.value.trouble, caught.value.is_passing, caught.value.exit_code) == ("locked", True, 6)
    assert caught.value.path == path


def test_a_transaction_that_reads_first_keeps_others_from_writing_in_between(path: Path) -> None:
    with WorkFile(path) as first, WorkFile(path, wait_seconds=0.01) as second:
        with first.transaction():
            assert first.rows("SELECT count(*) AS n FROM pauses") == [{"n": 0}]
            with pytest.raises(StoreError, match="held by another program"):
                Store(second).pause(T, None)
            first.change("INSERT INTO pauses (start) VALUES (?)", [T])

        assert Store(second).pause_at(T) == Pause(T, None)


def test_a_full_disk_says_so_and_what_was_stored_stays(path: Path) -> None:
    with WorkFile(path) as file:
        store = Store(file)
        measure(store, 1, T, T + 60)
        file.rows("PRAGMA max_page_count = 1")  # no page more than there are
        with pytest.raises(StoreError, match=r"disk is full or fails\. Free some space") as caught:
            fill(store)
        told = len(store.notices.all())
        file.rows("PRAGMA max_page_count = 100000")

        store.notices.tell("afterwards", "x" * 900, T, shown=True)
        assert len(store.notices.all()) == told + 1
        assert len(store.sessions(0, 2 * T)) == 1
    assert caught.value.is_passing


@pytest.mark.parametrize("what", [b"this is no database" * 100, None])
def test_a_damaged_file_says_what_to_do(path: Path, what: bytes | None) -> None:
    with Store.open(path) as store:
        for n in range(200):
            measure(store, n + 1, T + n * 5000, T + n * 5000 + 60)
    content = path.read_bytes()
    path.write_bytes(what if what is not None else content[:2048] + b"\xa5" * (len(content) - 2048))

    with pytest.raises(StoreError, match="it is set aside") as caught, Store.open(path) as store:
        store.sessions(0, 2 * T)

    assert (caught.value.trouble, caught.value.is_passing) == ("damaged", False)


def test_a_file_that_may_not_be_opened_says_whose_it_has_to_be(tmp_path: Path) -> None:
    (tmp_path / "work.sqlite3").mkdir()

    with pytest.raises(StoreError, match="belong to you") as caught:
        Store.open(tmp_path / "work.sqlite3")

    assert caught.value.trouble == "closed"


def test_what_fails_halfway_leaves_nothing_behind(store: Store) -> None:
    measure(store, 1, T, T + 60)
    rows = (MeasuredSpan(2, T, T + 1, 1), MeasuredSpan(3, T, None, 1))  # type: ignore[arg-type]  # the offence

    with pytest.raises(sqlite3.IntegrityError):
        store.write_measured(Changes(spans=rows), ZONE, None)

    assert len(store.spans(0, 2 * T)) == 1
    measure(store, 4, T + 5000, T + 5060)


def test_killing_the_writer_doubles_nothing_and_loses_at_most_the_tick_in_the_making(path: Path) -> None:
    first, kills = 1, 12
    for kill in range(kills):
        program = [sys.executable, str(Path(__file__).with_name("writes_ticks.py")), str(path), str(first)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            taken = [int(next(process.stdout)) for _ in range(5 + kill * 7)]
            process.kill()
            taken += [int(line) for line in process.stdout if line.endswith("\n")]

        with Store.open(path) as store:
            spans = store.spans(0, 2 * T)
            sessions = store.sessions(0, 2 * T)
        # Each process begins with one look that counts no input, so its first span begins one tick later.
        assert len(sessions) == 1
        assert len(spans) == kill + 1
        assert all(before.end < after.start for before, after in pairwise(spans))
        last = taken[-1]
        assert sessions[0].end in {T + last * 10 - 1, T + last * 10 + 9}
        assert sessions[0].end == spans[-1].end
        first = last + 3

    with sqlite3.connect(path) as reader:
        assert reader.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    reader.close()


def fill(store: Store) -> None:
    """Write until the disk takes no more."""
    for n in range(2000):
        store.notices.tell(f"filling:{n}", "x" * 900, T, shown=True)


def files_of(path: Path) -> bytes:
    """Return everything that is in the database's files."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if os.access(file, os.R_OK))
