"""Withdrawal: what a person left is gone, from the file too, and a backup does not bring it back."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from fyraften_service.app import keep_up
from fyraften_service.database import open_database
from fyraften_service.enrolment import code_hash, subject_hash
from fyraften_service.erasure import erase, replay
from fyraften_service.errors import InputError
from fyraften_service.journal import is_entered
from fyraften_service.receipts import ServiceKey, from_text, is_signed_by, load_key
from fyraften_service.service import Service
from fyraften_service.tables import codes, duty_reports, enrolments, group_reports, persons, tombstones
from postgres_server import PostgresServer
from service_office import CLOSED, FRIDAY, OVER, WEEK, Office, open_office
from service_process import Laptop, duty_values, group_values


@pytest.fixture
def office(office_on_either: Office) -> Office:
    """Everything here holds on SQLite and on PostgreSQL."""
    return office_on_either


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


def traces_of(office: Office, *laptops: Laptop) -> dict[str, bytes]:
    """Return everything by which somebody could be found, or what they told, in the bytes in which it is kept."""
    found = {}
    for number, laptop in enumerate(laptops):
        mine = {"subject": laptop.subject, "public key": laptop.public_key}
        if laptop.purpose == "duty":  # a group's code is for many, and stays
            mine["code"] = code_hash(laptop.code)
        found |= {f"{name} {number}": text.encode() for name, text in mine.items()}
    with office.database.reading() as connection:
        for table in (group_reports, duty_reports, enrolments):
            for row in connection.execute(sa.select(table)):
                row_of = row._mapping
                for name in {"answers", "body_sha256", "receipt", "token"} & set(row_of):
                    found[f"{table.name} {name} {row_of[name][:8]}"] = str(row_of[name]).encode()
    return found


def both_kinds(office: Office) -> tuple[Laptop, Laptop]:
    """Let somebody report by name, and somebody of a group."""
    person, laptop = office.enrolled(office.person_laptop("Bo Holm")), office.enrolled(office.cell_laptop())
    office.clock.day = OVER
    assert office.ask(person.report("2026-10", duty_values("2026-10"))).status_code == 201
    assert office.ask(laptop.report(WEEK, group_values(WEEK))).status_code == 201
    return person, laptop


def test_after_a_withdrawal_nothing_of_the_person_is_in_any_file(office_on_sqlite: Office) -> None:
    office = office_on_sqlite
    person, laptop = both_kinds(office)
    traces = {"name": b"Bo Holm", **traces_of(office, person, laptop)}
    before = everything_in(office.config.folder)

    office.ask(person.withdrawal())
    office.ask(laptop.withdrawal())

    after = everything_in(office.config.folder)
    assert len(traces) >= 13
    assert [name for name, trace in traces.items() if trace not in before] == []
    assert [name for name, trace in traces.items() if trace in after] == []


@pytest.mark.external_service
def test_after_a_withdrawal_nothing_of_the_person_is_in_a_backup_nor_in_the_tables_files(
    office_on_postgres: Office, postgres: PostgresServer
) -> None:
    """PostgreSQL's log of changes, and index pages, keep copies until they are used again: ``docs/service.md``."""
    office, name = office_on_postgres, str(sa.make_url(office_on_postgres.config.database).database)
    person, laptop = both_kinds(office)
    traces = {"name": b"Bo Holm", **traces_of(office, person, laptop)}
    before, files_before = postgres.dump(name), postgres.files_of_tables()

    office.ask(person.withdrawal())
    office.ask(laptop.withdrawal())

    after, files_after = postgres.dump(name), postgres.files_of_tables()
    assert [each for each, trace in traces.items() if trace not in before] == []
    assert [each for each, trace in traces.items() if trace in after] == []
    in_an_index = {each for each in traces if each.startswith(("subject", "code")) or " token " in each}
    assert traces["name"] in files_before
    assert [each for each in set(traces) - in_an_index if traces[each] in files_after] == []


def test_what_a_backup_still_read_is_removed_from_the_files_once_it_ends(office_on_sqlite: Office) -> None:
    office = office_on_sqlite
    laptops = both_kinds(office)
    traces = traces_of(office, *laptops)
    backup = sqlite3.connect(office.config.folder / "service.sqlite3", isolation_level=None)
    backup.execute("BEGIN")
    backup.execute("SELECT count(*) FROM persons").fetchone()
    statuses = [office.ask(laptop.withdrawal()).status_code for laptop in laptops]
    held = everything_in(office.config.folder)
    backup.close()

    keep_up(service_of(office))

    assert statuses == [200, 200]
    assert any(trace in held for trace in traces.values())
    left = everything_in(office.config.folder)
    assert [name for name, trace in traces.items() if trace in left] == []


@pytest.mark.external_service
def test_what_a_backup_of_postgresql_still_read_is_removed_from_the_tables_once_it_ends(
    office_on_postgres: Office, postgres: PostgresServer
) -> None:
    office = office_on_postgres
    person = office.enrolled(office.person_laptop("Bo Canary Holm"))
    backup = sa.create_engine(office.config.database, isolation_level="REPEATABLE READ")
    with backup.connect() as connection:
        connection.execute(sa.select(sa.func.count()).select_from(persons)).scalar_one()
        status = office.ask(person.withdrawal()).status_code
        held = postgres.files_of_tables()
    backup.dispose()

    keep_up(service_of(office))

    assert status == 200
    assert b"Bo Canary Holm" in held
    assert b"Bo Canary Holm" not in postgres.files_of_tables()


def service_of(office: Office) -> Service:
    return Service(office.config, office.database, office.clock, load_key(office.config.key_file))


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


def test_a_backup_brought_back_brings_nobody_back(office_on_sqlite: Office, tmp_path: Path) -> None:
    office = office_on_sqlite
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
    assert problem(office.ask(person.report("2026-10", duty_values("2026-10")))) == (410, "withdrawn")


@pytest.mark.external_service
def test_a_backup_of_postgresql_brought_back_brings_nobody_back(
    office_on_postgres: Office, postgres: PostgresServer
) -> None:
    office, name = office_on_postgres, str(sa.make_url(office_on_postgres.config.database).database)
    person, laptop = both_kinds(office)
    backup = postgres.dump(name)
    receipts = [office.ask(each.withdrawal()).content for each in (person, laptop)]
    office.database.close()
    postgres.drop(name)
    restored = postgres.new_database()
    postgres.restore(restored, backup)
    again = open_office(office.config.folder, postgres.url(restored))
    again.clock.day = OVER
    assert count(again, enrolments, duty_reports, group_reports, tombstones) == [2, 1, 1, 0]

    replayed = replay(again.database, again.config.tombstone_file)

    assert replayed == 2
    assert count(again, enrolments, duty_reports, group_reports, persons, tombstones) == [0, 0, 0, 0, 2]
    assert b"Bo Holm" not in postgres.dump(restored)
    assert [again.ask(each.withdrawal()).content for each in (person, laptop)] == receipts
    assert problem(again.ask(laptop.report(WEEK, group_values(WEEK)))) == (410, "withdrawn")
    again.database.close()
    postgres.drop(restored)


def test_a_service_that_starts_replays_before_it_answers(office: Office) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    line = f"{subject_hash(person.subject)} duty 2026-10-30\n"
    office.config.tombstone_file.write_text(line)

    async def first_answer() -> httpx.Response:
        async with office.app.router.lifespan_context(office.app):
            transport = httpx.ASGITransport(office.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.send(person.report("2026-10", duty_values("2026-10")))

    assert problem(asyncio.run(first_answer())) == (410, "withdrawn")
    assert count(office, enrolments, persons) == [0, 0]


def test_a_line_of_before_there_was_a_journal_still_erases_and_is_receipted(office: Office) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    office.config.tombstone_file.write_text(f"{subject_hash(person.subject)} duty 2026-09-01\n")
    replay(office.database, office.config.tombstone_file)

    first, second = office.ask(person.withdrawal()), office.ask(person.withdrawal())

    assert first.content == second.content
    assert (first.json()["receipt"]["date"], first.json()["receipt"]["laptop"]) == ("2026-09-01", None)


def test_an_erasure_that_a_crash_cut_off_is_receipted_with_an_entry_in_the_journal(office: Office) -> None:
    """The line was written and synced, the transaction was not: the next start erases, the laptop asks again."""
    laptop = office.enrolled(office.cell_laptop())
    with office.database.reading() as connection:  # keeps nothing
        erase(connection, laptop.subject, "group", FRIDAY, office.config.tombstone_file, office_key(office))
    assert count(office, enrolments, tombstones) == [1, 0]
    office.clock.day = OVER

    assert replay(office.database, office.config.tombstone_file) == 1
    first, second = office.ask(laptop.withdrawal()), office.ask(laptop.withdrawal())

    assert first.content == second.content
    with office.database.reading() as connection:
        assert is_entered(connection, first.content)


def office_key(office: Office) -> ServiceKey:
    return load_key(office.config.key_file)


def test_a_line_cut_by_a_crash_does_not_swallow_the_next(office: Office) -> None:
    office.config.tombstone_file.write_bytes(b"0123456789abcdef")
    laptop = office.enrolled(office.cell_laptop())
    office.ask(laptop.withdrawal())
    fresh = open_database(f"sqlite:///{office.config.folder / 'restored.sqlite3'}")
    fresh.upgrade()

    assert replay(fresh, office.config.tombstone_file) == 1
    fresh.close()


@pytest.mark.parametrize("name", ["tombstones", "service.sqlite3", "service.key"])
def test_every_file_is_private(office_on_sqlite: Office, name: str) -> None:
    office = office_on_sqlite
    office.ask(office.enrolled(office.cell_laptop()).withdrawal())

    assert (office.config.folder / name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a" * 64 + b" duty 2026-13-45\n"])
def test_a_damaged_file_of_hashes_ends_with_words(office_on_sqlite: Office, content: bytes) -> None:
    # Whom it names cannot be known: to go on would bring somebody back.
    office_on_sqlite.config.tombstone_file.write_bytes(content)

    with pytest.raises(InputError, match="Bring the newest one back from the backup"):
        replay(office_on_sqlite.database, office_on_sqlite.config.tombstone_file)
