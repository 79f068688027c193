"""Facts documents for the policy tests, and short ways to judge them and to look at the answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import Facts, read_facts

Document = dict[str, Any]


def session(start: str, end: str | None = None, **more: Any) -> Document:
    """Return a session; an end without a date is on the day of the start: ``session("2026-01-13T08:00", "16:00")``."""
    if end is None:
        return {"start": start, **more}
    return {"start": start, "end": end if "T" in end else f"{start[:10]}T{end}", **more}


def danish(*work: Document, **more: Any) -> Document:
    """Return a Danish document."""
    return {"jurisdiction": "DK", "zone": "Europe/Copenhagen", "work": list(work), **more}


def written(instant: int) -> str:
    """Return an instant as the facts format writes it in UTC."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def spans(intervals: list[tuple[int, int]], **more: Any) -> list[Document]:
    """Return sessions for intervals of instants."""
    return [{"start": written(start), "end": written(end), **more} for start, end in intervals]


def facts(document: Document) -> Facts:
    return read_facts(document)


def answer(document: Document) -> dict[str, Any]:
    """Return the answer as ``fyraften check`` writes it, in English."""
    return evaluate(read_facts(document)).as_json(str)


def verdict(document: Document, rule: str) -> str:
    """Return a rule's verdict in the summary."""
    return str(answer(document)["summary"][rule])


def findings(document: Document, rule: str) -> list[dict[str, Any]]:
    """Return the findings of one rule."""
    return [finding for finding in answer(document)["findings"] if finding["rule"] == rule]


def only(document: Document, rule: str) -> dict[str, Any]:
    """Return the one finding of a rule."""
    (finding,) = findings(document, rule)
    return finding


def said(finding: dict[str, Any]) -> str:
    """Return the steps of a finding as one text."""
    return " ".join(finding["steps"])
