"""Half-open intervals ``[start, end)`` of UTC time, and the few operations the rules need.

An instant is a whole number of seconds since 1970-01-01T00:00:00Z: exact, ordered, and never a local time, so a
difference is always elapsed time. Every function takes intervals in any order, overlapping or touching, and returns
new lists, sorted, without overlaps and without empty intervals.
Not here: days, weeks and zones (see ``periods.py``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Interval(NamedTuple):
    """The instants from ``start`` up to, not including, ``end``."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """Return the elapsed seconds."""
        return self.end - self.start


def union(intervals: Iterable[tuple[int, int]]) -> list[Interval]:
    """Return the instants that any interval covers; touching intervals become one.

    a       | ===  ==== |
    b       |   ==      |
    result  | ==== ==== |
    """
    merged: list[Interval] = []
    start = end = 0
    is_open = False
    for left, right in sorted(intervals):
        if right <= left:
            continue
        if is_open and left <= end:
            end = max(end, right)
            continue
        if is_open:
            merged.append(Interval(start, end))
        start, end, is_open = left, right, True
    if is_open:
        merged.append(Interval(start, end))
    return merged


def join(intervals: Iterable[tuple[int, int]], gap_seconds: int) -> list[Interval]:
    """Return the union in which gaps shorter than ``gap_seconds`` are filled too."""
    joined: list[Interval] = []
    for interval in union(intervals):
        if joined and interval.start - joined[-1].end < gap_seconds:
            joined[-1] = Interval(joined[-1].start, interval.end)
        else:
            joined.append(interval)
    return joined


def intersect(first: Iterable[tuple[int, int]], second: Iterable[tuple[int, int]]) -> list[Interval]:
    """Return the instants that both cover.

    first   | ===  ==== |
    second  |   =====   |
    result  |   =  ==   |
    """
    left, right = union(first), union(second)
    common: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i].start, right[j].start), min(left[i].end, right[j].end)
        if start < end:
            common.append(Interval(start, end))
        if left[i].end < right[j].end:
            i += 1
        else:
            j += 1
    return common


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
    kept = union(first)
    if not kept:
        return []
    return intersect(kept, free_time(second, (kept[0].start, kept[-1].end)))


def clip(sorted_intervals: Sequence[Interval], window: tuple[int, int]) -> list[Interval]:
    """Return the parts inside ``window`` of intervals that are already sorted and without overlaps."""
    first = bisect_left(sorted_intervals, (window[0],))
    if first and sorted_intervals[first - 1].end > window[0]:
        first -= 1
    inside = sorted_intervals[first : bisect_left(sorted_intervals, (window[1],))]
    parts = (Interval(max(part.start, window[0]), min(part.end, window[1])) for part in inside)
    return [part for part in parts if part.start < part.end]


def total(intervals: Iterable[tuple[int, int]]) -> int:
    """Return the elapsed seconds that the intervals cover; overlaps count once."""
    return sum(interval.length for interval in union(intervals))


def longest(intervals: Sequence[Interval]) -> int:
    """Return the length of the longest interval, zero if there is none."""
    return max((interval.length for interval in intervals), default=0)
