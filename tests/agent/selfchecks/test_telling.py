"""What a duty report may take of answers."""

from __future__ import annotations

from datetime import date, timedelta

from fyraften_agent.selfchecks.answers import Answer
from fyraften_agent.selfchecks.questions import check_named
from fyraften_agent.selfchecks.telling import stated
from fyraften_agent.sending.reports import Stated

TODAY = date(2026, 11, 20)


def said(value: str, question: str, on: date = TODAY) -> Answer:
    return Answer(question, value, on, 0)


def whole_check(on: date) -> list[Answer]:
    check = check_named("workplace")
    assert check is not None
    return [said("no", question.id, on) for question in check.questions]


def test_nothing_answered_says_nothing() -> None:
    assert stated([], TODAY, {}) == Stated(None, None, None)


def test_a_check_begun_is_not_done() -> None:
    assert stated([said("yes", "screen.readable")], TODAY, {}).workplace_check == "not_done"


def test_a_complete_check_is_done_whatever_was_answered() -> None:
    assert stated(whole_check(TODAY), TODAY, {}).workplace_check == "done"


def test_a_check_is_not_done_any_more_when_it_is_time_for_another() -> None:
    done = date(2025, 11, 20)

    assert stated(whole_check(done), TODAY - timedelta(days=1), {}).workplace_check == "done"
    assert stated(whole_check(done), TODAY, {}).workplace_check == "not_done"
    assert stated(whole_check(done), TODAY, {"advice.workplace_check.interval": 24}).workplace_check == "done"


def test_help_is_wanted_when_it_is_asked_for() -> None:
    assert stated([said("yes", "help.wanted")], TODAY, {}).workplace_check == "help_wanted"
    assert stated([said("no", "help.wanted")], TODAY, {}).workplace_check == "not_done"


def test_equipment_is_what_was_asked_for_and_none_when_all_was_declined() -> None:
    assert stated([said("yes", "wanted.chair"), said("no", "wanted.desk")], TODAY, {}).equipment_wanted == ("chair",)
    assert stated([said("no", "wanted.desk")], TODAY, {}).equipment_wanted == ()


def test_an_eye_test_is_asked_for_by_its_own_question_alone() -> None:
    assert stated([said("yes", "glasses.test_wanted")], TODAY, {}).eye_test_wanted is True
    assert stated([said("no", "glasses.test_wanted")], TODAY, {}).eye_test_wanted is False
    assert stated([said("not_relevant", "glasses.test_wanted")], TODAY, {}).eye_test_wanted is None
    assert stated([said("yes", "symptoms.blurred")], TODAY, {}) == Stated(None, None, None)
