"""The rules once more, slowly and by another road: instant by instant between breakpoints.

Imports nothing of ``fyraften_policy``, so that a mistake is not made twice. A span is a pair of whole seconds of UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

Span = tuple[int, int]
HOUR = 3600
DAY = 24 * HOUR
REST = 11 * HOUR
STEP = HOUR // 2  # the offsets of the zones used in tests change on half hours at the finest


def covered(spans: Iterable[Span], instant: int) -> bool:
    """Tell whether the second that begins at the instant lies in a span."""
    return any(start <= instant < end for start, end in spans)


def breakpoints(spans: Iterable[Span], *, around: Span) -> list[int]:
    """Return the instants inside ``around`` at which something may change, its ends included."""
    points = {around[0], around[1], *(point for span in spans for point in span)}
    return sorted(point for point in points if around[0] <= point <= around[1])


def longest_free(spans: list[Span], window: Span) -> int:
    """Return the longest time in the window that no span covers."""
    points = breakpoints(spans, around=window)
    best = free_since = 0
    for start, end in pairwise(points):
        free_since = 0 if covered(spans, start) else free_since + end - start
        best = max(best, free_since)
    return best


def worst_rest(judged: list[Span], busy: list[Span], period: Span) -> int | None:
    """Return the shortest "longest rest in the 24 hours before", over every instant of judged work in the period.

    Between breakpoints the rest behind an instant changes steadily, so each breakpoint and its neighbours are enough.
    """
    edges = {point for span in busy for point in span}
    edges |= {point for span in judged for point in span} | set(period)
    candidates = {edge + shift + odd for edge in edges for shift in (0, DAY) for odd in (0, 1)}
    rests = [
        longest_free(busy, (instant - DAY, instant))
        for instant in candidates
        if covered(judged, instant - 1) and period[0] <= instant - 1 < period[1]
    ]
    return min(rests, default=None)


def local_date(instant: int, zone: str) -> date:
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()


def slices(spans: Iterable[Span], *, step: int = STEP) -> Iterator[Span]:
    """Yield the spans cut at each other's ends and at every ``step``, so that each slice lies on one local date."""
    spans = list(spans)
    points = {point for span in spans for point in span}
    for start, end in spans:
        points |= set(range(start - start % step + step, end, step))
    ordered = sorted(points)
    yield from ((start, end) for start, end in pairwise(ordered) if covered(spans, start))


def place_at(sessions: list[tuple[int, int, str]], instant: int) -> str:
    """Return the place of the session that decides: the latest start, at equal starts the later in the list."""
    here = [(start, index) for index, (start, end, _) in enumerate(sessions) if start <= instant < end]
    return sessions[max(here)[1]][2]


def home_days(sessions: list[tuple[int, int, str]], zone: str, end: date, weeks: int, place: str = "home") -> Fraction:
    """Return days of 7.4 hours a week at a place, over the weeks before the Monday ``end``."""
    first = end - timedelta(days=7 * weeks)
    seconds = sum(
        until - start
        for start, until in slices((start, until) for start, until, _ in sessions)
        if first <= local_date(start, zone) < end and place_at(sessions, start) == place
    )
    return Fraction(seconds, weeks * 26640)


def outside_seconds(work: list[Span], zone: str, hours: dict[int, list[tuple[int, int]]], off: set[date]) -> int:
    """Return the seconds of work outside the agreed hours; these are (start, end) in minutes of the local day."""
    outside = 0
    for start, end in slices(work, step=HOUR // 4):
        now = datetime.fromtimestamp(start, ZoneInfo(zone))
        minute = 60 * now.hour + now.minute
        yesterday = now.date() - timedelta(days=1)
        agreed = any(
            (first <= minute < last) if first < last else first <= minute
            for first, last in hours.get(now.weekday(), [])
        ) or (
            yesterday not in off
            and any(last <= first and minute < last for first, last in hours.get(yesterday.weekday(), []))
        )
        if now.date() in off or not agreed:
            outside += end - start
    return outside


def longest_stretch(activity: list[Span], pause: int = 300) -> int:
    """Return the longest stretch of activity whose gaps are shorter than a pause."""
    best = 0
    begun = last = None
    for start, end in sorted(activity):
        if last is None or begun is None or start - last >= pause:
            begun, last = start, end
        last = max(last, end)
        best = max(best, last - begun)
    return best
