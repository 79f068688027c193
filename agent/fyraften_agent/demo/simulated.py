"""A laptop's clocks and its input, simulated: they move only when the replay moves them.

The three clocks keep the truth of real ones: sleep stops the monotonic clock and not the others, and a start of the
computer begins both anew.
Not here: when anything happens (``script``), the collector that looks at these (``laptop``).
"""

from __future__ import annotations

_SECONDS_TO_START = 30.0


class SimulatedClock:
    """A :class:`fyraften_agent.clock.Clock` that is told what time it is."""

    def __init__(self, now: int, zone: str) -> None:
        self._now, self._zone = now, zone
        self._monotonic = self._boottime = _SECONDS_TO_START
        self.booted_at = now - int(_SECONDS_TO_START)
        """The instant of the last start of the computer."""

    def now(self) -> int:
        """Return the wall clock."""
        return self._now

    def monotonic(self) -> float:
        """Return the clock that stands still in sleep."""
        return self._monotonic

    def boottime(self) -> float:
        """Return the clock that counts sleep."""
        return self._boottime

    def zone(self) -> str:
        """Return the zone of the story."""
        return self._zone

    def run_until(self, instant: int) -> None:
        """Let time pass with the computer awake."""
        self._monotonic += self._seconds_to(instant)
        self.sleep_until(instant)

    def sleep_until(self, instant: int) -> None:
        """Let time pass with the computer asleep."""
        self._boottime += self._seconds_to(instant)
        self._now = instant

    def start_at(self, instant: int) -> None:
        """Let time pass with the computer off, and start it so that it is ready at ``instant``."""
        self._seconds_to(instant)
        self._now = instant
        self._monotonic = self._boottime = _SECONDS_TO_START
        self.booted_at = instant - int(_SECONDS_TO_START)

    def _seconds_to(self, instant: int) -> int:
        if instant < self._now:
            raise ValueError(f"The simulated clock shows {self._now} and is never set back, to {instant}.")
        return instant - self._now


class SimulatedInput:
    """An :class:`fyraften_agent.sensors.InputSource` that is told when somebody pressed a key."""

    def __init__(self, clock: SimulatedClock) -> None:
        self._clock = clock
        self._last: float | None = None
        self._is_listening = False

    @property
    def name(self) -> str:
        """Return what the source is called."""
        return "simulated"

    @property
    def refused(self) -> tuple[()]:
        """Return why no other source is used: there is none."""
        return ()

    def start(self) -> None:
        """Begin to listen; what was before is not known."""
        self._last, self._is_listening = None, True

    def last_input(self) -> float | None:
        """Return the monotonic time of the latest input."""
        return self._last

    def alive(self) -> bool:
        """Return whether input would be noticed."""
        return self._is_listening

    def close(self) -> None:
        """Stop listening."""
        self._is_listening = False

    def press(self, instant: int) -> None:
        """Let there be input at ``instant``, which may lie a little back while the computer was awake."""
        if self._is_listening:
            self._last = self._clock.monotonic() - (self._clock.now() - instant)
