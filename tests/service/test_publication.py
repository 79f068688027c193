"""Publishing: once, when a week is closed; then the reports, the tokens and the key are gone."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from fyraften_policy import wire
from fyraften_service.errors import InputError
from fyraften_service.publication import (
    Publication,
    keep_published,
    latest_publication,
    publish_due,
    visible_from,
)
from fyraften_service.tables import duty_reports, group_reports, period_keys, publications
from service_office import CLOSED, FRIDAY, OVER, WEEK, Office
from service_process import duty_values, group_values


def contribute(office: Office, number: int, cell: str = "sales") -> list[httpx.Response]:
    laptops = [office.enrolled(office.cell_laptop(cell)) for _ in range(number)]
    office.clock.day = OVER
    return [office.ask(laptop.report(WEEK, group_values(WEEK, cell=cell))) for laptop in laptops]


def publish(office: Office, today: date) -> list[str]:
    return publish_due(office.database, office.config, today)


def latest(office: Office) -> Publication:
    with office.database.reading() as connection:
        found = latest_publication(connection, wire.report_for("group"))
    assert found is not None
    return found


def count(office: Office, table: sa.Table) -> int:
    with office.database.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_an_open_week_is_not_published(office: Office) -> None:
    contribute(office, 10)

    assert WEEK not in publish(office, CLOSED - timedelta(days=1))
    assert count(office, group_reports) == 10


@pytest.mark.parametrize(("contributors", "expected"), [(9, None), (10, "10–19")])
def test_ten_are_shown_and_nine_are_not(office: Office, contributors: int, expected: str | None) -> None:
    contribute(office, contributors)

    assert WEEK in publish(office, CLOSED)

    assert [line["contributors"] for line in latest(office).lines] == [expected, expected, None]


def test_publishing_deletes_reports_tokens_and_key(office: Office) -> None:
    contribute(office, 10)

    publish(office, CLOSED)

    assert [count(office, table) for table in (group_reports, period_keys)] == [0, 0]


def test_nothing_of_a_single_report_is_left_in_any_file(office: Office) -> None:
    receipts = [answer.json()["receipt"]["body_sha256"].encode() for answer in contribute(office, 10)]
    folder = office.config.folder
    before = b"".join(path.read_bytes() for path in folder.iterdir())

    publish(office, CLOSED)

    after = b"".join(path.read_bytes() for path in folder.iterdir())
    assert all(receipt in before for receipt in receipts)
    assert not any(receipt in after for receipt in receipts)


def test_a_published_week_never_changes(office: Office) -> None:
    contribute(office, 10)
    publish(office, CLOSED)
    before = latest(office)

    again = publish(office, CLOSED + timedelta(days=1))

    assert again == []
    assert latest(office) == before


def test_a_report_after_publication_is_refused_even_if_the_calendar_went_back(office: Office) -> None:
    late = office.enrolled(office.cell_laptop())
    contribute(office, 10)
    publish(office, CLOSED)

    answer = office.ask(late.report(WEEK, group_values(WEEK)))

    assert (answer.status_code, answer.json()["type"]) == (410, "urn:fyraften:problem:period-closed")
    assert [count(office, table) for table in (group_reports, period_keys)] == [0, 0]


def test_weeks_without_a_report_are_published_like_those_with_nine(office: Office) -> None:
    publish(office, CLOSED)
    without = latest(office)

    assert [line["contributors"] for line in without.lines] == [None, None, None]
    assert without.period == WEEK


def test_every_week_since_the_start_is_published(office: Office) -> None:
    assert publish(office, CLOSED) == ["2026-W44", "2026-W45", "2026-10"]
    assert publish(office, CLOSED + timedelta(weeks=2)) == ["2026-W46", "2026-W47"]


def test_what_is_published_holds_no_exact_number_and_no_order_by_value(office: Office) -> None:
    contribute(office, 13)
    publish(office, CLOSED)

    with office.database.reading() as connection:
        kept = connection.execute(sa.select(publications.c.figures).where(publications.c.period == WEEK)).scalar_one()
    assert "13" not in kept
    assert [line["cell"] for line in latest(office).lines] == ["all", "sales", "support"]


def backup_of(office: Office, path: Path) -> None:
    office.database.scrub()
    shutil.copy(office.config.folder / "service.sqlite3", path)


def bring_back(office: Office, path: Path) -> None:
    office.database.close()
    for name in ("service.sqlite3-wal", "service.sqlite3-shm"):
        (office.config.folder / name).unlink(missing_ok=True)
    shutil.copy(path, office.config.folder / "service.sqlite3")


def start(office: Office) -> int:
    return keep_published(office.database, office.config.published_file)


def test_a_database_brought_back_publishes_nothing_a_second_time(office_on_sqlite: Office, tmp_path: Path) -> None:
    # From the backup it would come from one report less: the difference is the answers of one person.
    office = office_on_sqlite
    contribute(office, 11)
    backup_of(office, tmp_path / "backup")
    laptop = office.cell_laptop()
    office.clock.day = FRIDAY
    office.enrolled(laptop)
    office.clock.day = OVER
    assert office.ask(laptop.report(WEEK, group_values(WEEK, day_off="missed"))).status_code == 201
    periods = publish(office, CLOSED)
    first = latest(office)
    bring_back(office, tmp_path / "backup")
    assert count(office, group_reports) == 11

    missing = start(office)

    assert (missing, publish(office, CLOSED)) == (len(periods), [])
    assert latest(office) == first
    assert [count(office, table) for table in (group_reports, period_keys)] == [0, 0]
    assert start(office) == 0


def test_a_database_of_before_there_was_the_file_has_its_publications_noted_at_the_start(office: Office) -> None:
    publish(office, CLOSED)
    written = office.config.published_file.read_bytes()
    office.config.published_file.unlink()

    assert start(office) == 0
    assert office.config.published_file.read_bytes() == written
    assert office.config.published_file.stat().st_mode & 0o777 == 0o600


def test_a_line_cut_by_a_crash_is_written_again(office: Office) -> None:
    publish(office, CLOSED)
    written = office.config.published_file.read_bytes()
    office.config.published_file.write_bytes(written[:-20])

    assert start(office) == 0
    assert office.config.published_file.read_bytes().endswith(b"\n" + written.splitlines(keepends=True)[-1])


@pytest.mark.parametrize("content", [b"\xff", b"5\n", b'{"period": "2026-W45", "published_on": "2026-13-45"}\n'])
def test_a_damaged_file_of_publications_ends_with_words(office: Office, content: bytes) -> None:
    office.config.published_file.write_bytes(content)

    with pytest.raises(InputError, match="Bring the newest one back from the backup"):
        start(office)


def test_a_duty_report_past_its_time_is_deleted(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    office.ask(person.report("2026-10", duty_values("2026-10")))

    publish(office, date(2027, 10, 31))
    kept = count(office, duty_reports)
    publish(office, date(2027, 11, 1))

    assert (kept, count(office, duty_reports)) == (1, 0)


def test_figures_are_visible_from_day_42_after_the_notice(office: Office) -> None:
    assert visible_from(office.config) == date(2026, 10, 12)
    assert visible_from(office.with_config(notice_given_on=None).config) is None
