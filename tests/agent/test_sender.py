"""The sender: nothing without consent, nothing dropped without a receipt, nobody believed without a signature."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fyraften_agent.enrolment import Enrolments, Service, agreed_service, withdraw
from fyraften_agent.keys import Keys, SigningKey
from fyraften_agent.ledger import LedgerError, one_year_after
from fyraften_agent.ledger_store import Ledger
from fyraften_agent.outbox import Item, Outbox
from fyraften_agent.paths import Paths
from fyraften_agent.receipts import encode, fingerprint
from fyraften_agent.sender import PERMANENT, Outcome, Sender, send_due
from fyraften_agent.transport import Answer, Identity, NotReachedError
from fyraften_policy import wire

NOW = 1_767_600_000
SERVICE_KEY = SigningKey(bytes([7]) * 32)
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, SERVICE_KEY.public, None)
SERVER = "https://havn.example"
VALUES = {
    "screen_rule": "covered",
    "workplace_check": "unknown",
    "equipment_wanted": ["chair"],
    "eye_test_wanted": True,
}


class Clock:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> int:
        return self.time

    def monotonic(self) -> float:
        return float(self.time)

    def boottime(self) -> float:
        return float(self.time)

    def zone(self) -> str:
        return "Europe/Copenhagen"


Handler = Callable[[str, str, bytes | None], Answer]


def receipt(kind: str, purpose: str = "duty", key: SigningKey = SERVICE_KEY, **more: Any) -> bytes:
    words = {
        "schema": "fyraften.receipt/1",
        "kind": kind,
        "purpose": purpose,
        "date": "2026-01-05",
        "service": fingerprint(SERVICE_KEY.public),
        **more,
    }
    return wire.canonical({"receipt": words, "signature": encode(key.sign(wire.canonical(words)))})


def problem(name: str, status: int) -> Answer:
    document = {"type": f"urn:fyraften:problem:{name}", "title": "x", "status": status, "detail": "y"}
    return Answer(status, "application/problem+json", json.dumps(document).encode())


class FakeService:
    """A service that keeps reports by period, answers receipts, and can be told to fail."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes | None]] = []
        self.reports: dict[str, bytes] = {}
        self.erased: set[str] = set()
        self.override: Handler | None = None
        self.server = ""

    def at(self, server: str) -> FakeService:
        self.server = server
        return self

    def ask(self, method: str, path: str, body: bytes | None, identity: Identity | None, now: int) -> Answer:
        assert identity is not None
        self.asked.append((method, path, body))
        if self.override is not None:
            return self.override(method, path, body)
        return self.answer(method, path, body)

    def answer(self, method: str, path: str, body: bytes | None) -> Answer:
        if method == "POST":
            document = json.loads(body or b"")
            cell = "sales" if document["purpose"] == "group" else None
            made = receipt("enrolment", document["purpose"], subject=document["subject"], cell=cell, smallest_group=10)
            return Answer(201, "application/json", made)
        if method == "DELETE":
            subject = path.rsplit("/", 1)[1]
            self.erased.add(subject)
            made = receipt("erasure", subject=subject, erased=["enrolment"], kept_until=None)
            return Answer(200, "application/json", made)
        assert body is not None
        self.reports.setdefault(path, body)
        return Answer(201, "application/json", self.report_receipt(path, body))

    def report_receipt(self, path: str, body: bytes, key: SigningKey = SERVICE_KEY) -> bytes:
        return receipt(
            "report",
            key=key,
            report="fyraften.duty.monthly/1",
            period=path.rsplit("/", 1)[1],
            body_sha256=hashlib.sha256(body).hexdigest(),
            erase_by="2026-12-01",
        )


class Laptop:
    """A laptop enrolled for ``duty``, with one approved report."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(folder)
        self.clock, self.service = Clock(), FakeService()
        self.ledger = Ledger.open(self.paths)
        self.keys = Keys(self.paths.keys)
        self.outbox, self.enrolments = Outbox(self.ledger.connection), Enrolments(self.ledger.connection)
        self.ledger.give("duty", NOW - 100, "text", "en", 1, agreed_service(SERVER, SERVICE.public_key))
        self.keys.create("subject")
        self.enrolments.start("duty", SERVER, SERVICE, "subject", "CODE", NOW - 100)
        self.sender = Sender(self.ledger, self.keys, self.service.at, self.clock, lambda: 0.5)

    def enrolled(self) -> Laptop:
        self.enrolments.confirm("subject", None, b"{}", NOW - 50)
        return self

    def report(self, month: str = "2026-01", approve: bool = True) -> Item:
        body = wire.encode("fyraften.duty.monthly/1", {"month": month, **VALUES})
        item = self.outbox.prepare(body, "subject", NOW)
        return self.outbox.approve(item.id, NOW, NOW) if approve else item

    def run(self, later: int = 0) -> Outcome:
        self.clock.time += later
        return self.sender.run()

    def state(self, number: int = 1) -> str:
        return self.outbox.item(number).state

    def kinds(self) -> list[str]:
        return [event.kind for event in self.ledger.events()]


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    laptop = Laptop(tmp_path / "fyraften")
    yield laptop
    laptop.ledger.close()


def test_the_bytes_that_are_sent_are_those_that_are_stored(laptop: Laptop) -> None:
    item = laptop.enrolled().report()
    outcome = laptop.run()

    assert outcome == Outcome(receipted=1)
    assert laptop.service.asked == [("PUT", "/v1/reports/duty.monthly/2026-01", item.body)]
    assert laptop.state() == "receipted"
    assert laptop.kinds()[-2:] == ["report_sent", "receipt"]


def test_what_is_not_approved_is_not_sent(laptop: Laptop) -> None:
    laptop.enrolled().report(approve=False)

    assert laptop.run() == Outcome()
    assert laptop.service.asked == []


@pytest.mark.parametrize("kind", ["withdrawn", "refused", "expired"])
def test_without_a_valid_consent_nothing_is_sent(laptop: Laptop, kind: str) -> None:
    laptop.enrolled().report()
    laptop.ledger.append(kind, "duty", NOW - 1)
    laptop.run()

    assert laptop.service.asked == []


def test_a_consent_that_ran_out_sends_nothing_and_erases_what_waited(laptop: Laptop) -> None:
    laptop.enrolled().report()
    laptop.clock.time = one_year_after(NOW - 100)
    laptop.run()
    laptop.run()

    assert laptop.service.asked == []
    assert laptop.state() == "purged"
    assert laptop.kinds().count("expired") == 1


def test_a_consent_to_another_purpose_sends_nothing(laptop: Laptop) -> None:
    laptop.enrolled().report()
    laptop.ledger.append("withdrawn", "duty", NOW - 1)
    laptop.ledger.give("group", NOW - 1, "text", "en", 1, agreed_service(SERVER, SERVICE.public_key))
    laptop.run()

    assert laptop.service.asked == []


@pytest.mark.parametrize(
    "statement",
    ["UPDATE enrolments SET server = 'https://evil.example'", "UPDATE enrolments SET service_key = zeroblob(32)"],
)
def test_a_service_that_is_not_in_the_signed_consent_is_never_asked(laptop: Laptop, statement: str) -> None:
    laptop.enrolled().report()
    laptop.ledger.connection.execute(statement)
    laptop.run()

    assert laptop.service.asked == []
    assert laptop.outbox.item(1).problem == "not-agreed-to"


def test_changed_bytes_are_not_sent(laptop: Laptop) -> None:
    laptop.enrolled().report()
    other = wire.encode("fyraften.duty.monthly/1", {"month": "2026-01", **VALUES, "eye_test_wanted": False})
    laptop.ledger.connection.execute("DROP TRIGGER outbox_bytes_stay")
    for body in (other, b'{"name":"Bo Holm"}'):
        laptop.ledger.connection.execute("UPDATE outbox SET body = ?", (body,))
        laptop.run()

        assert laptop.service.asked == []
    assert laptop.outbox.item(1).problem == "not-as-prepared"


@pytest.mark.parametrize("name", sorted(PERMANENT))
def test_a_permanent_refusal_ends_it_and_is_kept(laptop: Laptop, name: str) -> None:
    laptop.enrolled().report()
    laptop.service.override = lambda *_: problem(name, PERMANENT[name])

    assert laptop.run() == Outcome(refused=1)
    assert (laptop.state(), laptop.outbox.item(1).problem) == ("refused", name)
    assert laptop.run(later=10**7) == Outcome()


PASSING = [
    problem("unavailable", 503),
    problem("internal", 500),
    problem("too-many-requests", 429),
    problem("bad-signature", 401),
    problem("replayed", 401),
    problem("unknown-subject", 404),
    problem("period-not-over", 409),
    problem("code-not-valid", 403),
    problem("withdrawn", 500),
    Answer(410, "text/html", b"<h1>Gone</h1>"),
    Answer(410, "application/json", b'{"type":"urn:fyraften:problem:withdrawn","status":410}'),
    Answer(403, "application/problem+json", b"{}"),
    Answer(200, "text/html", b"<form>Log in to the hotel's network</form>"),
    Answer(302, "text/html", b""),
    Answer(204, "", b""),
    Answer(500, "", b""),
]


@pytest.mark.parametrize("given", PASSING)
def test_everything_else_is_tried_again_until_it_works(laptop: Laptop, given: Answer) -> None:
    laptop.enrolled().report()
    laptop.service.override = lambda *_: given
    for _ in range(5):
        laptop.run(later=24 * 3600)

        assert laptop.state() == "approved"
    laptop.service.override = None
    laptop.run(later=24 * 3600)

    assert laptop.state() == "receipted"
    assert laptop.outbox.item(1).attempts == 6
    assert laptop.kinds().count("report_sent") == 1


def test_no_answer_is_tried_again_later_and_later(laptop: Laptop) -> None:
    laptop.enrolled().report()

    def silence(*_: object) -> Answer:
        raise NotReachedError(SERVER, "connection refused")

    laptop.service.override = silence
    waits = []
    for _ in range(12):
        assert laptop.run().not_reached == 1
        next_try_at = laptop.outbox.item(1).next_try_at or 0
        assert laptop.run(later=next_try_at - laptop.clock.time - 1) == Outcome()
        waits.append(next_try_at)
        laptop.clock.time = next_try_at

    lengths = [later - earlier for earlier, later in pairwise(waits)]
    assert lengths == sorted(lengths)
    assert lengths[-1] == 6 * 3600


def test_a_silent_service_is_asked_once_a_run_however_much_waits(laptop: Laptop) -> None:
    laptop.enrolled()
    for month in ("2025-10", "2025-11", "2025-12"):
        laptop.report(month)

    def silence(*_: object) -> Answer:
        raise NotReachedError(SERVER, "it took too long")

    laptop.service.override = silence

    assert laptop.run().not_reached == 3
    assert len(laptop.service.asked) == 1


@pytest.mark.parametrize("trick", ["other key", "other bytes", "other kind", "garbage"])
def test_a_receipt_that_does_not_fit_is_not_accepted_and_shown(laptop: Laptop, trick: str) -> None:
    laptop.enrolled().report()

    def lie(method: str, path: str, body: bytes | None) -> Answer:
        answers = {
            "other key": laptop.service.report_receipt(path, body or b"", SigningKey(bytes([9]) * 32)),
            "other bytes": laptop.service.report_receipt(path, b"something else"),
            "other kind": receipt("erasure", subject="subject", erased=[], kept_until=None),
            "garbage": b"{}",
        }
        return Answer(201, "application/json", answers[trick])

    laptop.service.override = lie
    laptop.run()
    after = laptop.outbox.item(1)
    assert (after.state, after.receipt) == ("sent", None)
    assert (after.problem or "").startswith("receipt-not-valid")
    laptop.service.override = None
    laptop.run(later=24 * 3600)

    assert laptop.state() == "receipted"


def test_a_service_that_asks_for_time_is_left_alone_that_long(laptop: Laptop) -> None:
    laptop.enrolled().report()
    busy = problem("too-many-requests", 429)
    laptop.service.override = lambda *_: Answer(busy.status, busy.media_type, busy.body, retry_after=7200)
    laptop.run()

    assert laptop.run(later=7199) == Outcome()
    assert laptop.run(later=1).waiting == 1


# Enrolling


def test_an_enrolment_is_confirmed_by_its_receipt_only(laptop: Laptop) -> None:
    laptop.report()
    laptop.service.override = lambda *_: Answer(201, "application/json", b"{}")
    laptop.run()
    assert laptop.enrolments.all()[0].state == "started"
    assert laptop.state() == "approved"
    laptop.service.override = None
    laptop.run(later=24 * 3600)

    assert laptop.enrolments.all()[0].state == "enrolled"
    assert laptop.state() == "receipted"


def test_an_enrolment_asked_twice_is_the_same_request(laptop: Laptop) -> None:
    def lost(*_: object) -> Answer:
        raise NotReachedError(SERVER, "it took too long")

    laptop.service.override = lost
    laptop.run()
    laptop.service.override = None
    laptop.run(later=3600)

    assert laptop.service.asked[0] == laptop.service.asked[1]


def test_a_refused_code_takes_the_consent_back(laptop: Laptop) -> None:
    laptop.service.override = lambda *_: problem("code-not-valid", 403)

    assert laptop.run().refused == 1
    assert laptop.ledger.state("duty", laptop.clock.time).state == "withdrawn"
    assert laptop.enrolments.all()[0].state == "leaving"


# Leaving


def test_an_erasure_is_asked_for_until_its_receipt_comes(laptop: Laptop) -> None:
    laptop.enrolled()
    withdraw(laptop.ledger, "duty", NOW)
    for answer in (*PASSING, Answer(200, "application/json", b"{}"), problem("withdrawn", 410)):
        laptop.service.override = lambda *_, answer=answer: answer  # type: ignore[misc]
        laptop.run(later=2 * 24 * 3600)

        assert laptop.enrolments.all()[0].state == "leaving"
        assert laptop.keys.exists("subject")
    laptop.service.override = None
    laptop.run(later=2 * 24 * 3600)

    assert laptop.service.erased == {"subject"}
    assert laptop.enrolments.all()[0].state == "left"
    assert laptop.kinds()[-1] == "erasure_completed"
    assert not laptop.keys.exists("subject")


def test_an_erasure_needs_no_consent(laptop: Laptop) -> None:
    laptop.enrolled()
    withdraw(laptop.ledger, "duty", NOW)
    laptop.run()

    assert laptop.service.erased == {"subject"}


def test_what_never_began_is_left_when_the_service_does_not_know_it(laptop: Laptop) -> None:
    withdraw(laptop.ledger, "duty", NOW)
    laptop.service.override = lambda *_: problem("unknown-subject", 404)
    laptop.run()

    assert laptop.enrolments.all()[0].state == "left"


def test_after_leaving_what_was_taken_without_receipt_is_not_sent_again(laptop: Laptop) -> None:
    laptop.enrolled().report()
    laptop.service.override = lambda *_: Answer(201, "application/json", b"{}")
    laptop.run()
    laptop.service.override = None
    withdraw(laptop.ledger, "duty", laptop.clock.time)
    laptop.run(later=10**6)

    assert [method for method, _path, _body in laptop.service.asked] == ["PUT", "DELETE"]
    assert laptop.outbox.due(10**12) == []


def test_a_lost_key_blocks_only_what_it_was_for(laptop: Laptop) -> None:
    laptop.enrolled().report()
    laptop.keys.remove("subject")
    laptop.run()

    assert laptop.outbox.item(1).problem == "key-not-usable"


# The whole process


def test_where_nothing_is_due_nothing_is_made(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "none")

    assert send_due(paths, Clock(), lambda: 0.5) == Outcome()
    assert not paths.folder.exists()


def test_a_ledger_that_cannot_be_trusted_sends_nothing(laptop: Laptop) -> None:
    laptop.enrolled().report()
    with closing(sqlite3.connect(laptop.paths.ledger)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("UPDATE events SET signature = zeroblob(64) WHERE number = 2")
        connection.commit()

    with pytest.raises(LedgerError) as caught:
        send_due(laptop.paths, laptop.clock, lambda: 0.5)
    assert caught.value.number == 2


# Whom a run turns to


def test_a_run_says_first_to_whom_it_turns(laptop: Laptop) -> None:
    laptop.enrolled().report()
    told: list[tuple[list[str], int]] = []
    sender = Sender(
        laptop.ledger,
        laptop.keys,
        laptop.service.at,
        laptop.clock,
        lambda: 0.5,
        lambda servers: told.append((servers, len(laptop.service.asked))),
    )
    sender.run()

    assert told == [([SERVER], 0)]
    assert len(laptop.service.asked) == 1


def test_a_service_that_was_not_agreed_to_is_not_looked_up(laptop: Laptop) -> None:
    laptop.enrolled().report()
    assert laptop.sender.servers() == [SERVER]
    laptop.ledger.append("withdrawn", "duty", NOW)

    assert laptop.sender.servers() == []


def test_a_service_is_looked_up_when_an_enrolment_or_an_erasure_is_due(laptop: Laptop) -> None:
    assert laptop.sender.servers() == [SERVER]
    laptop.ledger.append("withdrawn", "duty", NOW)
    laptop.enrolments.leave("subject", NOW)

    assert laptop.sender.servers() == [SERVER]


def test_where_nothing_is_due_nobody_is_looked_up(laptop: Laptop) -> None:
    laptop.enrolled().report(approve=False)

    assert laptop.sender.servers() == []
