"""How times, lengths and words are written for people."""

from __future__ import annotations

import pytest

from agent_records import ZONE
from fyraften_agent.shown.wording import PLACES, clock_time, duration, time_near, times_of, word
from fyraften_policy.facts import PLACES as KINDS
from fyraften_policy.intervals import Interval
from fyraften_policy.periods import parse_instant


def instant(text: str) -> int:
    return parse_instant(text, ZONE)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 min"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (119, "1 min"), (3600, "1 h"), (3659, "1 h"),
        (27000, "7 h 30 min"), (39599, "10 h 59 min"), (360000, "100 h"), (-1800, "−30 min"), (5400.9, "1 h 30 min"),
    ],
)  # fmt: skip
def test_a_length_is_never_rounded_up(seconds: float, text: str) -> None:
    assert duration(seconds, str) == text


def test_a_time_of_another_day_has_its_date() -> None:
    now = instant("2026-11-20T15:30")

    assert time_near(instant("2026-11-20T21:05"), ZONE, now) == "21:05"
    assert time_near(instant("2026-11-21T02:30"), ZONE, now) == "2026-11-21 02:30"


def test_clock_times_are_those_of_the_zone_on_both_sides_of_a_clock_change() -> None:
    assert clock_time(instant("2026-03-29T00:30") + 2 * 3600, ZONE) == "03:30"
    assert clock_time(instant("2026-10-25T00:30") + 2 * 3600, ZONE) == "02:30+02:00"
    assert clock_time(instant("2026-10-25T00:30") + 3 * 3600, ZONE) == "02:30+01:00"
    assert clock_time(instant("2026-10-25T00:30") + 4 * 3600, ZONE) == "03:30"


def test_the_midnight_that_ends_a_day_is_24() -> None:
    evening = Interval(instant("2026-11-19T22:00"), instant("2026-11-20T00:00"))

    assert times_of([evening], ZONE) == "22:00–24:00"


def test_an_end_a_day_later_or_more_has_its_date() -> None:
    start = instant("2026-11-19T22:00")

    assert times_of([Interval(start, instant("2026-11-20T21:59"))], ZONE) == "22:00–21:59"
    assert times_of([Interval(start, instant("2026-11-20T22:00"))], ZONE) == "22:00–2026-11-20 22:00"
    assert times_of([Interval(start, instant("2026-11-21T00:00"))], ZONE) == "22:00–2026-11-21 00:00"
    assert times_of([Interval(instant("2026-10-25T00:00"), instant("2026-10-26T00:00"))], ZONE) == "00:00–24:00"


def test_holes_below_a_minute_are_left_out_unless_there_is_nothing_else() -> None:
    start = instant("2026-11-20T10:00")
    short, long = Interval(start, start + 10), Interval(start + 3600, start + 7200)

    assert times_of([short, long], ZONE) == "11:00–12:00"
    assert times_of([short], ZONE) == "10:00–10:00"


def test_every_kind_of_place_has_a_word() -> None:
    assert set(PLACES) == set(KINDS)


def test_a_name_without_a_word_stays_as_it_is() -> None:
    assert word(PLACES, "moon", str) == "moon"
