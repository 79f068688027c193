"""Ledgers that an earlier version of the program wrote: everything in them stays, and its rules hold as before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fyraften_agent.consent import ledger_file
from fyraften_agent.consent.ledger_file import open_ledger, open_to_read
from fyraften_agent.sending.enrolment import ENROLLED, Enrolments
from fyraften_agent.sending.outbox import Outbox

ROWS = """
INSERT INTO enrolments (subject, purpose, state, server, organisation, contact, service_key, smallest_group, started_at,
    code, cell, enrolled_at, receipt, attempts)
VALUES ('s1', 'group', 'enrolled', 'https://havn.example', 'Havn', 'hr', x'00', 10, 5, NULL, 'sales', 6, x'01', 2);
INSERT INTO outbox (id, report, purpose, period, subject, body, sha256, prepared_at)
VALUES (7, 'fyraften.group.weekly/1', 'group', '2026-W45', 's1', x'7b7d', 'aa', 10);
UPDATE outbox SET state = 'approved', approved_at = 11, next_try_at = 12, kept_back = 1;
INSERT INTO outbox (id, report, purpose, period, subject, body, sha256, prepared_at)
VALUES (9, 'fyraften.group.weekly/1', 'group', '2026-W46', 's1', x'7b7d', 'bb', 13);
INSERT INTO settings VALUES ('send_slot', 4711)
"""


@pytest.fixture
def first_version(tmp_path: Path) -> Path:
    """A ledger as the first version left it, with an enrolment and two reports."""
    path = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(ledger_file._MIGRATIONS[0])
        connection.executescript(ROWS)
        connection.execute("PRAGMA user_version = 1")
    return path


def test_enrolments_and_reports_are_as_they_were(first_version: Path) -> None:
    with closing(open_ledger(first_version)) as connection:
        (enrolment,) = Enrolments(connection).all()
        items = Outbox(connection).items()
        slot = connection.execute("SELECT value FROM settings").fetchall()

    assert (enrolment.subject, enrolment.purpose, enrolment.state, enrolment.cell) == ("s1", "group", ENROLLED, "sales")
    assert [(item.id, item.period, item.state, item.body) for item in items] == [
        (7, "2026-W45", "approved", b"{}"),
        (9, "2026-W46", "held", b"{}"),
    ]
    assert (items[0].approved_at, items[0].next_try_at, items[0].kept_back) == (11, 12, True)
    assert slot == [(4711,)]


def test_reading_brings_it_to_this_version_too(first_version: Path) -> None:
    """The supervisor only reads: it must not stop at a ledger that is merely older."""
    connection = open_to_read(first_version)

    assert connection is not None
    with closing(connection):
        assert len(Outbox(connection).items()) == 2
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM settings")


def test_numbers_go_on_where_they_were_and_new_purposes_have_room(first_version: Path) -> None:
    with closing(open_ledger(first_version)) as connection:
        for purpose in ("pulse", "record"):
            connection.execute(
                "INSERT INTO enrolments (subject, purpose, state, server, organisation, contact, service_key,"
                " smallest_group, started_at) VALUES (?, ?, 'started', 's', 'o', 'c', x'00', 10, 1)",
                (purpose, purpose),
            )
            connection.execute(
                "INSERT INTO outbox (report, purpose, period, subject, body, sha256, prepared_at)"
                " VALUES (?, ?, '2026-11', ?, x'7b7d', 'cc', 1)",
                (purpose, purpose, purpose),
            )
        numbers = [number for (number,) in connection.execute("SELECT id FROM outbox ORDER BY id")]

    assert numbers == [7, 9, 10, 11]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM outbox", "not forgotten"),
        ("UPDATE outbox SET body = x'00' WHERE id = 7", "made once"),
        ("UPDATE outbox SET state = 'held' WHERE id = 7", "only goes forward"),
        ("UPDATE enrolments SET state = 'started'", "only goes forward"),
        ("UPDATE outbox SET purpose = 'payroll'", "made once"),
        ("DELETE FROM enrolments", "FOREIGN KEY"),
        (
            "INSERT INTO outbox (report, purpose, period, subject, body, sha256, prepared_at)"
            " VALUES ('fyraften.group.weekly/1', 'group', '2026-W46', 's1', x'00', 'dd', 1)",
            "UNIQUE",
        ),
        (
            "INSERT INTO outbox (report, purpose, period, subject, body, sha256, prepared_at, state)"
            " VALUES ('r', 'group', 'p', 's1', x'00', 'dd', 1, 'approved')",
            "starts held",
        ),
        (
            "INSERT INTO outbox (report, purpose, period, subject, body, sha256, prepared_at)"
            " VALUES ('r', 'payroll', 'p', 's1', x'00', 'dd', 1)",
            "CHECK",
        ),
    ],
)
def test_its_rules_hold_afterwards(first_version: Path, statement: str, said: str) -> None:
    with (
        closing(open_ledger(first_version)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=said),
    ):
        connection.execute(statement)
