"""Consents as records and a receipt in the terms of ISO/IEC TS 27560:2023, made out of the chain and nothing else.

The names of the fields are those of the technical specification; a JSON-LD context says which term of the W3C Data
Privacy Vocabulary each one is, as in that group's guide (decision 0024). A record is what the events of one purpose
add up to; the chain and the words that were shown come along as the proof, so that anybody can work the record out
again. Pure. Not here: checking such a document (``consent/proof.py``), files and keys (``cli/consent_export.py``).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fyraften_agent.consent.ledger import PURPOSES, Event, consent_state, one_year_after
from fyraften_agent.sending.enrolment import Enrolment
from fyraften_agent.store.keeping import KEPT_DAYS, KEPT_MONTHS
from fyraften_policy import wire
from fyraften_policy.languages import Translate
from fyraften_policy.wire_registry import Report

RECORD_SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"
RECEIPT_SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"
CHAIN_SCHEMA = "fyraften.chain/1"
EXPLICIT = "dpv:ExplicitlyExpressedConsent"
STATES = {
    "none": "dpv:ConsentRequested",
    "notice_shown": "dpv:ConsentRequested",
    "given": "dpv:ConsentGiven",
    "refused": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
    "expired": "dpv:ConsentExpired",
}
_RENEWED = "dpv:RenewedConsentGiven"
_BY_PROGRAM = {"notice_shown", "expired"}
_PROGRAM = "fyraften"
# Each field of the technical specification, and the term of the vocabulary that the guide gives for it.
CONTEXT: dict[str, Any] = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "fyraften": "urn:fyraften:",
    "schema_version": {"@id": "dct:conformsTo", "@type": "@id"},
    "receipt_id": "dct:identifier",
    "record_id": "dct:identifier",
    "created": "dct:created",
    "records": "dct:hasPart",
    "pii_principal_id": "dpv:hasDataSubject",
    "consent_status": {"@id": "dpv:hasConsentStatus", "@type": "@vocab"},
    "valid_until": "dct:valid",
    "pii_processing": "dpv:hasProcess",
    "privacy_notice": "dpv:hasNotice",
    "notice_sha256": "dct:identifier",
    "language": "dct:language",
    "purpose": "dpv:hasPurpose",
    "purpose_description": "dct:description",
    "lawful_basis": {"@id": "dpv:hasLegalBasis", "@type": "@vocab"},
    "lawful_basis_description": "fyraften:lawful_basis_description",
    "pii_information": "dpv:hasPersonalData",
    "pii_type": "dct:title",
    "pii_description": "dct:description",
    "pii_optional": "fyraften:pii_optional",
    "pii_controllers": "dpv:hasDataController",
    "collection_method": "dpv:hasDataSource",
    "processing_method": "dpv:hasProcessing",
    "storage_locations": "dpv:hasStorageCondition",
    "retention_period": "dpv:hasDuration",
    "jurisdiction": {"@id": "dpv:hasJurisdiction", "@type": "@vocab"},
    "recipient_third_parties": "dpv:hasRecipient",
    "withdrawal_method": "dpv:hasConsentControl",
    "privacy_rights": {"@id": "dpv:hasRight", "@type": "@vocab"},
    "authority_party": "dpv:hasAuthority",
    "parties": "dpv:hasEntity",
    "party_id": "dpv:hasIdentifier",
    "party_name": "dpv:hasName",
    "party_role": "@type",
    "party_contact": "dpv:hasContact",
    "party_url": "schema:url",
    "events": "fyraften:events",
    "event_time": "dct:date",
    "validity_duration": "fyraften:validity_duration",
    "entity_id": "dpv:isImplementedByEntity",
    "event_type": {"@id": "dpv:hasLegalBasis", "@type": "@vocab"},
    "event_state": {"@id": "dpv:hasConsentStatus", "@type": "@vocab"},
    "expression_method": "dpv:hasIndicationMethod",
    "chain": "fyraften:chain",
    "proof": "fyraften:proof",
}


@dataclass(frozen=True)
class Given:
    """What the records are made of: the checked events, the words shown by their hash, and the enrolments."""

    events: Sequence[Event]
    texts: Mapping[str, str]
    enrolments: Sequence[Enrolment]
    public_key: bytes


def receipt(given: Given, now: int, language: str, _: Translate) -> dict[str, Any]:
    """Return the receipt with a record for every purpose that was ever asked for; without its signature.

    Args:
        language: of what is said about purposes and data; the notices are in the language in which they were shown.
    """
    records = [_record(given, purpose, now, language, _) for purpose in PURPOSES if of_purpose(given.events, purpose)]
    head = given.events[-1] if given.events else None
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "schema_version": RECEIPT_SCHEMA,
        "receipt_id": made_id(given.public_key, "receipt", head.hash if head else ""),
        "created": utc(now),
        "records": records,
        "chain": {
            "schema": CHAIN_SCHEMA,
            "public_key": given.public_key.hex(),
            "events": [event.as_json() for event in given.events],
            "texts": dict(sorted(given.texts.items())),
        },
    }


def of_purpose(events: Sequence[Event], purpose: str) -> list[Event]:
    """Return the events that change where a consent stands, or ask for it; other notices do neither."""
    deciding = [event for event in events if event.purpose == purpose and event.kind in STATES]
    return [event for event in deciding if event.kind != "notice_shown" or "wire_version" in event.details]


def folded(events: Sequence[Event], purpose: str, public_key: bytes, now: int) -> dict[str, Any]:
    """Return the part of a record that follows from the chain alone, at ``now``."""
    state = consent_state(events, purpose, now)
    own, principal = of_purpose(events, purpose), made_id(public_key, "principal", purpose)
    shown = [event for event in own if "text_sha256" in event.details]
    notice = shown[-1].details if shown else {}
    return {
        "@type": "dpv:ConsentRecord",
        "schema_version": RECORD_SCHEMA,
        "record_id": made_id(public_key, "record", purpose),
        "pii_principal_id": principal,
        "consent_status": STATES[state.state],
        "valid_until": utc(state.expires_at) if state.is_given and state.expires_at is not None else None,
        "privacy_notice": {
            "@type": "dpv:ConsentNotice",
            "notice_sha256": notice.get("text_sha256"),
            "language": notice.get("language"),
        },
        "language": notice.get("language"),
        "events": [_event(event, own[:index], principal) for index, event in enumerate(own)],
    }


def made_id(public_key: bytes, kind: str, matter: str) -> str:
    """Return an identifier in the form of a UUID, made of the ledger's random key.

    It says nothing about a person, is the same in every export, and differs between purposes, so that records that
    are handed to two readers cannot be joined by it.
    """
    digest = hashlib.sha256(b"\0".join((b"fyraften.record/1", public_key, kind.encode(), matter.encode()))).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def utc(at: int) -> str:
    """Return an instant as ISO 8601 in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _event(event: Event, before: Sequence[Event], principal: str) -> dict[str, Any]:
    earlier = [one.kind for one in before if one.kind != "notice_shown"]
    is_renewed = event.kind == "given" and earlier[-1:] in (["given"], ["expired"])
    row: dict[str, Any] = {
        "event_time": utc(event.at),
        "entity_id": _PROGRAM if event.kind in _BY_PROGRAM else principal,
        "event_type": EXPLICIT,
        "event_state": _RENEWED if is_renewed else STATES[event.kind],
        "number": event.number,
    }
    if event.kind == "given":
        row["validity_duration"] = "P1Y"
        row["valid_until"] = utc(one_year_after(event.at))
        row["expression_method"] = "typing a random word at a terminal, after the text was shown there"
    return row


def _record(given: Given, purpose: str, now: int, language: str, _: Translate) -> dict[str, Any]:
    record = folded(given.events, purpose, given.public_key, now)
    about = _recording(_) if purpose == "recording" else _report(given, purpose, language, _)
    process, parties = about
    notice = {"privacy_notice": record.pop("privacy_notice"), "language": record.pop("language")}
    common = {
        "@type": "dpv:Process",
        **notice,
        "purpose": purpose,
        "collection_method": "dpv:DataSubjectDataSource",
        "jurisdiction": "loc:EEA",
        "withdrawal_method": f"fyraften consent withdraw {purpose}",
        "privacy_rights": ["eu-gdpr:A7-3", "eu-gdpr:A15", "eu-gdpr:A16", "eu-gdpr:A17", "eu-gdpr:A77"],
        "authority_party": "Datatilsynet",
    }
    person = {"party_id": record["pii_principal_id"], "party_role": "dpv:DataSubject", "party_name": _("you")}
    events = record.pop("events")
    return {**record, "pii_processing": [{**common, **process}], "parties": [person, *parties], "events": events}


def _recording(_: Translate) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Say what recording is: it has no controller but the person, and nobody receives it."""
    kinds = {
        "input_times": _("when keyboard or mouse were used, as from–to and the share of minutes in use"),
        "computer_states": _("when the computer slept or was off"),
        "place": _("the place you name for the network you are on"),
    }
    process = {
        "purpose_description": _("your own log of your screen work, checked on this computer against the rules"),
        "lawful_basis": "eu-gdpr:A6-1-a",
        "lawful_basis_description": _("Your consent, GDPR article 6(1)(a)"),
        "pii_information": [
            {"pii_type": name, "pii_description": words, "pii_optional": True} for name, words in kinds.items()
        ],
        "pii_controllers": [],
        "processing_method": ["dpv:Collect", "dpv:Store", "dpv:Analyse"],
        "storage_locations": [_("this computer")],
        "retention_period": _("{months} months and {days} days").format(months=KEPT_MONTHS, days=KEPT_DAYS),
        "recipient_third_parties": [],
    }
    return process, []


def _report(given: Given, purpose: str, language: str, _: Translate) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Say what one purpose of sending is: fields as far as they were agreed to, and who receives them."""
    report = wire.report_for(purpose)
    agreed = [event for event in of_purpose(given.events, purpose) if "server" in event.details]
    details = agreed[-1].details if agreed else {}
    controller = _controller(given, purpose, details)
    version = int(details.get("wire_version", wire.VERSION))
    process = {
        "purpose_description": report.what_for[language],
        "lawful_basis": "eu-gdpr:A6-1-c" if report.legal_duty else "eu-gdpr:A6-1-a",
        "lawful_basis_description": report.basis[language],
        "pii_information": _fields(report, version, language),
        "pii_controllers": [one["party_id"] for one in controller],
        "processing_method": ["dpv:Transmit", "dpv:Store", "dpv:Aggregate" if report.has_cell else "dpv:Use"],
        "storage_locations": [_("this computer"), *[one["party_url"] for one in controller]],
        "retention_period": report.keep[language],
        "recipient_third_parties": [report.seen_by[language]],
    }
    return process, controller


def _fields(report: Report, version: int, language: str) -> list[dict[str, Any]]:
    return [
        {"pii_type": field.name, "pii_description": field.meaning[language], "pii_optional": False}
        for field in report.fields
        if field.since <= version
    ]


def _controller(given: Given, purpose: str, details: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the employer as it stands in the signed event; its contact is what its service said."""
    if "server" not in details:
        return []
    found = [one for one in given.enrolments if one.purpose == purpose and one.server == details["server"]]
    return [
        {
            "party_id": str(details.get("service")),
            "party_role": "dpv:DataController",
            "party_name": str(details.get("organisation", "")),
            "party_contact": found[-1].contact if found else None,
            "party_url": str(details["server"]),
        }
    ]
