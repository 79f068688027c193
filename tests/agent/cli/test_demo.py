"""``fyraften demo``: what it refuses before it plays anything. The whole of it is played in ``tests/e2e``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fyraften_agent.cli.exit_codes import ExitCode


@pytest.mark.parametrize("date", ["2199-01-01", "tomorrow", "2026-02-30"])
def test_a_demonstration_ends_before_a_date_that_has_been(tmp_path: Path, date: str) -> None:
    # In a process of its own: the demonstration refuses the real sensors for as long as its process lives.
    refused = subprocess.run(
        [sys.executable, "-P", "-m", "fyraften_agent.cli", "demo", "--until", date],
        env={**os.environ, "FYRAFTEN_HOME": str(tmp_path / "agent")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode == ExitCode.BAD_INPUT
    assert date in refused.stderr
    assert not (tmp_path / "agent").exists()
