"""Numbers of the law and their sources in words, and what to do where there is no verdict."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from agent_records import ZONE
from fyraften_agent.finding_words import finding_words
from fyraften_agent.source_words import (
    NOT_CHECKED,
    REMEDIES,
    REMEDIES_IN_FACTS,
    UNITS,
    amount_of,
    percent,
    source_of,
    value_of,
    wording_of,
)
from fyraften_policy.findings import REASONS, Finding, Word
from fyraften_policy.languages import translator
from fyraften_policy.parameters import UNITS as LAW_UNITS
from fyraften_policy.parameters import Citation, Parameters, known_parameter

ACT = Citation("Act", "§ 50", "https://example.org/act")
FINDING = Finding(rule="dk.rest.daily", verdict="met", force="law", start=0, end=86400, citation=ACT)
DAY = date(2026, 11, 20)


def judged_by(parameter: str, **replaced: str) -> Finding:
    amounts = {name.replace("__", "."): Decimal(amount) for name, amount in replaced.items()}
    value = Parameters(amounts).on(parameter, DAY)
    return FINDING._replace(value=value, citation=known_parameter(parameter).citation)


def test_a_number_of_the_law_has_its_date_and_its_id() -> None:
    assert (
        value_of(judged_by("dk.rest.daily.minimum"), str, str)
        == "Value judged by: 11 h, in force since 2002-05-23 (dk.rest.daily.minimum)"
    )


def test_a_number_that_stands_elsewhere_names_that_place_too() -> None:
    elsewhere = judged_by("dk.rest.daily.minimum")._replace(citation=ACT)

    assert "(dk.rest.daily.minimum; Arbejdsmiljøloven" in value_of(elsewhere, str, str)
    assert "https://at.dk/" in value_of(elsewhere, str, str)


def test_a_number_of_our_own_is_called_our_reading() -> None:
    words = value_of(judged_by("advice.eye_test.interval"), str, str)

    assert words.startswith("Value judged by: 24 months, our reading, for days since 1992-12-15 (advice.eye_test.")
    assert "in force" not in words


def test_a_citation_of_our_own_words_is_translated() -> None:
    agreement = Citation(Word("The agreement"), "hours", "")

    assert source_of(agreement, lambda text: f"<{text}>") == "<The agreement>, hours"


def test_a_finding_without_a_number_says_nothing_of_one() -> None:
    assert value_of(FINDING, str, str) == ""


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        ("dk.rest.daily.minimum", "11 h"),
        ("dk.screen.home.day", "7 h 24 min"),
        ("dk.hours.average.limit", "48 hours a week"),
        ("dk.night.limit", "8 hours a day"),
        ("dk.night.from", "22 o'clock"),
        ("dk.screen.home.limit", "2 days a week"),
        ("no.home_agreement.days", "1 day a week"),
        ("dk.night.share", "50 %"),
        ("advice.screen.pauses.stretch", "50 min"),
        ("advice.eye_test.interval", "24 months"),
    ],
)
def test_every_kind_of_number_is_said_as_a_person_says_it(parameter: str, words: str) -> None:
    assert amount_of(Parameters({}).on(parameter, DAY), str) == words


def test_every_unit_of_the_law_has_words() -> None:
    assert set(LAW_UNITS) <= {*UNITS, "second", "minute", "hour", "share"}


@pytest.mark.parametrize(("share", "text"), [(0.5, "50 %"), (0.6172, "61.7 %"), (0, "0 %"), (1, "100 %")])
def test_a_share_is_a_percentage_with_at_most_one_decimal(share: float, text: str) -> None:
    assert percent(share, str) == text


def test_a_percentage_and_an_amount_have_the_comma_of_danish_and_norwegian() -> None:
    for language in ("da", "nb"):
        _ = translator("fyraften_agent", language)
        agreed = Parameters({"dk.hours.average.limit": Decimal("37.5")}).on("dk.hours.average.limit", DAY)

        assert percent(0.6172, _) == "61,7 %"
        assert amount_of(agreed, _).startswith("37,5 ")


def test_a_law_or_a_number_that_was_not_checked_makes_the_finding_so() -> None:
    unchecked_act = FINDING._replace(citation=Citation("Act", "§ 50", "https://example.org/act", checked=False))
    unchecked_number = judged_by("no.overtime.week")._replace(citation=ACT)

    assert wording_of(unchecked_number, str) == NOT_CHECKED
    assert wording_of(unchecked_act, str) == NOT_CHECKED
    assert wording_of(FINDING, str) == "The wording was checked at this address."


def test_an_agreement_of_the_two_has_no_address_to_check() -> None:
    assert wording_of(FINDING._replace(citation=Citation("The agreement", "hours", "")), str) == ""


def test_what_the_agreement_sets_itself_needs_no_check() -> None:
    replaced = judged_by("no.overtime.week", no__overtime__week="12")._replace(citation=ACT)

    assert wording_of(replaced, str) == "The wording was checked at this address."


def test_every_reason_says_what_to_do_or_needs_nothing() -> None:
    nothing_to_do = {"home_sporadic", "home_short"}

    assert set(REASONS) - nothing_to_do == set(REMEDIES) == set(REMEDIES_IN_FACTS)


def test_what_to_do_speaks_of_commands_or_of_the_facts_as_asked() -> None:
    unknown = FINDING._replace(verdict="not_judged", reason="no_normal_hours")

    assert "fyraften agreement" in finding_words(unknown, ZONE, str, str).remedy
    assert "agreement.normal_hours" in finding_words(unknown, ZONE, str, str, REMEDIES_IN_FACTS).remedy
    assert finding_words(FINDING._replace(reason="home_short"), ZONE, str, str).remedy == ""
