"""The Danish night by the clock, and which days unobserved time could make days of night work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fyraften_policy.periods import parse_instant
from fyraften_policy.rules.night_hours import night_of
from policy.danish import ZONE, facts, findings, observed, session, text

RULE = "dk.night"
# One month to look at, and a limit so low that every night worker is over it.
LOW_LIMIT = {"dk.night.months": 1, "dk.night.limit": 0.1}
FEBRUARY = {"start": "2026-02-01", "end": "2026-02-28"}


def days(first: int, count: int, start: str, seconds: int) -> list[str]:
    """Return a session on each of some days of February 2026."""
    begin = date(2026, 2, first)
    return [session(f"{begin + timedelta(days=number)}T{start}", seconds) for number in range(count)]


def answer(work: list[str], *hole: str) -> tuple[str, str | None]:
    start, end = hole
    seen = observed(f"2024-01-01T00:00/{start}", f"{end}/2026-03-02T00:00")
    found = findings(RULE, work, observed=seen, parameters=LOW_LIMIT, period=FEBRUARY)[-1]
    return found.verdict, found.reason


# The night by the clock


@pytest.mark.parametrize(
    ("agreed", "day", "start", "end"),
    [
        ({"from": 0.5}, "2026-01-13", "2026-01-13T00:30", "2026-01-13T05:00"),
        ({"from": 5}, "2026-01-13", "2026-01-13T05:00", "2026-01-14T05:00"),
        ({"from": 24}, "2026-03-29", "2026-03-30T00:00", "2026-03-30T05:00"),
        ({"from": 24}, "2026-10-25", "2026-10-26T00:00", "2026-10-26T05:00"),
        ({"from": 22.26}, "2026-10-25", "2026-10-25T22:15:36", "2026-10-26T05:00"),
        ({"from": 22.26}, "2026-10-26", "2026-10-26T22:15:36", "2026-10-27T05:00"),
    ],
)
def test_the_agreed_night_begins_and_ends_by_the_clock(
    agreed: dict[str, float], day: str, start: str, end: str
) -> None:
    values = {f"dk.night.{name}": value for name, value in agreed.items()}

    night = night_of(facts([], parameters=values), date.fromisoformat(day))

    assert night == (parse_instant(start, ZONE), parse_instant(end, ZONE))


@pytest.mark.parametrize("agreed", [{"dk.night.from": 22}, {"dk.night.until": 5}], ids=["from", "until"])
def test_the_night_that_began_before_the_act_is_none_beside_a_number_of_the_agreement(agreed: dict[str, int]) -> None:
    period = {"start": "2004-08-24", "end": "2004-08-25"}

    (one,) = findings(RULE, ["2004-08-24T00:00/2004-08-24T05:00"], parameters=agreed, period=period)

    assert text(one).startswith("There is no night work in this period.")


def test_before_the_act_an_agreed_night_has_no_days_of_night_work() -> None:
    agreed = {"dk.night.from": 22, "dk.night.until": 5}

    (one,) = findings(RULE, ["2004-08-20T00:00/2004-08-20T05:00"], parameters=agreed)

    assert (one.verdict, one.reason) == ("not_judged", "no_value")


# Unobserved time


def test_unobserved_time_in_a_day_makes_it_no_day_of_night_work() -> None:
    """Two hours of the night are told, and one was not observed."""
    work = ["2026-01-13T20:00/2026-01-13T22:30", "2026-01-13T23:30/2026-01-14T01:00"]
    seen = observed("2024-01-01T00:00/2026-01-13T22:30", "2026-01-13T23:30/2026-01-15T00:00")

    assert [one.unit for one in findings(RULE, work, observed=seen)] == ["hour_per_day"]


@pytest.mark.parametrize(
    ("hole", "expected"),
    [
        (("2026-02-02T12:00", "2026-02-02T13:00"), ("broken", None)),
        (("2026-02-09T22:00", "2026-02-10T00:00"), ("not_judged", "unobserved")),
    ],
)
def test_night_work_that_begins_at_midnight_is_of_its_own_day_unless_the_time_before_was_not_observed(
    hole: tuple[str, str], expected: tuple[str, str | None]
) -> None:
    assert answer(days(2, 3, "08:00", 3600) + days(10, 4, "00:00", 3 * 3600), *hole) == expected


def test_work_a_second_after_midnight_does_not_go_on_with_the_evening_before() -> None:
    """Each day has 2 h 20 min after midnight and half an hour before the next one: less than three hours."""
    work = days(10, 5, "00:00:01", 8400 - 1) + days(10, 5, "23:30", 1800)

    assert answer(work, "2026-02-10T12:00", "2026-02-10T13:00") == ("met", None)
