"""``GET /v1/ledger``: the sealed days of the journal, signed; and where one receipt's entry stands in it.

Open to everybody who has a receipt, or wants to keep the heads: nothing here tells of a person, of how many reports
came, or of today.
"""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response

from fyraften_policy import wire
from fyraften_policy.journal import is_hash
from fyraften_service.journal import find_entry, seal_due, sealed_days
from fyraften_service.problems import Problem
from fyraften_service.receipts import signed
from fyraften_service.service import Service

SCHEMA = "fyraften.ledger/1"
LEDGER = "ledger"
INCLUSION = "fyraften.inclusion/1"
_MOST_DAYS = 100
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


def router(service: Service) -> APIRouter:
    """Return the routes of this resource."""
    routes = APIRouter()

    @routes.get("/v1/ledger")
    def days(request: Request) -> Response:
        first = request.query_params.get("from", "1")
        if _NUMBER.fullmatch(first) is None:
            raise Problem("not-found", "from: it needs the number of a day, counted from 1.")
        today = service.clock.today()
        seal_due(service.database, today, service.key)
        with service.database.reading() as connection:
            found = sealed_days(connection, int(first), _MOST_DAYS)
        words = {
            "schema": SCHEMA,
            "date": today.isoformat(),
            "service": service.key.fingerprint,
            "days": [{"number": each.number, "day": each.day.isoformat(), "root": each.root} for each in found],
        }
        return Response(signed(service.key, words, LEDGER), media_type="application/json")

    @routes.get("/v1/ledger/{entry}")
    def inclusion(entry: str) -> Response:
        if not is_hash(entry):
            raise Problem("not-found", "There is no such entry.")
        seal_due(service.database, service.clock.today(), service.key)
        with service.database.reading() as connection:
            found = find_entry(connection, entry, service.key)
        if found is None:
            raise Problem("not-found", "There is no such entry.")
        if found.path is None:
            raise Problem("period-not-over", "The day of this entry is not over. Ask again tomorrow.")
        words = {"schema": INCLUSION, "number": found.number, "place": found.place, "path": list(found.path)}
        return Response(wire.canonical(words), media_type="application/json")

    return routes
