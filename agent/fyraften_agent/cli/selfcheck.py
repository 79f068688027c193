"""``fyraften selfcheck``: the guideline's duties as questions to oneself: listed, shown, answered, removed.

Answers stay on this computer. Keeping one needs consent to recording, like everything that is kept; listing, and an
empty sheet to fill in by hand, need none.
Not here: asking one by one (``selfcheck_asking``), the printed sheet (``selfcheck_sheet``), the questions
(``selfchecks``).
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.cli.show import columns
from fyraften_agent.errors import InputError
from fyraften_agent.selfchecks.answers import (
    Answer,
    about,
    advice_on,
    again_from,
    asked,
    command_on,
    last_done,
    period_of,
    read_value,
    value_words,
)
from fyraften_agent.selfchecks.questions import (
    NAMES,
    Check,
    Question,
    all_checks,
    check_named,
    question_named,
)
from fyraften_agent.shown.looking import records
from fyraften_agent.store.answers import keep_answers, read_answers, remove_answers
from fyraften_agent.store.store import Store
from fyraften_policy.languages import Translate, mark, translator
from fyraften_policy.periods import local_date


def add(commands: Any, _: Translate) -> None:
    """Register ``selfcheck`` and what can be done with it."""
    checks = commands.add_parser(
        "selfcheck",
        help=_("your home workplace, equipment, eyes, instruction and the dialogue, question by question"),
        epilog=_(
            "Examples:\n"
            "  fyraften selfcheck do workplace\n"
            "  fyraften selfcheck show\n"
            "  fyraften selfcheck print sheet.pdf dialogue workplace"
        ),
    )
    checks.set_defaults(run="selfcheck:show_list")
    steps = checks.add_subparsers(title=_("Commands"), metavar=_("command"))
    listed = steps.add_parser("list", help=_("the checks, what is answered, and when to look again"))
    listed.set_defaults(run="selfcheck:show_list")
    asked_one_by_one = steps.add_parser("do", help=_("answer a check, question by question"))
    add_asking(asked_one_by_one, _)
    shown = steps.add_parser("show", help=_("your answers, and what to do where something is missing"))
    shown.add_argument("check", nargs="?", choices=NAMES, help=_("only this check"))
    shown.set_defaults(run="selfcheck:show")
    one = steps.add_parser("answer", help=_("answer one question without being asked the others"))
    one.add_argument("question", metavar=_("QUESTION"), help=_("its name in: fyraften selfcheck show"))
    one.add_argument("answer", metavar=_("ANSWER"), help=_("such as yes, no, not_relevant, or a date"))
    one.set_defaults(run="selfcheck:answer")
    removed = steps.add_parser("remove", help=_("remove answers beyond recovery"))
    removed.add_argument("name", metavar=_("NAME"), help=_("a check, or a question"))
    removed.set_defaults(run="selfcheck:remove")
    requested = steps.add_parser("request", help=_("the text of a request to your employer"))
    requested.add_argument("check", choices=("equipment", "eyes"), help=_("what to ask for"))
    requested.set_defaults(run="selfcheck:request")
    _add_print(steps, _)


def add_asking(parser: argparse.ArgumentParser, _: Translate, check: str | None = None) -> None:
    """Register the asking of a check; the one given, or the one that is named."""
    if check is None:
        parser.add_argument("check", choices=NAMES, help=_("the check"))
    parser.add_argument("--open", action="store_true", help=_("ask only what is not answered yet"))
    parser.set_defaults(run="selfcheck_asking:ask", **({} if check is None else {"check": check}))


def _add_print(steps: Any, _: Translate) -> None:
    printed = steps.add_parser(
        "print",
        help=_("write a sheet to print as PDF, with your answers or empty"),
        epilog=_(
            "Examples:\n"
            "  fyraften selfcheck print sheet.pdf\n"
            "  fyraften selfcheck print sheet.pdf dialogue equipment\n"
            "  fyraften selfcheck print empty.pdf dialogue --empty"
        ),
    )
    printed.add_argument("file", metavar=_("FILE"), help=_("where to write the PDF"))
    printed.add_argument(
        "checks",
        nargs="*",
        metavar=_("CHECK"),
        help=_("which checks: {names}; left out, the dialogue and what you answered, but never eyes or pulse").format(
            names=", ".join(NAMES)
        ),
    )
    printed.add_argument("--empty", action="store_true", help=_("without answers, to fill in by hand"))
    printed.add_argument(
        "--figures",
        metavar=_("MONTH"),
        help=_("with the month's time by place and the average at home, such as 2026-11"),
    )
    printed.add_argument("--replace", action="store_true", help=_("write over a file that is there"))
    printed.set_defaults(run="selfcheck_sheet:write")


def show_list(arguments: argparse.Namespace, context: Context) -> int:
    """List the checks."""
    _, today = context._, local_date(context.clock.now(), context.clock.zone())
    answers, own_values = told(context)
    rows = [_listed(check, answers, own_values, today, context) for check in all_checks()]
    document = {"checks": [summary_json(check, answers, own_values, today) for check in all_checks()]}
    lines = [
        *columns(rows),
        "",
        _("Answers stay on this computer. To answer: fyraften selfcheck do workplace"),
    ]
    context.show(arguments, document, lines)
    return ExitCode.DONE


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show the answers of one check, or of all that have any."""
    today = local_date(context.clock.now(), context.clock.zone())
    answers, own_values = told(context)
    if arguments.check is not None:
        checks = [check for check in all_checks() if check.id == arguments.check]
    else:
        checks = [check for check in all_checks() if about(check, answers, today)]
    lines: list[str] = []
    for check in checks:
        lines += [*_described(check, answers, own_values, today, context), ""]
    document = {"checks": [check_json(check, answers, own_values, today) for check in checks]}
    empty = context._("Nothing is answered yet. To begin: fyraften selfcheck do workplace")
    context.show(arguments, document, lines[:-1] or [empty])
    return ExitCode.DONE


def answer(arguments: argparse.Namespace, context: Context) -> int:
    """Keep the answer to one question."""
    _, now = context._, context.clock.now()
    today = local_date(now, context.clock.zone())
    check, question = _question_meant(arguments.question)
    value = read_value(question, arguments.answer, today, _)
    kept = Answer(question.id, value, today, now, period_of(check, today))
    with records_to_change(context) as store:
        keep_answers(store.file, [kept])
        store.file.empty_log()  # so that an answer that was replaced is gone from there, too
    lines = [_("Kept: {question} {answer}").format(question=question.id, answer=value_words(question, value, _))]
    context.show(arguments, question_json(question, kept), [*lines, *_what_to_do(question, kept, context)])
    return ExitCode.DONE


def remove(arguments: argparse.Namespace, context: Context) -> int:
    """Remove the answers of a check, or to one question."""
    check = check_named(arguments.name)
    names = {one.id for one in check.questions} if check is not None else {_question_meant(arguments.name)[1].id}
    with records_to_change(context) as store:
        there = [(one.question, one.period) for one in read_answers(store.file) if one.question in names]
        count = remove_answers(store.file, there)
        log_is_empty = store.file.empty_log()
    line = context._("Removed: {count}").format(count=count) if count else context._("There was no answer to remove.")
    document = {"removed": sorted(question for question, _period in there), "log_is_empty": log_is_empty}
    context.show(arguments, document, [line])
    if not log_is_empty:
        context.complain(
            context._(
                "Another program was reading the records, so traces may be left in the log beside the file. Close "
                "Fyraften's page, and give the same command again."
            )
        )
    return ExitCode.DONE if log_is_empty else ExitCode.STORAGE_FAILED


def request(arguments: argparse.Namespace, context: Context) -> int:
    """Print the text of a request, to be copied into a message; nothing is sent."""
    _ = context._
    check = check_named(arguments.check)
    assert check is not None
    assert check.request is not None
    answers, _values = told(context)
    texts = {
        language: text.format(items=_items(check, answers, language, translator("fyraften_agent", language)))
        for language, text in check.request.items()
    }
    lines = [texts[context.language], "", _("Nothing was sent: copy the text into a message of your own.")]
    context.show(arguments, {"text": texts}, lines)
    return ExitCode.DONE


def told(context: Context) -> tuple[list[Answer], Mapping[str, float]]:
    """Return the answers kept, and the agreement's own numbers."""
    with records(context.paths) as store:
        return ([], {}) if store is None else (read_answers(store.file), own_values(store))


def own_values(store: Store) -> Mapping[str, float]:
    """Return the numbers that the agreement replaces, by parameter id."""
    agreement = store.agreement() or {}
    values: Mapping[str, float] = agreement.get("parameters", {})
    return values


# What is told


def summary_json(
    check: Check, answers: Sequence[Answer], own_values: Mapping[str, float], today: date
) -> dict[str, Any]:
    """Return where a check stands."""
    mine = about(check, answers, today)
    last = last_done(check, answers, today)
    again = again_from(check, answers, today, own_values)
    return {
        "name": check.id,
        "title": dict(check.title),
        "asked": len(asked(check, mine)),
        "answered": sum(question.id in mine for question in asked(check, mine)),
        "last": None if last is None else last.isoformat(),
        "again_from": None if again is None else again.isoformat(),
    }


def check_json(check: Check, answers: Sequence[Answer], own_values: Mapping[str, float], today: date) -> dict[str, Any]:
    """Return a check with its questions, those that are asked now."""
    mine = about(check, answers, today)
    questions = [question_json(question, mine.get(question.id)) for question in asked(check, mine)]
    return {**summary_json(check, answers, own_values, today), "questions": questions}


def question_json(question: Question, given: Answer | None) -> dict[str, Any]:
    """Return a question with its answer; texts by language code."""
    has_advice = given is not None and given.value == question.advise_on and question.advice is not None
    return {
        "question": question.id,
        "source": question.source,
        "ask": dict(question.ask),
        "kind": question.kind,
        "answer": None if given is None else given.value,
        "date": None if given is None else given.on.isoformat(),
        "period": None if given is None or not given.period else given.period,
        "advice": dict(question.advice) if has_advice and question.advice is not None else None,
        "command": command_on(question, given) or None,
    }


def _listed(
    check: Check, answers: Sequence[Answer], own_values: Mapping[str, float], today: date, context: Context
) -> list[str]:
    _, standing = context._, summary_json(check, answers, own_values, today)
    state = _("{answered} of {asked} answered").format(**standing)
    last, again = standing["last"], standing["again_from"]
    if last and again:
        state = _("{state}; last on {date}, again from {again}").format(state=state, date=last, again=again)
    elif again:
        state = _("{state}; time to look again since {date}").format(state=state, date=again)
    elif last:
        state = _("{state}; on {date}").format(state=state, date=last)
    return [check.id, check.title[context.language], state]


def _described(
    check: Check, answers: Sequence[Answer], own_values: Mapping[str, float], today: date, context: Context
) -> list[str]:
    """Return a check as text: each question with its name, the answer and what follows."""
    language, mine = context.language, about(check, answers, today)
    shown = {question.id for question in asked(check, mine)}
    lines = [f"{check.title[language]}: {_listed(check, answers, own_values, today, context)[2]}"]
    for section in check.sections:
        questions = [question for question in section.questions if question.id in shown]
        if questions:
            lines += ["", f"  {section.title[language]} ({section.source})"]
        for question in questions:
            lines += [f"    {question.ask[language]}", f"      {answer_line(question, mine.get(question.id), context)}"]
            lines += [f"      {line}" for line in _what_to_do(question, mine.get(question.id), context)]
    return lines


def answer_line(question: Question, given: Answer | None, context: Context) -> str:
    """Return an answer with its day and the name by which it can be changed."""
    _ = context._
    if given is None:
        return _("not answered ({name})").format(name=question.id)
    words = value_words(question, given.value, _)
    return _("{answer}, said on {date} ({name})").format(answer=words, date=given.on, name=question.id)


def _what_to_do(question: Question, given: Answer | None, context: Context) -> list[str]:
    lines = [advice_on(question, given, context.language), command_on(question, given)]
    return [f"→ {line}" for line in lines if line]


def _items(check: Check, answers: Sequence[Answer], language: str, _: Translate) -> str:
    """Return the things that are asked for, or a gap to fill in."""
    from fyraften_agent.sending.report_words import value_words as report_words

    known = {one.question: one.value for one in answers}
    wanted = [one.item for one in check.questions if one.item is not None and known.get(one.id) == "yes"]
    return report_words(sorted(wanted), language, _) if wanted else "…"


def _question_meant(name: str) -> tuple[Check, Question]:
    found = question_named(name)
    if found is None:
        raise InputError(
            mark("There is no question {name}. Their names are shown by: fyraften selfcheck show workplace"), name=name
        )
    return found
