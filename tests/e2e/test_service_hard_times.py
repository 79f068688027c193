"""The employer's service killed, attacked or asked too much: nothing acknowledged is lost, nothing is told."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pexpect
import pytest

from service_process import (
    ADMIN,
    PASSWORD,
    Laptop,
    ServiceProcess,
    command,
    duty_values,
    free_port,
    group_values,
    set_up,
)

BEFORE = date(2026, 10, 30)
WEEK = "2026-W45"
OVER = date(2026, 11, 9)
# Another loopback address than the service listens at, so that it can be looked for in the log.
CLIENT = "127.0.0.9"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ServiceProcess]:
    made = set_up(tmp_path, BEFORE)
    made.start()
    yield made
    made.stop()


def client() -> httpx.Client:
    return httpx.Client(transport=httpx.HTTPTransport(local_address=CLIENT), timeout=30)


def send_until_it_dies(requests: list[httpx.Request], acknowledged: dict[int, bytes]) -> None:
    with client() as connection:
        for number, request in enumerate(requests):
            try:
                answer = connection.send(request)
            except httpx.TransportError:
                return
            if answer.status_code == 201:
                acknowledged[number] = answer.content


@pytest.mark.parametrize("after", [3, 40, 90])
def test_a_killed_service_has_lost_nothing_it_acknowledged(service: ServiceProcess, after: int) -> None:
    code = service.invite("cell", "sales")
    laptops = [Laptop(service.url, "group", code) for _ in range(150)]
    with client() as connection:
        assert {connection.send(laptop.enrolment()).status_code for laptop in laptops} == {201}
    service.set_date(OVER)
    halves = (laptops[:75], laptops[75:])
    acknowledged: list[dict[int, bytes]] = [{}, {}]
    senders = [
        threading.Thread(
            target=send_until_it_dies,
            args=([laptop.report(WEEK, group_values(WEEK)) for laptop in half], acknowledged[place]),
        )
        for place, half in enumerate(halves)
    ]
    for sender in senders:
        sender.start()
    deadline = time.monotonic() + 60
    while sum(len(found) for found in acknowledged) < after and time.monotonic() < deadline:
        time.sleep(0.001)
    service.kill()
    for sender in senders:
        sender.join()
    service.start()

    assert after <= sum(len(found) for found in acknowledged) < len(laptops)
    with client() as connection:
        for half, found in zip(halves, acknowledged, strict=True):
            for number, receipt in found.items():
                again = connection.send(half[number].report(WEEK, group_values(WEEK)))
                assert (again.status_code, again.content) == (200, receipt)
            for laptop in half:
                assert connection.send(laptop.report(WEEK, group_values(WEEK))).status_code in (200, 201)


def test_the_log_tells_nothing_about_anybody(service: ServiceProcess) -> None:
    cell_code, personal_code = service.invite("cell", "sales"), service.invite("person", "Bo Canary Holm")
    laptop = Laptop(service.url, "group", cell_code)
    person = Laptop(service.url, "duty", personal_code)
    stranger = Laptop(service.url, "group", "CANA-RYCO-DE00-0000")
    with client() as connection:
        for enrolment in (laptop, person, stranger):
            connection.send(enrolment.enrolment())
        connection.send(person.report("2026-10", duty_values("2026-10")))
        service.set_date(OVER)
        connection.send(laptop.report(WEEK, group_values(WEEK, home_share="half_or_more")))
        connection.send(laptop.signed("PUT", f"/v1/reports/group.weekly/{WEEK}", b'{"canary":"canary-body"}'))
        connection.send(stranger.withdrawal())
        connection.get(f"{service.url}/canary-path?canary-query")
        connection.post(f"{service.url}/login", data={"account": "canary-account", "password": "canary-password"})
        connection.post(f"{service.url}/v1/enrolments", content=b"canary-body" * 5000)
        os.rename(service.folder / "service.sqlite3", service.folder / "away")
        (service.folder / "service.sqlite3").mkdir()
        failed = [connection.send(laptop.withdrawal()).status_code for _ in range(30)]
        (service.folder / "service.sqlite3").rmdir()
        os.rename(service.folder / "away", service.folder / "service.sqlite3")
        connection.send(laptop.withdrawal())
    service.stop()

    log = service.log.read_text()
    assert "is ready at" in log
    assert failed
    canaries = [CLIENT, "canary", "Canary", "half_or_more", "day_off", WEEK, "group.weekly", "enrolments"]
    canaries += [who.subject for who in (laptop, person, stranger)] + [cell_code, personal_code, stranger.code]
    canaries += [who.public_key for who in (laptop, person, stranger)]
    assert [canary for canary in canaries if canary in log] == []
    assert re.findall(r"\b\d{2}:\d{2}:\d{2}\b", log) == []


def test_a_failure_is_logged_without_its_words(service: ServiceProcess) -> None:
    service.stop()
    service.start()
    service.calendar.write_text("canary-words")
    with client() as connection:
        answer = connection.send(Laptop(service.url, "group", service.invite("cell", "sales")).enrolment())

    assert (answer.status_code, answer.json()["type"]) == (500, "urn:fyraften:problem:internal")
    log = service.log.read_text()
    assert "unexpected InputError" in log
    assert "canary-words" not in log


def test_a_body_that_never_ends_is_refused_without_being_read(service: ServiceProcess) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 4096

    with client() as connection:
        try:
            status = connection.post(f"{service.url}/v1/enrolments", content=endless()).status_code
        except httpx.TransportError:
            status = 0  # the service had closed the connection before the client looked
        alive = connection.get(f"{service.url}/v1/service").status_code

    assert status in (0, 413)
    assert alive == 200


def test_of_many_passwords_at_once_five_are_checked_and_laptops_are_answered_meanwhile(
    service: ServiceProcess,
) -> None:
    answers, together = [], threading.Barrier(31)

    def guess(number: int) -> None:
        with httpx.Client(base_url=service.url, timeout=60, trust_env=False) as browser:
            token = re.search(r'name="token" value="([^"]+)"', browser.get("/login").text)
            assert token is not None
            together.wait()
            form = {"token": token[1], "account": ADMIN, "password": f"guess number {number}"}
            answers.append(browser.post("/login", data=form).status_code)

    guesses = [threading.Thread(target=guess, args=(number,)) for number in range(30)]
    for each in guesses:
        each.start()
    together.wait()
    with client() as connection:
        meanwhile = connection.get(f"{service.url}/v1/policy").status_code
    for each in guesses:
        each.join()

    assert meanwhile == 200
    assert sorted(answers) == [403] * 5 + [429] * 25


def test_the_service_listens_at_this_computer_only(service: ServiceProcess) -> None:
    assert service.process is not None
    port = int(service.url.rsplit(":", 1)[1])
    listening = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state == "0A" and int(local.rsplit(":", 1)[1], 16) == port:
                listening.add(local.rsplit(":", 1)[0])

    assert listening == {"0100007F"}


def test_a_port_in_use_is_told(service: ServiceProcess) -> None:
    done = command("run", "--folder", str(service.folder))

    assert done.returncode == 5
    assert "cannot be used" in done.stderr


def test_setting_up_asks_twice_for_a_password_at_the_keyboard(tmp_path: Path) -> None:
    import sys

    url = f"http://127.0.0.1:{free_port()}"
    arguments = ["-m", "fyraften_service", "init", "--folder", str(tmp_path / "service"), "--organisation", "Nordhavn"]
    arguments += ["--contact", "hr@example.dk", "--public-url", url, "--language", "en"]
    for second, expected in (("another password", 2), (PASSWORD, 0)):
        terminal = pexpect.spawn(sys.executable, arguments, encoding="utf-8", timeout=30)
        terminal.expect("Name of the first account: ")
        terminal.sendline(ADMIN)
        terminal.expect("Password, at least 12 characters: ")
        terminal.sendline(PASSWORD)
        terminal.expect("The same password again: ")
        terminal.sendline(second)
        terminal.expect(pexpect.EOF)
        terminal.close()
        assert terminal.exitstatus == expected
        assert PASSWORD not in str(terminal.before)

    assert json.loads(command("publish", "--folder", str(tmp_path / "service"), "--json").stdout)["published"] == []
