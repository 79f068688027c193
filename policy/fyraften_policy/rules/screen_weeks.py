"""Screen work by week and place, as ``dk.screen.home`` counts it and its forecast needs it.

Only screen work at a permanent workstation counts: mobile use is left out, and so is travel. A week without work whose
normal days are all days off is leave.
Not here: what the law makes of the weeks (see ``screen_at_home.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.facts import PLACES, Facts, Piece
from fyraften_policy.intervals import clip

SUMMED = ("home", "fixed_site", "changing_site")
NOWHERE = "unknown"  # work at an unknown place, counted at none
WEEK = timedelta(days=7)

Places = Mapping[str, int]  # counted seconds of screen work by place


class Reading(NamedTuple):
    """One way to read what is not known: unobserved time as work at home, unknown places as one of the places."""

    holes_are_work: bool = False
    unknown_place: str = NOWHERE


@dataclass(frozen=True)
class Worked:
    """The work told, by local date: the counted screen work, the dates with any work, and the unobserved seconds.

    ``first_monday`` begins the history: the week of the first work. Unobserved time counts from the first work on.
    """

    first_monday: date
    counted: Mapping[date, Places]
    dates: frozenset[date]
    holes: Mapping[date, int]

    def seconds(self, dates: Iterable[date], reading: Reading) -> Counter[str]:
        """Return the counted seconds by place on some dates."""
        total: Counter[str] = Counter()
        for day in dates:
            for place, seconds in self.counted.get(day, {}).items():
                total[place] += seconds
            if reading.holes_are_work:
                total["home"] += self.holes.get(day, 0)
        total[reading.unknown_place] += total.pop("unknown", 0)
        return total

    def is_free(self, dates: Iterable[date], reading: Reading) -> bool:
        """Tell whether no work lies on the dates."""
        return not any(day in self.dates or (reading.holes_are_work and day in self.holes) for day in dates)


@dataclass(frozen=True)
class Week:
    """One ISO week: counted screen work by place, and whether it is skipped as leave."""

    monday: date
    seconds: Places
    is_leave: bool


def read_both(facts: Facts) -> Mapping[bool, Worked | None]:
    """Return the work with (true) and without (false) what waits for the person's word."""
    everything = read_worked(facts, with_unconfirmed=True)
    confirmed = read_worked(facts, with_unconfirmed=False) if facts.has_unconfirmed else everything
    return {True: everything, False: confirmed}


def read_worked(facts: Facts, *, with_unconfirmed: bool) -> Worked | None:
    """Return the work by local date, None where there is none."""
    reported = facts.reported(with_unconfirmed)
    if not reported:
        return None
    counted: dict[date, Counter[str]] = {}
    pieces = facts.pieces(with_unconfirmed)
    for place in PLACES:
        for day, start, end in periods.split_by_day(_counted(pieces, place), facts.zone):
            counted.setdefault(day, Counter())[place] += end - start
    holes: Counter[date] = Counter()
    for day, start, end in periods.split_by_day(clip(facts.holes, (reported[0].start, facts.at)), facts.zone):
        holes[day] += end - start
    dates = frozenset(day for day, _, _ in periods.split_by_day(reported, facts.zone))
    return Worked(periods.week_start(min(dates)), counted, dates, holes)


def _counted(pieces: Iterable[Piece], place: str) -> Iterator[tuple[int, int]]:
    for piece in pieces:
        if piece.place == place and piece.screen and piece.workstation == "fixed":
            yield piece.start, piece.end


def weeks_of(facts: Facts, worked: Worked, end: date, reading: Reading) -> list[Week]:
    """Return the ISO weeks from the first work up to the Monday ``end``, sorted."""
    weeks = []
    monday = worked.first_monday
    while monday < end:
        dates = [monday + timedelta(days=offset) for offset in range(7)]
        normal = [day for day in dates if day.weekday() in facts.agreement.working_weekdays]
        is_leave = bool(normal) and all(facts.is_off(day) for day in normal) and worked.is_free(dates, reading)
        weeks.append(Week(monday, worked.seconds(dates, reading), is_leave))
        monday += WEEK
    return weeks
