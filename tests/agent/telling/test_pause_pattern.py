"""A word on pauses comes from the pattern of the day: longest stretch, spread of pauses, intensity."""

from __future__ import annotations

from typing import Any

import pytest

from fyraften_agent.telling.notices import Situation, due
from fyraften_agent.telling.pause_pattern import Pattern, pattern_of
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import Facts, read_facts
from fyraften_policy.intervals import Interval
from fyraften_policy.periods import parse_instant

ZONE = "Europe/Copenhagen"
LIMIT = 3000


def facts(now: str, *spans: tuple[str, str, float | None]) -> Facts:
    day = "2026-01-13T"
    activity: list[dict[str, Any]] = []
    for start, end, intensity in spans:
        told = {} if intensity is None else {"intensity": intensity}
        activity.append({"start": day + start, "end": day + end, **told})
    work = [{"start": day + spans[0][0], "end": day + now, "place": "home"}]
    return read_facts(
        {
            "jurisdiction": "DK",
            "zone": ZONE,
            "work": work,
            "activity": activity,
            "public_holidays": [],
            "at": day + now,
        }
    )


def test_the_pattern_is_that_of_the_day() -> None:
    found = pattern_of(facts("11:00", ("08:00", "08:40", 0.9), ("09:00", "10:00", 0.5), ("10:02", "11:00", 0.2)))

    assert found is not None
    assert found.stretch.length == 2 * 3600
    assert [stretch.length for stretch in found.earlier] == [2400]
    assert found.intensity == pytest.approx((0.5 * 60 + 0.2 * 58) / 118)
    assert (found.limit, found.longest, found.is_varied) == (LIMIT, 7200, True)


def test_in_a_pause_there_is_no_stretch_that_goes_on() -> None:
    assert pattern_of(facts("09:00", ("08:00", "08:40", 0.9))) is None


def test_intensity_that_is_told_of_some_activity_only_is_not_known() -> None:
    found = pattern_of(facts("09:00", ("08:00", "08:30", None), ("08:31", "09:00", 0.5)))

    assert found is not None
    assert found.intensity is None


@pytest.mark.parametrize(
    ("minutes", "intensity", "earlier", "expected"),
    [
        (49, 0.9, (), False),
        (50, 0.9, (), True),
        (50, None, (), True),
        (62, 0.5, (), False),
        (63, 0.5, (), True),
        (74, 0.2, (), False),
        (75, 0.2, (), True),
        (62, 0.9, (40, 30), False),  # a day with pauses
        (63, 0.9, (40, 30), True),
        (50, 0.9, (40, 80), True),  # a day of long stretches
        (87, 0.2, (40,), False),
        (88, 0.2, (40,), True),
    ],
)
def test_how_long_a_stretch_may_be_depends_on_the_day_and_on_the_work(
    minutes: int, intensity: float | None, earlier: tuple[int, ...], expected: bool
) -> None:
    before = [Interval(index * 10_000, index * 10_000 + length * 60) for index, length in enumerate(earlier)]
    pattern = Pattern(Interval(90_000, 90_000 + minutes * 60), before, intensity, LIMIT)

    assert pattern.calls_for_pause(90_000 + minutes * 60) is expected


def test_the_notice_says_what_the_day_was_like() -> None:
    read = facts("10:20", ("08:00", "08:30", 0.9), ("09:00", "10:20", 0.75))
    now = parse_instant("2026-01-13T10:20", ZONE)
    situation = Situation(lambda key: False, working_since=parse_instant("2026-01-13T08:00", ZONE))
    found = due(evaluate(read), read, situation, now, ZONE, str)

    notice = next(one for one in found if one.key == "pause:2026-01-13")
    assert notice.body.startswith(
        "The screen has been in use since 09:00, 1 h 20 min in one stretch. Input came in 75 % of its minutes. "
        "Pauses of today before it: 1; the longest stretch: 1 h 20 min."
    )
    assert notice.rule == "advice.screen.pauses"
