"""Consents that run out: when they do, telling so in time, and writing it down.

A consent lasts 12 months and ends by itself, whatever is written or running; nobody renews it but the person, at the
keyboard, by the same question as the first time (``cli/consent_giving.py``). What is written here is the event, and
what ends with it: unsent reports are erased, and an enrolment that was never confirmed is given up. One that was
confirmed stays, for whoever agrees again.
Not here: when a consent counts (``ledger.consent_state``) and the notices in which it is told (``notices``).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from fyraften_agent.consent.ledger import PURPOSES, Event, consent_state
from fyraften_agent.consent.ledger_file import open_to_read, storage_errors, transaction
from fyraften_agent.consent.ledger_store import Consents, Ledger, read_events
from fyraften_agent.consent.notices import SOON_SECONDS, Ending
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import STARTED, Enrolments
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.verify_ledger import verify


def endings(consents: Consents, now: int) -> list[Ending]:
    """Return the consents that run out soon or have run out, in the order of ``PURPOSES``."""
    found = []
    for purpose in PURPOSES:
        state = consents.state(purpose, now)
        if state.expires_at is None or state.state not in ("given", "expired"):
            continue
        if state.state == "expired" or state.expires_at - now <= SOON_SECONDS:
            found.append(Ending(purpose, state.expires_at))
    return found


def not_written(events: Sequence[Event], now: int) -> list[str]:
    """Return the purposes whose consent has run out without an event that says so."""
    return [
        purpose
        for purpose in PURPOSES
        if consent_state(events, purpose, now).state == "expired"
        and "expired" not in [event.kind for event in events if event.purpose == purpose][_given(events, purpose) :]
    ]


def settle(ledger: Ledger, now: int) -> list[str]:
    """Write down which consents have run out, and end what ends with them; return their purposes."""
    events = ledger.events()
    ended = not_written(events, now)
    outbox, enrolments = Outbox(ledger.connection), Enrolments(ledger.connection)
    for purpose in [purpose for purpose in PURPOSES if consent_state(events, purpose, now).state == "expired"]:
        with transaction(ledger.connection):
            if purpose in ended:
                ledger.append("expired", purpose, now)
            if purpose != "recording":
                outbox.purge_unsent(purpose, now)
            for enrolment in enrolments.all():
                if enrolment.purpose == purpose and enrolment.state == STARTED:
                    enrolments.leave(enrolment.subject, now)
    if ended:
        ledger.settle_head()
    return ended


def settle_expired(paths: Paths, now: int) -> list[str]:
    """Do :func:`settle` in the person's own ledger; opens nothing for writing where nothing has run out.

    Raises:
        LedgerError: the ledger cannot be trusted.
    """
    connection = open_to_read(paths.ledger)
    if connection is None:
        return []
    with closing(connection), storage_errors():
        events = read_events(connection)
    if not not_written(events, now):
        return []
    verify(paths)
    with Ledger.open(paths, taking_back=True) as ledger:
        return settle(ledger, now)


def _given(events: Sequence[Event], purpose: str) -> int:
    """Return the place of the latest consent among the events of its purpose."""
    kinds = [event.kind for event in events if event.purpose == purpose]
    return max((index for index, kind in enumerate(kinds) if kind == "given"), default=0)
