"""``fyraften selfcheck print``: writes the sheet as a PDF, with the person's answers or empty.

What concerns eyes or the pulse statements is printed only when it is named.
Not here: what stands on a sheet (``selfchecks.sheet_content``), the typesetting (``selfchecks.sheet``).
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.selfcheck import told
from fyraften_agent.files.written_file import write_whole
from fyraften_agent.selfchecks.answers import Answer, about
from fyraften_agent.selfchecks.sheet_content import chosen, sheet_content
from fyraften_agent.selfchecks.sheet_figures import figures_part
from fyraften_agent.shown.looking import look_at_month
from fyraften_agent.shown.spoken_times import month
from fyraften_policy.languages import translator
from fyraften_policy.periods import local_date


def write(arguments: argparse.Namespace, context: Context) -> int:
    """Write the sheet, and say what stands on it."""
    from fyraften_agent.selfchecks.sheet import sheet_pdf

    _, path = context._, Path(arguments.file)
    today = local_date(context.clock.now(), context.clock.zone())
    answers: list[Answer] = [] if arguments.empty else told(context)[0]
    checks = chosen(arguments.checks, answers, arguments.empty, today)
    # A document for people, in their language also where the answer about it is for programs.
    words = translator("fyraften_agent", context.language)
    content = sheet_content(checks, answers, today, context.language, words)
    if arguments.figures is not None:
        view = look_at_month(context.paths, context.clock, month(arguments.figures, today, words))
        content["parts"].append(figures_part(view, words, context.policy_words))
    write_whole(path, sheet_pdf(content), may_replace=arguments.replace, own=context.paths.folder)
    names = [check.id for check in checks]
    with_answers = [check.id for check in checks if about(check, answers, today)]
    lines = [
        _("Written: {file}, with: {checks}").format(
            file=path, checks=", ".join(check.title[context.language] for check in checks)
        ),
        _("It holds your answers. Only you decide who gets it.") if with_answers else _("It holds no answers."),
        *([] if arguments.figures is None else [_("It holds figures of {month}.").format(month=arguments.figures)]),
    ]
    document = {
        "file": str(path),
        "checks": names,
        "with_answers": with_answers,
        "figures": arguments.figures,
    }
    context.show(arguments, document, lines)
    return ExitCode.DONE
