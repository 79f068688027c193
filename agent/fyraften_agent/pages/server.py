"""Serves the local page on 127.0.0.1 until Ctrl-C, until it is closed, or until nobody has used it for a while.

Binds loopback only, on a port the system chooses, writes no log, and ends with its process.
Not here: who may read (``guard.py``) and what is shown (``app.py``).
"""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import uvicorn

from fyraften_agent.clock import Clock
from fyraften_agent.pages.app import create_app
from fyraften_agent.pages.guard import Door, Guard
from fyraften_agent.pages.peer import can_be_asked, owner_of
from fyraften_agent.paths import Paths

LOOPBACK = "127.0.0.1"
IDLE_SECONDS = 30 * 60
_LOOK_SECONDS = 0.5


class LocalPage:
    """The page of one person, bound and ready to be served."""

    def __init__(self, paths: Paths, clock: Clock, language: str, idle_seconds: float = IDLE_SECONDS) -> None:
        self._clock, self._idle_seconds = clock, idle_seconds
        self._used_at = clock.boottime()  # an open page does not outlive a night's sleep of the computer
        self._closing = False
        self._door = Door()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.bind((LOOPBACK, 0))
        self._socket.listen()  # from here on a browser may come; it is answered once the server runs
        self._served: tuple[str, int] = self._socket.getsockname()
        self.authority = f"{LOOPBACK}:{self._served[1]}"
        app = create_app(paths, clock, language, self._door, self._close, int(idle_seconds // 60))
        self._guard = Guard(app, authority=self.authority, door=self._door, is_own=self._is_own, seen=self._note_use)

    @property
    def address(self) -> str:
        """Return the address that opens the page once."""
        return f"http://{self.authority}/#{self._door.code}"

    def serve(self) -> None:
        """Serve until the page is closed, idle, or interrupted."""
        settings = uvicorn.Config(
            self._guard,
            log_level="critical",
            access_log=False,
            server_header=False,
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        asyncio.run(self._serve(uvicorn.Server(settings)))

    async def _serve(self, server: uvicorn.Server) -> None:
        serving = asyncio.create_task(server.serve(sockets=[self._socket]))
        while not serving.done():
            await asyncio.wait([serving], timeout=_LOOK_SECONDS)
            if self._closing or self._clock.boottime() - self._used_at >= self._idle_seconds:
                server.should_exit = True
        await serving

    def _is_own(self, address: tuple[str, int]) -> bool:
        return is_own_connection(address, self._served)

    def _note_use(self) -> None:
        self._used_at = self._clock.boottime()

    def _close(self) -> None:
        self._closing = True


def is_own_connection(address: tuple[str, int], served: tuple[str, int], root: Path = Path("/")) -> bool:
    """Say whether the caller is this account: where the system tells owners, an unknown one is not."""
    return not can_be_asked(root) or owner_of(address, served, root) == os.getuid()
