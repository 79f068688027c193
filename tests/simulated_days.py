"""What the tests of the collector ask of a simulated laptop's days; see ``fakes.FakeLaptop``.

Days are those of the week from Monday 16 November 2026 in Copenhagen.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from fakes import ZONE, FakeLaptop
from fyraften_agent.facts import facts_document
from fyraften_agent.store.store import Store
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.intervals import Interval
from fyraften_policy.periods import parse_instant

ALWAYS = 2**40


def at(local: str) -> int:
    """Return the instant of a local time."""
    return parse_instant(local, ZONE)


def bounds(store: Store) -> list[tuple[int, int]]:
    """Return start and end of every session."""
    return [(session.start, session.end) for session in store.sessions(0, ALWAYS)]


def holes(laptop: FakeLaptop) -> list[Interval]:
    """Return what is not known, as the policy library reads the agent's facts, from the first look on."""
    facts = read_facts(document(laptop))
    return [hole for hole in facts.holes if hole.start >= at("2026-11-16T08:00")]


def document(laptop: FakeLaptop, first: date = date(2026, 11, 16)) -> dict[str, Any]:
    """Return the facts from a day on to the end of the week."""
    return facts_document(laptop.store, at=laptop.clock.now(), zone=ZONE, first=first, last=date(2026, 11, 22))


def rest_before_tuesday(laptop: FakeLaptop) -> str:
    """Return what the rule on daily rest says of the work since Tuesday 17 November."""
    return evaluate(read_facts(document(laptop, date(2026, 11, 17)))).summary["dk.rest.daily"]


def end_the_day(laptop: FakeLaptop) -> None:
    """Work from 08:00 and again until 22:00, then leave the computer alone for a quarter of an hour."""
    laptop.start()
    laptop.work(3600)
    laptop.idle_until("2026-11-16T20:00")
    laptop.work_until("2026-11-16T22:00")
    laptop.idle_until("2026-11-16T22:15")
