"""Whether the screen is locked and the computer about to sleep, as logind and the screen savers of Linux tell it.

Two threads wait for signals of the two buses and wake up for nothing else.  Who falls silent is believed no longer:
a lock that nobody can tell the end of would turn work into rest.
Not here: what follows from a lock (``activity``), programs that keep the screen awake (``awake``).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping

from fyraften_agent.clock import awake_seconds
from fyraften_agent.sensors.awake import Awake
from fyraften_agent.sensors.bus import DAEMON, SYSTEM, Bus, BusError, Listening, Signal, session_bus

_LOGIND, _LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
_MANAGER, _SESSION = f"{_LOGIND}.Manager", f"{_LOGIND}.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_SAVERS = {
    "org.freedesktop.ScreenSaver": "/org/freedesktop/ScreenSaver",
    "org.gnome.ScreenSaver": "/org/gnome/ScreenSaver",
    "org.cinnamon.ScreenSaver": "/org/cinnamon/ScreenSaver",
    "org.mate.ScreenSaver": "/org/mate/ScreenSaver",
    "org.xfce.ScreenSaver": "/org/xfce/ScreenSaver",
}


class LinuxScreen:
    """The lock of this person's session."""

    def __init__(
        self,
        environ: Mapping[str, str],
        monotonic: Callable[[], float] = awake_seconds,
        awake: Awake | None = None,
    ) -> None:
        self._environ, self._monotonic = environ, monotonic
        self._awake = awake or Awake(environ)
        self._one_at_a_time = threading.Lock()
        self._locked_by: set[str] = set()
        self._locked_since: float | None = None
        self._listening: list[Listening] = []
        self._changed: Callable[[], None] = _nothing
        self.tells: tuple[str, ...] = ()

    def start(self, changed: Callable[[], None]) -> None:
        """Begin to listen. See :class:`fyraften_agent.sensors.Screen`."""
        self.close()
        self._changed = changed
        self.tells = (*self._listen_to_logind(), *self._listen_to_savers())

    def locked_since(self) -> float | None:
        return self._locked_since

    def kept_awake(self) -> bool:
        return self._awake.is_kept()

    def close(self) -> None:
        listening, self._listening = self._listening, []
        self._changed = _nothing
        for each in listening:
            each.close()
        self._awake.close()
        with self._one_at_a_time:
            self._locked_by.clear()
            self._locked_since = None

    # logind

    def _listen_to_logind(self) -> tuple[str, ...]:
        try:
            bus = Bus(SYSTEM)
        except BusError:
            return ()
        try:
            path = _session_path(bus, self._environ)
            rules = [f"interface='{_MANAGER}',member='PrepareForSleep'"]
            if path is not None:
                rules.append(f"interface='{_PROPERTIES}',member='PropertiesChanged',path='{path}'")
            # Listening first: what changes between the two is told twice, and not never.
            self._listening.append(Listening(SYSTEM, rules, self._hear_logind, lambda: self._forget(_LOGIND)))
            if path is None:
                return ("sleep",)
            self._note(_LOGIND, bus.property(_LOGIND, path, f"{_SESSION}.LockedHint") is True)
        except BusError:
            return ("sleep",) if self._listening else ()
        finally:
            bus.close()
        return ("sleep", "logind")

    def _hear_logind(self, signal: Signal) -> None:
        if signal.member == "PrepareForSleep":
            # Before sleep: what came until now is kept. After it: nobody waits for the next tick.
            self._changed()
            return
        match signal.body:
            case (str(interface), dict(changed), *_rest) if interface == _SESSION and "LockedHint" in changed:
                self._note(_LOGIND, changed["LockedHint"] == ("b", True))

    # Screen savers

    def _listen_to_savers(self) -> tuple[str, ...]:
        address = session_bus(self._environ)
        if address is None:
            return ()
        try:
            bus = Bus(address)
        except BusError:
            return ()
        try:
            rules = [
                rule for name in _SAVERS for rule in (f"interface='{name}',member='ActiveChanged'", _owner_of(name))
            ]
            listening = Listening(address, rules, self._hear_saver, lambda: self._forget(*_SAVERS))
            self._listening.append(listening)
            present = [name for name in _SAVERS if bus.owns(name)]
            for name in present:
                self._note(name, _is_active(bus, name))
        except BusError:
            return ()
        finally:
            bus.close()
        return tuple(present)

    def _hear_saver(self, signal: Signal) -> None:
        match signal:
            case (_, _, "NameOwnerChanged", (str(name), _, "")) if name in _SAVERS:
                self._forget(name)  # it has ended, and with it its lock
        if signal.interface in _SAVERS and signal.body and isinstance(signal.body[0], bool):
            self._note(signal.interface, signal.body[0])

    # Both

    def _note(self, who: str, is_locked: bool) -> None:
        with self._one_at_a_time:
            was_locked = bool(self._locked_by)
            (self._locked_by.add if is_locked else self._locked_by.discard)(who)
            if bool(self._locked_by) == was_locked:
                return
            self._locked_since = self._monotonic() if self._locked_by else None
        self._changed()

    def _forget(self, *names: str) -> None:
        for name in names:
            self._note(name, False)


def _session_path(bus: Bus, environ: Mapping[str, str]) -> str | None:
    """Return logind's path of this person's session on the screen; None where there is none."""
    session = environ.get("XDG_SESSION_ID")
    try:
        if session:
            (path,) = bus.ask(_LOGIND, _LOGIND_PATH, f"{_MANAGER}.GetSession", "s", (session,))
            return str(path)
        # As a service of the user it belongs to no session: the one with a seat is that on the screen.
        (sessions,) = bus.ask(_LOGIND, _LOGIND_PATH, f"{_MANAGER}.ListSessions")
        return next((str(path) for _id, user, _name, seat, path in sessions if user == os.getuid() and seat), None)
    except (BusError, TypeError, ValueError):
        return None


def _owner_of(name: str) -> str:
    """Return the bus's words for hearing that somebody takes or gives up a name."""
    return f"sender='{DAEMON}',interface='{DAEMON}',member='NameOwnerChanged',arg0='{name}'"


def _is_active(bus: Bus, name: str) -> bool:
    try:
        return bus.ask(name, _SAVERS[name], f"{name}.GetActive") == (True,)
    except BusError:
        return False


def _nothing() -> None:
    """Be called by nobody who waits for it."""
