"""Keeps the state on the desktop: an icon where a panel shows icons, else a notice that stays; in a thread of its own.

The thread begins with the first state worth showing and sleeps until somebody on the bus, or the supervisor, says
something.  Where there is no session bus there is no thread.  When the bus has gone it looks ever more rarely whether
there is one again, and shows the state there; while there is one it does not wake by itself.
Standard library only until the thread runs.  Not here: words (``states``), answers to panels (``item``), notices
(``board``).
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from fyraften_agent.indicator.states import Shown, shown
from fyraften_policy.languages import Translate

if TYPE_CHECKING:
    from fyraften_agent.indicator.desk import Desk

_ANSWER_SECONDS = 2.5
_END_SECONDS = 0.5
_FIRST_LOOK_SECONDS, _LONGEST_LOOK_SECONDS = 1.0, 60.0


class Clicked(NamedTuple):
    """Somebody clicked: on ``pause`` or ``resume``, or on a choice of a notice, which is then given, too."""

    name: str
    notice: Mapping[str, Any] | None


class Desktop(Protocol):
    """Where the state and notices with buttons are shown."""

    def show(self, document: Mapping[str, object]) -> None:
        """Show the state that the supervisor's answer to ``state`` tells."""

    def tell(self, document: Mapping[str, Any]) -> bool:
        """Show a notice with buttons; return whether a desktop took it."""


class NoDesktop:
    """Nobody looks."""

    def show(self, document: Mapping[str, object]) -> None:
        """There is nowhere to show it."""

    def tell(self, document: Mapping[str, Any]) -> bool:
        return False


class _Answer:
    """Whether a desktop took a notice, for somebody who waits for it only so long."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._is_given = threading.Event()
        self._is_taken = False
        self.is_over = False

    def take(self, is_taken: bool) -> bool:
        with self._one_at_a_time:
            if not self.is_over:
                self._is_taken = is_taken
                self._is_given.set()
            return not self.is_over

    def wait(self, seconds: float) -> bool:
        """Return the answer; False where it does not come in time, which then counts."""
        self._is_given.wait(seconds)
        with self._one_at_a_time:
            self.is_over = True
            return self._is_taken


class Indicator:
    """The state and the notices with buttons; every method may be called from any thread."""

    def __init__(self, environ: Mapping[str, str], clicked: Callable[[Clicked], None], _: Translate) -> None:
        """Take whom to tell of a click, in the indicator's thread."""
        self._environ, self._clicked, self._ = environ, clicked, _
        self._one_at_a_time = threading.Lock()
        self._thread: threading.Thread | None = None
        self._desk: Desk | None = None
        self._shown: Shown | None = None
        self._look_now = threading.Event()
        self._is_over = False

    def show(self, document: Mapping[str, object]) -> None:
        """Show the state that the supervisor's answer to ``state`` tells."""
        now_shown = shown(document, self._)
        with self._one_at_a_time:
            if now_shown == self._shown or (self._shown is None and document.get("state") in ("starting", "off")):
                return
            self._shown = now_shown
            if self._thread is None or not self._thread.is_alive():
                self._begin(now_shown)
            elif self._desk is not None:
                self._desk.show(now_shown)
            else:
                self._look_now.set()

    def tell(self, document: Mapping[str, Any]) -> bool:
        """Show a notice with buttons; return whether a desktop took it."""
        desk = self._desk
        if desk is None or self._thread is None or not self._thread.is_alive():
            return False
        answer = _Answer()
        desk.tell(document, answer)
        return answer.wait(_ANSWER_SECONDS)

    def close(self) -> None:
        """Take everything off the screen, and end."""
        with self._one_at_a_time:
            self._is_over = True
            self._look_now.set()
            if self._desk is not None:
                self._desk.close()
            thread = self._thread
        if thread is not None:
            thread.join(_END_SECONDS)

    def _begin(self, first: Shown) -> None:
        address = session_bus(self._environ)
        if address is None:
            return
        is_ready = threading.Event()

        def run() -> None:
            # jeepney: only where there is a bus
            from fyraften_agent.indicator.desk import open_desk
            from fyraften_agent.indicator.peer import bus_is_there

            def opened(state: Shown) -> Desk | None:
                return open_desk(address, lambda name, notice: self._clicked(Clicked(name, notice)), state)

            self._desk = opened(first)
            is_ready.set()
            shown_first, seconds = first, _FIRST_LOOK_SECONDS
            while self._desk is not None:
                self._catch_up(shown_first)
                began = time.monotonic()
                self._desk.serve()
                if time.monotonic() - began >= _LONGEST_LOOK_SECONDS:  # else it drops us again and again
                    seconds = _FIRST_LOOK_SECONDS
                shown_first, seconds = self._come_back(opened, lambda: bus_is_there(address), shown_first, seconds)

        self._desk = None
        self._thread = threading.Thread(target=run, name="indicator", daemon=True)
        self._thread.start()
        is_ready.wait(_ANSWER_SECONDS)

    def _come_back(
        self, opened: Callable[[Shown], Desk | None], is_there: Callable[[], bool], last: Shown, seconds: float
    ) -> tuple[Shown, float]:
        """Wait until there is a bus again; there is no desk where all is over.

        Returns:
            The state its desk shows first, and how long to wait should it go again soon.
        """
        with self._one_at_a_time:
            self._desk = None
        while not self._is_over:
            self._look_now.wait(seconds)
            self._look_now.clear()
            seconds = min(2 * seconds, _LONGEST_LOOK_SECONDS)
            state = self._shown or last
            desk = opened(state) if not self._is_over and is_there() else None
            if desk is not None:
                with self._one_at_a_time:
                    self._desk = None if self._is_over else desk
                return state, seconds
        return last, seconds

    def _catch_up(self, first: Shown) -> None:
        """Show the state that came while the connection was made, by a bus that took its time."""
        with self._one_at_a_time:
            if self._desk is not None and self._shown is not None and self._shown != first:
                self._desk.show(self._shown)


def session_bus(environ: Mapping[str, str]) -> str | None:
    """Return the address of the session bus; None where there is none, or it is on no socket of this computer."""
    address = environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        return address if address.startswith("unix:") else None
    folder = environ.get("XDG_RUNTIME_DIR")
    path = Path(folder) / "bus" if folder else None
    return f"unix:path={path}" if path is not None and path.is_socket() and os.name == "posix" else None
