"""``advice.screen.pauses`` day by day: what belongs to a date and to a period, and which numbers hold on it."""

from __future__ import annotations

from typing import Any

import pytest

from policy.documents import Document, danish, findings, only, said, session, verdict

RULE = "advice.screen.pauses"


def verdicts(*work: Document, **more: Any) -> list[str]:
    return [one["verdict"] for one in findings(danish(*work, **more), RULE)]


def test_a_finding_is_about_its_date_and_names_its_number() -> None:
    finding = only(danish(session("2026-01-13T08:00", "08:30")), RULE)

    assert finding["period"] == {"start": "2026-01-13T00:00:00+01:00", "end": "2026-01-14T00:00:00+01:00"}
    assert finding["citation"]["parameter"]["id"] == "advice.screen.pauses.stretch"


def test_a_stretch_of_one_day_is_none_of_another() -> None:
    short, long = session("2026-01-13T08:00", "08:30"), session("2026-01-14T08:00", "09:00")

    assert verdicts(short, long) == ["met", "advice"]
    assert verdicts(session("2026-01-12T08:00", "09:00"), short) == ["advice", "met"]


def test_a_stretch_belongs_to_the_period_in_which_it_begins() -> None:
    period = {"start": "2026-01-13", "end": "2026-01-14"}
    at_midnight = session("2026-01-13T00:00", "01:00"), session("2026-01-14T00:00", "00:30")

    assert verdicts(*at_midnight, period=period, at="2026-01-15T00:00") == ["advice"]


@pytest.mark.parametrize(
    "agreed", [{"advice.screen.pauses.stretch": 50}, {"advice.screen.pauses.pause": 5}], ids=["stretch", "pause"]
)
def test_a_number_of_the_agreement_does_not_carry_the_advice_to_a_day_before_it(agreed: dict[str, int]) -> None:
    work = (session("1985-01-14T08:00", "08:30"), session("2026-01-13T08:00", "08:30"))

    before, since = findings(danish(*work, parameters=agreed), RULE)

    assert (before["verdict"], before["reason"], before["citation"]["parameter"]) == ("not_judged", "no_value", None)
    assert (since["verdict"], since["citation"]["parameter"] is None) == ("met", False)


def test_unobserved_time_between_pauses_is_nobodys_stretch() -> None:
    work = (session("2026-01-13T08:00", "08:30"), session("2026-01-13T13:00", "13:10"))
    seen = [session("2026-01-12T00:00", "2026-01-13T10:00"), session("2026-01-13T12:00", "2026-01-14T00:00")]

    assert verdicts(*work, observed=seen) == ["met"]
    assert verdicts(*work, observed=[seen[0], session("2026-01-13T13:00", "2026-01-14T00:00")]) == ["not_judged"]


def test_activity_in_unconfirmed_work_away_from_the_screen_is_left_out() -> None:
    away = session("2026-01-13T08:30", "09:00", screen=False, confirmed=False)

    document = danish(session("2026-01-13T08:00", "08:30"), away, activity=[session("2026-01-13T08:00", "09:00")])

    assert verdict(document, RULE) == "met"
    assert only(document, RULE)["measured"] == 1800


def test_the_input_told_is_that_of_the_longest_stretch_also_after_another() -> None:
    activity = [
        session("2026-01-13T08:00", "08:10", intensity=0.1),
        session("2026-01-13T09:00", "09:30", intensity=0.8254),
    ]

    finding = only(danish(session("2026-01-13T08:00", "10:00"), activity=activity), RULE)

    assert "Input came in 82.5 % of the minutes of activity in it." in said(finding)
