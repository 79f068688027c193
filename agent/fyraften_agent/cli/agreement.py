"""``fyraften agreement``: the home-work agreement, shown, taken over from a file, or as an example file.

Every imported version is kept: what was judged under an older one can still be explained.
Not here: reading the file (``agreement/file.py``), writing and printing it (``agreement/sheet.py``).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fyraften_agent.agreement.file import agreement_template, read_agreement_file
from fyraften_agent.agreement.words import rows, with_own
from fyraften_agent.cli import agreement_sheet
from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change, require_recording_consent
from fyraften_agent.cli.show import columns
from fyraften_agent.errors import InputError
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.wording import date_and_time
from fyraften_policy.languages import Translate, mark
from fyraften_policy.sentences import reason_of

_LARGEST_FILE_BYTES = 1 << 20


def add(commands: Any, _: Translate) -> None:
    """Register ``agreement`` and what can be done with it."""
    agreement = commands.add_parser(
        "agreement",
        help=_("the home-work agreement: hours, home days, exceptions"),
        epilog=_(
            "Example:\n  fyraften agreement template > agreement.toml\n  fyraften agreement import agreement.toml"
        ),
    )
    agreement.set_defaults(run="agreement:show")
    actions = agreement.add_subparsers(title=_("Commands"), metavar=_("command"))
    shown = actions.add_parser(
        "show", help=_("show the agreement in force"), epilog=_("Example: fyraften agreement show")
    )
    shown.set_defaults(run="agreement:show")
    taken = actions.add_parser(
        "import",
        help=_("take the agreement over from a TOML file"),
        epilog=_("Example: fyraften agreement import agreement.toml"),
    )
    taken.add_argument("file", metavar=_("FILE"), help=_("the file, or - for standard input"))
    taken.add_argument(
        "--keep-own",
        action="store_true",
        help=_("keep your absences, used exceptions and dates of checks where the file has none"),
    )
    taken.set_defaults(run="agreement:take_over")
    agreement_sheet.add(actions, _)
    template = actions.add_parser(
        "template",
        help=_("print an example file with comments"),
        epilog=_("Example: fyraften agreement template > agreement.toml"),
    )
    template.set_defaults(run="agreement:template")


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show the latest agreement."""
    with records(context.paths) as store:
        agreement = None if store is None else store.agreement()
    context.show(arguments, agreement, _described(agreement, context))
    return ExitCode.DONE


def take_over(arguments: argparse.Namespace, context: Context) -> int:
    """Check a file and keep it as the newest version of the agreement."""
    agreement = read_agreement_file(_text_of(arguments.file, context))
    now = context.clock.now()
    with records_to_change(context) as store:
        before = store.agreement()
        if arguments.keep_own and before is not None:
            agreement = with_own(agreement, before)
        store.record_agreement(agreement, now)
        kept = store.agreement()
    line = context._("The agreement is taken over. It holds from the next judgement on; see: fyraften agreement show")
    context.show(arguments, kept, [line])
    return ExitCode.DONE


def template(arguments: argparse.Namespace, context: Context) -> int:
    """Print an example file."""
    text = agreement_template(context._)
    context.show(arguments, {"template": text}, [text.rstrip("\n")])
    return ExitCode.DONE


def _text_of(name: str, context: Context) -> str:
    """Return the content of the named file, or of standard input."""
    require_recording_consent(context)
    try:
        if name == "-":
            return context.keyboard.read(_LARGEST_FILE_BYTES)
        path = Path(name)
        if path.stat().st_size > _LARGEST_FILE_BYTES:
            raise InputError(context._("{file} is larger than 1 MiB, so it is no agreement.").format(file=name))
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError(context._("{file} is no text in UTF-8. Save it as UTF-8.").format(file=name)) from None
    except OSError as problem:
        raise InputError(mark("{file} cannot be read: {reason}."), file=name, reason=reason_of(problem)) from None


def _described(agreement: dict[str, Any] | None, context: Context) -> list[str]:
    _ = context._
    if agreement is None:
        return [
            _("No agreement is recorded, so agreed hours and home days are not judged."),
            _("To record one: fyraften agreement template > agreement.toml, change it, then import it."),
        ]
    recorded = date_and_time(agreement["recorded_at"], context.clock.zone())
    lines = [_("Agreement, recorded {time}").format(time=recorded)]
    return lines + columns(list(rows(agreement, context.language, _)))
