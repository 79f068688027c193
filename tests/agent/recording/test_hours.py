"""The recording hours: how they are written, and when they are open."""

from __future__ import annotations

from datetime import datetime

import pytest

from fyraften_agent.errors import InputError
from fyraften_agent.recording.hours import (
    closed_until,
    format_choice,
    format_hours,
    is_open,
    parse_choice,
    parse_hours,
)
from fyraften_policy.periods import format_instant, local, parse_instant

ZONE = "Europe/Copenhagen"
OFFICE = parse_hours("mon-fri 07:00-19:00")
NIGHT = parse_hours("fri 22:00-06:00")


def local_time(text: str) -> datetime:
    return local(parse_instant(text, ZONE), ZONE)


def opens(hours: str, now: str) -> str | None:
    at = closed_until(parse_hours(hours), parse_instant(now, ZONE), lambda instant: local(instant, ZONE))
    return None if at is None else format_instant(at, ZONE)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mon-fri 07:00-19:00", "mon,tue,wed,thu,fri 07:00-19:00"),
        ("sat-mon 08:00-12:00 13:00-17:00", "mon,sat,sun 08:00-12:00 13:00-17:00"),
        ("mon,wed 08:00-12:00; tue 00:00-24:00;", "mon,wed 08:00-12:00; tue 00:00-24:00"),
        ("FRI 22:00-06:00", "fri 22:00-06:00"),
    ],
)
def test_hours_are_kept_as_they_are_read_again(text: str, kept: str) -> None:
    assert format_hours(parse_hours(text)) == kept
    assert parse_hours(kept) == parse_hours(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", ";", "mon", "07:00-19:00", "monday 07:00-19:00", "mon 7-19", "mon 07:00-07:00", "mon 07:60-09:00"),
        *("mon 24:00-25:00", "mon 08:00-24:01", "mon- 08:00-09:00x", "mon-xyz 08:00-09:00"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="mon-fri 07:00-19:00"):
        parse_hours(text)


@pytest.mark.parametrize(
    ("now", "open_"),
    [
        ("2026-11-16T06:59", False),
        ("2026-11-16T07:00", True),
        ("2026-11-16T18:59", True),
        ("2026-11-16T19:00", False),
        ("2026-11-21T12:00", False),
    ],
)
def test_the_hours_are_half_open(now: str, open_: bool) -> None:
    assert is_open(OFFICE, local_time(now)) is open_


@pytest.mark.parametrize(
    ("now", "open_"),
    [("2026-11-20T23:00", True), ("2026-11-21T05:59", True), ("2026-11-21T06:00", False), ("2026-11-20T05:00", False)],
)
def test_hours_may_cross_midnight(now: str, open_: bool) -> None:
    assert is_open(NIGHT, local_time(now)) is open_


@pytest.mark.parametrize("text", ["mon 07:00-19:00", "mon,tue 07:00-19:00 | free in America/Argentina/Ushuaia"])
def test_a_choice_is_kept_with_what_the_employee_says_of_the_time_outside(text: str) -> None:
    assert format_choice(parse_choice(text)) == text
    assert parse_choice(text).free_in == (None if "free" not in text else "America/Argentina/Ushuaia")


def test_no_hours_are_always_open() -> None:
    assert is_open(None, local_time("2026-11-21T03:00"))


@pytest.mark.parametrize(
    ("hours", "now", "opening"),
    [
        ("mon-fri 07:00-19:00", "2026-11-16T12:00", None),
        ("mon-fri 07:00-19:00", "2026-11-16T19:00:30", "2026-11-17T07:00:00+01:00"),
        ("mon-fri 07:00-19:00", "2026-11-20T19:00", "2026-11-23T07:00:00+01:00"),
        ("sun 07:00-08:00", "2026-03-28T23:00", "2026-03-29T07:00:00+02:00"),
        ("sun 02:30-08:00", "2026-03-29T01:00", "2026-03-29T03:00:00+02:00"),
        ("sun 07:00-08:00", "2026-10-24T23:00", "2026-10-25T07:00:00+01:00"),
    ],
)
def test_the_next_opening_is_found_over_weekends_and_both_clock_changes(
    hours: str, now: str, opening: str | None
) -> None:
    assert opens(hours, now) == opening
