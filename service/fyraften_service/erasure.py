"""Withdrawal: everything a subject left is erased, and only a hash remembers that it was.

The hash is also written to a file beside the database, first and synced. When the service opens, hashes that the
database lacks are replayed: a database brought back from a backup does not bring people back.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from fyraften_policy.journal import first_head
from fyraften_policy.languages import mark
from fyraften_policy.sentences import reason_of
from fyraften_service.database import Database
from fyraften_service.enrolment import DUTY, GROUP, PULSE, RECORD, subject_hash
from fyraften_service.errors import InputError
from fyraften_service.journal import Head, enter, head_now, is_entered, salt_of_erasure
from fyraften_service.receipts import ServiceKey, envelope
from fyraften_service.record import kept_until
from fyraften_service.reports import token
from fyraften_service.tables import (
    codes,
    duty_reports,
    enrolments,
    group_reports,
    period_keys,
    persons,
    record_reports,
    tombstones,
)

ERASED = {
    GROUP: ["enrolment", "unpublished_reports"],
    PULSE: ["enrolment", "unpublished_reports"],
    DUTY: ["enrolment", "name", "code", "reports"],
    RECORD: ["enrolment", "name", "code", "reports"],
}
"""What an erasure covers, by purpose, in the words of the receipt. Name and code go with the last purpose.

A record that was filed stays for as long as the law says, and the name on it; then the code goes at once: whoever takes
part again does so with a new one, and nothing of before is theirs to replace.
"""
_WITH_THE_LAST = ("name", "code")
_NOTHING = "-"
_LINE = re.compile(
    r"(?P<hash>[0-9a-f]{64}) (?P<purpose>[a-z]{1,16}) (?P<erased_on>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?: (?P<erased>[a-z_,]{1,200}) (?P<kept_until>-|[0-9]{4}-[0-9]{2}-[0-9]{2}) (?P<laptop>-|[0-9a-f]{64})"
    r" (?P<number>[0-9]{1,9}) (?P<head>[0-9a-f]{64}))?"
)


@dataclass(frozen=True)
class Erasure:
    """What is remembered of an erasure: enough to make its receipt again, and nothing about the subject.

    ``head`` is ``None`` in what was remembered before there was a journal.
    """

    subject_hash: str
    purpose: str
    erased_on: date
    erased: tuple[str, ...]
    kept_until: date | None
    laptop: str | None
    head: Head | None

    def row(self) -> dict[str, object]:
        """Return the row of the table."""
        return {
            "subject_hash": self.subject_hash,
            "purpose": self.purpose,
            "erased_on": self.erased_on,
            "erased": ",".join(self.erased),
            "kept_until": self.kept_until,
            "laptop": self.laptop,
            "journal_number": None if self.head is None else self.head.number,
            "journal_head": None if self.head is None else self.head.hash,
        }

    def line(self) -> str:
        """Return the line of the file."""
        words = [self.subject_hash, self.purpose, self.erased_on.isoformat()]
        if self.head is not None:
            kept = _NOTHING if self.kept_until is None else self.kept_until.isoformat()
            words += [",".join(self.erased), kept, self.laptop or _NOTHING, str(self.head.number), self.head.hash]
        return " ".join(words) + "\n"


def erase(
    connection: Connection,
    subject: str,
    purpose: str,
    today: date,
    tombstone_file: Path,
    key: ServiceKey,
    laptop: str | None = None,
) -> None:
    """Erase a subject and all it left that is not published, and enter the receipt into the journal.

    Args:
        laptop: the mark of the laptop's own ledger that came with the request; the receipt repeats it.
    """
    head = head_now(connection, today, key)
    erased, kept = _covered(connection, subject, purpose)
    erasure = Erasure(subject_hash(subject), purpose, today, erased, kept, laptop, head)
    append_line(tombstone_file, erasure.line())
    connection.execute(sa.insert(tombstones).values(**erasure.row()))
    enter(connection, head, _signed(erasure, subject, key))
    _delete(connection, subject)


def erasure_receipt(connection: Connection, subject: str, key: ServiceKey) -> bytes | None:
    """Return the receipt of an erasure, or ``None`` if the subject was not erased.

    Nothing that identifies is kept for it: the receipt is made again, the same each time.
    """
    found = sa.select(tombstones).where(tombstones.c.subject_hash == subject_hash(subject))
    row = connection.execute(found).first()
    return None if row is None else _signed(_erasure_of(row), subject, key)


def entered_receipt(
    connection: Connection, subject: str, today: date, tombstone_file: Path, key: ServiceKey
) -> bytes | None:
    """Return the receipt of an erasure as :func:`erasure_receipt` does, and see to it that the journal has it.

    It lacks one where a crash or a backup brought back came between: then the receipt names the journal of today.
    """
    receipt = erasure_receipt(connection, subject, key)
    if receipt is None or is_entered(connection, receipt):
        return receipt
    head = head_now(connection, today, key)
    mine = tombstones.c.subject_hash == subject_hash(subject)
    now = {"journal_number": head.number, "journal_head": head.hash}
    connection.execute(sa.update(tombstones).where(mine).values(**now))
    erasure = _erasure_of(connection.execute(sa.select(tombstones).where(mine)).one())
    append_line(tombstone_file, erasure.line())
    receipt = _signed(erasure, subject, key)
    enter(connection, head, receipt)
    return receipt


def replay(database: Database, tombstone_file: Path) -> int:
    """Erase again whom the file names and the database does not know as erased; return how many hashes were missing."""
    with database.writing() as connection:
        known = set(connection.execute(sa.select(tombstones.c.subject_hash)).scalars())
        missing = {each.subject_hash: each for each in _read(tombstone_file) if each.subject_hash not in known}
        for erasure in missing.values():
            connection.execute(sa.insert(tombstones).values(**erasure.row()))
        if missing:
            for subject in list(connection.execute(sa.select(enrolments.c.subject)).scalars()):
                if subject_hash(subject) in missing:
                    _delete(connection, subject)
    if missing:
        database.scrub()
    return len(missing)


def _erasure_of(row: Row[tuple[object, ...]]) -> Erasure:
    head = None if row.journal_head is None else Head(row.journal_number, row.journal_head)
    erased = tuple(row.erased.split(",")) if row.erased else tuple(ERASED[row.purpose])
    return Erasure(row.subject_hash, row.purpose, row.erased_on, erased, row.kept_until, row.laptop, head)


def _signed(erasure: Erasure, subject: str, key: ServiceKey) -> bytes:
    kept = None if erasure.kept_until is None else erasure.kept_until.isoformat()
    head = erasure.head if erasure.head is not None else Head(0, first_head(key.fingerprint))
    content = {
        "subject": subject,
        "erased": list(erasure.erased),
        "kept_until": kept,
        "laptop": erasure.laptop,
        "ledger": head.words(salt_of_erasure(key, subject)),
    }
    return envelope(key, "erasure", erasure.purpose, erasure.erased_on, content)


def _covered(connection: Connection, subject: str, purpose: str) -> tuple[tuple[str, ...], date | None]:
    """Return what is erased now, and until when the law keeps the rest, if it keeps anything.

    Name and code stay while the person takes part in something else.
    """
    person = connection.execute(sa.select(enrolments.c.person).where(enrolments.c.subject == subject)).scalar()
    goes_on = person is not None and _takes_part(connection, person, but=subject)
    kept = None if person is None else kept_until(connection, person)
    stays = {*(_WITH_THE_LAST if goes_on else ()), *(("name",) if kept else ())}
    if purpose == RECORD and kept:
        stays = {"name", "reports"}
    told = kept if purpose == RECORD or not goes_on else None
    return tuple(each for each in ERASED[purpose] if each not in stays), told


def _takes_part(connection: Connection, person: str, but: str = "") -> bool:
    others = sa.select(enrolments.c.subject).where((enrolments.c.person == person) & (enrolments.c.subject != but))
    return connection.execute(others).first() is not None


def _delete(connection: Connection, subject: str) -> None:
    for period, key in connection.execute(sa.select(period_keys.c.period, period_keys.c.key)).all():
        mine = (group_reports.c.period == period) & (group_reports.c.token == token(bytes(key), subject))
        connection.execute(sa.delete(group_reports).where(mine))
    connection.execute(sa.delete(duty_reports).where(duty_reports.c.subject == subject))
    mine = enrolments.c.subject == subject
    enrolment = connection.execute(sa.select(enrolments.c.person, enrolments.c.purpose).where(mine)).first()
    connection.execute(sa.delete(enrolments).where(mine))
    if enrolment is None or enrolment.person is None:
        return
    # The name goes with the last purpose it was given for, and with the last record that the law keeps.
    goes_on = _takes_part(connection, enrolment.person)
    filed = sa.select(record_reports.c.week).where(record_reports.c.person == enrolment.person)
    is_kept = connection.execute(filed).first() is not None
    if not goes_on or (is_kept and enrolment.purpose == RECORD):
        connection.execute(sa.delete(codes).where(codes.c.person == enrolment.person))
    if not goes_on and not is_kept:
        connection.execute(sa.delete(persons).where(persons.c.id == enrolment.person))


def append_line(path: Path, line: str) -> None:
    """Add a line to a file beside the database, and return when it is on the disk."""
    with open(path, "ab+", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
        if stream.tell() > 0:
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                stream.write(b"\n")  # a crash cut the line before; do not let it swallow this one
        stream.write(line.encode("ascii"))
        stream.flush()
        os.fsync(stream.fileno())


def _read(path: Path) -> list[Erasure]:
    """Return the whole lines of the file; a line cut by a crash belongs to an erasure that was not acknowledged.

    Of a line that was cut after the date, the subject is erased all the same.

    Raises:
        InputError: the file is damaged: whom it names cannot be known.
    """
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        found = (_LINE.fullmatch(line) for line in lines)
        return [_erasure(match) for match in found if match is not None and match["purpose"] in ERASED]
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        words = mark("{path} cannot be read: {reason}. Bring the newest one back from the backup.")
        raise InputError(words, path=path, reason=reason_of(error)) from error


def _erasure(match: re.Match[str]) -> Erasure:
    kept, laptop = match["kept_until"], match["laptop"]
    return Erasure(
        match["hash"],
        match["purpose"],
        date.fromisoformat(match["erased_on"]),
        tuple((match["erased"] or ",".join(ERASED[match["purpose"]])).split(",")),
        None if kept in (None, _NOTHING) else date.fromisoformat(kept),
        None if laptop == _NOTHING else laptop,
        None if match["head"] is None else Head(int(match["number"]), match["head"]),
    )
