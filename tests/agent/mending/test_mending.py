"""Damaged records: whatever happens to the file, it is kept, what is whole comes over, and nothing is invented."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from damaged_records import DAY, FIRST, ZONE, Rows, as_one_file, lived_in, rows_of
from fyraften_agent.errors import StoreError
from fyraften_agent.files.set_aside import remove_set_aside, set_aside
from fyraften_agent.mending.mending import MOST_A_DAY, mend, open_mended
from fyraften_agent.mending.words import mending_sentences
from fyraften_agent.recording.activity import Changes, MeasuredSpan, ObservedTime
from fyraften_agent.recording.place_key import load_place_key
from fyraften_agent.store.held import held_of
from fyraften_agent.store.mendings import Mending, mendings
from fyraften_agent.store.store import Store

NOW = FIRST + 20 * DAY
PAGE = 1024
PROVE = bool(os.environ.get("PROVE"))
# On which day a row ended, for the comparison with the days that are told. Spans keep how long they were.
END: dict[str, Callable[[tuple[Any, ...]], int]] = {
    "spans": lambda row: row[1] + row[2],
    "observed": lambda row: row[2],
}


class Whole(tuple[bytes, Rows]):
    """A file in order and its rows; shown in few words, because a test that fails shows what it was given."""

    def __repr__(self) -> str:
        return f"<{len(self[0])} bytes>"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Rows]:
    path = tmp_path_factory.mktemp("whole") / "work.sqlite3"
    lived_in(path, days=8)
    return Whole((as_one_file(path), rows_of(path)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "work.sqlite3"


def opened(path: Path, now: int = NOW) -> Mending | None:
    """Open the file as the collector does; return what was done about damage at this start."""
    with open_mended(path, now, ZONE) as store:
        done = [each for each in mendings(store.file) if each.at == now]
        assert store.file.is_whole()
    return done[-1] if done else None


def put(path: Path, content: bytes, log: bytes = b"") -> None:
    """Lay a file there as the only one."""
    for old in path.parent.iterdir():
        old.unlink()
    path.write_bytes(content)
    if log:
        path.with_name(f"{path.name}-wal").write_bytes(log)


def compare(before: Rows, after: Rows, done: Mending | None) -> dict[str, set[tuple[object, ...]]]:
    """Fail where a row is other than it was, or a loss is not told; return the rows that are missing."""
    missing = {table: before[table] - after[table] for table in before if before[table] - after[table]}
    new = {table: after[table] - before[table] for table in before if after[table] - before[table]}
    if done is None:
        assert (missing, new) == ({}, {})
        return {}
    assert new.pop("mendings") is not None
    assert [row[1:] for row in new.pop("observed")] == [(NOW, NOW, "mended")]
    # For a lost place that something still names, one of which nothing is known.
    stand_ins = {(place[0], "unknown", None, "fixed", NOW) for place in missing.get("places", ())}
    assert new.pop("places", set()) <= stand_ins
    assert list(new.pop("pauses", ())) == [(NOW, None, None, 0)] * done.paused
    assert new == {}
    assert done.saved == sum(map(len, before.values())) - sum(map(len, missing.values()))
    if done.lost is not None:
        assert done.lost == sum(map(len, missing.values()))
        days = {local_day(END[table](row)) for table, rows in missing.items() if table in END for row in rows}
        assert days <= set(done.days)
    if missing.keys() & {"pauses", "choices"}:
        assert done.paused
    return missing


def pages_of(content: bytes) -> Iterable[int]:
    """Return which pages to damage in turn: the first ones and every third, in ``make prove`` every one."""
    count = len(content) // PAGE
    return range(count) if PROVE else [*range(3), *range(3 + random.randrange(3), count, 3)]


def local_day(at: object) -> str:
    assert isinstance(at, int)
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(ZONE)).date().isoformat()


def test_records_in_order_are_opened_as_they_are(path: Path, whole: tuple[bytes, Rows]) -> None:
    put(path, whole[0])

    assert opened(path) is None
    assert rows_of(path) == whole[1]
    assert set_aside(path) == []


@pytest.mark.parametrize("how", ["one byte", "zeros", "noise"])
def test_whichever_page_is_damaged_rows_come_over_as_they_were_or_not_at_all(
    path: Path, whole: tuple[bytes, Rows], how: str
) -> None:
    content, before = whole
    chance = random.Random(how)
    losses = []
    for page in pages_of(content):
        put(path, damaged_page(content, page, how, chance))
        done = opened(path)
        missing = compare(before, rows_of(path), done)
        losses.append(sum(map(len, missing.values())))
        if done is not None:
            kept = path.with_name(done.file)
            assert kept.stat().st_mode & 0o777 == 0o600
            assert kept.read_bytes() != content

    # What is on one page is the most that one damaged page costs, with the corrections that hang on it.
    assert max(losses) <= 60
    assert sum(losses) / len(losses) < 12


def damaged_page(content: bytes, page: int, how: str, chance: random.Random) -> bytes:
    part = bytearray(content[page * PAGE : (page + 1) * PAGE])
    if how == "one byte":
        part[chance.randrange(PAGE)] ^= chance.randrange(1, 256)
    else:
        part[:] = bytes(PAGE) if how == "zeros" else chance.randbytes(PAGE)
    return content[: page * PAGE] + bytes(part) + content[(page + 1) * PAGE :]


@given(
    places=st.lists(st.tuples(st.integers(0, 60_000), st.binary(min_size=1, max_size=40)), min_size=1),
    cut=st.none() | st.integers(1, 60_000),
)
@settings(deadline=None, max_examples=1000 if PROVE else 40)
def test_no_damage_at_several_places_invents_anything(
    tmp_path_factory: pytest.TempPathFactory,
    whole: tuple[bytes, Rows],
    places: list[tuple[int, bytes]],
    cut: int | None,
) -> None:
    content, before = whole
    path = tmp_path_factory.getbasetemp() / "several" / "work.sqlite3"
    path.parent.mkdir(exist_ok=True)
    damaged = bytearray(content)
    for at, noise in places:
        damaged[at % len(content) : at % len(content) + len(noise)] = noise[: len(content) - at % len(content)]
    put(path, bytes(damaged[:cut]))

    done = opened(path)

    compare(before, rows_of(path), done)


@pytest.mark.parametrize("kept", [0, 1, 99, 100, 1023, 1024, 1025, 0.5, 0.9])
def test_a_file_that_was_cut_short_is_told_and_the_rest_saved(
    path: Path, whole: tuple[bytes, Rows], kept: float
) -> None:
    content, before = whole
    put(path, content[: kept if isinstance(kept, int) else round(len(content) * kept)])
    load_place_key(path.parent / "keys")

    done = opened(path)

    assert done is not None
    missing = compare(before, rows_of(path), done)
    if kept == 0.9:
        assert sum(map(len, missing.values())) < 90


def test_an_empty_file_is_new_where_nothing_was_ever_recorded(path: Path) -> None:
    path.touch()

    assert opened(path) is None


def test_without_its_first_hundred_bytes_no_row_is_lost(path: Path, whole: tuple[bytes, Rows]) -> None:
    content, before = whole
    put(path, bytes(100) + content[100:])

    done = opened(path)

    assert done is not None
    assert compare(before, rows_of(path), done) == {}
    assert (done.lost, done.paused) == (0, False)


@pytest.mark.parametrize("foreign", [b"hours of work\n" * 1000, bytes(30_000), b"%PDF-1.4 " + bytes(range(256)) * 40])
def test_a_foreign_file_is_set_aside_as_it_is_and_recording_is_paused(path: Path, foreign: bytes) -> None:
    put(path, foreign)

    done = opened(path)

    assert done is not None
    assert (done.saved, done.lost, done.days, done.paused) == (0, None, (), True)
    assert [kept.read_bytes() for kept in set_aside(path)] == [foreign]


def test_a_database_of_another_program_is_set_aside_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE sessions (id INTEGER PRIMARY KEY, cookie TEXT)")
        other.execute("INSERT INTO sessions VALUES (1, 'x')")
        other.commit()
    content = path.read_bytes()

    done = opened(path)

    assert done is not None
    assert [kept.read_bytes() for kept in set_aside(path)] == [content]


# The write-ahead log


@pytest.fixture
def with_log(path: Path) -> tuple[bytes, bytes, Rows, list[Rows]]:
    """A file whose last days are in its log only; with the rows of the file alone and after each further commit."""
    lived_in(path, days=4)
    content = as_one_file(path)
    states = [rows_of(path)]
    with Store.open(path) as store:
        for n in range(8):
            store.write_measured(Changes(spans=(MeasuredSpan(1000, NOW, NOW + n, 1),)), ZONE, None)
            states.append(rows_of(path))
            store.add_session(NOW - 9000 + n * 60, NOW - 9000 + n * 60 + 30, ZONE, 1, None, True, NOW)
            states.append(rows_of(path))
        log = path.with_name(f"{path.name}-wal").read_bytes()
    return content, log, states[-1], states


def test_a_log_that_is_whole_is_part_of_a_damaged_file(
    path: Path, with_log: tuple[bytes, bytes, Rows, list[Rows]]
) -> None:
    content, log, before, _ = with_log
    told = []
    for page in pages_of(content):
        put(path, damaged_page(content, page, "zeros", random.Random(0)), log)
        told.append(opened(path))
        compare(before, rows_of(path), told[-1])

    assert told[0] is None  # the log has that page, too
    assert len([done for done in told if done is not None]) > 10


def test_a_lost_or_damaged_log_takes_the_file_back_to_an_earlier_moment_and_to_no_other(
    path: Path, with_log: tuple[bytes, bytes, Rows, list[Rows]]
) -> None:
    content, log, _, states = with_log
    chance = random.Random(5)
    logs = [b"", log[: len(log) // 2], log[:31], bytes(32) + log[32:]]
    for at in range(0, len(log), 700):
        broken = bytearray(log)
        broken[at + chance.randrange(min(700, len(log) - at))] ^= 0x40
        logs.append(bytes(broken))
    for broken_log in logs:
        put(path, content, broken_log)
        assert opened(path) is None
        assert rows_of(path) in states


def test_a_damaged_file_with_a_damaged_log_has_only_rows_that_were_written_at_some_time(
    path: Path, with_log: tuple[bytes, bytes, Rows, list[Rows]]
) -> None:
    content, log, _, states = with_log
    ever = {table: set().union(*(state[table] for state in states)) for table in states[0]}
    chance = random.Random(6)
    for page in pages_of(content):
        at = chance.randrange(len(log))
        put(path, damaged_page(content, page, "zeros", chance), log[:at] + bytes([log[at] ^ 1]) + log[at + 1 :])
        done = opened(path)
        after = rows_of(path)
        if done is None:
            assert after in states
            continue
        for table in ("sessions", "spans", "corrections", "notices", "agreements", "choices"):
            assert after[table] <= ever[table], table


@pytest.mark.parametrize("stale", [b"", bytes(32_768), b"\xff" * 32_768, b"stale"])
def test_a_stale_file_of_shared_memory_changes_nothing(
    path: Path, with_log: tuple[bytes, bytes, Rows, list[Rows]], stale: bytes
) -> None:
    content, log, before, _ = with_log
    put(path, content, log)
    path.with_name(f"{path.name}-shm").write_bytes(stale)

    assert opened(path) is None
    assert rows_of(path) == before


# What is held beside the file


def grown(row: int, end: int) -> Changes:
    return Changes(
        spans=(MeasuredSpan(row, NOW - 600, end, 5),), observed=(ObservedTime(row + 1, NOW - 600, end, None),)
    )


def test_what_is_held_goes_along_and_rows_that_are_saved_grow_as_far_as_it_says(path: Path) -> None:
    lived_in(path, days=2)
    with Store.open(path) as store:
        store.write_measured(grown(900, NOW - 300), ZONE, None)
        content = as_one_file(path)
        assert store.hold(grown(900, NOW - 60))
    held = held_of(path).read_bytes()
    put(path, bytes(100) + content[100:])
    held_of(path).write_bytes(held)

    done = opened(path)

    assert done is not None
    assert done.is_without_loss
    assert not held_of(path).exists()
    assert held_of(path.with_name(done.file)).read_bytes() == held
    with Store.open(path) as store:
        assert [span.end for span in store.spans(NOW - 600, NOW)] == [NOW - 60]
        assert store.file.is_whole()
    assert remove_set_aside(path) == 2
    assert not held_of(path.with_name(done.file)).exists()


def test_of_what_was_held_and_cannot_be_read_nobody_says_that_nothing_is_lost(path: Path) -> None:
    lived_in(path, days=2)
    with Store.open(path) as store:
        store.write_measured(grown(900, NOW - 300), ZONE, None)
        content = as_one_file(path)
        assert store.hold(grown(900, NOW - 60))
    held = bytearray(held_of(path).read_bytes())
    held[20] ^= 1
    put(path, bytes(100) + content[100:])
    held_of(path).write_bytes(held)

    done = opened(path)

    assert done is not None
    assert done.lost is None
    with Store.open(path) as store:
        assert [span.end for span in store.spans(NOW - 600, NOW)] == [NOW - 300]


def test_a_held_page_that_cannot_be_read_is_told_once_though_the_file_is_whole(path: Path) -> None:
    lived_in(path, days=2)
    with Store.open(path) as store:
        store.write_measured(grown(900, NOW - 300), ZONE, None)
        assert store.hold(grown(900, NOW - 60))
    held = bytearray(held_of(path).read_bytes())
    held[20] ^= 1
    held_of(path).write_bytes(held)

    done = opened(path)

    assert done == Mending(NOW, None, 0, None, (local_day(NOW - 300),), paused=False)
    assert opened(path, NOW + 60) is None
    assert not held_of(path).read_bytes().strip()
    assert set_aside(path) == []
    assert " ".join(mending_sentences(done, path.parent, ZONE, str)) == (
        "On 2026-02-01 what was measured last could not be read: up to ten minutes of work before may be missing. "
        "Hours that are missing can be written by hand: fyraften log add"
    )


def test_of_a_held_page_that_can_be_read_or_is_empty_nothing_is_told(path: Path) -> None:
    lived_in(path, days=2)
    with Store.open(path) as store:
        store.write_measured(grown(900, NOW - 300), ZONE, None)
        assert store.hold(grown(900, NOW - 60))

    assert opened(path) is None  # takes it in
    with Store.open(path) as store:
        store.forget_held()
    assert opened(path) is None


def test_rows_that_grow_by_what_is_held_keep_whole_seals(path: Path) -> None:
    lived_in(path, days=2)
    with Store.open(path) as store:
        store.write_measured(grown(900, NOW - 300), ZONE, None)
        assert store.hold(grown(900, NOW - 60))

    assert opened(path) is None
    with Store.open(path) as store:
        assert [span.end for span in store.spans(NOW - 600, NOW)] == [NOW - 60]
        assert store.file.is_whole()


# What follows of it


def test_time_after_a_lost_end_of_the_records_is_not_taken_for_a_computer_switched_off(
    path: Path, whole: tuple[bytes, Rows]
) -> None:
    """The last row of observed time that is left says that the computer was shut down, days ago."""
    put(path, bytes(100) + whole[0][100:])
    opened(path)

    with Store.open(path) as store:
        last = store.last_measured().observed

    assert last is not None
    assert (last.start, last.end, last.ended) == (NOW, NOW, "mended")


def test_a_number_of_a_lost_place_never_comes_to_mean_another(path: Path, whole: tuple[bytes, Rows]) -> None:
    content, before = whole
    for page in range(len(content) // PAGE):
        put(path, damaged_page(content, page, "zeros", random.Random(0)))
        opened(path)
        if before["places"] - rows_of(path)["places"]:
            break
    with Store.open(path) as store:
        added = store.add_place("home", "New", "fixed", NOW)
        named = {session.place_id: session.place for session in store.sessions(0, NOW)}

    assert added == 3
    assert named == {1: "unknown", 2: "unknown"}


def test_recording_stays_paused_until_the_person_resumes_where_a_pause_may_be_lost(
    path: Path, whole: tuple[bytes, Rows]
) -> None:
    put(path, b"no database")
    opened(path)

    with Store.open(path) as store:
        before = store.pause_at(NOW + DAY)
        store.resume(NOW + DAY)
        after = store.pause_at(NOW + DAY + 1)

    assert before is not None
    assert after is None


def test_a_fourth_damage_within_a_day_is_refused_and_says_that_the_disk_may_be_failing(path: Path) -> None:
    for n in range(MOST_A_DAY):
        path.write_bytes(b"damaged")
        opened(path, NOW + n)
    path.write_bytes(b"damaged")

    with pytest.raises(StoreError, match="the disk may be failing") as refused:
        opened(path, NOW + 10)

    assert refused.value.trouble == "damaged"
    assert path.read_bytes() == b"damaged"
    assert opened(path, NOW + 2 * DAY) is not None


def test_what_was_set_aside_is_written_over_and_deleted_with_the_records_of_its_time(path: Path) -> None:
    for n in range(2):
        path.write_bytes(b"damaged")
        opened(path, NOW + n * 10 * DAY)
    old, new = set_aside(path)
    hard_link = path.with_name("link")
    os.link(old, hard_link)

    assert remove_set_aside(path, NOW + 5 * DAY) == 1
    assert set_aside(path) == [new]
    assert hard_link.read_bytes() == bytes(len(b"damaged"))
    assert remove_set_aside(path) == 1


@pytest.mark.parametrize("call", ["fsync", "rename", "unlink", "chmod"])
def test_killed_at_any_step_a_mending_is_done_at_the_next_start(
    path: Path, whole: tuple[bytes, Rows], call: str
) -> None:
    """Kill the process before each call of one kind that changes files, the first, the second and so on."""
    content, before = whole
    damaged = bytes(100) + content[100:]
    for nth in range(1, 30):
        put(path, damaged)
        killed = subprocess.run([sys.executable, "-c", KILLED, str(path), call, str(nth), str(NOW)], check=False)
        done = opened(path)
        assert compare(before, rows_of(path), done or told(path)) == {}
        assert damaged in [kept.read_bytes() for kept in set_aside(path)]
        if killed.returncode == 0:
            break
    else:
        raise AssertionError("it never came to its end")
    assert nth > 1


def told(path: Path) -> Mending:
    with Store.open(path) as store:
        return mendings(store.file)[-1]


KILLED = """
import os, signal, sys
from pathlib import Path
from fyraften_agent.mending.mending import open_mended
path, call, nth, now = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
events = {"fsync": [], "rename": ["os.rename"], "unlink": ["os.remove"], "chmod": ["os.chmod"]}
seen = 0
def count():
    global seen
    seen += 1
    if seen == nth:
        os.kill(os.getpid(), signal.SIGKILL)
if call == "fsync":
    real = os.fsync
    os.fsync = lambda descriptor: (count(), real(descriptor))
else:
    sys.addaudithook(lambda event, arguments: event in events[call] and count())
open_mended(path, now, "Europe/Copenhagen").close()
"""


def test_where_there_is_no_room_to_mend_everything_stays_as_it_is(path: Path, whole: tuple[bytes, Rows]) -> None:
    if os.name != "posix":
        pytest.skip("limits on the size of files are set by resource")
    import resource

    damaged = bytes(100) + whole[0][100:]
    put(path, damaged)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(StoreError) as refused:
            mend(path, NOW, ZONE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)

    assert refused.value.is_passing
    assert path.read_bytes() == damaged
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    shutil.rmtree(path.parent)
