"""A child process of the supervisor, whose lines and end arrive in the supervisor's queue.

Standard library only. Each child costs two waiting threads and no wake-ups.
Not here: when a child is started or ended (see ``supervisor``).
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from fyraften_agent.errors import AgentError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of

_LONGEST_LINE = 8192
_KILLED_SECONDS = 0.3
_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_ARENA_MAX": "1"} if sys.platform == "linux" else {}


class Child(Protocol):
    """A running process, as the supervisor handles it."""

    @property
    def pid(self) -> int: ...

    def tell(self, line: str) -> None:
        """Write one line to its standard input; nothing happens when it has ended."""

    def end(self) -> None:
        """Ask it to end orderly."""

    def kill(self) -> None:
        """End it without asking."""


class CannotStartError(AgentError):
    """The system starts no further process."""

    def __init__(self, module: str, error: OSError) -> None:
        super().__init__(
            mark("{module} could not be started: {reason}. Close other programs, and start again."),
            module=module,
            reason=reason_of(error),
        )
        self.module = module


class Line(NamedTuple):
    """A child wrote one line to its standard output."""

    child: Child
    text: str


class Ended(NamedTuple):
    """A child has ended; ``code`` is negative when a signal ended it."""

    child: Child
    code: int


Report = Callable[[Line | Ended], None]


class ChildProcess:
    """A real child: one Python module of this package in a process and session of its own."""

    def __init__(self, module: str, arguments: list[str], environ: Mapping[str, str], report: Report) -> None:
        # -P: the folder fyraften was started in must not decide which modules are imported.
        command = [sys.executable, "-P", "-m", module, *arguments]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(environ), **_own_session()
            )
        except OSError as error:
            raise CannotStartError(module, error) from error
        self._report = report
        self.pid = self._process.pid
        threading.Thread(target=self._read, name=f"{module} lines", daemon=True).start()
        threading.Thread(target=self._wait, name=f"{module} end", daemon=True).start()

    def tell(self, line: str) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                self._process.stdin.write(f"{line}\n".encode())
                self._process.stdin.flush()

    def end(self) -> None:
        self._close_input()
        if sys.platform != "win32":  # where terminate() does not ask but kills
            self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline(_LONGEST_LINE):
            self._report(Line(self, line.decode("utf-8", "replace").rstrip("\n")))
        self._process.stdout.close()

    def _wait(self) -> None:
        code = self._process.wait()
        self._close_input()
        self._report(Ended(self, code))

    def _close_input(self) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()


def children_in(environ: Mapping[str, str]) -> Callable[[str, Report], Child]:
    """Return what starts a real child in that environment, given its module and whom to tell."""
    return lambda module, report: ChildProcess(module, [], environ, report)


def _own_session() -> dict[str, Any]:
    """Keep the terminal's Ctrl-C from the child: the supervisor decides how its children end."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def child_environment(environ: Mapping[str, str], folder: os.PathLike[str]) -> dict[str, str]:
    """Return ``environ`` with the agent's folder spelled out, so that every child finds the same one.

    On Linux also with what keeps the C library's memory from growing with every event: the X library asks for large
    blocks and keeps little of each, which would leave holes that are never given back.
    """
    return {**_MEMORY, **environ, "FYRAFTEN_HOME": os.fspath(folder)}


def end_children(children: set[Child], events: queue.SimpleQueue[Any], grace_seconds: float) -> Iterator[object]:
    """End all ``children``: ask, wait for the grace, kill. Yields the other events that came meanwhile."""
    for child in children:
        child.end()
    yield from _wait_for(children, events, grace_seconds)
    for child in children:
        child.kill()
    yield from _wait_for(children, events, _KILLED_SECONDS)


def _wait_for(alive: set[Child], events: queue.SimpleQueue[Any], seconds: float) -> Iterator[object]:
    deadline = time.monotonic() + seconds
    while alive:
        try:
            event = events.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return
        if isinstance(event, Ended):
            alive.discard(event.child)
        else:
            yield event
