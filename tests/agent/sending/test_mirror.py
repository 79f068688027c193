"""Asking for the mirror: signed requests to the service agreed to, and an answer that is read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger import Event
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolment, Enrolments, Service, agreed_service
from fyraften_agent.sending.mirror import Mirror, MirrorError, ask_mirror
from fyraften_agent.sending.transport import Answer, Identity
from fyraften_agent.verify_ledger import verify

NOW = 1_780_000_000
SERVER = "https://havn.example"
KEY = SigningKey(bytes(32)).public
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY, None)
SUBJECT = "s" * 26
REPORT = {
    "report": "fyraften.duty.monthly/1",
    "period": "2026-10",
    "revision": 1,
    "body_sha256": "ab" * 32,
    "received_on": "2026-11-02",
    "erase_by": "2027-11-01",
    "answers": {"screen_rule": "covered"},
    "receipt": {"receipt": {}, "signature": "AA"},
    "seen": {"name": "Bo Holm", "month": "2026-10", "wishes": ["Asks for a chair."]},
}


def mirror(*reports: Any, **changes: Any) -> dict[str, Any]:
    return {
        "schema": "fyraften.mirror/1",
        "date": "2026-11-22",
        "purpose": "duty",
        "enrolled_on": "2026-10-30",
        "cell": None,
        "name": "Bo Holm",
        "published_until": None,
        "reports": list(reports),
        "more": False,
        **changes,
    }


def report(**changes: Any) -> dict[str, Any]:
    return {**REPORT, **changes}


class FakeTransport:
    """A service that gives these answers in turn, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, bytes | None, Identity | None]] = []

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        identity: Identity | None,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        self.asked.append((method, path, body, identity))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def says(*documents: object, status: int = 200, media_type: str = "application/json") -> FakeTransport:
    bodies = (each if isinstance(each, bytes) else json.dumps(each).encode() for each in documents)
    return FakeTransport(*(Answer(status, media_type, body) for body in bodies))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "fyraften")
    with Ledger.open(paths) as ledger:
        ledger.give("duty", NOW - 10, "The text.", "en", 1, agreed_service(SERVER, KEY))
        Enrolments(ledger.connection).start("duty", SERVER, SERVICE, SUBJECT, "CODE", NOW - 10)
        Enrolments(ledger.connection).confirm(SUBJECT, None, b"{}", NOW - 9)
    Keys(paths.keys).create(SUBJECT)
    return paths


def ask(paths: Paths, transport: FakeTransport, events: list[Event] | None = None) -> Mirror:
    with Ledger.open(paths) as ledger:
        (found,) = Enrolments(ledger.connection).all()
    enrolment: Enrolment = found
    agreed = verify(paths) if events is None else events
    return ask_mirror(enrolment, agreed, Keys(paths.keys), transport, NOW, "da")


def test_one_request_is_signed_by_the_enrolment_itself(paths: Paths) -> None:
    transport = says(mirror(report()))

    found = ask(paths, transport)

    (held,) = found.held
    assert (found.name, held.period, held.sha256) == ("Bo Holm", "2026-10", "ab" * 32)
    assert held.seen == ("Bo Holm", "2026-10", "Asks for a chair.")
    ((method, path, body, identity),) = transport.asked
    assert (method, path, body) == ("GET", f"/v1/enrolments/{SUBJECT}/mirror?language=da&skip=0", None)
    assert identity is not None
    assert identity.subject == SUBJECT


def test_what_does_not_fit_one_answer_is_asked_for_again(paths: Paths) -> None:
    transport = says(mirror(report(), report(period="2026-11"), more=True), mirror(report(period="2026-12")))

    found = ask(paths, transport)

    assert [held.period for held in found.held] == ["2026-10", "2026-11", "2026-12"]
    assert [path.rpartition("=")[2] for _method, path, _body, _identity in transport.asked] == ["0", "2"]


def test_a_service_that_always_promises_more_is_left(paths: Paths) -> None:
    for transport in (says(mirror(more=True)), says(mirror(report(), more=True))):
        with pytest.raises(MirrorError, match="did not say what it holds"):
            ask(paths, transport)
        assert len(transport.asked) <= 200


def test_a_service_that_was_not_agreed_to_is_not_asked(paths: Paths) -> None:
    transport = says(mirror())

    with pytest.raises(MirrorError) as refused:
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
        mirror(schema="fyraften.mirror/2"),
        mirror(purpose="group"),
        mirror(extra=1),
        mirror(more="yes"),
        mirror(reports={}),
        mirror(date="today"),
        mirror(enrolled_on="2026-10-30T08:00"),
        mirror(name="\x1b[2JBo"),
        mirror(name=""),
        mirror(cell=5),
        mirror(5),
        mirror({}),
        mirror(report(extra=1)),
        mirror(report(body_sha256="ab")),
        mirror(report(revision=0)),
        mirror(report(revision=True)),
        mirror(report(revision=10**7)),
        mirror(report(period="2026-10\n")),
        mirror(report(period="x" * 17)),
        mirror(report(received_on="soon")),
        mirror(report(answers=[])),
        mirror(report(receipt=None)),
        mirror(report(receipt={"a": "\ud800"})),
        mirror(report(answers={"a": "\x9b2J"})),
        mirror(report(seen=["Bo"])),
        mirror(report(seen={"name": "Bo", "month": "2026-10", "wishes": ["\x07"]})),
        mirror(report(seen={"name": "Bo", "month": "2026-10", "wishes": ["x"] * 30})),
    ],
)
def test_an_answer_of_another_form_is_not_believed(paths: Paths, document: object) -> None:
    with pytest.raises(MirrorError) as refused:
        ask(paths, says(document))

    assert refused.value.problem == "unusable-answer"


@pytest.mark.parametrize(
    ("transport", "problem"),
    [
        (
            says(
                {"type": "urn:fyraften:problem:withdrawn", "status": 410},
                status=410,
                media_type="application/problem+json",
            ),
            "withdrawn",
        ),
        (says(mirror(), status=201), "unusable-answer"),
        (says(mirror(), media_type="text/html"), "unusable-answer"),
    ],
)
def test_a_refusal_keeps_the_name_of_its_problem(paths: Paths, transport: FakeTransport, problem: str) -> None:
    with pytest.raises(MirrorError) as refused:
        ask(paths, transport)

    assert refused.value.problem == problem
