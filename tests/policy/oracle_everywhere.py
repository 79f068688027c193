"""Work outside the agreed hours and pauses from the screen once more, slowly: minute by minute of the clock.

Imports nothing of ``fyraften_policy``, so that a mistake is not made twice. A span is a pair of whole seconds of UTC.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from policy.oracle_eu import Placed, Span, free_runs, is_in, local_date, midnight, place_at, segments

MINUTE = 60
Ranges = list[tuple[int, int]]  # minutes of the clock; 1440 is 24:00


def minutes_of(day: date, zone: str) -> list[tuple[int, int]]:
    """Return (instant, minute that the clock shows) for each minute of a local date."""
    shown = []
    for instant in range(midnight(day, zone), midnight(day + timedelta(days=1), zone), MINUTE):
        clock = datetime.fromtimestamp(instant, ZoneInfo(zone))
        shown.append((instant, 60 * clock.hour + clock.minute))
    return shown


def first_at_or_after(day: date, minute: int, zone: str) -> int:
    """Return the first instant of a date at which the clock shows a minute or a later one."""
    following = midnight(day + timedelta(days=1), zone)
    return next((instant for instant, clock in minutes_of(day, zone) if clock >= minute), following)


def last_before(day: date, minute: int, zone: str) -> int:
    """Return the end of the last minute of a date of which the clock shows an earlier one."""
    earlier = [instant + MINUTE for instant, clock in minutes_of(day, zone) if clock < minute]
    return earlier[-1] if earlier else midnight(day, zone)


def agreed_spans(day: date, zone: str, hours: dict[int, Ranges], off: set[date]) -> list[Span]:
    """Return the agreed hours that begin on a date; an end that is no later than the start is on the next."""
    if day in off:
        return []
    tomorrow = day + timedelta(days=1)
    return [
        (
            first_at_or_after(day, first, zone),
            last_before(day, last, zone) if first < last else last_before(tomorrow, last, zone),
        )
        for first, last in hours.get(day.weekday(), [])
    ]


def outside_by_date(
    work: list[Span], zone: str, hours: dict[int, Ranges], off: set[date], first: date, end: date
) -> dict[date, int]:
    """Return the seconds outside the agreed hours of each date with work, from one date up to another."""
    outside: dict[date, int] = {}
    day = first
    while day < end:
        within = (midnight(day, zone), midnight(day + timedelta(days=1), zone))
        agreed = [*agreed_spans(day - timedelta(days=1), zone, hours, off), *agreed_spans(day, zone, hours, off)]
        agreed = [] if day in off else [one for one in agreed if one[0] < one[1]]
        cuts = [point for one in agreed for point in one]
        worked = [one for one in segments(work, cuts=cuts, within=within) if one[2]]
        if worked:
            outside[day] = sum(stop - start for start, stop, _ in worked if not is_in(agreed, start))
        day += timedelta(days=1)
    return outside


def screen_spans(sessions: list[Placed], activity: list[Span] | None) -> list[Span]:
    """Return the screen activity; the place of a session is ``screen`` or ``other``.

    Finer activity counts wherever the work told is not other work.
    """
    spans = [(start, end) for start, end, _ in sessions]
    pieces = segments([*spans, *(activity or [])])
    shown = []
    for start, end, _ in pieces:
        here = place_at(sessions, start)
        if (here == "screen") if activity is None else (is_in(activity, start) and here != "other"):
            shown.append((start, end))
    return shown


def stretches_by_date(activity: list[Span], filled: list[Span], zone: str, pause: int) -> dict[date, list[int]]:
    """Return the lengths of the stretches that hold activity begun on each date; all time but the pauses is stretches.

    Args:
        filled: what else may have been activity.
    """
    pauses = [run for run in free_runs([*activity, *filled]) if run[1] - run[0] >= pause]
    stretches = [(before[1], after[0]) for before, after in pairwise(pauses)]
    by_date: dict[date, set[Span]] = defaultdict(set)
    for run in free_runs(activity)[:-1]:  # activity begins where a time without any ends
        begun = run[1]
        by_date[local_date(begun, zone)] |= {one for one in stretches if one[0] <= begun < one[1]}
    return {day: sorted(end - start for start, end in found) for day, found in by_date.items()}
