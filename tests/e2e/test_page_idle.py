"""The local page closes by itself when nobody uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_records import NOW, FixedClock, small_home
from fyraften_agent.pages.server import LocalPage

pytestmark = pytest.mark.timeout(60)


class HurryingClock(FixedClock):
    """A clock on which every look takes five minutes."""

    def boottime(self) -> float:
        self.elapsed += 300
        return self.elapsed


def test_it_closes_after_half_an_hour_without_use(tmp_path: Path) -> None:
    clock = HurryingClock(NOW)
    page = LocalPage(small_home(tmp_path), clock, "en")

    page.serve()

    first_look, half_an_hour, looks_while_ending = 300, 1800, 600
    assert first_look + half_an_hour <= clock.elapsed <= first_look + half_an_hour + looks_while_ending
