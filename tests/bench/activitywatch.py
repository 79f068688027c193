"""What ActivityWatch's core takes for the same work; run by ``bench.py`` with the Python that has aw-core.

Prints one JSON object: the best time of each job in seconds, and what came out, so that ours can be compared with it.
Making the events is not timed: they are the plain form in which aw-core keeps them in memory.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import years
from aw_core.models import Event
from aw_transform import filter_keyvals, filter_period_intersect, flood, merge_events_by_keys, period_union

RUNS = 3
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def main() -> None:
    """Time the three jobs."""
    logging.disable(logging.WARNING)
    windows, present, longer, shorter = (
        [event(start, end, {}) for start, end in spans] for spans in years.hundred_thousand()
    )
    found: dict[str, Any] = {}
    found["intersect"] = best(lambda: seconds(filter_period_intersect(windows, present)))
    found["union"] = best(lambda: seconds(period_union(longer, shorter)))
    used, keyboard, _ = years.busy_year()
    programs = [event(start, end, {"app": name}) for start, end, name in used]
    status = [event(start, end, {"status": name}) for start, end, name in keyboard]
    found["year"] = best(lambda: one_year(programs, status))
    json.dump(found, sys.stdout)


def one_year(programs: list[Any], status: list[Any]) -> dict[str, int]:
    """Do what the report of a year does: close small gaps, keep what was used at the keyboard, add up by program.

    The sums by day are those of the events that came out of it.
    """
    at_keyboard = filter_keyvals(flood(status), "status", ["not-afk"])
    active = filter_period_intersect(flood(programs), at_keyboard)
    merge_events_by_keys(active, ["app"])
    days: dict[str, timedelta] = defaultdict(timedelta)
    for one in active:
        days[str(one.timestamp.date())] += one.duration
    return {day: round(total.total_seconds()) for day, total in days.items()}


def event(start: int, end: int, content: dict[str, str]) -> Any:
    """Return an event of aw-core."""
    return Event(timestamp=EPOCH + timedelta(seconds=start), duration=end - start, data=content)


def seconds(events: Iterable[Any]) -> int:
    """Return how much time some events cover."""
    return round(sum((one.duration for one in events), timedelta()).total_seconds())


def best(job: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest time of several runs, without the looks for cycles as for ours, and what came out."""
    times, result = [], None
    gc.disable()
    for _ in range(RUNS):
        before = time.perf_counter()
        result = job()
        times.append(time.perf_counter() - before)
        gc.collect()
    return min(times), result


if __name__ == "__main__":
    main()
