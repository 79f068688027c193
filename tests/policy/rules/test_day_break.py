"""``dk.break``: the limits on both sides by one second, clock changes, and what is not known."""

from __future__ import annotations

import pytest

from policy.danish import facts, findings, observed, session, text, verdicts

RULE = "dk.break"
# An ordinary day, and work through each change of the clock.
STARTS = ("2026-01-13T08:00", "2026-10-24T22:00", "2026-03-28T22:00")
SIX_HOURS = 6 * 3600


@pytest.mark.parametrize("start", STARTS)
def test_six_hours_are_met_and_a_second_more_needs_a_break(start: str) -> None:
    assert verdicts(RULE, [session(start, SIX_HOURS)]) == ["met"]
    assert verdicts(RULE, [session(start, SIX_HOURS + 1)]) == ["attention"]


def test_five_minutes_are_a_break_and_a_second_less_is_none() -> None:
    enough = ["2026-01-13T08:00/2026-01-13T12:00", "2026-01-13T12:05/2026-01-13T16:00"]
    short = ["2026-01-13T08:00/2026-01-13T12:00", "2026-01-13T12:04:59/2026-01-13T16:00"]

    (one,) = findings(RULE, short)

    assert verdicts(RULE, enough) == ["met"]
    assert (one.verdict, one.measured, one.limit) == ("attention", 7 * 3600 + 55 * 60 + 1, SIX_HOURS)
    longest = (
        "The longest time without work in between is 4 min 59 s, from 2026-01-13 12:00 to 2026-01-13 12:04:59: shorter"
    )
    assert longest in text(one)


def test_each_date_on_which_work_begins_is_a_day_and_work_past_midnight_belongs_to_it() -> None:
    found = findings(RULE, ["2026-01-13T20:00/2026-01-14T03:00", "2026-01-14T12:00/2026-01-14T17:00"])

    assert [(one.verdict, one.measured) for one in found] == [("attention", 7 * 3600), ("met", 5 * 3600)]


def test_only_days_of_the_period_are_judged() -> None:
    work = ["2026-01-12T08:00/2026-01-12T16:00", "2026-01-13T20:00/2026-01-14T03:00"]
    period = {"start": "2026-01-13", "end": "2026-01-14"}

    assert verdicts(RULE, work, period=period, at="2026-01-15T00:00") == ["attention"]
    assert findings(RULE, work, period=period)[0].reason == "no_complete_period"  # cut at midnight, and going on
    assert findings(RULE, work, period={"start": "2026-01-14", "end": "2026-01-15"})[0].reason == "no_complete_period"


def test_a_day_that_is_not_over_is_judged_once_it_has_its_break() -> None:
    straight, with_break = ["2026-01-13T06:00/2026-01-13T14:00"], ["2026-01-13T06:00/2026-01-13T07:00"]
    with_break.append("2026-01-13T07:05/2026-01-13T14:00")

    assert findings(RULE, straight, at="2026-01-13T15:00")[0].reason == "no_complete_period"
    assert verdicts(RULE, with_break, at="2026-01-13T15:00") == ["met"]
    assert verdicts(RULE, straight, at="2026-01-14T00:00") == ["attention"]


def test_work_that_goes_on_past_midnight_keeps_its_day_open() -> None:
    work = ["2026-01-13T18:00/2026-01-14T02:00"]

    assert findings(RULE, work, at="2026-01-14T02:00")[0].reason == "no_complete_period"
    assert verdicts(RULE, work, at="2026-01-14T02:01") == ["attention"]


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        # The hole lies apart from the work of the day: work in it would make a break.
        (["2026-01-12T00:00/2026-01-13T20:00", "2026-01-13T21:00/2026-01-19T00:00"], "not_judged"),
        # It lies in the hours after the date: nothing begins on the date there.
        (["2026-01-12T00:00/2026-01-14T01:00", "2026-01-14T02:00/2026-01-19T00:00"], "attention"),
        (["2026-01-12T00:00/2026-01-19T00:00"], "attention"),
    ],
)
def test_an_unobserved_hour_after_a_day_without_break(seen: list[str], verdict: str) -> None:
    assert verdicts(RULE, ["2026-01-13T08:00/2026-01-13T15:00"], observed=observed(*seen)) == [verdict]


@pytest.mark.parametrize(
    ("hole", "verdict"),
    [
        (("12:00", "14:00"), "not_judged"),  # seven hours without a break, if it was work
        (("12:00", "13:00"), "met"),  # six
        (("12:05", "16:00"), "met"),  # there was a break
        (("12:04:59", "16:00"), "not_judged"),
    ],
)
def test_an_unobserved_time_beside_short_work(hole: tuple[str, str], verdict: str) -> None:
    start, end = (f"2026-01-13T{clock}" for clock in hole)
    seen = observed(f"2026-01-12T00:00/{start}", f"{end}/2026-01-19T00:00")

    assert verdicts(RULE, ["2026-01-13T07:00/2026-01-13T12:00"], observed=seen) == [verdict]


def test_unconfirmed_work_is_a_question() -> None:
    found = verdicts(RULE, ["2026-01-13T08:00/2026-01-13T13:00"], unconfirmed=["2026-01-13T13:00/2026-01-13T15:00"])

    assert found == ["attention"]


def test_work_that_unconfirmed_activity_joins_to_the_day_before_is_not_lost() -> None:
    certain = ["2026-01-12T16:00/2026-01-12T16:49:59", "2026-01-13T09:30/2026-01-13T15:30:01"]
    waiting = ["2026-01-12T20:15/2026-01-13T09:45"]

    assert verdicts(RULE, certain) == ["met", "attention"]
    assert verdicts(RULE, certain, unconfirmed=waiting) == ["attention"]


def test_where_the_rule_does_not_apply_nothing_is_asked() -> None:
    (one,) = findings(RULE, [], unconfirmed=["2026-01-13T00:00/2026-01-13T11:00"], agreement={"self_organiser": True})

    assert one.verdict == "not_applicable"
    assert "Was it work?" not in text(one)


def test_before_the_act_nothing_is_judged_and_an_agreement_can_replace_the_hours() -> None:
    before = findings(RULE, ["2004-08-23T08:00/2004-08-23T16:00"])
    agreed = verdicts(RULE, ["2026-01-13T08:00/2026-01-13T12:00"], parameters={"dk.break.after": 3})

    assert [(one.verdict, one.reason) for one in before] == [("not_judged", "no_value")]
    assert verdicts(RULE, ["2004-08-24T08:00/2004-08-24T16:00"]) == ["attention"]
    assert agreed == ["attention"]


def test_the_steps_add_up_the_work_and_name_the_break() -> None:
    (short,) = findings(RULE, ["2026-01-13T08:00/2026-01-13T14:00"])
    (long,) = findings(RULE, ["2026-01-13T08:00/2026-01-13T12:00", "2026-01-13T12:05/2026-01-13T16:00"])

    assert "From 2026-01-13 08:00 to 2026-01-13 14:00 it is all work: 6 h. Up to 6 h of work no break is due [" in text(
        short
    )
    assert "From 2026-01-13 08:00 to 2026-01-13 16:00 it is 8 h; less 5 min without work the work is 7 h 55 min." in (
        text(long)
    )
    assert "is 5 min, from 2026-01-13 12:00 to 2026-01-13 12:05: at least the 5 min that are taken to be" in text(long)


def test_who_organises_the_own_time_sees_the_figures_as_information() -> None:
    (one,) = findings(RULE, ["2026-01-13T08:00/2026-01-13T16:00"], agreement={"self_organiser": True})

    assert (one.verdict, one.reason, one.measured) == ("not_applicable", "self_organiser", 28800)


def test_a_day_that_is_all_work_says_so() -> None:
    (one,) = findings(RULE, ["2026-01-13T08:00/2026-01-13T15:00"])

    assert text(one).endswith("There is no time without work in between; a break is taken to be at least 5 min.")
    assert "A break is due in more than 6 h of work [" in text(one)


def test_of_two_longest_gaps_the_first_is_told() -> None:
    work = [
        "2026-01-13T08:00/2026-01-13T11:00",
        "2026-01-13T11:30/2026-01-13T14:00",
        "2026-01-13T14:30/2026-01-13T17:00",
    ]

    assert "is 30 min, from 2026-01-13 11:00 to 2026-01-13 11:30: at least" in text(findings(RULE, work)[0])


def test_only_the_last_day_can_be_going_on() -> None:
    work = ["2026-01-12T06:00/2026-01-12T14:00", "2026-01-13T06:00/2026-01-13T14:00"]

    found = findings(RULE, work, at="2026-01-13T15:00")

    assert [(one.verdict, one.start) for one in found] == [("attention", facts(work).work[0].start)]


@pytest.mark.parametrize(
    ("hole", "verdicts_of_days"),
    [
        # Were it work, the work after midnight would end a day that began before it, without a break.
        (("2026-01-13T17:00", "2026-01-14T00:00"), ["not_judged"]),
        (("2026-01-13T17:00", "2026-01-13T23:59:59"), ["met"]),
        # Work from midnight on belongs to the 14th whatever came before, and its day has its break.
        (("2026-01-14T01:00", "2026-01-14T02:00"), ["met"]),
    ],
)
def test_unobserved_time_up_to_midnight_can_move_work_to_the_day_before(
    hole: tuple[str, str], verdicts_of_days: list[str]
) -> None:
    work = ["2026-01-14T00:00/2026-01-14T01:00", "2026-01-14T03:00/2026-01-14T04:00"]
    seen = observed(f"2026-01-12T00:00/{hole[0]}", f"{hole[1]}/2026-01-19T00:00")

    assert verdicts(RULE, work, observed=seen) == verdicts_of_days
