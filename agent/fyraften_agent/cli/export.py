"""``fyraften export``: the employee's own data as a file to take away, in a form that other programs read.

Needs no consent and no running agent, and changes nothing: also somebody who took everything back can take a copy.
Not here: the forms themselves (``exporting``, ``calendar_file``, ``archive``).
"""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.errors import InputError
from fyraften_agent.exchange.archive import README, RECORDS, archive_bytes, json_bytes
from fyraften_agent.exchange.exporting import activitywatch_text, csv_text
from fyraften_agent.files.written_file import write_whole
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.spoken_times import day
from fyraften_agent.store.moving import TAKEN_AWAY, all_rows
from fyraften_agent.store.records import Session
from fyraften_agent.store.store import Store
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import Translate
from fyraften_policy.periods import day_interval, local_date

CSV, ACTIVITYWATCH, ICALENDAR, ZIP = FORMATS = ("csv", "activitywatch", "icalendar", "zip")
_BY_ENDING = {".csv": CSV, ".json": ACTIVITYWATCH, ".ics": ICALENDAR, ".zip": ZIP}
_TO_OUTPUT = "-"
_EVER = Interval(0, 2**40)


def add(commands: Any, _: Translate) -> None:
    """Register ``export``."""
    export = commands.add_parser(
        "export",
        help=_("take your data away as a file: table, calendar, ActivityWatch, or a full copy"),
        epilog=_(
            "Examples:\n"
            "  fyraften export everything.zip\n"
            "  fyraften export november.csv --from 2026-11-01 --to 2026-11-30\n"
            "  fyraften export work.ics\n"
            "  fyraften export - --format csv"
        ),
    )
    export.add_argument("file", metavar=_("FILE"), help=_("where to write; - writes to the screen or a pipe"))
    export.add_argument(
        "--format", choices=FORMATS, help=_("the form (otherwise by the ending: .csv, .json, .ics or .zip)")
    )
    export.add_argument(
        "--from", dest="first", metavar=_("DATE"), help=_("the first day (otherwise the first there is)")
    )
    export.add_argument("--to", dest="last", metavar=_("DATE"), help=_("the last day (otherwise today)"))
    export.add_argument("--replace", action="store_true", help=_("write over a file that is there"))
    export.set_defaults(run="export:export")


def export(arguments: argparse.Namespace, context: Context) -> int:
    """Write the file and say what is in it."""
    _ = context._
    form = _form(arguments, _)
    to_output = arguments.file == _TO_OUTPUT
    if to_output and arguments.json:
        raise InputError(_("With --json the answer is about the file: name one instead of -."))
    if to_output and form == ZIP and context.out.isatty():
        raise InputError(_("A full copy is no text for a terminal. Name a file, or hand it to a program by a pipe."))
    first, last = _days(arguments, context)
    if form == ZIP and (first or last):
        raise InputError(_("A full copy holds all days. Leave out --from and --to, or choose another form."))
    window = _window(first, last, context.clock.zone())
    with records(context.paths) as store:
        sessions = [] if store is None else store.sessions(*window)
        content = _content(form, store, sessions, window, context)
    if to_output:
        _write_out(content, context)
        return ExitCode.DONE
    path = Path(arguments.file)
    write_whole(path, content, may_replace=arguments.replace, own=context.paths.folder)
    document = {
        "file": str(path),
        "format": form,
        "from": first.isoformat() if first else None,
        "to": last.isoformat() if last else None,
        "sessions": len(sessions),
        "bytes": len(content),
    }
    context.show(arguments, document, _lines(form, path, sessions, _))
    return ExitCode.DONE


def _form(arguments: argparse.Namespace, _: Translate) -> str:
    form = arguments.format or _BY_ENDING.get(Path(arguments.file).suffix.lower())
    if form is None:
        raise InputError(
            _("Which form? End the file's name in .csv, .json, .ics or .zip, or give --format: {forms}.").format(
                forms=", ".join(FORMATS)
            )
        )
    return str(form)


def _days(arguments: argparse.Namespace, context: Context) -> tuple[date | None, date | None]:
    _, today = context._, local_date(context.clock.now(), context.clock.zone())
    first = day(arguments.first, today, _) if arguments.first else None
    last = day(arguments.last, today, _) if arguments.last else None
    if first and last and last < first:
        raise InputError(
            _("{last} is before {first}. Give the earlier day with --from.").format(last=last, first=first)
        )
    return first, last


def _window(first: date | None, last: date | None, zone: str) -> Interval:
    start = day_interval(first, zone).start if first else _EVER.start
    return Interval(start, day_interval(last, zone).end if last else _EVER.end)


def _content(form: str, store: Store | None, sessions: list[Session], window: Interval, context: Context) -> bytes:
    now = context.clock.now()
    if form == CSV:
        return csv_text(sessions).encode()
    if form == ACTIVITYWATCH:
        # Private time without an end goes on as far as is asked: of what is to come nothing is known.
        observed = [] if store is None else store.observed(window.start, min(window.end, now))
        return activitywatch_text(sessions, observed, now).encode()
    if form == ICALENDAR:
        from fyraften_agent.exchange.calendar_file import calendar_bytes  # its library is large

        return calendar_bytes(sessions, now, context._)
    tables = {table: [] for table in TAKEN_AWAY} if store is None else all_rows(store)
    files = {
        README: _readme(context._).encode(),
        RECORDS: json_bytes(tables),
        "sessions.csv": csv_text(sessions).encode(),
        "sent.json": json_bytes(_sent(context)),
        "consents.json": json_bytes(_consents(context)),
    }
    return archive_bytes(files, now)


def _sent(context: Context) -> list[dict[str, Any]]:
    """Return every report that was ever prepared, byte for byte, with its receipt and the key that checks it."""
    from fyraften_agent.consent.ledger_file import open_to_read
    from fyraften_agent.sending.enrolment import Enrolments
    from fyraften_agent.sending.outbox import Outbox

    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return []
    with closing(connection):
        enrolments = {one.subject: one for one in Enrolments(connection).all()}
        items = Outbox(connection).items()
    return [
        {
            "number": item.id,
            "report": item.report,
            "period": item.period,
            "state": item.state,
            "body": None if item.body is None else item.body.decode(),
            "sha256": item.sha256,
            "sent_at": item.sent_at,
            "server": enrolments[item.subject].server,
            "service_key": enrolments[item.subject].service_key.hex(),
            "receipt": None if item.receipt is None else item.receipt.decode(),
        }
        for item in items
    ]


def _consents(context: Context) -> list[dict[str, Any]]:
    """Return every event of the consent ledger, with the words that were shown."""
    from fyraften_agent.consent.ledger_file import open_to_read
    from fyraften_agent.consent.ledger_store import read_events

    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return []
    with closing(connection):
        texts = dict(connection.execute("SELECT sha256, text FROM texts").fetchall())
        events = read_events(connection)
    return [{**event.as_json(), "text": texts.get(str(event.details.get("text_sha256")))} for event in events]


def _readme(_: Translate) -> str:
    lines = (
        _("A full copy of what Fyraften holds about you. It is not encrypted: whoever has it can read it."),
        _(
            "records.json: everything that is recorded, with your corrections and your answers to self-checks. To "
            "bring it in: fyraften import FILE"
        ),
        _("sessions.csv: your sessions, for a table program. Times are UTC."),
        _("sent.json: every report that was prepared or sent, byte for byte, with the signed receipts."),
        _("consents.json: what you agreed to and took back, with the words you were shown."),
        _("Consents and sent reports are for keeping; bringing the copy in gives no consent and sends nothing."),
        _("Left out: the marks by which this computer knows its networks, and the keys."),
    )
    return "\n".join(lines) + "\n"


def _lines(form: str, path: Path, sessions: list[Session], _: Translate) -> list[str]:
    if sessions:
        said = _("Written: {file}. Sessions in it: {count}.").format(file=path, count=len(sessions))
    else:
        said = _("Written: {file}. No screen work is recorded in that time, so it holds no session.").format(file=path)
    lines = [said, _("It is not encrypted: whoever has the file can read it.")]
    if form == ZIP:
        lines.append(_("To bring it in again: fyraften import {file}").format(file=path))
    return lines


def _write_out(content: bytes, context: Context) -> None:
    binary = getattr(context.out, "buffer", None)
    if binary is None or context.out is not sys.stdout:
        context.out.write(content.decode())
        return
    context.out.flush()
    binary.write(content)
    binary.flush()
