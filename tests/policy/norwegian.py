"""Norwegian facts documents for the policy tests, and short ways to judge them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts

Document = dict[str, Any]
ZONE = "Europe/Oslo"


def work(start: str, end: str, **more: Any) -> Document:
    """Return a session; an end without a date is on the day of the start: ``work("2026-01-13T08:00", "16:00")``."""
    return {"start": start, "end": end if "T" in end else f"{start[:10]}T{end}", **more}


def days(first_day: int, last_day: int, *, month: str = "2026-01", hours: tuple[str, str] = ("08:00", "16:00")) -> Any:
    """Return the same hours on some days of a month."""
    return [work(f"{month}-{day:02}T{hours[0]}", hours[1]) for day in range(first_day, last_day + 1)]


def norwegian(*sessions: Document, **more: Any) -> Document:
    """Return a Norwegian document without public holidays, unless they are told."""
    return {"jurisdiction": "NO", "zone": ZONE, "work": list(sessions), "public_holidays": [], **more}


def written(instant: int) -> str:
    """Return an instant as the facts format writes it in UTC."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def spans(intervals: list[tuple[int, int]], **more: Any) -> list[Document]:
    """Return sessions for intervals of instants."""
    return [{"start": written(start), "end": written(end), **more} for start, end in intervals]


def answer(document: Document) -> dict[str, Any]:
    """Return the answer as ``fyraften check`` writes it, in English."""
    return evaluate(read_facts(document)).as_json(str)


def verdict(document: Document, rule: str) -> str:
    """Return a rule's verdict in the summary."""
    return str(answer(document)["summary"][rule])


def findings(document: Document, rule: str) -> list[dict[str, Any]]:
    """Return the findings of one rule."""
    return [finding for finding in answer(document)["findings"] if finding["rule"] == rule]


def said(document: Document, rule: str) -> str:
    """Return the steps of a rule's findings as one text."""
    return " ".join(step for finding in findings(document, rule) for step in finding["steps"])
