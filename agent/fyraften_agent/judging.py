"""``python -m fyraften_agent.judging``: judges what is recorded, tells what is due, prepares reports, and ends.

A process of its own, so that rules, notices, reports and their libraries take memory for half a second and not all day.
The collector starts it, tells it on a line of standard input what only the collector knows, and reads its events (one
JSON line each): what no desktop showed, that a report is due to be sent, what came of judging.  When standard input
ends, the collector has gone, and so does this process, whatever it is doing.
Not here: when it is time to judge (``collecting``), the rules (``fyraften_policy``), what is due (``notices``).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fyraften_agent.clock import Clock, SystemClock
from fyraften_agent.errors import AgentError, StoreError
from fyraften_agent.facts import facts_document
from fyraften_agent.mending.words import mending_notice
from fyraften_agent.paths import Paths, default_paths
from fyraften_agent.processes.known import JUDGED_EVERY_SECONDS, Judged, Known, known_of
from fyraften_agent.recording.doubts import ASKED_BACK_SECONDS, doubtful
from fyraften_agent.sending.preparing import Sending, checked_consents, prepare_due_reports, sending
from fyraften_agent.sensors.occupied import occupied
from fyraften_agent.store.keeping import kept_from
from fyraften_agent.store.mendings import mendings
from fyraften_agent.store.store import Store
from fyraften_agent.telling.notices import Notice, Situation, after_hours_at, due
from fyraften_agent.telling.telling import Moment, Telling
from fyraften_policy.errors import PolicyError
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.languages import Translate, choose_language, translator
from fyraften_policy.periods import local_date, week_start

_AHEAD_SECONDS = 60
_LONGEST_SECONDS = 120
_NOT_JUDGED = 10


@dataclass(frozen=True)
class Desk:
    """Whom judging asks and tells.

    Attributes:
        tell: shows a notice; whether a desktop took it.
        prepare_reports: puts completed reports into the outbox, given now and the zone; whether one is due to be sent.
        sending: what the outbox says, given now and the zone.
        emit: tells the supervisor of an event.
        occupied: what the person is at that no notice may disturb, a word of ``telling.HELD``; None for nothing.
    """

    tell: Callable[[Notice], bool]
    prepare_reports: Callable[[int, str], bool]
    sending: Callable[[int, str], Sending]
    emit: Callable[[dict[str, Any]], None]
    occupied: Callable[[], str | None] = lambda: None


class Judge:
    """Judges, tells and prepares, on a real desk or a simulated one."""

    def __init__(self, clock: Clock, store: Store, desk: Desk, translate: Translate) -> None:
        self._clock, self._store, self._desk, self._ = clock, store, desk, translate
        self._telling = Telling(store.notices, store.choices, self._tell)

    def run(self, known: Known) -> Judged:
        """Do everything that is due."""
        again_at = self.evaluate(known)
        self.report()
        is_purged = known.is_purge_due and self.purge()
        now = self._clock.now()
        # A report leaves at its moment, whether anybody works then or not.
        times = (self._telling.retry_at(now), self._desk.sending(now, self._clock.zone()).next_at)
        retry_at = min((at for at in times if at is not None), default=None)
        return Judged(again_at, is_purged, retry_at, self._telling.waits_for_lull)

    def evaluate(self, known: Known) -> int | None:
        """Judge what is known now and tell what may be told; return when more will be due, as :class:`Judged` does."""
        now, zone = self._clock.now(), self._clock.zone()
        today = local_date(now, zone)
        # Last week, too: the windows of four weeks end where this week begins.
        first = week_start(today) - timedelta(days=7)
        facts = read_facts(facts_document(self._store, at=now, zone=zone, first=first, last=today))
        answer, situation = evaluate(facts), self._situation(known, now, zone)
        matters = due(answer, facts, situation, now, zone, self._)
        self._telling.take(matters, now)
        self._telling.deliver(Moment(now, known.is_locked, known.idle_seconds, self._desk.occupied))
        waiting = {notice.key for notice in matters}
        until = now + JUDGED_EVERY_SECONDS
        to_come = (
            at
            for at in range(now + _AHEAD_SECONDS, until, _AHEAD_SECONDS)
            if any(notice.key not in waiting for notice in due(answer, facts, situation, at, zone, self._))
        )
        # What comes after the agreed hours needs work that has not been done yet.
        seen = min(next(to_come, until), after_hours_at(facts, situation, now) or until)
        return seen if seen < until else None

    def report(self) -> None:
        """Put completed reports into the outbox, and have them sent where that is approved and due."""
        if self._desk.prepare_reports(self._clock.now(), self._clock.zone()):
            self._desk.emit({"event": "send"})

    def purge(self) -> bool:
        """Delete what is older than four months and a week; False where a reader was in the way: try again.

        Raises:
            StoreError: the records are damaged somewhere, as the daily look through all of them says.
        """
        zone = self._clock.zone()
        is_purged = self._store.purge(kept_from(local_date(self._clock.now(), zone), zone))
        if is_purged:
            self._store.file.check_whole()
        return is_purged

    def _tell(self, notice: Notice) -> bool:
        kind, _colon, matter = notice.key.partition(":")
        if kind == "place":
            self._store.ask_about(matter, self._clock.now())
        return self._desk.tell(notice)

    def _situation(self, known: Known, now: int, zone: str) -> Situation:
        sent = self._desk.sending(now, zone)
        return Situation(
            shown=lambda key: self._store.notices.is_told(key, now),
            working_since=known.working_since,
            network_to_ask=known.network if known.network is not None and self._is_to_ask(known.network) else None,
            trouble=known.trouble,
            sending=sent.allowed,
            sent=sent.sent,
            leaving=sent.leaving,
            endings=sent.endings,
            refused=sent.refused,
            doubtful=doubtful(self._store.sessions(now - ASKED_BACK_SECONDS, now)),
            damage=self._damage(zone),
        )

    def _damage(self, zone: str) -> tuple[Notice, ...]:
        path = self._store.file.path
        if path is None:
            return ()
        return tuple(mending_notice(one, path.parent, zone, self._) for one in mendings(self._store.file))

    def _is_to_ask(self, network: str) -> bool:
        """Return whether the question where this network is was never asked, or was put off."""
        is_put_off = self._store.notices.is_put_off(f"place:{network}") and self._store.place_for(network) is None
        return is_put_off or self._store.is_unasked(network)


def main() -> int:
    """Judge once; return the exit code."""
    os.umask(0o077)
    _ = translator("fyraften_agent", choose_language([os.environ.get("FYRAFTEN_LANGUAGE", "en")]))
    if hasattr(signal, "alarm"):
        signal.alarm(_LONGEST_SECONDS)  # a desktop that never answers must not leave this process behind
    known = known_of(sys.stdin.readline())
    threading.Thread(target=_end_with_the_collector, name="collector", daemon=True).start()
    paths = default_paths(os.environ)
    try:
        judged = _judge(paths, known, _)
    except (AgentError, PolicyError) as error:
        if isinstance(error, StoreError) and error.trouble == "damaged" and error.path == paths.work:
            emit({"event": "damaged"})  # the collector, which alone mends, ends by it
        else:
            emit({"event": "not_judged", "text": error.text(_)})
        return _NOT_JUDGED
    emit(judged.as_event())
    return 0


def emit(event: dict[str, Any]) -> None:
    """Tell the collector."""
    print(json.dumps(event), flush=True)


def _judge(paths: Paths, known: Known, _: Translate) -> Judged:
    """Put the real desk together, and judge."""
    clock = SystemClock()
    consents = checked_consents(paths, clock.now())
    with Store.open(paths.work) as store:
        desk = Desk(
            tell=lambda notice: _tell(notice, paths, _),
            prepare_reports=lambda now, zone: prepare_due_reports(paths, consents, store, now, zone),
            sending=lambda now, zone: sending(paths, consents, now, zone),
            emit=emit,
            occupied=occupied(os.environ),
        )
        return Judge(clock, store, desk, _).run(known)


def _tell(notice: Notice, paths: Paths, _: Translate) -> bool:
    """Show a notice; where no desktop takes it, the supervisor may print it."""
    from fyraften_agent.telling.choosing import choices_at
    from fyraften_agent.telling.desktop_notices import show_with_choices

    if show_with_choices(notice, choices_at(notice, _), paths):
        return True
    emit({"event": "told", "text": notice.text})
    return False


def _end_with_the_collector() -> None:
    """Wait until standard input ends: the collector was ended, and nothing more may be told."""
    while os.read(0, 4096):
        pass
    os._exit(_NOT_JUDGED)


if __name__ == "__main__":
    raise SystemExit(main())
