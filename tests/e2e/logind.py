"""A logind that does as it is told: python-dbusmock's, from Debian's packages, run by Debian's Python.

Also whoever else has a name on the bus and answers with one value, as a screen saver does.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from e2e.desktop import ended, wait_until
from fyraften_agent.sensors.bus import Bus

PYTHON = "/usr/bin/python3"
_NAME, _PATH, _MOCK = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.DBus.Mock"
_SESSION = f"{_PATH}/session/c7"
SESSION_ID = "c7"


def reason_without() -> str | None:
    """Return why there is no such logind here."""
    try:
        found = subprocess.run([PYTHON, "-c", "import dbusmock"], capture_output=True, timeout=30).returncode == 0
    except OSError:
        found = False
    return None if found else "system package not installed: python3-dbusmock"


class Logind:
    """Tells logind what to say."""

    def __init__(self, address: str) -> None:
        self._bus = Bus(address, wait_seconds=5)
        self._bus.ask(_NAME, _PATH, f"{_MOCK}.AddSession", "ssusb", (SESSION_ID, "seat0", os.getuid(), "anna", True))

    def lock(self, locked: bool) -> None:
        """Lock or unlock the session's screen."""
        self._bus.ask(_NAME, _SESSION, f"{_NAME}.Session.SetLockedHint", "b", (locked,))

    def sleep(self, begins: bool) -> None:
        """Say that sleep begins, or is over."""
        body = (f"{_NAME}.Manager", "PrepareForSleep", "b", [("b", begins)])
        self._bus.ask(_NAME, _PATH, f"{_MOCK}.EmitSignal", "sssav", body)

    def close(self) -> None:
        """Say no more."""
        self._bus.close()


@contextlib.contextmanager
def logind(address: str) -> Iterator[tuple[Logind, subprocess.Popen[bytes]]]:
    """Run logind's double on that bus until the block ends."""
    environ = {"DBUS_SYSTEM_BUS_ADDRESS": address, "PATH": "/usr/bin:/bin"}
    command = [PYTHON, "-m", "dbusmock", "--system", "--template", "logind"]
    started = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    with ended(started) as process:
        wait_until(lambda: _is_there(address), "logind answers", seconds=20)
        told = Logind(address)
        yield told, process
        told.close()


def _is_there(address: str) -> bool:
    bus = Bus(address)
    try:
        return bus.owns(_NAME)
    finally:
        bus.close()


class Somebody:
    """Has a name on the bus, answers every method with one value, and sends signals."""

    def __init__(self, address: str, name: str, path: str, answer: Any = True) -> None:
        self._connection = open_dbus_connection(address)
        self._emitter = DBusAddress(path, interface=name)
        self.answer = answer
        self.asked: list[str] = []
        self._connection.send_and_get_reply(message_bus.RequestName(name), timeout=5)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def tell(self, member: str, value: bool) -> None:
        """Send a signal with one value."""
        self._connection.send(new_signal(self._emitter, member, "b", (value,)))

    def close(self) -> None:
        """Leave the bus."""
        self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._connection.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                message = self._connection.receive()
                if message.header.message_type is MessageType.method_call:
                    self.asked.append(message.header.fields[HeaderFields.member])
                    if self.answer is None:
                        self._connection.send(new_error(message, "org.example.No"))
                    else:
                        signature = "b" if isinstance(self.answer, bool) else "a(ssssuu)"
                        self._connection.send(new_method_return(message, signature, (self.answer,)))
