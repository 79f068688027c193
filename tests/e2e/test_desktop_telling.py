"""Notices of a running agent on a real desktop: held while they would disturb, told once, with buttons that work."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from e2e import panels
from e2e.agent_processes import Agent, agree_to_recording, command, running_agent
from e2e.desktop import Desktop, count_shown, wait_until
from e2e.test_desktop_indicator import pid_of
from e2e.test_killed import Typing
from fyraften_agent.indicator.board import NAME as NOTIFICATIONS
from fyraften_agent.processes.known import LULL_SECONDS
from fyraften_agent.store.store import Store
from fyraften_agent.telling.choosing import Choice
from fyraften_agent.telling.desktop_notices import show_with_choices
from fyraften_agent.telling.notices import Notice

pytestmark = pytest.mark.desktop
NO_AGREED_HOURS: dict[str, Any] = {"jurisdiction": "DK", "agreement": {"normal_hours": {}}}
TITLE = "Work outside your agreed hours"
SOON = 40.0  # a lull is seen at a tick, and judged in a process of its own


@pytest.fixture
def worker(desktop: Desktop, home: Path) -> Iterator[Agent]:
    """Somebody at work outside the agreed hours, under whose dunst an agent runs."""
    paths = agree_to_recording(home)
    with Store.open(paths.work) as store:
        store.record_agreement(NO_AGREED_HOURS, int(time.time()))
        store.assign("not this network", "home", int(time.time()))
    with running_agent(desktop.environ, home) as agent:
        agent.wait_for("recording")
        yield agent


def state_of(agent: Agent) -> tuple[str, str | None, int] | None:
    """Return state, reason to wait and whether it was shown, of the notice of work outside the agreed hours."""
    rows = agent.rows("SELECT state, held, shown FROM notices WHERE key LIKE 'out_of_hours:%'")
    return rows[0] if rows else None


def work(desktop: Desktop, agent: Agent) -> None:
    """Type until a look has noticed it, and have that judged; what a look just misses is judged a minute later."""

    def is_noticed() -> bool:
        desktop.type("working", delay_milliseconds=20)
        agent.look_now()
        return bool(agent.rows("SELECT 1 FROM spans"))

    wait_until(is_noticed, "work is noticed", SOON)
    agent.look_now()


def have_it_told(worker: Agent) -> None:
    """Wait for a lull and look at once; that it is also told without being asked to look is shown by the first test."""
    wait_until(lambda: state_of(worker) is not None, "due", SOON)
    time.sleep(LULL_SECONDS + 1)
    worker.look_now()
    # Where the first look came late, it was at a lull already.
    wait_until(lambda: state_of(worker) in (("told", "typing", 1), ("told", None, 1)), "told at a lull", SOON)


def told(desktop: Desktop) -> int:
    """Return how often the notice was on the screen."""
    return [title for title, _body in desktop.notices()].count(TITLE)


def test_a_notice_waits_until_the_person_pauses_and_is_listed(desktop: Desktop, worker: Agent, home: Path) -> None:
    with Typing(desktop):
        work(desktop, worker)
        wait_until(lambda: state_of(worker) == ("waiting", "typing", 0), "due, and waits", SOON)
    wait_until(lambda: state_of(worker) == ("told", "typing", 1), "told at a lull", SOON)
    listed = command(desktop.environ, home, "notices").stdout

    assert TITLE in listed
    assert "it had waited: you were typing" in listed
    assert told(desktop) == 1


def test_do_not_disturb_holds_a_notice_that_is_then_told_once(desktop: Desktop, worker: Agent) -> None:
    subprocess.run(["dunstctl", "set-paused", "true"], env=dict(desktop.environ), check=True, timeout=10)
    work(desktop, worker)
    wait_until(lambda: state_of(worker) == ("waiting", "do_not_disturb", 0), "held", SOON)
    subprocess.run(["dunstctl", "set-paused", "false"], env=dict(desktop.environ), check=True, timeout=10)
    time.sleep(LULL_SECONDS + 1)
    worker.look_now()
    wait_until(lambda: state_of(worker) == ("told", "do_not_disturb", 1), "told", SOON)

    assert told(desktop) == 1


def test_the_button_later_puts_it_off_for_half_an_hour(desktop: Desktop, worker: Agent, home: Path) -> None:
    work(desktop, worker)
    have_it_told(worker)
    desktop.press_button("Later", TITLE, home)
    wait_until(lambda: (state_of(worker) or ("",))[0] == "snoozed", "put off")
    ((until, now),) = worker.rows("SELECT snoozed_until, strftime('%s') FROM notices WHERE key LIKE 'out_of_hours:%'")

    assert 1700 <= until - int(now) <= 1800


def test_the_button_why_shows_the_arithmetic(desktop: Desktop, worker: Agent, home: Path) -> None:
    with Store.open(worker.paths.work) as store:
        now = int(time.time())
        store.add_session(now - 7200, now - 3600, "Europe/Copenhagen", "home", None, True, now)
    work(desktop, worker)
    have_it_told(worker)
    desktop.press_button("Why?", TITLE, home)
    wait_until(lambda: f"#Why? ({TITLE})" not in desktop.buttons(home), "the notice is taken away")
    wait_until(lambda: "Work outside the agreed hours" in dict(desktop.notices()), "the figures are shown")

    figures = dict(desktop.notices())["Work outside the agreed hours"]
    assert "1 h" in figures
    assert "fyraften why agreement.out_of_hours" in figures


def test_a_pause_from_a_notice_holds_at_once(desktop: Desktop, worker: Agent, home: Path) -> None:
    work(desktop, worker)
    have_it_told(worker)
    desktop.press_button("Pause recording", TITLE, home)

    worker.wait_for("paused")
    assert worker.rows("SELECT until, ended FROM pauses") == [(None, None)]


def test_a_pause_holds_also_where_it_cannot_be_written(desktop: Desktop, worker: Agent, home: Path) -> None:
    work(desktop, worker)
    desktop.wait_for_button("Pause recording", "Fyraften is recording", home)
    with contextlib.closing(sqlite3.connect(worker.paths.work, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        desktop.press_button("Pause recording", "Fyraften is recording", home)
        worker.wait_for("paused")
    wait_until(lambda: "It holds until Fyraften ends" in worker.errors, "said")

    assert worker.rows("SELECT * FROM pauses") == []
    desktop.press_button("Resume recording", "Fyraften is paused", home)
    worker.wait_for("recording")


def test_a_desktop_that_hangs_for_a_while_shows_a_notice_once(
    desktop: Desktop, worker: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor waits shorter for it than the bus does; what is told another way meanwhile is told."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.environ["DBUS_SESSION_BUS_ADDRESS"])
    wait_until(lambda: count_shown(desktop.environ) >= 1, "the state stands on the screen")
    dunst = pid_of(NOTIFICATIONS, desktop.environ)
    os.kill(dunst, signal.SIGSTOP)
    goes_on = threading.Timer(4, os.kill, (dunst, signal.SIGCONT))
    goes_on.start()
    try:
        is_told = show_with_choices(Notice("test:1", "Only once", "…"), [Choice("later", "Later")], worker.paths)
    finally:
        goes_on.join()
    time.sleep(1)  # for what may still come

    assert is_told
    assert [title for title, _body in desktop.notices()].count("Only once") == 1


def test_xfce_shows_the_buttons_and_a_click_on_one_pauses(display: Desktop, bus: str, home: Path) -> None:
    reason = panels.why_no_notifyd()
    if reason is not None:
        pytest.skip(reason)
    environ = panels.xfce_environment({**display.environ, "DBUS_SESSION_BUS_ADDRESS": bus}, home)
    with panels.settings_daemon(environ), panels.notifyd(environ):
        agree_to_recording(home)
        with running_agent(environ, home) as agent:
            agent.wait_for("recording")
            wait_until(lambda: window(environ) is not None, "the state stands on the screen")
            left, top, width, height = settled_window(environ)
            display.move_mouse(left + width - 60, top + height - 30)
            display.click()

            agent.wait_for("paused")


def settled_window(environ: Mapping[str, str]) -> tuple[int, int, int, int]:
    """Return where a notice of Xfce is once it is in its place and of its size."""
    seen: list[tuple[int, int, int, int] | None] = [None]

    def is_settled() -> bool:
        seen.append(window(environ))
        time.sleep(0.3)
        return seen[-1] is not None and seen[-1] == window(environ)

    wait_until(is_settled, "the notice stands still")
    return seen[-1] or (0, 0, 0, 0)


def window(environ: Mapping[str, str]) -> tuple[int, int, int, int] | None:
    """Return left, top, width and height of a notice of Xfce; None while there is none."""
    search = ["xdotool", "search", "--onlyvisible", "--class", "xfce4-notifyd", "getwindowgeometry", "--shell", "%@"]
    found = subprocess.run(search, env=dict(environ), capture_output=True, text=True, timeout=10, check=False)
    told = dict(line.split("=") for line in found.stdout.splitlines() if "=" in line)
    try:
        return int(told["X"]), int(told["Y"]), int(told["WIDTH"]), int(told["HEIGHT"])
    except KeyError:
        return None
