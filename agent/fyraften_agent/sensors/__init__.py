"""What the collector senses, and the one shape a source of input has.

Each module beside this one touches one device or library: ``x11_input`` the X server, ``network`` the kernel's
routing tables, ``machine`` the computer itself.  ``choosing`` says which source of input is used where.
Not here: what is made of the samples (see ``activity``), and any content: no source knows keys, buttons or positions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from fyraften_agent.errors import NoSourceError


class SourceUnavailableError(NoSourceError):
    """No input can be sensed here: no display, a display this source cannot see, or a missing part."""

    def __init__(self, source: str, words: str, **values: object) -> None:
        super().__init__(words, **values)
        self.source, self.reason = source, str(self)


class InputSource(Protocol):
    """Knows when the latest input came, and nothing else about it."""

    @property
    def name(self) -> str:
        """The source's name, shown to the employee."""

    def start(self) -> None:
        """Begin to listen; returns when input would be noticed.

        Raises:
            SourceUnavailableError: input cannot be sensed here; the text says why and what to do.
        """

    def last_input(self) -> float | None:
        """Return the monotonic time of the latest input in seconds; None while there has been none."""

    def alive(self) -> bool:
        """Return whether input would be noticed now."""

    def close(self) -> None:
        """Stop listening at once; may be called twice, and when the display is gone."""


class ChosenSource(InputSource, Protocol):
    """A source that was chosen among several, and says why it is not one of the others."""

    @property
    def refused(self) -> Sequence[SourceUnavailableError]:
        """Why better sources are not used."""


class Screen(Protocol):
    """What the desktop says of the screen: whether it is locked, and whether a program keeps it awake."""

    @property
    def tells(self) -> Sequence[str]:
        """Who tells of a lock or of sleep; empty where nobody does, so that a look at each tick is all there is."""

    def start(self, changed: Callable[[], None]) -> None:
        """Begin to listen; never fails, since a desktop may say nothing.

        Args:
            changed: called, from any thread, when a look is worth while: locked, unlocked, about to sleep, awake again.
        """

    def locked_since(self) -> float | None:
        """Return the monotonic time of the lock; None while it is not locked, or where nobody says."""

    def kept_awake(self) -> bool:
        """Return whether a program keeps the screen awake now; asked in the thread of the looks."""

    def close(self) -> None:
        """Stop listening at once; may be called twice."""


class NoScreen:
    """A desktop that says nothing of its screen."""

    tells: tuple[str, ...] = ()

    def start(self, changed: Callable[[], None]) -> None:
        """There is nothing to listen to."""

    def locked_since(self) -> float | None:
        return None

    def kept_awake(self) -> bool:
        return False

    def close(self) -> None:
        """There is nothing to stop."""
