"""What stands on a printed sheet: checks and answers as the texts of one language, empty or filled.

Pure. What concerns eyes, and the pulse statements, stand on it only where the person named them.
Not here: making the PDF (``sheet``), the agreement's sheet (``agreement.sheet``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from fyraften_agent.errors import InputError
from fyraften_agent.selfchecks.answers import CHOICES, Answer, about, advice_on, asked, value_words
from fyraften_agent.selfchecks.questions import NAMES, Check, Question, all_checks
from fyraften_policy.languages import Translate, mark

_ALWAYS = "dialogue"


def chosen(names: Sequence[str], answers: Sequence[Answer], is_empty: bool, today: date) -> list[Check]:
    """Return the checks to print: those named; else the dialogue and, of those not private, what was answered.

    Raises:
        InputError: there is no check of a name.
    """
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise InputError(mark("There is no check {name}. There are: {names}."), name=unknown[0], names=", ".join(NAMES))
    if names:
        return [check for name in dict.fromkeys(names) for check in all_checks() if check.id == name]
    dialogue = [check for check in all_checks() if check.id == _ALWAYS]
    others = [check for check in all_checks() if not check.is_private and check.id != _ALWAYS]
    return [*dialogue, *(check for check in others if is_empty or about(check, answers, today))]


def sheet_content(
    checks: Sequence[Check], answers: Sequence[Answer], today: date, language: str, _: Translate
) -> dict[str, Any]:
    """Return the sheet of these checks as ``sheet.typ`` reads it; without answers it is one to fill in by hand."""
    alone = checks[0].title[language] if len(checks) == 1 else ""
    return {
        "language": language,
        "title": alone or _("Working at home: sheet for the dialogue"),
        "intro": checks[0].about[language] if alone else "",
        "footer": _("Made with Fyraften on {date}. The employee decides who sees it.").format(date=today),
        "words": sheet_words(_),
        "parts": [_part(check, answers, today, language, _, bool(alone)) for check in checks],
        "signatures": [],
    }


def sheet_words(_: Translate) -> dict[str, str]:
    """Return the words that the sheet's own layout needs."""
    return {
        "employee": _("Employee"),
        "employer": _("Employer"),
        "agreed": _("What we agree"),
        "page": _("Page"),
        "date": _("Date"),
        "what": _("What"),
        "how": _("What is known"),
        "lacks": _("□ stands for a sign that this sheet has no shape for."),
    }


def _part(
    check: Check, answers: Sequence[Answer], today: date, language: str, _: Translate, is_alone: bool
) -> dict[str, Any]:
    mine = about(check, answers, today)
    # On an empty sheet every question stands, also those that depend on another.
    shown = asked(check, mine) if mine else list(check.questions)
    sections = [
        {
            "title": section.title[language],
            "source": section.source,
            "questions": [
                _question(question, mine.get(question.id), language, _)
                for question in section.questions
                if question in shown
            ],
            "rows": [],
        }
        for section in check.sections
        if any(question in shown for question in section.questions)
    ]
    return {
        "title": "" if is_alone else check.title[language],
        "about": "" if is_alone else check.about[language],
        "both_sides": check.both_sides,
        "sections": sections,
    }


def _question(question: Question, answer: Answer | None, language: str, _: Translate) -> dict[str, Any]:
    value = "" if answer is None else value_words(question, answer.value, _)
    return {
        "ask": question.ask[language],
        "kind": question.kind,
        "choices": [_(word) for word in CHOICES.get(question.kind, {}).values()],
        "answer": value[:1].upper() + value[1:] if question.kind in CHOICES else value,
        "on": "" if answer is None or question.kind == "date" else answer.on.isoformat(),
        "advice": advice_on(question, answer, language),
    }
