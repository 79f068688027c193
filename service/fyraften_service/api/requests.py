"""What the resources share: reading a body, JSON without surprises, and who signed a request."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlalchemy.engine import Row

from fyraften_policy.journal import is_hash
from fyraften_service.enrolment import find_enrolment
from fyraften_service.nonces import use_nonce
from fyraften_service.problems import Problem
from fyraften_service.receipts import from_text
from fyraften_service.service import Service
from fyraften_service.signatures import LAPTOP_MARK, SignatureError, SignedRequest, claimed_subject, verify


async def _read_body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_read_body)]


def read_json(request: Request, body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body; a :class:`Problem` for anything else, or a field that comes twice."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Problem("not-valid-json", "Send the body as application/json.")
    try:
        document = json.loads(body.decode("utf-8"), object_pairs_hook=_without_duplicates)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Problem("not-valid-json", "The body is not one JSON document in UTF-8, with each field once.") from error
    if not isinstance(document, dict):
        raise Problem("not-valid-json", "The body is not a JSON object.")
    return document


def as_signed(service: Service, request: Request, body: bytes) -> SignedRequest:
    """Return the request as its sender saw it: below the address that people configure."""
    query = request.scope["query_string"]
    target = request.scope["raw_path"] + (b"?" + query if query else b"")
    url = service.config.public_url.rstrip("/") + target.decode("latin-1")
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]]
    return SignedRequest(request.method, url, headers, body)


def subject_of(signed: SignedRequest) -> str:
    """Return the key id a request names, not yet proved."""
    try:
        return claimed_subject(signed)
    except SignatureError as error:
        raise Problem("bad-signature", str(error)) from error


def check_signature(service: Service, signed: SignedRequest, public_key: str, subject: str) -> None:
    """Raise a :class:`Problem` unless ``subject`` signed the request with its key, now, and for the first time."""
    now = service.clock.now()
    try:
        found = verify(signed, from_text(public_key), now)
    except SignatureError as error:
        raise Problem("bad-signature", str(error)) from error
    if found.subject != subject:
        raise Problem("bad-signature", "The key id is not the subject.")
    with service.database.writing() as connection:
        fresh = use_nonce(connection, found, now)
    if not fresh:
        raise Problem("replayed", "The nonce was used before. Sign the request again with a new one.")


def signed_enrolment(service: Service, request: Request, body: bytes) -> Row[tuple[object, ...]]:
    """Return the enrolment whose key signed the request."""
    signed = as_signed(service, request, body)
    subject = subject_of(signed)
    with service.database.reading() as connection:
        enrolment = find_enrolment(connection, subject)
    check_signature(service, signed, str(enrolment.public_key), subject)
    return enrolment


def laptop_mark(request: Request) -> str | None:
    """Return the mark of the laptop's own ledger that came with a signed request, which covers it."""
    mark = request.headers.get(LAPTOP_MARK)
    if mark is not None and not is_hash(mark):
        raise Problem("report-not-valid", f"{LAPTOP_MARK}: it needs 64 hexadecimal digits.")
    return mark


def answer(envelope: bytes, *, is_new: bool) -> Response:
    """Return a receipt: 201 the first time, 200 with the same bytes afterwards."""
    return Response(envelope, status_code=201 if is_new else 200, media_type="application/json")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field comes twice")
    return found
