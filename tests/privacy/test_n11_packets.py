"""N11: no message leaves of its own accord: in thirty simulated days every packet is one that somebody approved."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]


def _has_namespaces() -> bool:
    if not sys.platform.startswith("linux") or shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return subprocess.run(["unshare", "--map-root-user", "--net", "true"], check=False).returncode == 0


pytestmark = pytest.mark.skipif(
    not _has_namespaces(), reason="needs unshare, ip, and the right to a network of one's own"
)


def days(count: int, *options: str) -> dict[str, Any]:
    """Let a laptop live through so many days and return the account of its packets."""
    done = subprocess.run(
        [sys.executable, str(TESTS / "packets.py"), "--days", str(count), *options],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.stdout, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_the_account_sees_packets_that_go_elsewhere() -> None:
    """The positive control: a datagram, a connection and an IPv6 datagram to others are found out."""
    found = days(1, "--seed", "1", "--offend")["found"]

    assert any("192.0.2.53:53" in one or "protocol 0x800" in one for one in found)
    assert any("192.0.2.80:443" in one for one in found)
    assert any("protocol 0x86dd" in one for one in found)


def test_thirty_days_of_packets_are_exactly_what_was_approved() -> None:
    result = days(30, "--seed", "20261122")

    assert result["found"] == []
    assert [one for one in result["reports"] if one.startswith("duty")] == [
        "duty.monthly 2026-10: receipted",  # the report, in the days in which the service was there
        "duty.monthly 2026-10: receipted",  # its correction, made while the service was away
        "duty.monthly 2026-11: purged",  # kept back, and then taken back with the consent
    ]
    assert sum(one.endswith("receipted") and one.startswith("group") for one in result["reports"]) >= 2
    assert (result["requests"]["POST"], result["requests"]["DELETE"]) == (2, 1)
    assert result["packets"] < 1000
