"""What has grown since it was written last, in one small page beside the file of the raw data.

A tick only lets the ends of rows grow that are there already.  Through the database that would write six pages every
time, through this file one, over itself; and what was held when a process was killed is still there.
Whoever opens or asks the store takes it in first, so that nobody sees less.  It only ever lets rows grow that are
there: what was erased or ended meanwhile does not come back.
Not here: when to hold and when to write (``recording``).
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from pathlib import Path

from fyraften_agent.recording.activity import Changes

_BYTES = 512
_NOTHING = b" " * _BYTES

Grown = tuple[list[tuple[int, int, int]], list[tuple[int, int]], list[tuple[int, int]]]
"""Spans with end and active minutes, sessions by their first span with end, observed time with end."""


def held_of(work: Path) -> Path:
    """Return where the page of a file of raw data is."""
    return work.with_name(f"{work.name}-held")


class Held:
    """The page of one file of raw data; made when something is first held, private as the file itself."""

    def __init__(self, work: Path) -> None:
        self.path = held_of(work)
        self._file: int | None = None
        self._is_empty = False

    def hold(self, changes: Changes) -> bool:
        """Keep the ends of rows that are written already; False where that cannot be: then they are to be written."""
        grown = [
            [[row.id, row.end, row.active_minutes] for row in changes.spans],
            [[row.id, row.end] for row in changes.sessions],
            [[row.id, row.end] for row in changes.observed],
        ]
        words = json.dumps(grown, separators=(",", ":")).encode("ascii")
        page = b"%08x%s" % (zlib.crc32(words), words)
        if len(page) > _BYTES:
            return False
        self._is_empty = False
        return self._write(page.ljust(_BYTES))

    def read(self) -> Grown | None:
        """Return what is held; None where nothing is, or only half of it was written."""
        page = self._page()
        words = page[8:].rstrip()
        if not words or page[:8] != b"%08x" % zlib.crc32(words):
            return None
        spans, sessions, observed = json.loads(words)
        return spans, sessions, observed

    def is_damaged(self) -> bool:
        """Say whether something is held that cannot be read: nobody knows what."""
        return bool(self._page().strip()) and self.read() is None

    def clear(self) -> None:
        """Hold nothing any more, and leave no trace of what was held."""
        if not self._is_empty and self.path.exists():
            self._is_empty = self._write(_NOTHING)

    def close(self) -> None:
        """Close the file; may be called twice."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _page(self) -> bytes:
        try:
            with open(self.path, "rb", buffering=0) as file:
                return file.read(_BYTES)
        except OSError:
            return b""

    def _write(self, page: bytes) -> bool:
        with contextlib.suppress(OSError):
            if self._file is None:
                self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            os.lseek(self._file, 0, os.SEEK_SET)
            return os.write(self._file, page) == len(page)
        return False
