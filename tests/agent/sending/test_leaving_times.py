"""When a report leaves: at random, apart from work, and after failures later and later."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.sending.leaving_times import (
    LATEST_DAYS,
    MISSED_SECONDS,
    WEEK_SECONDS,
    another_time,
    latest,
    missed,
    send_slot,
    send_time,
    wait_seconds,
)
from fyraften_agent.sending.outbox import Item
from fyraften_policy.periods import parse_instant

ZONE = "Europe/Copenhagen"
NOW = parse_instant("2026-01-19T09:00", ZONE)
WEEK_END = parse_instant("2026-01-19T00:00Z", ZONE)
MONTH_END = parse_instant("2026-02-01T00:00Z", ZONE)


def item(purpose: str = "group", **changes: Any) -> Item:
    report, period = {
        "group": ("fyraften.group.weekly/1", "2026-W03"),
        "pulse": ("fyraften.pulse.monthly/1", "2026-01"),
        "duty": ("fyraften.duty.monthly/1", "2026-01"),
        "record": ("fyraften.record.weekly/1", "2026-W03"),
    }[purpose]
    values: dict[str, Any] = {
        **{"id": 1, "report": report, "purpose": purpose, "period": period, "subject": "s", "body": b"", "sha256": ""},
        **{"state": "approved", "kept_back": False, "prepared_at": NOW, "approved_at": NOW, "tried_at": None},
        **{"sent_at": None, "ended_at": None, "attempts": 0, "next_try_at": NOW, "problem": None, "receipt": None},
        **{"replaces": None, "waits_for": None},
    }
    return Item(**{**values, **changes})


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = open_ledger(None)
    yield connection
    connection.close()


def no_draw() -> float:
    raise AssertionError("nothing is drawn here")


def test_the_slot_is_drawn_once(connection: sqlite3.Connection) -> None:
    assert send_slot(connection, lambda: 0.5) == WEEK_SECONDS // 2
    assert send_slot(connection, lambda: 0.1) == WEEK_SECONDS // 2


@given(st.integers(0, WEEK_SECONDS - 1), st.integers(0, 2 * WEEK_SECONDS))
@settings(max_examples=60)
def test_a_group_report_leaves_at_the_slot_or_before_the_week_closes(slot: int, later: int) -> None:
    now = WEEK_END + later
    at = send_time(item(), slot, now, no_draw)

    assert now <= at < now + WEEK_SECONDS
    assert at % WEEK_SECONDS == slot or at == max(now, WEEK_END + LATEST_DAYS * 86400)


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 20 * 86400))
@settings(max_examples=60)
def test_a_pulse_report_leaves_at_a_moment_of_its_own_before_the_month_closes(draw: float, later: int) -> None:
    now = MONTH_END + later
    at = send_time(item("pulse"), 12345, now, lambda: draw)

    assert now <= at <= max(now, MONTH_END + LATEST_DAYS * 86400)
    assert at == now + int(draw * max(0, MONTH_END + LATEST_DAYS * 86400 - now))


@pytest.mark.parametrize("purpose", ["duty", "record"])
def test_a_report_with_a_name_leaves_when_the_person_says_so(purpose: str) -> None:
    assert send_time(item(purpose), 5, NOW, no_draw) == NOW


@pytest.mark.parametrize(
    ("changes", "later", "expected"),
    [
        ({}, MISSED_SECONDS, False),
        ({}, MISSED_SECONDS + 1, True),
        ({"attempts": 1}, MISSED_SECONDS + 1, False),
        ({"next_try_at": None}, MISSED_SECONDS + 1, False),
    ],
)
def test_a_moment_is_missed_when_it_passed_before_any_try(changes: dict[str, Any], later: int, expected: bool) -> None:
    assert missed(item(**changes), NOW + later) is expected
    assert missed(item("duty", **changes), NOW + later) is False


@given(st.floats(0, 1, exclude_max=True))
def test_after_a_missed_moment_a_report_leaves_within_four_hours(draw: float) -> None:
    assert NOW < another_time(NOW, lambda: draw) <= NOW + 4 * 3600


def test_a_period_is_waited_for_until_ten_days_after_its_end() -> None:
    assert latest(item()) == parse_instant("2026-01-29T00:00Z", ZONE)
    assert latest(item("pulse")) == parse_instant("2026-02-11T00:00Z", ZONE)


# Uniform, and apart from work

LAPTOPS = 4000


def arrivals(hour: int, purpose: str, seed: int) -> list[int]:
    """When the reports of many laptops leave whose people approve on Mondays at an hour; the laptops stay on."""
    draw = random.Random(seed).random
    approved = (WEEK_END if purpose == "group" else MONTH_END) + hour * 3600
    return [
        send_time(item(purpose), int(draw() * WEEK_SECONDS), approved + int(draw() * 3600), draw)
        for _laptop in range(LAPTOPS)
    ]


def apart(first: list[float], second: list[float]) -> float:
    """The Kolmogorov–Smirnov distance of two samples of one size, scaled: over 1.95 by chance once in a thousand."""
    events = sorted([(value, 1) for value in first] + [(value, -1) for value in second])
    height, most = 0, 0
    for (value, step), (following, _step) in pairwise([*events, (float("inf"), 0)]):
        height += step
        if following != value:
            most = max(most, abs(height))
    return most / len(first) * (len(first) / 2) ** 0.5


def of_the_week(times: list[int]) -> list[float]:
    return [at % WEEK_SECONDS / WEEK_SECONDS for at in times]


def test_the_statistic_sees_uploads_at_the_start_of_work() -> None:
    """The positive control: reports that leave when they are approved tell day from night."""
    assert apart([8.0 + 0.001 * n for n in range(100)], [22.0 + 0.001 * n for n in range(100)]) > 5
    assert apart([0.1 * n for n in range(100)], [0.1 * n + 0.05 for n in range(100)]) < 1.95


def test_a_day_worker_and_a_night_worker_upload_at_equal_times() -> None:
    day, night = arrivals(8, "group", 1), arrivals(22, "group", 2)

    assert apart(of_the_week(day), of_the_week(night)) < 1.95


def test_the_moment_of_the_week_is_uniform() -> None:
    even = [(n + 0.5) / LAPTOPS for n in range(LAPTOPS)]

    assert apart(of_the_week(arrivals(8, "group", 3)), even) < 1.95


def test_the_moment_of_a_pulse_report_is_uniform_by_hour_of_the_day() -> None:
    for hour, seed in ((8, 4), (22, 5)):
        hours = [at % 86400 / 86400 for at in arrivals(hour, "pulse", seed)]

        assert apart(hours, [(n + 0.5) / LAPTOPS for n in range(LAPTOPS)]) < 1.95


def test_a_missed_moment_does_not_tell_when_work_began() -> None:
    """Laptops that are on while somebody works: the first minutes are no more likely than any others of four hours."""
    draw = random.Random(6).random
    waits = [(another_time(NOW, draw) - NOW) / (4 * 3600) for _laptop in range(LAPTOPS)]

    assert apart(waits, [(n + 0.5) / LAPTOPS for n in range(LAPTOPS)]) < 1.95


# After a failure


def test_waiting_grows_to_six_hours_and_is_spread() -> None:
    least = [wait_seconds(attempts, 0.0) for attempts in range(12)]

    assert least[:4] == [60, 120, 240, 480]
    assert least[-1] == wait_seconds(50, 0.0) == 6 * 3600
    assert wait_seconds(50, 0.5) == 9 * 3600
    assert wait_seconds(50, 1.0) == 12 * 3600


def test_a_service_that_asks_for_time_gets_it_up_to_a_day() -> None:
    assert wait_seconds(0, 0.5, asked=3600) == 3600
    assert wait_seconds(0, 0.5, asked=10**6) == 86400
    assert wait_seconds(5, 0.5, asked=1) == wait_seconds(5, 0.5)
