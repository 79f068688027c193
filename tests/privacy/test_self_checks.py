"""Answers to self-checks stay: nothing but three fields can reach a report, and those only under the duty consent.

Pulse statements have a report and a consent of their own: ``tests/agent/sending/test_pulse_reports.py``.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_records import NOW, FixedClock, at, nine_weeks, small_home
from command_line import CommandLine
from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.facts import facts_document
from fyraften_agent.selfchecks.answers import CHOICES, Answer
from fyraften_agent.selfchecks.questions import Question, all_questions
from fyraften_agent.selfchecks.telling import stated
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.preparing import week_document
from fyraften_agent.sending.reports import duty_monthly, group_weekly
from fyraften_agent.store.answers import keep_answers
from fyraften_agent.store.store import Store
from fyraften_policy import wire

SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, SigningKey(bytes(32)).public, None)
SERVER = "http://127.0.0.1:9"  # nobody listens there
CANARY = "The creaking chair of Kirsten"
TODAY, ZONE = date(2026, 11, 20), "Europe/Copenhagen"
DUTY = "fyraften.duty.monthly/1"
TELLING = {question.id for _check, question in all_questions() if question.tells is not None}


@pytest.fixture
def person(tmp_path: Path) -> CommandLine:
    """Somebody with nine weeks of records who agreed to recording only."""
    home = small_home(tmp_path)
    nine_weeks(home)
    return CommandLine(home, FixedClock(NOW))


def agree_to(purpose: str, person: CommandLine, cell: str | None) -> None:
    agreed = at(date(2026, 11, 1), "00:00")
    with Ledger.open(person.paths) as ledger:
        ledger.give(purpose, agreed, "text", "en", 1, agreed_service(SERVER, SERVICE.public_key))
        enrolments = Enrolments(ledger.connection)
        enrolments.start(purpose, SERVER, SERVICE, purpose, "CODE", agreed)
        enrolments.confirm(purpose, cell, b"{}", agreed)
        Keys(person.paths.keys).create(purpose)


def an_answer(question: Question, value: str) -> Answer:
    return Answer(question.id, value, TODAY, at(TODAY, "12:00"), "2026-11" if question.kind == "how_often" else "")


def values_of(question: Question) -> st.SearchStrategy[str]:
    if question.kind == "date":
        return st.dates(date(2020, 1, 1), TODAY).map(str)
    if question.kind == "text":
        return st.just(CANARY)
    return st.sampled_from(tuple(CHOICES[question.kind]))


def answers_to(questions: list[Question]) -> st.SearchStrategy[list[Answer]]:
    chosen = {question.id: st.none() | values_of(question) for question in questions}
    return st.fixed_dictionaries(chosen).map(
        lambda said: [an_answer(one, said[one.id]) for one in questions if said[one.id] is not None]
    )


QUESTIONS = [question for _check, question in all_questions()]
anything = answers_to(QUESTIONS)
of_no_duty = answers_to(
    [question for check, question in all_questions() if question.id not in TELLING and check.id != "workplace"]
)


def facts_with(answers: list[Answer], work: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of a person with work as told, and these answers."""
    with Store.open(None) as store:
        store.record_agreement({"jurisdiction": "DK", **work}, 0)
        for day in (9, 10, 11, 16, 17, 18):
            start = at(date(2026, 11, day), "08:00")
            store.add_session(start, start + 8 * 3600, ZONE, "home", "fixed", True, start)
        keep_answers(store.file, answers)
        document = facts_document(store, at=at(TODAY, "15:00"), zone=ZONE, first=date(2026, 11, 9), last=TODAY)
        assert week_document(store, "2026-W46", at(TODAY, "15:00"), ZONE)["agreement"] == document["agreement"]
    return document


WORK = {"agreement": {"normal_hours": {"mon": [["08:00", "16:00"]]}}, "absences": [], "parameters": {}}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(anything)
def test_no_answer_changes_a_byte_of_the_groups_report(answers: list[Answer]) -> None:
    without = group_weekly(facts_with([], WORK), "2026-W46", "sales")

    assert group_weekly(facts_with(answers, WORK), "2026-W46", "sales") == without


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(anything, of_no_duty)
def test_only_the_duty_fields_and_the_workplace_check_change_a_duty_report(
    some: list[Answer], others: list[Answer]
) -> None:
    """Symptoms, dates of tests, pulse, notes, dialogue, software, instruction: any answer, the same bytes."""
    changed = {one.question: one for one in others}
    replaced = [changed.get(one.question, one) for one in some]
    now = at(TODAY, "15:00")

    bodies = {
        wire.encode(DUTY, duty_monthly(facts_with(answers, WORK), "2026-11", stated(answers, TODAY, {}), now))
        for answers in (some, replaced)
    }

    assert len(bodies) == 1
    assert CANARY.encode() not in bodies.pop()


@given(st.lists(st.sampled_from(tuple(CHOICES["yes_no"])), min_size=21, max_size=21))
def test_of_the_workplace_it_is_told_that_it_was_checked_and_not_what_was_found(values: list[str]) -> None:
    items = [question for check, question in all_questions() if check.id == "workplace" and question.tells is None]

    told = stated([an_answer(one, value) for one, value in zip(items, values, strict=True)], TODAY, {})

    assert (told.workplace_check, told.equipment_wanted, told.eye_test_wanted) == ("done", None, None)


def test_without_the_duty_consent_no_answer_gets_into_an_outbox(person: CommandLine) -> None:
    person.run("selfcheck", "answer", "wanted.chair", "yes")

    refused = person.run("outbox", "prepare", "duty", "--from-selfcheck")

    assert refused.code == 2
    assert person.json("outbox") == {"reports": []}


def test_a_report_without_the_word_for_it_takes_nothing_from_the_answers(person: CommandLine) -> None:
    agree_to("duty", person, None)
    for question in ("wanted.chair", "glasses.test_wanted", "help.wanted"):
        person.run("selfcheck", "answer", question, "yes")

    silent = person.json("outbox", "prepare", "duty", "--equipment", "none")["reports"][0]["body"]
    asked = person.json("outbox", "prepare", "duty", "--from-selfcheck")["reports"][0]

    assert json.loads(silent)["eye_test_wanted"] == "unknown"
    assert json.loads(silent)["equipment_wanted"] == []
    body = json.loads(asked["body"])
    assert (body["equipment_wanted"], body["eye_test_wanted"], body["workplace_check"]) == (
        ["chair"],
        True,
        "help_wanted",
    )
    assert asked["state"] == "held"


def test_what_is_given_beside_counts_instead_of_the_answer(person: CommandLine) -> None:
    agree_to("duty", person, None)
    person.run("selfcheck", "answer", "wanted.chair", "yes")
    person.run("selfcheck", "answer", "glasses.test_wanted", "yes")

    words = ("outbox", "prepare", "duty", "--from-selfcheck", "--equipment", "none", "--eye-test", "no")
    body = json.loads(person.json(*words)["reports"][0]["body"])

    assert (body["equipment_wanted"], body["eye_test_wanted"]) == ([], False)


def test_no_word_of_an_answer_lies_in_the_file_that_the_sender_reads(person: CommandLine) -> None:
    agree_to("duty", person, None)
    agree_to("group", person, "sales")
    for question, value in (("follow_up.notes", CANARY), ("symptoms.blurred", "yes"), ("wanted.chair", "yes")):
        person.run("selfcheck", "answer", question, value)
    person.run("outbox", "prepare", "group")
    person.run("outbox", "prepare", "duty", "--from-selfcheck")

    read_by_sender = b"".join(one.read_bytes() for one in person.paths.folder.glob("ledger.sqlite3*"))
    own = b"".join(one.read_bytes() for one in person.paths.folder.glob("work.sqlite3*"))

    assert CANARY.encode() in own  # shows that it would be seen
    assert b"symptoms" in own
    assert CANARY.encode() not in read_by_sender
    assert not any(word in read_by_sender for word in (b"symptoms", b"eye_test.last", b"pulse."))
