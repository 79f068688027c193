"""The one algorithm for what is not known: holes first, then unconfirmed work."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding, Step
from fyraften_policy.parameters import Citation
from fyraften_policy.periods import parse_instant
from fyraften_policy.unknowns import (
    LEFT_OUT,
    OPEN_QUESTION,
    QUESTION,
    TAKEN_AS_REST,
    UNOBSERVED,
    Judgement,
    Scenario,
    settle,
    with_the_times,
)
from policy.documents import danish, facts, session

WORK = session("2026-01-13T08:00", "16:00")
WAITING = session("2026-01-13T20:00", "21:00", confirmed=False)


def known(*, holes: bool, unconfirmed: bool) -> Facts:
    rows = [WORK, WAITING] if unconfirmed else [WORK]
    return facts(danish(*rows, observed=[] if holes else "all"))


def settled(
    told: Facts, answers: Mapping[tuple[bool, bool], str | None], *, has_holes: bool | None = None
) -> Judgement:
    """Settle one thing whose verdict is looked up by (holes are work, with unconfirmed)."""

    def judge(scenario: Scenario) -> Mapping[str, Judgement]:
        verdict = answers[tuple(scenario)]
        return {} if verdict is None else {"thing": Judgement(verdict, 1.0, 2.0)}

    return settle(told, judge, nothing="met", has_holes=has_holes)["thing"]


def test_where_all_is_known_the_rule_is_asked_once() -> None:
    assert settled(known(holes=False, unconfirmed=False), {(False, True): "broken"}).verdict == "broken"


@pytest.mark.parametrize(
    ("rest", "work", "expected"),
    [
        ("met", "met", "met"),
        ("broken", "broken", "broken"),
        ("met", "broken", "not_judged"),
        ("excepted", "broken", "not_judged"),
    ],
)
def test_a_hole_leaves_open_what_it_could_change(rest: str, work: str, expected: str) -> None:
    answer = settled(known(holes=True, unconfirmed=False), {(False, True): rest, (True, True): work})

    assert answer.verdict == expected
    assert answer.reason == ("unobserved" if expected == "not_judged" else None)
    assert answer.measured == (None if expected == "not_judged" else 1.0)


@pytest.mark.parametrize(
    ("without", "with_it", "expected"),
    [
        ("met", "met", "met"),
        ("met", "broken", "attention"),
        ("broken", "broken", "broken"),
        (None, "broken", "attention"),
        (None, "met", "met"),
    ],
)
def test_unconfirmed_work_asks_where_it_could_change_the_answer(
    without: str | None, with_it: str, expected: str
) -> None:
    answer = settled(known(holes=False, unconfirmed=True), {(False, True): with_it, (False, False): without})

    assert answer.verdict == expected
    assert any("Was it work?" in step.message for step in answer.steps) is (expected == "attention")


@pytest.mark.parametrize(
    ("without", "with_it", "said"),
    [
        ("met", "broken", "Was it work? The answer decides."),
        ("met", "not_judged", "The answer may decide: without it, “met”; with it, “not judged”."),
        ("not_judged", "broken", "The answer may decide: without it, “not judged”; with it, “not met”."),
        ("attention", "broken", "The answer may decide: without it, “in doubt”; with it, “not met”."),
    ],
)
def test_an_answer_is_said_to_decide_only_where_it_leaves_nothing_open(without: str, with_it: str, said: str) -> None:
    answer = settled(known(holes=False, unconfirmed=True), {(False, True): with_it, (False, False): without})

    assert answer.verdict == "attention"
    assert answer.steps[-1].text(str).endswith(said)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("met", "met", "met", "broken"), "attention"),
        (("met", "broken", "met", "broken"), "not_judged"),
        (("met", "broken", "broken", "broken"), "attention"),
        (("broken", "broken", "broken", "broken"), "broken"),
        (("met", "met", "broken", "broken"), "attention"),
    ],
)
def test_holes_are_settled_before_the_unconfirmed_work(answers: tuple[str, str, str, str], expected: str) -> None:
    keys = [(False, False), (True, False), (False, True), (True, True)]

    assert settled(known(holes=True, unconfirmed=True), dict(zip(keys, answers, strict=True))).verdict == expected


def settled_in_parts(with_it: str, *parts: tuple[str, str]) -> Judgement:
    """Settle a thing that falls into parts without the unconfirmed work, each judged with holes as rest and as work."""

    def judge(scenario: Scenario) -> Mapping[str, Judgement]:
        if scenario.with_unconfirmed:
            return {"whole": Judgement(with_it, 9.0)}
        return {
            f"whole {number}": Judgement(verdicts[scenario.holes_are_work], float(number))
            for number, verdicts in enumerate(parts)
        }

    told = known(holes=True, unconfirmed=True)
    return settle(told, judge, nothing="met", whole_of=lambda part: part.split()[0])["whole"]


def test_the_worst_of_the_parts_without_the_unconfirmed_work_counts_and_of_equal_ones_the_first() -> None:
    answer = settled_in_parts("broken", ("met", "met"), ("broken", "broken"), ("broken", "broken"))

    assert (answer.verdict, answer.measured) == ("broken", 1.0)


def test_what_each_part_leaves_open_is_open_though_one_of_them_is_broken_in_either_reading_of_the_holes() -> None:
    assert settled_in_parts("broken", ("met", "broken"), ("broken", "met")).verdict == "attention"


def test_a_rule_that_holes_do_not_matter_to_is_not_asked_about_them() -> None:
    assert settled(known(holes=True, unconfirmed=False), {(False, True): "met"}, has_holes=False).verdict == "met"


def test_what_is_left_open_tells_both_readings_and_keeps_the_limit() -> None:
    answer = settled(known(holes=True, unconfirmed=False), {(False, True): "met", (True, True): "broken"})

    assert (answer.limit, answer.reason) == (2.0, "unobserved")
    assert [step.text(str) for step in answer.steps] == [
        "Taken as rest, the unobserved time gives “met”; taken as work, “not met”. So it is not judged."
    ]


def test_what_was_said_before_the_question_and_before_what_is_open_stays() -> None:
    said = Step("It is so.")

    def judge(scenario: Scenario) -> Mapping[str, Judgement]:
        verdict = "broken" if scenario.with_unconfirmed or scenario.holes_are_work else "met"
        return {"thing": Judgement(verdict, 1.0, 2.0, (said,), "no_value")}

    asked = settle(known(holes=False, unconfirmed=True), judge, nothing="met")["thing"]
    left_open = settle(known(holes=True, unconfirmed=True), judge, nothing="met")["thing"]

    assert (asked.steps[0], len(asked.steps), asked.reason, asked.measured, asked.limit) == (said, 2, None, 1.0, 2.0)
    assert (left_open.steps[0], len(left_open.steps), left_open.reason) == (said, 2, None)


def test_an_answer_that_the_unconfirmed_work_does_not_change_is_measured_without_it() -> None:
    def judge(scenario: Scenario) -> Mapping[str, Judgement]:
        return {"thing": Judgement("met", 5.0 if scenario.with_unconfirmed else 3.0)}

    assert settle(known(holes=False, unconfirmed=True), judge, nothing="met")["thing"].measured == 3.0


# The times that a question, or what is left open, is about

OPEN = Step(OPEN_QUESTION.message, {"without": "met", "with_it": "not judged"})
UNSEEN = Step(UNOBSERVED.message, {"rest": "met", "work": "not met"})


def waiting(*pairs: str, confirmed: str | None = None) -> Facts:
    """Return facts with activity that nobody has called work, and perhaps confirmed work over it."""
    rows = [session(*pair.split("/"), confirmed=False) for pair in pairs]
    sure = [session(*confirmed.split("/"))] if confirmed else []
    period = {"start": "2026-01-01", "end": "2026-02-01"}
    return facts(danish(*rows, *sure, period=period))


def observed(*pairs: str) -> Facts:
    spans = [dict(zip(("start", "end"), pair.split("/"), strict=True)) for pair in pairs]
    return facts(danish(WORK, observed=spans, period={"start": "2026-01-12", "end": "2026-01-15"}))


def times_told(told: Facts, start: str, end: str, *steps: Step) -> list[str]:
    """Return what is added to a finding over a stretch of January 2026."""
    first, last = (parse_instant(f"2026-01-{text}", "Europe/Copenhagen") for text in (start, end))
    finding = Finding("dk.rest.daily", "attention", "law", first, last, Citation("", "", ""), steps=steps)
    with_times = with_the_times(finding, told)
    assert with_times[:10] == finding[:10]
    assert with_times.steps[: len(steps)] == steps
    return [step.text(str) for step in with_times.steps[len(steps) :]]


@pytest.mark.parametrize("question", [QUESTION, OPEN])
def test_a_question_is_followed_by_the_activity_it_asks_about(question: Step) -> None:
    said = times_told(waiting("2026-01-13T20:00/21:00"), "13T08:00", "13T22:00", question)

    assert said == ["The activity: 2026-01-13 20:00 – 2026-01-13 21:00."]


def test_without_a_question_no_times_are_told() -> None:
    assert times_told(waiting("2026-01-13T20:00/21:00"), "13T08:00", "13T22:00", Step("It is so.")) == []


def test_activity_during_confirmed_work_is_no_question() -> None:
    told = waiting("2026-01-13T15:00/17:00", confirmed="2026-01-13T08:00/16:00")

    assert times_told(told, "13T08:00", "13T22:00", QUESTION) == ["The activity: 2026-01-13 16:00 – 2026-01-13 17:00."]


def test_three_times_are_told_and_of_further_ones_the_number() -> None:
    four = [f"2026-01-13T{hour:02}:00/{hour:02}:30" for hour in (8, 10, 12, 14)]
    three = (
        "2026-01-13 08:00 – 2026-01-13 08:30, 2026-01-13 10:00 – 2026-01-13 10:30, 2026-01-13 12:00 – 2026-01-13 12:30"
    )

    assert times_told(waiting(*four[:3]), "13T08:00", "13T22:00", QUESTION) == [f"The activity: {three}."]
    assert times_told(waiting(*four), "13T08:00", "13T22:00", QUESTION) == [
        f"The activity: {three}, and further times: 1."
    ]


def test_times_that_touch_what_was_judged_are_told_and_no_others() -> None:
    told = waiting("2026-01-13T07:00/08:00", "2026-01-13T22:00/23:00", "2026-01-14T06:00/07:00")

    assert times_told(told, "13T08:00", "13T22:00", QUESTION) == [
        "The activity: 2026-01-13 07:00 – 2026-01-13 08:00, 2026-01-13 22:00 – 2026-01-13 23:00."
    ]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("2026-01-14T22:00/23:00", True),  # a day after, with another two days after
        ("2026-01-12T07:00/08:00", True),
        ("2026-01-20T22:00/23:00", True),  # a week
        ("2026-01-06T07:00/08:00", True),
        ("2026-01-20T22:00:01/23:00", False),
        ("2026-01-06T07:00/07:59:59", False),
    ],
)
def test_where_nothing_touches_it_the_times_within_a_week_are_told(told: str, said: bool) -> None:
    assert bool(times_told(waiting(told), "13T08:00", "13T22:00", QUESTION)) is said


@pytest.mark.parametrize(
    ("nearer", "further"),
    [
        ("2026-01-14T22:00/23:00", "2026-01-15T22:00/23:00"),
        ("2026-01-12T07:00/08:00", "2026-01-11T07:00/08:00"),
        ("2026-01-14T22:00/23:00", "2026-01-14T22:00:01/23:00"),
        ("2026-01-12T07:00/08:00", "2026-01-12T07:00/07:59:59"),
    ],
)
def test_times_within_a_day_are_told_rather_than_those_within_a_week(nearer: str, further: str) -> None:
    here = times_told(waiting(nearer), "13T08:00", "13T22:00", QUESTION)
    both = times_told(waiting(nearer, "2026-01-18T08:00/09:00"), "13T08:00", "13T22:00", QUESTION)

    assert both == here
    assert times_told(waiting(further, "2026-01-18T08:00/09:00"), "13T08:00", "13T22:00", QUESTION) != here


def test_what_is_left_open_is_followed_by_the_time_not_observed() -> None:
    told = observed("2026-01-12T00:00/2026-01-13T20:00", "2026-01-13T21:00/2026-01-15T00:00")

    assert times_told(told, "13T08:00", "13T22:00", UNSEEN) == ["Not observed: 2026-01-13 20:00 – 2026-01-13 21:00."]
    assert times_told(told, "13T08:00", "13T22:00", QUESTION) == []


def test_time_not_observed_before_anything_was_told_has_no_beginning() -> None:
    told = observed("2026-01-12T21:00:01/2026-01-15T00:00")

    assert times_told(told, "13T08:00", "13T21:00", UNSEEN) == ["Nothing is known before 2026-01-12 21:00:01."]


def test_time_not_observed_later_is_told_after_the_time_before_anything_was_told() -> None:
    told = observed("2026-01-13T08:00/2026-01-13T20:00", "2026-01-13T21:00/2026-01-15T00:00")

    assert times_told(told, "13T08:00", "13T22:00", UNSEEN) == [
        "Nothing is known before 2026-01-13 08:00.",
        "Not observed: 2026-01-13 20:00 – 2026-01-13 21:00.",
    ]


def test_where_the_time_before_anything_was_told_is_what_touches_no_other_is_told() -> None:
    told = observed("2026-01-13T08:00/2026-01-13T23:00", "2026-01-13T23:30/2026-01-15T00:00")

    assert times_told(told, "13T08:00", "13T22:00", UNSEEN) == ["Nothing is known before 2026-01-13 08:00."]


def test_of_many_times_not_observed_the_number_of_the_further_ones_is_told() -> None:
    seen = [f"2026-01-13T{start}:00/2026-01-13T{start + 1}:00" for start in (18, 20, 22)]
    told = observed("2026-01-12T00:00/2026-01-13T17:00", *seen, "2026-01-14T00:00/2026-01-15T00:00")

    (said,) = times_told(told, "13T08:00", "14T00:00", UNSEEN)

    assert said.startswith("Not observed: 2026-01-13 17:00 – 2026-01-13 18:00, 2026-01-13 19:00 – 2026-01-13 20:00, ")
    assert said.endswith(", and further times: 1.")


def told_steps(told: Facts, *, verdict: str, steps: Mapping[tuple[bool, bool], str]) -> list[str]:
    """Settle one thing with the same verdict everywhere and a step looked up by (holes are work, with unconfirmed)."""

    def judge(scenario: Scenario) -> Mapping[str, Judgement]:
        return {"thing": Judgement(verdict, 1.0, 2.0, (Step(steps[tuple(scenario)]),))}

    return [step.message for step in settle(told, judge, nothing="met")["thing"].steps]


def test_a_hole_taken_as_rest_is_said_where_the_figures_rest_on_it() -> None:
    holes = known(holes=True, unconfirmed=False)

    differ = told_steps(holes, verdict="met", steps={(False, True): "16 h", (True, True): "12 h"})
    same = told_steps(holes, verdict="met", steps={(False, True): "16 h", (True, True): "16 h"})

    assert differ == ["16 h", TAKEN_AS_REST.message]
    assert same == ["16 h"]


def test_activity_left_out_is_said_where_the_figures_rest_on_it() -> None:
    asked = known(holes=False, unconfirmed=True)

    differ = told_steps(asked, verdict="met", steps={(False, False): "16 h", (False, True): "12 h"})
    same = told_steps(asked, verdict="met", steps={(False, False): "16 h", (False, True): "16 h"})

    assert differ == ["16 h", LEFT_OUT.message]
    assert same == ["16 h"]


def test_nothing_is_said_of_assumptions_where_nothing_was_judged() -> None:
    holes = known(holes=True, unconfirmed=False)

    assert told_steps(holes, verdict="not_judged", steps={(False, True): "16 h", (True, True): "12 h"}) == ["16 h"]


def test_what_was_assumed_is_followed_by_its_times() -> None:
    seen = observed("2026-01-12T00:00/2026-01-13T20:00", "2026-01-13T21:00/2026-01-15T00:00")
    asked = waiting("2026-01-13T20:00/21:00")

    assert times_told(seen, "13T08:00", "13T22:00", TAKEN_AS_REST) == [
        "Not observed: 2026-01-13 20:00 – 2026-01-13 21:00."
    ]
    assert times_told(asked, "13T08:00", "13T22:00", LEFT_OUT) == ["The activity: 2026-01-13 20:00 – 2026-01-13 21:00."]
