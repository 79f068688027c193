"""Facts documents and findings of the Danish rules, for their tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import Facts, read_facts
from fyraften_policy.findings import Finding
from fyraften_policy.periods import format_instant, parse_instant

ZONE = "Europe/Copenhagen"


def facts(work: Iterable[str], **more: Any) -> Facts:
    """Return the facts of some sessions such as ``2026-01-13T08:00/2026-01-13T16:00``, and of ``sessions`` as told."""
    rows = [dict(zip(("start", "end"), pair.split("/"), strict=True)) for pair in work]
    rows += [
        dict(zip(("start", "end"), pair.split("/"), strict=True), confirmed=False)
        for pair in more.pop("unconfirmed", ())
    ]
    rows += more.pop("sessions", ())
    return read_facts({"jurisdiction": "DK", "zone": ZONE, "work": rows, "public_holidays": [], **more})


def findings(rule: str, work: Iterable[str], **more: Any) -> list[Finding]:
    """Return what a rule says about them."""
    return [found for found in evaluate(facts(work, **more)).findings if found.rule == rule]


def verdicts(rule: str, work: Iterable[str], **more: Any) -> list[str]:
    """Return the verdicts of a rule in their order."""
    return [found.verdict for found in findings(rule, work, **more)]


def text(finding: Finding) -> str:
    """Return the steps of a finding in one line."""
    return " ".join(step.text(str) for step in finding.steps)


def session(start: str, seconds: int) -> str:
    """Return a session that begins at a local time and takes some seconds, with offsets."""
    begin = parse_instant(start, ZONE)
    return f"{format_instant(begin, ZONE)}/{format_instant(begin + seconds, ZONE)}"


def observed(*pairs: str) -> list[dict[str, str]]:
    """Return observed time."""
    return [dict(zip(("start", "end"), pair.split("/"), strict=True)) for pair in pairs]
