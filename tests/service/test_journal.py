"""The service's journal: everything acknowledged is entered, days are sealed once, and nothing of anybody is in it."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from fyraften_policy.journal import entry_of, first_head, next_head, root_by
from fyraften_service.journal import head_now, seal_due
from fyraften_service.receipts import from_text, is_signed_by, load_key
from fyraften_service.tables import journal_days, journal_entries
from service_office import CLOSED, FRIDAY, OVER, URL, WEEK, Office
from service_process import WITH_BODY, WITHOUT_BODY, Laptop, group_values


@pytest.fixture
def office(office_on_either: Office) -> Office:
    """Everything here holds on SQLite and on PostgreSQL."""
    return office_on_either


def get(office: Office, path: str) -> httpx.Response:
    """Ask as somebody who signs nothing."""
    return office.ask(httpx.Request("GET", URL + path))


def ledger(office: Office, first: int = 1) -> dict[str, Any]:
    answer, about = get(office, f"/v1/ledger?from={first}").json(), office.get("/v1/service").json()
    assert is_signed_by(from_text(about["public_key"]), answer["ledger"], answer["signature"])
    found = answer["ledger"]
    assert isinstance(found, dict)
    return found


def receipt(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    found = answer.json()["receipt"]
    assert isinstance(found, dict)
    return found


def heads(office: Office) -> list[str]:
    """Return the head after each sealed day, computed from what anybody can fetch."""
    before = first_head(office.get("/v1/service").json()["fingerprint"])
    found = [before]
    for day in ledger(office)["days"]:
        before = next_head(before, day["number"], date.fromisoformat(day["day"]), day["root"])
        found.append(before)
    return found


def test_a_receipt_names_the_head_of_the_day_before_and_is_entered_into_its_own(office: Office) -> None:
    laptop = office.cell_laptop()
    enrolled = receipt(office.ask(laptop.enrolment()))
    office.clock.day = OVER
    reported = receipt(office.ask(laptop.report(WEEK, group_values(WEEK))))
    office.clock.day = OVER + timedelta(days=1)
    chain = heads(office)

    assert (enrolled["ledger"]["number"], reported["ledger"]["number"]) == (0, 10)
    assert [enrolled["ledger"]["head"], reported["ledger"]["head"]] == [chain[0], chain[10]]
    days = {day["number"]: day for day in ledger(office)["days"]}
    for one in (enrolled, reported):
        found = get(office, f"/v1/ledger/{entry_of(one)}").json()
        assert found["number"] == one["ledger"]["number"] + 1
        assert days[found["number"]]["day"] == one["date"]
        assert root_by(entry_of(one), found["place"], found["path"]) == days[found["number"]]["root"]


def test_the_entry_of_today_is_told_tomorrow(office: Office) -> None:
    entry = entry_of(receipt(office.ask(office.cell_laptop().enrolment())))

    assert get(office, f"/v1/ledger/{entry}").status_code == 409
    assert ledger(office)["days"] == []


@pytest.mark.parametrize("path", ["x", "ab" * 31, "AB" * 32, "cd" * 32])
def test_an_entry_that_was_never_made_is_not_found(office: Office, path: str) -> None:
    assert get(office, f"/v1/ledger/{path}").status_code == 404


@pytest.mark.parametrize("first", ["", "0", "-1", "x", "1" * 10, "1.5"])
def test_a_number_that_is_none_is_not_found(office: Office, first: str) -> None:
    assert get(office, f"/v1/ledger?from={first}").status_code == 404


def test_every_date_is_sealed_also_one_on_which_nothing_came(office: Office) -> None:
    office.enrolled(office.cell_laptop())
    office.clock.day = FRIDAY + timedelta(days=4)

    days = ledger(office)["days"]

    assert [day["day"] for day in days] == [(FRIDAY + timedelta(days=number)).isoformat() for number in range(4)]
    assert len({day["root"] for day in days}) == 4  # an empty day looks like any other


def test_a_year_comes_in_pages_that_follow_each_other(office: Office) -> None:
    office.enrolled(office.cell_laptop())
    office.clock.day = FRIDAY + timedelta(days=150)

    first, second = ledger(office), ledger(office, 101)

    assert [len(first["days"]), len(second["days"])] == [100, 50]
    assert second["days"][0]["number"] == 101
    assert ledger(office, 151)["days"] == []
    assert len(json.dumps(first)) < 15 * 1024


def test_the_same_report_again_makes_no_second_entry(office: Office) -> None:
    laptop = office.enrolled(office.cell_laptop())
    office.clock.day = OVER
    first, second = (office.ask(laptop.report(WEEK, group_values(WEEK))).content for _ in range(2))

    with office.database.reading() as connection:
        entries = connection.execute(sa.select(sa.func.count()).select_from(journal_entries)).scalar_one()
    assert first == second
    assert entries == 2  # the enrolment, the report


def test_an_erasure_leaves_the_journal_as_it_was_and_is_entered(office: Office) -> None:
    laptop = office.enrolled(office.cell_laptop())
    office.clock.day = OVER
    reported = receipt(office.ask(laptop.report(WEEK, group_values(WEEK))))
    office.clock.day = OVER + timedelta(days=1)
    before = heads(office)
    erased = receipt(office.ask(laptop.withdrawal()))
    office.clock.day = CLOSED

    assert heads(office)[: len(before)] == before
    for one in (reported, erased):
        assert get(office, f"/v1/ledger/{entry_of(one)}").status_code == 200


def test_nothing_in_the_journal_can_be_guessed_from_what_a_report_may_say(office: Office) -> None:
    """A group report has few possible answers: without random bits in it, its hash would give it away."""
    laptops = [office.enrolled(office.cell_laptop()) for _ in range(2)]
    office.clock.day = OVER
    receipts = [receipt(office.ask(laptop.report(WEEK, group_values(WEEK)))) for laptop in laptops]

    assert receipts[0]["body_sha256"] == receipts[1]["body_sha256"]
    assert receipts[0]["ledger"]["salt"] != receipts[1]["ledger"]["salt"]
    assert entry_of(receipts[0]) != entry_of(receipts[1])
    assert len(receipts[0]["ledger"]["salt"]) == 22


def test_the_mark_that_came_with_a_request_comes_back_and_only_where_it_was_signed(office: Office) -> None:
    laptop, mark = office.cell_laptop(), "ab" * 32
    enrolled = receipt(office.ask(marked(laptop, laptop.enrolment(), mark)))
    unsigned = laptop.withdrawal()
    unsigned.headers["fyraften-ledger"] = mark

    assert enrolled["laptop"] == mark
    assert office.ask(unsigned).status_code == 401
    assert receipt(office.ask(marked(laptop, laptop.withdrawal(), "cd" * 32)))["laptop"] == "cd" * 32


@pytest.mark.parametrize("mark", ["", "x", "AB" * 32, "ab" * 33, "2026-10-30T08:00"])
def test_a_mark_of_another_form_is_refused(office: Office, mark: str) -> None:
    laptop = office.cell_laptop()

    assert office.ask(marked(laptop, laptop.enrolment(), mark)).status_code == 422


def marked(laptop: Laptop, request: httpx.Request, mark: str) -> httpx.Request:
    """Return the request signed again, with a mark that the signature covers."""
    body = request.content or None
    covered = (*(WITH_BODY if body else WITHOUT_BODY), "fyraften-ledger")
    lines = {"fyraften-ledger": mark}
    return laptop.signed(request.method, request.url.path, body, lines, covered_component_ids=covered)


def test_a_calendar_that_was_set_back_changes_no_sealed_day(office: Office) -> None:
    office.enrolled(office.cell_laptop())
    office.clock.day = OVER
    before = heads(office)
    office.clock.day = FRIDAY
    late = receipt(office.ask(office.cell_laptop().enrolment()))
    office.clock.day = CLOSED

    assert heads(office)[: len(before)] == before
    assert late["ledger"]["number"] == 10
    assert get(office, f"/v1/ledger/{entry_of(late)}").json()["number"] == 11


def test_a_day_that_nobody_asks_about_is_sealed_by_the_upkeep(office: Office) -> None:
    key = load_key(office.config.key_file)
    seal_due(office.database, FRIDAY, key)
    seal_due(office.database, FRIDAY + timedelta(days=2), key)
    seal_due(office.database, FRIDAY + timedelta(days=2), key)

    with office.database.reading() as connection:
        rows = connection.execute(sa.select(journal_days).order_by(journal_days.c.number)).all()
    assert [row.head is not None for row in rows] == [True, True, False]


def test_no_report_slips_into_a_day_while_it_is_sealed(office: Office) -> None:
    """Many replicas at midnight: each receipt stands in the day that follows the head it names."""
    laptops = [office.cell_laptop() for _ in range(8)]
    office.enrolled(office.cell_laptop())
    answers: list[dict[str, Any]] = []

    def take_part(laptop: Laptop) -> None:
        answers.append(receipt(office.ask(laptop.enrolment())))

    office.clock.day = FRIDAY + timedelta(days=1)
    threads = [threading.Thread(target=take_part, args=(laptop,)) for laptop in laptops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    office.clock.day = FRIDAY + timedelta(days=2)

    days = {day["number"]: day["root"] for day in ledger(office)["days"]}
    assert len(answers) == 8
    for one in answers:
        found = get(office, f"/v1/ledger/{entry_of(one)}").json()
        assert root_by(entry_of(one), found["place"], found["path"]) == days[2]
        assert one["ledger"]["number"] == 1


def test_the_head_is_the_same_for_everybody_on_a_day(office: Office) -> None:
    found = {receipt(office.ask(office.cell_laptop().enrolment()))["ledger"]["head"] for _ in range(3)}
    with office.database.writing() as connection:
        now = head_now(connection, FRIDAY, load_key(office.config.key_file))

    assert found == {now.hash}
