"""When the sender may start: never twice within half a minute; what comes too early is done when it is time.

Standard library only.  Not here: starting it (``supervisor``), and when a report is due (``outbox``).
"""

from __future__ import annotations

SENDER_SECONDS = 30.0


class SendTimes:
    """The last start, and the next one that was asked for; ``due`` is None where none was."""

    def __init__(self) -> None:
        self.due: float | None = None
        self._started: float | None = None

    def may_start(self, at: float, is_running: bool) -> bool:
        """Return whether the sender may start at that monotonic time; where it has just run, it is due later."""
        if is_running:
            self.due = None
            return False
        if self._started is not None and at < self._started + SENDER_SECONDS:
            self.due = self._started + SENDER_SECONDS
            return False
        self.due, self._started = None, at
        return True
