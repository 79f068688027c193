"""``GET /v1/enrolments/{subject}/views``: who opened the page on which a person stands, asked by that person."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from fyraften_policy import wire
from fyraften_service.api.requests import Body, signed_enrolment
from fyraften_service.enrolment import DUTY, RECORD
from fyraften_service.people import views_of
from fyraften_service.problems import Problem
from fyraften_service.record import views_of_record
from fyraften_service.service import Service

SCHEMA = "fyraften.views/1"
# An answer has at most 16 KiB on the laptop's side too; the latest views are those that are told.
_LARGEST_ANSWER = 15 * 1024


def router(service: Service) -> APIRouter:
    """Return the routes of this resource."""
    routes = APIRouter()

    @routes.get("/v1/enrolments/{subject}/views")
    def who_looked(request: Request, body: Body, subject: str) -> Response:
        enrolment = signed_enrolment(service, request, body)
        if enrolment.subject != subject:
            raise Problem("bad-signature", "The key id is not the subject asked about.")
        if enrolment.purpose not in (DUTY, RECORD):
            raise Problem("wrong-purpose", f"Single reports for {enrolment.purpose} are shown to nobody.")
        with service.database.reading() as connection:
            if enrolment.purpose == RECORD:
                views = views_of_record(connection, str(enrolment.person))
            else:
                views = views_of(connection, subject)
        told = [{"date": view.seen_on.isoformat(), "account": view.account} for view in views]
        return Response(_answer(told), media_type="application/json")

    return routes


def _answer(views: list[dict[str, str]]) -> bytes:
    """Return the document with as many of the views as fit, the latest first; it says where earlier ones are not."""
    document: dict[str, object] = {"schema": SCHEMA, "views": views}
    while len(answer := wire.canonical(document)) > _LARGEST_ANSWER:
        views = views[: len(views) * 9 // 10]
        document = {"schema": SCHEMA, "views": views, "earlier_left_out": True}
    return answer
