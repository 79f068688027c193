"""Windows of calendar months and what counts in them, against counting date by date."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.rules.work_windows import Totals, Window, months_before, read_both, windows_of
from fyraften_policy.work_days import ByDay
from policy.danish import facts

MONTHS = "dk.hours.average.months"
starts = st.dates(date(2023, 1, 1), date(2025, 1, 1))
lengths = st.integers(1, 100)


@given(starts, lengths, st.integers(1, 12))
def test_each_date_of_the_period_ends_a_window_that_begins_so_many_months_before(
    first: date, days: int, months: int
) -> None:
    end = first + timedelta(days=days)
    document = facts([], period={"start": str(first), "end": str(end)})

    found = windows_of(document, ByDay(document, lambda day: months, MONTHS))

    following = [first + timedelta(days=number + 1) for number in range(days)]
    assert found == [Window(months_before(day, months).toordinal(), day.toordinal()) for day in following]


@given(starts, st.dictionaries(st.integers(-20, 120), st.integers(1, 50)), st.integers(0, 100), st.integers(0, 100))
def test_a_total_is_the_sum_over_the_dates_of_a_window(
    first: date, amounts: dict[int, int], one: int, other: int
) -> None:
    number = first.toordinal()
    totals = Totals((number, number + 100), {first + timedelta(days=day): amount for day, amount in amounts.items()})
    window = Window(number + min(one, other), number + max(one, other))

    expected = sum(amount for day, amount in amounts.items() if min(one, other) <= day < max(one, other))
    assert (totals.within(window), totals.of_each([window, window])) == (expected, [expected, expected])


@given(st.lists(st.integers(0, 120), min_size=1, max_size=25, unique=True), st.sets(st.integers(0, 120), max_size=40))
def test_the_fullest_window_is_the_first_with_the_highest_average(worked: list[int], free: set[int]) -> None:
    first = date(2025, 1, 6)
    days = [first + timedelta(days=number) for number in sorted(worked)]
    absences = [
        {"start": str(day), "end": str(day), "kind": "leave"}
        for day in (first + timedelta(days=n) for n in sorted(free))
    ]
    document = facts(
        [f"{day}T08:00/{day}T{9 + number % 8:02}:00" for number, day in enumerate(days)],
        period={"start": "2025-01-06", "end": "2025-06-01"},
        absences=absences,
    )
    reading = read_both(document)[True]
    windows = reading.with_work(windows_of(document, ByDay(document, lambda day: 2, MONTHS)))

    amounts = [reading.amount(window, holes_are_work=False) for window in windows]
    averages = [amount.hours_a_week for amount in amounts]
    whole = [amount.hours_a_week_of_whole_leave for amount in amounts]
    assert all(amount.seconds for amount in amounts)
    assert reading.fullest(windows) == windows[averages.index(max(averages))]
    assert reading.fullest_of_whole_leave(windows) == windows[whole.index(max(whole))]
