"""``fyraften erase``: erases records beyond recovery, after asking at the keyboard, and tells what else holds data.

Needs no consent: also somebody who took everything back can erase. What was sent is not in reach of this command, and
says so; so do the consent ledger, which proves what was agreed to, and copies that were made.
Not here: the erasing and the search for traces (``erasing``).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import bullets, columns, section
from fyraften_agent.cli.typed_word import types_the_word
from fyraften_agent.errors import AgentError, AlreadyRunningError, InputError
from fyraften_agent.files.set_aside import remove_set_aside, set_aside
from fyraften_agent.processes import control
from fyraften_agent.recording.state import RECORDING, STARTING, look_at_recording
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.spoken_times import day
from fyraften_agent.shown.wording import PURPOSES, times_of, word
from fyraften_agent.store.erasing import Erased, Found, Scope, erase, look
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import Translate
from fyraften_policy.periods import day_interval, local_date

_LISTED = 20


def add(commands: Any, _: Translate) -> None:
    """Register ``erase``."""
    erased = commands.add_parser(
        "erase",
        help=_("erase records beyond recovery: some days, some sessions, or everything"),
        epilog=_(
            "Examples:\n"
            "  fyraften erase --from 2026-11-20 --to 2026-11-20 --dry-run\n"
            "  fyraften erase --session 12 13\n"
            "  fyraften erase --all"
        ),
    )
    erased.add_argument(
        "--from", dest="first", metavar=_("DATE"), help=_("the first day (otherwise the first there is)")
    )
    erased.add_argument("--to", dest="last", metavar=_("DATE"), help=_("the last day (otherwise today)"))
    erased.add_argument(
        "--session", type=int, nargs="+", metavar=_("NUMBER"), help=_("sessions by their number in: fyraften log")
    )
    erased.add_argument(
        "--all", action="store_true", help=_("all records, with places, agreement and notices; the consents stay")
    )
    erased.add_argument("--dry-run", action="store_true", help=_("only tell what would be erased, and what would not"))
    erased.set_defaults(run="erase:erase_records")


def erase_records(arguments: argparse.Namespace, context: Context) -> int:
    """Show what lies in the scope, ask, erase, and say whether any trace was found."""
    done = erase_scope(_scope(arguments, context), context, dry_run=arguments.dry_run, to_errors=arguments.json)
    if done is None:
        context.complain(context._("Nothing was erased."))
        return ExitCode.BAD_INPUT
    context.show(arguments, done.document, done.lines)
    return done.code


@dataclass(frozen=True)
class Done:
    """What came of it: for JSON, for people, and the exit code."""

    document: dict[str, Any]
    lines: list[str]
    code: ExitCode


def erase_scope(scope: Scope, context: Context, *, dry_run: bool, to_errors: bool) -> Done | None:
    """Ask at the keyboard, erase what lies in the scope, and search for traces; ``None`` where the word was not typed.

    Args:
        to_errors: ask on the stream of complaints, since JSON is to be the only answer.
    """
    _ = context._
    elsewhere = elsewhere_lines(context)
    kept = set_aside(context.paths.work)
    with records(context.paths) as store:
        found = Found((), {}) if store is None else look(store, scope)
        document = {
            **_found_json(found),
            "elsewhere": elsewhere,
            "dry_run": dry_run,
            "set_aside": [file.name for file in kept],
        }
        if store is None or (found.is_nothing and not kept):
            if store is not None and not dry_run:
                store.file.empty_log()  # what an erasure before could not, because somebody was reading
            lines = [_("There is nothing to erase."), *_elsewhere(elsewhere, _)]
            return Done({**document, "erased": False}, lines, ExitCode.DONE)
        told = [*_found_lines(found, kept, _), *_elsewhere(elsewhere, _)]
        if dry_run:
            return Done({**document, "erased": False}, told, ExitCode.DONE)
        _refuse_while_recording(scope, found, context)
        if not _asked(told, to_errors, context):
            return None
        erased = erase(store, scope)
        remove_set_aside(context.paths.work)
    with suppress(AgentError):
        control.ask(context.paths, "changed")
    document |= {
        "erased": True,
        "log_is_empty": erased.log_is_empty,
        "searched": erased.searched,
        "traces": erased.traces,
    }
    is_gone = erased.log_is_empty and not erased.traces
    return Done(document, [_result(erased, _)], ExitCode.DONE if is_gone else ExitCode.STORAGE_FAILED)


def elsewhere_lines(context: Context) -> list[str]:
    """Return what else holds something that came of the records, and how to have it erased."""
    _ = context._
    lines = _employer_lines(context)
    if context.paths.ledger.exists():
        lines.append(
            _(
                "What you agreed to and took back stays in {file}, with the reports that were sent and their receipts: "
                "it proves what you were told, and holds no times of work. When you no longer need it, delete the "
                "folder {folder}."
            ).format(file=context.paths.ledger, folder=context.paths.folder)
        )
    lines.append(_("Files that you exported, or handed on, are where you put them."))
    lines.append(
        _(
            "Backups and snapshots that this computer makes, and worn parts of its disk, are out of reach. An "
            "encrypted disk helps; fyraften doctor says whether yours is."
        )
    )
    return lines


def _employer_lines(context: Context) -> list[str]:
    """Return what the employer's service holds, and what waits to go there."""
    from fyraften_agent.consent.ledger_file import open_to_read
    from fyraften_agent.sending.enrolment import LEFT, Enrolments
    from fyraften_agent.sending.outbox import APPROVED, HELD, RECEIPTED, SENT, Outbox

    _ = context._
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return []
    with closing(connection):
        enrolments, outbox = Enrolments(connection).all(), Outbox(connection)
        waiting, sent = outbox.items(HELD, APPROVED), outbox.items(SENT, RECEIPTED)
    lines = []
    for one in enrolments:
        periods = sorted({item.period for item in sent if item.subject == one.subject})
        if not periods or one.state == LEFT:
            continue
        lines.append(
            _(
                "{organisation} has reports of you ({purpose}): {periods}. To have them erased there, with a signed "
                "receipt: fyraften consent withdraw {name}"
            ).format(
                organisation=one.organisation,
                purpose=word(PURPOSES, one.purpose, _),
                periods=", ".join(periods),
                name=one.purpose,
            )
        )
    if waiting:
        lines.append(
            _(
                "Reports made of your records that wait to be sent: {count}. To see and hold them: fyraften outbox"
            ).format(count=len(waiting))
        )
    return lines


def _scope(arguments: argparse.Namespace, context: Context) -> Scope:
    _ = context._
    by_day = arguments.first is not None or arguments.last is not None
    if (by_day, arguments.session is not None, arguments.all).count(True) != 1:
        raise InputError(_("What is to be erased? Give one of: --from and --to, --session, or --all."))
    if arguments.all:
        return Scope(context.clock.now(), everything=True)
    if arguments.session is not None:
        return Scope(context.clock.now(), sessions=tuple(dict.fromkeys(arguments.session)))
    zone = context.clock.zone()
    today = local_date(context.clock.now(), zone)
    last = day(arguments.last, today, _) if arguments.last else today
    start = day_interval(day(arguments.first, today, _), zone).start if arguments.first else 0
    if start >= day_interval(last, zone).end:
        raise InputError(
            _("{last} is before {first}. Give the earlier day with --from.").format(last=last, first=arguments.first)
        )
    return Scope(context.clock.now(), time=Interval(start, day_interval(last, zone).end))


def _refuse_while_recording(scope: Scope, found: Found, context: Context) -> None:
    """A collector that runs would write again what it still measures."""
    now = context.clock.now()
    touches_now = scope.everything or found.is_open or (scope.time is not None and scope.time.end > now)
    if touches_now and look_at_recording(context.paths, context.clock).state in (RECORDING, STARTING):
        raise AlreadyRunningError(
            context._(
                "Recording goes on, and would write again what it measures now. Write fyraften pause, erase, and then "
                "fyraften resume. Nothing was erased."
            )
        )


def _asked(lines: list[str], to_errors: bool, context: Context) -> bool:
    if not context.at_a_terminal():
        raise InputError(
            context._(
                "Erasing is asked for at the keyboard: this is no terminal, so nothing was erased. Open a terminal, or "
                "see what would be erased with --dry-run."
            )
        )
    out = context.errors if to_errors else context.out
    show: Callable[[str], None] = (lambda line: print(line, file=out)) if to_errors else context.print
    for line in lines:
        show(line)
    show("")
    sentence = context._("This cannot be undone. To erase, type the word {word} and press Enter. Anything else stops.")
    return types_the_word(sentence, context, out)


def _found_lines(found: Found, kept: list[Path], _: Translate) -> list[str]:
    """Return the sessions within the scope, how much else, and the files that hold it, too."""
    rows = [_session_row(row) for row in found.sessions[:_LISTED]]
    lines = [_("Sessions to be erased: {count}").format(count=len(found.sessions)), *columns(rows)]
    if len(found.sessions) > _LISTED:
        lines.append("  " + _("and {count} more").format(count=len(found.sessions) - _LISTED))
    others = sum(found.rows.values()) - len(found.sessions)
    if others:
        lines.append(
            _("Other rows with them (activity, observed time, corrections, notices …): {count}").format(count=others)
        )
    if kept:
        names = ", ".join(file.name for file in kept)
        lines.append(
            _("Damaged files that were set aside may hold it, too, and are erased whole: {files}").format(files=names)
        )
    return [*lines, _("Of that time nothing will be known: it will count neither as work nor as rest.")]


def _session_row(row: dict[str, Any]) -> list[str]:
    start, end = (row[side] if row[side] is not None else row[f"measured_{side}"] for side in ("start", "end"))
    zone = str(row["zone"])
    return [str(row["id"]), local_date(start, zone).isoformat(), times_of([Interval(start, end)], zone)]


def _found_json(found: Found) -> dict[str, Any]:
    return {"sessions": [row["id"] for row in found.sessions], "rows": found.rows}


def _elsewhere(lines: list[str], _: Translate) -> list[str]:
    return section(_("What this does not erase"), bullets(lines), "")


def _result(erased: Erased, _: Translate) -> str:
    if not erased.log_is_empty:
        return _(
            "Erased. But another program was reading the records, so traces are left in the log beside the file. Close "
            "Fyraften's page and other programs, and give the same command again: it empties the log."
        )
    if erased.traces:
        return _(
            "Erased. But {traces} of {count} erased values were still found in the file. Please report this."
        ).format(traces=erased.traces, count=erased.searched)
    return _("Erased. The file was searched for {count} erased values: none was found.").format(count=erased.searched)
