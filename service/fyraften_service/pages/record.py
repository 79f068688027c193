"""The record of working time: what people filed, week by week, with what they corrected. Every view is logged."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from fastapi import APIRouter, Request, Response

from fyraften_policy.languages import Translate, mark
from fyraften_service.pages.frame import render, translate_for
from fyraften_service.pages.sessions import Sessions
from fyraften_service.publication import publish_due
from fyraften_service.record import Filed, Shown, look_at_record

_DAYS = (
    *(mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday")),
    *(mark("Friday"), mark("Saturday"), mark("Sunday")),
)


def router(sessions: Sessions) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    @routes.get("/record")
    def record(request: Request) -> Response:
        account = sessions.account(request)
        if account is None:
            return sessions.to_sign_in()
        service = sessions.service
        today = service.clock.today()
        publish_due(service.database, service.config, today)
        shown = look_at_record(service.database, account.name, today, request.query_params.get("until"))
        _ = translate_for(request)
        logged = _("This view was logged: {account}, {date}.").format(account=account.name, date=today)
        text = {**_words(shown, _), "logged": logged, "people": _people(shown.filed, _)}
        return render(request, "record.html", text, frame=sessions.frame(request, account))

    return routes


def filed_words(filed: Filed, _: Translate) -> dict[str, object]:
    """Return what the page shows of one report, for the person it is about."""
    totals = zip(_DAYS, _totals(filed, _), strict=True)
    days = [_("{day} {time}").format(day=_(day), time=total) for day, total in totals]
    return {"name": filed.name, "week": filed.week, "days": days}


def _people(filed: Sequence[Filed], _: Translate) -> list[dict[str, object]]:
    return [
        {"name": name, "rows": [_row(each, _) for each in mine]}
        for (_person, name), mine in groupby(filed, key=lambda each: (each.person, each.name))
    ]


def _row(filed: Filed, _: Translate) -> dict[str, object]:
    state = "{date}" if filed.revision == 1 else _("{date}, corrected")
    if not filed.is_current:
        state = _("{date}, replaced")
    return {
        "week": filed.week,
        "totals": _totals(filed, _),
        "is_current": filed.is_current,
        "filed": state.format(date=filed.received_on),
    }


def _totals(filed: Filed, _: Translate) -> list[str]:
    return [_("left out") if each is None else f"{each // 60}:{each % 60:02}" for each in filed.minutes]


def _words(shown: Shown, _: Translate) -> dict[str, object]:
    return {
        "title": _("Record of working time"),
        "weeks": _("{first} to {last}").format(first=shown.first, last=shown.last),
        "intro": _(
            "Hours and minutes of each day, as people filed and corrected them themselves. Nothing can be concluded "
            "from a person or a week that is not here: the record can be kept in another way as well."
        ),
        "caption": _("Filed for these weeks"),
        "week": _("Week"),
        "days": [_(day) for day in _DAYS],
        "filed": _("Filed on"),
        "none": _("Nothing is filed for these weeks."),
        "kept": _(
            "Each report is kept for five years after the period over which working time is averaged, and deleted "
            "then; those that were replaced as well."
        ),
        "choose_weeks": _("Weeks"),
        "to_earlier": _("Earlier weeks"),
        "to_later": _("Later weeks"),
        "earlier": shown.earlier,
        "later": shown.later,
    }
