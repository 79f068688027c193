"""The mirror with real processes: what the service says it holds, beside what left; and a service that rewrites."""

from __future__ import annotations

import ast
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from laptop_processes import LaptopProcesses, today, weeks_after
from service_process import ADMIN, ServiceProcess, set_up

DUTY = "fyraften.duty.monthly/1"


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


def change(service: ServiceProcess, statement: str, *values: object) -> None:
    """Change the service's database behind its back, as whoever administers it can."""
    with closing(sqlite3.connect(service.folder / "service.sqlite3")) as connection, connection:
        connection.execute(statement, values)


def tell(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    """Take part by name, and send a report of this month."""
    code, shown = laptop.give("duty", "--server", service.url, "--code", service.invite("person", "Bo Holm"))
    assert code == 0, shown
    laptop.run("outbox", "prepare", "duty", "--equipment", "chair", "screen", "--eye-test", "yes")
    laptop.run("outbox", "approve", "1", "--now")


def codes(document: dict[str, Any]) -> list[str]:
    return [line["code"] for each in document["mirror"] for line in each["compared"]]


def test_what_is_held_is_told_with_what_the_employer_sees_and_who_looked(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    tell(laptop, service)
    assert "Bo Holm" in service.page("/people")
    document = laptop.json("sent", "--mirror")
    shown = laptop.run("sent", "--mirror")

    (mirror,) = document["mirror"]
    (report,) = mirror["reports"]
    assert (mirror["name"], report["period"], report["revision"]) == ("Bo Holm", f"{today():%Y-%m}", 1)
    assert report["answers"]["equipment_wanted"] == ["chair", "screen"]
    assert report["seen"][0] == "Bo Holm"
    assert any("Asks for" in line for line in report["seen"])
    assert mirror["who_looked"]["views"] == [{"date": today().isoformat(), "account": ADMIN}]
    assert codes(document) == ["same"]
    assert [line["code"] for line in document["ledger"]] == ["chain_holds", "not_entered_yet", "not_entered_yet"]
    for words in ("Bo Holm", "the same here and there", "Nothing: both sides agree.", "cannot be checked here"):
        assert words in shown


def test_when_its_day_is_over_a_receipt_stands_in_the_services_ledger(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    tell(laptop, service)
    service.set_date(today() + timedelta(days=3))

    found = [line["code"] for line in laptop.json("sent", "--mirror")["ledger"]]

    assert found == ["chain_holds", "entered", "entered"]


def test_a_report_erased_behind_its_back_is_shown_as_missing(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    tell(laptop, service)
    change(service, "DELETE FROM duty_reports")

    document = json.loads(laptop.run("sent", "--mirror", "--json", code=7))

    assert codes(document) == ["missing_there"]
    assert "to be kept until" in laptop.run("sent", "--mirror", code=7)


def test_changed_answers_are_shown(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    tell(laptop, service)
    change(service, "UPDATE duty_reports SET answers = replace(answers, 'chair', 'desk')")

    assert codes(json.loads(laptop.run("sent", "--mirror", "--json", code=7))) == ["same", "other_answers"]


def test_a_service_that_rewrites_a_day_is_told(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    tell(laptop, service)
    service.set_date(today() + timedelta(days=2))
    laptop.run("sent", "--mirror")  # the day is sealed
    change(service, "UPDATE journal_days SET root = ? WHERE number = 1", "ab" * 32)

    found = [line["code"] for line in json.loads(laptop.run("sent", "--mirror", "--json", code=7))["ledger"]]

    assert found == ["chain_holds", "entry_elsewhere", "entry_elsewhere"]


def test_a_report_sent_after_a_day_was_rewritten_shows_that_history_changed(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    code, _shown = laptop.give("group", "--server", service.url, "--code", service.invite("cell", "sales"))
    assert code == 0
    (week,) = weeks_after(today())
    laptop.prepare(week)
    service.set_date(today() + timedelta(days=15))
    laptop.run("outbox", "approve", "1", "--now")
    change(service, "UPDATE journal_days SET root = ? WHERE number = 5", "ab" * 32)

    document = json.loads(laptop.run("sent", "--mirror", "--json", code=7))

    assert [line["code"] for line in document["ledger"]] == ["head_not_contained", "entered", "not_entered_yet"]


def test_a_group_report_is_shown_until_it_is_published(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    laptop.give("group", "--server", service.url, "--code", service.invite("cell", "sales"))
    (week,) = weeks_after(today())
    laptop.prepare(week)
    service.set_date(today() + timedelta(days=15))
    laptop.run("outbox", "approve", "1", "--now")
    held = laptop.json("sent", "--mirror")
    service.set_date(today() + timedelta(days=50))
    gone = laptop.json("sent", "--mirror")

    assert (codes(held), codes(gone)) == (["same"], ["published"])
    assert held["mirror"][0]["name"] is None
    assert held["mirror"][0]["reports"][0]["seen"] is None
    assert gone["mirror"][0]["reports"] == []


ROOT = Path(__file__).parents[2]


def published_check(folder: Path) -> Path:
    """Return the program that the page on receipts shows, as a file of its own."""
    page = (ROOT / "docs" / "receipts.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    program = folder / "check.py"
    program.write_text(block, encoding="utf-8")
    return program


def test_somebody_else_checks_a_receipt_with_the_program_of_the_page(
    laptop: LaptopProcesses, service: ServiceProcess, tmp_path: Path
) -> None:
    tell(laptop, service)
    service.stop()
    program, exported = published_check(tmp_path), tmp_path / "sent.json"
    document = laptop.run("sent", "--json")
    exported.write_text(document, encoding="utf-8")

    def check() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", str(program), str(exported)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert check().stdout == f"valid: {DUTY} {today():%Y-%m} received on {today().isoformat()}\n"
    for old, new in (
        ("erase_by", "erase_be"),
        ("eye_test_wanted", "eye_test_wanned"),
        (f'"{today()}"', '"2020-01-01"'),
    ):
        assert old in document
        exported.write_text(document.replace(old, new), encoding="utf-8")
        assert check().returncode == 1, old


def test_the_program_of_the_page_needs_one_library_and_nothing_of_ours(tmp_path: Path) -> None:
    tree = ast.parse(published_check(tmp_path).read_text(encoding="utf-8"))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
    }

    assert names - sys.stdlib_module_names == {"cryptography"}


def test_every_receipt_is_verified_without_a_network(laptop: LaptopProcesses, service: ServiceProcess) -> None:
    tell(laptop, service)
    service.stop()

    shown = laptop.run("sent", "--verify")
    document = laptop.json("sent", "--verify")

    assert [one["valid"] for one in document["receipts"]] == [True, True]
    assert document["contradictions"] == []
    assert "Receipts that are kept here, checked now without a network: 2" in shown
    with closing(sqlite3.connect(laptop.paths.ledger)) as connection, connection:
        connection.execute(
            "UPDATE outbox SET receipt = CAST(replace(CAST(receipt AS TEXT), 'erase_by', 'erase_be') AS BLOB)"
        )
    assert "not valid" in laptop.run("sent", "--verify", code=7)


def test_nothing_of_a_person_who_withdrew_is_in_any_file_of_either_side_but_the_proof(
    laptop: LaptopProcesses, service: ServiceProcess
) -> None:
    """Unsent bytes and codes are gone here, and everything there; what was sent and its receipts stay the person's."""
    code = service.invite("person", "Bo Canary Holm")
    laptop.give("duty", "--server", service.url, "--code", code)
    laptop.run("outbox", "prepare", "duty", "--equipment", "desk", "light")
    unsent = laptop.json("outbox", "show")["reports"][0]["body"].encode()
    with closing(sqlite3.connect(laptop.paths.ledger)) as connection:
        ((subject,),) = connection.execute("SELECT subject FROM enrolments").fetchall()

    def files_of(folder: Path) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())

    assert unsent in files_of(laptop.paths.folder)
    assert b"Bo Canary Holm" in files_of(service.folder)
    shown = laptop.run("consent", "withdraw", "duty")

    assert "confirmed it with its signature" in shown
    here, there = files_of(laptop.paths.folder), files_of(service.folder)
    assert [word for word in (b"Bo Canary Holm", subject.encode(), unsent) if word in there] == []
    assert [word for word in (code.encode(), unsent) if word in here] == []
    receipt = laptop.json("sent")["erased"][0]["receipt"]["receipt"]
    assert (receipt["kind"], receipt["erased"], receipt["kept_until"]) == (
        "erasure",
        ["enrolment", "name", "code", "reports"],
        None,
    )
    assert [one["valid"] for one in laptop.json("sent", "--verify")["receipts"]] == [True, True]
