"""Nobody is shown who withdrew: an organisation where somebody did answers like one where that person never took part.

What may differ is what is random, and ranges of numbers; what differs beyond that is a failure.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fyraften_policy.journal import entry_of
from service_office import CLOSED, FRIDAY, OVER, WEEK, Office, open_office
from service_process import Laptop, duty_values, group_values, record_values

PAGES = ("/", "/pulse", "/people", "/record", "/login", "/fyraften.css")
API = ("/v1/service", "/v1/policy", "/v1/ledger", "/v1/ledger?from=5")
# What is random in an answer: hashes, signatures, random bits, forms' tokens.
RANDOM = re.compile(r"[0-9a-f]{64}|[0-9a-f]{4}(-[0-9a-f]{4}){7}|[A-Za-z0-9_-]{22,}|[a-z2-7]{26}")


@pytest.fixture
def two(furnished: Path, tmp_path: Path) -> Iterator[tuple[Office, Office]]:
    """The same organisation twice, with the same key."""
    offices = [open_office(Path(shutil.copytree(furnished, tmp_path / name))) for name in ("with", "without")]
    yield offices[0], offices[1]
    for office in offices:
        office.database.close()


def answers(office: Office, colleague: Laptop) -> dict[str, str]:
    """Return everything an account, anybody, and a colleague can be answered, with what is random taken out."""
    office.cookies.clear()
    office.sign_in()
    found = {path: office.get(path).text for path in PAGES + API}
    mirror = office.ask(colleague.signed("GET", f"/v1/enrolments/{colleague.subject}/mirror"))
    found["mirror"] = mirror.text
    for report in mirror.json()["reports"]:
        inclusion = office.get(f"/v1/ledger/{entry_of(report['receipt']['receipt'])}")
        found["inclusion"] = re.sub(r'"place":\d+', "", inclusion.text)
    if colleague.purpose in ("duty", "record"):
        found["views"] = office.ask(colleague.who_looked()).text
    return {name: RANDOM.sub("…", text) for name, text in found.items()}


Step = Callable[[Office, bool], Laptop]


def somebody_of_a_group_who_left_before_the_week(office: Office, is_with: bool) -> Laptop:
    laptops = [office.enrolled(office.cell_laptop()) for _ in range(13)]
    if is_with:
        office.ask(office.enrolled(office.cell_laptop()).withdrawal())
    office.clock.day = OVER
    for laptop in laptops:
        assert office.ask(laptop.report(WEEK, group_values(WEEK))).status_code == 201
    return laptops[0]


def somebody_of_a_group_who_had_reported(office: Office, is_with: bool) -> Laptop:
    laptops = [office.enrolled(office.cell_laptop()) for _ in range(13)]
    leaving = office.enrolled(office.cell_laptop()) if is_with else None
    office.clock.day = OVER
    for laptop in [*laptops, *([leaving] if leaving else [])]:
        assert office.ask(laptop.report(WEEK, group_values(WEEK, home_days="2"))).status_code == 201
    if leaving:
        office.clock.day = OVER + timedelta(days=1)
        assert office.ask(leaving.withdrawal()).status_code == 200
    return laptops[0]


def somebody_with_a_name(office: Office, is_with: bool) -> Laptop:
    colleague = office.enrolled(office.person_laptop("Ida Vang"))
    assert office.ask(colleague.report("2026-10", duty_values("2026-10"))).status_code == 201
    leaving = office.person_laptop("Bo Holm")  # invited in both, took part in one
    if is_with:
        office.enrolled(leaving)
        assert office.ask(leaving.report("2026-10", duty_values("2026-10"))).status_code == 201
        office.clock.day = FRIDAY + timedelta(days=2)
        assert office.ask(leaving.withdrawal()).status_code == 200
    return colleague


def somebody_who_had_filed_their_working_time(office: Office, is_with: bool) -> Laptop:
    colleague = office.enrolled(office.person_laptop("Ida Vang", "record"))
    leaving = office.enrolled(office.person_laptop("Bo Holm", "record"))
    for laptop in (colleague, leaving):
        assert office.ask(laptop.report("2026-W43", record_values("2026-W43"))).status_code == 201
    if is_with:
        office.clock.day = FRIDAY + timedelta(days=2)
        assert office.ask(leaving.withdrawal()).status_code == 200
    return colleague


@pytest.mark.parametrize(
    "step",
    [
        somebody_of_a_group_who_left_before_the_week,
        somebody_of_a_group_who_had_reported,
        somebody_with_a_name,
        somebody_who_had_filed_their_working_time,
    ],
)
def test_an_organisation_with_a_withdrawal_answers_like_one_without(two: tuple[Office, Office], step: Step) -> None:
    asked = []
    for office, is_with in zip(two, (True, False), strict=True):
        colleague = step(office, is_with)
        office.clock.day = CLOSED
        asked.append(answers(office, colleague))

    assert asked[0] == asked[1]
    assert all(asked[0].values())


def test_what_is_compared_would_show_a_difference(two: tuple[Office, Office]) -> None:
    """Shows that the comparison sees: one contributor more than the range, one name more, one day more."""
    colleagues = [office.enrolled(office.person_laptop("Ida Vang")) for office in two]
    for office, colleague in zip(two, colleagues, strict=True):
        office.ask(colleague.report("2026-10", duty_values("2026-10")))
    person = two[0].enrolled(two[0].person_laptop("Bo Holm"))
    two[0].ask(person.report("2026-10", duty_values("2026-10")))

    with_bo, without = (answers(office, colleague) for office, colleague in zip(two, colleagues, strict=True))

    assert {name for name in with_bo if with_bo[name] != without[name]} == {"/people"}


def test_a_day_tells_at_most_a_power_of_two_of_what_came_on_it(two: tuple[Office, Office]) -> None:
    laptop = two[0].enrolled(two[0].cell_laptop())
    for _ in range(15):
        two[0].enrolled(two[0].cell_laptop())
    receipt = two[0].ask(laptop.enrolment()).json()["receipt"]
    two[0].clock.day = FRIDAY + timedelta(days=1)

    found = json.loads(two[0].get(f"/v1/ledger/{entry_of(receipt)}").text)

    assert len(found["path"]) == 4  # sixteen leaves, as on a day with one
