"""The answer as a whole: its form, its summary, jurisdictions, cuts, and nothing to judge."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.evaluate import RULES, evaluate, rules_of
from policy.documents import Document, answer, danish, facts, session, spans, verdict
from policy.oracle import Span
from policy.strategies import any_work

DAY = session("2026-01-13T08:00", "16:00", place="home")
HOURS = {"normal_hours": {"tue": [["08:00", "16:00"]]}}
AGREEMENT = ["agreement.out_of_hours", "agreement.home_days"]
EVERYWHERE = [*AGREEMENT, "advice.screen.pauses", "advice.home_share", "advice.eye_test", "advice.workplace_check"]
DANISH = ["dk.rest.daily", "dk.rest.weekly", "dk.screen.home", "dk.hours.average", "dk.break", "dk.night", *EVERYWHERE]
NORWEGIAN = [
    "no.rest.daily", "no.rest.weekly", "no.night", "no.sunday", "no.hours", "no.overtime", "no.break",
    "no.home_agreement", *EVERYWHERE,
]  # fmt: skip
EUROPEAN = ["eu.rest.daily", "eu.rest.weekly", "eu.hours.average", "eu.break", *EVERYWHERE]


def test_an_answer_has_exactly_four_parts() -> None:
    assert list(answer(danish(DAY))) == ["id", "findings", "summary", "forecast"]


@pytest.mark.parametrize("name", ["a day", "", 7, 0, -3, "æøå"])
def test_the_id_comes_back(name: str | int) -> None:
    assert answer(danish(DAY, id=name))["id"] == name


def test_without_an_id_there_is_none() -> None:
    assert answer(danish(DAY))["id"] is None
    assert answer(danish(DAY, id=None))["id"] is None


@pytest.mark.parametrize(("jurisdiction", "rules"), [("DK", DANISH), ("NO", NORWEGIAN), ("EU", EUROPEAN)])
def test_the_jurisdiction_alone_decides_the_law(jurisdiction: str, rules: list[str]) -> None:
    told = answer(danish(DAY, jurisdiction=jurisdiction, zone="Europe/Oslo"))

    assert list(told["summary"]) == rules
    assert list(dict.fromkeys(finding["rule"] for finding in told["findings"])) == rules


def test_the_summary_is_the_worst_of_a_rule() -> None:
    rows = [DAY, session("2026-01-14T08:00", "22:00"), session("2026-01-15T12:00", "16:00")]
    told = answer(danish(*rows))

    assert [one["verdict"] for one in told["findings"] if one["rule"] == "dk.rest.daily"] == ["met", "broken", "met"]
    assert told["summary"]["dk.rest.daily"] == "broken"


@pytest.mark.parametrize(
    "document",
    [
        danish(),
        danish(at="2026-01-13T12:00"),
        danish(period={"start": "2026-01-12", "end": "2026-01-19"}),
        danish(agreement=HOURS),
        danish(DAY, at="2026-01-13T08:00"),
    ],
)
def test_nothing_to_judge_is_not_judged(document: Document) -> None:
    told = answer(document)

    assert set(told["summary"].values()) == {"not_judged"}
    asked = {one["reason"] for one in told["findings"] if one["rule"] in ("advice.eye_test", "advice.workplace_check")}
    assert asked <= {"no_complete_period", "no_date"}
    assert {one["reason"] for one in told["findings"]} - asked <= {"no_complete_period"}
    assert all(one["measured"] is None for one in told["findings"])


def test_a_period_without_work_is_judged_by_the_rules_that_look_back_over_months_only() -> None:
    told = answer(danish(DAY, period={"start": "2026-02-02", "end": "2026-02-03"}, agreement=HOURS))

    judged = {rule: verdict for rule, verdict in told["summary"].items() if verdict != "not_judged"}
    assert judged == {"dk.hours.average": "met"}


def test_where_nothing_tells_a_time_no_time_is_made_up() -> None:
    assert all(one["period"] == {"start": None, "end": None} for one in answer(danish())["findings"])


def test_work_left_out_after_now_is_said_in_every_finding() -> None:
    cut = answer(danish(DAY, at="2026-01-13T12:00"))
    whole = answer(danish(DAY, at="2026-01-13T16:00"))

    assert all(one["steps"][-1] == "Work after 2026-01-13 12:00 is left out." for one in cut["findings"])
    assert "left out" not in json.dumps(whole)


def test_a_forecast_is_given_only_where_now_is_stated() -> None:
    assert answer(danish(DAY))["forecast"] == {}
    assert answer(danish(DAY, at="2026-01-13T16:00"))["forecast"]["stop_by"] == "2026-01-13T21:00:00+01:00"


def test_a_rule_without_a_value_yet_does_not_stop_the_others() -> None:
    told = answer(danish(session("2001-01-09T08:00", "16:00"), agreement=HOURS, at="2001-01-15T00:00"))

    judged = {rule: verdict for rule, verdict in told["summary"].items() if verdict != "not_judged"}
    assert judged == {"agreement.out_of_hours": "met", "advice.screen.pauses": "advice"}
    assert {one["reason"] for one in told["findings"] if one["rule"].startswith("dk.")} == {"no_value"}


def test_replaced_numbers_are_said_by_the_rule_they_belong_to_only() -> None:
    told = answer(danish(DAY, parameters={"dk.rest.daily.window": 30, "dk.screen.home.window": 5}))

    said = {one["rule"]: [step for step in one["steps"] if "Your agreement sets" in step] for one in told["findings"]}
    assert {rule: steps for rule, steps in said.items() if steps} == {
        "dk.rest.daily": [
            "Your agreement sets “Hours counted back from any moment of work” to 30 h in place of 24 h; "
            "whether an agreement may set that is not checked here."
        ],
        "dk.screen.home": [
            "Your agreement sets “Complete ISO weeks that stand for the month (our reading: the texts do not define "
            "it)” to 5 in place of 4; whether an agreement may set that is not checked here."
        ],
    }


def test_each_rule_offers_what_the_evaluation_needs() -> None:
    for rules in map(rules_of, RULES):
        assert len({rule.RULE for rule in rules}) == len(rules)
        for rule in rules:
            assert rule.FORCE in ("law", "authority", "agreement", "advice")
            assert rule.citation().act


_RULE_WORDS = {"met", "attention", "broken", "not_judged"}
_ADVICE_WORDS = {"met", "attention", "advice", "not_judged"}
WORDS = {
    "dk.rest.daily": {*_RULE_WORDS, "excepted", "not_applicable"},
    "dk.rest.weekly": {*_RULE_WORDS, "excepted", "not_applicable"},
    "dk.screen.home": {"covered", "not_covered", "provisional", "attention", "not_judged", "not_applicable"},
    "dk.hours.average": {*_RULE_WORDS, "not_applicable"},
    "dk.break": {*_RULE_WORDS, "not_applicable"},
    "dk.night": {*_RULE_WORDS, "not_applicable"},
    "agreement.out_of_hours": _RULE_WORDS,
    "agreement.home_days": _RULE_WORDS,
    "advice.screen.pauses": _ADVICE_WORDS,
    "advice.home_share": _ADVICE_WORDS,
    "advice.eye_test": _ADVICE_WORDS,
    "advice.workplace_check": _ADVICE_WORDS,
}


def test_a_question_names_the_activity_it_is_about() -> None:
    waiting = [session(f"2026-01-{day}T05:30", "05:35", confirmed=False) for day in (13, 14)]
    told = answer(danish(session("2026-01-12T14:00", "23:00"), session("2026-01-13T10:00", "16:00"), *waiting))

    (rest, *_) = (one for one in told["findings"] if one["verdict"] == "attention")
    assert rest["rule"] == "dk.rest.daily"
    assert rest["steps"][-1] == "The activity: 2026-01-13 05:30 – 2026-01-13 05:35."


def test_what_was_not_observed_is_named_a_few_times() -> None:
    seen = [session(f"2026-01-{day}T00:00", "20:00") for day in range(10, 20)]
    told = answer(danish(DAY, observed=seen))

    left_open = [one["steps"][-1] for one in told["findings"] if one["reason"] == "unobserved"]
    assert "Not observed: 2026-01-12 20:00 – 2026-01-13 00:00, 2026-01-13 20:00 – 2026-01-14 00:00." in left_open
    assert any("and further times: " in step for step in left_open)


@given(any_work, st.data())
def test_whatever_is_told_the_answer_is_whole_sentences_and_known_words(work: list[Span], data: st.DataObject) -> None:
    more: dict[str, Any] = {}
    if data.draw(st.booleans()):
        more["observed"] = spans(data.draw(st.permutations(work))[:1])
    if data.draw(st.booleans()):
        more["at"] = spans([(0, max(end for _, end in work) - 1)])[0]["end"]
    more["agreement"] = data.draw(st.sampled_from([{}, HOURS, {"on_call": True}, {"self_organiser": True}]))
    rows = [
        {**row, "confirmed": data.draw(st.booleans()), "place": data.draw(st.sampled_from(["home", "unknown"]))}
        for row in spans(work)
    ]

    told = answer(danish(*rows, **more))

    assert json.loads(json.dumps(told)) == told
    assert list(told["summary"]) == DANISH
    for finding in told["findings"]:
        assert finding["verdict"] in WORDS[finding["rule"]]
        assert (finding["reason"] is not None) is (finding["verdict"] in ("not_judged", "not_applicable"))
        assert all(step[0].isupper() or step[0].isdigit() for step in finding["steps"])
        assert all(step.endswith((".", "?")) and "{" not in step for step in finding["steps"])
        assert finding["period"]["start"] <= finding["period"]["end"] or "+02:00" in finding["period"]["start"]
    starts = [(DANISH.index(one["rule"]), one["period"]["start"]) for one in told["findings"]]
    assert [rule for rule, _ in starts] == sorted(rule for rule, _ in starts)


def test_evaluating_twice_gives_the_same_and_changes_nothing() -> None:
    read = facts(danish(DAY, at="2026-01-13T12:00"))

    assert evaluate(read).as_json(str) == evaluate(read).as_json(str)
    assert verdict(danish(DAY), "dk.rest.daily") == "met"
