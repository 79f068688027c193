"""The made-up person's laptop: the real collector on simulated clocks, and everything that happens to a laptop.

Does what the supervisor and the scheduler do on a real one: starts and ends the collector, and lets its jobs run while
the computer is awake.  The collector is asked every ten seconds, as on a real laptop; it judges every quarter of an
hour and not every minute, because judging is most of the work and the story has nine weeks.
Not here: what happens when (``script``), consent, the outbox and what the person does about notices (``replay``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fyraften_agent.demo.simulated import SimulatedClock, SimulatedInput
from fyraften_agent.judging import Desk, Judge
from fyraften_agent.recording.activity import TICK_SECONDS
from fyraften_agent.recording.collecting import Collector, Outside
from fyraften_agent.recording.recording import Senses
from fyraften_agent.sending.preparing import Sending
from fyraften_agent.store.store import Store
from fyraften_agent.telling.notices import Notice
from fyraften_policy.languages import Translate

JUDGE_EVERY_SECONDS = 900


@dataclass(frozen=True)
class Surroundings:
    """Whom the laptop's collector asks and tells, as in ``collecting.Outside`` and ``judging.Desk``."""

    may_record: Callable[[], bool]
    tell: Callable[[Notice], bool]
    prepare_reports: Callable[[int, str], bool]
    sending: Callable[[int, str], Sending]
    send: Callable[[], None]
    react: Callable[[], None]
    """The person looks up from work: called after the agent may have told something."""


class Laptop:
    """One computer. Time only goes forward, by the methods that say what the computer does meanwhile."""

    def __init__(
        self, clock: SimulatedClock, store: Store, place_key: bytes, around: Surroundings, translate: Translate
    ) -> None:
        self.clock, self._store, self._place_key = clock, store, place_key
        self._around, self._ = around, translate
        self._input = SimulatedInput(clock)
        self._network = b""
        self._is_going_down = False
        self._collector: Collector | None = None
        self._judge_at = 0

    def be_on(self, network: str) -> None:
        """Come to a network; its identity is what a router's address is on a real one."""
        self._network = network.encode()

    def start_recording(self) -> None:
        """Start the collector, as the supervisor does."""
        senses = Senses(self.clock, self._input, lambda: self._network, self._place_key, lambda: self.clock.booted_at)
        desk = Desk(self._around.tell, self._around.prepare_reports, self._around.sending, self._hear)
        outside = Outside(
            may_record=self._around.may_record,
            shutting_down=lambda: self._is_going_down,
            judge=Judge(self.clock, self._store, desk, self._).run,
            emit=self._hear,
        )
        self._is_going_down = False
        self._collector = Collector(senses, outside, self._store, self._)
        self._collector.start()
        self._judge_at = self.clock.now()

    def stop_recording(self) -> None:
        """End the collector, as the supervisor does when recording is paused."""
        if self._collector is not None:
            self._collector.stop()
            self._input.close()
            self._collector = None

    def look_again(self) -> None:
        """Let the collector know that something was changed by a command."""
        if self._collector is not None:
            self._collector.look_again()

    def use_until(self, end: int, inputs: Iterable[int] = ()) -> None:
        """Be awake until ``end``, with input at these instants."""
        coming = iter([instant for instant in inputs if instant <= end])
        press = next(coming, None)
        while self.clock.now() < end:
            now = min(self.clock.now() + TICK_SECONDS, end)
            self.clock.run_until(now)
            while press is not None and press <= now:
                self._input.press(press)
                press = next(coming, None)
            self._let_jobs_run(now)

    def sleep_until(self, instant: int) -> None:
        """Sleep, and be awake for the moment after which a person can go on."""
        self.clock.sleep_until(max(instant, self.clock.now()))
        if self._collector is not None:
            self._collector.tick()

    def shut_down(self) -> None:
        """Shut down orderly."""
        self._is_going_down = True
        self.stop_recording()

    def lose_power(self) -> None:
        """Lose power: nobody is told, nothing is written any more."""
        self._collector = None
        self._input.close()

    def start_computer(self, instant: int) -> None:
        """Start the computer after it was off; it records again from ``instant`` on."""
        self.clock.start_at(instant)
        self.start_recording()

    @property
    def is_on(self) -> bool:
        """Whether the computer runs or sleeps, and records."""
        return self._collector is not None

    def _let_jobs_run(self, now: int) -> None:
        if self._collector is None:
            return
        self._collector.tick()
        if now >= self._judge_at:
            self._judge_at = now + JUDGE_EVERY_SECONDS
            self._collector.evaluate()
            self._around.react()

    def _hear(self, event: dict[str, Any]) -> None:
        if event["event"] == "send":
            self._around.send()
