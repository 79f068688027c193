"""``fyraften selfcheck``: list, show, answer, remove, request."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.selfchecks.questions import NAMES, all_questions
from fyraften_policy.languages import LANGUAGES


def answer_all(person: CommandLine, check: str, value: str = "yes") -> None:
    for name, question in ((one.id, question) for one, question in all_questions()):
        if name == check and question.kind == "yes_no" and question.tells is None:
            assert person.run("selfcheck", "answer", question.id, value).code == ExitCode.DONE


def test_the_list_names_every_check_and_needs_no_consent(nobody: CommandLine) -> None:
    listed = nobody.json("selfcheck")["checks"]

    assert tuple(one["name"] for one in listed) == NAMES
    assert all(one["answered"] == 0 for one in listed)
    assert "Bord" not in nobody.run("selfcheck", "list", "--language", "da").out
    assert "Hjemmearbejdspladsen" in nobody.run("selfcheck", "list", "--language", "da").out
    assert not nobody.paths.folder.exists()


def test_an_answer_is_kept_with_its_day_and_shown(newcomer: CommandLine) -> None:
    told = newcomer.run("selfcheck", "answer", "screen.reflections", "no")
    shown = newcomer.json("selfcheck", "show", "workplace")["checks"][0]
    (question,) = [one for one in shown["questions"] if one["question"] == "screen.reflections"]

    assert "screen.reflections no" in told.out
    assert "Turn the screen" in told.out
    assert (question["answer"], question["date"]) == ("no", "2026-11-20")
    assert set(question["advice"]) == set(LANGUAGES)
    assert question["source"] == "AT-vejledning 3.7.1, 6.1"
    assert "no, said on 2026-11-20" in newcomer.run("selfcheck", "show").out


def test_an_answer_is_changed_and_removed(newcomer: CommandLine) -> None:
    newcomer.run("selfcheck", "answer", "screen.reflections", "no")
    newcomer.run("selfcheck", "answer", "screen.reflections", "yes")
    assert newcomer.json("selfcheck", "show")["checks"][0]["answered"] == 1

    removed = newcomer.json("selfcheck", "remove", "screen.reflections")

    assert removed == {"removed": ["screen.reflections"], "log_is_empty": True}
    assert newcomer.json("selfcheck", "show") == {"checks": []}
    assert "There was no answer" in newcomer.run("selfcheck", "remove", "screen.reflections").out


def test_traces_that_a_reader_keeps_in_the_log_are_told_and_gone_the_next_time(newcomer: CommandLine) -> None:
    newcomer.run("selfcheck", "answer", "follow_up.notes", "The creaking chair")
    with closing(sqlite3.connect(newcomer.paths.work, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM answers").fetchone()
        held = newcomer.run("selfcheck", "remove", "follow_up.notes")
    again = newcomer.run("selfcheck", "remove", "follow_up.notes")

    assert held.code == ExitCode.STORAGE_FAILED
    assert "traces may be left" in held.errors
    assert (again.code, again.errors) == (ExitCode.DONE, "")
    assert not any(b"creaking" in one.read_bytes() for one in newcomer.paths.folder.glob("work*"))


def test_all_answers_of_a_check_are_removed_at_once(newcomer: CommandLine) -> None:
    answer_all(newcomer, "software")
    newcomer.run("selfcheck", "answer", "screen.reflections", "yes")

    assert len(newcomer.json("selfcheck", "remove", "software")["removed"]) == 3
    assert [one["name"] for one in newcomer.json("selfcheck", "show")["checks"]] == ["workplace"]


def test_a_name_or_an_answer_that_does_not_exist_is_told_with_what_there_is(newcomer: CommandLine) -> None:
    unknown = newcomer.run("selfcheck", "answer", "screen.colour", "yes")
    wrong = newcomer.run("selfcheck", "answer", "screen.readable", "purple")

    assert (unknown.code, wrong.code) == (ExitCode.BAD_INPUT, ExitCode.BAD_INPUT)
    assert "screen.colour" in unknown.errors
    assert "1 yes, 2 no" in wrong.errors


@pytest.mark.parametrize("words", [("answer", "screen.readable", "yes"), ("remove", "eyes")])
def test_nothing_is_kept_without_consent(nobody: CommandLine, words: tuple[str, ...]) -> None:
    assert nobody.run("selfcheck", *words).code == ExitCode.NO_CONSENT
    assert not nobody.paths.folder.exists()


def test_a_complete_check_says_when_to_look_again_and_the_rule_says_the_same(person: CommandLine) -> None:
    before = person.json("why", "advice.workplace_check")["findings"][0]["verdict"]
    answer_all(person, "workplace")
    listed = person.json("selfcheck")["checks"][0]
    after = person.json("why", "advice.workplace_check")["findings"][0]

    assert (listed["last"], listed["again_from"]) == ("2026-11-20", "2027-11-20")
    assert (before, after["verdict"]) == ("not_judged", "met")
    assert "2026-11-20" in " ".join(after["steps"])


def test_the_date_of_an_eye_test_reaches_the_rule(person: CommandLine) -> None:
    person.run("selfcheck", "answer", "eye_test.last", "2024-11-20")

    finding = person.json("why", "advice.eye_test")["findings"][0]

    assert finding["verdict"] == "advice"
    assert person.json("selfcheck")["checks"][6]["again_from"] == "2026-11-20"


def test_a_symptom_makes_the_eye_test_due_at_once_and_goes_with_its_answer(person: CommandLine) -> None:
    person.run("selfcheck", "answer", "eye_test.last", "2026-11-01")
    assert person.json("why", "advice.eye_test")["findings"][0]["verdict"] == "met"

    person.run("selfcheck", "answer", "symptoms.blurred", "yes")
    assert person.json("why", "advice.eye_test")["findings"][0]["verdict"] == "advice"
    assert "On 2026-11-20 it was noted" in person.run("why", "advice.eye_test").out

    person.run("selfcheck", "remove", "symptoms.blurred")
    assert person.json("why", "advice.eye_test")["findings"][0]["verdict"] == "met"


def test_a_request_names_what_was_asked_for_in_every_language(newcomer: CommandLine) -> None:
    empty = newcomer.json("selfcheck", "request", "equipment")["text"]
    newcomer.run("selfcheck", "answer", "wanted.chair", "yes")
    newcomer.run("selfcheck", "answer", "wanted.screen", "yes")
    filled = newcomer.json("selfcheck", "request", "equipment")["text"]

    assert "…" in empty["en"]
    assert "chair, screen" in filled["en"]
    assert "stol, skærm" in filled["da"]
    assert "Nothing was sent" in newcomer.run("selfcheck", "request", "equipment").out


def test_a_request_for_an_eye_test_says_nothing_of_why(newcomer: CommandLine) -> None:
    before = newcomer.json("selfcheck", "request", "eyes")
    newcomer.run("selfcheck", "answer", "symptoms.blurred", "yes")
    newcomer.run("selfcheck", "answer", "symptoms.headache", "yes")

    assert newcomer.json("selfcheck", "request", "eyes") == before


def test_help_is_there_for_every_step(nobody: CommandLine, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("selfcheck",), ("pulse",), *(("selfcheck", step) for step in ("do", "show", "answer", "print"))):
        assert nobody.run(*words, "--help").code == ExitCode.DONE
    assert "never eyes or pulse" in " ".join(capsys.readouterr().out.split())
