"""``GET /v1/enrolments/{subject}/mirror``: what this service holds about a person, asked by that person."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response

from fyraften_policy import wire
from fyraften_policy.languages import LANGUAGES, Translate, translator
from fyraften_service import duties
from fyraften_service.api.requests import Body, signed_enrolment
from fyraften_service.mirror import Held, held_of, name_of, published_until
from fyraften_service.pages.people import row_of
from fyraften_service.pages.record import filed_words
from fyraften_service.problems import Problem
from fyraften_service.publication import publish_due
from fyraften_service.record import Filed
from fyraften_service.service import Service

SCHEMA = "fyraften.mirror/1"
# An answer has at most 16 KiB on the laptop's side too; what does not fit is asked for with ``skip``.
_LARGEST_ANSWER = 15 * 1024
_NUMBER = re.compile(r"[0-9]{1,6}")


def router(service: Service) -> APIRouter:
    """Return the routes of this resource."""
    routes = APIRouter()

    @routes.get("/v1/enrolments/{subject}/mirror")
    def mirror(request: Request, body: Body, subject: str) -> Response:
        enrolment = signed_enrolment(service, request, body)
        if enrolment.subject != subject:
            raise Problem("bad-signature", "The key id is not the subject asked about.")
        _, skip = _language(request), _skip(request)
        today = service.clock.today()
        publish_due(service.database, service.config, today)
        with service.database.reading() as connection:
            held = held_of(connection, enrolment, service.config)
            document: dict[str, object] = {
                "schema": SCHEMA,
                "date": today.isoformat(),
                "purpose": enrolment.purpose,
                "enrolled_on": enrolment.enrolled_on.isoformat(),
                "cell": enrolment.cell,
                "name": name_of(connection, enrolment),
                "published_until": published_until(connection, str(enrolment.purpose)),
            }
        told = [_told(each, _) for each in held[skip:]]
        return Response(_answer(document, told), media_type="application/json")

    return routes


def _told(held: Held, _: Translate) -> dict[str, object]:
    return {
        "report": held.report,
        "period": held.period,
        "revision": held.revision,
        "body_sha256": held.body_sha256,
        "received_on": held.received_on.isoformat(),
        "erase_by": held.erase_by.isoformat(),
        "answers": None if held.answers is None else dict(held.answers),
        "receipt": dict(held.receipt),
        "seen": None if held.seen is None else _seen(held.seen, _),
    }


def _seen(shown: duties.Request | Filed, _: Translate) -> dict[str, object]:
    return filed_words(shown, _) if isinstance(shown, Filed) else row_of(shown, _)


def _answer(document: dict[str, object], reports: list[dict[str, object]]) -> bytes:
    """Return the document with as many of the reports as fit; ``more`` says that there are others."""
    count = len(reports)
    while len(answer := wire.canonical({**document, "reports": reports[:count], "more": count < len(reports)})) > (
        _LARGEST_ANSWER
    ):
        count -= 1
    return answer


def _language(request: Request) -> Translate:
    asked = request.query_params.get("language", "en")
    return translator("fyraften_service", asked if asked in LANGUAGES else "en")


def _skip(request: Request) -> int:
    asked = request.query_params.get("skip", "0")
    if _NUMBER.fullmatch(asked) is None:
        raise Problem("not-found", "skip: it needs how many reports were read already.")
    return int(asked)
