"""The web application: routes, errors in one shape, and the task that publishes.

Not here: starting a server, see ``cli.py``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from fyraften_policy.languages import mark
from fyraften_service import pages
from fyraften_service.api import about, enrolments, journal, mirror, policy, reports, views
from fyraften_service.clock import Clock
from fyraften_service.config import Config
from fyraften_service.database import UNAVAILABLE, Database
from fyraften_service.erasure import replay
from fyraften_service.guard import Guard, describe
from fyraften_service.journal import seal_due
from fyraften_service.nonces import forget_nonces
from fyraften_service.problems import MEDIA_TYPE, Problem
from fyraften_service.publication import keep_published, publish_due
from fyraften_service.receipts import load_key
from fyraften_service.service import Service

_UPKEEP_SECONDS = 600
_log = logging.getLogger("fyraften_service")


def create_app(config: Config, database: Database, clock: Clock) -> FastAPI:
    """Return the application of one service. While it runs, it publishes closed weeks and forgets nonces by itself."""
    service = Service(config, database, clock, load_key(config.key_file))
    app = FastAPI(
        title="Fyraften service",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(service),
    )
    app.add_middleware(Guard)
    for resource in (about, policy, enrolments, reports, views, mirror, journal, pages):
        app.include_router(resource.router(service))
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    for error in UNAVAILABLE:
        app.add_exception_handler(error, _on_busy)
    return app


def keep_up(service: Service) -> None:
    """Do what is due: publish closed weeks, delete what is past its time, seal the journal's days, forget nonces.

    And remove from the files what was deleted while somebody read it, or just before a crash.
    """
    publish_due(service.database, service.config, service.clock.today())
    seal_due(service.database, service.clock.today(), service.key)
    with service.database.writing() as connection:
        forget_nonces(connection, service.clock.now())
    service.database.scrub()


def _lifespan(service: Service) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(replay, service.database, service.config.tombstone_file)
        await asyncio.to_thread(keep_published, service.database, service.config.published_file)
        task = asyncio.create_task(_upkeep(service))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return lifespan


async def _upkeep(service: Service) -> None:
    while True:
        try:
            await asyncio.to_thread(keep_up, service)
        except Exception as error:  # a failure now must not end what is due in ten minutes
            _log.error("%s", describe(error))
        await asyncio.sleep(_UPKEEP_SECONDS)


def _problem(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    if not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", ""):
        page = pages.problem_page(request, problem)
        page.headers.update(headers or {})
        return page
    return JSONResponse(problem.document(), problem.status, headers, MEDIA_TYPE)


def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return _problem(request, error)


def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _problem(request, Problem("not-found", mark("There is nothing at this address.")))
    if error.status_code == 405:
        return _problem(request, Problem("method-not-allowed", mark("Use another method.")), dict(error.headers or {}))
    return _problem(request, Problem("not-valid-json", "The request cannot be read."))


def _on_invalid(request: Request, _error: Exception) -> Response:
    return _problem(request, Problem("report-not-valid", "The request does not fit what this address takes."))


def _on_busy(request: Request, error: Exception) -> Response:
    _log.error("%s", describe(error))
    return _problem(request, Problem("unavailable", mark("The database does not answer. Try again later.")))
