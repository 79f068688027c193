"""When a collector that ended by itself is started again: soon, then later and later, and not for ever.

What passes by itself is waited for without end: a full disk, a file that another program holds, a display that is
gone.  Anything else that ends the collector ten times in a row will end it the next time, too.  Standard library only.
Not here: starting it (``supervisor``).
"""

from __future__ import annotations

_WAIT_SECONDS = (0.0, 1.0, 5.0, 30.0, 120.0, 300.0)
_STEADY_SECONDS = 600.0
MOST_IN_A_ROW = 10
PASSING = ("locked", "full")


class Restarts:
    """Counts the ends of one collector after the other."""

    def __init__(self) -> None:
        self.in_a_row = self._lasting = 0
        self.waits: float | None = 0.0
        """How many seconds to wait before the next start; None where there is to be none."""

    def begin_anew(self) -> None:
        """Forget what was: the person has done something, so it may be another matter now."""
        self.in_a_row = self._lasting = 0

    def wait_seconds(self, ran_seconds: float, *, passes: bool) -> float | None:
        """Return how long to wait after another end: what ``waits`` is from now on.

        Args:
            ran_seconds: how long the collector ran before it ended.
            passes: whether the reason passes by itself.
        """
        if ran_seconds >= _STEADY_SECONDS:
            self.begin_anew()
        wait = _WAIT_SECONDS[min(self.in_a_row, len(_WAIT_SECONDS) - 1)]
        self.in_a_row += 1
        self._lasting = 0 if passes else self._lasting + 1
        self.waits = None if self._lasting >= MOST_IN_A_ROW else wait
        return self.waits
