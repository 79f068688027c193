"""``python -m fyraften_agent.collector``: the process that senses and keeps.

Gives up the network and the person's files, checks consent before anything else, puts the real devices together, and
lets a scheduler run the jobs of ``collecting.Collector``.  The only module that imports APScheduler.  The supervisor
starts it, reads its events (one JSON line each) and ends it: by a signal, or by closing its standard input.  It ends
when its supervisor does.
Not here: what the jobs do (``collecting``), judging and telling (``judging``, a process that ends), any network.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from fyraften_agent.clock import Clock, SystemClock
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.errors import AgentError, NoConsentError, StoreError
from fyraften_agent.mending.mending import open_mended
from fyraften_agent.mending.told import tell_of_pause
from fyraften_agent.paths import Paths, default_paths
from fyraften_agent.processes.child_process import child_environment
from fyraften_agent.processes.judge_process import JudgeProcess, compile_once
from fyraften_agent.processes.single_instance import only_instance
from fyraften_agent.processes.stop_signals import call_on_stop_signal
from fyraften_agent.recording.activity import TICK_SECONDS
from fyraften_agent.recording.collecting import Collector, Outside
from fyraften_agent.recording.place_key import load_place_key
from fyraften_agent.recording.recording import Senses
from fyraften_agent.recording.without_asyncio import asyncio_left_out
from fyraften_agent.sandbox.sandbox import confine_collector
from fyraften_agent.sensors import SourceUnavailableError
from fyraften_agent.store.schema import is_up_to_date
from fyraften_agent.store.store import Store
from fyraften_policy.languages import Translate, choose_language, mark, translator

__all__ = ["Collector", "Outside", "Senses", "main"]

EVALUATE_SECONDS = 60
LATE_SECONDS = 3 * TICK_SECONDS
SELDOM_SECONDS = 60

Message = str | BaseException
"""What the main thread waits for: ``stop``, ``changed``, ``look``, ``judge``, or the failure of a job."""


def main() -> int:
    """Run until told to stop; return the exit code."""
    os.umask(0o077)
    paths = default_paths(os.environ)
    _ = translator("fyraften_agent", choose_language([os.environ.get("FYRAFTEN_LANGUAGE", "en")]))
    compile_once()
    try:
        emit(confine_collector(paths).as_event())  # before any thread, and before anything is read
    except AgentError as error:
        return _ended_by(error, _)
    messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
    call_on_stop_signal(lambda: messages.put("stop"))
    try:
        return _run(paths, messages, _)
    except SourceUnavailableError as error:
        emit({"event": "source", "name": error.source, "state": "none", "reason": error.text(_)})
        return _ended_by(error, _)
    except AgentError as error:
        return _ended_by(error, _)


def emit(event: dict[str, Any]) -> None:
    """Tell the supervisor; when it has gone, standard input has ended, too, and so does the collector."""
    with contextlib.suppress(OSError, ValueError):
        print(json.dumps(event), flush=True)


def _run(paths: Paths, messages: queue.SimpleQueue[Message], _: Translate) -> int:
    from fyraften_agent.verify_ledger import verify_in_process

    clock = SystemClock()
    consents = Consents(paths, verify=verify_in_process)
    # Before anything is opened: without consent there shall be no file.
    if not consents.is_given("recording", clock.now()):
        raise NoConsentError(
            mark("Nothing is recorded without your consent. Give it with: fyraften consent give recording")
        )
    with only_instance(paths, "collector"), _records(paths, clock) as store:
        tell_of_pause(store, paths.folder, clock.now(), clock.zone(), emit, _)
        judge = JudgeProcess(paths, emit, _complain)
        outside = Outside(
            may_record=lambda: consents.is_given("recording", clock.now()),
            shutting_down=_shutting_down,
            judge=judge.judge,
            emit=emit,
            look_soon=lambda: messages.put("look"),
            judge_soon=lambda: messages.put("judge"),
        )
        collector = _collector(paths, clock, outside, store, _)
        threading.Thread(target=_read_lines, args=(messages,), name="lines", daemon=True).start()
        try:
            collector.start()
            return serve(collector, clock, messages, _=_)
        finally:
            judge.end()
            collector.stop()


def _records(paths: Paths, clock: Clock) -> Store:
    """Open the records, mended where they are damaged, and brought up to date."""
    return open_mended(paths.work, clock.now(), clock.zone(), lambda: _bring_up_to_date(paths))


def _bring_up_to_date(paths: Paths) -> None:
    """Let a process that ends lay out the tables, where that is still to be done: it needs the database library."""
    if not is_up_to_date(paths.work):
        command = [sys.executable, "-P", "-m", "fyraften_agent.store.migrations"]
        with contextlib.suppress(OSError, subprocess.SubprocessError):  # then it is done here
            subprocess.run(command, env=child_environment(os.environ, paths.folder), timeout=60, check=False)


def _collector(paths: Paths, clock: SystemClock, outside: Outside, store: Store, _: Translate) -> Collector:
    """Put the real devices together."""
    from fyraften_agent.sensors.choosing import ChosenInput, choice_of
    from fyraften_agent.sensors.displays import has_outer_display
    from fyraften_agent.sensors.machine import boot_time
    from fyraften_agent.sensors.network import gateway_identity
    from fyraften_agent.sensors.screens import screen

    source = ChosenInput(lambda: choice_of(store.choices.get("source")))
    senses = Senses(
        clock, source, gateway_identity, load_place_key(paths.keys), boot_time, screen(os.environ), has_outer_display
    )
    return Collector(senses, outside, store, _)


def _shutting_down() -> bool:
    from fyraften_agent.sensors.machine import shutting_down

    return shutting_down()


def _complain(words: str) -> None:
    print(f"fyraften: {words}", file=sys.stderr, flush=True)


def serve(
    collector: Collector,
    clock: Clock,
    messages: queue.SimpleQueue[Message],
    late_seconds: float = LATE_SECONDS,
    seldom_seconds: float = SELDOM_SECONDS,
    _: Translate = str,
) -> int:
    """Let the jobs run until somebody says stop or a job fails; return the exit code.

    Args:
        late_seconds: without a tick for so long, all jobs are run now.
        seldom_seconds: between two looks while the screen is locked; the scheduler sleeps meanwhile.
    """
    with _scheduled(collector, messages, _) as jobs:
        while True:
            jobs.rest(collector.may_look_seldom)
            try:
                message = messages.get(timeout=seldom_seconds if jobs.are_resting else late_seconds)
            except queue.Empty:
                # A wall clock that was set back would let the scheduler wait until it has caught up.
                if jobs.are_resting:
                    jobs.look()
                elif collector.ticked_at is None or clock.monotonic() - collector.ticked_at > late_seconds:
                    jobs.run_now()
                continue
            if isinstance(message, BaseException):
                return _ended_by(message, _)
            if message == "stop":
                collector.stop()
                return 0
            if message == "changed":
                collector.look_again()
            if message in ("changed", "look") or jobs.are_resting:
                jobs.look()
            if message in ("changed", "judge"):
                # After the look: what has just begun shall not be judged without it.
                jobs.run_now(collector.evaluate.__name__)


class _Jobs:
    """The jobs of a scheduler: all of them now, none for a while, or one look in this thread."""

    def __init__(self, scheduler: Any, look: Callable[[], None]) -> None:
        self._scheduler, self.look = scheduler, look
        self.are_resting = False

    def run_now(self, name: str | None = None) -> None:
        """Run the job of that name, or all."""
        for job in self._scheduler.get_jobs():
            if name in (None, job.name):
                job.modify(next_run_time=datetime.now(UTC))

    def rest(self, are_resting: bool) -> None:
        """Let the scheduler sleep without waking up, or go on with everything that is due."""
        if are_resting == self.are_resting:
            return
        self.are_resting = are_resting
        if are_resting:
            self._scheduler.pause()
        else:
            self._scheduler.resume()
            self.run_now()


@contextlib.contextmanager
def _scheduled(collector: Collector, messages: queue.SimpleQueue[Message], _: Translate) -> Iterator[_Jobs]:
    """Run the jobs.

    The tick has a thread of its own: a desktop that takes half a minute to show a notice must not make it late.
    """
    with asyncio_left_out():
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler
        from apscheduler.triggers.interval import IntervalTrigger

    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"tick": ThreadPoolExecutor(1), "default": ThreadPoolExecutor(1)},
        # A job that was due while the computer slept, or before the clock was moved, runs late and once.
        # One at a time, each has but one thread; what is asked for while one runs comes right after it.
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 2},
    )
    for job, seconds, executor in (
        (collector.tick, TICK_SECONDS, "tick"),
        (collector.evaluate, EVALUATE_SECONDS, "default"),
    ):
        trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
        scheduler.add_job(_guarded(job, messages, _), trigger, executor=executor, name=job.__name__)

    scheduler.start()
    jobs = _Jobs(scheduler, _guarded(collector.tick, messages, _))
    # What was typed until now is seen now: the first look may be some seconds old.
    jobs.run_now(collector.tick.__name__)
    try:
        yield jobs
    finally:
        # A job that still runs is not waited for: what was measured is written already.
        scheduler.shutdown(wait=False)


def _guarded(job: Callable[[], object], messages: queue.SimpleQueue[Message], _: Translate) -> Callable[[], None]:
    """Return the job so that its failure reaches the main thread, where the scheduler would only log it."""

    def run() -> None:
        try:
            job()
        except StoreError as error:
            # A full disk or a lock passes, and what was measured waits in memory: ending now would lose it.
            if not error.is_passing:
                messages.put(error)
        except BaseException as error:
            messages.put(error)

    return run


def _read_lines(messages: queue.SimpleQueue[Message]) -> None:
    """Hand on the supervisor's lines; the end of the lines is the end of the collector."""
    # Not sys.stdin: its lock, held by a thread that waits, would break the interpreter's end.
    rest = b""
    while block := os.read(0, 4096):
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            if line.strip() == b"changed":
                messages.put("changed")
    messages.put("stop")


def _ended_by(error: BaseException, _: Translate) -> int:
    if isinstance(error, AgentError):
        if isinstance(error, StoreError):
            emit({"event": "storage", "trouble": error.trouble})
        print(f"fyraften: {error.text(_)}", file=sys.stderr, flush=True)
        return error.exit_code
    traceback.print_exception(error)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
