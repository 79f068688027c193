"""The one algorithm for what is not known: holes first, then unconfirmed work."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fyraften_policy.facts import Facts
from fyraften_policy.unknowns import Judgement, Scenario, settle
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


def test_a_rule_that_holes_do_not_matter_to_is_not_asked_about_them() -> None:
    assert settled(known(holes=True, unconfirmed=False), {(False, True): "met"}, has_holes=False).verdict == "met"
