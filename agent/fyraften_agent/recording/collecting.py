"""The collector's work: sense, keep, know when to judge.  The same object runs on real devices and on simulated ones.

Every device comes in as an argument: clocks, source of input, network, consent, the judge.  Each public method is a
job:

    tick      every ten seconds: one look, and what is new is kept (once a minute while there is no input)
    evaluate  once a minute a short look at whether it is time to judge: at once where something new began, every ten
              minutes while work goes on and at the minute seen ahead, every hour else

Nothing is recorded while there is no consent or while recording is paused.
Not here: the process around it, the real devices and the scheduler (see ``collector``), sensing and keeping
(``recording``), judging, telling, reports and deleting (``judging``, in a process of its own).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from fyraften_agent.errors import AgentError, NoConsentError, StoreError
from fyraften_agent.processes.known import JUDGED_EVERY_SECONDS, Judged, Known, SourceTrouble, is_lull
from fyraften_agent.recording.hours import CHOICE, is_open, parse_choice
from fyraften_agent.recording.recording import News, Recorder, Senses
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.store.store import Store
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local, local_date

_SOURCE_AGAIN_SECONDS = 60
_JUDGE_AT_LEAST_SECONDS = 3600


@dataclass(frozen=True)
class Outside:
    """Whom the collector asks and tells, besides its senses.

    Attributes:
        may_record: whether the employee agrees to recording now; asked at every tick.
        shutting_down: whether the computer is going down.
        judge: judges, tells what is due, prepares reports, deletes what is too old; None where it could not.
        emit: tells the supervisor of an event.
        look_soon: lets ``tick`` be called at once, from any thread: the screen was locked, or sleep is near.
        judge_soon: lets ``evaluate`` be called at once: this is the quiet moment that a notice waited for.
    """

    may_record: Callable[[], bool]
    shutting_down: Callable[[], bool]
    judge: Callable[[Known], Judged | None]
    emit: Callable[[dict[str, Any]], None]
    look_soon: Callable[[], None] = lambda: None
    judge_soon: Callable[[], None] = lambda: None


class Collector:
    """Senses, keeps, and has judged; see the module.  ``stop`` may come from another thread than the rest."""

    def __init__(self, senses: Senses, outside: Outside, store: Store, translate: Translate) -> None:
        self._senses, self._outside, self._store, self._ = senses, outside, store, translate
        self._clock = senses.clock
        self._recorder = Recorder(senses, store)
        self._lock = threading.Lock()
        self._trouble: SourceTrouble | None = None
        self._source_tried_at = 0
        self._news = News.NEW
        self._judged_at = 0
        self._again_at: int | None = None
        self._retry_at: int | None = None
        self._waits_for_lull = False
        self._purged_on: date | None = None
        self._is_ended = True  # until it has started
        self._is_held_up = False
        self._is_listening = True  # from the start on, but for pauses
        self._is_new_source = True  # of which the supervisor has not heard
        self.ticked_at: float | None = None
        """Monotonic time of the last tick; None before the first."""

    @property
    def may_look_seldom(self) -> bool:
        """Whether nothing can be missed: the screen is locked, and its unlocking will be told."""
        return self._recorder.is_locked and bool(self._senses.screen.tells)

    # Jobs

    def start(self) -> None:
        """Begin to listen, put right what the last collector left, and look once.

        Raises:
            NoConsentError: nothing was read or written.
            SourceUnavailableError: there is nothing to listen to; nothing was written.
            StoreError: the store cannot be used.
        """
        self._require_consent()
        self._senses.source.start()
        with self._lock:
            self._recorder.begin(self._clock.now())
            self._is_ended = False
        self.tick()
        # Last: what is typed until the buses have answered shall not be lost. A screen that is locked asks for a look.
        self._senses.screen.start(self._outside.look_soon)

    def tick(self) -> None:
        """Look once, and keep what is new.

        Raises:
            NoConsentError: consent is gone; what was open is closed at the last tick, nothing else was written.
            StoreError: the store is beyond waiting; what a full disk or a lock holds up is written later.
        """
        with self._lock:
            if self._is_ended:
                return
            self._look_and_keep()
        if self._trouble is not None and self._is_listening and self._try_source_again():
            # At once: what is typed before the first look is nobody's business, and would be lost.
            with self._lock:
                if not self._is_ended:
                    self._look_and_keep()
        if self._waits_for_lull and self._is_lull():
            self._news, self._waits_for_lull = News.NEW, False
            self._outside.judge_soon()

    def evaluate(self) -> Judged | None:
        """Have judged what is known now, where it is time to; None where it is not, or it could not be."""
        now = self._clock.now()
        if self._is_ended or not self._is_time_to_judge(now) or self._reason_to_pause(now) is not None:
            return None
        today = local_date(now, self._clock.zone())
        with self._lock:
            with contextlib.suppress(StoreError):  # a tick will tell
                self._recorder.write(now)
            news, self._news, self._judged_at = self._news, News.NONE, now
            known = Known(
                self._recorder.working_since,
                self._recorder.network,
                self._trouble,
                today != self._purged_on,
                self._idle_seconds(),
                self._recorder.is_locked,
            )
        judged = self._outside.judge(known)
        if judged is None:
            self._news = max(self._news, min(news, News.MORE))  # a later try may do better
            return None
        self._again_at, self._retry_at = judged.again_at, judged.retry_at
        self._waits_for_lull = judged.waits_for_lull
        if judged.is_purged:
            self._purged_on = today
        return judged

    def look_again(self) -> None:
        """Take note that a consent, pause, agreement, place or session was changed by somebody else.

        Somebody is there: a source that died is tried again at the next tick, whatever the minute between two tries.
        """
        self._news = News.NEW
        self._source_tried_at = 0
        self._recorder.look_at_network_soon()

    def stop(self) -> None:
        """End orderly: one last look, everything written, and why it ended.  May be called twice."""
        with self._lock:
            if self._is_ended:
                return
            self._is_ended = True
            now = self._clock.now()
            self._senses.screen.close()
            if not self._has_consent():
                self._recorder.end("consent", now)
            elif (reason := self._reason_to_pause(now)) is not None:
                self._recorder.end(reason, now)
            else:
                # Written first: nobody knows how long the question takes while everything goes down.
                self._recorder.look(now)
                self._recorder.write(now)
                self._recorder.end("shutdown" if self._outside.shutting_down() else "stop", now)

    def _is_time_to_judge(self, now: int) -> bool:
        since = now - self._judged_at
        is_to_retry = self._retry_at is not None and now >= self._retry_at
        if self._news is News.NEW or is_to_retry or not 0 <= since < _JUDGE_AT_LEAST_SECONDS:
            return True
        is_seen_ahead = self._again_at is not None and now >= self._again_at
        return self._news is News.MORE and (is_seen_ahead or since >= JUDGED_EVERY_SECONDS)

    def _is_lull(self) -> bool:
        with self._lock:  # a counter is asked by one thread at a time
            return is_lull(self._recorder.is_locked, self._idle_seconds())

    def _idle_seconds(self) -> float | None:
        source = self._senses.source
        last_input = source.last_input() if source.alive() else None
        return None if last_input is None else self._clock.monotonic() - last_input

    # Consent, pause, source

    def _look_and_keep(self) -> None:
        self.ticked_at = self._clock.monotonic()
        self._end_without_consent()
        try:
            self._look()
            self._say_held_up(None)
        except StoreError as error:
            # What did not fit on the disk, or met a lock, is still pending: a later tick writes it.
            if not error.is_passing:
                raise
            self._say_held_up(error)
        # Not before the first look: what is typed until then counts nowhere, and nobody shall think that it does.
        if self._is_new_source and self._is_listening and self._trouble is None:
            self._is_new_source = False
            self._say_source("live", None)

    def _look(self) -> None:
        now = self._clock.now()
        reason = self._reason_to_pause(now)
        if reason is not None:
            # The connection is closed, not asked to be still: nothing can be noticed any more.
            self._senses.source.close()
            self._recorder.end(reason, now)
            self._is_listening = False
            if reason == "hours":
                self._outside.emit({"event": "hours"})  # nobody else has told the supervisor
            return
        if not self._is_listening:
            self._is_listening = self._start_source() is None
            self._trouble = None if self._is_listening else self._trouble
        live_until = self._recorder.live_until
        self._news = max(self._news, self._recorder.look(now))
        # Also where it died before the first look.
        if self._recorder.live_until is None and self._trouble is None:
            self._source_failed(now if live_until is None else live_until)

    def _reason_to_pause(self, now: int) -> Literal["pause", "hours"] | None:
        """Return why nothing may be recorded now, though there is consent."""
        if self._store.pause_at(now) is not None:
            return "pause"
        hours = self._store.choices.get(CHOICE)
        if hours is not None and not is_open(parse_choice(hours).hours, local(now, self._clock.zone())):
            return "hours"
        return None

    def _end_without_consent(self) -> None:
        try:
            self._require_consent()
        except AgentError:
            self._is_ended = True
            self._senses.source.close()
            with contextlib.suppress(StoreError):  # that consent is gone matters more
                self._recorder.end("consent", self._clock.now())
            raise

    def _require_consent(self) -> None:
        if not self._outside.may_record():
            raise NoConsentError(
                mark("Nothing is recorded without your consent. Give it with: fyraften consent give recording")
            )

    def _has_consent(self) -> bool:
        try:
            return self._outside.may_record()
        except AgentError:
            return False

    def _source_failed(self, since: int) -> None:
        """Go on with another source at once; where there is none, say so, and try again later."""
        self._news = News.NEW
        reason = self._start_source()
        if reason is None:
            self._recorder.look(self._clock.now())
            return
        self._trouble = SourceTrouble(since, reason)
        self._say_source("failed", reason)

    def _try_source_again(self) -> bool:
        """Try, once a minute, to find a source again; say whether one lives."""
        if 0 <= self._clock.now() - self._source_tried_at < _SOURCE_AGAIN_SECONDS or self._start_source() is not None:
            return False
        self._trouble = None
        return True

    def _start_source(self) -> str | None:
        """Start the source anew, or another one; return why none works."""
        self._source_tried_at = self._clock.now()
        try:
            self._senses.source.start()
        except SourceUnavailableError as error:
            return error.text(self._)
        self._is_new_source = True
        return None

    def _say_source(self, state: str, reason: str | None) -> None:
        source = self._senses.source
        refused = [f"{error.source}: {error.text(self._)}" for error in source.refused]
        self._outside.emit(
            {"event": "source", "name": source.name, "state": state, "reason": reason, "refused": refused}
        )

    def _say_held_up(self, error: StoreError | None) -> None:
        """Say once that the store takes nothing, and once that it does again; a notice could not be kept there."""
        if (error is not None) == self._is_held_up:
            return
        self._is_held_up = error is not None
        self._outside.emit({"event": "storage", "trouble": None if error is None else error.trouble})
        if error is not None:
            self._outside.emit({"event": "told", "text": error.text(self._)})
