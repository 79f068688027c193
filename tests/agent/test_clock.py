"""The real clocks: that each reading is the one that its name promises."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import pytest
import tzlocal

from fyraften_agent.clock import SystemClock
from fyraften_agent.errors import InputError


def test_now_is_whole_seconds_of_utc() -> None:
    before = int(datetime.now(UTC).timestamp())
    now = SystemClock().now()

    assert isinstance(now, int)
    assert before <= now <= before + 5


def test_monotonic_and_boottime_run_forwards() -> None:
    clock = SystemClock()
    first, second = (clock.monotonic(), clock.boottime()), (clock.monotonic(), clock.boottime())

    assert first[0] <= second[0]
    assert first[1] <= second[1]


@pytest.mark.skipif(sys.platform != "linux", reason="other platforms have no CLOCK_BOOTTIME")
def test_on_linux_boottime_is_the_clock_that_counts_sleep() -> None:
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    reading = SystemClock().boottime()
    after = time.clock_gettime(time.CLOCK_BOOTTIME)

    assert before <= reading <= after


def test_the_zone_is_asked_for_anew_because_laptops_travel(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SystemClock()
    zones = []
    for zone in ("Europe/Oslo", "Europe/Copenhagen"):
        monkeypatch.setenv("TZ", zone)
        zones.append(clock.zone())

    assert zones == ["Europe/Oslo", "Europe/Copenhagen"]


@pytest.mark.parametrize("variable", ["Bogus/Zone", "CET-1CEST", "CET-1CEST,M3.5.0,M10.5.0/3", "../../etc/passwd"])
def test_a_variable_that_names_no_zone_is_told(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv("TZ", variable)

    with pytest.raises(InputError, match="TZ=Europe/Copenhagen"):
        SystemClock().zone()


def test_a_zone_without_a_name_is_an_error_that_says_how_to_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tzlocal, "reload_localzone", lambda: None)
    monkeypatch.setattr(tzlocal, "get_localzone_name", lambda: None)

    with pytest.raises(InputError, match="TZ=Europe/Copenhagen"):
        SystemClock().zone()
