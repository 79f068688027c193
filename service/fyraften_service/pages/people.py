"""The people who told, by their own click, that the special screen rules apply to them. Every view is logged."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from fyraften_policy.languages import Translate
from fyraften_service import duties
from fyraften_service.pages.frame import render, translate_for
from fyraften_service.pages.sessions import Sessions
from fyraften_service.pages.words import CHECKS, DUTIES, EQUIPMENT
from fyraften_service.people import look_at_people
from fyraften_service.publication import publish_due


def router(sessions: Sessions) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    @routes.get("/people")
    def people(request: Request) -> Response:
        account = sessions.account(request)
        if account is None:
            return sessions.to_sign_in()
        service = sessions.service
        today = service.clock.today()
        publish_due(service.database, service.config, today)
        found = look_at_people(service.database, account.name, today)
        _ = translate_for(request)
        logged = _("This view was logged: {account}, {date}.").format(account=account.name, date=today)
        text = {**_words(_), "logged": logged, **_lists(found, _)}
        return render(request, "people.html", text, frame=sessions.frame(request, account))

    return routes


def _lists(found: list[duties.Request], _: Translate) -> dict[str, object]:
    return {
        "covered": [row_of(told, _) for told in found if told.covered],
        "asking": [row_of(told, _) for told in found if not told.covered],
    }


def row_of(told: duties.Request, _: Translate) -> dict[str, object]:
    """Return what the list shows of one person: name, month, and a sentence for each wish."""
    wishes = [_(CHECKS[told.workplace_check])] if told.workplace_check in CHECKS else []
    if told.equipment:
        items = ", ".join(_(EQUIPMENT[item]) for item in told.equipment)
        wishes.append(_("Asks for {equipment}.").format(equipment=items))
    if told.eye_test:
        wishes.append(_("Asks for an eye test; the employer pays for it."))
    return {"name": told.name, "month": told.month, "wishes": wishes}


def _words(_: Translate) -> dict[str, object]:
    return {
        "title": _("People who told you"),
        "intro": _("They sent this by their own click. Nothing can be concluded from a name that is not here."),
        "duties_title": _("What follows for the employer"),
        "duties": [_(DUTIES[code]) for code in duties.ALWAYS],
        "covered_caption": _("The special screen rules apply to their workplace at home"),
        "covered_none": _("Nobody has told that the special screen rules apply to them."),
        "asking_caption": _("Others who ask for something"),
        "name": _("Name"),
        "month": _("Month"),
        "wishes": _("What they told"),
        "nothing_asked": _("Asks for nothing."),
        "source": _("Source: the Danish Working Environment Authority, guideline 3.7.1, section 6."),
    }
