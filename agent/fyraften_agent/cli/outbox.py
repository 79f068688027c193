"""``fyraften outbox``: look at every byte before it leaves, let it go, keep it back, make the monthly report.

What is printed after "exactly these bytes" is what is stored, sent, and hashed in the receipt.
Not here: what a report says (``sending/reports.py``), what was sent already (``sent.py``).
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

from fyraften_agent.cli import outbox_by_itself
from fyraften_agent.cli.consent import enrolments_of, tell_agent
from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import consent_to
from fyraften_agent.cli.report_meaning import meaning_lines, overdue_lines
from fyraften_agent.consent.ledger_file import open_ledger, open_to_read
from fyraften_agent.errors import InputError
from fyraften_agent.sending.enrolment import Enrolment, Enrolments, ask_services_again
from fyraften_agent.sending.leaving_times import send_slot, send_time
from fyraften_agent.sending.outbox import APPROVED, HELD, REFUSED, SENT, STATES, Item, NoSuchReportError, Outbox
from fyraften_agent.sending.problem_words import problem_words
from fyraften_agent.sending.reports import Stated, prepare_month, prepare_weeks
from fyraften_agent.shown.wording import date_and_time
from fyraften_policy import wire
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import DAY, format_instant, local_date, month_interval, next_month, parse_date

EQUIPMENT = next(field.values for field in wire.report("fyraften.duty.monthly/1").fields if field.type == "set")
CHECKS = ("done", "help_wanted", "not_done")
_KEPT_BACK = mark("kept back: leaves only when you approve it by its number")
_BY_ITSELF = mark("held: leaves by itself, as you chose, unless you keep it back")


def add(commands: Any, _: Translate) -> None:
    """Register ``outbox``."""
    outbox = commands.add_parser(
        "outbox",
        help=_("what waits to be sent: look, approve, keep back"),
        epilog=_(
            "Examples:\n"
            "  fyraften outbox show\n"
            "  fyraften outbox approve 3\n"
            "  fyraften outbox prepare duty --equipment chair --eye-test yes"
        ),
    )
    outbox.set_defaults(run="outbox:show", number=None)
    steps = outbox.add_subparsers(title=_("Commands"), metavar=_("command"))
    shown = steps.add_parser("show", help=_("every waiting report, byte for byte, and what it means"))
    shown.add_argument("number", nargs="?", type=int, metavar=_("NUMBER"), help=_("only this report"))
    shown.set_defaults(run="outbox:show")
    approved = steps.add_parser("approve", help=_("let a report be sent"))
    approved.add_argument("number", metavar=_("NUMBER|all"), help=_("the report's number, or: all"))
    approved.add_argument(
        "--now", action="store_true", help=_("send it at once, not at this computer's own time of the week")
    )
    approved.set_defaults(run="outbox:approve")
    held = steps.add_parser("hold", help=_("keep a report back until you approve it by its number"))
    held.add_argument("number", type=int, metavar=_("NUMBER"), help=_("the report's number"))
    held.set_defaults(run="outbox:hold")
    sending = steps.add_parser("send", help=_("send now what is approved and due, and ask again for erasures"))
    sending.set_defaults(run="outbox:send")
    outbox_by_itself.add(steps, _)
    _add_prepare(steps, _)


def _add_prepare(steps: Any, _: Translate) -> None:
    prepared = steps.add_parser(
        "prepare",
        help=_("make a report and hold it"),
        description=_("Make a report from what is known, and hold it. What you do not say is sent as “unknown”."),
    )
    kinds = prepared.add_subparsers(title=_("Reports"), metavar=_("report"), required=True)
    duty = kinds.add_parser("duty", help=_("which duties follow for your employer, and what you ask for"))
    duty.add_argument("--month", metavar=_("MONTH"), help=_("such as 2026-11; the present month if left out"))
    duty.add_argument("--workplace-check", choices=CHECKS, help=_("your own check of the home workplace"))
    duty.add_argument(
        "--equipment",
        nargs="+",
        choices=[*EQUIPMENT, "none"],
        metavar=_("ITEM"),
        help=_("what you ask for: {items}, or none").format(items=", ".join(EQUIPMENT)),
    )
    duty.add_argument("--eye-test", choices=("yes", "no"), help=_("whether you ask for an eye test"))
    duty.add_argument(
        "--from-selfcheck",
        action="store_true",
        help=_("say what your self-checks say of these three; what you give beside it counts instead"),
    )
    duty.set_defaults(run="outbox:prepare_duty")
    group = kinds.add_parser("group", help=_("the weeks that are over and not prepared yet"))
    group.set_defaults(run="outbox:prepare_group")
    pulse = kinds.add_parser("pulse", help=_("what you answered about the month that is over"))
    pulse.set_defaults(run="outbox_pulse:prepare_pulse")


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show what waits, or one report."""
    items = _items(arguments.number, context)
    lines: list[str] = []
    for item in items:
        lines += [*report_lines(item, _receiver(item, context), context), ""]
    documents = [report_json(item, _receiver(item, context), context) for item in items]
    lines = [*(lines or [context._("Nothing waits to be sent.")]), *overdue_lines(context)]
    context.show(arguments, {"reports": documents}, lines)
    return ExitCode.DONE


def approve(arguments: argparse.Namespace, context: Context) -> int:
    """Let one report be sent, or all that are held and not kept back."""
    _, now = context._, context.clock.now()
    with ledger_file(context) as file:
        outbox = Outbox(file)
        if arguments.number == "all":
            chosen = [item for item in outbox.items(HELD) if not item.kept_back]
        else:
            chosen = [outbox.item(_number(arguments.number, _))]
        draw = random.SystemRandom().random
        slot = send_slot(file, draw)
        done = [
            outbox.approve(item.id, now, now if arguments.now else send_time(item, slot, now, draw)) for item in chosen
        ]
    tell_agent(context)
    lines = [_approved_line(item, context) for item in done] or [_("No report is held.")]
    document = {"reports": [report_json(item, _receiver(item, context), context) for item in done]}
    if not (arguments.now and done):
        context.show(arguments, document, lines)
        return ExitCode.DONE
    # One under a name takes along none without, whose moment was missed: they could be told to be one person's.
    code = _send(context, by_hand=False)
    after = [item for item in _all(context) if item.id in {one.id for one in done}]
    document = {"reports": [report_json(item, _receiver(item, context), context) for item in after]}
    context.show(arguments, document, [f"{item.id}: {state_words(item, _)}" for item in after])
    return code


def hold(arguments: argparse.Namespace, context: Context) -> int:
    """Keep a report back."""
    with ledger_file(context) as file:
        item = Outbox(file).hold(arguments.number)
    tell_agent(context)
    line = context._("Report {number} is kept back. To let it go: fyraften outbox approve {number}")
    document = {"reports": [report_json(item, _receiver(item, context), context)]}
    context.show(arguments, document, [line.format(number=item.id)])
    return ExitCode.DONE


def send(arguments: argparse.Namespace, context: Context) -> int:
    """Send what is due now, as the running agent does by itself."""
    _ = context._
    ask_services_again(context.paths, context.clock.now())
    code = _send(context, by_hand=True)
    waiting = [item for item in _all(context) if item.state in (APPROVED, SENT) and not item.kept_back]
    leaving = [one for one in enrolments_of(context) if one.state in ("started", "leaving")]
    lines = [f"{item.id}: {state_words(item, _)}" for item in waiting]
    lines += [f"{one.organisation}: {problem_words(one.problem, _)}" for one in leaving]
    document = {
        "waiting": [report_json(item, _receiver(item, context), context) for item in waiting],
        "enrolments": [{"purpose": one.purpose, "state": one.state, "problem": one.problem} for one in leaving],
    }
    context.show(arguments, document, lines or [_("Nothing waits any more.")])
    return code


def prepare_duty(arguments: argparse.Namespace, context: Context) -> int:
    """Make the monthly report from the screen rule and from what the person says now."""
    now, zone = context.clock.now(), context.clock.zone()
    month = _month_meant(arguments.month or f"{local_date(now, zone):%Y-%m}", context)
    equipment = arguments.equipment
    if equipment and "none" in equipment and len(equipment) > 1:
        raise InputError(context._("“none” stands alone: either name equipment, or none."))
    answered = _answered(context, now) if arguments.from_selfcheck else Stated()
    stated = Stated(
        arguments.workplace_check or answered.workplace_check,
        answered.equipment_wanted if equipment is None else tuple(item for item in equipment if item != "none"),
        answered.eye_test_wanted if arguments.eye_test is None else arguments.eye_test == "yes",
    )
    consent = consent_to("duty", context)
    with ledger_file(context) as file:
        item = prepare_month(Outbox(file), Enrolments(file), consent, _month(context, month, now), month, stated, now)
    return show_prepared([item], arguments, context)


def prepare_group(arguments: argparse.Namespace, context: Context) -> int:
    """Make the reports of the weeks that are over, as the running agent does by itself."""
    now, consent = context.clock.now(), consent_to("group", context)
    if not consent.is_given:
        raise InputError(context._("You have not agreed to it: fyraften consent give group --server … --code …"))
    with ledger_file(context) as file:
        documents = partial(_week, context, now)
        items = prepare_weeks(Outbox(file), Enrolments(file), consent, documents, now, context.clock.zone())
    return show_prepared(items, arguments, context)


def report_lines(item: Item, receiver: Enrolment | None, context: Context) -> list[str]:
    """Return a report as text: where it stands, its exact bytes, and what each value means."""
    _ = context._
    organisation = receiver.organisation if receiver is not None else _("unknown")
    heading = _("Report {number}: {report}, {period}, to {organisation}").format(
        number=item.id, report=item.report, period=item.period, organisation=organisation
    )
    lines = [heading, f"  {state_words(item, _)}"]
    if item.next_try_at is not None and not item.kept_back and item.state in (APPROVED, SENT):
        when = date_and_time(item.next_try_at, context.clock.zone())
        lines.append("  " + _("Next try: {time}, when Fyraften runs").format(time=when))
    if item.next_try_at is not None and not item.kept_back and item.state == HELD:
        when = date_and_time(item.next_try_at, context.clock.zone())
        alone = _("It leaves by itself at {time}, unless you keep it back: fyraften outbox hold {number}")
        lines.append("  " + alone.format(time=when, number=item.id))
    if item.replaces is not None:
        corrects = _("It corrects the report with the SHA-256 {digest}.")
        lines.append("  " + corrects.format(digest=item.replaces))
    if item.waits_for is not None:
        waits = _("It waits until there is an answer about report {number}.")
        lines.append("  " + waits.format(number=item.waits_for))
    if item.body is None:
        return [*lines, "  " + _("Its bytes are erased.")]
    lines += ["  " + _("Exactly these {count} bytes:").format(count=len(item.body)), item.body.decode()]
    lines += ["  " + _("SHA-256: {digest}").format(digest=item.sha256), "  " + _("In words:")]
    return lines + meaning_lines(item, item.body, context)


def report_json(item: Item, receiver: Enrolment | None, context: Context) -> dict[str, Any]:
    """Return a report as JSON; ``body`` is the exact text that is sent, as UTF-8."""
    zone = context.clock.zone()

    def moment(instant: int | None) -> str | None:
        return None if instant is None else format_instant(instant, zone)

    return {
        "number": item.id,
        "report": item.report,
        "purpose": item.purpose,
        "period": item.period,
        "organisation": receiver.organisation if receiver is not None else None,
        "server": receiver.server if receiver is not None else None,
        "state": item.state,
        "kept_back": item.kept_back,
        "prepared_at": moment(item.prepared_at),
        "approved_at": moment(item.approved_at),
        "sent_at": moment(item.sent_at),
        "next_try_at": moment(item.next_try_at),
        "replaces": item.replaces,
        "waits_for": item.waits_for,
        "tries": item.attempts,
        "problem": item.problem,
        "sha256": item.sha256,
        "body": None if item.body is None else item.body.decode(),
    }


def state_words(item: Item, _: Translate) -> str:
    """Return where a report stands, with the last problem and a warning after three tries."""
    words = _(STATES[item.state])
    if item.kept_back and item.state in (HELD, APPROVED):
        words = _(_KEPT_BACK)
    elif item.state == HELD and item.next_try_at is not None:
        words = _(_BY_ITSELF)
    if item.problem:
        words = _("{state}; last problem: {problem}").format(state=words, problem=problem_words(item.problem, _))
    if item.state in (APPROVED, SENT) and item.attempts >= 3 and item.has_left:
        warning = _("tried {count} times without a valid receipt, so it may have arrived or not")
        words = f"{words}; {warning.format(count=item.attempts)}"
    return words


def show_prepared(
    items: list[Item], arguments: argparse.Namespace, context: Context, nothing_new: str | None = None
) -> int:
    """Show the reports that were made, or that there is nothing new."""
    lines: list[str] = []
    for item in items:
        lines += [*report_lines(item, _receiver(item, context), context), ""]
    document = {"reports": [report_json(item, _receiver(item, context), context) for item in items]}
    nothing = context._("No week is over that was not prepared yet.")
    context.show(arguments, document, [*(lines or [nothing_new or nothing]), *overdue_lines(context)])
    return ExitCode.DONE


def _approved_line(item: Item, context: Context) -> str:
    when = date_and_time(item.next_try_at or context.clock.now(), context.clock.zone())
    line = context._(
        "Report {number} for {period} is approved. It leaves at {time}, or as soon after as Fyraften runs. "
        "To send it at once: fyraften outbox approve {number} --now"
    )
    return line.format(number=item.id, period=item.period, time=when)


def _answered(context: Context, now: int) -> Stated:
    """Return what the self-checks say of the three fields; of everything else that was answered nothing is read."""
    from fyraften_agent.cli.selfcheck import told
    from fyraften_agent.selfchecks.telling import stated

    answers, own_values = told(context)
    return stated(answers, local_date(now, context.clock.zone()), own_values)


def _send(context: Context, *, by_hand: bool) -> int:
    from fyraften_agent.sender import send_due  # loads the network, needed only here

    outcome = send_due(context.paths, context.clock, random.SystemRandom().random, by_hand=by_hand)
    return ExitCode.SERVICE_FAILED if outcome.not_reached else ExitCode.DONE


def _week(context: Context, now: int, week: str) -> dict[str, Any]:
    """Return the facts of a week as they are known now."""
    from fyraften_agent.sending.preparing import week_document
    from fyraften_agent.shown.looking import records

    zone = context.clock.zone()
    with records(context.paths) as store:
        return _nothing(zone) if store is None else week_document(store, week, now, zone)


def _month_meant(text: str, context: Context) -> str:
    """Return the month a person named; raises :class:`InputError` for what is none, or lies before the records."""
    from fyraften_agent.shown.looking import records

    _, zone, now = context._, context.clock.zone(), context.clock.now()
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text, re.ASCII) is None or text.startswith("0000"):
        raise InputError(_("{text} is no month. Write it such as 2026-11.").format(text=text))
    with records(context.paths) as store:
        sessions = [] if store is None else store.sessions(0, now)
    began = sessions[0].start if sessions else now
    if month_interval(text, zone).end <= began:
        raise InputError(
            _("Nothing is known of {month}: recording began on {date}.").format(
                month=text, date=local_date(began, zone)
            )
            if sessions
            else _("Nothing is known of {month}: nothing was recorded yet.").format(month=text)
        )
    return text


def _month(context: Context, month: str, now: int) -> dict[str, Any]:
    """Return the facts for judging a month, as they are known now."""
    from fyraften_agent.facts import facts_document
    from fyraften_agent.shown.looking import records

    zone, first = context.clock.zone(), parse_date(f"{month}-01")
    with records(context.paths) as store:
        if store is None:
            return _nothing(zone)
        return facts_document(store, at=now, zone=zone, first=first, last=next_month(first) - DAY)


def _nothing(zone: str) -> dict[str, Any]:
    """Return the facts of somebody who recorded nothing."""
    from fyraften_agent.facts import jurisdiction_of

    return {"jurisdiction": jurisdiction_of(zone), "zone": zone, "work": [], "observed": []}


def _number(text: str, _: Translate) -> int:
    if not text.isascii() or not text.isdigit():
        raise InputError(_("Give the number of a report (fyraften outbox show lists them), or: all"))
    return int(text)


@contextmanager
def ledger_file(context: Context) -> Iterator[sqlite3.Connection]:
    """Give the ledger's file for writing; where there is none there is no outbox, and none is made."""
    if not context.paths.ledger.exists():
        raise InputError(context._("The outbox is empty: you have not agreed to send anything."))
    with closing(open_ledger(context.paths.ledger)) as connection:
        yield connection


def _items(number: int | None, context: Context) -> list[Item]:
    items = _all(context)
    if number is None:
        return [item for item in items if item.state in (HELD, APPROVED, SENT, REFUSED)]
    found = [item for item in items if item.id == number]
    if not found:
        raise NoSuchReportError(number)
    return found


def _all(context: Context) -> list[Item]:
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return []
    with closing(connection):
        return Outbox(connection).items()


def _receiver(item: Item, context: Context) -> Enrolment | None:
    return next((one for one in enrolments_of(context) if one.subject == item.subject), None)
