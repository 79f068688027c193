"""Databases of earlier versions keep what they hold: each step is walked with rows in every table."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection

from fyraften_service.database import open_database
from fyraften_service.errors import DatabaseError
from fyraften_service.tables import (
    cells,
    codes,
    duty_reports,
    enrolments,
    group_reports,
    metadata,
    period_keys,
    persons,
    publications,
)
from postgres_server import PostgresServer

FIRST_TABLES = (cells, persons, codes, enrolments, period_keys, group_reports, publications, duty_reports)

OF_THE_FIRST_VERSION = """
INSERT INTO cells VALUES ('all', 'Nordhavn', NULL, 0);
INSERT INTO persons VALUES ('p1', 'Bo Holm');
INSERT INTO codes (code_hash, purpose, cell, person) VALUES ('c1', 'group', 'all', NULL), ('c2', 'duty', NULL, 'p1');
INSERT INTO enrolments VALUES ('s1', 'group', 'k1', 'all', NULL, '2026-10-01', '{}');
INSERT INTO enrolments VALUES ('s2', 'duty', 'k2', NULL, 'p1', '2026-10-02', '{"kept": true}');
INSERT INTO period_keys VALUES ('2026-W45', 'key');
INSERT INTO group_reports VALUES ('r1', '2026-W45', 'all', 't1', '{}', 'sha', '2026-11-09', '{}');
INSERT INTO publications VALUES ('2026-W43', '2026-11-09', '{}');
INSERT INTO duty_reports VALUES ('s2', '2026-10', '{}', 'sha', '2026-10-20', '2028-11-01', '{}');
"""


def database_of(version: str, path: Path, rows: str) -> str:
    """Make a SQLite database as an earlier version of the program left it, and return its address."""
    address = f"sqlite:///{path}"
    engine = sa.create_engine(address)
    with engine.connect() as connection, connection.begin():
        step_to(version, connection)
        for statement in filter(str.strip, rows.split(";\n")):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return address


def step_to(version: str, connection: Connection) -> None:
    configuration = Config()
    configuration.set_main_option("script_location", "fyraften_service:migrations")
    configuration.set_main_option("path_separator", "os")
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, version)


def test_a_database_of_the_first_version_keeps_every_row(tmp_path: Path) -> None:
    database = open_database(database_of("0001", tmp_path / "service.sqlite3", OF_THE_FIRST_VERSION))

    database.upgrade()

    database.check()
    with database.reading() as connection:
        assert [row.period for row in connection.execute(sa.select(period_keys))] == ["2026-W45"]
        assert [(row.period, row.token) for row in connection.execute(sa.select(group_reports))] == [("2026-W45", "t1")]
        assert [row.period for row in connection.execute(sa.select(publications))] == ["2026-W43"]
        assert [row.code_hash for row in connection.execute(sa.select(codes).order_by("code_hash"))] == ["c1", "c2"]
        people = connection.execute(sa.select(enrolments.c.subject, enrolments.c.receipt).order_by("subject")).all()
        assert [tuple(row) for row in people] == [("s1", "{}"), ("s2", '{"kept": true}')]
        assert [row.subject for row in connection.execute(sa.select(duty_reports))] == ["s2"]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    database.close()


@pytest.mark.parametrize(("purpose", "is_taken"), [("record", True), ("duty", False)])
def test_after_it_a_person_can_enrol_once_for_each_purpose(tmp_path: Path, purpose: str, is_taken: bool) -> None:
    database = open_database(database_of("0001", tmp_path / "service.sqlite3", OF_THE_FIRST_VERSION))
    database.upgrade()
    row = {"subject": "s3", "purpose": purpose, "public_key": "k3", "person": "p1", "receipt": "{}"}
    wish = sa.insert(enrolments).values(**row, enrolled_on=sa.func.current_date())

    try:
        with database.writing() as connection:
            connection.execute(wish)
        taken = True
    except sa.exc.IntegrityError:
        taken = False

    assert taken == is_taken
    database.close()


def test_tables_of_a_newer_program_are_left_alone_and_told(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'service.sqlite3'}")
    database.upgrade()
    with database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")

    assert not database.is_older()
    with pytest.raises(DatabaseError, match="Run the newer one, or bring back the backup from before it"):
        database.check()
    database.close()


@pytest.mark.external_service
@pytest.mark.parametrize("version", ["0001", "0002", "0003", "0004", "0005"])
def test_postgresql_is_brought_up_from_every_version_with_its_rows(postgres: PostgresServer, version: str) -> None:
    name = postgres.new_database()
    engine = sa.create_engine(postgres.url(name))
    with engine.connect() as connection, connection.begin():
        step_to("0001", connection)
        for statement in filter(str.strip, OF_THE_FIRST_VERSION.split(";\n")):
            connection.exec_driver_sql(statement.replace("'key'", "'key'::bytea"))
        step_to(version, connection)
    engine.dispose()
    database = open_database(postgres.url(name))

    assert database.is_older() == (version != "0005")
    database.upgrade()

    database.check()
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        kept = [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() for table in FIRST_TABLES]
    assert kept == [1, 1, 2, 2, 1, 1, 1, 1]
    database.close()
    postgres.drop(name)
