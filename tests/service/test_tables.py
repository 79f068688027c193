"""The fence around the schema: dates only, no address, and migrations that make exactly these tables."""

from __future__ import annotations

import datetime
import re

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql

from fyraften_service.tables import metadata
from service_office import CLOSED, OVER, WEEK, Office
from service_process import duty_values, group_values, record_values

# Every column there is. A new one needs a reason here, and a look at what it can tell about a person.
COLUMNS = {
    "cells": {"code", "name", "parent", "position"},
    "persons": {"id", "name"},
    "codes": {"code_hash", "cell", "person"},
    "enrolments": {"subject", "purpose", "public_key", "cell", "person", "enrolled_on", "receipt"},
    "period_keys": {"period", "key"},
    "group_reports": {"id", "period", "cell", "token", "answers", "body_sha256", "received_on", "receipt"},
    "publications": {"period", "published_on", "figures"},
    "duty_reports": {
        *("subject", "month", "revision", "replaces", "answers", "body_sha256", "received_on", "erase_by", "receipt")
    },
    # Seven totals a week, in ``answers``; under the person, because the law keeps it after a withdrawal.
    "record_reports": {
        *("person", "week", "revision", "replaces", "answers", "body_sha256", "received_on", "erase_by", "receipt")
    },
    "policies": {"number", "since", "content"},
    # Of an erasure: enough to make its receipt again. The mark says nothing to who has not the laptop's ledger.
    "tombstones": {
        *("subject_hash", "purpose", "erased_on", "erased", "kept_until", "laptop", "journal_number", "journal_head")
    },
    # Dates and hashes of receipts, each with 128 random bits in it, in the order of the hashes.
    "journal_days": {"number", "day", "root", "head"},
    "journal_entries": {"entry", "number"},
    "nonces": {"nonce_hash", "slot"},
    "accounts": {"name", "password_hash"},
    "access_log": {"id", "account", "seen_on", "what"},
}
TIME_OF_DAY = re.compile(r"\b\d{2}:\d{2}\b")


def test_the_columns_are_those_agreed() -> None:
    assert {table.name: {column.name for column in table.columns} for table in metadata.sorted_tables} == COLUMNS


def test_no_column_can_hold_a_time_of_day_or_an_address() -> None:
    for table in metadata.sorted_tables:
        for column in table.columns:
            kind = column.type.python_type
            assert kind in (str, int, bytes, datetime.date), (table.name, column.name)
            assert not re.search(r"time|_at$|ip\b|addr|host|agent|seen$|last", column.name), (table.name, column.name)


def test_the_only_integers_are_positions_slots_and_numbers() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.Integer)
    }

    assert found == {
        *("cells.position", "nonces.slot", "access_log.id", "duty_reports.revision", "policies.number"),
        "record_reports.revision",
        *("journal_days.number", "journal_entries.number", "tombstones.journal_number"),  # days since the first
    }


def test_the_migrations_make_exactly_these_tables(office: Office) -> None:
    with office.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_the_tables_can_be_made_on_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy

    for table in metadata.sorted_tables:
        assert "CREATE TABLE" in str(sa.schema.CreateTable(table).compile(dialect=dialect))


@pytest.mark.parametrize("publish", [False, True])
def test_no_row_of_a_whole_path_holds_a_time_of_day(office: Office, publish: bool) -> None:
    laptop, person = office.enrolled(office.cell_laptop()), office.enrolled(office.person_laptop())
    filer = office.enrolled(office.person_laptop("Ida Vang", "record"))
    gone = office.enrolled(office.cell_laptop())
    office.clock.day = OVER
    office.ask(laptop.report(WEEK, group_values(WEEK)))
    office.ask(person.report("2026-10", duty_values("2026-10")))
    assert office.ask(filer.report(WEEK, record_values(WEEK))).status_code == 201
    office.ask(gone.withdrawal())
    office.clock.day = CLOSED if publish else OVER
    office.sign_in()
    office.get("/")
    office.get("/people")
    office.get("/record")

    with office.database.reading() as connection:
        rows = [str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(sa.select(table))]
    assert len(rows) > 10
    assert [row for row in rows if TIME_OF_DAY.search(row)] == []
    assert str(office.clock.instant) not in " ".join(rows)
