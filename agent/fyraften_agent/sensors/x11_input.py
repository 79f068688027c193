"""Input on an X11 display, through pynput: when the latest key or mouse event came.

The only module that imports pynput, and it does so in :meth:`X11Input.start`: the import opens the display.
pynput decodes each event and hands it to a callback.  Ours looks at no argument and writes one monotonic time; and
since nobody looks, events are not even decoded: which key it was is never worked out.
Not here: Wayland, where pynput would start without error and see nothing; it is refused.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of

_DISPLAY = re.compile(r"(?:unix/|unix)?:(?P<number>\d+)(?P<screen>\.\d+)?")
SOCKETS = Path("/tmp/.X11-unix")
_SOCKET_WAIT_SECONDS = 2.0
_READY_WAIT_SECONDS = 5.0
_CLOSE_WAIT_SECONDS = 0.5
# A recorded event as the X server sends it: the head of a reply, and the event.
_ONE_EVENT_BYTES = 64


class X11Input:
    """The latest key or mouse event of an X11 display."""

    name = "pynput"

    def __init__(self, environ: Mapping[str, str] | None = None, sockets: Path = SOCKETS) -> None:
        self._environ = os.environ if environ is None else environ
        self._sockets = sockets
        self._last_input: float | None = None
        self._listeners: list[Any] = []

    def start(self) -> None:
        """Connect to the display and listen. See :class:`fyraften_agent.sensors.InputSource`."""
        self.close()
        display = local_display(self._environ, self._sockets)
        with _display_without_fallback(display):
            self._listeners = _import_listeners(self._note)
            for listener in self._listeners:
                listener.start()
            deadline = time.monotonic() + _READY_WAIT_SECONDS
            ready = all([_ready(listener, deadline) for listener in self._listeners])
        if not (ready and self.alive()):
            self.close()
            raise SourceUnavailableError(
                self.name,
                mark(
                    "The X server on display {display} accepted no listener for input. "
                    "Fyraften needs its RECORD extension; look at the server's log, then start again."
                ),
                display=display,
            )

    def last_input(self) -> float | None:
        return self._last_input

    def alive(self) -> bool:
        # pynput's own ``running`` stays true when the X server has gone; the threads end.
        return bool(self._listeners) and all(listener.is_alive() for listener in self._listeners)

    def look(self) -> None:
        """Check that there is a display to listen to; raises :class:`SourceUnavailableError`."""
        local_display(self._environ, self._sockets)

    def problem(self) -> SourceUnavailableError | None:
        """Return why it is not alive any more."""
        if self.alive():
            return None
        return SourceUnavailableError(self.name, mark("The X server has ended, or let the listener go."))

    def close(self) -> None:
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            _end_recording(listener)
        for listener in listeners:
            threading.Thread.join(listener, _CLOSE_WAIT_SECONDS)
            # Where the X server does not answer any more, the thread still waits for it.
            for connection in _connections(listener):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            threading.Thread.join(listener, _CLOSE_WAIT_SECONDS)
            for connection in _connections(listener):
                connection.close()

    def _note(self, *_event: object) -> None:
        self._last_input = time.monotonic()


def local_display(environ: Mapping[str, str], sockets: Path = SOCKETS, source: str = "pynput") -> str:
    """Return the display to listen to, spelled so that only its UNIX socket can be used (``unix:0``).

    Args:
        source: who asks, for the error.

    Raises:
        SourceUnavailableError: no X11 display of this computer is named, it is a Wayland session, or nothing answers.
    """
    if not sys.platform.startswith("linux") and "bsd" not in sys.platform:
        raise SourceUnavailableError(
            source,
            mark("Input on {platform} cannot be sensed yet: only X11 displays can."),
            platform=sys.platform,
        )
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE", "").lower() == "wayland":
        raise SourceUnavailableError(
            source,
            mark(
                "This is a Wayland session, where an X11 source would see no input and take work for free time. "
                "Log in to an X11 session, or write your hours with: fyraften log add"
            ),
        )
    name = environ.get("DISPLAY", "")
    if not name:
        raise SourceUnavailableError(
            source, mark("There is no display (DISPLAY is not set). Start Fyraften in a desktop session.")
        )
    match = _DISPLAY.fullmatch(name)
    if match is None:
        raise SourceUnavailableError(
            source,
            mark(
                "The display {display} is not on this computer, and Fyraften never listens over a network. "
                "Start it in a desktop session on the computer itself."
            ),
            display=name,
        )
    _require_socket(name, sockets / f"X{match['number']}", source)
    return f"unix:{match['number']}{match['screen'] or ''}"


def _require_socket(name: str, path: Path, source: str) -> None:
    """Check that an X server answers on ``path``: without the socket python-xlib would try TCP port 6000."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(_SOCKET_WAIT_SECONDS)
        try:
            probe.connect(str(path))
        except OSError as error:
            raise SourceUnavailableError(
                source,
                mark(
                    "No X server answers for display {display} ({path}: {reason}). Start Fyraften in a desktop session."
                ),
                display=name,
                path=path,
                reason=reason_of(error),
            ) from error


@contextlib.contextmanager
def _display_without_fallback(display: str) -> Iterator[None]:
    """Name ``display`` in the process's environment, the only place where pynput looks for it."""
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = display
    try:
        yield
    finally:
        if before is None:
            del os.environ["DISPLAY"]
        else:
            os.environ["DISPLAY"] = before


def _import_listeners(note: Any) -> list[Any]:
    try:
        from pynput import keyboard, mouse
    except ImportError as error:
        raise SourceUnavailableError(
            "pynput",
            mark("The display cannot be used: {problem}. Start Fyraften in a desktop session."),
            problem=_first_line(error),
        ) from error

    # _handler is where pynput decodes; the X server first hands it a reply without events: from then on it listens.
    class Keys(keyboard.Listener):  # type: ignore[misc]  # pynput has no types
        def __init__(self, **callbacks: Any) -> None:
            super().__init__(**callbacks)
            self.listens = threading.Event()

        def run(self) -> None:
            _run_quietly(super().run)

        def _initialize(self, display: Any) -> None:
            super()._initialize(display)
            # After being held up, many keys wait: read at once they would stay together in memory, as a word.
            self._display_record.display.recv_buffer_size = _ONE_EVENT_BYTES

        def _handler(self, events: Any) -> None:
            if events.data:
                note()
            else:
                self.listens.set()

    class Mouse(mouse.Listener):  # type: ignore[misc]  # pynput has no types
        def __init__(self, **callbacks: Any) -> None:
            super().__init__(**callbacks)
            self.listens = threading.Event()

        def run(self) -> None:
            _run_quietly(super().run)

        def _handler(self, events: Any) -> None:
            if events.data:
                note()
            else:
                self.listens.set()

    return [Keys(on_press=note, on_release=note), Mouse(on_move=note, on_click=note, on_scroll=note)]


def _run_quietly(run: Any) -> None:
    # A display that ends makes pynput's thread raise in its own cleaning up: alive() tells it, a trace would not.
    with contextlib.suppress(Exception):
        run()


def _ready(listener: Any, deadline: float) -> bool:
    """Wait until the X server has said that ``listener`` listens; pynput calls it ready before it has asked."""
    while not listener.listens.wait(0.01) and listener.is_alive() and time.monotonic() < deadline:
        pass
    return listener.listens.is_set() and bool(listener.is_alive())


def _end_recording(listener: Any) -> None:
    """Ask the X server to end the recording, on the listener's second connection.

    pynput's ``stop`` asks on the connection that is recording, and so takes hold at the next event only.
    """
    control, context = getattr(listener, "_display_stop", None), getattr(listener, "_context", None)
    if control is not None and context is not None:
        with contextlib.suppress(Exception):
            control.record_disable_context(context)
            control.flush()


def _connections(listener: Any) -> list[socket.socket]:
    displays = (getattr(listener, name, None) for name in ("_display_record", "_display_stop"))
    return [display.display.socket for display in displays if display is not None]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(" .")
