"""The group figures of the latest published week, and of the latest month of pulse, with what is held back, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from fyraften_policy import wire
from fyraften_policy.languages import Translate
from fyraften_service.enrolment import GROUP, PULSE
from fyraften_service.openings import group_days
from fyraften_service.pages.frame import language_of, render, translate_for
from fyraften_service.pages.sessions import Sessions
from fyraften_service.pages.words import answer_words, share_words
from fyraften_service.publication import Publication, latest_publication, publish_due, visible_from
from fyraften_service.service import Service

AnswerWords = Callable[[str], str]
"""Returns an answer as people read it."""


def router(sessions: Sessions) -> APIRouter:
    """Return the route."""
    routes = APIRouter()

    @routes.get("/")
    def group_figures(request: Request) -> Response:
        return _page(sessions, request, wire.report_for(GROUP))

    @routes.get("/pulse")
    def pulse_figures(request: Request) -> Response:
        return _page(sessions, request, wire.report_for(PULSE))

    return routes


def _page(sessions: Sessions, request: Request, report: wire.Report) -> Response:
    account = sessions.account(request)
    if account is None:
        return sessions.to_sign_in()
    _, language = translate_for(request), language_of(request)
    text = {**_explanations(report, _), **_content(sessions.service, report, _, language)}
    return render(request, "group.html", text, frame=sessions.frame(request, account))


def _content(service: Service, report: wire.Report, _: Translate, language: str) -> dict[str, object]:
    today = service.clock.today()
    publish_due(service.database, service.config, today)
    visible = visible_from(service.config)
    if visible is None:
        return _nothing(_("No notice to the employees is recorded. Figures are shown from 42 days after it."))
    if today < visible:
        sentence = _("Figures are shown from {date}: 42 days after the notice to the employees.")
        return _nothing(sentence.format(date=visible))
    with service.database.reading() as connection:
        found = latest_publication(connection, report)
    if found is None:
        days = service.config.open_days
        none = _("No week is published yet. A week is published {days} days after its end.")
        if report.period == "month":
            none = _("No month is published yet. A month is published {days} days after its end.")
        return _nothing(none.format(days=days))
    return _period(found, report, service, _, language)


def _nothing(sentence: str) -> dict[str, object]:
    return {"week": None, "empty": sentence, "lines": [], "held_back": []}


def _period(
    found: Publication, report: wire.Report, service: Service, _: Translate, language: str
) -> dict[str, object]:
    shown = [line for line in found.lines if line["contributors"] is not None]
    meanings = {field.name: field.meaning[language] for field in report.fields}
    empty = _("Fewer than {smallest} people contributed, so nothing is shown for this week.")
    heading = _("Week {week}").format(week=found.period)
    words: AnswerWords = partial(answer_words, _=_)
    if report.period == "month":
        empty = _("Fewer than {smallest} people contributed, so nothing is shown for this month.")
        heading = found.period
        words = partial(wire.value_word, language=language)
    return {
        "week": heading,
        "dates": _dates(found, report, _),
        "empty": None if shown else empty.format(smallest=found.smallest_group),
        "lines": [_line(line, meanings, words, _) for line in shown],
        "held_back": [line["name"] for line in found.lines if line["contributors"] is None] if shown else [],
        "held_back_why": _(
            "Held back because fewer than {smallest} people contributed there, or because the figures of so few could "
            "be worked out from it."
        ).format(smallest=found.smallest_group),
        "organisation": service.config.organisation,
    }


def _dates(found: Publication, report: wire.Report, _: Translate) -> str:
    sentence = _("From {first} to {last}. Published once, on {published}; it does not change.")
    first, end = group_days(report, found.period)
    return sentence.format(first=first, last=end - timedelta(days=1), published=found.published_on)


def _line(line: Mapping[str, Any], meanings: Mapping[str, str], words: AnswerWords, _: Translate) -> dict[str, object]:
    name = _("{cell}: the others").format(cell=line["name"]) if line["other"] else line["name"]
    contains = _("Contains: {cells}.").format(cells=", ".join(line["contains"])) if line["contains"] else None
    return {
        "name": name,
        "contains": contains,
        "contributors": _("{range} people contributed.").format(range=line["contributors"]),
        "questions": [
            {
                "caption": meanings[question["name"]],
                "scope": name,
                "shares": [(words(value), share_words(share, _)) for value, share in question["shares"]],
            }
            for question in line["questions"]
        ],
    }


def _explanations(report: wire.Report, _: Translate) -> dict[str, object]:
    speaks_of_work = _(
        "The figures speak of work on the computers of those who agreed to contribute, and of nobody else."
    )
    speaks_of_answers = _("The figures speak of what those answered who agreed to contribute, and of nobody else.")
    by_week = report.period == "week"
    return {
        "title": _("Group figures") if by_week else _("How it goes"),
        "answer": _("Answer"),
        "share": _("Share"),
        "held_back_title": _("Held back"),
        "how_title": _("How to read this"),
        "how": [
            speaks_of_work if by_week else speaks_of_answers,
            _("Numbers of people are ranges, and shares are rounded to 5 %, so they may not add up to 100 %."),
            _("An answer of one person, of nobody, or under 3 % is not shown, nor one that would give it away."),
            _("Nearly all means everybody, everybody but one, or over 97 %."),
            _("The single reports are deleted when a week is published.")
            if by_week
            else _("The single reports are deleted when a month is published."),
        ],
    }
