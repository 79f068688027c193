"""The idle counter of an X11 display (its screen-saver extension): seconds since the latest input, and no events.

The stricter choice beside pynput: this connection is never told of a key, a button or a movement.  Note that a program
which keeps the screen awake by resetting the screen saver resets this counter, too.
Not here: checking what it says (``idle_counter``).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.idle_counter import CounterError, CounterInput
from fyraften_agent.sensors.x11_input import SOCKETS, local_display
from fyraften_policy.languages import mark

NAME = "x11-counter"


class X11Counter:
    """The screen saver's counter of one display."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._root = display.screen().root

    def idle_seconds(self) -> float:
        """Return the seconds since the latest input."""
        try:
            return float(self._root.screensaver_query_info().idle) / 1000
        # The library has no common base for what it raises when the server goes away or answers nonsense.
        except Exception as error:
            raise CounterError(str(error) or type(error).__name__) from error

    def close(self) -> None:
        """Close the connection; a server that has gone is no reason to fail."""
        with contextlib.suppress(Exception):
            self._display.close()


def open_counter(environ: Mapping[str, str], sockets: Path = SOCKETS) -> X11Counter:
    """Return the counter of the display; raises :class:`SourceUnavailableError`."""
    name = local_display(environ, sockets, NAME)
    try:
        from Xlib.display import Display

        display = Display(name)
    # As above: no permission, no memory, no server, no library.
    except Exception as error:
        raise SourceUnavailableError(
            NAME, mark("The display {display} cannot be used: {problem}."), display=name, problem=error
        ) from error
    if not display.has_extension("MIT-SCREEN-SAVER"):
        display.close()
        raise SourceUnavailableError(
            NAME, mark("The X server on display {display} has no screen-saver counter."), display=name
        )
    return X11Counter(display)


def x11_counter_input(environ: Mapping[str, str]) -> CounterInput:
    """Return the source of input that asks the X server's counter."""
    return CounterInput(NAME, lambda: open_counter(environ))
