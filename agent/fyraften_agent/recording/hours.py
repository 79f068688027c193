"""The hours in which the employee wants to be recorded: when they are open, and when they open or close next.

Kept as text, such as ``mon,tue,wed 07:00-19:00; sat 08:00-12:00``; no hours chosen means always.  Outside the hours
nothing is measured, and the time is not known, unless the employee says that it is free time: then the text ends in
``| free in Europe/Copenhagen``, the zone of which the hours are meant.
Standard library only, because the supervisor asks, too.
Pure.  Not here: keeping the choice (``store.choices``), ending what records (``supervisor``, ``collecting``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from fyraften_agent.errors import InputError
from fyraften_policy.languages import mark

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The days as Danes and Norwegians write them are understood, too.
_ALSO = dict(zip(("man", "tir", "ons", "tor", "fre", "lør", "søn"), DAYS, strict=True))
CHOICE = "hours"
_FREE_IN = " | free in "
_MINUTES_A_DAY = 24 * 60
_SEARCHED_SECONDS = 8 * 24 * 3600
_RANGE = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")

Hours = Mapping[str, tuple[tuple[int, int], ...]]
"""For each weekday the open ranges, in minutes since midnight; a range whose end is not after its start ends the day
after."""


class ChosenHours(NamedTuple):
    """The hours, and the zone in which the time outside them is free; None: it is not known."""

    hours: Hours
    free_in: str | None = None


def parse_choice(text: str) -> ChosenHours:
    """Return what was chosen, from the text in which it is kept.

    Raises:
        InputError: it cannot be read.
    """
    hours, _, zone = text.partition(_FREE_IN)
    return ChosenHours(parse_hours(hours), zone or None)


def format_choice(chosen: ChosenHours) -> str:
    """Return the text that :func:`parse_choice` reads."""
    return format_hours(chosen.hours) + ("" if chosen.free_in is None else _FREE_IN + chosen.free_in)


def parse_hours(text: str) -> Hours:
    """Return the hours of a text.

    Raises:
        InputError: it cannot be read.
    """
    found: dict[str, tuple[tuple[int, int], ...]] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        days, *ranges = part.split()
        if not ranges:
            raise _not_understood(part)
        for day in _days_of(days):
            found[day] = (*found.get(day, ()), *(_range_of(each) for each in ranges))
    if not found:
        raise _not_understood(text)
    return found


def format_hours(hours: Hours) -> str:
    """Return the text that :func:`parse_hours` reads."""
    return "; ".join(" ".join([",".join(days), *ranges]) for days, ranges in days_alike(hours))


def days_alike(hours: Hours) -> list[tuple[list[str], list[str]]]:
    """Return the days that have the same hours, and these hours, such as ``07:00-12:00``."""
    by_ranges: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for day in DAYS:
        if day in hours:
            by_ranges.setdefault(hours[day], []).append(day)
    return [(days, [f"{_clock(start)}-{_clock(end)}" for start, end in ranges]) for ranges, days in by_ranges.items()]


def is_open(hours: Hours | None, at: datetime) -> bool:
    """Return whether local time ``at`` lies in the hours."""
    if hours is None:
        return True
    minute, day = at.hour * 60 + at.minute, at.weekday()
    today = any(start <= minute < (end if end > start else _MINUTES_A_DAY) for start, end in _of(hours, day))
    return today or any(end <= start and minute < end for start, end in _of(hours, day - 1))


def closed_until(hours: Hours | None, now: int, local: Callable[[int], datetime]) -> int | None:
    """Return when the hours open next; None where they are open now, or there are none.

    Args:
        local: the local time of an instant, so that both clock changes are what they are.
    """
    if is_open(hours, local(now)):
        return None
    minutes = range(now - now % 60 + 60, now + _SEARCHED_SECONDS, 60)
    return next((at for at in minutes if is_open(hours, local(at))), now + _SEARCHED_SECONDS)


def _of(hours: Hours, day: int) -> tuple[tuple[int, int], ...]:
    return hours.get(DAYS[day % 7], ())


def _days_of(text: str) -> list[str]:
    days: list[str] = []
    for part in text.lower().split(","):
        first, last = (_ALSO.get(day, day) for day in part.partition("-")[::2])
        if first not in DAYS or (last or first) not in DAYS:
            raise _not_understood(text)
        start, length = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % 7 + 1
        days += [DAYS[(start + number) % 7] for number in range(length)]
    return days


def day_number(text: str) -> int:
    """Return the number of the weekday ``mon`` (0) to ``sun`` (6), or as Danes and Norwegians write it.

    Raises:
        InputError: it is none.
    """
    day = text.strip().lower()
    day = _ALSO.get(day, day)
    if day not in DAYS:
        raise InputError(mark("{text!r} is no day. Write one of: {days}"), text=text, days=", ".join(DAYS))
    return DAYS.index(day)


def _range_of(text: str) -> tuple[int, int]:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise _not_understood(text)
    hour, minute, to_hour, to_minute = map(int, found.groups())
    start, end = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or start >= _MINUTES_A_DAY or end > _MINUTES_A_DAY or start == end:
        raise _not_understood(text)
    return start, end


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _not_understood(text: str) -> InputError:
    return InputError(
        mark("{text!r} is not understood. Write days and times, for example: mon-fri 07:00-19:00"), text=text
    )
