"""A2: whether it records can be seen at any time, and stopping takes one step, as does taking the consent back."""

from __future__ import annotations

import pytest

from agent_records import NOW, FixedClock, nine_weeks, small_home
from command_line import CommandLine
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.processes.pauses import current_pause


@pytest.fixture
def person(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(nine_weeks(small_home(tmp_path_factory.mktemp("person"))), FixedClock(NOW))


@pytest.mark.parametrize("language", ["en", "da", "nb"])
def test_the_first_line_of_status_is_the_state_in_words(person: CommandLine, language: str) -> None:
    lines = {}
    for words in (["resume"], ["pause"], ["private"]):
        person.run(*words)
        lines[words[0]] = person.run("--language", language, "status").out.splitlines()[0]

    assert len(set(lines.values())) == 3


def test_one_step_pauses_and_one_step_takes_the_consent_back(person: CommandLine) -> None:
    """No word to type, no question, no terminal: less than giving it takes."""
    paused = person.run("pause")
    pause = current_pause(person.paths.work, person.clock.now())
    withdrawn = person.run("consent", "withdraw", "recording")

    assert (paused.code, withdrawn.code) == (0, 0)
    assert pause is not None
    assert not Consents(person.paths).is_given("recording", person.clock.now())


def test_no_command_and_no_option_hides_the_state(person: CommandLine) -> None:
    for words in (["status", "--quiet"], ["status", "--no-icon"], ["run", "--hidden"], ["run", "--silent"]):
        assert person.run(*words).code == 2
