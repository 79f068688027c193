"""The questions as data: complete in every language, each with its paragraph."""

from __future__ import annotations

import re

import pytest

from fyraften_agent.selfchecks.questions import (
    NAMES,
    QuestionFileError,
    all_checks,
    all_questions,
    check_named,
    question_named,
    read_check,
)
from fyraften_policy import wire
from fyraften_policy.agreement import Agreement
from fyraften_policy.languages import LANGUAGES

WORDS = '{ en = "E", da = "D", nb = "N" }'
SMALL = f"""
id = "small"
title = {WORDS}
about = {WORDS}
[[section]]
id = "part"
source = "AT-vejledning 3.7.1, 5"
title = {WORDS}
[[section.question]]
id = "part.one"
kind = "yes_no"
ask = {WORDS}
advice = {WORDS}
"""


def test_every_file_is_read_and_has_questions() -> None:
    assert tuple(check.id for check in all_checks()) == NAMES
    assert all(check.questions for check in all_checks())


def test_every_paragraph_with_a_duty_has_a_question() -> None:
    sources = " ".join(question.source for _check, question in all_questions())
    paragraphs = ("3", "4", "5", "6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.7", "6.8", "7", "9")

    assert [one for one in paragraphs if not re.search(rf"(?<![\d.]){re.escape(one)}(?![\d.])", sources)] == []
    assert "STAMI" in sources


def test_every_text_differs_between_the_languages() -> None:
    texts = [
        words for _check, question in all_questions() for words in (question.ask, question.advice) if words is not None
    ]

    assert [words["en"] for words in texts if len(set(words.values())) < len(LANGUAGES)] == []


def test_what_is_told_is_a_field_and_a_value_of_the_duty_report() -> None:
    fields = {field.name: field for field in wire.report("fyraften.duty.monthly/1").fields}
    telling = [question for _check, question in all_questions() if question.tells is not None]

    assert {question.tells for question in telling} == {"workplace_check", "equipment_wanted", "eye_test_wanted"}
    items = [question.item for question in telling if question.tells == "equipment_wanted"]
    assert sorted(item for item in items if item) == sorted(fields["equipment_wanted"].values)


def test_the_dates_that_answers_give_are_dates_of_the_facts_format() -> None:
    given = {question.feeds for _check, question in all_questions()} | {check.completes for check in all_checks()}

    assert given - {None} == {"last_eye_test", "last_workplace_check", "eye_trouble"}
    assert all(hasattr(Agreement(), key) for key in given - {None} if key)


def test_what_concerns_health_and_mood_is_private_and_symptoms_live_short() -> None:
    assert {check.id for check in all_checks() if check.is_private} == {"eyes", "pulse"}
    short = {question.id.partition(".")[0] for _check, question in all_questions() if question.is_short_lived}
    assert short == {"symptoms", "pulse"}


def test_a_check_and_a_question_are_found_by_their_names() -> None:
    found = question_named("screen.readable")

    assert found is not None
    assert found[0] == check_named("workplace")
    assert question_named("screen.colour") is None
    assert check_named("garden") is None


def test_a_small_file_is_read() -> None:
    check = read_check("small", SMALL)

    assert [question.id for question in check.questions] == ["part.one"]
    assert check.questions[0].advise_on == "no"


@pytest.mark.parametrize(
    ("there", "instead", "told"),
    [
        ('source = "AT-vejledning 3.7.1, 5"', "", "source"),
        ('nb = "N"', 'nb = ""', "each of"),
        (', nb = "N"', "", "each of"),
        ('kind = "yes_no"', 'kind = "perhaps"', "perhaps"),
        ('kind = "yes_no"', 'kind = "yes_no"\ncolour = "red"', "colour"),
        ('kind = "yes_no"', 'kind = "yes_no"\nmay_be_ahead = "no"', "may_be_ahead"),
        ('kind = "yes_no"', 'kind = "yes_no"\nonly_if = { question = "part.two", answer = "yes" }', "part.two"),
        ('id = "small"', 'id = "large"', "large"),
        ("advice = ", "# ", "says nothing"),
        ('id = "small"', "id = ", "small"),
    ],
)
def test_a_file_that_is_not_complete_is_refused(there: str, instead: str, told: str) -> None:
    assert there in SMALL

    with pytest.raises(QuestionFileError, match=told):
        read_check("small", SMALL.replace(there, instead))
