"""Times, days and lengths as a person types them."""

from __future__ import annotations

from datetime import date

import pytest

from agent_records import ZONE
from fyraften_agent.shown.spoken_times import TimeNotUnderstoodError, day, length, moment, month, next_moment
from fyraften_policy.periods import LocalTimeError, format_instant, parse_instant

TODAY = date(2026, 11, 20)
NOW = parse_instant("2026-11-20T15:30", ZONE)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30m", 1800),
        ("30min", 1800),
        ("2h", 7200),
        ("1h30m", 5400),
        ("1h 30 min", 5400),
        (" 45M ", 2700),
        ("100h", 360000),
    ],
)
def test_a_length_is_read(text: str, seconds: int) -> None:
    assert length(text, str) == seconds


@pytest.mark.parametrize("text", ["", "0m", "m", "30", "30s", "-30m", "1.5h", "h30", "٣m"])
def test_a_length_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TimeNotUnderstoodError) as refused:
        length(text, str)

    assert refused.value.given == text


@pytest.mark.parametrize(
    ("text", "meant"),
    [("today", TODAY), ("yesterday", date(2026, 11, 19)), ("2026-01-31", date(2026, 1, 31))],
)
def test_a_day_is_read(text: str, meant: date) -> None:
    assert day(text, TODAY, str) == meant


@pytest.mark.parametrize("text", ["2026-02-30", "20261120", "2026-W47-1", "tomorrow", "", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TimeNotUnderstoodError, match="2026-11-20"):
        day(text, TODAY, str)


def test_a_month_is_read() -> None:
    assert month("2026-02", TODAY, str) == "2026-02"


@pytest.mark.parametrize("text", ["2026-13", "2026", "2026-11-20", "11-2026", "", "0001-01"])
def test_a_month_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TimeNotUnderstoodError, match="2026-11"):
        month(text, TODAY, str)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("8:05", "2026-11-20T08:05:00+01:00"),
        ("08:05", "2026-11-20T08:05:00+01:00"),
        ("2026-07-01T08:05", "2026-07-01T08:05:00+02:00"),
        ("2026-07-01 08:05", "2026-07-01T08:05:00+02:00"),
        ("2026-07-01T08:05:30", "2026-07-01T08:05:30+02:00"),
        ("2026-07-01T08:05Z", "2026-07-01T10:05:00+02:00"),
        ("2026-10-25T02:30+01:00", "2026-10-25T02:30:00+01:00"),
        ("24:00", "2026-11-21T00:00:00+01:00"),
        ("2026-10-25T24:00", "2026-10-26T00:00:00+01:00"),
    ],
)
def test_a_moment_is_read(text: str, instant: str) -> None:
    assert format_instant(moment(text, ZONE, TODAY, str), ZONE) == instant


@pytest.mark.parametrize(
    "text", ["", "8", "24:01", "08:60", "2026-07-01", "9999-12-31T23:00", "2026-02-30T08:00", "2026-02-30T24:00", "now"]
)
def test_a_moment_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TimeNotUnderstoodError):
        moment(text, ZONE, TODAY, str)


@pytest.mark.parametrize("text", ["2026-10-25T02:30", "2026-03-29T02:30"])
def test_a_local_time_that_was_there_twice_or_never_is_refused(text: str) -> None:
    with pytest.raises(LocalTimeError):
        moment(text, ZONE, TODAY, str)


def test_a_clock_time_on_a_clock_change_day_can_be_doubled_too() -> None:
    with pytest.raises(LocalTimeError, match="happens twice"):
        moment("02:30", ZONE, date(2026, 10, 25), str)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("16:00", "2026-11-20T16:00:00+01:00"),
        ("15:30", "2026-11-21T15:30:00+01:00"),
        ("08:00", "2026-11-21T08:00:00+01:00"),
        ("2026-11-19T08:00", "2026-11-19T08:00:00+01:00"),
    ],
)
def test_the_next_moment_is_today_s_or_tomorrow_s(text: str, instant: str) -> None:
    assert format_instant(next_moment(text, NOW, ZONE, str), ZONE) == instant
