"""The journal of what this service acknowledged: every receipt is entered, each day is sealed, and nothing is removed.

    open day: entries are added ──(the date has passed)──► sealed: root and head are fixed

An entry is a hash that cannot be turned back, so erasing a person leaves it: it says that something was acknowledged
on a day, not what, to whom, or when on that day. Not here: the arithmetic (``fyraften_policy.journal``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import IntegrityError

from fyraften_policy import wire
from fyraften_policy.journal import entry_of, first_head, leaves, next_head, path_of, root_of
from fyraften_service.database import Database
from fyraften_service.receipts import RECEIPT, ServiceKey, envelope, to_text
from fyraften_service.tables import journal_days, journal_entries

_SALT_BYTES = 16


@dataclass(frozen=True)
class Head:
    """The end of the last sealed day: how many days there are, and the hash over all of them."""

    number: int
    hash: str

    def words(self, salt: bytes) -> dict[str, object]:
        """Return what a receipt says of the journal, with the random bits that keep its entry from being guessed."""
        return {"number": self.number, "head": self.hash, "salt": to_text(salt)}


@dataclass(frozen=True)
class SealedDay:
    """One sealed day."""

    number: int
    day: date
    root: str


@dataclass(frozen=True)
class Inclusion:
    """Where an entry stands: the number of its day, and its place and path there. No path: the day is not over."""

    number: int
    place: int = 0
    path: tuple[str, ...] | None = None


def acknowledge(
    connection: Connection,
    key: ServiceKey,
    kind: str,
    purpose: str,
    today: date,
    content: Mapping[str, object],
    laptop: str | None,
) -> bytes:
    """Return a signed receipt that was entered into the journal in this transaction.

    Args:
        laptop: the mark of the laptop's own ledger that came with the request; the receipt repeats it.
    """
    head = head_now(connection, today, key)
    ledger = head.words(secrets.token_bytes(_SALT_BYTES))
    receipt = envelope(key, kind, purpose, today, {**content, "laptop": laptop, "ledger": ledger})
    enter(connection, head, receipt)
    return receipt


def head_now(connection: Connection, today: date, key: ServiceKey) -> Head:
    """Return the head of the last sealed day, sealing what is over.

    The day that is open stays open until the transaction ends: what is entered now belongs to it.
    """
    while True:
        last = connection.execute(sa.select(journal_days).order_by(journal_days.c.number.desc()).limit(1)).first()
        if last is None:
            with suppress(IntegrityError), connection.begin_nested():  # another replica may be first
                connection.execute(sa.insert(journal_days).values(number=1, day=today))
            continue
        is_open = last.day >= today  # a calendar that was set back changes no sealed day
        this = sa.select(journal_days).where(journal_days.c.number == last.number).with_for_update(read=is_open)
        locked = connection.execute(this).one()
        if locked.root is not None:  # sealed by another replica in the meantime
            continue
        if is_open:
            return Head(locked.number - 1, _head_before(connection, locked.number, key))
        _seal(connection, locked, today, key)


def enter(connection: Connection, head: Head, receipt: bytes) -> None:
    """Enter a signed receipt into the day after ``head``."""
    entry = entry_of(json.loads(receipt)[RECEIPT])
    connection.execute(sa.insert(journal_entries).values(entry=entry, number=head.number + 1))


def is_entered(connection: Connection, receipt: bytes) -> bool:
    """Tell whether a signed receipt stands in the journal."""
    entry = entry_of(json.loads(receipt)[RECEIPT])
    found = sa.select(journal_entries.c.number).where(journal_entries.c.entry == entry)
    return connection.execute(found).first() is not None


def seal_due(database: Database, today: date, key: ServiceKey) -> None:
    """Seal every day that is over, also where nothing is acknowledged on the next."""
    latest = sa.select(sa.func.max(journal_days.c.day))
    with database.reading() as connection:
        last = connection.execute(latest).scalar()
    if last is None or last < today:
        with database.writing() as connection:
            head_now(connection, today, key)


def sealed_days(connection: Connection, first: int, most: int) -> list[SealedDay]:
    """Return sealed days from a number on, at most so many."""
    wanted = (journal_days.c.number >= first) & journal_days.c.root.is_not(None)
    found = connection.execute(sa.select(journal_days).where(wanted).order_by(journal_days.c.number).limit(most))
    return [SealedDay(row.number, row.day, row.root) for row in found]


def find_entry(connection: Connection, entry: str, key: ServiceKey) -> Inclusion | None:
    """Return where an entry stands, or ``None`` where it was never made."""
    number = connection.execute(sa.select(journal_entries.c.number).where(journal_entries.c.entry == entry)).scalar()
    if number is None:
        return None
    root = connection.execute(sa.select(journal_days.c.root).where(journal_days.c.number == number)).scalar()
    if root is None:
        return Inclusion(number)
    place, path = path_of(_leaves(connection, number, key), entry)
    return Inclusion(number, place, tuple(path))


def salt_of_erasure(key: ServiceKey, subject: str) -> bytes:
    """Return the random bits of an erasure's receipt: made of the key, since nothing about the subject is kept."""
    return hmac.new(key.secret("erasures"), subject.encode(), hashlib.sha256).digest()[:_SALT_BYTES]


def _seal(connection: Connection, last: Row[tuple[object, ...]], today: date, key: ServiceKey) -> None:
    """Fix the last day and every date since, and open today."""
    number, day, before = last.number, last.day, _head_before(connection, last.number, key)
    while day < today:
        root = root_of(_leaves(connection, number, key))
        before = next_head(before, number, day, root)
        sealed = {"root": root, "head": before}
        if number == last.number:
            connection.execute(sa.update(journal_days).where(journal_days.c.number == number).values(**sealed))
        else:
            connection.execute(sa.insert(journal_days).values(number=number, day=day, **sealed))
        number, day = number + 1, day + timedelta(days=1)
    connection.execute(sa.insert(journal_days).values(number=number, day=day))


def _head_before(connection: Connection, number: int, key: ServiceKey) -> str:
    found = connection.execute(sa.select(journal_days.c.head).where(journal_days.c.number == number - 1)).scalar()
    return first_head(key.fingerprint) if found is None else str(found)


def _leaves(connection: Connection, number: int, key: ServiceKey) -> list[str]:
    secret = key.secret("journal")

    def nothing(place: int) -> str:
        return hmac.new(secret, wire.canonical([number, place]), hashlib.sha256).hexdigest()

    mine = sa.select(journal_entries.c.entry).where(journal_entries.c.number == number)
    return leaves(connection.execute(mine).scalars(), nothing)
