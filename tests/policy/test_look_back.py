"""How far back facts can matter: what lies before changes nothing that is said of today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.look_back import needed_from

TODAY = date(2026, 6, 10)
HOURS = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=offset) for offset in range(count)]


def test_the_longest_windows_are_twelve_months_and_some_days() -> None:
    assert needed_from(TODAY, (), {}) == date(2025, 5, 26)


def test_weeks_with_days_off_are_gone_back_over() -> None:
    leave = set(days_from(date(2025, 2, 3), 470))

    assert needed_from(TODAY, leave, {}) == date(2025, 2, 3) - timedelta(weeks=7)


def test_an_agreement_can_ask_for_more_weeks() -> None:
    leave = set(days_from(date(2025, 6, 2), 7))

    assert needed_from(TODAY, leave, {"dk.screen.home.history": 52, "dk.rest.daily.minimum": 10}) == date(2025, 5, 26)
    assert needed_from(TODAY, leave, {"dk.screen.home.history": 60, "no.such.thing": 1}) == TODAY - timedelta(
        weeks=62, days=TODAY.weekday()
    )


def history(seed: st.DataObject, first: date) -> list[dict[str, Any]]:
    """Return work on most days from ``first`` to today: by day, sometimes into the night or at the week-end."""
    rows = []
    for day in days_from(first, (TODAY - first).days + 1):
        kind = seed.draw(st.sampled_from("ooooohhhnxw" if day.weekday() < 5 else "xxxxw"))
        if kind == "x":
            continue
        begin, hours = {"o": ("08:00", 8), "h": ("08:30", 7), "n": ("17:00", 11), "w": ("06:00", 15)}[kind]
        start = f"{day}T{begin}"
        end = (
            (day + timedelta(hours=24)).isoformat() + "T04:00"
            if kind == "n"
            else f"{day}T{int(begin[:2]) + hours:02}:00"
        )
        place = seed.draw(st.sampled_from(["home", "fixed_site"])) if kind == "h" else "fixed_site"
        rows.append({"start": start, "end": end, "place": place, "confirmed": seed.draw(st.integers(0, 30)) > 0})
    return rows


@settings(max_examples=15, deadline=None)
@given(st.data(), st.sampled_from(["DK", "NO", "EU"]), st.booleans(), st.booleans())
def test_earlier_facts_change_nothing_that_is_said_of_today(
    seed: st.DataObject, jurisdiction: str, everything_seen: bool, long_leave: bool
) -> None:
    rows = history(seed, TODAY - timedelta(days=500))
    leave = days_from(date(2025, 7, 7), 250 if long_leave else 21)
    off = {str(day) for day in leave}
    rows = [row for row in rows if row["start"][:10] not in off]
    begin = needed_from(TODAY, set(leave), {})
    document = {
        "jurisdiction": jurisdiction, "zone": "Europe/Oslo", "public_holidays": [],
        "absences": [{"start": str(leave[0]), "end": str(leave[-1]), "kind": "holiday"}],
        "agreement": {"normal_hours": HOURS, "weekly_hours": 37, "home_days": 2},
        "period": {"start": str(TODAY), "end": str(TODAY + timedelta(days=1))}, "at": f"{TODAY}T18:00",
    }  # fmt: skip
    seen = [
        {"start": "2024-06-01T00:00", "end": "2026-06-09T12:00"},
        {"start": "2026-06-09T13:00", "end": "2027-01-01T00:00"},
    ]
    cut = [{**seen[0], "start": f"{begin}T00:00"}, seen[1]]

    told = [
        judged({**document, "work": work, "observed": "all" if everything_seen else observed})
        for work, observed in ((rows, seen), ([row for row in rows if row["end"][:10] >= str(begin)], cut))
    ]

    assert told[0] == told[1]


def judged(document: dict[str, Any]) -> list[tuple[object, ...]]:
    findings = evaluate(read_facts(document)).findings
    return [(one.rule, one.verdict, one.start, one.end, one.measured, one.limit, one.reason) for one in findings]


@pytest.mark.parametrize("days", [400, 4000])
def test_it_does_not_depend_on_how_long_the_absences_are(days: int) -> None:
    assert needed_from(TODAY, set(days_from(TODAY - timedelta(days=days), days)), {}) < TODAY - timedelta(days=days)
