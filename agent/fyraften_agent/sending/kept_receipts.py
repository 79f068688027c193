"""Every receipt that is kept here, checked again with the key of its service that was kept when the person agreed.

Pure, and needs no network: a receipt is worth today what it was worth when it came, or it was changed since.
Not here: where they are kept (``outbox.py``, ``enrolment.py``), what they say of the service's ledger
(``service_ledger.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fyraften_agent.sending.enrolment import Enrolment
from fyraften_agent.sending.mirror_lines import Line
from fyraften_agent.sending.outbox import Item
from fyraften_agent.sending.receipts import Receipt, ReceiptError, check_enrolment, check_erasure, check_report
from fyraften_agent.sending.service_ledger import Named, contradictions, named_by
from fyraften_agent.shown.wording import PURPOSES
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence

_TAKING_PART = mark("Taking part ({purpose})")
_ERASED = mark("Erased ({purpose})")


@dataclass(frozen=True)
class Kept:
    """One receipt that is kept. ``problem`` is why it is worth nothing; then ``receipt`` is ``None``."""

    name: Sentence
    enrolment: Enrolment
    envelope: bytes
    receipt: Receipt | None
    problem: str | None


def kept_receipts(enrolments: Iterable[Enrolment], items: Sequence[Item]) -> list[Kept]:
    """Return every receipt, by enrolment: of taking part, of each report, of the erasure."""
    return [kept for one in enrolments for kept in _of(one, [item for item in items if item.subject == one.subject])]


def named_by_service(kept: Iterable[Kept]) -> dict[bytes, list[Named]]:
    """Return what the valid receipts say of the services' own ledgers, by the service's key."""
    found: dict[bytes, list[Named]] = {}
    for one in kept:
        named = None if one.receipt is None else named_by(one.name, one.receipt)
        if named is not None:
            found.setdefault(one.enrolment.service_key, []).append(named)
    return found


def all_contradictions(kept: Iterable[Kept]) -> list[Line]:
    """Return in what the receipts of each service contradict each other."""
    return [line for key, named in named_by_service(kept).items() for line in contradictions(named, key)]


def _of(one: Enrolment, items: Sequence[Item]) -> list[Kept]:
    key, purpose = one.service_key, one.purpose
    found = []
    if one.receipt is not None:
        found.append(
            _kept(
                Sentence(_TAKING_PART, {"purpose": Sentence(PURPOSES[purpose])}),
                one,
                one.receipt,
                lambda envelope: check_enrolment(envelope, key, purpose, one.subject, one.smallest_group, is_kept=True),
            )
        )
    found += [_of_item(one, item) for item in items if item.receipt is not None]
    if one.erasure_receipt is not None:
        found.append(
            _kept(
                Sentence(_ERASED, {"purpose": Sentence(PURPOSES[purpose])}),
                one,
                one.erasure_receipt,
                lambda envelope: check_erasure(envelope, key, purpose, one.subject, is_kept=True),
            )
        )
    return found


def _of_item(one: Enrolment, item: Item) -> Kept:
    return _kept(
        Sentence("{period}, {report}", {"period": item.period, "report": item.report}),
        one,
        item.receipt or b"",
        lambda envelope: check_report(
            envelope,
            one.service_key,
            item.purpose,
            item.report,
            item.period,
            item.sha256,
            item.replaces,
            is_kept=True,
        ),
    )


def _kept(name: Sentence, one: Enrolment, envelope: bytes, check: Callable[[bytes], Receipt]) -> Kept:
    try:
        return Kept(name, one, envelope, check(envelope), None)
    except ReceiptError as failure:
        return Kept(name, one, envelope, None, failure.problem)
