"""Where the sender's packets go: to the one service the person agreed to, as the kernel sees it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.outbox import Outbox
from fyraften_policy import wire
from lying_server import LyingServer, answer, says

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace to see system calls")

KEY = SigningKey(bytes(32))
SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, KEY.public, None)
VALUES = {"screen_rule": "covered", "workplace_check": "done", "equipment_wanted": ["chair"], "eye_test_wanted": True}
_CONNECT = re.compile(r"(connect|sendto|sendmsg|sendmmsg)\(\d+, .*?sa_family=(AF_\w+)(.*)")
_REFUSED = re.compile(r"= -1 (EACCES|EPERM) \(")  # the sender's own attempts at what is closed to it
_PEER = re.compile(r'sin6?_port=htons\((\d+)\).*?(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)")')


def traced(folder: Path, *command: str, **environ: str) -> tuple[int, set[tuple[str, int]], str]:
    """Run a command; return its exit code, every network address it turned to, and the whole trace."""
    trace = folder / "trace"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-s", "200", "-e", "trace=network", "-o", str(trace), *command],
        env={**os.environ, **environ},
        timeout=120,
        check=False,
    )
    text = trace.read_text(errors="replace")
    return done.returncode, peers(text), text


def peers(trace: str) -> set[tuple[str, int]]:
    """Return the addresses and ports in a trace, without those that the kernel refused.

    A family that is neither of this computer nor IP is an error.
    """
    found = set()
    for line in trace.splitlines():
        matched = _CONNECT.search(line)
        if matched is None or _REFUSED.search(line) or matched[2] in ("AF_UNIX", "AF_NETLINK", "AF_UNSPEC"):
            continue
        peer = _PEER.search(matched[3])
        assert peer is not None, line
        found.add((peer[2] or peer[3], int(peer[1])))
    return found


def prepared(folder: Path, server: str) -> Paths:
    """Return a laptop with an approved report for ``server`` that is due."""
    paths = Paths(folder / "laptop")
    with Ledger.open(paths) as ledger:
        now = int(time.time())
        ledger.give("duty", now - 60, "text", "en", 1, agreed_service(server, KEY.public))
        enrolments = Enrolments(ledger.connection)
        enrolments.start("duty", server, SERVICE, "a" * 26, "CODE", now - 60)
        enrolments.confirm("a" * 26, None, b"{}", now - 50)
        Keys(paths.keys).create("a" * 26)
        outbox = Outbox(ledger.connection)
        body = wire.encode("fyraften.duty.monthly/1", {"month": "2026-10", **VALUES})
        outbox.approve(outbox.prepare(body, "a" * 26, now).id, now, 1)
    return paths


def run_sender(folder: Path, paths: Paths, **environ: str) -> tuple[int, set[tuple[str, int]], str]:
    command = (sys.executable, "-m", "fyraften_agent.sender")
    return traced(folder, *command, FYRAFTEN_HOME=str(paths.folder), **environ)


def address(url: str) -> tuple[str, int]:
    host, port = url.removeprefix("http://").split(":")
    return host, int(port)


def test_the_trace_sees_packets_that_go_elsewhere(tmp_path: Path) -> None:
    """The positive control: a program that does what the sender must not do is seen doing it."""
    with LyingServer(says(answer(200, b"{}"))) as elsewhere, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        host, port = address(elsewhere.url)
        program = (
            "import socket, sys\n"
            f"socket.create_connection(('{host}', {port})).close()\n"
            f"socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {udp.getsockname()[1]}))\n"
        )
        _code, seen, _trace = traced(tmp_path, sys.executable, "-c", program)

        assert seen == {(host, port), udp.getsockname()}


def test_the_sender_turns_to_the_one_agreed_address_only(tmp_path: Path) -> None:
    with LyingServer(says(answer(200, b"{}"))) as elsewhere:
        away = answer(302, b"", "text/html", f"Location: {elsewhere.url}/", f"Refresh: 0; url={elsewhere.url}")
        with LyingServer(says(away)) as service:
            paths = prepared(tmp_path, service.url)
            proxies = {name: elsewhere.url for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")}
            _code, seen, _trace = run_sender(tmp_path, paths, **proxies)
            expected = address(service.url)

    assert [(asked.method, asked.path) for asked in service.asked] == [("GET", "/v1/policy")]
    assert seen == {expected}
    assert elsewhere.asked == []


def test_an_approved_report_without_consent_makes_no_packet(tmp_path: Path) -> None:
    with LyingServer(says(answer(200, b"{}"))) as service:
        paths = prepared(tmp_path, service.url)
        with Ledger.open(paths) as ledger:
            ledger.append("withdrawn", "duty", 2**31)
        code, seen, trace = run_sender(tmp_path, paths)

    assert (code, seen, service.asked) == (0, set(), [])
    assert "AF_INET" not in trace


def test_a_ledger_that_was_tampered_with_makes_no_packet(tmp_path: Path) -> None:
    with LyingServer(says(answer(200, b"{}"))) as service:
        paths = prepared(tmp_path, service.url)
        with closing(sqlite3.connect(paths.ledger)) as connection:
            connection.execute("DROP TRIGGER events_stay")
            connection.execute("UPDATE events SET signature = zeroblob(64) WHERE number = 2")
            connection.commit()
        code, seen, trace = run_sender(tmp_path, paths)

    assert (code, seen, service.asked) == (6, set(), [])
    assert "AF_INET" not in trace


def test_the_sender_does_not_open_the_raw_records(tmp_path: Path) -> None:
    with LyingServer(says(answer(200, b"{}"))) as service:
        paths = prepared(tmp_path, service.url)
        paths.work.write_bytes(b"raw records")
        trace = tmp_path / "files"
        subprocess.run(
            [
                "strace",
                "-f",
                "-qq",
                "-e",
                "trace=file",
                "-o",
                str(trace),
                sys.executable,
                "-m",
                "fyraften_agent.sender",
            ],
            env={**os.environ, "FYRAFTEN_HOME": str(paths.folder)},
            timeout=120,
            check=False,
        )

    opened = [line for line in trace.read_text(errors="replace").splitlines() if not _REFUSED.search(line)]
    assert any(str(paths.ledger) in line for line in opened)
    assert [line for line in opened if str(paths.work) in line and "ENOENT" not in line] == []
