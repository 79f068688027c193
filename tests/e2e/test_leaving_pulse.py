"""Pulse, from the consent at a terminal to the employer's page, with real processes.

Only the months have to pass: what the person answers is put in for the next whole month, the collector's own function
prepares it as if that month were over, and the service's calendar is turned.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pexpect
import pytest

from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.selfchecks.answers import Answer
from fyraften_agent.sending.preparing import prepare_due_reports
from fyraften_agent.store.answers import keep_answers
from fyraften_agent.store.store import Store
from fyraften_policy import wire
from fyraften_policy.periods import month_interval, next_month
from laptop_processes import LaptopProcesses, today
from service_process import Laptop, ServiceProcess, pulse_values, set_up

ZONE = "Europe/Copenhagen"


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
    with closing(sqlite3.connect(service.folder / "service.sqlite3")) as connection:
        return connection.execute(statement).fetchall()


def status(request: httpx.Request) -> int:
    """Send a colleague's request, and return how it was answered."""
    with httpx.Client(trust_env=False, timeout=30) as client:
        return client.send(request).status_code


def next_whole_month() -> date:
    """Return its first day."""
    return next_month(today().replace(day=1))


def answer(laptop: LaptopProcesses, **said: str) -> None:
    """Answer statements about the next whole month."""
    first = next_whole_month()
    month, at = f"{first:%Y-%m}", month_interval(f"{first:%Y-%m}", ZONE).start
    with Store.open(laptop.paths.work) as store:
        keep_answers(store.file, [Answer(f"pulse.{name}", value, first, at, month) for name, value in said.items()])


def month_passes(laptop: LaptopProcesses) -> None:
    """Let the collector's function prepare what is due once the next whole month is over."""
    now = month_interval(f"{next_whole_month():%Y-%m}", ZONE).end
    with Store.open(laptop.paths.work) as store:
        prepare_due_reports(laptop.paths, Consents(laptop.paths), store, now, ZONE)


def test_what_was_answered_is_shown_approved_sent_receipted_and_shown_to_nobody_as_one(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    cell = service.invite("cell", "sales")
    code, shown = laptop.give("pulse", "--server", service.url, "--code", cell)
    assert code == 0, shown
    assert "three steps instead of five" in " ".join(shown.split())
    answer(laptop, role="nearly_always", balance="hardly_ever")
    month_passes(laptop)

    previewed = laptop.json("outbox", "show")["reports"][0]
    as_text = laptop.run("outbox", "show")
    assert (previewed["report"], previewed["state"]) == ("fyraften.pulse.monthly/1", "held")
    assert previewed["body"] in as_text.splitlines()
    assert "often or nearly always" in as_text
    assert "I can leave work behind when the working day is over." in as_text
    values = wire.decode(previewed["body"].encode())
    assert (values["role"], values["balance"], values["conflict"]) == ("often", "seldom", "unknown")

    assert laptop.sender() == 0
    assert rows(service, "SELECT count(*) FROM group_reports") == [(0,)]
    ended = next_month(next_whole_month())
    service.set_date(ended)
    laptop.run("outbox", "approve", "1", "--now")

    ((period, answers, digest),) = rows(service, "SELECT period, answers, body_sha256 FROM group_reports")
    sent = laptop.json("sent")["sent"][0]
    assert (sent["receipt_valid"], sent["body"], sent["sha256"]) == (True, previewed["body"], digest)
    rebuilt = {**json.loads(answers), "report": sent["report"], "month": period, "cell": "sales"}
    assert wire.canonical(rebuilt) == previewed["body"].encode()

    service.set_date(ended + timedelta(days=14))
    page = service.page("/pulse")
    assert "Fewer than 10 people contributed, so nothing is shown for this month." in page
    assert rows(service, "SELECT count(*) FROM group_reports") == [(0,)]


def test_ten_colleagues_are_shown_as_figures(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    code = service.invite("cell", "sales")
    colleagues = [Laptop(service.url, "pulse", code) for _ in range(9)]
    assert [status(one.enrolment()) for one in colleagues] == [201] * 9
    laptop.give("pulse", "--server", service.url, "--code", code)
    answer(laptop, role="often")
    month_passes(laptop)
    ended = next_month(next_whole_month())
    service.set_date(ended)
    month = f"{next_whole_month():%Y-%m}"
    reports = [one.report(month, pulse_values(month, role="often")) for one in colleagues]
    assert [status(report) for report in reports] == [201] * 9
    laptop.run("outbox", "approve", "1", "--now")

    service.set_date(ended + timedelta(days=14))
    page = service.page("/pulse")

    assert "10–19 people contributed." in page
    assert "I know what is expected of me when I work at home." in page


def test_taking_it_back_erases_what_the_service_holds_of_it(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    laptop.give("pulse", "--server", service.url, "--code", service.invite("cell", "sales"))
    answer(laptop, role="often")
    month_passes(laptop)
    service.set_date(next_month(next_whole_month()))
    laptop.run("outbox", "approve", "1", "--now")
    assert rows(service, "SELECT count(*) FROM group_reports") == [(1,)]

    laptop.run("consent", "withdraw", "pulse")
    laptop.sender()

    assert rows(service, "SELECT count(*) FROM group_reports") == [(0,)]
    assert laptop.json("consent", "show")["enrolments"][0]["state"] == "left"


def test_a_personal_code_enrols_for_duty_and_for_the_record_under_one_name(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    code = service.invite("person", "Bo Holm")

    for purpose in ("duty", "record"):
        ended, shown = laptop.give(purpose, "--server", service.url, "--code", code)
        assert ended == 0, shown

    shown = " ".join(shown.split())
    assert "the employer must keep it for five years" in shown[: shown.index("To agree,")]
    assert "§ 4 b" in shown
    assert rows(service, "SELECT count(*), count(DISTINCT person), count(DISTINCT subject) FROM enrolments") == [
        (2, 1, 2)
    ]
    again, refused = laptop.give("pulse", "--server", service.url, "--code", code)
    assert (again, "taken back" in refused) == (7, True)


def test_under_norwegian_law_nobody_can_agree_to_it(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    laptop.environ["TZ"] = "Europe/Oslo"
    code = service.invite("cell", "sales")
    words = ["-m", "fyraften_agent.cli", "consent", "give", "pulse", "--server", service.url, "--code", code]
    program = pexpect.spawn(sys.executable, words, env=laptop.environ, encoding="utf-8", timeout=30)
    program.expect(pexpect.EOF)
    shown = str(program.before)
    program.close()

    assert program.exitstatus == 2
    assert "not available in Norway yet" in shown
    assert rows(service, "SELECT count(*) FROM enrolments") == [(0,)]
