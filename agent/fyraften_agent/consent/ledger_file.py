"""The file of everything that concerns agreeing and sending: consent ledger, enrolments, outbox and receipts.

Its tables, how it is opened, and what its failures are called. Rules that must hold whatever the code does are in the
database: events are only added, reports and enrolments only go forward, the bytes of a report never change.
Standard library only, because the supervisor and the collector read consent here and must stay small. The file keeps a
rollback journal, not a write-ahead log: writes are rare, and one file is easier to erase. The journal stays where it
is, empty: the kernel's rules for the sender name the files it may write (``sandbox``), and a new one would not be among
them. Opening for reading creates nothing.
Not here: what is in the tables (``ledger_store.py``, ``sending/enrolment.py``, ``sending/outbox.py``).
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fyraften_agent.errors import StoreError, StoreTrouble
from fyraften_agent.store.reading import is_garbled
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence, reason_of, sentence

_WAIT_SECONDS = 5.0
_TROUBLES: dict[int, StoreTrouble] = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
}
_REMEDIES: dict[StoreTrouble, str] = {
    "locked": mark("Another program holds the file: try again in a moment."),
    "full": mark("The disk is full: make room and try again."),
    "damaged": mark("To set it aside and be asked anew, write: fyraften consent give recording"),
    "closed": mark("See that you may read and write the folder it is in."),
}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_MIGRATIONS = (
    """
    CREATE TABLE events (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        purpose TEXT NOT NULL,
        details TEXT NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL UNIQUE,
        signature BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
    CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
    CREATE TRIGGER events_follow BEFORE INSERT ON events
        WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM events)
        BEGIN SELECT RAISE(ABORT, 'events are only added at the end'); END;

    CREATE TABLE texts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;

    CREATE TABLE enrolments (
        subject TEXT PRIMARY KEY,
        purpose TEXT NOT NULL CHECK (purpose IN ('group', 'duty')),
        state TEXT NOT NULL CHECK (state IN ('started', 'enrolled', 'leaving', 'left')),
        server TEXT NOT NULL,
        organisation TEXT NOT NULL,
        contact TEXT NOT NULL,
        service_key BLOB NOT NULL,
        smallest_group INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        code TEXT,
        cell TEXT,
        enrolled_at INTEGER,
        receipt BLOB,
        erasure_receipt BLOB,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try_at INTEGER,
        problem TEXT
    ) STRICT;
    CREATE TRIGGER enrolments_go_forward BEFORE UPDATE OF state ON enrolments
        WHEN NEW.state <> OLD.state
            AND OLD.state || '>' || NEW.state NOT IN
                ('started>enrolled', 'started>leaving', 'enrolled>leaving', 'leaving>left')
        BEGIN SELECT RAISE(ABORT, 'an enrolment only goes forward'); END;

    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        report TEXT NOT NULL,
        purpose TEXT NOT NULL CHECK (purpose IN ('group', 'duty')),
        period TEXT NOT NULL,
        subject TEXT NOT NULL REFERENCES enrolments (subject),
        body BLOB,
        sha256 TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'held'
            CHECK (state IN ('held', 'approved', 'sent', 'receipted', 'refused', 'purged')),
        kept_back INTEGER NOT NULL DEFAULT 0 CHECK (kept_back IN (0, 1)),
        prepared_at INTEGER NOT NULL,
        approved_at INTEGER,
        sent_at INTEGER,
        ended_at INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try_at INTEGER,
        problem TEXT,
        receipt BLOB,
        CHECK (body IS NOT NULL OR state = 'purged')
    ) STRICT;
    CREATE UNIQUE INDEX outbox_once ON outbox (report, period, subject) WHERE state <> 'purged';
    CREATE TRIGGER outbox_starts_held BEFORE INSERT ON outbox WHEN NEW.state <> 'held'
        BEGIN SELECT RAISE(ABORT, 'a report starts held'); END;
    CREATE TRIGGER outbox_goes_forward BEFORE UPDATE OF state ON outbox
        WHEN NEW.state <> OLD.state
            AND OLD.state || '>' || NEW.state NOT IN
                ('held>approved', 'held>purged', 'approved>sent', 'approved>receipted', 'approved>refused',
                 'approved>purged', 'sent>receipted', 'sent>refused')
        BEGIN SELECT RAISE(ABORT, 'a report only goes forward'); END;
    CREATE TRIGGER outbox_bytes_stay BEFORE UPDATE OF report, purpose, period, subject, body, sha256 ON outbox
        WHEN NEW.report <> OLD.report OR NEW.purpose <> OLD.purpose OR NEW.period <> OLD.period
            OR NEW.subject <> OLD.subject OR NEW.sha256 <> OLD.sha256
            OR (NEW.body IS NOT OLD.body AND NOT (NEW.body IS NULL AND NEW.state = 'purged'))
        BEGIN SELECT RAISE(ABORT, 'the bytes of a report are made once'); END;
    CREATE TRIGGER outbox_remains BEFORE DELETE ON outbox
        BEGIN SELECT RAISE(ABORT, 'what was sent is not forgotten'); END;

    CREATE TABLE settings (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
    """,
    """
    -- More purposes than group and duty: the two tables are made anew, because SQLite changes no CHECK in place.
    CREATE TABLE enrolments_before AS SELECT * FROM enrolments;
    CREATE TABLE outbox_before AS SELECT * FROM outbox;
    DROP TABLE outbox;
    DROP TABLE enrolments;
    CREATE TABLE enrolments (
        subject TEXT PRIMARY KEY,
        purpose TEXT NOT NULL CHECK (purpose IN ('group', 'pulse', 'duty', 'record')),
        state TEXT NOT NULL CHECK (state IN ('started', 'enrolled', 'leaving', 'left')),
        server TEXT NOT NULL,
        organisation TEXT NOT NULL,
        contact TEXT NOT NULL,
        service_key BLOB NOT NULL,
        smallest_group INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        code TEXT,
        cell TEXT,
        enrolled_at INTEGER,
        receipt BLOB,
        erasure_receipt BLOB,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try_at INTEGER,
        problem TEXT
    ) STRICT;
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        report TEXT NOT NULL,
        purpose TEXT NOT NULL CHECK (purpose IN ('group', 'pulse', 'duty', 'record')),
        period TEXT NOT NULL,
        subject TEXT NOT NULL REFERENCES enrolments (subject),
        body BLOB,
        sha256 TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'held'
            CHECK (state IN ('held', 'approved', 'sent', 'receipted', 'refused', 'purged')),
        kept_back INTEGER NOT NULL DEFAULT 0 CHECK (kept_back IN (0, 1)),
        prepared_at INTEGER NOT NULL,
        approved_at INTEGER,
        sent_at INTEGER,
        ended_at INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try_at INTEGER,
        problem TEXT,
        receipt BLOB,
        CHECK (body IS NOT NULL OR state = 'purged')
    ) STRICT;
    INSERT INTO enrolments SELECT * FROM enrolments_before;
    INSERT INTO outbox SELECT * FROM outbox_before;
    DROP TABLE outbox_before;
    DROP TABLE enrolments_before;

    CREATE TRIGGER enrolments_go_forward BEFORE UPDATE OF state ON enrolments
        WHEN NEW.state <> OLD.state
            AND OLD.state || '>' || NEW.state NOT IN
                ('started>enrolled', 'started>leaving', 'enrolled>leaving', 'leaving>left')
        BEGIN SELECT RAISE(ABORT, 'an enrolment only goes forward'); END;
    CREATE UNIQUE INDEX outbox_once ON outbox (report, period, subject) WHERE state <> 'purged';
    CREATE TRIGGER outbox_starts_held BEFORE INSERT ON outbox WHEN NEW.state <> 'held'
        BEGIN SELECT RAISE(ABORT, 'a report starts held'); END;
    CREATE TRIGGER outbox_goes_forward BEFORE UPDATE OF state ON outbox
        WHEN NEW.state <> OLD.state
            AND OLD.state || '>' || NEW.state NOT IN
                ('held>approved', 'held>purged', 'approved>sent', 'approved>receipted', 'approved>refused',
                 'approved>purged', 'sent>receipted', 'sent>refused')
        BEGIN SELECT RAISE(ABORT, 'a report only goes forward'); END;
    CREATE TRIGGER outbox_bytes_stay BEFORE UPDATE OF report, purpose, period, subject, body, sha256 ON outbox
        WHEN NEW.report <> OLD.report OR NEW.purpose <> OLD.purpose OR NEW.period <> OLD.period
            OR NEW.subject <> OLD.subject OR NEW.sha256 <> OLD.sha256
            OR (NEW.body IS NOT OLD.body AND NOT (NEW.body IS NULL AND NEW.state = 'purged'))
        BEGIN SELECT RAISE(ABORT, 'the bytes of a report are made once'); END;
    CREATE TRIGGER outbox_remains BEFORE DELETE ON outbox
        BEGIN SELECT RAISE(ABORT, 'what was sent is not forgotten'); END;
    """,
    """
    ALTER TABLE outbox ADD COLUMN tried_at INTEGER;
    UPDATE outbox SET tried_at = coalesce(sent_at, approved_at) WHERE attempts > 0;
    DROP INDEX outbox_once;
    CREATE UNIQUE INDEX outbox_once_without_name ON outbox (report, period, subject)
        WHERE state <> 'purged' AND purpose IN ('group', 'pulse');
    CREATE UNIQUE INDEX outbox_waits_once ON outbox (report, period, subject)
        WHERE state IN ('held', 'approved') AND tried_at IS NULL;
    CREATE UNIQUE INDEX outbox_leaves_once ON outbox (report, period, subject)
        WHERE state IN ('approved', 'sent') AND tried_at IS NOT NULL;
    CREATE TRIGGER outbox_tries_stay BEFORE UPDATE OF tried_at ON outbox
        WHEN OLD.tried_at IS NOT NULL AND NEW.tried_at IS NOT OLD.tried_at
        BEGIN SELECT RAISE(ABORT, 'what may have left is not forgotten'); END;

    CREATE TABLE policies (
        service TEXT NOT NULL,
        is_refused INTEGER NOT NULL CHECK (is_refused IN (0, 1)),
        number INTEGER NOT NULL,
        envelope BLOB NOT NULL,
        seen_at INTEGER NOT NULL,
        problem TEXT,
        PRIMARY KEY (service, is_refused)
    ) STRICT;
    CREATE TRIGGER policies_go_forward BEFORE UPDATE OF number ON policies
        WHEN NEW.is_refused = 0 AND NEW.number < OLD.number
        BEGIN SELECT RAISE(ABORT, 'no older policy takes the place of a newer one'); END;
    """,
)


def open_ledger(path: Path | None) -> sqlite3.Connection:
    """Return a connection that may write; makes the file (0600, in a folder 0700) where there is none.

    Args:
        path: the file, or ``None`` for a ledger in memory (the demo's).

    Raises:
        StoreError: the file is locked, damaged, of a newer version, or cannot be written.
    """
    with storage_errors():
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = _connect(":memory:" if path is None else str(path))
        try:
            _migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def open_to_read(path: Path) -> sqlite3.Connection | None:
    """Return a connection that cannot write, or ``None`` where there is no ledger; creates nothing.

    A ledger of an earlier version of the program is brought to this one first.
    """
    if not path.exists() or not path.stat().st_size:
        return None
    with storage_errors():
        # Not mode=ro: what a killed writer left half done must be undone before anything can be read.
        connection = _connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)
        try:
            if 0 < _version(connection) < len(_MIGRATIONS):
                _migrate(connection)
            if _version(connection) != len(_MIGRATIONS):
                raise _other_version()
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
        return connection


def check_file(connection: sqlite3.Connection) -> None:
    """Raise :class:`StoreError` where the file is damaged anywhere, also where it says nothing of consent."""
    with storage_errors():
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise _store_error(Sentence(mark("the file is damaged")), "damaged")


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn what the database or the file system refuses into a :class:`StoreError` that says what to do.

    What the tables' own rules refuse (``sqlite3.IntegrityError``) is a mistake in the code and stays what it is.
    """
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except (sqlite3.Error, UnicodeDecodeError) as failure:
        if is_garbled(failure):
            raise _store_error(Sentence(mark("its words cannot be read")), "damaged") from failure
        code = getattr(failure, "sqlite_errorcode", 0) & 0xFF
        raise _store_error(Sentence(str(failure)), _TROUBLES.get(code, "closed")) from failure
    except OSError as failure:
        trouble: StoreTrouble = "full" if failure.errno in _NO_ROOM else "closed"
        raise _store_error(_of_file(failure), trouble) from failure


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Make what happens inside one step, or nothing of it. Inside another transaction it is part of that."""
    if connection.in_transaction:
        yield
        return
    with storage_errors():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _connect(address: str, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(address, timeout=_WAIT_SECONDS, isolation_level=None, uri=uri)
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection) -> None:
    if _version(connection) > len(_MIGRATIONS):
        raise _other_version()
    with transaction(connection):
        for number in range(_version(connection), len(_MIGRATIONS)):
            for statement in _statements(_MIGRATIONS[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: ``executescript`` would end the transaction they belong to."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement
            statement = ""


def _store_error(problem: Sentence, trouble: StoreTrouble) -> StoreError:
    words, remedy = mark("The consent ledger could not be used: {problem}. {remedy}"), Sentence(_REMEDIES[trouble])
    return StoreError(words, trouble=trouble, problem=problem, remedy=remedy)


def _of_file(failure: OSError) -> Sentence:
    return sentence("{reason} ({path})", reason=reason_of(failure), path=failure.filename)


def _other_version() -> StoreError:
    return StoreError(
        mark("The consent ledger was written by another version of fyraften. Nothing was changed: use that one.")
    )
