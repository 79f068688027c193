"""``agreement.home_days``: local dates with work at home in a week against those agreed."""

from __future__ import annotations

import pytest

from policy.european import Document, european, findings, office, only, said, session, verdict, verdicts

RULE = "agreement.home_days"
TWO = {"home_days": 2}


def week(*home: str, **more: object) -> Document:
    """Return work at home on these days of January 2026, and at the office on the Friday of week 3."""
    document = european(*(f"2026-01-{day}T08:00/16:00" for day in home), agreement=TWO, **more)
    document["work"].append(session("2026-01-16T08:00/16:00", place="fixed_site"))
    return document


def test_as_many_days_as_agreed_are_met_and_one_more_is_not() -> None:
    met, broken = only(week("12", "14"), RULE), only(week("12", "13", "14"), RULE)

    assert (met["verdict"], met["measured"], met["limit"], met["unit"]) == ("met", 2, 2, "day")
    assert (broken["verdict"], broken["measured"]) == ("broken", 3)
    assert broken["steps"] == [
        "Days with work at home in week 2026-W03: 3 (2026-01-12, 2026-01-13, 2026-01-14).",
        "Any work at home makes a date a home day; work past midnight counts for both dates.",
        "Home days a week by the agreement: 2.",
        "That is 1 too many.",
    ]


def test_the_steps_compare_with_what_is_agreed() -> None:
    def last(*home: str, agreed: float) -> str:
        return str(only({**week(*home), "agreement": {"home_days": agreed}}, RULE)["steps"][-1])

    assert last("12", "14", agreed=2) == "That is exactly as many."
    assert last("12", "14", agreed=2.5) == "That is within it, with 0.5 to spare."
    assert last("12", "13", "14", agreed=2.5) == "That is 0.5 too many."
    assert last(agreed=1.0) == "That is within it, with 1 to spare."
    assert only(week(), RULE)["steps"][0] == "There is no work at home in week 2026-W03."


def test_a_second_of_work_at_home_makes_a_home_day() -> None:
    document = week("12", "14")
    document["work"].append(session("2026-01-16T16:00/16:00:01", place="home"))

    assert verdict(document, RULE) == "broken"


def test_work_over_midnight_makes_two_home_days_and_work_up_to_midnight_one() -> None:
    over = european("2026-01-12T20:00/2026-01-13T00:00:01", "2026-01-14T08:00/16:00", agreement=TWO)
    up_to = european("2026-01-12T20:00/2026-01-13T00:00", "2026-01-14T08:00/16:00", agreement=TWO)

    assert (verdict(over, RULE), verdict(up_to, RULE)) == ("broken", "met")


def test_without_agreed_days_nothing_is_judged() -> None:
    finding = only(european("2026-01-13T08:00/16:00"), RULE)

    assert (finding["verdict"], finding["reason"]) == ("not_judged", "no_home_days")
    assert only(european(period={"start": "2026-01-12", "end": "2026-01-19"}), RULE)["reason"] == "no_complete_period"


def test_none_agreed_is_not_the_same_as_no_agreement() -> None:
    assert verdict(european("2026-01-13T08:00/16:00", agreement={"home_days": 0}), RULE) == "broken"


def test_a_week_that_is_not_over_is_told_only_once_it_has_more() -> None:
    under = week("12", "13", at="2026-01-14T08:00")
    over = week("12", "13", "14", at="2026-01-14T08:00:01")

    assert only(under, RULE)["reason"] == "no_complete_period"
    assert verdict(over, RULE) == "broken"


def test_each_week_is_judged_by_itself_and_by_its_earlier_days_too() -> None:
    days = office("2026-01-12", "2026-01-13", "2026-01-14", "2026-01-19", "2026-01-20")
    whole = european(*days, agreement=TWO)
    later = european(*days, agreement=TWO, period={"start": "2026-01-14", "end": "2026-01-19"})

    assert verdicts(whole, RULE) == ["broken", "met"]
    assert only(later, RULE)["measured"] == 3
    assert only(later, RULE)["period"]["start"] == "2026-01-14T00:00:00+01:00"


def test_unobserved_days_matter_only_if_they_can_change_the_answer() -> None:
    known = {"start": "2026-01-12T00:00", "end": "2026-01-14T00:00"}
    rest = {"start": "2026-01-15T00:00", "end": "2026-01-19T00:00"}

    assert verdict(week("12", observed=[known, rest]), RULE) == "met"
    assert only(week("12", "13", observed=[known, rest]), RULE)["reason"] == "unobserved"
    assert verdict(week("12", "13", "15", observed=[known, rest]), RULE) == "broken"


def test_an_unknown_place_may_be_home() -> None:
    document = week("12", "13")
    document["work"].append(session("2026-01-14T08:00/16:00", place="unknown"))
    one = week("12")
    one["work"].append(session("2026-01-14T08:00/16:00", place="unknown"))

    finding = only(document, RULE)

    assert (finding["verdict"], finding["reason"]) == ("not_judged", "place_unknown")
    assert "“met” or “not met”" in said(finding)
    assert verdict(one, RULE) == "met"


def test_unconfirmed_work_at_home_is_asked_about() -> None:
    document = week("12", "13")
    document["work"].append(session("2026-01-14T20:00/20:05", place="home", confirmed=False))

    assert verdict(document, RULE) == "attention"


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_the_days_on_which_the_clock_changes_are_one_day(day: str) -> None:
    document = european(f"{day}T00:00/23:59:59", agreement={"home_days": 1})

    assert (verdict(document, RULE), findings(document, RULE)[0]["measured"]) == ("met", 1)


def test_waiting_work_of_unknown_place_is_asked_about_where_it_can_matter() -> None:
    document = week("12", "13")
    document["work"].append(session("2026-01-14T08:00/16:00", place="unknown", confirmed=False))

    finding = only(document, RULE)

    assert finding["verdict"] == "attention"
    assert "without it, “met”; with it, “not judged”" in said(finding)


def test_a_week_that_is_not_over_and_depends_on_a_place_is_not_told_yet() -> None:
    document = week("12", "13", at="2026-01-14T17:00")
    document["work"].append(session("2026-01-14T08:00/16:00", place="unknown"))

    assert only(document, RULE)["reason"] == "no_complete_period"


def test_work_after_the_period_is_no_home_day_of_its_last_week() -> None:
    period = {"start": "2026-01-12", "end": "2026-01-15"}
    document = european(*office("2026-01-13", "2026-01-15"), agreement={"home_days": 1}, period=period)

    assert only({**document, "at": "2026-01-20T00:00"}, RULE)["reason"] == "no_complete_period"


def test_where_no_days_are_agreed_that_is_said_also_of_work_that_waits_for_a_word() -> None:
    waiting = session("2026-01-13T08:00/16:00", confirmed=False)

    assert only({**european(), "work": [waiting]}, RULE)["reason"] == "no_home_days"
