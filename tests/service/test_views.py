"""Who looked: told to the person who stands on the list, and to nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import httpx
import pytest
import sqlalchemy as sa

from fyraften_service.people import WHAT, View, look_at_people, views_of
from fyraften_service.publication import publish_due
from fyraften_service.tables import access_log, duty_reports, nonces
from service_office import FRIDAY, Office
from service_process import Laptop, duty_values

NOTHING = {"screen_rule": "not_covered", "workplace_check": "done", "equipment_wanted": [], "eye_test_wanted": False}
SATURDAY = FRIDAY + timedelta(days=1)


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:fyraften:problem:")


def tell(office: Office, laptop: Laptop, month: str = "2026-10", **answers: object) -> None:
    assert office.ask(laptop.report(month, duty_values(month, **answers))).status_code == 201


def look(office: Office, day: date, account: str = "anna") -> None:
    look_at_people(office.database, account, day)


def views(office: Office, laptop: Laptop) -> list[tuple[date, str]]:
    with office.database.reading() as connection:
        return [(view.seen_on, view.account) for view in views_of(connection, laptop.subject)]


def test_a_person_is_told_who_looked_and_on_which_day(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    tell(office, person)
    look(office, SATURDAY)
    look(office, SATURDAY, "bent")
    look(office, SATURDAY + timedelta(days=2))

    answer = office.ask(person.who_looked())

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == {
        "schema": "fyraften.views/1",
        "views": [
            {"date": "2026-11-02", "account": "anna"},
            {"date": "2026-10-31", "account": "anna"},
            {"date": "2026-10-31", "account": "bent"},
        ],
    }


def test_where_nobody_looked_there_are_no_views(office: Office) -> None:
    person = office.enrolled(office.person_laptop())

    assert office.ask(person.who_looked()).json() == {"schema": "fyraften.views/1", "views": []}


def test_a_look_before_the_first_report_saw_nothing_of_the_person(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    look(office, FRIDAY - timedelta(days=1))
    tell(office, person)
    look(office, FRIDAY)  # whether before or after the report, nobody knows: a day is all that is kept

    assert views(office, person) == [(FRIDAY, "anna")]


def test_looks_at_one_day_are_told_once(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    tell(office, person)
    look(office, SATURDAY)
    look(office, SATURDAY)

    assert views(office, person) == [(SATURDAY, "anna")]


def test_who_is_not_on_the_list_was_not_seen(office: Office) -> None:
    listed, unlisted = office.enrolled(office.person_laptop()), office.enrolled(office.person_laptop("Ida Vang"))
    tell(office, listed)
    tell(office, unlisted, **NOTHING)
    look(office, SATURDAY)

    assert views(office, listed) == [(SATURDAY, "anna")]
    assert views(office, unlisted) == []


def test_who_left_the_list_with_a_later_month_is_told_of_the_looks_before(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    tell(office, person)
    office.clock.day = date(2026, 11, 3)
    tell(office, person, "2026-11", **NOTHING)
    for day in (date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)):
        look(office, day)

    assert views(office, person) == [(date(2026, 11, 3), "anna"), (date(2026, 11, 2), "anna")]


def test_asking_leaves_no_trace_but_the_nonce(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    tell(office, person)
    look(office, FRIDAY)

    def rows() -> dict[str, list[tuple[object, ...]]]:
        with office.database.reading() as connection:
            tables = [table for table in access_log.metadata.sorted_tables if table is not nonces]
            return {table.name: [tuple(row) for row in connection.execute(sa.select(table))] for table in tables}

    before = rows()
    first, second = office.ask(person.who_looked()), office.ask(person.who_looked())

    assert first.content == second.content
    assert rows() == before


def test_only_the_person_may_ask(office: Office) -> None:
    person, other = office.enrolled(office.person_laptop()), office.enrolled(office.person_laptop("Ida Vang"))
    path = f"/v1/enrolments/{person.subject}/views"

    assert problem(office.ask(other.signed("GET", path))) == (401, "bad-signature")
    assert problem(office.get(path)) == (401, "bad-signature")
    assert problem(office.ask(other.signed("GET", path, key_id=person.subject))) == (401, "bad-signature")


def test_a_request_counts_once(office: Office) -> None:
    asked = office.enrolled(office.person_laptop()).who_looked()

    assert office.ask(asked).status_code == 200
    assert problem(office.ask(asked)) == (401, "replayed")


def test_group_reports_have_no_views(office: Office) -> None:
    assert problem(office.ask(office.enrolled(office.cell_laptop()).who_looked())) == (403, "wrong-purpose")


def test_who_is_not_enrolled_any_more_or_never_was_is_told_so(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    office.ask(person.withdrawal())

    assert problem(office.ask(person.who_looked())) == (410, "withdrawn")
    assert problem(office.ask(office.person_laptop().who_looked())) == (404, "unknown-subject")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_another_method_is_refused(office: Office, method: str) -> None:
    person = office.enrolled(office.person_laptop())

    answer = office.ask(person.signed(method, f"/v1/enrolments/{person.subject}/views"))

    assert problem(answer) == (405, "method-not-allowed")


def test_a_list_too_long_for_one_answer_has_the_latest_views(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    tell(office, person)
    rows = [
        {"account": f"{number:03}-{'ø' * 60}", "seen_on": FRIDAY + timedelta(days=number), "what": WHAT}
        for number in range(400)
    ]
    with office.database.writing() as connection:
        connection.execute(sa.insert(access_log), rows)

    answer = office.ask(person.who_looked())

    told = answer.json()["views"]
    assert answer.json()["earlier_left_out"] is True
    assert len(answer.content) <= 15 * 1024
    assert told[0]["account"].startswith("399-")
    assert [view["date"] for view in told] == sorted((view["date"] for view in told), reverse=True)
    assert len(told) > 50


def test_a_view_is_deleted_when_every_report_it_showed_is_erased(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    tell(office, person)
    look(office, FRIDAY)
    look(office, date(2026, 11, 2))

    def seen_on() -> list[date]:
        with office.database.reading() as connection:
            return list(connection.execute(sa.select(access_log.c.seen_on)).scalars())

    def erase_by() -> date:
        with office.database.reading() as connection:
            return connection.execute(sa.select(duty_reports.c.erase_by)).scalar_one()

    last = erase_by()
    publish_due(office.database, office.config, last - timedelta(days=1))
    kept = seen_on()
    publish_due(office.database, office.config, last)

    assert kept == [FRIDAY, date(2026, 11, 2)]
    assert seen_on() == [date(2026, 11, 2)]


def test_a_view_names_a_day_and_an_account() -> None:
    assert {*View.__dataclass_fields__} == {"seen_on", "account"}
