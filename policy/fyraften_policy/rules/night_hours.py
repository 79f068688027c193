"""Work in the Danish night and the days of night work it makes, as ``dk.night`` counts them.

The night is a range of the clock that crosses midnight, so it is an hour longer or shorter when the clock changes. A
day is a main period (see ``work_days.py``). Where time was not observed there is a least and a most of everything.
Not here: who is a night worker and what follows from it (see ``night_work.py``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, time
from functools import cached_property
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import Interval, Tally, clip
from fyraften_policy.rules.work_windows import Window
from fyraften_policy.work_days import ByDay, MainPeriod, days_of, main_periods

FROM = "dk.night.from"
UNTIL = "dk.night.until"
DAY = "dk.night.day"
_DAY_SECONDS = 24 * 3600
_EVER_SECONDS = 2**62


class Clock(NamedTuple):
    """When the night begins and ends by the clock, in seconds since midnight."""

    begins: int
    ends: int


class Counted(NamedTuple):
    """How many of the days worked are days of night work."""

    nights: int
    days: int


class Nights:
    """The night work told, with or without what waits for the person's word, ready to be added up over windows."""

    def __init__(self, facts: Facts, *, with_unconfirmed: bool) -> None:
        """Find the nights, the work in them, and the days of night work."""
        self._facts = facts
        self._least = ByDay(facts, lambda day: facts.parameters.on(DAY, day).seconds, DAY)
        self._filled = facts.filled(with_unconfirmed)
        self.days = facts.once(days_of, with_unconfirmed)
        self._told = Tally(list(_at_night(facts, self.days)))
        self._most = (
            Tally(list(_at_night(facts, main_periods(self._filled, facts.zone)))) if facts.holes else self._told
        )

    def seconds(self, start: int, end: int, *, holes_are_work: bool = False) -> int:
        """Return the night work between two instants."""
        return (self._most if holes_are_work else self._told).within(start, end)

    @property
    def are_any(self) -> bool:
        """Tell whether there is any night work told."""
        return self.seconds(0, _EVER_SECONDS) > 0

    def is_night_work(self, day: MainPeriod) -> bool:
        """Tell whether enough of a day's work lies in the night."""
        return self._is_enough(day.day, self.seconds(day.start, day.end))

    def counted(self, window: Window, *, holes_are_work: bool) -> Counted:
        """Return the days in a window: with the least or the most share of nights that unobserved time allows."""
        nights, others = (
            bisect_left(dates, window.end) - bisect_left(dates, window.first) for dates in self._counted(holes_are_work)
        )
        return Counted(nights, nights + others)

    def is_bracketed(self, window: Window) -> bool:
        """Tell whether unobserved time makes the least count of a window another than that of the work told."""
        days = [day for day in self.days if window.first <= day.day.toordinal() < window.end]
        told = Counted(sum(map(self.is_night_work, days)), len(days))
        return self.counted(window, holes_are_work=False) != told

    def _counted(self, holes_are_work: bool) -> tuple[list[int], list[int]]:
        return self._most_days if holes_are_work and self._facts.holes else self._least_days

    @cached_property
    def _least_days(self) -> tuple[list[int], list[int]]:
        """Return the dates of night work and the others, as ordinals."""
        nights = {day.day for day in self.days if self.is_night_work(day)}
        others = {day.day for day in self.days} - nights
        if self._facts.holes:
            nights -= {day.day for day in self.days if self._can_join_before(day)}
            others = (others | self._unseen_dates()) - nights
        return _ordinals(nights), _ordinals(others)

    @cached_property
    def _most_days(self) -> tuple[list[int], list[int]]:
        dates = self._unseen_dates()
        nights = {day for day in dates.union(day.day for day in self.days) if self._can_be_night_work(day)}
        nights |= {day.day for day in self.days if self.is_night_work(day)}
        others = [day.day for day in self.days if day.day not in nights and not self._can_join_before(day)]
        return _ordinals(nights), _ordinals(others)

    def _unseen_dates(self) -> set[date]:
        return {day for day, _, _ in periods.split_by_day(self._facts.holes, self._facts.zone)}

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
            return night_seconds > 0 and night_seconds >= self._least.on(day)
        except NotInForceError:
            return False


def _ordinals(dates: Iterable[date]) -> list[int]:
    return sorted(map(date.toordinal, dates))


def night_of(facts: Facts, day: date) -> Interval:
    """Return the night that begins on a local date; raises ``NotInForceError``."""
    return _night(facts, day, _clock_on(facts, day))


def _clock_on(facts: Facts, day: date) -> Clock:
    return Clock(*(round(facts.parameters.on(name, day).amount * 3600) for name in (FROM, UNTIL)))


def _night(facts: Facts, day: date, clock: Clock) -> Interval:
    begins, ends = clock
    return Interval(_instant(facts, day, begins), _instant(facts, day + periods.DAY if ends <= begins else day, ends))


def _at_night(facts: Facts, days: Sequence[MainPeriod]) -> Iterator[Interval]:
    """Yield the parts of some days' work that lie in a night."""
    clocks = ByDay(facts, lambda day: _clock_on(facts, day), FROM, UNTIL)
    for period in days:
        with suppress(NotInForceError):
            if not _is_by_day(facts, period, clocks.on(period.day)):
                yield from _parts_at_night(facts, period, clocks)


def _is_by_day(facts: Facts, period: MainPeriod, clock: Clock) -> bool:
    """Tell, for most days at a look, that a day's work lies between the end of one night and the begin of the next."""
    midnight = periods.start_of_day(period.day, facts.zone)
    return (
        clock.ends <= clock.begins
        and midnight + clock.ends <= period.start
        and period.end <= midnight + clock.begins
        and periods.start_of_day(period.day + periods.DAY, facts.zone) - midnight == _DAY_SECONDS
    )


def _parts_at_night(facts: Facts, period: MainPeriod, clocks: ByDay[Clock]) -> Iterator[Interval]:
    day = period.day - periods.DAY
    while periods.start_of_day(day, facts.zone) < period.end:
        with suppress(NotInForceError):
            yield from clip(period.spans, _night(facts, day, clocks.on(day)))
        day += periods.DAY


def _instant(facts: Facts, day: date, seconds: int) -> int:
    """Return the instant of a clock time given in seconds since midnight, the first reading where it exists twice."""
    begins, ends = periods.day_interval(day, facts.zone)
    if ends - begins == _DAY_SECONDS or seconds == _DAY_SECONDS:
        return begins + seconds if seconds < _DAY_SECONDS else ends
    minutes = seconds // 60
    return periods.clock_instant(day, time(minutes // 60, minutes % 60, seconds % 60), facts.zone)
