"""A12: every local door asks who comes: the page's address, its code, its bearer, and the socket of the commands.

Each attack is made on a real page, beside a request that gets in; more are in ``tests/e2e/test_page_attacks.py``.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent_records import nine_weeks, small_home
from e2e.page_processes import PageProcess, page_on_the_friday
from e2e.test_page_attacks import as_nobody, get, status_of
from fyraften_agent.processes.control import ControlChannel

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another account")
# What is changed in a request that would get in, and how it is answered.
ATTACKS: dict[str, tuple[dict[str, str], int]] = {
    "a foreign host, as by DNS rebinding": ({"Host": "evil.example"}, 421),
    "a host that looks alike": ({"Host": "127.0.0.1.evil.example"}, 421),
    "the origin of nobody": ({"Origin": "null"}, 403),
    "the origin of another program here": ({"Origin": "http://127.0.0.1:1"}, 403),
    "a request that a site made": ({"Sec_Fetch_Site": "cross-site"}, 403),
    "a request that another port made": ({"Sec_Fetch_Site": "same-site"}, 403),
    "a form, which a browser sends unasked": ({"Content_Type": "text/plain"}, 415),
}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fyraften-") as place:
        Path(place).chmod(0o755)  # so that only the modes of the records protect them
        yield nine_weeks(small_home(Path(place))).folder


@pytest.fixture(scope="module")
def page(folder: Path) -> Iterator[PageProcess]:
    with page_on_the_friday(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def day(page: PageProcess) -> Callable[..., str]:
    """Ask for the day, after every attack on the code: with the bearer that the code is worth, unless told."""
    attacks = {name: status_of(page.exchange(**changed)) for name, (changed, _code) in ATTACKS.items()}
    assert attacks == {name: code for name, (_changed, code) in ATTACKS.items()}
    first, second = page.exchange(), page.exchange()
    assert [status_of(first), status_of(second)] == [200, 403]  # the code works once
    bearer = json.loads(first.partition("\r\n\r\n")[2])["bearer"]

    def ask(*headers: str, host: str | None = None, token: str = bearer) -> str:
        return get(page, "/day", host or f"127.0.0.1:{page.port}", f"Authorization: Bearer {token}", *headers)

    return ask


def test_no_attack_gets_the_bearer_and_the_code_works_once(day: Callable[..., str]) -> None:
    assert status_of(day()) == 200


def test_without_the_bearer_or_with_a_guessed_one_nothing_is_read(day: Callable[..., str]) -> None:
    guessed = [day(token=token) for token in ("", "A" * 43, "null")]

    assert {status_of(answer) for answer in guessed} == {401}
    assert not any("Stop by" in answer for answer in guessed)


def test_with_the_stolen_bearer_another_site_reads_nothing(page: PageProcess, day: Callable[..., str]) -> None:
    stolen = [
        day(host="evil.example"),
        day("Origin: https://evil.example"),
        day("Sec-Fetch-Site: cross-site"),
        day(f"Origin: http://localhost:{page.port}"),
    ]

    assert [status_of(answer) for answer in stolen] == [421, 403, 403, 403]
    assert not any("Stop by" in answer or "Access-Control-Allow" in answer for answer in stolen)


@needs_root
def test_another_account_gets_nothing_by_network_file_or_socket(
    page: PageProcess, folder: Path, day: Callable[..., str]
) -> None:
    small = small_home(folder.parent)
    channel = ControlChannel(small)

    def connect() -> str:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(small.control))
            return "connected"

    try:
        folder.chmod(0o755)
        said = [as_nobody(connect), as_nobody((folder / "work.sqlite3").read_text)]
        own = connect()
    finally:
        folder.chmod(0o700)
        channel.close()

    assert status_of(as_nobody(day)) == 403
    assert status_of(day()) == 200
    assert [each.partition(":")[0] for each in said] == ["PermissionError", "PermissionError"]
    assert own == "connected"
