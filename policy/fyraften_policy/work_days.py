"""Work by day: main periods, blocks of work, and how much was worked between two instants.

A main period is all work whose start falls on one local date, with what continues past midnight. Rules on breaks,
nights and averages look at days like these. Nothing here takes more than one look at a year of short intervals.
Not here: what a law makes of a day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import Interval, join


class MainPeriod(NamedTuple):
    """The work that begins on ``day``: from its first start to its last end, and the work itself."""

    day: date
    start: int
    end: int
    spans: Sequence[Interval]

    @property
    def seconds(self) -> int:
        """Return the time worked in it."""
        return sum(span.end - span.start for span in self.spans)

    @property
    def longest_gap(self) -> int:
        """Return the longest time without work inside it, zero if there is none."""
        pairs = zip(self.spans, self.spans[1:], strict=False)
        return max((after.start - before.end for before, after in pairs), default=0)


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
    index = 0
    while index < len(intervals):
        day = day_of(intervals[index].start, zone)
        until = bisect_left(intervals, (periods.start_of_day(day + periods.DAY, zone),), index)
        spans = intervals[index:until]
        found.append(MainPeriod(day, spans[0].start, spans[-1].end, spans))
        index = until
    return found


def joined_over(facts: Facts, busy: Sequence[Interval], rest_id: str) -> list[Interval]:
    """Return the blocks that some work makes: joined over gaps shorter than the rest of that parameter."""
    if not busy:
        return []
    try:
        rest = facts.parameters.on(rest_id, periods.local_date(busy[-1].end - 1, facts.zone)).seconds
    except NotInForceError as before:
        rest = facts.parameters.on(rest_id, before.first).seconds
    return join(busy, rest)


def day_of(instant: int, zone: str) -> date:
    """Return the local date an instant belongs to, also where the clock goes back over midnight."""
    return next(periods.split_by_day([(instant, instant + 1)], zone))[0]


class Tally:
    """How much was worked between any two instants, each answer in the time of a look-up."""

    def __init__(self, intervals: Sequence[Interval]) -> None:
        """Add up some work, sorted and without overlaps."""
        self._starts = [start for start, _ in intervals]
        self._ends = [end for _, end in intervals]
        self._sums = [0, *accumulate(end - start for start, end in intervals)]

    def within(self, start: int, end: int) -> int:
        """Return the seconds worked from one instant up to another."""
        return self._before(end) - self._before(start)

    def _before(self, instant: int) -> int:
        begun = bisect_right(self._starts, instant)
        return self._sums[begun] - max(0, self._ends[begun - 1] - instant) if begun else 0
