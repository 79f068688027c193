"""The record: filed, corrected, seen by named accounts, told to its person, and kept as long as the law says."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from fyraften_policy import wire
from fyraften_service.app import create_app, keep_up
from fyraften_service.config import RECORD_PERIOD_FLOOR
from fyraften_service.database import open_database
from fyraften_service.erasure import replay
from fyraften_service.openings import record_opening
from fyraften_service.receipts import load_key
from fyraften_service.record import look_at_record
from fyraften_service.service import Service
from fyraften_service.tables import access_log, codes, enrolments, persons, record_reports, tombstones
from service_office import FRIDAY, Office
from service_process import RECORD_MINUTES, Laptop, record_values

WEEK = "2026-W43"  # the one before the office's Friday
THIS_WEEK = "2026-W44"
GONE_ON = date(2032, 2, 26)  # Monday 26 October 2026, four months and five years later
CORRECTED = (444, 444, 444, 444, 360, None, 0)


@pytest.fixture
def office(office_on_either: Office) -> Office:
    """Everything here holds on SQLite and on PostgreSQL."""
    return office_on_either


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:fyraften:problem:")


def filer(office: Office, name: str = "Bo Holm") -> Laptop:
    return office.enrolled(office.person_laptop(name, "record"))


def body(week: str, minutes: tuple[int | None, ...] = RECORD_MINUTES) -> bytes:
    return wire.encode("fyraften.record.weekly/1", record_values(week, minutes))


def file(
    office: Office,
    laptop: Laptop,
    week: str = WEEK,
    minutes: tuple[int | None, ...] = RECORD_MINUTES,
    replaces: bytes | None = None,
) -> dict[str, Any]:
    answer = office.ask(laptop.report(week, record_values(week, minutes), replaces))
    assert answer.status_code == 201, answer.text
    found = answer.json()["receipt"]
    assert isinstance(found, dict)
    return found


def correct(office: Office, laptop: Laptop, week: str = WEEK) -> dict[str, Any]:
    return file(office, laptop, week, CORRECTED, body(week))


def count(office: Office, *tables: sa.Table) -> list[int]:
    with office.database.reading() as connection:
        return [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]


def keep(office: Office, today: date) -> None:
    office.clock.day = today
    keep_up(Service(office.config, office.database, office.clock, load_key(office.config.key_file)))


# Filing


def test_a_report_of_the_record_is_receipted_with_the_day_it_is_deleted(office: Office) -> None:
    receipt = file(office, filer(office))

    assert (receipt["report"], receipt["period"]) == ("fyraften.record.weekly/1", WEEK)
    assert (receipt["revision"], receipt["replaces"]) == (1, None)
    assert receipt["erase_by"] == GONE_ON.isoformat()


def test_a_correction_is_a_new_revision_and_the_earlier_one_stays(office: Office) -> None:
    person = filer(office)
    first = file(office, person)
    second = correct(office, person)

    assert (second["revision"], second["replaces"]) == (2, first["body_sha256"])
    with office.database.reading() as connection:
        kept = connection.execute(sa.select(record_reports).order_by(record_reports.c.revision)).all()
    assert [json.loads(row.answers)["minutes"] for row in kept] == [list(RECORD_MINUTES), list(CORRECTED)]


def test_the_same_bytes_again_have_the_very_same_receipt(office: Office) -> None:
    person = filer(office)
    first = office.ask(person.report(WEEK, record_values(WEEK)))
    correction = office.ask(person.report(WEEK, record_values(WEEK, CORRECTED), body(WEEK)))

    for again, known in (
        (person.report(WEEK, record_values(WEEK)), first),
        (person.report(WEEK, record_values(WEEK, CORRECTED), body(WEEK)), correction),
    ):
        answer = office.ask(again)
        assert (answer.status_code, answer.content) == (200, known.content)
    assert count(office, record_reports) == [2]


def test_a_correction_of_another_body_than_the_current_one_is_refused(office: Office) -> None:
    person = filer(office)
    file(office, person)
    correct(office, person)

    stale = office.ask(person.report(WEEK, record_values(WEEK, (1, 2, 3, 4, 5, 6, 7)), body(WEEK)))
    another_first = office.ask(person.report(WEEK, record_values(WEEK, (1, 2, 3, 4, 5, 6, 7))))

    assert problem(stale) == problem(another_first) == (409, "already-reported")


def test_the_code_of_the_record_does_not_report_duties(office: Office) -> None:
    person = filer(office)
    signed = person.signed("PUT", "/v1/reports/duty.monthly/2026-10", b"{}")

    assert problem(office.ask(signed)) == (403, "wrong-purpose")


@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        ((444, 444, 444, 444, 444, None, None), 201),  # today is the Friday
        ((444, 444, 444, 444, 444, 0, None), 201),  # a day off can be known before
        ((444, 444, 444, 444, 444, 1, None), 409),
    ],
)
def test_working_time_of_a_day_to_come_waits_until_then(
    office: Office, minutes: tuple[int | None, ...], status: int
) -> None:
    person = filer(office)

    assert office.ask(person.report(THIS_WEEK, record_values(THIS_WEEK, minutes))).status_code == status
    office.clock.day = FRIDAY + timedelta(days=1)
    assert office.ask(person.report(THIS_WEEK, record_values(THIS_WEEK, minutes))).status_code in (200, 201)


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        ("2026-W45", (409, "period-not-over")),
        ("2099-W52", (409, "period-not-over")),
        ("2019-W01", (410, "period-closed")),
    ],
)
def test_a_week_to_come_and_one_long_past_are_refused(office: Office, week: str, expected: tuple[int, str]) -> None:
    answer = office.ask(filer(office).report(week, record_values(week, (None,) * 6 + (0,))))

    assert problem(answer) == expected


def test_a_week_can_be_corrected_as_long_as_it_is_kept(office: Office) -> None:
    person = filer(office)
    file(office, person)
    office.clock.day = GONE_ON - timedelta(days=1)
    correct(office, person)
    office.clock.day = GONE_ON
    late = office.ask(person.report(WEEK, record_values(WEEK, (1, 2, 3, 4, 5, 6, 7)), body(WEEK, CORRECTED)))

    assert problem(late) == (410, "period-closed")


@pytest.mark.parametrize(
    ("week", "months", "day"),
    [
        ("2026-W43", 4, date(2032, 2, 26)),
        ("2026-W43", 12, date(2032, 10, 26)),
        ("2024-W44", 4, date(2030, 3, 4)),
        ("2026-W35", 6, date(2032, 2, 29)),  # from 31 August: the month is shorter
        ("2026-W53", 4, date(2032, 5, 4)),
    ],
)
def test_a_week_is_kept_five_years_after_the_last_period_it_can_be_part_of(
    office: Office, week: str, months: int, day: date
) -> None:
    opening = record_opening(week, office.with_config(record_period_months=months).config)

    assert opening.erase_by == opening.closes == day
    assert RECORD_PERIOD_FLOOR == 4


# The page


def test_the_page_shows_seven_totals_of_each_week_by_name(office: Office) -> None:
    file(office, filer(office, "Åse Ødegård"))
    file(office, filer(office), THIS_WEEK)
    office.sign_in()

    text = office.get("/record").text

    assert text.index("Bo Holm") < text.index("Åse Ødegård")
    assert text.count('<td class="number">7:24</td>') == 8
    assert text.count('<td class="number">left out</td>') == 4
    assert "2026-W41 to 2026-W44" in text
    assert "This view was logged: anna, 2026-10-30." in text


def test_an_earlier_revision_stands_beside_the_current_one(office: Office) -> None:
    person = filer(office)
    file(office, person)
    office.clock.day = FRIDAY + timedelta(days=3)
    correct(office, person)
    office.sign_in()

    text = office.get("/record").text

    assert text.index("2026-11-02, corrected") < text.index("2026-10-30, replaced")
    assert text.index("6:00") < text.index("6:24")


def test_where_nothing_is_filed_the_page_says_so_and_is_logged_as_well(office: Office) -> None:
    office.sign_in()

    text = office.get("/record").text

    assert "Nothing is filed for these weeks." in text
    assert count(office, access_log) == [1]


def test_other_weeks_are_a_step_away(office: Office) -> None:
    person = filer(office)
    for week in ("2026-W05", "2026-W30", WEEK):
        file(office, person, week)
    office.sign_in()

    newest, middle, oldest = (
        office.get(f"/record{query}").text for query in ("", "?until=2026-W30", "?until=2026-W08")
    )

    assert "/record?until=2026-W30" in newest
    assert "Later weeks" not in newest
    assert "/record?until=2026-W05" in middle
    assert "/record?until=2026-W43" in middle
    assert "2026-W05</th>" in oldest
    assert "Earlier weeks" not in oldest
    assert "/record?until=2026-W33" in oldest


def test_another_language_shows_the_same_weeks(office: Office) -> None:
    # Otherwise it shows, and logs a view of, weeks that nobody asked for.
    file(office, filer(office), "2026-W30")
    office.sign_in()

    assert 'href="?until=2026-W30&amp;lang=da"' in office.get("/record?until=2026-W30&lang=nb").text
    assert 'href="?lang=da"' in office.get("/record?else=%22%3E").text


@pytest.mark.parametrize("week", ["2026-W45", "9999-W52", "0001-W01", "2026-W54", "2026-43", "", "<b>", "2026-W43 "])
def test_a_week_that_nobody_can_have_filed_is_not_found_and_leaves_no_line(office: Office, week: str) -> None:
    office.sign_in()

    assert office.get("/record").status_code == 200
    assert office.get(f"/record?until={week}").status_code == 404
    assert count(office, access_log) == [1]


def test_without_the_log_nothing_is_shown(office: Office) -> None:
    file(office, filer(office))
    office.sign_in()
    with office.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE access_log")

    answer = office.get("/record")

    assert problem(answer) == (503, "unavailable")
    assert "Bo Holm" not in answer.text


def test_nobody_sees_it_without_signing_in(office: Office) -> None:
    file(office, filer(office))

    answer = office.get("/record")

    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert count(office, access_log) == [0]


@pytest.mark.parametrize(
    ("language", "words"), [("da", "Registrering af arbejdstid"), ("nb", "Registrering av arbeidstid")]
)
def test_the_page_speaks_danish_and_norwegian(office: Office, language: str, words: str) -> None:
    office.sign_in()

    assert words in office.get(f"/record?lang={language}").text


# Who looked, and the mirror


def look(office: Office, day: date, account: str = "anna", last: str | None = None) -> None:
    look_at_record(office.database, account, day, last)


def views(office: Office, laptop: Laptop) -> list[tuple[str, str]]:
    answer = office.ask(laptop.who_looked())
    assert answer.status_code == 200, answer.text
    return [(view["date"], view["account"]) for view in answer.json()["views"]]


def test_a_person_is_told_who_looked_at_weeks_of_theirs(office: Office) -> None:
    person = filer(office)
    look(office, FRIDAY - timedelta(days=1), "before")
    file(office, person)
    look(office, FRIDAY)
    look(office, FRIDAY)
    look(office, FRIDAY + timedelta(days=1), "bent")
    look(office, FRIDAY + timedelta(days=1), "elsewhere", "2026-W39")

    assert views(office, person) == [("2026-10-31", "bent"), ("2026-10-30", "anna")]
    assert views(office, filer(office, "Ida Vang")) == []


def test_a_look_at_the_list_of_duties_is_no_look_at_the_record(office: Office) -> None:
    person = filer(office)
    file(office, person)
    office.sign_in()
    office.get("/people")

    assert views(office, person) == []


def test_the_mirror_tells_every_revision_as_the_page_shows_it(office: Office) -> None:
    person = filer(office)
    first = file(office, person)
    second = correct(office, person)

    found = office.ask(person.signed("GET", f"/v1/enrolments/{person.subject}/mirror?language=en&skip=0")).json()

    assert (found["name"], found["purpose"]) == ("Bo Holm", "record")
    assert [report["revision"] for report in found["reports"]] == [1, 2]
    assert [report["receipt"]["receipt"] for report in found["reports"]] == [first, second]
    assert [report["answers"] for report in found["reports"]] == [
        {"minutes": list(RECORD_MINUTES)},
        {"minutes": list(CORRECTED)},
    ]
    assert found["reports"][1]["seen"]["days"][4:] == ["Friday 6:00", "Saturday left out", "Sunday 0:00"]
    assert {report["erase_by"] for report in found["reports"]} == {GONE_ON.isoformat()}


# Withdrawal, and the time it is kept


def test_a_withdrawal_ends_the_enrolment_and_the_record_stays(office: Office) -> None:
    person = filer(office)
    file(office, person)
    office.sign_in()
    before = office.get("/record").text

    receipt = office.ask(person.withdrawal()).json()["receipt"]

    assert (receipt["erased"], receipt["kept_until"]) == (["enrolment", "code"], GONE_ON.isoformat())
    assert count(office, enrolments, codes, record_reports, persons) == [0, 0, 1, 1]
    assert office.get("/record").text.split("<main")[1] == before.split("<main")[1]
    assert problem(office.ask(person.report(THIS_WEEK, record_values(THIS_WEEK)))) == (410, "withdrawn")
    assert office.ask(person.withdrawal()).json()["receipt"] == receipt


def test_where_nothing_was_filed_a_withdrawal_leaves_nothing(office: Office) -> None:
    person = filer(office)

    receipt = office.ask(person.withdrawal()).json()["receipt"]

    assert (receipt["erased"], receipt["kept_until"]) == (["enrolment", "name", "code", "reports"], None)
    assert count(office, enrolments, codes, record_reports, persons) == [0, 0, 0, 0]


def both(office: Office) -> tuple[Laptop, Laptop]:
    """Return the laptop of somebody who files the record, and the same person's for the duties."""
    record = office.person_laptop("Bo Holm", "record")
    duty = Laptop(record.url, "duty", record.code, now=office.clock.now)
    for laptop in (record, duty):
        office.enrolled(laptop)
    file(office, record)
    return record, duty


def test_leaving_the_record_first_keeps_the_name_until_the_law_lets_it_go(office: Office) -> None:
    record, duty = both(office)

    of_record = office.ask(record.withdrawal()).json()["receipt"]
    still_there = count(office, enrolments, persons)
    of_duty = office.ask(duty.withdrawal()).json()["receipt"]

    assert (of_record["erased"], of_record["kept_until"]) == (["enrolment", "code"], GONE_ON.isoformat())
    assert still_there == [1, 1]
    assert (of_duty["erased"], of_duty["kept_until"]) == (["enrolment", "code", "reports"], GONE_ON.isoformat())
    assert count(office, enrolments, persons, codes, record_reports) == [0, 1, 0, 1]


def test_leaving_the_duties_first_says_nothing_of_the_record(office: Office) -> None:
    record, duty = both(office)

    of_duty = office.ask(duty.withdrawal()).json()["receipt"]
    of_record = office.ask(record.withdrawal()).json()["receipt"]

    assert (of_duty["erased"], of_duty["kept_until"]) == (["enrolment", "reports"], None)
    assert (of_record["erased"], of_record["kept_until"]) == (["enrolment", "code"], GONE_ON.isoformat())


def test_who_takes_part_again_does_so_with_a_new_code_and_replaces_nothing(office: Office) -> None:
    record, _duty = both(office)
    office.ask(record.withdrawal())
    again = Laptop(record.url, "record", record.code, now=office.clock.now)

    assert problem(office.ask(again.enrolment())) == (403, "code-not-valid")
    assert file(office, filer(office), minutes=CORRECTED)["revision"] == 1
    assert count(office, record_reports) == [2]


def test_a_database_brought_back_ends_the_enrolment_again_and_keeps_the_record(
    office_on_sqlite: Office, tmp_path: Path
) -> None:
    office = office_on_sqlite
    person = filer(office)
    file(office, person)
    with closing(sqlite3.connect(office.config.folder / "service.sqlite3")) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "backup"),))
    receipt = office.ask(person.withdrawal()).content
    brought_back = open_database(f"sqlite:///{tmp_path / 'backup'}")
    before = office.with_config()
    restored = replace(before, database=brought_back, app=create_app(before.config, brought_back, before.clock))

    assert replay(brought_back, office.config.tombstone_file) == 1
    assert count(restored, enrolments, codes, record_reports, persons) == [0, 0, 1, 1]
    assert json.loads(receipt)["receipt"]["kept_until"] == GONE_ON.isoformat()
    assert restored.ask(person.withdrawal()).json()["receipt"]["kept_until"] == GONE_ON.isoformat()
    brought_back.close()


def test_on_its_day_a_record_is_deleted_with_its_revisions_and_the_name_that_nothing_holds(office: Office) -> None:
    person, other = filer(office), filer(office, "Ida Vang")
    file(office, person)
    correct(office, person)
    file(office, other, THIS_WEEK)
    office.ask(person.withdrawal())
    keep(office, GONE_ON - timedelta(days=1))
    the_day_before = count(office, record_reports, persons)
    keep(office, GONE_ON)

    assert the_day_before == [3, 2]
    assert count(office, record_reports, persons, enrolments) == [1, 1, 1]
    assert count(office, tombstones) == [1]


def test_who_still_takes_part_keeps_name_and_enrolment_when_a_record_is_deleted(office: Office) -> None:
    person = filer(office)
    file(office, person)
    keep(office, GONE_ON)

    assert count(office, record_reports, persons, enrolments, codes) == [0, 1, 1, 1]


def test_who_looked_is_kept_as_long_as_the_latest_week_that_was_shown(office: Office) -> None:
    file(office, filer(office))
    look(office, FRIDAY)
    keep(office, GONE_ON - timedelta(days=1))
    the_day_before = count(office, access_log)
    keep(office, GONE_ON)

    assert the_day_before == [1]
    assert count(office, access_log) == [0]
