"""A simulated laptop: clocks that can sleep, be set and start anew, a source of input, a network and a desktop.

Fakes, not mocks: each behaves like its device as far as the agent can see, and answers what a test asks afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fyraften_agent.judging import Desk, Judge
from fyraften_agent.processes.known import Judged, Known
from fyraften_agent.recording.collecting import Collector, Outside
from fyraften_agent.recording.recording import Senses
from fyraften_agent.sending.preparing import Sending
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.store.store import Store
from fyraften_agent.telling.notices import Notice
from fyraften_policy.periods import parse_instant

ZONE = "Europe/Copenhagen"


class FakeClock:
    """Three clocks that move only when told."""

    def __init__(self, now: int | str = "2026-11-16T08:00", zone: str = ZONE) -> None:
        self._zone = zone
        self.wall = float(parse_instant(now, zone) if isinstance(now, str) else now)
        self.awake = 1000.0
        self.since_boot = 1000.0
        self.booted_at = int(self.wall) - 1000

    def now(self) -> int:
        return int(self.wall)

    def monotonic(self) -> float:
        return self.awake

    def boottime(self) -> float:
        return self.since_boot

    def zone(self) -> str:
        return self._zone

    def run(self, seconds: float) -> None:
        """Let time pass with the computer awake."""
        self.wall += seconds
        self.awake += seconds
        self.since_boot += seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass with the computer asleep."""
        self.wall += seconds
        self.since_boot += seconds

    def set_wall(self, seconds: float) -> None:
        """Move the wall clock."""
        self.wall += seconds

    def switch_off(self, seconds: float) -> None:
        """Let time pass with the computer off; it then starts anew."""
        self.wall += seconds
        self.awake = self.since_boot = 20.0
        self.booted_at = int(self.wall) - 20


class FakeSource:
    """A source of input that dies, and comes back, when told."""

    name = "fake"
    refused: tuple[SourceUnavailableError, ...] = ()

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._last_input: float | None = None
        self.is_there = True
        self.is_started = self.dies_at_start = False
        self.starts = 0

    def start(self) -> None:
        if not self.is_there:
            raise SourceUnavailableError(self.name, "There is no keyboard. Plug one in.")
        self.is_started = True
        self.starts += 1
        if self.dies_at_start:
            self.die()

    def last_input(self) -> float | None:
        return self._last_input

    def alive(self) -> bool:
        return self.is_started and self.is_there

    def close(self) -> None:
        self.is_started = False

    def type(self) -> None:
        """A key is pressed now."""
        self._last_input = self._clock.monotonic()

    def die(self) -> None:
        """The display goes away."""
        self.is_there = self.is_started = False

    def restart(self) -> None:
        """The process starts anew: it has seen no input yet."""
        self._last_input, self.is_started = None, False


class FakeScreen:
    """A screen that is locked, and kept awake by a program, when told."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._locked_since: float | None = None
        self._changed: Callable[[], None] = lambda: None
        self.tells: tuple[str, ...] = ("fake",)
        self.is_kept_awake = False
        self.asked = 0

    def start(self, changed: Callable[[], None]) -> None:
        self._changed = changed

    def locked_since(self) -> float | None:
        return self._locked_since

    def kept_awake(self) -> bool:
        self.asked += 1
        return self.is_kept_awake

    def close(self) -> None:
        self._changed = lambda: None

    def lock(self) -> None:
        """The screen is locked now."""
        self._locked_since = self._clock.monotonic()
        self._changed()

    def unlock(self) -> None:
        """The lock is gone."""
        self._locked_since = None
        self._changed()


@dataclass
class FakeLaptop:
    """Everything around a collector, and the collector; ``store`` is a real one."""

    store: Store
    clock: FakeClock = field(default_factory=FakeClock)
    may_record: Callable[[], bool] = lambda: True
    has_desktop: bool = True
    network: bytes | None = None
    is_going_down: bool = False
    is_docked: bool | None = None
    is_report_due: bool = False
    occupied: str | None = None
    told: list[Notice] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source = FakeSource(self.clock)
        self.screen = FakeScreen(self.clock)
        self.outside_look: Callable[[], object] = lambda: self.collector.tick()
        self.outside_judge: Callable[[], object] = lambda: self.collector.evaluate()
        self.have_judged: Callable[[Known], Judged | None] = lambda known: self.judge.run(known)
        self.collector = self.new_collector()

    def new_collector(self) -> Collector:
        """Return a collector in a process of its own: nothing is left of one before but the store."""
        self.source.restart()
        senses = Senses(
            self.clock,
            self.source,
            lambda: self.network,
            b"k" * 32,
            lambda: self.clock.booted_at,
            self.screen,
            docked=lambda: self.is_docked,
        )
        desk = Desk(
            tell=self._tell,
            prepare_reports=lambda now, zone: self.is_report_due,
            sending=lambda now, zone: Sending(),
            emit=self.events.append,
            occupied=lambda: self.occupied,
        )
        self.judge = Judge(self.clock, self.store, desk, lambda sentence: sentence)
        outside = Outside(
            may_record=lambda: self.may_record(),
            shutting_down=lambda: self.is_going_down,
            judge=lambda known: self.have_judged(known),
            emit=self.events.append,
            look_soon=lambda: self.outside_look(),
            judge_soon=lambda: self.outside_judge(),
        )
        self.collector = Collector(senses, outside, self.store, lambda sentence: sentence)
        return self.collector

    def start(self) -> None:
        """Start a collector."""
        self.new_collector().start()

    def work(self, seconds: int, every: int = 10) -> None:
        """Type just before every tick."""
        for _ in range(0, seconds, every):
            self.clock.run(every - 1)
            self.source.type()
            self.clock.run(1)
            self.collector.tick()

    def pause_for_breath(self) -> None:
        """Let a few seconds pass without input, and judge: a moment in which a notice may come."""
        self.clock.run(6)
        self.collector.evaluate()

    def idle(self, seconds: int, every: int = 10) -> None:
        """Let ticks pass without input."""
        for _ in range(0, seconds, every):
            self.clock.run(every)
            self.collector.tick()

    def work_until(self, local: str) -> None:
        """Work up to a local time."""
        self.work(parse_instant(local, self.clock.zone()) - self.clock.now())

    def idle_until(self, local: str) -> None:
        """Idle up to a local time."""
        self.idle(parse_instant(local, self.clock.zone()) - self.clock.now())

    def sleep_until(self, local: str) -> None:
        """Sleep (the computer) up to a local time; the tick that was due runs soon after."""
        self.clock.sleep(parse_instant(local, self.clock.zone()) - self.clock.now() - 5)
        self.clock.run(5)
        self.collector.tick()

    def _tell(self, notice: Notice) -> bool:
        self.told.append(notice)
        return self.has_desktop
