"""The European rules, home days and home share once more, slowly and by another road.

Imports nothing of ``fyraften_policy``, so that a mistake is not made twice. Time is walked from one breakpoint to the
next, between which nothing changes. A span is a pair of whole seconds of UTC.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

Span = tuple[int, int]
Placed = tuple[int, int, str]
HOUR = 3600
DAY = 24 * HOUR
EVER = (-(10**12), 10**12)


def is_in(spans: Iterable[Span], instant: int) -> bool:
    return any(start <= instant < end for start, end in spans)


def segments(
    spans: Iterable[Span], *, cuts: Iterable[int] = (), within: Span = EVER
) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, whether covered) from breakpoint to breakpoint."""
    spans = list(spans)
    points = {*within, *cuts, *(point for span in spans for point in span)}
    for start, end in pairwise(sorted(point for point in points if within[0] <= point <= within[1])):
        yield start, end, is_in(spans, start)


def free_runs(spans: Iterable[Span], within: Span = EVER) -> list[Span]:
    """Return the longest possible times that no span covers."""
    runs: list[Span] = []
    since: int | None = None
    for start, _, busy in segments(spans, within=within):
        if busy and since is not None:
            runs.append((since, start))
            since = None
        elif not busy and since is None:
            since = start
    return runs if since is None else [*runs, (since, within[1])]


def local_date(instant: int, zone: str) -> date:
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).date()


def midnight(day: date, zone: str) -> int:
    """Return the first second of a local date, looked for hour by hour."""
    instant = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC")).timestamp()) - DAY
    while local_date(instant, zone) < day:
        instant += HOUR // 2
    return instant


# Daily rest


def daily_rests(busy: list[Span], judged: list[Span], period: Span) -> list[int]:
    """Return the longest rest of each 24 hours, counted from the first work after eleven hours without any.

    Only work up to the end of the period counts; only windows up to the next of which some judged work lies in the
    period are told.
    """
    starts = [
        run_end for run_start, run_end in free_runs(busy) if run_end - run_start >= 11 * HOUR and run_end < EVER[1]
    ]
    rests = []
    for start, following in pairwise([*starts, EVER[1]]):
        lies_in_period = any(
            is_in(judged, point) and is_in([period], point)
            for one in [*judged, period]
            for point in {one[0], start}
            if start <= point < following
        )
        if lies_in_period:
            known = [(begin, min(end, period[1])) for begin, end in busy if begin < period[1]]
            rests.append(max((b - a for a, b in free_runs(known, (start, start + DAY))), default=0))
    return rests


# Weekly rest


def monday_of(instant: int, zone: str) -> date:
    day = local_date(instant, zone)
    return day - timedelta(days=day.weekday())


def weekly_rests(busy: list[Span], zone: str) -> dict[date, int]:
    """Return the longest finished rest that starts in each ISO week, by its Monday.

    Of free time that began in an earlier week and had its 35 hours there or since, what is left from Monday on is a
    rest again if it is as long.
    """
    longest: dict[date, int] = defaultdict(int)
    for start, end in free_runs(busy):
        if end == EVER[1]:
            continue
        if start == EVER[0]:
            start = midnight(monday_of(end, zone), zone)
        week, later = monday_of(start, zone), monday_of(end, zone)
        longest[week] = max(longest[week], end - start)
        left = end - max(start + 35 * HOUR, midnight(later, zone))
        if later > week and left >= 35 * HOUR:
            longest[later] = max(longest[later], left)
    return longest


def weeks_with(work: list[Span], zone: str) -> set[date]:
    """Return the Mondays of the ISO weeks that hold a second of work."""
    return {monday_of(instant, zone) for start, end in work for instant in (*range(start, end, DAY), end - 1)}


# Averages and breaks


def hours_a_week(work: list[Span], zone: str, last: date, months: int, absent: set[date]) -> Fraction:
    """Return the average over the months that end with a local date; absent dates without work are left out."""
    month = last + timedelta(days=1)
    day_of_month = month.day
    for _ in range(months):
        month = month.replace(day=1) - timedelta(days=1)
    first = month.replace(day=min(day_of_month, month.day))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    bounds = [midnight(day, zone) for day in [*days, last + timedelta(days=1)]]
    seconds = {
        day: sum(end - start for start, end, busy in segments(work, within=within) if busy)
        for day, within in zip(days, pairwise(bounds), strict=True)
    }
    counted = [day for day in days if day not in absent or seconds[day]]
    return Fraction(sum(seconds.values()) * 7, 3600 * max(1, len(counted)))


def days_without_break(work: list[Span], zone: str) -> dict[date, bool]:
    """Tell of each local date on which work begins whether it is more than six hours without five minutes off."""
    spells: list[Span] = []
    for start, end, busy in segments(work):
        if busy:
            spells = (
                [*spells[:-1], (spells[-1][0], end)] if spells and spells[-1][1] == start else [*spells, (start, end)]
            )
    by_day: dict[date, list[Span]] = defaultdict(list)
    for spell in spells:
        by_day[local_date(spell[0], zone)].append(spell)
    return {
        day: sum(end - start for start, end in found) > 6 * HOUR
        and all(after[0] - before[1] < 300 for before, after in pairwise(found))
        for day, found in by_day.items()
    }


# Places


def place_at(sessions: list[Placed], instant: int) -> str | None:
    """Return the place of the session that decides: the latest start, at equal starts the later in the list."""
    here = [(start, index) for index, (start, end, _) in enumerate(sessions) if start <= instant < end]
    return sessions[max(here)[1]][2] if here else None


def by_day_and_place(sessions: list[Placed], zone: str) -> dict[tuple[date, str], int]:
    """Return the seconds of each local date at each place."""
    spans = [(start, end) for start, end, _ in sessions]
    first, last = min(spans)[0], max(end for _, end in spans)
    seconds: dict[tuple[date, str], int] = defaultdict(int)
    half_hours = range(first - first % 1800, last, 1800)
    for start, end, busy in segments(spans, cuts=half_hours, within=(first, last)):
        place = place_at(sessions, start)
        if busy and place is not None:
            seconds[local_date(start, zone), place] += end - start
    return seconds
