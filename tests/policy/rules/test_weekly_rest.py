"""``dk.rest.weekly``: each limit on both sides by one second, exceptions, what is not known, and the forecast."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fyraften_policy.evaluate import evaluate
from fyraften_policy.periods import format_instant, parse_instant
from fyraften_policy.rules import weekly_rest
from policy.danish import ZONE, facts, findings, observed, session, text, verdicts

RULE = "dk.rest.weekly"


def week(monday: str, last_end: str) -> list[str]:
    """Work from Monday 08:00 on with no rest of 35 hours before the last end."""
    first = date.fromisoformat(monday)
    days = [first + timedelta(days=offset) for offset in range(5)]
    return [f"{day}T08:00/{day}T16:00" for day in days] + [f"{last_end[:10]}T01:00/{last_end}"]


@pytest.mark.parametrize(
    ("monday", "fine", "second_more", "longest", "too_long"),
    [
        ("2026-01-12", "2026-01-17T21:00", "2026-01-17T21:00:01", "2026-01-18T08:00", "2026-01-18T08:00:01"),
        # The clock goes back on Sunday 25 October at 03:00: after it, 144 hours end an hour earlier on the wall.
        ("2026-10-19", "2026-10-24T21:00", "2026-10-24T21:00:01", "2026-10-25T07:00", "2026-10-25T07:00:01"),
        # The clock goes forward on Sunday 29 March at 02:00: after it, they end an hour later.
        ("2026-03-23", "2026-03-28T21:00", "2026-03-28T21:00:01", "2026-03-29T09:00", "2026-03-29T09:00:01"),
    ],
)
def test_133_hours_are_met_144_are_in_doubt_and_a_second_more_is_broken(
    monday: str, fine: str, second_more: str, longest: str, too_long: str
) -> None:
    assert verdicts(RULE, week(monday, fine)) == ["met"]
    assert verdicts(RULE, week(monday, second_more)) == ["attention"]
    assert verdicts(RULE, week(monday, longest)) == ["attention"]
    assert verdicts(RULE, week(monday, too_long)) == ["broken"]


def test_the_steps_are_the_arithmetic() -> None:
    (one,) = findings(RULE, week("2026-01-12", "2026-01-18T09:00"))

    assert one.measured == 145 * 3600
    longest = "there is none: the longest rest is 33 h, from 2026-01-16 16:00 to 2026-01-18 01:00."
    assert f"From 2026-01-12 08:00 to 2026-01-18 09:00 {longest}" in text(one)
    assert "From the first work to the last it is 145 h." in text(one)
    assert "145 h is 12 h longer. More than 144 h is too long however the day off is laid [" in text(one)
    assert one.value is not None
    assert (one.value.parameter.id, one.citation.url) == (
        "dk.rest.weekly.run",
        "https://at.dk/spoergsmaal-svar/u/ugentlige-fridoegn/",
    )


@pytest.mark.parametrize("zone_night", ["2026-01-17T21:00", "2026-10-24T21:00", "2026-03-28T21:00"])
def test_a_rest_of_thirty_five_elapsed_hours_ends_the_run_and_a_second_less_does_not(zone_night: str) -> None:
    begin = parse_instant(zone_night, ZONE)
    after = [f"{weekly_start(begin + 35 * 3600)}"]
    before = [session(zone_night[:10] + "T13:00", 8 * 3600)]

    assert len(findings(RULE, before + after)) == 2
    assert len(findings(RULE, [*before, f"{weekly_start(begin + 35 * 3600 - 1)}"])) == 1


def weekly_start(instant: int) -> str:
    return f"{format_instant(instant, ZONE)}/{format_instant(instant + 3600, ZONE)}"


def test_a_run_is_judged_up_to_the_end_of_the_period_from_its_own_start() -> None:
    work = week("2026-01-12", "2026-01-18T12:00")

    early = findings(RULE, work, period={"start": "2026-01-15", "end": "2026-01-17"})
    late = findings(RULE, work, period={"start": "2026-01-18", "end": "2026-01-19"})

    assert [(one.verdict, one.measured) for one in early] == [("met", 104 * 3600)]
    assert [(one.verdict, one.measured) for one in late] == [("broken", 148 * 3600)]
    assert findings(RULE, work, period={"start": "2026-01-20", "end": "2026-01-21"})[0].reason == "no_complete_period"


def test_an_open_run_is_judged_as_it_stands() -> None:
    (one,) = findings(RULE, ["2026-01-12T08:00/2026-01-12T16:00", "2026-01-13T08:00/2026-01-13T18:00"],
                      at="2026-01-13T12:00")  # fmt: skip

    assert (one.verdict, one.measured) == ("met", 28 * 3600)


@pytest.mark.parametrize(
    ("agreement", "verdict"),
    [
        ({"chapter_6": "2026-01-12", "unmeasurable_time": True}, "excepted"),
        ({"chapter_6": "2026-01-13", "unmeasurable_time": True}, "broken"),
        ({"chapter_6": "2026-01-12"}, "broken"),
        ({"chapter_6": "2026-01-12", "plans_own_time": True, "on_call": True}, "broken"),
        ({"foster_care": True}, "not_applicable"),
        ({"self_organiser": True}, "not_applicable"),
    ],
)
def test_chapter_6_and_who_is_outside(agreement: dict[str, object], verdict: str) -> None:
    assert verdicts(RULE, week("2026-01-12", "2026-01-18T12:00"), agreement=agreement) == [verdict]


@pytest.mark.parametrize(("day", "verdict"), [("2026-01-12", "attention"), ("2026-01-18", "attention"),
                                               ("2026-01-11", "broken"), ("2026-01-19", "broken")])  # fmt: skip
def test_force_majeure_recorded_in_the_run_is_left_to_a_person(day: str, verdict: str) -> None:
    recorded = {"rest_exceptions": [{"date": day, "ground": "force_majeure"}]}

    (one,) = findings(RULE, week("2026-01-12", "2026-01-18T12:00"), agreement=recorded)

    assert one.verdict == verdict
    assert (f"Force majeure is recorded for {day}." in text(one)) is (verdict == "attention")


@pytest.mark.parametrize(("end", "verdict"), [("2026-01-19T00:00:00", "broken"), ("2026-01-19T00:00:01", "attention")])
def test_the_last_day_of_a_run_is_one_with_work(end: str, verdict: str) -> None:
    recorded = {"rest_exceptions": [{"date": "2026-01-19", "ground": "force_majeure"}]}
    work = [*week("2026-01-12", "2026-01-17T12:00"), f"2026-01-18T12:00/{end}"]

    assert verdicts(RULE, work, agreement=recorded) == [verdict]


@pytest.mark.parametrize(("end", "is_judged"), [("2002-05-23T00:00:00", False), ("2002-05-23T00:00:01", True)])
def test_the_day_of_the_last_work_decides_by_which_law(end: str, *, is_judged: bool) -> None:
    (one,) = findings(RULE, [f"2002-05-22T16:00/{end}"], at="2002-05-24T00:00")

    assert (one.verdict, one.value is not None) == (("met", True) if is_judged else ("not_judged", False))


def test_of_two_longest_rests_the_first_is_told() -> None:
    days = [f"2026-01-{day}T08:00/2026-01-{day}T16:00" for day in (12, 13, 14)]

    assert "the longest rest is 16 h, from 2026-01-12 16:00 to 2026-01-13 08:00." in text(findings(RULE, days)[0])


def test_a_single_piece_of_work_has_no_rest_to_tell_of() -> None:
    (one,) = findings(RULE, ["2026-01-12T08:00/2026-01-12T09:00"])

    assert "From 2026-01-12 08:00 to 2026-01-12 09:00 there is none: it is all work. From the first work to" in text(
        one
    )


def test_another_ground_is_none_for_the_weekly_day_off() -> None:
    recorded = {"rest_exceptions": [{"date": "2026-01-12", "ground": "annual_accounts"}]}

    assert verdicts(RULE, week("2026-01-12", "2026-01-18T12:00"), agreement=recorded) == ["broken"]


def test_why_an_agreement_under_chapter_6_does_not_cover_is_said() -> None:
    agreement = {"chapter_6": "2026-01-12", "plans_own_time": True, "works_only_at_home": True}

    (one,) = findings(RULE, week("2026-01-12", "2026-01-18T12:00"), agreement=agreement)

    assert "does not cover it: it is not for those who work only at home." in text(one)


def test_on_call_duty_is_told_to_be_no_weekly_day_off() -> None:
    (one,) = findings(RULE, ["2026-01-12T08:00/2026-01-12T16:00"], agreement={"on_call": True})

    assert one.verdict == "met"
    assert "On-call duty is no weekly day off" in text(one)


def test_who_is_outside_sees_the_figures_as_information() -> None:
    (one,) = findings(RULE, week("2026-01-12", "2026-01-18T12:00"), agreement={"self_organiser": True})

    assert (one.verdict, one.reason, one.measured, one.limit) == ("not_applicable", "self_organiser", 532800, 478800)
    assert text(one).endswith("The figures are for information only.")


def test_a_change_of_the_clock_within_a_run_is_told() -> None:
    (plain,), (changed,) = (
        findings(RULE, [f"{day}T14:00/{day}T22:00", f"{after}T09:00/{after}T12:00"])
        for day, after in (("2026-01-17", "2026-01-18"), ("2026-03-28", "2026-03-29"))
    )

    assert changed.measured == plain.measured - 3600
    assert "The clock is changed in that time" in text(changed)
    assert "The clock is changed" not in text(plain)


def test_unobserved_time_is_not_judged_where_it_could_change_the_answer() -> None:
    work = week("2026-01-12", "2026-01-17T12:00")
    seen = observed("2026-01-01T00:00/2026-01-17T12:00", "2026-01-18T06:00/2026-01-19T00:00")

    (one,) = findings(RULE, work, observed=seen)
    (unsure, after) = findings(RULE, [*work, "2026-01-19T08:00/2026-01-19T09:00"], observed=seen)

    assert (one.verdict, one.reason) == ("met", None)
    assert (unsure.verdict, after.verdict, after.reason) == ("met", "not_judged", "unobserved")


def test_before_the_order_nothing_is_judged() -> None:
    before, on = ["2002-05-22T08:00/2002-05-22T16:00"], ["2002-05-23T08:00/2002-05-23T16:00"]

    assert [(one.verdict, one.reason) for one in findings(RULE, before)] == [("not_judged", "no_value")]
    assert verdicts(RULE, on) == ["met"]


def test_an_agreement_can_replace_the_values_and_is_named() -> None:
    values = {"dk.rest.weekly.run": 100, "dk.rest.weekly.longest_run": 110}

    (one,) = findings(RULE, week("2026-01-12", "2026-01-17T12:00"), parameters=values)

    assert (one.verdict, one.limit) == ("broken", 360000)
    assert "[your agreement]" in text(one)


def test_the_day_off_begins_in_time_if_work_ends_when_the_forecast_says() -> None:
    work = week("2026-01-12", "2026-01-17T12:00")
    now = facts(work, at="2026-01-17T12:00")
    by = weekly_rest.day_off_by(now, now.reported(with_unconfirmed=True))

    assert by == parse_instant("2026-01-17T21:00", ZONE)
    assert evaluate(facts([*work, "2026-01-17T12:00/2026-01-17T21:00"])).summary[RULE] == "met"
    assert evaluate(facts([*work, "2026-01-17T12:00/2026-01-17T21:00:01"])).summary[RULE] == "attention"


def test_after_a_weekly_rest_no_run_is_open() -> None:
    work = ["2026-01-12T08:00/2026-01-12T16:00"]
    inside, after = (facts(work, at=at) for at in ("2026-01-14T02:59:59", "2026-01-14T03:00"))

    assert weekly_rest.day_off_by(inside, inside.reported(True)) == parse_instant("2026-01-17T21:00", ZONE)
    assert weekly_rest.day_off_by(after, after.reported(True)) is None
    assert weekly_rest.day_off_by(after, []) is None
