"""Ends kept as lengths, and marks kept in one number, are asked for by the names they always had."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan
from fyraften_agent.store.full_copy import bring_in_copy
from fyraften_agent.store.held import Grown
from fyraften_agent.store.measured import take_in
from fyraften_agent.store.moving import all_rows
from fyraften_agent.store.room import KEPT_ONLY, as_kept
from fyraften_agent.store.store import Store

T = 1_768_300_000
ZONE = "Europe/Copenhagen"


def measure(store: Store, end: int, *, watched: bool = False, docked: bool = False) -> None:
    session = MeasuredSession(1, T, end, True, watched)
    store.write_measured(Changes((MeasuredSpan(1, T, end, 1),), (session,)), ZONE, None, docked)


def told(store: Store) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in store.file.rows("SELECT measured_end, watched, docked FROM whole_sessions")]


@pytest.mark.parametrize("watched", [False, True])
@pytest.mark.parametrize("docked", [False, True])
def test_how_a_session_was_seen_is_told_as_it_was_measured(watched: bool, docked: bool) -> None:
    with Store.open(None) as store:
        measure(store, T + 60, watched=watched, docked=docked)
        assert told(store) == [(T + 60, watched, docked)]


def test_a_display_that_stood_there_once_is_kept_and_a_watched_session_stays_one() -> None:
    with Store.open(None) as store:
        measure(store, T + 60, watched=True)
        measure(store, T + 70, docked=True)
        measure(store, T + 80)
        assert told(store) == [(T + 80, 1, 1)]


def test_what_was_held_lets_an_end_grow_and_never_shrink() -> None:
    further: Grown = ([(1, T + 90, 2)], [(1, T + 90)], [])
    behind: Grown = ([(1, T + 30, 1)], [(1, T + 30)], [])
    with Store.open(None) as store:
        measure(store, T + 60)
        take_in(store.file, behind)
        before = store.spans(0, 2 * T)[0].end
        take_in(store.file, further)
        assert (before, store.spans(0, 2 * T)[0].end, told(store)[0][0]) == (T + 60, T + 90, T + 90)


def test_a_length_of_hours_takes_two_bytes_and_the_end_none(tmp_path: Path) -> None:
    with Store.open(tmp_path / "work.sqlite3") as store:
        measure(store, T + 9 * 3600)
        store.file.empty_log()
    with sqlite3.connect(tmp_path / "work.sqlite3") as reader:
        kept = {table: [row[1] for row in reader.execute(f"PRAGMA table_info({table})")] for table in KEPT_ONLY}
    reader.close()
    content = (tmp_path / "work.sqlite3").read_bytes()

    assert "end" not in kept["spans"]
    assert not {"measured_end", "watched", "docked"} & set(kept["sessions"])
    assert content.count(T.to_bytes(4, "big")) == 2
    assert content.count((T + 9 * 3600).to_bytes(4, "big")) == 0
    assert content.count((9 * 3600).to_bytes(2, "big")) >= 2


def test_a_full_copy_tells_ends_and_marks_by_their_names_and_no_length() -> None:
    with Store.open(None) as store:
        measure(store, T + 60, watched=True, docked=True)
        tables = all_rows(store)

    (span,), (session,) = tables["spans"], tables["sessions"]
    assert (span["end"], session["measured_end"], session["watched"], session["docked"]) == (T + 60, T + 60, 1, 1)
    assert not {name for names in KEPT_ONLY.values() for name in names} & {*span, *session}


def test_a_copy_of_a_version_that_did_not_know_of_displays_comes_in() -> None:
    with Store.open(None) as store, Store.open(None) as back:
        measure(store, T + 60)
        tables = all_rows(store)
        for session in tables["sessions"]:
            del session["watched"], session["docked"]
        outcome = bring_in_copy(back, tables, 0, T + 100, lambda done, total: None)
        assert outcome.skipped == []
        assert told(back) == [(T + 60, 0, 0)]


def test_a_copy_brought_in_twice_lets_a_session_and_its_activity_grow() -> None:
    with Store.open(None) as store, Store.open(None) as back:
        for end in (T + 60, T + 90, T + 60):
            measure(store, end)
            bring_in_copy(back, all_rows(store), 0, T + 100, lambda done, total: None)
        assert told(back) == [(T + 90, 0, 0)]
        assert [span.end for span in back.spans(0, 2 * T)] == [T + 90]


def test_work_added_by_hand_has_no_measured_length() -> None:
    kept = as_kept("sessions", {"start": T, "end": T + 60, "measured_start": None, "measured_end": None})

    assert kept == {"start": T, "end": T + 60, "measured_start": None, "measured_seconds": None, "seen_by": 0}


def test_rows_of_other_tables_are_kept_as_they_are_called() -> None:
    row = {"start": T, "end": T + 60}

    assert as_kept("observed", row) == row
