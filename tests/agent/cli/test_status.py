"""``fyraften status``."""

from __future__ import annotations

import pytest

from agent_records import FixedClock
from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.mending.mending import open_mended
from fyraften_agent.processes import control


def test_a_consent_that_ran_out_is_not_called_one_that_was_never_given(newcomer: CommandLine) -> None:
    later = CommandLine(newcomer.paths, FixedClock("2027-12-01T09:00"))

    state, refused = later.run("status"), later.run("log", "add", "08:00", "08:30")

    assert "Your consent to recording has run out." in state.out
    assert "your consent to recording has run out" in refused.errors
    assert "have not agreed" not in state.out + refused.errors
    assert refused.code == ExitCode.NO_CONSENT


def test_without_anything_it_is_off_and_nobody_agreed(nobody: CommandLine) -> None:
    document = nobody.json("status")

    assert (document["state"], document["source"]["name"]) == ("off", None)
    assert {purpose: consent["state"] for purpose, consent in document["consents"].items()} == {
        "recording": "none",
        "group": "none",
        "pulse": "none",
        "duty": "none",
        "record": "none",
    }
    assert set(document["outbox"].values()) == {0}


def test_a_consent_is_shown_with_the_day_it_runs_out(person: CommandLine) -> None:
    outcome = person.run("status")

    assert "agreed on 2026-09-21, runs out on 2027-09-21" in outcome.out
    assert "Place: Flat (home)" in outcome.out
    assert "Nothing waits to be sent." in outcome.out


def test_a_running_agent_says_since_when_and_by_what(person: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"state": "recording", "since": person.clock.now() - 3600, "source": "pynput", "source_state": "live"}
    monkeypatch.setattr(control, "ask", lambda paths, command: answer)

    outcome = person.run("status")

    assert "Recording since 14:30." in outcome.out
    assert "Source of input: pynput" in outcome.out


def test_a_pause_is_shown_also_when_the_agent_is_off(person: CommandLine) -> None:
    person.run("pause", "until", "17:00")

    assert "stays paused until 17:00" in person.run("status").out
    assert person.json("status")["until"] == "2026-11-20T17:00:00+01:00"


def test_damaged_records_are_said_and_the_rest_is_shown(person: CommandLine) -> None:
    person.paths.work.write_bytes(b"no database" * 1000)
    outcome = person.run("status")

    assert outcome.code == 0
    assert "is damaged, or is no database" in outcome.out
    assert "agreed on 2026-09-21" in outcome.out


def test_what_was_mended_is_said_with_what_was_lost_and_where_the_file_is(person: CommandLine) -> None:
    content = person.paths.work.read_bytes()
    person.paths.work.write_bytes(bytes(1024) + content[1024:])
    open_mended(person.paths.work, person.clock.now(), person.clock.zone()).close()
    outcome = person.run("status")

    assert "On 2026-11-20 the records were found damaged" in outcome.out
    assert "work.damaged-2026-11-20-143000.sqlite3" in outcome.out
    assert person.json("status")["damage"] != []
