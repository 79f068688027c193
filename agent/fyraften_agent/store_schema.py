"""The tables of the raw data, step by step as they came to be, and how their file is opened.

The file is private (0600), overwrites what it deletes (``secure_delete``) and lets one process write while others
read (WAL).  Here is the one place that knows what the database library raises; everybody else sees ``StoreError``.
No table has a column for a network's name or address, for what was typed, or for how often.
Not here: questions and changes (see ``store``).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from fyraften_agent.errors import StoreError, StoreTrouble

_WAIT_SECONDS = 5.0
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

migrations = Migrations("fyraften.work")


@migrations()
def m001_first_tables(database: Database) -> None:
    """Lay out sessions, spans, observed time, places, pauses, agreement and notices."""
    for statement in _FIRST_TABLES:
        database.execute(statement)


_FIRST_TABLES = (
    "CREATE TABLE spans (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL,"
    " active_minutes INTEGER NOT NULL)",
    "CREATE INDEX spans_end ON spans (end)",
    "CREATE TABLE observed (id INTEGER PRIMARY KEY, start INTEGER NOT NULL, end INTEGER NOT NULL, ended TEXT)",
    "CREATE INDEX observed_end ON observed (end)",
    "CREATE TABLE places (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, label TEXT,"
    " workstation TEXT NOT NULL, made_at INTEGER NOT NULL)",
    "CREATE TABLE fingerprints (fingerprint TEXT PRIMARY KEY, place INTEGER REFERENCES places (id),"
    " seen_at INTEGER NOT NULL, asked_at INTEGER) WITHOUT ROWID",
    # The network the collector sees now: one row, none where there is no network.
    "CREATE TABLE current_network (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), fingerprint TEXT NOT NULL)",
    # What was measured, and beside it what the employee says instead (null: as measured). AUTOINCREMENT: the number
    # of a session that was purged must not come to mean another one.
    "CREATE TABLE sessions (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " first_span INTEGER UNIQUE, measured_start INTEGER, measured_end INTEGER, fingerprint TEXT,"
    " zone TEXT NOT NULL, open INTEGER NOT NULL DEFAULT 0,"
    " start INTEGER, end INTEGER, place INTEGER REFERENCES places (id), workstation TEXT, confirmed INTEGER,"
    " removed INTEGER NOT NULL DEFAULT 0, changed_by TEXT, changed_at INTEGER)",
    "CREATE INDEX sessions_end ON sessions (coalesce(end, measured_end))",
    "CREATE TABLE pauses (start INTEGER NOT NULL, until INTEGER, ended INTEGER)",
    "CREATE TABLE agreements (id INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, body TEXT NOT NULL)",
    "CREATE TABLE notices (key TEXT PRIMARY KEY, text TEXT NOT NULL, told_at INTEGER NOT NULL,"
    " shown INTEGER NOT NULL) WITHOUT ROWID",
)


def open_database(path: Path | None, *, only_reading: bool = False) -> Database:
    """Open the file, creating and migrating it as needed; None keeps an empty database in memory.

    Raises:
        StoreError: it cannot be opened, or holds something else.
    """
    with translated(path):
        if path is not None:
            _create_private(path)
        connection = sqlite3.connect(
            ":memory:" if path is None else path, timeout=_WAIT_SECONDS, check_same_thread=False, isolation_level=None
        )
        try:
            # Pages of one kibibyte: a tick changes a few bytes, and whole pages are written.
            connection.execute("PRAGMA page_size = 1024")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA secure_delete = ON")
            # Plugins of the library would be other people's code in this process.
            database = Database(connection, execute_plugins=False, recursive_triggers=False)
            _migrate(database, path)
            if only_reading:
                connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return database


def _create_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its -wal and -shm files the mode of the database.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def _migrate(database: Database, path: Path | None) -> None:
    if not migrations.pending(database):
        return
    # Another process may be at it, too: look again once nobody else can write.
    with transaction(database, path):
        migrations.apply(database)


@contextmanager
def transaction(database: Database, path: Path | None) -> Iterator[None]:
    """Run the block as one transaction that takes the right to write at once.

    Raises:
        StoreError: nothing of the block was written.
    """
    with translated(path):
        if database.conn.in_transaction:
            with database.atomic():
                yield
            return
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            database.rollback()
            raise


@contextmanager
def translated(path: Path | None) -> Iterator[None]:
    """Turn what the database library raises into a :class:`StoreError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _store_error(error, path) from error
    except OSError as error:
        raise StoreError(
            f"The file {path} cannot be opened: {error.strerror}. Check that it and its folder belong to you.",
            path=path,
        ) from error


def _store_error(error: sqlite3.Error, path: Path | None) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    trouble: StoreTrouble
    if code in _LOCKED:
        trouble, text = "locked", "is held by another program. Close that program, or try again in a moment."
    elif code in _FULL:
        trouble, text = "full", "cannot be written: the disk is full or fails. Free some space; what is stored is kept."
    elif code in _DAMAGED:
        trouble, text = (
            "damaged",
            "is damaged, or is no database. Move it to another folder to keep it, and start again: "
            "a new one is made, and hours can be written by hand with: fyraften log add",
        )
    else:
        trouble, text = "closed", f"cannot be used: {error}. Check that it and its folder belong to you."
    return StoreError(f"The file {path} {text}", path=path, trouble=trouble)
