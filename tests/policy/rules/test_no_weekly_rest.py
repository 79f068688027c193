"""``no.rest.weekly``: 35 hours off in each week; the weeks themselves are tested with ``eu.rest.weekly``."""

from __future__ import annotations

from policy.norwegian import days, findings, norwegian, verdict, work

RULE = "no.rest.weekly"


def test_a_week_without_a_rest_of_35_hours_is_broken_and_the_next_is_judged_by_itself() -> None:
    document = norwegian(*days(12, 17), work("2026-01-18T10:00", "11:00"), *days(19, 23))

    found = findings(document, RULE)

    assert [(one["verdict"], one["measured"]) for one in found] == [("broken", 21 * 3600), ("met", 56 * 3600)]
    assert found[0]["citation"]["provision"] == "§ 10-8 andre ledd"


def test_the_rest_of_a_collective_agreement_is_taken() -> None:
    week = [
        *days(12, 17, hours=("10:00", "18:00")),
        work("2026-01-18T22:00", "23:00"),
        work("2026-01-19T08:00", "16:00"),
    ]

    assert verdict(norwegian(*week), RULE) == "broken"
    assert verdict(norwegian(*week, parameters={"no.rest.weekly.minimum": 28}), RULE) == "met"


def test_a_week_that_is_not_over_is_told_only_once_it_has_its_rest() -> None:
    week = days(12, 16)

    running = findings(norwegian(*week, at="2026-01-17T20:00"), RULE)
    rested = findings(norwegian(*week, at="2026-01-18T03:00"), RULE)

    assert [one["reason"] for one in running] == ["no_complete_period"]
    assert [(one["verdict"], one["measured"]) for one in rested] == [("met", 35 * 3600)]


def test_a_particularly_independent_position_is_outside() -> None:
    document = norwegian(*days(12, 18), agreement={"self_organiser": True})

    assert verdict(document, RULE) == "not_applicable"


def test_before_the_act_nothing_is_judged() -> None:
    document = norwegian(*days(19, 23, month="2005-12"))

    assert [one["reason"] for one in findings(document, RULE)] == ["no_value"]
