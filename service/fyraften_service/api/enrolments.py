"""``POST /v1/enrolments`` and ``DELETE /v1/enrolments/{subject}``: taking part, and withdrawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response

from fyraften_service.api.requests import (
    Body,
    answer,
    as_signed,
    check_signature,
    laptop_mark,
    read_json,
    signed_enrolment,
)
from fyraften_service.enrolment import PURPOSES, Enrolment, enrol, is_subject, is_withdrawn
from fyraften_service.erasure import entered_receipt, erase
from fyraften_service.problems import Problem
from fyraften_service.receipts import from_text
from fyraften_service.service import Service

SCHEMA = "fyraften.enrolment/1"
_FIELDS = {"schema", "purpose", "code", "subject", "public_key"}
_KEY_BYTES = 32
_LONGEST_CODE = 64


def router(service: Service) -> APIRouter:
    """Return the routes of this resource."""
    routes = APIRouter()

    @routes.post("/v1/enrolments")
    def take_part(request: Request, body: Body) -> Response:
        wish = read_enrolment(read_json(request, body))
        check_signature(service, as_signed(service, request, body), wish.public_key, wish.subject)
        wish = replace(wish, laptop=laptop_mark(request))
        with service.database.writing() as connection:
            receipt, is_new = enrol(connection, wish, service.clock.today(), service.key, service.config)
        return answer(receipt, is_new=is_new)

    @routes.delete("/v1/enrolments/{subject}")
    def withdraw(request: Request, body: Body, subject: str) -> Response:
        with service.database.reading() as connection:
            is_erased = is_withdrawn(connection, subject)
        if not is_erased:
            _erase(service, request, body, subject)
        today, config = service.clock.today(), service.config
        with service.database.writing() as connection:
            receipt = entered_receipt(connection, subject, today, config.tombstone_file, service.key)
        if receipt is None:  # cannot happen: the row was there, or was written above
            raise Problem("internal", "The erasure left no trace. Send the request again.")
        return answer(receipt, is_new=False)

    return routes


def read_enrolment(document: dict[str, Any]) -> Enrolment:
    """Return what a laptop asks for; a :class:`Problem` names the field that does not fit."""
    if set(document) != _FIELDS:
        raise Problem("report-not-valid", f"An enrolment has exactly the fields {', '.join(sorted(_FIELDS))}.")
    for field in sorted(_FIELDS):
        if not isinstance(document[field], str):
            raise Problem("report-not-valid", f"{field}: the value is not a text.")
    if document["schema"] != SCHEMA:
        raise Problem("report-not-valid", f"schema: this service knows {SCHEMA}.")
    if document["purpose"] not in PURPOSES:
        raise Problem("report-not-valid", f"purpose: this service knows {', '.join(PURPOSES)}.")
    if not is_subject(document["subject"]):
        raise Problem("report-not-valid", "subject: it needs 26 characters out of a to z and 2 to 7.")
    if len(document["code"]) > _LONGEST_CODE:
        raise Problem("report-not-valid", f"code: it has at most {_LONGEST_CODE} characters.")
    _check_key(document["public_key"])
    return Enrolment(document["purpose"], document["code"], document["subject"], document["public_key"])


def _check_key(text: str) -> None:
    try:
        fits = len(from_text(text)) == _KEY_BYTES
    except ValueError:
        fits = False
    if not fits:
        raise Problem("report-not-valid", "public_key: it needs the 32 bytes of an Ed25519 key as base64url.")


def _erase(service: Service, request: Request, body: bytes, subject: str) -> None:
    enrolment = signed_enrolment(service, request, body)
    if enrolment.subject != subject:
        raise Problem("bad-signature", "The key id is not the subject to withdraw.")
    today, config = service.clock.today(), service.config
    with service.database.writing() as connection:
        if not is_withdrawn(connection, subject):
            purpose, mark = str(enrolment.purpose), laptop_mark(request)
            erase(connection, subject, purpose, today, config.tombstone_file, service.key, mark)
    service.database.scrub()
