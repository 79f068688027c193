"""``eu.hours.average``: at most 48 hours a week on average over four months, overtime included.

Directive 2003/88/EC, articles 6 and 16. The windows roll, because periods that straddle two fixed ones must be safe too
(C-254/18).
Not here: how an average is taken (see ``averages.py``).
"""

from __future__ import annotations

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.averages import AverageRule, judge_average
from fyraften_policy.rules.eu_own_time import with_note

RULE = "eu.hours.average"
FORCE = "law"
LIMIT = "eu.hours.average.limit"
MONTHS = "eu.hours.average.months"


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(LIMIT).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding, about the worst window that ends in the period: hours a week against the limit."""
    return with_note(facts, judge_average(facts, AverageRule(RULE, FORCE, LIMIT, MONTHS)))
