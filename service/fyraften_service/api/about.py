"""``GET /v1/service``: who runs this service, for what, and with which key. Shown before anybody consents."""

from __future__ import annotations

from fastapi import APIRouter, Response

from fyraften_policy import wire
from fyraften_service.enrolment import PURPOSES
from fyraften_service.receipts import to_text
from fyraften_service.service import Service


def router(service: Service) -> APIRouter:
    """Return the routes of this resource."""
    routes = APIRouter()

    @routes.get("/v1/service")
    def about() -> Response:
        return Response(wire.canonical(description(service)), media_type="application/json")

    return routes


def description(service: Service) -> dict[str, object]:
    """Return what the service says about itself."""
    config = service.config
    notice = config.notice_given_on
    return {
        "schema": "fyraften.service/1",
        "organisation": config.organisation,
        "contact": config.contact,
        "purposes": list(PURPOSES),
        "smallest_group": config.smallest_group,
        "wire_version": wire.VERSION,
        "public_key": to_text(service.key.public_bytes),
        "fingerprint": service.key.fingerprint,
        "notice_given_on": notice.isoformat() if notice is not None else None,
    }
