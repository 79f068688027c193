"""Corrections: each replaces exactly the report it names, and one is the current one."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

import httpx
import pytest
import sqlalchemy as sa

from fyraften_service.people import look_at_people, views_of
from fyraften_service.publication import publish_due
from fyraften_service.tables import duty_reports
from service_office import FRIDAY, OVER, WEEK, Office
from service_process import WITH_BODY, Laptop, duty_values, group_values

MONTH = "2026-10"
CLOSES = date(2026, 12, 2)
NOTHING = {"screen_rule": "not_covered", "workplace_check": "done", "equipment_wanted": [], "eye_test_wanted": False}


@pytest.fixture
def person(office: Office) -> Laptop:
    return office.enrolled(office.person_laptop())


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:fyraften:problem:")


def put(office: Office, person: Laptop, equipment: list[str], replaces: list[str] | None = None) -> httpx.Response:
    """Send a report that asks for some equipment, or a correction of one that asked for other things."""
    old = None if replaces is None else body(person, replaces)
    return office.ask(person.report(MONTH, duty_values(MONTH, equipment_wanted=equipment), old))


def body(person: Laptop, equipment: list[str]) -> bytes:
    return person.report(MONTH, duty_values(MONTH, equipment_wanted=equipment)).content


def kept(office: Office) -> list[tuple[int, list[str] | None]]:
    """The revisions with what they ask for, ``None`` where that is deleted."""
    with office.database.reading() as connection:
        rows = connection.execute(sa.select(duty_reports).order_by(duty_reports.c.revision)).all()
    answers = [json.loads(row.answers) for row in rows]
    return [(row.revision, told and told["equipment_wanted"]) for row, told in zip(rows, answers, strict=True)]


def test_a_correction_is_a_new_revision_with_a_receipt_that_says_what_it_replaces(
    office: Office, person: Laptop
) -> None:
    first, second = put(office, person, ["chair"]), put(office, person, ["desk"], ["chair"])

    assert (first.status_code, second.status_code) == (201, 201)
    told = [(answer.json()["receipt"]["revision"], answer.json()["receipt"]["replaces"]) for answer in (first, second)]
    assert told == [(1, None), (2, hashlib.sha256(body(person, ["chair"])).hexdigest())]
    assert kept(office) == [(1, ["chair"]), (2, ["desk"])]


def test_the_list_shows_the_current_revision(office: Office, person: Laptop) -> None:
    put(office, person, ["chair"])
    put(office, person, ["desk"], ["chair"])

    (shown,) = look_at_people(office.database, "anna", FRIDAY)
    assert shown.equipment == ("desk",)


def test_a_correction_again_has_the_very_same_receipt(office: Office, person: Laptop) -> None:
    put(office, person, ["chair"])
    first, again = (put(office, person, ["desk"], ["chair"]) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert len(kept(office)) == 2


def test_a_correction_back_and_forth_again_is_a_revision_each_time(office: Office, person: Laptop) -> None:
    put(office, person, ["chair"])
    for new, old in ((["desk"], ["chair"]), (["chair"], ["desk"]), (["desk"], ["chair"])):
        assert put(office, person, new, old).status_code == 201
        assert put(office, person, new, old).status_code == 200

    assert [revision for revision, _asked in kept(office)] == [1, 2, 3, 4]


@pytest.mark.parametrize("replaces", [None, ["light"], ["chair"]])
def test_what_does_not_name_the_current_revision_is_refused(
    office: Office, person: Laptop, replaces: list[str] | None
) -> None:
    put(office, person, ["chair"])
    put(office, person, ["desk"], ["chair"])

    assert problem(put(office, person, ["screen"], replaces)) == (409, "already-reported")
    assert len(kept(office)) == 2


def test_a_correction_of_nothing_is_refused(office: Office, person: Laptop) -> None:
    assert problem(put(office, person, ["desk"], ["chair"])) == (409, "already-reported")
    assert kept(office) == []


def test_a_correction_of_a_closed_month_is_refused(office: Office, person: Laptop) -> None:
    put(office, person, ["chair"])
    office.clock.day = CLOSES

    assert problem(put(office, person, ["desk"], ["chair"])) == (410, "period-closed")
    assert put(office, person, ["chair"]).status_code == 200  # whose answer was lost


def test_a_group_report_is_not_corrected(office: Office) -> None:
    laptop = office.enrolled(office.cell_laptop())
    office.clock.day = OVER
    first = laptop.report(WEEK, group_values(WEEK))
    office.ask(first)

    answer = office.ask(laptop.report(WEEK, group_values(WEEK, home_days="1"), first.content))
    assert problem(answer) == (409, "already-reported")


@pytest.mark.parametrize("line", ["if-match", "if-none-match"])
def test_a_condition_that_the_signature_does_not_cover_is_refused(office: Office, person: Laptop, line: str) -> None:
    put(office, person, ["chair"])
    tag = f'"{hashlib.sha256(body(person, ["chair"])).hexdigest()}"' if line == "if-match" else "*"
    uncovered = person.signed(
        "PUT",
        f"/v1/reports/duty.monthly/{MONTH}",
        body(person, ["desk"]),
        {line: tag},
        covered_component_ids=WITH_BODY,
    )

    assert problem(office.ask(uncovered)) == (401, "bad-signature")
    assert kept(office) == [(1, ["chair"])]


def test_a_condition_that_was_changed_on_the_way_is_refused(office: Office, person: Laptop) -> None:
    put(office, person, ["chair"])
    request = person.report(MONTH, duty_values(MONTH, equipment_wanted=["desk"]), body(person, ["screen"]))
    request.headers["if-match"] = f'"{hashlib.sha256(body(person, ["chair"])).hexdigest()}"'

    assert problem(office.ask(request)) == (401, "bad-signature")


@pytest.mark.parametrize(
    "lines",
    [
        {"if-match": "*"},
        {"if-match": '"abc"'},
        {"if-match": f'"{"a" * 64}", "{"b" * 64}"'},
        {"if-match": f'W/"{"a" * 64}"'},
        {"if-none-match": f'"{"a" * 64}"'},
        {"if-match": f'"{"a" * 64}"', "if-none-match": "*"},
    ],
)
def test_a_condition_of_another_form_is_refused(office: Office, person: Laptop, lines: dict[str, str]) -> None:
    path = f"/v1/reports/duty.monthly/{MONTH}"
    covered = (*WITH_BODY, *lines)
    request = person.signed("PUT", path, body(person, ["chair"]), lines, covered_component_ids=covered)

    assert problem(office.ask(request)) == (422, "report-not-valid")


def test_superseded_reports_are_deleted_when_their_month_closes(office: Office, person: Laptop) -> None:
    office.ask(person.report(MONTH, duty_values(MONTH, **NOTHING)))
    put_over = person.report(MONTH, duty_values(MONTH, **NOTHING)).content
    office.ask(person.report(MONTH, duty_values(MONTH, equipment_wanted=["chair"]), put_over))
    put(office, person, ["desk"], ["chair"])
    publish_due(office.database, office.config, CLOSES - timedelta(days=1))
    before = kept(office)
    publish_due(office.database, office.config, CLOSES)

    assert before == [(1, []), (2, ["chair"]), (3, ["desk"])]
    # The second one stood on the list: that it did is kept, what it said is not.
    assert kept(office) == [(2, None), (3, ["desk"])]
    assert b'"chair"' not in (office.config.folder / "service.sqlite3").read_bytes()


def test_who_saw_a_superseded_report_is_still_told(office: Office, person: Laptop) -> None:
    put(office, person, ["chair"])
    look_at_people(office.database, "anna", FRIDAY + timedelta(days=1))
    office.clock.day = FRIDAY + timedelta(days=3)
    first = body(person, ["chair"])
    office.ask(person.report(MONTH, duty_values(MONTH, **NOTHING), first))
    look_at_people(office.database, "bent", FRIDAY + timedelta(days=5))
    publish_due(office.database, office.config, CLOSES)

    with office.database.reading() as connection:
        assert [view.account for view in views_of(connection, person.subject)] == ["anna"]
