"""Withdrawal: what a person left is gone, from the file too, and a backup does not bring it back."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from fyraften_service.database import open_database
from fyraften_service.erasure import replay
from fyraften_service.receipts import from_text, is_signed_by
from fyraften_service.tables import codes, duty_reports, enrolments, group_reports, persons, tombstones
from service_office import CLOSED, OVER, WEEK, Office
from service_process import Laptop, duty_values, group_values


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:fyraften:problem:")


def count(office: Office, *tables: sa.Table) -> list[int]:
    with office.database.reading() as connection:
        return [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def test_a_withdrawal_is_receipted(office: Office) -> None:
    laptop = office.enrolled(office.cell_laptop())

    answer = office.ask(laptop.withdrawal())

    envelope, about = answer.json(), office.get("/v1/service").json()
    assert answer.status_code == 200
    assert is_signed_by(from_text(about["public_key"]), envelope["receipt"], envelope["signature"])
    assert envelope["receipt"] == {
        "schema": "fyraften.receipt/2",
        "laptop": None,
        "ledger": envelope["receipt"]["ledger"],
        "kind": "erasure",
        "purpose": "group",
        "date": "2026-10-30",
        "service": about["fingerprint"],
        "subject": laptop.subject,
        "erased": ["enrolment", "unpublished_reports"],
        "kept_until": None,
    }


def test_a_withdrawal_again_has_the_same_receipt(office: Office) -> None:
    laptop = office.enrolled(office.cell_laptop())
    first = office.ask(laptop.withdrawal())
    office.clock.day = CLOSED

    second = office.ask(laptop.withdrawal())

    assert (second.status_code, second.content) == (200, first.content)


def test_a_withdrawal_erases_unpublished_reports_of_this_person_only(office: Office) -> None:
    laptops = [office.enrolled(office.cell_laptop()) for _ in range(2)]
    office.clock.day = OVER
    for laptop in laptops:
        office.ask(laptop.report(WEEK, group_values(WEEK)))

    office.ask(laptops[0].withdrawal())

    assert count(office, enrolments, group_reports) == [1, 1]
    assert office.ask(laptops[1].report(WEEK, group_values(WEEK))).status_code == 200


def test_a_withdrawal_erases_the_name_the_code_and_the_reports(office: Office) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    office.ask(person.report("2026-10", duty_values("2026-10")))

    receipt = office.ask(person.withdrawal()).json()["receipt"]

    assert count(office, enrolments, duty_reports, persons, codes) == [0, 0, 0, 0]
    assert receipt["erased"] == ["enrolment", "name", "code", "reports"]
    assert problem(office.ask(office_laptop(office, person).enrolment())) == (403, "code-not-valid")


def office_laptop(office: Office, person: Laptop) -> Laptop:
    return Laptop(person.url, "duty", person.code, now=office.clock.now)


def test_after_a_withdrawal_nothing_of_the_person_is_in_any_file(office: Office) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    laptop = office.enrolled(office.cell_laptop())
    canaries = [b"Bo Holm", *(text.encode() for who in (person, laptop) for text in (who.subject, who.public_key))]
    before = everything_in(office.config.folder)

    office.ask(person.withdrawal())
    office.ask(laptop.withdrawal())

    after = everything_in(office.config.folder)
    assert [canary in before for canary in canaries] == [True] * len(canaries)
    assert [canary in after for canary in canaries] == [False] * len(canaries)


def test_what_comes_after_a_withdrawal_is_answered_gone(office: Office) -> None:
    laptop = office.enrolled(office.cell_laptop())
    office.ask(laptop.withdrawal())
    office.clock.day = OVER

    assert problem(office.ask(laptop.report(WEEK, group_values(WEEK)))) == (410, "withdrawn")
    assert problem(office.ask(laptop.enrolment())) == (410, "withdrawn")


def test_nobody_can_withdraw_another(office: Office) -> None:
    laptop, other = (office.enrolled(office.cell_laptop()) for _ in range(2))
    path = f"/v1/enrolments/{laptop.subject}"

    assert problem(office.ask(other.signed("DELETE", path))) == (401, "bad-signature")
    assert problem(office.ask(httpx.Request("DELETE", laptop.url + path))) == (401, "bad-signature")
    assert count(office, enrolments) == [2]


def test_somebody_unknown_cannot_withdraw(office: Office) -> None:
    assert problem(office.ask(office.cell_laptop().withdrawal())) == (404, "unknown-subject")


def test_a_backup_brought_back_brings_nobody_back(office: Office, tmp_path: Path) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    office.ask(person.report("2026-10", duty_values("2026-10")))
    office.database.scrub()
    shutil.copy(office.config.folder / "service.sqlite3", tmp_path / "backup")
    receipt = office.ask(person.withdrawal()).content
    office.database.close()
    for name in ("service.sqlite3-wal", "service.sqlite3-shm"):
        (office.config.folder / name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup", office.config.folder / "service.sqlite3")
    assert count(office, enrolments, tombstones) == [1, 0]

    replayed = replay(office.database, office.config.tombstone_file)

    assert replayed == 1
    assert count(office, enrolments, duty_reports, persons, tombstones) == [0, 0, 0, 1]
    assert b"Bo Holm" not in everything_in(office.config.folder)
    assert office.ask(person.withdrawal()).content == receipt


def test_a_line_cut_by_a_crash_does_not_swallow_the_next(office: Office) -> None:
    office.config.tombstone_file.write_bytes(b"0123456789abcdef")
    laptop = office.enrolled(office.cell_laptop())
    office.ask(laptop.withdrawal())
    fresh = open_database(f"sqlite:///{office.config.folder / 'restored.sqlite3'}")
    fresh.upgrade()

    assert replay(fresh, office.config.tombstone_file) == 1
    fresh.close()


@pytest.mark.parametrize("name", ["tombstones", "service.sqlite3", "service.key"])
def test_every_file_is_private(office: Office, name: str) -> None:
    office.ask(office.enrolled(office.cell_laptop()).withdrawal())

    assert (office.config.folder / name).stat().st_mode & 0o077 == 0
