"""What the collector leaves alone, on a simulated laptop: without consent, in a pause, outside the recording hours."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fakes import FakeLaptop
from fyraften_agent.consent.ledger import LedgerError
from fyraften_agent.errors import NoConsentError
from simulated_days import ALWAYS, at, bounds, end_the_day, rest_before_tuesday

# Consent and pause


def test_without_consent_nothing_is_read_or_written(laptop: FakeLaptop) -> None:
    laptop.may_record = lambda: False

    with pytest.raises(NoConsentError, match="fyraften consent give recording"):
        laptop.start()

    assert laptop.source.starts == 0
    assert laptop.store.last_measured().next_id == 1


def test_a_withdrawal_takes_hold_at_the_next_tick_and_that_tick_is_not_recorded(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(100)
    laptop.may_record = lambda: False

    with pytest.raises(NoConsentError):
        laptop.work(10)
    laptop.work(600)
    laptop.collector.evaluate()
    laptop.collector.stop()

    assert bounds(laptop.store) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:01:39"))]
    assert laptop.store.observed(0, ALWAYS) == [(at("2026-11-16T08:00"), at("2026-11-16T08:01:40"))]
    assert not any(session.open for session in laptop.store.sessions(0, ALWAYS))


def test_a_ledger_that_cannot_be_trusted_ends_recording_and_is_told(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(100)

    def broken() -> bool:
        raise LedgerError(3, "was changed.")

    laptop.may_record = broken
    with pytest.raises(LedgerError):
        laptop.work(10)
    laptop.collector.stop()

    assert bounds(laptop.store) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:01:39"))]


def test_in_a_pause_nothing_is_recorded_and_what_follows_is_another_session(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    laptop.store.pause(laptop.clock.now(), laptop.clock.now() + 300)
    laptop.work(300)
    laptop.work(600)

    assert bounds(laptop.store) == [
        (at("2026-11-16T08:00:09"), at("2026-11-16T08:09:59")),
        (at("2026-11-16T08:15:09"), at("2026-11-16T08:24:59")),
    ]
    # The tick at which the pause ends is the first look; what was typed before it belongs to the pause.
    assert laptop.store.observed(0, ALWAYS) == [
        (at("2026-11-16T08:00"), at("2026-11-16T08:10")),
        (at("2026-11-16T08:15"), at("2026-11-16T08:25")),
    ]


def test_no_row_is_written_in_a_pause(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.start()
    laptop.work(600)
    laptop.store.pause(laptop.clock.now(), None)
    laptop.idle(10)
    with sqlite3.connect(tmp_path / "work.sqlite3") as reader:
        before = reader.execute("PRAGMA data_version").fetchone()
        laptop.work(1200)
        laptop.collector.evaluate()
        laptop.collector.stop()
        after = reader.execute("PRAGMA data_version").fetchone()
    reader.close()

    assert before == after


# Recording hours and private time


def test_outside_the_recording_hours_no_row_is_written_and_nothing_listens(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.store.choices.set("hours", "mon-fri 08:00-16:00", 0)
    laptop.start()
    laptop.work_until("2026-11-16T16:00")
    with sqlite3.connect(tmp_path / "work.sqlite3") as reader:
        laptop.idle(10)
        before = reader.execute("PRAGMA data_version").fetchone()
        laptop.work_until("2026-11-17T07:59:50")
        listened = laptop.source.alive()
        after = reader.execute("PRAGMA data_version").fetchone()
    reader.close()
    laptop.work_until("2026-11-17T09:00")

    assert before == after
    assert not listened
    assert {"event": "hours"} in laptop.events
    assert [(start, end) for start, end in laptop.store.observed(0, ALWAYS)] == [
        (at("2026-11-16T08:00"), at("2026-11-16T15:59:50")),
        (at("2026-11-17T08:00"), at("2026-11-17T09:00")),
    ]
    assert len(bounds(laptop.store)) == 2
    assert bounds(laptop.store)[1][0] >= at("2026-11-17T08:00")


@pytest.mark.parametrize("by_another_process", [True, False])
def test_a_session_does_not_go_on_over_a_short_time_outside_the_hours(
    laptop: FakeLaptop, by_another_process: bool
) -> None:
    laptop.store.choices.set("hours", "mon-fri 08:00-12:00 12:05-16:00", 0)
    laptop.start()
    laptop.work_until("2026-11-16T12:04:50")
    if by_another_process:
        laptop.collector.stop()
        laptop.clock.run(10)
        laptop.start()
    laptop.work_until("2026-11-16T13:00")

    assert [
        (start <= at("2026-11-16T12:00"), end <= at("2026-11-16T12:00")) for start, end in bounds(laptop.store)
    ] == [
        (True, True),
        (False, False),
    ]


def test_a_pause_closes_the_source_at_once(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    laptop.store.pause(laptop.clock.now(), None)
    laptop.collector.tick()
    listened = laptop.source.alive()
    laptop.store.resume(laptop.clock.now())
    laptop.collector.tick()

    assert not listened
    assert laptop.source.alive()


def test_private_time_over_night_is_free_time_and_nothing_of_it_is_found_afterwards(laptop: FakeLaptop) -> None:
    laptop.start()
    end_the_day(laptop)
    laptop.store.pause(laptop.clock.now(), None, private=True)
    laptop.work_until("2026-11-17T09:30")
    laptop.store.resume(laptop.clock.now())
    laptop.work_until("2026-11-17T16:00")

    assert rest_before_tuesday(laptop) == "met"
    assert bounds(laptop.store)[-1][0] >= at("2026-11-17T09:30")


def test_private_time_that_goes_on_is_known_until_now(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    laptop.store.pause(laptop.clock.now(), None, private=True)
    laptop.idle(3600)

    assert laptop.store.observed(0, laptop.clock.now())[-1].end == laptop.clock.now()
