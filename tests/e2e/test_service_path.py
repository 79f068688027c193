"""The employer's service as a real process: from set-up to figures on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from service_process import Laptop, ServiceProcess, duty_values, group_values, set_up

BEFORE = date(2026, 10, 30)  # a Friday
WEEK = "2026-W45"  # 2 to 8 November
OVER = date(2026, 11, 9)
CLOSED = date(2026, 11, 23)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceProcess]:
    started = set_up(tmp_path, BEFORE, {"sales": "Sales", "support": "Support"})
    started.start()
    yield started
    started.stop()


def send(request: httpx.Request) -> httpx.Response:
    # From another loopback address than the service's own, so that it can be looked for in the log.
    with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.9"), timeout=30) as client:
        return client.send(request)


def enrolled(service: ServiceProcess, number: int, cell: str = "sales") -> list[Laptop]:
    code = service.invite("cell", cell)
    laptops = [Laptop(service.url, "group", code) for _ in range(number)]
    assert {send(laptop.enrolment()).status_code for laptop in laptops} == {201}
    return laptops


def page(service: ServiceProcess, path: str = "/") -> str:
    return service.page(path)


def test_a_group_of_nine_shows_nothing(service: ServiceProcess) -> None:
    laptops = enrolled(service, 9)
    service.set_date(OVER)
    answers = [send(laptop.report(WEEK, group_values(WEEK))) for laptop in laptops]
    service.set_date(CLOSED)

    assert {answer.status_code for answer in answers} == {201}
    shown = page(service)
    assert WEEK in shown
    assert "nothing is shown" in shown
    assert "<table" not in shown


def test_a_group_of_ten_shows_figures(service: ServiceProcess) -> None:
    laptops = enrolled(service, 10)
    service.set_date(OVER)
    for number, laptop in enumerate(laptops):
        home_days = "1" if number < 4 else "3"
        assert send(laptop.report(WEEK, group_values(WEEK, home_days=home_days))).status_code == 201
    before = page(service)
    service.set_date(CLOSED)
    shown = page(service)

    assert WEEK not in before
    assert "10–19 people contributed" in shown
    assert "60 %" in shown


def test_a_group_that_would_give_away_a_smaller_one_is_held_back(service: ServiceProcess) -> None:
    laptops = [("sales", laptop) for laptop in enrolled(service, 12)]
    laptops += [("support", laptop) for laptop in enrolled(service, 3, "support")]
    service.set_date(OVER)
    answers = {send(laptop.report(WEEK, group_values(WEEK, cell))).status_code for cell, laptop in laptops}
    service.set_date(CLOSED)
    shown = page(service)

    assert answers == {201}
    assert re.findall(r'<h2 id="cell-\d+">([^<]*)</h2>', shown) == ["Nordhavn Regnskab"]
    assert re.findall(r"<li>(Sales|Support)</li>", shown) == ["Sales", "Support"]


def test_a_publication_never_changes_and_its_reports_are_gone(service: ServiceProcess) -> None:
    laptops = enrolled(service, 10)
    service.set_date(OVER)
    receipts = [send(laptop.report(WEEK, group_values(WEEK))).json()["receipt"] for laptop in laptops]
    service.set_date(CLOSED)
    first = page(service)
    service.stop()
    service.start()
    service.set_date(OVER)  # whoever turns the calendar back gains nothing
    late = send(laptops[0].report(WEEK, group_values(WEEK, home_days="4")))
    kept = b"".join(path.read_bytes() for path in service.folder.iterdir())

    def figures(text: str) -> list[str]:
        return re.findall(r"<t[dh][^>]*>[^<]*|<h2[^>]*>[^<]*", text)

    assert (late.status_code, late.json()["type"]) == (410, "urn:fyraften:problem:period-closed")
    assert figures(page(service)) == figures(first)
    assert not any(receipt["body_sha256"].encode() in kept for receipt in receipts)


def test_a_withdrawn_person_is_gone_and_stays_gone(service: ServiceProcess) -> None:
    person = Laptop(service.url, "duty", service.invite("person", "Bo Holm"))
    send(person.enrolment())
    send(person.report("2026-10", duty_values("2026-10")))
    first, second = send(person.withdrawal()), send(person.withdrawal())
    kept = b"".join(path.read_bytes() for path in service.folder.iterdir())

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert send(person.report("2026-10", duty_values("2026-10"))).status_code == 410
    assert b"Bo Holm" not in kept
    assert person.subject.encode() not in kept
    assert "Bo Holm" not in page(service, "/people")


def test_a_person_appears_on_the_list_by_their_own_click(service: ServiceProcess) -> None:
    laptop = Laptop(service.url, "duty", service.invite("person", "Bo Holm"))
    assert send(laptop.enrolment()).status_code == 201
    before = page(service, "/people")
    assert send(laptop.report("2026-10", duty_values("2026-10"))).status_code == 201

    assert "Bo Holm" not in before
    assert "Bo Holm" in page(service, "/people")
