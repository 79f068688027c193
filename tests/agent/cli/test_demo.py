"""``fyraften demo``: what it refuses before it plays anything. The whole of it is played in ``tests/e2e``."""

from __future__ import annotations

import pytest

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode


@pytest.mark.parametrize("date", ["2199-01-01", "tomorrow", "2026-02-30"])
def test_a_demonstration_ends_before_a_date_that_has_been(nobody: CommandLine, date: str) -> None:
    outcome = nobody.run("demo", "--until", date)

    assert outcome.code == ExitCode.BAD_INPUT
    assert date in outcome.errors
