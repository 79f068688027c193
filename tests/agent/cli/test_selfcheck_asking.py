"""``fyraften selfcheck do``: one question after the other, at a terminal."""

from __future__ import annotations

import io
import json
import os
import sys

import pexpect

from command_line import CommandLine, Outcome
from fyraften_agent.cli import run_command
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.store.answers import read_answers
from fyraften_agent.store.store import Store


class Terminal(io.StringIO):
    """What a person types and sees."""

    def isatty(self) -> bool:
        return True


def ask(person: CommandLine, *words: str, typed: str) -> Outcome:
    out, errors = Terminal(), Terminal()
    environ = {"FYRAFTEN_HOME": str(person.paths.folder)}
    code = run_command(words, environ, person.clock, out, errors, Terminal(typed))
    return Outcome(code, out.getvalue(), errors.getvalue())


def answers(person: CommandLine) -> dict[str, str]:
    with Store.open(person.paths.work) as store:
        return {one.question: one.value for one in read_answers(store.file)}


def test_each_answer_is_kept_and_what_follows_is_told(newcomer: CommandLine) -> None:
    outcome = ask(newcomer, "selfcheck", "do", "software", typed="1\nno\n3\n")

    assert outcome.code == ExitCode.DONE
    assert answers(newcomer) == {
        "software.suits": "yes",
        "software.easy": "no",
        "software.control": "not_relevant",
    }
    assert "1 of 3: Do the programs suit the work you do?" in outcome.out
    assert "→ Ask for instruction" in outcome.out
    assert "Answers kept now: 3. Not answered: 0." in outcome.out


def test_enter_skips_and_q_stops_and_what_was_said_is_kept(newcomer: CommandLine) -> None:
    outcome = ask(newcomer, "selfcheck", "do", "software", typed="\nyes\nq\n")

    assert answers(newcomer) == {"software.easy": "yes"}
    assert "Stopped here. What you said is kept." in outcome.out
    assert "Answers kept now: 1. Not answered: 2." in outcome.out


def test_the_end_of_input_is_a_stop(newcomer: CommandLine) -> None:
    outcome = ask(newcomer, "selfcheck", "do", "software", typed="yes\n")

    assert (outcome.code, answers(newcomer)) == (ExitCode.DONE, {"software.suits": "yes"})


def test_what_is_no_answer_is_asked_again(newcomer: CommandLine) -> None:
    outcome = ask(newcomer, "selfcheck", "do", "software", typed="maybe\nyes\nq\n")

    assert "maybe is no answer here" in outcome.out
    assert answers(newcomer) == {"software.suits": "yes"}


def test_an_earlier_answer_is_told_and_can_be_confirmed_or_removed(newcomer: CommandLine) -> None:
    ask(newcomer, "selfcheck", "do", "software", typed="yes\nno\nq\n")

    outcome = ask(newcomer, "selfcheck", "do", "software", typed="=\n-\nq\n")

    assert "On 2026-11-20 you said: yes." in outcome.out
    assert answers(newcomer) == {"software.suits": "yes"}


def test_only_what_is_open_is_asked(newcomer: CommandLine) -> None:
    ask(newcomer, "selfcheck", "do", "software", typed="yes\nno\nq\n")

    outcome = ask(newcomer, "selfcheck", "do", "software", "--open", typed="yes\n")

    assert "Do the programs suit the work you do?" not in outcome.out
    assert answers(newcomer)["software.control"] == "yes"


def test_what_does_not_apply_is_not_asked(newcomer: CommandLine) -> None:
    outcome = ask(newcomer, "selfcheck", "do", "ventilation", typed="no\n")

    assert "drawn off" not in outcome.out
    assert "Not answered: 0." in outcome.out


def test_the_questions_are_asked_in_the_language_chosen(newcomer: CommandLine) -> None:
    outcome = ask(newcomer, "selfcheck", "do", "software", "--language", "nb", typed="2\nq\n")

    assert "Passer programmene til arbeidet du gjør?" in outcome.out
    assert "→ Skriv ned hvilket steg" in outcome.out


def test_with_json_the_questions_go_where_complaints_go(newcomer: CommandLine) -> None:
    outcome = ask(newcomer, "selfcheck", "do", "software", "--json", typed="yes\nyes\nyes\n")

    assert json.loads(outcome.out)["answered"] == 3
    assert "1 of 3" in outcome.errors


def test_the_statements_of_a_month_are_asked_and_stand_beside_those_of_another(newcomer: CommandLine) -> None:
    ask(newcomer, "pulse", "do", typed="4\nq\n")

    assert newcomer.json("pulse")["statements"][0]["answers"] == [
        {"month": "2026-11", "answer": "often", "date": "2026-11-20"}
    ]
    assert "2026-11  often" in newcomer.run("pulse", "show").out
    assert newcomer.json("pulse", "remove") == {"removed": ["pulse.role"], "log_is_empty": True}
    assert "Nothing is answered yet" in newcomer.run("pulse").out


def test_without_a_terminal_nobody_is_asked_and_other_ways_are_told(newcomer: CommandLine) -> None:
    outcome = newcomer.run("selfcheck", "do", "eyes", keyboard="yes\n")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "--empty" in outcome.errors


def test_a_real_terminal_that_is_closed_loses_nothing_that_was_said(newcomer: CommandLine) -> None:
    environ = {**os.environ, "FYRAFTEN_HOME": str(newcomer.paths.folder), "LC_ALL": "C.UTF-8"}
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "fyraften_agent.cli", "selfcheck", "do", "workplace"],
        env=environ,
        encoding="utf-8",
        timeout=60,
    )
    terminal.expect("1 of 22")
    terminal.sendline("1")
    terminal.expect("2 of 22")
    terminal.close(force=True)

    assert answers(newcomer) == {"screen.readable": "yes"}
