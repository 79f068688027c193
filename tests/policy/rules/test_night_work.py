"""``dk.night``: the night across clock changes, who is a night worker, the average, and what is not known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fyraften_policy.rules.night_hours import night_of
from policy.danish import facts, findings, observed, session, text

RULE = "dk.night"


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-01-13", 7), ("2026-10-24", 8), ("2026-03-28", 6), ("2026-10-25", 7), ("2026-03-29", 7)]
)
def test_d05_the_night_is_as_long_as_the_clock_makes_it(day: str, hours: int) -> None:
    assert night_of(facts([]), date.fromisoformat(day)).length == hours * 3600


def test_an_agreement_can_move_the_night() -> None:
    values = {"dk.night.from": 23.5, "dk.night.until": 6}

    night = night_of(facts([], parameters=values), date(2026, 1, 13))

    assert night == night_of(facts([]), date(2026, 1, 13))._replace(start=night.start, end=night.end)
    assert night.length == 6.5 * 3600
    assert night_of(facts([], parameters={"dk.night.from": 24}), date(2026, 1, 13)).length == 5 * 3600


@pytest.mark.parametrize("start", ["2026-01-13T22:00", "2026-10-24T22:00", "2026-03-28T22:00"])
def test_three_hours_make_a_day_of_night_work_and_a_second_less_does_not(start: str) -> None:
    enough, short = (findings(RULE, [session(start, seconds)]) for seconds in (10800, 10799))

    assert [one.measured for one in enough if one.unit == "second"] == [10800]
    assert [one for one in short if one.unit == "second"] == []
    assert {one.verdict for one in [*enough, *short]} == {"met"}


@pytest.mark.parametrize("day", ["2026-01-13", "2026-10-25", "2026-03-29", "2028-02-29", "2026-12-31"])
def test_the_night_begins_and_ends_by_a_second(day: str) -> None:
    until, after = [f"{day}T21:00/{day}T22:00:00"], [f"{day}T21:00/{day}T22:00:01"]
    since, before = [f"{day}T05:00:00/{day}T06:00"], [f"{day}T04:59:59/{day}T06:00"]

    assert [text(findings(RULE, work)[-1]) for work in (until, since)] == ["There is no night work in this period."] * 2
    for work in (after, before):
        assert "the night work is 1 s." in text(findings(RULE, work)[-1])


@pytest.mark.parametrize(("day", "is_told"), [("2026-10-24", True), ("2026-03-28", True), ("2026-01-13", False)])
def test_a_night_in_which_the_clock_changes_says_so(day: str, *, is_told: bool) -> None:
    (note, _) = findings(RULE, [session(f"{day}T21:00", 6 * 3600)])

    assert ("The clock is changed in that time" in text(note)) is is_told


def test_who_organises_the_own_time_sees_the_figures_as_information() -> None:
    found = findings(RULE, [session("2026-01-13T22:00", 10800)], agreement={"self_organiser": True})

    assert [(one.verdict, one.reason) for one in found] == [("not_applicable", "self_organiser")] * 2
    assert found[0].measured == 10800


def test_the_months_of_the_weekly_average_are_not_those_of_the_night() -> None:
    work = nights("2026-02-04", 26, "22:00", 8 * 3600)
    period = {"start": "2026-03-01", "end": "2026-03-04"}

    agreed = findings(RULE, work, agreement={"reference_months": 1}, period=period)[-1]

    assert agreed.measured == findings(RULE, work, period=period)[-1].measured
    assert agreed.measured != findings(RULE, work, parameters=ONE_MONTH, period=period)[-1].measured


def test_the_average_of_a_night_worker_adds_up() -> None:
    work = [*nights("2026-02-04", 23, "22:00", 8 * 3600), session("2026-03-01T22:00", 8 * 3600 + 1)]

    found = findings(RULE, work, parameters=ONE_MONTH, period={"start": "2026-03-01", "end": "2026-03-04"})[-1]

    assert "By these figures this is the work of a night worker." in text(found)
    assert "of 28 days 24.0 are left. 192 h 1 s / 24.0 is 8.0 hours in 24 hours on average." in text(found)
    assert "8 h × 24.0 is 192 h: the work is 1 s more. All work told is counted; the act speaks of" in text(found)


@pytest.mark.parametrize(("days_off", "measured"), [(0, 192 / 28), (2, 192 / 20), (7, 192 / 4)])
def test_an_agreement_can_set_the_days_off_that_are_left_out(days_off: int, measured: float) -> None:
    work = [*nights("2026-02-04", 23, "22:00", 8 * 3600), session("2026-03-01T22:00", 8 * 3600)]
    values = {**ONE_MONTH, "dk.night.days_off": days_off}

    found = findings(RULE, work, parameters=values, period={"start": "2026-03-01", "end": "2026-03-04"})[-1]

    assert found.measured == pytest.approx(measured)  # with every day off, one is taken as worked


def test_work_by_day_has_no_night_work_and_the_whole_period_is_met() -> None:
    (one,) = findings(RULE, ["2026-01-13T05:00/2026-01-13T22:00"])

    assert (one.verdict, one.measured) == ("met", None)
    assert text(one) == "There is no night work in this period."


def nights(first: str, count: int, start: str, seconds: int) -> list[str]:
    begin = date.fromisoformat(first)
    return [session(f"{begin + timedelta(days=number)}T{start}", seconds) for number in range(count)]


ONE_MONTH = {"dk.night.months": 1}
IN_MARCH = {"start": "2026-03-03", "end": "2026-03-04"}


@pytest.mark.parametrize(("extra", "verdict"), [(0, "met"), (1, "broken")])
def test_eight_hours_in_24_hours_are_met_and_a_second_more_is_broken(extra: int, verdict: str) -> None:
    # From 4 February to 3 March there are 28 days: 24 without a day off a week, so 192 hours.
    work = [*nights("2026-02-04", 23, "22:00", 8 * 3600), session("2026-03-01T22:00", 8 * 3600 + extra)]

    found = findings(RULE, work, parameters=ONE_MONTH, period={"start": "2026-03-01", "end": "2026-03-04"})

    assert found[-1].verdict == verdict
    assert found[-1].measured == pytest.approx(8 + extra / 3600 / 24)
    assert "From 2026-02-04 to 2026-03-03, 24 of 24 days worked are days of night work." in text(found[-1])


@pytest.mark.parametrize(("seconds", "measured"), [(0, 1), (-1, None)])
def test_three_hundred_hours_in_twelve_months_make_a_night_worker(seconds: int, measured: int | None) -> None:
    # Single hours at night, which are no days of night work: the last makes the 300 hours, from 22:00 to 23:00.
    work = [*nights("2025-04-01", 299, "22:00", 3600), session("2026-03-03T22:00", 3600 + seconds)]

    found = findings(RULE, work, parameters=ONE_MONTH, period={"start": "2026-03-03", "end": "2026-03-04"})

    assert (found[-1].measured is not None) == (measured is not None)
    assert found[-1].verdict == "met"


@pytest.mark.parametrize(("days_at_night", "is_worker"), [(3, False), (4, True)])
def test_night_work_on_more_than_half_of_the_days_worked_is_normal(days_at_night: int, *, is_worker: bool) -> None:
    by_day = nights("2026-02-10", 3, "08:00", 3600)
    work = by_day + nights("2026-02-20", days_at_night, "22:00", 3 * 3600)

    found = findings(RULE, work, parameters=ONE_MONTH, period={"start": "2026-02-20", "end": "2026-03-03"})

    assert (found[-1].measured is not None) == is_worker


def test_holiday_without_work_is_neutral_in_the_average() -> None:
    work = nights("2026-02-04", 7, "22:00", 8 * 3600)
    leave = [{"start": "2026-02-12", "end": "2026-03-03", "kind": "holiday"}]
    period = {"start": "2026-02-04", "end": "2026-03-04"}

    (*_, counted) = findings(RULE, work, parameters=ONE_MONTH, period=period)
    (*_, neutral) = findings(RULE, work, parameters=ONE_MONTH, period=period, absences=leave)

    assert counted.verdict == "met"
    assert (neutral.verdict, neutral.measured) == ("broken", pytest.approx(56 * 7 / 6 / 8))


def test_what_was_not_observed_is_not_judged_where_it_could_change_the_answer() -> None:
    work = nights("2026-02-04", 3, "22:00", 3 * 3600)
    by_day = ["2026-02-04T08:00/2026-02-04T16:00"]
    seen = observed("2026-02-04T00:00/2026-02-11T00:00")
    period = {"start": "2026-02-04", "end": "2026-02-11"}

    assert findings(RULE, work, observed=seen, period=period)[-1].reason == "unobserved"
    assert findings(RULE, by_day, observed=seen, period=period)[-1].verdict == "met"


def test_unconfirmed_work_has_no_note_and_is_a_question_where_it_would_break_the_average() -> None:
    found = findings(
        RULE, [], unconfirmed=nights("2026-02-04", 25, "22:00", 8 * 3600), parameters=ONE_MONTH,
        period={"start": "2026-03-01", "end": "2026-03-04"},
    )  # fmt: skip

    assert [(one.verdict, one.unit) for one in found] == [("attention", "hour_per_day")]


def test_before_the_act_nothing_is_judged() -> None:
    found = findings(RULE, ["2004-08-22T22:00/2004-08-23T04:00"], period={"start": "2004-08-22", "end": "2004-08-24"})

    assert [(one.verdict, one.reason) for one in found] == [("not_judged", "no_value")]


LOW_LIMIT = {"dk.night.limit": 0.1}  # so that every night worker is over it
FEBRUARY = {"start": "2026-02-01", "end": "2026-02-28"}


def last_reason(work: list[str], *hole: str) -> tuple[str, str | None]:
    """Return the verdict on the month with all observed, and the reason why it is not judged with one hole."""
    (start, end) = hole
    seen = observed(f"2024-01-01T00:00/{start}", f"{end}/2026-03-02T00:00")
    more = {"parameters": {**ONE_MONTH, **LOW_LIMIT}, "period": FEBRUARY}
    return findings(RULE, work, **more)[-1].verdict, findings(RULE, work, observed=seen, **more)[-1].reason


def test_an_unobserved_day_may_be_one_more_day_of_work_without_night() -> None:
    # The nights come last, so only windows that end late have more of them than of other days: 4 of 7.
    work = nights("2026-02-02", 3, "08:00", 3600) + nights("2026-02-10", 4, "22:00", 3 * 3600)

    assert last_reason(work, "2026-02-06T08:00", "2026-02-06T09:00") == ("broken", "unobserved")
    assert last_reason(work, "2026-02-02T12:00", "2026-02-02T13:00") == ("broken", None)  # a day worked anyway


def test_an_unobserved_hour_may_join_two_days_of_night_work() -> None:
    work = ["2026-02-02T08:00/2026-02-02T10:00", "2026-02-10T21:00/2026-02-11T01:00"]
    work.append("2026-02-11T01:30/2026-02-11T05:00")

    assert last_reason(work, "2026-02-11T01:00", "2026-02-11T01:30") == ("broken", "unobserved")
    assert last_reason(work, "2026-02-11T01:01", "2026-02-11T01:30") == ("broken", None)


def test_an_unobserved_night_may_be_one_more_day_of_night_work() -> None:
    by_day, at_night = nights("2026-02-02", 4, "08:00", 3600), nights("2026-02-10", 4, "22:00", 3 * 3600)

    assert last_reason([*by_day, *at_night], "2026-02-16T22:00", "2026-02-17T02:00") == ("met", "unobserved")
    assert last_reason([*by_day, *at_night], "2026-02-16T22:00", "2026-02-17T00:59") == ("met", None)
    assert last_reason([*by_day, *at_night], "2026-02-16T12:00", "2026-02-16T16:00") == ("met", None)
