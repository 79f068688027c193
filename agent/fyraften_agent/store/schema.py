"""The file of the raw data: how it is opened, asked and changed.

The file is private (0600), overwrites what it deletes (``secure_delete``) and lets one process write while others
read (WAL).  What the database raises is told as ``StoreError``.  A file counts its steps in ``user_version``: one that
is up to date is opened without the database library.
Standard library only, because the collector keeps a file open.
Not here: the tables (``store.migrations``), questions and changes (``store``).
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from fyraften_agent.errors import StoreError, StoreTrouble
from fyraften_agent.mending.wholeness import is_whole, seal_layout
from fyraften_agent.store.reading import connect_to_read, is_garbled
from fyraften_agent.store.seals import let_seal, seal_tables
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of

if TYPE_CHECKING:
    from fyraften_agent.mending.salvage import Layout

WAIT_SECONDS = 5.0
STEPS = 10
"""How many steps the tables have come; one more with every step in ``store.migrations``."""
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


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
                self._migrate()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the file; may be called twice."""
        with self._errors():
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """Return the answer to a question, all at once: half-read answers keep the log from being emptied."""
        with self._errors():
            answer = self._connection.execute(sql, parameters)
            names = [column[0] for column in answer.description or ()]
            return [dict(zip(names, row, strict=True)) for row in answer]

    def change(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Make one change; its ``rowcount`` and ``lastrowid`` tell what came of it."""
        with self._errors():
            return self._connection.execute(sql, parameters)

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
                with self._part():
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
            if self._is_up_to_date():
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
            copy._migrate()
        return copy

    def data_version(self) -> int:
        """Return a number that is another one after each change by somebody else."""
        with self._errors():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

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
        from fyraften_agent.mending.salvage import layouts

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
        if self._is_up_to_date():
            return
        from fyraften_agent.store.migrations import apply

        # Another process may be at it, too: what is pending is asked again once nobody else can write.
        with self.transaction():
            apply(self._connection)
            seal_tables(self._connection)
            self._connection.execute(f"PRAGMA user_version = {STEPS}")
            seal_layout(self._connection)

    def _is_up_to_date(self) -> bool:
        return bool(self._connection.execute("PRAGMA user_version").fetchone()[0] >= STEPS)

    @contextmanager
    def _part(self) -> Iterator[None]:
        """Run a block inside a transaction; of a block that fails nothing is left."""
        self._connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO part")
            raise
        finally:
            if self._connection.in_transaction:  # a full disk may have rolled back everything
                self._connection.execute("RELEASE part")

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


def is_up_to_date(path: Path) -> bool:
    """Say whether the file is there and would be opened without the database library; False where nobody knows."""
    try:
        with closing(connect_to_read(path, WAIT_SECONDS)) as connection:
            return bool(connection.execute("PRAGMA user_version").fetchone()[0] >= STEPS)
    except sqlite3.Error:
        return False


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
