"""Receiving reports: once, in time, under a token, and answered with a receipt."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

import httpx
import pytest
import sqlalchemy as sa

from fyraften_service.receipts import from_text, is_signed_by
from fyraften_service.reports import token
from fyraften_service.tables import duty_reports, group_reports
from service_office import CLOSED, FRIDAY, OVER, WEEK, Office
from service_process import Laptop, duty_values, group_values


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:fyraften:problem:")


@pytest.fixture
def laptop(office: Office) -> Laptop:
    enrolled = office.enrolled(office.cell_laptop())
    office.clock.day = OVER
    return enrolled


def test_a_report_is_receipted_and_the_receipt_names_its_hash(office: Office, laptop: Laptop) -> None:
    request = laptop.report(WEEK, group_values(WEEK))

    answer = office.ask(request)

    envelope, about = answer.json(), office.get("/v1/service").json()
    assert answer.status_code == 201
    assert is_signed_by(from_text(about["public_key"]), envelope["receipt"], envelope["signature"])
    assert envelope["receipt"] == {
        "schema": "fyraften.receipt/2",
        "laptop": None,
        "ledger": envelope["receipt"]["ledger"],
        "kind": "report",
        "purpose": "group",
        "date": "2026-11-09",
        "service": about["fingerprint"],
        "report": "fyraften.group.weekly/1",
        "period": WEEK,
        "body_sha256": hashlib.sha256(request.content).hexdigest(),
        "erase_by": "2026-11-30",
        "revision": 1,
        "replaces": None,
    }


def test_the_same_report_again_has_the_same_receipt_and_counts_once(office: Office, laptop: Laptop) -> None:
    first = office.ask(laptop.report(WEEK, group_values(WEEK)))
    office.clock.day = OVER + timedelta(days=3)

    second = office.ask(laptop.report(WEEK, group_values(WEEK)))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content
    with office.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(group_reports)).scalar() == 1


@pytest.mark.parametrize("purpose", ["group", "duty"])
def test_another_report_of_the_same_period_is_refused(office: Office, laptop: Laptop, purpose: str) -> None:
    if purpose == "group":
        requests = [laptop.report(WEEK, group_values(WEEK, home_days=days)) for days in "12"]
    else:
        person = office.enrolled(office.person_laptop())
        requests = [person.report("2026-11", duty_values("2026-11", eye_test_wanted=wish)) for wish in (True, False)]

    answers = [office.ask(request) for request in requests]

    assert answers[0].status_code == 201
    assert problem(answers[1]) == (409, "already-reported")


def test_a_group_report_is_kept_without_its_sender(office: Office, laptop: Laptop) -> None:
    office.ask(laptop.report(WEEK, group_values(WEEK)))

    with office.database.reading() as connection:
        (row,) = connection.execute(sa.select(group_reports))
    assert laptop.subject not in str(row)
    assert laptop.public_key not in str(row)
    assert json.loads(row.answers)["home_days"] == "2"
    assert not {"week", "cell", "report"} & set(json.loads(row.answers))


def test_tokens_of_one_person_differ_from_week_to_week() -> None:
    assert token(b"1" * 32, "a" * 26) != token(b"2" * 32, "a" * 26)


def test_a_report_before_its_week_is_over_waits(office: Office) -> None:
    laptop = office.enrolled(office.cell_laptop())
    office.clock.day = OVER - timedelta(days=1)

    assert problem(office.ask(laptop.report(WEEK, group_values(WEEK)))) == (409, "period-not-over")


def test_a_report_is_taken_until_the_last_open_day(office: Office, laptop: Laptop) -> None:
    office.clock.day = CLOSED - timedelta(days=1)

    assert office.ask(laptop.report(WEEK, group_values(WEEK))).status_code == 201


def test_a_report_of_a_closed_week_is_refused(office: Office, laptop: Laptop) -> None:
    office.clock.day = CLOSED

    assert problem(office.ask(laptop.report(WEEK, group_values(WEEK)))) == (410, "period-closed")


@pytest.mark.parametrize(("enrolled_on", "expected"), [(date(2026, 11, 1), 201), (date(2026, 11, 2), 410)])
def test_who_takes_part_is_fixed_when_the_week_begins(office: Office, enrolled_on: date, expected: int) -> None:
    office.clock.day = enrolled_on
    laptop = office.enrolled(office.cell_laptop())
    office.clock.day = OVER

    answer = office.ask(laptop.report(WEEK, group_values(WEEK)))

    assert answer.status_code == expected


def test_a_report_for_another_group_than_the_enrolment_is_refused(office: Office, laptop: Laptop) -> None:
    answer = office.ask(laptop.report(WEEK, group_values(WEEK, cell="support")))

    assert problem(answer) == (422, "report-not-valid")
    assert "cell" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [f"/v1/reports/group.weekly/{week}" for week in ("2026-W46", "2026-W54", "2026-w45", "x", "2026-11")],
)
def test_a_report_at_the_address_of_another_period_is_refused(office: Office, laptop: Laptop, path: str) -> None:
    body = laptop.report(WEEK, group_values(WEEK)).content

    assert problem(office.ask(laptop.signed("PUT", path, body))) == (422, "report-not-valid")


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"report":"fyraften.group.weekly/1"}',
        b'{"report":"fyraften.record.weekly/1"}',
        b'{"report":7}',
    ],
)
def test_a_report_that_does_not_fit_the_registry_is_refused(office: Office, laptop: Laptop, body: bytes) -> None:
    answer = office.ask(laptop.signed("PUT", f"/v1/reports/group.weekly/{WEEK}", body))

    assert problem(answer) == (422, "report-not-valid")


def test_a_report_not_in_canonical_form_is_refused(office: Office, laptop: Laptop) -> None:
    body = json.dumps(json.loads(laptop.report(WEEK, group_values(WEEK)).content)).encode()

    answer = office.ask(laptop.signed("PUT", f"/v1/reports/group.weekly/{WEEK}", body))

    assert problem(answer) == (422, "report-not-valid")


def test_a_report_with_one_more_field_is_refused_and_not_echoed(office: Office, laptop: Laptop) -> None:
    values = {**json.loads(laptop.report(WEEK, group_values(WEEK)).content), "comment": "canary-words"}
    body = json.dumps(values, sort_keys=True, separators=(",", ":")).encode()

    answer = office.ask(laptop.signed("PUT", f"/v1/reports/group.weekly/{WEEK}", body))

    assert problem(answer) == (422, "report-not-valid")
    assert "canary-words" not in answer.text


def test_a_report_that_is_no_json_is_refused(office: Office, laptop: Laptop) -> None:
    answer = office.ask(laptop.signed("PUT", f"/v1/reports/group.weekly/{WEEK}", b"{"))

    assert problem(answer) == (400, "not-valid-json")


def test_a_report_for_another_purpose_than_the_enrolment_is_refused(office: Office, laptop: Laptop) -> None:
    laptop.purpose = "duty"

    assert problem(office.ask(laptop.report("2026-11", duty_values("2026-11")))) == (403, "wrong-purpose")


def test_a_report_of_somebody_not_enrolled_is_refused(office: Office) -> None:
    laptop = office.cell_laptop()

    assert problem(office.ask(laptop.report(WEEK, group_values(WEEK)))) == (404, "unknown-subject")


def test_a_report_signed_with_anothers_key_is_refused(office: Office, laptop: Laptop) -> None:
    other = office.cell_laptop()
    other.subject = laptop.subject

    assert problem(office.ask(other.report(WEEK, group_values(WEEK)))) == (401, "bad-signature")


def test_a_report_of_an_unknown_kind_has_no_address(office: Office, laptop: Laptop) -> None:
    answer = office.ask(laptop.signed("PUT", f"/v1/reports/keys.weekly/{WEEK}", b"{}"))

    assert problem(answer) == (404, "not-found")


@pytest.mark.parametrize(
    ("today", "month", "expected"),
    [
        (FRIDAY, "2026-10", 201),
        (FRIDAY, "2026-11", 409),
        (FRIDAY, "2026-09", 201),
        (date(2026, 10, 31), "2026-09", 201),
        (date(2026, 11, 1), "2026-09", 410),
    ],
)
def test_a_month_is_open_from_its_first_day_until_a_month_after(
    office: Office, today: date, month: str, expected: int
) -> None:
    person = office.enrolled(office.person_laptop())
    office.clock.day = today

    assert office.ask(person.report(month, duty_values(month))).status_code == expected


def test_a_duty_report_is_kept_for_its_person_until_a_date(office: Office) -> None:
    person = office.enrolled(office.person_laptop())

    receipt = office.ask(person.report("2026-10", duty_values("2026-10"))).json()["receipt"]

    with office.database.reading() as connection:
        (row,) = connection.execute(sa.select(duty_reports))
    assert (row.subject, row.month, row.erase_by.isoformat()) == (person.subject, "2026-10", "2027-11-01")
    assert receipt["erase_by"] == "2027-11-01"
