"""The two times the service knows: the instant, for signatures and sessions, and the date, for everything it keeps.

Nothing but a date is ever stored, so the calendar can be played through in a demonstration while signatures are
still checked against the real time.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Protocol

from fyraften_policy.languages import mark
from fyraften_policy.periods import local_date
from fyraften_service.config import Config
from fyraften_service.errors import InputError


class Clock(Protocol):
    """A source of time."""

    def now(self) -> int:
        """Return whole seconds of UTC since 1970."""

    def today(self) -> date:
        """Return the date at the employer."""


class SystemClock:
    """The computer's clock, with the date of one IANA zone."""

    def __init__(self, zone: str) -> None:
        self._zone = zone

    def now(self) -> int:
        return int(time.time())

    def today(self) -> date:
        return local_date(self.now(), self._zone)


class CalendarFile:
    """A demonstration's calendar: the instant is real, the date is the one written in a file (``2026-11-30``)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> int:
        return int(time.time())

    def today(self) -> date:
        try:
            return date.fromisoformat(self._path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise InputError(
                mark("{path} holds no date. Write one line such as 2026-11-30."), path=self._path
            ) from error


def clock_of(config: Config, calendar: Path | None) -> Clock:
    """Return the clock to run on; a calendar file is for a service set up as a demonstration, and for no other."""
    if calendar is None:
        return SystemClock(config.zone)
    if not config.demonstration:
        raise InputError(mark("--calendar is only for a service set up with --demonstration; this one is not."))
    found = CalendarFile(calendar)
    found.today()
    return found
