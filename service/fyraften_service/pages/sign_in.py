"""Signing in and out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from fyraften_service.accounts import sign_in, turn
from fyraften_service.pages.frame import render, translate_for
from fyraften_service.pages.sessions import Sessions


async def _read_form(request: Request) -> dict[str, str]:
    content = (await request.body()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(content, keep_blank_values=True, max_num_fields=10))
    except ValueError:  # too many fields: not our form
        return {}


Form = Annotated[dict[str, str], Depends(_read_form)]


def router(sessions: Sessions) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    @routes.get("/login")
    def show_form(request: Request) -> Response:
        return _form(sessions, request, None)

    @routes.post("/login")
    def take_form(request: Request, form: Form) -> Response:
        return _sign_in(sessions, request, form)

    @routes.post("/logout")
    def sign_out(request: Request, form: Form) -> Response:
        response = sessions.to_sign_in()
        if sessions.is_own_form(request, form.get("token", ""), signed_in=True):
            sessions.end(response)
        return response

    return routes


def _sign_in(sessions: Sessions, request: Request, form: dict[str, str]) -> Response:
    _, service = translate_for(request), sessions.service
    now = service.clock.now()
    name = form.get("account", "")
    if not sessions.is_own_form(request, form.get("token", ""), signed_in=False):
        message = _("The form was too old, or came from another page. Open {address} and try again.")
        return _form(sessions, request, message.format(address=service.config.public_url), 403)
    with turn():
        wait = sessions.attempts.begin(name, now)
        account = None if wait > 0 else sign_in(service.database, name, form.get("password", ""))
    if wait > 0:
        message = _("Too many wrong passwords for this account. Try again in {minutes} minutes.")
        response = _form(sessions, request, message.format(minutes=-(-wait // 60)), 429)
        response.headers["retry-after"] = str(wait)
        return response
    if account is None:
        return _form(sessions, request, _("The account or the password is wrong."), 403)
    sessions.attempts.succeeded(name)
    response = RedirectResponse(f"{service.config.base_path}/", 303)
    sessions.begin(response, account)
    return response


def _form(sessions: Sessions, request: Request, message: str | None, status: int = 200) -> Response:
    _ = translate_for(request)
    cookie, token = sessions.new_form()
    text = {
        "title": _("Sign in"),
        "organisation": sessions.service.config.organisation,
        "what": _("For the people who look after the working environment."),
        "account": _("Account"),
        "password": _("Password"),
        "button": _("Sign in"),
        "error": _("Not signed in"),
        "message": message,
        "token": token,
    }
    response = render(request, "sign_in.html", text, status)
    sessions.set_form_cookie(response, cookie)
    return response
