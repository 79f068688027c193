"""When a notice that is due is shown: at a quiet moment, never over a call or a full screen, and never many an hour.

What cannot be shown now waits, with the reason kept, and is shown once if it still holds by then. A matter with a
limit ahead may use the last place of the hour, which the others leave free.
Not here: which notices are due (``notices``), what the desktop does just now (``sensors.occupied``), showing
(``desktop_notices``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fyraften_agent.processes.known import AWAY_SECONDS, is_lull
from fyraften_agent.store.choices import Choices
from fyraften_agent.store.notices import Notices
from fyraften_agent.telling.notices import Notice
from fyraften_policy.languages import mark

# Who types on without a breath for so long is told nevertheless: a warning that comes too late warns of nothing.
WAITS_FOR_LULL_SECONDS = 600
HOUR_SECONDS = 3600

CHOICE = "notices an hour"
FEWEST, MOST, USUAL = 2, 6, 3
_RETRY_SECONDS, _RETRY_HOURLY_SECONDS = 120, 300

HELD = {
    "locked": mark("the screen was locked"),
    "away": mark("nobody was at the keyboard"),
    "call": mark("a program kept the screen awake, as calls and presentations do"),
    "microphone": mark("a microphone or camera was in use"),
    "full_screen": mark("a window filled the screen"),
    "do_not_disturb": mark("the desktop was set to do not disturb"),
    "hourly": mark("there had been enough notices in that hour"),
    "typing": mark("you were typing"),
}
"""Why a notice waits, by the word it is kept under."""

_ENDS_WITH_INPUT = frozenset({"locked", "away", "typing"})


@dataclass(frozen=True)
class Moment:
    """What the agent sees of the person now.

    Attributes:
        idle_seconds: since the latest input; None where it is not known.
        occupied: what the person is at, asked of the desktop: a word of ``HELD``, or None.
    """

    now: int
    is_locked: bool
    idle_seconds: float | None
    occupied: Callable[[], str | None]

    @property
    def is_lull(self) -> bool:
        """Whether somebody is there and has just paused."""
        return is_lull(self.is_locked, self.idle_seconds)


class Telling:
    """Holds what is due until it can be shown."""

    def __init__(self, notices: Notices, choices: Choices, show: Callable[[Notice], bool]) -> None:
        self._notices, self._choices, self._show = notices, choices, show
        self._due: Sequence[tuple[Notice, int]] = ()  # each with the instant from which it is due
        self._held: set[str] = set()

    @property
    def waits_for_lull(self) -> bool:
        """Whether anything waits for the person rather than for the desktop or the clock."""
        return not self._held.isdisjoint(_ENDS_WITH_INPUT)

    def retry_at(self, now: int) -> int | None:
        """Return when what waits may be tried again, if not at a lull before; None where a lull is all it waits for."""
        times = []
        if not self._held <= _ENDS_WITH_INPUT | {"hourly"}:
            times.append(now + _RETRY_SECONDS)
        if "hourly" in self._held:
            times.append(now + _RETRY_HOURLY_SECONDS)
        if "typing" in self._held:
            times += [due_at + WAITS_FOR_LULL_SECONDS for _notice, due_at in self._due]
        return max(min(times), now + 1) if times else None

    def take(self, due: Sequence[Notice], now: int) -> None:
        """Take what is due now, the most urgent first; what waited and is not among it is over."""
        self._notices.end_all_but({notice.key for notice in due}, now)
        self._due = [(notice, self._notices.wait(notice.key, notice.text, now)) for notice in due]

    def deliver(self, moment: Moment) -> list[Notice]:
        """Show what may be shown now, and note of the rest why it waits; return what was told."""
        told, waiting, held = [], [], set()
        occupied = _Once(moment.occupied)
        for notice, due_at in self._due:
            reason = self._why_to_hold(notice, moment.now - due_at, moment, occupied)
            if reason is not None:
                self._notices.hold(notice.key, reason)
                held.add(reason)
                waiting.append((notice, due_at))
                continue
            # Kept first: after a crash, told once too little is better than told again.
            self._notices.tell(notice.key, notice.text, moment.now, shown=False)
            if self._show(notice):
                self._notices.tell(notice.key, notice.text, moment.now, shown=True)
            told.append(notice)
        self._due, self._held = waiting, held
        return told

    def _why_to_hold(
        self, notice: Notice, waited_seconds: int, moment: Moment, occupied: Callable[[], str | None]
    ) -> str | None:
        if moment.is_locked:
            return "locked"
        if moment.idle_seconds is not None and moment.idle_seconds >= AWAY_SECONDS:
            return "away"
        places = hourly_limit(self._choices.get(CHOICE)) - (not notice.is_pressing)
        if self._notices.told_between(moment.now - HOUR_SECONDS, moment.now) >= places:
            return "hourly"
        if not moment.is_lull and waited_seconds < WAITS_FOR_LULL_SECONDS:
            return "typing"
        return occupied()


class _Once:
    """A question that is asked when it is first needed, and not again."""

    def __init__(self, question: Callable[[], str | None]) -> None:
        self._question = question
        self._is_asked = False
        self._answer: str | None = None

    def __call__(self) -> str | None:
        if not self._is_asked:
            self._is_asked, self._answer = True, self._question()
        return self._answer


def hourly_limit(chosen: str | None) -> int:
    """Return how many notices an hour there may be, as the employee chose within bounds."""
    return next((limit for limit in range(FEWEST, MOST + 1) if str(limit) == chosen), USUAL)
