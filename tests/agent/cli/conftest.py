"""The command line with and without records."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_records import NOW, FixedClock, give_consent, nine_weeks, small_home
from command_line import CommandLine


@pytest.fixture
def nobody(tmp_path: Path) -> CommandLine:
    """Somebody who never agreed to anything: no folder, no file."""
    return CommandLine(small_home(tmp_path), FixedClock(NOW))


@pytest.fixture
def newcomer(nobody: CommandLine) -> CommandLine:
    """Somebody who has just agreed to recording, and has no records."""
    give_consent(nobody.paths, nobody.clock.now() - 60)
    return nobody


@pytest.fixture
def person(nobody: CommandLine) -> CommandLine:
    """Somebody with nine weeks of records, on a Friday afternoon."""
    nine_weeks(nobody.paths)
    return nobody
