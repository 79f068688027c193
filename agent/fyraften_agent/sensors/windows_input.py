"""Input on Windows: by pynput's hooks, or more strictly by the system's own counter (``GetLastInputInfo``).

The hooks hand each event to a callback that looks at no argument and writes one monotonic time.  The counter is told
no event at all; it is asked at each look.
Not run on this project's machines: what can be is tested through :class:`Ticks`, the rest only typed.
"""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from typing import Any, Protocol

from fyraften_agent.clock import awake_seconds
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.idle_counter import CounterError, CounterInput
from fyraften_policy.languages import mark

LISTENER, COUNTER = "pynput", "windows-counter"
_READY_WAIT_SECONDS = 5.0
_WRAPS_AT = 1 << 32


class Ticks(Protocol):
    """The two clocks of the counter, in milliseconds that begin anew every 49.7 days."""

    def now(self) -> int:
        """Return the time now."""

    def of_last_input(self) -> int | None:
        """Return the time of the latest input; None where the system does not say."""


class WindowsCounter:
    """The counter that the system keeps for the session."""

    def __init__(self, ticks: Ticks) -> None:
        self._ticks = ticks

    def idle_seconds(self) -> float:
        """Return the seconds since the latest input."""
        latest = self._ticks.of_last_input()
        if latest is None:
            raise CounterError("GetLastInputInfo failed")
        return ((self._ticks.now() - latest) % _WRAPS_AT) / 1000

    def close(self) -> None:
        """There is nothing to let go of."""


class WindowsListener:
    """The latest key or mouse event, by hooks."""

    name = LISTENER

    def __init__(self) -> None:
        self._last_input: float | None = None
        self._listeners: list[Any] = []

    def look(self) -> None:
        """Nothing can be said before it is tried."""

    def start(self) -> None:
        """Set the hooks. See :class:`fyraften_agent.sensors.InputSource`."""
        self.close()
        try:
            from pynput import keyboard, mouse
        except ImportError as error:
            raise SourceUnavailableError(
                self.name, mark("Input cannot be listened to: {problem}."), problem=error
            ) from error
        note = self._note
        self._listeners = [
            keyboard.Listener(on_press=note, on_release=note),
            mouse.Listener(on_move=note, on_click=note, on_scroll=note),
        ]
        for listener in self._listeners:
            listener.start()
        waiters = [threading.Thread(target=listener.wait, daemon=True) for listener in self._listeners]
        for waiter in waiters:
            waiter.start()
        deadline = time.monotonic() + _READY_WAIT_SECONDS
        for waiter in waiters:
            waiter.join(max(0.0, deadline - time.monotonic()))
        if any(waiter.is_alive() for waiter in waiters) or not self.alive():
            self.close()
            raise SourceUnavailableError(self.name, mark("The system accepted no listener for input."))

    def last_input(self) -> float | None:
        return self._last_input

    def alive(self) -> bool:
        return bool(self._listeners) and all(listener.is_alive() for listener in self._listeners)

    def problem(self) -> SourceUnavailableError | None:
        """Return why it is not alive any more."""
        return None if self.alive() else SourceUnavailableError(self.name, mark("The system removed the listener."))

    def close(self) -> None:
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener.stop()

    def _note(self, *_event: object) -> None:
        self._last_input = awake_seconds()


def windows_counter_input() -> CounterInput:
    """Return the source of input that asks the system's counter."""
    return CounterInput(COUNTER, _open_counter)


def _open_counter() -> WindowsCounter:
    if sys.platform == "win32":
        return WindowsCounter(_SystemTicks())
    raise SourceUnavailableError(COUNTER, mark("This is not Windows."))


if sys.platform == "win32":

    class _LastInput(ctypes.Structure):
        _fields_ = [("size", ctypes.c_uint), ("time", ctypes.c_uint)]

    class _SystemTicks:
        def now(self) -> int:
            return int(ctypes.windll.kernel32.GetTickCount()) % _WRAPS_AT

        def of_last_input(self) -> int | None:
            asked = _LastInput(ctypes.sizeof(_LastInput), 0)
            return int(asked.time) if ctypes.windll.user32.GetLastInputInfo(ctypes.byref(asked)) else None
