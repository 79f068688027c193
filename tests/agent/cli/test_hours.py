"""``fyraften hours``."""

from __future__ import annotations

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.pauses import current_pause


def test_without_a_choice_it_is_always(person: CommandLine) -> None:
    assert person.run("hours").out == "Recording hours: always, unless you pause.\n"


def test_hours_are_chosen_hold_at_once_and_are_taken_back(person: CommandLine) -> None:
    chosen = person.json("hours", "mon-fri", "07:00-14:00")  # it is Friday afternoon
    shown = person.json("hours")
    closed = current_pause(person.paths.work, person.clock.now())
    person.run("hours", "always")

    assert chosen == shown == {"hours": "mon,tue,wed,thu,fri 07:00-14:00"}
    assert closed is not None
    assert closed.until is not None
    assert current_pause(person.paths.work, person.clock.now()) is None


def test_what_cannot_be_understood_changes_nothing(person: CommandLine) -> None:
    outcome = person.run("hours", "now", "and", "then")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "mon-fri 07:00-19:00" in outcome.errors
    assert person.json("hours") == {"hours": None}
