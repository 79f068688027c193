"""``dk.hours.average``: at most 48 hours a week on average over four months, overtime included.

Arbejdstidsloven § 4; any period of four calendar months. Arbejdstilsynet does not supervise it.
Not here: how an average is taken (see ``averages.py``).
"""

from __future__ import annotations

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.averages import AverageRule, judge_average
from fyraften_policy.rules.outside import unless_outside

RULE = "dk.hours.average"
FORCE = "law"
LIMIT = "dk.hours.average.limit"
MONTHS = "dk.hours.average.months"


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(LIMIT).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding, about the worst window that ends in the period: hours a week against the limit."""
    return unless_outside(facts, judge_average(facts, AverageRule(RULE, FORCE, LIMIT, MONTHS)))
