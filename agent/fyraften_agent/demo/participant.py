"""Somebody who takes part: a consent ledger in memory, an outbox and enrolments in it, and keys in a throw-away folder.

The ledger is the real one, on a database that has no file: every event it gets is marked as a demonstration's, and the
programs that read ledgers refuse such events.  To the sending process it is lent as bytes through a pipe.
Not here: the network (``sending``), what the person does (``person``).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from fyraften_agent.consent.keys import LEDGER_KEY, Keys
from fyraften_agent.consent.ledger import ConsentState, Event, consent_state
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import DEMO_MARK, Ledger
from fyraften_agent.sending.employer_policy import terms_shown
from fyraften_agent.sending.enrolment import LEAVING, STARTED, Enrolments, Service, agreed_service, new_subject
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.preparing import Sending
from fyraften_policy import wire
from fyraften_policy.intervals import Interval

MARKS = {DEMO_MARK: True}


def memory_ledger(keys: Keys) -> Ledger:
    """Return a new consent ledger in memory, marked as a demonstration's; its key is made in ``keys`` if need be."""
    return Ledger(open_ledger(None), keys.load_or_create(LEDGER_KEY), head=None, marks=MARKS)


def fill(ledger: Ledger, content: bytes) -> None:
    """Put what was lent into a ledger in memory, in place of what is there."""
    # By way of a copy: a database that was deserialized in place does not survive growing (a bus error, SQLite 3.40).
    with closing(sqlite3.connect(":memory:")) as lent:
        lent.deserialize(content)
        lent.backup(ledger.connection)


class Participant:
    """One laptop's side of consent and sending."""

    def __init__(self, keys_folder: Path) -> None:
        self.keys = Keys.in_files(keys_folder)
        self.ledger = memory_ledger(self.keys)
        self.outbox = Outbox(self.ledger.connection)
        self.enrolments = Enrolments(self.ledger.connection)
        self._events: list[Event] = []
        self._seen = -1

    def close(self) -> None:
        """Forget everything that is in memory."""
        self.ledger.close()

    def consent(self, purpose: str, now: int) -> ConsentState:
        """Return where the consent stands; cheap enough for every tick."""
        changes = self.ledger.connection.total_changes
        if changes != self._seen:
            self._events, self._seen = self.ledger.events(), changes
        return consent_state(self._events, purpose, now)

    def agree_to_recording(self, text: Sequence[str], language: str, now: int) -> None:
        """Record that the made-up person agreed to this text."""
        self.ledger.give("recording", now, "\n".join(text), language, wire.VERSION)

    def agree_to_sending(
        self, purpose: str, server: str, service: Service, code: str, text: Sequence[str], language: str, now: int
    ) -> None:
        """Record that the made-up person agreed, and that the service is to be asked to enrol."""
        about = {**agreed_service(server, service.public_key), "organisation": service.organisation}
        details = {**about, **terms_shown(service)}
        self.ledger.give(purpose, now, "\n".join(text), language, wire.VERSION, details)
        subject = new_subject(secrets.token_bytes(16))
        self.keys.create(subject)
        self.enrolments.start(purpose, server, service, subject, code, now)

    def has_something_due(self, now: int) -> bool:
        """Say whether the sender has anything to do."""
        waiting = [*self.enrolments.due(STARTED, now), *self.enrolments.due(LEAVING, now)]
        return bool(waiting or self.outbox.due(now))

    def sending(self, week_before: Interval, now: int) -> Sending:
        """Return whether anything may be sent, and what was sent in the week before."""
        allowed = any(self.consent(purpose, now).is_given for purpose in wire.purposes())
        sent = [
            item for item in self.outbox.items() if item.sent_at is not None and item.sent_at in range(*week_before)
        ]
        return Sending(allowed, tuple(f"{wire.report(item.report).name} {item.period}" for item in sent))

    def lend(self) -> bytes:
        """Return everything that is in memory, for the sending process."""
        return self.ledger.connection.serialize()

    def take_back(self, content: bytes) -> None:
        """Take over what the sending process made of it."""
        fill(self.ledger, content)
        self._seen = -1
