"""``dk.screen.home`` where one of its numbers changes in the middle of a month: each window goes by its last day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fyraften_policy import parameters
from policy.documents import danish, findings, session
from policy.other_law import law_with

CHANGE = date(2026, 3, 18)  # a Wednesday
HOURS = (16, 16, 1, 16, 15, 17, 16, 15, 18, 14, 0, 15, 17)  # at home, in the weeks from 5 January on


def judged_by(since: date) -> dict[str, Any]:
    """Return what the rule says by the end of the window; the steps tell the date ``since`` for the change."""
    mondays = [date(2026, 1, 5) + timedelta(days=7 * number) for number in range(len(HOURS))]
    worked = [(day, hours) for day, hours in zip(mondays, HOURS, strict=True) if hours]
    rows = [session(f"{day}T01:00", f"{1 + hours:02}:00", place="home") for day, hours in worked]
    found = {}
    for one in findings(danish(*rows, period={"start": "2026-03-02", "end": "2026-04-06"}), "dk.screen.home"):
        one["citation"]["parameter"]["from"] = str(since)
        one["steps"] = [step.replace(f"; {CHANGE}]", f"; {since}]") for step in one["steps"]]
        found[one["period"]["end"]] = one
    return found


@pytest.mark.parametrize(
    ("number", "amount"), [("limit", "2.1"), ("day", "8"), ("window", "3"), ("history", "12"), ("regular", "8")]
)
def test_a_number_that_changes_within_a_month_counts_from_the_first_window_that_ends_after_it(
    number: str, amount: str
) -> None:
    name = f"dk.screen.home.{number}"
    today = parameters.law_of("dk")[name].values
    other = today[-1]._replace(amount=Decimal(amount))
    before = judged_by(other.since)
    with law_with("dk", name, *today[:-1], other):
        after = judged_by(other.since)
    with law_with("dk", name, *today, other._replace(since=CHANGE)):
        dated = judged_by(other.since)

    assert list(dated) == list(before)
    assert dated == {end: (before if end <= str(CHANGE) else after)[end] for end in before}
    assert dated != before
