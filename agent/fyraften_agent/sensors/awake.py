"""Whether a program keeps the screen awake (a call, a presentation, a film), asked of everybody who keeps a list of it.

The answer is yes or no: which program it is, and why, is in some of the answers and is looked at by nobody.
Not here: what follows from it (``activity``), and Wayland's own inhibitors, of which no list can be had.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from fyraften_agent.sensors.bus import SYSTEM, Bus, BusError, session_bus

_LOGIND, _LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
_GNOME_IDLE = 8
_KDE_SCREEN = 4


class _Question(NamedTuple):
    """One method of the session bus that says yes or no."""

    name: str
    path: str
    member: str
    signature: str | None = None
    body: tuple[Any, ...] = ()


_GNOME = "org.gnome.SessionManager"
_KDE = "org.kde.Solid.PowerManagement.PolicyAgent"
_OTHERS = "org.freedesktop.PowerManagement"
_QUESTIONS = (
    _Question(_GNOME, "/org/gnome/SessionManager", f"{_GNOME}.IsInhibited", "u", (_GNOME_IDLE,)),
    _Question(_KDE, "/org/kde/Solid/PowerManagement/PolicyAgent", f"{_KDE}.HasInhibition", "u", (_KDE_SCREEN,)),
    _Question(_OTHERS, "/org/freedesktop/PowerManagement/Inhibit", f"{_OTHERS}.Inhibit.HasInhibit"),
)


class Awake:
    """Asks system and session; opened at the first question.  One thread at a time."""

    def __init__(self, environ: Mapping[str, str], user: int | None = None) -> None:
        """Take whose programs count: those of this account if left out."""
        self._environ = environ
        self._user = os.getuid() if user is None else user
        self._system: Bus | None = None
        self._session: Bus | None = None

    def is_kept(self) -> bool:
        """Return whether a program of this person keeps the screen awake now; False where nobody says."""
        return self._by_system() or self._by_session()

    def close(self) -> None:
        """Close the connections; may be called twice."""
        for bus in (self._system, self._session):
            if bus is not None:
                bus.close()
        self._system = self._session = None

    def _by_system(self) -> bool:
        self._system = self._system or _opened(lambda: SYSTEM)
        if self._system is None:
            return False
        try:
            (held,) = self._system.ask(_LOGIND, _LOGIND_PATH, f"{_LOGIND}.Manager.ListInhibitors")
            return any(
                "idle" in what.split(":") and mode == "block" and user == self._user
                for what, _who, _why, mode, user, _process in held
            )
        except (BusError, ValueError, AttributeError, TypeError):
            self._drop_system()
            return False

    def _by_session(self) -> bool:
        self._session = self._session or _opened(lambda: session_bus(self._environ))
        return self._session is not None and any(_says_yes(self._session, question) for question in _QUESTIONS)

    def _drop_system(self) -> None:
        """Ask on a new connection next time: this one may be over."""
        if self._system is not None:
            self._system.close()
        self._system = None


def _opened(address_of: Callable[[], str | None]) -> Bus | None:
    address = address_of()
    if address is None:
        return None
    try:
        return Bus(address)
    except BusError:
        return None


def _says_yes(bus: Bus, question: _Question) -> bool:
    try:
        return bus.ask(question.name, question.path, question.member, question.signature, question.body) == (True,)
    except BusError:
        return False
