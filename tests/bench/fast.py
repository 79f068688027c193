"""How fast the rules are: ours and the peers on the same work, in one run (part of ``make bench``).

(a) union and intersection and (b) a year of raw intervals against ActivityWatch's core, in process; (c) ten years as
whole processes against Timewarrior; (d) growth. Of each time the best of several is taken, ours and theirs: what other
programs of the machine take away is then left out on both sides.
Not here: assertions. Installing the peers is in ``peers.py``, their work in ``activitywatch.py`` and ``years.py``.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import peers
import years

from fyraften_agent.facts import facts_document
from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan, ObservedTime
from fyraften_agent.store.store import Store
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.intervals import intersect, join, total, union
from fyraften_policy.periods import format_instant, parse_instant, split_by_day

FYRAFTEN = str(Path(sys.executable).with_name("fyraften"))
ZONE = "Europe/Copenhagen"
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
TODAY = date(2026, 11, 20)
RUNS = 7
LONG_SECONDS = 3.0


def main() -> None:
    """Measure and print."""
    print(f"\n{'the rules':58} {'ours':>12} {'peer':>12} {'':>13}  goal")
    with tempfile.TemporaryDirectory(prefix="fyraften-bench-") as folder:
        against_activitywatch(Path(folder))
        against_timewarrior(Path(folder))
        growth()
        today(Path(folder))
        lines(Path(folder))


def faster(what: str, ours: float, peer: float, goal: float | None, name: str) -> None:
    """Print how many times ours is faster than a peer; times in seconds."""
    wanted = "for comparison" if goal is None else f"at least {goal:g}×"
    shown = f"{what:58} {ours * 1000:9.1f} ms {peer * 1000:9.1f} ms {peer / ours:6.1f}× faster"
    print(f"{shown}  {wanted:14}  {name}", flush=True)


def times(what: str, more: float, less: float, unit: str, goal: str) -> None:
    """Print how many times as much something is."""
    print(f"{what:58} {more:9.1f} {unit:2} {less:9.1f} {unit:2} {more / less:6.2f}×         {goal}", flush=True)


def best(job: Callable[[], object], runs: int = RUNS) -> float:
    """Return the shortest time of several runs in seconds, without the looks for cycles, as ``timeit`` measures.

    A short job runs as long in all as the peer's long one, so that both meet the machine at rest as often.
    """
    taken: list[float] = []
    gc.disable()
    while len(taken) < runs or sum(taken) < LONG_SECONDS:
        before = time.perf_counter()
        job()
        taken.append(time.perf_counter() - before)
        gc.collect()
    gc.enable()
    return min(taken)


# (a) and (b): in process, from plain lists in memory


def against_activitywatch(folder: Path) -> None:
    """Compare with ActivityWatch's core, whose results must be ours."""
    peer = peers.activitywatch(folder)
    if isinstance(peer, str):
        print(f"ActivityWatch's core: left out, {peer}")
        return
    windows, present, longer, shorter = years.hundred_thousand()
    same("intersection", total(intersect(windows, present)), peer["intersect"][1])
    same("union", total(union([*longer, *shorter])), peer["union"][1])
    name = peers.AW_CORE
    faster("union of 100,000 intervals", best(lambda: union([*longer, *shorter])), peer["union"][0], 25, name)
    faster(
        "intersection of 100,000 with 25,000 intervals",
        best(lambda: intersect(windows, present)),
        peer["intersect"][0],
        25,
        name,
    )
    raw = years.busy_year()
    same("sums by day", one_year(*raw), peer["year"][1])
    faster("a year, 75,000 raw intervals: all Danish rules", best(lambda: one_year(*raw)), peer["year"][0], 50, name)


def one_year(windows: list[years.Named], keyboard: list[years.Named], places: list[years.Named]) -> dict[str, int]:
    """Do what we do with raw intervals, and then judge them by every Danish rule; return the sums by day.

    The peer closes gaps, keeps what was used at the keyboard, adds up by program, and sums by day: its report of a year
    (``activitywatch.py``). Ours keeps what was used at the keyboard and sums it by day, too, and the sums must be the
    same. In place of the programs, which we never ask about, come the places: activity at one place with gaps under a
    quarter of an hour is a session, and the sessions are judged. The peer judges nothing.
    """
    at_keyboard = [(start, end) for start, end, status in keyboard if status == "not-afk"]
    active = intersect(map(itemgetter(0, 1), windows), at_keyboard)
    days: dict[date, int] = defaultdict(int)
    for day, start, end in split_by_day(active, "UTC"):
        days[day] += end - start
    work = [
        {"start": format_instant(start, "UTC"), "end": format_instant(end, "UTC"), "place": place}
        for place in ("home", "fixed_site")
        for start, end in join(intersect(active, [(begin, over) for begin, over, kind in places if kind == place]), 900)
    ]
    evaluate(read_facts({"jurisdiction": "DK", "zone": ZONE, "public_holidays": [], "work": work, **agreed()}))
    return {str(day): seconds for day, seconds in days.items()}


def same(what: str, ours: object, theirs: object) -> None:
    """End the run if two that are to be compared did not do the same work."""
    if ours != theirs:
        raise SystemExit(f"{what}: ours and the peer's differ, so their times cannot be compared.")


# (c): whole processes, each writing to a file


def against_timewarrior(folder: Path) -> None:
    """Compare ``fyraften check`` with ``timew summary`` on the same ten years."""
    environ = plain_environment(folder)
    document = folder / "ten.json"
    # Sessions and places only, which is what Timewarrior has: an agreement would give one rule more to judge.
    document.write_text(json.dumps({**facts_of(10), "agreement": {}}), encoding="utf-8")
    ours = best(lambda: run([FYRAFTEN, "check", str(document)], environ, folder))
    peer = peers.timewarrior(folder, environ)
    if isinstance(peer, str):
        print(f"Timewarrior: left out, {peer}")
        return
    summary = best(lambda: run(["timew", "summary", ":all"], {**environ, **peer}, folder))
    faster("fyraften check, ten years, 10,000 sessions", ours, summary, 2, "timew summary :all")
    # Without TZ, as on a laptop, the C library looks at the zone's file for each local time that timew asks for.
    with_zone = best(lambda: run(["timew", "summary", ":all"], {**environ, **peer, "TZ": "UTC"}, folder))
    faster("the same, the peer told its zone in TZ", ours, with_zone, None, "timew summary :all")


def plain_environment(folder: Path) -> dict[str, str]:
    """Return an environment in which nothing of this one slows a process down."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder)}


def run(command: list[str], environ: Mapping[str, str], folder: Path) -> None:
    """Run a whole process that writes to a file."""
    with (folder / "out").open("wb") as out:
        subprocess.run(command, env=dict(environ), stdout=out, check=True, timeout=600)


def facts_of(count: int) -> dict[str, Any]:
    """Return the facts of some years with agreed hours, so that every rule has something to judge."""
    work = [
        {"start": f"{start:%Y-%m-%dT%H:%M}", "end": f"{end:%Y-%m-%dT%H:%M}", "place": place}
        for start, end, place in years.sessions(count)
    ]
    return {"jurisdiction": "DK", "zone": ZONE, "work": work, **agreed()}


def agreed() -> dict[str, Any]:
    """Return an agreement on normal hours."""
    return {"agreement": {"normal_hours": {day: [["08:00", "16:00"]] for day in WORKDAYS}}}


# (d): growth


def growth() -> None:
    """Compare ten years with one."""

    def judged(count: int) -> Callable[[], object]:
        document = {**facts_of(count), "public_holidays": []}
        return lambda: evaluate(read_facts(document))

    one, ten = best(judged(1)), best(judged(10))
    times("ten times the sessions: judging ten years and one", ten * 1000, one * 1000, "ms", "at most 11×")


def today(folder: Path) -> None:
    """Compare judging today again, after one more session, in the agent's file of ten years and of one."""
    taken = []
    for count in (1, 10):
        with Store.open(folder / f"{count}.sqlite3") as store:
            keep(store, count)
            evening = parse_instant(f"{TODAY}T18:00", ZONE)
            taken.append(min(rejudged(store, evening + 60 * index) for index in range(RUNS)))
    one, ten = taken
    times("today again after one more session: kept ten years and one", ten * 1000, one * 1000, "ms", "the same")


def rejudged(store: Store, now: int) -> float:
    """Return the time that one more session and what is then said of today take."""
    gc.collect()
    before = time.perf_counter()
    store.add_session(now - 50, now, ZONE, None, None, True, now)
    evaluate(read_facts(facts_document(store, at=now, zone=ZONE, first=TODAY, last=TODAY)))
    return time.perf_counter() - before


def keep(store: Store, count: int) -> None:
    """Fill a store with so many years of four sessions on each working day."""
    sessions: list[MeasuredSession] = []
    spans: list[MeasuredSpan] = []
    first = TODAY - timedelta(days=365 * count)
    for offset in range(365 * count + 1):
        day = first + timedelta(days=offset)
        for clock in ("08:00", "10:00", "13:00", "15:00") if day.weekday() < 5 else ():
            start, number = parse_instant(f"{day}T{clock}", ZONE), len(sessions) + 1
            sessions.append(MeasuredSession(number, start, start + 5400, False))
            spans.append(MeasuredSpan(number, start, start + 5400, 80))
    seen = ObservedTime(1, parse_instant(f"{first}T00:00", ZONE), parse_instant(f"{TODAY}T23:00", ZONE), "shutdown")
    store.write_measured(Changes(tuple(spans), tuple(sessions), (seen,)), ZONE, "a" * 64)


def lines(folder: Path) -> None:
    """Compare the memory for ten thousand documents, a line each, with that for a thousand."""
    few, many = (peak(folder, count) for count in (1_000, 10_000))
    times("fyraften check, memory for 10,000 lines and for 1,000", many, few, "MiB", "the same")


def peak(folder: Path, count: int) -> float:
    """Return the most memory that checking so many lines took, in MiB."""
    path = folder / f"{count}.jsonl"
    week = {**facts_of(1), "public_holidays": []}
    week["work"] = week["work"][:20]
    path.write_text("".join(json.dumps({**week, "id": number}) + "\n" for number in range(count)), encoding="utf-8")
    command = [sys.executable, "-c", _LAUNCHER, FYRAFTEN, "check", str(path)]
    done = subprocess.run(command, env=plain_environment(folder), capture_output=True, check=True, text=True)
    return int(done.stdout) / 1024


# A process is charged with what the one that started it had in memory, so a small one starts it.
_LAUNCHER = """
import os, resource, sys
from subprocess import DEVNULL, run
run(sys.argv[1:], stdout=DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


if __name__ == "__main__":
    main()
