"""What the Danish rules must say, minute by minute: slow, plain, and written without looking at the rules.

Time is a row of minutes from a local midnight; a minute is worked or not. Local dates and clock times come from zone
data asked once for each minute. Nothing of ``fyraften_policy`` is used.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Minutes:
    """A row of minutes: the instant it begins at, and the local date and hour of each minute."""

    begin: int
    dates: tuple[date, ...]
    hours: tuple[int, ...]


@lru_cache(maxsize=32)
def minutes_from(first: date, days: int, zone: str) -> Minutes:
    """Return the minutes of some local dates."""
    place = ZoneInfo(zone)
    start = int(datetime(first.year, first.month, first.day, tzinfo=place).timestamp())
    dates, hours = [], []
    for minute in range(days * 24 * 60 + 120):
        moment = datetime.fromtimestamp(start + 60 * minute, UTC).astimezone(place)
        if (moment.date() - first).days >= days:
            break
        dates.append(moment.date())
        hours.append(moment.hour)
    return Minutes(start, tuple(dates), tuple(hours))


def row(minutes: Minutes, sessions: list[tuple[int, int]]) -> bytearray:
    """Return which minutes are worked; a session is its first minute and its length."""
    worked = bytearray(len(minutes.dates))
    for start, length in sessions:
        for minute in range(start, min(start + length, len(worked))):
            worked[minute] = 1
    return worked


@dataclass(frozen=True)
class Told:
    """What is told of each minute: that it was work, activity that waits for the person's word, or not observed."""

    certain: bytearray
    waiting: bytearray
    unknown: bytearray

    def judged(self, *, waiting: bool) -> bytearray:
        """Return the minutes of reported work, with or without what waits for a word."""
        return either(self.certain, self.waiting) if waiting else self.certain

    def busy(self, *, holes: bool, waiting: bool) -> bytearray:
        """Return the minutes without rest in one reading of what is not known."""
        judged = self.judged(waiting=waiting)
        return either(judged, self.unknown) if holes else judged


def either(one: bytearray, other: bytearray) -> bytearray:
    """Return the minutes that one of two rows has."""
    return bytearray(a | b for a, b in zip(one, other, strict=True))


VerdictIn = Callable[[bool, bool], str | None]


def settled(told: Told, verdict_in: VerdictIn) -> str:
    """Return the verdict whatever is not known; ``verdict_in`` takes (holes are work, waiting activity is work)."""

    def over_holes(waiting: bool) -> str:
        readings = (False, True) if any(told.unknown) else (False,)
        verdicts = {verdict_in(holes, waiting) or "met" for holes in readings}
        return verdicts.pop() if len(verdicts) == 1 else "not_judged"

    verdicts = {over_holes(waiting) for waiting in ((False, True) if any(told.waiting) else (True,))}
    return verdicts.pop() if len(verdicts) == 1 else "attention"


def stretches(busy: bytearray, gap: int) -> list[tuple[int, int]]:
    """Return (first minute, minute after the last) of what is busy without so many free minutes in between."""
    found: list[tuple[int, int]] = []
    for minute, is_busy in enumerate(busy):
        if not is_busy:
            continue
        if found and minute - found[-1][1] < gap:
            found[-1] = (found[-1][0], minute + 1)
        else:
            found.append((minute, minute + 1))
    return found


def longest_rest(busy: bytearray, end: int, window: int) -> int:
    """Return the longest run of free minutes in the minutes before ``end``; before the row all is free."""
    behind = bytes(busy[max(0, end - window) : end]).rjust(window, b"\0")
    return max(len(free) for free in behind.split(b"\1"))


def daily_rest(judged: bytearray, busy: bytearray, block: tuple[int, int], window: int) -> int | None:
    """Return the least "longest rest in the window before", over every minute of work in a block."""
    minutes = [minute for minute in range(*block) if judged[minute]]
    return min((longest_rest(busy, minute + 1, window) for minute in minutes), default=None)


def daily_verdicts(told: Told, first: int, end: int, rest: int, window: int) -> dict[tuple[int, int], str]:
    """Return the verdict on each block that has work from the minute ``first`` up to ``end``."""
    found = {}
    for start, after in stretches(told.judged(waiting=True), rest):
        block = (max(start, first), min(after, end))
        if not any(told.judged(waiting=True)[slice(*block)]):
            continue

        def verdict_in(holes: bool, waiting: bool, block: tuple[int, int] = block) -> str | None:
            judged, busy = told.judged(waiting=waiting), told.busy(holes=holes, waiting=waiting)
            least = daily_rest(judged, busy, block, window)
            return None if least is None else "met" if least >= rest else "broken"

        found[block] = settled(told, verdict_in)
    return found


def weekly_verdicts(told: Told, rest: int, fine: int, most: int) -> dict[tuple[int, int], str]:
    """Return the verdict on each run between two weekly rests."""
    found = {}
    for run in stretches(told.judged(waiting=True), rest):

        def verdict_in(holes: bool, waiting: bool, run: tuple[int, int] = run) -> str | None:
            judged = told.judged(waiting=waiting)
            lengths = []
            for start, end in stretches(told.busy(holes=holes, waiting=waiting), rest):
                worked = [minute for minute in range(max(start, run[0]), min(end, run[1])) if judged[minute]]
                if worked:
                    lengths.append(worked[-1] + 1 - start)
            if not lengths:
                return None
            return "met" if max(lengths) <= fine else "attention" if max(lengths) <= most else "broken"

        found[run] = settled(told, verdict_in)
    return found


def weekly_runs(worked: bytearray, rest: int, fine: int, most: int) -> list[tuple[int, int, str]]:
    """Return (first minute, minute after the last, verdict) of each run between two rests of so many minutes."""
    runs: list[list[int]] = []
    free = rest
    for minute, is_work in enumerate(worked):
        if not is_work:
            free += 1
            continue
        if free >= rest:
            runs.append([minute, minute + 1])
        runs[-1][1] = minute + 1
        free = 0
    found = []
    for start, end in runs:
        length = end - start
        found.append((start, end, "met" if length <= fine else "attention" if length <= most else "broken"))
    return found


def days_worked(minutes: Minutes, worked: bytearray) -> dict[date, list[int]]:
    """Return the worked minutes by the date on which the work began that goes on in them."""
    days: dict[date, list[int]] = {}
    label = minutes.dates[0]
    for minute, is_work in enumerate(worked):
        if is_work:
            if minute == 0 or not worked[minute - 1]:
                label = minutes.dates[minute]
            days.setdefault(label, []).append(minute)
    return days


def breaks(minutes: Minutes, worked: bytearray, after: int, gap: int) -> dict[date, tuple[str, int]]:
    """Return verdict and worked minutes of each date on which work begins."""
    found = {}
    for day, worked_minutes in days_worked(minutes, worked).items():
        longest, free = 0, 0
        for minute in range(worked_minutes[0], worked_minutes[-1]):
            free = 0 if worked[minute] else free + 1
            longest = max(longest, free)
        lacks = len(worked_minutes) > after and longest < gap
        found[day] = ("attention" if lacks else "met", len(worked_minutes))
    return found


def four_months_back(day: date, months: int) -> date:
    """Return the date some calendar months before, the month's last where it has no such date."""
    month = day.month - months
    year = day.year
    while month < 1:
        month += 12
        year -= 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def averages(
    minutes: Minutes, worked: bytearray, ends: list[date], months: int, neutral: set[date]
) -> dict[date, Fraction]:
    """Return the hours a week of the window that ends before each date, for windows with work."""
    of_day: dict[date, int] = {}
    for minute, is_work in enumerate(worked):
        if is_work:
            of_day[minutes.dates[minute]] = of_day.get(minutes.dates[minute], 0) + 1
    found = {}
    for end in ends:
        day, total, days = four_months_back(end, months), 0, 0
        while day < end:
            total += of_day.get(day, 0)
            days += 0 if day in neutral and day not in of_day else 1
            day += timedelta(days=1)
        if total:
            found[end] = Fraction(total, 60) / days * 7
    return found


def night_minutes(minutes: Minutes, worked: bytearray) -> dict[date, int]:
    """Return the minutes between 22 and 5 o'clock of the work that begins on each date."""
    return {
        day: sum(1 for minute in found if minutes.hours[minute] >= 22 or minutes.hours[minute] < 5)
        for day, found in days_worked(minutes, worked).items()
    }


def night_workers(
    minutes: Minutes, worked: bytearray, ends: list[date], months: int, year_months: int, year: int, least: int
) -> dict[date, bool]:
    """Tell for the window that ends before each date whether there is enough night work: in minutes, or in days."""
    at_night: dict[date, int] = {}
    for minute, is_work in enumerate(worked):
        if is_work and (minutes.hours[minute] >= 22 or minutes.hours[minute] < 5):
            at_night[minutes.dates[minute]] = at_night.get(minutes.dates[minute], 0) + 1
    nights = night_minutes(minutes, worked)
    found = {}
    for end in ends:
        first, year_first = four_months_back(end, months), four_months_back(end, year_months)
        in_year = sum(count for day, count in at_night.items() if year_first <= day < end)
        in_window = [count >= least for day, count in nights.items() if first <= day < end]
        found[end] = in_year >= year or 2 * sum(in_window) > len(in_window)
    return found
