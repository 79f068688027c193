"""One connection to the session bus that asks, answers and listens, and sleeps while nobody says anything.

Everything happens in the thread of :meth:`Peer.serve`; other threads hand it jobs.  Questions do not wait for their
answers: who shows an icon asks about it before the question that announced it is answered.
The only module of this folder that imports jeepney.  Not here: what is said (``item``, ``board``).
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import socket
from collections.abc import Callable
from typing import Any, NamedTuple

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageFlag,
    MessageType,
    new_error,
    new_method_call,
    new_method_return,
    new_signal,
)
from jeepney.bus import parse_addresses
from jeepney.io.blocking import open_dbus_connection

BUS, BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
_SECONDS = 3.0


def bus_is_there(address: str) -> bool:
    """Return whether the bus may be there: whether one of its sockets is, or one that no file stands for."""
    paths = [values.get("path") for _transport, values in parse_addresses(address)]
    return any(path is None or os.path.exists(path) for path in paths)


class Call(NamedTuple):
    """Somebody wants something of an object here."""

    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


class Reply(NamedTuple):
    """What a call is answered with."""

    signature: str | None = None
    body: tuple[Any, ...] = ()


class Heard(NamedTuple):
    """A signal, and the unique name of who sent it."""

    path: str
    interface: str
    member: str
    body: tuple[Any, ...]


Then = Callable[[tuple[Any, ...] | None], None]
"""Takes the answer to a question; None where it was refused."""


class Peer:
    """A connection of our own."""

    def __init__(self, address: str) -> None:
        """Open it; raises ``OSError``, ``RuntimeError`` or ``ValueError`` where there is no such bus."""
        self._connection = open_dbus_connection(address, auth_timeout=_SECONDS)
        self._connection.sock.settimeout(_SECONDS)  # a bus that takes nothing more has hung
        self._awaited: dict[int, Then] = {}
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._waker, self._woken = socket.socketpair()
        self._is_over = False

    # From any thread

    def soon(self, job: Callable[[], None]) -> None:
        """Let the serving thread do something."""
        self._jobs.put(job)
        with contextlib.suppress(OSError):
            self._waker.send(b".")

    def stop(self) -> None:
        """Let :meth:`serve` return when it has done what it was given."""
        self.soon(self._end)

    # In the serving thread

    def ask(
        self,
        name: str,
        path: str,
        member: str,
        signature: str | None = None,
        body: tuple[Any, ...] = (),
        then: Then = lambda answer: None,
        *,
        starts: bool = False,
    ) -> None:
        """Ask somebody; ``member`` is interface and method.  ``starts`` lets the bus start who is asked."""
        interface, method = member.rsplit(".", 1)
        question = new_method_call(DBusAddress(path, name, interface), method, signature, body)
        if not starts:
            question.header.flags |= MessageFlag.no_auto_start
        serial = next(self._connection.outgoing_serial)
        self._awaited[serial] = then
        self._connection.send(question, serial=serial)

    def tell(self, path: str, member: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> None:
        """Send a signal; ``member`` is interface and name."""
        interface, name = member.rsplit(".", 1)
        self._connection.send(new_signal(DBusAddress(path, interface=interface), name, signature, body))

    def listen(self, rule: str) -> None:
        """Hear the signals that a rule names, in the bus's own words: ``interface='org.kde.StatusNotifierWatcher'``."""
        self.ask(BUS, BUS_PATH, f"{BUS}.AddMatch", "s", (f"type='signal',{rule}",))

    def serve(self, answer: Callable[[Call], Reply | None], heard: Callable[[Heard], None]) -> None:
        """Answer and listen until :meth:`stop`; raises ``OSError`` when the bus has gone.

        Args:
            answer: answers a call; None refuses it.
        """
        try:
            while not self._is_over:
                while (message := self._next()) is not None:
                    self._take(message, answer, heard)
                select.select([self._connection.sock, self._woken], [], [])
                self._do_jobs()
        finally:
            for end in (self._connection, self._waker, self._woken):
                end.close()

    def _next(self) -> Message | None:
        try:
            return self._connection.receive(timeout=0)
        except TimeoutError:
            return None

    def _do_jobs(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(4096, socket.MSG_DONTWAIT)
        with contextlib.suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()()

    def _end(self) -> None:
        self._is_over = True

    def _take(self, message: Message, answer: Callable[[Call], Reply | None], heard: Callable[[Heard], None]) -> None:
        fields, kind = message.header.fields, message.header.message_type
        if kind in (MessageType.method_return, MessageType.error):
            then = self._awaited.pop(fields.get(HeaderFields.reply_serial, -1), None)
            if then is not None:
                then(tuple(message.body) if kind is MessageType.method_return else None)
            return
        told = (
            str(fields.get(HeaderFields.path, "")),
            str(fields.get(HeaderFields.interface, "")),
            str(fields.get(HeaderFields.member, "")),
            tuple(message.body),
        )
        if kind is MessageType.signal:
            heard(Heard(*told))
        elif kind is MessageType.method_call:
            reply = answer(Call(*told))
            if message.header.flags & MessageFlag.no_reply_expected:
                return
            if reply is None:
                self._connection.send(new_error(message, f"{BUS}.Error.UnknownMethod", "s", ("not here",)))
            else:
                self._connection.send(new_method_return(message, *reply))
