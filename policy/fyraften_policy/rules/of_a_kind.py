"""Rules of a kind that exists already, in a line each: for a country whose law differs in its numbers only.

A country in one small module is a tuple of these; ``docs/adding-a-country.md`` shows it.
Not here: the kinds themselves (see ``week_rests.py``, ``breaks.py`` and ``averages.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.averages import AverageRule, judge_average
from fyraften_policy.rules.breaks import BreakRule, judge_breaks
from fyraften_policy.rules.week_rests import WeekRestRule, judge_weeks


class RuleOfAKind(NamedTuple):
    """A rule as ``evaluate.RULES`` takes it: ``cited`` is the parameter that tells where the rule stands."""

    RULE: str
    FORCE: str
    cited: str
    judge: Callable[[Facts], list[Finding]]

    def citation(self) -> Citation:
        """Return where the rule stands."""
        return known_parameter(self.cited).citation


def weekly_rest(rule: str, *, minimum: str) -> RuleOfAKind:
    """Return a rule on a rest that starts in each ISO week; ``minimum`` is the parameter with its hours."""
    kind = WeekRestRule(rule, "law", minimum)
    return RuleOfAKind(rule, "law", minimum, lambda facts: judge_weeks(facts, kind))


def break_in_a_long_day(rule: str, *, after: str, gap: str) -> RuleOfAKind:
    """Return a rule on a break without a length: the parameters with the work after which it is due, and its least."""
    kind = BreakRule(rule, "law", after, gap)
    return RuleOfAKind(rule, "law", after, lambda facts: judge_breaks(facts, kind))


def average_hours(rule: str, *, limit: str, months: str) -> RuleOfAKind:
    """Return a rule on hours a week on average: the parameters with its limit and with its calendar months."""
    kind = AverageRule(rule, "law", limit, months)
    return RuleOfAKind(rule, "law", limit, lambda facts: judge_average(facts, kind))
