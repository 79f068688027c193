"""Notices on the screen with buttons behind which somebody stands, and the one that shows the state where no icon can.

The connection that sends a notice is the one that hears what is chosen: some desktops tell nobody else.
Not here: which notices are due and what the choices do (``notices``, ``choosing``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from fyraften_agent.indicator.peer import Heard, Peer
from fyraften_agent.indicator.states import Shown

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_APPLICATION = "Fyraften"
_STAYS, _FAREWELL_MILLISECONDS = 0, 10_000
_LOW, _NORMAL = ("y", 0), ("y", 1)

Document = Mapping[str, Any]
"""A notice as it comes over the control channel: ``key``, ``title``, ``body``, ``choices`` (name and label each)."""


class _OnScreen(NamedTuple):
    """A notice with buttons, as the daemon numbers it."""

    document: Document
    names: tuple[str, ...]


class Board:
    """What stands on the screen now. Everything in the peer's thread."""

    def __init__(self, peer: Peer, chosen: Callable[[str, Document | None], None]) -> None:
        """Take whom to tell of a choice: its name, and the notice; None is the notice of the state."""
        self._peer, self._chosen = peer, chosen
        self._notices: dict[int, _OnScreen] = {}
        self._state: Shown | None = None
        self._state_number = 0
        peer.listen(f"interface='{NAME}',path='{PATH}'")

    # Notices

    def tell(self, document: Document, done: Callable[[bool], None]) -> None:
        """Show a notice with its choices as buttons; ``done`` hears whether a desktop with buttons took it."""
        title, body, choices = document.get("title"), document.get("body"), document.get("choices")
        if not (isinstance(title, str) and isinstance(body, str) and isinstance(choices, list)):
            done(False)
            return

        def able(answer: tuple[Any, ...] | None) -> None:
            capabilities = () if answer is None else answer[0]
            if "actions" not in capabilities:
                done(False)
                return
            shown = _escaped(body) if "body-markup" in capabilities else body
            self._notify(0, title, shown, choices, {"urgency": _NORMAL}, _STAYS, taken)

        def taken(answer: tuple[Any, ...] | None) -> None:
            if answer is not None:
                self._notices[answer[0]] = _OnScreen(document, tuple(str(name) for name, _label in choices))
            done(answer is not None)

        self._peer.ask(NAME, PATH, f"{NAME}.GetCapabilities", then=able, starts=True)

    def take_away(self, number: int) -> None:
        """Take a notice off the screen."""
        self._notices.pop(number, None)
        self._peer.ask(NAME, PATH, f"{NAME}.CloseNotification", "u", (number,))

    # The state

    def show_state(self, shown: Shown) -> None:
        """Let the state stand on the screen as a notice; the same state is not shown again when it was clicked away."""
        if shown == self._state:
            return
        self._state = shown
        self._peer.ask(
            NAME, PATH, f"{NAME}.GetCapabilities", then=lambda answer: self._state_able(shown, answer), starts=True
        )

    def hide_state(self) -> None:
        """Take the notice of the state away: an icon stands for it now."""
        if self._state_number:
            self.take_away(self._state_number)
        self._state, self._state_number = None, 0

    def show_anew(self) -> None:
        """Show the state again: another daemon shows notices now."""
        shown, self._state, self._state_number = self._state, None, 0
        if shown is not None:
            self.show_state(shown)

    def end(self) -> None:
        """Take away what would be untrue in a moment: buttons with nobody behind them, and the state as it was."""
        for number in list(self._notices):
            self.take_away(number)
        if self._state is not None and self._state_number:
            hints = {"urgency": _LOW}
            self._notify(self._state_number, self._state.title, self._state.sentence, [], hints, _FAREWELL_MILLISECONDS)

    def _state_able(self, shown: Shown, answer: tuple[Any, ...] | None) -> None:
        if answer is None or shown != self._state:
            return
        capabilities = answer[0]
        choices = [list(shown.button)] if shown.button is not None and "actions" in capabilities else []
        sentence = _escaped(shown.sentence) if "body-markup" in capabilities else shown.sentence
        hints = {"urgency": _LOW, "resident": ("b", True), "transient": ("b", False)}
        self._notify(self._state_number, shown.title, sentence, choices, hints, _STAYS, self._state_taken)

    def _state_taken(self, answer: tuple[Any, ...] | None) -> None:
        self._state_number = 0 if answer is None else answer[0]

    # What comes back

    def hear(self, signal: Heard) -> None:
        """Take note of a button that was pressed and of a notice that is gone."""
        match signal:
            case (_, "org.freedesktop.Notifications", "ActionInvoked", (int(number), str(name))):
                self._pressed(number, name)
            case (_, "org.freedesktop.Notifications", "NotificationClosed", (int(number), *_rest)):
                self._notices.pop(number, None)
                if number == self._state_number:
                    self._state_number = 0

    def _pressed(self, number: int, name: str) -> None:
        if number == self._state_number and self._state is not None and self._state.button is not None:
            if name == self._state.button[0]:
                self._chosen(name, None)
            return
        on_screen = self._notices.get(number)
        if on_screen is not None and name in on_screen.names:
            self.take_away(number)  # not every daemon does it by itself
            self._chosen(name, on_screen.document)

    def _notify(
        self,
        number: int,
        title: str,
        body: str,
        choices: list[Any],
        hints: dict[str, tuple[str, Any]],
        milliseconds: int,
        then: Callable[[tuple[Any, ...] | None], None] = lambda answer: None,
    ) -> None:
        buttons = [str(text) for choice in choices for text in choice]
        told = (_APPLICATION, number, "", title, body, buttons, hints, milliseconds)
        self._peer.ask(NAME, PATH, f"{NAME}.Notify", "susssasa{sv}i", told, then, starts=True)


def _escaped(text: str) -> str:
    """Return a text that says the same where markup is read; the library for it brings the names of all signs along."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
