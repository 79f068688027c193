"""The collector's work: sense, keep, judge, tell.  The same object runs on real devices and on simulated ones.

Every device comes in as an argument: clocks, source of input, network, desktop, consent.  Each public method is a job:

    tick      every ten seconds: one look, and a small write while there is input (once a minute while there is none)
    evaluate  once a minute, if something changed: the facts to the policy library, what is due to the person
    report    now and then: completed weeks and months into the outbox
    purge     once a day: what is older than it is needed for

Nothing is recorded while there is no consent or while recording is paused.
Not here: the process around it, the real devices and the scheduler (see ``collector``), sensing and keeping
(``recording``), which notices are due (``notices``).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from fyraften_agent.doubts import ASKED_BACK_SECONDS, doubtful
from fyraften_agent.errors import AgentError, NoConsentError, StoreError
from fyraften_agent.facts import facts_document
from fyraften_agent.notices import Notice, Situation, SourceTrouble, due
from fyraften_agent.recording import Recorder, Senses
from fyraften_agent.recording_hours import CHOICE, is_open, parse_choice
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.store import Store
from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import Facts, read_facts
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local, local_date, start_of_day, week_start

KEPT_MONTHS, KEPT_DAYS = 4, 7
_SOURCE_AGAIN_SECONDS = 60
_JUDGE_AT_LEAST_SECONDS = 3600


@dataclass(frozen=True)
class Sending:
    """What the outbox says: whether anything may be sent, and what was sent in the week before this one."""

    allowed: bool = False
    sent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outside:
    """Whom the collector asks and tells, besides its senses.

    Attributes:
        may_record: whether the employee agrees to recording now; asked at every tick.
        shutting_down: whether the computer is going down.
        tell: shows a notice; whether a desktop took it.
        prepare_reports: puts completed reports into the outbox, given now and the zone; whether one is due to be sent.
        sending: what the outbox says, given now and the zone.
        emit: tells the supervisor of an event.
        look_soon: lets ``tick`` be called at once, from any thread: the screen was locked, or sleep is near.
    """

    may_record: Callable[[], bool]
    shutting_down: Callable[[], bool]
    tell: Callable[[Notice], bool]
    prepare_reports: Callable[[int, str], bool]
    sending: Callable[[int, str], Sending]
    emit: Callable[[dict[str, Any]], None]
    look_soon: Callable[[], None] = lambda: None


class Collector:
    """Senses, keeps, judges and tells; see the module.  ``stop`` may come from another thread than the rest."""

    def __init__(self, senses: Senses, outside: Outside, store: Store, translate: Translate) -> None:
        self._senses, self._outside, self._store, self._ = senses, outside, store, translate
        self._clock = senses.clock
        self._recorder = Recorder(senses, store)
        self._lock = threading.Lock()
        self._trouble: SourceTrouble | None = None
        self._source_tried_at = 0
        self._has_news = True
        self._judged_at = 0
        self._purged_on: date | None = None
        self._is_ended = True  # until it has started
        self._is_held_up = False
        self._is_listening = True  # from the start on, but for pauses
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
        self._say_source("live", None)
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

    def evaluate(self) -> Answer | None:
        """Judge what is known now and tell what is due; None while nothing changed since the last time."""
        now = self._clock.now()
        is_old = not 0 <= now - self._judged_at < _JUDGE_AT_LEAST_SECONDS
        if self._is_ended or not (self._has_news or is_old) or self._reason_to_pause(now) is not None:
            return None
        self._has_news = False
        try:
            answer = self._judge(now)
        except BaseException:
            self._has_news = True
            raise
        self._judged_at = now
        return answer

    def report(self) -> None:
        """Put completed reports into the outbox, and have them sent where that is approved and due."""
        if not self._is_ended and self._outside.prepare_reports(self._clock.now(), self._clock.zone()):
            self._outside.emit({"event": "send"})

    def purge(self) -> None:
        """Delete, once a day, what is older than four months and a week; again soon where a reader was in the way.

        Raises:
            StoreError: the records are damaged somewhere, as the daily look through all of them says.
        """
        zone = self._clock.zone()
        today = local_date(self._clock.now(), zone)
        if not self._is_ended and today != self._purged_on and self._store.purge(kept_from(today, zone)):
            self._purged_on = today
            self._store.file.check_whole()

    def look_again(self) -> None:
        """Take note that a consent, pause, agreement, place or session was changed by somebody else."""
        self._has_news = True
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
        self._has_news = self._recorder.look(now) or self._has_news
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
        self._has_news = True
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
        self._say_source("live", None)
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

    # Judging and telling

    def _judge(self, now: int) -> Answer:
        zone = self._clock.zone()
        today = local_date(now, zone)
        # Last week, too: the windows of four weeks end where this week begins.
        first = week_start(today) - timedelta(days=7)
        facts = read_facts(facts_document(self._store, at=now, zone=zone, first=first, last=today))
        answer = evaluate(facts)
        self._tell_what_is_due(answer, facts, now, zone)
        return answer

    def _tell_what_is_due(self, answer: Answer, facts: Facts, now: int, zone: str) -> None:
        situation = self._situation(now, zone)
        for notice in due(answer, facts, situation, now, zone, self._):
            # Kept first: after a crash, told once too little is better than told again.
            self._store.record_notice(notice.key, notice.text, now, shown=False)
            if situation.network_to_ask is not None and notice.key == f"place:{situation.network_to_ask}":
                self._store.ask_about(situation.network_to_ask, now)
            if self._outside.tell(notice):
                self._store.record_notice(notice.key, notice.text, now, shown=True)

    def _situation(self, now: int, zone: str) -> Situation:
        network = self._recorder.network
        sending = self._outside.sending(now, zone)
        return Situation(
            shown=self._store.notice_shown,
            working_since=self._recorder.working_since,
            network_to_ask=network if network is not None and self._store.is_unasked(network) else None,
            trouble=self._trouble,
            sending=sending.allowed,
            sent=sending.sent,
            doubtful=doubtful(self._store.sessions(now - ASKED_BACK_SECONDS, now)),
        )


def kept_from(today: date, zone: str) -> int:
    """Return the instant before which nothing is kept: four months and a week before the local day ``today``.

    Four months are the longest period over which an average is judged by default.
    """
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    last_day = ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).day
    return start_of_day(first.replace(day=min(today.day, last_day)) - timedelta(days=KEPT_DAYS), zone)
