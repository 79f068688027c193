"""Opening the database: the only module that knows which database it is.

SQLite (write-ahead log, foreign keys, secure delete, mode 0600), PostgreSQL, or any other that SQLAlchemy speaks.
Not here: the tables (``tables.py``), how they came to be (``migrations/``), and what is asked of them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import InterfaceError as InterfaceError
from sqlalchemy.exc import OperationalError as OperationalError
from sqlalchemy.exc import ProgrammingError as ProgrammingError
from sqlalchemy.exc import SQLAlchemyError as SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of
from fyraften_service.errors import DatabaseError

_BUSY_MILLISECONDS = 10_000
_READER_MILLISECONDS = 1_000
_WRITES = "fyraften_writes"
# What a withdrawal or a publication deletes from.
_HOLDS_PEOPLE = (
    *("group_reports", "period_keys", "duty_reports", "record_reports"),
    *("enrolments", "codes", "persons", "access_log"),
)


# What a database says where it is away, refuses or is too busy: nothing that a request could do otherwise.
UNAVAILABLE = (OperationalError, InterfaceError, ProgrammingError, NoConnectionError)


class Database:
    """One database, with one kind of transaction to read and one to write."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state and keeps nothing."""
        with self._engine.connect() as connection, connection.begin() as transaction:
            yield connection
            transaction.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept at the end, or none if an error leaves the block."""
        with self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            yield connection

    def scrub(self) -> None:
        """Remove what was deleted from the files too, as far as the database does that; waits for no long reader.

        SQLite empties its write-ahead log. PostgreSQL overwrites the rows; its own log of changes, and the pages of
        indexes, keep copies until they are used again (``docs/service.md``). Where somebody still reads what was
        before, such as a backup, both leave it: then the next time does it.
        """
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {_READER_MILLISECONDS}")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        elif self._engine.dialect.name == "postgresql":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.connection.rollback()  # what asked whether the connection lives; VACUUM stands alone
                for table in _HOLDS_PEOPLE:
                    connection.exec_driver_sql(f"VACUUM (SKIP_LOCKED, INDEX_CLEANUP ON) {table}")

    def upgrade(self) -> None:
        """Bring the tables to this version; make them where there are none."""
        with self._engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
            configuration = _alembic()
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")

    def check(self) -> None:
        """Raise unless the database answers and has the tables of this version."""
        expected, *before = _versions()
        try:
            found = self.version()
        except SQLAlchemyError as error:
            raise DatabaseError(
                mark("The database does not answer ({problem}). Start it, and try again."), problem=_reason(error)
            ) from error
        if found is None:
            raise DatabaseError(
                mark("The database holds no service: its tables are not there. Bring it back from the backup.")
            )
        if found not in (expected, *before):
            raise DatabaseError(
                mark(
                    "The database has the tables of version {found}, made by a newer program; this one knows "
                    "{expected}. Run the newer one, or bring back the backup from before it."
                ),
                found=found,
                expected=expected,
            )
        if found != expected:
            raise DatabaseError(
                mark(
                    "The database has the tables of version {found}; this program needs {expected}. "
                    "Run fyraften-service upgrade, after a backup."
                ),
                found=found,
                expected=expected,
            )

    def is_older(self) -> bool:
        """Tell whether the tables are of a version before this one."""
        return self.version() in _versions()[1:]

    def version(self) -> str | None:
        """Return the version of the tables, ``None`` where there are none."""
        with self.reading() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what a database says into an error of the service, for a command that ends with it."""
    try:
        yield
    except SQLAlchemyError as error:
        raise DatabaseError(
            mark("The database refuses: {reason}. Put that right, and try again."), reason=_reason(error)
        ) from error


def _reason(error: SQLAlchemyError) -> str:
    """Return the first line of what the database itself said: the others may quote what was sent."""
    said: object = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(said, BaseException) and said.args and isinstance(said.args[0], dict):  # pg8000 gives the fields
        said = said.args[0].get("M", "")
    return (str(said).splitlines() or [type(error).__name__])[0].rstrip(".")


def open_database(url: str) -> Database:
    """Return the database at a SQLAlchemy address; the file of a SQLite one is made with mode 0600.

    Raises:
        DatabaseError: the address is none, or its driver is not installed.
    """
    try:
        address = sa.make_url(url)
        if address.get_backend_name() == "sqlite":
            return Database(_sqlite(address))
        # Parameters are never put into an error's text: they are what people sent.
        return Database(sa.create_engine(address, hide_parameters=True, pool_pre_ping=True))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseError(
            mark("The database address cannot be used: {problem}. Correct it, or install its driver."), problem=error
        ) from error


def _sqlite(address: sa.URL) -> Engine:
    if not address.database or address.database == ":memory:":
        raise DatabaseError(
            mark("A SQLite database needs a file, such as sqlite:////var/lib/fyraften/service.sqlite3.")
        )
    path = Path(address.database)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise DatabaseError(
            mark("{path} cannot be opened: {reason}. Make its folder, or choose another."),
            path=path,
            reason=reason_of(error),
        ) from error
    engine = sa.create_engine(
        address, hide_parameters=True, connect_args={"timeout": _BUSY_MILLISECONDS / 1000, "check_same_thread": False}
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the begin event below opens transactions, not the driver
    for pragma in (
        f"busy_timeout = {_BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",  # what was receipted survives a power cut, not only a killed process
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later cannot wait for another writer: take the lock at the start.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _alembic() -> AlembicConfig:
    configuration = AlembicConfig()
    configuration.set_main_option("script_location", "fyraften_service:migrations")
    configuration.set_main_option("path_separator", "os")
    return configuration


def _versions() -> list[str]:
    """Return the versions of the tables that this program knows, its own first."""
    return [step.revision for step in ScriptDirectory.from_config(_alembic()).walk_revisions()]
