"""Looks at the employee's records and asks the rules: the one place where a day or a month is put together.

Opens the store and changes nothing; where nothing was ever recorded there is no file, and the views are empty.
Not here: the figures of a view (``views.py``) and the facts format (``facts.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

from fyraften_agent.clock import Clock
from fyraften_agent.errors import StoreError
from fyraften_agent.facts import facts_document, observed_until
from fyraften_agent.paths import Paths
from fyraften_agent.store import Store
from fyraften_agent.store_schema import WorkFile
from fyraften_agent.views import DayView, MonthView, day_view, month_view
from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.intervals import Interval, clip
from fyraften_policy.periods import day_interval, month_interval, next_month, parse_date, week_start

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_NOTHING = Answer(id=None, zone="UTC", findings=(), summary={}, forecast=None)


@contextmanager
def records(paths: Paths) -> Iterator[Store | None]:
    """Give the store, or ``None`` where nothing was ever recorded; makes no file."""
    if not paths.work.exists():
        yield None
        return
    with _opened(paths.work) as store:
        yield store


def _opened(file: Path) -> Store:
    """Open the records; where nothing can be written, what is there can still be read."""
    try:
        return Store.open(file)
    except StoreError as failure:
        if failure.trouble in ("locked", "damaged"):
            raise
        with suppress(StoreError):
            return Store(WorkFile.open_to_read(file))
        raise


def look_at_day(paths: Paths, clock: Clock, day: date) -> DayView:
    """Return what is known of a local day, and what the rules say of it now."""
    zone, now = clock.zone(), clock.now()
    with records(paths) as store:
        if store is None:
            return day_view([], [], _NOTHING, day, zone, now)
        window = day_interval(day, zone)
        answer = judge(store, zone, now, *standing_period(day))
        return day_view(store.sessions(*window), _observed(store, window, now), answer, day, zone, now)


def look_at_month(paths: Paths, clock: Clock, name: str) -> MonthView:
    """Return what is known of a calendar month, such as ``2026-11``, and what the rules say of it now."""
    zone, now = clock.zone(), clock.now()
    first = parse_date(f"{name}-01")
    with records(paths) as store:
        if store is None:
            return month_view([], [], _NOTHING, name, zone, now)
        window = month_interval(name, zone)
        answer = judge(store, zone, now, first, next_month(first) - _DAY)
        return month_view(store.sessions(*window), _observed(store, window, now), answer, name, zone, now)


def standing_period(day: date) -> tuple[date, date]:
    """Return the days to judge for one day: with the week before, so that rules over weeks have a complete one."""
    return week_start(day) - _WEEK, day


def judge(store: Store, zone: str, now: int, first: date, last: date) -> Answer:
    """Return what every rule says of the local days ``first`` to ``last``, both included, with what is known now."""
    return evaluate(read_facts(facts_document(store, at=now, zone=zone, first=first, last=last)))


def _observed(store: Store, window: Interval, now: int) -> list[Interval]:
    return clip(observed_until(store, min(window.end, now)), window)
