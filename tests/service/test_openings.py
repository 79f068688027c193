"""When weeks and months are open, on both sides of each limit."""

from __future__ import annotations

from datetime import date

import pytest

from fyraften_policy import wire
from fyraften_policy.periods import week_name
from fyraften_service.openings import closed_periods, closed_weeks, first_whole, group_opening, month_opening
from service_office import Office

GROUP, PULSE = wire.report_for("group"), wire.report_for("pulse")


def test_a_week_is_open_for_two_weeks_after_its_end(office: Office) -> None:
    opening = group_opening(GROUP, "2026-W53", office.config)

    assert (opening.starts, opening.ends) == (date(2026, 12, 28), date(2027, 1, 4))
    assert (opening.closes, opening.erase_by) == (date(2027, 1, 18), date(2027, 1, 25))


def test_a_month_ends_with_its_last_day(office: Office) -> None:
    opening = month_opening("2028-02", office.config)

    assert (opening.starts, opening.ends) == (date(2028, 2, 1), date(2028, 3, 1))
    assert opening.closes == date(2028, 4, 1)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 10, 30), []),
        (date(2026, 11, 15), []),
        (date(2026, 11, 16), ["2026-W44"]),
        (date(2026, 11, 22), ["2026-W44"]),
        (date(2026, 11, 23), ["2026-W44", "2026-W45"]),
    ],
)
def test_the_closed_weeks_begin_with_the_one_the_service_started_in(
    office: Office, today: date, expected: list[str]
) -> None:
    assert [week_name(monday) for monday in closed_weeks(office.config, today)] == expected


def test_a_week_is_closed_on_the_day_it_takes_no_more_reports(office: Office) -> None:
    for monday in closed_weeks(office.config, date(2027, 6, 1)):
        assert group_opening(GROUP, week_name(monday), office.config).closes <= date(2027, 6, 1)


def test_a_month_of_pulse_is_open_for_as_many_days_after_its_end_as_a_week(office: Office) -> None:
    opening = group_opening(PULSE, "2026-11", office.config)

    assert (opening.starts, opening.ends) == (date(2026, 11, 1), date(2026, 12, 1))
    assert (opening.closes, opening.erase_by) == (date(2026, 12, 15), date(2026, 12, 22))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 14), []),
        (date(2026, 11, 15), ["2026-10"]),
        (date(2027, 1, 15), ["2026-10", "2026-11", "2026-12"]),
    ],
)
def test_the_closed_months_begin_with_the_one_the_service_started_in(
    office: Office, today: date, expected: list[str]
) -> None:
    assert closed_periods(PULSE, office.config, today) == expected


@pytest.mark.parametrize(
    ("enrolled_on", "week", "month"),
    [
        (date(2026, 10, 30), date(2026, 11, 2), date(2026, 11, 1)),
        (date(2026, 11, 1), date(2026, 11, 2), date(2026, 12, 1)),
        (date(2026, 11, 2), date(2026, 11, 9), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 1, 4), date(2027, 1, 1)),
    ],
)
def test_who_takes_part_is_fixed_when_a_period_begins(enrolled_on: date, week: date, month: date) -> None:
    assert (first_whole(GROUP, enrolled_on), first_whole(PULSE, enrolled_on)) == (week, month)


def test_no_two_kinds_of_group_report_have_periods_that_look_alike() -> None:
    """A period alone says in the database what it is of."""
    kinds = [report.period for report in wire.reports() if report.has_cell]

    assert len(set(kinds)) == len(kinds)
