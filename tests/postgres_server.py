"""A real PostgreSQL of the test's own: a folder of its own, a socket and no port, gone afterwards.

PostgreSQL refuses to run as root, so under root it runs as the account that its package makes.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pg8000.dbapi
import pytest

_ACCOUNT = "postgres"
_numbers = count(1)


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL on this computer."""
    found = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return folders[-1] if folders else Path(found).resolve().parent if found else None


@dataclass(frozen=True)
class PostgresServer:
    """A server that runs; ``folder`` holds its socket, ``folder/data`` its files."""

    folder: Path
    bin: Path

    def new_database(self, template: str = "template0") -> str:
        """Make a database and return its name."""
        name = f"service{next(_numbers)}"
        self.execute("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database with everybody who is connected to it."""
        self.execute("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        """Return the SQLAlchemy address of a database."""
        return f"postgresql+pg8000://{_ACCOUNT}@/{name}?unix_sock={self.folder}/.s.PGSQL.5432"

    def execute(self, name: str, statement: str) -> None:
        """Run one statement outside a transaction."""
        connection = pg8000.dbapi.connect(_ACCOUNT, database=name, unix_sock=f"{self.folder}/.s.PGSQL.5432")
        connection.autocommit = True
        try:
            connection.cursor().execute(statement)
        finally:
            connection.close()

    def dump(self, name: str) -> bytes:
        """Return a backup as ``pg_dump`` writes it."""
        return _run(self.bin / "pg_dump", "-h", str(self.folder), "-U", _ACCOUNT, name).stdout

    def restore(self, name: str, backup: bytes) -> None:
        """Bring a backup into an empty database."""
        _run(self.bin / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", _ACCOUNT, name, put=backup)

    def files_of_tables(self) -> bytes:
        """Return every byte of the files in which tables and indexes lie, of all databases; not the log of changes."""
        self.execute("postgres", "CHECKPOINT")
        paths = [path for path in sorted((self.folder / "data" / "base").rglob("*")) if path.is_file()]
        return b"".join(path.read_bytes() for path in paths if path.exists())


@contextmanager
def running() -> Iterator[PostgresServer]:
    """Start a server, give it, and stop it; the test is skipped where no PostgreSQL is installed."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="fyraften-pg-"))
    if os.getuid() == 0:
        account = pwd.getpwnam(_ACCOUNT)
        os.chown(folder, account.pw_uid, account.pw_gid)
    try:
        data = folder / "data"
        _run(found / "initdb", "-D", str(data), "-U", _ACCOUNT, "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale")
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c max_connections=40"
        _run(found / "pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield PostgresServer(folder, found)
        finally:
            _run(found / "pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: Path, *arguments: str, put: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    who = {"user": _ACCOUNT, "group": _ACCOUNT, "extra_groups": []} if os.getuid() == 0 else {}
    done = subprocess.run(  # started servers keep the output open, so it goes to a file
        [str(program), *arguments],
        input=put,
        stdout=subprocess.PIPE if _answers(program) else subprocess.DEVNULL,
        stderr=subprocess.PIPE if _answers(program) else subprocess.DEVNULL,
        cwd="/",
        timeout=120,
        check=False,
        **who,
    )
    assert done.returncode == 0, (program.name, done.stderr)
    return done


def _answers(program: Path) -> bool:
    """Say whether a program ends with all it started."""
    return program.name != "pg_ctl"
