"""``fyraften pulse``: a few statements a month about how working at home goes, for oneself.

Answers of each month stand beside each other; nothing is added up.
Not here: asking (``selfcheck_asking``), and what of them is sent under a consent of its own (``pulse_reports``).
"""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.selfcheck import add_asking, told
from fyraften_agent.selfchecks.answers import value_words
from fyraften_agent.selfchecks.questions import PULSE, check_named
from fyraften_policy.languages import Translate


def add(commands: Any, _: Translate) -> None:
    """Register ``pulse``."""
    pulse = commands.add_parser(
        "pulse",
        help=_("a few statements a month on how working at home goes, for yourself"),
        epilog=_("Examples:\n  fyraften pulse do\n  fyraften pulse show\n  fyraften pulse remove"),
    )
    pulse.set_defaults(run="pulse:show")
    steps = pulse.add_subparsers(title=_("Commands"), metavar=_("command"))
    add_asking(steps.add_parser("do", help=_("answer the statements of this month")), _, PULSE)
    steps.add_parser("show", help=_("your answers, month by month")).set_defaults(run="pulse:show")
    removed = steps.add_parser("remove", help=_("remove all your answers beyond recovery"))
    removed.set_defaults(run="selfcheck:remove", name=PULSE)


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show each statement with the answers of every month kept."""
    _ = context._
    check = check_named(PULSE)
    assert check is not None
    answers, _values = told(context)
    lines: list[str] = []
    statements = []
    for question in check.questions:
        mine = sorted((one for one in answers if one.question == question.id), key=lambda one: one.period)
        statements.append(
            {
                "question": question.id,
                "ask": dict(question.ask),
                "answers": [{"month": one.period, "answer": one.value, "date": one.on.isoformat()} for one in mine],
            }
        )
        if mine:
            lines.append(question.ask[context.language])
            lines += [f"  {one.period}  {value_words(question, one.value, _)}" for one in mine]
    empty = _("Nothing is answered yet. To begin: fyraften pulse do")
    context.show(arguments, {"statements": statements}, lines or [empty])
    return ExitCode.DONE
