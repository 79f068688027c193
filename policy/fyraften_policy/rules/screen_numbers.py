"""The law's numbers of ``dk.screen.home`` on a date, and what is known before the end of a window.

Not here: the verdict (see ``screen_at_home.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import floor
from typing import NamedTuple

from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.parameters import InForce
from fyraften_policy.rules.screen_weeks import Average, Places, Scale, Week

LIMIT = "dk.screen.home.limit"
COMBINED = "dk.screen.home.combined"
DAY = "dk.screen.home.day"
WINDOW = "dk.screen.home.window"
HISTORY = "dk.screen.home.history"
REGULAR = "dk.screen.home.regular"


class Numbers(NamedTuple):
    """The law's numbers on the last day of a window; ``day`` in seconds, ``combined`` None before there was such."""

    limit: InForce
    combined: InForce | None
    day: int
    window: int
    history: int
    regular: int
    history_value: InForce
    regular_value: InForce
    scales: dict[Fraction | int, Scale]  # by the weeks, as far as they have been asked for

    def average(self, seconds: Places, weeks: Fraction | int) -> Average:
        """Return the average of some work over so many weeks."""
        scale = self.scales.get(weeks)
        if scale is None:
            scale = self.scales[weeks] = self._scale(Fraction(self.day * weeks))
        home = seconds.get("home", 0)
        together = home + seconds.get("fixed_site", 0) + seconds.get("changing_site", 0)
        return Average(seconds, scale, home, together)

    def _scale(self, day: Fraction) -> Scale:
        together = None if self.combined is None else floor(Fraction(self.combined.amount) * day)
        return Scale(day, floor(Fraction(self.limit.amount) * day), together)


class Past(NamedTuple):
    """The weeks before the end of a window, those of leave left out: how many, and the latest of them.

    ``at_home`` tells in how many of those by which regularity goes there was screen work at home.
    """

    known: int
    latest: Sequence[Week]
    at_home: int

    def weeks_at(self, place: str, numbers: Numbers) -> int:
        """Return in how many of the weeks by which regularity goes there was screen work at a place."""
        return weeks_at(place, self.latest[-numbers.history :])

    def is_regular(self, numbers: Numbers) -> bool:
        """Tell whether screen work at home is regular: in enough weeks of a history that is long enough."""
        return self.known >= numbers.history and self.at_home >= numbers.regular


def weeks_at(place: str, weeks: Sequence[Week]) -> int:
    """Return in how many of some weeks there was screen work at a place."""
    return sum([week.seconds.get(place, 0) > 0 for week in weeks])


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    on = facts.parameters.on
    history, regular = on(HISTORY, day), on(REGULAR, day)
    limit, combined = on(LIMIT, day), _combined_on(facts, day)
    return Numbers(
        limit, combined, on(DAY, day).seconds, int(on(WINDOW, day).amount), int(history.amount), int(regular.amount),
        history, regular, {},
    )  # fmt: skip


def _combined_on(facts: Facts, day: date) -> InForce | None:
    try:
        return facts.parameters.on(COMBINED, day)
    except NotInForceError:
        return None
