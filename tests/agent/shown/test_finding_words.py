"""Findings and forecasts in plain words."""

from __future__ import annotations

import pytest

from agent_records import ZONE
from fyraften_agent.shown.finding_words import FIGURES, figures, finding_words, forecast_lines
from fyraften_agent.shown.wording import RULES, VERDICTS
from fyraften_policy import evaluate
from fyraften_policy.findings import WORST_FIRST, Finding, Step
from fyraften_policy.forecast import Forecast
from fyraften_policy.parameters import Citation
from fyraften_policy.periods import parse_instant

NOW = parse_instant("2026-11-20T15:30", ZONE)
REST = Finding(
    rule="dk.rest.daily",
    verdict="broken",
    force="law",
    start=parse_instant("2026-11-18T08:15", ZONE),
    end=parse_instant("2026-11-19T15:40", ZONE),
    citation=Citation("Act", "§ 50", "https://example.org/act"),
    measured=37800,
    limit=39600,
    unit="second",
    steps=(Step("Short by {time}.", {"time": "30 min"}),),
)


def test_a_finding_is_told_as_a_fact_beside_the_rule() -> None:
    words = finding_words(REST, ZONE, str, str)

    assert words.figures == "this looks like 10 h 30 min of rest; the rule is 11 h"
    assert (words.title, words.word, words.steps) == ("Daily rest", "not met", ("Short by 30 min.",))
    assert words.days == "2026-11-18 – 2026-11-19"
    assert (words.source, words.url) == ("Act, § 50", "https://example.org/act")


def test_every_rule_that_is_judged_has_a_title_and_a_sentence() -> None:
    judged = {rule.RULE for jurisdiction in evaluate.RULES for rule in evaluate.rules_of(jurisdiction)}

    assert judged <= set(RULES)
    assert judged <= set(FIGURES)


def test_every_verdict_has_a_word() -> None:
    assert set(WORST_FIRST) <= set(VERDICTS)


def test_a_rule_nobody_knows_yet_is_still_shown() -> None:
    words = finding_words(REST._replace(rule="xx.new", unit="day_per_week", measured=2.25, limit=2), ZONE, str, str)

    assert (words.title, words.figures) == ("xx.new", "2.25 days a week; the limit is 2")


def test_without_a_measurement_the_reason_is_told() -> None:
    words = finding_words(REST._replace(measured=None, reason="unobserved"), ZONE, str, str)

    assert words.figures == ""
    assert "not observed" in words.reason


def test_an_address_that_is_not_https_is_no_link() -> None:
    odd = REST._replace(citation=Citation("Act", "§ 1", "javascript:alert(1)"))

    assert finding_words(odd, ZONE, str, str).url == ""


@pytest.mark.parametrize(
    ("rule", "unit", "text"),
    [
        (
            "dk.screen.home",
            "day_per_week",
            "1 day a week at the screen at home on average; the rule speaks of more than 2",
        ),
        ("no.home_agreement", "day_per_week", "1 day a week at home on average; below 2 it is sporadic"),
        ("agreement.home_days", "day", "1 day with work at home in the week; agreed are 2"),
        ("advice.eye_test", "month", "1 month since the last eye test; another is suggested after 2"),
        ("advice.workplace_check", "month", "1 month since the last check; another is suggested after 2"),
    ],
)
def test_one_of_what_is_measured_is_said_as_one(rule: str, unit: str, text: str) -> None:
    finding = REST._replace(rule=rule, unit=unit, limit=2)

    assert figures(finding._replace(measured=1), str) == text
    assert figures(finding._replace(measured=0), str) == text.replace("1 day ", "0 days ").replace(
        "1 month ", "0 months "
    )


def test_a_measurement_without_a_limit_is_shown() -> None:
    assert figures(REST._replace(limit=None), str) == "measured: 10 h 30 min"


def test_the_forecast_says_what_is_still_to_come_and_what_is_over() -> None:
    forecast = Forecast(stop_by=NOW + 3600, earliest_start=NOW + 39600, next_pause_at=NOW - 600)

    lines = forecast_lines(forecast, ZONE, NOW, str, has_worked=True)

    assert lines == [
        "Stop by 16:30 to keep the daily rest.",
        "If work ends now, it can start again at 2026-11-21 02:30 with the daily rest kept.",
        "It has been time for a pause from the screen, or for other work, since 15:20.",
    ]


def test_the_weekly_day_off_is_told_from_two_days_ahead() -> None:
    later, soon = Forecast(day_off_by=NOW + 48 * 3600 + 1), Forecast(day_off_by=NOW + 48 * 3600)

    assert forecast_lines(later, ZONE, NOW, str, has_worked=True) == []
    assert forecast_lines(soon, ZONE, NOW, str, has_worked=True) == [
        "The weekly day off must begin by 2026-11-22 15:30."
    ]


def test_a_limit_that_has_passed_is_told_without_blame() -> None:
    lines = forecast_lines(Forecast(stop_by=NOW - 60), ZONE, NOW, str, has_worked=True)

    assert lines == ["Work now would make the daily rest too short: there was time until 15:29."]


def test_home_time_that_is_left_is_told_as_a_length() -> None:
    lines = forecast_lines(Forecast(home_time_left_seconds=5400), ZONE, NOW, str, has_worked=True)

    assert lines == [
        "1 h 30 min of screen work at home are left this week before the average is over the limit of the special "
        "rules."
    ]  # which limit, the law of the day or an agreement says


def test_without_work_there_is_nothing_to_forecast() -> None:
    assert forecast_lines(Forecast(stop_by=NOW + 60), ZONE, NOW, str, has_worked=False) == []
    assert forecast_lines(None, ZONE, NOW, str, has_worked=True) == []


def test_what_leaves_a_verdict_in_doubt_is_said_beside_it() -> None:
    words = finding_words(REST._replace(verdict="attention", measured=None), ZONE, str, str)

    assert words.in_short == ["Short by 30 min."]
