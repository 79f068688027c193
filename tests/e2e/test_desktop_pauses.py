"""Pauses, private time and recording hours on a real desktop: what runs meanwhile, and what is known of it."""

from __future__ import annotations

import contextlib
import functools
import operator
import os
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from e2e.agent_processes import (
    Agent,
    command,
    is_running,
    seconds_to_ask,
)
from e2e.desktop import Desktop, wait_until
from fyraften_agent.recording.hours import DAYS
from fyraften_agent.store.store import Store

pytestmark = pytest.mark.desktop


def test_private_time_and_recording_hours_end_the_recording_and_are_called_what_they_are(
    agent: Agent, desktop: Desktop, home: Path
) -> None:
    in_three_days = DAYS[(datetime.now(UTC).weekday() + 3) % 7]
    seen = {}
    for words, state in (
        (["private"], "paused"),
        (["resume"], "recording"),
        (["hours", in_three_days, "07:00-08:00"], "paused"),
        (["hours", "always"], "recording"),
    ):
        assert command(desktop.environ, home, *words).returncode == 0
        agent.wait_for(state)
        # Paused from the first moment; the collector has a second of grace, and is killed then.
        wait_until(lambda: agent.state()["collector_pid"] is None or agent.state()["state"] == "recording", "it ended")
        shown = command(desktop.environ, home, "status").stdout.splitlines()[0]
        seen[words[-1]] = (shown.split(" since")[0].split(", until")[0], agent.state()["collector_pid"] is None)

    assert seen == {
        "private": ("Private time", True),
        "resume": ("Recording", False),
        "07:00-08:00": ("Outside your recording hours", True),
        "always": ("Recording", False),
    }


def test_a_pause_ends_the_collector_at_once_and_what_is_typed_then_is_never_known(
    agent: Agent, desktop: Desktop, home: Path
) -> None:
    collector, asking = agent.pid("collector"), seconds_to_ask(desktop.environ, home)
    began = time.monotonic()
    answer = command(desktop.environ, home, "pause")
    took = time.monotonic() - began
    gone = not is_running(collector)
    state = agent.state()
    paused_at = int(time.time())
    desktop.type("typed in the pause", 50)
    resumed_at = time.time()
    command(desktop.environ, home, "resume")
    agent.wait_for("recording")
    agent.look_now()
    agent.end()

    assert answer.returncode == 0
    assert gone
    assert took - asking < 2
    assert (state["state"], state["paused_until"], state["collector_pid"]) == ("paused", None, None)
    assert agent.rows(f"SELECT * FROM spans WHERE end >= {paused_at}") == []
    assert agent.rows(f"SELECT * FROM observed WHERE start < {int(resumed_at)} AND end > {paused_at}") == []


def test_a_pause_with_an_end_ends_by_itself(agent: Agent) -> None:
    with Store.open(agent.paths.work) as store:
        store.pause(int(time.time()), int(time.time()) + 8)
    agent.look_now()
    paused = agent.state()["state"]

    assert paused == "paused"
    agent.wait_for("recording")


def test_after_each_pause_the_supervisor_has_as_much_open_as_before_the_first(
    agent: Agent, desktop: Desktop, home: Path
) -> None:
    """The collector is another process after each pause; the supervisor goes on for months."""
    # The state is on the desktop: the supervisor has its connection.
    desktop.wait_for_button("Pause recording", "Fyraften is recording", home)
    before, after = open_in_supervisor(agent), []
    for _ in range(3):
        assert command(desktop.environ, home, "pause").returncode == 0
        assert command(desktop.environ, home, "resume").returncode == 0
        agent.wait_for("recording")
        after.append(open_in_supervisor(agent))

    assert after == [before, before, before]


def open_in_supervisor(agent: Agent) -> Counter[str]:
    """Return what the supervisor holds open once only it and the collector run."""
    supervisor = agent.pid("supervisor")
    wait_until(lambda: len(agent.family()) == 2, "what verifies and judges has ended")
    return always_open(supervisor)


def always_open(pid: int) -> Counter[str]:
    """Return what a process holds open all through a second: an answer that is being given is open for a moment."""
    seen = []
    for _ in range(5):
        seen.append(kinds_of_open_files(pid))
        time.sleep(0.2)
    return functools.reduce(operator.and_, seen)


def kinds_of_open_files(pid: int) -> Counter[str]:
    """Return how many of each kind a process holds open: a file by its name, a socket or a pipe without its number."""
    links = []
    for entry in os.scandir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            links.append(os.readlink(entry.path))
    return Counter(link.partition(":[")[0] for link in links)
