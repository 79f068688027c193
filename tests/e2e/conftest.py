"""Fixtures of the tests with real processes: a folder for the agent, and a desktop to sit at."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e import desktop as real_desktop
from e2e.agent_processes import Agent, agree_to_recording, running_agent
from fyraften_agent.paths import Paths


@pytest.fixture
def home() -> Iterator[Path]:
    """A private folder with a short path: the path of a UNIX socket may only have about a hundred bytes."""
    with tempfile.TemporaryDirectory(prefix="fyraften-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def module_home() -> Iterator[Path]:
    """A private folder for all tests of a module."""
    with tempfile.TemporaryDirectory(prefix="fyraften-") as folder:
        yield Path(folder)


@pytest.fixture
def display(home: Path) -> Iterator[real_desktop.Desktop]:
    """A display without a bus: input can be seen, notices cannot be shown."""
    _require("Xvfb", "xdotool")
    with real_desktop.x_server() as (name, server):
        yield real_desktop.Desktop({**real_desktop.clean_environment(home), "DISPLAY": name}, server)


@pytest.fixture
def bus(home: Path) -> Iterator[str]:
    """A session bus on which nobody shows notices."""
    _require("dbus-daemon", "notify-send")
    with real_desktop.session_bus(home) as address:
        yield address


@pytest.fixture
def desktop(home: Path) -> Iterator[real_desktop.Desktop]:
    """A display, a bus and a notification daemon."""
    with _whole_desktop(home) as desktop:
        yield desktop


@pytest.fixture(scope="module")
def module_desktop(module_home: Path) -> Iterator[real_desktop.Desktop]:
    """A desktop for all tests of a module."""
    with _whole_desktop(module_home) as desktop:
        yield desktop


@pytest.fixture
def paths(home: Path) -> Paths:
    """Where an agent keeps its files whose person has agreed to recording."""
    return agree_to_recording(home)


@pytest.fixture
def agent(desktop: real_desktop.Desktop, home: Path, paths: Paths) -> Iterator[Agent]:
    """An agent that records on a desktop of its own."""
    with running_agent(desktop.environ, home) as agent:
        agent.wait_for("recording")
        yield agent


@contextlib.contextmanager
def _whole_desktop(home: Path) -> Iterator[real_desktop.Desktop]:
    _require("Xvfb", "xdotool", "dbus-daemon", "notify-send", "dunst", "dunstctl", "strace")
    with real_desktop.x_server() as (name, server), real_desktop.session_bus(home) as address:
        environ = {**real_desktop.clean_environment(home), "DISPLAY": name, "DBUS_SESSION_BUS_ADDRESS": address}
        with real_desktop.notification_daemon(environ, home):
            yield real_desktop.Desktop(environ, server)


def _require(*programs: str) -> None:
    reason = real_desktop.missing(*programs)
    if reason is not None:
        pytest.skip(reason)
