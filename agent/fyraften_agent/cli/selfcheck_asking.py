"""``fyraften selfcheck do``: asks the questions of a check at the terminal, one by one.

Each answer is kept as soon as it is given, so that stopping, or a terminal that is closed, loses nothing. Everything is
text on lines of its own, one after the other: nothing is drawn, so that a screen reader reads it as it stands.
Not here: what an answer may be (``selfchecks.answers``).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from datetime import date
from typing import TextIO

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.cli.selfcheck import check_json, own_values
from fyraften_agent.cli.show import fold
from fyraften_agent.errors import InputError
from fyraften_agent.selfchecks.answers import (
    CHOICES,
    LONGEST_TEXT,
    Answer,
    about,
    advice_on,
    asked,
    is_asked,
    period_of,
    read_value,
    value_words,
)
from fyraften_agent.selfchecks.questions import Check, Question, Section, check_named
from fyraften_agent.store.answers import keep_answers, read_answers, remove_answers
from fyraften_agent.store.store import Store
from fyraften_policy.languages import Translate, translator
from fyraften_policy.periods import local_date

STOP, STILL, REMOVE = "q", "=", "-"


class _Stopped(Exception):
    """The person wants no more questions."""


@dataclass
class _Talk:
    """One round of questions: where it is printed and read, and what came of it."""

    check: Check
    store: Store
    out: TextIO
    keyboard: TextIO
    language: str
    _: Translate
    today: date
    now: int
    only_open: bool
    known: dict[str, Answer] = field(default_factory=dict)
    kept: int = 0

    def say(self, line: str = "") -> None:
        for part in fold(line) if line else [""]:
            print(part, file=self.out)

    def read(self) -> str:
        """Return what was typed; the end of input is a stop."""
        print(">", end=" ", file=self.out, flush=True)
        line = self.keyboard.readline()
        if not line:
            self.say()
            raise _Stopped
        return line.strip()


def ask(arguments: argparse.Namespace, context: Context) -> int:
    """Ask the questions of one check, and say what was kept."""
    check = check_named(arguments.check)
    assert check is not None
    out = context.errors if arguments.json else context.out
    if not (context.keyboard.isatty() and out.isatty()):
        raise InputError(
            context._(
                "The questions are asked at the keyboard, and this is no terminal. Open a terminal, answer single "
                "questions with: fyraften selfcheck answer, or print an empty sheet: fyraften selfcheck print FILE "
                "--empty"
            )
        )
    now = context.clock.now()
    with records_to_change(context) as store:
        talk = _Talk(
            check,
            store,
            out,
            context.keyboard,
            context.language,
            translator("fyraften_agent", context.language),  # with --json, too: a person reads the questions
            local_date(now, context.clock.zone()),
            now,
            arguments.open,
        )
        _go_through(talk)
        store.file.empty_log()
        document = check_json(check, read_answers(store.file), own_values(store), talk.today)
    context.show(arguments, document, _ending(talk))
    return ExitCode.DONE


def _go_through(talk: _Talk) -> None:
    _ = talk._
    talk.known = about(talk.check, read_answers(talk.store.file), talk.today)
    talk.say(talk.check.title[talk.language])
    talk.say(talk.check.about[talk.language])
    talk.say()
    talk.say(_("Answer with a number or a word. Your answers stay on this computer."))
    talk.say(_("Enter leaves a question as it is. {stop} stops, and keeps what you said.").format(stop=STOP))
    total = len(talk.check.questions)
    number = 0
    try:
        for section in talk.check.sections:
            is_headed = False
            for question in section.questions:
                number += 1
                if not is_asked(question, talk.known) or (talk.only_open and question.id in talk.known):
                    continue
                if not is_headed:
                    _head(section, talk)
                    is_headed = True
                _ask_one(question, number, total, talk)
    except _Stopped:
        talk.say(_("Stopped here. What you said is kept."))


def _head(section: Section, talk: _Talk) -> None:
    talk.say()
    talk.say(f"{section.title[talk.language]} ({section.source})")


def _ask_one(question: Question, number: int, total: int, talk: _Talk) -> None:
    _ = talk._
    talk.say()
    talk.say(
        _("{number} of {total}: {question}").format(number=number, total=total, question=question.ask[talk.language])
    )
    before = talk.known.get(question.id)
    talk.say(f"  {_how_to_answer(question, talk)}")
    if before is not None:
        said = value_words(question, before.value, _)
        talk.say(
            "  "
            + _("On {date} you said: {answer}. {still} says that it is still so, {remove} removes it.").format(
                date=before.on, answer=said, still=STILL, remove=REMOVE
            )
        )
    while not _take(question, talk.read(), talk):
        pass


def _how_to_answer(question: Question, talk: _Talk) -> str:
    _ = talk._
    if question.kind == "date":
        return _("A date such as {date}, or today").format(date=talk.today)
    if question.kind == "text":
        return _("At most {count} signs on one line").format(count=LONGEST_TEXT)
    return "   ".join(f"{number} {word}" for number, word in enumerate(map(_, CHOICES[question.kind].values()), 1))


def _take(question: Question, typed: str, talk: _Talk) -> bool:
    """Do what was typed; say whether the question is through."""
    before = talk.known.get(question.id)
    if not typed:
        return True
    if typed.casefold() == STOP:
        raise _Stopped
    if typed == REMOVE:
        remove_answers(talk.store.file, [(question.id, period_of(talk.check, talk.today))])
        talk.known.pop(question.id, None)
        talk.say("  " + talk._("Removed."))
        return True
    try:
        value = (
            before.value if typed == STILL and before is not None else read_value(question, typed, talk.today, talk._)
        )
    except InputError as problem:
        talk.say(f"  {problem.text(talk._)}")
        return False
    given = Answer(question.id, value, talk.today, talk.now, period_of(talk.check, talk.today))
    keep_answers(talk.store.file, [given])
    talk.known[question.id] = given
    talk.kept += 1
    advice = advice_on(question, given, talk.language)
    if advice:
        talk.say(f"  → {advice}")
    return True


def _ending(talk: _Talk) -> list[str]:
    _ = talk._
    open_now = [one for one in asked(talk.check, talk.known) if one.id not in talk.known]
    lines = ["", _("Answers kept now: {kept}. Not answered: {open}.").format(kept=talk.kept, open=len(open_now))]
    if talk.check.id == "pulse":
        return [*lines, _("To see them by month: fyraften pulse show")]
    lines.append(_("To see them, and what follows: fyraften selfcheck show {name}").format(name=talk.check.id))
    return [*lines, _("To print them: fyraften selfcheck print FILE {name}").format(name=talk.check.id)]
