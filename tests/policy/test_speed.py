"""Judging takes time in proportion to the work told: counted in calls, which no busy machine can change."""

from __future__ import annotations

import cProfile
import pstats
from datetime import date, timedelta

import pytest

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from policy.documents import Document, danish, session

FIRST = date(2025, 1, 6)
WORKDAYS = [FIRST + timedelta(days=7 * week + day) for week in range(52) for day in range(5)]
HOURS = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def year(sessions_a_day: int, last_hour: int, more: Document) -> Document:
    """Return a year of raw sessions from seven o'clock on, each fifth reaching into the next."""
    step = (last_hour - 7) * 3600 // sessions_a_day
    rows = [
        session(
            f"{day}T{clock(7 * 3600 + number * step)}",
            clock(7 * 3600 + number * step + (step * 3 // 2 if number % 5 == 0 else step // 2 + 1)),
            place=("home", "fixed_site")[number % 2],
        )
        for day in WORKDAYS
        for number in range(sessions_a_day)
    ]
    return {**danish(*rows, agreement={"normal_hours": HOURS}), **more}


def calls(document: Document) -> int:
    profile = cProfile.Profile()
    profile.runcall(lambda: evaluate(read_facts(document)))
    return sum(count for _, count, *_ in pstats.Stats(profile).stats.values())  # type: ignore[attr-defined]  # not in the stubs


HOLE = {"observed": [session("2025-01-01T00:00", "2025-06-01T00:00"), session("2025-06-02T00:00", "2026-01-05T00:00")]}
EXCEPTIONS = [{"date": str(day), "ground": "force_majeure"} for day in WORKDAYS[::10]]


@pytest.mark.parametrize(("last_hour", "more"), [(17, {}), (17, HOLE), (22, {}), (22, {"at": "2025-12-31T12:00"})])
def test_ten_times_the_sessions_take_at_most_eleven_times_the_steps(last_hour: int, more: Document) -> None:
    evaluate(read_facts(year(1, 17, {})))  # reads the law files once

    few, many = calls(year(4, last_hour, more)), calls(year(40, last_hour, more))

    assert many <= 11 * few


def test_recorded_exceptions_are_looked_up_once_for_each_block() -> None:
    plain = year(20, 22, {})
    excepted = {**plain, "agreement": {"normal_hours": HOURS, "rest_exceptions": EXCEPTIONS}}

    assert calls(excepted) <= 1.3 * calls(plain)
