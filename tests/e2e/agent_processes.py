"""The agent's real processes for tests: start them, watch them, look into their memory and at their system calls.

Not here: the desktop they run on (see ``desktop``).
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pexpect

from e2e.desktop import clean_environment, wait_until
from fyraften_agent.paths import Paths
from fyraften_agent.processes.control import Document, ask
from fyraften_agent.store.store import Store

_KEY_PRESS = 2
_KEY_CODES = {  # of the X server's own keyboard
    letter: first + place
    for first, row in ((24, "qwertyuiop"), (38, "asdfghjkl"), (52, "zxcvbnm"))
    for place, letter in enumerate(row)
}
# With these every minute of work is outside the agreed hours, of which a notice tells at once.
NO_AGREED_HOURS = {"jurisdiction": "DK", "agreement": {"normal_hours": {}}, "absences": [], "parameters": {}}
# What a socket is for is its first argument; only AF_UNIX stays on this computer and in its files.
_SOCKET = re.compile(r"\bsocket(?:pair)?\((?P<family>\w+)")


@dataclass
class Agent:
    """A supervisor with its children, in the foreground of nobody's terminal: its words go to two files."""

    paths: Paths
    process: subprocess.Popen[bytes]
    folder: Path
    ended_at: float | None = field(default=None)

    @property
    def out(self) -> str:
        return (self.folder / "out").read_text(encoding="utf-8")

    @property
    def errors(self) -> str:
        return (self.folder / "errors").read_text(encoding="utf-8")

    def state(self) -> Document:
        """Return what the supervisor says; ``{"state": None}`` where none answers."""
        return ask(self.paths, "state") or {"state": None}

    def wait_for(self, state: str, seconds: float = 40.0) -> Document:
        """Wait until the supervisor says ``state``."""
        wait_until(lambda: self.state()["state"] == state or self._has_ended(), f"the state is {state}", seconds)
        return self.state()

    def look_now(self) -> None:
        """Let the collector tick and judge at once, as a command that changed something would."""
        assert ask(self.paths, "changed") is not None

    def pid(self, name: str) -> int:
        """Return the process id of ``collector`` or ``supervisor``."""
        pid = self.state()[f"{name}_pid"]
        assert isinstance(pid, int)
        return pid

    def end(self) -> int:
        """End the supervisor as its service manager would; return its exit code."""
        supervisor = self.state().get("supervisor_pid")
        os.kill(supervisor if isinstance(supervisor, int) else self.process.pid, signal.SIGTERM)
        return self.process.wait(10)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return rows of the raw data, read beside the collector, with what it holds beside the file."""
        Store.open(self.paths.work).close()
        with contextlib.closing(sqlite3.connect(f"{self.paths.work.as_uri()}?mode=ro", uri=True)) as store:
            return store.execute(query).fetchall()

    def latest_end(self) -> int:
        """Return the end of the latest activity that is kept; 0 where there is none."""
        ((end,),) = self.rows("SELECT coalesce(max(end), 0) FROM spans")
        return int(end)

    def family(self) -> list[int]:
        """Return the process ids of the supervisor and all its descendants."""
        return with_children(self.process.pid)

    def _has_ended(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the supervisor ended with {self.process.returncode}: {self.errors}")
        return False


@contextlib.contextmanager
def running_agent(
    environ: Mapping[str, str],
    home: Path,
    trace: Path | None = None,
    language: str = "en",
    under: Sequence[str] = (),
    what: str = "socket,socketpair",
) -> Iterator[Agent]:
    """Run ``fyraften_agent.supervisor`` until the block ends; with ``trace`` under strace, children and all.

    ``under`` names a program, with its arguments, that starts it; ``what`` the system calls to be noted.
    """
    folder = home / "words"
    folder.mkdir(exist_ok=True)
    paths = Paths(home / "agent")
    command = [*under, sys.executable, "-P", "-m", "fyraften_agent.supervisor", "--foreground", "--language", language]
    with open(folder / "out", "wb") as out, open(folder / "errors", "wb") as errors:
        process = subprocess.Popen(
            traced(command, trace, what) if trace is not None else command,
            env={**environ, "FYRAFTEN_HOME": str(paths.folder)},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=errors,
        )
        agent = Agent(paths, process, folder)
        try:
            yield agent
        finally:
            if process.poll() is None:
                with contextlib.suppress(Exception):
                    agent.end()
            # A supervisor that hangs must not outlive its test, nor must strace end before what it traces.
            for pid in reversed(with_children(process.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait(5)


def with_children(pid: int) -> list[int]:
    """Return a process id and those of its descendants, of whichever thread they are children."""
    children = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
    return [pid, *(one for child in children for one in with_children(child))]


def is_running(pid: int) -> bool:
    """Return whether there is such a process that has not ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def agree_to_recording(home: Path) -> Paths:
    """Give consent to recording as a person does: read, and type the word that is shown."""
    terminal = at_a_terminal(clean_environment(home), home, "consent", "give", "recording")
    type_the_word(terminal)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0, terminal.before
    return Paths(home / "agent")


def at_a_terminal(environ: Mapping[str, str], home: Path, *arguments: str) -> pexpect.spawn[str]:
    """Start a command of ``fyraften`` at a terminal of its own."""
    return pexpect.spawn(
        sys.executable,
        ["-P", "-m", "fyraften_agent.cli", *arguments],
        env={**environ, "FYRAFTEN_HOME": str(home / "agent")},
        encoding="utf-8",
        timeout=20,
        dimensions=(60, 120),
    )


def type_the_word(terminal: pexpect.spawn[str]) -> str:
    """Read which word is asked for and type it; return everything that was shown before."""
    terminal.expect(r"type the word (\w+) and press Enter.*?> ")
    shown, found = terminal.before, terminal.match
    terminal.sendline(found[1])
    return str(shown)


def command(environ: Mapping[str, str], home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ``fyraften`` for the agent below ``home``, as a person in another terminal would."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "fyraften_agent.cli", *arguments],
        env={**environ, "FYRAFTEN_HOME": str(home / "agent")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def seconds_to_ask(environ: Mapping[str, str], home: Path) -> float:
    """Return how long a command takes that changes nothing: what a promise in seconds does not count."""
    began = time.monotonic()
    assert command(environ, home, "status").returncode == 0
    return time.monotonic() - began


def traced(command: list[str], trace: Path, what: str = "socket,socketpair") -> list[str]:
    """Return ``command`` under strace, which notes every socket, or what else is named, that it or a child makes."""
    return ["strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={what}", "-o", str(trace), *command]


def socket_families(trace: Path) -> set[str]:
    """Return the socket families in a trace."""
    return {found["family"] for found in _SOCKET.finditer(trace.read_text(encoding="utf-8", errors="replace"))}


def memory_holds(pid: int, patterns: list[bytes]) -> set[bytes]:
    """Return which regular expressions match somewhere in the memory of a process, which stands still meanwhile."""
    os.kill(pid, signal.SIGSTOP)
    try:
        memory = b"".join(_memory(pid))
    finally:
        os.kill(pid, signal.SIGCONT)
    return {pattern for pattern in patterns if re.search(pattern, memory, re.DOTALL)}


def _memory(pid: int) -> Iterator[bytes]:
    """Yield what a process can write to, region by region."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            addresses, mode = line.split()[:2]
            start, end = (int(address, 16) for address in addresses.split("-"))
            if mode.startswith("rw"):
                with contextlib.suppress(OSError):  # pages the kernel keeps to itself
                    memory.seek(start)
                    yield memory.read(end - start)


def files_that_hold(folder: Path, needles: list[bytes]) -> set[tuple[str, bytes]]:
    """Return which files below ``folder`` hold which of the ``needles``."""
    return {
        (str(file.relative_to(folder)), needle)
        for file in folder.rglob("*")
        if file.is_file()
        for needle in needles
        if needle in file.read_bytes()
    }


def spellings(word: str) -> list[bytes]:
    """Return the ways in which a program may keep a word: as bytes, as wide characters of two kinds, as a list."""
    return [word.encode("utf-8"), word.encode("utf-16-le"), word.encode("utf-32-le"), repr(list(word)).encode()]


def key_events(letters: str) -> bytes:
    """Return a regular expression for the X server's events of pressing ``letters``, close after one another."""
    return b".{1,200}?".join(re.escape(bytes([_KEY_PRESS, _KEY_CODES[letter]])) for letter in letters)
