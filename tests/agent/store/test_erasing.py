"""Erasing: what lies in the scope is gone from the file and its log, what lies outside stays, and traces are seen."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from agent_records import ZONE, nine_weeks, small_home
from fyraften_agent.recording.hours import ChosenHours, parse_hours
from fyraften_agent.store.erasing import Scope, _as_written, _count_traces, erase, look
from fyraften_agent.store.schema import WorkFile
from fyraften_agent.store.store import Store
from fyraften_policy.intervals import Interval
from fyraften_policy.periods import day_interval, parse_instant

WEDNESDAY = day_interval(date(2026, 11, 18), ZONE)
BEFORE, AFTER = Interval(0, WEDNESDAY.start), Interval(WEDNESDAY.end, 2**40)
NOW = parse_instant("2026-11-20T15:30", ZONE)
LABEL = "A summer house nobody else knows"


def at(text: str) -> int:
    return parse_instant(text, ZONE)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return nine_weeks(small_home(tmp_path)).work


@pytest.fixture
def store(work: Path) -> Iterator[Store]:
    with Store.open(work) as opened:
        yield opened


def bytes_of(work: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(work.parent.glob(f"{work.name}*")))


def test_a_day_is_erased_from_the_file_and_from_its_log(store: Store, work: Path) -> None:
    start = _as_written(at("2026-11-18T20:05"))
    assert start in bytes_of(work)  # shows that it would be seen

    erased = erase(store, Scope(NOW, time=WEDNESDAY))

    assert (erased.log_is_empty, erased.traces) == (True, 0)
    assert erased.searched >= 6
    assert start not in bytes_of(work)
    assert store.sessions(*WEDNESDAY) == []
    assert store.spans(*WEDNESDAY) == []


def test_what_lies_outside_stays(store: Store) -> None:
    before = [store.sessions(*time) for time in (BEFORE, AFTER)]
    places, agreements = store.places(), store.agreements()

    erase(store, Scope(NOW, time=WEDNESDAY))

    assert [store.sessions(*time) for time in (BEFORE, AFTER)] == before
    assert (store.places(), store.agreements()) == (places, agreements)


def test_of_an_erased_day_nothing_is_known(store: Store) -> None:
    end = at("2026-11-20T15:30")

    erase(store, Scope(NOW, time=WEDNESDAY))

    assert store.observed(at("2026-11-17T00:00"), 2**40) == [
        Interval(at("2026-11-17T00:00"), WEDNESDAY.start),
        Interval(WEDNESDAY.end, end),
    ]
    # The part that still grows keeps its number: the collector goes on with it.
    assert store.observed_going_on() == Interval(WEDNESDAY.end, end)


def test_erased_time_is_not_free_by_the_choice_of_hours_either(store: Store) -> None:
    store.choose_hours(ChosenHours(parse_hours("mon-fri 07:00-19:00"), ZONE), at("2026-11-17T12:00"))
    evening = (at("2026-11-18T20:30"), at("2026-11-18T23:00"))
    thursday = (at("2026-11-19T22:30"), at("2026-11-19T23:00"))
    assert store.observed(*evening) == [evening]

    erase(store, Scope(NOW, time=WEDNESDAY))

    assert store.observed(*evening) == []
    assert store.observed(*thursday) == [thursday]
    assert store.observed(NOW + 5 * 3600, NOW + 6 * 3600) == [(NOW + 5 * 3600, NOW + 6 * 3600)]


def test_a_session_is_erased_with_its_versions_and_the_finer_activity(store: Store, work: Path) -> None:
    (evening,) = store.sessions(at("2026-11-18T20:05"), WEDNESDAY.end)
    corrected = at("2026-11-18T22:41")
    store.edit_session(evening.id, at("2026-11-20T15:00"), end=corrected)

    erased = erase(store, Scope(NOW, sessions=(evening.id,)))

    assert erased.traces == 0
    assert _as_written(corrected) not in bytes_of(work)
    assert [one.start for one in store.sessions(*WEDNESDAY)] == [at("2026-11-18T08:15"), at("2026-11-18T12:40")]
    assert store.spans(at("2026-11-18T18:00"), WEDNESDAY.end) == []
    assert store.file.rows("SELECT * FROM corrections") == []


def test_everything_is_everything_but_a_pause_that_runs(store: Store, work: Path) -> None:
    store.add_place("elsewhere", LABEL, "mobile", 1_768_300_000)
    store.record_agreement({"jurisdiction": "DK", "agreement": {"weekly_hours": 37}}, 1_768_300_000)
    store.pause(at("2026-11-20T15:00"), None)

    erased = erase(store, Scope(NOW, everything=True))

    assert (erased.log_is_empty, erased.traces) == (True, 0)
    assert look(store, Scope(NOW, everything=True)).is_nothing
    assert store.pause_at(at("2026-11-20T16:00")) is not None
    assert LABEL.encode() not in bytes_of(work)
    assert b"weekly_hours" not in bytes_of(work)
    assert b"a" * 64 not in bytes_of(work)


def test_a_pause_that_runs_until_a_time_stays_and_one_that_ran_out_goes(store: Store) -> None:
    store.pause(at("2026-11-18T10:00"), at("2026-11-18T11:00"))
    store.pause(at("2026-11-18T12:00"), at("2026-11-20T17:00"))

    erase(store, Scope(NOW, time=WEDNESDAY))

    assert [row["until"] for row in store.file.rows("SELECT until FROM pauses")] == [at("2026-11-20T17:00")]


def test_work_past_midnight_is_erased_whole_and_none_of_it_is_taken_for_rest(store: Store) -> None:
    number = store.add_session(at("2026-11-18T23:00"), at("2026-11-19T01:00"), ZONE, "home", None, True, NOW)

    erase(store, Scope(NOW, time=WEDNESDAY))

    assert store.session(number) is None
    assert store.observed(WEDNESDAY.end, at("2026-11-19T02:00")) == [
        Interval(at("2026-11-19T01:00"), at("2026-11-19T02:00"))
    ]


def test_what_the_database_leaves_behind_is_seen_and_then_removed(store: Store, work: Path) -> None:
    start = _as_written(at("2026-11-18T20:05"))
    store.file.change("PRAGMA secure_delete = OFF")
    (evening,) = store.sessions(at("2026-11-18T20:05"), WEDNESDAY.end)
    copy = work.with_name("left.sqlite3")
    with closing(sqlite3.connect(copy)) as target, closing(sqlite3.connect(work)) as source:
        source.backup(target)
        target.execute("PRAGMA secure_delete = OFF")
        for table, row in (("spans", "start"), ("sessions", "measured_start")):
            target.execute(f"DELETE FROM {table} WHERE {row} = ?", [evening.start])
        target.commit()
    with closing(sqlite3.connect(copy)):
        left = Store(WorkFile(copy))
    assert _count_traces(left, [start]) == 1  # so SQLite does without secure_delete
    left.close()

    assert erase(store, Scope(NOW, time=WEDNESDAY)).traces == 0
    assert start not in bytes_of(work)


def test_a_reader_in_the_way_is_told_and_the_next_time_all_is_gone(work: Path) -> None:
    with (
        closing(sqlite3.connect(work, isolation_level=None)) as reader,
        closing(WorkFile(work, wait_seconds=0.1)) as file,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM sessions").fetchone()

        assert erase(Store(file), Scope(NOW, time=WEDNESDAY)).log_is_empty is False

        reader.execute("COMMIT")
        assert file.empty_log()

    assert _as_written(at("2026-11-18T20:05")) not in bytes_of(work)


def test_looking_changes_nothing(store: Store) -> None:
    before = store.sessions(0, 2**40)

    found = look(store, Scope(NOW, time=WEDNESDAY))

    assert [row["id"] for row in found.sessions] == [one.id for one in store.sessions(*WEDNESDAY)]
    assert (found.rows["sessions"], found.rows["spans"], found.is_open) == (3, 3, False)
    assert store.sessions(0, 2**40) == before
    assert look(store, Scope(NOW, sessions=(4711,))).is_nothing
