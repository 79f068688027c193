"""N23: raw records are kept four months and a week, and a day later they are in no file any more."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from fakes import FakeLaptop
from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan
from fyraften_agent.store.keeping import kept_from
from fyraften_agent.store.store import Store
from fyraften_policy.periods import start_of_day

ZONE = "Europe/Copenhagen"
TODAY = date(2026, 11, 16)
OLDEST = date(2026, 7, 9)  # four months and a week before


def content(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())


def test_the_limit_is_four_months_and_a_week_to_the_day() -> None:
    assert kept_from(TODAY, ZONE) == start_of_day(OLDEST, ZONE)


@pytest.mark.parametrize(("days", "kept"), [(0, True), (-1, False)])
def test_the_day_after_its_time_a_session_is_in_no_file(tmp_path: Path, days: int, kept: bool) -> None:
    """By the daily clearing of the agent itself, with its file open all the while."""
    start = start_of_day(OLDEST + timedelta(days=days), ZONE) + 0xBEE
    rows = Changes((MeasuredSpan(1, start, start + 999, 9),), (MeasuredSession(1, start, start + 999, False),))
    with Store.open(tmp_path / "work.sqlite3") as store:
        store.write_measured(rows, ZONE, None)
        laptop = FakeLaptop(store)  # it is 08:00 on that Monday
        laptop.start()
        laptop.work(7200)
        laptop.collector.evaluate()

        assert [one.start for one in store.sessions(0, start + 1)] == [start] * kept
        assert (start.to_bytes(4, "big") in content(tmp_path)) is kept
