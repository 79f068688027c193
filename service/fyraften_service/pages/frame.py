"""What every page has: the language, the frame around it, and the headers of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from fyraften_policy.languages import LANGUAGES, Translate, choose_language, translator

LANGUAGE_COOKIE = "fyraften_language"
# What of a page's address says what it shows.
_SHOWN = ("until",)
_NAMES = {"da": "Dansk", "nb": "Norsk", "en": "English"}


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("fyraften_service.pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def language_of(request: Request) -> str:
    """Return the language to answer in: asked for by ``?lang``, chosen earlier, or preferred by the browser."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if asked in LANGUAGES:
        return str(asked)
    return choose_language(_accepted(request.headers.get("accept-language", "")))


def translate_for(request: Request) -> Translate:
    """Return the function that translates into the language of a request."""
    return translator("fyraften_service", language_of(request))


def render(
    request: Request,
    template: str,
    text: Mapping[str, object],
    status: int = 200,
    frame: Mapping[str, object] | None = None,
) -> Response:
    """Return a page. ``frame`` holds what the frame needs of a signed-in account."""
    _ = translate_for(request)
    around = {
        "language": language_of(request),
        "languages": [(code, _NAMES[code], _in_language(request, code)) for code in LANGUAGES],
        "base": request.scope.get("root_path", ""),
        "skip": _("Skip to the content"),
        "choose_language": _("Language"),
        "menu": _("Pages"),
        "to_group": _("Group figures"),
        "to_pulse": _("How it goes"),
        "to_people": _("People who told you"),
        "to_record": _("Record of working time"),
        "sign_out": _("Sign out"),
        "account": None,
        "organisation": None,
        "here": request.url.path,
        "demonstration": False,
        "demonstration_words": _("Demonstration with a calendar of its own. The people and figures are made up."),
        **(frame or {}),
    }
    response = HTMLResponse(_templates().get_template(template).render(frame=around, text=text), status)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, language_of(request), httponly=True, samesite="strict")
    return response


def _in_language(request: Request, code: str) -> str:
    """Return where the page that is shown is in another language: the same weeks, not the latest."""
    return "?" + urlencode(
        [*((name, each) for name, each in request.query_params.items() if name in _SHOWN), ("lang", code)]
    )


def _accepted(header: str) -> list[str]:
    """Return the names in an ``Accept-Language`` header, most wanted first."""
    ranked = []
    for place, part in enumerate(header.split(",")[:20]):
        name, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            weight = 0.0
        ranked.append((-weight, place, name.strip()))
    return [name for weight, _, name in sorted(ranked) if weight < 0 and name]
