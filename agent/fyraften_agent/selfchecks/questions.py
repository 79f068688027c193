"""The questions of the self-checks, read from their TOML files: what is asked, after which paragraph, and what then.

A check has sections; a section names its source and holds questions, each in every language. The order of the files'
names here is the order in which the checks are listed.
Not here: answers (``answers``), and asking (``cli/selfcheck``, ``pages``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args

from fyraften_policy.languages import LANGUAGES

Kind = Literal["yes_no", "date", "text", "how_often"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NAMES = ("workplace", "equipment", "software", "ventilation", "instruction", "dialogue", "eyes", "pulse")
PULSE = "pulse"

Words = Mapping[str, str]
"""A text by language code."""


class QuestionFileError(ValueError):
    """A file of questions is not complete: a mistake in the package, never in what a person did."""


@dataclass(frozen=True)
class Question:
    """One question.

    ``advise_on`` is the answer after which ``advice`` is told and, on a screen, a ``command`` that helps.  ``only_if``
    names a question and the answer without which this one is not asked.  ``tells`` is the field of the duty report that
    the answer can be taken for, with ``item`` as its value in a set; ``feeds`` the date of the facts format that the
    answer gives.  ``is_short_lived``: kept no longer than work is.
    """

    id: str
    kind: Kind
    source: str
    ask: Words
    advice: Words | None
    command: str | None
    advise_on: str
    only_if: tuple[str, str] | None
    tells: str | None
    item: str | None
    feeds: str | None
    may_be_ahead: bool
    is_short_lived: bool


@dataclass(frozen=True)
class Section:
    """Questions with one source."""

    id: str
    source: str
    title: Words
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Check:
    """A set of questions that is answered in one go.

    ``reminds`` is the advice rule that says when to do it again, ``completes`` the date of the facts format at which
    all was answered.  ``is_private``: printed only when named.  ``both_sides``: the sheet has room for the employer's
    answers.  ``each_month``: answers belong to a month and do not replace those of another.
    """

    id: str
    title: Words
    about: Words
    request: Words | None
    sections: tuple[Section, ...]
    reminds: str | None
    completes: str | None
    is_private: bool
    both_sides: bool
    each_month: bool

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions of all sections, in order."""
        return tuple(question for section in self.sections for question in section.questions)


@lru_cache(maxsize=1)
def all_checks() -> tuple[Check, ...]:
    """Return every check, in the order in which they are listed; read once.

    Raises:
        QuestionFileError: a file lacks something, or names something that is not there.
    """
    folder = files("fyraften_agent").joinpath("selfchecks", "questions")
    checks = tuple(read_check(name, folder.joinpath(f"{name}.toml").read_text(encoding="utf-8")) for name in NAMES)
    ids = [question.id for check in checks for question in check.questions]
    if len(set(ids)) != len(ids):
        raise QuestionFileError("Two questions have one id.")
    return checks


def check_named(name: str) -> Check | None:
    """Return the check of that id, None where there is none."""
    return next((check for check in all_checks() if check.id == name), None)


def question_named(name: str) -> tuple[Check, Question] | None:
    """Return a question with the check it belongs to, None where there is none of that id."""
    return next((pair for pair in all_questions() if pair[1].id == name), None)


def all_questions() -> Iterator[tuple[Check, Question]]:
    """Give every question with its check."""
    return ((check, question) for check in all_checks() for question in check.questions)


def read_check(name: str, text: str) -> Check:
    """Return the check that a TOML file holds; raises :class:`QuestionFileError`."""
    try:
        table = _Table(name, tomllib.loads(text))
        check = Check(
            id=table.text("id"),
            title=table.words("title"),
            about=table.words("about"),
            request=table.words("request") if table.has("request") else None,
            sections=tuple(_section(_Table(f"{name}.section", row)) for row in table.take("section")),
            reminds=table.text_or_none("reminds"),
            completes=table.text_or_none("completes"),
            is_private=table.flag("is_private"),
            both_sides=table.flag("both_sides"),
            each_month=table.flag("each_month"),
        )
    except tomllib.TOMLDecodeError as problem:
        raise QuestionFileError(f"{name}: {problem}") from problem
    table.finish()
    if check.id != name:
        raise QuestionFileError(f"{name}: the id is {check.id}.")
    _check_conditions(check)
    return check


def _section(table: _Table) -> Section:
    name, source = table.text("id"), table.text("source")
    short = table.flag("is_short_lived")
    questions = tuple(_question(_Table(name, row), source, short) for row in table.take("question"))
    title = table.words("title")
    table.finish()
    return Section(name, source, title, questions)


def _question(table: _Table, source: str, is_short_lived: bool) -> Question:
    condition = table.take("only_if") if table.has("only_if") else None
    question = Question(
        id=table.text("id"),
        kind=table.kind(),
        source=source,
        ask=table.words("ask"),
        advice=table.words("advice") if table.has("advice") else None,
        command=table.text_or_none("command"),
        advise_on=table.text_or_none("advise_on") or "no",
        only_if=None if condition is None else (condition["question"], condition["answer"]),
        tells=table.text_or_none("tells"),
        item=table.text_or_none("item"),
        feeds=table.text_or_none("feeds"),
        may_be_ahead=table.flag("may_be_ahead"),
        is_short_lived=is_short_lived,
    )
    table.finish()
    if question.kind == "yes_no" and question.advice is None and question.command is None:
        raise QuestionFileError(f"{question.id} says nothing of what to do on {question.advise_on}.")
    return question


def _check_conditions(check: Check) -> None:
    """A condition names a question that is asked before."""
    before: set[str] = set()
    for question in check.questions:
        if question.only_if is not None and question.only_if[0] not in before:
            raise QuestionFileError(f"{question.id} depends on {question.only_if[0]}, which is not asked before it.")
        before.add(question.id)


class _Table:
    """One TOML table whose every key has to be taken: a key that nobody asks for is a mistake."""

    def __init__(self, name: str, rows: dict[str, Any]) -> None:
        self._name, self._rows = name, dict(rows)

    def has(self, key: str) -> bool:
        return key in self._rows

    def take(self, key: str) -> Any:
        if key not in self._rows:
            raise QuestionFileError(f"{self._name} has no {key}.")
        return self._rows.pop(key)

    def text(self, key: str) -> str:
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            raise QuestionFileError(f"{self._name}: {key} is no text.")
        return value

    def text_or_none(self, key: str) -> str | None:
        return self.text(key) if self.has(key) else None

    def flag(self, key: str) -> bool:
        value = self._rows.pop(key, False)
        if not isinstance(value, bool):
            raise QuestionFileError(f"{self._name}: {key} is neither true nor false.")
        return value

    def kind(self) -> Kind:
        value = self.text("kind")
        for kind in KINDS:
            if kind == value:
                return kind
        raise QuestionFileError(f"{self._name}: {value} is none of {', '.join(KINDS)}.")

    def words(self, key: str) -> Words:
        value = self.take(key)
        if not isinstance(value, dict) or set(value) != set(LANGUAGES) or not all(map(str.strip, value.values())):
            raise QuestionFileError(f"{self._name}: {key} needs a text in each of {', '.join(LANGUAGES)}.")
        return value

    def finish(self) -> None:
        if self._rows:
            raise QuestionFileError(f"{self._name}: nobody reads {', '.join(self._rows)}.")
