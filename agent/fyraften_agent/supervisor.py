"""The process that starts, watches and ends the agent's other processes. Standard library only.

It asks ``verify_ledger`` for consent before each start of the collector, restarts the collector after a crash with
growing pauses, ends it the moment recording is paused or consent withdrawn (before that is written anywhere), starts
the sender when the collector says that a report is due, and answers the control channel. Without consent to record it
lets the sender run once, because an erasure may be due, and ends. When nothing happens it does not wake up; only while
a pause with an end runs does it look at the clock, once a minute (a timer stands still while the computer sleeps).
Not here: input, the network, the ledger. It reads one table of the raw data: the pauses.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import IO

from fyraften_agent.errors import AgentError
from fyraften_agent.indicator.indicator import Clicked, Desktop, Indicator, NoDesktop
from fyraften_agent.paths import Paths, default_paths
from fyraften_agent.processes import supervisor_words as said
from fyraften_agent.processes.child_process import Child, Ended, Line, child_environment, children_in, end_children
from fyraften_agent.processes.control import Asked, Document, serving
from fyraften_agent.processes.pauses import Pause, Pauses
from fyraften_agent.processes.restarts import PASSING, Restarts
from fyraften_agent.processes.send_times import SendTimes
from fyraften_agent.processes.single_instance import only_instance
from fyraften_agent.processes.stop_signals import call_on_stop_signal
from fyraften_agent.sandbox.state import NOTES, Sandboxes
from fyraften_policy.languages import LANGUAGES, Translate, translator

COLLECTOR, SENDER = "fyraften_agent.collector", "fyraften_agent.sender"
VERIFIER, CHOSEN = "fyraften_agent.verify_ledger", "fyraften_agent.telling.chosen"

DONE, FAILED, BAD_USAGE, NO_CONSENT, NO_SOURCE, NOT_INSTALLED = 0, 1, 2, 3, 4, 8
_GRACE_SECONDS = 1.0
_END_SECONDS = 1.6  # of the two seconds in which everything has ended
_LAST_SENDER_SECONDS = 60.0
_PAUSE_LOOK_SECONDS = 60.0
_SETTLE_SECONDS = 3.0

Event = Line | Ended | Asked | Clicked
StartChild = Callable[[str, Callable[[Line | Ended], None]], Child]


class Supervisor:
    """Decides what runs. Everything happens in :meth:`run`'s thread, one event after the other."""

    def __init__(
        self,
        paths: Paths,
        start_child: StartChild,
        _: Translate,
        *,
        foreground: bool,
        out: IO[str],
        errors: IO[str],
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        desktop: Desktop | None = None,
    ) -> None:
        self._paths, self._start_child, self._ = paths, start_child, _
        self._foreground, self._out, self._errors = foreground, out, errors
        self._now, self._monotonic, self._desktop = now, monotonic, desktop or NoDesktop()
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._place = contextlib.ExitStack()
        self._verifier: Child | None = None
        self._collector: Child | None = None
        self._sender: Child | None = None
        self._placed = self._verify_again = self._ending = self._was_live = False
        self._pause: Pause | None = None
        self._pauses = Pauses(paths.work)
        self._restarts = Restarts()
        self._trouble: str | None = None  # with the records, as the collector said last
        self._source: Document = {}
        self._sandboxes = Sandboxes()
        self._collector_started = 0.0
        self._start_due: float | None = None
        self._kill_due: float | None = None
        self._send_times = SendTimes()
        self._end_due: float | None = None  # without consent: the sender may run until then
        self._exit_code: int | None = None
        self._waiting: list[threading.Event] = []
        self._state: Document = {}
        self._show("starting", None)

    # The loop

    def run(self) -> int:
        """Run until told to stop; return the exit code."""
        try:
            self._verify()
            while self._exit_code is None:
                self.step()
        finally:
            self._end_all()
            self._release()
            self._place.close()
        return self._exit_code

    def step(self) -> None:
        """Wait for the next event or due time, act on it, and answer those who waited for that."""
        try:
            event = self._events.get(timeout=self._wait_seconds())
        except queue.Empty:
            event = None
        match event:
            case Asked():
                self._asked(event)
            case Clicked():
                self._clicked(event)
            case Line(text=text) if self._sandboxes.hears(text):
                self._start(NOTES).tell(text)
            case Line(child=child, text=text) if child is self._collector:
                self._collector_said(text)
            case Ended(child=child, code=code):
                self._ended(child, code)
        self._do_what_is_due()
        self._update_state()
        if self._verifier is None and not self._ending and self._exit_code is None:
            self._release()

    def report(self, event: Event) -> None:
        """Hand an event to :meth:`run`; from any thread."""
        self._events.put(event)

    def answer(self, command: str) -> Document:
        """Return the answer to one question of the control channel; called in the channel's thread.

        A change is answered when it has taken effect: after ``changed``, a pause holds and nothing records; after
        ``stop`` and ``withdraw`` every child has ended.
        """
        if command in ("changed", "stop", "withdraw"):
            asked = Asked(command)
            self.report(asked)
            asked.settled.wait(_SETTLE_SECONDS)
        elif command != "state":
            return {"error": f"unknown command {command[:40]}"}
        return self._state

    def _asked(self, event: Asked) -> None:
        self._waiting.append(event.settled)
        if event.command == "stop":
            self._exit_code = DONE
            return
        if event.command == "withdraw":
            # Before it is in the ledger, which may not be writable: what the ledger says counts no more in this run.
            self._end_with(NO_CONSENT, self._("You took your consent back. Nothing is recorded any more."))
            return
        self._changed()

    def _clicked(self, event: Clicked) -> None:
        """Pause or resume at once; what else was chosen is done by a process that ends."""
        if event.name not in ("pause", "resume"):
            self._start(CHOSEN).tell(json.dumps(event._asdict()))
            return
        trouble = self._pauses.set(event.name == "pause", int(self._now()))
        if trouble is not None:
            self._say(trouble.text(self._))
        self._changed()

    def _changed(self) -> None:
        self._look_at_pause()
        if self._collector is not None:
            self._collector.tell("changed")
        self._restarts.begin_anew()
        self._verify()

    def _release(self) -> None:
        while self._waiting:
            self._waiting.pop().set()

    def _wait_seconds(self) -> float | None:
        due = [at for at in (self._start_due, self._kill_due, self._send_times.due, self._end_due) if at is not None]
        if self._pause is not None and self._pause.until is not None:
            due.append(self._monotonic() + min(_PAUSE_LOOK_SECONDS, max(0.0, self._pause.until - self._now())))
        return max(0.0, min(due) - self._monotonic()) if due else None

    def _do_what_is_due(self) -> None:
        at = self._monotonic()
        if self._kill_due is not None and at >= self._kill_due and self._collector is not None:
            self._kill_due = None
            self._collector.kill()
        if self._send_times.due is not None and at >= self._send_times.due:
            self._start_sender()
        if self._pause is not None and self._pause.until is not None and self._now() >= self._pause.until:
            self._look_at_pause()
            if self._pause is None:
                self._verify()
        if self._start_due is not None and at >= self._start_due:
            self._verify()
        if self._end_due is not None and at >= self._end_due:
            self._end_with(NO_CONSENT, said.no_consent(self._))

    # Consent and the collector

    def _verify(self) -> None:
        """Ask a process of its own for consent; what follows happens when it has ended."""
        self._start_due = None
        if self._verifier is None:
            self._verifier = self._start(VERIFIER)
        else:
            self._verify_again = True

    def _verified(self, code: int) -> None:
        if code == NO_CONSENT:
            self._end_without_consent()
        elif code != DONE:
            self._end_with(code if code > 0 else FAILED, said.not_verified(code, self._))
        elif self._verify_again:  # something changed while it looked
            self._verify_again = False
            self._verify()
        elif self._collector is None:
            self._end_due = None  # consent was given again
            self._take_place()
            self._look_at_pause()
            if self._pause is None:
                self._start_collector()

    def _end_without_consent(self) -> None:
        """End, after the sender has run once: what was agreed to be erased elsewhere is still to be asked for."""
        self._end_collector()
        if self._end_due is None and self._paths.ledger.exists():
            self._end_due = self._monotonic() + _LAST_SENDER_SECONDS
            self._start_sender()
        if self._sender is None:
            self._end_with(NO_CONSENT, said.no_consent(self._))

    def _take_place(self) -> None:
        """Become the only supervisor of these paths. Only with consent: until then no file is made."""
        if self._placed:
            return
        self._place.enter_context(only_instance(self._paths))
        self._place.enter_context(serving(self._paths, self.answer, self._desktop.tell))
        self._placed = True

    def _start_collector(self) -> None:
        self._source, self._trouble = {}, None
        self._ending = False
        self._collector_started = self._monotonic()
        self._collector = self._start(COLLECTOR)

    def _collector_said(self, text: str) -> None:
        try:
            event = json.loads(text)
        except ValueError:
            return
        match event:
            case {"event": "source", "state": str(state)}:
                self._source = {key: event.get(key) for key in ("name", "state", "reason", "refused")}
                self._was_live = self._was_live or state == "live"
            case {"event": "send"}:
                self._start_sender()
            case {"event": "storage", "trouble": str() | None as trouble}:
                self._trouble = trouble
            case {"event": "hours"}:
                self._look_at_pause()
            case {"event": "told", "text": str(told)}:
                if self._foreground:
                    print(told, file=self._out, flush=True)

    def _end_collector(self) -> None:
        if self._collector is not None and not self._ending:
            self._ending = True
            self._kill_due = self._monotonic() + _GRACE_SECONDS
            self._collector.end()

    def _collector_ended(self, code: int) -> None:
        wanted, self._ending = not self._ending, False
        self._collector, self._kill_due = None, None
        if not wanted:
            if self._pause is None and self._end_due is None:  # resumed before it had ended
                self._verify()
        elif code == NO_CONSENT:
            self._verified(code)
        elif code == NOT_INSTALLED or (code == NO_SOURCE and not self._was_live):
            self._end_with(code, None)  # the collector has said why
        else:
            self._restart_later(code)

    def _restart_later(self, code: int) -> None:
        passes = code == NO_SOURCE or self._trouble in PASSING
        wait = self._restarts.wait_seconds(self._monotonic() - self._collector_started, passes=passes)
        self._start_due = None if wait is None else self._monotonic() + wait
        self._source = said.source_that_ended(code, self._restarts, self._)
        self._say(said.why_it_ended(code, self._restarts, self._))

    # Pauses, the sender, the end

    def _look_at_pause(self) -> None:
        self._pause = self._pauses.look(int(self._now()))
        if self._pause is not None:
            self._start_due = None
            self._end_collector()

    def _start_sender(self) -> None:
        if self._send_times.may_start(self._monotonic(), self._sender is not None):
            self._sender = self._start(SENDER)

    def _start(self, module: str) -> Child:
        return self._start_child(module, self.report)

    def _ended(self, child: Child, code: int) -> None:
        if child is self._verifier:
            self._verifier = None
            self._verified(code)
        elif child is self._collector:
            self._collector_ended(code)
        elif child is self._sender:
            self._sender = None
            if self._end_due is not None and self._verifier is None:
                self._end_without_consent()

    def _end_with(self, code: int, words: str | None) -> None:
        self._exit_code = code
        if words is not None:
            self._say(words)

    def _end_all(self) -> None:
        children = {child for child in (self._collector, self._sender, self._verifier) if child is not None}
        for event in end_children(children, self._events, _END_SECONDS):
            if isinstance(event, Asked):
                self._waiting.append(event.settled)
        if self._collector not in children:
            self._collector = None
        self._show("off", None)

    # What is shown

    def _update_state(self) -> None:
        is_over, has_collector = self._end_due is not None, self._collector is not None
        state, words = said.state_and_words(
            is_over=is_over, pause=self._pause, has_collector=has_collector, source=self._source,
            failures=self._restarts.in_a_row, _=self._,
        )  # fmt: skip
        self._show(state, words)

    def _show(self, state: str, words: str | None) -> None:
        before = self._state
        self._state = {
            **said.state_shown(before, state, self._pause, self._source, int(self._now())),
            "trouble": self._trouble,
            "failures": self._restarts.in_a_row,
            "sandbox": self._sandboxes.shown,
            "supervisor_pid": os.getpid(),
            "collector_pid": self._collector.pid if self._collector is not None else None,
            "sender_pid": self._sender.pid if self._sender is not None else None,
        }
        is_new = any(before.get(name) != self._state[name] for name in ("state", "paused_for"))
        if self._foreground and words is not None and is_new:
            print(words, file=self._out, flush=True)
        self._desktop.show(self._state)

    def _say(self, words: str) -> None:
        print(f"fyraften: {words}", file=self._errors, flush=True)


def run(paths: Paths, language: str, foreground: bool) -> int:
    """Supervise until a signal, a stop, or a lack of consent ends it; return the exit code.

    Args:
        paths: where the agent keeps its files; one supervisor each.
        language: of what is said, one of ``LANGUAGES``.
        foreground: whether a person watches: then notices that no desktop showed are printed.
    """
    environ = {**child_environment(os.environ, paths.folder), "FYRAFTEN_LANGUAGE": language}
    os.umask(0o077)
    _ = translator("fyraften_agent", language)
    indicator = Indicator(os.environ, lambda click: supervisor.report(click), _)
    supervisor = Supervisor(
        paths, children_in(environ), _, foreground=foreground, out=sys.stdout, errors=sys.stderr, desktop=indicator
    )
    call_on_stop_signal(lambda: supervisor.report(Asked("stop")))
    try:
        return supervisor.run()
    except AgentError as error:
        print(f"fyraften: {error.text(_)}", file=sys.stderr, flush=True)
        return error.exit_code
    finally:
        indicator.close()


def main(arguments: list[str] | None = None) -> int:
    """Run as a process of its own: ``python -m fyraften_agent.supervisor``."""
    words = sys.argv[1:] if arguments is None else arguments
    # By hand: a parser would stay in memory all day, and only `fyraften run` and the units write these words.
    language = words[words.index("--language") + 1] if "--language" in words[:-1] else "en"
    if set(words) - {"--language", "--foreground", language} or language not in LANGUAGES:
        print("usage: python -m fyraften_agent.supervisor [--language da|nb|en] [--foreground]", file=sys.stderr)
        return BAD_USAGE
    return run(default_paths(os.environ), language, "--foreground" in words)


if __name__ == "__main__":
    raise SystemExit(main())
