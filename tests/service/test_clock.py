"""The two times: an instant that is real, and a date."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from fyraften_service.clock import CalendarFile, SystemClock
from fyraften_service.errors import InputError


class EveningClock(SystemClock):
    """23:30 UTC on 31 December."""

    def now(self) -> int:
        return 1_798_759_800


def test_the_date_is_that_of_the_zone() -> None:
    assert EveningClock("Europe/Copenhagen").today() == date(2027, 1, 1)
    assert EveningClock("UTC").today() == date(2026, 12, 31)


def test_a_calendar_file_tells_the_date_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "calendar").write_text("2026-11-30\n")
    calendar = CalendarFile(tmp_path / "calendar")

    assert calendar.today() == date(2026, 11, 30)
    assert abs(calendar.now() - time.time()) < 5


@pytest.mark.parametrize("content", [None, "", "tomorrow", "2026-13-01"])
def test_a_calendar_file_without_a_date_is_told(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "calendar").write_text(content)

    with pytest.raises(InputError, match="2026-11-30"):
        CalendarFile(tmp_path / "calendar").today()
