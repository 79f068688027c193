"""Opening the database: private, durable, and of the right version."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from fyraften_service.app import create_app
from fyraften_service.database import Database, in_words, open_database
from fyraften_service.errors import DatabaseError
from fyraften_service.tables import access_log, codes
from service_office import Office


def test_every_file_of_the_database_is_private(office: Office) -> None:
    old = os.umask(0)
    try:
        database = open_database(f"sqlite:///{office.config.folder / 'fresh.sqlite3'}")
        database.upgrade()
        with database.reading() as connection:
            connection.execute(sa.select(codes)).all()
            modes = {path.name: path.stat().st_mode & 0o777 for path in office.config.folder.glob("fresh*")}
    finally:
        os.umask(old)
        database.close()

    assert modes == {"fresh.sqlite3": 0o600, "fresh.sqlite3-wal": 0o600, "fresh.sqlite3-shm": 0o600}


@pytest.mark.parametrize(
    ("pragma", "expected"), [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("secure_delete", 1)]
)
def test_sqlite_is_set_up_to_keep_and_to_forget(office: Office, pragma: str, expected: object) -> None:
    with office.database.reading() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == expected


def test_foreign_keys_hold(office: Office) -> None:
    with pytest.raises(sa.exc.IntegrityError), office.database.writing() as connection:
        connection.execute(sa.insert(codes).values(code_hash="x", cell="nowhere"))


def test_an_error_undoes_the_whole_transaction(office: Office) -> None:
    row = {"account": "anna", "seen_on": office.clock.day, "what": "x"}
    with pytest.raises(sa.exc.IntegrityError), office.database.writing() as connection:
        connection.execute(sa.insert(access_log), [row, {**row, "account": None}])

    with office.database.reading() as connection:
        assert connection.execute(sa.select(access_log)).all() == []


def test_reading_keeps_nothing(office: Office) -> None:
    row = {"account": "anna", "seen_on": office.clock.day, "what": "x"}
    with office.database.reading() as connection:
        connection.execute(sa.insert(access_log).values(**row))

    with office.database.reading() as connection:
        assert connection.execute(sa.select(access_log)).all() == []


def test_an_error_of_the_database_never_quotes_what_was_sent(office: Office) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught, office.database.writing() as connection:
        connection.execute(sa.insert(codes).values(code_hash="canary-words", cell="nowhere"))

    assert "canary-words" not in str(caught.value)


def test_a_database_without_tables_holds_no_service(tmp_path: Path) -> None:
    # Not "upgrade": that would make an empty service of one whose file went away.
    database = open_database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")

    with pytest.raises(DatabaseError, match="Bring it back from the backup"):
        database.check()
    database.close()


def test_upgrading_twice_changes_nothing(office: Office) -> None:
    office.database.upgrade()

    office.database.check()


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "nothing://x/y", "sqlite:////no/such/folder/x.sqlite3"])
def test_an_address_that_is_none_says_what_to_do(url: str) -> None:
    with pytest.raises(DatabaseError):
        open_database(url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_bytes(b"not a database at all, but long enough to be read as one" * 100)
    database = open_database(f"sqlite:///{tmp_path / 'x.sqlite3'}")

    with pytest.raises(DatabaseError, match="does not answer"):
        database.check()
    database.close()


AWAY = "postgresql+pg8000://nobody@127.0.0.1:1/service"


def test_where_the_database_is_away_a_request_is_to_be_tried_again(office: Office) -> None:
    database = open_database(AWAY)
    app = create_app(office.config, database, office.clock)

    answer = replace(office, database=database, app=app).get("/v1/policy")

    database.close()
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:fyraften:problem:unavailable")


def test_where_too_many_wait_for_the_database_a_request_is_to_be_tried_again(office: Office) -> None:
    engine = sa.create_engine(office.config.database, pool_size=1, max_overflow=0, pool_timeout=0.1)
    app = create_app(office.config, Database(engine), office.clock)
    with engine.connect():
        answer = replace(office, app=app).get("/v1/policy")

    engine.dispose()
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:fyraften:problem:unavailable")


def test_the_reason_is_the_databases_own_and_quotes_nothing(office: Office) -> None:
    with pytest.raises(DatabaseError) as caught, in_words(), office.database.writing() as connection:
        connection.execute(sa.insert(codes).values(code_hash="canary-words", cell="nowhere"))

    assert str(caught.value) == "The database refuses: FOREIGN KEY constraint failed. Put that right, and try again."
