"""Enrolling: codes, keys and the receipt."""

from __future__ import annotations

import json

import httpx
import pytest
import sqlalchemy as sa

from fyraften_policy import wire
from fyraften_service.enrolment import Enrolment, code_hash, invite_cell, invite_person, new_code
from fyraften_service.errors import InputError
from fyraften_service.receipts import from_text, is_signed_by
from fyraften_service.tables import codes, enrolments, persons
from service_office import Office
from service_process import Laptop


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:fyraften:problem:")


def test_the_service_tells_who_it_is(office: Office) -> None:
    about = office.get("/v1/service").json()

    assert about["schema"] == "fyraften.service/1"
    assert about["purposes"] == ["group", "pulse", "duty", "record"]
    assert (about["smallest_group"], about["wire_version"], about["notice_given_on"]) == (
        10,
        wire.VERSION,
        "2026-08-31",
    )
    assert len(from_text(about["public_key"])) == 32
    assert len(about["fingerprint"].replace("-", "")) == 32


def test_an_enrolment_is_receipted_and_the_receipt_signed(office: Office) -> None:
    laptop = office.cell_laptop()

    answer = office.ask(laptop.enrolment())

    envelope = answer.json()
    about = office.get("/v1/service").json()
    assert answer.status_code == 201
    assert is_signed_by(from_text(about["public_key"]), envelope["receipt"], envelope["signature"])
    assert envelope["receipt"] == {
        "schema": "fyraften.receipt/2",
        "laptop": None,
        "ledger": envelope["receipt"]["ledger"],
        "kind": "enrolment",
        "purpose": "group",
        "date": "2026-10-30",
        "service": about["fingerprint"],
        "subject": laptop.subject,
        "cell": "sales",
        "smallest_group": 10,
    }


@pytest.mark.parametrize("kind", ["cell_laptop", "person_laptop"])
def test_the_same_enrolment_again_has_the_same_receipt(office: Office, kind: str) -> None:
    laptop = getattr(office, kind)()
    first = office.ask(laptop.enrolment())
    office.clock.instant += 86400

    second = office.ask(laptop.enrolment())

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.content == second.content


def test_a_cell_code_serves_many(office: Office) -> None:
    first = office.enrolled(office.cell_laptop())

    office.enrolled(Laptop(first.url, "group", first.code, now=office.clock.now))

    with office.database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(enrolments)).scalar() == 2


def test_a_personal_code_serves_one(office: Office) -> None:
    first = office.enrolled(office.person_laptop())
    second = Laptop(first.url, "duty", first.code, now=office.clock.now)

    assert problem(office.ask(second.enrolment())) == (403, "code-not-valid")


def test_a_code_may_be_typed_carelessly() -> None:
    assert code_hash("7k3f q2wm 9dox tb4n") == code_hash("7K3F-Q2WM-9D0X-TB4N")
    assert code_hash("7K3F-Q2WM-9D0X-TB4P") != code_hash("7K3F-Q2WM-9D0X-TB4N")


def test_codes_are_random_and_long() -> None:
    made = {new_code() for _ in range(1000)}

    assert len(made) == 1000
    assert {len(code) for code in made} == {19}


def test_a_code_is_kept_as_a_hash_only(office: Office) -> None:
    laptop = office.person_laptop()

    with office.database.reading() as connection:
        kept = [str(row) for row in connection.execute(sa.select(codes))]
    assert not any(laptop.code in row or laptop.code.replace("-", "") in row for row in kept)


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA-AAAA", "a" * 64])
def test_an_unknown_code_is_refused(office: Office, code: str) -> None:
    laptop = office.cell_laptop()
    laptop.code = code

    assert problem(office.ask(laptop.enrolment())) == (403, "code-not-valid")


def test_a_code_for_another_purpose_is_refused(office: Office) -> None:
    laptop = office.cell_laptop()
    laptop.purpose = "duty"

    assert problem(office.ask(laptop.enrolment())) == (403, "code-not-valid")


def test_a_subject_with_another_key_is_refused(office: Office) -> None:
    first = office.enrolled(office.cell_laptop())
    second = Laptop(first.url, "group", first.code, now=office.clock.now, subject=first.subject)

    assert problem(office.ask(second.enrolment())) == (409, "subject-taken")


def test_a_subject_with_another_code_is_refused(office: Office) -> None:
    laptop = office.enrolled(office.cell_laptop())
    laptop.code = office.cell_laptop("support").code

    assert problem(office.ask(laptop.enrolment())) == (409, "subject-taken")


def test_an_enrolment_signed_with_another_key_is_refused(office: Office) -> None:
    laptop, other = office.cell_laptop(), office.cell_laptop()
    body = laptop.enrolment().content
    other.subject = laptop.subject

    assert problem(office.ask(other.signed("POST", "/v1/enrolments", body))) == (401, "bad-signature")


def test_an_enrolment_of_another_subject_is_refused(office: Office) -> None:
    laptop = office.cell_laptop()
    body = laptop.enrolment().content
    laptop.subject = "a" * 26

    assert problem(office.ask(laptop.signed("POST", "/v1/enrolments", body))) == (401, "bad-signature")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema", "fyraften.enrolment/2"),
        ("purpose", "payroll"),
        ("purpose", None),
        ("subject", "a" * 25),
        ("subject", "A" * 26),
        ("subject", "a" * 26 + "\n"),
        ("public_key", "AAAA"),
        ("public_key", "æ" * 43),
        ("public_key", 7),
        ("code", "x" * 65),
        ("code", ["x"]),
        ("name", "Bo Holm"),
    ],
)
def test_an_enrolment_with_a_field_that_does_not_fit_is_refused(office: Office, field: str, value: object) -> None:
    laptop = office.cell_laptop()
    document = {**json.loads(laptop.enrolment().content), field: value}

    answer = office.ask(laptop.signed("POST", "/v1/enrolments", json.dumps(document).encode()))

    assert problem(answer) == (422, "report-not-valid")


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"a":1,"a":2}', b"[" * 5000])
def test_a_body_that_is_no_json_object_is_refused(office: Office, body: bytes) -> None:
    laptop = office.cell_laptop()

    assert problem(office.ask(laptop.signed("POST", "/v1/enrolments", body))) == (400, "not-valid-json")


def test_an_enrolment_never_shows_its_code() -> None:
    assert "secret" not in repr(Enrolment("group", "secret", "secret", "secret"))


def test_a_cell_that_is_not_declared_has_no_code(office: Office) -> None:
    with pytest.raises(InputError, match="all, sales, support"), office.database.writing() as connection:
        invite_cell(connection, "nowhere")


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 201])
def test_a_name_that_is_none_has_no_code(office: Office, name: str) -> None:
    with pytest.raises(InputError), office.database.writing() as connection:
        invite_person(connection, name)


def test_an_invitation_of_a_person_keeps_the_name_once(office: Office) -> None:
    office.person_laptop("Bo Holm")

    with office.database.reading() as connection:
        assert connection.execute(sa.select(persons.c.name)).scalars().all() == ["Bo Holm"]
