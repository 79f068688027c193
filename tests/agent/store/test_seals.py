"""Seals: every row of every table has one, whatever changed it, and a changed value does not fit it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from damaged_records import FIRST, lived_in
from fyraften_agent.store.seals import SEAL, broken_seals, let_seal, row_columns, seal, sealed_tables
from fyraften_agent.store.store import Store

VALUES = st.none() | st.integers(-(2**62), 2**62) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    lived_in(tmp_path / "work.sqlite3", days=2)
    return tmp_path / "work.sqlite3"


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    let_seal(connection)
    return connection


def test_every_table_of_records_is_sealed(path: Path) -> None:
    connection = connect(path)
    tables = sealed_tables(connection)
    sealed = {table: connection.execute(f"SELECT count(*), count({SEAL}) FROM {table}").fetchone() for table in tables}
    broken = broken_seals(connection)
    connection.close()

    assert {"sessions", "spans", "observed", "corrections", "pauses", "places", "choices"} <= set(tables)
    assert all(rows == seals for rows, seals in sealed.values())
    assert sum(rows for rows, _ in sealed.values()) > 50
    assert broken == 0


def test_every_way_of_changing_leaves_the_seals_whole(path: Path) -> None:
    with Store.open(path) as store:
        session = store.sessions(0, FIRST * 2)[0]
        store.edit_session(session.id, FIRST + 1, start=session.start + 60, place="home")
        store.remove_session(session.id + 1, FIRST + 2)
        store.resume(FIRST + 3)
        store.see_network(None, FIRST + 4)
        store.purge(FIRST + 86_400)
        assert store.file.is_whole()


def test_a_changed_value_of_any_row_breaks_its_seal_and_no_other(path: Path) -> None:
    connection = connect(path)
    for table in sealed_tables(connection):
        for column in row_columns(connection, table):
            connection.execute("BEGIN")
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (trigger,) in triggers:
                connection.execute(f"DROP TRIGGER {trigger}")
            changed = connection.execute(
                f"UPDATE OR IGNORE {table} SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} + 1000000"
                f" ELSE coalesce({column}, '') || '?' END LIMIT 1"
            ).rowcount
            broken = broken_seals(connection)
            connection.execute("ROLLBACK")

            assert broken == changed, (table, column)
    connection.close()


def test_a_change_of_a_damaged_row_does_not_seal_the_damage(path: Path) -> None:
    connection = connect(path)
    (damaged,) = connection.execute("SELECT max(id) FROM spans").fetchone()
    sealed = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'spans_sealed_changed'").fetchone()[0]
    connection.execute("DROP TRIGGER spans_sealed_changed")
    connection.execute("UPDATE spans SET start = start - 3600 WHERE id = ?", [damaged])
    connection.execute(sealed)
    connection.execute("UPDATE spans SET seconds = seconds + 10 WHERE id >= ?", [damaged - 1])
    broken = broken_seals(connection)
    connection.close()

    assert broken == 1


@given(st.lists(VALUES, min_size=1, max_size=8), st.data())
def test_no_change_of_one_value_goes_unnoticed(values: list[int | str | None], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(values) - 1))
    other = data.draw(VALUES.filter(lambda value: value != values[place]))
    changed = [*values[:place], other, *values[place + 1 :]]

    assert seal("sessions", *values) != seal("sessions", *changed)


def test_a_row_moved_to_another_table_does_not_fit_there() -> None:
    assert seal("spans", 1, 2, 3) != seal("observed", 1, 2, 3)


def test_the_seal_of_a_row_is_the_same_on_every_computer() -> None:
    assert seal("spans", 17, 1_768_201_200, None, "Blåbærgrød") == -3_557_780
