"""Who is outside a rule on working time: the figures are shown as information, and say nothing about the rule.

Not here: which rules that is (see the modules that call this).
"""

from __future__ import annotations

from collections.abc import Sequence

from fyraften_policy.facts import Facts
from fyraften_policy.findings import NOT_APPLICABLE, REASONS, Finding, Step
from fyraften_policy.languages import mark
from fyraften_policy.unknowns import OPEN_QUESTION, QUESTION, UNOBSERVED

_NOTHING_TO_DECIDE = {step.message for step in (OPEN_QUESTION, QUESTION, UNOBSERVED)}


def unless_outside(facts: Facts, found: Sequence[Finding], *, foster_care: bool = False) -> list[Finding]:
    """Return the findings of a rule; for a person to whom it does not apply they are information only.

    Args:
        foster_care: whether the rule leaves out foster care in the home too, not only those who organise their time.
    """
    if facts.agreement.self_organiser:
        reason = "self_organiser"
    elif foster_care and facts.agreement.foster_care:
        reason = "foster_care"
    else:
        return list(found)
    more = (Step(REASONS[reason]), Step(mark("The figures are for information only.")))
    return [
        one._replace(
            verdict=NOT_APPLICABLE,
            steps=(*(step for step in one.steps if step.message not in _NOTHING_TO_DECIDE), *more),
            reason=reason,
        )
        for one in found
    ]
