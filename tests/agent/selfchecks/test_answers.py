"""Answers: how they are read, what is left to ask, and which dates follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_agent.errors import InputError
from fyraften_agent.selfchecks.answers import (
    Answer,
    about,
    advice_on,
    again_from,
    asked,
    completed_on,
    dates_for_rules,
    due_on,
    fits,
    last_done,
    latest,
    read_value,
    value_words,
)
from fyraften_agent.selfchecks.questions import Check, Question, check_named, question_named
from fyraften_policy.languages import translator

TODAY = date(2026, 11, 20)


def the_check(name: str) -> Check:
    found = check_named(name)
    assert found is not None
    return found


def the_question(name: str) -> Question:
    found = question_named(name)
    assert found is not None
    return found[1]


def said(value: str, question: str, on: date = TODAY, period: str = "") -> Answer:
    return Answer(question, value, on, int(f"{on:%Y%m%d}"), period)


def whole_check(on: date = TODAY) -> list[Answer]:
    """Every question of the workplace check answered with yes, but the wish."""
    return [said("yes", one.id, on) for one in the_check("workplace").questions if one.tells is None]


@pytest.mark.parametrize("typed", ["1", "yes", "YES", " yes "])
def test_a_choice_is_its_number_or_its_word(typed: str) -> None:
    assert read_value(the_question("screen.readable"), typed, TODAY, str) == "yes"


def test_a_choice_is_its_word_in_the_language_spoken() -> None:
    words = {"yes": "ja", "no": "nej"}

    assert read_value(the_question("screen.readable"), "Nej", TODAY, lambda text: words.get(text, text)) == "no"


@pytest.mark.parametrize("typed", ["", "4", "maybe", "0", "yes no"])
def test_what_is_no_choice_is_refused_with_what_there_is(typed: str) -> None:
    with pytest.raises(InputError, match="1 yes, 2 no, 3 does not apply"):
        read_value(the_question("screen.readable"), typed, TODAY, str)


def test_a_date_is_read_as_everywhere_and_not_from_the_future() -> None:
    question = the_question("eye_test.last")

    assert read_value(question, "yesterday", TODAY, str) == "2026-11-19"
    with pytest.raises(InputError, match="2026-11-21"):
        read_value(question, "2026-11-21", TODAY, str)


def test_the_day_of_the_next_talk_may_be_ahead() -> None:
    assert read_value(the_question("follow_up.next"), "2027-01-15", TODAY, str) == "2027-01-15"


def test_a_note_is_one_line_of_a_bounded_length() -> None:
    question = the_question("follow_up.notes")

    assert read_value(question, "  The chair,\tand the lamp ", TODAY, str) == "The chair, and the lamp"
    for refused in ("", "a" * 201, "bell \x07"):
        with pytest.raises(InputError, match="200"):
            read_value(question, refused, TODAY, str)


@given(st.text(max_size=250))
def test_whatever_is_kept_of_a_note_fits_again(text: str) -> None:
    question = the_question("follow_up.notes")
    try:
        kept = read_value(question, text, TODAY, str)
    except InputError:
        return

    assert fits(question, kept, TODAY)


def test_a_value_that_no_answer_could_have_does_not_fit() -> None:
    assert fits(the_question("pulse.role"), "often", TODAY)
    assert not fits(the_question("pulse.role"), "3", TODAY)
    assert not fits(the_question("eye_test.last"), "20 November", TODAY)


def test_a_question_about_extraction_is_asked_only_where_it_is_needed() -> None:
    check = the_check("ventilation")

    def names(*answers: Answer) -> list[str]:
        return [question.id for question in asked(check, latest(answers))]

    assert names() == ["ventilation.needed"]
    assert names(said("no", "ventilation.needed")) == ["ventilation.needed"]
    assert len(names(said("yes", "ventilation.needed"))) == 4


def test_advice_is_told_after_the_answer_it_belongs_to() -> None:
    question = the_question("symptoms.blurred")

    assert "right to" in advice_on(question, said("yes", question.id), "en")
    assert "ret til" in advice_on(question, said("yes", question.id), "da")
    assert advice_on(question, said("no", question.id), "en") == ""
    assert advice_on(question, None, "en") == ""


def test_a_check_is_complete_on_the_day_of_its_oldest_answer() -> None:
    older = TODAY - timedelta(days=40)
    answers = [*whole_check()[1:], said("no", "screen.readable", older)]

    assert completed_on(the_check("workplace"), latest(answers)) == older
    assert completed_on(the_check("workplace"), latest(answers[:-1])) is None


def test_a_wish_a_date_and_a_note_are_not_needed_to_be_complete() -> None:
    assert completed_on(the_check("workplace"), latest(whole_check())) == TODAY


def test_an_answer_that_no_longer_counts_does_not_make_a_check_incomplete() -> None:
    assert completed_on(the_check("ventilation"), latest([said("no", "ventilation.needed")])) == TODAY


def test_the_rules_get_three_dates_and_nothing_else() -> None:
    earlier = TODAY - timedelta(days=3)
    symptoms = [
        said("yes", "symptoms.tired", earlier),
        said("yes", "symptoms.blurred"),
        said("no", "symptoms.headache"),
    ]
    answers = [*whole_check(), said("2025-03-01", "eye_test.last"), *symptoms, said("yes", "glasses.own")]

    assert dates_for_rules(answers) == {
        "last_workplace_check": "2026-11-20",
        "last_eye_test": "2025-03-01",
        "eye_trouble": "2026-11-20",
    }
    assert dates_for_rules([said("no", "symptoms.tired")]) == {}
    assert dates_for_rules([]) == {}
    assert dates_for_rules(whole_check()[1:]) == {}


def test_a_check_is_suggested_again_after_the_months_of_the_law_file_or_of_the_agreement() -> None:
    check = the_check("workplace")

    assert due_on(check, date(2026, 1, 31), {}) == date(2027, 1, 31)
    assert due_on(check, date(2026, 1, 31), {"advice.workplace_check.interval": 13}) == date(2027, 2, 28)
    assert due_on(check, None, {}) is None
    assert due_on(check, date(2020, 1, 1), {}) is None  # before the first value
    assert due_on(the_check("software"), TODAY, {}) is None


def test_the_eyes_are_reckoned_from_the_test_and_not_from_the_day_of_the_answer() -> None:
    answers = [said("2025-03-01", "eye_test.last")]

    assert last_done(the_check("eyes"), answers, TODAY) == date(2025, 3, 1)
    assert last_done(the_check("workplace"), whole_check(), TODAY) == TODAY


def test_trouble_that_no_test_has_followed_is_a_reason_to_look_again_at_once() -> None:
    eyes = the_check("eyes")
    trouble = said("yes", "symptoms.blurred", date(2026, 11, 18))

    def again(*answers: Answer) -> date | None:
        return again_from(eyes, answers, TODAY, {})

    assert again() is None
    assert again(trouble) == date(2026, 11, 18)
    assert again(trouble, said("2026-11-01", "eye_test.last")) == date(2026, 11, 18)
    assert again(trouble, said("2026-11-18", "eye_test.last")) == date(2028, 11, 18)
    assert again_from(the_check("workplace"), [*whole_check(), trouble], TODAY, {}) == date(2027, 11, 20)


def test_a_pulse_answer_counts_for_its_month_alone() -> None:
    october = said("often", "pulse.role", date(2026, 10, 3), "2026-10")
    november = said("seldom", "pulse.role", TODAY, "2026-11")

    assert about(the_check("pulse"), [october], TODAY) == {}
    assert about(the_check("pulse"), [october, november], TODAY)["pulse.role"].value == "seldom"
    assert latest([november, october])["pulse.role"].value == "seldom"


def test_a_kept_value_is_told_in_words() -> None:
    assert value_words(the_question("screen.readable"), "not_relevant", str) == "does not apply"
    assert value_words(the_question("eye_test.last"), "2025-03-01", translator("fyraften_agent", "da")) == "2025-03-01"
