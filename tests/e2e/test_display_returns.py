"""The X server dies under the agent and comes back: said, not known meanwhile, and picked up again.

In a test run somebody looks, and the display is tried at once; in ``make prove`` nobody does, and it is waited for.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from pathlib import Path

import pytest

from e2e.agent_processes import Agent, agree_to_recording, command, running_agent
from e2e.desktop import Desktop, ended, wait_until
from fyraften_agent.recording.activity import TICK_SECONDS

pytestmark = pytest.mark.desktop

AGAIN_SECONDS = 60  # between two tries to find a source of input


@pytest.mark.parametrize("looked_at", [True, pytest.param(False, marks=pytest.mark.prove)])
def test_a_display_that_dies_and_comes_back_is_picked_up_again(display: Desktop, home: Path, looked_at: bool) -> None:
    paths = agree_to_recording(home)
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        display.type("before ", 100)
        agent.look_now()
        wait_until(lambda: bool(agent.rows("SELECT * FROM spans")), "work before is written")
        collector = agent.pid("collector")
        display.server.send_signal(signal.SIGKILL)
        display.server.wait(5)
        died = time.time()
        if looked_at:
            agent.look_now()
        wait_until(lambda: agent.state()["source_state"] == "failed", "it is said", 2 * TICK_SECONDS)
        status = command(display.environ, home, "status").stdout
        with server_again(display.environ["DISPLAY"]):
            back = time.time()
            if looked_at:
                wait_until(lambda: answers(display), "the display answers")
                agent.look_now()
            patience = TICK_SECONDS if looked_at else AGAIN_SECONDS + 2 * TICK_SECONDS
            wait_until(lambda: agent.state()["state"] == "recording", "recorded again", patience)
            again = time.time()
            display.type("after ", 100)
            typed = time.time()
            agent.look_now()
            wait_until(lambda: last_input(agent) >= int(again), "work after is written", 2 * TICK_SECONDS)
            agent.end()
    spans = agent.rows("SELECT start, end FROM spans ORDER BY 1")
    observed = agent.rows("SELECT start, end, ended FROM observed ORDER BY 1")
    dead = [(start, end) for start, end, _ in observed if start < int(back) and end > died + TICK_SECONDS]

    assert agent.rows("SELECT count(*) FROM sessions") == [(1,)]
    assert collector > 0
    assert "Nothing is recorded" in status
    assert dead == []
    assert next(ended_by for _, _, ended_by in observed) == "source"
    assert observed[0][1] <= died + 1
    assert observed[-1][0] >= int(back)
    assert spans[0][1] <= died
    assert spans[-1][0] >= int(again)
    assert spans[-1][1] <= typed + 1
    assert paths.work.exists()


def last_input(agent: Agent) -> int:
    ((end,),) = agent.rows("SELECT max(end) FROM spans")
    return int(end)


def answers(display: Desktop) -> bool:
    asked = subprocess.run(["xdotool", "getmouselocation"], env=display.environ, capture_output=True, check=False)
    return asked.returncode == 0


def server_again(name: str) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """Run an X server under the name that another one had."""
    command_line = ["Xvfb", name, "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"]
    return ended(subprocess.Popen(command_line, stderr=subprocess.DEVNULL))
