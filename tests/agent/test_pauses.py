"""Reading the pauses: from a real file that the real store has written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fyraften_agent.errors import StoreError
from fyraften_agent.pauses import Pause, current_pause
from fyraften_agent.store import Store


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


def test_a_file_without_the_table_holds_no_pause(work: Path) -> None:
    work.touch()

    assert current_pause(work, 100) is None


def test_a_damaged_file_is_an_error_not_a_leave_to_record(work: Path) -> None:
    work.write_bytes(b"no database" * 100)

    with pytest.raises(StoreError, match="nothing is recorded") as refusal:
        current_pause(work, 100)

    assert refusal.value.exit_code == 6
