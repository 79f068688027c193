"""What the record of a week says: how long somebody worked on each of its days, as they saw and corrected it.

The totals are proposed from the sessions where there are any, and taken as they are written where there are none: a
report filed by hand is the same bytes. Only what the person stands by is proposed: activity that nobody has called work
is told beside it, as is time of which nothing is known.
Pure but for :func:`prepare_record`, which puts the report into an outbox.
Not here: the question to the person (``cli/record.py``), how a report leaves (``sender.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fyraften_agent.consent.ledger import ConsentState
from fyraften_agent.errors import InputError
from fyraften_agent.sending.enrolment import Enrolments
from fyraften_agent.sending.outbox import Item, Outbox
from fyraften_agent.sending.reports import agreed_body, is_ready
from fyraften_agent.store.store import Session
from fyraften_policy.intervals import Interval, clip, subtract, total, union
from fyraften_policy.languages import mark
from fyraften_policy.periods import day_interval, local_date, week_interval, week_monday

RECORD_WEEKLY = "fyraften.record.weekly/1"
DAYS_A_WEEK = 7
LEFT_OUT = "-"
_DAY_MINUTES = 24 * 60
_TOTAL = re.compile(r"(?:(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d))|(?:(?P<whole>\d{1,2})h)", re.ASCII)


@dataclass(frozen=True)
class ProposedDay:
    """One local day. ``minutes`` is proposed, ``None`` where it is left out; beside it what is not certain."""

    date: date
    minutes: int | None
    unconfirmed_seconds: int
    unobserved_seconds: int


def propose(
    week: str, zone: str, sessions: Iterable[Session], observed: Sequence[Interval], now: int
) -> tuple[ProposedDay, ...]:
    """Return the seven days of a week, Monday first.

    A day's work is that of its confirmed sessions, in whole minutes; half a minute counts as one. A day without work is
    zero where all of it was observed, and left out where it was not, or is not over.

    Args:
        sessions: those that touch the week, in any order.
        observed: the time within the week of which something is known.
    """
    rows = list(sessions)
    sure, waiting = (union((one.start, one.end) for one in rows if one.confirmed is said) for said in (True, False))
    waiting = subtract(waiting, sure)
    monday = week_monday(week)
    return tuple(
        _proposed(monday + timedelta(days=number), zone, sure, waiting, observed, now) for number in range(DAYS_A_WEEK)
    )


def _proposed(
    day: date,
    zone: str,
    sure: Sequence[Interval],
    waiting: Sequence[Interval],
    observed: Sequence[Interval],
    now: int,
) -> ProposedDay:
    whole = day_interval(day, zone)
    worked = total(clip(sure, whole))
    unobserved = total(subtract([Interval(whole.start, min(whole.end, now))], observed)) if whole.start < now else 0
    is_known = whole.end <= now and not unobserved
    minutes = min(_DAY_MINUTES, (worked + 30) // 60) if worked or is_known else None
    return ProposedDay(day, minutes, total(clip(waiting, whole)), unobserved)


def read_total(text: str) -> int | None:
    """Return the minutes of ``7:24`` or ``8h``, and ``None`` for ``-``: the day is left out.

    Raises:
        InputError: it is neither, or more than a day.
    """
    if text == LEFT_OUT:
        return None
    found = _TOTAL.fullmatch(text.strip())
    minutes = -1 if found is None else 60 * int(found["hours"] or found["whole"]) + int(found["minutes"] or 0)
    if not 0 <= minutes <= _DAY_MINUTES:
        raise InputError(
            mark("{text} is no working time of a day. Write hours and minutes, such as 7:24, or - to leave it out."),
            text=text,
        )
    return minutes


def write_total(minutes: int | None) -> str:
    """Return the text that :func:`read_total` reads."""
    return LEFT_OUT if minutes is None else f"{minutes // 60}:{minutes % 60:02}"


def record_weekly(week: str, minutes: Sequence[int | None]) -> dict[str, Any]:
    """Return the values of a week's report; ``minutes`` are those of its seven days, Monday first."""
    return {"week": week, "minutes": list(minutes)}


def prepare_record(
    outbox: Outbox,
    enrolments: Enrolments,
    consent: ConsentState,
    week: str,
    minutes: Sequence[int | None],
    now: int,
    zone: str,
) -> Item:
    """Put the record of a week into the outbox, held, in place of one that has not left.

    Raises:
        InputError: nobody would receive it, the week has not begun, a day to come has working time, or all seven days
            are left out.
    """
    enrolment = enrolments.current("record")
    if not consent.is_given or enrolment is None or not is_ready(enrolment):
        raise InputError(
            mark(
                "Nobody would receive it yet: agree to record with your personal code first "
                "(fyraften consent give record --server … --code …)."
            )
        )
    today = local_date(now, zone)
    if week_interval(week, zone).start > now:
        raise InputError(mark("{week} has not begun. Name a week such as the one before this."), week=week)
    for number, day in enumerate(minutes):
        if day and week_monday(week) + timedelta(days=number) > today:
            raise InputError(
                mark("{date} is still to come: leave its working time out (-) until it is over."),
                date=(week_monday(week) + timedelta(days=number)).isoformat(),
            )
    body = agreed_body(RECORD_WEEKLY, record_weekly(week, minutes), consent, today)
    if body is None:
        raise InputError(mark("The record of {week} would say nothing: all seven days are left out."), week=week)
    return outbox.replace(body, enrolment.subject, now)
