"""Sleep and moved clocks as the kernel itself tells of them: in time namespaces, and with a wall clock that is moved.

A namespace moves CLOCK_BOOTTIME and CLOCK_MONOTONIC, never the wall clock; libfaketime moves that for one process.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from e2e.agent_processes import Agent, agree_to_recording, running_agent
from e2e.desktop import Desktop, wait_until
from fyraften_agent.recording.activity import TICK_SECONDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="time namespaces are Linux's")

PROGRAM = Path(__file__).with_name("kernel_clocks.py")
SLEPT = 5 * 3600
# libfaketime keeps something in shared memory, at which the sandbox lets no process.
WITHOUT_SANDBOX = (sys.executable, str(PROGRAM.with_name("weak_kernel.py")), "landlock")


@contextlib.contextmanager
def slept_namespace(seconds: int) -> Iterator[str]:
    """Keep a time namespace in which the computer has slept for so long; give its file."""
    command = ["unshare", "--time", f"--boottime={seconds}", "--monotonic=0", "--", "sh", "-c", "echo ready; exec cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stderr is not None
        if holder.stdout.readline() != b"ready\n":
            pytest.skip(f"the kernel allows no time namespace here: {holder.stderr.read().decode().strip()}")
        yield f"/proc/{holder.pid}/ns/time"
        holder.kill()


def measured(folder: Path, ahead: int, typed: str = "") -> dict[str, Any]:
    """Measure in a process for which the kernel moves its clocks."""
    with slept_namespace(SLEPT) as namespace:
        environ = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(PROGRAM.parents[1]), os.environ.get("PYTHONPATH", "")]),
        }
        done = subprocess.run(
            [sys.executable, str(PROGRAM), str(folder), namespace, str(ahead), typed],
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.stderr == ""
    result: dict[str, Any] = json.loads(done.stdout)
    grown = {clock: result["after"][clock] - result["before"][clock] for clock in ("monotonic", "boottime")}
    assert grown["monotonic"] < 3
    assert abs(grown["boottime"] - SLEPT) < 3
    return result


def test_sleep_as_the_kernel_tells_it_is_observed_and_is_no_work(tmp_path: Path) -> None:
    result = measured(tmp_path, ahead=SLEPT)
    before, after, rows = result["before"]["now"], result["after"]["now"], result["rows"]

    assert [(start <= end <= before + 1 or start >= after) for start, end in rows["spans"]] == [True, True]
    assert len(rows["sessions"]) == 2
    assert rows["sessions"][0][1] <= before + 1
    assert [ended for *_, ended in rows["observed"]] == ["stop"]
    assert rows["observed"][0][1] - rows["observed"][0][0] >= SLEPT


@pytest.mark.prove
def test_a_key_in_the_tick_before_the_kernel_slept_leaves_that_tick_open(tmp_path: Path) -> None:
    result = measured(tmp_path, ahead=SLEPT, typed="typed")
    before, after, rows = result["before"]["now"], result["after"]["now"], result["rows"]

    assert [ended for *_, ended in rows["observed"]] == ["suspend", "stop"]
    assert rows["observed"][0][1] <= before + 1
    assert all(end <= before + 1 or start >= after for start, end in rows["spans"])


@pytest.mark.prove
@pytest.mark.parametrize("ahead", [0, 3600, 86_400])
def test_a_wall_clock_that_went_another_way_while_the_kernel_slept_invents_no_work(tmp_path: Path, ahead: int) -> None:
    """The clock was set while the computer slept: what it says then cannot be compared with what it said before."""
    result = measured(tmp_path, ahead=ahead)
    before, rows = result["before"]["now"], result["rows"]

    assert sum(end - start for start, end in rows["spans"]) <= 8
    assert sum(end - start for start, end, _ in rows["sessions"]) <= 8
    assert rows["sessions"][0][1] <= before + 1
    assert "step" in [ended for *_, ended in rows["observed"]]
    assert all(start <= end for start, end, _ in rows["observed"])


@pytest.mark.prove
@pytest.mark.desktop
def test_the_real_agent_in_a_namespace_that_has_slept_labels_work_by_the_wall_clock(
    display: Desktop, home: Path
) -> None:
    """First in a namespace with other clocks, then outside of it, as after a restart of the computer."""
    agree_to_recording(home)
    with slept_namespace(1):
        pass  # where that cannot be had, this cannot be shown
    elsewhere = ["unshare", "--time", "--boottime=900000", "--monotonic=400000", "--"]
    bounds = []
    for under in (elsewhere, []):
        with running_agent(display.environ, home, under=under) as agent:
            agent.wait_for("recording")
            began = time.time()
            display.type("working ", 100)
            typed = time.time()
            agent.look_now()
            wait_until(partial(is_written, agent, began), "it is written", 2 * TICK_SECONDS)
            bounds.append((began, typed, agent.rows("SELECT start, end FROM spans ORDER BY id DESC LIMIT 1")[0]))
            agent.end()

    for began, typed, (start, end) in bounds:
        assert int(began) - TICK_SECONDS <= start <= end <= typed + 1
    assert len(agent.rows("SELECT * FROM sessions")) == 1


def is_written(agent: Agent, since: float) -> bool:
    return bool(agent.rows(f"SELECT 1 FROM spans WHERE end >= {int(since)}"))


# The wall clock of the real agent


@pytest.fixture
def wall_clock(home: Path) -> WallClock:
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not libraries:
        pytest.skip("system package not installed: libfaketime")
    return WallClock(home / "ahead", libraries[0])


class WallClock:
    """The wall clock of the processes that get ``environ``; the other clocks are the kernel's.

    libfaketime hands ``time.sleep`` of Python 3.11 and later an instant of another clock, so that it fails; in these
    processes something else waits.
    """

    def __init__(self, file: Path, library: Path) -> None:
        self._file = file
        start_up = file.with_name("start-up")
        start_up.mkdir()
        (start_up / "sitecustomize.py").write_text(
            "import threading, time\ntime.sleep = lambda seconds: threading.Event().wait(seconds) and None\n",
            encoding="utf-8",
        )
        self.environ = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": str(start_up),
        }
        self.set_ahead(0)

    def set_ahead(self, seconds: int) -> None:
        """Move the clock, at once, so that it is ahead of the real one by so much."""
        self._file.with_suffix(".new").write_text(f"{seconds:+d}", encoding="ascii")
        self._file.with_suffix(".new").replace(self._file)
        self.ahead = seconds


@pytest.mark.prove
@pytest.mark.desktop
def test_a_wall_clock_moved_under_the_real_agent_touches_no_closed_row_and_invents_no_time(
    display: Desktop, home: Path, wall_clock: WallClock
) -> None:
    agree_to_recording(home)
    began, kept = time.time(), []
    with running_agent({**display.environ, **wall_clock.environ}, home, under=WITHOUT_SANDBOX) as agent:
        agent.wait_for("recording")
        for ahead in (0, 3600, -1800, 86_400 * 3):
            wall_clock.set_ahead(ahead)
            agent.look_now()  # the step is noticed at a look; what is typed before it belongs to neither side
            wait_until(partial(has_gone_over, agent, wall_clock), "the step is noticed", 2 * TICK_SECONDS)
            since = time.time() + ahead
            wait_until(partial(is_written_between, agent, display, since), "work is written", 3 * TICK_SECONDS)
            kept.append(agent.rows("SELECT id, start, end FROM spans ORDER BY id"))
        agent.end()
        errors = agent.errors
    took = time.time() - began
    spans = agent.rows("SELECT id, start, end FROM spans ORDER BY id")
    observed = agent.rows("SELECT start, end, ended FROM observed ORDER BY id")

    assert errors == ""
    for earlier, later in itertools.pairwise([*kept, spans]):
        assert later[: len(earlier) - 1] == earlier[:-1]
        assert later[len(earlier) - 1][:2] == earlier[-1][:2]  # the last one may have grown until the step
    assert len(spans) == len(agent.rows("SELECT * FROM sessions")) == 4
    assert [ended for *_, ended in observed] == ["step", "step", "step", "stop"]
    assert all(0 <= end - start <= took for _, start, end in spans)
    assert sum(end - start for start, end, _ in observed) <= took + len(observed)


def has_gone_over(agent: Agent, clock: WallClock) -> bool:
    """Return whether what is observed now is labelled by the clock as it is now."""
    ((end,),) = agent.rows("SELECT end FROM observed ORDER BY id DESC LIMIT 1")
    return abs(time.time() + clock.ahead - end) < 3 * TICK_SECONDS


def is_written_between(agent: Agent, display: Desktop, since: float) -> bool:
    """Type, let it be looked at, and return whether work after ``since`` is written."""
    display.type("working ", 50)
    agent.look_now()
    return bool(agent.rows(f"SELECT 1 FROM spans WHERE end BETWEEN {int(since)} AND {int(since) + 600}"))
