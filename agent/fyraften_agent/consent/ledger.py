"""Consent as a fold of events: what a person was shown, agreed to, declined and took back, in a chain.

There is no "consented" flag anywhere. The state of a purpose is what its events add up to at a given time, and each
event carries the hash of the one before it, so that a changed, removed or moved event is noticed.
Pure. Not here: the file (``ledger_store.py``), the key (``keys.py``), the signature check (``verify_ledger.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from fyraften_agent.errors import AgentError
from fyraften_policy import wire
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence, sentence

SCHEMA = "fyraften.event/1"
# Recording, and what the registry declares, in its order: a test compares. Not read from there, because the supervisor
# reads consent too and loads nothing it can do without.
PURPOSES = ("recording", "group", "pulse", "duty", "record")
KINDS = (
    "notice_shown",
    "given",
    "refused",
    "withdrawn",
    "expired",
    "policy_seen",
    "report_sent",
    "receipt",
    "erasure_requested",
    "erasure_completed",
)
State = Literal["none", "given", "refused", "withdrawn", "expired"]
# What only takes back needs no proof: it must work without the key, too, and who could forge it could remove all.
NEEDS_NO_KEY = ("withdrawn", "expired", "erasure_requested")
UNSIGNED = "unsigned"
_DECIDING: dict[str, State] = {
    "given": "given",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "expired": "expired",
}


class LedgerError(AgentError):
    """The consent ledger cannot be trusted; ``number`` is the first bad event, 0 where the whole ledger is meant."""

    exit_code = 6

    def __init__(self, number: int, problem: str | Sentence, /, **values: object) -> None:
        self.number, self.problem = number, sentence(problem, number=number, **values)
        super().__init__(
            mark(
                "{problem} Nothing is recorded or sent. "
                "To set the ledger aside and be asked anew, write: fyraften consent give recording"
            ),
            problem=self.problem,
        )


@dataclass(frozen=True)
class Event:
    """One thing that happened to a consent. ``previous`` and ``hash`` are SHA-256 in hex; the key signs ``content``."""

    number: int
    at: int
    kind: str
    purpose: str
    details: Mapping[str, Any]
    previous: str
    hash: str
    signature: bytes

    @property
    def is_unsigned(self) -> bool:
        """Say whether it was written without the key, as what only takes back may be."""
        return not self.signature and self.kind in NEEDS_NO_KEY and self.details.get(UNSIGNED) is True

    def content(self) -> bytes:
        """Return the canonical bytes that are hashed and signed."""
        return _content(self.number, self.at, self.kind, self.purpose, self.details, self.previous)

    def as_json(self) -> dict[str, Any]:
        """Return the event in the form in which it is exported."""
        return {
            "schema": SCHEMA,
            "number": self.number,
            "at": self.at,
            "kind": self.kind,
            "purpose": self.purpose,
            "details": dict(self.details),
            "previous": self.previous,
            "hash": self.hash,
            "signature": self.signature.hex(),
        }


@dataclass(frozen=True)
class ConsentState:
    """Where one purpose stands. The other values are those of the latest consent, ``None`` where there was none."""

    state: State
    given_at: int | None = None
    expires_at: int | None = None
    wire_version: int | None = None

    @property
    def is_given(self) -> bool:
        """Say whether the person agrees now."""
        return self.state == "given"


def first_link(public_key: bytes) -> str:
    """Return what the first event names as the one before it: the hash of the ledger's own public key."""
    return hashlib.sha256(public_key).hexdigest()


def next_event(
    before: Event | None,
    kind: str,
    purpose: str,
    at: int,
    details: Mapping[str, Any],
    public_key: bytes,
    sign: Callable[[bytes], bytes],
) -> Event:
    """Return the event that follows ``before``, signed."""
    if kind not in KINDS or purpose not in PURPOSES:
        raise ValueError(f"The ledger knows no event {kind!r} for {purpose!r}.")
    number = before.number + 1 if before else 1
    previous = before.hash if before else first_link(public_key)
    content = _content(number, at, kind, purpose, details, previous)
    return Event(number, at, kind, purpose, dict(details), previous, hashlib.sha256(content).hexdigest(), sign(content))


def check_chain(events: Sequence[Event]) -> None:
    """Raise :class:`LedgerError` at the first event that was changed, removed, added or moved.

    Without the public key this says nothing about who wrote the events: see :func:`check_signatures`.
    """
    previous = None
    for expected, event in enumerate(events, start=1):
        if event.number != expected:
            raise LedgerError(expected, mark("Event {number} of the consent ledger is missing or not in its place."))
        if event.kind not in KINDS or event.purpose not in PURPOSES:
            raise LedgerError(
                event.number,
                mark("Event {number} of the consent ledger is of no known kind: {kind!r} for {purpose!r}."),
                kind=event.kind,
                purpose=event.purpose,
            )
        if hashlib.sha256(event.content()).hexdigest() != event.hash:
            raise LedgerError(
                event.number, mark("Event {number} of the consent ledger was changed after it was written.")
            )
        if previous is not None and event.previous != previous.hash:
            raise LedgerError(
                event.number, mark("Event {number} of the consent ledger does not follow from the event before it.")
            )
        previous = event


def check_signatures(events: Sequence[Event], public_key: bytes, verify: Callable[[bytes, bytes], bool]) -> None:
    """Raise :class:`LedgerError` at the first event that the ledger's own key did not sign.

    An event that only takes back, and says of itself that it is not signed, needs no signature.

    Args:
        verify: answers whether a signature (first argument) fits the bytes (second argument).
    """
    if events and events[0].previous != first_link(public_key):
        raise LedgerError(1, mark("Event {number} of the consent ledger was not written with this ledger's key."))
    for event in events:
        if not (event.is_unsigned or verify(event.signature, event.content())):
            raise LedgerError(
                event.number, mark("Event {number} of the consent ledger was not signed by this ledger's key.")
            )


def check_head(events: Sequence[Event], number: int, digest: str) -> None:
    """Raise :class:`LedgerError` if events that were there once are gone: a cut tail is no break in the chain.

    Args:
        number: the highest event known to have existed.
        digest: its hash.
    """
    if len(events) < number:
        raise LedgerError(
            len(events) + 1,
            mark("Event {number} of the consent ledger is missing: there were {count} events."),
            count=number,
        )
    if number and events[number - 1].hash != digest:
        raise LedgerError(
            number, mark("Event {number} of the consent ledger is another than the one that was written.")
        )


def check_receipts(events: Iterable[Event], confirmed: Iterable[str]) -> None:
    """Raise :class:`LedgerError` if the service confirmed a report of which the ledger knows nothing: its end is gone.

    Args:
        confirmed: SHA-256 in hex of the reports for which there is a receipt.
    """
    known = {event.details.get("sha256") for event in events if event.kind == "receipt"}
    missing = [digest for digest in confirmed if digest not in known]
    if missing:
        raise LedgerError(
            0,
            mark("The end of the consent ledger is missing: there are receipts of {count} reports it does not know."),
            count=len(missing),
        )


def consent_state(events: Iterable[Event], purpose: str, now: int) -> ConsentState:
    """Return where ``purpose`` stands at ``now``.

    A clock that was set back makes no consent live longer: the time of the latest event of the ledger counts, if later.
    """
    state: State = "none"
    given: Event | None = None
    latest = now
    for event in events:
        latest = max(latest, event.at)
        if event.purpose != purpose or event.kind not in _DECIDING:
            continue
        state = _DECIDING[event.kind]
        given = event if event.kind == "given" else given
    if given is None:
        return ConsentState(state)
    expires_at = one_year_after(given.at)
    if state == "given" and latest >= expires_at:
        state = "expired"
    return ConsentState(state, given.at, expires_at, given.details.get("wire_version"))


def one_year_after(at: int) -> int:
    """Return the same date and time of the following year (UTC), 29 February becoming the 28th."""
    moment = datetime.fromtimestamp(at, UTC)
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return int(moment.replace(year=moment.year + 1, day=day).timestamp())


def _content(number: int, at: int, kind: str, purpose: str, details: Mapping[str, Any], previous: str) -> bytes:
    return wire.canonical(
        {
            "schema": SCHEMA,
            "number": number,
            "at": at,
            "kind": kind,
            "purpose": purpose,
            "details": dict(details),
            "previous": previous,
        }
    )
