"""Self-checks on the local page: the list, a check as a form, and keeping what was answered there.

The form is made of fields that every browser and screen reader knows. Nothing is kept before the person presses the
button; then all of it is kept, or, where one answer is none, nothing.
Not here: who may ask (``guard``), what an answer may be (``selfchecks.answers``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from fyraften_agent.clock import Clock
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.errors import AgentError, InputError, NoConsentError
from fyraften_agent.paths import Paths
from fyraften_agent.processes import control
from fyraften_agent.selfchecks.answers import (
    CHOICES,
    LONGEST_TEXT,
    Answer,
    about,
    advice_on,
    again_from,
    asked,
    command_on,
    period_of,
    read_value,
)
from fyraften_agent.selfchecks.questions import Check, Question, all_checks, check_named
from fyraften_agent.selfchecks.sheet import sheet_of_a_process
from fyraften_agent.selfchecks.sheet_content import chosen, sheet_content
from fyraften_agent.shown.looking import records
from fyraften_agent.store.answers import keep_answers, read_answers, remove_answers
from fyraften_agent.store.store import Store
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date


def shown_checks(paths: Paths, clock: Clock, language: str, _: Translate) -> dict[str, Any]:
    """Return what ``checks.html`` shows: every check and how far it is."""
    today = local_date(clock.now(), clock.zone())
    answers, own_values = _told(paths)
    rows = []
    for check in all_checks():
        mine = about(check, answers, today)
        questions = asked(check, mine)
        again = again_from(check, answers, today, own_values)
        rows.append(
            {
                "name": check.id,
                "title": check.title[language],
                "state": _("{answered} of {asked} answered").format(
                    answered=sum(question.id in mine for question in questions), asked=len(questions)
                ),
                "again": "" if again is None else again.isoformat(),
                "is_due": again is not None and again <= today,
            }
        )
    return {"name": "", "checks": rows}


def shown_check(paths: Paths, clock: Clock, name: str, language: str, _: Translate) -> dict[str, Any]:
    """Return what ``check.html`` shows: the form of one check with what was answered.

    Raises:
        InputError: there is no such check.
    """
    check, now = _check_meant(name), clock.now()
    today = local_date(now, clock.zone())
    mine = about(check, _told(paths)[0], today)
    shown = {question.id for question in asked(check, mine)}
    return {
        "name": check.id,
        "title": check.title[language],
        "about": check.about[language],
        "is_private": check.is_private,
        "may_keep": Consents(paths).is_given("recording", now),
        "has_answers": bool(mine),
        "is_older": any(answer.on < today for answer in mine.values()),
        "today": today.isoformat(),
        "longest": LONGEST_TEXT,
        "sections": [
            {
                "title": section.title[language],
                "source": section.source,
                "questions": [
                    _field(one, mine.get(one.id), language, _) for one in section.questions if one.id in shown
                ],
            }
            for section in check.sections
            if any(question.id in shown for question in section.questions)
        ],
    }


def printed(paths: Paths, clock: Clock, name: str, is_filled: bool, language: str, _: Translate) -> bytes:
    """Return the sheet of one check as PDF, with the answers or empty; without a name that for the dialogue.

    Raises:
        InputError: there is no such check.
        AgentError: the sheet could not be made.
    """
    today = local_date(clock.now(), clock.zone())
    answers = _told(paths)[0] if is_filled else []
    checks = chosen([name] if name else [], answers, not is_filled, today)
    return sheet_of_a_process(sheet_content(checks, answers, today, language, _))


def keep(paths: Paths, clock: Clock, body: bytes, _: Translate) -> str:
    """Keep the answers of a form, empty ones removed, and return the name of the check.

    Raises:
        NoConsentError: nothing may be kept.
        InputError: the body is no such form, or one of the answers is none; nothing was kept.
    """
    now = clock.now()
    if not Consents(paths).is_given("recording", now):
        raise NoConsentError(
            mark(
                "Nothing is recorded or kept, because you have not agreed to recording. "
                "To agree, write: fyraften consent give recording"
            )
        )
    check, told = _form(body)
    today = local_date(now, clock.zone())
    kept, gone = _changes(check, told, today, now, _)
    paths.prepare()
    with Store.open(paths.work) as store:
        with store.file.transaction():
            keep_answers(store.file, kept)
            remove_answers(store.file, [(name, period_of(check, today)) for name in gone])
        store.file.empty_log()
    with suppress(AgentError):
        control.ask(paths, "changed")
    return check.id


def _changes(
    check: Check, told: Mapping[str, str], today: date, now: int, _: Translate
) -> tuple[list[Answer], list[str]]:
    """Return the answers to keep, and the questions whose answers go."""
    known = {question.id: question for question in check.questions}
    kept, gone = [], []
    for name, text in told.items():
        if name not in known:
            raise InputError(mark("There is no question {name} in this check."), name=name)
        if not text.strip():
            gone.append(name)
            continue
        value = read_value(known[name], text, today, _)
        kept.append(Answer(name, value, today, now, period_of(check, today)))
    return kept, gone


def _form(body: bytes) -> tuple[Check, dict[str, str]]:
    refusal = InputError(mark("This is no form of a self-check. Open the page again with: fyraften page"))
    try:
        document = json.loads(body)
    except ValueError:
        raise refusal from None
    if not isinstance(document, dict) or not isinstance(document.get("answers"), dict):
        raise refusal
    answers = document["answers"]
    if not all(isinstance(text, str) for text in answers.values()):
        raise refusal
    return _check_meant(str(document.get("check"))), answers


def _check_meant(name: str) -> Check:
    check = check_named(name)
    if check is None:
        names = ", ".join(one.id for one in all_checks())
        raise InputError(mark("There is no check {name}. There are: {names}."), name=name, names=names)
    return check


def _told(paths: Paths) -> tuple[list[Answer], Mapping[str, float]]:
    with records(paths) as store:
        if store is None:
            return [], {}
        return read_answers(store.file), (store.agreement() or {}).get("parameters", {})


def _field(question: Question, given: Answer | None, language: str, _: Translate) -> dict[str, Any]:
    value = "" if given is None else given.value
    return {
        "name": question.id,
        "ask": question.ask[language],
        "kind": question.kind,
        "choices": [
            {"value": choice, "word": _(words), "chosen": choice == value}
            for choice, words in CHOICES.get(question.kind, {}).items()
        ],
        "value": value,
        "may_be_ahead": question.may_be_ahead,
        "said": "" if given is None else _("Said on {date}").format(date=given.on),
        "advice": advice_on(question, given, language),
        "command": command_on(question, given),
    }
