"""``no.rest.weekly``: 35 hours off in each week.

Arbeidsmiljøloven § 10-8, second paragraph. The act does not say when the seven days begin; the week is Monday to
Sunday, and a rest counts for the week in which it starts. A collective agreement may set a shorter rest, but not under
28 hours (third paragraph).
Not here: how the weeks are read (see ``week_rests.py``), the rest that makes up for a shorter one, and that Sundays are
off (see ``no_sunday.py``).
"""

from __future__ import annotations

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.no_main_periods import not_applicable
from fyraften_policy.rules.week_rests import WeekRestRule, judge_weeks

RULE = "no.rest.weekly"
FORCE = "law"
MINIMUM = "no.rest.weekly.minimum"
FLOOR = "no.rest.weekly.floor"


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each ISO week with work in the period; see :func:`judge_weeks`."""
    exempt = not_applicable(facts, RULE, FORCE, citation())
    return judge_weeks(facts, WeekRestRule(RULE, FORCE, MINIMUM, FLOOR)) if exempt is None else exempt
