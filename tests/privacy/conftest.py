"""A seized laptop: what the agent's own processes left behind and asked of the system in a while of real work.

Lived once for all tests of this folder. The work is full of canaries: words typed, a window with a title, a document
with a name, the names of this computer and of its networks.
"""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from e2e import desktop as real_desktop
from e2e.agent_processes import agree_to_recording, command, memory_holds, running_agent, spellings
from fyraften_agent.recording.activity import TICK_SECONDS
from fyraften_policy import wire
from office_way import OfficeLaptop
from service_office import Office, furnish, open_office
from service_process import duty_values

OFFICE_NOW = 1_793_360_000  # Friday 30 October 2026
TYPED = "fortrolighvalros"
TITLE = "Opsigelse til chefen"
DOCUMENT = "loenkrav-2026.txt"
CONTROL = "FYRAFTEN_HOME"  # a word that is in the memory of every process of the agent, in its environment
CANARIES = (TYPED, TITLE, DOCUMENT, "TextEditor")
# A window of somebody else's program, with a title and an open document, in front of everything.
WINDOW = """
import sys, time
from Xlib.display import Display
display = Display()
root = display.screen().root
window = root.create_window(0, 0, 300, 200, 0, display.screen().root_depth)
window.set_wm_name(sys.argv[1])
window.set_wm_class("texteditor", "TextEditor")
window.map()
document = open(sys.argv[2], "w")
display.sync()
print("ready", flush=True)
time.sleep(600)
"""


@dataclass(frozen=True)
class Seized:
    """What is left: every file of the agent by name, what each process asked the system for, and their words."""

    files: dict[str, bytes]
    trace: str
    words: str
    columns: dict[str, dict[str, tuple[str, ...]]]
    memory: dict[str, set[str]]

    def files_with(self, *words: str) -> list[str]:
        """Return the files that hold one of some words, in any spelling a program may keep it in."""
        needles = [spelling for word in words for spelling in spellings(word)]
        return [name for name, content in self.files.items() if any(needle in content for needle in needles)]

    def in_memory_of(self, process: str, *words: str) -> list[str]:
        """Return the canaries among some words that were in the memory of ``collector`` or ``supervisor``."""
        assert set(words) <= set(CANARIES)
        assert CONTROL in self.memory[process]  # shows that memory is searched
        return [word for word in words if word in self.memory[process]]


@pytest.fixture(scope="session")
def seized() -> Iterator[Seized]:
    """Half a minute of work on a real display, and then everything that is there."""
    reason = real_desktop.missing("Xvfb", "xdotool", "dbus-daemon", "notify-send", "dunst", "dunstctl", "strace")
    if reason is not None:
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="fyraften-") as folder, _desktop(Path(folder)) as desktop:
        yield _work(desktop, Path(folder))


@contextmanager
def _desktop(home: Path) -> Iterator[real_desktop.Desktop]:
    with real_desktop.x_server() as (name, server), real_desktop.session_bus(home) as address:
        environ = {**real_desktop.clean_environment(home), "DISPLAY": name, "DBUS_SESSION_BUS_ADDRESS": address}
        with real_desktop.notification_daemon(environ, home):
            yield real_desktop.Desktop(environ, server)


def _work(desktop: real_desktop.Desktop, home: Path) -> Seized:
    paths = agree_to_recording(home)
    window = [sys.executable, "-c", WINDOW, TITLE, str(home / DOCUMENT)]
    with real_desktop.ended(subprocess.Popen(window, env=dict(desktop.environ), stdout=subprocess.PIPE)) as editor:
        assert editor.stdout is not None
        with editor.stdout:
            editor.stdout.readline()
        with running_agent(desktop.environ, home, home / "trace", what="%file,%network,ioctl,execve") as agent:
            agent.wait_for("recording", 60)
            began = time.time()
            while time.time() < began + 1.5 * TICK_SECONDS:
                desktop.type(f"{TYPED} ", delay_milliseconds=20)
                desktop.move_mouse(int(time.time()) % 700, 200)
                time.sleep(0.5)
            agent.look_now()
            real_desktop.wait_until(lambda: bool(agent.rows("SELECT 1 FROM sessions")), "a session is there", 30)
            memory = {name: _remembered(agent.pid(name)) for name in ("collector", "supervisor")}
            shown = [command(desktop.environ, home, *words).stdout for words in (["status"], ["today"], ["doctor"])]
            files = {str(one.relative_to(home)): one.read_bytes() for one in home.rglob("*") if one.is_file()}
            agent.end()
            words = agent.out + agent.errors + "".join(shown)
    own = {name: content for name, content in files.items() if name.startswith(("agent/", "words/"))}
    trace = (home / "trace").read_text(encoding="utf-8", errors="replace")
    columns = {name: _columns(paths.folder / name) for name in _databases(paths.folder)}
    return Seized(own, trace, words, columns, memory)


def _remembered(pid: int) -> set[str]:
    """Return which canaries are in the memory of a process, in any spelling."""
    found = memory_holds(pid, [re.escape(spelling) for word in (CONTROL, *CANARIES) for spelling in spellings(word)])
    return {word for word in (CONTROL, *CANARIES) if any(re.escape(each) in found for each in spellings(word))}


def _databases(folder: Path) -> list[str]:
    return [one.name for one in sorted(folder.iterdir()) if one.is_file() and one.read_bytes()[:6] == b"SQLite"]


def _columns(database: Path) -> dict[str, tuple[str, ...]]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as reader:
        tables = [name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
        return {
            table: tuple(row[1] for row in reader.execute(f"PRAGMA table_info({table})")) for table in sorted(tables)
        }


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of an employer's office, made once."""
    folder = tmp_path_factory.mktemp("office") / "service"
    furnish(folder)
    return folder


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Office]:
    """An employer's service, on Friday 30 October 2026."""
    opened = open_office(Path(shutil.copytree(furnished, tmp_path / "service")))
    yield opened
    opened.database.close()


def approved(laptop: OfficeLaptop, wish: str) -> None:
    """Prepare the month's report of a laptop that takes part by name, and approve it."""
    body = wire.encode("fyraften.duty.monthly/1", duty_values("2026-10", equipment_wanted=[wish]))
    item = laptop.outbox(lambda outbox: outbox.replace(body, laptop.subject, laptop.clock.time))
    laptop.outbox(lambda outbox: outbox.approve(item.id, laptop.clock.time, laptop.clock.time))


def names_of_this_computer() -> list[str]:
    """Return this computer's name and the addresses of its networks, those of the loopback left out."""
    addresses = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    hardware = [
        path.read_text(encoding="ascii").strip()
        for path in Path("/sys/class/net").glob("*/address")
        if path.parent.name != "lo"
    ]
    names = [socket.gethostname(), *addresses, *hardware]
    return [name for name in names if len(name) > 3]
