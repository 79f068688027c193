"""``dk.night``: the sentences, which window is the answer, whose figures are told, and which numbers hold."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from fyraften_policy.parameters import known_parameter
from fyraften_policy.periods import parse_instant
from policy.danish import ZONE, findings, observed, session, text

RULE = "dk.night"
ONE_MONTH = {"dk.night.months": 1}
LOW_LIMIT = {**ONE_MONTH, "dk.night.limit": 0.1}  # so that every night worker is over it
IN_MARCH = {"start": "2026-03-03", "end": "2026-03-04"}
NUMBERS = ("limit", "year", "year_months", "share", "days_off", "months")


def nights(first: str, count: int, start: str, seconds: int) -> list[str]:
    begin = date.fromisoformat(first)
    return [session(f"{begin + timedelta(days=number)}T{start}", seconds) for number in range(count)]


# The sentences


def test_a_day_of_night_work_is_told_with_its_night_and_its_number() -> None:
    note, _ = findings(RULE, [session("2026-10-24T22:00", 4 * 3600)])

    assert note.value is not None
    assert note.value.parameter.id == "dk.night.day"
    told = [step.text(str) for step in note.steps]
    assert told[:3] == [
        "The night is from 2026-10-24 22:00 to 2026-10-25 05:00.",
        "The clock is changed in that time; hours are counted as they pass.",
        "Of the work that begins on 2026-10-24, 4 h lies in the night.",
    ]
    assert told[3].startswith("From 3 h on it is a day of night work [")


def test_the_average_of_a_night_worker_that_is_met_adds_up() -> None:
    work = [*nights("2026-02-04", 23, "00:00", 8 * 3600), session("2026-03-03T00:00", 8 * 3600)]

    found = findings(RULE, work, parameters=ONE_MONTH, period=IN_MARCH)[-1]

    assert (found.verdict, found.limit) == ("met", 8)
    assert found.value is not None
    assert found.value.parameter.id == "dk.night.limit"
    assert "In the 12 months up to 2026-03-03 the night work is 120 h. A night worker has at least 300 h in that" in (
        text(found)
    )
    assert "More than 50 % of them would make it normal, and so make a night worker [" in text(found)
    assert "Days off are left out, 1 a week [" in text(found)
    assert "The rule is at most 8 hours [" in text(found)
    assert "8 h × 24.0 is 192 h: the work is 0 min less, and the rule is met." in text(found)


def test_one_day_that_counts_has_no_day_off_but_a_seventh_of_one() -> None:
    leave = [{"start": "2026-02-04", "end": "2026-03-02", "kind": "holiday"}]

    found = findings(RULE, ["2026-03-03T00:00/2026-03-03T05:00"], parameters=ONE_MONTH, period=IN_MARCH, absences=leave)

    assert found[-1].measured == pytest.approx(5 * 7 / 6)


@pytest.mark.parametrize(("start", "notes"), [("2026-01-13T00:00", 1), ("2026-01-14T00:00", 0)])
def test_a_day_of_night_work_belongs_to_the_period_in_which_it_begins(start: str, notes: int) -> None:
    period = {"start": "2026-01-13", "end": "2026-01-14"}
    work = [session("2026-01-13T12:00", 3600), session(start, 4 * 3600)]

    found = findings(RULE, work, period=period, at="2026-01-15T00:00")

    assert len([one for one in found if one.unit == "second"]) == notes


@pytest.mark.parametrize("is_told", [True, False])
def test_a_night_that_nobody_has_called_work_is_not_told_as_night_work(*, is_told: bool) -> None:
    night, by_day = [session("2026-01-13T00:00", 4 * 3600)], [session("2026-01-14T08:00", 3600)]

    found = findings(RULE, [*by_day, *night] if is_told else by_day, unconfirmed=[] if is_told else night)

    assert [one.unit for one in found] == ["second", "hour_per_day"][not is_told :]


# Which window is the answer


@pytest.mark.parametrize(
    ("more", "verdict", "reason"),
    [
        ({"work": nights("2026-02-04", 5, "22:00", 4 * 3600)}, "broken", None),
        ({"unconfirmed": nights("2026-02-04", 5, "22:00", 4 * 3600)}, "attention", None),
        (
            {"observed": observed("2024-01-01T00:00/2026-02-04T22:00", "2026-02-07T02:00/2026-06-01T00:00")},
            "not_judged",
            "unobserved",
        ),
    ],
    ids=["told", "unconfirmed", "unobserved"],
)
def test_nights_long_before_the_end_of_the_period_decide(
    more: dict[str, Any], verdict: str, reason: str | None
) -> None:
    by_day = [session("2026-02-20T08:00", 3600), session("2026-05-20T08:00", 3600)]
    work = [*more.pop("work", ()), *by_day]

    found = findings(RULE, work, parameters=LOW_LIMIT, period={"start": "2026-02-04", "end": "2026-05-31"}, **more)

    assert (found[-1].verdict, found[-1].reason) == (verdict, reason)


def test_an_unobserved_hour_at_night_may_make_the_three_hundred_of_a_year() -> None:
    work = [*nights("2025-04-01", 299, "22:00", 3600), *nights("2026-02-20", 12, "08:00", 3600)]
    seen = observed("2024-01-01T00:00/2026-02-10T22:00", "2026-02-10T23:00/2026-03-05T00:00")

    found = findings(RULE, work, observed=seen, parameters=LOW_LIMIT, period=IN_MARCH)[-1]

    assert (found.verdict, found.reason) == ("met", None)  # there is no night work in the period
    in_february = {"start": "2026-02-10", "end": "2026-03-04"}
    found = findings(RULE, work, observed=seen, parameters=LOW_LIMIT, period=in_february)[-1]
    assert (found.verdict, found.reason) == ("not_judged", "unobserved")
    assert "There is no night work in this period." in text(found)


def test_without_night_work_the_answer_is_about_the_whole_period_also_beside_an_unobserved_night() -> None:
    seen = observed("2024-01-01T00:00/2026-03-02T22:00", "2026-03-02T23:00/2026-03-05T00:00")
    period = {"start": "2026-03-01", "end": "2026-03-04"}

    (one,) = findings(RULE, ["2026-03-01T08:00/2026-03-01T16:00"], observed=seen, parameters=ONE_MONTH, period=period)

    assert (one.start, one.end) == tuple(parse_instant(f"{day}T00:00", ZONE) for day in ("2026-03-01", "2026-03-04"))
    assert text(one).startswith("There is no night work in this period.")


def test_with_night_work_the_answer_is_about_a_window() -> None:
    found = findings(RULE, nights("2026-03-03", 1, "00:00", 4 * 3600), parameters=ONE_MONTH, period=IN_MARCH)[-1]

    assert (found.start, found.end) == tuple(
        parse_instant(f"{day}T00:00", ZONE) for day in ("2026-02-04", "2026-03-04")
    )


# Whose figures


@pytest.mark.parametrize(
    ("hours", "verdict", "told"), [(8, "attention", "the night work is 10 h."), (1, "met", "the night work is 5 h.")]
)
def test_unconfirmed_nights_are_part_of_the_figures_where_they_make_the_question(
    hours: int, verdict: str, told: str
) -> None:
    leave = [{"start": "2026-02-04", "end": "2026-03-02", "kind": "holiday"}]
    waiting = [session("2026-03-02T00:00", hours * 3600)]
    limit = {**ONE_MONTH, "dk.night.limit": 7}

    found = findings(
        RULE, ["2026-03-03T00:00/2026-03-03T05:00"], unconfirmed=waiting, parameters=limit, period=IN_MARCH,
        absences=leave,
    )[-1]  # fmt: skip

    assert found.verdict == verdict
    assert told in text(found)


def test_unobserved_nights_are_no_part_of_the_figures() -> None:
    work = nights("2026-02-04", 5, "00:00", 5 * 3600)
    seen = observed("2024-01-01T00:00/2026-02-10T22:00", "2026-02-10T23:00/2026-03-05T00:00")
    period = {"start": "2026-02-04", "end": "2026-03-04"}

    found = findings(RULE, work, observed=seen, parameters=LOW_LIMIT, period=period)[-1]

    assert found.verdict == "broken"
    assert "the night work is 25 h." in text(found)


# Which numbers


@pytest.mark.parametrize("of_the_law", [None, *NUMBERS])
def test_numbers_of_the_agreement_do_not_carry_the_act_to_a_day_before_it(of_the_law: str | None) -> None:
    work = ["2004-08-23T08:00/2004-08-23T16:00", "2004-08-24T08:00/2004-08-24T16:00"]
    ids = [f"dk.night.{name}" for name in NUMBERS if of_the_law not in (None, name)]
    agreed = {name: float(known_parameter(name).values[-1].amount) for name in ids}

    (one,) = findings(RULE, work, period={"start": "2004-08-23", "end": "2004-08-25"}, parameters=agreed)

    assert (one.verdict, one.reason) == ("not_judged", "no_value")


@pytest.mark.parametrize(
    ("hole", "told"),
    [
        (None, "From 2026-02-04 to 2026-03-03, 1 of 1 days worked are days of night work."),
        (
            "2026-02-10",
            "From 2026-02-04 to 2026-03-03, at least 1 of at most 2 days worked are days of night work: what",
        ),
    ],
)
def test_days_that_were_not_observed_are_not_called_worked(hole: str | None, told: str) -> None:
    before, after = f"2025-01-01T00:00/{hole}T12:00", f"{hole}T13:00/2026-03-04T00:00"

    found = findings(
        RULE,
        [session("2026-03-03T00:00", 4 * 3600)],
        parameters=ONE_MONTH,
        period=IN_MARCH,
        **({"observed": observed(before, after)} if hole else {}),
    )

    assert told in text(found[-1])


def test_a_night_after_the_window_is_none_of_its_days() -> None:
    work = [session("2026-03-03T00:00", 4 * 3600), session("2026-03-04T00:00", 4 * 3600)]

    found = findings(RULE, work, parameters=ONE_MONTH, period=IN_MARCH, at="2026-03-05T00:00")

    assert "1 of 1 days worked are days of night work." in text(found[-1])
