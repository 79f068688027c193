"""Work by day: main periods, and blocks of work with no rest inside.

A main period is all work whose start falls on one local date, with what continues past midnight. Rules on breaks,
nights and averages look at days like these. Nothing here takes more than one look at a year of short intervals.
Not here: what a law makes of a day.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from operator import sub
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import Interval


def longest_gap(spans: Sequence[Interval]) -> int:
    """Return the longest time between some work, sorted and without overlaps; zero if there is none."""
    return max(map(sub, [start for start, _ in spans[1:]], [end for _, end in spans]), default=0)


class MainPeriod(NamedTuple):
    """The work that begins on ``day``: from its first start to its last end, and the work itself."""

    day: date
    start: int
    end: int
    spans: Sequence[Interval]

    @property
    def seconds(self) -> int:
        """Return the time worked in it."""
        return sum(end - start for start, end in self.spans)

    @property
    def longest_gap(self) -> int:
        """Return the longest time without work inside it, zero if there is none."""
        return longest_gap(self.spans)


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
    """Return the blocks that some work makes: joined over gaps shorter than the rest of that parameter.

    Args:
        busy: sorted and without overlaps.
    """
    if not busy:
        return []
    try:
        rest = facts.parameters.on(rest_id, periods.local_date(busy[-1].end - 1, facts.zone)).seconds
    except NotInForceError as before:
        rest = facts.parameters.on(rest_id, before.first).seconds
    starts, ends = [start for start, _ in busy], [end for _, end in busy]
    firsts = [0, *(index for index, gap in enumerate(map(sub, starts[1:], ends), 1) if gap >= rest)]
    return [
        Interval(starts[first], ends[after - 1]) for first, after in zip(firsts, [*firsts[1:], len(busy)], strict=True)
    ]


def day_of(instant: int, zone: str) -> date:
    """Return the local date an instant belongs to, also where the clock goes back over midnight."""
    return next(periods.split_by_day([(instant, instant + 1)], zone))[0]
