"""What the local page answers: its shell, its script and style, and the fragments with the employee's figures.

Renders on each request what ``shown/looking.py`` sees. Everything passes ``guard.py`` first.
Not here: serving (``server.py``), the values that the templates show (``shown.py``), and what is kept of answers and
corrections (``checks.py``, ``corrections.py``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from fyraften_agent.clock import Clock
from fyraften_agent.errors import AgentError, InputError, NoConsentError
from fyraften_agent.pages.checks import keep, printed, shown_check, shown_checks
from fyraften_agent.pages.corrections import RefusedError, correct, shown_corrections, shown_refusal
from fyraften_agent.pages.guard import Door
from fyraften_agent.pages.shown import shown_day, shown_month
from fyraften_agent.paths import Paths
from fyraften_agent.recording.state import look_at_recording, recording_sentence
from fyraften_agent.shown.looking import look_at_day, look_at_month
from fyraften_agent.shown.spoken_times import day, month
from fyraften_policy.errors import PolicyError
from fyraften_policy.languages import Translate, translator
from fyraften_policy.periods import local_date
from fyraften_policy.sentences import SentenceError

Render = Callable[[str, dict[str, Any]], HTMLResponse]
"""Renders a template of that name with these values."""

_STATIC = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}


def create_app(
    paths: Paths, clock: Clock, language: str, door: Door, close: Callable[[], None], idle_minutes: int
) -> Starlette:
    """Return the application.

    Args:
        door: exchanges the one-time code.
        close: called when the employee closes the page.
        idle_minutes: how long the page lives without use, to be said on it.
    """
    _ = translator("fyraften_agent", language)
    templates = Environment(
        loader=PackageLoader("fyraften_agent", "pages/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def render(name: str, values: dict[str, Any]) -> HTMLResponse:
        return HTMLResponse(templates.get_template(name).render(_=_, language=language, **values))

    def shell(request: Request) -> Response:
        return render("shell.html", {"idle_minutes": idle_minutes})

    async def session(request: Request) -> Response:
        bearer = door.exchange(_code_in(await request.body()))
        if bearer is None:
            return PlainTextResponse("The code was used, or is another page's.", 403)
        return JSONResponse({"bearer": bearer})

    def close_page(request: Request) -> Response:
        close()
        return Response(status_code=204)

    routes = [
        Route("/", shell),
        Route("/session", session, methods=["POST"]),
        *_figure_routes(paths, clock, language, _, render),
        _correction_route(paths, clock, _, render),
        *_check_routes(paths, clock, language, _, render),
        Route("/close", close_page, methods=["POST"]),
        *(Route(f"/{name}", _static(name, media)) for name, media in _STATIC.items()),
    ]
    bad_input = _explainer(400, _)
    handlers = {
        InputError: bad_input,
        NoConsentError: _explainer(403, _),
        AgentError: _explainer(500, _),
        PolicyError: bad_input,
    }
    return Starlette(routes=routes, exception_handlers=handlers)


def _figure_routes(paths: Paths, clock: Clock, language: str, _: Translate, render: Render) -> list[Route]:
    """Return what answers about the records: whether it records now, a day, a month."""
    policy_words = translator("fyraften_policy", language)

    def state(request: Request) -> Response:
        sentence = recording_sentence(look_at_recording(paths, clock), clock.zone(), clock.now(), _)
        return PlainTextResponse(sentence)

    def show_day(request: Request) -> Response:
        today = local_date(clock.now(), clock.zone())
        wanted = day(request.query_params.get("day", "today"), today, _)
        view = look_at_day(paths, clock, wanted)
        return render(
            "day.html", {**shown_day(view, _, policy_words), **shown_corrections(paths, clock, view.interval, _)}
        )

    def show_month(request: Request) -> Response:
        today = local_date(clock.now(), clock.zone())
        wanted = month(request.query_params.get("month", f"{today:%Y-%m}"), today, _)
        return render("month.html", shown_month(look_at_month(paths, clock, wanted), _, policy_words))

    return [Route("/state", state), Route("/day", show_day), Route("/month", show_month)]


def _correction_route(paths: Paths, clock: Clock, _: Translate, render: Render) -> Route:
    """Return what takes the employee's corrections; a refusal is told as a fragment, with ways to choose from."""

    def corrected(body: bytes) -> Response:
        try:
            return JSONResponse(correct(paths, clock, body, _))
        except RefusedError as refusal:
            answer = render("refusal.html", shown_refusal(refusal, _))
            answer.status_code = 400
            return answer

    async def correction(request: Request) -> Response:
        return await run_in_threadpool(corrected, await request.body())

    return Route("/corrections", correction, methods=["POST"])


def _check_routes(paths: Paths, clock: Clock, language: str, _: Translate, render: Render) -> list[Route]:
    """Return what answers about self-checks: the list and the forms, their answers, and the sheet to print."""

    def show_checks(request: Request) -> Response:
        name = request.query_params.get("checks", "")
        return (
            render("check.html", shown_check(paths, clock, name, language, _))
            if name
            else render("checks.html", shown_checks(paths, clock, language, _))
        )

    def sheet(request: Request) -> Response:
        name, is_filled = request.query_params.get("checks", ""), request.query_params.get("filled", "") != ""
        return Response(printed(paths, clock, name, is_filled, language, _), media_type="application/pdf")

    async def keep_answers(request: Request) -> Response:
        name = await run_in_threadpool(keep, paths, clock, await request.body(), _)
        return await run_in_threadpool(render, "check.html", shown_check(paths, clock, name, language, _))

    return [
        Route("/checks", show_checks),
        Route("/sheet", sheet),
        Route("/answers", keep_answers, methods=["POST"]),
    ]


def _static(name: str, media: str) -> Callable[[Request], Response]:
    content = files("fyraften_agent").joinpath("pages", "static", name).read_bytes()

    def answer(request: Request) -> Response:
        return Response(content, media_type=media)

    return answer


def _code_in(body: bytes) -> str:
    """Return the code of the body, empty if it holds none."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = document.get("code") if isinstance(document, dict) else None
    return code if isinstance(code, str) and code.isascii() else ""


def _explainer(status: int, _: Translate) -> Callable[[Request, Exception], Response]:
    """Return what answers an error with its sentence, in the language of the page."""

    def explain(request: Request, failure: Exception) -> Response:
        return PlainTextResponse(failure.text(_) if isinstance(failure, SentenceError) else str(failure), status)

    return explain
