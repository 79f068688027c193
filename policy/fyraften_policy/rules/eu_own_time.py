"""Persons who decide on their own working time, in the European Union: what the directive leaves to national law.

Directive 2003/88/EC, article 17(1), allows national law to except them from articles 3 to 6. The directive by itself
excepts nobody, so the rules judge, and say that national law may be otherwise.
Not here: Denmark and Norway, whose exceptions stand in their rules.
"""

from __future__ import annotations

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding, Step
from fyraften_policy.languages import mark

_NOTE = Step(
    mark(
        "You are told to decide on your own working time. National law may except you then (article 17(1) of the "
        "directive); whether it does is not known here, so this is judged by the general rule."
    )
)


def with_note(facts: Facts, findings: list[Finding]) -> list[Finding]:
    """Return the findings, with a sentence on article 17(1) for whom it may concern."""
    return [finding.with_step(_NOTE) for finding in findings] if facts.agreement.self_organiser else findings
