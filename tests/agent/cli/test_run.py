"""``fyraften run``: what it refuses before anything starts. That it records is shown in ``tests/e2e``."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.processes import control


@pytest.fixture
def display() -> Iterator[str]:
    """Give a display that something listens on, as an X server would."""
    number = next(number for number in range(900, 999) if not Path(f"/tmp/.X11-unix/X{number}").exists())
    path = Path(f"/tmp/.X11-unix/X{number}")
    path.parent.mkdir(exist_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen()
        yield f":{number}"
    path.unlink()


def test_without_a_display_it_ends_with_one_line(person: CommandLine) -> None:
    outcome = person.run("run")

    assert outcome.code == ExitCode.NO_DISPLAY
    assert outcome.errors.count("\n") == 1


def test_in_a_wayland_session_it_ends_with_one_line(person: CommandLine, display: str) -> None:
    wayland = CommandLine(person.paths, person.clock, {"DISPLAY": display, "WAYLAND_DISPLAY": "wayland-0"})

    outcome = wayland.run("run")

    assert outcome.code == ExitCode.NO_DISPLAY
    assert "Wayland" in outcome.errors


def test_consent_is_asked_about_before_the_display(nobody: CommandLine) -> None:
    outcome = nobody.run("run")

    assert outcome.code == ExitCode.NO_CONSENT
    assert outcome.errors.count("\n") == 1
    assert not nobody.paths.folder.exists()


def test_without_consent_and_without_a_terminal_nothing_is_started(nobody: CommandLine, display: str) -> None:
    at_display = CommandLine(nobody.paths, nobody.clock, {"DISPLAY": display})

    outcome = at_display.run("run")

    assert outcome.code == ExitCode.NO_CONSENT
    assert "fyraften consent give recording" in outcome.errors
    assert not nobody.paths.folder.exists()


def test_it_does_not_start_twice(person: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "ask", lambda paths, command: {"state": "recording"})

    outcome = person.run("run")

    assert outcome.code == ExitCode.ALREADY_OR_NOT_RUNNING
    assert "fyraften status" in outcome.errors
