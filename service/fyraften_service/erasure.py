"""Withdrawal: everything a subject left is erased, and only a hash remembers that it was.

The hash is also written to a file beside the database, first and synced. When the service opens, hashes that the
database lacks are replayed: a database brought back from a backup does not bring people back.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from fyraften_service.database import Database
from fyraften_service.enrolment import DUTY, GROUP, PULSE, PURPOSES, RECORD, subject_hash
from fyraften_service.receipts import ServiceKey, envelope
from fyraften_service.reports import token
from fyraften_service.tables import codes, duty_reports, enrolments, group_reports, period_keys, persons, tombstones

ERASED = {
    GROUP: ["enrolment", "unpublished_reports"],
    PULSE: ["enrolment", "unpublished_reports"],
    DUTY: ["enrolment", "name", "code", "reports"],
    RECORD: ["enrolment", "name", "code", "reports"],
}
"""What an erasure covers, by purpose, in the words of the receipt. Name and code go with the last purpose."""
_LINE = re.compile(rf"([0-9a-f]{{64}}) ({'|'.join(PURPOSES)}) ([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})")


def erase(connection: Connection, subject: str, purpose: str, today: date, tombstone_file: Path) -> None:
    """Erase a subject and all it left that is not published."""
    digest = subject_hash(subject)
    _append(tombstone_file, f"{digest} {purpose} {today.isoformat()}\n")
    connection.execute(sa.insert(tombstones).values(subject_hash=digest, purpose=purpose, erased_on=today))
    _delete(connection, subject)


def erasure_receipt(connection: Connection, subject: str, key: ServiceKey) -> bytes | None:
    """Return the receipt of an erasure, or ``None`` if the subject was not erased.

    Nothing that identifies is kept for it: the receipt is made again, the same each time.
    """
    found = sa.select(tombstones).where(tombstones.c.subject_hash == subject_hash(subject))
    row = connection.execute(found).first()
    if row is None:
        return None
    content = {"subject": subject, "erased": ERASED[row.purpose], "kept_until": None}
    return envelope(key, "erasure", row.purpose, row.erased_on, content)


def replay(database: Database, tombstone_file: Path) -> int:
    """Erase again whom the file names and the database does not know as erased; return how many hashes were missing."""
    with database.writing() as connection:
        known = set(connection.execute(sa.select(tombstones.c.subject_hash)).scalars())
        missing = {digest: rest for digest, *rest in _read(tombstone_file) if digest not in known}
        for digest, (purpose, erased_on) in missing.items():
            row = {"subject_hash": digest, "purpose": purpose, "erased_on": date.fromisoformat(erased_on)}
            connection.execute(sa.insert(tombstones).values(**row))
        if missing:
            for subject in list(connection.execute(sa.select(enrolments.c.subject)).scalars()):
                if subject_hash(subject) in missing:
                    _delete(connection, subject)
    if missing:
        database.scrub()
    return len(missing)


def _delete(connection: Connection, subject: str) -> None:
    for period, key in connection.execute(sa.select(period_keys.c.period, period_keys.c.key)).all():
        mine = (group_reports.c.period == period) & (group_reports.c.token == token(bytes(key), subject))
        connection.execute(sa.delete(group_reports).where(mine))
    connection.execute(sa.delete(duty_reports).where(duty_reports.c.subject == subject))
    person = connection.execute(sa.select(enrolments.c.person).where(enrolments.c.subject == subject)).scalar()
    connection.execute(sa.delete(enrolments).where(enrolments.c.subject == subject))
    # The name goes with the last purpose it was given for.
    others = sa.select(enrolments.c.subject).where(enrolments.c.person == person)
    if person is not None and connection.execute(others).first() is None:
        connection.execute(sa.delete(codes).where(codes.c.person == person))
        connection.execute(sa.delete(persons).where(persons.c.id == person))


def _append(path: Path, line: str) -> None:
    with open(path, "ab+", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        if stream.tell() > 0:
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                stream.write(b"\n")  # a crash cut the line before; do not let it swallow this one
        stream.write(line.encode("ascii"))
        stream.flush()
        os.fsync(stream.fileno())


def _read(path: Path) -> list[tuple[str, str, str]]:
    """Return the whole lines of the file; a line cut by a crash belongs to an erasure that was not acknowledged."""
    if not path.exists():
        return []
    found = (_LINE.fullmatch(line) for line in path.read_text(encoding="ascii").splitlines())
    return [(match[1], match[2], match[3]) for match in found if match is not None]
