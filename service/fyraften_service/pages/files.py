"""The style sheet: the only file a page loads, and from nowhere else."""

from __future__ import annotations

from importlib.resources import files

from fastapi import APIRouter, Response


def router() -> APIRouter:
    """Return its route."""
    routes = APIRouter()
    style = files("fyraften_service.pages").joinpath("fyraften.css").read_bytes()

    @routes.get("/fyraften.css")
    def style_sheet() -> Response:
        return Response(style, media_type="text/css")

    return routes
