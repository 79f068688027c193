"""Time outside the recording hours that the employee calls free."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fyraften_agent.recording.free_hours import free_between
from fyraften_agent.recording.hours import ChosenHours, is_open, parse_hours
from fyraften_policy.periods import format_instant, local, parse_instant

ZONE = "Europe/Copenhagen"
OFFICE = "mon-fri 07:00-19:00"


def free(hours: str, start: str, end: str) -> list[tuple[str, str]]:
    found = free_between(ChosenHours(parse_hours(hours), ZONE), parse_instant(start, ZONE), parse_instant(end, ZONE))
    return [(format_instant(one.start, ZONE)[:16], format_instant(one.end, ZONE)[:16]) for one in found]


@pytest.mark.parametrize(
    ("hours", "start", "end", "expected"),
    [
        (OFFICE, "2026-11-16T12:00", "2026-11-17T12:00", [("2026-11-16T19:00", "2026-11-17T07:00")]),
        (OFFICE, "2026-11-20T12:00", "2026-11-23T12:00", [("2026-11-20T19:00", "2026-11-23T07:00")]),
        (OFFICE, "2026-11-16T22:00", "2026-11-16T23:00", [("2026-11-16T22:00", "2026-11-16T23:00")]),
        (OFFICE, "2026-11-16T08:00", "2026-11-16T19:00", []),
        ("fri 22:00-06:00", "2026-11-21T05:00", "2026-11-21T08:00", [("2026-11-21T06:00", "2026-11-21T08:00")]),
        ("mon-sun 00:00-24:00", "2026-11-16T00:00", "2026-11-23T00:00", []),
        ("sun 07:00-08:00", "2026-03-28T23:00", "2026-03-29T07:30", [("2026-03-28T23:00", "2026-03-29T07:00")]),
        # In the night in which 02:30 comes twice, the hours open at the first and close at the last.
        (
            "sun 02:30-03:30",
            "2026-10-25T01:00",
            "2026-10-25T03:45",
            [("2026-10-25T01:00", "2026-10-25T02:30"), ("2026-10-25T03:30", "2026-10-25T03:45")],
        ),
    ],
)
def test_what_is_outside_the_hours_is_free(hours: str, start: str, end: str, expected: list[tuple[str, str]]) -> None:
    assert free(hours, start, end) == expected


def test_without_the_employee_s_word_nothing_is_free() -> None:
    assert free_between(ChosenHours(parse_hours(OFFICE)), 0, 2_000_000_000) == []


HOURS = (OFFICE, "fri 22:00-06:00; sun 02:30-03:30", "mon-sun 00:00-12:00 12:00-24:00", "tue 23:59-00:01")
minutes = st.integers(0, 14 * 24 * 60)


@given(st.sampled_from(HOURS), st.sampled_from(["2026-11-09T00:00", "2026-03-22T00:00", "2026-10-18T00:00"]), minutes)
@example(HOURS[1], "2026-10-18T00:00", 7 * 24 * 60 + 150)
@example(HOURS[1], "2026-10-18T00:00", 7 * 24 * 60 + 210)
def test_nothing_is_free_while_the_hours_are_open(hours: str, begin: str, after: int) -> None:
    chosen, start = ChosenHours(parse_hours(hours), ZONE), parse_instant(begin, ZONE)
    at = start + after * 60
    found = free_between(chosen, start, start + int(timedelta(days=15).total_seconds()))

    is_free = any(one.start <= at < one.end for one in found)
    assert not (is_free and is_open(chosen.hours, local(at, ZONE)))
    # Only in an hour that comes twice may something be closed and yet not called free.
    if local(at, ZONE).date().isoformat() != "2026-10-25":
        assert is_free != is_open(chosen.hours, local(at, ZONE))
