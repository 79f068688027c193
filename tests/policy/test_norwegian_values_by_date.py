"""Each day is judged by the values of that day: a number of Norwegian law that changes within the period changes there.

The law is given a second value from a Monday on. What lies before must be judged as by the law of today, and what lies
after as if the new value had always held.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from fyraften_policy import parameters
from policy.norwegian import Document, answer, norwegian, work
from policy.other_law import law_with

RULES = (
    "no.rest.daily", "no.rest.weekly", "no.night", "no.sunday", "no.hours", "no.overtime", "no.break",
    "no.home_agreement",
)  # fmt: skip
CHANGE = date(2026, 3, 30)
OTHER = {
    "no.rest.daily.minimum": "12",
    "no.rest.daily.window": "20",
    "no.rest.daily.floor": "9",
    "no.rest.weekly.minimum": "40",
    "no.rest.weekly.floor": "30",
    "no.night.from": "20",
    "no.night.to": "7",
    "no.night.agreement_until": "22",
    "no.sunday.from": "17",
    "no.sunday.from_special_eve": "14",
    "no.sunday.from_eve_of_may": "21",
    "no.sunday.to": "21",
    "no.hours.day": "12",
    "no.hours.week": "10",
    "no.hours.weeks": "4",
    "no.hours.ordinary_day": "8.5",
    "no.overtime.ordinary_week": "38",
    "no.overtime.week": "5",
    "no.overtime.four_weeks": "12",
    "no.overtime.four_weeks.count": "3",
    "no.overtime.year": "15",
    "no.overtime.year.count": "40",
    "no.break.after": "5",
    "no.break.long_day": "7.5",
    "no.break.total": "40",
    "no.break.gap": "10",
    "no.home_agreement.days": "2",
    "no.home_agreement.window": "3",
    "no.home_agreement.lasting": "6",
    "no.home_agreement.doubtful": "5",
    "no.home_agreement.history": "5",
}
EVENING = {"agreement": {"night_agreement_until": "23:00"}}
# What an agreement may set, and until when, shows only where there is one.
MORE: dict[str, dict[str, Any]] = {
    "no.rest.daily.floor": {"parameters": {"no.rest.daily.minimum": 5}},
    "no.rest.weekly.floor": {"parameters": {"no.rest.weekly.minimum": 20}},
}
NIGHT = ("no.night.from", "no.night.to")
HOLIDAYS = ["2026-04-02", "2026-04-03", "2026-04-05", "2026-04-06", "2026-05-01"]


def spring(**more: Any) -> Document:
    """Return a plain week before the change and odd ones after it, up to the beginning of May."""
    plain = [
        row
        for day in range(23, 28)
        for row in (work(f"2026-03-{day}T08:00", "12:00", place="home"), work(f"2026-03-{day}T12:30", "15:30"))
    ]
    return norwegian(
        *plain,
        work("2026-03-30T08:00", "12:00", place="home"), work("2026-03-30T12:07", "15:20"),  # a break of seven minutes
        work("2026-03-30T20:30", "22:30"),
        work("2026-03-31T06:30", "11:45", place="home"),  # no break
        work("2026-03-31T18:00", "23:30"),
        work("2026-04-01T08:00", "12:00"), work("2026-04-01T12:20", "16:05"),  # twenty minutes
        work("2026-04-01T17:30", "17:45"),  # the eve of Maundy Thursday
        work("2026-04-03T21:30", "21:45"),  # the evening of Good Friday
        work("2026-04-04T14:30", "14:45"),  # Easter Eve
        work("2026-04-08T06:00", "2026-04-09T03:00"),  # 21 hours
        work("2026-04-10T22:00", "23:30"), work("2026-04-11T00:05", "01:00"),  # 35 minutes over midnight
        *(work(f"2026-04-{day}T08:00", "18:10", place="home") for day in (13, 14, 15, 16, 17)),
        work("2026-04-30T21:30", "21:45"),  # the eve of 1 May
        public_holidays=HOLIDAYS,
        period={"start": "2026-03-23", "end": "2026-05-04"},
        **more,
    )  # fmt: skip


def findings_by(document: Document, since: date) -> dict[tuple[str, ...], Any]:
    """Return what the Norwegian rules say, by rule, time and unit; the steps tell the date ``since`` for the change."""
    found = {}
    for one in answer(document)["findings"]:
        if one["rule"] in RULES:
            steps = [step.replace(f"; {CHANGE}]", f"; {since}]") for step in one["steps"]]
            key = (one["rule"], one["period"]["start"], one["period"]["end"], str(one["unit"]))
            found[key] = (one["verdict"], one["measured"], one["limit"], one["reason"], steps)
    return found


@pytest.mark.parametrize(
    ("name", "more"),
    [
        *((name, MORE.get(name, {})) for name in parameters.law_of("no") if name != "no.night.agreement_until"),
        *((name, EVENING) for name in (*NIGHT, "no.night.agreement_until")),
    ],
)
def test_a_value_that_changes_within_the_period_changes_on_its_day(name: str, more: dict[str, Any]) -> None:
    document = spring(**more)
    today = parameters.law_of("no")[name].values
    other = today[0]._replace(amount=Decimal(OTHER[name]))
    first = other._replace(since=CHANGE)
    before = findings_by(document, today[0].since)
    with law_with("no", name, other):
        after = findings_by(document, today[0].since)
    with law_with("no", name, *today, first):
        dated = findings_by(document, today[0].since)

    midnight = "2026-03-30T00:00:00+02:00"
    assert {key: one for key, one in dated.items() if key[2] <= midnight} == {
        key: one for key, one in before.items() if key[2] <= midnight
    }
    assert {key: one for key, one in dated.items() if key[2] > midnight} == {
        key: one for key, one in after.items() if key[2] > midnight
    }
    assert dated != before


@pytest.mark.parametrize("name", NIGHT)
def test_the_night_changes_on_its_day_also_where_the_law_knows_no_agreement_on_the_evening_yet(name: str) -> None:
    agreement = parameters.law_of("no")["no.night.agreement_until"].values[0]

    with law_with("no", "no.night.agreement_until", agreement._replace(since=date(2026, 6, 1))):
        test_a_value_that_changes_within_the_period_changes_on_its_day(name, EVENING)


@pytest.mark.parametrize(
    ("rule", "name", "start"),
    [("no.hours", "no.hours.weeks", "2026-02-02"), ("no.overtime", "no.overtime.four_weeks.count", "2026-03-02")],
)
def test_weeks_are_taken_together_as_the_law_has_it_on_the_last_day_of_them(rule: str, name: str, start: str) -> None:
    today = parameters.law_of("no")[name].values
    first = today[0]._replace(amount=Decimal(OTHER[name]), since=CHANGE)
    document = norwegian(work("2026-03-24T08:00", "16:00"), period={"start": "2026-03-23", "end": "2026-03-30"})

    with law_with("no", name, *today, first):
        starts = [one["period"]["start"][:10] for one in answer(document)["findings"] if one["rule"] == rule]

    assert start in starts  # eight weeks and four, not the four and three of the Monday after


def test_ordinary_hours_of_a_week_are_those_of_its_sunday() -> None:
    name = "no.overtime.ordinary_week"
    today = parameters.law_of("no")[name].values
    first = today[0]._replace(amount=Decimal(OTHER[name]), since=CHANGE)
    week = [work(f"2026-{day}T08:00", "16:00") for day in ("03-30", "03-31", "04-01", "04-02", "04-03")]

    with law_with("no", name, *today, first):
        measured = [one["measured"] for one in answer(norwegian(*week))["findings"] if one["rule"] == "no.overtime"]

    assert measured == [7200, 7200, 7200]


@pytest.mark.parametrize("name", ["no.home_agreement.days", "no.home_agreement.window"])
def test_weeks_at_home_are_judged_by_the_law_of_the_last_day_of_them(name: str) -> None:
    today = parameters.law_of("no")[name].values
    first = today[0]._replace(amount=Decimal(OTHER[name]), since=CHANGE)
    days = (work("2026-03-02T08:00", "16:00", place="home"), work("2026-03-24T08:00", "16:00", place="home"))
    document = norwegian(*days, period={"start": "2026-03-23", "end": "2026-03-30"})

    with law_with("no", name, *today, first):
        (one,) = [one for one in answer(document)["findings"] if one["rule"] == "no.home_agreement"]

    assert (one["measured"], one["limit"], one["citation"]["parameter"]["value"]) == (0.5, 1, 1)
    assert one["period"]["start"] == "2026-03-02T00:00:00+01:00"
