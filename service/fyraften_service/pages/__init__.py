"""The pages for people at the employer: plain HTML that needs no script, in English, Danish and Norwegian."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from fyraften_service.pages import files, group, people, record, sign_in
from fyraften_service.pages.frame import render, translate_for
from fyraften_service.pages.sessions import Sessions
from fyraften_service.problems import Problem
from fyraften_service.service import Service


def router(service: Service) -> APIRouter:
    """Return the routes of every page."""
    routes = APIRouter()
    sessions = Sessions(service)
    routes.include_router(files.router())
    for page in (sign_in, group, people, record):
        routes.include_router(page.router(sessions))
    return routes


def problem_page(request: Request, problem: Problem) -> Response:
    """Return a problem as a page, for somebody who opened an address in a browser."""
    _ = translate_for(request)
    text = {
        "title": _("This page cannot be shown"),
        "reason": _("Problem {status}: {name}").format(status=problem.status, name=problem.name),
        "detail": _(problem.detail),
        "in_english": _(problem.detail) == problem.detail,  # what only laptops meet is not translated
        "back": _("Go to the group figures"),
    }
    return render(request, "problem.html", text, status=problem.status)
