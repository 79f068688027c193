"""What a person answered: how an answer is read, which questions are left, and which dates the advice rules get of it.

Pure. Not here: keeping answers (``store.answers``), the questions (``questions``), and the one way in which an answer
can come into a report (``telling``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fyraften_agent.errors import InputError
from fyraften_agent.selfchecks.questions import Check, Question, all_checks
from fyraften_agent.shown.spoken_times import day
from fyraften_policy.errors import NotInForceError
from fyraften_policy.languages import Translate, mark
from fyraften_policy.parameters import known_parameter
from fyraften_policy.rules.reminders import months_after

YES, NO, NOT_RELEVANT = "yes", "no", "not_relevant"
LONGEST_TEXT = 200
TROUBLE = "eye_trouble"

# In the order in which they are offered, with the words people see.
CHOICES: Mapping[str, Mapping[str, str]] = {
    "yes_no": {YES: mark("yes"), NO: mark("no"), NOT_RELEVANT: mark("does not apply")},
    "how_often": {
        "hardly_ever": mark("hardly ever"),
        "seldom": mark("seldom"),
        "sometimes": mark("sometimes"),
        "often": mark("often"),
        "nearly_always": mark("nearly always"),
    },
}


class AnswerError(InputError):
    """What was answered does not fit the question."""


@dataclass(frozen=True)
class Answer:
    """An answer. ``on`` is the local day it was given; ``period`` the month it is about, empty for most questions."""

    question: str
    value: str
    on: date
    at: int
    period: str = ""


def read_value(question: Question, text: str, today: date, _: Translate) -> str:
    """Return what was typed as the value to keep.

    A choice is typed as its number, as its name, or as its word in the language of ``_``; a date as
    :func:`fyraften_agent.shown.spoken_times.day` reads it.

    Raises:
        AnswerError: it is no answer to this question.
    """
    said = " ".join(text.split())
    if question.kind == "date":
        return _date_value(question, said, today, _)
    if question.kind == "text":
        if not said or len(said) > LONGEST_TEXT or not said.isprintable():
            raise AnswerError(mark("Write between one and {count} signs on one line."), count=LONGEST_TEXT)
        return said
    choices = CHOICES[question.kind]
    for number, (value, word) in enumerate(choices.items(), 1):
        if said.casefold() in (str(number), value, word.casefold(), _(word).casefold()):
            return value
    offered = ", ".join(f"{number} {word}" for number, word in enumerate(map(_, choices.values()), 1))
    raise AnswerError(mark("{text} is no answer here. Answer with one of: {offered}."), text=said, offered=offered)


def _date_value(question: Question, said: str, today: date, _: Translate) -> str:
    meant = day(said, today, _)
    if meant > today and not question.may_be_ahead:
        raise AnswerError(mark("{date} is still to come. Write the day on which it was."), date=meant.isoformat())
    return meant.isoformat()


def value_words(question: Question, value: str, _: Translate) -> str:
    """Return a kept value as people read it."""
    return _(CHOICES[question.kind][value]) if question.kind in CHOICES else value


def fits(question: Question, value: str, today: date) -> bool:
    """Say whether a value is one that could have been kept for the question."""
    if question.kind in CHOICES:
        return value in CHOICES[question.kind]
    try:
        return read_value(question, value, today, str) == value
    except InputError:
        return False


def latest(answers: Iterable[Answer]) -> dict[str, Answer]:
    """Return for each question the answer about the latest period."""
    return {answer.question: answer for answer in sorted(answers, key=lambda one: (one.period, one.at))}


def about(check: Check, answers: Iterable[Answer], today: date) -> dict[str, Answer]:
    """Return the answers that count for a check today: of a monthly one, those of this month."""
    period = period_of(check, today)
    mine = {question.id for question in check.questions}
    return {one.question: one for one in answers if one.question in mine and one.period == period}


def period_of(check: Check, today: date) -> str:
    """Return the period that an answer given today is about."""
    return f"{today:%Y-%m}" if check.each_month else ""


def is_asked(question: Question, answers: Mapping[str, Answer]) -> bool:
    """Say whether a question is asked, after what was answered to the one it depends on."""
    if question.only_if is None:
        return True
    other, wanted = question.only_if
    return other in answers and answers[other].value == wanted


def asked(check: Check, answers: Mapping[str, Answer]) -> list[Question]:
    """Return the questions of a check that are asked now."""
    return [question for question in check.questions if is_asked(question, answers)]


def advice_on(question: Question, answer: Answer | None, language: str) -> str:
    """Return what to do after an answer, empty where nothing follows from it."""
    follows = answer is not None and answer.value == question.advise_on
    return question.advice[language] if follows and question.advice is not None else ""


def command_on(question: Question, answer: Answer | None) -> str:
    """Return the command that helps after an answer, empty where none does."""
    return question.command or "" if answer is not None and answer.value == question.advise_on else ""


def completed_on(check: Check, answers: Mapping[str, Answer]) -> date | None:
    """Return the day on which the oldest answer of a complete check was given; None where one is missing.

    Wishes, dates and notes are no part of it: they need no answer.
    """
    needed = [one for one in asked(check, answers) if one.kind in CHOICES and one.tells is None]
    if not needed or any(question.id not in answers for question in needed):
        return None
    return min(answers[question.id].on for question in needed)


def due_on(check: Check, last: date | None, own_values: Mapping[str, float]) -> date | None:
    """Return from which day on a check is suggested again; None where no rule says so, or it was never done.

    Args:
        own_values: the agreement's own numbers, by parameter id.
    """
    if check.reminds is None or last is None:
        return None
    interval = f"{check.reminds}.interval"
    try:
        months = own_values.get(interval) or known_parameter(interval).on(last).amount
    except NotInForceError:
        return None
    return months_after(last, int(months))


def last_done(check: Check, answers: Sequence[Answer], today: date) -> date | None:
    """Return the day that decides when a check is suggested again: what its rule reads, else when it was complete."""
    mine = about(check, answers, today)
    for question in check.questions:
        if question.feeds is not None and question.kind == "date" and question.id in mine:
            return date.fromisoformat(mine[question.id].value)
    return completed_on(check, mine)


def again_from(check: Check, answers: Sequence[Answer], today: date, own_values: Mapping[str, float]) -> date | None:
    """Return from which day on a check is suggested again: after its months, or from the day of trouble that no test
    has followed.
    """
    last = last_done(check, answers, today)
    about_eyes = any(question.feeds == TROUBLE for question in check.questions)
    trouble = dates_for_rules(answers).get(TROUBLE) if about_eyes else None
    if trouble is not None and (last is None or last < date.fromisoformat(trouble)):
        return date.fromisoformat(trouble)
    return due_on(check, last, own_values)


def dates_for_rules(answers: Sequence[Answer]) -> dict[str, str]:
    """Return the dates of the facts format that answers give: of the last eye test, eye trouble, and the last check."""
    known = latest(answers)
    dates = {}
    for check in all_checks():
        done = completed_on(check, known) if check.completes is not None else None
        if check.completes is not None and done is not None:
            dates[check.completes] = done.isoformat()
        for question in check.questions:
            day = _day_fed(question, known.get(question.id))
            if question.feeds is not None and day:
                dates[question.feeds] = max(day, dates.get(question.feeds, ""))
    return dates


def _day_fed(question: Question, answer: Answer | None) -> str:
    """Return the day that an answer gives: a date itself, of a yes to a symptom the day it was said; else nothing."""
    if question.feeds is None or answer is None:
        return ""
    if question.kind == "date":
        return answer.value
    return answer.on.isoformat() if answer.value == question.advise_on else ""
