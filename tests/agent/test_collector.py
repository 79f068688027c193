"""The collector's jobs on a simulated laptop and a real store."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from fakes import ZONE, FakeLaptop
from fyraften_agent.errors import StoreError
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.store.schema import WorkFile
from fyraften_agent.store.store import Store
from simulated_days import ALWAYS, at, bounds, holes

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


@pytest.mark.parametrize("is_back", [False, True])
def test_what_is_typed_as_soon_as_the_supervisor_is_told_is_work(laptop: FakeLaptop, is_back: bool) -> None:
    laptop.events = TypedAtOnce(laptop)
    laptop.start()
    if is_back:
        laptop.idle(600)
        laptop.events.typed_at = 0
        laptop.source.die()
        laptop.idle(30)
        laptop.source.is_there = True
        laptop.idle(60)
    laptop.idle(10)

    assert bounds(laptop.store)[-1][1] == laptop.events.typed_at


class TypedAtOnce(list[dict[str, Any]]):
    """What the supervisor was told; at the word that the source is live somebody presses a key, a second later."""

    def __init__(self, laptop: FakeLaptop) -> None:
        super().__init__()
        self._laptop, self.typed_at = laptop, 0

    def append(self, event: dict[str, Any]) -> None:
        super().append(event)
        if event.get("state") == "live" and not self.typed_at:
            self._laptop.clock.run(1)
            self._laptop.source.type()
            self.typed_at = self._laptop.clock.now()


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
    from fyraften_agent.recording.activity import Changes, MeasuredSpan

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
    laptop.source.dies_at_start = True  # the display goes away at that very moment
    laptop.start()
    laptop.source.dies_at_start = False
    laptop.source.is_there = True
    laptop.idle(70)
    laptop.work(60)

    assert [event["state"] for event in laptop.events] == ["failed", "live"]
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


# The end


def test_a_source_is_asked_by_one_thread_at_a_time(laptop: FakeLaptop) -> None:
    """A counter is asked over one connection; two who ask at once would get each other's answers."""
    laptop.network = b"router"
    laptop.start()
    laptop.work(60)
    laptop.collector.evaluate()
    assert [notice["held"] for notice in laptop.store.file.rows("SELECT held FROM notices")] == ["typing"]
    is_alive, alone = laptop.source.alive, []

    def alive() -> bool:
        alone.append(laptop.collector._lock.locked())
        return is_alive()

    laptop.source.alive = alive  # type: ignore[method-assign]  # looks who else may ask
    laptop.idle(20)

    assert len(alone) > 2
    assert all(alone)


def test_stopping_takes_a_last_look_and_may_be_asked_twice(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.work(100)
    laptop.clock.run(4)
    laptop.source.type()
    laptop.clock.run(1)

    laptop.collector.stop()
    laptop.collector.stop()
    observed = laptop.store.last_measured().observed

    assert bounds(laptop.store) == [(at("2026-11-16T08:00:09"), at("2026-11-16T08:01:44"))]
    assert observed is not None
    assert observed.ended == "stop"


def test_after_the_end_nothing_is_recorded(laptop: FakeLaptop) -> None:
    laptop.start()
    laptop.collector.stop()
    before = laptop.store.last_measured()

    laptop.work(100)

    assert laptop.store.last_measured() == before
    assert laptop.collector.evaluate() is None
