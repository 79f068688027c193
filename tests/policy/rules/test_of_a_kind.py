"""Rules of a kind: each gives the answer of the rule that has a module, with the same parameters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fyraften_policy.evaluate import Rule
from fyraften_policy.facts import read_facts
from fyraften_policy.rules import day_break, eu_weekly_rest, hours_average
from fyraften_policy.rules.of_a_kind import average_hours, break_in_a_long_day, weekly_rest
from policy.norwegian import days, norwegian

PAIRS: dict[str, tuple[Callable[[], Rule], Rule]] = {
    "rest": (lambda: weekly_rest("eu.rest.weekly", minimum="eu.rest.weekly.minimum"), eu_weekly_rest),
    "break": (lambda: break_in_a_long_day("dk.break", after="dk.break.after", gap="dk.break.gap"), day_break),
    "hours": (
        lambda: average_hours("dk.hours.average", limit="dk.hours.average.limit", months="dk.hours.average.months"),
        hours_average,
    ),
}


@pytest.mark.parametrize("kind", PAIRS)
def test_a_rule_of_a_kind_answers_as_the_module_with_the_same_numbers(kind: str) -> None:
    make, written = PAIRS[kind]
    made = make()
    facts = read_facts(norwegian(*days(12, 16)))

    assert made.judge(facts) == written.judge(facts)
    assert made.judge(facts) != []
    assert (made.RULE, made.FORCE, made.citation()) == (written.RULE, written.FORCE, written.citation())
