"""``eu.rest.weekly``: 35 hours of rest in each week, 24 and the eleven of a daily rest.

Directive 2003/88/EC, article 5. The Court (C-306/16) lets the rest lie anywhere in each period of seven days; we read
the period as the ISO week, and count a rest for the week in which it starts. The reference period of up to 14 days that
article 16 allows to national law is not modelled.
Not here: how the weeks are read (see ``week_rests.py``).
"""

from __future__ import annotations

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.eu_own_time import with_note
from fyraften_policy.rules.week_rests import WeekRestRule, judge_weeks

RULE = "eu.rest.weekly"
FORCE = "law"
MINIMUM = "eu.rest.weekly.minimum"


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each ISO week with work in the period; see :func:`judge_weeks`."""
    return with_note(facts, judge_weeks(facts, WeekRestRule(RULE, FORCE, MINIMUM)))
