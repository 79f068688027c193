"""The collector's jobs on a simulated laptop and a real store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fakes import ZONE, FakeLaptop
from fyraften_agent.errors import NoConsentError, StoreError
from fyraften_agent.facts import facts_document
from fyraften_agent.keeping import kept_from
from fyraften_agent.ledger import LedgerError
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.store import Store
from fyraften_agent.store_schema import WorkFile
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.intervals import Interval
from fyraften_policy.periods import parse_instant

ALWAYS = 2**40


def at(local: str) -> int:
    return parse_instant(local, ZONE)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "work.sqlite3") as opened:
        yield opened


@pytest.fixture
def laptop(store: Store) -> FakeLaptop:
    """A laptop on Monday 16 November 2026 at 08:00 in Copenhagen."""
    return FakeLaptop(store)


def bounds(store: Store) -> list[tuple[int, int]]:
    return [(session.start, session.end) for session in store.sessions(0, ALWAYS)]


def holes(laptop: FakeLaptop) -> list[Interval]:
    """Return what is not known, as the policy library reads the agent's facts, from the first look on."""
    facts = read_facts(document(laptop))
    return [hole for hole in facts.holes if hole.start >= at("2026-11-16T08:00")]


def document(laptop: FakeLaptop, first: date = date(2026, 11, 16)) -> dict[str, Any]:
    return facts_document(laptop.store, at=laptop.clock.now(), zone=ZONE, first=first, last=date(2026, 11, 22))


def rest_before_tuesday(laptop: FakeLaptop) -> str:
    """Return what the rule on daily rest says of the work since Tuesday 17 November."""
    return evaluate(read_facts(document(laptop, date(2026, 11, 17)))).summary["dk.rest.daily"]


# Recording


def test_work_is_recorded_from_the_first_to_the_last_input(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.idle(100)
    laptop.work(3600)
    laptop.idle(1000)

    assert bounds(laptop.store) == [(at("2026-11-16T08:01:49"), at("2026-11-16T09:01:39"))]
    (session,) = laptop.store.sessions(0, ALWAYS)
    assert not session.open
    assert session.zone == ZONE
    assert holes(laptop) == []


def test_while_there_is_input_a_tick_is_kept_at_once(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.start()
    laptop.work(100)

    with Store.open(tmp_path / "work.sqlite3") as reader:
        assert bounds(reader) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:01:39"))]
        assert reader.observed(0, ALWAYS) == [(at("2026-11-16T08:00"), at("2026-11-16T08:01:40"))]


def test_what_goes_on_is_held_beside_the_file_and_written_every_ten_minutes(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.start()
    laptop.work(40)
    with sqlite3.connect(tmp_path / "work.sqlite3") as reader:
        before = reader.execute("PRAGMA data_version").fetchone()
        held = (tmp_path / "work.sqlite3-held").read_bytes()
        laptop.work(120)
        same = reader.execute("PRAGMA data_version").fetchone()
        held_later = (tmp_path / "work.sqlite3-held").read_bytes()
        laptop.work(480)
        after = reader.execute("PRAGMA data_version").fetchone()
    reader.close()

    assert before == same
    assert held != held_later
    assert same != after


def test_while_there_is_no_input_one_page_a_minute_is_enough(laptop: FakeLaptop, tmp_path: Path) -> None:
    held = tmp_path / "work.sqlite3-held"
    laptop.start()
    laptop.idle(70)
    before = held.read_bytes()
    laptop.idle(40)
    same = held.read_bytes()
    laptop.idle(20)

    assert before == same
    assert held.read_bytes() != same


def test_what_is_held_when_the_process_is_killed_is_there_for_whoever_looks(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.start()
    laptop.work(200)
    with Store.open(tmp_path / "work.sqlite3") as reader:
        seen = bounds(reader), reader.spans(0, ALWAYS), reader.observed(0, ALWAYS)

    assert seen[0] == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:03:19"))]
    assert (seen[1][0].end, seen[1][0].active_minutes) == (at("2026-11-16T08:03:19"), 4)
    assert seen[2] == [(at("2026-11-16T08:00"), at("2026-11-16T08:03:20"))]


def test_half_a_page_is_not_believed(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.start()
    laptop.work(200)
    held = tmp_path / "work.sqlite3-held"
    held.write_bytes(held.read_bytes()[:40])

    with Store.open(tmp_path / "work.sqlite3") as reader:
        assert bounds(reader) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:00:09"))]


def test_what_is_held_does_not_bring_back_what_was_erased(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.start()
    laptop.work(200)
    with sqlite3.connect(tmp_path / "work.sqlite3") as eraser:
        for table in ("sessions", "spans", "observed"):
            eraser.execute(f"DELETE FROM {table}")
    eraser.close()

    with Store.open(tmp_path / "work.sqlite3") as reader:
        assert bounds(reader) == []
        assert reader.spans(0, ALWAYS) == []
        assert reader.observed(0, ALWAYS) == []


def test_the_supervisor_is_told_that_the_source_is_live(laptop: FakeLaptop) -> None:
    laptop.start()

    assert laptop.events == [{"event": "source", "name": "fake", "state": "live", "reason": None, "refused": []}]


def test_when_a_source_dies_another_goes_on_at_once_and_the_time_between_is_a_hole(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(600)
    laptop.source.is_started = False  # its listener was taken away; the next start finds another one
    laptop.source.refused = (SourceUnavailableError("other", "The other one has ended."),)
    laptop.work(600)
    laptop.collector.evaluate()

    assert laptop.events[1:] == [
        {
            "event": "source",
            "name": "fake",
            "state": "live",
            "reason": None,
            "refused": ["other: The other one has ended."],
        }
    ]
    assert laptop.store.observed(0, ALWAYS) == [
        (at("2026-11-16T08:00:00"), at("2026-11-16T08:10:00")),
        (at("2026-11-16T08:10:10"), at("2026-11-16T08:20:00")),
    ]
    assert len(bounds(laptop.store)) == 1
    assert not any(notice.key.startswith("source:") for notice in laptop.told)


def test_without_a_source_nothing_is_started_or_written(laptop: FakeLaptop) -> None:
    laptop.source.is_there = False
    laptop.network = b"router"

    with pytest.raises(SourceUnavailableError, match="Plug one in"):
        laptop.start()
    laptop.collector.stop()

    assert laptop.store.last_measured().next_id == 1
    assert laptop.store.current_fingerprint() is None


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


# Nights


def end_the_day(laptop: FakeLaptop) -> None:
    """Work from 08:00 and again until 22:00, then leave the computer alone for a quarter of an hour."""
    laptop.start()
    laptop.work(3600)
    laptop.idle_until("2026-11-16T20:00")
    laptop.work_until("2026-11-16T22:00")
    laptop.idle_until("2026-11-16T22:15")


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


# Trouble


def test_what_a_full_disk_holds_up_is_written_when_there_is_room(tmp_path: Path) -> None:
    with WorkFile(tmp_path / "work.sqlite3") as file:
        laptop = FakeLaptop(Store(file))
        laptop.start()
        laptop.work(100)
        assert len(bounds(laptop.store)) == 1
        fill(laptop.store, file)
        laptop.work(3600)
        held_up = bounds(laptop.store)

        file.rows("PRAGMA max_page_count = 100000")
        laptop.idle(10)

        assert held_up == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:01:39"))]
        assert bounds(laptop.store) == [(at("2026-11-16T08:00:09"), at("2026-11-16T09:01:39"))]
        assert holes(laptop) == []
        told = [event["text"] for event in laptop.events if event["event"] == "told"]
        assert [text.partition(". ")[2] for text in told] == ["Free some space; what is stored is kept."]


def fill(store: Store, file: WorkFile) -> None:
    """Let the next row of any table find no room, and no session that is there grow either."""
    file.rows("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="disk is full"):
        store.write_measured(_a_lot(), ZONE, None)
    file.change(
        "CREATE TEMP TRIGGER full BEFORE UPDATE ON main.spans BEGIN INSERT INTO notices"
        " (key, text, told_at, shown) SELECT hex(randomblob(500)), hex(randomblob(100000)), 0, 0; END"
    )


def _a_lot() -> Any:
    from fyraften_agent.activity import Changes, MeasuredSpan

    return Changes(spans=tuple(MeasuredSpan(n, 1, 2, 1) for n in range(10_000, 20_000)))


def test_a_lock_for_some_ticks_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite3"
    with WorkFile(path, wait_seconds=0.01) as file:
        laptop = FakeLaptop(Store(file))
        laptop.start()
        laptop.work(100)
        assert len(bounds(laptop.store)) == 1
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        laptop.work(300)
        held_up = bounds(laptop.store)
        holder.execute("ROLLBACK")
        holder.close()
        laptop.idle(10)

        assert held_up == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:01:39"))]
        assert bounds(laptop.store) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:06:39"))]


def test_a_damaged_file_ends_the_collector(tmp_path: Path) -> None:
    path = tmp_path / "work.sqlite3"
    store = Store.open(path)
    laptop = FakeLaptop(store)
    laptop.start()
    store.close()

    with pytest.raises(StoreError, match="belong to you"):
        laptop.work(10)


def test_a_source_that_died_is_told_and_tried_again_every_minute(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(100)
    laptop.source.die()
    laptop.idle(30)
    laptop.collector.evaluate()
    told = list(laptop.told)
    laptop.source.is_there = True
    laptop.idle(60)
    laptop.work(60)

    assert [(event["state"], event["reason"] is None) for event in laptop.events] == [
        ("live", True),
        ("failed", False),
        ("live", True),
    ]
    assert [notice.key for notice in told] == ["source:2026-11-16"]
    assert laptop.source.starts == 2
    assert len(bounds(laptop.store)) == 1
    assert laptop.store.sessions(0, ALWAYS)[0].end == laptop.clock.now() - 1


def test_a_look_that_is_asked_for_tries_a_dead_source_without_waiting_for_the_minute(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.source.die()
    laptop.idle(10)
    laptop.source.is_there = True
    laptop.idle(20)
    before = laptop.source.alive()
    laptop.collector.look_again()
    laptop.idle(10)

    assert (before, laptop.source.alive()) == (False, True)


def test_a_source_that_dies_before_the_first_look_is_told_and_tried_again(laptop: FakeLaptop) -> None:
    start = laptop.source.start

    def start_and_die() -> None:
        start()
        laptop.source.die()

    laptop.source.start = start_and_die  # type: ignore[method-assign]  # the display goes away at that very moment
    laptop.start()
    laptop.source.start = start  # type: ignore[method-assign]  # as above
    laptop.source.is_there = True
    laptop.idle(70)
    laptop.work(60)

    assert [event["state"] for event in laptop.events] == ["live", "failed", "live"]
    assert len(bounds(laptop.store)) == 1


def test_what_is_typed_as_soon_as_a_source_is_back_is_work(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(100)
    laptop.source.die()
    laptop.idle(1200)
    laptop.source.is_there = True
    started = laptop.source.starts
    while laptop.source.starts == started:
        laptop.idle(10)
    back = laptop.clock.now()
    laptop.clock.run(3)
    laptop.source.type()
    laptop.idle(600)

    assert laptop.store.spans(back, ALWAYS) != []
    assert laptop.store.observed(back, back + 10) == [(back, back + 10)]


def test_in_a_pause_no_source_is_started_though_one_had_died_before(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(100)
    laptop.source.die()
    laptop.idle(30)
    laptop.store.pause(laptop.clock.now(), None)
    laptop.source.is_there = True
    started = laptop.source.starts
    laptop.idle(600)

    assert laptop.source.starts == started
    assert not laptop.source.is_started


# Places


def test_a_session_belongs_to_the_network_it_began_on_and_another_place_begins_another(laptop: FakeLaptop) -> None:
    laptop.network = b"router at home"
    laptop.start()
    laptop.work(600)
    laptop.store.assign(laptop.store.current_fingerprint() or "", "home", 0)
    laptop.network = b"router at work"
    laptop.work(600)
    laptop.store.assign(laptop.store.current_fingerprint() or "", "fixed_site", 0)

    first, second = laptop.store.sessions(0, ALWAYS)
    assert (first.place, second.place) == ("home", "fixed_site")
    assert first.end < second.start <= first.end + 70


def test_a_second_network_of_the_same_place_does_not_part_a_session(laptop: FakeLaptop) -> None:
    laptop.network = b"wi-fi"
    laptop.start()
    laptop.store.assign(laptop.store.current_fingerprint() or "", "home", 0)
    laptop.network = b"cable"
    laptop.idle(60)
    laptop.store.assign(laptop.store.current_fingerprint() or "", "home", 0)
    laptop.network = b"wi-fi"
    laptop.idle(60)
    laptop.work(600)
    laptop.network = b"cable"
    laptop.work(600)

    assert len(bounds(laptop.store)) == 1


def test_a_network_that_is_gone_or_comes_late_does_not_part_a_session(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(120)
    laptop.network = b"router at home"
    laptop.work(120)
    laptop.store.assign(laptop.store.current_fingerprint() or "", "home", 0)
    laptop.network = None
    laptop.work(120)
    gone = laptop.store.current_fingerprint()
    laptop.network = b"router at home"
    laptop.work(120)

    (session,) = laptop.store.sessions(0, ALWAYS)
    assert session.place == "home"
    assert gone is None


def test_a_new_network_is_asked_about_once(laptop: FakeLaptop) -> None:
    laptop.network = b"router at home"
    laptop.start()
    for _ in range(3):
        laptop.work(60)
        laptop.pause_for_breath()
    laptop.collector.stop()
    laptop.start()
    laptop.work(60)
    laptop.pause_for_breath()

    assert [notice.key.split(":")[0] for notice in laptop.told] == ["place"]
    assert not laptop.store.is_unasked(laptop.store.current_fingerprint() or "")


def test_a_network_is_kept_as_a_keyed_fingerprint_only(laptop: FakeLaptop, tmp_path: Path) -> None:
    laptop.network = b"00:11:22:33:44:55 192.0.2.1"
    laptop.start()
    laptop.work(60)
    laptop.collector.evaluate()

    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert (laptop.store.current_fingerprint() or "").encode() in content
    assert b"00:11:22" not in content
    assert b"192.0.2.1" not in content


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


# The end


def test_stopping_takes_a_last_look_and_may_be_asked_twice(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(100)
    laptop.clock.run(4)
    laptop.source.type()
    laptop.clock.run(1)

    laptop.collector.stop()
    laptop.collector.stop()

    assert bounds(laptop.store) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:01:44"))]
    assert laptop.store.last_measured().observed is not None
    assert laptop.store.last_measured().observed.ended == "stop"  # type: ignore[union-attr]  # shown a line above


def test_after_the_end_nothing_is_recorded(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.collector.stop()
    before = laptop.store.last_measured()

    laptop.work(100)

    assert laptop.store.last_measured() == before
    assert laptop.collector.evaluate() is None


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


# Workstation


def test_a_display_on_the_desk_makes_a_fixed_workstation_of_a_mobile_place(laptop: FakeLaptop) -> None:
    laptop.network = b"router at home"
    laptop.start()
    sofa = laptop.store.add_place("home", "sofa", "mobile", 0)
    laptop.store.assign(laptop.store.current_fingerprint() or "", sofa, 0)
    laptop.work(600)
    at_first = laptop.store.sessions(0, ALWAYS)[0].workstation
    laptop.is_docked = True
    laptop.work(600)
    laptop.is_docked = False
    laptop.work(600)
    (session,) = laptop.store.sessions(0, ALWAYS)
    laptop.store.edit_session(session.id, 0, workstation="mobile")

    assert (at_first, session.workstation) == ("mobile", "fixed")
    assert laptop.store.sessions(0, ALWAYS)[0].workstation == "mobile"


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


def test_a_place_that_was_put_off_is_asked_about_again_until_it_is_said(laptop: FakeLaptop) -> None:
    laptop.network = b"router"
    laptop.start()
    laptop.work(60)
    laptop.pause_for_breath()
    (asked,) = laptop.store.notices.all()
    laptop.store.notices.snooze(asked.key, laptop.clock.now() + 600, None)
    laptop.work(660)
    laptop.pause_for_breath()
    again = len(laptop.told)
    laptop.store.notices.snooze(asked.key, laptop.clock.now() + 600, None)
    laptop.store.assign(asked.key.partition(":")[2], "home", laptop.clock.now())
    laptop.work(660)
    laptop.collector.look_again()
    laptop.pause_for_breath()

    assert again == 2
    assert len([notice for notice in laptop.told if notice.key == asked.key]) == 2
