"""Seven days in a few minutes: does anything grow that should not?  Part of ``make prove``; ends with 1 where it does.

First the collector on a simulated laptop with a real file: a week of work, lunch with a locked screen, calls, nights
asleep, changes of network.  Judging is left out there, because it is a process that ends.  Then the real processes on a
display of their own: some rounds of a hundred thousand real events, judgements, and two pauses.  After a first day, or
round, neither memory nor threads nor open files may grow any more.
Not here: what it costs (``small``).
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import tempfile
import time
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import small

from e2e import desktop, logind
from e2e.agent_processes import Agent, command, running_agent
from fakes import FakeLaptop
from fyraften_agent.processes.known import Judged, Known
from fyraften_agent.store.store import Store
from fyraften_policy.periods import parse_instant

DAYS, ROUNDS = 7, 5
EVENTS_A_ROUND = 100_000
MONDAY = 16  # of November 2026
# An allocator does not return to the byte.
SIMULATED_BYTES = 64 * 1024
REAL_MIB = 0.5
EXPECTED_FILES = {"work.sqlite3", "work.sqlite3-wal", "work.sqlite3-shm", "work.sqlite3-held"}


@dataclass(frozen=True)
class Held:
    """What is held at the end of a day or a round; memory in the unit of the comparison."""

    memory: float
    threads: int
    files: int

    def growth_since(self, first: Held, most: float) -> list[str]:
        """Return in words what has grown."""
        found = []
        if self.memory - first.memory > most:
            found.append(f"memory: {first.memory:.2f} to {self.memory:.2f}")
        if self.threads > first.threads:
            found.append(f"threads: {first.threads} to {self.threads}")
        if self.files > first.files:
            found.append(f"open files: {first.files} to {self.files}")
        return found


def main() -> int:
    """Live through both; return the exit code."""
    grown = simulated()
    lacking = desktop.missing("Xvfb", "xdotool", "dbus-daemon") or logind.reason_without()
    if lacking:
        print(f"the real processes: left out, {lacking}")
    else:
        grown += real()
    print("Nothing has grown." if not grown else "\n".join(["Grown:", *grown]))
    return 1 if grown else 0


# Simulated


def simulated() -> list[str]:
    """Live through a week on a simulated laptop."""
    with (
        tempfile.TemporaryDirectory(prefix="fyraften-soak-") as folder,
        Store.open(Path(folder) / "work.sqlite3") as store,
    ):
        laptop = FakeLaptop(store)
        laptop.start()
        laptop.have_judged = judged_elsewhere
        tracemalloc.start()
        held = []
        for day in range(DAYS):
            live_through(laptop, MONDAY + day)
            held.append(of_this_process(laptop))
            print(f"simulated day {day + 1}: {held[-1].memory / 1024:.0f} KiB, {held[-1]}", flush=True)
        tracemalloc.stop()
        strange = {file.name for file in Path(folder).iterdir()} - EXPECTED_FILES
    # The second day: what is kept once (a zone, a rule's texts) was kept in the first.
    return held[-1].growth_since(held[1], SIMULATED_BYTES) + [f"another file: {name}" for name in sorted(strange)]


def judged_elsewhere(known: Known) -> Judged:
    """Answer as the process that judges, as far as the collector hears of it."""
    return Judged(is_purged=known.is_purge_due)


def live_through(laptop: FakeLaptop, day: int) -> None:
    """Work from eight to five with a lunch at a locked screen, sleep at night; every day on two networks."""
    date = f"2026-11-{day}"
    laptop.network = b"router at home" if day % 2 else b"router at work"
    until(laptop, f"{date}T12:00", works=day < MONDAY + 5)
    laptop.screen.lock()
    until(laptop, f"{date}T12:45", works=False)
    laptop.screen.unlock()
    laptop.network = b"router elsewhere"
    until(laptop, f"{date}T17:00", works=day < MONDAY + 5)
    laptop.screen.is_kept_awake = True
    until(laptop, f"{date}T18:00", works=False)
    laptop.screen.is_kept_awake = False
    until(laptop, f"{date}T22:00", works=False)
    laptop.sleep_until(f"2026-11-{day + 1:02}T08:00")


def until(laptop: FakeLaptop, local: str, *, works: bool) -> None:
    """Let ticks pass up to a local time, with a look a minute at whether to judge."""
    end = parse_instant(local, laptop.clock.zone())
    while laptop.clock.now() < end:
        (laptop.work if works else laptop.idle)(60)
        laptop.collector.evaluate()


def of_this_process(laptop: FakeLaptop) -> Held:
    """Return what this process holds, but for what the simulated desktop remembers of what it was told."""
    laptop.told.clear()
    laptop.events.clear()
    gc.collect()
    memory, _most = tracemalloc.get_traced_memory()
    return Held(memory, len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd")))


# Real


def real() -> list[str]:
    """Live through some rounds with the real processes."""
    with small.at_a_desk() as (environ, home, screen), running_agent(environ, home) as agent:
        agent.wait_for("recording")
        held = []
        for number in range(ROUNDS):
            small.events(environ, 5000, EVENTS_A_ROUND / 5000)
            screen.lock(True)
            time.sleep(2)
            screen.lock(False)
            small.let_it_judge(agent)
            held.append(of(agent))
            print(f"round {number + 1} of {EVENTS_A_ROUND} events: {held[-1]}", flush=True)
        paused = []
        for _ in range(2):
            command(environ, home, "pause")
            command(environ, home, "resume")
            agent.wait_for("recording")
            small.events(environ, 100, 25)  # the new listener is believed when it has heard something
            small.let_it_judge(agent)
            paused.append(of(agent))
            print(f"after a pause: {paused[-1]}", flush=True)
        files = {path.name for path in agent.paths.folder.iterdir()}
        strange = {name for name in files if name.startswith("work.")} - EXPECTED_FILES
    grown = [line for last in (held[-1], *paused) for line in last.growth_since(held[0], REAL_MIB)]
    return grown + [f"another file: {name}" for name in sorted(strange)]


def of(agent: Agent) -> Held:
    """Return what all processes of the agent hold, memory in MiB."""
    pids = agent.family()
    return Held(
        sum(map(small.pss, pids)),
        sum(len(os.listdir(f"/proc/{pid}/task")) for pid in pids),
        sum(map(open_files, pids)),
    )


def open_files(pid: int) -> int:
    """Return how many files a process has open, but for the page of what is held, opened when a tick first needs it."""
    names = []
    for entry in os.scandir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            names.append(os.readlink(entry.path))
    return sum(not name.endswith("-held") for name in names)


if __name__ == "__main__":
    sys.exit(main())
