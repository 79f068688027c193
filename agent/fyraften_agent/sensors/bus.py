"""Questions to a D-Bus of this computer, and its signals: short, over a UNIX socket, and nobody is started by asking.

The sensors' only way to jeepney, which is imported when a bus is first opened.
Not here: who is asked what (see ``gnome_idle``, ``session_signals``, ``awake``, ``machine``).
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

_WAIT_SECONDS = 1.0
_CLOSE_SECONDS = 1.0
_DAEMON_PATH = "/org/freedesktop/DBus"

DAEMON = "org.freedesktop.DBus"
"""The name of the bus itself."""

SYSTEM = "SYSTEM"
"""The address of the system bus: jeepney reads where it is from the environment."""


class BusError(Exception):
    """A bus, or somebody on it, did not answer as expected; never shown, always caught by a sensor."""


class Bus:
    """One connection to ask over.  One thread at a time."""

    def __init__(self, address: str, wait_seconds: float = _WAIT_SECONDS) -> None:
        """Open it.

        Args:
            wait_seconds: how long to wait for an answer.

        Raises:
            BusError: there is no such bus on this computer, or it hangs.
        """
        self._wait_seconds = wait_seconds
        try:
            from jeepney.io.blocking import open_dbus_connection

            self._connection = open_dbus_connection(address, auth_timeout=wait_seconds)
        # A bus that is missing, hangs, refuses, or is not a UNIX socket.
        except (OSError, RuntimeError, ValueError, ImportError) as error:
            raise BusError(str(error)) from error

    def ask(
        self, name: str, path: str, member: str, signature: str | None = None, body: tuple[Any, ...] = ()
    ) -> tuple[Any, ...]:
        """Return the answer of one method.

        Args:
            member: interface and method, as ``org.gnome.Mutter.IdleMonitor.GetIdletime``.

        Raises:
            BusError: nobody of that name, no such method, or no answer in time.
        """
        from jeepney import DBusAddress, DBusErrorResponse, MessageFlag, new_method_call
        from jeepney.wrappers import unwrap_msg

        interface, method = member.rsplit(".", 1)
        question = new_method_call(DBusAddress(path, name, interface), method, signature, body)
        question.header.flags |= MessageFlag.no_auto_start
        try:
            answer = unwrap_msg(self._connection.send_and_get_reply(question, timeout=self._wait_seconds))
        except (OSError, RuntimeError, ValueError, DBusErrorResponse) as error:
            raise BusError(str(error)) from error
        return tuple(answer)

    def property(self, name: str, path: str, member: str) -> Any:
        """Return the value of one property, given as interface and name; raises :class:`BusError`."""
        interface, wanted = member.rsplit(".", 1)
        answer = self.ask(name, path, "org.freedesktop.DBus.Properties.Get", "ss", (interface, wanted))
        try:
            ((_signature, value),) = answer
        except (TypeError, ValueError) as error:
            raise BusError(f"{member} is answered by {answer!r}") from error
        return value

    def owns(self, name: str) -> bool:
        """Return whether somebody on the bus has that name; raises :class:`BusError`."""
        return self.ask(DAEMON, _DAEMON_PATH, f"{DAEMON}.NameHasOwner", "s", (name,)) == (True,)

    def next_signal(self) -> Signal | None:
        """Wait for the next signal; None when the bus has gone or the connection was cut."""
        from jeepney import HeaderFields, MessageType

        while True:
            try:
                message = self._connection.receive(timeout=None)
            # Gone, cut, or not understood: in each case nothing more can be believed of it.
            except (OSError, RuntimeError, ValueError):
                return None
            if message.header.message_type is MessageType.signal:
                fields = message.header.fields
                path, interface, member = (
                    str(fields.get(name, ""))
                    for name in (HeaderFields.path, HeaderFields.interface, HeaderFields.member)
                )
                return Signal(path, interface, member, tuple(message.body))

    def cut(self) -> None:
        """Let another thread that waits for a signal wait no longer."""
        with contextlib.suppress(OSError):
            self._connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; may be called twice."""
        self._connection.close()


class Signal(NamedTuple):
    """What somebody on the bus told everybody."""

    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


class Listening:
    """A thread that waits for the signals it asked for, and wakes up for nothing else."""

    def __init__(
        self,
        address: str,
        rules: Iterable[str],
        heard: Callable[[Signal], None],
        over: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin to listen.

        Args:
            rules: which signals, in the bus's own words: ``interface='org.gnome.ScreenSaver'``.
            heard: called in the thread, one signal after the other.
            over: called in the thread when the bus has gone: nothing will be heard any more.

        Raises:
            BusError: there is no such bus, or it refuses.
        """
        self._bus, self._heard, self._over = Bus(address), heard, over
        try:
            for rule in rules:
                member = "org.freedesktop.DBus.AddMatch"
                self._bus.ask(DAEMON, _DAEMON_PATH, member, "s", (f"type='signal',{rule}",))
        except BusError:
            self._bus.close()
            raise
        self._thread = threading.Thread(target=self._listen, name="signals", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening at once; may be called twice, and not from ``heard``."""
        self._bus.cut()
        self._thread.join(_CLOSE_SECONDS)
        self._bus.close()

    def _listen(self) -> None:
        while (signal := self._bus.next_signal()) is not None:
            self._heard(signal)
        self._over()


def session_bus(environ: Mapping[str, str]) -> str | None:
    """Return the address of the session bus, None where there is none; notify-send looks at the same two places."""
    address = environ.get("DBUS_SESSION_BUS_ADDRESS")
    if address:
        return address
    folder = environ.get("XDG_RUNTIME_DIR")
    path = Path(folder) / "bus" if folder else None
    return f"unix:path={path}" if path is not None and path.is_socket() else None
