"""Work in hours that Norwegian law keeps free of work: nights, Sundays and public holidays.

Each local date with work is looked at by itself. Unobserved time does not matter here: only reported work is judged.
Not here: which hours those are (see ``no_night.py`` and ``no_sunday.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts, day_spans
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step, duration, moment
from fyraften_policy.intervals import Interval, clip, intersect, total
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle


class FreeHours(NamedTuple):
    """The hours of one date that must be free of work, and the sentences that say why."""

    hours: Sequence[Interval]
    steps: tuple[Step, ...]


class FreeHoursRule(NamedTuple):
    """One rule: its id and force, the parameter it is cited by, and the free hours of a date.

    ``hours_on`` raises ``NotInForceError`` where the law has no value.
    """

    rule: str
    force: str
    cited: str
    hours_on: Callable[[Facts, date], FreeHours]


def judge_dates(facts: Facts, rule: FreeHoursRule) -> list[Finding]:
    """Return one finding for each local date of the period with work, sorted.

    ``measured`` is the work in the free hours of the date in seconds, ``limit`` zero.
    """
    judged = settle(facts, lambda scenario: _judge_dates(facts, rule, scenario), nothing=MET, has_holes=False)
    return [_finding(facts, rule, day, judged[day]) for day in sorted(judged)]


def clock_instant(day: date, hour: InForce | Decimal, zone: str) -> int:
    """Return the instant of a clock hour such as 18 or 21.5 on a date; 24 is the midnight at its end."""
    amount = hour.amount if isinstance(hour, InForce) else hour
    minutes = round(amount * 60)
    if minutes == 24 * 60:
        return periods.start_of_day(day + periods.DAY, zone)
    return periods.clock_instant(day, time(minutes // 60, minutes % 60), zone)


def clock_text(hour: InForce) -> str:
    """Return a clock hour as ``18:00``."""
    hours, minutes = divmod(round(hour.amount * 60), 60)
    return f"{hours:02}:{minutes:02}"


def _judge_dates(facts: Facts, rule: FreeHoursRule, scenario: Scenario) -> Mapping[date, Judgement]:
    work = clip(facts.reported(scenario.with_unconfirmed), facts.period)
    return {day: _judge_date(facts, rule, day, spans) for day, spans in day_spans(work, facts.zone).items()}


def _judge_date(facts: Facts, rule: FreeHoursRule, day: date, work: Sequence[Interval]) -> Judgement:
    try:
        free = rule.hours_on(facts, day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    inside = intersect(work, free.hours)
    seconds = total(inside)
    steps = (*free.steps, *_steps(facts, inside, seconds))
    return Judgement(BROKEN if seconds else MET, seconds, 0, steps)


def _steps(facts: Facts, inside: Sequence[Interval], seconds: int) -> Iterator[Step]:
    for span in inside:
        values = {"start": moment(span.start, facts.zone), "end": moment(span.end, facts.zone)}
        yield Step(mark("Work in them from {start} to {end}."), values)
    if seconds:
        yield Step(mark("In these hours: {time}."), {"time": duration(seconds)})
    else:
        yield Step(mark("No work in these hours."))


def _finding(facts: Facts, rule: FreeHoursRule, day: date, judgement: Judgement) -> Finding:
    whole = periods.day_interval(day, facts.zone)
    start, end = max(whole.start, facts.period.start), min(whole.end, facts.period.end)
    try:
        value = facts.parameters.on(rule.cited, day)
    except NotInForceError:
        value = None
    return Finding(
        rule.rule, judgement.verdict, rule.force, start, end, known_parameter(rule.cited).citation,
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip
