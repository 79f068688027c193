"""Screen work by week and place, as ``dk.screen.home`` counts it and its forecast needs it.

Only screen work at a permanent workstation counts: mobile use is left out, and so is travel. A week without work whose
normal days are all days off is leave.
Not here: what the law makes of the weeks (see ``screen_at_home.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.facts import Facts, Piece
from fyraften_policy.intervals import clip

SUMMED = ("home", "fixed_site", "changing_site")
NOWHERE = "unknown"  # work at an unknown place, counted at none
MOBILE = "mobile"  # screen work at home, not at a permanent workstation
WEEK = timedelta(days=7)

Places = Mapping[str, int]  # counted seconds of screen work by place


class Reading(NamedTuple):
    """One way to read what is not known: unobserved time as work at home, unknown places as one of the places."""

    holes_are_work: bool = False
    unknown_place: str = NOWHERE


class Worked:
    """The work told, by local date, with the unobserved seconds from the first work on.

    ``first_monday`` begins the history: the week of the first work.
    """

    def __init__(self, facts: Facts, with_unconfirmed: bool) -> None:
        """Take the work that the rules share; there must be some."""
        reported = facts.reported(with_unconfirmed)
        self.first_monday = periods.week_start(periods.local_date(reported[0].start, facts.zone))
        by_date = facts.pieces_by_date(with_unconfirmed)
        self._by_day = {day.toordinal(): _counted(pieces) for day, pieces in by_date.items()}
        self._holes: dict[int, int] = {}
        unseen = clip(facts.holes, (reported[0].start, facts.at)) if facts.holes else ()
        for day, start, end in periods.split_by_day(unseen, facts.zone):
            self._holes[day.toordinal()] = self._holes.get(day.toordinal(), 0) + end - start

    def seconds(self, days: range, reading: Reading) -> dict[str, int]:
        """Return the counted seconds by place on some dates, and as ``MOBILE`` those at home that do not count.

        Args:
            days: the dates as ordinals.
        """
        total: dict[str, int] = {}
        for day in days:
            if counted := self._by_day.get(day):
                for place, seconds in counted.items():
                    total[place] = total.get(place, 0) + seconds
            if reading.holes_are_work and day in self._holes:
                total["home"] = total.get("home", 0) + self._holes[day]
        if "unknown" in total and reading.unknown_place != NOWHERE:
            total[reading.unknown_place] = total.get(reading.unknown_place, 0) + total.pop("unknown")
        return total

    def is_free(self, days: range, reading: Reading) -> bool:
        """Tell whether no work lies on some dates, which are ordinals."""
        return not any(day in self._by_day or (reading.holes_are_work and day in self._holes) for day in days)


def _counted(pieces: Sequence[Piece]) -> dict[str, int]:
    """Add up a date's work; weeks and months ask for the same dates."""
    total: dict[str, int] = {}
    for start, end, place, workstation, screen in pieces:
        if screen and workstation == "fixed":
            total[place] = total.get(place, 0) + end - start
        elif screen and place == "home":
            total[MOBILE] = total.get(MOBILE, 0) + end - start
    return total


class Week(NamedTuple):
    """One ISO week: counted screen work by place, and whether it is skipped as leave."""

    monday: date
    seconds: Places
    is_leave: bool


class Scale(NamedTuple):
    """What days a week come to over some weeks, in seconds: one day, a fraction, and the most that is not over a limit.

    ``together`` is the limit for several workplaces, None before there was such.
    """

    day: Fraction
    most: int
    together: int | None


class Average(NamedTuple):
    """Screen work over some time, by place, and what days a week come to in it."""

    seconds: Places
    scale: Scale
    home: int
    together: int

    def days(self, seconds: int) -> float:
        """Return so much work in days a week."""
        return seconds * self.scale.day.denominator / self.scale.day.numerator

    @property
    def is_over(self) -> bool:
        """Tell whether the work at home is over the limit."""
        return self.home > self.scale.most


def worked_of(facts: Facts, with_unconfirmed: bool) -> Worked | None:
    """Return the work by local date, None where there is none; ask for it by ``facts.once``."""
    return Worked(facts, with_unconfirmed) if facts.reported(with_unconfirmed) else None


def read_both(facts: Facts) -> Mapping[bool, Worked | None]:
    """Return the work with (true) and without (false) what waits for the person's word."""
    return {True: facts.once(worked_of, True), False: facts.once(worked_of, False)}


def weeks_of(facts: Facts, worked: Worked, end: date, reading: Reading, since: date = date.min) -> list[Week]:
    """Return the ISO weeks from the first work, or from the Monday ``since``, up to the Monday ``end``, sorted."""
    first = max(worked.first_monday, since).toordinal()
    return [week_of(facts, worked, date.fromordinal(number), reading) for number in range(first, end.toordinal(), 7)]


def week_of(facts: Facts, worked: Worked, monday: date, reading: Reading) -> Week:
    """Return one ISO week."""
    days = days_from(monday, 7)
    return Week(monday, worked.seconds(days, reading), _is_leave(facts, worked, days, reading))


def _is_leave(facts: Facts, worked: Worked, days: range, reading: Reading) -> bool:
    if not worked.is_free(days, reading) or not (facts.absences or facts.public_holidays):
        return False
    weekdays = facts.agreement.working_weekdays
    normal = [day for day in map(date.fromordinal, days) if day.weekday() in weekdays]
    return bool(normal) and all(facts.is_off(day) for day in normal)


def monday_before(facts: Facts, worked: Worked, end: date, enough: int) -> date:
    """Return the Monday from which on so many weeks before ``end`` are no leave, however unknown time is read."""
    monday = end
    while enough > 0 and monday > worked.first_monday:
        monday -= WEEK
        enough -= not _is_leave(facts, worked, days_from(monday, 7), Reading())
    return monday


def days_from(first: date, count: int) -> range:
    """Return some consecutive dates as ordinals."""
    number = first.toordinal()
    return range(number, number + count)
