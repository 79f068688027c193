"""The law's numbers of ``dk.screen.home`` on a date, and what is known before the end of a window.

Not here: the verdict (see ``screen_at_home.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.parameters import InForce
from fyraften_policy.rules.screen_weeks import Average, Week

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
    most: Fraction
    most_together: Fraction | None

    def average(self, seconds: dict[str, int], weeks: Fraction | int) -> Average:
        """Return the average of some work over so many weeks."""
        return Average(seconds, Fraction(self.day * weeks))


class Past(NamedTuple):
    """The weeks before the end of a window, those of leave left out: how many, and the latest of them."""

    known: int
    latest: Sequence[Week]

    def weeks_at(self, place: str, numbers: Numbers) -> int:
        """Return in how many of the weeks by which regularity goes there was screen work at a place."""
        return sum([week.seconds.get(place, 0) > 0 for week in self.latest[-numbers.history :]])

    def is_regular(self, numbers: Numbers) -> bool:
        """Tell whether screen work at home is regular: in enough weeks of a history that is long enough."""
        return self.known >= numbers.history and self.weeks_at("home", numbers) >= numbers.regular


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    on = facts.parameters.on
    history, regular = on(HISTORY, day), on(REGULAR, day)
    limit, combined = on(LIMIT, day), _combined_on(facts, day)
    return Numbers(
        limit, combined, on(DAY, day).seconds, int(on(WINDOW, day).amount), int(history.amount), int(regular.amount),
        history, regular, Fraction(limit.amount), None if combined is None else Fraction(combined.amount),
    )  # fmt: skip


def _combined_on(facts: Facts, day: date) -> InForce | None:
    try:
        return facts.parameters.on(COMBINED, day)
    except NotInForceError:
        return None
