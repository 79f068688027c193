"""When weeks and months are open, on both sides of each limit."""

from __future__ import annotations

from datetime import date

import pytest

from fyraften_policy.periods import week_name
from fyraften_service.openings import closed_weeks, month_opening, week_opening
from service_office import Office


def test_a_week_is_open_for_two_weeks_after_its_end(office: Office) -> None:
    opening = week_opening("2026-W53", office.config)

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
        assert week_opening(week_name(monday), office.config).closes <= date(2027, 6, 1)
