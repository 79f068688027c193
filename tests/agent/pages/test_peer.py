"""Whose connection it is, asked of the kernel."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from fyraften_agent.pages.peer import can_be_asked, owner_of

ROW = "   0: {local} {remote} 01 00000000:00000000 00:00000000 00000000  {owner}        0 12345 1 x\n"
PAGE = ("127.0.0.1", 0xA112)
PAGE_ROW, PAGE_ROW_6 = "0100007F:A112", "0000000000000000FFFF00000100007F:A112"
HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

little_endian = pytest.mark.skipif(
    sys.byteorder != "little", reason="the rows are written as a little-endian kernel does"
)


def kernel(folder: Path, tcp: str = "", tcp6: str = "") -> Path:
    (folder / "proc/net").mkdir(parents=True)
    (folder / "proc/net/tcp").write_text(HEAD + tcp, encoding="ascii")
    (folder / "proc/net/tcp6").write_text(HEAD + tcp6, encoding="ascii")
    return folder


@little_endian
def test_the_owner_of_a_connection_is_read_from_the_kernel_s_table(tmp_path: Path) -> None:
    root = kernel(tmp_path, ROW.format(local="0100007F:C350", remote=PAGE_ROW, owner=1000))

    assert owner_of(("127.0.0.1", 50000), PAGE, root) == 1000


@little_endian
def test_an_ipv4_connection_from_an_ipv6_socket_is_found_too(tmp_path: Path) -> None:
    root = kernel(
        tmp_path, tcp6=ROW.format(local="0000000000000000FFFF00000100007F:C350", remote=PAGE_ROW_6, owner=1001)
    )

    assert owner_of(("127.0.0.1", 50000), PAGE, root) == 1001


@little_endian
def test_the_other_end_of_a_connection_is_not_its_owner(tmp_path: Path) -> None:
    root = kernel(tmp_path, ROW.format(local="0100007F:C350", remote=PAGE_ROW, owner=1000))

    assert owner_of(PAGE, ("127.0.0.1", 50000), root) is None


@little_endian
def test_who_calls_from_the_port_of_another_connection_is_told_apart(tmp_path: Path) -> None:
    """Linux lets two accounts use one port of this computer, to different places; which comes first is chance."""
    mine = ROW.format(local="0100007F:C350", remote="0100007F:1F90", owner=1000)
    root = kernel(tmp_path, mine + ROW.format(local="0100007F:C350", remote=PAGE_ROW, owner=1001))

    assert owner_of(("127.0.0.1", 50000), PAGE, root) == 1001


def test_a_system_without_the_table_cannot_be_asked(tmp_path: Path) -> None:
    assert not can_be_asked(tmp_path)
    assert owner_of(("127.0.0.1", 50000), PAGE, tmp_path) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells")
def test_a_real_connection_is_this_account_s() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert owner_of(client.getsockname(), server.getsockname()) == os.getuid()
