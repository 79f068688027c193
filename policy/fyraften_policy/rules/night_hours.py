"""Work in the Danish night and the days of night work it makes, as ``dk.night`` counts them.

The night is a range of the clock that crosses midnight, so it is an hour longer or shorter when the clock changes. A
day is a main period (see ``work_days.py``). Where time was not observed there is a least and a most of everything.
Not here: who is a night worker and what follows from it (see ``night_work.py``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import Interval, Tally, clip, union
from fyraften_policy.rules.averages import Window
from fyraften_policy.work_days import MainPeriod, main_periods

FROM = "dk.night.from"
UNTIL = "dk.night.until"
DAY = "dk.night.day"
_DAY_SECONDS = 24 * 3600


class Counted(NamedTuple):
    """How many of the days worked are days of night work."""

    nights: int
    days: int


class Nights:
    """The night work told, with or without what waits for the person's word, ready to be added up over windows."""

    def __init__(self, facts: Facts, *, with_unconfirmed: bool) -> None:
        """Find the nights, the work in them, and the days of night work."""
        self._facts = facts
        work = facts.reported(with_unconfirmed)
        self._filled = union([*work, *facts.holes]) if facts.holes else work
        nights = union(_nights(facts, self._filled))
        self._told = _inside(work, nights)
        self._most = _inside(self._filled, nights) if facts.holes else self._told
        self.days = main_periods(work, facts.zone)
        self._counted = {False: self._least_days(), True: self._most_days() if facts.holes else self._least_days()}

    def seconds(self, start: int, end: int, *, holes_are_work: bool = False) -> int:
        """Return the night work between two instants."""
        return (self._most if holes_are_work else self._told).within(start, end)

    def is_night_work(self, day: MainPeriod) -> bool:
        """Tell whether enough of a day's work lies in the night."""
        return self._is_enough(day.day, self.seconds(day.start, day.end))

    def counted(self, window: Window, *, holes_are_work: bool) -> Counted:
        """Return the days in a window: with the least or the most share of nights that unobserved time allows."""
        nights, others = (
            bisect_left(dates, window.end) - bisect_left(dates, window.first) for dates in self._counted[holes_are_work]
        )
        return Counted(nights, nights + others)

    def _least_days(self) -> tuple[list[date], list[date]]:
        nights = [day.day for day in self.days if self.is_night_work(day) and not self._can_join_before(day)]
        others = {day.day for day in self.days if not self.is_night_work(day)}
        others |= {day for day, _, _ in periods.split_by_day(self._facts.holes, self._facts.zone)}
        return nights, sorted(others.difference(nights))

    def _most_days(self) -> tuple[list[date], list[date]]:
        dates = {day for day, _, _ in periods.split_by_day(self._facts.holes, self._facts.zone)}
        nights = {day for day in dates.union(day.day for day in self.days) if self._can_be_night_work(day)}
        nights |= {day.day for day in self.days if self.is_night_work(day)}
        others = [day.day for day in self.days if day.day not in nights and not self._can_join_before(day)]
        return sorted(nights), others

    def _can_be_night_work(self, day: date) -> bool:
        """Tell whether work that begins on a date can be night work, if unobserved time was work."""
        start, midnight = periods.day_interval(day, self._facts.zone)
        going_on = clip(self._filled, (midnight - 1, midnight))
        end = self._stretch(midnight).end if going_on else midnight
        return self._is_enough(day, self.seconds(start, end, holes_are_work=True))

    def _can_join_before(self, day: MainPeriod) -> bool:
        """Tell whether unobserved time can make a day's work the end of the day's before."""
        return self._stretch(day.start + 1).start < periods.start_of_day(day.day, self._facts.zone)

    def _stretch(self, before: int) -> Interval:
        """Return the stretch of work, or of unobserved time taken as work, that holds the second before an instant."""
        return self._filled[bisect_right(self._filled, (before - 1, 2**62)) - 1]

    def _is_enough(self, day: date, night_seconds: int) -> bool:
        try:
            return night_seconds >= self._facts.parameters.on(DAY, day).seconds
        except NotInForceError:
            return False


def night_of(facts: Facts, day: date) -> Interval:
    """Return the night that begins on a local date; raises ``NotInForceError``."""
    start, end = (facts.parameters.on(name, day).amount for name in (FROM, UNTIL))
    return Interval(_clock(facts, day, start), _clock(facts, day + periods.DAY if end <= start else day, end))


def _nights(facts: Facts, busy: Sequence[Interval]) -> Iterator[Interval]:
    """Yield each night that some work can touch."""
    day = date.min
    for period in main_periods(busy, facts.zone):
        day = max(day, period.day - periods.DAY)
        while periods.start_of_day(day, facts.zone) < period.end:
            with suppress(NotInForceError):
                yield night_of(facts, day)
            day += periods.DAY


def _inside(work: Sequence[Interval], nights: Sequence[Interval]) -> Tally:
    return Tally([part for night in nights for part in clip(work, night)])


def _clock(facts: Facts, day: date, hour: Decimal) -> int:
    """Return the instant of a clock time given in hours, the first reading where it exists twice."""
    begins, ends = periods.day_interval(day, facts.zone)
    seconds = round(hour * 3600)
    if ends - begins == _DAY_SECONDS or seconds == _DAY_SECONDS:
        return begins + seconds if seconds < _DAY_SECONDS else ends
    minutes = seconds // 60
    return periods.clock_instant(day, time(minutes // 60, minutes % 60, seconds % 60), facts.zone)
