"""The Norwegian rules once more, slowly and by another road: second by second between breakpoints.

Imports nothing of ``fyraften_policy``, so that a mistake is not made twice. A span is a pair of whole seconds of UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

Span = tuple[int, int]
MINUTE, HOUR = 60, 3600
DAY = 24 * HOUR
EVER = 2**40
REST, WEEKLY_REST = 11 * HOUR, 35 * HOUR
SPECIAL = ("Første juledag", "Første påskedag", "Første pinsedag")


class Slice(NamedTuple):
    """A stretch of work inside one half hour of the clock, and the local date on which its stretch of work began."""

    start: int
    end: int
    day: date


def local(instant: int, zone: str) -> datetime:
    return datetime.fromtimestamp(instant, ZoneInfo(zone))


def slices(work: Iterable[Span], zone: str) -> Iterator[Slice]:
    """Yield the work, cut at each end and each half hour, in order; overlaps count once."""
    spans = list(work)
    edges = {point for span in spans for point in span}
    for start, end in spans:
        edges |= set(range(start - start % (HOUR // 2), end, HOUR // 2))
    begun: date | None = None
    last = None
    for start, end in pairwise(sorted(edges)):
        if any(one <= start and end <= other for one, other in spans):
            if begun is None or last != start:
                begun = local(start, zone).date()
            last = end
            yield Slice(start, end, begun)


def by_day(work: Iterable[Span], zone: str) -> dict[date, list[Slice]]:
    """Return the slices by the date on which their stretch of work began, in order."""
    days: dict[date, list[Slice]] = {}
    for piece in slices(work, zone):
        days.setdefault(piece.day, []).append(piece)
    return days


def rests_before(work: Iterable[Span], zone: str) -> dict[date, int]:
    """Return the rest that decides about each day, 24 hours at most for the first: before it, or in it if too long."""
    rests: dict[date, int] = {}
    previous_end = None
    for day, pieces in by_day(work, zone).items():
        rests[day] = DAY if previous_end is None else pieces[0].start - previous_end
        previous_end = pieces[-1].end
        rests[day] = min(rests[day], _rest_inside(pieces))
    return rests


def _rest_inside(pieces: list[Slice]) -> int:
    """Return the longest gap in a stretch of more than 24 hours that has no rest of eleven hours, else no limit."""
    worst, begun, longest = EVER, pieces[0].start, 0
    for before, after in pairwise([*pieces, None]):
        assert before is not None
        gap = REST if after is None else after.start - before.end
        if gap < REST:
            longest = max(longest, gap)
            continue
        if before.end - begun > DAY:
            worst = min(worst, longest)
        begun, longest = 0 if after is None else after.start, 0
    return worst


def weekly_rests(work: list[Span], zone: str, at: int) -> dict[date, int]:
    """Return the longest rest that starts in each worked week that is decided: one that goes on may yet be enough."""
    pieces = list(slices(work, zone))
    mondays = {monday_of(local(piece.start, zone).date()) for piece in pieces}
    answers: dict[date, int] = {}
    for monday in sorted(mondays):
        start, end = (midnight(day, zone) for day in (monday, monday + timedelta(days=7)))
        starts = [piece.end for piece in pieces if start <= piece.end < end]
        if pieces[0].start >= start:
            starts.append(start)
        rests = [_second_rest(pieces, start)]
        is_open = at < end
        for begin in starts:
            following = [piece.start for piece in pieces if piece.start >= begin]
            is_open = is_open or not following
            rests.append((following[0] if following else at) - begin)
        if max(rests) >= WEEKLY_REST or not is_open:
            answers[monday] = max(rests)
    return answers


def _second_rest(pieces: list[Slice], monday: int) -> int:
    """Return what is left from a Monday on of free time that had its 35 hours before, zero if not 35 again."""
    before = [piece.end for piece in pieces if piece.end < monday]
    after = [piece.start for piece in pieces if piece.end > monday]
    left = min(after[0] - monday, after[0] - before[-1] - WEEKLY_REST) if before and after else 0
    return left if left >= WEEKLY_REST else 0


def worked(work: Iterable[Span], zone: str) -> dict[date, int]:
    """Return the seconds of each main period."""
    return {day: sum(one.end - one.start for one in pieces) for day, pieces in by_day(work, zone).items()}


def week_seconds(work: Iterable[Span], zone: str) -> dict[date, int]:
    """Return the seconds worked in each ISO week, by its Monday."""
    weeks: dict[date, int] = {}
    for piece in slices(work, zone):
        monday = monday_of(local(piece.start, zone).date())
        weeks[monday] = weeks.get(monday, 0) + piece.end - piece.start
    return weeks


def worst_average(weeks: dict[date, int], last_monday: date, count: int = 8) -> Fraction:
    """Return the highest average hours a week over so many weeks, the last of them up to a Monday."""
    return max(
        Fraction(sum(weeks.get(end - timedelta(days=7 * back), 0) for back in range(count)), count * HOUR)
        for end in _mondays(min(weeks), last_monday)
    )


def worst_sum_over_ordinary(weeks: dict[date, int], last_monday: date, count: int) -> int:
    """Return the most seconds over forty hours in so many weeks, the last of them up to a Monday."""
    over = {monday: max(0, seconds - 40 * HOUR) for monday, seconds in weeks.items()}
    return max(
        sum(over.get(end - timedelta(days=7 * back), 0) for back in range(count))
        for end in _mondays(min(weeks), last_monday)
    )


def over_by_day(dates: dict[date, int], monday: date) -> int:
    """Return the seconds over nine hours on the dates of a week."""
    return sum(max(0, seconds - 9 * HOUR) for day, seconds in dates.items() if monday_of(day) == monday)


def by_date(work: Iterable[Span], zone: str) -> dict[date, int]:
    """Return the seconds worked on each local date."""
    dates: dict[date, int] = {}
    for piece in slices(work, zone):
        day = local(piece.start, zone).date()
        dates[day] = dates.get(day, 0) + piece.end - piece.start
    return dates


def _mondays(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range(0, (last - first).days + 1, 7)]


def at_night(work: Iterable[Span], zone: str, until: int = 21) -> int:
    """Return the seconds between nine in the evening (or later, by agreement) and six in the morning."""
    hours = [(local(one.start, zone).hour, one.end - one.start) for one in slices(work, zone)]
    return sum(seconds for hour, seconds in hours if hour < 6 or hour >= until)


def in_time_off(work: Iterable[Span], zone: str) -> int:
    """Return the seconds in the time off around Sundays and public holidays."""
    spans = list(work)
    years = {local(start, zone).year + odd for start, _ in spans for odd in (-1, 0, 1)}
    named = holidays.country_holidays("NO", years=sorted(years), language="no")
    return sum(one.end - one.start for one in slices(spans, zone) if _is_off(local(one.start, zone), named))


def _is_off(now: datetime, named: holidays.HolidayBase) -> bool:
    today, tomorrow = now.date(), now.date() + timedelta(days=1)
    is_off_tomorrow = tomorrow.weekday() == 6 or tomorrow in named
    if today.weekday() == 6 or today in named:
        return is_off_tomorrow or now.hour < 22
    return is_off_tomorrow and now.hour >= _first_hour(tomorrow, named)


def _first_hour(holiday: date, named: holidays.HolidayBase) -> int:
    names = named.get(holiday, "").split("; ")
    if any(name in SPECIAL for name in names):
        return 15
    is_only_may_day = names in (["Arbeidernes dag"], ["Grunnlovsdag"])
    return 22 if is_only_may_day and holiday.weekday() != 6 else 18


def break_verdicts(work: Iterable[Span], zone: str) -> dict[date, str]:
    """Return what the rule on breaks says about each main period."""
    verdicts = {}
    for day, pieces in by_day(work, zone).items():
        seconds = sum(one.end - one.start for one in pieces)
        gaps = [after.start - before.end for before, after in pairwise(pieces)]
        breaks = [gap for gap in gaps if gap >= 5 * MINUTE]
        verdicts[day] = "met"
        if seconds >= 8 * HOUR:
            verdicts[day] = "met" if sum(breaks) >= 30 * MINUTE else "broken"
        elif seconds > 5.5 * HOUR and not breaks:
            verdicts[day] = "attention"
    return verdicts


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: str) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp())
