"""The agent on a real desktop where consent is missing, a process is killed, or the desktop lacks something."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from e2e.agent_processes import (
    NO_AGREED_HOURS,
    Agent,
    command,
    is_running,
    running_agent,
    seconds_to_ask,
    socket_families,
)
from e2e.desktop import Desktop, wait_until
from fyraften_agent.paths import Paths
from fyraften_agent.recording.activity import TICK_SECONDS
from fyraften_agent.store.store import Store

pytestmark = pytest.mark.desktop

# Instants are whole seconds, and a tick may come some milliseconds late.
A_TICK = TICK_SECONDS + 1


def test_without_consent_there_is_no_row_no_file_and_no_packet(desktop: Desktop, home: Path) -> None:
    with running_agent(desktop.environ, home, home / "trace") as agent:
        desktop.type("typed without consent")
        code = agent.process.wait(10)
        errors = agent.errors

    assert code == 3
    assert errors == (
        "fyraften: Nothing is recorded without your consent. Give it with: fyraften consent give recording\n"
    )
    assert not (home / "agent").exists()
    assert socket_families(home / "trace") <= {"AF_UNIX"}


def test_with_withdrawn_consent_nothing_is_added_to_the_ledger(desktop: Desktop, home: Path, paths: Paths) -> None:
    command(desktop.environ, home, "consent", "withdraw", "recording")
    files = sorted(str(file) for file in paths.folder.rglob("*"))
    content = paths.ledger.read_bytes()
    with running_agent(desktop.environ, home) as agent:
        code = agent.process.wait(10)

    assert code == 3
    assert sorted(str(file) for file in paths.folder.rglob("*")) == files
    assert paths.ledger.read_bytes() == content


def test_a_withdrawal_ends_everything_at_once(agent: Agent, desktop: Desktop, home: Path) -> None:
    collector, asking = agent.pid("collector"), seconds_to_ask(desktop.environ, home)
    began = time.monotonic()
    withdrawn = command(desktop.environ, home, "consent", "withdraw", "recording")
    code = agent.process.wait(10)
    took = time.monotonic() - began

    assert withdrawn.returncode == 0
    assert took - asking < 2
    assert code == 3
    assert not is_running(collector)
    assert "Nothing is recorded any more." in agent.errors


def test_a_withdrawal_holds_and_ends_the_recording_although_the_supervisor_hangs(
    agent: Agent, desktop: Desktop, home: Path
) -> None:
    supervisor, collector = agent.pid("supervisor"), agent.pid("collector")
    os.kill(supervisor, signal.SIGSTOP)
    withdrawn = command(desktop.environ, home, "consent", "withdraw", "recording")
    wait_until(lambda: not is_running(collector), "the collector has seen it", 3 * TICK_SECONDS)
    os.kill(supervisor, signal.SIGCONT)
    code = agent.process.wait(10)

    assert withdrawn.returncode == 0
    assert "does not answer" in withdrawn.stderr
    assert code == 3


def test_a_killed_collector_costs_a_tick_at_most_and_doubles_nothing(agent: Agent, desktop: Desktop) -> None:
    began = time.time()
    typing = threading.Thread(target=desktop.type, args=("a" * 240, 100))  # for about 24 seconds
    typing.start()
    wait_until(lambda: agent.latest_end() > began + 1, "the first tick has written", 2 * TICK_SECONDS)
    killed = agent.pid("collector")
    os.kill(killed, signal.SIGKILL)
    killed_at = time.time()
    kept = agent.latest_end()
    intact = agent.rows("PRAGMA integrity_check")
    wait_until(lambda: agent.state()["collector_pid"] not in (None, killed), "another collector runs")
    agent.wait_for("recording")
    again_at = time.time()
    typing.join()
    stopped = time.time()
    desktop.key("b")
    wait_until(lambda: agent.latest_end() >= int(stopped) - 1, "a tick saw the end", 2 * TICK_SECONDS)
    sessions = agent.rows("SELECT measured_start, measured_end FROM sessions ORDER BY 1")
    spans = agent.rows("SELECT start, end FROM spans ORDER BY 1")
    observed = agent.rows("SELECT start, end FROM observed ORDER BY 1")

    assert killed_at - kept <= TICK_SECONDS + 1
    assert intact == [("ok",)]
    assert again_at - killed_at < TICK_SECONDS
    assert len(sessions) == 1
    assert abs(sessions[0][0] - began) <= A_TICK
    assert abs(sessions[0][1] - stopped) <= A_TICK
    for rows in (spans, observed):
        assert len(rows) == len(set(rows))
        assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(rows))
    assert agent.rows("PRAGMA integrity_check") == [("ok",)]
    assert f"exit code {-signal.SIGKILL}" in agent.errors


def test_a_display_that_goes_away_is_said_and_nothing_is_invented(agent: Agent, desktop: Desktop) -> None:
    desktop.server.terminate()
    desktop.server.wait(5)
    agent.look_now()
    wait_until(lambda: agent.state()["source_state"] == "failed", "the source is said to have failed")

    assert agent.state()["state"] == "failed"
    assert agent.end() == 0
    assert agent.rows("SELECT * FROM spans") == []


def test_a_notice_that_no_desktop_takes_is_printed(display: Desktop, home: Path, paths: Paths) -> None:
    with Store.open(paths.work) as store:
        store.record_agreement(NO_AGREED_HOURS, int(time.time()))
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        display.type("working")
        agent.look_now()
        # What this look just misses is judged within a minute.
        wait_until(lambda: "Work outside your agreed hours" in agent.out, "the notice is printed", 9 * TICK_SECONDS)


def test_a_second_agent_in_the_same_folder_says_that_one_runs(agent: Agent, desktop: Desktop, home: Path) -> None:
    other = home / "other"
    other.mkdir()
    (other / "agent").symlink_to(agent.paths.folder)
    with running_agent(desktop.environ, other) as second:
        code = second.process.wait(10)
        errors = second.errors

    assert code == 5
    assert "already runs" in errors
    assert agent.state()["state"] == "recording"


def test_when_the_supervisor_is_killed_the_collector_ends_by_itself(agent: Agent) -> None:
    collector = agent.pid("collector")
    os.kill(agent.pid("supervisor"), signal.SIGKILL)

    wait_until(lambda: not is_running(collector), "the collector has ended", 5)
