"""When the collector has judged, told and deleted, on a simulated laptop."""

from __future__ import annotations

from datetime import date

import pytest

from fakes import ZONE, FakeLaptop
from fyraften_agent.store.keeping import kept_from
from simulated_days import ALWAYS, at, bounds

# Judging and telling


def test_nothing_is_judged_while_nothing_changed(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(60)

    assert laptop.collector.evaluate() is not None
    assert laptop.collector.evaluate() is None
    laptop.idle(60)
    assert laptop.collector.evaluate() is None
    laptop.collector.look_again()
    assert laptop.collector.evaluate() is not None
    laptop.work(540)
    assert laptop.collector.evaluate() is None  # the same work goes on, and nothing was seen ahead
    laptop.work(60)
    assert laptop.collector.evaluate() is not None


def test_a_warning_comes_before_the_limit_once_and_is_kept(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.sleep_until("2026-11-17T08:00")  # what was before the first start is not known, so nothing is forecast
    laptop.work(3600)
    laptop.collector.evaluate()
    early = [notice.key for notice in laptop.told]
    laptop.idle_until("2026-11-17T19:00")
    laptop.work_until("2026-11-17T20:20")
    laptop.pause_for_breath()
    laptop.work(60)
    laptop.pause_for_breath()

    stop_by = [notice for notice in laptop.told if notice.key.startswith("stop_by:")]
    assert not any(key.startswith("stop_by:") for key in early)
    assert [notice.key for notice in stop_by] == ["stop_by:2026-11-17"]
    assert "21:00" in stop_by[0].title
    assert [(kept.key, kept.shown) for kept in laptop.store.notices.all() if kept.key == stop_by[0].key] == [
        ("stop_by:2026-11-17", True)
    ]


def test_a_notice_that_no_desktop_took_is_kept_as_such_and_not_repeated(laptop: FakeLaptop) -> None:
    laptop.has_desktop = False
    laptop.network = b"router"
    laptop.start()
    for _ in range(2):
        laptop.work(60)
        laptop.pause_for_breath()

    assert len(laptop.told) == 1
    assert [kept.shown for kept in laptop.store.notices.all()] == [False]


def test_a_correction_by_the_employee_ends_the_session_and_the_next_input_begins_another(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    (session,) = laptop.store.sessions(0, ALWAYS)
    laptop.store.edit_session(session.id, laptop.clock.now(), end=session.start + 300)
    laptop.work(600)

    first, second = laptop.store.sessions(0, ALWAYS)
    assert first.end == session.start + 300
    assert first.source == "corrected"
    assert second.open
    assert second.start == at("2026-11-16T08:10:19")


def test_a_report_that_is_due_is_told_to_the_supervisor(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.collector.evaluate()
    laptop.is_report_due = True
    laptop.idle(3600)
    laptop.collector.evaluate()

    assert [event for event in laptop.events if event["event"] == "send"] == [{"event": "send"}]


# Quiet moments


def test_a_notice_that_waits_for_the_person_to_pause_is_told_at_the_next_tick_that_sees_it(laptop: FakeLaptop) -> None:
    laptop.network = b"router"
    laptop.start()
    laptop.work(60)
    laptop.collector.evaluate()
    while_typing = list(laptop.told)
    laptop.work(60)
    typed_on = list(laptop.told)
    laptop.idle(10)

    assert (while_typing, typed_on) == ([], [])
    assert [notice.key.split(":")[0] for notice in laptop.told] == ["place"]


def test_a_notice_that_became_due_while_the_screen_was_locked_is_told_after_it(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(60)
    laptop.screen.lock()
    laptop.network = b"router"
    laptop.idle(120)
    laptop.collector.evaluate()
    while_locked = list(laptop.told)
    laptop.screen.unlock()
    laptop.work(10)
    laptop.idle(10)

    assert while_locked == []
    assert [kept.held for kept in laptop.store.notices.all()] == ["locked"]
    assert [notice.key.split(":")[0] for notice in laptop.told] == ["place"]


def test_a_notice_over_a_call_is_tried_again_every_two_minutes_without_news(laptop: FakeLaptop) -> None:
    laptop.network, laptop.occupied = b"router", "call"
    laptop.start()
    laptop.work(60)
    laptop.pause_for_breath()
    laptop.occupied = None
    laptop.collector.evaluate()
    too_early = list(laptop.told)
    laptop.idle(120)
    laptop.collector.evaluate()

    assert too_early == []
    assert [(kept.held, kept.shown) for kept in laptop.store.notices.all()] == [("call", True)]


# Keeping


@pytest.mark.parametrize(
    ("today", "first"),
    [
        ("2026-11-22", "2026-07-15"),
        ("2026-01-31", "2025-09-23"),
        ("2026-06-30", "2026-02-21"),
        ("2028-06-30", "2028-02-22"),
    ],
)
def test_sessions_are_kept_four_months_and_a_week(today: str, first: str) -> None:
    assert kept_from(date.fromisoformat(today), ZONE) == at(f"{first}T00:00")


def test_what_is_too_old_is_purged_once_a_day(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    laptop.idle(1000)
    laptop.collector.stop()
    laptop.clock.switch_off(at("2027-03-23T12:00") - laptop.clock.now())
    laptop.start()
    laptop.collector.evaluate()
    kept = len(bounds(laptop.store))
    laptop.clock.run(24 * 3600)
    laptop.collector.tick()
    laptop.collector.evaluate()

    assert kept == 1
    assert bounds(laptop.store) == []
