"""A look at something again after some months: the plain function behind the advice on eye tests and on checks.

Judged on one local date, the last of the period that has begun. From the date on which the months are over it is
advice. A date later than the one judged tells nothing about it.
Not here: what is to be looked at (see the modules that call this).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ADVICE, MET, NOT_JUDGED, Finding, Step
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce, known_parameter
from fyraften_policy.rules.our_reading import Sentences, reading_step
from fyraften_policy.unknowns import Judgement

_WORDS = Sentences(
    mark("No text sets an interval; in our reading it is time again after {value} months [{source}]."),
    mark("Your agreement sets it again after {value} months."),
)


class Reminder(NamedTuple):
    """One piece of advice: its id and force, the parameter with its months, when it was done, and a sentence on that.

    ``done`` is a sentence with the placeholder ``{day}``.  ``trouble`` is a day on which there was cause not to
    wait: it counts until it was done on that day or later.
    """

    rule: str
    force: str
    interval: str
    last: date | None
    done: str
    trouble: date | None = None


def judge_reminder(facts: Facts, reminder: Reminder) -> list[Finding]:
    """Return one finding, none where the period has not begun.

    ``measured`` is the whole months since it was done, ``limit`` those after which to do it again.
    """
    day = min(periods.local_date(facts.at, facts.zone), facts.end_day - periods.DAY)
    if day < facts.first_day:
        return []
    if _is_due_at_once(reminder, day):
        return [_finding(facts, reminder, day, None, _at_once(reminder, day))]
    try:
        interval = facts.parameters.on(reminder.interval, day)
    except NotInForceError:
        return [_finding(facts, reminder, day, None, Judgement(NOT_JUDGED, reason="no_value"))]
    return [_finding(facts, reminder, day, interval, _judge_on(day, reminder, interval))]


def months_after(day: date, months: int) -> date:
    """Return the same date some months later, or the last date of that month where it has no such date."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, (periods.next_month(first) - periods.DAY).day))


def _is_due_at_once(reminder: Reminder, day: date) -> bool:
    if reminder.trouble is None or reminder.trouble > day:
        return False
    return reminder.last is None or reminder.last > day or reminder.last < reminder.trouble


def _at_once(reminder: Reminder, day: date) -> Judgement:
    known = reminder.last is not None and reminder.last <= day
    done = (Step(reminder.done, {"day": str(reminder.last)}),) if known else ()
    noted = mark("On {day} it was noted that the eyes trouble at the screen.")
    at_once = mark("Then another test is suggested at once, however long ago the last one was.")
    return Judgement(ADVICE, steps=(*done, Step(noted, {"day": str(reminder.trouble)}), Step(at_once)))


def _judge_on(day: date, reminder: Reminder, interval: InForce) -> Judgement:
    if reminder.last is None or reminder.last > day:
        return Judgement(NOT_JUDGED, reason="no_date")
    months = int(interval.amount)
    due = months_after(reminder.last, months)
    message = mark("On {day} that day has come.") if day >= due else mark("On {day} that day is still to come.")
    steps = (
        Step(reminder.done, {"day": reminder.last.isoformat()}),
        reading_step(_WORDS, interval, str(months)),
        Step(mark("That is from {due} on."), {"due": due.isoformat()}),
        Step(message, {"day": day.isoformat()}),
    )
    return Judgement(ADVICE if day >= due else MET, _whole_months(reminder.last, day), months, steps)


def _whole_months(first: date, day: date) -> int:
    months = 12 * (day.year - first.year) + day.month - first.month
    return months if months_after(first, months) <= day else months - 1


def _finding(facts: Facts, reminder: Reminder, day: date, interval: InForce | None, judgement: Judgement) -> Finding:
    start, end = periods.day_interval(day, facts.zone)
    return Finding(
        reminder.rule, judgement.verdict, reminder.force, start, min(end, max(start, facts.at)),
        known_parameter(reminder.interval).citation, judgement.measured, judgement.limit, "month", interval,
        judgement.steps, judgement.reason,
    )  # fmt: skip
