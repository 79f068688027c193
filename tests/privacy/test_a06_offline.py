"""A6: everything of one's own works without any network, and without consent to sending."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
# What a person does with their own records. `make prove` runs every test of the agent's modules like this.
LOCAL = ("today", "log", "pause")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a network namespace here")


def alone(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a computer without any network, not even the loopback."""
    environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "PYTEST_CURRENT_TEST")}
    return subprocess.run(
        ["unshare", "-n", *command], cwd=TESTS.parent, env=environ, capture_output=True, text=True, check=False
    )


def test_there_is_no_network_there() -> None:
    look = "import socket; socket.create_connection(('127.0.0.1', 1), timeout=1)"

    assert "Network is unreachable" in alone(sys.executable, "-c", look).stderr


def test_every_command_of_ones_own_records_passes_its_tests_there() -> None:
    files = [str(TESTS / "agent" / "cli" / f"test_{name}.py") for name in LOCAL]
    if os.environ.get("HYPOTHESIS_PROFILE") == "prove":
        files = [str(TESTS / "agent")]

    done = alone(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files)

    assert done.returncode == 0, done.stdout[-3000:]
