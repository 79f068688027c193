"""A real HTTP server on loopback that answers whatever a test wants: the truth, lies, garbage, or nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(frozen=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    raw: bytes = field(repr=False)


Reply = Callable[[Asked, socket.socket], None]
"""Writes the answer to the connection; what it does not write is not sent."""


def answer(status: int, body: bytes, media_type: str = "application/json", *headers: str) -> bytes:
    """Return a whole HTTP answer."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def says(raw: bytes) -> Reply:
    """Return a reply that sends these bytes and closes."""
    return lambda asked, connection: connection.sendall(raw)


class LyingServer:
    """Serves one connection after the other in a thread; ``asked`` is what came, in order."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.asked: list[Asked] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> LyingServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join(20)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            connection, _address = self._listener.accept()
            with connection:
                if self._ended.is_set():
                    return
                connection.settimeout(15)
                try:
                    asked = _read(connection)
                    if asked is not None:
                        self.asked.append(asked)
                        self.reply(asked, connection)
                except OSError:
                    continue  # the other side has heard enough


def _read(connection: socket.socket) -> Asked | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = connection.recv(65536)
        if not part:
            return None
        raw += part
    head, _blank, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        part = connection.recv(65536)
        if not part:
            return None
        body += part
    method, path, _version = first.split(" ")
    return Asked(method, path, headers, body, raw)
