"""Nights and new starts of the collector on a simulated laptop: what is rest, and what is a hole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fakes import FakeLaptop
from fyraften_agent.errors import NoConsentError
from fyraften_agent.store.store import Store
from simulated_days import ALWAYS, at, bounds, end_the_day, holes, rest_before_tuesday

# Nights


def test_sleep_over_night_is_observed_rest(laptop: FakeLaptop) -> None:
    end_the_day(laptop)
    laptop.sleep_until("2026-11-17T09:05")
    laptop.work_until("2026-11-17T10:00")

    assert holes(laptop) == []
    assert rest_before_tuesday(laptop) == "met"


def test_shutdown_over_night_is_observed_rest_but_the_time_until_the_start_is_not(laptop: FakeLaptop) -> None:
    end_the_day(laptop)
    laptop.is_going_down = True
    laptop.collector.stop()
    laptop.clock.switch_off(at("2026-11-17T09:15") - laptop.clock.now())
    laptop.is_going_down = False
    laptop.start()
    laptop.work_until("2026-11-17T10:00")

    assert holes(laptop) == [(at("2026-11-17T09:14:40"), at("2026-11-17T09:15"))]
    assert rest_before_tuesday(laptop) == "met"


def test_a_short_night_is_broken_whether_asleep_or_off(laptop: FakeLaptop) -> None:
    end_the_day(laptop)
    laptop.sleep_until("2026-11-17T06:00")
    laptop.work_until("2026-11-17T10:00")

    assert rest_before_tuesday(laptop) == "broken"


def test_a_crash_over_night_is_a_hole_and_is_not_judged(laptop: FakeLaptop) -> None:
    end_the_day(laptop)
    laptop.clock.switch_off(at("2026-11-17T09:05") - laptop.clock.now())
    laptop.start()
    laptop.work_until("2026-11-17T10:00")

    (hole,) = holes(laptop)
    assert at("2026-11-16T22:14") <= hole.start <= at("2026-11-16T22:15")
    assert hole.end == at("2026-11-17T09:05")
    assert rest_before_tuesday(laptop) == "not_judged"


def test_a_pause_over_night_is_a_hole_and_is_not_judged(laptop: FakeLaptop) -> None:
    end_the_day(laptop)
    laptop.store.pause(laptop.clock.now(), at("2026-11-17T09:00"))
    laptop.collector.stop()
    laptop.clock.sleep(at("2026-11-17T09:05") - laptop.clock.now())
    laptop.start()
    laptop.work_until("2026-11-17T10:00")

    assert holes(laptop) == [(at("2026-11-16T22:15"), at("2026-11-17T09:05"))]
    assert rest_before_tuesday(laptop) == "not_judged"


def test_ending_the_agent_by_hand_over_night_is_a_hole(laptop: FakeLaptop) -> None:
    end_the_day(laptop)
    laptop.collector.stop()
    laptop.clock.switch_off(at("2026-11-17T09:05") - laptop.clock.now())
    laptop.start()

    assert holes(laptop) == [(at("2026-11-16T22:15"), at("2026-11-17T09:05"))]


def test_a_dead_source_over_night_is_a_hole_from_its_last_look(laptop: FakeLaptop) -> None:
    end_the_day(laptop)
    laptop.source.die()
    laptop.idle_until("2026-11-17T00:00")
    laptop.source.is_there = True
    laptop.idle_until("2026-11-17T00:10")

    (hole,) = holes(laptop)
    assert hole.start == at("2026-11-16T22:15")
    assert at("2026-11-17T00:00") <= hole.end <= at("2026-11-17T00:02")


@pytest.mark.parametrize("night", ["2026-03-28", "2026-10-24"])
def test_a_night_on_which_the_clocks_change_is_as_long_as_it_was(tmp_path: Path, night: str) -> None:
    with Store.open(tmp_path / "work.sqlite3") as store:
        laptop = FakeLaptop(store)
        laptop.clock = type(laptop.clock)(f"{night}T19:00")
        laptop.__post_init__()
        laptop.start()
        laptop.work_until(f"{night}T20:00")
        laptop.clock.sleep(11 * 3600)
        laptop.idle(10)
        laptop.work(60)

        first, second = store.sessions(0, ALWAYS)
        assert second.start - first.end == 11 * 3600 + 1 + 10 + 9
        assert store.observed(0, ALWAYS) == [(at(f"{night}T19:00"), laptop.clock.now())]


# Starting again


def test_a_session_goes_on_after_a_crash(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    laptop.clock.run(5)
    laptop.start()
    laptop.work(600)

    (session,) = laptop.store.sessions(0, ALWAYS)
    assert (session.start, session.end) == (at("2026-11-16T08:00:09"), at("2026-11-16T08:20:04"))
    assert session.open
    assert laptop.store.observed(0, ALWAYS) == [
        (at("2026-11-16T08:00"), at("2026-11-16T08:10")),
        (at("2026-11-16T08:10:05"), at("2026-11-16T08:20:05")),
    ]


@pytest.mark.parametrize(("away", "sessions"), [(898, 1), (899, 2)])
def test_a_session_does_not_go_on_fifteen_minutes_after_its_last_input(
    laptop: FakeLaptop, away: int, sessions: int
) -> None:
    laptop.start()
    laptop.work(600)  # the last input is a second before the last look
    laptop.clock.run(away)
    laptop.start()
    laptop.clock.run(0.25)
    laptop.source.type()
    laptop.clock.run(9.75)
    laptop.collector.tick()

    assert len(bounds(laptop.store)) == sessions


def test_a_session_left_open_by_a_crash_is_closed_by_the_next_start(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    laptop.clock.switch_off(3600)
    laptop.start()

    (session,) = laptop.store.sessions(0, ALWAYS)
    assert not session.open


def test_a_session_does_not_go_on_over_a_pause_that_came_while_nothing_ran(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    laptop.clock.run(10)
    laptop.store.pause(laptop.clock.now(), laptop.clock.now() + 60)
    laptop.clock.run(100)
    laptop.start()
    laptop.work(60)

    assert len(bounds(laptop.store)) == 2


def test_a_session_does_not_go_on_over_a_withdrawal_of_consent(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    laptop.may_record = lambda: False
    with pytest.raises(NoConsentError):
        laptop.work(10)
    laptop.may_record = lambda: True
    laptop.start()
    laptop.work(60)

    assert len(bounds(laptop.store)) == 2


def test_time_off_is_not_told_twice_after_another_crash(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.is_going_down = True
    laptop.collector.stop()
    laptop.clock.switch_off(3600)
    laptop.start()
    observed = laptop.store.observed(0, ALWAYS)
    laptop.start()

    assert laptop.store.observed(0, ALWAYS) == observed
    assert observed[0] == (at("2026-11-16T08:00"), laptop.clock.booted_at)


def test_a_shutdown_that_was_called_off_is_no_time_off(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.start()
    laptop.idle(60)
    laptop.is_going_down = True
    laptop.collector.stop()
    laptop.clock.run(3540)
    laptop.start()
    laptop.idle(10)

    assert holes(laptop) == [(at("2026-11-16T08:01"), at("2026-11-16T09:00"))]
    with sqlite3.connect(tmp_path / "work.sqlite3") as reader:
        assert reader.execute("SELECT count(*) FROM observed WHERE end < start OR ended = 'off'").fetchone() == (0,)
    reader.close()
