"""Every refusal has the one shape of RFC 9457, at every address.

{"type": "urn:fyraften:problem:NAME", "title": ..., "status": ..., "detail": ...}
"""

from __future__ import annotations

import logging

import httpx
import pytest
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError

from fyraften_service.guard import LARGEST_BODY
from fyraften_service.problems import PROBLEMS
from service_office import URL, Office


def check(answer: httpx.Response, name: str) -> None:
    status, title = PROBLEMS[name]
    document = answer.json()

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert set(document) == {"type", "title", "status", "detail"}
    assert document["type"] == f"urn:fyraften:problem:{name}"
    assert (document["title"], document["status"]) == (title, status)
    assert document["detail"]


ADDRESSES = [
    ("GET", "/v1/service"),
    ("GET", "/v1/policy"),
    ("POST", "/v1/enrolments"),
    ("DELETE", f"/v1/enrolments/{'a' * 26}"),
    ("GET", f"/v1/enrolments/{'a' * 26}/views"),
    ("GET", f"/v1/enrolments/{'a' * 26}/mirror"),
    ("GET", "/v1/ledger"),
    ("GET", f"/v1/ledger/{'a' * 64}"),
    ("PUT", "/v1/reports/group.weekly/2026-W45"),
    ("PUT", "/v1/reports/duty.monthly/2026-10"),
    ("PUT", "/v1/reports/pulse.monthly/2026-10"),
    ("GET", "/"),
    ("GET", "/pulse"),
    ("GET", "/people"),
    ("GET", "/record"),
    ("GET", "/login"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("GET", "/fyraften.css"),
]
each_address = pytest.mark.parametrize(("method", "path"), ADDRESSES)


def routes(office: Office) -> set[tuple[str, str]]:
    def walk(found: list[object]) -> set[tuple[str, str]]:
        pairs = set()
        for route in found:
            if isinstance(route, APIRoute):
                pairs |= {(method, route.path) for method in route.methods}
            else:
                pairs |= walk(list(getattr(getattr(route, "original_router", route), "routes", [])))
        return pairs

    return walk(list(office.app.routes))


def test_the_addresses_below_are_all_there_are(office: Office) -> None:
    def pattern(path: str) -> str:
        parts = path.split("/")
        if path.startswith("/v1/enrolments/"):
            return "/".join(["", "v1", "enrolments", "{subject}", *parts[4:]])
        if path.startswith("/v1/ledger/"):
            return "/v1/ledger/{entry}"
        return "/v1/reports/{name}/{period}" if path.startswith("/v1/reports/") else "/".join(parts)

    assert routes(office) == {(method, pattern(path)) for method, path in ADDRESSES}


@each_address
def test_another_method_is_a_problem(office: Office, method: str, path: str) -> None:
    for other in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD"} - {
        known for known, address in ADDRESSES if address == path
    }:
        answer = office.ask(httpx.Request(other, URL + path))

        if other == "HEAD":
            assert answer.status_code == 405
        else:
            check(answer, "method-not-allowed")


@each_address
def test_a_longer_address_is_a_problem(office: Office, method: str, path: str) -> None:
    check(office.ask(httpx.Request(method, f"{URL}{path}/more/than/that")), "not-found")


@each_address
def test_a_slash_too_many_is_a_problem_and_leads_nowhere(office: Office, method: str, path: str) -> None:
    if path != "/":
        check(office.ask(httpx.Request(method, f"{URL}{path}/")), "not-found")


@each_address
def test_a_body_over_the_limit_is_a_problem(office: Office, method: str, path: str) -> None:
    check(office.ask(httpx.Request(method, URL + path, content=b"x" * (LARGEST_BODY + 1))), "too-large")


def test_a_body_that_tells_no_length_is_limited_too(office: Office) -> None:
    async def pieces() -> object:
        for _ in range(20):
            yield b"x" * 1024

    check(office.ask(httpx.Request("POST", f"{URL}/v1/enrolments", content=pieces())), "too-large")


def test_a_body_at_the_limit_is_read(office: Office) -> None:
    body = b" " * LARGEST_BODY
    headers = {"content-type": "application/json"}

    check(office.ask(httpx.Request("POST", f"{URL}/v1/enrolments", content=body, headers=headers)), "not-valid-json")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", f"/v1/enrolments/{'a' * 26}"),
        ("GET", f"/v1/enrolments/{'a' * 26}/views"),
        ("GET", f"/v1/enrolments/{'a' * 26}/mirror"),
        ("PUT", "/v1/reports/group.weekly/2026-W45"),
    ],
)
def test_a_request_without_a_signature_is_a_problem(office: Office, method: str, path: str) -> None:
    check(office.ask(httpx.Request(method, URL + path)), "bad-signature")


@pytest.mark.parametrize("signature", ["", "x", "a=()", 'fyraften=1;tag="fyraften"', "æ", "fyraften=(" * 2000])
def test_a_garbled_signature_is_a_problem(office: Office, signature: str) -> None:
    headers = {"signature-input": signature.encode(), "signature": signature.encode()}
    request = httpx.Request("DELETE", f"{URL}/v1/enrolments/{'a' * 26}", headers=headers)

    check(office.ask(request), "bad-signature")


def test_an_unknown_address_is_a_problem(office: Office) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/v1", "/v2/service", "/static/../service.toml", "//"):
        check(office.ask(httpx.Request("GET", URL + path)), "not-found")


def test_what_fastapi_refuses_by_itself_is_a_problem(office: Office) -> None:
    @office.app.get("/number/{number}")
    def number(number: int) -> int:
        return number

    check(office.get("/number/canary"), "report-not-valid")
    assert "canary" not in office.get("/number/canary").text


def test_an_unexpected_failure_is_a_problem_and_tells_nothing(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    @office.app.get("/fails")
    def fails() -> None:
        raise RuntimeError("canary-words")

    with caplog.at_level(logging.DEBUG):
        answer = office.get("/fails")

    check(answer, "internal")
    assert "canary-words" not in answer.text + caplog.text
    assert "RuntimeError at fails" in caplog.text


def test_a_database_that_does_not_answer_is_a_problem(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    @office.app.get("/busy")
    def busy() -> None:
        raise OperationalError("select canary-words", {}, Exception("canary-words"))

    with caplog.at_level(logging.DEBUG):
        answer = office.get("/busy")

    check(answer, "unavailable")
    assert "canary-words" not in answer.text + caplog.text


def test_a_locked_database_is_answered_as_unavailable(office: Office) -> None:
    laptop = office.cell_laptop()
    office.database.close()
    (office.config.folder / "service.sqlite3").chmod(0o000)
    (office.config.folder / "service.sqlite3").rename(office.config.folder / "away")
    (office.config.folder / "service.sqlite3").mkdir()

    check(office.ask(laptop.enrolment()), "unavailable")
