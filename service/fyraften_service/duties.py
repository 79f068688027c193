"""What follows for the employer when people report, by their own click, that the special screen rules apply. Pure.

Source: the Danish Working Environment Authority's guideline 3.7.1, section 6. Codes, not sentences: ``pages`` words
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ALWAYS = ("workplace_meets_rules", "pauses_arranged", "eye_test_offered")
"""The duties towards everybody whom the rules cover."""


@dataclass(frozen=True)
class Request:
    """What one person told in a month: whether the rules apply, and what they ask for."""

    name: str
    month: str
    covered: bool
    workplace_check: str
    equipment: tuple[str, ...]
    eye_test: bool

    @property
    def asks(self) -> bool:
        """Whether the person waits for something."""
        return bool(self.equipment) or self.eye_test or self.workplace_check == "help_wanted"


def request(name: str, month: str, answers: Mapping[str, Any]) -> Request:
    """Return what a report of ``duty`` says; an answer ``unknown`` asks for nothing."""
    wanted = answers["equipment_wanted"]
    return Request(
        name=name,
        month=month,
        covered=answers["screen_rule"] == "covered",
        workplace_check=answers["workplace_check"],
        equipment=tuple(wanted) if isinstance(wanted, list) else (),
        eye_test=answers["eye_test_wanted"] is True,
    )
