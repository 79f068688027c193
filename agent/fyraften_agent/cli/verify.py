"""``fyraften sent --verify``: every receipt that is kept here, checked one by one without a network.

Not here: what is checked (``fyraften_agent.sending.receipts``), and how somebody else checks one (docs/receipts.md).
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.sent import CONTRADICTS, read_sent
from fyraften_agent.cli.show import columns
from fyraften_agent.errors import ServiceError
from fyraften_agent.sending.kept_receipts import Kept, all_contradictions, kept_receipts
from fyraften_agent.sending.mirror_lines import Line
from fyraften_agent.sending.receipts import encode, fingerprint
from fyraften_agent.verify_ledger import verify
from fyraften_policy.languages import Translate, mark


def verify_receipts(arguments: argparse.Namespace, context: Context) -> int:
    """Check every receipt, and whether they contradict each other or the consent ledger.

    Raises:
        LedgerError: a receipt names an event that the consent ledger no longer has, or the ledger is not sound.
        ServiceError: a receipt is not valid, or two contradict each other.
    """
    items, enrolments = read_sent(context)
    kept = kept_receipts(enrolments.values(), items)
    broken = all_contradictions(kept)
    document = {"receipts": [_document(one) for one in kept], "contradictions": [line.as_json() for line in broken]}
    context.show(arguments, document, _lines(kept, broken, context._))
    verify(context.paths)
    if any(one.receipt is None for one in kept):
        raise ServiceError(mark("A receipt that is kept here is not valid: it was changed after it came."))
    if broken:
        raise ServiceError(CONTRADICTS)
    return ExitCode.DONE


def _lines(kept: list[Kept], broken: list[Line], _: Translate) -> list[str]:
    if not kept:
        return [_("No receipt is kept here.")]
    lines = [_("Receipts that are kept here, checked now without a network: {count}").format(count=len(kept))]
    lines += columns([_row(one, _) for one in kept])
    lines += [line.text(_) for line in broken]
    if not broken:
        lines.append(_("None contradicts another about the service's own ledger."))
    return lines


def _row(one: Kept, _: Translate) -> list[str]:
    if one.receipt is None:
        worth = _("not valid: {problem}").format(problem=_(one.problem) if one.problem else "")
    else:
        worth = _("valid, of {date}").format(date=one.receipt.date.isoformat())
    return [one.name.text(_), worth, one.enrolment.organisation, fingerprint(one.enrolment.service_key)]


def _document(one: Kept) -> dict[str, Any]:
    return {
        "name": str(one.name),
        "purpose": one.enrolment.purpose,
        "organisation": one.enrolment.organisation,
        "service_key": encode(one.enrolment.service_key),
        "receipt": _envelope(one.envelope),
        "valid": one.receipt is not None,
        "problem": one.problem,
    }


def _envelope(envelope: bytes) -> Any:
    try:
        return json.loads(envelope)
    except ValueError:
        return None
