"""The few messages of the Wayland protocol that an idle notice needs, over the compositor's UNIX socket.

A connection announces what the compositor offers, binds some of it, and hands on the events of objects it made.  It
asks for no surface, no keyboard and no pointer: no key, button or position can ever arrive here.
Not here: what the events mean (``wayland_idle``).
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_HEADER = struct.Struct("=IHH")
_UINT = struct.Struct("=I")
_DISPLAY, _REGISTRY = 1, 2
_SYNC, _GET_REGISTRY = 0, 1
_BIND = 0
_ERROR, _GLOBAL, _DONE = 0, 0, 0
_OPEN_SECONDS = 2.0
_LONGEST_ANSWER = 1 << 20


class WireError(Exception):
    """The compositor has gone, refuses, or says what nobody can read."""


class Global(NamedTuple):
    """One thing that the compositor offers."""

    number: int
    interface: str
    version: int


class Event(NamedTuple):
    """What the compositor tells of one object."""

    object: int
    opcode: int
    body: bytes


def socket_path(environ: Mapping[str, str]) -> Path | None:
    """Return the compositor's socket; None where no Wayland session is named."""
    name = environ.get("WAYLAND_DISPLAY")
    folder = environ.get("XDG_RUNTIME_DIR")
    if not name:
        return None
    return Path(name) if os.path.isabs(name) else Path(folder) / name if folder else None


class Wire:
    """One connection to a compositor."""

    def __init__(self, path: Path) -> None:
        """Connect, and learn what is offered; raises :class:`WireError`."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._buffer = b""
        self._next_object = _REGISTRY + 1
        self.globals: list[Global] = []
        try:
            self._socket.settimeout(_OPEN_SECONDS)
            self._socket.connect(str(path))
            self.send(_DISPLAY, _GET_REGISTRY, _UINT.pack(_REGISTRY))
            self.round_trip()
        except (OSError, WireError) as error:
            self._socket.close()
            raise WireError(str(error)) from error

    def offered(self, interface: str) -> Global | None:
        """Return what is offered of that interface; the first of several."""
        return next((one for one in self.globals if one.interface == interface), None)

    def new_object(self) -> int:
        """Return the number for an object that a request makes."""
        self._next_object += 1
        return self._next_object - 1

    def bind(self, offer: Global, version: int) -> int:
        """Take up an offer in that version or the offered one, whichever is older; return the object's number."""
        made = self.new_object()
        name = offer.interface.encode("ascii") + b"\0"
        padded = name + b"\0" * (-len(name) % 4)
        words = _UINT.pack(offer.number) + _UINT.pack(len(name)) + padded
        self.send(_REGISTRY, _BIND, words + _UINT.pack(min(version, offer.version)) + _UINT.pack(made))
        return made

    def send(self, target: int, opcode: int, body: bytes = b"") -> None:
        """Send one request; raises :class:`WireError`."""
        try:
            self._socket.sendall(_HEADER.pack(target, opcode, _HEADER.size + len(body)) + body)
        except OSError as error:
            raise WireError(str(error)) from error

    def round_trip(self) -> list[Event]:
        """Wait until everything that was asked for has been done; return the events that came meanwhile."""
        done = self.new_object()
        events: list[Event] = []
        self.send(_DISPLAY, _SYNC, _UINT.pack(done))
        while (event := self.next_event(_OPEN_SECONDS)) is not None:
            if event.object == done and event.opcode == _DONE:
                return events
            events.append(event)
        raise WireError("the compositor does not answer")

    def next_event(self, timeout_seconds: float | None) -> Event | None:
        """Wait for the next event of an object other than display and registry; None when none came in time.

        Raises:
            WireError: the connection is over.
        """
        self._socket.settimeout(timeout_seconds)
        while True:
            event = self._read_buffered()
            if event is None:
                if not self._fill():
                    return None
            elif event.object == _DISPLAY:
                if event.opcode == _ERROR:
                    raise WireError("the compositor refuses a request")
            elif event.object == _REGISTRY:
                if event.opcode == _GLOBAL:
                    self.globals.append(_global_of(event.body))
            else:
                return event

    def cut(self) -> None:
        """Let another thread that waits for an event wait no longer."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection; may be called twice."""
        self._socket.close()

    def _read_buffered(self) -> Event | None:
        if len(self._buffer) < _HEADER.size:
            return None
        target, opcode, length = _HEADER.unpack_from(self._buffer)
        if length < _HEADER.size:
            raise WireError(f"a message of {length} bytes")
        if len(self._buffer) < length:
            return None
        body, self._buffer = self._buffer[_HEADER.size : length], self._buffer[length:]
        return Event(target, opcode, body)

    def _fill(self) -> bool:
        try:
            read = self._socket.recv(4096)
        except TimeoutError:
            return False
        except OSError as error:
            raise WireError(str(error)) from error
        if not read:
            raise WireError("the compositor has gone")
        if len(self._buffer) > _LONGEST_ANSWER:
            raise WireError("the compositor talks without end")
        self._buffer += read
        return True


def _global_of(body: bytes) -> Global:
    try:
        number, length = _UINT.unpack_from(body)[0], _UINT.unpack_from(body, 4)[0]
        name = body[8 : 8 + length].rstrip(b"\0").decode("ascii")
        return Global(number, name, _UINT.unpack_from(body, 8 + length + (-length % 4))[0])
    except (struct.error, UnicodeDecodeError) as error:
        raise WireError("an offer that nobody can read") from error
