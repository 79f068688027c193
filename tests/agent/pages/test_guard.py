"""The guard of the local page: every attack of the threat model, one by one, against the real application."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent_records import NOW, FixedClock, small_home
from asgi import Answer, ask
from fyraften_agent.pages.app import create_app
from fyraften_agent.pages.guard import SECURITY_HEADERS, Door, Guard

AUTHORITY = "127.0.0.1:41234"
ORIGIN = f"http://{AUTHORITY}"
OWN = ("127.0.0.1", 50000)


@dataclass
class Page:
    """A page with its guard, asked without a network."""

    door: Door
    guard: Guard
    closed: list[str]

    def ask(
        self,
        method: str,
        path: str,
        headers: list[tuple[str, str]] | None = None,
        body: bytes = b"",
        client: tuple[str, int] = OWN,
    ) -> Answer:
        """Send one request with exactly these headers (by default only the right Host)."""
        return ask(self.guard, method, path, [("host", AUTHORITY)] if headers is None else headers, body, client)

    def exchange(self, code: str | None = None, **replaced: str) -> Answer:
        """Exchange the code as the page's own script does, with some headers replaced."""
        body = json.dumps({"code": self.door.code if code is None else code}).encode()
        headers = {
            "host": AUTHORITY,
            "origin": ORIGIN,
            "sec-fetch-site": "same-origin",
            "content-type": "application/json",
            "content-length": str(len(body)),
            **{name.replace("_", "-"): value for name, value in replaced.items()},
        }
        return self.ask("POST", "/session", list(headers.items()), body)

    def bearer(self) -> str:
        """Exchange the code and return the bearer."""
        return str(json.loads(self.exchange().body)["bearer"])

    def with_bearer(self, method: str, path: str, bearer: str, **headers: str) -> Answer:
        """Ask with the bearer and, otherwise, what the page's own script sends."""
        sent = {"host": AUTHORITY, "authorization": f"Bearer {bearer}", "sec-fetch-site": "same-origin", **headers}
        return self.ask(method, path, list(sent.items()))


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """A page of somebody without records, of which only ``OWN`` is an own connection."""
    door, closed = Door(), []
    app = create_app(small_home(tmp_path), FixedClock(NOW), "en", door, lambda: closed.append("closed"), 30)
    guard = Guard(app, authority=AUTHORITY, door=door, is_own=lambda client: client == OWN)
    return Page(door, guard, closed)


PATHS = (
    "/",
    "/page.js",
    "/page.css",
    "/icon.svg",
    "/state",
    "/day",
    "/month",
    "/nothing",
    "/session",
    "/close",
    "/checks",
    "/sheet",
    "/answers",
    "/corrections",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_host_is_answered_on_no_path(page: Page, path: str) -> None:
    answers = [page.ask(method, path, [("host", "evil.example:41234")]) for method in ("GET", "POST", "HEAD")]

    assert [answer.status for answer in answers] == [421] * 3


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:41235", "localhost:41234", "127.0.0.1:41234.evil.example", "0.0.0.0:41234",
     "127.0.0.1:412340", "evil@127.0.0.1:41234", "[::1]:41234", "127.1:41234", "2130706433:41234", ""],
)  # fmt: skip
def test_a_host_that_looks_like_it_is_not_it(page: Page, host: str) -> None:
    assert page.ask("GET", "/", [("host", host)]).status == 421


def test_two_hosts_or_none_are_refused(page: Page) -> None:
    twice = page.ask("GET", "/", [("host", AUTHORITY), ("host", AUTHORITY)])
    none = page.ask("GET", "/", [])

    assert (twice.status, none.status) == (421, 421)


@pytest.mark.parametrize("path", ["/state", "/day", "/month", "/nothing"])
@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer wrong", "Basic eDp5", "Bearer é"])
def test_without_the_bearer_nothing_is_shown(page: Page, path: str, authorization: str | None) -> None:
    page.bearer()
    headers = [("host", AUTHORITY)] + ([] if authorization is None else [("authorization", authorization)])

    answer = page.ask("GET", path, headers)

    assert answer.status == 401
    assert b"screen work" not in answer.body


def test_closing_needs_the_bearer_too(page: Page) -> None:
    headers = {"host": AUTHORITY, "origin": ORIGIN, "content-type": "application/json", "content-length": "2"}

    answer = page.ask("POST", "/close", list(headers.items()), b"{}")

    assert (answer.status, page.closed) == (401, [])


def test_a_simple_post_as_a_form_sends_it_is_refused(page: Page) -> None:
    for media in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=x",
    ):
        assert page.exchange(content_type=media).status == 415

    assert page.exchange().status == 200


@pytest.mark.parametrize(
    "origin",
    ["null", "http://evil.example", "http://127.0.0.1:8080", "http://localhost:41234", "https://127.0.0.1:41234",
     "http://127.0.0.1:41234.evil.example", "file://", ""],
)  # fmt: skip
def test_another_origin_is_refused_on_every_path(page: Page, origin: str) -> None:
    bearer = page.bearer()

    reads = [
        page.with_bearer("GET", path, bearer, origin=origin).status for path in ("/", "/page.js", "/day", "/state")
    ]

    assert reads == [403] * 4
    assert page.exchange(origin=origin).status == 403


def test_a_post_without_an_origin_is_refused(page: Page) -> None:
    body = json.dumps({"code": page.door.code}).encode()
    headers = {"host": AUTHORITY, "content-type": "application/json", "content-length": str(len(body))}

    answer = page.ask("POST", "/session", list(headers.items()), body)

    assert answer.status == 403
    assert page.exchange().status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_request_from_another_site_is_refused(page: Page, site: str) -> None:
    bearer = page.bearer()

    answers = [page.ask("GET", path, [("host", AUTHORITY), ("sec-fetch-site", site)]) for path in ("/", "/page.js")]
    answers.append(page.with_bearer("GET", "/day", bearer, **{"sec-fetch-site": site}))

    assert [answer.status for answer in answers] == [403] * 3


def test_the_page_of_another_local_port_is_another_origin(page: Page) -> None:
    assert page.exchange(origin="http://127.0.0.1:41235", sec_fetch_site="same-site").status == 403


def test_the_code_works_once(page: Page) -> None:
    first, second = page.exchange(), page.exchange()

    assert (first.status, second.status) == (200, 403)


def test_a_wrong_code_uses_nothing_up(page: Page) -> None:
    wrong = [page.exchange(code=code).status for code in ("", "x", page.door.code + "x", page.door.code[:-1], "é")]

    assert wrong == [403] * 5
    assert page.exchange().status == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"x"', b'{"code":1}', b"{", b"\xff", b'{"code":null}', b'{"code":"\\ud800"}', b"[" * 1000]
)
def test_a_body_that_is_no_code_is_refused(page: Page, body: bytes) -> None:
    headers = {"host": AUTHORITY, "origin": ORIGIN, "content-type": "application/json"}

    answer = page.ask("POST", "/session", [*headers.items(), ("content-length", str(len(body)))], body)

    assert answer.status == 403


def test_a_long_body_is_refused_before_it_is_read(page: Page) -> None:
    assert page.exchange(content_length="1025").status == 415
    assert page.exchange(content_length="-1").status == 415
    assert page.exchange(content_length="").status == 415


def test_a_form_may_be_longer_and_has_its_own_bound(page: Page) -> None:
    bearer = page.bearer()

    def sent(length: int, **more: str) -> int:
        form = {"origin": ORIGIN, "content-type": "application/json", "content-length": str(length), **more}
        return page.with_bearer("POST", "/answers", bearer, **form).status

    assert sent(16 * 1024 + 1) == 415
    assert sent(16 * 1024) != 415
    assert sent(10, **{"content-type": "text/plain"}) == 415
    assert sent(10, origin="http://evil.example") == 403


def test_a_correction_needs_the_bearer_the_page_and_a_short_body(page: Page) -> None:
    bearer = page.bearer()
    right = {"origin": ORIGIN, "content-type": "application/json", "content-length": "10"}

    def sent(bearer: str = bearer, **other: str) -> int:
        changed = {name.replace("_", "-"): value for name, value in other.items()}
        return page.with_bearer("POST", "/corrections", bearer, **{**right, **changed}).status

    assert sent() == 403  # the consent that is missing: it has passed
    assert sent("another") == 401
    assert sent(origin="http://evil.example") == 403
    assert sent(sec_fetch_site="cross-site") == 403
    assert sent(content_type="text/plain") == 415
    assert sent(content_length="1025") == 415


def test_the_connection_of_another_account_is_refused(page: Page) -> None:
    answers = [page.ask("GET", path, client=("127.0.0.1", 50001)) for path in PATHS]

    assert [answer.status for answer in answers] == [403] * len(PATHS)


@pytest.mark.parametrize("path", ["/session", "/close", "/answers", "/corrections"])
def test_nothing_changes_by_reading(page: Page, path: str) -> None:
    answers = [page.ask(method, path) for method in ("GET", "HEAD", "OPTIONS")]

    assert {answer.status for answer in answers} == {405}
    assert page.closed == []
    assert page.exchange().status == 200


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(page: Page, method: str) -> None:
    assert page.ask(method, "/", [("host", AUTHORITY)]).status == 405


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_security_headers_and_none_for_other_origins(page: Page, path: str) -> None:
    for answer in (page.ask("GET", path), page.ask("GET", path, [("host", "evil.example")])):
        names = [name for name, _value in answer.headers]

        assert SECURITY_HEADERS.items() <= dict(answer.headers).items()
        assert len(names) == len(set(names))
        assert not [name for name in names if name.startswith("access-control") or name == "set-cookie"]


def test_the_policy_lets_only_the_page_s_own_script_run_and_nobody_frame_it() -> None:
    policy = SECURITY_HEADERS["content-security-policy"]

    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_websocket_is_closed_at_once(page: Page) -> None:
    sent = []

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    asyncio.run(page.guard({"type": "websocket", "headers": []}, receive, send))  # type: ignore[arg-type]  # ASGI's message types are open

    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_the_code_and_the_bearer_are_in_no_representation(page: Page) -> None:
    assert page.door.code not in repr(page.door)


def test_only_answered_requests_keep_the_page_open(tmp_path: Path) -> None:
    door, seen = Door(), []
    app = create_app(small_home(tmp_path), FixedClock(NOW), "en", door, lambda: None, 30)
    guard = Guard(app, authority=AUTHORITY, door=door, is_own=lambda _: True, seen=lambda: seen.append("seen"))
    page = Page(door, guard, [])

    page.ask("GET", "/", [("host", "evil.example")])
    page.ask("GET", "/day")
    refused = len(seen)
    page.ask("GET", "/")

    assert (refused, len(seen)) == (0, 1)
