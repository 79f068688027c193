"""``fyraften log``: the sessions as recorded, and the employee's corrections: add, edit, remove, confirm, undo.

The employee's word always stands against the measurement; what was measured stays beside it, and ``log show`` tells
every version with who and when.
Not here: what may be said of a session (``correcting/``), the rules (``today``, ``why``).
"""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.cli.show import columns
from fyraften_agent.cli.today import session_row
from fyraften_agent.correcting.corrections import Said, add_work, confirm_work, correct_work, leave_out
from fyraften_agent.errors import InputError
from fyraften_agent.recording.places import WORKSTATIONS
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.spoken_times import day
from fyraften_agent.shown.views import interval_as_json, session_as_json
from fyraften_agent.shown.wording import date_and_time, times_of
from fyraften_agent.store.store import Session
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import Translate
from fyraften_policy.periods import day_interval, format_instant, local_date

_DAYS_SHOWN = 7


def add(commands: Any, _: Translate) -> None:
    """Register ``log`` and its actions."""
    log = commands.add_parser(
        "log",
        help=_("show your sessions, and correct them"),
        epilog=_(
            "Examples:\n"
            "  fyraften log --from 2026-11-02 --to 2026-11-08\n"
            "  fyraften log add 2026-11-20T18:00 19:30 --place home\n"
            "  fyraften log edit 12 --end 16:15\n"
            "  fyraften log remove 12\n"
            "  fyraften log show 12\n"
            "  fyraften log undo"
        ),
    )
    log.add_argument("--from", dest="first", metavar=_("DATE"), help=_("the first day (otherwise a week ago)"))
    log.add_argument("--to", dest="last", metavar=_("DATE"), help=_("the last day (otherwise today)"))
    log.set_defaults(run="log:show")
    actions = log.add_subparsers(title=_("Commands"), metavar=_("command"))
    _register_add(actions, _)
    _register_edit(actions, _)
    remove = actions.add_parser(
        "remove", help=_("this was no work: leave a session out"), epilog=_("Example: fyraften log remove 12")
    )
    remove.add_argument("number", type=int, metavar=_("NUMBER"), help=_("the session's number in: fyraften log"))
    remove.set_defaults(run="log:remove")
    confirm = actions.add_parser(
        "confirm", help=_("yes, this was work"), epilog=_("Example: fyraften log confirm 12 13")
    )
    confirm.add_argument(
        "numbers", type=int, nargs="+", metavar=_("NUMBER"), help=_("the session's number in: fyraften log")
    )
    confirm.set_defaults(run="log:confirm")
    versions = actions.add_parser(
        "show",
        help=_("every version of a session: measured and corrected, by whom and when"),
        epilog=_("Example: fyraften log show 12"),
    )
    versions.add_argument("number", type=int, metavar=_("NUMBER"), help=_("the session's number in: fyraften log"))
    versions.set_defaults(run="log_versions:show")
    undo = actions.add_parser(
        "undo",
        help=_("take the last correction back: of one session, or of all"),
        epilog=_("Examples:\n  fyraften log undo\n  fyraften log undo 12"),
    )
    undo.add_argument("number", type=int, nargs="?", metavar=_("NUMBER"), help=_("only of this session"))
    undo.set_defaults(run="log_versions:undo")


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show the sessions of some days."""
    _, zone = context._, context.clock.zone()
    today = local_date(context.clock.now(), zone)
    last = day(arguments.last, today, _) if arguments.last else today
    first = day(arguments.first, today, _) if arguments.first else last - timedelta(days=_DAYS_SHOWN - 1)
    if last < first:
        raise InputError(
            _("{last} is before {first}. Give the earlier day with --from.").format(last=last, first=first)
        )
    with records(context.paths) as store:
        start, end = day_interval(first, zone).start, day_interval(last, zone).end
        sessions = [] if store is None else store.sessions(start, end)
    document = {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "sessions": [
            {"number": session.id, **session_as_json(session), **measured_as_json(session)} for session in sessions
        ],
    }
    empty = _("No screen work is recorded from {first} to {last}.").format(first=first, last=last)
    lines: list[str] = []
    for head, session in zip(columns([_row(each, zone, _) for each in sessions], ""), sessions, strict=True):
        lines += [head, *_measured_line(session, zone, _)]
    context.show(arguments, document, lines or [empty])
    return ExitCode.DONE


def add_session(arguments: argparse.Namespace, context: Context) -> int:
    """Add work that was not measured."""
    zone, now = context.clock.zone(), context.clock.now()
    said = Said(arguments.start, arguments.end, arguments.place, arguments.workstation)
    with records_to_change(context) as store:
        session = add_work(store, said, local_date(now, zone), zone, now, context._)
    return _answer(arguments, context, session, context._("Added:"))


def edit(arguments: argparse.Namespace, context: Context) -> int:
    """Change what is recorded of one session."""
    _ = context._
    said = Said(arguments.start, arguments.end, arguments.place, arguments.workstation, arguments.confirmed)
    if said == Said():
        raise InputError(_("Nothing to change. Give --start, --end, --place, --workstation, --work or --not-sure."))
    with records_to_change(context) as store:
        session = correct_work(store, arguments.number, said, context.clock.now(), _)
    return _answer(arguments, context, session, _("Corrected:"))


def remove(arguments: argparse.Namespace, context: Context) -> int:
    """Leave a session out."""
    _ = context._
    with records_to_change(context) as store:
        session = leave_out(store, arguments.number, context.clock.now())
    line = _("Session {number} is left out from now on.").format(number=session.id)
    undo = _("To take that back: fyraften log undo {number}").format(number=session.id)
    context.show(arguments, {"removed": session.id}, [line, undo])
    return ExitCode.DONE


def confirm(arguments: argparse.Namespace, context: Context) -> int:
    """Note of some sessions that they were work: of all, or of none where one does not exist."""
    with records_to_change(context) as store:
        numbers = [session.id for session in confirm_work(store, arguments.numbers, context.clock.now())]
    line = context._("Confirmed as work: {numbers}.").format(numbers=", ".join(map(str, numbers)))
    context.show(arguments, {"confirmed": numbers}, [line])
    return ExitCode.DONE


def _register_add(actions: Any, _: Translate) -> None:
    added = actions.add_parser(
        "add",
        help=_("add work that was not measured"),
        epilog=_("Example: fyraften log add 2026-11-20T18:00 19:30 --place home"),
    )
    added.add_argument("start", metavar=_("START"), help=_("13:00 (today) or 2026-11-20T13:00"))
    added.add_argument("end", metavar=_("END"), help=_("13:45 (of the same day) or 2026-11-20T13:45"))
    added.add_argument("--place", metavar=_("PLACE"), default="unknown", help=_("number, label, or home, elsewhere …"))
    added.add_argument("--workstation", choices=WORKSTATIONS, help=_("fixed, or mobile such as a laptop on a sofa"))
    added.set_defaults(run="log:add_session")


def _register_edit(actions: Any, _: Translate) -> None:
    edited = actions.add_parser(
        "edit", help=_("correct a session"), epilog=_("Example: fyraften log edit 12 --end 16:15 --place home")
    )
    edited.add_argument("number", type=int, metavar=_("NUMBER"), help=_("the session's number in: fyraften log"))
    edited.add_argument("--start", metavar=_("TIME"), help=_("13:00 (of the session's day) or 2026-11-20T13:00"))
    edited.add_argument("--end", metavar=_("TIME"), help=_("13:00 (of the session's day) or 2026-11-20T13:00"))
    edited.add_argument("--place", metavar=_("PLACE"), help=_("number, label, or home, elsewhere …"))
    edited.add_argument("--workstation", choices=WORKSTATIONS, help=_("fixed, or mobile such as a laptop on a sofa"))
    word = edited.add_mutually_exclusive_group()
    word.add_argument("--work", dest="confirmed", action="store_true", default=None, help=_("yes, this was work"))
    word.add_argument("--not-sure", dest="confirmed", action="store_false", help=_("it may have been no work"))
    edited.set_defaults(run="log:edit")


def _answer(arguments: argparse.Namespace, context: Context, session: Session, heading: str) -> int:
    """Show the session as it is now."""
    lines = [heading, *columns([_row(session, context.clock.zone(), context._)])]
    document = {"number": session.id, **session_as_json(session), **measured_as_json(session)}
    context.show(arguments, document, lines)
    return ExitCode.DONE


def measured_as_json(session: Session) -> dict[str, Any]:
    """Return what was measured, and when the employee changed it: what stands beside a session that counts."""
    measured = None
    if session.measured_start is not None and session.measured_end is not None:
        measured = interval_as_json(Interval(session.measured_start, session.measured_end), session.zone)
    at = session.changed_at
    changed = None if at is None else {"by": "employee", "at": format_instant(at, session.zone)}
    return {"measured": measured, "changed": changed}


def _measured_line(session: Session, zone: str, _: Translate) -> list[str]:
    """Return, below a corrected session, what was measured and when it was corrected."""
    if session.source != "corrected" or session.measured_start is None or session.measured_end is None:
        return []
    times = times_of([Interval(session.measured_start, session.measured_end)], session.zone)
    at = "?" if session.changed_at is None else date_and_time(session.changed_at, zone)
    return ["      " + _("measured: {times}; corrected by you on {at}").format(times=times, at=at)]


def _row(session: Session, zone: str, _: Translate) -> list[str]:
    return [str(session.id), local_date(session.start, session.zone).isoformat(), *session_row(session, zone, _)]
