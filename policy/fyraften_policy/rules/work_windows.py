"""Windows of some calendar months, and the work and the days that count in them.

A window ends with a whole local date of the period. Days of holiday, sickness or leave on which no work was done are
neutral: they leave the count. Dates are ordinals here, and the work of each is added up once, so that a window costs a
few look-ups however many there are.
Not here: what a rule makes of a window (see ``averages.py`` and ``night_work.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from operator import add
from typing import NamedTuple

from fyraften_policy import periods
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

    def __init__(self, dates: tuple[int, int], amounts: Mapping[date, int]) -> None:
        """Add up the amounts of those dates that lie between two, the second not included."""
        self._first, end = dates
        by_number = [0] * (end - self._first)
        for day, amount in amounts.items():
            if self._first <= (number := day.toordinal()) < end:
                by_number[number - self._first] = amount
        self._sums = list(accumulate(by_number, initial=0))

    def within(self, window: tuple[int, int]) -> int:
        """Return the sum over the dates of a window."""
        start, end = window
        return self._sums[end - self._first] - self._sums[start - self._first]

    def of_each(self, windows: Sequence[tuple[int, int]]) -> list[int]:
        """Return the sum over the dates of each window."""
        sums, first = self._sums, self._first
        return [sums[end - first] - sums[start - first] for start, end in windows]


class Reading:
    """The work told, with or without what waits for the person's word, by date from a year before the period on."""

    def __init__(self, facts: Facts, with_unconfirmed: bool) -> None:
        """Add up the work and the unobserved time, and find the neutral days."""
        first, end = dates = dates_around(facts)
        worked, unseen = facts.seconds_by_date(with_unconfirmed), _unseen(facts, dates)
        told_free = [day for day, kind in facts.absences.items() if kind in NEUTRAL and day not in worked]
        neutral = {day for day in told_free if first <= day.toordinal() < end}
        beside = _beside_leave(facts, dates, neutral, {*worked, *unseen}) if neutral else set()
        self._work, self._holes = Totals(dates, worked), Totals(dates, unseen)
        self._free = Totals(dates, dict.fromkeys(neutral, 1))
        self._surely_free = Totals(dates, dict.fromkeys(neutral - unseen.keys(), 1))
        self._beside_leave = Totals(dates, dict.fromkeys(beside, 1))
        self.has_leave_beside = bool(beside)

    def with_work(self, windows: Sequence[Window]) -> list[Window]:
        """Return the windows in which work is told."""
        return [window for window, seconds in zip(windows, self._work.of_each(windows), strict=True) if seconds]

    def amount(self, window: Window, *, holes_are_work: bool) -> Amount:
        """Return the least or the most that unobserved time allows: work on a free day makes the day count."""
        seconds = self._work.within(window)
        if holes_are_work:
            seconds += self._holes.within(window)
        neutral = (self._free if holes_are_work else self._surely_free).within(window)
        days = window.end - window.first - neutral
        return Amount(seconds, days, neutral, self._beside_leave.within(window))

    def fullest(self, windows: Sequence[Window]) -> Window:
        """Return the window with the highest average, the first of equal ones, all time being observed."""
        return self._fullest(windows, self._surely_free.of_each(windows))

    def fullest_of_whole_leave(self, windows: Sequence[Window]) -> Window:
        """Return the like, weeks of leave being left out with all their days."""
        return self._fullest(
            windows, list(map(add, self._surely_free.of_each(windows), self._beside_leave.of_each(windows)))
        )

    def _fullest(self, windows: Sequence[Window], left_out: Sequence[int]) -> Window:
        work = self._work.of_each(windows)
        fullness = [
            seconds / (end - first - free or 1)
            for seconds, (first, end), free in zip(work, windows, left_out, strict=True)
        ]
        return windows[fullness.index(max(fullness))]


def reading_of(facts: Facts, with_unconfirmed: bool) -> Reading:
    """Return the work added up; ask for it by ``facts.once``."""
    return Reading(facts, with_unconfirmed)


def read_both(facts: Facts) -> Mapping[bool, Reading]:
    """Return the work with (true) and without (false) what waits for the person's word."""
    return {True: facts.once(reading_of, True), False: facts.once(reading_of, False)}


def dates_around(facts: Facts) -> tuple[int, int]:
    """Return the first of the dates that a window ending in the period can hold, and that after them, as ordinals."""
    return months_before(facts.first_day, _MOST_MONTHS).toordinal(), last_end(facts).toordinal() + 1


def last_end(facts: Facts) -> date:
    """Return the last date on which a window can end: that of ``at`` or the end of the period."""
    return max(facts.first_day, min(facts.end_day, day_of(facts.at, facts.zone)))


def windows_of(facts: Facts, months: ByDay[int]) -> list[Window]:
    """Return the windows that end with a date of the period and are over at ``at``.

    Args:
        months: how many months they have on their last day. Where the law has no value the window is that day.
    """
    windows: list[Window] = []
    for first, end, count in months.runs(facts.first_day, last_end(facts)):
        last_days = range(first.toordinal(), end.toordinal())
        if count is None:
            windows += [Window(number, number + 1) for number in last_days]
        else:
            windows += _known_windows(facts, last_days, count)
    return windows


def _known_windows(facts: Facts, last_days: range, months: int) -> list[Window]:
    """Return the windows of so many months with those last days; rules ask for the same ones."""
    known, asked = facts.once(_no_windows_yet, True), (last_days, months)
    if asked not in known:
        known[asked] = list(_windows(last_days, months))
    return known[asked]


def _no_windows_yet(facts: Facts, with_unconfirmed: bool) -> dict[tuple[range, int], list[Window]]:
    return {}


def _windows(last_days: range, months: int) -> Iterator[Window]:
    number = last_days.start + 1
    while number <= last_days.stop:  # month by month
        end = date.fromordinal(number)
        first, length = _month_before(end.year, end.month, months)
        after = min(number + (periods.next_month(end) - end).days, last_days.stop + 1)
        for day, following in enumerate(range(number, after), end.day):
            yield Window(first + min(day, length) - 1, following)
        number = after


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


def _unseen(facts: Facts, dates: tuple[int, int]) -> dict[date, int]:
    """Return the unobserved seconds of each date that has any, of those between two but the last."""
    unseen: dict[date, int] = {}
    if facts.holes:
        first, end = dates
        start, last = (periods.start_of_day(date.fromordinal(day), facts.zone) for day in (first, end - 1))
        for day, begin, end in periods.split_by_day(clip(facts.holes, (start, last)), facts.zone):
            unseen[day] = unseen.get(day, 0) + end - begin
    return unseen


def _beside_leave(facts: Facts, dates: tuple[int, int], neutral: Iterable[date], worked: Set[date]) -> set[date]:
    """Return the dates between two that are free days, told as no absence, of a week whose normal days are all leave.

    Public holidays among the normal days do not end a week of leave. They count themselves.
    """
    normal, beside = facts.agreement.working_weekdays, set[date]()
    for monday in {periods.week_start(day) for day in neutral}:
        week = [date.fromordinal(monday.toordinal() + offset) for offset in range(WEEK_DAYS)]
        if normal and worked.isdisjoint(week) and all(facts.is_off(day) for day in week if day.weekday() in normal):
            beside |= {day for day in week if day.weekday() not in normal and not facts.is_off(day)}
    return {day for day in beside if dates[0] <= day.toordinal() < dates[1]}
