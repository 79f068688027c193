"""Which activity stands alone in a rest."""

from __future__ import annotations

import pytest

from fyraften_agent.recording.isolated import isolated
from fyraften_policy.intervals import Interval

MINUTE, HOUR = 60, 3600
DAY = [Interval(8 * HOUR, 12 * HOUR), Interval(13 * HOUR, 17 * HOUR)]
NEXT_DAY = [Interval(32 * HOUR, 40 * HOUR)]


def alone(*doubtful: Interval, work: list[Interval]) -> list[Interval]:
    return isolated([*work, *doubtful], doubtful)


def bump(at: float, minutes: int = 2) -> Interval:
    start = round(at * HOUR)
    return Interval(start, start + minutes * MINUTE)


@pytest.mark.parametrize("hour", [18, 23, 27, 30.9])
def test_a_bump_in_the_night_stands_alone(hour: float) -> None:
    assert alone(bump(hour), work=DAY + NEXT_DAY) == [bump(hour)]


@pytest.mark.parametrize(
    ("what", "hour"), [("at lunch", 12.5), ("soon after work", 17.9), ("soon before work", 31.2), ("in work", 9)]
)
def test_beside_work_and_between_its_parts_it_is_work(what: str, hour: float) -> None:
    assert alone(bump(hour), work=DAY + NEXT_DAY) == [], what


@pytest.mark.parametrize(("minutes", "stands_alone"), [(0, True), (14, True), (15, False), (60, False)])
def test_under_a_quarter_of_an_hour_it_is_isolated(minutes: int, stands_alone: bool) -> None:
    assert bool(alone(bump(24, minutes), work=DAY + NEXT_DAY)) is stands_alone


def test_an_hour_from_other_work_is_apart() -> None:
    assert alone(Interval(18 * HOUR, 18 * HOUR + 1), work=DAY) != []
    assert alone(Interval(18 * HOUR - 1, 18 * HOUR + 1), work=DAY) == []


def test_free_time_of_eight_hours_is_a_rest_and_less_is_not() -> None:
    evening = [Interval(0, HOUR), Interval(9 * HOUR, 10 * HOUR)]
    shorter = [Interval(0, HOUR), Interval(9 * HOUR - 1, 10 * HOUR)]

    assert alone(bump(5), work=evening) == [bump(5)]
    assert alone(bump(5), work=shorter) == []


def test_bumps_do_not_make_each_other_work() -> None:
    bumps = [bump(20), bump(20.5), bump(21)]

    assert alone(*bumps, work=DAY + NEXT_DAY) == bumps


def test_with_no_work_before_or_after_it_stands_alone() -> None:
    assert alone(bump(24), work=[]) == [bump(24)]
    assert alone(bump(24), work=DAY) == [bump(24)]
    assert alone(bump(24), work=NEXT_DAY) == [bump(24)]


def test_what_somebody_said_something_about_is_not_doubtful() -> None:
    assert isolated([*DAY, bump(24)], []) == []
