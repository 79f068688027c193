"""The sender: nothing without consent, nothing dropped without a receipt, nobody believed without a signature."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger import LedgerError, one_year_after
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sender import PERMANENT, Outcome, Sender, send_due
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service, withdraw
from fyraften_agent.sending.narrow_way import agreed_servers
from fyraften_agent.sending.outbox import Item, Outbox
from fyraften_agent.sending.receipts import encode, fingerprint
from fyraften_agent.sending.transport import Answer, Identity, NotReachedError
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
        "schema": "fyraften.receipt/2",
        "kind": kind,
        "purpose": purpose,
        "date": "2026-01-05",
        "service": fingerprint(SERVICE_KEY.public),
        "laptop": None,
        "ledger": {"number": 3, "head": "ab" * 32, "salt": "A" * 22},
        **more,
    }
    return wire.canonical({"receipt": words, "signature": encode(key.sign(wire.canonical(words)))})


def policy(key: SigningKey = SERVICE_KEY, **changes: Any) -> bytes:
    words = {
        "schema": "fyraften.policy/1",
        "kind": "policy",
        "service": fingerprint(SERVICE_KEY.public),
        "number": 1,
        "since": "2026-01-01",
        "organisation": SERVICE.organisation,
        "contact": SERVICE.contact,
        "purposes": ["group", "duty"],
        "cells": ["all", "sales"],
        "smallest_group": 10,
        "notice_given_on": None,
        **changes,
    }
    return wire.canonical({"policy": words, "signature": encode(key.sign(wire.canonical(words)))})


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
        self.policy: bytes | NotReachedError = policy()
        self.policies_asked = 0
        self.conditions: list[dict[str, str]] = []
        self.mark: str | None = None
        self.meanwhile: Callable[[], object] = lambda: None

    def at(self, server: str) -> FakeService:
        self.server = server
        return self

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        identity: Identity | None,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        if path == "/v1/policy":
            self.policies_asked += 1
            self.meanwhile()
            if isinstance(self.policy, NotReachedError):
                raise self.policy
            return Answer(200, "application/json", self.policy)
        assert identity is not None
        self.asked.append((method, path, body))
        self.mark = (headers or {}).get("fyraften-ledger")
        self.conditions.append({name: value for name, value in (headers or {}).items() if name != "fyraften-ledger"})
        if self.override is not None:
            return self.override(method, path, body)
        return self.answer(method, path, body)

    def answer(self, method: str, path: str, body: bytes | None) -> Answer:
        if method == "POST":
            document = json.loads(body or b"")
            cell = "sales" if document["purpose"] == "group" else None
            about = {"subject": document["subject"], "cell": cell, "smallest_group": 10}
            made = receipt("enrolment", document["purpose"], laptop=self.mark, **about)
            return Answer(201, "application/json", made)
        if method == "DELETE":
            subject = path.rsplit("/", 1)[1]
            self.erased.add(subject)
            made = receipt("erasure", subject=subject, erased=["enrolment"], kept_until=None, laptop=self.mark)
            return Answer(200, "application/json", made)
        assert body is not None
        self.reports.setdefault(path, body)
        return Answer(201, "application/json", self.report_receipt(path, body))

    def report_receipt(self, path: str, body: bytes, key: SigningKey = SERVICE_KEY) -> bytes:
        return receipt(
            "report",
            key=key,
            laptop=self.mark,
            report="fyraften.duty.monthly/1",
            period=path.rsplit("/", 1)[1],
            body_sha256=hashlib.sha256(body).hexdigest(),
            erase_by="2026-12-01",
            revision=1,
            replaces=None,
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


def test_in_the_last_second_of_twelve_months_a_report_is_still_sent(laptop: Laptop) -> None:
    laptop.enrolled().report()
    laptop.clock.time = one_year_after(NOW - 100) - 1

    assert laptop.run() == Outcome(receipted=1)
    assert "expired" not in laptop.kinds()


def test_a_clock_that_is_set_back_sends_nothing_under_a_consent_that_ran_out(laptop: Laptop) -> None:
    laptop.enrolled().report()
    laptop.clock.time = one_year_after(NOW - 100)
    laptop.run()
    laptop.clock.time = NOW
    laptop.report("2026-02")
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


@pytest.mark.parametrize("act", ["hold", "withdraw"])
def test_what_the_person_stops_while_the_policy_is_fetched_does_not_leave(laptop: Laptop, act: str) -> None:
    item = laptop.enrolled().report()

    def stop() -> None:
        with Ledger.open(laptop.paths) as other:
            if act == "hold":
                Outbox(other.connection).hold(item.id)
            else:
                withdraw(other, "duty", NOW)

    laptop.service.meanwhile = stop
    laptop.run()

    assert laptop.service.policies_asked == 1
    assert laptop.service.asked == []
    assert "report_sent" not in laptop.kinds()


@pytest.mark.parametrize("answer", [NotReachedError(SERVER, "x"), policy(smallest_group=5)], ids=["none", "wider"])
def test_where_the_policy_stands_in_the_way_nothing_is_said_to_have_left(
    laptop: Laptop, answer: bytes | NotReachedError
) -> None:
    laptop.enrolled().report()
    laptop.service.policy = answer
    laptop.run()

    assert (laptop.outbox.item(1).attempts, laptop.outbox.item(1).has_left) == (1, False)
    assert "report_sent" not in laptop.kinds()


ANSWERS_TOO_LATE: dict[str, Callable[[Laptop, str, bytes], Answer]] = {
    "receipt": lambda laptop, path, body: laptop.service.answer("PUT", path, body),
    "refusal": lambda laptop, path, body: problem("report-not-valid", 422),
    "no answer": lambda laptop, path, body: problem("unavailable", 503),
    "wrong receipt": lambda laptop, path, body: Answer(201, "application/json", b"{}"),
}


@pytest.mark.parametrize("answer", ANSWERS_TOO_LATE.values(), ids=ANSWERS_TOO_LATE)
def test_an_answer_that_comes_after_the_consent_was_taken_back_revives_nothing(
    laptop: Laptop, answer: Callable[[Laptop, str, bytes], Answer]
) -> None:
    laptop.enrolled().report()

    def late(method: str, path: str, body: bytes | None) -> Answer:
        with Ledger.open(laptop.paths) as other:
            withdraw(other, "duty", NOW)
        return answer(laptop, path, body or b"")

    laptop.service.override = late
    laptop.run()
    laptop.service.override = None
    laptop.run(later=10**6)

    assert (laptop.state(), laptop.outbox.item(1).body) == ("purged", None)
    assert laptop.service.erased == {"subject"}
    assert laptop.enrolments.all()[0].state == "left"


def test_an_enrolment_confirmed_after_the_consent_was_taken_back_still_ends(laptop: Laptop) -> None:
    def late(method: str, path: str, body: bytes | None) -> Answer:
        with Ledger.open(laptop.paths) as other:
            withdraw(other, "duty", NOW)
        return laptop.service.answer(method, path, body)

    laptop.service.override = late
    laptop.run()
    laptop.service.override = None
    laptop.run()

    assert laptop.service.erased == {"subject"}
    assert laptop.enrolments.all()[0].state == "left"


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
    assert lengths[-1] == 9 * 3600  # six hours, and half of that again, by the jitter here


def test_over_eight_weeks_of_trouble_the_tries_thin_out_and_the_report_arrives_once(laptop: Laptop) -> None:
    """A service that is away, then stalls, then lies, then is somebody else; looked after every minute."""
    laptop.enrolled().report()
    dice = random.Random(20261122)
    laptop.sender = Sender(laptop.ledger, laptop.keys, laptop.service.at, laptop.clock, dice.random)

    def silence(*_: object) -> Answer:
        raise NotReachedError(SERVER, "connection refused")

    def lie(_method: str, path: str, _body: bytes | None) -> Answer:
        return Answer(201, "application/json", laptop.service.report_receipt(path, b"something else"))

    troubles = (silence, lambda *_: problem("unavailable", 503), lie, lambda *_: Answer(200, "text/html", b"<form>"))
    tries = []
    for week in range(8):
        laptop.service.override = troubles[week % 4]
        for _minute in range(7 * 24 * 60):
            before = len(laptop.service.asked)
            if laptop.outbox.due(laptop.clock.time):
                laptop.run()
            tries += [laptop.clock.time] * (len(laptop.service.asked) - before)
            laptop.clock.time += 60
    laptop.service.override = None
    laptop.run(later=12 * 3600)

    gaps = [later - earlier for earlier, later in pairwise(tries)]
    steady = gaps[10:]
    assert min(steady) >= 6 * 3600  # never more than once in the longest wait
    assert max(gaps) <= 12 * 3600 + 60
    assert max(steady) - min(steady) > 3 * 3600  # spread, so that many laptops do not come back at once
    assert 8 * 7 * 2 <= len(tries) <= 8 * 7 * 4 + 10
    assert laptop.state() == "receipted"
    assert list(laptop.service.reports) == ["/v1/reports/duty.monthly/2026-01"]
    assert laptop.kinds().count("report_sent") == laptop.kinds().count("receipt") == 1


def test_a_report_whose_week_closed_while_nobody_answered_ends_by_the_services_word_only(tmp_path: Path) -> None:
    laptop = group_laptop(tmp_path / "laptop")
    laptop.service.override = lambda *_: problem("unavailable", 503)
    for _ in range(60):
        laptop.run(later=24 * 3600)
    assert laptop.state() == "approved"
    laptop.service.override = lambda *_: problem("period-closed", 410)
    laptop.run(later=24 * 3600)

    assert (laptop.state(), laptop.outbox.item(1).problem) == ("refused", "period-closed")
    laptop.ledger.close()


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


# The employer's policy


def test_the_policy_is_fetched_once_a_run_and_only_where_something_is_sent(laptop: Laptop) -> None:
    laptop.enrolled()
    laptop.run()
    assert laptop.service.policies_asked == 0
    for month in ("2025-10", "2025-11"):
        laptop.report(month)
    laptop.run()

    assert laptop.service.policies_asked == 1
    assert laptop.kinds().count("policy_seen") == 1
    laptop.report("2025-12")
    laptop.run()
    assert (laptop.service.policies_asked, laptop.kinds().count("policy_seen")) == (2, 1)


def test_no_policy_is_fetched_for_what_is_not_approved_nor_to_erase(laptop: Laptop) -> None:
    laptop.enrolled().report(approve=False)
    laptop.run()
    withdraw(laptop.ledger, "duty", NOW)
    laptop.run()

    assert laptop.service.policies_asked == 0


WIDER = {
    "one more field": {"fields": ["app_names"]},
    "a group of two": {"smallest_group": 2},
    "a daily period": {"period": "day"},
    "effective today": {"smallest_group": 9, "since": "2026-01-05"},
    "one more purpose": {"purposes": ["group", "duty", "presence"]},
    "another organisation": {"organisation": "Havn Holding"},
}


@pytest.mark.parametrize("name", WIDER)
def test_a_wider_policy_is_refused_noted_and_shown_and_nothing_leaves(laptop: Laptop, name: str) -> None:
    laptop.enrolled().report()
    laptop.service.policy = policy(number=2, **WIDER[name])
    for _ in range(3):
        laptop.run(later=24 * 3600)

    assert laptop.service.asked == []
    assert laptop.state() == "approved"
    assert (laptop.outbox.item(1).problem or "").startswith("policy-refused: ")
    assert laptop.outbox.item(1).tried_at is None
    seen = [event.details for event in laptop.ledger.events() if event.kind == "policy_seen"]
    assert [one["accepted"] for one in seen] == [False]
    laptop.service.policy = policy(number=3)
    laptop.run(later=24 * 3600)
    assert laptop.state() == "receipted"


def test_a_policy_of_another_key_is_nobodys_word(laptop: Laptop) -> None:
    laptop.enrolled().report()
    laptop.service.policy = policy(SigningKey(bytes([9]) * 32))
    laptop.run()

    assert laptop.service.asked == []
    assert "policy_seen" not in laptop.kinds()
    assert (laptop.outbox.item(1).problem or "").startswith("policy-refused: ")


def test_an_old_policy_again_is_refused(laptop: Laptop) -> None:
    laptop.enrolled().report("2025-10")
    laptop.service.policy = policy(number=5, smallest_group=15)
    laptop.run()
    laptop.report("2025-11")
    laptop.service.policy = policy(number=4)
    laptop.run()

    assert [laptop.state(number) for number in (1, 2)] == ["receipted", "approved"]
    assert "older" in (laptop.outbox.item(2).problem or "")


def test_a_purpose_that_is_no_longer_asked_for_is_not_sent_until_it_is_again(laptop: Laptop) -> None:
    laptop.enrolled().report()
    laptop.service.policy = policy(number=2, purposes=["group"])
    laptop.run()
    assert (laptop.state(), laptop.outbox.item(1).problem) == ("approved", "no-longer-wanted")
    laptop.service.policy = policy(number=3)
    laptop.run(later=24 * 3600)

    assert laptop.service.asked[0][0] == "PUT"
    assert laptop.state() == "receipted"


def test_without_the_policy_nothing_is_sent(laptop: Laptop) -> None:
    laptop.enrolled().report()
    laptop.service.policy = NotReachedError(SERVER, "it took too long")

    assert laptop.run().not_reached == 1
    laptop.service.policy = b"{}"
    laptop.run(later=24 * 3600)
    assert laptop.service.asked == []


# Corrections


def test_the_first_report_finds_nothing_and_a_correction_names_what_it_replaces(laptop: Laptop) -> None:
    first = laptop.enrolled().report()
    laptop.run()
    body = wire.encode("fyraften.duty.monthly/1", {"month": "2026-01", **VALUES, "eye_test_wanted": False})
    second = laptop.outbox.replace(body, "subject", NOW)
    laptop.outbox.approve(second.id, NOW, NOW)
    laptop.run()

    assert laptop.service.conditions == [{"if-none-match": "*"}, {"if-match": f'"{first.sha256}"'}]
    # The receipt of this service does not say that it is a correction: it is not believed.
    assert (laptop.outbox.item(2).problem or "").startswith("receipt-not-valid")
    sent = [dict(event.details) for event in laptop.ledger.events() if event.kind == "report_sent"]
    assert [one.get("replaces") for one in sent] == [None, first.sha256]


def test_what_is_about_to_leave_is_noted_first(laptop: Laptop) -> None:
    laptop.enrolled().report()
    noted = []

    def look(*_: object) -> Answer:
        noted.append((laptop.outbox.item(1).tried_at, laptop.kinds()[-1]))
        return problem("unavailable", 503)

    laptop.service.override = look
    laptop.run()

    assert noted == [(NOW, "report_sent")]


# Moments


def group_laptop(folder: Path) -> Laptop:
    laptop = Laptop(folder).enrolled()
    laptop.ledger.give("group", NOW - 100, "text", "en", 1, agreed_service(SERVER, SERVICE.public_key))
    laptop.keys.create("group")
    laptop.enrolments.start("group", SERVER, SERVICE, "group", "CODE", NOW - 100)
    laptop.enrolments.confirm("group", "sales", b"{}", NOW - 50)
    values = dict.fromkeys((field.name for field in wire.report("fyraften.group.weekly/1").fields), "unknown")
    body = wire.encode("fyraften.group.weekly/1", {**values, "week": "2026-W01", "cell": "sales"})
    item = laptop.outbox.prepare(body, "group", NOW)
    laptop.outbox.approve(item.id, NOW, NOW)
    return laptop


def test_a_moment_that_was_missed_is_drawn_anew(tmp_path: Path) -> None:
    laptop = group_laptop(tmp_path / "laptop")
    laptop.run(later=3600)

    assert laptop.service.asked == []
    assert laptop.outbox.item(1).next_try_at == NOW + 3600 + 1 + 2 * 3600
    laptop.run(later=2 * 3600 + 1)
    assert [method for method, _path, _body in laptop.service.asked] == ["PUT"]
    laptop.ledger.close()


def test_a_missed_moment_is_made_up_for_at_once_by_hand_or_before_the_week_closes(tmp_path: Path) -> None:
    for name, later, by_hand in (("hand", 3600, True), ("late", 20 * 24 * 3600, False)):
        laptop = group_laptop(tmp_path / name)
        laptop.clock.time += later
        laptop.sender.run(by_hand=by_hand)

        assert [method for method, _path, _body in laptop.service.asked] == ["PUT"], name
        laptop.ledger.close()


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
    assert agreed_servers(laptop.ledger, NOW) == [SERVER]
    laptop.ledger.append("withdrawn", "duty", NOW)

    assert agreed_servers(laptop.ledger, NOW) == []


def test_a_service_is_looked_up_when_an_enrolment_or_an_erasure_is_due(laptop: Laptop) -> None:
    assert agreed_servers(laptop.ledger, NOW) == [SERVER]
    laptop.ledger.append("withdrawn", "duty", NOW)
    laptop.enrolments.leave("subject", NOW)

    assert agreed_servers(laptop.ledger, NOW) == [SERVER]


def test_where_nothing_is_due_nobody_is_looked_up(laptop: Laptop) -> None:
    laptop.enrolled().report(approve=False)

    assert agreed_servers(laptop.ledger, NOW) == []
