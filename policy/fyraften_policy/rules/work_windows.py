"""Windows of some calendar months, and the work and the days that count in them.

A window ends with a whole local date of the period. Days of holiday, sickness or leave on which no work was done are
neutral: they leave the count. Dates are ordinals here, and the work of each is added up once, so that a window costs a
few look-ups however many there are.
Not here: what a rule makes of a window (see ``averages.py`` and ``night_work.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import clip
from fyraften_policy.work_days import ByDay, day_of

NEUTRAL = ("holiday", "sick", "leave")
WEEK_DAYS = 7
_MOST_MONTHS = 12


class Window(NamedTuple):
    """Local dates as ordinals, ``end`` excluded."""

    first: int
    end: int

    @property
    def first_day(self) -> date:
        """Return its first date."""
        return date.fromordinal(self.first)

    @property
    def last_day(self) -> date:
        """Return its last date."""
        return date.fromordinal(self.end - 1)

    def instants(self, zone: str) -> tuple[int, int]:
        """Return when it begins and ends."""
        return periods.start_of_day(self.first_day, zone), periods.start_of_day(date.fromordinal(self.end), zone)


class Amount(NamedTuple):
    """The seconds worked in a window, its days that count, its neutral days, and other free days of weeks of leave."""

    seconds: int
    days: int
    neutral: int
    beside_leave: int

    @property
    def hours_a_week(self) -> Fraction:
        """Return the average, zero where no day counts."""
        return Fraction(self.seconds * WEEK_DAYS, 3600 * max(1, self.days))

    @property
    def hours_a_week_of_whole_leave(self) -> Fraction:
        """Return the average that leaves out weeks of leave with all their days."""
        return Fraction(self.seconds * WEEK_DAYS, 3600 * max(1, self.days - self.beside_leave))


class Totals:
    """Amounts of consecutive dates, to be asked for their sum between any two."""

    def __init__(self, first: int, amounts: Sequence[int]) -> None:
        """Add up amounts, of which the first is that of the date ``first``."""
        self._first, self._sums = first, list(accumulate(amounts, initial=0))

    def within(self, window: tuple[int, int]) -> int:
        """Return the sum over the dates of a window."""
        start, end = window
        return self._sums[end - self._first] - self._sums[start - self._first]


class Reading:
    """The work told, with or without what waits for the person's word, by date from a year before the period on."""

    def __init__(self, facts: Facts, with_unconfirmed: bool) -> None:
        """Add up the work and the unobserved time, and find the neutral days."""
        dates = dates_around(facts)
        first = dates[0].toordinal()
        worked = facts.seconds_by_date(with_unconfirmed)
        unseen = _unseen(facts, dates)
        neutral = [facts.absences.get(day) in NEUTRAL and day not in worked for day in dates]
        beside = _beside_leave(facts, dates, neutral, {*worked, *unseen}) if any(neutral) else [False] * len(dates)
        self._work = Totals(first, [worked.get(day, 0) for day in dates])
        self._holes = Totals(first, [unseen.get(day, 0) for day in dates])
        self._free = Totals(first, neutral)
        self._surely_free = Totals(
            first, [free and day not in unseen for free, day in zip(neutral, dates, strict=True)]
        )
        self._beside_leave = Totals(first, beside)
        self.has_leave_beside = any(beside)

    def seconds(self, window: Window) -> int:
        """Return the work told in a window."""
        return self._work.within(window)

    def amount(self, window: Window, *, holes_are_work: bool) -> Amount:
        """Return the least or the most that unobserved time allows: work on a free day makes the day count."""
        seconds = self._work.within(window)
        if holes_are_work:
            seconds += self._holes.within(window)
        neutral = (self._free if holes_are_work else self._surely_free).within(window)
        days = window.end - window.first - neutral
        return Amount(seconds, days, neutral, self._beside_leave.within(window))

    def fullness(self, window: Window) -> float:
        """Return a number that is larger the higher the average of a window is, all time being observed."""
        days = window.end - window.first - self._surely_free.within(window)
        return self._work.within(window) / max(1, days)

    def fullness_of_whole_leave(self, window: Window) -> float:
        """Return the like, weeks of leave being left out with all their days."""
        days = window.end - window.first - self._surely_free.within(window) - self._beside_leave.within(window)
        return self._work.within(window) / max(1, days)


def reading_of(facts: Facts, with_unconfirmed: bool) -> Reading:
    """Return the work added up; ask for it by ``facts.once``."""
    return Reading(facts, with_unconfirmed)


def read_both(facts: Facts) -> Mapping[bool, Reading]:
    """Return the work with (true) and without (false) what waits for the person's word."""
    return {True: facts.once(reading_of, True), False: facts.once(reading_of, False)}


def dates_around(facts: Facts) -> list[date]:
    """Return the dates that a window ending in the period can hold."""
    first = months_before(facts.first_day, _MOST_MONTHS)
    return [date.fromordinal(number) for number in range(first.toordinal(), last_end(facts).toordinal() + 1)]


def last_end(facts: Facts) -> date:
    """Return the last date on which a window can end: that of ``at`` or the end of the period."""
    return max(facts.first_day, min(facts.end_day, day_of(facts.at, facts.zone)))


def windows_of(facts: Facts, months: ByDay[int]) -> list[Window]:
    """Return the windows that end with a date of the period and are over at ``at``.

    Args:
        months: how many months they have on their last day. Where the law has no value the window is that day.
    """
    windows = []
    for number in range(facts.first_day.toordinal() + 1, last_end(facts).toordinal() + 1):
        end = date.fromordinal(number)
        try:
            month, length = _month_before(end.year, end.month, months.on(date.fromordinal(number - 1)))
        except NotInForceError:
            windows.append(Window(number - 1, number))
        else:
            windows.append(Window(month + min(end.day, length) - 1, number))
    return windows


def months_before(day: date, months: int) -> date:
    """Return the same date some months before, or the last date of that month where it has no such date."""
    month, length = _month_before(day.year, day.month, months)
    return date.fromordinal(month + min(day.day, length) - 1)


@lru_cache(maxsize=4096)
def _month_before(year: int, month: int, months: int) -> tuple[int, int]:
    """Return the first date, as an ordinal, and the number of days of the month some months before another."""
    years, zero_based = divmod(12 * year + month - 1 - months, 12)
    first = date(years, zero_based + 1, 1)
    return first.toordinal(), (periods.next_month(first) - first).days


def _unseen(facts: Facts, dates: Sequence[date]) -> dict[date, int]:
    """Return the unobserved seconds of each of some dates that has any."""
    unseen: dict[date, int] = {}
    if facts.holes:
        start, last = periods.start_of_day(dates[0], facts.zone), periods.start_of_day(dates[-1], facts.zone)
        for day, begin, end in periods.split_by_day(clip(facts.holes, (start, last)), facts.zone):
            unseen[day] = unseen.get(day, 0) + end - begin
    return unseen


def _beside_leave(facts: Facts, dates: Sequence[date], neutral: Sequence[bool], busy: Iterable[date]) -> list[bool]:
    """Tell of each date whether it is a free day, told as no absence, of a week whose normal days are all leave.

    Public holidays among the normal days do not end a week of leave. They count themselves.
    """
    normal = facts.agreement.working_weekdays
    number_of = {day: number for number, day in enumerate(dates)}
    beside, worked = [False] * len(dates), set(busy)
    for monday in sorted({periods.week_start(day) for day, free in zip(dates, neutral, strict=True) if free}):
        week = [date.fromordinal(monday.toordinal() + offset) for offset in range(WEEK_DAYS)]
        if normal and worked.isdisjoint(week) and all(facts.is_off(day) for day in week if day.weekday() in normal):
            for day in week:
                if day.weekday() not in normal and not facts.is_off(day) and day in number_of:
                    beside[number_of[day]] = True
    return beside
