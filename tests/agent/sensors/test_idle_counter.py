"""What is made of an idle counter's answers, and that one which cannot be believed is a dead source."""

from __future__ import annotations

import math

import pytest

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.idle_counter import CounterError, CounterInput


class FakeCounter:
    """A counter, its clock, and somebody who types."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.typed_at = 0.0
        self.says: float | None = None
        self.is_there = True
        self.takes = 0.0
        self.closed = 0

    def idle_seconds(self) -> float:
        if not self.is_there:
            raise CounterError("gone")
        self.now += self.takes
        return self.now - self.typed_at if self.says is None else self.says

    def close(self) -> None:
        self.closed += 1

    def type(self) -> None:
        self.typed_at = self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def source(self) -> CounterInput:
        return CounterInput("fake-counter", lambda: self, monotonic=lambda: self.now, wait=self.wait)


@pytest.fixture
def counter() -> FakeCounter:
    return FakeCounter()


@pytest.fixture
def source(counter: FakeCounter) -> CounterInput:
    source = counter.source()
    source.start()
    return source


def test_the_latest_input_is_where_the_counter_puts_it(counter: FakeCounter, source: CounterInput) -> None:
    counter.wait(7)
    counter.type()
    counter.wait(3)

    assert source.alive()
    assert source.last_input() == pytest.approx(counter.now - 3)


def test_nothing_is_asked_between_two_looks(counter: FakeCounter, source: CounterInput) -> None:
    before = source.last_input()
    counter.wait(7)
    counter.type()

    assert source.last_input() == before


@pytest.mark.parametrize("nonsense", [-1.0, math.nan, math.inf])
def test_nonsense_is_a_dead_source_and_not_rest(counter: FakeCounter, source: CounterInput, nonsense: float) -> None:
    counter.says = nonsense

    assert not source.alive()
    problem = source.problem()
    assert problem is not None
    assert "cannot be believed" in str(problem)


def test_a_counter_that_goes_away_is_a_dead_source(counter: FakeCounter, source: CounterInput) -> None:
    counter.is_there = False

    assert not source.alive()
    assert "gone" in str(source.problem())


def test_a_counter_that_stands_still_at_the_start_fails_its_self_test(counter: FakeCounter) -> None:
    counter.says = 42.0

    with pytest.raises(SourceUnavailableError, match="stands still") as refusal:
        counter.source().start()

    assert refusal.value.source == "fake-counter"
    assert counter.closed == 1


def test_a_counter_that_says_nonsense_at_the_start_fails_its_self_test(counter: FakeCounter) -> None:
    counter.says = -5.0

    with pytest.raises(SourceUnavailableError, match="still to come"):
        counter.source().start()


def test_a_counter_that_stops_counting_is_found_out_within_a_minute(counter: FakeCounter, source: CounterInput) -> None:
    counter.says = 42.0
    alive = []
    for _ in range(7):
        counter.wait(10)
        alive.append(source.alive())

    assert alive == [True] * 6 + [False]
    assert "stands still" in str(source.problem())


def test_somebody_who_types_all_the_time_is_no_counter_that_stands_still(
    counter: FakeCounter, source: CounterInput
) -> None:
    for _ in range(100):
        counter.wait(10)
        counter.type()

        assert source.alive()


def test_a_late_answer_does_not_make_an_old_input_new(counter: FakeCounter, source: CounterInput) -> None:
    before = source.last_input()
    counter.takes = 0.9

    assert source.alive()
    assert source.last_input() == before


def test_it_can_be_closed_twice_and_started_again(counter: FakeCounter, source: CounterInput) -> None:
    source.close()
    source.close()
    was_alive = source.alive()
    source.start()

    assert not was_alive
    assert counter.closed == 1
    assert source.alive()


def test_looking_leaves_nothing_open(counter: FakeCounter) -> None:
    source = counter.source()
    source.look()

    assert counter.closed == 1
    assert not source.alive()
