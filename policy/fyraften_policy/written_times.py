"""Written times of long documents: days and clock times come again and again, and are looked up in tables.

Not here: what a written time means (see ``periods.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fyraften_policy.periods import written_clock, written_day


class WrittenTimes(NamedTuple):
    """Tables that tell an instant as the sum of two: by what is written of the date, and of the clock time.

    They hold what ``parse_instant`` says, and raise KeyError or LocalTimeError for what it must look at.
    """

    midnights: Mapping[str, int]
    seconds: Mapping[str, int]


def written_times(zone: str) -> tuple[WrittenTimes, WrittenTimes]:
    """Return the tables in which many written times are looked up: local time in ``zone``, and time with its offset."""
    local = WrittenTimes(_Midnights(zone, of_utc=False), _Clocks(with_offset=False))
    return local, WrittenTimes(_Midnights(zone, of_utc=True), _Clocks(with_offset=True))


class _Midnights(dict[str, int]):
    """The instant of midnight by written date: of local time, or of UTC."""

    def __init__(self, zone: str, *, of_utc: bool) -> None:
        self._zone, self._of_utc = zone, of_utc

    def __missing__(self, day: str) -> int:
        written = written_day(day, self._zone)
        if written is None or (midnight := written[0 if self._of_utc else 1]) is None:
            raise KeyError(day)
        self[day] = midnight
        return midnight


class _Clocks(dict[str, int]):
    """The seconds to add to midnight by written clock time: ``T08:00``, or with its offset ``T08:00:30+01:00``."""

    def __init__(self, *, with_offset: bool) -> None:
        self._with_offset = with_offset

    def __missing__(self, clock: str) -> int:
        written = written_clock(clock[:16])
        if written is None or (written[1] is not None) is not self._with_offset:
            raise KeyError(clock)
        seconds = self[clock] = written[0] - (written[1] or 0)
        return seconds
