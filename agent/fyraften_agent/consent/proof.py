"""Checks an exported receipt of consents, without a network and without the ledger it came from.

Everything is worked out again from the chain in the file: links, signatures, the words shown, and each record. What the
file's signer could not do is say less than the chain; whether the chain is the newest, only the ledger itself knows.
Pure. Not here: making the document (``consent/records.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from fyraften_agent.consent.ledger import PURPOSES, SCHEMA, Event, LedgerError, check_chain, check_signatures
from fyraften_agent.consent.records import CHAIN_SCHEMA, RECEIPT_SCHEMA, folded, of_purpose
from fyraften_agent.errors import AgentError
from fyraften_policy import wire
from fyraften_policy.languages import mark
from fyraften_policy.periods import parse_instant
from fyraften_policy.sentences import Sentence, sentence

Fits = Callable[[bytes, bytes, bytes], bool]
"""Whether a signature (second) over bytes (third) was made with the private half of a public key (first)."""
_OF_CHAIN = ("schema_version", "record_id", "pii_principal_id", "consent_status", "valid_until", "events")


class ProofError(AgentError):
    """The exported file is not what a ledger's key signed."""

    exit_code = 6

    def __init__(self, words: str | Sentence, **values: object) -> None:
        super().__init__(mark("This is not a sound export of consents: {problem}"), problem=sentence(words, **values))


class Proof(NamedTuple):
    """What a sound file shows: its events, the ledger's public key, and whether the file as a whole is signed."""

    events: list[Event]
    public_key: bytes
    is_signed: bool


def sign(document: dict[str, Any], key: Callable[[bytes], bytes]) -> dict[str, Any]:
    """Return the document with a signature over everything in it."""
    return {**document, "proof": {"type": "Ed25519", "signature": key(wire.canonical(document)).hex()}}


def check(document: object, fits: Fits) -> Proof:
    """Return what the file shows; raises :class:`ProofError` at the first thing that does not fit."""
    try:
        return _checked(document, fits)
    except LedgerError as failure:
        raise ProofError(failure.problem) from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ProofError(mark("it has another form.")) from None


def _checked(document: object, fits: Fits) -> Proof:
    if not isinstance(document, dict) or document["schema_version"] != RECEIPT_SCHEMA:
        raise ProofError(mark("it is no receipt of consents."))
    content = {name: value for name, value in document.items() if name != "proof"}
    chain = content["chain"]
    if chain["schema"] != CHAIN_SCHEMA:
        raise ProofError(mark("its chain is of another version."))
    public_key = bytes.fromhex(chain["public_key"])
    events = [_event(row) for row in chain["events"]]
    check_chain(events)
    check_signatures(events, public_key, lambda signature, signed: fits(public_key, signature, signed))
    is_signed = "proof" in document
    if is_signed and not fits(public_key, bytes.fromhex(document["proof"]["signature"]), wire.canonical(content)):
        raise ProofError(mark("it was changed after it was written."))
    _check_texts(events, chain["texts"])
    _check_records(events, content, public_key)
    return Proof(events, public_key, is_signed)


def _check_texts(events: list[Event], texts: dict[str, str]) -> None:
    for digest, text in texts.items():
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            raise ProofError(mark("the words that were shown are not those whose hash was signed."))
    for event in events:
        if "text_sha256" in event.details and event.details["text_sha256"] not in texts:
            raise ProofError(mark("the words shown with event {number} are missing."), number=event.number)


def _check_records(events: list[Event], content: dict[str, Any], public_key: bytes) -> None:
    now = parse_instant(content["created"], "UTC")
    expected = [folded(events, purpose, public_key, now) for purpose in PURPOSES if of_purpose(events, purpose)]
    if len(content["records"]) != len(expected):
        raise ProofError(mark("a record is missing, or too many."))
    for record, wanted in zip(content["records"], expected, strict=True):
        process = record["pii_processing"][0]
        if any(record[name] != wanted[name] for name in _OF_CHAIN) or any(
            process[name] != wanted[name] for name in ("privacy_notice", "language")
        ):
            raise ProofError(mark("the record {record} is not what its events add up to."), record=wanted["record_id"])


def _event(row: dict[str, Any]) -> Event:
    if row["schema"] != SCHEMA or set(row) != set(Event(1, 0, "", "", {}, "", "", b"").as_json()):
        raise ValueError
    return Event(
        int(row["number"]),
        int(row["at"]),
        str(row["kind"]),
        str(row["purpose"]),
        dict(row["details"]),
        str(row["previous"]),
        str(row["hash"]),
        bytes.fromhex(row["signature"]),
    )
