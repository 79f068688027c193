"""Receipts: only the service's own words about exactly what was sent count."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.sending import receipts
from fyraften_agent.sending.receipts import (
    ReceiptError,
    check_enrolment,
    check_erasure,
    check_report,
    decode,
    encode,
    fingerprint,
)
from fyraften_policy import wire

KEY = SigningKey(bytes(32))
OTHER = SigningKey(bytes([1]) * 32)
SUBJECT = "a" * 26
HASH = "ab" * 32


def envelope(words: dict[str, Any], key: SigningKey = KEY) -> bytes:
    return wire.canonical({"receipt": words, "signature": encode(key.sign(wire.canonical(words)))})


def words(kind: str, purpose: str = "group", **more: Any) -> dict[str, Any]:
    common = {"schema": "fyraften.receipt/2", "kind": kind, "purpose": purpose, "date": "2026-11-22"}
    ledgers = {"laptop": "12" * 32, "ledger": {"number": 3, "head": "34" * 32, "salt": "A" * 22}}
    return {**common, "service": fingerprint(KEY.public), **ledgers, **more}


def report(**changes: Any) -> dict[str, Any]:
    about = {"report": "fyraften.group.weekly/1", "period": "2026-W46", "body_sha256": HASH, "erase_by": "2026-12-07"}
    return words("report", **{**about, "revision": 1, "replaces": None, **changes})


def enrolment(**changes: Any) -> dict[str, Any]:
    return words("enrolment", **{"subject": SUBJECT, "cell": "sales", "smallest_group": 10, **changes})


def erasure(**changes: Any) -> dict[str, Any]:
    return words("erasure", **{"subject": SUBJECT, "erased": ["enrolment"], "kept_until": None, **changes})


def check(answer: bytes) -> receipts.Receipt:
    return check_report(answer, KEY.public, "group", "fyraften.group.weekly/1", "2026-W46", HASH)


def test_a_receipt_for_what_was_sent_is_accepted() -> None:
    assert check(envelope(report())).words["erase_by"] == "2026-12-07"


def test_spaces_and_order_of_the_envelope_do_not_matter() -> None:
    spread = json.dumps(json.loads(envelope(report())), indent=4).encode()

    assert check(spread).kind == "report"


def test_a_receipt_signed_by_another_key_is_refused() -> None:
    with pytest.raises(ReceiptError, match="signed"):
        check(envelope(report(), OTHER))


@pytest.mark.parametrize(
    "change",
    [
        {"body_sha256": "cd" * 32},
        {"period": "2026-W47"},
        {"report": "fyraften.duty.monthly/1"},
        {"purpose": "duty"},
        {"kind": "erasure"},
        {"schema": "fyraften.receipt/1"},
        {"schema": "fyraften.receipt/3"},
        {"laptop": "12" * 31},
        {"laptop": 12},
        {"ledger": None},
        {"ledger": {"number": 3, "head": "34" * 32}},
        {"ledger": {"number": -1, "head": "34" * 32, "salt": "A" * 22}},
        {"ledger": {"number": True, "head": "34" * 32, "salt": "A" * 22}},
        {"ledger": {"number": 3, "head": "34" * 31, "salt": "A" * 22}},
        {"ledger": {"number": 3, "head": "34" * 32, "salt": ""}},
        {"ledger": {"number": 3, "head": "34" * 32, "salt": "A" * 22, "more": 1}},
        {"service": fingerprint(OTHER.public)},
        {"date": "22.11.2026"},
        {"date": None},
        {"erase_by": "soon"},
        {"more": "than agreed"},
    ],
)
def test_a_signed_receipt_for_something_else_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ReceiptError):
        check(envelope({**report(), **change}))


@pytest.mark.parametrize("missing", ["date", "service", "body_sha256", "erase_by", "schema", "laptop", "ledger"])
def test_a_receipt_that_leaves_something_out_is_refused(missing: str) -> None:
    with pytest.raises(ReceiptError):
        check(envelope({name: value for name, value in report().items() if name != missing}))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"receipt":1,"signature":"AA"}',
        b'{"receipt":{"a":1e999},"signature":"AA"}',
        b'{"receipt":{"a":"\\ud800"},"signature":"AA"}',
        b"[" * 16000,
        b'{"receipt":' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b',"signature":"AA"}',
        b'{"receipt":{"a":' + b"9" * 9000 + b'},"signature":"AA"}',
    ],
)
def test_garbage_is_no_receipt(answer: bytes) -> None:
    with pytest.raises(ReceiptError):
        check(answer)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_quietly(answer: bytes) -> None:
    with pytest.raises(ReceiptError):
        check(answer)


@given(st.data())
def test_a_receipt_with_any_byte_changed_is_refused(draw: st.DataObject) -> None:
    answer = bytearray(envelope(report()))
    place = draw.draw(st.integers(0, len(answer) - 1))
    answer[place] ^= draw.draw(st.integers(1, 255))

    with pytest.raises(ReceiptError):
        check(bytes(answer))


def test_an_enrolment_receipt_names_the_group() -> None:
    receipt = check_enrolment(envelope(enrolment()), KEY.public, "group", SUBJECT, 10)

    assert receipt.words["cell"] == "sales"


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "b" * 26},
        {"cell": None},
        {"cell": "Sales\n"},
        {"smallest_group": 9},
        {"smallest_group": True},
        {"smallest_group": "10"},
    ],
)
def test_an_enrolment_other_than_what_was_shown_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ReceiptError):
        check_enrolment(envelope(enrolment(**change)), KEY.public, "group", SUBJECT, 10)


def test_no_service_can_go_below_the_floor() -> None:
    with pytest.raises(ReceiptError, match="smaller"):
        check_enrolment(envelope(enrolment(smallest_group=4)), KEY.public, "group", SUBJECT, 4)


def test_an_enrolment_for_duty_has_no_group() -> None:
    answer = words("enrolment", "duty", subject=SUBJECT, cell=None, smallest_group=10)

    assert check_enrolment(envelope(answer), KEY.public, "duty", SUBJECT, 10).purpose == "duty"
    with pytest.raises(ReceiptError):
        check_enrolment(envelope({**answer, "cell": "sales"}), KEY.public, "duty", SUBJECT, 10)


def test_an_erasure_receipt_is_for_this_subject() -> None:
    assert check_erasure(envelope(erasure()), KEY.public, "group", SUBJECT).kind == "erasure"
    for change in ({"subject": "b" * 26}, {"erased": "all"}, {"erased": [1]}, {"kept_until": "later"}):
        with pytest.raises(ReceiptError):
            check_erasure(envelope(erasure(**change)), KEY.public, "group", SUBJECT)


def test_a_fingerprint_is_eight_groups_of_four() -> None:
    assert fingerprint(KEY.public) == "139e-3940-e64b-5491-7220-88d9-a0d7-4162"


@given(st.binary(max_size=100))
def test_base64url_comes_back(value: bytes) -> None:
    assert decode(encode(value)) == value


@pytest.mark.parametrize("text", ["AA==", "A", "AB", "A A", "AA\n", "AÅ", None, 5, "+/8"])
def test_other_spellings_of_base64_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"base64|Invalid|padding|data"):
        decode(text)


def first_form(**changes: Any) -> dict[str, Any]:
    """A receipt as they were given before services kept a ledger."""
    new = report(schema="fyraften.receipt/1", **changes)
    return {name: value for name, value in new.items() if name not in ("laptop", "ledger", "revision", "replaces")}


def test_a_receipt_of_the_first_form_is_worth_what_it_was_where_it_is_kept() -> None:
    about = (KEY.public, "group", "fyraften.group.weekly/1", "2026-W46", HASH)

    assert check_report(envelope(first_form()), *about, is_kept=True).date.isoformat() == "2026-11-22"
    for changed in (first_form(body_sha256="cd" * 32), {**first_form(), "laptop": None}, report(schema="x")):
        with pytest.raises(ReceiptError):
            check_report(envelope(changed), *about, is_kept=True)


def test_a_service_cannot_go_back_to_the_first_form() -> None:
    with pytest.raises(ReceiptError, match="other fields"):
        check(envelope(first_form()))


def test_a_request_without_a_mark_is_receipted_without_one() -> None:
    assert check(envelope(report(laptop=None))).words["laptop"] is None


@pytest.mark.parametrize(
    "written", ["2026-W47-7", "20261122  ", "2026-11-31", "2026-1-022", "٢٠٢٦-١١-٢٢", 20261122, None]
)
def test_a_date_is_written_in_one_way_only(written: object) -> None:
    with pytest.raises(ValueError, match=r"date|calendar"):
        receipts.read_date(written)

    assert receipts.read_date("2026-11-22").isoformat() == "2026-11-22"
