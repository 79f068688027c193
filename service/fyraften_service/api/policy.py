"""``GET /v1/policy``: what holds here now, signed. Laptops fetch it just before they send, and at no other time."""

from __future__ import annotations

from fastapi import APIRouter, Response

from fyraften_service.policy import current_policy
from fyraften_service.service import Service


def router(service: Service) -> APIRouter:
    """Return the routes of this resource."""
    routes = APIRouter()

    @routes.get("/v1/policy")
    def policy() -> Response:
        signed = current_policy(service.database, service.config, service.clock.today(), service.key)
        return Response(signed, media_type="application/json")

    return routes
