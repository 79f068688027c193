"""The sensing half of the collector: looks at clocks, source and network, and keeps the measured rows in the store.

What is measured is held until it is written, so that a full disk or a lock delays but loses nothing.  What begins or
ends is written at once.  What goes on is held on a page beside the file, while there is input at every look, and while
there is none once a minute; it is written every ten minutes.
Not here: whether anything may be recorded now (see ``collecting``), the limits of time (``activity``), SQL (``store``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from fyraften_agent.clock import Clock
from fyraften_agent.errors import StoreError
from fyraften_agent.recording.activity import (
    OBSERVED_WRITTEN_EVERY_SECONDS,
    SESSION_GAP_SECONDS,
    TICK_SECONDS,
    Activity,
    Changes,
    Ended,
    MeasuredSession,
    MeasuredSpan,
    ObservedTime,
    Sample,
    advance,
    finish,
    part,
)
from fyraften_agent.recording.places import fingerprint, is_other_place
from fyraften_agent.sensors import ChosenSource, NoScreen, Screen
from fyraften_agent.store.measured import LastMeasured
from fyraften_agent.store.store import Store

# What only goes on is held beside the file, and written so often; see store_held.
_WRITTEN_EVERY_SECONDS = 600
_NETWORK_SECONDS = 60
_AWAKE_SECONDS = 60
_TYPED_AT_LOCK = 5  # looks with new input at one and the same lock


class News(IntEnum):
    """What a look has found: nothing, more of the same work, or something that begins."""

    NONE, MORE, NEW = range(3)


@dataclass(frozen=True)
class Senses:
    """What is looked at; ``network`` gives an identity of which only the fingerprint under ``place_key`` is kept.

    ``docked`` is whether a display stands beside the laptop's own, None where nobody says.
    """

    clock: Clock
    source: ChosenSource
    network: Callable[[], bytes | None]
    place_key: bytes
    boot_time: Callable[[], int]
    screen: Screen = field(default_factory=NoScreen)
    docked: Callable[[], bool | None] = lambda: None


class Recorder:
    """Keeps spans, sessions, observed time and the network of now."""

    def __init__(self, senses: Senses, store: Store) -> None:
        self._senses, self._store = senses, store
        self._state = Activity()
        self._pending = _Pending()
        self._fingerprint: str | None = None
        self._known_network: str | None = None
        self._session_id: int | None = None
        self._session_zone = ""
        self._session_network: str | None = None
        self._written_at = self._held_at = 0
        self._network_at: int | None = None
        self._is_docked = False
        self._lock = _Lock()
        self._awake_at: float | None = None
        self._is_awake = False

    @property
    def is_locked(self) -> bool:
        """Whether the screen was locked at the last look."""
        return self._state.sample is not None and self._state.sample.locked_since is not None

    @property
    def working_since(self) -> int | None:
        """Start of the session that is open; None when there is none."""
        return None if self._state.session is None else self._state.session.start

    @property
    def network(self) -> str | None:
        """Fingerprint of the network of now."""
        return self._fingerprint

    @property
    def live_until(self) -> int | None:
        """The last instant observed; None when nothing is observed."""
        return None if self._state.observed is None else self._state.observed.end

    def begin(self, now: int) -> None:
        """Go on from what the last collector left, whether it ended orderly or not."""
        last = self._store.last_measured()
        self._look_at_network(now)
        off = self._time_off(last, now)
        session = self._session_to_go_on(last, now)
        self._store.begin_measuring(None if session is None else session.id, off)
        self._state = Activity(next_id=last.next_id + (off is not None), session=session)
        if session is not None:
            self._session_id, self._session_network = session.id, last.fingerprint

    def look(self, now: int) -> News:
        """Look once and write what is due; say whether anybody worked, or a session or a network is a new one.

        Raises:
            StoreError: it was not written; the next look tries again.
        """
        source, clock = self._senses.source, self._senses.clock
        is_live = source.alive()
        last_input = source.last_input()  # before the clocks: no input is later than the look
        locked_since = self._lock.since(self._senses.screen.locked_since(), last_input)
        kept_awake = is_live and locked_since is None and self._is_kept_awake(last_input, clock.monotonic())
        sample = Sample(now, clock.monotonic(), clock.boottime(), last_input, is_live, locked_since, kept_awake)
        self._state, changes = advance(self._state, sample)
        self._pending.add(changes)
        news = News.MORE if changes.spans or changes.sessions else News.NONE
        if self._state.session is not None and self._state.session.id != self._session_id:
            self._begin_session(now)
            news = News.NEW
        elif self._network_at is None or not 0 <= now - self._network_at < _NETWORK_SECONDS:
            news = News.NEW if self._look_at_network(now) else news
        self._keep(now, has_grown=news is not News.NONE)
        return news

    def _keep(self, now: int, *, has_grown: bool) -> None:
        """Write what is new or was changed by somebody else; hold what only goes on, and write it now and then."""
        is_old = not 0 <= now - self._written_at < _WRITTEN_EVERY_SECONDS
        if self._pending.is_urgent or is_old or self._store.is_changed_by_others():
            self.write(now)
        elif has_grown or not 0 <= now - self._held_at < OBSERVED_WRITTEN_EVERY_SECONDS:
            self._hold(now)

    def _hold(self, now: int) -> None:
        if self._store.hold(self._pending.changes()):
            self._held_at = now
        else:
            self.write(now)

    def _is_kept_awake(self, last_input: float | None, at: float) -> bool:
        """Return whether a program keeps the screen awake, asked once a minute and only where it can matter."""
        is_worked_at = last_input is not None and at - last_input < TICK_SECONDS
        if is_worked_at or (self._state.session is None and self._state.watching is None):
            self._awake_at = None
            return False
        if self._awake_at is None or not 0 <= at - self._awake_at < _AWAKE_SECONDS:
            self._awake_at = at
            self._is_awake = self._senses.screen.kept_awake()
        return self._is_awake

    def look_at_network_soon(self) -> None:
        """Let the next look read the network, too: its place may have been told."""
        self._network_at = None

    def end(self, ended: Ended, now: int) -> None:
        """Close what is open at the last look, and write it."""
        self._state, changes = finish(self._state, ended)
        self._pending.add(changes)
        self.write(now)

    def write(self, now: int) -> None:
        """Write everything that is pending.

        Raises:
            StoreError: nothing was written, everything is still pending.
        """
        if self._pending.is_empty:
            return
        changes = self._pending.changes()
        try:
            taken_over = self._store.write_measured(changes, self._session_zone, self._session_network, self._is_docked)
        except StoreError:
            self._store.hold(changes)  # what is written already grows at least there
            raise
        self._pending.clear()
        self._written_at = self._held_at = now
        if self._state.session is not None and self._state.session.id in taken_over:
            self._part()

    def _begin_session(self, now: int) -> None:
        assert self._state.session is not None
        self._session_id = self._state.session.id
        self._session_zone = self._senses.clock.zone()
        self._session_network = None
        self._look_at_network(now)

    def _part(self) -> None:
        """Let the next input begin another session."""
        self._state, changes = part(self._state)
        self._pending.add(changes)

    # The network

    def _look_at_network(self, now: int) -> bool:
        """Note the network of now; another place than that of the session ends the session. Say if it is another one.

        A router that is silent for a while is none.
        """
        self._network_at = now
        was_docked, self._is_docked = self._is_docked, bool(self._senses.docked())
        identity = self._senses.network()
        seen = None if identity is None else fingerprint(self._senses.place_key, identity)
        is_new = seen != self._fingerprint
        if is_new:
            self._store.see_network(seen, now)
            self._fingerprint = seen
        if self._is_elsewhere(self._session_network, seen):
            self._part()
        elif self._session_network is None:
            self._session_network = seen
            self._pending.is_urgent = self._pending.is_urgent or seen is not None
        self._pending.is_urgent = self._pending.is_urgent or was_docked != self._is_docked
        is_other = seen is not None and seen != self._known_network
        self._known_network = self._known_network if seen is None else seen
        return is_other

    def _is_elsewhere(self, known: str | None, seen: str | None) -> bool:
        if known == seen:
            return False
        return is_other_place(known, seen, self._place_number(known), self._place_number(seen))

    def _place_number(self, network: str | None) -> int | None:
        place = None if network is None else self._store.place_for(network)
        return None if place is None else place.id

    # Going on after a start

    def _time_off(self, last: LastMeasured, now: int) -> ObservedTime | None:
        """Return the time from an orderly shutdown to the start of the computer: it was off, nobody worked at it."""
        if last.observed is None or last.observed.ended != "shutdown":
            return None
        boot = self._senses.boot_time()
        return ObservedTime(last.next_id, last.observed.end, boot, "off") if last.observed.end < boot <= now else None

    def _session_to_go_on(self, last: LastMeasured, now: int) -> MeasuredSession | None:
        """Return the session that the next input may still join: none over a pause, closed hours or a move."""
        session = last.session
        if session is None or not 0 <= now - session.end < SESSION_GAP_SECONDS:
            return None
        if last.observed is not None and last.observed.ended in ("consent", "hours"):
            return None
        if self._store.is_paused_between(session.end, now) or self._is_elsewhere(last.fingerprint, self._fingerprint):
            return None
        return session._replace(open=True)


class _Lock:
    """The lock as it is believed: one at which somebody goes on typing is none, or nobody tells of its end."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._last_input: float | None = None
        self._typed = 0

    def since(self, told: float | None, last_input: float | None) -> float | None:
        """Return since when the screen is locked, given what is told and the latest input."""
        is_new = last_input is not None and (self._last_input is None or last_input - self._last_input > 1)
        self._typed = self._typed + is_new if told is not None and told == self._since else 0
        self._since, self._last_input = told, last_input
        return told if self._typed < _TYPED_AT_LOCK else None


class _Pending:
    """Measured rows that are not written yet, the newest state of each; ``is_urgent`` unless written ones only grew."""

    def __init__(self) -> None:
        self.is_urgent = False
        self._written: set[tuple[str, int]] = set()
        self._spans: dict[int, MeasuredSpan] = {}
        self._sessions: dict[int, MeasuredSession] = {}
        self._observed: dict[int, ObservedTime] = {}

    @property
    def is_empty(self) -> bool:
        return not (self._spans or self._sessions or self._observed)

    def add(self, changes: Changes) -> None:
        for span in changes.spans:
            self._spans[span.id] = span
        for session in changes.sessions:
            self._sessions[session.id] = session
        for time in changes.observed:
            self._observed[time.id] = time
        is_over = any(not one.open for one in changes.sessions) or any(one.ended for one in changes.observed)
        self.is_urgent = self.is_urgent or is_over or not _growing(changes) <= self._written

    def changes(self) -> Changes:
        return Changes(tuple(self._spans.values()), tuple(self._sessions.values()), tuple(self._observed.values()))

    def clear(self) -> None:
        """Everything was written; what may still grow of it is remembered."""
        self._written = _growing(self.changes()) or self._written
        self._spans.clear()
        self._sessions.clear()
        self._observed.clear()
        self.is_urgent = False


def _growing(changes: Changes) -> set[tuple[str, int]]:
    """Return which rows of these may grow on: at most one of each kind does."""
    return {
        *(("span", row.id) for row in changes.spans),
        *(("session", row.id) for row in changes.sessions),
        *(("observed", row.id) for row in changes.observed),
    }
