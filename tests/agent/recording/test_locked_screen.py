"""What a locked screen, and a screen that a program keeps awake, make of the samples: on a simulated laptop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fakes import ZONE, FakeLaptop
from fyraften_agent.facts import facts_document
from fyraften_agent.recording.activity import MOST_WATCHING_SECONDS
from fyraften_agent.store.store import Session, Store
from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.intervals import Interval
from fyraften_policy.periods import parse_instant

ALWAYS = 2**40


def at(local: str) -> int:
    return parse_instant(local, ZONE)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[FakeLaptop]:
    """A laptop on Monday 16 November 2026 at 08:00 in Copenhagen, at which somebody has just begun to work."""
    with Store.open(tmp_path / "work.sqlite3") as store:
        made = FakeLaptop(store)
        made.start()
        made.work(600)
        yield made


def sessions(laptop: FakeLaptop) -> list[Session]:
    return laptop.store.sessions(0, ALWAYS)


def bounds(laptop: FakeLaptop) -> list[tuple[int, int]]:
    return [(session.start, session.end) for session in sessions(laptop)]


def spans(laptop: FakeLaptop) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in laptop.store.spans(0, ALWAYS)]


def judged(laptop: FakeLaptop) -> Answer:
    """Return what is said of the work since Tuesday."""
    document = facts_document(
        laptop.store, at=laptop.clock.now(), zone=ZONE, first=date(2026, 11, 17), last=date(2026, 11, 17)
    )
    return evaluate(read_facts(document))


# The lock


def test_a_lock_ends_the_span_and_a_return_within_fifteen_minutes_goes_on_with_the_session(laptop: FakeLaptop) -> None:
    laptop.clock.run(4)
    laptop.source.type()
    laptop.clock.run(1)
    laptop.screen.lock()
    laptop.idle(120)
    laptop.screen.unlock()
    laptop.work(60)

    assert spans(laptop) == [
        (at("2026-11-16T08:00:09"), at("2026-11-16T08:10:04")),
        (at("2026-11-16T08:12:14"), at("2026-11-16T08:13:04")),
    ]
    assert bounds(laptop) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:13:04"))]


def test_what_is_typed_at_the_lock_is_no_work(laptop: FakeLaptop) -> None:
    laptop.screen.lock()
    laptop.idle(3600)
    laptop.work(20)
    laptop.clock.run(3)
    laptop.screen.unlock()
    laptop.idle(60)

    assert bounds(laptop) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:09:59"))]


def test_the_last_key_before_the_lock_counts_and_the_first_after_it_does_not(laptop: FakeLaptop) -> None:
    laptop.clock.run(3)
    laptop.source.type()
    laptop.clock.run(2)
    laptop.screen.lock()
    first = bounds(laptop)
    laptop.clock.run(2)
    laptop.source.type()
    laptop.clock.run(8)
    laptop.collector.tick()

    assert first == bounds(laptop) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:10:03"))]


def test_a_locked_night_is_observed_rest(laptop: FakeLaptop) -> None:
    laptop.work_until("2026-11-16T16:00")
    laptop.screen.lock()
    laptop.idle(16 * 3600, every=60)
    laptop.screen.unlock()
    laptop.work(3600)

    assert laptop.store.observed(0, ALWAYS) == [(at("2026-11-16T08:00"), at("2026-11-17T09:00"))]
    assert judged(laptop).summary["dk.rest.daily"] == "met"


def test_while_locked_a_look_a_minute_is_enough_and_no_stall(laptop: FakeLaptop) -> None:
    before = laptop.collector.may_look_seldom
    laptop.screen.lock()
    locked = laptop.collector.may_look_seldom
    laptop.idle(1800, every=75)
    laptop.screen.unlock()

    assert (before, locked, laptop.collector.may_look_seldom) == (False, True, False)
    assert len(laptop.store.observed(0, ALWAYS)) == 1


def test_where_nobody_tells_of_the_end_of_a_lock_it_is_looked_for_at_every_tick(laptop: FakeLaptop) -> None:
    laptop.screen.tells = ()
    laptop.screen.lock()

    assert not laptop.collector.may_look_seldom


def test_a_lock_before_sleep_leaves_no_hole_for_the_password_after_it(laptop: FakeLaptop) -> None:
    laptop.screen.lock()
    laptop.clock.sleep(8 * 3600)
    laptop.source.type()
    laptop.clock.run(5)
    laptop.collector.tick()
    laptop.screen.unlock()
    laptop.work(60)

    assert len(laptop.store.observed(0, ALWAYS)) == 1
    assert len(bounds(laptop)) == 2


def test_a_lock_at_which_somebody_goes_on_working_is_believed_no_longer(laptop: FakeLaptop) -> None:
    laptop.screen.lock()
    laptop.work(1800)

    assert not laptop.collector.may_look_seldom
    (session,) = sessions(laptop)
    assert session.end == laptop.clock.now() - 1


# A screen in use without input


def test_a_call_of_three_hours_is_screen_time_to_be_confirmed_and_no_pause(laptop: FakeLaptop) -> None:
    laptop.screen.is_kept_awake = True
    laptop.idle(3 * 3600)
    laptop.screen.is_kept_awake = False
    laptop.work(600)
    before, call, after = sessions(laptop)

    assert (before.start, before.end) == (at("2026-11-16T08:00:09"), at("2026-11-16T08:09:59"))
    assert (call.start, call.end) == (at("2026-11-16T08:10:10"), at("2026-11-16T11:10:00"))
    assert (after.start, after.end) == (at("2026-11-16T11:10:09"), at("2026-11-16T11:19:59"))
    assert [session.watched for session in (before, call, after)] == [False, True, False]
    assert [session.confirmed for session in (before, call, after)] == [True, False, True]
    assert not call.open
    assert (call.start, call.end) in spans(laptop)


def test_a_confirmed_call_is_work(laptop: FakeLaptop) -> None:
    laptop.screen.is_kept_awake = True
    laptop.idle(3600)
    (call,) = [session for session in sessions(laptop) if session.watched]
    laptop.store.confirm(call.id, laptop.clock.now())
    laptop.idle(600)
    (call,) = [session for session in sessions(laptop) if session.watched]

    assert call.confirmed
    assert call.open
    assert call.end == laptop.clock.now()


def test_a_call_into_the_night_asks_and_does_not_accuse(laptop: FakeLaptop) -> None:
    laptop.idle_until("2026-11-16T14:00")
    laptop.work_until("2026-11-16T22:00")
    laptop.screen.is_kept_awake = True
    laptop.idle(2 * 3600)
    laptop.screen.is_kept_awake = False
    laptop.idle_until("2026-11-17T09:30")
    laptop.work(3600)

    assert judged(laptop).summary["dk.rest.daily"] == "attention"


def test_a_text_that_is_read_for_ten_minutes_is_no_pause_and_no_session_of_its_own(laptop: FakeLaptop) -> None:
    laptop.screen.is_kept_awake = True
    laptop.idle(600)
    laptop.work(600)

    assert len(sessions(laptop)) == 1
    assert (at("2026-11-16T08:10:10"), at("2026-11-16T08:20:00")) in spans(laptop)


def test_a_locked_screen_is_not_in_use_whatever_keeps_it_awake(laptop: FakeLaptop) -> None:
    laptop.screen.is_kept_awake = True
    laptop.idle(1800)
    laptop.screen.lock()
    laptop.idle(3600)
    _, call = sessions(laptop)

    assert call.end == at("2026-11-16T08:40:00")
    assert not call.open


def test_a_program_that_keeps_the_screen_awake_over_night_is_not_taken_for_work(laptop: FakeLaptop) -> None:
    laptop.idle(3600)
    laptop.screen.is_kept_awake = True
    laptop.idle(8 * 3600)

    assert len(sessions(laptop)) == 1


def test_without_a_touch_for_hours_nobody_knows_whether_anybody_is_there(laptop: FakeLaptop) -> None:
    laptop.screen.is_kept_awake = True
    laptop.idle(10 * 3600)
    _, call = sessions(laptop)

    assert call.end - call.start == MOST_WATCHING_SECONDS
    assert not call.open


def test_sleep_ends_it_at_the_last_certain_moment(laptop: FakeLaptop) -> None:
    laptop.screen.is_kept_awake = True
    laptop.idle(1800)
    laptop.sleep_until("2026-11-16T12:00")
    _, call = sessions(laptop)

    assert call.end == at("2026-11-16T08:40:00")
    assert not call.open


def test_nobody_is_asked_while_somebody_works_and_once_a_minute_when_nobody_does(laptop: FakeLaptop) -> None:
    at_work = laptop.screen.asked
    laptop.idle(600)
    quiet = laptop.screen.asked
    laptop.idle(3600)

    assert at_work == 0
    assert 9 <= quiet <= 11
    assert laptop.screen.asked <= 16  # the session has ended: there is nothing to go on from


def test_a_crash_during_a_call_leaves_it_closed_and_doubles_nothing(laptop: FakeLaptop) -> None:
    laptop.screen.is_kept_awake = True
    laptop.idle(1800)
    laptop.start()
    laptop.work(60)

    assert [session.open for session in sessions(laptop)] == [False, False, True]
    assert laptop.store.observed(0, ALWAYS) == [Interval(at("2026-11-16T08:00"), laptop.clock.now())]
