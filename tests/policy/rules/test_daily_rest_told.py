"""``dk.rest.daily``: which rest is told of a block, from when it is counted, and which numbers hold on its day."""

from __future__ import annotations

import pytest

from fyraften_policy.intervals import Interval
from fyraften_policy.rules.daily_rest import longest_rests
from policy.documents import Document, danish, findings, only, said, session, verdict

RULE = "dk.rest.daily"


def told(finding: Document) -> list[str]:
    return [step for step in finding["steps"] if "longest rest" in step]


def test_exactly_eleven_hours_before_two_pieces_of_work_are_told_as_seen_from_the_last() -> None:
    evening = session("2026-01-12T13:00", "21:00")
    day = (session("2026-01-13T08:00", "12:00"), session("2026-01-13T13:00", "17:00"))

    _, finding = findings(danish(evening, *day), RULE)

    assert (finding["verdict"], finding["measured"]) == ("met", 39600)
    assert told(finding) == [
        "In the 24 h before 2026-01-13 17:00 the longest rest is 11 h: from 2026-01-12 21:00 to 2026-01-13 08:00."
    ]


def test_the_rest_before_the_first_block_of_a_period_begins_with_the_last_work_before_it() -> None:
    days = [session(f"2026-01-{day}T12:00", "20:00") for day in (11, 12)]
    document = danish(*days, session("2026-01-13T08:00", "12:00"), period={"start": "2026-01-13", "end": "2026-01-14"})

    finding = only(document, RULE)

    assert (finding["verdict"], finding["measured"]) == ("met", 12 * 3600)
    assert told(finding) == [
        "In the 24 h before 2026-01-13 12:00 the longest rest is 12 h: from 2026-01-12 20:00 to 2026-01-13 08:00."
    ]


@pytest.mark.parametrize(
    ("end", "ends_told"),
    [
        ("2026-01-14T00:00:00", ["2026-01-14 00:00 the longest rest is 6 h:"]),
        (
            "2026-01-14T00:00:01",
            ["2026-01-13 20:00 the longest rest is 10 h:", "2026-01-14 00:00:01 the longest rest is 5 h 59 min 59 s:"],
        ),
    ],
)
def test_of_each_day_on_which_work_ends_the_shortest_rest_is_told(end: str, ends_told: list[str]) -> None:
    finding = only(danish(session("2026-01-13T06:00", "20:00"), session("2026-01-13T20:30", end)), RULE)

    assert [step.split(" before ")[1].partition(" from")[0] for step in told(finding)] == ends_told


def test_a_rest_of_one_second_is_told() -> None:
    work = (session("2026-01-12T00:00", "12:00"), session("2026-01-12T12:00:01", "2026-01-13T02:00"))

    finding = only(danish(*work), RULE)

    assert finding["measured"] == 1
    assert "the longest rest is 1 s: from 2026-01-12 12:00 to 2026-01-12 12:00:01." in said(finding)


@pytest.mark.parametrize(
    "agreed", [{"dk.rest.daily.minimum": 11}, {"dk.rest.daily.window": 24}], ids=["the rest", "the window"]
)
def test_a_number_of_the_agreement_does_not_carry_the_law_to_a_day_before_it(agreed: dict[str, int]) -> None:
    work = (session("2002-05-20T08:00", "16:00"), session("2002-06-03T08:00", "16:00"))

    before, since = findings(danish(*work, parameters=agreed), RULE)

    assert (before["verdict"], before["reason"], before["citation"]["parameter"]) == ("not_judged", "no_value", None)
    assert (since["verdict"], since["citation"]["parameter"] is None) == ("met", False)


def test_a_period_without_work_has_nothing_to_judge_also_where_time_was_not_observed() -> None:
    seen = [session("2026-01-13T00:00", "2026-01-15T12:00")]
    work = (session("2026-01-13T08:00", "16:00"), session("2026-01-15T22:00", "23:00", confirmed=False))
    document = danish(*work, observed=seen, period={"start": "2026-01-14", "end": "2026-01-15"})

    assert verdict(document, RULE) == "not_judged"
    assert only(document, RULE)["reason"] == "no_complete_period"


def test_no_end_has_no_rest_before_it() -> None:
    assert list(longest_rests([Interval(0, 10)], [], 60)) == []
    assert list(longest_rests([], [], 60)) == []
