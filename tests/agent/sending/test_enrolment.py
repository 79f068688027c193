"""Enrolments, what a service may say about itself, and leaving in one step."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sending.enrolment import (
    Enrolments,
    Service,
    ServiceDescriptionError,
    agreed_service,
    enrolment_body,
    is_agreed,
    new_subject,
    read_service,
    withdraw,
)
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.receipts import encode, fingerprint
from fyraften_policy import wire

NOW = 1_767_600_000
KEY = SigningKey(bytes(32))
OTHER = SigningKey(bytes([1]) * 32)
SERVER = "https://havn.example"
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY.public, None)
ABOUT = {
    "schema": "fyraften.service/1",
    "organisation": "Havn A/S",
    "contact": "hr@havn.example",
    "purposes": ["group", "duty"],
    "smallest_group": 10,
    "wire_version": 1,
    "public_key": encode(KEY.public),
    "fingerprint": fingerprint(KEY.public),
    "notice_given_on": "2026-09-01",
}
BODY = wire.encode(
    "fyraften.duty.monthly/1",
    {
        "month": "2026-01",
        "screen_rule": "unknown",
        "workplace_check": "unknown",
        "equipment_wanted": [],
        "eye_test_wanted": True,
    },
)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with Ledger(open_ledger(None), KEY) as ledger:
        yield ledger


def test_what_a_service_says_about_itself_is_read() -> None:
    service = read_service(wire.canonical(ABOUT))

    assert service == Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY.public, date(2026, 9, 1))
    assert service.fingerprint == ABOUT["fingerprint"]


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "fyraften.service/2"},
        {"organisation": ""},
        {"organisation": "Havn\nA/S"},
        {"organisation": "x" * 301},
        {"contact": None},
        {"contact": "hr@havn.example\x1b[2J"},
        {"purposes": "group"},
        {"purposes": [1]},
        {"smallest_group": 4},
        {"smallest_group": True},
        {"smallest_group": 10.0},
        {"public_key": encode(b"short")},
        {"public_key": None},
        {"public_key": encode(OTHER.public)},
        {"fingerprint": fingerprint(OTHER.public)},
        {"notice_given_on": "soon"},
        {"notice_given_on": 5},
        {"do": "this"},
    ],
)
def test_a_service_that_describes_itself_otherwise_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ServiceDescriptionError):
        read_service(json.dumps({**ABOUT, **change}).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"[" * 16000])
def test_garbage_describes_no_service(body: bytes) -> None:
    with pytest.raises(ServiceDescriptionError):
        read_service(body)


@given(st.binary(min_size=16, max_size=16))
def test_a_subject_is_26_letters_of_the_agreed_kind(random_bytes: bytes) -> None:
    subject = new_subject(random_bytes)

    assert len(subject) == 26
    assert set(subject) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_subjects_of_all_randomness_differ_in_every_place() -> None:
    subjects = [new_subject(secrets.token_bytes(16)) for _ in range(2000)]

    assert len(set(subjects)) == 2000
    for place in range(25):  # the last of the 26 letters holds three bits only
        assert max(Counter(subject[place] for subject in subjects).values()) < 140


def test_the_request_to_enrol_carries_what_was_agreed(ledger: Ledger) -> None:
    enrolment = Enrolments(ledger.connection).start("group", SERVER, SERVICE, "a" * 26, "CODE", NOW)
    body = wire.canonical(
        {
            "schema": "fyraften.enrolment/1",
            "purpose": "group",
            "code": "CODE",
            "subject": "a" * 26,
            "public_key": encode(OTHER.public),
        }
    )

    assert enrolment_body(enrolment, OTHER.public) == body


def test_a_confirmed_enrolment_forgets_its_code(ledger: Ledger) -> None:
    enrolments = Enrolments(ledger.connection)
    enrolments.start("group", SERVER, SERVICE, "s", "CODE", NOW)
    enrolments.confirm("s", "sales", b"receipt", NOW + 1)
    current = enrolments.current("group")

    assert current is not None
    assert (current.state, current.cell, current.code, current.enrolled_at) == ("enrolled", "sales", None, NOW + 1)


def test_an_enrolment_only_goes_forward(ledger: Ledger) -> None:
    enrolments = Enrolments(ledger.connection)
    enrolments.start("group", SERVER, SERVICE, "s", "CODE", NOW)
    enrolments.leave("s", NOW)
    enrolments.left("s", None)

    for state in ("started", "enrolled", "leaving"):
        with pytest.raises(sqlite3.IntegrityError):
            ledger.connection.execute("UPDATE enrolments SET state = ?", (state,))


def test_subject_and_code_do_not_show_in_a_repr(ledger: Ledger) -> None:
    enrolment = Enrolments(ledger.connection).start("group", SERVER, SERVICE, "subjectname", "SECRETCODE", NOW)

    assert "subjectname" not in repr(enrolment)
    assert "SECRETCODE" not in repr(enrolment)


def test_only_the_service_in_the_signed_consent_is_agreed_to(ledger: Ledger) -> None:
    enrolments = Enrolments(ledger.connection)
    ledger.give("group", NOW, "text", "en", 1, agreed_service(SERVER, KEY.public))
    agreed = enrolments.start("group", SERVER, SERVICE, "one", "CODE", NOW)
    elsewhere = enrolments.start("group", "https://evil.example", SERVICE, "two", "CODE", NOW)
    impostor = Service("Havn A/S", "hr@havn.example", ("group",), 10, OTHER.public, None)
    other_key = enrolments.start("group", SERVER, impostor, "three", "CODE", NOW)
    other_purpose = enrolments.start("duty", SERVER, SERVICE, "four", "CODE", NOW)

    answers = [is_agreed(ledger.events(), one, latest=True) for one in (agreed, elsewhere, other_key, other_purpose)]
    assert answers == [True, False, False, False]


def test_an_erasure_may_go_to_a_service_agreed_to_earlier(ledger: Ledger) -> None:
    ledger.give("group", NOW, "text", "en", 1, agreed_service(SERVER, KEY.public))
    ledger.give("group", NOW + 1, "text", "en", 1, agreed_service("https://new.example", KEY.public))
    old = Enrolments(ledger.connection).start("group", SERVER, SERVICE, "one", "CODE", NOW)

    assert not is_agreed(ledger.events(), old, latest=True)
    assert is_agreed(ledger.events(), old, latest=False)


def prepared(ledger: Ledger) -> Outbox:
    ledger.give("duty", NOW, "text", "en", 1)
    enrolments = Enrolments(ledger.connection)
    enrolments.start("duty", SERVER, SERVICE, "s", "CODE", NOW)
    enrolments.confirm("s", None, b"receipt", NOW)
    outbox = Outbox(ledger.connection)
    outbox.prepare(BODY, "s", NOW)
    return outbox


def test_withdrawing_is_one_step_event_purge_and_request_to_erase(ledger: Ledger) -> None:
    outbox = prepared(ledger)
    done = withdraw(ledger, "duty", NOW + 10)

    assert (done.purged, done.leaving) == (1, 1)
    assert ledger.state("duty", NOW + 11).state == "withdrawn"
    assert [item.state for item in outbox.items()] == ["purged"]
    assert [one.subject for one in Enrolments(ledger.connection).due("leaving", NOW + 10)] == ["s"]
    assert [event.kind for event in ledger.events()][-2:] == ["withdrawn", "erasure_requested"]


def test_a_withdrawal_that_fails_half_way_did_nothing(ledger: Ledger) -> None:
    prepared(ledger)
    ledger.connection.execute(
        "CREATE TRIGGER trouble BEFORE UPDATE ON enrolments BEGIN SELECT RAISE(ABORT, 'trouble'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        withdraw(ledger, "duty", NOW + 10)

    assert ledger.state("duty", NOW + 11).is_given
    assert [item.state for item in Outbox(ledger.connection).items()] == ["held"]


def test_withdrawing_recording_leaves_the_other_purposes_alone(ledger: Ledger) -> None:
    outbox = prepared(ledger)
    ledger.give("recording", NOW, "text", "en", 1)
    done = withdraw(ledger, "recording", NOW + 10)

    assert (done.purged, done.leaving) == (0, 0)
    assert ledger.state("duty", NOW + 11).is_given
    assert [item.state for item in outbox.items()] == ["held"]
