"""Documents for the tests of the European rules and of the advice, and short ways to look at the answers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts

Document = dict[str, Any]
ZONE = "Europe/Berlin"
MACHINE_ZONES = ("UTC", "Europe/Copenhagen", "America/New_York")
HOUR = 3600


def european(*work: str, jurisdiction: str = "EU", zone: str = ZONE, place: str = "home", **more: Any) -> Document:
    """Return a document with work written ``2026-01-13T08:00/2026-01-13T16:00``; an end may leave out the date."""
    return {"jurisdiction": jurisdiction, "zone": zone, "work": [session(one, place=place) for one in work], **more}


def session(written_pair: str, **more: Any) -> Document:
    start, end = written_pair.split("/")
    return {"start": start, "end": end if "T" in end else f"{start[:10]}T{end}", **more}


def office(*days: str, hours: str = "08:00/16:00") -> list[str]:
    """Return the same hours on several dates."""
    return [f"{day}T{hours}" for day in days]


def written(instant: int) -> str:
    """Return an instant as the facts format writes it in UTC."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rows(spans: Iterable[tuple[int, int]], **more: Any) -> list[Document]:
    """Return sessions, or observed time, for spans of instants."""
    return [{"start": written(start), "end": written(end), **more} for start, end in spans]


def answer(document: Document) -> Document:
    """Return the answer as ``fyraften check`` writes it, in English."""
    return evaluate(read_facts(document)).as_json(str)


def verdict(document: Document, rule: str) -> str:
    return str(answer(document)["summary"][rule])


def findings(document: Document, rule: str) -> list[Document]:
    return [finding for finding in answer(document)["findings"] if finding["rule"] == rule]


def only(document: Document, rule: str) -> Document:
    (finding,) = findings(document, rule)
    return finding


def verdicts(document: Document, rule: str) -> list[str]:
    """Return the verdicts of a rule's findings, in order."""
    return [finding["verdict"] for finding in findings(document, rule)]


def said(finding: Document) -> str:
    """Return the steps of a finding as one text."""
    return " ".join(finding["steps"])


@contextmanager
def machine_in(zone: str) -> Iterator[None]:
    """Set another time zone of the machine, which must not matter."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
