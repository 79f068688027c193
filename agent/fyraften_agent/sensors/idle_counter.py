"""An idle counter as a source of input: asked at each look how long ago the latest input was, and nothing else.

Windows, macOS, X11 and GNOME each keep such a counter.  It tells less than a listener (seconds, never an event), needs
no permission, and costs nothing between two looks.  What it says is checked each time: a counter that stands still or
says nonsense is no rest and no work, but a source that has died.
Not here: the counters themselves (``x11_counter``, ``gnome_idle``, ``windows_input``, ``mac_idle``).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Protocol

from fyraften_agent.clock import awake_seconds
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence, sentence

_SELF_TEST_SECONDS = 0.05
_COUNTING_SECONDS = 1.0  # below this, two equal answers are two inputs
_SAME_SECONDS = 0.0005
_LATE_SECONDS = 0.25
_STANDS_STILL = 6  # answers in a row


class CounterError(Exception):
    """A counter did not answer; the text says what was heard instead."""


class Counter(Protocol):
    """Says how long ago the latest input was."""

    def idle_seconds(self) -> float:
        """Return the seconds since the latest input; raises :class:`CounterError`."""

    def close(self) -> None:
        """Let go of it; may be called twice."""


class CounterInput:
    """The latest input, by a counter."""

    def __init__(
        self,
        name: str,
        open_counter: Callable[[], Counter],
        *,
        monotonic: Callable[[], float] = awake_seconds,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take a counter that is not opened yet.

        Args:
            open_counter: raises :class:`SourceUnavailableError` where there is none.
        """
        self.name = name
        self._open, self._monotonic, self._wait = open_counter, monotonic, wait
        self._counter: Counter | None = None
        self._last_input: float | None = None
        self._idle = -1.0
        self._same = 0
        self._problem: SourceUnavailableError | None = None

    def look(self) -> None:
        """Check that there is such a counter; raises :class:`SourceUnavailableError`."""
        self._open().close()

    def start(self) -> None:
        """Open the counter and ask it twice. See :class:`fyraften_agent.sensors.InputSource`."""
        self.close()
        self._counter, self._problem = self._open(), None
        self._idle, self._same = -1.0, 0
        before = self._idle
        for _ in range(2):
            if not self.alive():
                self.close()
                raise self._problem or self._error(sentence(mark("it was closed")))
            if self._idle >= _COUNTING_SECONDS and self._idle == before:
                self.close()
                raise self._error(sentence(mark("it stands still")))
            before = self._idle
            self._wait(_SELF_TEST_SECONDS)

    def last_input(self) -> float | None:
        return self._last_input

    def alive(self) -> bool:
        """Ask the counter: there is no other way to know whether it lives."""
        if self._counter is None:
            return False
        asked_at = self._monotonic()
        try:
            idle = self._counter.idle_seconds()
        except CounterError as error:
            self._problem = self._error(str(error))
        else:
            self._judge(idle, asked_at)
        return self._problem is None

    def problem(self) -> SourceUnavailableError | None:
        """Return why it is not alive any more, where it knows."""
        return self._problem

    def close(self) -> None:
        counter, self._counter = self._counter, None
        if counter is not None:
            counter.close()

    def _judge(self, idle: float, asked_at: float) -> None:
        if not (math.isfinite(idle) and idle >= 0):
            self._problem = self._error(sentence(mark("it says that the latest input is still to come")))
            return
        is_same = idle >= _COUNTING_SECONDS and abs(idle - self._idle) < _SAME_SECONDS
        self._idle, self._same = idle, self._same + 1 if is_same else 0
        if self._same >= _STANDS_STILL:
            self._problem = self._error(sentence(mark("it stands still")))
            return
        now = self._monotonic()
        # Nobody knows to which moment a late answer belongs: an old input would look like a new one.
        if self._last_input is None or now - asked_at < _LATE_SECONDS:
            self._last_input = now - idle

    def _error(self, problem: str | Sentence) -> SourceUnavailableError:
        return SourceUnavailableError(
            self.name, mark("The idle counter {name} cannot be believed: {problem}."), name=self.name, problem=problem
        )
