"""Whether a file of raw data is as it was written: the pages, every row, and the tables themselves.

The words that lay out the tables, and the names of the steps that made them, are sealed in the file's
``application_id``: with a changed word in there the database would read rows otherwise than they were written, and
find all in order.
Not here: what is done about damage (``mending``).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from fyraften_agent.store.seals import UNSEALED, broken_seals, seal

_MIGRATIONS = UNSEALED[0]
# What says nothing about the content of a file: it is held, cannot be opened or read, or memory ran out.
_NO_ANSWER = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_AUTH),
}


def seal_layout(connection: sqlite3.Connection) -> None:
    """Seal the words that lay out the tables; in the transaction that changed them."""
    connection.execute(f"PRAGMA application_id = {_layout_seal(connection)}")


def is_whole(connection: sqlite3.Connection) -> bool:
    """Say whether the file is as it was written; reads all of it.

    Raises:
        sqlite3.Error: that cannot be said now: somebody holds the file, or the disk does not answer.
    """
    try:
        if connection.execute("PRAGMA application_id").fetchone() != (_layout_seal(connection),):
            return False
        return connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",) and not broken_seals(connection)
    except (sqlite3.Error, UnicodeDecodeError) as failure:
        if getattr(failure, "sqlite_errorcode", 0) & 0xFF in _NO_ANSWER:
            raise
        return False


def is_ours(path: Path) -> bool:
    """Say whether a file, if there is one, has our tables, laid out as we wrote them; changes nothing of it."""
    if not path.exists() or not path.stat().st_size:
        return True
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            (told,) = connection.execute("PRAGMA application_id").fetchone()
            # Before rows were sealed there was none.
            return not names or (_MIGRATIONS in names and told in (0, _layout_seal(connection)))
    except (sqlite3.Error, UnicodeDecodeError) as failure:
        return getattr(failure, "sqlite_errorcode", 0) & 0xFF in _NO_ANSWER


def _layout_seal(connection: sqlite3.Connection) -> int:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
    words = [word for row in rows for word in row]
    words += connection.execute("PRAGMA user_version").fetchone()  # how many steps were made
    words += [name for (name,) in connection.execute(f"SELECT name FROM {_MIGRATIONS} ORDER BY name")]
    return seal("layout", *words) or 1  # zero: not sealed
