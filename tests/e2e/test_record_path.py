"""The record of working time with real processes: two people, one week, one of them without anything recorded.

The employer's service and every command run as they do for people; only what the sensors would have measured is
written through the agent's own store.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent_records import at
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.store.store import Store
from fyraften_policy import wire
from fyraften_policy.periods import week_name, week_start
from laptop_processes import LaptopProcesses, today
from service_process import ADMIN, ServiceProcess, set_up

MONDAY = week_start(today()) - timedelta(weeks=1)
WEEK = week_name(MONDAY)
HOURS = ("7:24", "7:24", "7:24", "7:24", "6:24", "-", "-")
MINUTES = [444, 444, 444, 444, 384, None, None]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceProcess]:
    folder = tmp_path / "employer"
    folder.mkdir()
    service = set_up(folder, today())
    service.start()
    yield service
    service.stop()


def take_part(laptop: LaptopProcesses, service: ServiceProcess, name: str) -> str:
    """Agree to file the record with a personal code, at a real terminal; return what was shown."""
    code, shown = laptop.give("record", "--server", service.url, "--code", service.invite("person", name))
    assert code == 0, shown
    return shown


@pytest.fixture
def recorded(tmp_path: Path, service: ServiceProcess) -> LaptopProcesses:
    """Bo Holm, whose work of the last week was recorded and measured."""
    laptop = LaptopProcesses(tmp_path / "recorded")
    assert laptop.give("recording")[0] == 0
    take_part(laptop, service, "Bo Holm")
    laptop.paths.prepare()
    with Store.open(laptop.paths.work) as store:
        for number, (start, end) in enumerate(_worked(), 1):
            span, session = MeasuredSpan(number, start, end, 1), MeasuredSession(number, start, end, False)
            store.write_measured(Changes(spans=(span,), sessions=(session,)), "Europe/Copenhagen", None)
    return laptop


def _worked() -> Iterator[tuple[int, int]]:
    for number, end in enumerate(("15:54", "15:54", "15:54", "15:54", "14:54")):
        day = MONDAY + timedelta(days=number)
        yield at(day, "08:00"), at(day, "12:00")
        yield at(day, "12:30"), at(day, end)


@pytest.fixture
def by_hand(tmp_path: Path, service: ServiceProcess) -> LaptopProcesses:
    """Ida Vang, who lets nothing be recorded."""
    laptop = LaptopProcesses(tmp_path / "by_hand")
    take_part(laptop, service, "Ida Vang")
    return laptop


def file(laptop: LaptopProcesses, *how: str) -> dict[str, Any]:
    """Make the report of the week and let it leave at once; return it as it was shown before."""
    (report,) = laptop.json("record", WEEK, *how)["reports"]
    laptop.run("outbox", "approve", str(report["number"]), "--now")
    assert isinstance(report, dict)
    return report


def bodies(laptop: LaptopProcesses) -> list[bytes | None]:
    with closing(open_ledger(laptop.paths.ledger)) as connection:
        return [item.body for item in Outbox(connection).items()]


def rows(service: ServiceProcess, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(service.folder / "service.sqlite3")) as connection:
        return connection.execute(statement).fetchall()


def test_what_is_recorded_and_what_is_written_by_hand_make_the_very_same_bytes(
    recorded: LaptopProcesses, by_hand: LaptopProcesses, service: ServiceProcess
) -> None:
    shown = [file(recorded, "--take"), file(by_hand, "--hours", *HOURS)]

    expected = wire.encode("fyraften.record.weekly/1", {"week": WEEK, "minutes": MINUTES})
    assert bodies(recorded) == bodies(by_hand) == [expected]
    assert [one["body"].encode() for one in shown] == [expected, expected]
    columns = "week, revision, replaces, answers, body_sha256, received_on, erase_by"
    assert len(rows(service, f"SELECT {columns} FROM record_reports")) == 2
    assert len(rows(service, f"SELECT DISTINCT {columns} FROM record_reports")) == 1
    sent = [laptop.json("sent")["sent"] for laptop in (recorded, by_hand)]
    assert [[one["receipt_valid"] for one in of_one] for of_one in sent] == [[True], [True]]


def test_a_colleague_files_without_anything_being_recorded(by_hand: LaptopProcesses, service: ServiceProcess) -> None:
    file(by_hand, "--hours", *HOURS)
    file(by_hand, "--day", "fri=6:00")
    by_hand.run("record", WEEK)
    by_hand.run("sent", "--who-looked")
    by_hand.run("sent", "--mirror")

    states = {one["purpose"]: one["state"] for one in by_hand.json("consent", "show")["consents"]}
    assert (states["recording"], states["record"]) == ("none", "given")
    assert not list(by_hand.paths.folder.glob("work.sqlite3*"))
    assert [row for (row,) in rows(service, "SELECT revision FROM record_reports ORDER BY revision")] == [1, 2]


def test_what_the_consent_says_is_what_will_be(tmp_path: Path, service: ServiceProcess) -> None:
    laptop = LaptopProcesses(tmp_path / "laptop")

    shown = take_part(laptop, service, "Bo Holm")

    for words in ("§ 4 b", "Arbejdstilsynet", "cannot be taken back", "You can correct it", "five years"):
        assert words in " ".join(shown.split()), words


def test_one_day_corrected_is_the_second_revision_and_the_first_stays(
    recorded: LaptopProcesses, service: ServiceProcess
) -> None:
    file(recorded, "--take")
    file(recorded, "--day", "fri=6:00")

    first, second = recorded.json("sent")["sent"]
    receipts = [one["receipt"]["receipt"] for one in (first, second)]
    assert [(one["revision"], one["replaces"]) for one in receipts] == [(1, None), (2, receipts[0]["body_sha256"])]
    assert [one["receipt_valid"] for one in (first, second)] == [True, True]
    kept = rows(service, "SELECT answers FROM record_reports ORDER BY revision")
    assert [json.loads(answers)["minutes"][4] for (answers,) in kept] == [384, 360]
    told = recorded.run("sent")
    assert [f"Report {number}: fyraften.record.weekly/1, {WEEK}" in told for number in (1, 2, 3)] == [True, True, False]
    assert '"minutes":[444,444,444,444,360,null,null]' in told


def test_the_named_account_sees_the_totals_and_the_person_sees_who_looked(
    recorded: LaptopProcesses, service: ServiceProcess
) -> None:
    file(recorded, "--take")
    file(recorded, "--day", "fri=6:00")
    before = recorded.run("sent", "--who-looked")
    page = service.page("/record")
    (told,) = recorded.json("sent", "--who-looked")["who_looked"]
    mirror = recorded.json("sent", "--mirror")

    assert "nobody opened the record of a week that you filed" in before
    assert "Bo Holm" in page
    assert page.index("6:00") < page.index("6:24")
    assert told["views"] == [{"date": today().isoformat(), "account": ADMIN}]
    (of_record,) = mirror["mirror"]
    assert [report["revision"] for report in of_record["reports"]] == [1, 2]
    assert "Friday 6:00" in of_record["reports"][1]["seen"]
    assert {line["code"] for line in of_record["compared"]} == {"same"}
    assert of_record["who_looked"]["views"] == told["views"]


def test_taking_part_ends_at_once_and_the_record_when_the_law_lets_it_go(
    recorded: LaptopProcesses, service: ServiceProcess
) -> None:
    file(recorded, "--take")
    recorded.run("consent", "withdraw", "record")
    (erased,) = recorded.json("sent")["erased"]
    until = date.fromisoformat(erased["receipt"]["receipt"]["kept_until"])
    told = recorded.run("sent")
    service.set_date(until - timedelta(days=1))
    day_before = service.page("/record")
    service.set_date(until)
    service.page("/record")

    assert rows(service, "SELECT count(*) FROM enrolments") == [(0,)]
    assert erased["receipt"]["receipt"]["erased"] == ["enrolment", "code"]
    over = MONDAY + timedelta(weeks=1)
    assert 12 * until.year + until.month - (12 * over.year + over.month) == 5 * 12 + 4
    assert f"is erased there after {until}" in told
    assert "Bo Holm" in day_before
    assert rows(service, "SELECT (SELECT count(*) FROM record_reports), (SELECT count(*) FROM persons)") == [(0, 0)]
    assert recorded.run("record", WEEK, "--hours", *HOURS, code=2) == ""


def test_a_correction_of_what_never_left_takes_its_place(by_hand: LaptopProcesses, service: ServiceProcess) -> None:
    service.stop()
    (report,) = by_hand.json("record", WEEK, "--hours", *HOURS)["reports"]
    by_hand.run("outbox", "approve", str(report["number"]), "--now", code=7)
    by_hand.json("record", WEEK, "--day", "fri=6:00")
    by_hand.run("outbox", "approve", str(report["number"] + 1))
    service.start()
    for _ in range(2):
        by_hand.due_now()
        assert by_hand.sender() == 0

    kept = rows(service, "SELECT revision, answers FROM record_reports ORDER BY revision")
    assert [(revision, json.loads(answers)["minutes"][4]) for revision, answers in kept] == [(1, 360)]
    assert [by_hand.state(number) for number in (1, 2)] == ["purged", "receipted"]
