"""``fyraften pause`` and ``resume``."""

from __future__ import annotations

import pytest

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.processes.pauses import current_pause
from fyraften_agent.store.store import Store


def pause_of(person: CommandLine) -> object:
    return current_pause(person.paths.work, person.clock.now())


def test_a_pause_holds_until_it_is_resumed(newcomer: CommandLine) -> None:
    document = newcomer.json("pause")
    paused = pause_of(newcomer)
    outcome = newcomer.run("resume")

    assert document == {"state": "paused", "private": False, "since": "2026-11-20T15:30:00+01:00", "until": None}
    assert paused is not None
    assert outcome.out == "The pause is over.\n"
    assert pause_of(newcomer) is None


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("30m", "2026-11-20T16:00:00+01:00"),
        ("2h", "2026-11-20T17:30:00+01:00"),
        ("1h30m", "2026-11-20T17:00:00+01:00"),
        ("90 min", "2026-11-20T17:00:00+01:00"),
        ("until 17:15", "2026-11-20T17:15:00+01:00"),
        ("until 13:00", "2026-11-21T13:00:00+01:00"),
        ("until 2026-11-23T08:00", "2026-11-23T08:00:00+01:00"),
    ],
)
def test_a_pause_ends_after_a_length_or_at_a_time(newcomer: CommandLine, words: str, until: str) -> None:
    assert newcomer.json("pause", *words.split())["until"] == until


@pytest.mark.parametrize("words", ["soon", "0m", "until", "until 25:00", "until 2026-11-19T08:00", "-5m"])
def test_a_pause_that_cannot_be_is_refused(newcomer: CommandLine, words: str) -> None:
    outcome = newcomer.run("pause", *words.split())

    assert outcome.code == ExitCode.BAD_INPUT
    assert pause_of(newcomer) is None


def test_the_text_says_until_when_and_how_to_go_on(newcomer: CommandLine) -> None:
    outcome = newcomer.run("pause", "until", "13:00")

    assert "Paused until 2026-11-21 13:00." in outcome.out
    assert "fyraften resume" in outcome.out


def test_the_end_of_private_time_is_called_by_its_name(newcomer: CommandLine) -> None:
    newcomer.run("private")

    assert newcomer.run("resume").out == "The private time is over.\n"
    assert newcomer.run("resume").out == "There was no pause.\n"


def test_private_time_is_a_pause_of_which_the_person_says_that_it_was_no_work(newcomer: CommandLine) -> None:
    document = newcomer.json("private", "30m")
    text = newcomer.run("private").out
    paused = pause_of(newcomer)
    with Store.open(newcomer.paths.work) as store:
        pause = store.pause_at(newcomer.clock.now())

    assert document["private"] is True
    assert document["until"] == "2026-11-20T16:00:00+01:00"
    assert text.startswith("Private. Nothing is recorded")
    assert paused is not None
    assert pause is not None
    assert pause.private


def test_resuming_without_a_pause_says_so(newcomer: CommandLine) -> None:
    outcome = newcomer.run("resume")

    assert (outcome.code, outcome.out) == (ExitCode.DONE, "There was no pause.\n")
