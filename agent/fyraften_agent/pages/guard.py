"""Who may read the local page: the checks every request passes before anything answers it.

A web page on the internet, another program's page on this computer, and another account on this computer all reach
127.0.0.1. So every request must carry the exact host, come from the page itself, and belong to the same account where
the system tells; and what shows anything of the employee needs the bearer, which is handed out once, for the
one-time code. No cookie is used: cookies ignore ports. No header allows another origin to read.
Not here: what is answered (see ``app.py``).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What holds nothing of the employee, and the door itself. Everything else, also what does not exist, needs the bearer.
OPEN_PATHS = frozenset({"/", "/page.css", "/page.js", "/icon.svg", "/session"})

# Where something changes only a POST is taken; everything else is read with GET.
POST_PATHS = frozenset({"/session", "/close", "/answers", "/corrections"})

MOST_BYTES = 1024
# A form of many questions, some of them with a line of text.
MOST_BYTES_OF_A_FORM = 16 * 1024

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), display-capture=()",
}


class Door:
    """The one-time code and the bearer it is exchanged for."""

    def __init__(self) -> None:
        self.code = secrets.token_urlsafe(24)
        self._bearer = secrets.token_urlsafe(32)
        self._code_is_used = False

    def __repr__(self) -> str:
        return "Door(…)"

    def exchange(self, code: str) -> str | None:
        """Return the bearer for the code, the first time; afterwards ``None``, like for any other code."""
        if not hmac.compare_digest(code.encode(), self.code.encode()) or self._code_is_used:
            return None
        self._code_is_used = True
        return self._bearer

    def opens_for(self, authorization: str) -> bool:
        """Say whether the ``Authorization`` header holds the bearer."""
        return hmac.compare_digest(authorization.encode(), f"Bearer {self._bearer}".encode())


class Guard:
    """Passes on only requests of the page itself, and puts the security headers on every answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        authority: str,
        door: Door,
        is_own: Callable[[tuple[str, int]], bool],
        seen: Callable[[], None] = lambda: None,
    ) -> None:
        """Guard ``app``.

        Args:
            authority: the exact ``host:port`` the page is served at.
            is_own: says whether the other end of a connection belongs to the employee's account.
            seen: called for every request that passed (the page closes when nobody uses it).
        """
        self._app, self._authority, self._door, self._is_own, self._seen = app, authority, door, is_own, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or close a WebSocket at once: there are none here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            return
        guarded = _with_security_headers(send)
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        self._seen()
        await self._app(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        """Return the answer that refuses a request, or ``None`` if it may pass."""
        headers, method, path = Headers(scope=scope), scope["method"], scope["path"]
        if headers.getlist("host") != [self._authority]:
            return PlainTextResponse("This address is not served here.", 421)
        if not self._is_own(scope["client"]):
            return PlainTextResponse("This page belongs to another account.", 403)
        if not self._comes_from_the_page(headers, method):
            return PlainTextResponse("Only the page itself may ask.", 403)
        if method != ("POST" if path in POST_PATHS else "GET"):
            return PlainTextResponse("Not with this method.", 405)
        if method == "POST" and not _is_small_json(headers, MOST_BYTES_OF_A_FORM if path == "/answers" else MOST_BYTES):
            return PlainTextResponse("Only a short JSON document is taken.", 415)
        if path not in OPEN_PATHS and not self._door.opens_for(headers.get("authorization", "")):
            return PlainTextResponse("Open the page again with: fyraften page", 401)
        return None

    def _comes_from_the_page(self, headers: Headers, method: str) -> bool:
        """Check where the browser says that the request comes from."""
        origins, sites = headers.getlist("origin"), headers.getlist("sec-fetch-site")
        if any(origin != f"http://{self._authority}" for origin in origins) or (method == "POST" and not origins):
            return False
        # "none" is an address that the person opened; it is never a script's or a form's doing.
        allowed = ("same-origin",) if method == "POST" else ("same-origin", "none")
        return all(site in allowed for site in sites)


def _is_small_json(headers: Headers, most_bytes: int) -> bool:
    length = headers.get("content-length", "")
    is_short = length.isascii() and length.isdigit() and int(length) <= most_bytes
    return is_short and headers.get("content-type", "") == "application/json"


def _with_security_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
        await send(message)

    return guarded
