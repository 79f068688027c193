"""N20: the local page answers on the loopback address alone, and nobody whom it does not expect."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator

import pytest

from agent_records import nine_weeks, small_home
from e2e.page_processes import PageProcess, page_on_the_friday


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageProcess]:
    with page_on_the_friday(nine_weeks(small_home(tmp_path_factory.mktemp("laptop"))).folder) as opened:
        yield opened


def own_addresses() -> list[str]:
    """Return the addresses under which others can reach this computer."""
    told = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    return [address for address in told if ":" not in address]


def test_at_no_other_address_of_this_computer_does_anybody_answer(page: PageProcess) -> None:
    others = own_addresses()

    assert others != []
    for address in (*others, "127.0.0.2"):
        with socket.socket() as caller:
            caller.settimeout(2)
            assert caller.connect_ex((address, page.port)) != 0, address


def test_at_the_loopback_address_somebody_does(page: PageProcess) -> None:
    """The positive control."""
    assert page.send(f"GET / HTTP/1.1\nHost: 127.0.0.1:{page.port}\nConnection: close\n\n").startswith("HTTP/1.1 200")


@pytest.mark.parametrize("host", ["evil.example", "localhost:{port}", "127.0.0.1:1", "127.0.0.1:{port}.evil.example"])
@pytest.mark.parametrize("path", ["/", "/day", "/month", "/state", "/page.js", "/checks", "/nothing"])
def test_a_page_of_another_site_that_came_to_the_port_reads_nothing(page: PageProcess, path: str, host: str) -> None:
    answer = page.send(f"GET {path} HTTP/1.1\nHost: {host.format(port=page.port)}\nConnection: close\n\n")

    head, _, body = answer.partition("\r\n\r\n")
    assert " 421 " in head.splitlines()[0]
    assert "access-control" not in head.lower()
    assert "Stop by" not in body
