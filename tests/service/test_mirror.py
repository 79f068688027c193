"""The mirror: what is held of a person is told to that person, as the employer sees it, and to nobody else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute

from fyraften_policy import wire
from fyraften_service.tables import access_log, duty_reports, nonces
from service_office import CLOSED, FRIDAY, OVER, WEEK, Office
from service_process import RECORD_MINUTES, Laptop, duty_values, group_values, record_values

THIS_WEEK = "2026-W44"
NOTHING = {"screen_rule": "not_covered", "workplace_check": "done", "equipment_wanted": [], "eye_test_wanted": False}


@pytest.fixture
def office(office_on_either: Office) -> Office:
    """Everything here holds on SQLite and on PostgreSQL."""
    return office_on_either


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:fyraften:problem:")


def mirror(office: Office, laptop: Laptop, query: str = "?language=en&skip=0") -> dict[str, Any]:
    answer = office.ask(laptop.signed("GET", f"/v1/enrolments/{laptop.subject}/mirror{query}"))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


def tell(office: Office, laptop: Laptop, month: str = "2026-10", **answers: Any) -> dict[str, Any]:
    answer = office.ask(laptop.report(month, duty_values(month, **answers)))
    assert answer.status_code == 201
    found = answer.json()
    assert isinstance(found, dict)
    return found


def file_record(office: Office, name: str, minutes: Sequence[int | None] = RECORD_MINUTES) -> Laptop:
    person = office.enrolled(office.person_laptop(name, "record"))
    assert office.ask(person.report(THIS_WEEK, record_values(THIS_WEEK, minutes))).status_code == 201
    return person


def test_a_person_is_told_everything_that_is_held(office: Office) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    envelope = tell(office, person)

    found = mirror(office, person)

    values = duty_values("2026-10")
    (report,) = found.pop("reports")
    assert found == {
        "schema": "fyraften.mirror/1",
        "date": "2026-10-30",
        "purpose": "duty",
        "enrolled_on": "2026-10-30",
        "cell": None,
        "name": "Bo Holm",
        "published_until": None,
        "more": False,
    }
    assert report.pop("seen")["name"] == "Bo Holm"
    assert report == {
        "report": "fyraften.duty.monthly/1",
        "period": "2026-10",
        "revision": 1,
        "body_sha256": envelope["receipt"]["body_sha256"],
        "received_on": "2026-10-30",
        "erase_by": envelope["receipt"]["erase_by"],
        "answers": {name: value for name, value in values.items() if name not in ("report", "month")},
        "receipt": envelope,
    }


@pytest.mark.parametrize(("language", "words"), [("en", "Asks for"), ("da", "Beder om"), ("nb", "Ber om")])
def test_what_the_employer_sees_is_told_in_the_words_of_the_page(office: Office, language: str, words: str) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    tell(office, person)
    office.sign_in()
    page = office.get(f"/people?lang={language}").text

    seen = mirror(office, person, f"?language={language}")["reports"][0]["seen"]

    assert any(words in wish for wish in seen["wishes"])
    for line in (seen["name"], seen["month"], *seen["wishes"]):
        assert line in page


def test_who_is_not_on_the_list_is_told_that_nothing_is_seen(office: Office) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    tell(office, person)
    office.clock.day = date(2026, 11, 3)
    tell(office, person, "2026-11", **NOTHING)

    assert [report["seen"] for report in mirror(office, person)["reports"]] == [None, None]


def test_a_group_report_is_told_while_the_key_of_its_week_is_there(office: Office) -> None:
    laptop, other = (office.enrolled(office.cell_laptop()) for _ in range(2))
    office.clock.day = OVER
    for each in (laptop, other):
        office.ask(each.report(WEEK, group_values(WEEK)))
    held = mirror(office, laptop)
    office.clock.day = CLOSED
    gone = mirror(office, laptop)

    assert [(report["period"], report["seen"]) for report in held["reports"]] == [(WEEK, None)]
    assert (held["name"], held["cell"], held["published_until"]) == (None, "sales", None)
    assert (gone["reports"], gone["published_until"]) == ([], WEEK)


def test_many_reports_come_in_parts_that_make_the_whole(office: Office) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    tell(office, person)
    with office.database.writing() as connection:
        row = connection.execute(sa.select(duty_reports)).one()._asdict()
        months = [f"20{year}-{month:02}" for year in range(10, 20) for month in range(1, 13)]
        erase_by = date(2027, 10, 31)
        rows = [{**row, "month": month, "erase_by": erase_by} for month in months]
        connection.execute(sa.insert(duty_reports), rows)
    found: list[dict[str, Any]] = []
    more = True
    while more:
        part = mirror(office, person, f"?skip={len(found)}")
        assert len(wire.canonical(part)) <= 15 * 1024
        found += part["reports"]
        more = part["more"]

    assert [report["period"] for report in found] == [*months, "2026-10"]


def test_only_the_person_may_ask(office: Office) -> None:
    person, other = office.enrolled(office.person_laptop()), office.enrolled(office.person_laptop("Ida Vang"))
    path = f"/v1/enrolments/{person.subject}/mirror"

    assert problem(office.ask(other.signed("GET", path))) == (401, "bad-signature")
    assert problem(office.get(path)) == (401, "bad-signature")
    assert problem(office.ask(other.signed("GET", path, key_id=person.subject))) == (401, "bad-signature")


def test_a_changed_question_is_not_the_signed_one(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    asked = person.signed("GET", f"/v1/enrolments/{person.subject}/mirror?skip=0")
    asked.url = asked.url.copy_set_param("skip", "1")

    assert problem(office.ask(asked)) == (401, "bad-signature")


@pytest.mark.parametrize("query", ["?skip=", "?skip=-1", "?skip=x", "?skip=1234567"])
def test_a_number_that_is_none_is_refused(office: Office, query: str) -> None:
    person = office.enrolled(office.person_laptop())

    answer = office.ask(person.signed("GET", f"/v1/enrolments/{person.subject}/mirror{query}"))

    assert problem(answer) == (404, "not-found")


def test_who_withdrew_or_never_enrolled_is_told_so(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    office.ask(person.withdrawal())
    stranger = office.person_laptop("Ida Vang")

    for who, expected in ((person, (410, "withdrawn")), (stranger, (404, "unknown-subject"))):
        assert problem(office.ask(who.signed("GET", f"/v1/enrolments/{who.subject}/mirror"))) == expected


# Who looked (N24)


def looks(office: Office) -> list[tuple[str, date, str]]:
    with office.database.reading() as connection:
        found = connection.execute(sa.select(access_log.c.account, access_log.c.seen_on, access_log.c.what))
        return [(row.account, row.seen_on, row.what) for row in found]


# The routes that show what one person told, and how many lines each writes into the log of who looked. The person's
# own questions write none: a log of them would tell when somebody looks after their own affairs.
PERSON_LEVEL = {
    ("GET", "/people"): 1,
    ("GET", "/record"): 1,
    ("GET", "/v1/enrolments/{subject}/views"): 0,
    ("GET", "/v1/enrolments/{subject}/mirror"): 0,
}
OTHERS = {
    *(("GET", path) for path in ("/", "/pulse", "/login", "/fyraften.css", "/v1/service", "/v1/policy", "/v1/ledger")),
    ("GET", "/v1/ledger/{entry}"),
    *(("POST", path) for path in ("/login", "/logout", "/v1/enrolments")),
    ("PUT", "/v1/reports/{name}/{period}"),
    ("DELETE", "/v1/enrolments/{subject}"),
}


def routes(found: list[Any]) -> set[tuple[str, str]]:
    pairs = set()
    for route in found:
        if isinstance(route, APIRoute):
            pairs |= {(method, route.path) for method in route.methods}
        else:
            pairs |= routes(list(getattr(getattr(route, "original_router", route), "routes", [])))
    return pairs


def test_every_route_is_known_to_show_a_person_or_not_to(office: Office) -> None:
    assert routes(list(office.app.routes)) == set(PERSON_LEVEL) | OTHERS


def test_every_read_of_a_person_by_somebody_else_writes_exactly_one_line(office: Office) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    tell(office, person)
    file_record(office, "Bo Holm")
    office.sign_in()
    for (method, path), lines in PERSON_LEVEL.items():
        before = len(looks(office))
        if path in ("/people", "/record"):
            assert "Bo Holm" in office.get(path).text
        else:
            assert office.ask(person.signed(method, path.format(subject=person.subject))).status_code == 200
        assert len(looks(office)) == before + lines, path

    assert looks(office) == [
        ("anna", FRIDAY, "people.duty"),
        ("anna", FRIDAY, "people.record 2026-W41 2026-W44"),
    ]


def test_no_other_route_shows_a_name_or_what_was_told(office: Office) -> None:
    person = office.enrolled(office.person_laptop("Bo Holm"))
    tell(office, person)
    file_record(office, "Bo Holm")
    office.sign_in()

    for path in ("/", "/pulse", "/login", "/fyraften.css", "/v1/service", "/v1/policy", "/v1/ledger"):
        text = office.get(path).text
        assert "Bo Holm" not in text, path
        assert person.subject not in text, path
        assert "help_wanted" not in text, path
    assert looks(office) == []


def test_asking_leaves_no_trace_but_the_nonce(office: Office) -> None:
    person = office.enrolled(office.person_laptop())
    tell(office, person)

    def rows() -> dict[str, list[tuple[object, ...]]]:
        with office.database.reading() as connection:
            tables = [table for table in access_log.metadata.sorted_tables if table is not nonces]
            return {table.name: [tuple(row) for row in connection.execute(sa.select(table))] for table in tables}

    before = rows()
    first, second = mirror(office, person), mirror(office, person)

    assert first == second
    assert rows() == before


def test_one_person_learns_nothing_of_another(office: Office) -> None:
    person, other = office.enrolled(office.person_laptop("Bo Holm")), office.enrolled(office.person_laptop("Ida Vang"))
    tell(office, other)
    office.clock.day = FRIDAY + timedelta(days=1)

    text = json.dumps(mirror(office, person))

    assert "Ida Vang" not in text
    assert other.subject not in text
    assert mirror(office, person)["reports"] == []
