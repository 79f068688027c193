"""A9: who withdraws is erased everywhere, backups included, and has a signed receipt for it.

On PostgreSQL, and for a group's reports, it is in ``tests/service/test_erasure.py``.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import sqlalchemy as sa

from fyraften_agent.consent.keys import Keys
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sending.enrolment import Enrolments, withdraw
from fyraften_agent.sending.transport import Identity
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire
from fyraften_service.erasure import replay
from fyraften_service.receipts import from_text, is_signed_by
from fyraften_service.tables import duty_reports, enrolments, persons
from office_way import OfficeLaptop
from privacy.conftest import OFFICE_NOW, approved
from service_office import Office, open_office
from service_process import duty_values


def taken_part(office: Office, folder: Path) -> OfficeLaptop:
    laptop = OfficeLaptop(folder, office, "duty", OFFICE_NOW)
    approved(laptop, "chair")
    assert laptop.run().receipted == 1
    return laptop


def left(laptop: OfficeLaptop) -> OfficeLaptop:
    with Ledger.open(laptop.paths) as ledger:
        withdraw(ledger, "duty", laptop.clock.time)
    laptop.run()
    return laptop


def rows(office: Office) -> list[int]:
    with office.database.reading() as connection:
        tables = (persons, enrolments, duty_reports)
        return [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_after_leaving_nothing_of_the_person_is_in_any_file_of_the_service(office: Office, tmp_path: Path) -> None:
    laptop = taken_part(office, tmp_path / "laptop")
    traces = [b"Bo Holm", laptop.subject.encode()]
    before = content(office.config.folder)
    left(laptop)

    assert all(trace in before for trace in traces)
    assert [trace for trace in traces if trace in content(office.config.folder)] == []
    assert rows(office) == [0, 0, 0]


def test_the_laptop_keeps_the_signed_receipt_of_it(office: Office, tmp_path: Path) -> None:
    laptop = left(taken_part(office, tmp_path / "laptop"))
    with Ledger.open(laptop.paths) as ledger:
        (enrolment,) = Enrolments(ledger.connection).all()

    envelope = json.loads(enrolment.erasure_receipt or b"")
    public = from_text(office.get("/v1/service").json()["public_key"])
    assert is_signed_by(public, envelope["receipt"], envelope["signature"])
    assert envelope["receipt"]["erased"] == ["enrolment", "name", "code", "reports"]
    assert [event.kind for event in verify(laptop.paths)[-2:]] == ["erasure_requested", "erasure_completed"]


def test_a_backup_that_is_brought_back_brings_nobody_back(office: Office, tmp_path: Path) -> None:
    laptop = taken_part(office, tmp_path / "laptop")
    identity = Identity(laptop.subject, Keys(laptop.paths.keys).load(laptop.subject))
    office.database.close()
    backup = shutil.copy(office.config.folder / "service.sqlite3", tmp_path / "backup")
    again = open_office(office.config.folder)
    laptop.way.office = again
    left(laptop)
    again.database.close()
    for name in ("service.sqlite3-wal", "service.sqlite3-shm"):
        (office.config.folder / name).unlink(missing_ok=True)
    shutil.copy(backup, office.config.folder / "service.sqlite3")
    restored = open_office(office.config.folder)
    laptop.way.office = restored
    assert rows(restored) == [1, 1, 1]

    replay(restored.database, restored.config.tombstone_file)

    body, path = wire.encode("fyraften.duty.monthly/1", duty_values("2026-10")), "/v1/reports/duty.monthly/2026-10"
    late = laptop.way.ask("PUT", path, body, identity, laptop.clock.time, {"if-none-match": "*"})
    assert rows(restored) == [0, 0, 0]
    assert b"Bo Holm" not in content(restored.config.folder)
    assert late.status == 410
    restored.database.close()
