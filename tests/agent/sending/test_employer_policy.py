"""The employer's policy: it narrows at once, goes beyond nothing, and an older one does not come back."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger import Event
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.employer_policy import (
    Policies,
    PolicyRefusedError,
    Terms,
    agreed_terms,
    check_narrower,
    read_policy,
    refused_rules,
    take_policy,
    terms_shown,
)
from fyraften_agent.sending.enrolment import Enrolment, Enrolments, Service
from fyraften_agent.sending.receipts import encode, fingerprint
from fyraften_policy import wire

KEY, OTHER = SigningKey(bytes(32)), SigningKey(bytes([1]) * 32)
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY.public, date(2026, 9, 1))
TERMS = Terms("Havn A/S", 10, date(2026, 9, 1))
NOW = 1_767_600_000
WORDS: dict[str, Any] = {
    "schema": "fyraften.policy/1",
    "kind": "policy",
    "service": fingerprint(KEY.public),
    "number": 3,
    "since": "2026-10-01",
    "organisation": "Havn A/S",
    "contact": "hr@havn.example",
    "purposes": ["duty", "group"],
    "cells": ["all", "sales"],
    "smallest_group": 10,
    "notice_given_on": "2026-09-01",
}


def signed(words: Any, key: SigningKey = KEY) -> bytes:
    return wire.canonical({"policy": words, "signature": encode(key.sign(wire.canonical(words)))})


def envelope(key: SigningKey = KEY, **changes: Any) -> bytes:
    return signed({**WORDS, **changes}, key)


def judged(**changes: Any) -> str | None:
    """Why a policy is refused, ``None`` where it is not."""
    try:
        check_narrower(read_policy(envelope(**changes), KEY.public), TERMS)
    except PolicyRefusedError as refused:
        return refused.problem if refused.is_signed else "not signed"
    return None


@pytest.fixture
def policies() -> Iterator[Policies]:
    connection = open_ledger(None)
    yield Policies(connection)
    connection.close()


def enrolment(purpose: str = "group", cell: str | None = "sales") -> Enrolment:
    connection = open_ledger(None)
    made = Enrolments(connection).start(purpose, "https://havn.example", SERVICE, "subject", "CODE", NOW)
    connection.close()
    return replace(made, cell=cell)


def event(kind: str = "given", purpose: str = "group", at: int = NOW, **details: Any) -> Event:
    return Event(1, at, kind, purpose, details, "", "", b"")


def test_what_was_agreed_to_is_no_change() -> None:
    policy = read_policy(envelope(), KEY.public)

    assert (policy.number, policy.since, policy.cells) == (3, date(2026, 10, 1), ("all", "sales"))
    assert judged() is None


@pytest.mark.parametrize(
    "changes",
    [
        {"smallest_group": 11},
        {"purposes": ["duty"]},
        {"purposes": []},
        {"cells": []},
        {"notice_given_on": "2026-09-02"},
        {"notice_given_on": None},
        {"contact": "tr@havn.example"},
    ],
)
def test_less_is_accepted(changes: dict[str, Any]) -> None:
    assert judged(**changes) is None


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"smallest_group": 9}, "smaller groups"),
        ({"smallest_group": 2}, "smaller groups"),
        ({"notice_given_on": "2026-08-31"}, "notice"),
        ({"organisation": "Havn Holding"}, "another organisation"),
        ({"purposes": ["duty", "group", "location"]}, "never asked about"),
        ({"fields": ["app_names"]}, "other fields"),
        ({"period": "day"}, "other fields"),
        ({"schema": "fyraften.policy/2"}, "other fields"),
        ({"kind": "receipt"}, "other fields"),
        ({"service": fingerprint(OTHER.public)}, "other fields"),
    ],
)
def test_more_is_refused(changes: dict[str, Any], problem: str) -> None:
    assert problem in (judged(**changes) or "")


@pytest.mark.parametrize(
    "changes",
    [
        *({"number": value} for value in (0, -1, 1.0, "3", True, None, 2**53 + 1)),
        *({"smallest_group": value} for value in (-1, 10.0, "10", None)),
        *({"since": value} for value in ("2026-10-1", "2026-13-01", None, 3, "2026-10-01T00:00")),
        *({"contact": value} for value in ("", " ", None, "a\nb", "\x1b[31m", "x" * 301)),
        *({"purposes": value} for value in ("group", None, [1], [["group"]], ["a\nb"])),
        *({"cells": value} for value in ({}, None, [None])),
    ],
)
def test_words_that_cannot_be_are_refused(changes: dict[str, Any]) -> None:
    assert judged(**changes) is not None


def test_another_key_is_no_word_of_the_service() -> None:
    with pytest.raises(PolicyRefusedError) as caught:
        read_policy(envelope(OTHER), KEY.public)
    assert not caught.value.is_signed


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=5))
def test_whatever_is_signed_is_a_policy_or_refused(value: Any) -> None:
    for words in (value, {**WORDS, "cells": value}, {**WORDS, "number": value}, {**WORDS, "notice_given_on": value}):
        try:
            read_policy(signed(words), KEY.public)
        except PolicyRefusedError:
            continue


# What was agreed to


def test_the_terms_are_those_of_the_latest_consent() -> None:
    shown = terms_shown(SERVICE)
    later = {**shown, "smallest_group": 12, "notice_given_on": "2026-09-09"}
    events = [event(**shown), event(**later), event(purpose="duty", **shown), event("notice_shown", **shown)]

    assert agreed_terms(events[:1], enrolment()) == TERMS
    assert agreed_terms(events, enrolment()) == Terms("Havn A/S", 12, date(2026, 9, 9))


def test_where_there_was_no_notice_yet_none_of_before_the_consent_counts() -> None:
    terms = agreed_terms([event(**terms_shown(replace(SERVICE, notice_given_on=None)))], enrolment())

    assert terms.earliest_notice == date(2026, 1, 5)


def test_of_an_older_consent_the_enrolment_is_what_is_known() -> None:
    assert agreed_terms([event()], enrolment()) == Terms("Havn A/S", 10, None)


# What is still asked for


@pytest.mark.parametrize(
    ("changes", "purpose", "cell", "expected"),
    [
        ({}, "group", "sales", True),
        ({"cells": ["all"]}, "group", "sales", False),
        ({"purposes": ["duty"]}, "group", "sales", False),
        ({"purposes": ["duty"], "cells": []}, "duty", None, True),
    ],
)
def test_a_purpose_or_group_that_is_gone_is_no_longer_asked_for(
    changes: dict[str, Any], purpose: str, cell: str | None, expected: bool
) -> None:
    assert read_policy(envelope(**changes), KEY.public).takes(enrolment(purpose, cell)) is expected


# Order


def take(policies: Policies, **changes: Any) -> bool:
    answer = envelope(**changes)
    policy = read_policy(answer, KEY.public)
    policies.check_order(policy, KEY.public)
    return policies.accept(policy, answer, KEY.public, NOW)


def test_the_newest_is_kept_and_told_to_be_new_once(policies: Policies) -> None:
    assert take(policies) is True
    assert take(policies) is False
    assert take(policies, number=4, smallest_group=15) is True

    newest = policies.newest(KEY.public)
    assert newest is not None
    assert (newest.number, newest.smallest_group) == (4, 15)


def test_an_older_one_that_says_something_else_is_refused(policies: Policies) -> None:
    take(policies, number=4, smallest_group=15)

    for number in (3, 4):
        with pytest.raises(PolicyRefusedError, match="older"):
            take(policies, number=number)
    assert take(policies, number=1, smallest_group=15) is False  # a service brought back from a backup
    newest = policies.newest(KEY.public)
    assert newest is not None
    assert newest.number == 4


def test_the_database_does_not_go_back(policies: Policies) -> None:
    take(policies, number=4)

    with pytest.raises(sqlite3.IntegrityError):
        policies._connection.execute("UPDATE policies SET number = 3")


def test_a_refusal_is_kept_until_one_is_accepted(policies: Policies) -> None:
    assert policies.refuse(envelope(smallest_group=2), KEY.public, "too small", NOW) is True
    assert policies.refuse(envelope(smallest_group=2), KEY.public, "too small", NOW) is False
    assert policies.refused(KEY.public) == "too small"
    take(policies)

    assert policies.refused(KEY.public) is None
    assert policies.newest(OTHER.public) is None


def test_refused_rules_are_told_of_while_the_enrolment_lasts() -> None:
    connection = open_ledger(None)
    enrolments, policies = Enrolments(connection), Policies(connection)
    enrolments.start("group", "https://havn.example", SERVICE, "subject", "CODE", NOW)
    enrolments.confirm("subject", "sales", b"{}", NOW)
    assert refused_rules(connection) == ()

    policies.refuse(envelope(smallest_group=5), KEY.public, "they allow smaller groups than you agreed to", NOW)
    (told,) = refused_rules(connection)
    policies.refuse(envelope(smallest_group=6), KEY.public, "they allow smaller groups than you agreed to", NOW)
    (other,) = refused_rules(connection)
    enrolments.leave("subject", NOW)

    assert (told.organisation, told.problem) == ("Havn A/S", "they allow smaller groups than you agreed to")
    assert told.mark != other.mark
    assert refused_rules(connection) == ()
    connection.close()


def test_what_one_consent_refuses_is_not_forgotten_because_another_allows_it(tmp_path: Path) -> None:
    """Who agreed to one purpose at groups of 10, and to another at 20, when rules of 12 come."""
    with Ledger.open(Paths(tmp_path / "fyraften")) as ledger:
        enrolments, policies, joined = Enrolments(ledger.connection), Policies(ledger.connection), {}
        for purpose, smallest in (("group", 10), ("pulse", 20)):
            service = replace(SERVICE, smallest_group=smallest)
            ledger.give(purpose, NOW, "text", "en", 1, terms_shown(service))
            enrolments.start(purpose, "https://havn.example", service, purpose, "CODE", NOW)
            enrolments.confirm(purpose, "sales", b"{}", NOW)
            joined[purpose] = enrolments.of_subject(purpose)
        told = []
        for smallest in (12, 12, 20):
            for purpose in ("group", "pulse", "group"):
                with contextlib.suppress(PolicyRefusedError):
                    take_policy(ledger, joined[purpose], envelope(smallest_group=smallest, number=smallest), NOW)
            told.append(policies.refused(KEY.public))
        seen = [event.details["accepted"] for event in ledger.events() if event.kind == "policy_seen"]

    assert [bool(each) for each in told] == [True, True, False]
    assert seen == [True, False, True]
