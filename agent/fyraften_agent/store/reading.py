"""Opens a file of raw data for reading only, also where nothing can be written: a full disk, a read-only folder.

A file with a write-ahead log wants two files beside it even to be read. Where they cannot be made and no log is
waiting, the file alone is everything there is.
Standard library only. Not here: what is asked (``store``, ``pauses``).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def connect_to_read(file: Path, wait_seconds: float) -> sqlite3.Connection:
    """Return a connection that cannot write; raises :class:`sqlite3.Error` where the file cannot be read."""
    address = f"{file.absolute().as_uri()}?mode=ro"
    try:
        return _connect(address, wait_seconds)
    except sqlite3.OperationalError as failure:
        if failure.sqlite_errorcode & 0xFF in _LOCKED or _log_waits(file):
            raise
        return _connect(f"{address}&immutable=1", wait_seconds)


def is_garbled(failure: Exception) -> bool:
    """Say whether words in the file could not be read, of which Python's module tells without the database's code."""
    return isinstance(failure, UnicodeDecodeError) or (
        isinstance(failure, sqlite3.Error) and not hasattr(failure, "sqlite_errorcode") and "decode" in str(failure)
    )


def _connect(address: str, wait_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=True, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _log_waits(file: Path) -> bool:
    """Say whether there is something in the log that is not in the file yet."""
    log = file.with_name(f"{file.name}-wal")
    return log.exists() and log.stat().st_size > 0
