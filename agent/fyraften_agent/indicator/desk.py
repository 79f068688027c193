"""The thread's side of the indicator: registers the icon with a panel when there is one, and shows the notice else.

Panels come and go: the icon is registered anew with every watcher, and the notice stands in for it meanwhile.
Not here: when the thread begins and ends (``indicator``).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from typing import Any

from fyraften_agent.indicator import item
from fyraften_agent.indicator.board import NAME as NOTIFICATIONS
from fyraften_agent.indicator.board import Asker, Board
from fyraften_agent.indicator.peer import BUS, BUS_PATH, Call, Heard, Peer, Reply
from fyraften_agent.indicator.states import Shown

WATCHER, WATCHER_PATH = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
_HOSTS = "IsStatusNotifierHostRegistered"

Chosen = Callable[[str, Mapping[str, Any] | None], None]


class Desk:
    """Icon and notices on one connection."""

    def __init__(self, peer: Peer, chosen: Chosen, first: Shown) -> None:
        self._peer, self._chosen, self._shown = peer, chosen, first
        self._board = Board(peer, chosen)
        self._version = 1
        self._name = f"{item.ITEM}-{os.getpid()}-1"
        self._is_on_panel = False

    # From any thread

    def show(self, shown: Shown) -> None:
        """Show another state."""
        self._peer.soon(lambda: self._show(shown))

    def tell(self, document: Mapping[str, Any], asker: Asker) -> None:
        """Show a notice with buttons."""
        self._peer.soon(lambda: self._board.tell(document, asker))

    def close(self) -> None:
        """Take everything off the screen, and end."""
        self._peer.soon(self._board.end)
        self._peer.stop()

    # In the thread

    def serve(self) -> None:
        """Stay until :meth:`close`, or until the bus has gone."""
        with contextlib.suppress(OSError, RuntimeError, ValueError):
            self._peer.ask(BUS, BUS_PATH, f"{BUS}.RequestName", "su", (self._name, 0))
            for name in (WATCHER, NOTIFICATIONS):
                self._peer.listen(f"sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{name}'")
            self._peer.listen(f"interface='{WATCHER}',path='{WATCHER_PATH}'")
            self._look_for_panel()
            self._peer.serve(self._answer, self._hear)

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        self._version += 1
        if self._is_on_panel:
            for change in item.CHANGES:
                self._peer.tell(item.ITEM_PATH, f"{item.ITEM}.{change}")
            self._peer.tell(item.MENU_PATH, f"{item.MENU}.LayoutUpdated", "ui", (self._version, 0))
        else:
            self._board.show_state(shown)

    def _look_for_panel(self) -> None:
        """Ask whether anybody shows icons; the answer decides where the state stands."""
        asked = (WATCHER, _HOSTS)
        self._peer.ask(WATCHER, WATCHER_PATH, f"{BUS}.Properties.Get", "ss", asked, self._panel_is_there)

    def _panel_is_there(self, answer: tuple[Any, ...] | None) -> None:
        is_there = answer == (("b", True),)
        if is_there and not self._is_on_panel:
            register = f"{WATCHER}.RegisterStatusNotifierItem"
            self._peer.ask(WATCHER, WATCHER_PATH, register, "s", (self._name,), self._registered)
        elif not is_there:
            self._is_on_panel = False
            self._board.show_state(self._shown)

    def _registered(self, answer: tuple[Any, ...] | None) -> None:
        self._is_on_panel = answer is not None
        if self._is_on_panel:
            self._board.hide_state()
        else:
            self._board.show_state(self._shown)

    def _answer(self, call: Call) -> Reply | None:
        choice = item.clicked(call, self._shown)
        if choice is not None:
            self._chosen(choice, None)
        return item.answer(call, self._shown, self._version)

    def _hear(self, signal: Heard) -> None:
        match signal:
            case (_, _, "NameOwnerChanged", (name, _, owner)):
                if name == WATCHER:
                    self._is_on_panel = False
                    self._look_for_panel()
                else:
                    self._board.begin_anew(is_there=bool(owner))
            case (_, interface, "StatusNotifierHostRegistered" | "StatusNotifierHostUnregistered", _):
                if interface == WATCHER:
                    self._look_for_panel()
            case _:
                self._board.hear(signal)


def open_desk(address: str, chosen: Chosen, first: Shown) -> Desk | None:
    """Return the desk of a session bus; None where it cannot be reached."""
    try:
        return Desk(Peer(address), chosen, first)
    # A bus that is missing, hangs, or refuses.
    except (OSError, RuntimeError, ValueError):
        return None
