"""Answers in the file of the raw data: dated, replaced, removed, kept as long as said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fyraften_agent.facts import facts_document
from fyraften_agent.selfchecks.answers import Answer
from fyraften_agent.selfchecks.questions import all_questions
from fyraften_agent.store.answers import KEPT_LONGER_SECONDS, keep_answers, read_answers, remove_answers
from fyraften_agent.store.erasing import Scope, erase
from fyraften_agent.store.full_copy import bring_in_copy
from fyraften_agent.store.moving import all_rows
from fyraften_agent.store.store import Store
from fyraften_policy.intervals import Interval

AT = 1_795_000_000
ON = date(2026, 11, 18)
NOTE = Answer("follow_up.notes", "The chair that creaks", ON, AT)
TIRED = Answer("symptoms.tired", "yes", ON, AT)
PULSE = Answer("pulse.role", "often", ON, AT, "2026-11")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "work.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


def test_an_answer_comes_back_with_its_day(store: Store) -> None:
    keep_answers(store.file, [NOTE, PULSE])

    assert read_answers(store.file) == [NOTE, PULSE]


def test_a_changed_answer_leaves_no_trace_of_the_one_before(store: Store, path: Path) -> None:
    keep_answers(store.file, [NOTE])
    store.file.empty_log()
    assert b"creaks" in path.read_bytes()

    keep_answers(store.file, [replace(NOTE, value="The lamp", at=AT + 60)])
    store.file.empty_log()

    assert [one.value for one in read_answers(store.file)] == ["The lamp"]
    assert b"creaks" not in path.read_bytes()


def test_an_answer_about_another_month_stands_beside(store: Store) -> None:
    december = replace(PULSE, value="seldom", on=date(2026, 12, 2), at=AT + 1_300_000, period="2026-12")

    keep_answers(store.file, [PULSE, december])

    assert read_answers(store.file) == [PULSE, december]


def test_an_answer_is_removed_beyond_recovery(store: Store, path: Path) -> None:
    keep_answers(store.file, [NOTE, TIRED])

    removed = remove_answers(store.file, [(NOTE.question, ""), ("screen.readable", "")])
    store.file.empty_log()

    assert removed == 1
    assert read_answers(store.file) == [TIRED]
    assert b"creaks" not in path.read_bytes()


def test_symptoms_and_pulse_go_with_the_work_of_their_time_and_the_others_years_later(store: Store) -> None:
    keep_answers(store.file, [NOTE, TIRED, PULSE])

    store.purge(AT)
    assert len(read_answers(store.file)) == 3
    store.purge(AT + 1)
    assert read_answers(store.file) == [NOTE]
    store.purge(AT + KEPT_LONGER_SECONDS + 1)
    assert read_answers(store.file) == []


def test_answers_are_erased_with_the_days_they_were_given_on(store: Store) -> None:
    keep_answers(store.file, [NOTE, replace(TIRED, at=AT + 90_000)])

    erased = erase(store, Scope(AT + 200_000, time=Interval(AT, AT + 60)))

    assert [one.question for one in read_answers(store.file)] == ["symptoms.tired"]
    assert (erased.traces, erased.log_is_empty) == (0, True)


def test_erasing_everything_erases_answers(store: Store, path: Path) -> None:
    keep_answers(store.file, [NOTE, TIRED, PULSE])

    erased = erase(store, Scope(AT + 60, everything=True))

    assert read_answers(store.file) == []
    assert erased.traces == 0
    assert not any(word in path.read_bytes() for word in (b"creaks", b"symptoms", b"2026-11-18"))


def test_a_copy_brings_answers_into_another_store_once(store: Store, tmp_path: Path) -> None:
    keep_answers(store.file, [NOTE, TIRED, PULSE])
    copy = all_rows(store)

    with Store.open(tmp_path / "other.sqlite3") as other:
        keep_answers(other.file, [replace(TIRED, value="no")])
        first = bring_in_copy(other, copy, 0, AT + 60, lambda done, total: None)
        second = bring_in_copy(other, copy, 0, AT + 60, lambda done, total: None)
        there = read_answers(other.file)

    assert (first.new["answers"], second.new["answers"], first.skipped) == (2, 0, [])
    assert {one.question: one.value for one in there} == {
        "follow_up.notes": "The chair that creaks",
        "symptoms.tired": "no",
        "pulse.role": "often",
    }


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("question", "screen.colour"),
        ("value", "perhaps"),
        ("answered_on", "some day"),
        ("period", "2026-10"),
    ],
)
def test_a_row_that_nobody_can_have_answered_is_left_out(store: Store, column: str, value: str) -> None:
    keep_answers(store.file, [PULSE])
    (row,) = all_rows(store)["answers"]

    with Store.open(None) as other:
        outcome = bring_in_copy(other, {"answers": [{**row, column: value}]}, 0, AT + 60, lambda done, total: None)

        assert read_answers(other.file) == []
    assert len(outcome.skipped) == 1


def test_a_copy_cannot_make_symptoms_be_kept_for_years(store: Store) -> None:
    keep_answers(store.file, [TIRED])
    (row,) = all_rows(store)["answers"]

    with Store.open(None) as other:
        bring_in_copy(other, {"answers": [{**row, "kept_longer": 10**9}]}, 0, AT + 60, lambda done, total: None)
        other.purge(AT + 1)

        assert read_answers(other.file) == []


def _agreement(store: Store) -> dict[str, object]:
    document = facts_document(store, at=AT + 60, zone="Europe/Copenhagen", first=ON, last=ON)
    agreement = document["agreement"]
    assert isinstance(agreement, dict)
    return agreement


def test_the_rules_get_the_later_of_the_agreements_and_the_answers_date(store: Store) -> None:
    store.record_agreement({"jurisdiction": "DK", "agreement": {"last_eye_test": "2024-05-01", "home_days": 2}}, AT)
    assert _agreement(store) == {"last_eye_test": "2024-05-01", "home_days": 2}

    keep_answers(store.file, [Answer("eye_test.last", "2023-01-01", ON, AT)])
    assert _agreement(store)["last_eye_test"] == "2024-05-01"

    keep_answers(store.file, [Answer("eye_test.last", "2026-01-15", ON, AT)])
    assert _agreement(store) == {"last_eye_test": "2026-01-15", "home_days": 2}


def test_a_complete_check_gives_its_date_and_nothing_else_gets_into_the_facts(store: Store) -> None:
    checked = [question.id for check, question in all_questions() if check.id == "workplace"]
    keep_answers(store.file, [*(Answer(name, "yes", ON, AT) for name in checked), NOTE, PULSE])

    assert _agreement(store) == {"last_workplace_check": "2026-11-18"}
