"""What every finding is made of, for every rule: its words, sentences, citation and value, and where it lies."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.evaluate import RULES, rules_of
from fyraften_policy.findings import REASONS, Finding, worst
from fyraften_policy.languages import LANGUAGES, translator
from fyraften_policy.parameters import law
from policy.any_document import WILD_ZONES, Told, judged, local_date, midnight, shown, tales

LEGAL = {"met", "attention", "broken", "not_judged"}
# The words with which each rule may answer. Advice is never broken, and only rules with exceptions are excepted.
WORDS = {
    "dk.rest.daily": LEGAL | {"excepted", "not_applicable"},
    "dk.rest.weekly": LEGAL | {"excepted", "not_applicable"},
    "dk.screen.home": {"covered", "not_covered", "provisional", "attention", "not_judged", "not_applicable"},
    "dk.hours.average": LEGAL | {"not_applicable"},
    "dk.break": {"met", "attention", "not_judged", "not_applicable"},
    "dk.night": LEGAL | {"not_applicable"},
    "no.rest.daily": LEGAL | {"not_applicable"},
    "no.rest.weekly": LEGAL | {"not_applicable"},
    "no.night": LEGAL | {"not_applicable"},
    "no.sunday": LEGAL | {"not_applicable"},
    "no.hours": LEGAL | {"not_applicable"},
    "no.overtime": LEGAL | {"not_applicable"},
    "no.break": LEGAL | {"not_applicable"},
    "no.home_agreement": LEGAL | {"not_applicable"},
    "eu.rest.daily": LEGAL,
    "eu.rest.weekly": LEGAL,
    "eu.hours.average": LEGAL,
    "eu.break": {"met", "attention", "not_judged"},
    "agreement.out_of_hours": LEGAL,
    "agreement.home_days": LEGAL,
    "advice.screen.pauses": {"met", "advice", "attention", "not_judged"},
    "advice.home_share": {"met", "advice", "attention", "not_judged"},
    "advice.eye_test": {"met", "advice", "not_judged"},
    "advice.workplace_check": {"met", "advice", "not_judged"},
}
FORCES = {"dk": {"law", "authority"}, "no": {"law"}, "eu": {"law"}, "agreement": {"agreement"}, "advice": {"advice"}}
UNITS = {"second", "day", "day_per_week", "hour_per_week", "hour_per_day", "month", "share", None}
any_tale = st.one_of(
    tales(unconfirmed=True, holes=True, exempt=True), tales(unconfirmed=True, exempt=True, zones=WILD_ZONES)
)


def test_every_rule_has_its_words() -> None:
    assert set(WORDS) == {rule.RULE for jurisdiction in RULES for rule in rules_of(jurisdiction)}


@given(any_tale)
def test_every_verdict_is_a_word_of_its_rule_and_what_is_not_judged_says_why(told: Told) -> None:
    answer = judged(told)

    assert list(answer.summary) == [rule.RULE for rule in rules_of(told.jurisdiction)]
    for found in answer.findings:
        assert found.verdict in WORDS[found.rule], (found, shown(told))
        assert found.force in FORCES[found.rule.split(".")[0]]
        assert found.unit in UNITS
        assert found.reason is None or found.reason in REASONS
        assert (found.reason is not None) >= (found.verdict in ("not_judged", "not_applicable")), (found, shown(told))


@given(any_tale)
def test_the_summary_is_the_worst_verdict_and_that_of_the_screen_rule_the_latest(told: Told) -> None:
    answer = judged(told)

    for rule, verdict in answer.summary.items():
        verdicts = [found.verdict for found in answer.findings if found.rule == rule]
        assert verdict == (verdicts[-1] if rule == "dk.screen.home" else worst(verdicts))


@given(any_tale)
def test_an_answer_survives_being_written_and_read_in_every_language(told: Told) -> None:
    answer = judged(told)

    for language in LANGUAGES:
        written = answer.as_json(translator("fyraften_policy", language))
        assert json.loads(json.dumps(written, allow_nan=False, ensure_ascii=False)) == written
        assert set(written) == {"id", "findings", "summary", "forecast"}


@given(any_tale)
def test_every_step_is_a_whole_sentence_without_a_hole_in_it(told: Told) -> None:
    answer = judged(told)

    for language in LANGUAGES:
        for found in answer.as_json(translator("fyraften_policy", language))["findings"]:
            for step in found["steps"]:
                assert step == step.strip()
                assert step.endswith((".", "?", ".”", "?”")), (found["rule"], step)
                assert not set("{}") & set(step), (found["rule"], step)
                assert "None" not in step, (found["rule"], step)
                assert "  " not in step, (found["rule"], step)


@given(any_tale)
def test_a_verdict_with_figures_is_explained(told: Told) -> None:
    for found in judged(told).findings:
        if found.verdict not in ("not_judged", "not_applicable"):
            assert found.steps, (found, shown(told))


@given(any_tale)
def test_every_finding_lies_in_the_period_or_reaches_into_it(told: Told) -> None:
    period = told.field("period")
    start, end = (midnight(date.fromisoformat(period[name]), told.zone) for name in ("start", "end"))

    for found in judged(told).findings:
        assert found.start <= found.end, (found, shown(told))
        assert found.start <= end, (found, shown(told))
        assert start <= found.end, (found, shown(told))


@given(any_tale)
def test_every_finding_says_where_the_rule_stands_and_by_which_value_it_was_judged(told: Told) -> None:
    replaced = told.field("parameters") or {}

    for found in judged(told).findings:
        assert found.citation.act
        assert found.citation.provision
        assert found.citation.url.startswith("https://") != found.rule.startswith("agreement.")
        if found.value is not None:
            name = found.value.parameter.id
            assert name.startswith(f"{found.rule}.")
            assert found.value.is_replaced == (name in replaced)
            if name in replaced:
                assert float(found.value.amount) == replaced[name]
            else:
                assert_in_force(found, told)
        elif found.measured is not None and found.limit is not None:
            assert found.rule.startswith("agreement."), (found, shown(told))


def assert_in_force(found: Finding, told: Told) -> None:
    """The value is the law's on a day of the finding."""
    assert found.value is not None
    value, parameter = found.value, law()[found.value.parameter.id]
    first, last = local_date(found.start, told.zone), local_date(max(found.start, found.end - 1), told.zone)
    days = [first + timedelta(days=number) for number in range((last - first).days + 8)]
    held = {(one.amount, one.since) for one in (parameter.on(day) for day in days if day >= parameter.values[0].since)}
    assert (value.amount, value.since) in held, (found, shown(told))


@pytest.mark.parametrize("jurisdiction", RULES)
def test_a_finding_shows_the_same_parameter_in_its_json(jurisdiction: str) -> None:
    @given(tales(jurisdictions=(jurisdiction,)))
    def each(told: Told) -> None:
        answer = judged(told)
        written: list[dict[str, Any]] = answer.as_json(str)["findings"]
        for found, one in zip(answer.findings, written, strict=True):
            parameter = one["citation"]["parameter"]
            assert (parameter is None) == (found.value is None)
            if found.value is not None:
                assert parameter["id"] == found.value.parameter.id
                assert parameter["value"] == float(found.value.amount)
                assert parameter["unit"] == found.value.parameter.unit

    each()
