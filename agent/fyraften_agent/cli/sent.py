"""``fyraften sent``: everything that was sent, to whom, when, and the service's signed receipts, verified here and now.

Works without a network, also years later: the service's key was kept when you agreed. ``--who-looked`` and ``--mirror``
alone ask the service something. Not here: what still waits (``outbox.py``), every single receipt (``verify.py``).
"""

from __future__ import annotations

import argparse
import json
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.outbox import report_json, report_lines
from fyraften_agent.consent.ledger_file import open_to_read
from fyraften_agent.errors import ServiceError
from fyraften_agent.sending.enrolment import Enrolment, Enrolments
from fyraften_agent.sending.kept_receipts import all_contradictions, kept_receipts
from fyraften_agent.sending.outbox import PURGED, Item, Outbox
from fyraften_agent.sending.receipts import ReceiptError, check_erasure, check_report, encode, fingerprint
from fyraften_agent.shown.wording import PURPOSES, date_and_time, word
from fyraften_policy.languages import Translate, mark

CONTRADICTS = mark(
    "Receipts contradict each other about the service's own ledger. Keep them: both are signed by the service. Show "
    "them to the employee representative."
)


@dataclass(frozen=True)
class Checked:
    """A report that left, and what its receipt is worth. ``problem`` is why it is worth nothing."""

    item: Item
    enrolment: Enrolment
    receipt: dict[str, Any] | None
    problem: str | None


def add(commands: Any, _: Translate) -> None:
    """Register ``sent``."""
    sent = commands.add_parser(
        "sent",
        help=_("everything that was sent, with its receipts"),
        epilog=_("Examples:\n  fyraften sent\n  fyraften sent --verify\n  fyraften sent --mirror"),
    )
    which = sent.add_mutually_exclusive_group()
    which.add_argument(
        "--verify",
        action="store_true",
        help=_("check every receipt that is kept here, one line each; needs no network"),
    )
    which.add_argument(
        "--mirror",
        action="store_true",
        help=_(
            "ask the service what it holds about you and who looked, and compare it with what left here; asks now, "
            "over the network"
        ),
    )
    which.add_argument(
        "--who-looked",
        action="store_true",
        help=_("ask the service who opened the list on which you stand by your own report; asks now, over the network"),
    )
    sent.set_defaults(run="sent:sent")


def sent(arguments: argparse.Namespace, context: Context) -> int:
    """List what left this computer, or may have, and check every receipt again."""
    if arguments.who_looked:
        # Only here: what ``sent`` shows otherwise needs no network.
        from fyraften_agent.cli.who_looked import who_looked

        return who_looked(arguments, context)
    if arguments.mirror:
        from fyraften_agent.cli.mirror import mirror

        return mirror(arguments, context)
    if arguments.verify:
        from fyraften_agent.cli.verify import verify_receipts

        return verify_receipts(arguments, context)
    items, enrolments = read_sent(context)
    checked = [_check(item, enrolments[item.subject]) for item in items if item.has_left]
    erasures = [one for one in enrolments.values() if one.state == "left"]
    broken = all_contradictions(kept_receipts(enrolments.values(), items))
    context.show(
        arguments,
        {
            "sent": [_sent_json(one, context) for one in checked],
            "erased": [_erasure_json(one) for one in erasures],
            "contradictions": [line.as_json() for line in broken],
        },
        [*_lines(checked, erasures, context), *(line.text(context._) for line in broken)],
    )
    invalid = [one for one in checked if one.item.receipt is not None and one.problem is not None]
    if invalid:
        numbers = ", ".join(str(one.item.id) for one in invalid)
        raise ServiceError(context._("The stored receipt of report {numbers} is not valid.").format(numbers=numbers))
    if broken:
        raise ServiceError(CONTRADICTS)
    return ExitCode.DONE


def _check(item: Item, enrolment: Enrolment) -> Checked:
    if item.receipt is None:
        return Checked(item, enrolment, None, None)
    try:
        receipt = check_report(
            item.receipt,
            enrolment.service_key,
            item.purpose,
            item.report,
            item.period,
            item.sha256,
            item.replaces,
            is_kept=True,
        )
    except ReceiptError as failure:
        return Checked(item, enrolment, None, failure.problem)
    return Checked(item, enrolment, dict(receipt.words), None)


def _lines(checked: list[Checked], erasures: list[Enrolment], context: Context) -> list[str]:
    _ = context._
    lines: list[str] = []
    for one in checked:
        lines += [*report_lines(one.item, one.enrolment, context), *_receipt_lines(one, context), ""]
    if not lines:
        lines = [_("Nothing was ever sent from this computer.")]
    for enrolment in erasures:
        lines.append(_erasure_line(enrolment, _))
    return lines


def _receipt_lines(one: Checked, context: Context) -> list[str]:
    _ = context._
    if one.receipt is None:
        if one.problem is not None:
            return ["  " + _("The stored receipt is not valid: {problem}.").format(problem=_(one.problem))]
        if one.item.state == PURGED:
            return [
                "  " + _("It was tried before it was taken back, so it may have arrived; it was then to be erased.")
            ]
        return ["  " + _("There is no valid receipt.")]
    sent_at = date_and_time(one.item.sent_at or one.item.prepared_at, context.clock.zone())
    line = _(
        "Sent at {time}. Receipt of {date}, checked now with the key {fingerprint}: these bytes were received; the "
        "single report is erased on {erase_by} at the latest."
    ).format(
        time=sent_at,
        date=one.receipt["date"],
        fingerprint=fingerprint(one.enrolment.service_key),
        erase_by=one.receipt["erase_by"],
    )
    return ["  " + line]


def _erasure_line(enrolment: Enrolment, _: Translate) -> str:
    purpose = word(PURPOSES, enrolment.purpose, _)
    if enrolment.erasure_receipt is None:
        line = _("{organisation} ({purpose}): never took part, so there was nothing to erase.")
        return line.format(organisation=enrolment.organisation, purpose=purpose)
    try:
        receipt = check_erasure(
            enrolment.erasure_receipt, enrolment.service_key, enrolment.purpose, enrolment.subject, is_kept=True
        )
    except ReceiptError as failure:
        line = _("{organisation} ({purpose}): the stored receipt of the erasure is not valid: {problem}.")
        return line.format(organisation=enrolment.organisation, purpose=purpose, problem=_(failure.problem))
    values = {"organisation": enrolment.organisation, "purpose": purpose, "date": receipt.date.isoformat()}
    kept_until = receipt.words["kept_until"]
    if kept_until is not None:
        line = _(
            "{organisation} ({purpose}): left on {date}, with a signed receipt, checked now. What the law makes the "
            "employer keep is erased there after {kept_until}."
        )
        return line.format(**values, kept_until=kept_until)
    return _("{organisation} ({purpose}): erased on {date}, with a signed receipt, checked now.").format(**values)


def _sent_json(one: Checked, context: Context) -> dict[str, Any]:
    envelope = None if one.item.receipt is None else json.loads(one.item.receipt)
    return {
        **report_json(one.item, one.enrolment, context),
        "fingerprint": fingerprint(one.enrolment.service_key),
        "service_key": encode(one.enrolment.service_key),
        "receipt": envelope,
        "receipt_valid": one.receipt is not None,
        "receipt_problem": one.problem,
    }


def _erasure_json(enrolment: Enrolment) -> dict[str, Any]:
    receipt = None if enrolment.erasure_receipt is None else json.loads(enrolment.erasure_receipt)
    return {
        "purpose": enrolment.purpose,
        "organisation": enrolment.organisation,
        "service_key": encode(enrolment.service_key),
        "receipt": receipt,
    }


def read_sent(context: Context) -> tuple[list[Item], dict[str, Enrolment]]:
    """Return the outbox, and the enrolments by subject; creates nothing."""
    connection = open_to_read(context.paths.ledger)
    if connection is None:
        return [], {}
    with closing(connection):
        return Outbox(connection).items(), {one.subject: one for one in Enrolments(connection).all()}
