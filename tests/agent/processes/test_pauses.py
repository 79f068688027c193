"""Reading the pauses: from a real file that the real store has written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fyraften_agent.errors import StoreError
from fyraften_agent.processes.pauses import Pause, current_pause
from fyraften_agent.recording.hours import ChosenHours, parse_hours
from fyraften_agent.store.store import Store


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "work.sqlite3"


@pytest.fixture
def store(work: Path) -> Iterator[Store]:
    with Store.open(work) as store:
        yield store


def test_no_file_and_no_pause_are_no_pause(work: Path) -> None:
    assert current_pause(work, 100) is None
    assert not work.exists()


def test_an_empty_store_holds_no_pause(store: Store, work: Path) -> None:
    assert current_pause(work, 100) is None


def test_a_pause_without_end_holds_until_it_is_resumed(store: Store, work: Path) -> None:
    store.pause(100, None)
    paused = current_pause(work, 1_000_000)
    store.resume(1_000_001)

    assert paused == Pause(None)
    assert current_pause(work, 1_000_002) is None


@pytest.mark.parametrize(("now", "pause"), [(100, Pause(160)), (159, Pause(160)), (160, None)])
def test_a_pause_with_an_end_ends_by_itself(store: Store, work: Path, now: int, pause: Pause | None) -> None:
    store.pause(100, 160)

    assert current_pause(work, now) == pause


def test_a_clock_that_was_set_back_does_not_end_a_pause(store: Store, work: Path) -> None:
    store.pause(100, None)

    assert current_pause(work, 50) == Pause(None)


def test_private_time_and_recording_hours_are_told_apart_from_a_pause(store: Store, work: Path) -> None:
    store.pause(100, None, private=True)
    private = current_pause(work, 101)
    store.resume(102)
    monday = datetime(2026, 11, 16, 20, 0).astimezone()
    store.choose_hours(ChosenHours(parse_hours("mon-fri 07:00-19:00")), 103)
    closed = current_pause(work, int(monday.timestamp()))

    assert private == Pause(None, "private")
    assert closed == Pause(int((monday + timedelta(hours=11)).timestamp()), "hours")


def test_of_several_the_one_that_ends_last_is_told(store: Store, work: Path) -> None:
    monday = int(datetime(2026, 11, 16, 20, 0).astimezone().timestamp())
    store.choose_hours(ChosenHours(parse_hours("mon-fri 07:00-19:00")), 103)
    store.pause(monday - 60, monday + 3600, private=True)
    shorter = current_pause(work, monday)
    store.pause(monday, None)
    longer = current_pause(work, monday + 1)

    assert shorter is not None
    assert shorter.kind == "hours"
    assert longer == Pause(None)


def test_a_file_of_an_earlier_version_holds_pauses_and_no_hours(work: Path) -> None:
    with sqlite3.connect(work) as file:
        file.execute("CREATE TABLE pauses (start INTEGER NOT NULL, until INTEGER, ended INTEGER)")
        file.execute("INSERT INTO pauses VALUES (100, 200, NULL)")
    file.close()

    assert current_pause(work, 150) == Pause(200)


def test_a_file_without_the_table_holds_no_pause(work: Path) -> None:
    work.touch()

    assert current_pause(work, 100) is None


def test_a_damaged_file_is_an_error_not_a_leave_to_record(work: Path) -> None:
    work.write_bytes(b"no database" * 100)

    with pytest.raises(StoreError, match="nothing is recorded") as refusal:
        current_pause(work, 100)

    assert refusal.value.exit_code == 6
