"""The forecast: what comes next, and where nothing can be said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.documents import Document, answer, danish, session, verdict

MORNING = session("2026-01-13T08:00", "12:00", place="home")


def forecast(*work: Document, at: str, **more: Any) -> dict[str, Any]:
    return dict(answer(danish(*work, at=at, **more))["forecast"])


def test_the_names_are_those_of_the_format() -> None:
    assert list(forecast(MORNING, at="2026-01-13T12:00")) == [
        "stop_by", "earliest_start", "day_off_by", "next_pause_at", "home_time_left",
    ]  # fmt: skip


# Stop by, earliest start


def test_a_day_may_last_thirteen_hours_from_its_start() -> None:
    assert forecast(MORNING, at="2026-01-13T12:00")["stop_by"] == "2026-01-13T21:00:00+01:00"


def test_after_a_whole_rest_the_next_day_would_begin_now() -> None:
    assert forecast(MORNING, at="2026-01-13T23:00")["stop_by"] == "2026-01-14T12:00:00+01:00"
    assert forecast(MORNING, at="2026-01-13T22:59:59")["stop_by"] == "2026-01-13T21:00:00+01:00"


@pytest.mark.parametrize(
    ("work", "at", "stop_by"),
    [
        (session("2026-03-28T22:00"), "2026-03-29T08:00", "2026-03-29T12:00:00+02:00"),
        (session("2026-10-24T22:00"), "2026-10-25T08:00", "2026-10-25T10:00:00+01:00"),
    ],
)
def test_over_a_clock_change_the_thirteen_hours_elapse(work: Document, at: str, stop_by: str) -> None:
    assert forecast(work, at=at)["stop_by"] == stop_by


def test_where_the_rest_is_already_too_short_there_is_no_time_to_stop_by() -> None:
    exact, longer = (
        forecast(session("2026-01-13T08:00", end), at=f"2026-01-13T{end}") for end in ("21:00", "21:00:01")
    )

    assert exact["stop_by"] == "2026-01-13T21:00:00+01:00"
    assert longer["stop_by"] is None


def test_the_next_day_begins_eleven_hours_after_the_last_work() -> None:
    assert forecast(MORNING, at="2026-01-13T20:00")["earliest_start"] == "2026-01-13T23:00:00+01:00"
    assert forecast(at="2026-01-13T20:00")["earliest_start"] is None


def test_after_a_rest_shortened_by_an_exception_the_next_one_is_longer() -> None:
    work = (session("2026-01-13T08:00", "16:00"), session("2026-01-13T19:00", "23:30"))
    agreement = {"rest_exceptions": [{"date": "2026-01-13", "ground": "annual_accounts"}]}

    start = forecast(*work, at="2026-01-14T07:00", agreement=agreement)["earliest_start"]

    assert start == "2026-01-14T13:00:00+01:00"
    assert (
        verdict(danish(*work, session(start, "2026-01-14T17:00"), agreement=agreement), "dk.rest.daily") == "excepted"
    )
    early = session("2026-01-14T12:59:59", "17:00")
    assert verdict(danish(*work, early, agreement=agreement), "dk.rest.daily") == "broken"


@pytest.mark.parametrize(("at", "stop_by"), [("12:59:59", None), ("13:00", "2026-01-15T02:00:00+01:00")])
def test_while_the_longer_rest_is_not_over_there_is_no_time_to_stop_by(at: str, stop_by: str | None) -> None:
    work = (session("2026-01-13T08:00", "16:00"), session("2026-01-13T19:00", "23:30"))
    agreement = {"rest_exceptions": [{"date": "2026-01-13", "ground": "annual_accounts"}]}

    assert forecast(*work, at=f"2026-01-14T{at}", agreement=agreement)["stop_by"] == stop_by


def test_a_replaced_minimum_moves_both() -> None:
    coming = forecast(MORNING, at="2026-01-13T12:00", parameters={"dk.rest.daily.minimum": 10})

    assert coming["stop_by"] == "2026-01-13T22:00:00+01:00"
    assert coming["earliest_start"] == "2026-01-13T22:00:00+01:00"


def test_unconfirmed_work_is_reckoned_with() -> None:
    waiting = session("2026-01-13T06:00", "06:10", confirmed=False)

    assert forecast(waiting, MORNING, at="2026-01-13T12:00")["stop_by"] == "2026-01-13T19:00:00+01:00"


def test_where_the_persons_word_decides_whether_time_is_left_nothing_is_said() -> None:
    waiting = session("2026-01-13T06:00", "06:10", confirmed=False)

    assert forecast(waiting, MORNING, at="2026-01-13T19:30")["stop_by"] is None


def test_a_hole_that_may_have_begun_the_day_takes_the_time_to_stop_by_away() -> None:
    assert forecast(MORNING, at="2026-01-13T12:00", observed=[session("2026-01-13T07:00", "12:00")])["stop_by"] is None


def test_a_hole_far_enough_back_does_not_matter() -> None:
    observed = [session("2026-01-12T20:00", "2026-01-13T12:00")]

    assert forecast(MORNING, at="2026-01-13T12:00", observed=observed)["stop_by"] == "2026-01-13T21:00:00+01:00"


def test_a_hole_at_the_end_may_have_been_work() -> None:
    observed = [session("2026-01-12T00:00", "2026-01-13T18:00")]

    assert forecast(MORNING, at="2026-01-13T20:00", observed=observed)["earliest_start"] == "2026-01-14T07:00:00+01:00"


@pytest.mark.parametrize(
    ("again", "by"), [("21:00", "2026-01-19T10:00:00+01:00"), ("20:59:59", "2026-01-17T21:00:00+01:00")]
)
def test_a_day_off_of_35_hours_is_one_and_a_second_less_is_none(again: str, by: str) -> None:
    work = (session("2026-01-12T08:00", "10:00"), session(f"2026-01-13T{again}", "22:00"))

    assert forecast(*work, at="2026-01-13T22:00")["day_off_by"] == by


def test_what_is_over_in_every_reading_is_told_by_the_last_of_them_to_be_over() -> None:
    week = [session(f"2026-01-{day}T08:00", "10:00") for day in range(12, 19)]
    observed = [session("2026-01-12T08:00", "2026-01-18T10:00")]

    coming = forecast(*week, at="2026-01-18T10:00", observed=observed)

    assert coming["day_off_by"] == "2026-01-17T21:00:00+01:00"


def test_what_is_over_in_one_reading_alone_is_not_told() -> None:
    week = [session(f"2026-01-{day}T08:00", "10:00") for day in range(12, 18)]
    observed = [session("2026-01-12T08:00", "2026-01-17T10:00")]

    assert forecast(*week, at="2026-01-17T10:00", observed=observed)["day_off_by"] is None


@pytest.mark.parametrize("reason", ["self_organiser", "foster_care"])
def test_who_is_outside_the_rest_rule_gets_no_forecast_of_it(reason: str) -> None:
    coming = forecast(MORNING, at="2026-01-13T12:00", agreement={reason: True})

    assert coming["stop_by"] is None
    assert coming["earliest_start"] is None
    assert coming["home_time_left"] is not None


# Pauses


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-13T12:00", "2026-01-13T08:50:00+01:00"),
        ("2026-01-13T12:04:59", "2026-01-13T08:50:00+01:00"),
        ("2026-01-13T12:05", None),
    ],
)
def test_the_next_pause_is_due_while_the_stretch_goes_on(at: str, expected: str | None) -> None:
    assert forecast(MORNING, at=at)["next_pause_at"] == expected


def test_since_when_a_pause_is_due_is_no_earlier_than_the_activity_that_was_told() -> None:
    observed = [session("2026-01-13T08:00", "2026-01-13T12:00")]

    assert forecast(MORNING, at="2026-01-13T12:00", observed=observed)["next_pause_at"] == "2026-01-13T08:50:00+01:00"


@pytest.mark.parametrize(("at", "expected"), [("08:30", "2026-01-13T08:50:00+01:00"), ("08:55", None)])
def test_activity_that_waits_for_the_persons_word_may_have_begun_the_stretch(at: str, expected: str | None) -> None:
    waiting = session("2026-01-13T08:00", "08:10", confirmed=False)

    assert forecast(waiting, session("2026-01-13T08:10", at), at=f"2026-01-13T{at}")["next_pause_at"] == expected


# Home time left


@pytest.mark.parametrize(("minutes", "left"), [(0, 49680), (10, 49080)])
def test_in_the_first_week_two_days_may_be_worked_at_home(minutes: int, left: int) -> None:
    start = session("2026-01-13T08:00", f"09:{minutes:02}", place="home")

    assert forecast(start, at="2026-01-13T12:00")["home_time_left"] == left


@pytest.mark.parametrize(("place", "left"), [("fixed_site", 53280), ("home", 38880), ("unknown", 38880)])
def test_only_work_at_home_takes_from_what_is_left_and_work_at_no_told_place_may_be_such(place: str, left: int) -> None:
    work = session("2026-01-13T08:00", "12:00", place=place)

    assert forecast(work, at="2026-01-13T12:00")["home_time_left"] == left


def test_what_is_left_is_told_where_all_work_told_waits_for_the_persons_word() -> None:
    waiting = session("2026-01-13T08:00", "09:00", place="home", confirmed=False)

    assert forecast(waiting, at="2026-01-13T12:00")["home_time_left"] == 49680


def home_weeks(*hours: int) -> list[Document]:
    days = ["2025-12-22", "2025-12-29", "2026-01-05", "2026-01-12", "2026-01-19"]
    rows = zip(days, hours, strict=False)
    return [session(f"{day}T01:00", f"{1 + one:02}:00", place="home") for day, one in rows if one]


def test_the_three_weeks_before_and_this_one_count() -> None:
    assert forecast(*home_weeks(20, 10, 10, 10, 5), at="2026-01-20T12:00")["home_time_left"] == round(
        (59.2 - 35) * 3600
    )


def test_used_up_is_zero_and_never_less() -> None:
    assert forecast(*home_weeks(1, 20, 20, 20, 5), at="2026-01-20T12:00")["home_time_left"] == 0


def test_a_week_of_leave_is_skipped_for_an_earlier_one() -> None:
    absences = [{"start": "2026-01-05", "end": "2026-01-09", "kind": "holiday"}]

    left = forecast(*home_weeks(7, 10, 0, 10, 5), at="2026-01-20T12:00", absences=absences)["home_time_left"]

    assert left == round((59.2 - 32) * 3600)


def test_unobserved_time_that_may_be_home_work_is_reckoned_with() -> None:
    observed = [session("2026-01-12T00:00", "2026-01-13T12:00"), session("2026-01-13T13:00", "2026-01-13T14:00")]

    assert forecast(MORNING, at="2026-01-13T14:00", observed=observed)["home_time_left"] == 53280 - 5 * 3600


def test_where_it_is_not_known_whether_any_is_left_nothing_is_said() -> None:
    observed = [session("2026-01-12T00:00", "2026-01-13T12:00")]

    assert forecast(MORNING, at="2026-01-14T14:00", observed=observed)["home_time_left"] is None


@given(st.lists(st.integers(0, 20), min_size=5, max_size=5))
def test_working_what_is_left_keeps_the_average_and_a_second_more_passes_it(hours: list[int]) -> None:
    rows = home_weeks(*hours) or home_weeks(1)
    left = forecast(*rows, at="2026-01-20T12:00")["home_time_left"]
    days, seconds = divmod(left, 86400)
    more = session(
        "2026-01-20T12:00Z", f"2026-01-{20 + days}T{12 + seconds // 3600:02}:{seconds // 60 % 60:02}Z", place="home"
    )

    if left == 0 or 12 + seconds // 3600 > 23:
        return
    for end, is_over in ((more["end"], False), (more["end"].replace("Z", ":01Z"), True)):
        told = answer(danish(*rows, {**more, "end": end}, period={"start": "2026-01-19", "end": "2026-01-26"}))
        (screen,) = [one for one in told["findings"] if one["rule"] == "dk.screen.home"]
        assert (screen["measured"] > 2) is is_over


def test_before_the_law_nothing_of_it_is_forecast() -> None:
    coming = forecast(session("2001-01-09T08:00", "09:00", place="home"), at="2001-01-09T09:00")

    assert coming.pop("next_pause_at") == "2001-01-09T08:50:00+01:00"
    assert set(coming.values()) == {None}
