"""Asking who looked: one signed request to the service agreed to, and an answer that is read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger import Event
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolment, Enrolments, Service, agreed_service
from fyraften_agent.sending.transport import Answer, Identity
from fyraften_agent.sending.who_looked import View, Views, ViewsError, ask_who_looked
from fyraften_agent.verify_ledger import verify

NOW = 1_780_000_000
SERVER = "https://havn.example"
KEY = SigningKey(bytes(32)).public
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY, None)
VIEW = {"date": "2026-11-02", "account": "anna"}


class FakeTransport:
    """A service that gives one answer, and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str, bytes | None, Identity | None, int]] = []

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        identity: Identity | None,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        self.asked.append((method, path, body, identity, now))
        return self.answer


def says(document: object, status: int = 200, media_type: str = "application/json") -> FakeTransport:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return FakeTransport(Answer(status, media_type, body))


def views(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"schema": "fyraften.views/1", "views": list(entries), **more}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "fyraften")
    with Ledger.open(paths) as ledger:
        ledger.give("duty", NOW - 10, "The text.", "en", 1, agreed_service(SERVER, KEY))
        Enrolments(ledger.connection).start("duty", SERVER, SERVICE, "s" * 26, "CODE", NOW - 10)
        Enrolments(ledger.connection).confirm("s" * 26, None, b"{}", NOW - 9)
    Keys(paths.keys).create("s" * 26)
    return paths


def enrolment_of(paths: Paths) -> Enrolment:
    with Ledger.open(paths) as ledger:
        (found,) = Enrolments(ledger.connection).all()
    return found


def ask(paths: Paths, transport: FakeTransport, events: list[Event] | None = None) -> Views:
    agreed = verify(paths) if events is None else events
    return ask_who_looked(enrolment_of(paths), agreed, Keys(paths.keys), transport, NOW)


def test_one_request_is_signed_by_the_enrolment_itself(paths: Paths) -> None:
    transport = says(views(VIEW))

    assert ask(paths, transport) == Views((View(date(2026, 11, 2), "anna"),), is_cut=False)
    ((method, path, body, identity, now),) = transport.asked
    assert (method, path, body, now) == ("GET", f"/v1/enrolments/{'s' * 26}/views", None, NOW)
    assert identity is not None
    assert identity.subject == "s" * 26


def test_views_are_told_the_latest_first_and_a_cut_is_told(paths: Paths) -> None:
    answer = views({"date": "2026-10-01", "account": "bent"}, VIEW, earlier_left_out=True)

    found = ask(paths, says(answer))

    assert [view.account for view in found.views] == ["anna", "bent"]
    assert found.is_cut


def test_a_service_that_was_not_agreed_to_is_not_asked(paths: Paths) -> None:
    transport = says(views())

    with pytest.raises(ViewsError) as refused:
        ask(paths, transport, events=[])

    assert refused.value.problem == "not-agreed-to"
    assert transport.asked == []


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"garbage",
        b"[" * 10_000,
        [],
        None,
        {},
        {"schema": "fyraften.views/2", "views": []},
        views(more=1),
        views(earlier_left_out="yes"),
        {"schema": "fyraften.views/1", "views": {}},
        {"schema": "fyraften.views/1", "views": None},
        views("anna"),
        views({"date": "2026-11-02"}),
        views({**VIEW, "time": "08:00"}),
        views({**VIEW, "date": "2026-11-02T08:00"}),
        views({**VIEW, "date": "yesterday!"}),
        views({**VIEW, "date": 20261102}),
        views({**VIEW, "account": ""}),
        views({**VIEW, "account": "a" * 65}),
        views({**VIEW, "account": "\x1b[2Janna"}),
        views({**VIEW, "account": "anna\nbent"}),
        views({**VIEW, "account": 5}),
    ],
)
def test_an_answer_of_another_form_is_not_believed(paths: Paths, document: object) -> None:
    with pytest.raises(ViewsError) as refused:
        ask(paths, says(document))

    assert refused.value.problem == "unusable-answer"


@pytest.mark.parametrize(
    ("transport", "problem"),
    [
        (
            says({"type": "urn:fyraften:problem:withdrawn", "status": 410}, 410, "application/problem+json"),
            "withdrawn",
        ),
        (says(views(VIEW), 201), "unusable-answer"),
        (says(views(VIEW), 200, "text/html"), "unusable-answer"),
        (says(b"", 302), "unusable-answer"),
    ],
)
def test_a_refusal_keeps_the_name_of_its_problem(paths: Paths, transport: FakeTransport, problem: str) -> None:
    with pytest.raises(ViewsError) as refused:
        ask(paths, transport)

    assert refused.value.problem == problem
