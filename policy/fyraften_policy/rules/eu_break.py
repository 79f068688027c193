"""``eu.break``: a break in a day of more than six hours of work.

Directive 2003/88/EC, article 4, which leaves the length to collective agreements and national law.
Not here: how a day and its gaps are read (see ``breaks.py``), and pauses at the screen.
"""

from __future__ import annotations

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.breaks import BreakRule, judge_breaks
from fyraften_policy.rules.eu_own_time import with_note

RULE = "eu.break"
FORCE = "law"
AFTER = "eu.break.after"
GAP = "eu.break.gap"


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(AFTER).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each day of the period with work: its work against that after which a break is due."""
    return with_note(facts, judge_breaks(facts, BreakRule(RULE, FORCE, AFTER, GAP)))
