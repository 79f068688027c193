"""Compares what the service says it holds with what left here: ledger, outbox, receipts, mirror. Pure.

    ledger ── says that it left, that a receipt came
    outbox ── holds the bytes and the receipt        every pair that does not fit is a line of its own
    mirror ── says what is held there

Not here: the question (``mirror.py``), the service's own ledger (``service_ledger.py``), the sentences
(``mirror_lines.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fyraften_agent.consent.ledger import Event
from fyraften_agent.consent.ledger_marks import knows
from fyraften_agent.sending.enrolment import Enrolment
from fyraften_agent.sending.mirror import Held, Mirror
from fyraften_agent.sending.mirror_lines import Line
from fyraften_agent.sending.outbox import Item
from fyraften_agent.sending.receipts import ReceiptError, signed_words
from fyraften_policy import wire
from fyraften_policy.errors import WireError


def compare(enrolment: Enrolment, items: Sequence[Item], events: Sequence[Event], mirror: Mirror) -> list[Line]:
    """Return what fits and what does not, of one enrolment.

    Args:
        items: the outbox, of every enrolment.
        events: the consent ledger, checked.
    """
    mine = [item for item in items if item.subject == enrolment.subject]
    return [
        *_of_the_enrolment(enrolment, mirror),
        *(line for item in mine if item.has_left for line in _of_an_item(item, mine, mirror)),
        *(line for held in mirror.held for line in _of_a_held(held, enrolment, mine, events, mirror)),
        *_of_the_ledger(enrolment.purpose, items, events),
    ]


def _of_the_enrolment(enrolment: Enrolment, mirror: Mirror) -> Iterator[Line]:
    receipt = _words(enrolment.receipt)
    if receipt and receipt.get("date") != mirror.enrolled_on.isoformat():
        yield Line("other_enrolment_day", {"theirs": mirror.enrolled_on.isoformat(), "ours": str(receipt.get("date"))})
    if enrolment.cell != mirror.cell:
        yield Line("other_cell", {"theirs": mirror.cell or "-", "ours": enrolment.cell or "-"})


def _of_an_item(item: Item, mine: Sequence[Item], mirror: Mirror) -> Iterator[Line]:
    """Yield what is to be said of a report that left, or may have."""
    about = {"period": item.period, "report": item.report}
    there = [held for held in mirror.held if (held.report, held.period) == (item.report, item.period)]
    same = [held for held in there if held.sha256 == item.sha256]
    receipt = _words(item.receipt)
    if not receipt:
        yield Line("no_receipt_here" if same else "not_taken", about)
    elif same:
        yield from _of_a_pair(item, receipt, same[0], about)
    elif any(other.replaces == item.sha256 and other.receipt is not None for other in mine):
        yield Line("superseded", about)
    elif there:
        yield Line("other_content", {**about, "theirs": there[-1].sha256, "ours": item.sha256})
    elif (
        wire.report(item.report).has_cell
        and mirror.published_until is not None
        and item.period <= mirror.published_until
    ):
        yield Line("published", about)
    else:
        erase_by = str(receipt.get("erase_by"))
        gone = "erased_in_time" if erase_by <= mirror.told_on.isoformat() else "missing_there"
        yield Line(gone, {**about, "date": str(receipt.get("date")), "erase_by": erase_by})


def _of_a_pair(item: Item, receipt: Mapping[str, Any], held: Held, about: Mapping[str, Any]) -> Iterator[Line]:
    revision = receipt.get("revision", 1)
    if held.revision != revision:
        yield Line("other_revision", {**about, "theirs": held.revision, "ours": revision})
    if wire.canonical(dict(held.receipt)) != wire.canonical(json.loads(item.receipt or b"{}")):
        yield Line("other_receipt", about)
    elif held.revision == revision:
        dates = {"date": held.received_on.isoformat(), "erase_by": held.erase_by.isoformat()}
        yield Line("same", {**about, **dates})


def _of_a_held(
    held: Held, enrolment: Enrolment, mine: Sequence[Item], events: Sequence[Event], mirror: Mirror
) -> Iterator[Line]:
    """Yield what does not fit about a report that is held there, seen by itself."""
    about = {"period": held.period, "report": held.report}
    here = [item for item in mine if (item.report, item.period, item.sha256) == (held.report, held.period, held.sha256)]
    if not here:
        yield Line("unknown_here", {**about, "sha256": held.sha256})
    elif not any(item.has_left for item in here):
        yield Line("never_sent", about)
    if held.answers is not None and _body_hash(held, mirror) != held.sha256:
        yield Line("other_answers", about)
    if held.erase_by < mirror.told_on:
        yield Line("kept_too_long", {**about, "erase_by": held.erase_by.isoformat()})
    try:
        words = signed_words(wire.canonical(dict(held.receipt)), enrolment.service_key)
    except ReceiptError:
        yield Line("bad_receipt_there", about)
    else:
        if words.get("laptop") is not None and not knows(words["laptop"], enrolment.subject, events):
            yield Line("ledger_too_short", about)


def _of_the_ledger(purpose: str, items: Sequence[Item], events: Iterable[Event]) -> Iterator[Line]:
    """Yield where the consent ledger and the outbox of one purpose do not fit."""
    mine = [event for event in events if event.purpose == purpose]
    sent = {str(event.details.get("sha256")) for event in mine if event.kind == "report_sent"}
    came = {
        str(event.details.get("sha256"))
        for event in mine
        if event.kind == "receipt" and event.details.get("kind") == "report"
    }
    left = [item for item in items if item.purpose == purpose and item.has_left]
    receipted = [item for item in left if item.receipt is not None]
    yield from (Line("sent_without_report", {"ours": each}) for each in sorted(sent - {item.sha256 for item in left}))
    yield from (Line("receipt_lost", {"ours": each}) for each in sorted(came - {item.sha256 for item in receipted}))
    for item in left:
        about = {"period": item.period, "report": item.report}
        if item.sha256 not in sent:
            yield Line("report_without_event", about)
        if item.receipt is not None and item.sha256 not in came:
            yield Line("receipt_without_event", about)


def _words(receipt: bytes | None) -> Mapping[str, Any]:
    """Return the words of a receipt that was checked when it came; none where there is none that can be read."""
    try:
        words = json.loads(receipt or b"")["receipt"]
    except (ValueError, KeyError, TypeError):
        return {}
    return words if isinstance(words, dict) else {}


def _body_hash(held: Held, mirror: Mirror) -> str | None:
    """Return the SHA-256 of the report that the shown answers make, ``None`` if they make none."""
    try:
        kind = wire.report(held.report)
        around = {kind.period: held.period, **({"cell": mirror.cell} if kind.has_cell else {})}
        return hashlib.sha256(wire.encode(held.report, {**around, **(held.answers or {})})).hexdigest()
    except (WireError, KeyError, ValueError, TypeError):
        return None
