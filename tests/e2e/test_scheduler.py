"""The collector's main loop with the real scheduler, its threads and real time; devices are simulated."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.desktop import wait_until
from fakes import FakeLaptop
from fyraften_agent.collector import serve
from fyraften_agent.errors import NoConsentError, StoreError
from fyraften_agent.processes.known import Judged, Known
from fyraften_agent.recording.collecting import Collector
from fyraften_agent.store.store import Store
from fyraften_agent.telling.notices import Notice

Messages = queue.SimpleQueue[str | BaseException]


class Serving:
    """``serve`` in a thread, as the process's main thread runs it."""

    def __init__(self, laptop: FakeLaptop, late_seconds: float = 30.0, seldom_seconds: float = 60.0) -> None:
        self.messages: Messages = queue.SimpleQueue()
        self.code: int | None = None
        laptop.start()
        self._thread = threading.Thread(target=self._run, args=(laptop, late_seconds, seldom_seconds))
        self._thread.start()

    def _run(self, laptop: FakeLaptop, late_seconds: float, seldom_seconds: float) -> None:
        self.code = serve(laptop.collector, laptop.clock, self.messages, late_seconds, seldom_seconds)

    def end(self, seconds: float = 5.0) -> int | None:
        """Say stop, and return the exit code."""
        self.messages.put("stop")
        return self.wait(seconds)

    def wait(self, seconds: float = 5.0) -> int | None:
        """Wait for the end, and return the exit code."""
        self._thread.join(seconds)
        assert not self._thread.is_alive()
        return self.code


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[FakeLaptop]:
    with Store.open(tmp_path / "work.sqlite3") as store:
        yield FakeLaptop(store)


def test_a_change_runs_every_job_at_once(laptop: FakeLaptop) -> None:
    laptop.network = b"router"
    laptop.is_report_due = True
    serving = Serving(laptop)
    first = laptop.collector.ticked_at
    laptop.clock.run(10)
    serving.messages.put("changed")

    wait_until(lambda: {"event": "send"} in laptop.events and bool(laptop.told), "reported and told")
    wait_until(lambda: laptop.collector.ticked_at != first, "ticked")
    assert serving.end() == 0
    last = laptop.store.last_measured().observed
    assert last is not None
    assert last.ended == "stop"


def test_a_change_is_looked_at_before_it_is_judged(laptop: FakeLaptop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that began just now shall not be judged without it, and again a minute later only."""
    known: list[Known] = []
    laptop.have_judged = lambda told: known.append(told)
    look = Collector.tick

    def tick(collector: Collector) -> None:
        time.sleep(0.5)  # a machine that is busy
        look(collector)

    monkeypatch.setattr(Collector, "tick", tick)
    serving = Serving(laptop)
    laptop.clock.run(10)
    laptop.source.type()
    serving.messages.put("changed")

    wait_until(lambda: bool(known), "judged")
    assert serving.end() == 0
    assert known[0].working_since is not None


def test_a_change_while_it_judges_is_judged_right_after(laptop: FakeLaptop) -> None:
    judging, may_go_on, judged = threading.Event(), threading.Event(), []

    def judge(known: Known) -> Judged:
        judging.set()
        may_go_on.wait(20)
        judged.append(known)
        return Judged()

    laptop.have_judged = judge
    serving = Serving(laptop)
    serving.messages.put("changed")
    assert judging.wait(5)
    serving.messages.put("changed")
    wait_until(serving.messages.empty, "the change was heard")
    time.sleep(0.5)
    may_go_on.set()

    wait_until(lambda: len(judged) == 2, "judged again")
    assert serving.end() == 0


def test_ticks_that_stay_out_are_noticed_by_a_clock_that_cannot_be_set_back(laptop: FakeLaptop) -> None:
    serving = Serving(laptop, late_seconds=0.05)
    first = laptop.collector.ticked_at
    laptop.clock.set_wall(-3600)
    laptop.clock.run(40)

    wait_until(lambda: laptop.collector.ticked_at != first, "ticked")
    assert serving.end() == 0


def test_a_withdrawal_noticed_by_a_tick_ends_with_its_own_code(
    laptop: FakeLaptop, capsys: pytest.CaptureFixture[str]
) -> None:
    serving = Serving(laptop)
    laptop.may_record = lambda: False
    serving.messages.put("changed")

    assert serving.wait() == NoConsentError.exit_code
    assert "Nothing is recorded without your consent" in capsys.readouterr().err


def test_a_store_that_is_gone_ends_with_its_own_code(laptop: FakeLaptop) -> None:
    serving = Serving(laptop)
    laptop.store.close()
    serving.messages.put("changed")

    assert serving.wait() == StoreError.exit_code


def test_a_desktop_that_hangs_delays_neither_ticks_nor_the_end(laptop: FakeLaptop) -> None:
    hangs, may_go_on = threading.Event(), threading.Event()

    class Hanging(list[Notice]):
        def append(self, notice: Notice) -> None:
            hangs.set()
            may_go_on.wait(20)

    laptop.network, laptop.told = b"router", Hanging()
    serving = Serving(laptop)
    serving.messages.put("changed")
    assert hangs.wait(5)
    before = laptop.collector.ticked_at
    laptop.clock.run(10)
    serving.messages.put("changed")
    wait_until(lambda: laptop.collector.ticked_at != before, "ticked")

    assert serving.end(2) == 0
    last = laptop.store.last_measured().observed
    assert last is not None
    assert last.end == laptop.clock.now()
    may_go_on.set()


def test_a_lock_is_looked_at_at_once_and_then_the_scheduler_sleeps_until_it_ends(laptop: FakeLaptop) -> None:
    serving = Serving(laptop)
    first = laptop.collector.ticked_at
    laptop.clock.run(3)
    laptop.outside_look = lambda: serving.messages.put("look")
    laptop.screen.lock()
    wait_until(lambda: laptop.collector.ticked_at != first, "looked at the lock")
    locked = laptop.collector.may_look_seldom
    laptop.clock.run(600)
    before = laptop.collector.ticked_at
    laptop.screen.unlock()
    wait_until(lambda: laptop.collector.ticked_at != before, "looked at the end of the lock")

    assert locked
    assert not laptop.collector.may_look_seldom
    assert serving.end() == 0


def test_while_locked_a_look_is_taken_now_and_then(laptop: FakeLaptop) -> None:
    serving = Serving(laptop, seldom_seconds=0.05)
    laptop.outside_look = lambda: serving.messages.put("look")
    laptop.screen.lock()
    wait_until(lambda: laptop.collector.may_look_seldom, "locked")
    laptop.clock.run(60)
    before = laptop.collector.ticked_at

    wait_until(lambda: laptop.collector.ticked_at != before, "looked again")
    assert serving.end() == 0
