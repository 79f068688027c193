"""Findings: sentences with values, durations and moments for people, the worst verdict, the JSON of a finding."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fyraften_policy.findings import (
    REASONS,
    VERDICT_WORDS,
    WORST_FIRST,
    Finding,
    Label,
    Step,
    Word,
    decimals,
    duration,
    moment,
    percentage,
    plain,
    source_json,
    value_step,
    worst,
)
from fyraften_policy.languages import translator
from fyraften_policy.parameters import Citation, InForce, Parameter, Parameters, Value

SOURCE = Citation("An act", "§ 1", "https://example.org")
START, END = 1768287600, 1768316400  # 2026-01-13 08:00 to 16:00 in Copenhagen


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 min"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (3661, "1 h 1 min 1 s"),
        (39599, "10 h 59 min 59 s"), (39600, "11 h"), (90000, "25 h"), (-60, "-1 min"),
    ],
)  # fmt: skip
def test_a_duration_shows_the_units_it_has(seconds: int, shown: str) -> None:
    assert duration(seconds) == shown


def test_a_moment_is_local_and_shows_seconds_only_where_there_are_some() -> None:
    assert moment(START, "Europe/Copenhagen") == "2026-01-13 08:00"
    assert moment(START + 1, "UTC") == "2026-01-13 07:00:01"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(2, "2.0"), (2.0004, "2.0"), (2.0005, "2.001"), (14.825, "14.825"), (2.1000, "2.1"), (0.0004, "0.0")],
)
def test_decimals_lose_their_trailing_zeros(number: float, shown: str) -> None:
    assert decimals(number) == shown


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "2.703 days, 61.7 %, 0.5"), ("da", "2,703 days, 61,7 %, 0,5"), ("nb", "2,703 days, 61,7 %, 0,5")],
)
def test_the_decimals_of_a_sentence_are_those_of_its_language(language: str, text: str) -> None:
    step = Step(
        "{days} days, {share}, {amount}",
        {"days": decimals(2.7027), "share": percentage(0.6172, 1), "amount": plain(Decimal("0.5"))},
    )

    assert step.text(translator("fyraften_policy", language)) == text


def test_a_percentage_loses_its_zeros_and_an_amount_is_told_as_it_was_written() -> None:
    assert (percentage(0.5), percentage(0.6655), plain(Decimal("48.0")), plain(Decimal(10))) == (
        "50 %", "66.55 %", "48.0", "10",
    )  # fmt: skip


def test_the_worst_verdict_comes_first() -> None:
    for better, one in enumerate(WORST_FIRST):
        assert worst(reversed(WORST_FIRST[better:])) == one
    assert WORST_FIRST == ("broken", "attention", "not_judged", "excepted", "advice", "met", "not_applicable")
    assert worst([]) == "not_applicable"


def test_a_step_is_put_into_words_when_it_is_shown() -> None:
    step = Step("From {start} it was {verdict}.", {"start": "08:00", "verdict": Word("met")})

    def danish(sentence: str) -> str:
        return {"From {start} it was {verdict}.": "Fra {start} var det {verdict}.", "met": "overholdt"}[sentence]

    assert step.text(str) == "From 08:00 it was met."
    assert step.text(danish) == "Fra 08:00 var det overholdt."


def test_the_step_of_a_value_names_its_source_or_the_agreement() -> None:
    law = Parameters().on("dk.rest.daily.minimum", date(2026, 1, 13))
    agreed = Parameters({"dk.rest.daily.minimum": Decimal(10)}).on("dk.rest.daily.minimum", date(2026, 1, 13))

    assert value_step("{value} [{source}]", law, "11 h").text(str).endswith("§ 50, stk. 1; § 3; 2002-05-23]")
    assert value_step("{value} [{source}]", agreed, "10 h").text(str) == "10 h [your agreement]"


def test_the_step_of_a_number_that_we_read_into_a_source_says_so() -> None:
    value = Value(date(2022, 4, 30), Decimal(4))
    parameter = Parameter("x.y", {"en": "Weeks"}, "week", SOURCE, (value,), kind="reading")
    step = value_step("{value} weeks [{source}]", InForce(parameter, value.amount, value.since), "4")

    assert step.text(str) == "4 weeks [our reading of An act, § 1]"


def test_the_label_of_a_number_is_told_in_the_language_of_the_sentence() -> None:
    label = Label({"en": "Daily rest", "da": "Daglig hvile", "nb": "Daglig arbeidsfri"})

    assert [label.told(language) for language in (str, lambda word: "da" if word == "en" else word)] == [
        "Daily rest", "Daglig hvile",
    ]  # fmt: skip


def test_a_number_with_decimals_has_the_comma_of_danish_and_norwegian() -> None:
    step = Step("{a}, {b} and {c}", {"a": decimals(1.625), "b": plain(Decimal("37.5")), "c": plain(Decimal(48))})

    assert step.text(str) == "1.625, 37.5 and 48"
    assert step.text(translator("fyraften_policy", "da")) == "1,625, 37,5 and 48"
    assert step.text(translator("fyraften_policy", "nb")) == "1,625, 37,5 and 48"


def test_the_words_of_a_source_are_translated_where_they_are_ours() -> None:
    source = source_json(Citation(Word("The agreement"), "§ 1", ""), None, str.upper)

    assert (source["act"], source["provision"]) == ("THE AGREEMENT", "§ 1")


def test_a_finding_is_written_with_offsets_and_plain_numbers() -> None:
    finding = Finding("x.y", "met", "law", START, END, SOURCE, 2.0, 2.5, "day_per_week", None, (Step("So."),))

    assert finding.with_step(Step("Then.")).as_json("Europe/Copenhagen", str) == {
        "rule": "x.y",
        "verdict": "met",
        "force": "law",
        "period": {"start": "2026-01-13T08:00:00+01:00", "end": "2026-01-13T16:00:00+01:00"},
        "measured": 2,
        "limit": 2.5,
        "unit": "day_per_week",
        "citation": {
            "act": "An act",
            "provision": "§ 1",
            "url": "https://example.org",
            "checked": True,
            "parameter": None,
        },
        "steps": ["So.", "Then."],
        "reason": None,
    }


def test_words_and_reasons_are_whole() -> None:
    assert all(text.endswith(".") for text in REASONS.values())
    assert set(WORST_FIRST) | {"covered", "not_covered", "provisional"} == set(VERDICT_WORDS)
