"""``PUT /v1/reports/{name}/{period}``: one report for one week or month, or a correction of it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from fyraften_service.api.requests import Body, answer, laptop_mark, read_json, signed_enrolment
from fyraften_service.enrolment import find_enrolment
from fyraften_service.problems import Problem
from fyraften_service.reports import read_report, receive, report_named
from fyraften_service.revisions import read_condition
from fyraften_service.service import Service


def router(service: Service) -> APIRouter:
    """Return the routes of this resource."""
    routes = APIRouter()

    @routes.put("/v1/reports/{name}/{period}")
    def put_report(request: Request, body: Body, name: str, period: str) -> Response:
        report = report_named(name)
        enrolment = signed_enrolment(service, request, body)
        if enrolment.purpose != report.purpose:
            raise Problem(
                "wrong-purpose", f"This enrolment is for {enrolment.purpose}, the report for {report.purpose}."
            )
        read_json(request, body)
        received = read_report(report, period, body, laptop_mark(request))
        replaces = read_condition(request.headers.get("if-none-match"), request.headers.get("if-match"))
        with service.database.writing() as connection:
            # Read again: it may have been withdrawn since the signature was checked.
            current = find_enrolment(connection, str(enrolment.subject))
            today = service.clock.today()
            receipt, is_new = receive(connection, current, received, today, service.key, service.config, replaces)
        return answer(receipt, is_new=is_new)

    return routes
