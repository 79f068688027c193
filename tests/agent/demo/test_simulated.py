"""The simulated clocks keep the truth of real ones, and the simulated input is heard only while somebody listens."""

from __future__ import annotations

import pytest

from fyraften_agent.demo.simulated import SimulatedClock, SimulatedInput

NOW = 1_790_000_000


def readings(clock: SimulatedClock) -> tuple[int, float, float]:
    return clock.now() - NOW, clock.monotonic(), clock.boottime()


def test_all_clocks_go_while_the_computer_is_awake() -> None:
    clock = SimulatedClock(NOW, "Europe/Copenhagen")
    before = readings(clock)

    clock.run_until(NOW + 10)

    assert readings(clock) == tuple(value + 10 for value in before)


def test_the_monotonic_clock_stands_still_in_sleep() -> None:
    clock = SimulatedClock(NOW, "Europe/Copenhagen")
    _, monotonic, boottime = readings(clock)

    clock.sleep_until(NOW + 3600)

    assert readings(clock) == (3600, monotonic, boottime + 3600)


def test_a_start_begins_both_steady_clocks_anew() -> None:
    clock = SimulatedClock(NOW, "Europe/Copenhagen")
    clock.run_until(NOW + 5000)
    clock.start_at(NOW + 9000)

    assert readings(clock) == (9000, 30.0, 30.0)
    assert clock.booted_at == NOW + 9000 - 30


def test_no_clock_is_ever_set_back() -> None:
    clock = SimulatedClock(NOW, "Europe/Copenhagen")

    for move in (clock.run_until, clock.sleep_until, clock.start_at):
        with pytest.raises(ValueError, match="never set back"):
            move(NOW - 1)
    assert clock.now() == NOW


def test_input_is_told_on_the_monotonic_clock() -> None:
    clock = SimulatedClock(NOW, "Europe/Copenhagen")
    source = SimulatedInput(clock)
    source.start()
    clock.run_until(NOW + 10)

    source.press(NOW + 7)

    assert source.last_input() == clock.monotonic() - 3


def test_input_is_heard_only_while_somebody_listens() -> None:
    source = SimulatedInput(SimulatedClock(NOW, "Europe/Copenhagen"))
    source.press(NOW)
    before = source.last_input()
    source.start()
    source.press(NOW)
    source.close()
    alive = source.alive()
    source.start()

    assert before is None
    assert not alive
    assert source.last_input() is None
