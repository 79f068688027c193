"""The file of the raw data: its tables, step by step as they came to be, and how it is opened, asked and changed.

The file is private (0600), overwrites what it deletes (``secure_delete``) and lets one process write while others
read (WAL).  The only module that imports the database library; what that raises is told as ``StoreError``.
No table has a column for a network's name or address, for what was typed, or for how often.
Not here: questions and changes (see ``store``).
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database, Migrations

from fyraften_agent.errors import StoreError, StoreTrouble
from fyraften_agent.reading import connect_to_read, is_garbled
from fyraften_agent.salvage import Layout, layouts
from fyraften_agent.seals import let_seal, seal_tables
from fyraften_agent.wholeness import is_whole, seal_layout
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of

WAIT_SECONDS = 5.0
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

migrations = Migrations("fyraften.work")


@migrations()
def m001_first_tables(database: Database) -> None:
    """Lay out sessions, spans, observed time, places, pauses, agreement and notices."""
    for statement in _FIRST_TABLES:
        database.execute(statement)


@migrations()
def m002_choices(database: Database) -> None:
    """Lay out what the employee chose about measuring."""
    database.execute(
        "CREATE TABLE choices (name TEXT PRIMARY KEY, value TEXT NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID"
    )


@migrations()
def m003_watched(database: Database) -> None:
    """Tell a screen in use without input from work that was measured by input."""
    database.execute("ALTER TABLE sessions ADD COLUMN watched INTEGER NOT NULL DEFAULT 0")


@migrations()
def m004_private(database: Database) -> None:
    """Tell private time, of which the employee says that it was no work, from other pauses."""
    database.execute("ALTER TABLE pauses ADD COLUMN private INTEGER NOT NULL DEFAULT 0")


@migrations()
def m005_docked(database: Database) -> None:
    """Keep whether a display stood beside the laptop's own: the mark of a fixed workstation."""
    database.execute("ALTER TABLE sessions ADD COLUMN docked INTEGER NOT NULL DEFAULT 0")


@migrations()
def m006_corrections(database: Database) -> None:
    """Keep every version of a session, and where a session came from."""
    for statement in _CORRECTIONS:
        database.execute(statement)


@migrations()
def m007_mendings(database: Database) -> None:
    """Lay out what was done about damage; from here on every row is sealed (see ``_migrate``)."""
    database.execute(
        "CREATE TABLE mendings (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, file TEXT, saved INTEGER NOT NULL,"
        " lost INTEGER, days TEXT NOT NULL, paused INTEGER NOT NULL)"
    )


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


# What a session was before each of the employee's changes; triggers write it, so that no change can forget to.
# ``origin`` names a session that was not measured here, so that an import finds it again: nothing is doubled.
_NEW_ORIGIN = "'added:' || lower(hex(randomblob(8)))"
_BEFORE = "start, end, place, workstation, confirmed, removed, before_by, before_at"
_CORRECTIONS = (
    "ALTER TABLE sessions ADD COLUMN origin TEXT",
    f"UPDATE sessions SET origin = {_NEW_ORIGIN} WHERE measured_start IS NULL",
    "CREATE UNIQUE INDEX sessions_origin ON sessions (origin)",
    "CREATE TABLE corrections (id INTEGER PRIMARY KEY,"
    " session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, at INTEGER NOT NULL, by TEXT NOT NULL,"
    " was_there INTEGER NOT NULL, start INTEGER, end INTEGER, place INTEGER, workstation TEXT, confirmed INTEGER,"
    " removed INTEGER, before_by TEXT, before_at INTEGER)",
    "CREATE INDEX corrections_session ON corrections (session)",
    "INSERT INTO corrections (session, at, by, was_there, removed) SELECT id, changed_at,"
    " coalesce(changed_by, 'employee'), measured_start IS NOT NULL, 0 FROM sessions WHERE changed_at IS NOT NULL",
    "CREATE TRIGGER session_corrected AFTER UPDATE OF changed_at ON sessions WHEN new.changed_at IS NOT NULL BEGIN"
    f" INSERT INTO corrections (session, at, by, was_there, {_BEFORE}) VALUES (old.id, new.changed_at, new.changed_by,"
    " 1, old.start, old.end, old.place, old.workstation, old.confirmed, old.removed, old.changed_by, old.changed_at);"
    " END",
    "CREATE TRIGGER session_added AFTER INSERT ON sessions WHEN new.measured_start IS NULL BEGIN"
    f" UPDATE sessions SET origin = {_NEW_ORIGIN} WHERE id = new.id AND origin IS NULL;"
    " INSERT INTO corrections (session, at, by, was_there) VALUES (new.id, new.changed_at, new.changed_by, 0); END",
)


class WorkFile:
    """The open file: questions, changes, transactions. Whatever fails is told as a :class:`StoreError`."""

    @classmethod
    def open_to_read(cls, path: Path, wait_seconds: float = WAIT_SECONDS) -> Self:
        """Open a file that is there for reading, also where nothing can be written; raises :class:`StoreError`."""
        file = cls.__new__(cls)
        file.path, file._one_at_a_time = path, threading.RLock()
        with file._errors():
            file._connection = connect_to_read(path, wait_seconds)
            let_seal(file._connection)
            file._database = Database(file._connection, execute_plugins=False, recursive_triggers=False)
        return file

    def __init__(self, path: Path | None, wait_seconds: float = WAIT_SECONDS) -> None:
        """Open the file, making and migrating it as needed; None keeps everything in memory.

        Args:
            wait_seconds: how long to wait for another program that holds the file.

        Raises:
            StoreError: the file is held by another program, damaged, on a full disk, or not yours.
        """
        self.path: Path | None = path
        self._one_at_a_time = threading.RLock()
        with self._errors():
            if path is not None:
                _create_private(path)
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path,
                timeout=wait_seconds,
                isolation_level=None,
                check_same_thread=False,  # one thread at a time: see _errors
            )
            try:
                for pragma in _PRAGMAS:
                    self._connection.execute(pragma)
                let_seal(self._connection)
                # Plugins of the library would be other people's code in this process.
                self._database = Database(self._connection, execute_plugins=False, recursive_triggers=False)
                self._migrate()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file; may be called twice."""
        with self._errors():
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """Return the answer to a question, all at once: half-read answers keep the log from being emptied."""
        with self._errors():
            return list(self._database.query(sql, parameters))

    def change(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Make one change; its ``rowcount`` and ``lastrowid`` tell what came of it."""
        with self._errors():
            return self._database.execute(sql, parameters)

    def change_each(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Make one change for each of the parameters."""
        with self._errors():
            self._connection.executemany(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block as one transaction, which takes the right to write at once; inside another, as part of it.

        Raises:
            StoreError: nothing of the block was written.
        """
        with self._errors():
            if self._connection.in_transaction:
                with self._database.atomic():
                    yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def up_to_date(self) -> WorkFile:
        """Return this file or, where it was opened to read and is of an older version, a copy that is brought up."""
        with self._errors():
            is_older = bool(migrations.pending(self._database))
        if not is_older:
            return self
        copy = self.copy_in_memory()
        self.close()
        return copy

    def copy_in_memory(self) -> WorkFile:
        """Return a file in memory with the same content, on which anything may be tried."""
        copy = type(self).__new__(type(self))
        copy.path, copy._one_at_a_time = None, threading.RLock()
        with self._errors():
            copy._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            self._connection.backup(copy._connection)  # while it is empty, so that it takes over the size of a page
            copy._connection.execute("PRAGMA foreign_keys = ON")
            let_seal(copy._connection)
            copy._database = Database(copy._connection, execute_plugins=False, recursive_triggers=False)
            copy._migrate()
        return copy

    def empty_log(self) -> bool:
        """Move the write-ahead log into the file and cut it to nothing; False where a reader is in the way."""
        with self._errors():
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def is_whole(self) -> bool:
        """Say whether the file is in order and every row as it was written; reads all of it."""
        with self._errors():
            return is_whole(self._connection)

    def check_whole(self) -> None:
        """Raise :class:`StoreError` where the file is damaged anywhere."""
        if not self.is_whole():
            raise damaged(self.path)

    def layouts(self) -> list[Layout]:
        """Return how the rows of each table are kept."""
        with self._errors():
            return layouts(self._connection)

    @contextmanager
    def without_triggers(self) -> Iterator[None]:
        """Run the block as one transaction in which rows are written as they are given, and nothing follows of it."""
        self.change("PRAGMA foreign_keys = OFF")
        try:
            with self.transaction():
                triggers = self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                for trigger in triggers:
                    self.change(f"DROP TRIGGER {trigger['name']}")
                yield
                for trigger in triggers:
                    self.change(trigger["sql"])
        finally:
            self.change("PRAGMA foreign_keys = ON")

    def _migrate(self) -> None:
        if migrations.pending(self._database):
            # Another process may be at it, too: what is pending is asked again once nobody else can write.
            with self.transaction():
                migrations.apply(self._database)
                seal_tables(self._connection)
                seal_layout(self._connection)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Let one thread at a time use the connection, a transaction as a whole; tell what fails as a StoreError."""
        try:
            with self._one_at_a_time:
                yield
        except sqlite3.IntegrityError:
            raise  # a mistake in the code, not trouble with the file
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise _store_error(error, self.path) from error
        except OSError as error:
            raise StoreError(
                mark("The file {path} cannot be opened: {reason}. Check that it and its folder belong to you."),
                path=self.path,
                reason=reason_of(error),
            ) from error


_PRAGMAS = (
    # Pages of one kibibyte: a tick changes a few bytes, and whole pages are written.
    "PRAGMA page_size = 1024",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
)


def _create_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its -wal and -shm files the mode of the database.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def damaged(path: Path | None, error: object = None) -> StoreError:
    """Return the error of a damaged file."""
    return StoreError(
        mark(
            "The file {path} is damaged, or is no database. When recording starts, it is set aside, and what can be "
            "saved of it goes on in a new one: fyraften run"
        ),
        path=path,
        trouble="damaged",
        problem=error,
    )


def _store_error(error: sqlite3.Error | UnicodeDecodeError, path: Path | None) -> StoreError:
    code = sqlite3.SQLITE_CORRUPT if is_garbled(error) else getattr(error, "sqlite_errorcode", 0) & 0xFF
    trouble: StoreTrouble
    if code in _LOCKED:
        trouble = "locked"
        words = mark("The file {path} is held by another program. Close that program, or try again in a moment.")
    elif code in _FULL:
        trouble = "full"
        words = mark(
            "The file {path} cannot be written: the disk is full or fails. Free some space; what is stored is kept."
        )
    elif code in _DAMAGED:
        return damaged(path, error)
    else:
        trouble = "closed"
        words = mark("The file {path} cannot be used: {problem}. Check that it and its folder belong to you.")
    return StoreError(words, path=path, trouble=trouble, problem=error)
