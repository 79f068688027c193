"""Pulse at the service: as group reports, by month; nothing of one person is shown, and nothing of it stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from fyraften_policy import wire
from fyraften_service.enrolment import invite_cell, invite_person
from fyraften_service.publication import latest_publication, publish_due
from fyraften_service.tables import enrolments, group_reports, period_keys, persons
from service_office import URL, WEEK, Office
from service_process import Laptop, duty_values, group_values, pulse_values

PULSE = wire.report_for("pulse")
MONTH, ENDED, CLOSED = "2026-11", date(2026, 12, 1), date(2026, 12, 15)


def problem(answer: object) -> tuple[int, str]:
    assert hasattr(answer, "json")
    document = answer.json()
    return document["status"], document["type"].removeprefix("urn:fyraften:problem:")


def enrolled(office: Office, number: int = 1, cell: str = "sales") -> list[Laptop]:
    return [office.enrolled(office.cell_laptop(cell, "pulse")) for _ in range(number)]


def count(office: Office, *tables: sa.Table) -> list[int]:
    with office.database.reading() as connection:
        return [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables]


def test_a_report_is_kept_without_its_sender_and_answered_again_with_the_same_receipt(office: Office) -> None:
    (laptop,) = enrolled(office)
    office.clock.day = ENDED

    first, second = (office.ask(laptop.report(MONTH, pulse_values(MONTH))) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    receipt = first.json()["receipt"]
    assert (receipt["purpose"], receipt["period"], receipt["erase_by"]) == ("pulse", MONTH, "2026-12-22")
    with office.database.reading() as connection:
        (row,) = connection.execute(sa.select(group_reports))
    assert laptop.subject not in str(row)
    assert laptop.public_key not in str(row)


def test_another_report_of_the_same_month_is_refused_because_nobody_can_be_asked_whose_it_is(office: Office) -> None:
    (laptop,) = enrolled(office)
    office.clock.day = ENDED
    office.ask(laptop.report(MONTH, pulse_values(MONTH)))

    assert problem(office.ask(laptop.report(MONTH, pulse_values(MONTH, role="often")))) == (409, "already-reported")


@pytest.mark.parametrize(
    ("day", "expected"),
    [(ENDED - timedelta(days=1), 409), (ENDED, 201), (CLOSED - timedelta(days=1), 201), (CLOSED, 410)],
)
def test_a_month_is_open_from_its_end_for_a_fortnight(office: Office, day: date, expected: int) -> None:
    (laptop,) = enrolled(office)
    office.clock.day = day

    assert office.ask(laptop.report(MONTH, pulse_values(MONTH))).status_code == expected


@pytest.mark.parametrize(("enrolled_on", "expected"), [(date(2026, 10, 31), 201), (date(2026, 11, 1), 410)])
def test_who_takes_part_is_fixed_when_the_month_begins(office: Office, enrolled_on: date, expected: int) -> None:
    office.clock.day = enrolled_on
    (laptop,) = enrolled(office)
    office.clock.day = ENDED

    assert office.ask(laptop.report(MONTH, pulse_values(MONTH))).status_code == expected


@pytest.mark.parametrize(("contributors", "expected"), [(9, None), (10, "10–19")])
def test_ten_are_shown_and_nine_are_not(office: Office, contributors: int, expected: str | None) -> None:
    laptops = enrolled(office, contributors)
    office.clock.day = ENDED
    for laptop in laptops:
        office.ask(laptop.report(MONTH, pulse_values(MONTH)))

    assert MONTH in publish_due(office.database, office.config, CLOSED)
    with office.database.reading() as connection:
        found = latest_publication(connection, PULSE)

    assert found is not None
    assert (found.period, [line["contributors"] for line in found.lines]) == (MONTH, [expected, expected, None])
    assert count(office, group_reports, period_keys) == [0, 0]


def test_publishing_a_month_touches_no_open_week_and_its_figures_none_of_a_week(office: Office) -> None:
    weekly, (monthly,) = office.enrolled(office.cell_laptop()), enrolled(office)
    office.clock.day = date(2026, 12, 14)
    week = "2026-W50"
    office.ask(monthly.report(MONTH, pulse_values(MONTH)))
    office.ask(weekly.report(week, group_values(week)))

    published = publish_due(office.database, office.config, CLOSED)

    assert MONTH in published
    assert week not in published
    assert count(office, group_reports, period_keys) == [1, 1]
    with office.database.reading() as connection:
        weeks = latest_publication(connection, wire.report_for("group"))
    assert weeks is not None
    assert weeks.period == "2026-W48"


def test_a_withdrawal_erases_what_is_not_published_and_nothing_of_another_purpose(office: Office) -> None:
    weekly, (monthly,) = office.enrolled(office.cell_laptop()), enrolled(office)
    office.clock.day = ENDED
    office.ask(monthly.report(MONTH, pulse_values(MONTH)))

    receipt = office.ask(monthly.withdrawal()).json()["receipt"]

    assert (receipt["purpose"], receipt["erased"]) == ("pulse", ["enrolment", "unpublished_reports"])
    assert count(office, group_reports, enrolments) == [0, 1]
    assert office.ask(weekly.report("2026-W48", group_values("2026-W48"))).status_code == 201


def test_the_page_shows_the_month_in_the_words_of_the_statements(office: Office) -> None:
    laptops = enrolled(office, 12)
    office.clock.day = ENDED
    for number, laptop in enumerate(laptops):
        office.ask(laptop.report(MONTH, pulse_values(MONTH, role="often" if number < 6 else "seldom")))
    office.clock.day = CLOSED
    office.sign_in()

    shown, weekly = office.get("/pulse").text, office.get("/").text

    assert "How it goes" in shown
    assert MONTH in shown
    assert "From 2026-11-01 to 2026-11-30." in shown
    for words in ("I know what is expected of me when I work at home.", "often or nearly always", "10–19 people"):
        assert words in shown
    assert "expected of me" not in weekly


def test_without_a_published_month_the_page_says_so(office: Office) -> None:
    office.sign_in()

    assert "No month is published yet. A month is published 14 days after its end." in office.get("/pulse").text


# Codes for two purposes each


@pytest.mark.parametrize(
    ("kind", "purpose", "expected"),
    [
        ("cell", "group", 201),
        ("cell", "pulse", 201),
        ("cell", "duty", 403),
        ("cell", "record", 403),
        ("person", "group", 403),
        ("person", "pulse", 403),
        ("person", "duty", 201),
        ("person", "record", 201),
    ],
)
def test_a_cell_code_enrols_for_figures_and_a_personal_one_for_what_carries_a_name(
    office: Office, kind: str, purpose: str, expected: int
) -> None:
    with office.database.writing() as connection:
        code = invite_cell(connection, "sales") if kind == "cell" else invite_person(connection, "Bo Holm")

    assert office.ask(Laptop(URL, purpose, code, now=office.clock.now).enrolment()).status_code == expected


def test_a_personal_code_is_used_once_for_each_purpose(office: Office) -> None:
    first = office.enrolled(office.person_laptop())
    record = Laptop(URL, "record", first.code, now=office.clock.now)

    assert office.ask(record.enrolment()).status_code == 201
    for again in (Laptop(URL, purpose, first.code, now=office.clock.now) for purpose in ("duty", "record")):
        assert problem(office.ask(again.enrolment())) == (403, "code-not-valid")
    assert count(office, enrolments, persons) == [2, 1]


def test_the_name_stays_until_the_last_purpose_it_was_given_for_is_withdrawn(office: Office) -> None:
    duty = office.enrolled(office.person_laptop())
    record = office.enrolled(Laptop(URL, "record", duty.code, now=office.clock.now))
    office.ask(duty.report("2026-10", duty_values("2026-10")))

    office.ask(duty.withdrawal())
    left = count(office, enrolments, persons)
    office.ask(record.withdrawal())

    assert (left, count(office, enrolments, persons)) == ([1, 1], [0, 0])


def test_a_report_of_one_purpose_under_the_enrolment_of_another_is_refused(office: Office) -> None:
    weekly, (monthly,) = office.enrolled(office.cell_laptop()), enrolled(office)
    office.clock.day = ENDED
    wrong = replace(weekly, purpose="pulse"), replace(monthly, purpose="group")

    assert problem(office.ask(wrong[0].report(MONTH, pulse_values(MONTH)))) == (403, "wrong-purpose")
    assert problem(office.ask(wrong[1].report(WEEK, group_values(WEEK)))) == (403, "wrong-purpose")
