"""Marks: how a receipt proves, years later, how far this computer's consent ledger had come when it was given.

A mark is a hash over the subject, the number and the hash of the latest event. Every signed request carries one, and
the receipt repeats it. Who has the ledger can find the event it stands for; to anybody else it says nothing, and two
subjects of one laptop cannot be joined by it. A ledger whose tail was cut off, or that was put back to an older copy,
no longer has the event that some receipt names.
Not here: the receipts themselves (``sending/receipts.py``), and what a service's own ledger says
(``sending/service_ledger.py``).
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fyraften_agent.consent.ledger import Event, LedgerError
from fyraften_policy import wire
from fyraften_policy.languages import mark

if TYPE_CHECKING:
    from fyraften_agent.sending.receipts import Receipt

HEADER = "fyraften-ledger"
_RECEIPTS = (
    "SELECT enrolments.subject, organisation, service_key, outbox.receipt FROM outbox JOIN enrolments USING (subject) "
    "WHERE outbox.receipt IS NOT NULL "
    "UNION ALL SELECT subject, organisation, service_key, receipt FROM enrolments WHERE receipt IS NOT NULL "
    "UNION ALL SELECT subject, organisation, service_key, erasure_receipt FROM enrolments "
    "WHERE erasure_receipt IS NOT NULL"
)


def mark_of(subject: str, event: Event) -> str:
    """Return the mark of a ledger that ends with ``event``, for requests of ``subject``."""
    words = {"schema": "fyraften.mark/1", "subject": subject, "number": event.number, "hash": event.hash}
    return hashlib.sha256(wire.canonical(words)).hexdigest()


def header(subject: str, events: Sequence[Event]) -> dict[str, str]:
    """Return the header line that a request carries; none before the first event."""
    return {HEADER: mark_of(subject, events[-1])} if events else {}


def knows(found: object, subject: str, events: Iterable[Event]) -> bool:
    """Say whether some event of the ledger is the one that a mark stands for."""
    return any(mark_of(subject, event) == found for event in events)


def check_mark(receipt: Receipt, subject: str, events: Iterable[Event]) -> None:
    """Raise :class:`fyraften_agent.sending.receipts.ReceiptError` unless a new receipt repeats a mark of this ledger.

    An answer that was lost comes again as it was: any event of the ledger may be the one that is meant.
    """
    from fyraften_agent.sending.receipts import ReceiptError

    if not knows(receipt.words["laptop"], subject, events):
        raise ReceiptError(mark("it does not repeat the state of this computer's ledger"))


class KeptReceipt(NamedTuple):
    """A receipt as it is kept, with what is needed to check it."""

    subject: str
    organisation: str
    service_key: bytes
    envelope: bytes


def read_receipts(connection: sqlite3.Connection) -> list[KeptReceipt]:
    """Return every receipt in the ledger's file, unchecked."""
    return [KeptReceipt(*row) for row in connection.execute(_RECEIPTS)]


def check_marks(receipts: Iterable[KeptReceipt], events: Sequence[Event]) -> None:
    """Raise :class:`LedgerError` if a stored receipt names an event that is no longer there.

    A receipt that its service's key did not sign proves nothing, and is told by ``fyraften sent``.
    """
    known: dict[str, set[str]] = {}
    for subject, organisation, service_key, envelope in receipts:
        words = _signed(envelope, service_key)
        if words is None or not isinstance(words.get("laptop"), str):
            continue
        if subject not in known:
            known[subject] = {mark_of(subject, event) for event in events}
        if words["laptop"] not in known[subject]:
            raise LedgerError(
                0,
                mark(
                    "{organisation}'s receipt of {date} names an event of the consent ledger that is not in it: "
                    "its end was cut off, or it was put back to an older copy."
                ),
                organisation=organisation,
                date=str(words.get("date"))[:10],
            )


def _signed(receipt: bytes, service_key: bytes) -> Mapping[str, object] | None:
    """Return the words of a receipt that carries a mark and is signed by the key."""
    from fyraften_agent.sending.receipts import (  # cryptography, where there is a receipt to check
        ReceiptError,
        signed_words,
    )

    try:
        if "laptop" not in json.loads(receipt)["receipt"]:
            return None
        return signed_words(receipt, service_key)
    except (ReceiptError, ValueError, KeyError, TypeError):
        return None
