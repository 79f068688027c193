"""How small the running agent is: memory, processor time, wake-ups, bytes written (part of ``make bench``).

The agent runs on a display, a bus and a logind of its own, with a day of work recorded and a first judgement made: in
Danish, which takes a catalogue, and with its icon on a real panel; for memory also in English and without.  Its peers
run beside it at the same time: one Python with the five required libraries at work for memory, and pynput alone, which
hears the very same events, for processor time.
Not here: assertions.  The limits the figures are held to stand beside them.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from e2e import desktop, logind, panels
from e2e.agent_processes import Agent, agree_to_recording, running_agent
from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan, ObservedTime
from fyraften_agent.store.store import Store

ZONE = "Europe/Copenhagen"
QUIET_SECONDS, LOCKED_SECONDS, BUSY_SECONDS, WRITING_SECONDS = 60, 120, 20, 600
EVENTS_A_SECOND = 1000
SESSIONS = 3000
WIDTH = 64

FIVE_LIBRARIES = """
import sys, time
import plyer, psutil, sqlite_utils
from apscheduler.schedulers.background import BackgroundScheduler
from pynput import keyboard, mouse
database = sqlite_utils.Database(sys.argv[1])
database["work"].insert({"start": 1})
scheduler = BackgroundScheduler()
scheduler.start()
for listener in (keyboard.Listener(), mouse.Listener()):
    listener.start()
    listener.wait()
print("ready", flush=True)
time.sleep(3600)
"""
PYNPUT_ALONE = """
import time
from pynput import keyboard, mouse
def note(*_):
    global last
    last = time.monotonic()
for listener in (keyboard.Listener(note, note), mouse.Listener(note, note, note)):
    listener.start()
    listener.wait()
print("ready", flush=True)
time.sleep(3600)
"""
# Keys and movements by the display's own test extension, as many a second as it is told, for as long as it is told.
EVENTS = """
import sys, time
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest
rate, seconds = int(sys.argv[1]), float(sys.argv[2])
display = Display()
display.change_keyboard_control(auto_repeat_mode=X.AutoRepeatModeOff)
key, made, begun = 38, 0, time.monotonic()
while (elapsed := time.monotonic() - begun) < seconds:
    for number in range(made, int(elapsed * rate)):
        if number % 4 < 2:
            xtest.fake_input(display, X.KeyPress if number % 4 == 0 else X.KeyRelease, key)
        else:
            xtest.fake_input(display, X.MotionNotify, x=number % 700, y=number % 500)
    made = int(elapsed * rate)
    display.sync()
    time.sleep(0.01)
xtest.fake_input(display, X.KeyRelease, key)
display.sync()
print(made)
"""


@dataclass
class Cost:
    """What some processes have cost so far: seconds of processor time, threads put to sleep, bytes written."""

    cpu: float
    sleeps: int
    written: int

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.cpu - other.cpu, self.sleeps - other.sleeps, self.written - other.written)


def main() -> None:
    """Measure and print."""
    print(f"\n{'the running agent':{WIDTH}} {'ours':>12} {'peer':>12} {'ratio':>7}   limit")
    stored()
    lacking = desktop.missing("Xvfb", "xdotool", "dbus-daemon") or logind.reason_without()
    if lacking:
        print(f"left out, {lacking}")
        return
    with at_a_desk() as (environ, home, screen):
        with running_agent(environ, home) as agent:
            agent.wait_for("recording")
            memory(agent, environ, home, "in English, no icon, after a first judgement")
        with with_a_panel(environ, home) as (environ, icon), running_agent(environ, home, language="da") as agent:
            agent.wait_for("recording")
            wait_for_icon(environ, icon)
            memory(agent, environ, home, f"in Danish, {icon}, after a first judgement")
            quiet(agent)
            locked(agent, screen)
            with peer(PYNPUT_ALONE, environ) as alone:
                busy(agent, alone, environ, "1,000 input events a second: processor time", "at most pynput alone")
                written(agent, environ)
                memory(agent, environ, home, "the same after that work")
                choose_the_counter(agent)
                busy(agent, alone, environ, "the same with an idle counter", "under 1 % of a core")


# The desk


@contextlib.contextmanager
def at_a_desk() -> Iterator[tuple[Mapping[str, str], Path, logind.Logind]]:
    """Give the environment of a desktop, the agent's home with a day of work in it, and its logind."""
    with (
        tempfile.TemporaryDirectory(prefix="fyraften-") as folder,
        desktop.x_server() as (display, _server),
        desktop.session_bus(Path(folder)) as address,
        logind.logind(address) as (screen, _process),
    ):
        home = Path(folder)
        environ = {
            **desktop.clean_environment(home),
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": address,
            "DBUS_SYSTEM_BUS_ADDRESS": address,
            "XDG_SESSION_ID": logind.SESSION_ID,
        }
        record_a_day(agree_to_recording(home).work)
        yield environ, home, screen


@contextlib.contextmanager
def with_a_panel(environ: Mapping[str, str], home: Path) -> Iterator[tuple[Mapping[str, str], str]]:
    """Put a panel on the desktop that shows icons; give the environment then, and in words whether it could be had."""
    lacking = panels.why_no_panel()
    if lacking:
        print(f"without the icon, {lacking}")
        yield environ, "no icon"
        return
    environ = panels.xfce_environment(environ, home)
    with panels.settings_daemon(environ), panels.panel(environ):
        yield environ, "icon"


def wait_for_icon(environ: Mapping[str, str], icon: str) -> None:
    """Wait until the panel has the agent's icon, where there is a panel."""
    if icon == "icon":
        desktop.wait_until(lambda: panels.has_icon(environ), "the icon is on the panel", 20)


def record_a_day(file: Path) -> None:
    """Keep a day of work that ended an hour ago: a session an hour, each of three spans."""
    now = int(time.time())
    with Store.open(file) as store:
        for hour in range(9):
            start, number = now - (10 - hour) * 3600, 10 * hour + 1
            spans = tuple(MeasuredSpan(number + n, start + n * 900, start + n * 900 + 600, 10) for n in range(3))
            session = MeasuredSession(number, start, spans[-1].end, False)
            seen = ObservedTime(number + 3, start, start + 3500, "stop")
            store.write_measured(Changes(spans, (session,), (seen,)), ZONE, None)


@contextlib.contextmanager
def peer(program: str, environ: Mapping[str, str], *arguments: str) -> Iterator[int]:
    """Run another Python program beside the agent; give its process id."""
    command = [sys.executable, "-c", program, *arguments]
    with desktop.ended(subprocess.Popen(command, env=dict(environ), stdout=subprocess.PIPE)) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(1)
        yield process.pid


def events(environ: Mapping[str, str], rate: int, seconds: float) -> int:
    """Make so many real events a second; return how many there were."""
    command = [sys.executable, "-c", EVENTS, str(rate), str(seconds)]
    return int(subprocess.run(command, env=dict(environ), check=True, stdout=subprocess.PIPE).stdout)


def let_it_judge(agent: Agent) -> None:
    """Have a first judgement made, and wait until the process that made it has ended."""
    agent.look_now()
    desktop.wait_until(lambda: len(agent.family()) > 2, "the judging process runs", 20)
    desktop.wait_until(lambda: len(agent.family()) == 2, "it has ended", 60)
    time.sleep(1)


def choose_the_counter(agent: Agent) -> None:
    """Let the stricter source be used: seconds, never an event."""
    with Store.open(agent.paths.work) as store:
        store.choices.set("source", "counter", int(time.time()))
    agent.look_now()
    desktop.wait_until(lambda: agent.state()["source"] == "x11-counter", "the counter is used", 30)


# What is measured


def stored() -> None:
    """Tell how much the file grows with each session, its one stretch of activity included."""
    with tempfile.TemporaryDirectory(prefix="fyraften-") as folder:
        path, sizes = Path(folder) / "work.sqlite3", []
        with Store.open(path) as store:
            store.assign("a" * 64, "home", 0)
            for number in range(1, 2 * SESSIONS + 1):
                start = 1_700_000_000 + 3600 * number
                span = MeasuredSpan(number, start, start + 3000, 40)
                session = MeasuredSession(number, start, start + 3000, False)
                store.write_measured(Changes((span,), (session,)), ZONE, "a" * 64)
                if number % SESSIONS == 0:
                    store.file.empty_log()
                    sizes.append(path.stat().st_size)
    alone("stored: one session", (sizes[1] - sizes[0]) / SESSIONS, "bytes", "under 60")


def memory(agent: Agent, environ: Mapping[str, str], home: Path, when: str) -> None:
    """Compare what all processes of the agent hold with one Python that has the five libraries at work."""
    (home / "peer.sqlite3").unlink(missing_ok=True)
    with peer(FIVE_LIBRARIES, environ, str(home / "peer.sqlite3")) as five:
        events(environ, 50, 5)
        let_it_judge(agent)
        ours, theirs = sum(map(pss, agent.family())), pss(five)
        for pid in agent.family():
            module = Path(f"/proc/{pid}/cmdline").read_bytes().split(bytes(1))[3].decode()
            print(f"  of which {module:{WIDTH - 11}} {pss(pid):8.2f} MiB")
    row(f"memory (PSS): {when}", ours, theirs, "MiB", "at most 1.3×")


def quiet(agent: Agent) -> None:
    """Tell what the agent costs in a minute in which nobody types."""
    time.sleep(12)
    spent = over(agent, QUIET_SECONDS)
    alone("quiet, unlocked: processor time", spent.cpu / QUIET_SECONDS * 100, "%", "under 0.1 %")
    alone("quiet, unlocked: wake-ups of any thread", spent.sleeps / QUIET_SECONDS, "/s", "at most 1 a second")


def locked(agent: Agent, screen: logind.Logind) -> None:
    """Tell how often the agent wakes while the screen is locked."""
    screen.lock(True)
    time.sleep(15)
    spent = over(agent, LOCKED_SECONDS)
    alone("locked: processor time", spent.cpu / LOCKED_SECONDS * 100, "%", "under 0.1 %")
    alone("locked: wake-ups of any thread", spent.sleeps / LOCKED_SECONDS * 60, "/min", "at most 1 timer a minute")
    screen.lock(False)
    time.sleep(3)


def busy(agent: Agent, alone_pid: int, environ: Mapping[str, str], what: str, limit: str) -> None:
    """Compare the processor time of the agent with that of pynput alone while both hear the same events."""
    let_it_judge(agent)
    before, theirs = spent_by(agent.family()), spent_by([alone_pid])
    made = events(environ, EVENTS_A_SECOND, BUSY_SECONDS)
    ours, peers = spent_by(agent.family()) - before, spent_by([alone_pid]) - theirs
    row(what, ours.cpu / BUSY_SECONDS * 100, peers.cpu / BUSY_SECONDS * 100, "%", f"{limit} ({made} events)")


def written(agent: Agent, environ: Mapping[str, str]) -> None:
    """Tell how much is written while somebody works all the time."""
    before = spent_by(agent.family())
    events(environ, 2, WRITING_SECONDS)
    spent = spent_by(agent.family()) - before
    alone("written in an hour of work", spent.written / WRITING_SECONDS * 3600 / 2**20, "MiB", "under 1 MiB")


def pss(pid: int) -> float:
    """Return the private and the proportional share of shared memory of one process in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def over(agent: Agent, seconds: int) -> Cost:
    """Return what the agent costs in the seconds to come."""
    before = spent_by(agent.family())
    time.sleep(seconds)
    return spent_by(agent.family()) - before


def spent_by(pids: list[int]) -> Cost:
    """Return what processes and their children that have ended have cost so far."""
    cpu, sleeps, written_bytes = 0.0, 0, 0
    for pid in pids:
        with contextlib.suppress(OSError):
            folder = Path(f"/proc/{pid}")
            for task in folder.glob("task/*"):
                cpu += int((task / "schedstat").read_text(encoding="ascii").split()[0]) / 1e9
                sleeps += int(value_of(task / "status", "voluntary_ctxt_switches"))
            of_children = (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[13:15]
            cpu += sum(map(int, of_children)) / os.sysconf("SC_CLK_TCK")
            written_bytes += int(value_of(folder / "io", "write_bytes"))
    return Cost(cpu, sleeps, written_bytes)


def value_of(file: Path, name: str) -> str:
    """Return the value of one line of a file of the kernel."""
    return next(
        line.split()[1] for line in file.read_text(encoding="ascii").splitlines() if line.startswith(f"{name}:")
    )


def row(what: str, ours: float, peers: float, unit: str, limit: str) -> None:
    """Print one line of the table, with a peer."""
    print(f"{what:{WIDTH}} {ours:8.2f} {unit:3} {peers:8.2f} {unit:3} {ours / peers:6.2f}×   {limit}", flush=True)


def alone(what: str, ours: float, unit: str, limit: str) -> None:
    """Print one line of the table."""
    print(f"{what:{WIDTH}} {ours:8.3f} {unit:25} {limit}", flush=True)


if __name__ == "__main__":
    main()
