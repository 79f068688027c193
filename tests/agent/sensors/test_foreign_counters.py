"""The counters of Windows, macOS, GNOME and X11, as far as they go without the system they are of."""

from __future__ import annotations

import sys

import pytest

from fyraften_agent.sensors import SourceUnavailableError, gnome_idle, x11_counter
from fyraften_agent.sensors.idle_counter import CounterError
from fyraften_agent.sensors.mac_idle import MacCounter, mac_input
from fyraften_agent.sensors.windows_input import WindowsCounter, windows_counter_input


class FakeTicks:
    """The clocks of Windows, in milliseconds."""

    def __init__(self, now: int, of_last_input: int | None) -> None:
        self._now, self._of_last_input = now, of_last_input

    def now(self) -> int:
        return self._now

    def of_last_input(self) -> int | None:
        return self._of_last_input


@pytest.mark.parametrize(
    ("now", "latest", "seconds"), [(10_000, 7_500, 2.5), (10_000, 10_000, 0.0), (500, 2**32 - 1_500, 2.0)]
)
def test_the_counter_of_windows_counts_over_the_end_of_its_clock(now: int, latest: int, seconds: float) -> None:
    assert WindowsCounter(FakeTicks(now, latest)).idle_seconds() == seconds


def test_a_windows_that_does_not_answer_is_no_rest() -> None:
    with pytest.raises(CounterError):
        WindowsCounter(FakeTicks(1, None)).idle_seconds()


def test_the_counter_of_macos_is_asked_for_any_input_of_the_devices() -> None:
    asked = []

    def seconds_since(state: int, event: int) -> float:
        asked.append((state, event))
        return 12.5

    counter = MacCounter(seconds_since)

    assert counter.idle_seconds() == 12.5
    assert asked == [(1, 0xFFFFFFFF)]


def test_a_macos_that_does_not_answer_is_no_rest() -> None:
    def fail(state: int, event: int) -> float:
        raise OSError("no answer")

    with pytest.raises(CounterError, match="no answer"):
        MacCounter(fail).idle_seconds()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the counters are there on their own systems")
def test_elsewhere_they_say_that_they_are_not_there() -> None:
    for source in (windows_counter_input(), mac_input()):
        with pytest.raises(SourceUnavailableError, match="This is not"):
            source.look()


@pytest.mark.parametrize("environ", [{}, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/bus"}])
def test_gnome_is_not_asked_where_there_is_no_bus(environ: dict[str, str]) -> None:
    with pytest.raises(SourceUnavailableError, match="session bus"):
        gnome_idle.open_counter(environ)


def test_the_x11_counter_refuses_what_the_listener_refuses() -> None:
    for environ in ({}, {"DISPLAY": "host:0"}, {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}):
        with pytest.raises(SourceUnavailableError) as refusal:
            x11_counter.open_counter(environ)

        assert refusal.value.source == "x11-counter"
