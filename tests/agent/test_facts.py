"""From the store to the facts format of the policy library."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fyraften_agent.facts import facts_document
from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan, ObservedTime
from fyraften_agent.store.store import Store
from fyraften_policy.facts import read_facts
from fyraften_policy.periods import parse_instant

ZONE = "Europe/Copenhagen"
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)


def at(local: str) -> int:
    return parse_instant(local, ZONE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "work.sqlite3") as opened:
        yield opened


def document(store: Store, now: str | None = None, zone: str = ZONE) -> dict[str, Any]:
    return facts_document(store, at=None if now is None else at(now), zone=zone, first=MONDAY, last=SUNDAY)


def measure(store: Store, number: int, start: str, end: str, *, is_open: bool = False) -> None:
    span = MeasuredSpan(number, at(start), at(end), 30)
    store.write_measured(Changes((span,), (MeasuredSession(number, at(start), at(end), is_open),)), ZONE, "a" * 64)


def observe(store: Store, number: int, start: str, end: str, ended: Any = None) -> None:
    store.write_measured(Changes(observed=(ObservedTime(number, at(start), at(end), ended),)), ZONE, None)


def test_an_empty_store_gives_facts_in_which_nothing_is_known(store: Store) -> None:
    facts = read_facts(document(store, "2026-11-18T12:00"))

    assert facts.work == ()
    assert facts.observed == ()
    assert (facts.jurisdiction, facts.zone) == ("DK", ZONE)
    assert (facts.first_day, facts.end_day) == (MONDAY, date(2026, 11, 23))


def test_work_is_told_with_its_place_workstation_and_whether_it_is_confirmed(store: Store) -> None:
    measure(store, 1, "2026-11-16T08:00", "2026-11-16T12:00")
    measure(store, 2, "2026-11-16T22:00", "2026-11-16T22:04")
    store.assign("a" * 64, store.add_place("home", "Flat", "mobile", 0), 0)

    told = document(store)["work"]

    assert told == [
        {
            "start": "2026-11-16T07:00:00Z",
            "end": "2026-11-16T11:00:00Z",
            "place": "home",
            "workstation": "mobile",
            "confirmed": True,
        },
        {
            "start": "2026-11-16T21:00:00Z",
            "end": "2026-11-16T21:04:00Z",
            "place": "home",
            "workstation": "mobile",
            "confirmed": False,
        },
    ]


def test_the_policy_library_reads_every_document_the_agent_writes(store: Store) -> None:
    measure(store, 1, "2026-11-16T08:00", "2026-11-16T12:00")
    measure(store, 2, "2026-11-17T08:00", "2026-11-17T08:00")
    observe(store, 3, "2026-11-16T07:50", "2026-11-17T09:00")
    store.record_agreement(
        {
            "jurisdiction": "NO",
            "agreement": {"weekly_hours": 37.5, "normal_hours": {"mon": [["08:00", "16:00"]]}},
            "absences": [{"start": "2026-11-19", "end": "2026-11-20", "kind": "holiday"}],
            "parameters": {},
        },
        0,
    )

    facts = read_facts(document(store, "2026-11-17T09:00"))

    assert [(work.start, work.end) for work in facts.work] == [(at("2026-11-16T08:00"), at("2026-11-16T12:00"))]
    assert facts.jurisdiction == "NO"
    assert facts.is_off(date(2026, 11, 19))
    assert facts.agreement.normal_hours is not None
    assert facts.activity is not None
    assert facts.at == at("2026-11-17T09:00")


def test_a_single_input_is_no_work_with_a_length(store: Store) -> None:
    measure(store, 1, "2026-11-17T08:00", "2026-11-17T08:00")

    told = document(store)

    assert (told["work"], told["activity"]) == ([], [])


def test_earlier_work_is_told_because_rules_look_back_and_later_work_is_not(store: Store) -> None:
    measure(store, 1, "2026-09-01T08:00", "2026-09-01T12:00")
    measure(store, 2, "2026-11-22T23:30", "2026-11-23T00:30")
    measure(store, 3, "2026-11-23T08:00", "2026-11-23T12:00")

    told = document(store)

    assert [work["start"] for work in told["work"]] == ["2026-09-01T06:00:00Z", "2026-11-22T22:30:00Z"]
    assert [span["start"] for span in told["activity"]] == ["2026-11-22T22:30:00Z"]


@pytest.mark.parametrize(
    ("zone", "jurisdiction"), [("Europe/Copenhagen", "DK"), ("Europe/Oslo", "NO"), ("Europe/Lisbon", "EU")]
)
def test_without_an_agreement_the_zone_names_the_law(store: Store, zone: str, jurisdiction: str) -> None:
    assert document(store, zone=zone)["jurisdiction"] == jurisdiction


def test_the_agreement_names_the_law_wherever_the_laptop_is(store: Store) -> None:
    store.record_agreement({"jurisdiction": "DK", "agreement": {}, "absences": [], "parameters": {}}, 0)

    assert document(store, zone="Europe/Oslo")["jurisdiction"] == "DK"


def test_public_holidays_of_the_country_are_told(store: Store) -> None:
    told = facts_document(store, at=None, zone=ZONE, first=date(2026, 12, 21), last=date(2026, 12, 27))

    assert "2026-12-25" in told["public_holidays"]
    assert "2027-01-01" in told["public_holidays"]


@pytest.mark.parametrize(("now", "is_known"), [("2026-11-18T12:01:20", True), ("2026-11-18T12:01:21", False)])
def test_what_goes_on_is_observed_up_to_now_although_it_is_written_once_a_minute(
    store: Store, now: str, is_known: bool
) -> None:
    observe(store, 1, "2026-11-16T08:00", "2026-11-18T12:00")

    facts = read_facts(document(store, now))

    holes = [hole for hole in facts.holes if hole.start >= at("2026-11-16T08:00")]
    assert holes == ([] if is_known else [(at("2026-11-18T12:00"), at(now))])


def test_what_has_ended_is_not_stretched_to_now(store: Store) -> None:
    observe(store, 1, "2026-11-16T08:00", "2026-11-18T12:00", "pause")

    facts = read_facts(document(store, "2026-11-18T12:00:30"))

    assert facts.holes[-1] == (at("2026-11-18T12:00"), at("2026-11-18T12:00:30"))


def test_days_without_a_present_are_told_whole(store: Store) -> None:
    assert "at" not in document(store)
    assert document(store)["period"] == {"start": "2026-11-16", "end": "2026-11-23"}


def test_work_is_told_from_as_far_back_as_a_rule_can_look(store: Store) -> None:
    measure(store, 1, "2024-11-18T08:00", "2024-11-18T12:00")
    measure(store, 2, "2025-11-17T08:00", "2025-11-17T12:00")
    observe(store, 1, "2024-01-01T00:00", "2026-11-18T00:00")

    told = document(store)

    assert [row["start"] for row in told["work"]] == ["2025-11-17T07:00:00Z"]
    assert told["observed"] == [{"start": "2025-10-31T23:00:00Z", "end": "2026-11-17T23:00:00Z"}]


def test_leave_is_looked_back_over(store: Store) -> None:
    measure(store, 1, "2024-11-18T08:00", "2024-11-18T12:00")
    leave = {"start": "2024-11-25", "end": "2026-11-01", "kind": "leave"}
    store.record_agreement({"jurisdiction": "DK", "agreement": {}, "absences": [leave], "parameters": {}}, 0)

    assert [row["start"] for row in document(store)["work"]] == ["2024-11-18T07:00:00Z"]
