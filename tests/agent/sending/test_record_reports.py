"""The record of a week: what is proposed, what a person may write, and what is put into the outbox."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_records import at
from fyraften_agent.errors import InputError
from fyraften_agent.sending.record_reports import LEFT_OUT, propose, read_total, record_weekly, write_total
from fyraften_agent.store.store import Session
from fyraften_policy import wire
from fyraften_policy.intervals import Interval, clip, total, union
from fyraften_policy.periods import week_interval

ZONE = "Europe/Copenhagen"
WEEK, MONDAY = "2026-W46", date(2026, 11, 9)
WHOLE = week_interval(WEEK, ZONE)


def session(start: int, end: int, *, confirmed: bool = True) -> Session:
    return Session(
        1, start, end, ZONE, "home", None, None, "fixed", confirmed, "measured", False, start, end, None, None
    )


def of_day(number: int, start: str, end: str, *, confirmed: bool = True) -> Session:
    day = MONDAY + timedelta(days=number)
    return session(at(day, start), at(day, end), confirmed=confirmed)


def minutes(*sessions: Session, observed: list[Interval] | None = None, now: int = WHOLE.end) -> list[int | None]:
    proposed = propose(WEEK, ZONE, sessions, [WHOLE] if observed is None else observed, now)
    return [day.minutes for day in proposed]


def test_a_day_is_proposed_with_what_was_worked_on_it() -> None:
    assert minutes(of_day(0, "08:00", "12:00"), of_day(0, "12:30", "16:00"), of_day(2, "09:00", "10:00")) == [
        450,
        0,
        60,
        0,
        0,
        0,
        0,
    ]


def test_overlapping_sessions_count_once_and_work_past_midnight_on_both_days() -> None:
    night = session(at(MONDAY, "22:00"), at(MONDAY + timedelta(days=1), "02:00"))

    assert minutes(night, of_day(0, "23:00", "23:30"))[:2] == [120, 120]


@pytest.mark.parametrize(("seconds", "proposed"), [(29, 0), (30, 1), (89, 1), (90, 2)])
def test_half_a_minute_counts_as_one(seconds: int, proposed: int) -> None:
    start = at(MONDAY, "08:00")

    assert minutes(session(start, start + seconds))[0] == proposed


def test_activity_that_nobody_called_work_is_told_beside_and_not_proposed() -> None:
    first, *_rest = propose(
        WEEK,
        ZONE,
        [of_day(0, "08:00", "09:00"), of_day(0, "08:30", "09:10", confirmed=False)],
        [WHOLE],
        WHOLE.end,
    )

    assert (first.minutes, first.unconfirmed_seconds) == (60, 600)


def test_a_day_of_which_a_second_is_not_known_is_left_out_where_no_work_is_told() -> None:
    hole = at(MONDAY, "12:00")
    observed = [Interval(WHOLE.start, hole), Interval(hole + 1, WHOLE.end)]

    first, second, *_rest = propose(WEEK, ZONE, [], observed, WHOLE.end)

    assert (first.minutes, first.unobserved_seconds) == (None, 1)
    assert (second.minutes, second.unobserved_seconds) == (0, 0)


def test_a_day_that_is_not_over_is_left_out_until_work_is_told() -> None:
    now = at(MONDAY + timedelta(days=1), "12:00")

    assert minutes(now=now) == [0, None, None, None, None, None, None]
    assert minutes(of_day(1, "08:00", "09:00"), now=now)[:3] == [0, 60, None]


def test_the_night_on_which_the_clock_is_set_back_has_an_hour_more() -> None:
    sunday = date(2026, 10, 25)
    whole = week_interval("2026-W43", ZONE)
    work = session(at(sunday - timedelta(days=1), "23:00"), at(sunday, "05:00"))

    proposed = propose("2026-W43", ZONE, [work], [whole], whole.end)

    assert [day.minutes for day in proposed][5:] == [60, 360]


spans = st.tuples(st.integers(WHOLE.start - 90_000, WHOLE.end), st.integers(1, 90_000), st.booleans())


@given(st.lists(spans, max_size=8))
def test_what_is_proposed_and_what_waits_are_all_there_is_and_nothing_twice(rows: list[tuple[int, int, bool]]) -> None:
    sessions = [session(start, start + length, confirmed=sure) for start, length, sure in rows]

    proposed = propose(WEEK, ZONE, sessions, [WHOLE], WHOLE.end)

    told = sum(60 * (day.minutes or 0) + day.unconfirmed_seconds for day in proposed)
    there = total(clip(union([(one.start, one.end) for one in sessions]), WHOLE))
    assert abs(told - there) <= 7 * 30


@pytest.mark.parametrize(("text", "read"), [("7:24", 444), ("0:00", 0), ("24:00", 1440), ("8h", 480), ("-", None)])
def test_a_total_is_read_as_it_is_written(text: str, read: int | None) -> None:
    assert read_total(text) == read


@pytest.mark.parametrize("text", ["24:01", "25h", "7", "7:60", "-1:00", "7.4", "", "٧:٢٤", "1:2:3"])
def test_what_is_no_working_time_of_a_day_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(InputError, match="7:24"):
        read_total(text)


@given(st.none() | st.integers(0, 1440))
def test_what_is_written_is_read_again(minutes: int | None) -> None:
    assert read_total(write_total(minutes)) == minutes
    assert (write_total(minutes) == LEFT_OUT) is (minutes is None)


def test_a_report_is_the_week_and_its_seven_totals_and_nothing_else() -> None:
    body = wire.encode("fyraften.record.weekly/1", record_weekly(WEEK, [444, 444, 444, 444, 444, None, 0]))

    assert body == (b'{"minutes":[444,444,444,444,444,null,0],"report":"fyraften.record.weekly/1","week":"2026-W46"}')
