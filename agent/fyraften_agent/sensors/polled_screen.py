"""A screen that is asked at each look whether it is locked: where the system answers, and tells nothing by itself.

Not here: the question (``windows_screen``, ``mac_screen``), and what follows from a lock (``activity``).
"""

from __future__ import annotations

from collections.abc import Callable

from fyraften_agent.clock import awake_seconds


class PolledScreen:
    """A screen that is asked at each look whether it is locked."""

    tells: tuple[str, ...] = ()  # nobody tells of the end of a lock: a look at each tick is needed

    def __init__(
        self,
        is_locked: Callable[[], bool | None],
        is_kept_awake: Callable[[], bool | None] = lambda: None,
        *,
        monotonic: Callable[[], float] = awake_seconds,
    ) -> None:
        """Take the questions; an answer is None where the system does not say."""
        self._is_locked, self._is_kept_awake, self._monotonic = is_locked, is_kept_awake, monotonic
        self._locked_since: float | None = None

    def start(self, changed: Callable[[], None]) -> None:
        """There is nothing to listen to."""

    def locked_since(self) -> float | None:
        is_locked = bool(self._is_locked())
        if is_locked and self._locked_since is None:
            self._locked_since = self._monotonic()
        elif not is_locked:
            self._locked_since = None
        return self._locked_since

    def kept_awake(self) -> bool:
        return bool(self._is_kept_awake())

    def close(self) -> None:
        """There is nothing to stop."""
