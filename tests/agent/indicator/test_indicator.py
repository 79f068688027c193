"""How the indicator waits for a bus that has gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from fyraften_agent.indicator import indicator as module
from fyraften_agent.indicator.indicator import Indicator
from fyraften_agent.indicator.peer import bus_is_there
from fyraften_agent.indicator.states import shown


class Looks:
    """Keeps how long was waited each time, and says at the last time that all is over."""

    def __init__(self, indicator: Indicator, times: int) -> None:
        self.waited: list[float] = []
        self._indicator, self._times = indicator, times

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        if len(self.waited) == self._times:
            self._indicator.close()

    def clear(self) -> None:
        """Nobody set it."""

    def set(self) -> None:
        """Nobody waits."""


def test_it_looks_ever_more_rarely_and_at_least_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    indicator = Indicator({}, lambda click: None, str)
    looks = Looks(indicator, 9)
    monkeypatch.setattr(indicator, "_look_now", looks)
    first = shown({"state": "recording"}, str)
    opened = []

    _, seconds = indicator._come_back(opened.append, lambda: False, first, module._FIRST_LOOK_SECONDS)

    assert looks.waited == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert (opened, seconds) == ([], 60)


@pytest.mark.parametrize(("name", "is_there"), [("a%20bus", True), ("gone", False)])
def test_a_bus_is_looked_for_by_its_socket(tmp_path: Path, name: str, is_there: bool) -> None:
    (tmp_path / "a bus").touch()

    assert bus_is_there(f"unix:path={tmp_path}/{name},guid=00") is is_there


def test_a_bus_without_a_file_is_asked() -> None:
    assert bus_is_there("unix:abstract=/tmp/dbus-x")
