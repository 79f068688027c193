"""``fyraften sent``: what left, to whom, and receipts that are checked again each time."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from typing import Any

from command_line import CommandLine
from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.receipts import encode, fingerprint
from fyraften_policy import wire
from lying_server import LyingServer, answer, says

KEY = SigningKey(bytes(32))
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY.public, None)
VALUES = {"screen_rule": "covered", "workplace_check": "done", "equipment_wanted": ["chair"], "eye_test_wanted": True}
BODY = wire.encode("fyraften.duty.monthly/1", {"month": "2026-10", **VALUES})


def receipt(kind: str, **more: Any) -> bytes:
    words = {
        "schema": "fyraften.receipt/2",
        "laptop": None,
        "ledger": {"number": 3, "head": "ab" * 32, "salt": "A" * 22},
        "kind": kind,
        "purpose": "duty",
        "date": "2026-11-02",
        "service": fingerprint(KEY.public),
        **more,
    }
    return wire.canonical({"receipt": words, "signature": encode(KEY.sign(wire.canonical(words)))})


def send(person: CommandLine) -> None:
    """Let the report of October have been sent and received."""
    digest = hashlib.sha256(BODY).hexdigest()
    with Ledger.open(person.paths) as ledger:
        Enrolments(ledger.connection).start("duty", "https://havn.example", SERVICE, "subject", "CODE", 1)
        Enrolments(ledger.connection).confirm("subject", None, b"{}", 1)
        outbox = Outbox(ledger.connection)
        item = outbox.prepare(BODY, "subject", person.clock.now() - 100)
        outbox.approve(item.id, person.clock.now() - 90, 1)
        report = {"report": "fyraften.duty.monthly/1", "period": "2026-10", "body_sha256": digest}
        ledger.append("receipt", "duty", person.clock.now() - 80, {"kind": "report", "sha256": digest})
        outbox.receipted(
            item.id,
            person.clock.now() - 80,
            receipt("report", **report, erase_by="2027-10-01", revision=1, replaces=None),
        )


def test_nothing_sent_says_so_and_makes_nothing(nobody: CommandLine) -> None:
    assert "Nothing was ever sent" in nobody.run("sent").out
    assert nobody.json("sent") == {"sent": [], "erased": [], "contradictions": []}
    assert not nobody.paths.folder.exists()


def test_what_was_sent_is_shown_byte_for_byte_with_its_receipt(newcomer: CommandLine) -> None:
    send(newcomer)
    (sent,) = newcomer.json("sent")["sent"]
    shown = newcomer.run("sent").out

    assert sent["body"].encode() == BODY
    assert sent["receipt_valid"] is True
    assert sent["receipt"]["receipt"]["body_sha256"] == sent["sha256"]
    for words in ("Havn A/S", BODY.decode(), "Receipt of 2026-11-02", fingerprint(KEY.public), "2027-10-01"):
        assert words in shown


def test_a_receipt_that_no_longer_fits_is_an_error(newcomer: CommandLine) -> None:
    send(newcomer)
    with closing(sqlite3.connect(newcomer.paths.ledger)) as connection:
        ((stored,),) = connection.execute("SELECT receipt FROM outbox").fetchall()
        connection.execute("UPDATE outbox SET receipt = ?", (stored.replace(b"2026-11-02", b"2026-11-01"),))
        connection.commit()
    outcome = newcomer.run("sent")

    assert outcome.code == 7
    assert "The stored receipt is not valid" in outcome.out


def test_what_is_only_held_was_not_sent(newcomer: CommandLine) -> None:
    with Ledger.open(newcomer.paths) as ledger:
        Enrolments(ledger.connection).start("duty", "https://havn.example", SERVICE, "subject", "CODE", 1)
        Outbox(ledger.connection).prepare(BODY, "subject", 1)

    assert newcomer.json("sent")["sent"] == []


def test_a_try_without_an_answer_may_have_arrived_and_is_listed(newcomer: CommandLine) -> None:
    with Ledger.open(newcomer.paths) as ledger:
        Enrolments(ledger.connection).start("duty", "https://havn.example", SERVICE, "subject", "CODE", 1)
        outbox = Outbox(ledger.connection)
        outbox.approve(outbox.prepare(BODY, "subject", 1).id, 1, 1)
        outbox.begin(1, 1, 61)
        outbox.failed(1, "not-reached", 2)
    (sent,) = newcomer.json("sent")["sent"]

    assert (sent["state"], sent["receipt_valid"]) == ("approved", False)
    assert "There is no valid receipt." in newcomer.run("sent").out


def test_an_erasure_is_shown_with_its_receipt(newcomer: CommandLine) -> None:
    send(newcomer)
    with Ledger.open(newcomer.paths) as ledger:
        enrolments = Enrolments(ledger.connection)
        enrolments.leave("subject", 5)
        enrolments.left("subject", receipt("erasure", subject="subject", erased=["reports"], kept_until=None))

    assert "erased on 2026-11-02, with a signed receipt" in newcomer.run("sent").out
    assert newcomer.json("sent")["erased"][0]["receipt"]["receipt"]["erased"] == ["reports"]


def enrol(person: CommandLine, server: str) -> None:
    """Let the person take part by name at a service."""
    with Ledger.open(person.paths) as ledger:
        ledger.give("duty", person.clock.now() - 50, "The text.", "en", 1, agreed_service(server, KEY.public))
        Enrolments(ledger.connection).start("duty", server, SERVICE, "s" * 26, "CODE", 1)
        Enrolments(ledger.connection).confirm("s" * 26, None, b"{}", 1)
    Keys(person.paths.keys).create("s" * 26)


def test_who_looked_is_asked_of_nobody_where_nobody_knows_the_name(nobody: CommandLine) -> None:
    assert "nobody to ask" in nobody.run("sent", "--who-looked").out
    assert nobody.json("sent", "--who-looked") == {"who_looked": []}
    assert not nobody.paths.folder.exists()


def test_who_looked_is_told_with_day_and_account_as_the_services_word(newcomer: CommandLine) -> None:
    body = b'{"schema":"fyraften.views/1","views":[{"date":"2026-11-18","account":"anna"}]}'
    with LyingServer(says(answer(200, body))) as server:
        enrol(newcomer, server.url)
        shown = newcomer.run("sent", "--who-looked").out
        document = newcomer.json("sent", "--who-looked")

    assert "Havn A/S says" in shown
    assert "  2026-11-18  anna\n" in shown
    assert "cannot be checked here" in shown
    assert document["who_looked"][0]["views"] == [{"date": "2026-11-18", "account": "anna"}]
    assert [asked.method for asked in server.asked] == ["GET", "GET"]


def test_that_nobody_looked_is_told(newcomer: CommandLine) -> None:
    with LyingServer(says(answer(200, b'{"schema":"fyraften.views/1","views":[]}'))) as server:
        enrol(newcomer, server.url)

        assert "nobody opened the list" in newcomer.run("sent", "--who-looked").out


def test_a_service_that_does_not_answer_ends_who_looked_with_seven(newcomer: CommandLine) -> None:
    with LyingServer(says(b"")) as server:
        enrol(newcomer, server.url)
        silent = newcomer.run("sent", "--who-looked")
    gone = newcomer.run("sent", "--who-looked", "--json")

    assert (silent.code, gone.code) == (7, 7)
    assert (silent.out, gone.out) == ("", "")
    assert "gave no usable answer" in gone.errors


def test_a_service_that_does_not_know_the_question_is_said_to_be_older(newcomer: CommandLine) -> None:
    body = b'{"type":"urn:fyraften:problem:not-found","title":"-","status":404,"detail":"-"}'
    with LyingServer(says(answer(404, body, "application/problem+json"))) as server:
        enrol(newcomer, server.url)
        refused = newcomer.run("sent", "--who-looked")

    assert refused.code == 7
    assert "perhaps it is of an older version" in refused.errors


def test_sent_alone_asks_nobody(newcomer: CommandLine) -> None:
    with LyingServer(says(b"")) as server:
        enrol(newcomer, server.url)
        newcomer.run("sent")

    assert server.asked == []


def test_receipts_that_contradict_each_other_are_an_error_and_both_are_kept(newcomer: CommandLine) -> None:
    send(newcomer)
    other = {"number": 3, "head": "cd" * 32, "salt": "A" * 22}
    with Ledger.open(newcomer.paths) as ledger:
        enrolments = Enrolments(ledger.connection)
        enrolments.leave("subject", 5)
        gone = receipt("erasure", subject="subject", erased=["reports"], kept_until=None, ledger=other)
        enrolments.left("subject", gone)
    outcome, verified = newcomer.run("sent"), newcomer.run("sent", "--verify")

    assert (outcome.code, verified.code) == (7, 7)
    assert "cannot both be true" in outcome.out
    assert "both are signed by the service" in outcome.errors
    assert "cannot both be true" in verified.out


def test_what_the_law_makes_the_employer_keep_is_told_with_its_date(newcomer: CommandLine) -> None:
    send(newcomer)
    with Ledger.open(newcomer.paths) as ledger:
        enrolments = Enrolments(ledger.connection)
        enrolments.leave("subject", 5)
        enrolments.left("subject", receipt("erasure", subject="subject", erased=["enrolment"], kept_until="2031-11-30"))

    assert "What the law makes the employer keep is erased there after 2031-11-30." in newcomer.run("sent").out


def test_an_erasures_receipt_that_no_longer_fits_is_told_and_does_not_end_the_list(newcomer: CommandLine) -> None:
    send(newcomer)
    with Ledger.open(newcomer.paths) as ledger:
        enrolments = Enrolments(ledger.connection)
        enrolments.leave("subject", 5)
        enrolments.left("subject", receipt("erasure", subject="another", erased=[], kept_until=None))

    assert "the stored receipt of the erasure is not valid" in newcomer.run("sent").out
    assert newcomer.run("sent", "--verify").code == 7


def test_where_nothing_is_kept_there_is_nothing_to_verify_and_nobody_to_ask(nobody: CommandLine) -> None:
    assert "No receipt is kept here." in nobody.run("sent", "--verify").out
    assert nobody.json("sent", "--verify") == {"receipts": [], "contradictions": []}
    assert "nobody to ask" in nobody.run("sent", "--mirror").out
    assert nobody.json("sent", "--mirror") == {"mirror": [], "ledger": []}
    assert not nobody.paths.folder.exists()


def test_only_one_question_at_a_time(nobody: CommandLine) -> None:
    assert nobody.run("sent", "--mirror", "--verify").code == 2


def test_verifying_asks_nobody(newcomer: CommandLine) -> None:
    with LyingServer(says(b"")) as server:
        enrol(newcomer, server.url)
        newcomer.run("sent", "--verify")

    assert server.asked == []


def test_a_service_that_does_not_say_what_it_holds_ends_the_mirror_with_seven(newcomer: CommandLine) -> None:
    body = b'{"type":"urn:fyraften:problem:not-found","title":"-","status":404,"detail":"-"}'
    with LyingServer(says(answer(404, body, "application/problem+json"))) as server:
        enrol(newcomer, server.url)
        refused = newcomer.run("sent", "--mirror")

    assert (refused.code, refused.out) == (7, "")
    assert "did not say what it holds: the service does not know this question" in refused.errors
