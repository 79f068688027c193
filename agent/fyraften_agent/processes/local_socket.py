"""Messages over a UNIX socket of this computer: a length, then so many bytes.

The framing, and the names, are those of ``multiprocessing.connection``, which Windows goes on using for its named
pipes; that module loads four megabytes that a process which runs all day need not hold.
Standard library only.  Not here: what the messages say (``control``).
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
from types import TracebackType
from typing import Self

_LENGTH = struct.Struct("!i")
_SILENCE_SECONDS = 5


class SocketConnection:
    """One end of a connection; closed with its block. An other end that is silent for seconds is an ``OSError``."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = _impatient(peer)

    def fileno(self) -> int:
        """Return the file descriptor."""
        return self._peer.fileno()

    def poll(self, seconds: float) -> bool:
        """Wait so long for something to read; say whether there is."""
        readable, _, _ = select.select([self._peer], [], [], seconds)
        return bool(readable)

    def send_bytes(self, message: bytes) -> None:
        """Send one message."""
        self._peer.sendall(_LENGTH.pack(len(message)) + message)

    def recv_bytes(self, longest: int) -> bytes:
        """Return one message; raises ``EOFError`` where the other end has gone, ``OSError`` where it is longer."""
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        if not 0 <= length <= longest:
            raise OSError("bad message length")
        return self._exactly(length)

    def close(self) -> None:
        """Close it; may be called twice."""
        self._peer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _exactly(self, count: int) -> bytes:
        received = b""
        while len(received) < count:
            piece = self._peer.recv(count - len(received))
            if not piece:
                raise EOFError
            received += piece
        return received


class SocketListener:
    """Waits for others to connect."""

    def __init__(self, address: str, backlog: int) -> None:
        self._address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.bind(address)
            self._socket.listen(backlog)
        except OSError:
            self._socket.close()
            raise

    def accept(self) -> SocketConnection:
        """Wait for the next."""
        peer, _ = self._socket.accept()
        return SocketConnection(peer)

    def close(self) -> None:
        """Wait no more, and remove the address; may be called twice."""
        self._socket.close()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._address)


def _impatient(peer: socket.socket) -> socket.socket:
    """Let no call on a socket wait longer; the kernel's own limit, as Python's would refuse where it should wait."""
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        peer.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", _SILENCE_SECONDS, 0))
    return peer


def connect(address: str) -> SocketConnection:
    """Return a connection to whoever listens; raises ``OSError`` where nobody does."""
    peer = _impatient(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
    try:
        peer.connect(address)
    except OSError:
        peer.close()
        raise
    return SocketConnection(peer)
