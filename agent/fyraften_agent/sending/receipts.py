"""Receipts: what the service signed, checked against what was sent, now or years later, without a network.

Pure. A receipt counts only if the service's key, pinned when the person agreed, signed it, and every word of it fits
what this laptop did. Not here: how it arrives (``sender.py``) and where it is kept (``outbox.py``).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fyraften_agent.errors import ServiceError
from fyraften_policy import wire
from fyraften_policy.journal import is_hash
from fyraften_policy.languages import mark
from fyraften_policy.periods import LocalTimeError, parse_date
from fyraften_policy.sentences import Sentence

SCHEMA = "fyraften.receipt/2"
# Receipts of this form were given before; they name no ledger, and are accepted only where they are kept already.
OLD_SCHEMA = "fyraften.receipt/1"
SMALLEST_GROUP_FLOOR = 5
_MOST_REVISIONS = 1_000_000
_MOST_DAYS = 1_000_000
_SALT_LENGTH = 22  # 16 bytes as base64url
_COMMON = {"schema", "kind", "purpose", "date", "service"}
_SINCE_2 = {"laptop", "ledger", "revision", "replaces"}
_CELL = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


_OTHER = {
    "schema": mark("it is of another form than agreed"),
    "kind": mark("it is a receipt for something else"),
    "purpose": mark("it is for another purpose"),
    "service": mark("it names another service"),
    "subject": mark("it is for another enrolment"),
    "report": mark("it is for another report"),
    "period": mark("it is for another period"),
    "body_sha256": mark("it is for another content"),
    "replaces": mark("it is for a correction of another report"),
}


class ReceiptError(ServiceError):
    """An answer is no valid receipt for what was sent; ``problem`` says what does not fit."""

    def __init__(self, problem: str) -> None:
        super().__init__(mark("The service's receipt was not accepted: {problem}."), problem=Sentence(problem))
        self.problem = problem


@dataclass(frozen=True)
class Receipt:
    """A receipt whose signature and words were checked."""

    kind: str
    purpose: str
    date: date
    words: Mapping[str, Any]


def fingerprint(public_key: bytes) -> str:
    """Return the first 32 hexadecimal digits of the key's SHA-256 in groups of four, to compare by eye."""
    digits = hashlib.sha256(public_key).hexdigest()[:32]
    return "-".join(digits[start : start + 4] for start in range(0, 32, 4))


def encode(value: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def decode(text: object) -> bytes:
    """Return the bytes of base64url without padding; raises ``ValueError`` for any other spelling."""
    if not isinstance(text, str) or not text.isascii():
        raise ValueError("not base64url")
    value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if encode(value) != text:
        raise ValueError("not base64url without padding")
    return value


def check_enrolment(
    answer: bytes, service_key: bytes, purpose: str, subject: str, smallest_group: int, *, is_kept: bool = False
) -> Receipt:
    """Return the receipt of an enrolment; ``words["cell"]`` is the group's code for ``group``, else ``None``.

    Args:
        smallest_group: what the person was shown; a receipt that speaks of smaller groups is not accepted.
        is_kept: it was accepted before, and may be of the first form.

    Raises:
        ReceiptError: it does not fit.
    """
    receipt = _open(answer, service_key, "enrolment", purpose, {"subject", "cell", "smallest_group"}, is_kept)
    _same(receipt, "subject", subject)
    group = receipt.words["smallest_group"]
    if type(group) is not int or group < max(smallest_group, SMALLEST_GROUP_FLOOR):
        raise ReceiptError(mark("it speaks of smaller groups than you were shown"))
    cell = receipt.words["cell"]
    if wire.report_for(purpose).has_cell and not (isinstance(cell, str) and _CELL.fullmatch(cell)):
        raise ReceiptError(mark("it names no group"))
    if not wire.report_for(purpose).has_cell and cell is not None:
        raise ReceiptError(mark("it names a group, which this purpose has none of"))
    return receipt


def check_report(
    answer: bytes,
    service_key: bytes,
    purpose: str,
    report: str,
    period: str,
    sha256: str,
    replaces: str | None = None,
    *,
    is_kept: bool = False,
) -> Receipt:
    """Return the receipt of a report; raises :class:`ReceiptError` if it is not for exactly these bytes.

    Args:
        replaces: SHA-256 of the body that it corrects; ``None`` where it is the first of its period.
        is_kept: it was accepted before, and may be of the first form.
    """
    fields = {"report", "period", "body_sha256", "erase_by", "revision", "replaces"}
    receipt = _open(answer, service_key, "report", purpose, fields, is_kept)
    revision = receipt.words.get("revision", 1)
    if receipt.words.get("replaces") != replaces:
        raise ReceiptError(_OTHER["replaces"])
    if type(revision) is not int or (revision != 1 if replaces is None else not 2 <= revision <= _MOST_REVISIONS):
        raise ReceiptError(mark("it numbers the correction in a way that cannot be"))
    _same(receipt, "report", report)
    _same(receipt, "period", period)
    _same(receipt, "body_sha256", sha256)
    _date(receipt.words["erase_by"])
    return receipt


def check_erasure(answer: bytes, service_key: bytes, purpose: str, subject: str, *, is_kept: bool = False) -> Receipt:
    """Return the receipt of an erasure; raises :class:`ReceiptError` if it is not for this subject."""
    receipt = _open(answer, service_key, "erasure", purpose, {"subject", "erased", "kept_until"}, is_kept)
    _same(receipt, "subject", subject)
    erased = receipt.words["erased"]
    if not isinstance(erased, list) or not all(isinstance(item, str) for item in erased):
        raise ReceiptError(mark("it does not say what was erased"))
    if receipt.words["kept_until"] is not None:
        _date(receipt.words["kept_until"])
    return receipt


def _open(answer: bytes, service_key: bytes, kind: str, purpose: str, more: set[str], is_kept: bool) -> Receipt:
    words = signed_words(answer, service_key)
    is_old = is_kept and words.get("schema") == OLD_SCHEMA
    if words.keys() != _COMMON | (more - _SINCE_2 if is_old else more | {"laptop", "ledger"}):
        raise ReceiptError(mark("it has other fields than agreed"))
    for name, expected in (
        ("schema", OLD_SCHEMA if is_old else SCHEMA),
        ("kind", kind),
        ("purpose", purpose),
        ("service", fingerprint(service_key)),
    ):
        if words[name] != expected:
            raise ReceiptError(_OTHER[name])
    if not is_old:
        _check_ledger(words["laptop"], words["ledger"])
    return Receipt(kind, purpose, _date(words["date"]), words)


def _check_ledger(laptop: object, ledger: object) -> None:
    """Raise :class:`ReceiptError` unless a receipt names the ledgers of both sides as agreed."""
    if laptop is not None and not is_hash(laptop):
        raise ReceiptError(mark("it does not repeat the state of this computer's ledger"))
    if not isinstance(ledger, dict) or ledger.keys() != {"number", "head", "salt"}:
        raise ReceiptError(mark("it does not name the service's own ledger"))
    number, salt = ledger["number"], ledger["salt"]
    if type(number) is not int or not 0 <= number <= _MOST_DAYS or not is_hash(ledger["head"]):
        raise ReceiptError(mark("it does not name the service's own ledger"))
    if not isinstance(salt, str) or len(salt) != _SALT_LENGTH or not salt.isascii():
        raise ReceiptError(mark("it does not name the service's own ledger"))


def signed_words(answer: bytes, service_key: bytes, name: str = "receipt") -> dict[str, Any]:
    """Return the words under ``name`` in an envelope that the service's key signed; raises :class:`ReceiptError`."""
    from fyraften_agent.consent.keys import (
        signature_fits,  # cryptography: the collector, which prepares reports, needs none
    )

    try:
        envelope = json.loads(answer)
        words, signature = envelope[name], decode(envelope["signature"])
        content = wire.canonical(words)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ReceiptError(mark("it cannot be read")) from None
    if not isinstance(words, dict) or envelope.keys() != {name, "signature"}:
        raise ReceiptError(mark("it cannot be read"))
    if not signature_fits(service_key, signature, content):
        raise ReceiptError(mark("it was not signed with the service's key that you were shown"))
    return words


def _same(receipt: Receipt, name: str, expected: str) -> None:
    if receipt.words[name] != expected:
        raise ReceiptError(_OTHER[name])


def read_date(text: object) -> date:
    """Return the date that a service wrote as ``YYYY-MM-DD``; raises ``ValueError`` for anything else."""
    try:
        if isinstance(text, str):
            return parse_date(text)
    except LocalTimeError as problem:
        raise ValueError(str(problem)) from None
    raise ValueError("not a date")


def _date(text: object) -> date:
    try:
        return read_date(text)
    except ValueError:
        raise ReceiptError(mark("it has no valid date")) from None
