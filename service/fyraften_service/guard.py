"""The first and last thing every request meets: the limit on bodies, safe headers, and what is said of a failure.

Plain ASGI. Nothing is written to the log but the kind and place of an unexpected failure: no address, subject, code or
body, and not the failure's text, which may quote one.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fyraften_service.problems import MEDIA_TYPE, Problem

LARGEST_BODY = 16 * 1024
_DRAINED = 1024 * 1024
_SELDOM_SECONDS = 60
_REMEMBERED = 100
_log = logging.getLogger("fyraften_service")
_HEADERS = (
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    # Not "no-referrer": with it a browser calls the origin of our own forms "null".
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)


class Guard:
    """Wraps the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = False

        async def send_guarded(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                message = {**message, "headers": [*message["headers"], *_HEADERS]}
            await send(message)

        try:
            body = await _read(scope["headers"], receive)
            await self._app(scope, _replay(body, receive), send_guarded)
        except Problem as problem:
            await _send_problem(problem, send_guarded)
        except Exception as error:
            _log.error("%s", describe(error))
            if not answered:
                await _send_problem(Problem("internal", "Something failed here. Try again later."), send_guarded)


class Terse(logging.Formatter):
    """Writes the first line of what is said, and the kind of a failure: no part of the program logs more than that.

    Libraries would add a failure's text and the lines of the program, which may quote what was sent.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = (record.getMessage().splitlines() or [""])[0]
        kind = record.exc_info[0] if record.exc_info else None
        told = f" ({kind.__name__})" if kind is not None else ""
        return f"{record.levelname} {record.name}: {said}{told}"


class Seldom(logging.Filter):
    """Lets the same line pass once a minute: trouble that goes on must not fill the disk."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic, self._said = monotonic, OrderedDict[str, float]()

    def filter(self, record: logging.LogRecord) -> bool:
        line, now = Terse().format(record), self._monotonic()
        if now - self._said.get(line, -_SELDOM_SECONDS) < _SELDOM_SECONDS:
            return False
        self._said[line] = now
        self._said.move_to_end(line)
        while len(self._said) > _REMEMBERED:
            self._said.popitem(last=False)
        return True


def describe(error: Exception) -> str:
    """Return the kind of a failure and where it happened, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return f"unexpected {type(error).__name__}{place}"


async def _read(headers: Iterable[tuple[bytes, bytes]], receive: Receive) -> bytes:
    """Return the body, but never hold more than the limit and one piece."""
    for name, value in headers:
        if name == b"content-length" and (not value.isdigit() or len(value) > 9 or int(value) > LARGEST_BODY):
            await _drain(receive)
            raise _too_large()
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Problem("not-valid-json", "The connection ended before the body did.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            if more:
                await _drain(receive)
            raise _too_large()
    return body


async def _drain(receive: Receive) -> None:
    """Throw away what still comes, within reason: who is cut off while sending never sees the answer."""
    seen = 0
    while seen < _DRAINED:
        message = await receive()
        seen += len(message.get("body", b""))
        if not message.get("more_body", False):
            return


def _too_large() -> Problem:
    return Problem("too-large", f"A body has at most {LARGEST_BODY} bytes.")


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def _send_problem(problem: Problem, send: Send) -> None:
    content = json.dumps(problem.document()).encode()
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(content)).encode())]
    headers.append((b"connection", b"close"))  # the rest of the body, if any, is nobody's
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
