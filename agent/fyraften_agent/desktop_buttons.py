"""Notices with buttons, over the session bus: one connection each, open until the notice is gone.

The daemon may answer only to the connection that sent the notice, so it is kept; a thread waits at it and wakes up for
nothing else.
Not here: which buttons there are and what they do (``choosing``).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence

from fyraften_agent.choosing import Choice
from fyraften_agent.sensors.bus import Bus, BusError

_NAME, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_BUS, _BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
_NORMAL = ("y", 1)
_STAYS = 0
MOST = 6
_SECONDS = 3.0


class ButtonNotice:
    """One notice with buttons on the screen."""

    def __init__(
        self, address: str, title: str, body: str, choices: Sequence[Choice], chosen: Callable[[str], None]
    ) -> None:
        """Show it; ``chosen`` is called in a thread with the name of a choice.  Raises :class:`BusError`."""
        self._address, self._chosen = address, chosen
        self._bus = Bus(address, _SECONDS)
        try:
            rule = f"type='signal',interface='{_NAME}',path='{_PATH}'"
            self._bus.ask(_BUS, _BUS_PATH, f"{_BUS}.AddMatch", "s", (rule,))
            buttons = [text for choice in choices for text in choice]
            told = ("Fyraften", 0, "", title, body, buttons, {"urgency": _NORMAL}, _STAYS)
            answer = self._bus.ask(_NAME, _PATH, f"{_NAME}.Notify", "susssasa{sv}i", told)
            self._number = int(answer[0])
        except (BusError, IndexError, TypeError, ValueError) as error:
            self._bus.close()
            raise BusError(str(error)) from error
        self._thread = threading.Thread(target=self._wait, name="notice", daemon=True)
        self._thread.start()

    @property
    def is_gone(self) -> bool:
        """Whether nobody can choose any more."""
        return not self._thread.is_alive()

    def withdraw(self) -> None:
        """Take it off the screen, and its buttons with it: a button with nobody behind it would be a lie."""
        with contextlib.suppress(BusError):
            _close_on_screen(self._address, self._number)
        self._bus.cut()

    def _wait(self) -> None:
        while (signal := self._bus.next_signal()) is not None:
            if signal.interface != _NAME or signal.body[:1] != (self._number,):
                continue
            if signal.member == "ActionInvoked":
                # Not every daemon takes it away by itself.
                with contextlib.suppress(BusError):
                    _close_on_screen(self._address, self._number)
                self._chosen(str(signal.body[1]))
            if signal.member in ("ActionInvoked", "NotificationClosed"):
                break
        self._bus.close()


class ButtonNotices:
    """The notices with buttons that are on the screen."""

    def __init__(self, most: int = MOST) -> None:
        """Keep at most so many: each has a connection."""
        self._most = most
        self._open: list[ButtonNotice] = []

    def show(
        self, address: str, title: str, body: str, choices: Sequence[Choice], chosen: Callable[[str], None]
    ) -> bool:
        """Show one more, the oldest giving way; return whether a daemon took it."""
        self._open = [notice for notice in self._open if not notice.is_gone]
        while len(self._open) >= self._most:
            self._open.pop(0).withdraw()
        try:
            self._open.append(ButtonNotice(address, title, body, choices, chosen))
        except BusError:
            return False
        return True

    def close(self) -> None:
        """Take all of them off the screen."""
        while self._open:
            self._open.pop().withdraw()


def _close_on_screen(address: str, number: int) -> None:
    bus = Bus(address, _SECONDS)
    try:
        bus.ask(_NAME, _PATH, f"{_NAME}.CloseNotification", "u", (number,))
    finally:
        bus.close()
