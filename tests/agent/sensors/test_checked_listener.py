"""A listener that hears nothing while the display counts input is blind, and counts as dead."""

from __future__ import annotations

from typing import cast

import pytest

from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.sensors.checked_listener import BLIND_LOOKS, CheckedListener
from fyraften_agent.sensors.idle_counter import CounterInput


class Half:
    """A listener, or a counter, that says what it is told to."""

    name = "pynput"

    def __init__(self) -> None:
        self.latest: float | None = None
        self.is_there = True
        self.is_started = False

    def look(self) -> None:
        if not self.is_there:
            raise SourceUnavailableError("half", "There is none.")

    def start(self) -> None:
        self.look()
        self.is_started = True

    def last_input(self) -> float | None:
        return self.latest

    def alive(self) -> bool:
        return self.is_started and self.is_there

    def problem(self) -> SourceUnavailableError | None:
        return None if self.alive() else SourceUnavailableError(self.name, "It has ended.")

    def close(self) -> None:
        self.is_started = False


class Display:
    """A checked listener on a display at which somebody works."""

    def __init__(self, always: bool = False) -> None:
        self.listener, self.counter = Half(), Half()
        self.counter.latest = 0.0
        self.now = 0.0
        self.source = CheckedListener(self.listener, cast(CounterInput, self.counter), always=always)
        self.source.start()

    def work(self, looks: int, *, heard: bool) -> list[bool]:
        """Let there be input before each look; return whether the source was alive at each."""
        alive = []
        for _ in range(looks):
            self.now += 10
            self.counter.latest = self.now
            if heard:
                self.listener.latest = self.now
            alive.append(self.source.alive())
        return alive


@pytest.fixture
def display() -> Display:
    return Display()


def test_a_blind_listener_is_dead_after_three_minutes_of_counted_input(display: Display) -> None:
    alive = display.work(BLIND_LOOKS + 2, heard=False)

    assert alive == [True] * (BLIND_LOOKS + 1) + [False]
    assert "has not heard any of it" in str(display.source.problem())


def test_a_listener_that_has_heard_something_is_believed_and_the_counter_let_go_of(display: Display) -> None:
    display.work(3, heard=False)
    counting = display.counter.is_started
    display.work(1, heard=True)
    alive = display.work(100, heard=False)

    assert counting
    assert not display.counter.is_started
    assert all(alive)
    assert display.source.last_input() == 40


def test_a_person_who_rests_makes_nobody_blind(display: Display) -> None:
    assert all(display.source.alive() for _ in range(100))


def test_a_counter_that_is_set_back_now_and_then_makes_nobody_blind(display: Display) -> None:
    alive = []
    for _ in range(30):
        alive += display.work(2, heard=False)
        alive.append(display.source.alive())

    assert all(alive)


def test_what_was_heard_before_a_new_start_says_nothing_of_the_new_one(display: Display) -> None:
    display.work(1, heard=True)
    display.source.start()

    assert not all(display.work(BLIND_LOOKS + 2, heard=False))


def test_a_listener_that_the_system_may_remove_without_a_word_is_checked_all_the_time() -> None:
    display = Display(always=True)
    heard = display.work(BLIND_LOOKS + 2, heard=True)
    unheard = display.work(BLIND_LOOKS - 1, heard=False)
    display.work(1, heard=True)
    again = display.work(BLIND_LOOKS, heard=False)

    assert all(heard + unheard)
    assert again == [True] * (BLIND_LOOKS - 1) + [False]


def test_without_a_counter_the_listener_is_believed(display: Display) -> None:
    display.counter.is_there = False

    assert all(display.work(100, heard=False))


def test_a_display_that_ends_is_told_as_the_listener_tells_it(display: Display) -> None:
    display.listener.is_there = False

    assert not display.source.alive()
    assert str(display.source.problem()) == "It has ended."


def test_closing_closes_both_and_a_new_start_begins_anew(display: Display) -> None:
    display.work(BLIND_LOOKS + 2, heard=False)
    display.source.close()
    closed = (display.listener.is_started, display.counter.is_started)
    display.source.start()

    assert closed == (False, False)
    assert display.source.alive()
    assert display.source.name == "pynput"
