"""Work by day: main periods, and blocks of work with no rest inside.

A main period is all work whose start falls on one local date, with what continues past midnight. Rules on breaks,
nights and averages look at days like these. Nothing here takes more than one look at a year of short intervals.
Not here: what a law makes of a day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import sub
from typing import Generic, NamedTuple, TypeVar

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import Interval

Numbers = TypeVar("Numbers")
_DAY_SECONDS = 86_400
_FIRST_DATE, _LAST_DATE = date(1900, 1, 1), date(2200, 1, 1)  # no work is told outside
_YEAR_SECONDS = 370 * _DAY_SECONDS  # no rule on days looks further back than twelve months


def longest_gap(spans: Sequence[Interval]) -> int:
    """Return the longest time between some work, sorted and without overlaps; zero if there is none."""
    return max(map(sub, [start for start, _ in spans[1:]], [end for _, end in spans]), default=0)


class Gaps:
    """The gaps between some work, to be asked for the longest of them in a stretch of it."""

    def __init__(self, work: Sequence[Interval]) -> None:
        """Take work that is sorted and without overlaps."""
        self._starts, self._ends = [start for start, _ in work], [end for _, end in work]
        self._gaps = list(map(sub, self._starts[1:], self._ends))

    def longest(self, start: int, end: int) -> Interval | None:
        """Return the longest gap, the first of equal ones, between the work that begins from ``start`` up to ``end``.

        None where that is one piece of work.
        """
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end) - 1
        gaps = self._gaps[first:last]
        if not gaps:
            return None
        after = first + gaps.index(max(gaps))
        return Interval(self._ends[after], self._starts[after + 1])


def gaps_of(facts: Facts, with_unconfirmed: bool) -> Gaps:
    """Return the gaps between the told work; ask by ``facts.once``."""
    return Gaps(facts.reported(with_unconfirmed))


class MainPeriod(NamedTuple):
    """The work that begins on ``day``: from its first start to its last end, and the work itself."""

    day: date
    start: int
    end: int
    spans: Sequence[Interval]

    @property
    def seconds(self) -> int:
        """Return the time worked in it."""
        return sum([end - start for start, end in self.spans])

    @property
    def longest_gap(self) -> int:
        """Return the longest time without work inside it, zero if there is none."""
        return longest_gap(self.spans)


def days_of(facts: Facts, with_unconfirmed: bool) -> list[MainPeriod]:
    """Return the main periods of the told work from a year before the period on, sorted; ask by ``facts.once``."""
    work = facts.reported(with_unconfirmed)
    index = bisect_right(work, facts.period.start - _YEAR_SECONDS, key=_end)
    if index < len(work):  # all of the day on which the first of them begins
        midnight = periods.start_of_day(day_of(work[index].start, facts.zone), facts.zone)
        index = bisect_left(work, (midnight,))
    return main_periods(work[index:] if index else work, facts.zone)


def main_periods(intervals: Sequence[Interval], zone: str) -> list[MainPeriod]:
    """Return the main periods of some work, sorted.

    Args:
        intervals: sorted and without overlaps, as ``Facts.reported`` gives them: work that goes on past midnight is
            one interval.

        midnight|       !       !   |
        work    |  == ===  == = ==  |
        result  |  AAAAAA  BBBB CC  |
    """
    found = []
    starts = [start for start, _ in intervals]
    index = 0
    while index < len(intervals):
        day, day_end = periods.day_of(starts[index], zone)
        until = bisect_left(starts, day_end, index)
        spans = intervals[index:until]
        found.append(MainPeriod(day, starts[index], spans[-1].end, spans))
        index = until
    return found


def day_with_unconfirmed(facts: Facts, day: date) -> date:
    """Return the date of the main period of all told work in which one that begins on a date without some of it ends.

    Without the work that waits for the person's word a main period can be a day of its own, which that work joins to
    the day before: all of it, or its first part only, and then the rest is the day of its own date.
    """
    days, certain = facts.once(days_of, True), facts.once(days_of, False)
    work = certain[bisect_left(certain, day, key=_day)]
    return days[bisect_left(days, work.end, key=_start) - 1].day


def _day(work: MainPeriod) -> date:
    return work.day


def _start(work: MainPeriod) -> int:
    return work.start


def joined_over(facts: Facts, busy: Sequence[Interval], rest_id: str) -> list[Interval]:
    """Return the blocks that some work makes: joined over gaps shorter than the rest of that parameter.

    Args:
        busy: sorted and without overlaps.
    """
    if not busy:
        return []
    rest = rest_that_parts(facts, busy, rest_id)
    starts, ends = [start for start, _ in busy], [end for _, end in busy]
    firsts = [0, *[index for index, gap in enumerate(map(sub, starts[1:], ends), 1) if gap >= rest]]
    return [
        Interval(starts[first], ends[after - 1]) for first, after in zip(firsts, [*firsts[1:], len(busy)], strict=True)
    ]


def rest_that_parts(facts: Facts, busy: Sequence[Interval], rest_id: str) -> int:
    """Return the shortest gap, in seconds, that parts some work: the rest of that parameter on its last day."""
    try:
        return facts.parameters.on(rest_id, periods.local_date(busy[-1].end - 1, facts.zone)).seconds
    except NotInForceError as before:
        return facts.parameters.on(rest_id, before.first).seconds


def blocks_around(facts: Facts, busy: Sequence[Interval], window: Interval, rest_id: str) -> list[Interval]:
    """Return the blocks that touch a window, whole, without a look at what lies far from it.

    Args:
        busy: sorted and without overlaps.
    """
    first, end = bisect_right(busy, window.start, key=_end), bisect_left(busy, (window.end,))
    if first >= end:
        return []
    rest = rest_that_parts(facts, busy, rest_id)
    while first > 0 and busy[first].start - busy[first - 1].end < rest:
        first -= 1
    while end < len(busy) and busy[end].start - busy[end - 1].end < rest:
        end += 1
    return joined_over(facts, busy[first:end], rest_id)


def worked_until(work: Sequence[Interval], window: tuple[int, int]) -> int | None:
    """Return the end of the last work inside a window, None where there is none; ``work`` is sorted."""
    start, end = window
    before = bisect_left(work, (end,))
    if end <= start or not before or work[before - 1].end <= start:
        return None
    return min(work[before - 1].end, end)


def both(first: tuple[int, int], second: tuple[int, int]) -> Interval:
    """Return what two intervals have in common; it ends at or before its start where that is nothing."""
    return Interval(max(first[0], second[0]), min(first[1], second[1]))


class ByDay(Generic[Numbers]):
    """A rule's numbers by date, looked up again only where one of the values behind them ends."""

    def __init__(self, facts: Facts, look_up: Callable[[date], Numbers], *parameter_ids: str) -> None:
        """Take the parameters behind the numbers; ``look_up`` may raise ``NotInForceError``."""
        self._facts, self._look_up, self._ids = facts, look_up, parameter_ids
        self._since = self._until = date.min
        self._after = self._through = 0  # the same as instants, where they have been asked for

    def on(self, day: date) -> Numbers:
        """Return the numbers of a date; raises ``NotInForceError``."""
        if not self._since <= day < self._until:
            self._after = self._through = 0
            self._numbers = self._look_up(day)
            values = [self._facts.parameters.on(name, day) for name in self._ids]
            self._since = max(value.since or date.min for value in values)
            self._until = min(value.until or date.max for value in values)
        return self._numbers

    def at_end(self, end: int) -> Numbers:
        """Return the numbers of the date on which work ends that goes on up to an instant.

        Raises:
            NotInForceError: the law has no numbers on that date.
        """
        if self._after < end <= self._through:  # most often: looking up the date takes longer than all else here
            return self._numbers
        numbers = self.on(periods.local_date(end - 1, self._facts.zone))
        self._after, self._through = self._instant(self._since), self._instant(self._until)
        return numbers

    def runs(self, first: date, end: date) -> Iterator[tuple[date, date, Numbers | None]]:
        """Yield the runs of dates, each up to its end, with the numbers that hold through it; None where none do."""
        while first < end:
            numbers: Numbers | None = None
            try:
                numbers = self.on(first)
                until = self._until
            except NotInForceError as none_yet:
                until = none_yet.first
            yield first, min(until, end), numbers
            first = until

    def _instant(self, day: date) -> int:
        return periods.start_of_day(min(max(day, _FIRST_DATE), _LAST_DATE), self._facts.zone)


def clock_changes(start: int, end: int, zone: str) -> bool:
    """Tell whether the clock shows more or less time than passes between two instants."""
    return periods.utc_offset(start, zone) != periods.utc_offset(end, zone)


def day_of(instant: int, zone: str) -> date:
    """Return the local date an instant belongs to, also where the clock goes back over midnight."""
    day = periods.local_date(instant, zone)
    tomorrow = day + periods.DAY
    return day if instant < periods.start_of_day(tomorrow, zone) else tomorrow


def _end(interval: Interval) -> int:
    return interval.end
