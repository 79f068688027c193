"""Marks: a receipt that names an event which is no longer in the ledger shows that the ledger's end was cut off."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger import LedgerError
from fyraften_agent.consent.ledger_head import HEAD
from fyraften_agent.consent.ledger_marks import check_mark, header, knows, mark_of
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.receipts import Receipt, ReceiptError, encode, fingerprint
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire

NOW = 1_780_000_000
KEY = SigningKey(bytes([7]) * 32)
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY.public, None)
SUBJECT = "s" * 26


def envelope(key: SigningKey = KEY, **words: Any) -> bytes:
    told = {"kind": "enrolment", "date": "2026-11-22", "service": fingerprint(KEY.public), **words}
    return wire.canonical({"receipt": told, "signature": encode(key.sign(wire.canonical(told)))})


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A ledger of three events, and an enrolment whose receipt names the third."""
    paths = Paths(tmp_path / "fyraften")
    with Ledger.open(paths) as ledger:
        ledger.give("duty", NOW, "The text.", "en", 1, agreed_service("https://havn.example", KEY.public))
        third = ledger.append("report_sent", "duty", NOW + 5, {"sha256": "ab" * 32})
        enrolments = Enrolments(ledger.connection)
        enrolments.start("duty", "https://havn.example", SERVICE, SUBJECT, "CODE", NOW)
        enrolments.confirm(SUBJECT, None, envelope(laptop=mark_of(SUBJECT, third)), NOW + 6)
    return paths


def cut_off(paths: Paths, *, and_head: bool = True) -> None:
    """Take the last event away as somebody with the file can, and put the kept head back as well."""
    with closing(sqlite3.connect(paths.ledger)) as connection, connection:
        connection.execute("DROP TRIGGER events_remain")
        connection.execute("DELETE FROM events WHERE number = 3")
        number, digest = connection.execute("SELECT number, hash FROM events ORDER BY number DESC LIMIT 1").fetchone()
    if and_head:
        (paths.keys / HEAD).write_text(f"{number} {digest}\n", encoding="ascii")


def change_receipt(paths: Paths, receipt: bytes) -> None:
    with closing(sqlite3.connect(paths.ledger)) as connection, connection:
        connection.execute("UPDATE enrolments SET receipt = ?", (receipt,))


def test_a_whole_ledger_has_the_event_that_its_receipt_names(paths: Paths) -> None:
    assert len(verify(paths)) == 3


def test_a_cut_tail_is_seen_by_the_receipt_alone(paths: Paths) -> None:
    cut_off(paths)

    with pytest.raises(LedgerError, match=r"Havn A/S's receipt of 2026-11-22 names an event .* its end was cut off"):
        verify(paths)


def test_a_cut_tail_is_seen_although_other_events_were_written_since(paths: Paths) -> None:
    cut_off(paths)
    with Ledger.open(paths) as ledger:
        ledger.append("withdrawn", "duty", NOW + 10)

    with pytest.raises(LedgerError, match="its end was cut off"):
        verify(paths)


def test_a_receipt_that_the_service_did_not_sign_proves_nothing(paths: Paths) -> None:
    change_receipt(paths, envelope(SigningKey(bytes(32)), laptop="ab" * 32))

    assert len(verify(paths)) == 3


@pytest.mark.parametrize("words", [{}, {"laptop": None}])
def test_a_receipt_without_a_mark_proves_nothing(paths: Paths, words: dict[str, None]) -> None:
    change_receipt(paths, envelope(**words))

    assert len(verify(paths)) == 3


@pytest.mark.parametrize("receipt", [b"", b"garbage", b"[]", b'{"receipt":5}', b"\xff"])
def test_a_receipt_that_cannot_be_read_proves_nothing(paths: Paths, receipt: bytes) -> None:
    change_receipt(paths, receipt)

    assert len(verify(paths)) == 3


def test_two_subjects_of_one_laptop_cannot_be_joined_by_their_marks(paths: Paths) -> None:
    events = verify(paths)

    assert header(SUBJECT, events) != header("t" * 26, events)
    assert events[-1].hash not in json.dumps(header(SUBJECT, events))


def test_a_mark_changes_with_every_event_and_is_known_by_all_of_them(paths: Paths) -> None:
    events = verify(paths)

    marks = [mark_of(SUBJECT, event) for event in events]

    assert len(set(marks)) == 3
    assert all(knows(mark, SUBJECT, events) for mark in marks)
    assert not knows(marks[2], SUBJECT, events[:2])
    assert not knows(None, SUBJECT, events)


def test_before_the_first_event_there_is_no_mark() -> None:
    assert header(SUBJECT, []) == {}


@pytest.mark.parametrize("laptop", [None, "ab" * 32])
def test_a_new_receipt_has_to_repeat_the_mark(paths: Paths, laptop: str | None) -> None:
    receipt = Receipt("report", "duty", date(2026, 11, 22), {"laptop": laptop})

    with pytest.raises(ReceiptError, match="does not repeat the state of this computer's ledger"):
        check_mark(receipt, SUBJECT, verify(paths))
