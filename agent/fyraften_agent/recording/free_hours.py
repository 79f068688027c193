"""Time outside the recording hours, where the employee says that they do not work then: known, though not measured.

    hours    |      07:00 ======== 19:00             07:00 ====
    free     |  ====               -----------------

Without that word it stays not known: the rules take it neither for work nor for rest.
Pure.  Not here: the hours (``recording.hours``), keeping the choice and what it stood for (``store.pauses``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

from fyraften_agent.recording.hours import DAYS, ChosenHours
from fyraften_policy.intervals import Interval, subtract
from fyraften_policy.periods import clock_instant, local_date

_MINUTES_A_DAY = 24 * 60
_DAY = timedelta(days=1)


def free_between(chosen: ChosenHours, start: int, end: int) -> list[Interval]:
    """Return the time in ``[start, end)`` that lies outside the hours and is free by the employee's word.

    Where a clock change makes a local time come twice, the hours open at its first and close at its last.
    """
    if chosen.free_in is None or end <= start:
        return []
    return subtract([Interval(start, end)], list(_open(chosen, chosen.free_in, start, end)))


def _open(chosen: ChosenHours, zone: str, start: int, end: int) -> Iterator[Interval]:
    day, last = local_date(start, zone) - _DAY, local_date(end, zone)
    while day <= last:
        for opens, closes in chosen.hours.get(DAYS[day.weekday()], ()):
            closing_day = day if opens < closes < _MINUTES_A_DAY else day + _DAY
            yield Interval(
                clock_instant(day, _clock(opens), zone), clock_instant(closing_day, _clock(closes), zone, last=True)
            )
        day += _DAY


def _clock(minutes: int) -> time:
    return time(*divmod(minutes % _MINUTES_A_DAY, 60))
