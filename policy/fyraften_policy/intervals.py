"""Half-open intervals ``[start, end)`` of UTC time, and the few operations the rules need.

An instant is a whole number of seconds since 1970-01-01T00:00:00Z: exact, ordered, and never a local time, so a
difference is always elapsed time. Every function takes intervals in any order, overlapping or touching, and returns
new lists, sorted, without overlaps and without empty intervals.
Not here: days, weeks and zones (see ``periods.py``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import accumulate
from operator import itemgetter, sub
from typing import NamedTuple


class Interval(NamedTuple):
    """The instants from ``start`` up to, not including, ``end``."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Return the elapsed seconds."""
        return self.end - self.start


# Makes an interval of a pair, in a third of the time that naming both ends takes; for long lists.
_interval = partial(tuple.__new__, Interval)


def union(intervals: Iterable[tuple[int, int]]) -> list[Interval]:
    """Return the instants that any interval covers; touching intervals become one.

    a       | ===  ==== |
    b       |   ==      |
    result  | ==== ==== |
    """
    return _merge(sorted(intervals), 0)


def union_of_sorted(intervals: Iterable[tuple[int, int]]) -> list[Interval]:
    """Return the union of intervals that come sorted by start."""
    return list(map(_interval, _apart(intervals)))


def join(intervals: Iterable[tuple[int, int]], gap_seconds: int) -> list[Interval]:
    """Return the union in which gaps shorter than ``gap_seconds`` are filled too."""
    return _merge(sorted(intervals), max(0, gap_seconds - 1))


def _merge(intervals: Iterable[tuple[int, int]], reach_seconds: int) -> list[Interval]:
    """Join what comes sorted and overlaps, touches, or is no more than ``reach_seconds`` apart."""
    merged: list[Interval] = []
    first: tuple[int, int] | None = None  # begins the run that is still growing, up to `end`
    end = 0
    for interval in intervals:
        left, right = interval
        if right <= left:
            continue
        if first is not None and left - end <= reach_seconds:
            end = right if right > end else end
            continue
        if first is not None:
            merged.append(_up_to(first, end))
        first, end = interval, right
    if first is not None:
        merged.append(_up_to(first, end))
    return merged


def _up_to(interval: tuple[int, int], end: int) -> Interval:
    # An interval that stays as it is serves again: making one is what takes the time in long lists.
    return interval if isinstance(interval, Interval) and interval.end == end else _interval((interval[0], end))


def intersect(first: Iterable[tuple[int, int]], second: Iterable[tuple[int, int]]) -> list[Interval]:
    """Return the instants that both cover.

    first   | ===  ==== |
    second  |   =====   |
    result  |   =  ==   |
    """
    left, right = _apart(first), _apart(second)
    common: list[tuple[int, int]] = []
    if not left:
        return []
    following = iter([*right, (left[-1][1], left[-1][1])])  # the last one lies behind everything
    other_start, other_end = next(following)
    for interval in left:
        start, end = interval
        while other_end <= start:
            other_start, other_end = next(following)
        while other_start < end:
            if other_start <= start and end <= other_end:
                common.append(interval)
            else:
                common.append((max(start, other_start), min(end, other_end)))
            if other_end >= end:
                break  # it may reach into the next interval
            other_start, other_end = next(following)
    return list(map(_interval, common))


def _apart(intervals: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Return the union, in which intervals that come apart from one another stay as they are: most long lists do."""
    ordered = sorted(intervals)
    if not ordered:
        return ordered
    end_before = ordered[0][0] - 1
    for start, end in ordered:
        if not end_before < start < end:
            return _merge(ordered, 0)
        end_before = end
    return ordered


def free_time(busy: Iterable[tuple[int, int]], window: tuple[int, int]) -> list[Interval]:
    """Return the parts of ``window`` that no busy interval covers.

    busy    | ===  ==== |
    window  |  [------] |
    result  |    ==     |
    """
    cursor, end = window
    free: list[Interval] = []
    for interval in union(busy):
        if interval.end <= cursor:
            continue
        if interval.start >= end:
            break
        if interval.start > cursor:
            free.append(Interval(cursor, interval.start))
        cursor = interval.end
    if cursor < end:
        free.append(Interval(cursor, end))
    return free


def subtract(first: Iterable[tuple[int, int]], second: Iterable[tuple[int, int]]) -> list[Interval]:
    """Return the instants that the first covers and the second does not."""
    removed = union(second)
    left: list[Interval] = []
    index = 0
    for interval in union(first):
        cursor = interval.start
        while index < len(removed) and removed[index].end <= cursor:
            index += 1
        until = index
        while until < len(removed) and removed[until].start < interval.end:
            if removed[until].start > cursor:
                left.append(Interval(cursor, removed[until].start))
            cursor = removed[until].end
            until += 1
        if cursor < interval.end:
            left.append(interval if cursor == interval.start else Interval(cursor, interval.end))
    return left


def clip(sorted_intervals: Sequence[Interval], window: tuple[int, int]) -> list[Interval]:
    """Return the parts inside ``window`` of intervals that are already sorted and without overlaps."""
    first = bisect_left(sorted_intervals, (window[0],))
    if first and sorted_intervals[first - 1].end > window[0]:
        first -= 1
    inside = list(sorted_intervals[first : bisect_left(sorted_intervals, (window[1],))])
    if inside:  # only the outermost can reach out of the window
        inside[0] = Interval(max(inside[0].start, window[0]), inside[0].end)
        inside[-1] = Interval(inside[-1].start, min(inside[-1].end, window[1]))
    return [part for part in inside if part.start < part.end]


def total(intervals: Iterable[tuple[int, int]]) -> int:
    """Return the elapsed seconds that the intervals cover; overlaps count once."""
    return sum(end - start for start, end in union(intervals))


def longest(intervals: Sequence[Interval]) -> int:
    """Return the length of the longest interval, zero if there is none."""
    return max((interval.length for interval in intervals), default=0)


class Tally:
    """How much of some time lies between any two instants, each answer in the time of a look-up."""

    def __init__(self, intervals: Sequence[Interval]) -> None:
        """Add up intervals that are sorted and without overlaps."""
        self._starts = list(map(itemgetter(0), intervals))
        self._ends = list(map(itemgetter(1), intervals))
        self._sums = list(accumulate(map(sub, self._ends, self._starts), initial=0))

    def within(self, start: int, end: int) -> int:
        """Return the seconds covered from one instant up to another."""
        return self._before(end) - self._before(start)

    def _before(self, instant: int) -> int:
        begun = bisect_right(self._starts, instant)
        return self._sums[begun] - max(0, self._ends[begun - 1] - instant) if begun else 0
