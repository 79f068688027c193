"""Looks at the employee's records and asks the rules: the one place where a day or a month is put together.

Opens the store and changes nothing; where nothing was ever recorded there is no file, and the views are empty.
Not here: the figures of a view (``views.py``) and the facts format (``facts.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from fyraften_agent.clock import Clock
from fyraften_agent.errors import StoreError
from fyraften_agent.facts import facts_document, jurisdiction_of, observed_until
from fyraften_agent.paths import Paths
from fyraften_agent.sending.record_reports import ProposedDay, propose
from fyraften_agent.shown.views import DayView, MonthView, day_view, findings_of, is_window, month_view, week_view
from fyraften_agent.store.schema import WorkFile
from fyraften_agent.store.store import Store
from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.findings import Finding
from fyraften_policy.intervals import Interval, clip
from fyraften_policy.periods import (
    day_interval,
    local_date,
    month_interval,
    next_month,
    parse_date,
    week_interval,
    week_monday,
    week_start,
)

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_KEPT = timedelta(weeks=19)  # longer than work is kept
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
            return Store(WorkFile.open_to_read(file).up_to_date())
        raise


def look_at_day(paths: Paths, clock: Clock, day: date) -> DayView:
    """Return what is known of a local day, and what the rules say of it now."""
    zone, now = clock.zone(), clock.now()
    with records(paths) as store:
        if store is None:
            return day_view([], [], _NOTHING, day, zone, now)
        window = day_interval(day, zone)
        answer = judge(store, zone, now, *standing_period(day, local_date(now, zone)))
        view = day_view(store.sessions(*window), _observed(store, window, now), answer, day, zone, now)
        return replace(view, known_from=_known_from(store))


def look_at_month(paths: Paths, clock: Clock, name: str) -> MonthView:
    """Return what is known of a calendar month, such as ``2026-11``, and what the rules say of it now."""
    zone, now = clock.zone(), clock.now()
    first = parse_date(f"{name}-01")
    with records(paths) as store:
        if store is None:
            return month_view([], [], _NOTHING, name, zone, now)
        window = month_interval(name, zone)
        answer = judge(store, zone, now, first, next_month(first) - _DAY)
        view = month_view(store.sessions(*window), _observed(store, window, now), answer, name, zone, now)
        return replace(view, known_from=_known_from(store))


def look_at_week(paths: Paths, clock: Clock, name: str) -> MonthView:
    """Return what is known of an ISO week, such as ``2026-W46``, and what the rules say of it now."""
    zone, now = clock.zone(), clock.now()
    with records(paths) as store:
        if store is None:
            return week_view([], [], _NOTHING, name, zone, now)
        window = week_interval(name, zone)
        answer = judge(store, zone, now, *standing_period(week_monday(name), local_date(now, zone)))
        view = week_view(store.sessions(*window), _observed(store, window, now), answer, name, zone, now)
        return replace(view, known_from=_known_from(store))


def look_at_record(paths: Paths, clock: Clock, name: str) -> tuple[ProposedDay, ...]:
    """Return the working time that is proposed for each day of an ISO week; where nothing was recorded, for none."""
    zone, now = clock.zone(), clock.now()
    with records(paths) as store:
        if store is None:
            return propose(name, zone, [], [], now)
        window = week_interval(name, zone)
        return propose(name, zone, store.sessions(*window), _observed(store, window, now), now)


def look_at_rule(paths: Paths, clock: Clock, rule: str, day: date) -> list[Finding]:
    """Return what one rule says of a day; where it says nothing, the latest it says before; nothing where it never did.

    Asked first about the day with the weeks around it, as :func:`look_at_day` asks; a window over weeks or months is
    asked for as it ends with the day, so that the worst of other days does not stand for it.
    """
    zone, now = clock.zone(), clock.now()
    with records(paths) as store:
        if store is None:
            return []
        around = standing_period(day, local_date(now, zone))

        def asked(first: date, last: date) -> list[Finding]:
            findings = judge(store, zone, now, first, last).findings
            return [one for one in findings if one.rule == rule and one.reason != "no_complete_period"]

        of_day = [one for one in asked(day, day) if is_window(one)]
        of_day += [one for one in findings_of(day_interval(day, zone), asked(*around), ()) if not is_window(one)]
        if of_day:
            return of_day
        for first, last in ((day - _DAY, day), (around[0], day), (day - _KEPT, day)):
            if before := _latest(asked(first, last)):
                return before
    return []


def jurisdiction_here(paths: Paths, clock: Clock) -> str:
    """Return whose law holds: as the agreement says, else by the time zone."""
    with records(paths) as store:
        agreement = None if store is None else store.agreement()
    return str((agreement or {}).get("jurisdiction") or jurisdiction_of(clock.zone()))


def standing_period(day: date, today: date) -> tuple[date, date]:
    """Return the days to judge for one day, both included: from the week before to the end of its week, or today.

    Rules over weeks have a complete week so, and work that goes on past midnight is seen whole.
    """
    return week_start(day) - _WEEK, max(day, min(week_start(day) + _WEEK - _DAY, today))


def judge(store: Store, zone: str, now: int, first: date, last: date) -> Answer:
    """Return what every rule says of the local days ``first`` to ``last``, both included, with what is known now."""
    return evaluate(read_facts(facts_document(store, at=now, zone=zone, first=first, last=last)))


def _latest(findings: list[Finding]) -> list[Finding]:
    end = max((one.end for one in findings), default=0)
    return [one for one in findings if one.end == end]


def _known_from(store: Store) -> int | None:
    """Return the first instant of which anything is kept: observed, or told as work."""
    rows = store.file.rows(
        "SELECT min(start) AS start FROM observed"
        " UNION ALL SELECT min(coalesce(start, measured_start)) FROM sessions WHERE NOT removed"
    )
    return min((row["start"] for row in rows if row["start"] is not None), default=None)


def _observed(store: Store, window: Interval, now: int) -> list[Interval]:
    return clip(observed_until(store, min(window.end, now)), window)
