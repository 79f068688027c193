"""``advice.home_share``: the share of a week's work that was at home."""

from __future__ import annotations

import pytest

from policy.european import Document, european, findings, only, said, session, verdict

RULE = "advice.home_share"


def week(home: str, elsewhere: str, **more: object) -> Document:
    """Return hours at home on Monday and hours at the office on Tuesday."""
    document = european(f"2026-01-12T{home}", **more)
    document["work"].append(session(f"2026-01-13T{elsewhere}", place="fixed_site"))
    return document


def test_half_of_the_time_is_met_and_a_second_more_is_advice() -> None:
    half, more = only(week("08:00/12:00", "08:00/12:00"), RULE), only(week("08:00/12:00:01", "08:00/12:00"), RULE)

    assert (half["verdict"], half["measured"], half["limit"], half["unit"]) == ("met", 0.5, 0.5, "share")
    assert (more["verdict"], more["force"]) == ("advice", "advice")


@pytest.mark.parametrize(
    ("home", "elsewhere", "band", "verdict"),
    [
        (None, "08:00/12:00", "no work at home", "met"),
        ("08:00/11:59:59", "08:00/12:00", "under half", "met"),
        ("08:00/12:00", "08:00/12:00", "half or more", "met"),
        ("08:00/12:00:01", "08:00/12:00", "half or more", "advice"),
        ("08:00/12:00", None, "all work at home", "advice"),
    ],
)
def test_the_band_is_named(home: str | None, elsewhere: str | None, band: str, verdict: str) -> None:
    document = european(*([f"2026-01-12T{home}"] if home else []))
    if elsewhere:
        document["work"].append(session(f"2026-01-13T{elsewhere}", place="elsewhere"))

    finding = only(document, RULE)

    assert finding["verdict"] == verdict
    assert f"“{band}”" in said(finding)


def test_the_steps_are_the_arithmetic() -> None:
    finding = only(week("08:00/14:00", "08:00/10:00"), RULE)

    assert finding["steps"] == [
        "In week 2026-W03 6 h of 8 h of work were at home: 75.0 %, in the bands of a group “half or more”.",
        "No text sets a share; in our reading work at home is frequent above 50 % of the time [STAMI: "
        "kunnskapsoppsummering om hjemmekontor, arbeidsmiljø og helse, Kort oppsummert].",
        "50 % of 8 h are 4 h.",
        "It is 2 h over.",
    ]


def test_a_second_over_half_is_told_to_the_second() -> None:
    finding = only(week("08:00/12:00:01", "08:00/12:00"), RULE)

    assert finding["steps"][2:] == ["50 % of 8 h 1 s are 4 h.", "It is 1 s over."]


def test_another_share_can_be_agreed() -> None:
    document = week("08:00/12:00", "08:00/10:00", parameters={"advice.home_share.limit": 0.665})

    finding = only(document, RULE)

    assert (finding["verdict"], finding["limit"]) == ("advice", 0.665)
    assert finding["steps"][1] == "Your agreement calls work at home frequent above 66.5 % of the time."


@pytest.mark.parametrize(("limit", "shown"), [(0.66666, "66.67"), (0.6, "60")])
def test_an_agreed_share_is_told_with_two_decimals_and_the_share_of_a_week_with_one(limit: float, shown: str) -> None:
    finding = only(week("08:00/12:00", "08:00/16:00", parameters={"advice.home_share.limit": limit}), RULE)

    assert "In week 2026-W03 4 h of 12 h of work were at home: 33.3 %, in the bands" in said(finding)
    assert finding["steps"][1] == f"Your agreement calls work at home frequent above {shown} % of the time."


def test_an_agreed_share_holds_for_all_weeks() -> None:
    document = european("2019-01-07T08:00/16:00", parameters={"advice.home_share.limit": 0.5})

    assert verdict(document, RULE) == "advice"


def test_the_work_of_the_next_monday_is_of_the_next_week() -> None:
    document = week("08:00/12:00", "08:00/12:00", period={"start": "2026-01-12", "end": "2026-01-26"})
    document["work"].append(session("2026-01-19T08:00/16:00", place="home"))

    assert [one["measured"] for one in findings(document, RULE)] == [0.5, 1]


def test_a_week_is_told_when_it_is_over() -> None:
    document = week("08:00/14:00", "08:00/10:00", at="2026-01-18T23:59:59")
    over = week("08:00/14:00", "08:00/10:00", at="2026-01-19T00:00")

    assert only(document, RULE)["reason"] == "no_complete_period"
    assert verdict(over, RULE) == "advice"


def test_the_value_holds_for_each_week_by_its_last_day() -> None:
    document = european("2021-12-20T08:00/16:00", "2021-12-27T08:00/16:00")

    before, since = findings(document, RULE)

    assert (before["verdict"], before["reason"], before["citation"]["parameter"]) == ("not_judged", "no_value", None)
    assert (since["verdict"], since["citation"]["parameter"]["id"]) == ("advice", "advice.home_share.limit")


def test_unobserved_time_may_be_work_anywhere() -> None:
    def observed(end: str) -> list[Document]:
        return [
            {"start": "2026-01-12T00:00", "end": "2026-01-17T08:00"},
            {"start": f"2026-01-17T{end}", "end": "2026-01-19T00:00"},
        ]

    sure = only(week("08:00/13:00", "08:00/10:00", observed=observed("10:59:59")), RULE)

    assert (sure["verdict"], sure["measured"]) == ("advice", pytest.approx(5 / 7))
    assert "5 h of 7 h of work were at home" in said(sure)
    assert only(week("08:00/13:00", "08:00/10:00", observed=observed("11:00")), RULE)["reason"] == "unobserved"
    assert verdict(week("08:00/10:00", "08:00/13:00", observed=observed("11:00")), RULE) == "met"
    assert only(week("08:00/10:00", "08:00/13:00", observed=observed("11:00:01")), RULE)["reason"] == "unobserved"


def test_an_unknown_place_may_be_home() -> None:
    document = week("08:00/12:00", "08:00/12:00")
    document["work"].append(session("2026-01-14T08:00/09:00", place="unknown"))

    finding = only(document, RULE)

    assert (finding["verdict"], finding["reason"], finding["measured"]) == ("not_judged", "place_unknown", None)
    assert finding["limit"] == 0.5


def test_unconfirmed_work_is_asked_about() -> None:
    document = week("08:00/12:00", "08:00/12:00")
    document["work"].append(session("2026-01-14T08:00/09:00", place="home", confirmed=False))

    assert verdict(document, RULE) == "attention"


def test_work_told_twice_counts_once_where_the_later_start_says() -> None:
    document = european("2026-01-12T08:00/12:00")
    document["work"].append(session("2026-01-12T09:00/12:00", place="fixed_site"))

    assert only(document, RULE)["measured"] == 0.25


def test_the_question_is_asked_where_it_decides_and_says_what_it_leaves_open() -> None:
    waiting = european("2026-01-12T08:00/09:00", place="unknown")
    waiting["work"][0]["confirmed"] = False

    finding = only(waiting, RULE)

    assert finding["verdict"] == "attention"
    assert "without it, “met”; with it, “not judged”" in said(finding)


def test_no_question_is_asked_where_both_answers_leave_it_open() -> None:
    """Home or not, two hours of office, and an afternoon that nobody saw: with and without the waiting work unknown."""
    document = week(
        "01:00/09:30",
        "18:00/20:15",
        observed=[
            {"start": "2026-01-01T00:00", "end": "2026-01-12T06:45"},
            {"start": "2026-01-12T19:45", "end": "2026-01-20T00:00"},
        ],
    )
    document["work"][0]["confirmed"] = False

    assert (only(document, RULE)["verdict"], only(document, RULE)["reason"]) == ("not_judged", "unobserved")
