"""The state on a real panel and as a notice that stays: shown, clicked, and gone with the agent."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from e2e import panels
from e2e.agent_processes import agree_to_recording, command, running_agent
from e2e.desktop import (
    Desktop,
    clean_environment,
    count_shown,
    dunst_in,
    missing,
    notification_daemon,
    session_bus,
    wait_until,
    x_server,
)
from fyraften_agent.indicator.board import NAME as NOTIFICATIONS

pytestmark = pytest.mark.desktop
_PROGRAMS = ("Xvfb", "xdotool", "dbus-daemon", "dunst", "dunstctl", "import", "dbus-send")


@pytest.fixture
def session(home: Path) -> Iterator[Desktop]:
    """A display and a bus, on which nobody shows anything yet."""
    reason = missing(*_PROGRAMS)
    if reason is not None:
        pytest.skip(reason)
    with x_server() as (name, server), session_bus(home) as address:
        environ = {**clean_environment(home), "DISPLAY": name, "DBUS_SESSION_BUS_ADDRESS": address}
        yield Desktop(panels.xfce_environment(environ, home), server)


@contextlib.contextmanager
def with_panel(session: Desktop) -> Iterator[None]:
    reason = panels.why_no_panel()
    if reason is not None:
        pytest.skip(reason)
    with panels.settings_daemon(session.environ), panels.panel(session.environ):
        yield


def colours(session: Desktop, folder: Path) -> set[str]:
    """Return the colours around the icon's place on the panel, as ``#C01C28``."""
    file, (x, y) = folder / "screen.png", panels.ICON
    panels.screenshot(session.environ, file)
    cut = ["convert", str(file), "-crop", f"24x24+{x - 12}+{y - 12}", "-depth", "8", "txt:-"]
    told = subprocess.run(cut, capture_output=True, text=True, timeout=20, check=True)
    return {word for line in told.stdout.splitlines() for word in line.split() if word.startswith("#")}


def wait_for_icon(session: Desktop, folder: Path, colour: str) -> None:
    wait_until(lambda: colour in colours(session, folder), f"an icon with {colour} on the panel")


RECORDING, PAUSED = "#C01C28", "#1A4B8C"


def test_one_click_on_the_icon_pauses_at_once_and_another_resumes(session: Desktop, home: Path) -> None:
    with with_panel(session):
        agree_to_recording(home)
        with running_agent(session.environ, home) as agent:
            collector = agent.wait_for("recording")["collector_pid"]
            assert isinstance(collector, int)
            wait_for_icon(session, home, RECORDING)
            session.move_mouse(*panels.ICON)

            session.click()
            paused = agent.wait_for("paused")
            wait_for_icon(session, home, PAUSED)
            rows = agent.rows("SELECT until, ended FROM pauses")
            # A second of grace, then it is killed; the pause is shown from its first moment.
            wait_until(lambda: not os.path.exists(f"/proc/{collector}"), "nothing records any more", 2)

            session.click()
            agent.wait_for("recording")
            wait_for_icon(session, home, RECORDING)

    assert paused["paused_until"] is None
    assert rows == [(None, None)]


def test_a_pause_by_command_shows_on_the_panel_and_the_icon_goes_with_the_agent(session: Desktop, home: Path) -> None:
    with with_panel(session):
        agree_to_recording(home)
        with running_agent(session.environ, home) as agent:
            agent.wait_for("recording")
            wait_for_icon(session, home, RECORDING)
            command(session.environ, home, "pause", "30m")
            wait_for_icon(session, home, PAUSED)
            agent.end()

            wait_until(lambda: not {RECORDING, PAUSED} & colours(session, home), "no icon on the panel")


def test_where_no_panel_shows_icons_a_notice_stays_until_one_comes(session: Desktop, home: Path) -> None:
    with notification_daemon(session.environ, home):
        agree_to_recording(home)
        with running_agent(session.environ, home) as agent:
            agent.wait_for("recording")
            session.wait_for_button("Pause recording", "Fyraften is recording", home)
            with with_panel(session):
                wait_for_icon(session, home, RECORDING)
                wait_until(lambda: not shows_state(session, home), "the notice has given way to the icon")
            session.wait_for_button("Pause recording", "Fyraften is recording", home)
            titles = [title for title, _body in session.notices()]

    assert {title for title in titles if title.startswith("Fyraften")} == {"Fyraften is recording"}


def test_the_notice_of_the_state_has_a_button_and_ends_truthfully(session: Desktop, home: Path) -> None:
    with notification_daemon(session.environ, home):
        agree_to_recording(home)
        with running_agent(session.environ, home) as agent:
            agent.wait_for("recording")
            session.wait_for_button("Pause recording", "Fyraften is recording", home)
            press_first_button(session.environ)
            agent.wait_for("paused")
            session.wait_for_button("Resume recording", "Fyraften is paused", home)
            assert "(Fyraften is recording)" not in session.buttons(home)  # the new state stands there alone
            press_first_button(session.environ)
            agent.wait_for("recording")
            wait_until(lambda: count_shown(session.environ) == 1, "the new state stands there, alone")
            os.kill(agent.process.pid, signal.SIGTERM)
            agent.process.wait(10)

        (last, *_before) = session.notices()

    assert last == ("Fyraften records nothing", "Off. Nothing is recorded.")


def test_a_state_that_was_clicked_away_stays_away_until_it_changes(session: Desktop, home: Path) -> None:
    with notification_daemon(session.environ, home):
        agree_to_recording(home)
        with running_agent(session.environ, home) as agent:
            agent.wait_for("recording")
            session.wait_for_button("Pause recording", "Fyraften is recording", home)
            subprocess.run(["dunstctl", "close-all"], env=dict(session.environ), check=True, timeout=10)
            agent.look_now()
            stayed_away = not shows_state(session, home)
            command(session.environ, home, "pause")
            session.wait_for_button("Resume recording", "Fyraften is paused", home)

    assert stayed_away


def test_a_daemon_that_the_bus_starts_shows_each_state_once_also_after_it_was_killed(home: Path) -> None:
    reason = missing(*_PROGRAMS)
    if reason is not None:
        pytest.skip(reason)
    services = home / "services"
    services.mkdir()
    with x_server() as (name, server), session_bus(home, services) as address:
        program = " ".join(["/usr/bin/env", f"DISPLAY={name}", *dunst_in(home)])
        started = f"[D-BUS Service]\nName={NOTIFICATIONS}\nExec={program}\n"
        (services / "dunst.service").write_text(started, encoding="utf-8")
        environ = {**clean_environment(home), "DISPLAY": name, "DBUS_SESSION_BUS_ADDRESS": address}
        session = Desktop(environ, server)
        agree_to_recording(home)
        with running_agent(session.environ, home) as agent:
            agent.wait_for("recording")
            wait_until(lambda: count_shown(session.environ) > 0, "the state stands on the screen")
            at_first = [title for title, _body in session.notices()]
            os.kill(pid_of(NOTIFICATIONS, session.environ), signal.SIGKILL)
            wait_until(lambda: not panels.owns(session.environ, NOTIFICATIONS), "the daemon has gone")
            command(session.environ, home, "pause")
            wait_until(lambda: count_shown(session.environ) > 0, "the new state stands on the screen")
            after = [title for title, _body in session.notices()]
            agent.end()
        os.kill(pid_of(NOTIFICATIONS, session.environ), signal.SIGTERM)

    assert at_first == ["Fyraften is recording"]
    assert after == ["Fyraften is paused"]


def pid_of(name: str, environ: Mapping[str, str]) -> int:
    """Return which process has a name on the session bus."""
    asked = ["dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/"]
    asked += ["org.freedesktop.DBus.GetConnectionUnixProcessID", f"string:{name}"]
    told = subprocess.run(asked, env=dict(environ), capture_output=True, text=True, timeout=10, check=True)
    return int(told.stdout.split()[-1])


def test_when_the_bus_was_started_anew_the_state_comes_back_by_itself(home: Path) -> None:
    reason = missing(*_PROGRAMS)
    if reason is not None:
        pytest.skip(reason)
    with x_server() as (name, server):
        environ = {**clean_environment(home), "DISPLAY": name, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home / 'bus'}"}
        session = Desktop(environ, server)
        agree_to_recording(home)
        with contextlib.ExitStack() as first:
            first.enter_context(session_bus(home))
            first.enter_context(notification_daemon(environ, home))
            with running_agent(environ, home) as agent:
                agent.wait_for("recording")
                wait_until(lambda: count_shown(environ) == 1, "the state stands on the screen")
                first.close()
                with session_bus(home), notification_daemon(environ, home):
                    wait_until(lambda: count_shown(environ) == 1, "the state stands on the new screen")
                    shown = [title for title, _body in session.notices()]
                    agent.end()

    assert shown == ["Fyraften is recording"]


def test_without_consent_nothing_is_shown(session: Desktop, home: Path) -> None:
    with notification_daemon(session.environ, home):
        with running_agent(session.environ, home) as agent:
            agent.process.wait(20)

        assert session.notices() == []


def shows_state(session: Desktop, home: Path) -> bool:
    """Return whether the state stands on the screen as a notice; there may be others, such as a question."""
    return "(Fyraften is " in session.buttons(home)


def press_first_button(environ: Mapping[str, str]) -> None:
    """Choose what a notice offers first, as its middle button does in dunst."""
    subprocess.run(["dunstctl", "action", "0"], env=dict(environ), check=True, timeout=10)
