"""``fyraften why``: the arithmetic behind a verdict."""

from __future__ import annotations

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode


def test_the_steps_and_the_source_are_shown(person: CommandLine) -> None:
    outcome = person.run("why", "dk.rest.daily", "--date", "2026-11-19")

    assert outcome.code == ExitCode.DONE
    assert "Daily rest: not met" in outcome.out
    assert "  1. " in outcome.out
    assert "short by 2 h" in outcome.out
    assert "§ 50" in outcome.out


def test_the_document_holds_the_finding_as_the_rule_made_it(person: CommandLine) -> None:
    document = person.json("why", "dk.screen.home")

    (finding,) = document["findings"]
    assert (finding["rule"], finding["verdict"]) == ("dk.screen.home", "covered")
    assert finding["steps"]


def test_a_rule_that_does_not_exist_is_refused_with_those_that_do(person: CommandLine) -> None:
    outcome = person.run("why", "dk.rest.dayly")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "dk.rest.daily" in outcome.errors


def test_a_rule_with_nothing_to_judge_says_so(nobody: CommandLine) -> None:
    outcome = nobody.run("why", "dk.rest.daily")

    assert outcome.code == ExitCode.DONE
    assert outcome.out == "Daily rest: there is nothing to judge on 2026-11-20.\n"
