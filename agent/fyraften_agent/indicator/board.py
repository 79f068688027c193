"""Notices on the screen with buttons behind which somebody stands, and the one that shows the state where no icon can.

The connection that sends a notice is the one that hears what is chosen: some desktops tell nobody else.
Not here: which notices are due and what the choices do (``notices``, ``choosing``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from fyraften_agent.indicator.peer import Heard, Peer
from fyraften_agent.indicator.states import Shown

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_APPLICATION = "Fyraften"
_STAYS, _FAREWELL_MILLISECONDS = 0, 10_000
_LOW, _NORMAL = ("y", 0), ("y", 1)

Document = Mapping[str, Any]
"""A notice as it comes over the control channel: ``key``, ``title``, ``body``, ``choices`` (name and label each)."""


class Asker(Protocol):
    """Somebody who wants to know whether a desktop took a notice, and does not wait for ever."""

    @property
    def is_over(self) -> bool:
        """Whether it waits no more, and tells the matter another way."""

    def take(self, is_taken: bool) -> bool:
        """Take the answer; return whether it came in time."""


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
        self._state_number = self._asked = 0
        self._daemon = 0  # how many have come and gone
        peer.listen(f"interface='{NAME}',path='{PATH}'")

    # Notices

    def tell(self, document: Document, asker: Asker) -> None:
        """Show a notice with its choices as buttons; the asker hears whether a desktop with buttons took it."""
        title, body, choices = document.get("title"), document.get("body"), document.get("choices")
        if not (isinstance(title, str) and isinstance(body, str) and isinstance(choices, list)):
            asker.take(False)
            return

        def able(answer: tuple[Any, ...] | None) -> None:
            capabilities = () if answer is None else answer[0]
            if "actions" not in capabilities or asker.is_over:
                asker.take(False)
                return
            shown = _escaped(body) if "body-markup" in capabilities else body
            self._notify(0, title, shown, choices, {"urgency": _NORMAL}, _STAYS, taken)

        def taken(answer: tuple[Any, ...] | None) -> None:
            is_in_time = asker.take(answer is not None)
            if answer is not None:
                self._notices[answer[0]] = _OnScreen(document, tuple(str(name) for name, _label in choices))
                if not is_in_time:
                    self.take_away(answer[0])  # it was told without buttons meanwhile

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
        self._asked += 1
        asked = self._asked
        self._peer.ask(
            NAME, PATH, f"{NAME}.GetCapabilities", then=lambda answer: self._state_able(asked, answer), starts=True
        )

    def hide_state(self) -> None:
        """Take the notice of the state away: an icon stands for it now."""
        if self._state_number:
            self.take_away(self._state_number)
        self._state, self._state_number = None, 0

    def begin_anew(self, is_there: bool) -> None:
        """Forget what stood on the screen: its daemon has gone. Show the state again where another one is there."""
        self._notices.clear()
        self._daemon += 1
        self._state_number = 0
        shown = self._state
        if is_there and shown is not None:
            self._state = None
            self.show_state(shown)

    def end(self) -> None:
        """Take away what would be untrue in a moment: buttons with nobody behind them, and the state as it was."""
        for number in list(self._notices):
            self.take_away(number)
        if self._state is not None and self._state_number:
            hints = {"urgency": _LOW}
            self._notify(self._state_number, self._state.title, self._state.sentence, [], hints, _FAREWELL_MILLISECONDS)

    def _state_able(self, asked: int, answer: tuple[Any, ...] | None) -> None:
        shown = self._state
        # Where the question has started the daemon, it was asked anew meanwhile: one notice is enough.
        if answer is None or shown is None or asked != self._asked:
            return
        capabilities = answer[0]
        choices = [list(shown.button)] if shown.button is not None and "actions" in capabilities else []
        sentence = _escaped(shown.sentence) if "body-markup" in capabilities else shown.sentence
        hints = {"urgency": _LOW, "resident": ("b", True), "transient": ("b", False)}
        daemon = self._daemon
        self._notify(
            self._state_number, shown.title, sentence, choices, hints, _STAYS,
            lambda answer: self._state_taken(daemon, answer),
        )  # fmt: skip

    def _state_taken(self, daemon: int, answer: tuple[Any, ...] | None) -> None:
        if daemon != self._daemon:
            return
        self._state_number = 0 if answer is None else answer[0]
        if self._state is None and self._state_number:
            self.hide_state()  # an icon has come meanwhile

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
