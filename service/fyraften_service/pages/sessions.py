"""Who is signed in: a signed cookie that ends after eight hours or with the password, and tokens for forms.

``SameSite=Strict`` keeps other sites from using the cookie; a form also carries a token of the cookie it was made for,
and a browser's own word where it came from is checked.
"""

from __future__ import annotations

import hashlib
import secrets

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, Signer, TimestampSigner, URLSafeTimedSerializer

from fyraften_service.accounts import Account, Attempts, find_account
from fyraften_service.service import Service

SESSION_SECONDS = 8 * 60 * 60
FORM_SECONDS = 60 * 60


class Sessions:
    """Makes and reads the cookies of one service."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.attempts = Attempts()
        secret = service.key.secret("sessions")
        clock = service.clock

        class ClockSigner(TimestampSigner):
            def get_timestamp(self) -> int:
                return clock.now()

        self._cookies = URLSafeTimedSerializer(
            secret, salt="session", signer=ClockSigner, signer_kwargs={"digest_method": hashlib.sha256}
        )
        self._forms = Signer(secret, salt="form", digest_method=hashlib.sha256)
        prefix = "__Host-" if service.config.secure else ""
        self._session_name, self._form_name = f"{prefix}fyraften_session", f"{prefix}fyraften_form"

    def account(self, request: Request) -> Account | None:
        """Return who is signed in."""
        cookie = request.cookies.get(self._session_name)
        if cookie is None:
            return None
        try:
            name, stamp = self._cookies.loads(cookie, max_age=SESSION_SECONDS)
        except (BadSignature, ValueError, TypeError):
            return None
        with self.service.database.reading() as connection:
            account = find_account(connection, str(name))
        return account if account is not None and account.stamp == stamp else None

    def begin(self, response: Response, account: Account) -> None:
        """Give the browser a session."""
        self._set(response, self._session_name, self._cookies.dumps([account.name, account.stamp]), SESSION_SECONDS)
        self._delete(response, self._form_name)

    def end(self, response: Response) -> None:
        """Take the session from the browser."""
        self._delete(response, self._session_name)

    def new_form(self) -> tuple[str, str]:
        """Return a fresh cookie value for the sign-in form, and the form's token."""
        cookie = secrets.token_urlsafe(16)
        return cookie, self._token(cookie)

    def set_form_cookie(self, response: Response, cookie: str) -> None:
        """Give the browser the cookie that belongs to the sign-in form."""
        self._set(response, self._form_name, cookie, FORM_SECONDS)

    def session_token(self, request: Request) -> str:
        """Return the token for forms of somebody who is signed in."""
        return self._token(request.cookies.get(self._session_name, ""))

    def is_own_form(self, request: Request, token: str, *, signed_in: bool) -> bool:
        """Tell whether a form was made by this service for this browser, and sent from one of its pages."""
        cookie = request.cookies.get(self._session_name if signed_in else self._form_name, "")
        origin = request.headers.get("origin")
        site = request.headers.get("sec-fetch-site", "same-origin")
        return (
            cookie != ""
            and secrets.compare_digest(self._token(cookie).encode(), token.encode())
            and origin in (None, self.service.config.origin)
            and site in ("same-origin", "none")
        )

    def to_sign_in(self) -> Response:
        """Return the way to the sign-in page."""
        return RedirectResponse(f"{self.service.config.base_path}/login", 303)

    def frame(self, request: Request, account: Account) -> dict[str, object]:
        """Return what the frame of a page shows of the one who is signed in."""
        return {
            "account": account.name,
            "organisation": self.service.config.organisation,
            "token": self.session_token(request),
            "demonstration": self.service.config.demonstration,
        }

    def _token(self, cookie: str) -> str:
        return self._forms.get_signature(cookie.encode()).decode()

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, seconds, path="/", secure=self.service.config.secure, httponly=True, samesite="strict"
        )

    def _delete(self, response: Response, name: str) -> None:
        response.delete_cookie(name, path="/", secure=self.service.config.secure, httponly=True, samesite="strict")
