"""The lock of the screen, sleep, and who keeps it awake, over a real bus: logind by python-dbusmock, screen savers."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from e2e import logind as mock
from e2e.desktop import session_bus, wait_until
from e2e.logind import SESSION_ID, Logind, Somebody
from fyraften_agent.sensors.awake import Awake
from fyraften_agent.sensors.linux_screen import LinuxScreen

pytestmark = pytest.mark.desktop

SAVER, SAVER_PATH = "org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"


class Changes:
    """Counts how often a look was asked for."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


@pytest.fixture
def system(bus: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Logind, subprocess.Popen[bytes]]]:
    """A system bus on which logind is."""
    reason = mock.reason_without()
    if reason is not None:
        pytest.skip(reason)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
    with mock.logind(bus) as found:
        yield found


def started(environ: dict[str, str]) -> tuple[LinuxScreen, Changes]:
    screen, changes = LinuxScreen(environ), Changes()
    screen.start(changes)
    return screen, changes


def test_logind_s_lock_is_told_at_once_and_its_end_too(system: tuple[Logind, subprocess.Popen[bytes]]) -> None:
    screen, changes = started({"XDG_SESSION_ID": SESSION_ID})
    before, began = screen.locked_since(), time.monotonic()
    system[0].lock(True)
    wait_until(lambda: screen.locked_since() is not None, "locked")
    locked_since = screen.locked_since()
    system[0].lock(False)
    wait_until(lambda: screen.locked_since() is None, "unlocked")
    wait_until(lambda: changes.count == 2, "both were told")
    told = screen.tells
    screen.close()

    assert before is None
    assert locked_since is not None
    assert began <= locked_since <= time.monotonic()
    assert told == ("sleep", "logind")


def test_a_screen_that_is_locked_at_the_start_is_known_as_locked(
    system: tuple[Logind, subprocess.Popen[bytes]],
) -> None:
    system[0].lock(True)
    screen, _ = started({})  # as a service of the user: the session is the one with a seat

    assert screen.locked_since() is not None
    screen.close()


def test_sleep_asks_for_a_look_before_it_and_after_it(system: tuple[Logind, subprocess.Popen[bytes]]) -> None:
    screen, changes = started({})
    system[0].sleep(True)
    wait_until(lambda: changes.count == 1, "told before")
    system[0].sleep(False)
    wait_until(lambda: changes.count == 2, "told after")
    screen.close()

    assert screen.tells == ("sleep", "logind")
    assert screen.locked_since() is None


def test_a_bus_that_ends_while_locked_locks_nobody_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = mock.reason_without()
    if reason is not None:
        pytest.skip(reason)
    with session_bus(home) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        with mock.logind(address) as (told, _):
            screen, changes = started({"XDG_SESSION_ID": SESSION_ID})
            told.lock(True)
            wait_until(lambda: changes.count == 1, "locked")
    wait_until(lambda: screen.locked_since() is None, "believed no longer")
    screen.close()


def test_a_screen_saver_locks_too_also_one_that_was_active_before(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    saver = Somebody(bus, SAVER, SAVER_PATH)
    screen, changes = started({"DBUS_SESSION_BUS_ADDRESS": bus})
    at_first, told = screen.locked_since(), screen.tells
    saver.tell("ActiveChanged", False)
    wait_until(lambda: screen.locked_since() is None, "unlocked")
    saver.tell("ActiveChanged", True)
    wait_until(lambda: screen.locked_since() is not None, "locked")
    wait_until(lambda: changes.count == 3, "each change was told")
    screen.close()
    saver.close()

    assert at_first is not None
    assert told == (SAVER,)
    assert screen.locked_since() is None


def test_a_screen_saver_that_ends_while_locked_locks_nobody_out_and_the_next_lock_is_believed(
    bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    crashes = Somebody(bus, SAVER, SAVER_PATH)
    screen, _ = started({"DBUS_SESSION_BUS_ADDRESS": bus})
    at_first = screen.locked_since()
    crashes.close()
    wait_until(lambda: screen.locked_since() is None, "believed no longer")
    other = Somebody(bus, "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver")
    other.tell("ActiveChanged", True)
    wait_until(lambda: screen.locked_since() is not None, "locked by another one")
    again = screen.locked_since()
    screen.close()
    other.close()

    assert at_first is not None
    assert again is not None
    assert again > at_first


def test_without_any_bus_nobody_tells_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    screen, changes = started({})
    kept = screen.kept_awake()
    screen.close()

    assert (screen.tells, screen.locked_since(), kept, changes.count) == ((), None, False, 0)


def test_waiting_costs_no_wake_up_and_closing_leaves_no_thread(
    system: tuple[Logind, subprocess.Popen[bytes]], bus: str
) -> None:
    threads = threading.active_count()
    screen, _ = started({"XDG_SESSION_ID": SESSION_ID, "DBUS_SESSION_BUS_ADDRESS": bus})
    listening = [thread.native_id for thread in threading.enumerate() if thread.name == "signals"]
    wait_until(lambda: have_come_to_rest(listening), "what the buses say at the beginning is heard")
    before = sum(switches(number) for number in listening)
    time.sleep(2)
    after = sum(switches(number) for number in listening)
    screen.close()

    assert len(listening) == 2
    assert after == before
    assert threading.active_count() == threads


def have_come_to_rest(threads: Sequence[int | None]) -> bool:
    before = [switches(number) for number in threads]
    time.sleep(0.3)
    return [switches(number) for number in threads] == before


def switches(thread: int | None) -> int:
    """Return how often a thread of this process woke up and waited again."""
    status = Path(f"/proc/self/task/{thread}/status").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in status.splitlines() if "ctxt_switches" in line)


# Who keeps it awake

IDLE_HOLDERS = [
    ([("idle", "somebody", "why", "block", 1000, 7)], True),
    ([("sleep:idle:handle-lid-switch", "somebody", "why", "block", 1000, 7)], True),
    ([("sleep", "somebody", "why", "block", 1000, 7)], False),
    ([("idle", "somebody", "why", "delay", 1000, 7)], False),
    ([("idle", "somebody", "why", "block", 0, 7)], False),
    ([], False),
]


@pytest.mark.parametrize(("held", "is_kept"), IDLE_HOLDERS)
def test_a_program_of_this_person_that_keeps_the_screen_awake_is_noticed(
    bus: str, monkeypatch: pytest.MonkeyPatch, held: list[tuple[str, str, str, str, int, int]], is_kept: bool
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
    somebody = Somebody(bus, "org.freedesktop.login1", "/org/freedesktop/login1", held)
    awake = Awake({}, user=1000)
    found = awake.is_kept()
    awake.close()
    somebody.close()

    assert found is is_kept
    assert somebody.asked == ["ListInhibitors"]


def test_nobody_held_anything_at_the_logind_of_dbusmock(system: tuple[Logind, subprocess.Popen[bytes]]) -> None:
    awake = Awake({}, user=1000)
    found = awake.is_kept()
    awake.close()

    assert found is False


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("org.gnome.SessionManager", "/org/gnome/SessionManager"),
        ("org.kde.Solid.PowerManagement.PolicyAgent", "/org/kde/Solid/PowerManagement/PolicyAgent"),
        ("org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit"),
    ],
)
@pytest.mark.parametrize("answer", [True, False, None])
def test_each_desktop_is_asked_in_its_own_words(
    bus: str, monkeypatch: pytest.MonkeyPatch, name: str, path: str, answer: bool | None
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/bus")
    somebody = Somebody(bus, name, path, answer)
    awake = Awake({"DBUS_SESSION_BUS_ADDRESS": bus})
    found = awake.is_kept()
    awake.close()
    somebody.close()

    assert found is (answer is True)
    assert len(somebody.asked) == 1


def test_the_clocks_tell_sleep_by_the_kernel_s_own_offset() -> None:
    program = "from fyraften_agent.clock import SystemClock as C; print(C().boottime() - C().monotonic())"
    python = sys.executable
    here = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True)
    asleep = ["unshare", "--user", "--map-root-user", "--time", "--boottime", "86400", python, "-c", program]
    there = subprocess.run(asleep, capture_output=True, text=True)
    if there.returncode != 0:
        pytest.skip(f"no time namespace here: {there.stderr.strip()}")

    assert float(there.stdout) - float(here.stdout) == pytest.approx(86400, abs=1)
