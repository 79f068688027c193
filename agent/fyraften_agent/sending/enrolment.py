"""Enrolments: which service this laptop is known to, for which purpose, under which random name; and leaving again.

    started ──► enrolled ──► leaving ──► left       leaving: withdrawn here; the service is asked to erase until its
       └────────────────────────┘                   signed receipt says that it did

A subject is random and made here; two purposes have two subjects and two keys, so that what one laptop sends for both
cannot be joined. The service's key is kept from the moment the person saw its fingerprint.
Not here: the requests themselves (``sender.py``) and asking the person (``cli/consent.py``).
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fyraften_agent.consent.ledger import Event
from fyraften_agent.consent.ledger_file import open_ledger, open_to_read, storage_errors, transaction
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.errors import ServiceError
from fyraften_agent.paths import Paths
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.receipts import SMALLEST_GROUP_FLOOR, decode, encode, fingerprint, read_date
from fyraften_policy import wire
from fyraften_policy.languages import mark
from fyraften_policy.sentences import sentence

SERVICE_SCHEMA = "fyraften.service/1"
ENROLMENT_SCHEMA = "fyraften.enrolment/1"
STARTED, ENROLLED, LEAVING, LEFT = "started", "enrolled", "leaving", "left"
_SERVICE_FIELDS = {
    "schema",
    "organisation",
    "contact",
    "purposes",
    "smallest_group",
    "wire_version",
    "public_key",
    "fingerprint",
    "notice_given_on",
}
_COLUMNS = (
    "subject, purpose, state, server, organisation, contact, service_key, smallest_group, started_at, code, cell, "
    "enrolled_at, receipt, erasure_receipt, attempts, next_try_at, problem"
)
_LONGEST_TEXT = 300


class ServiceDescriptionError(ServiceError):
    """What the service says about itself cannot be used."""

    def __init__(self, problem: str, **values: object) -> None:
        told = sentence(problem, **values)
        super().__init__(mark("The service describes itself in a way that cannot be used: {problem}."), problem=told)
        self.problem = str(told)


@dataclass(frozen=True)
class Service:
    """What a service says about itself, checked."""

    organisation: str
    contact: str
    purposes: tuple[str, ...]
    smallest_group: int
    public_key: bytes
    notice_given_on: date | None

    @property
    def fingerprint(self) -> str:
        """Return the key's fingerprint, to compare with what the employee representative hands out."""
        return fingerprint(self.public_key)


@dataclass(frozen=True)
class Enrolment:
    """One enrolment. ``problem`` is the last failure, as in the outbox; the masked parts identify the laptop."""

    subject: str = field(repr=False)
    purpose: str
    state: str
    server: str
    organisation: str
    contact: str
    service_key: bytes
    smallest_group: int
    started_at: int
    code: str | None = field(repr=False)
    cell: str | None
    enrolled_at: int | None
    receipt: bytes | None = field(repr=False)
    erasure_receipt: bytes | None = field(repr=False)
    attempts: int
    next_try_at: int | None
    problem: str | None


def read_service(body: bytes) -> Service:
    """Return what a service says about itself; raises :class:`ServiceDescriptionError`."""
    try:
        words = json.loads(body)
    except (ValueError, RecursionError):
        raise ServiceDescriptionError(mark("it is not JSON")) from None
    if not isinstance(words, dict) or words.get("schema") != SERVICE_SCHEMA or words.keys() != _SERVICE_FIELDS:
        raise ServiceDescriptionError(mark("it has other fields than agreed"))
    group = words["smallest_group"]
    if type(group) is not int or not SMALLEST_GROUP_FLOOR <= group <= 100_000:
        raise ServiceDescriptionError(mark("groups smaller than {floor} are not accepted"), floor=SMALLEST_GROUP_FLOOR)
    purposes = words["purposes"]
    if not isinstance(purposes, list) or not all(isinstance(purpose, str) for purpose in purposes):
        raise ServiceDescriptionError(mark("its purposes cannot be read"))
    return Service(
        _text(words, "organisation"),
        _text(words, "contact"),
        tuple(purposes),
        group,
        _public_key(words),
        _notice_date(words["notice_given_on"]),
    )


def agreed_service(server: str, service_key: bytes) -> dict[str, str]:
    """Return what the signed event of a consent says about the service: nothing is sent to any other."""
    return {"server": server, "service": fingerprint(service_key)}


def is_agreed(events: Iterable[Event], enrolment: Enrolment, *, latest: bool) -> bool:
    """Say whether the person agreed to this service for this purpose.

    Args:
        latest: only the latest agreement counts (for reports); else any (an erasure may follow a newer agreement).
    """
    given = [event for event in events if event.kind == "given" and event.purpose == enrolment.purpose]
    wanted = agreed_service(enrolment.server, enrolment.service_key)
    return any(wanted.items() <= event.details.items() for event in (given[-1:] if latest else given))


def new_subject(random_bytes: bytes) -> str:
    """Return a subject made of 16 random bytes: 26 characters out of ``a`` to ``z`` and ``2`` to ``7``."""
    if len(random_bytes) != 16:
        raise ValueError("A subject is made of 16 random bytes.")
    return base64.b32encode(random_bytes).decode("ascii").rstrip("=").lower()


def enrolment_body(enrolment: Enrolment, public_key: bytes) -> bytes:
    """Return the body of the request that enrols."""
    return wire.canonical(
        {
            "schema": ENROLMENT_SCHEMA,
            "purpose": enrolment.purpose,
            "code": enrolment.code,
            "subject": enrolment.subject,
            "public_key": encode(public_key),
        }
    )


class Enrolments:
    """The enrolments in the ledger's file, over an open connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def all(self) -> list[Enrolment]:
        """Return all enrolments, oldest first."""
        return self._select("ORDER BY started_at, subject", ())

    def of_subject(self, subject: str) -> Enrolment | None:
        """Return the enrolment of that subject."""
        found = self._select("WHERE subject = ?", (subject,))
        return found[0] if found else None

    def current(self, purpose: str) -> Enrolment | None:
        """Return the enrolment in use for a purpose, confirmed or not yet; ``None`` where there is none."""
        found = self._select(
            "WHERE purpose = ? AND state IN ('started', 'enrolled') ORDER BY started_at DESC", (purpose,)
        )
        return found[0] if found else None

    def due(self, state: str, now: int) -> list[Enrolment]:
        """Return the enrolments in ``state`` for which the service is to be asked at ``now``."""
        return self._select("WHERE state = ? AND next_try_at <= ? ORDER BY started_at", (state, now))

    def start(self, purpose: str, server: str, service: Service, subject: str, code: str, now: int) -> Enrolment:
        """Record an enrolment that is about to be asked for, so that a crash on the way loses nothing."""
        self._execute(
            "INSERT INTO enrolments (subject, purpose, state, server, organisation, contact, service_key, "
            "smallest_group, started_at, code, next_try_at) VALUES (?, ?, 'started', ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                subject,
                purpose,
                server,
                service.organisation,
                service.contact,
                service.public_key,
                service.smallest_group,
                now,
                code,
                now,
            ),
        )
        return self._select("WHERE subject = ?", (subject,))[0]

    def confirm(self, subject: str, cell: str | None, receipt: bytes, now: int) -> None:
        """Record that the service enrolled the subject; the code is forgotten.

        Where the person took it back before the answer came, the receipt is kept, and the subject goes on leaving.
        """
        self._execute(
            "UPDATE enrolments SET state = CASE state WHEN 'started' THEN 'enrolled' ELSE state END, cell = ?, "
            "receipt = ?, enrolled_at = ?, code = NULL, attempts = 0, problem = NULL, "
            "next_try_at = CASE state WHEN 'started' THEN NULL ELSE next_try_at END WHERE subject = ?",
            (cell, receipt, now, subject),
        )

    def leave(self, subject: str, now: int) -> None:
        """Record that the service is to be asked to erase the subject, from now on and until it confirms."""
        self._execute(
            "UPDATE enrolments SET state = 'leaving', code = NULL, attempts = 0, next_try_at = ?, problem = NULL "
            "WHERE subject = ? AND state IN ('started', 'enrolled')",
            (now, subject),
        )

    def left(self, subject: str, receipt: bytes | None) -> None:
        """Record that the service erased the subject, or never knew it (then there is no receipt)."""
        self._execute(
            "UPDATE enrolments SET state = 'left', erasure_receipt = ?, next_try_at = NULL, problem = NULL "
            "WHERE subject = ?",
            (receipt, subject),
        )

    def ask_again(self, now: int) -> None:
        """Let every service that was to be asked later be asked at ``now``, to begin or to erase."""
        self._execute(
            "UPDATE enrolments SET next_try_at = ? WHERE state IN ('started', 'leaving') AND next_try_at > ?",
            (now, now),
        )

    def failed(self, subject: str, problem: str, next_try_at: int) -> None:
        """Record a try that was not successful, and when the next one is."""
        self._execute(
            "UPDATE enrolments SET attempts = attempts + 1, problem = ?, next_try_at = ? WHERE subject = ?",
            (problem, next_try_at, subject),
        )

    def _select(self, where: str, values: Sequence[object]) -> list[Enrolment]:
        with storage_errors():
            rows = self._connection.execute(f"SELECT {_COLUMNS} FROM enrolments {where}", tuple(values)).fetchall()
        return [Enrolment(*row) for row in rows]

    def _execute(self, statement: str, values: Sequence[object]) -> None:
        with storage_errors():
            self._connection.execute(statement, tuple(values))


def ask_services_again(paths: Paths, now: int) -> None:
    """Let those be asked at ``now`` that have not confirmed yet, however long they were to wait; makes no file."""
    connection = open_to_read(paths.ledger)
    if connection is None:
        return
    with closing(connection):
        waiting = [one for one in Enrolments(connection).all() if one.state in (STARTED, LEAVING)]
    if waiting:
        with closing(open_ledger(paths.ledger)) as changed:
            Enrolments(changed).ask_again(now)


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal did at once: how many unsent reports were erased, and how many services are asked to erase."""

    purged: int
    leaving: int


def withdraw(ledger: Ledger, purpose: str, now: int, reason: str | None = None) -> Withdrawal:
    """Take a consent back, in one step and without a network.

    The event, the end of unsent reports, and the request to erase are one transaction: no moment lies between them.
    """
    outbox, enrolments = Outbox(ledger.connection), Enrolments(ledger.connection)
    why = {"reason": reason} if reason else {}
    with transaction(ledger.connection):
        ledger.append("withdrawn", purpose, now, why)
        if purpose == "recording":
            purged, leaving = 0, []
        else:
            purged = outbox.purge_unsent(purpose, now)
            leaving = [one for one in enrolments.all() if one.purpose == purpose and one.state in (STARTED, ENROLLED)]
        for enrolment in leaving:
            enrolments.leave(enrolment.subject, now)
            ledger.append("erasure_requested", purpose, now, {"organisation": enrolment.organisation, **why})
    ledger.settle_head()
    return Withdrawal(purged, len(leaving))


def _text(words: dict[str, Any], name: str) -> str:
    text = words[name]
    if not isinstance(text, str) or not text.strip() or not text.isprintable() or len(text) > _LONGEST_TEXT:
        raise ServiceDescriptionError(mark("{field} is not one line of text"), field=name)
    return text.strip()


def _public_key(words: dict[str, Any]) -> bytes:
    try:
        key = decode(words["public_key"])
    except ValueError:
        raise ServiceDescriptionError(mark("its key cannot be read")) from None
    if len(key) != 32 or words["fingerprint"] != fingerprint(key):
        raise ServiceDescriptionError(mark("its key and fingerprint do not fit"))
    return key


def _notice_date(text: object) -> date | None:
    try:
        return None if text is None else read_date(text)
    except ValueError:
        raise ServiceDescriptionError(mark("the date of the notice to employees cannot be read")) from None
