"""``dk.break``: a break in a day of more than six hours of work.

Arbejdstidsloven § 3. The law sets no length, so a day without any is in doubt and never broken.
Not here: how a day and its gaps are read (see ``breaks.py``), and pauses at the screen.
"""

from __future__ import annotations

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.breaks import BreakRule, judge_breaks
from fyraften_policy.rules.outside import unless_outside

RULE = "dk.break"
FORCE = "law"
AFTER = "dk.break.after"
GAP = "dk.break.gap"


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(AFTER).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each day of the period with work: its work against that after which a break is due."""
    return unless_outside(facts, judge_breaks(facts, BreakRule(RULE, FORCE, AFTER, GAP)))
