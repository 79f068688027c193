"""``advice.screen.pauses``: fifty minutes and a second, pauses of five minutes, activity, holes, clock changes."""

from __future__ import annotations

from typing import Any

import pytest

from policy.documents import Document, danish, findings, only, said, session, verdict

RULE = "advice.screen.pauses"


def judged(*work: Document, **more: Any) -> str:
    return verdict(danish(*work, **more), RULE)


@pytest.mark.parametrize(("end", "expected"), [("08:49:59", "met"), ("08:50:00", "met"), ("08:50:01", "advice")])
def test_after_fifty_minutes_a_pause_is_suggested(end: str, expected: str) -> None:
    finding = only(danish(session("2026-01-13T08:00", end)), RULE)

    assert (finding["verdict"], finding["limit"], finding["unit"], finding["force"]) == (
        expected,
        3000,
        "second",
        "advice",
    )


@pytest.mark.parametrize(("again", "expected", "seconds"), [("08:45:00", "met", 2700), ("08:44:59", "advice", 5400)])
def test_five_minutes_without_activity_are_a_pause(again: str, expected: str, seconds: int) -> None:
    finding = only(danish(session("2026-01-13T08:00", "08:40"), session(f"2026-01-13T{again}", "09:30")), RULE)

    assert (finding["verdict"], finding["measured"]) == (expected, seconds)


SOURCE = "Bekendtgørelse 1108/1992 om arbejde ved skærmterminaler; AT-vejledning 3.7.1, § 4; pkt. 6.7"


def test_the_steps_tell_the_longest_stretch_and_the_advice() -> None:
    finding = only(danish(session("2026-01-13T08:00", "09:00"), session("2026-01-13T09:30", "10:00")), RULE)

    assert finding["steps"] == [
        "The longest stretch of screen activity is 1 h, from 2026-01-13 08:00 to 2026-01-13 09:00.",
        "One pause lies between stretches of 30 min and 1 h; it begins at 09:00.",
        "A pause is at least 5 min between sessions, also in our reading; finer activity is not told.",
        f"No text sets minutes; in our reading a pause is due after 50 min [{SOURCE}].",
        "It is 10 min over.",
    ]


def test_an_agreement_that_sets_the_minutes_is_named_in_place_of_our_reading() -> None:
    parameters = {"advice.screen.pauses.stretch": 90, "advice.screen.pauses.pause": 10}
    activity = [session("2026-01-13T08:00", "09:30")]
    told = danish(session("2026-01-13T08:00", "16:00"), activity=activity, parameters=parameters)

    assert only(told, RULE)["steps"][1:5] == [
        "There is no pause in the activity of the day.",
        "A pause is at least 10 min without activity, as your agreement sets it.",
        "Your agreement sets a pause after 1 h 30 min.",
        "That is exactly the most.",
    ]


def test_activity_is_finer_than_the_sessions() -> None:
    day = session("2026-01-13T08:00", "16:00")
    spans = [session("2026-01-13T08:00", "08:45", intensity=0.7), session("2026-01-13T08:50", "09:40")]

    assert judged(day) == "advice"
    assert judged(day, activity=spans) == "met"


def test_activity_during_other_work_is_not_screen_work() -> None:
    work = (session("2026-01-13T08:00", "09:00"), session("2026-01-13T08:20", "08:30", screen=False))

    assert judged(work[0]) == "advice"
    assert judged(*work) == "met"
    assert judged(*work, activity=[session("2026-01-13T08:00", "09:00")]) == "met"


def test_work_away_from_the_screen_has_no_stretches() -> None:
    assert only(danish(session("2026-01-13T08:00", "16:00", screen=False)), RULE)["reason"] == "no_complete_period"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-29T01:30", "2026-03-29T03:20", "met"),
        ("2026-03-29T01:30", "2026-03-29T03:20:01", "advice"),
        ("2026-10-25T02:50+02:00", "2026-10-25T02:40+01:00", "met"),
        ("2026-10-25T02:50+02:00", "2026-10-25T02:40:01+01:00", "advice"),
    ],
)
def test_over_a_clock_change_a_stretch_is_elapsed_time(start: str, end: str, expected: str) -> None:
    finding = only(danish(session(start, end)), RULE)

    assert finding["verdict"] == expected
    assert "The clock is changed in that time" in finding["steps"][1]


def test_a_stretch_over_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    found = findings(danish(session("2026-01-13T23:30", "2026-01-14T00:30")), RULE)

    assert [(one["period"]["start"][:10], one["measured"]) for one in found] == [("2026-01-13", 3600)]


def test_activity_of_both_days_in_one_stretch_tells_it_of_both() -> None:
    spans = [session("2026-01-13T23:30", "23:58"), session("2026-01-14T00:01", "00:30")]

    found = findings(danish(session("2026-01-13T23:00", "2026-01-14T01:00"), activity=spans), RULE)

    assert [(one["verdict"], one["measured"]) for one in found] == [("advice", 3600), ("advice", 3600)]


def test_a_stretch_that_lasts_for_days_is_told_whole() -> None:
    assert only(danish(session("2026-01-13T08:00", "2026-01-17T08:00")), RULE)["measured"] == 4 * 86400


def observed(*pairs: str) -> list[Document]:
    return [session(*pair.split("/")) for pair in pairs]


def test_a_hole_between_two_stretches_may_have_joined_them() -> None:
    work = (session("2026-01-13T08:00", "08:40"), session("2026-01-13T09:00", "09:30"))
    seen = observed("2026-01-12T00:00/2026-01-13T08:40", "2026-01-13T09:00/2026-01-14T00:00")

    finding = only(danish(*work, observed=seen), RULE)

    assert judged(*work) == "met"
    assert (finding["verdict"], finding["reason"]) == ("not_judged", "unobserved")


def test_a_hole_apart_from_the_work_does_not_matter() -> None:
    seen = observed("2026-01-12T00:00/2026-01-13T12:00", "2026-01-13T18:00/2026-01-14T00:00")

    assert judged(session("2026-01-13T08:00", "08:40"), observed=seen) == "met"
    assert judged(session("2026-01-13T08:00", "09:00"), observed=seen) == "advice"


def test_unconfirmed_activity_is_a_question() -> None:
    work = (session("2026-01-13T08:00", "08:40"), session("2026-01-13T08:40", "09:00", confirmed=False))

    assert judged(*work) == "attention"
    assert judged(session("2026-01-13T20:00", "20:10", confirmed=False)) == "met"


def test_only_stretches_that_start_in_the_period_are_judged() -> None:
    document = danish(
        session("2026-01-13T23:00", "2026-01-14T01:00"), period={"start": "2026-01-14", "end": "2026-01-15"}
    )

    assert only(document, RULE)["reason"] == "no_complete_period"


def test_replaced_minutes_are_judged_by_and_named() -> None:
    parameters = {"advice.screen.pauses.stretch": 90, "advice.screen.pauses.pause": 10}
    finding = only(danish(session("2026-01-13T08:00", "09:30"), parameters=parameters), RULE)

    assert (finding["verdict"], finding["limit"]) == ("met", 5400)
    assert "to 1 h 30 min in place of 50 min" in said(finding)
    assert "to 10 min in place of 5 min" in said(finding)


def test_before_the_first_value_nothing_is_advised() -> None:
    assert only(danish(session("1992-12-14T08:00", "16:00")), RULE)["reason"] == "no_value"
    assert judged(session("1992-12-15T08:00", "16:00")) == "advice"
