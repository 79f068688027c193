"""The whole agent in a GNOME session on Wayland: it records, says by what, and says so when the session has gone."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from e2e import compositors
from e2e import logind as mock
from e2e.agent_processes import agree_to_recording, command, running_agent
from e2e.compositors import GnomeMouse
from e2e.desktop import wait_until
from fyraften_agent.recording.activity import TICK_SECONDS

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(shutil.which("mutter") is None, reason="system package not installed: mutter"),
]


def test_a_gnome_session_on_wayland_is_recorded_and_its_end_is_told(home: Path) -> None:
    agree_to_recording(home)
    with compositors.gnome(home) as session, running_agent(session.environ, home) as agent:
        state = agent.wait_for("recording")
        mouse = GnomeMouse(session.environ)
        time.sleep(1)
        mouse.move()
        time.sleep(1)
        mouse.move()
        agent.look_now()
        wait_until(lambda: agent.rows("SELECT 1 FROM sessions") != [], "the movement was recorded")
        status = command(session.environ, home, "status").stdout
        doctor = command(session.environ, home, "doctor").stdout
        mouse.close()
        session.process.kill()
        session.process.wait(5)
        agent.look_now()
        failed = agent.wait_for("failed")
        (ended,) = agent.rows("SELECT ended FROM observed ORDER BY id DESC LIMIT 1")
        code = agent.end()

    assert state["source"] == "gnome"
    assert "Source of input: gnome (GNOME's idle counter; seconds only)" in status
    assert "Input is sensed by gnome" in doctor
    assert "not GNOME" in str(failed["reason"])
    assert ended == ("source",)
    assert code == 0


def test_a_lock_and_sleep_reach_the_recording_agent_and_the_locked_one_wakes_up_seldom(
    home: Path,
) -> None:
    reason = mock.reason_without()
    if reason is not None:
        pytest.skip(reason)
    agree_to_recording(home)
    with compositors.gnome(home) as session, mock.logind(session.environ["DBUS_SESSION_BUS_ADDRESS"]) as (told, _):
        address = session.environ["DBUS_SESSION_BUS_ADDRESS"]
        environ = {**session.environ, "DBUS_SYSTEM_BUS_ADDRESS": address, "XDG_SESSION_ID": mock.SESSION_ID}
        with running_agent(environ, home) as agent:
            agent.wait_for("recording")
            collector = agent.pid("collector")
            told.lock(True)
            time.sleep(3)
            # Where the computer is busy, the lock is heard of during the first of these.
            wait_until(lambda: switches_in_a_tick(collector) <= 2, "the locked one wakes up seldom", 45)
            told.lock(False)
            unlocked = switches_in_a_tick(collector)
            agent.end()

    assert unlocked > 2


def switches_in_a_tick(pid: int) -> int:
    before = switches(pid)
    time.sleep(TICK_SECONDS + 2)
    return switches(pid) - before


def switches(pid: int) -> int:
    """Return how often the threads of a process went to sleep, which is how often they woke up."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text(encoding="ascii").splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total
