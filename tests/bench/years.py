"""The work that ours and the peers are given: the same numbers for all, from the same chance.

Standard library only: the peers' own Pythons import it too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

DAY = 86_400
FIRST = int(datetime(2025, 1, 6, tzinfo=UTC).timestamp())  # a Monday

Span = tuple[int, int]
Named = tuple[int, int, str]


def hundred_thousand() -> tuple[list[Span], list[Span], list[Span], list[Span]]:
    """Return two lists to intersect (100,000 and 25,000 intervals) and two to unite (50,000 each, overlapping)."""
    windows = [(FIRST + 60 * index, FIRST + 60 * index + 55) for index in range(100_000)]
    present = [(FIRST + 240 * index, FIRST + 240 * index + 200) for index in range(25_000)]
    shorter = [(start, start + 30) for start, _ in windows[:50_000]]
    return windows, present, windows[:50_000], shorter


def busy_year() -> tuple[list[Named], list[Named], list[Named]]:
    """Return a year of a busy laptop: 60,000 windows with their program, 15,000 spans at and away from the keyboard.

    The third list is where the laptop was on each of the 250 days.
    """
    chance = random.Random(1)
    windows: list[Named] = []
    keyboard: list[Named] = []
    places: list[Named] = []
    for number in range(250):
        morning = FIRST + (number // 5 * 7 + number % 5) * DAY + 7 * 3600
        places.append((morning, morning + 14 * 3600, ("home", "fixed_site")[number % 2]))
        at = morning
        for _ in range(240):
            end = at + chance.randrange(5, 235)
            windows.append((at, end, f"program {chance.randrange(7)}"))
            at = end
        at = morning
        for index in range(60):
            end = at + chance.randrange(60, 900)
            keyboard.append((at, end, ("not-afk", "afk")[index % 2]))
            at = end
    return windows, keyboard, places


def sessions(years: int) -> Iterator[tuple[datetime, datetime, str]]:
    """Yield a thousand sessions a year, four on each of 250 working days, as local times with a place."""
    chance = random.Random(1)
    day, days = datetime(2016, 1, 4), 0  # noqa: DTZ001 - a local time, written without its zone
    while days < 250 * years:
        if day.weekday() < 5:
            at, place = day + timedelta(hours=8), chance.choice(["home", "fixed_site"])
            for _ in range(4):
                end = at + timedelta(minutes=chance.randint(60, 115))
                yield at, end, place
                at = end + timedelta(minutes=5)
            days += 1
        day += timedelta(days=1)
