"""What is asked of the rules about a day, and about one rule on a day."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from agent_records import NOW, TODAY, FixedClock, at, nine_weeks, small_home
from fyraften_agent.paths import Paths
from fyraften_agent.shown.looking import jurisdiction_here, look_at_day, look_at_rule, standing_period
from fyraften_agent.store.schema import WorkFile
from fyraften_agent.store.store import Store
from fyraften_policy.periods import day_interval

CLOCK = FixedClock(NOW)
OLD_STORE = Path(__file__).parents[1] / "store" / "old_stores" / "work_1.sql"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return nine_weeks(small_home(tmp_path))


def test_a_day_is_judged_with_the_week_before_and_the_rest_of_its_own_week() -> None:
    wednesday, monday = date(2026, 11, 11), date(2026, 11, 2)

    assert standing_period(wednesday, TODAY) == (monday, date(2026, 11, 15))


def test_days_that_have_not_come_are_not_judged() -> None:
    assert standing_period(TODAY, TODAY) == (date(2026, 11, 9), TODAY)
    assert standing_period(date(2026, 11, 18), TODAY) == (date(2026, 11, 9), TODAY)


def test_one_rule_says_of_a_day_what_the_day_shows_of_it(paths: Paths) -> None:
    for day in (TODAY, date(2026, 11, 18), date(2026, 11, 10)):
        shown = look_at_day(paths, CLOCK, day)
        for rule in ("dk.rest.daily", "dk.rest.weekly", "dk.break", "advice.screen.pauses"):
            assert look_at_rule(paths, CLOCK, rule, day) == [one for one in shown.findings if one.rule == rule]


def test_a_rule_that_says_nothing_of_a_day_says_the_latest_before_it(paths: Paths) -> None:
    saturday = date(2026, 11, 14)

    (rest,) = look_at_rule(paths, CLOCK, "dk.rest.daily", saturday)

    assert rest.end == at(date(2026, 11, 13), "16:15")


def test_records_of_an_older_version_are_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite3"
    with closing(sqlite3.connect(path)) as writer:
        writer.executescript(
            Path(__file__).parents[1].joinpath("store", "old_stores").joinpath("work_1.sql").read_text(encoding="utf-8")
        )
    before = path.read_bytes()

    with Store(WorkFile.open_to_read(path).up_to_date()) as store:
        sessions = store.sessions(0, 2**40)

    assert len(sessions) == 2
    assert path.read_bytes() == before


def test_far_before_the_records_there_is_nothing(paths: Paths) -> None:
    assert look_at_rule(paths, CLOCK, "dk.rest.daily", date(2026, 1, 5)) == []


def test_a_window_of_months_ends_with_the_day_asked_about(paths: Paths) -> None:
    (average,) = look_at_rule(paths, CLOCK, "dk.hours.average", date(2026, 11, 12))

    assert average.end == day_interval(date(2026, 11, 12), CLOCK.zone()).end


def test_the_law_is_the_agreement_s_and_else_that_of_the_time_zone(paths: Paths, tmp_path: Path) -> None:
    assert jurisdiction_here(Paths(tmp_path / "nobody"), FixedClock(NOW, "Europe/Oslo")) == "NO"
    assert jurisdiction_here(paths, CLOCK) == "DK"
    with Store.open(paths.work) as store:
        store.record_agreement({"jurisdiction": "EU", "agreement": {}}, at(TODAY, "07:00"))

    assert jurisdiction_here(paths, CLOCK) == "EU"
