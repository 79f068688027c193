"""The agreement: every key with its type and its bounds."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from fyraften_policy.agreement import GROUNDS, Agreement, Hours
from fyraften_policy.errors import FactsError
from policy.documents import danish, facts, session

FLAGS = ("works_only_at_home", "plans_own_time", "unmeasurable_time", "on_call", "self_organiser", "foster_care")
DATES = ("chapter_6", "home_agreement", "last_eye_test", "last_workplace_check", "eye_trouble")


def agreed(**keys: Any) -> Agreement:
    return facts(danish(session("2026-01-13T08:00", "16:00"), agreement=keys)).agreement


def refused(**keys: Any) -> FactsError:
    with pytest.raises(FactsError) as error:
        agreed(**keys)
    return error.value


def test_everything_is_optional() -> None:
    assert agreed() == Agreement()
    assert facts(danish(session("2026-01-13T08:00", "16:00"))).agreement == Agreement()


def test_all_keys_together_are_read() -> None:
    agreement = agreed(
        weekly_hours=37, home_days=2.5, accessible_workstation_elsewhere="no", night_agreement_until="23:00",
        day_boundary="07:00", reference_months=4, normal_hours={"mon": [["08:00", "16:00"]], "sun": []},
        rest_exceptions=[{"date": "2026-01-13", "ground": "evening_meeting"}],
        **dict.fromkeys(FLAGS, True), **dict.fromkeys(DATES, "2025-06-01"),
    )  # fmt: skip

    assert (agreement.weekly_hours, agreement.home_days, agreement.reference_months) == (37, Decimal("2.5"), 4)
    assert (agreement.night_agreement_until, agreement.day_boundary) == (time(23), time(7))
    assert agreement.normal_hours == {0: (Hours(time(8), time(16)),), 6: ()}
    assert agreement.rest_exceptions == {date(2026, 1, 13): "evening_meeting"}
    assert agreement.accessible_workstation_elsewhere == "no"
    assert all(getattr(agreement, name) is True for name in FLAGS)
    assert all(getattr(agreement, name) == date(2025, 6, 1) for name in DATES)


@pytest.mark.parametrize("name", FLAGS)
@pytest.mark.parametrize("value", [1, "true", None])
def test_a_flag_is_true_or_false(name: str, value: Any) -> None:
    error = refused(**{name: value})

    assert error.field == f"agreement.{name}"
    assert error.remedy == "Write true or false."


@pytest.mark.parametrize("name", DATES)
@pytest.mark.parametrize("value", ["2026-02-30", "soon", 20260101, None, True])
def test_a_date_is_a_date(name: str, value: Any) -> None:
    assert refused(**{name: value}).field == f"agreement.{name}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weekly_hours", True), ("weekly_hours", "37"), ("weekly_hours", 168.5), ("weekly_hours", -1),
        ("home_days", False), ("home_days", 7.01), ("reference_months", 0), ("reference_months", 13),
        ("reference_months", 4.5), ("reference_months", "4"),
        ("accessible_workstation_elsewhere", True), ("accessible_workstation_elsewhere", "maybe"),
        ("night_agreement_until", "24:00"), ("night_agreement_until", "9:00"), ("day_boundary", 7),
        ("day_boundary", "07:60"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_an_error(name: str, value: Any) -> None:
    assert refused(**{name: value}).field == f"agreement.{name}"


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ([], ""), ("08:00-16:00", ""), ({"mon": ["08:00", "16:00"]}, ".mon[0]"), ({"mon": [["08:00"]]}, ".mon[0]"),
        ({"mon": [["08:00", "12:00", "16:00"]]}, ".mon[0]"), ({"mon": [["24:00", "08:00"]]}, ".mon[0][0]"),
        ({"tue": [["08:00", "16:00"], ["17:00", "25:00"]]}, ".tue[1][1]"), ({"mon": [[8, 16]]}, ".mon[0][0]"),
        ({"mon": [["08:00", "16:00:00"]]}, ".mon[0][1]"), ({"mon": None}, ".mon"), ({"Mon": []}, ".Mon"),
    ],
)  # fmt: skip
def test_agreed_hours_that_cannot_be_read_are_an_error(hours: Any, field: str) -> None:
    assert refused(normal_hours=hours).field == f"agreement.normal_hours{field}"


@pytest.mark.parametrize(
    ("first", "last", "crosses"),
    [
        ("08:00", "16:00", False),
        ("22:00", "06:00", True),
        ("08:00", "08:00", True),
        ("16:00", "24:00", False),
        ("16:00", "00:00", True),
    ],
)
def test_a_range_whose_end_is_at_or_before_its_start_crosses_midnight(first: str, last: str, crosses: bool) -> None:
    hours = agreed(normal_hours={"mon": [[first, last]]}).normal_hours

    assert hours is not None
    assert hours[0][0].crosses_midnight is crosses


def test_the_normal_days_are_those_with_hours_and_monday_to_friday_where_none_are_agreed() -> None:
    assert agreed().working_weekdays == {0, 1, 2, 3, 4}
    assert agreed(normal_hours={"sat": [["08:00", "12:00"]], "mon": []}).working_weekdays == {5}
    assert agreed(normal_hours={}).working_weekdays == set()


@pytest.mark.parametrize("ground", GROUNDS)
def test_each_ground_of_a_rest_exception_is_known(ground: str) -> None:
    assert agreed(rest_exceptions=[{"date": "2026-01-13", "ground": ground}]).rest_exceptions == {
        date(2026, 1, 13): ground
    }


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"date": "2026-01-13"}, "[0].ground"), ({"ground": "force_majeure"}, "[0].date"), ("2026-01-13", "[0]"),
        ({"date": "2026-01-13", "ground": "tired"}, "[0].ground"),
        ({"date": "13.1.2026", "ground": "force_majeure"}, "[0].date"),
    ],
)  # fmt: skip
def test_a_rest_exception_has_a_date_and_a_ground(row: Any, field: str) -> None:
    assert refused(rest_exceptions=[row]).field == f"agreement.rest_exceptions{field}"


def test_one_day_has_one_ground_but_may_be_written_twice() -> None:
    meeting = {"date": "2026-01-13", "ground": "evening_meeting"}

    assert len(agreed(rest_exceptions=[meeting, meeting]).rest_exceptions) == 1
    assert "two grounds" in refused(rest_exceptions=[meeting, {**meeting, "ground": "force_majeure"}]).message


@pytest.mark.parametrize(
    ("last", "goes_on"), [("06:00", True), ("22:00", True), ("00:00", False), ("24:00", False), ("23:00", False)]
)
def test_a_range_goes_on_into_the_next_day_unless_it_ends_at_midnight_or_before(last: str, goes_on: bool) -> None:
    hours = agreed(normal_hours={"mon": [["22:00", last]]}).normal_hours

    assert hours is not None
    assert hours[0][0].goes_on is goes_on
