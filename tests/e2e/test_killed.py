"""The collector killed again and again at instants of chance, while somebody types on a real X server.

Three times in a test run, a hundred times in ``make prove`` (``KILLS=100``); ``SEED=…`` repeats a run.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from e2e.agent_processes import Agent, agree_to_recording, running_agent
from e2e.desktop import Desktop, wait_until
from fyraften_agent.files.set_aside import set_aside
from fyraften_agent.recording.activity import TICK_SECONDS
from fyraften_agent.store.schema import WorkFile

pytestmark = pytest.mark.desktop

KILLS = int(os.environ.get("KILLS", "3"))
SEED = int(os.environ.get("SEED", "0")) or random.randrange(1, 10**9)
A_TICK = TICK_SECONDS + 1


def test_killed_at_any_instant_it_loses_a_tick_at_most_and_doubles_nothing(display: Desktop, home: Path) -> None:
    print(f"{KILLS} kills with SEED={SEED}")
    chance = random.Random(SEED)
    paths = agree_to_recording(home)
    with running_agent(display.environ, home) as agent, Typing(display) as typing:
        agent.wait_for("recording")
        began = time.time()
        # From then on nothing before it can be lost, however long a collector takes to start.
        wait_until(lambda: is_written(agent, began + 1), "what is typed is noticed", 30)
        for kill in range(KILLS):
            killed_after_a_while(agent, chance, f"kill {kill} with SEED={SEED}")
        agent.wait_for("recording", 60)
        again = time.time()
        wait_until(lambda: is_written(agent, again + 1), "what is typed is noticed again", 30)
        typing.stop()
        stopped = time.time()
        wait_until(lambda: is_written(agent, typing.last), "the end is written", 2 * TICK_SECONDS)
        agent.end()
        ends = agent.errors.count(f"exit code {-signal.SIGKILL}")

    sessions = agent.rows("SELECT measured_start, measured_end FROM sessions ORDER BY 1")
    assert ends == KILLS
    assert len(sessions) == 1, SEED
    assert abs(sessions[0][0] - began) <= A_TICK
    assert abs(sessions[0][1] - stopped) <= A_TICK
    for table in ("spans", "observed"):
        rows = agent.rows(f"SELECT start, end FROM {table} WHERE end > start ORDER BY start, end")
        assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(rows)), (table, SEED)
    with WorkFile(paths.work) as file:
        assert file.is_whole()
    assert set_aside(paths.work) == []


def killed_after_a_while(agent: Agent, chance: random.Random, which: str) -> None:
    """Kill the collector that runs; look whether it had written all but the last tick, and let the next one start."""
    before = agent.state()["collector_pid"]
    assert isinstance(before, int)
    was_recording = agent.state()["state"] == "recording"
    since = time.time()
    # Mostly soon, while it starts or writes what it was asked to look at; sometimes after more than a tick.
    for _ in range(chance.randrange(3)):
        time.sleep(chance.uniform(0, 0.4))
        agent.look_now()
    time.sleep(chance.uniform(0, 0.3) if chance.random() < 0.9 else chance.uniform(TICK_SECONDS, 1.5 * TICK_SECONDS))
    pid = agent.state()["collector_pid"]
    assert pid == before, which
    os.kill(pid, signal.SIGKILL)
    killed_at = time.time()
    if was_recording:
        assert killed_at - max(since, latest(agent, "observed")) <= A_TICK, which
    assert agent.rows("PRAGMA integrity_check") == [("ok",)], which
    wait_until(lambda: agent.state()["failures"] == 1, "its end is noticed")
    agent.look_now()  # as a command would; what failed before is forgotten then
    wait_until(lambda: agent.state()["collector_pid"] not in (None, pid), f"another one runs after {which}", 60)
    if chance.random() < 0.7:
        agent.wait_for("recording", 60)


def is_written(agent: Agent, at: float) -> bool:
    """Ask for a look, and return whether work up to an instant is written; a look and writing may pass each other."""
    agent.look_now()
    time.sleep(0.5)
    return latest(agent, "spans") >= int(at) - 1


def latest(agent: Agent, table: str) -> int:
    ((end,),) = agent.rows(f"SELECT coalesce(max(end), 0) FROM {table}")
    return int(end)


class Typing:
    """Somebody who types without a pause until told to stop."""

    def __init__(self, display: Desktop) -> None:
        self._display, self._is_over = display, threading.Event()
        self._thread = threading.Thread(target=self._type)
        self.last = 0.0

    def __enter__(self) -> Typing:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Let the last word be typed."""
        self._is_over.set()
        self._thread.join(30)

    def _type(self) -> None:
        while not self._is_over.is_set():
            self._display.type("typing ", 50)
            self.last = time.time()
