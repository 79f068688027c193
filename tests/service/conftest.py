"""Fixtures of the service's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres_server
from postgres_server import PostgresServer
from service_office import Office, config_in, fill, furnish, open_office


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of an office, made once: the password's hash takes its time."""
    folder = tmp_path_factory.mktemp("office") / "service"
    furnish(folder)
    return folder


@pytest.fixture
def office_on_sqlite(furnished: Path, tmp_path: Path) -> Iterator[Office]:
    """The application on a SQLite file of its own, on Friday 30 October 2026."""
    opened = open_office(Path(shutil.copytree(furnished, tmp_path / "service")))
    yield opened
    opened.database.close()


@pytest.fixture
def office(office_on_sqlite: Office) -> Office:
    """The same, where one kind of database is enough."""
    return office_on_sqlite


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL, started once."""
    with postgres_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def furnished_database(furnished: Path, postgres: PostgresServer) -> str:
    """The name of a database with everything an office needs, to be copied."""
    name = postgres.new_database()
    fill(config_in(furnished, postgres.url(name)))
    return name


@pytest.fixture
def office_on_postgres(
    furnished: Path, postgres: PostgresServer, furnished_database: str, tmp_path: Path
) -> Iterator[Office]:
    """The application on a PostgreSQL database of its own; key, settings and tombstones are files as ever."""
    name = postgres.new_database(furnished_database)
    folder = Path(shutil.copytree(furnished, tmp_path / "on_postgres", ignore=shutil.ignore_patterns("*.sqlite3*")))
    opened = open_office(folder, postgres.url(name))
    yield opened
    opened.database.close()
    postgres.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.external_service)])
def office_on_either(request: pytest.FixtureRequest) -> Office:
    """The same office, once on SQLite and once on PostgreSQL."""
    wanted = "office_on_sqlite" if request.param == "sqlite" else "office_on_postgres"
    found = request.getfixturevalue(wanted)
    assert isinstance(found, Office)
    return found
