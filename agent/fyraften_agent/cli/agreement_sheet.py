"""``fyraften agreement export`` and ``print``: the agreement as a file for both sides, and on paper.

Both leave out what is the employee's own: absences, exceptions that were used, dates of eye tests and checks.
Not here: what is called how (``agreement.words``), and taking a file over (``agreement``).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fyraften_agent.agreement.sheet import agreement_sheet
from fyraften_agent.agreement.text import agreement_text
from fyraften_agent.agreement.words import shared
from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.errors import InputError
from fyraften_agent.files.written_file import write_whole
from fyraften_agent.shown.looking import records
from fyraften_policy.languages import Translate, mark, translator
from fyraften_policy.periods import local_date


def add(actions: Any, _: Translate) -> None:
    """Register the two below ``agreement``."""
    exported = actions.add_parser(
        "export",
        help=_("write the agreement as a TOML file that the other side can read, change and give back"),
        epilog=_(
            "Examples:\n  fyraften agreement export agreement.toml\n"
            "  fyraften agreement import agreement.toml --keep-own"
        ),
    )
    exported.add_argument("file", metavar=_("FILE"), help=_("where to write; - writes to the screen or a pipe"))
    exported.add_argument(
        "--everything", action="store_true", help=_("with your absences, exceptions and dates of checks; for yourself")
    )
    exported.add_argument("--replace", action="store_true", help=_("write over a file that is there"))
    exported.set_defaults(run="agreement_sheet:export")
    printed = actions.add_parser(
        "print",
        help=_("write the agreement as PDF, with room for both names"),
        epilog=_("Example: fyraften agreement print agreement.pdf"),
    )
    printed.add_argument("file", metavar=_("FILE"), help=_("where to write the PDF"))
    printed.add_argument("--replace", action="store_true", help=_("write over a file that is there"))
    printed.set_defaults(run="agreement_sheet:write_sheet")


def export(arguments: argparse.Namespace, context: Context) -> int:
    """Write the agreement as a file that can be imported again."""
    _, agreement = context._, _in_force(context)
    told = agreement if arguments.everything else shared(agreement)
    text = agreement_text(told, translator("fyraften_agent", context.language))
    if arguments.file == "-":
        context.show(arguments, {"text": text}, text.rstrip("\n").split("\n"))
        return ExitCode.DONE
    write_whole(Path(arguments.file), text.encode(), may_replace=arguments.replace, own=context.paths.folder)
    lines = [_("Written: {file}").format(file=arguments.file)]
    if arguments.everything:
        lines.append(_("It holds absences and dates of checks, which are your own."))
    else:
        lines.append(
            _("Your absences and dates of checks are not in it. When it comes back, keep them with --keep-own.")
        )
    context.show(arguments, {"file": arguments.file, "everything": arguments.everything}, lines)
    return ExitCode.DONE


def write_sheet(arguments: argparse.Namespace, context: Context) -> int:
    """Write the agreement as a PDF."""
    from fyraften_agent.selfchecks.sheet import sheet_pdf

    today = local_date(context.clock.now(), context.clock.zone())
    words = translator("fyraften_agent", context.language)
    content = agreement_sheet(_in_force(context), today, context.language, words)
    write_whole(Path(arguments.file), sheet_pdf(content), may_replace=arguments.replace, own=context.paths.folder)
    context.show(arguments, {"file": arguments.file}, [context._("Written: {file}").format(file=arguments.file)])
    return ExitCode.DONE


def _in_force(context: Context) -> dict[str, Any]:
    with records(context.paths) as store:
        agreement = None if store is None else store.agreement()
    if agreement is None:
        raise InputError(
            mark(
                "No agreement is recorded. To begin one: fyraften agreement template > agreement.toml, then import it."
            )
        )
    return agreement
