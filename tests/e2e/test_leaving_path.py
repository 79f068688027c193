"""The whole way out with real processes: a terminal, the command line, the sender, the employer's service."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from fyraften_agent.consent.keys import Keys
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_marks import header
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sender import Sender
from fyraften_agent.sending.enrolment import Enrolments
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.transport import HttpTransport, Identity
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire
from laptop_processes import LaptopProcesses, today, weeks_after
from service_process import ADMIN, ServiceProcess, set_up


@pytest.fixture
def laptop(tmp_path: Path) -> LaptopProcesses:
    return LaptopProcesses(tmp_path / "laptop")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceProcess]:
    folder = tmp_path / "employer"
    folder.mkdir()
    service = set_up(folder, today())
    service.start()
    yield service
    service.stop()


def rows(service: ServiceProcess, statement: str) -> list[tuple[Any, ...]]:
    """Look into the service's database, as nobody but a test does."""
    (file,) = [path for path in service.folder.iterdir() if path.suffix in (".sqlite3", ".db", ".sqlite")]
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(statement).fetchall()


def enrol(laptop: LaptopProcesses, service: ServiceProcess) -> str:
    """Take part with a cell code; return what was shown."""
    code, shown = laptop.give("group", "--server", service.url, "--code", service.invite("cell", "sales"))
    assert code == 0, shown
    return shown


def test_what_arrives_is_byte_for_byte_what_was_previewed(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    enrol(laptop, service)
    (week,) = weeks_after(today())
    laptop.prepare(week)
    previewed = laptop.json("outbox", "show")["reports"][0]["body"]
    assert previewed in laptop.run("outbox", "show").splitlines()
    service.set_date(today() + timedelta(days=15))
    laptop.run("outbox", "approve", "1", "--now")

    ((answers, digest),) = rows(service, "SELECT answers, body_sha256 FROM group_reports")
    sent = laptop.json("sent")["sent"][0]
    assert sent["receipt_valid"] is True
    assert sent["body"] == previewed
    assert sent["receipt"]["receipt"]["body_sha256"] == digest == sent["sha256"]
    rebuilt = {**json.loads(answers), "report": sent["report"], "week": week, "cell": "sales"}
    assert wire.canonical(rebuilt) == previewed.encode()


def test_the_consent_names_what_a_person_must_know(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    shown = " ".join(enrol(laptop, service).split())

    for field in wire.report("fyraften.group.weekly/1").fields:
        assert f"{field.name}: {field.meaning['en']}" in shown
    for words in (
        "Nordhavn Regnskab",
        "hr@example.dk",
        service.url,
        "GDPR article 6(1)(a)",
        "from 10 contributors on",
        "one row of yours",
        "Datatilsynet",
        "withdraw at any time",
        laptop.json("consent", "show")["enrolments"][0]["fingerprint"],
    ):
        assert words in shown, words


def test_nothing_is_sent_before_it_is_approved(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    enrol(laptop, service)
    laptop.prepare(weeks_after(today())[0])
    service.set_date(today() + timedelta(days=15))

    assert laptop.sender() == 0
    assert rows(service, "SELECT count(*) FROM group_reports") == [(0,)]
    assert laptop.state() == "held"


def test_a_code_the_service_does_not_know_leaves_no_consent(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    code, shown = laptop.give("group", "--server", service.url, "--code", "0000-0000-0000-0000")

    assert code == 7
    assert "taken back" in shown
    states = {one["purpose"]: one["state"] for one in laptop.json("consent", "show")["consents"]}
    assert states["group"] == "withdrawn"
    laptop.sender()
    assert laptop.json("consent", "show")["enrolments"][0]["state"] == "left"


def test_a_personal_code_enrols_for_duty_and_the_report_arrives(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    code, shown = laptop.give("duty", "--server", service.url, "--code", service.invite("person", "Bo Holm"))
    assert code == 0, shown
    prepared = laptop.json("outbox", "prepare", "duty", "--equipment", "chair", "screen", "--eye-test", "yes")
    laptop.run("outbox", "approve", str(prepared["reports"][0]["number"]), "--now")

    ((answers,),) = rows(service, "SELECT answers FROM duty_reports")
    assert json.loads(answers)["equipment_wanted"] == ["chair", "screen"]
    assert json.loads(answers)["eye_test_wanted"] is True
    assert laptop.json("sent")["sent"][0]["receipt_valid"] is True


def test_a_person_can_see_who_looked(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    laptop.give("duty", "--server", service.url, "--code", service.invite("person", "Bo Holm"))
    prepared = laptop.json("outbox", "prepare", "duty", "--equipment", "chair")
    laptop.run("outbox", "approve", str(prepared["reports"][0]["number"]), "--now")
    before = laptop.run("sent", "--who-looked")
    assert "Bo Holm" in service.page("/people")
    service.page("/people")

    assert "nobody opened the list" in before
    (told,) = laptop.json("sent", "--who-looked")["who_looked"]
    assert told["views"] == [{"date": today().isoformat(), "account": ADMIN}]
    service.stop()
    laptop.run("sent", "--who-looked", code=7)


def test_two_purposes_share_neither_key_nor_name(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    enrol(laptop, service)
    laptop.give("duty", "--server", service.url, "--code", service.invite("person", "Bo Holm"))

    (first, second) = rows(service, "SELECT subject, public_key FROM enrolments ORDER BY purpose")
    assert not set(first) & set(second)


def test_withdrawing_erases_at_the_service_and_its_receipt_is_kept(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    enrol(laptop, service)
    first, second = weeks_after(today(), 2)
    laptop.prepare(first)
    laptop.prepare(second)
    service.set_date(today() + timedelta(days=15))
    laptop.run("outbox", "approve", "1", "--now")
    assert rows(service, "SELECT count(*) FROM group_reports") == [(1,)]
    shown = laptop.run("consent", "withdraw", "group")

    assert "confirmed it with its signature" in shown
    assert rows(service, "SELECT count(*) FROM group_reports") == [(0,)]
    assert rows(service, "SELECT count(*) FROM enrolments") == [(0,)]
    assert (laptop.state(1), laptop.state(2)) == ("receipted", "purged")
    assert laptop.json("sent")["erased"][0]["receipt"]["receipt"]["kind"] == "erasure"
    kinds = [event["kind"] for event in laptop.json("consent", "show")["events"]]
    assert kinds[-3:] == ["withdrawn", "erasure_requested", "erasure_completed"]
    assert {path.name for path in laptop.paths.keys.iterdir()} == {"ledger.key", "ledger.head"}


def test_withdrawing_works_offline_and_the_erasure_follows(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    enrol(laptop, service)
    laptop.prepare(weeks_after(today())[0])
    assert b'"home_share":"under_half"' in laptop.paths.ledger.read_bytes()
    service.stop()
    shown = laptop.run("consent", "withdraw", "group")
    assert "has not confirmed yet" in shown
    assert laptop.state() == "purged"
    assert b'"home_share":"under_half"' not in laptop.paths.ledger.read_bytes()
    assert laptop.sender() == 0  # its next try is not due yet
    laptop.due_now()
    assert laptop.sender() == 7
    service.start()
    laptop.due_now()
    assert laptop.sender() == 0

    assert rows(service, "SELECT count(*) FROM enrolments") == [(0,)]
    assert laptop.json("consent", "show")["enrolments"][0]["state"] == "left"


def test_a_service_down_for_a_week_gets_everything_once(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    """The sender's clock runs through a week in which nothing answers; then the service is back."""
    enrol(laptop, service)
    weeks = weeks_after(today(), 2)
    for week in weeks:
        laptop.prepare(week)
    laptop.run("outbox", "approve", "all")
    service.stop()
    back = int(time.time())
    clock = SimulatedClock(back - 7 * 86400)
    with Ledger.open(laptop.paths) as ledger:
        ledger.connection.execute("UPDATE outbox SET next_try_at = ?", (clock.now(),))
        sender = Sender(ledger, Keys(laptop.paths.keys), HttpTransport, clock, lambda: 0.5)
        tries = 0
        while clock.now() < back:
            tries += sender.run().not_reached
            clock.advance(600)
    assert 40 < tries < 2 * 40  # every six to twelve hours at last
    assert [laptop.state(number) for number in (1, 2)] == ["approved", "approved"]
    service.set_date(today() + timedelta(days=21))
    service.start()
    laptop.due_now()
    assert laptop.sender() == 0
    laptop.due_now()
    assert laptop.sender() == 0

    assert sorted(rows(service, "SELECT period FROM group_reports")) == [(week,) for week in sorted(weeks)]
    assert [one["receipt_valid"] for one in laptop.json("sent")["sent"]] == [True, True]


class SimulatedClock:
    """A clock that is turned by hand."""

    def __init__(self, now: int) -> None:
        self._now = now

    def advance(self, seconds: int) -> None:
        self._now += seconds

    def now(self) -> int:
        return self._now

    def monotonic(self) -> float:
        return float(self._now)

    def boottime(self) -> float:
        return float(self._now)

    def zone(self) -> str:
        return "Europe/Copenhagen"


def test_a_sender_killed_while_it_waits_goes_on_and_the_report_arrives_once(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    enrol(laptop, service)
    laptop.prepare(weeks_after(today())[0])
    service.set_date(today() + timedelta(days=15))
    laptop.run("outbox", "approve", "1")
    laptop.due_now()
    policy = httpx.get(f"{service.url}/v1/policy", trust_env=False).content
    service.stop()
    port = int(service.url.rsplit(":", 1)[1])
    with Stalling(port, policy) as stalling:
        sender = subprocess.Popen([sys.executable, "-m", "fyraften_agent.sender"], env=laptop.environ)
        assert stalling.was_asked.wait(30)
        sender.send_signal(signal.SIGKILL)
        sender.wait(30)
    assert laptop.state() == "approved"
    service.start()
    assert laptop.sender() == 0
    assert laptop.state() == "approved"  # not before its time, however often a sender ends
    laptop.due_now()
    assert laptop.sender() == 0

    assert rows(service, "SELECT count(*) FROM group_reports") == [(1,)]
    assert laptop.state() == "receipted"
    assert [event.kind for event in verify(laptop.paths)].count("report_sent") == 1


class Stalling:
    """Says what the policy is; else takes a connection, reads the request, and never answers."""

    def __init__(self, port: int, policy: bytes) -> None:
        lines = ("HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {len(policy)}", "", "")
        self._policy = "\r\n".join(lines).encode() + policy
        self.was_asked = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", port), reuse_port=False)
        self._connections: list[socket.socket] = []

    def __enter__(self) -> Stalling:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        for connection in (*self._connections, self._listener):
            connection.close()

    def _serve(self) -> None:
        while not self.was_asked.is_set():
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            if b"PUT" in connection.recv(65536):
                self.was_asked.set()
            else:
                connection.sendall(self._policy)


def test_a_restarted_service_with_the_same_key_answers_the_same_receipt(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    """An answer that was lost on the way: the same bytes again, and one row."""
    enrol(laptop, service)
    number = laptop.prepare(weeks_after(today())[0])
    service.set_date(today() + timedelta(days=15))
    with Ledger.open(laptop.paths) as ledger:
        outbox, enrolments = Outbox(ledger.connection), Enrolments(ledger.connection)
        item = outbox.approve(number, 1, int(time.time()))
        enrolment = enrolments.current("group")
        assert enrolment is not None
        key = Keys(laptop.paths.keys).load(item.subject)
        path = f"/v1/reports/group.weekly/{item.period}"
        mark = header(item.subject, ledger.events())
        me = Identity(item.subject, key)
        lost = HttpTransport(service.url).ask("PUT", path, item.body, me, int(time.time()), mark)
    assert lost.status == 201
    service.kill()
    service.start()
    assert laptop.sender() == 0

    with closing(open_ledger(laptop.paths.ledger)) as connection:
        assert Outbox(connection).item(number).receipt == lost.body
    assert rows(service, "SELECT count(*) FROM group_reports") == [(1,)]
