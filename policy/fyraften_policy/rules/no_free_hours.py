"""Work in hours that Norwegian law keeps free of work: nights, Sundays and public holidays.

Each local date with work is looked at by itself. Unobserved time does not matter here: only reported work is judged.
Both rules leave room for work whose nature makes it necessary; no fact tells that, so the steps name it.
Not here: which hours those are (see ``no_night.py`` and ``no_sunday.py``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step, duration, moment
from fyraften_policy.intervals import Interval, intersect
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce, known_parameter
from fyraften_policy.rules.comparing import of_the_clock
from fyraften_policy.unknowns import Judgement, Scenario, settle

_HOUR_SECONDS, _DAY_SECONDS = 3600, 86_400
NO_WORK = Step(mark("No work lies in these hours."))


class FreeHours(NamedTuple):
    """The hours of one date that must be free of work, sorted, and the sentences that say why.

    ``met`` are the sentences where no work lies in them, made once for all dates that share them.
    """

    hours: Sequence[Interval]
    steps: tuple[Step, ...]
    met: tuple[Step, ...]


class FreeHoursRule(NamedTuple):
    """One rule: its id and force, the parameter it is cited by, and the free hours of a date.

    ``hours_on`` raises ``NotInForceError`` where the law has no value; ``value_on`` is the number that the free hours
    of a date with one are judged by. ``not_allowed`` is what the law says of work in them.
    """

    rule: str
    force: str
    cited: str
    hours_on: Callable[[date], FreeHours]
    value_on: Callable[[date], InForce]
    not_allowed: str


def judge_dates(facts: Facts, rule: FreeHoursRule) -> list[Finding]:
    """Return one finding for each local date of the period with work, sorted.

    ``measured`` is the work in the free hours of the date in seconds, ``limit`` zero.
    """
    judged = settle(facts, lambda scenario: _judge_dates(facts, rule, scenario), nothing=MET, has_holes=False)
    source = known_parameter(rule.cited).citation
    findings = []
    for day in sorted(judged):
        verdict, measured, limit, steps, reason = judged[day]
        value = None if limit is None else rule.value_on(day)
        start, end = periods.day_interval(day, facts.zone)
        findings.append(
            Finding(
                rule.rule, verdict, rule.force, start, min(end, facts.period.end), source,
                measured, limit, "second", value, steps, reason,
            )
        )  # fmt: skip
    return findings


def clock_instant(day: date, seconds: int, zone: str) -> int:
    """Return the instant at which the clock shows a time, in seconds after midnight; 24 h is the end of the date."""
    start, end = periods.day_interval(day, zone)
    if seconds == _DAY_SECONDS:
        return end
    if end - start == _DAY_SECONDS:
        return start + seconds
    return periods.clock_instant(day, time(seconds // _HOUR_SECONDS, seconds // 60 % 60), zone)


def clock_seconds(hour: InForce) -> int:
    """Return a clock hour such as 18 or 21.5 in seconds after midnight, to the minute."""
    return 60 * round(hour.amount * 60)


def clock_text(hour: InForce) -> str:
    """Return a clock hour as ``18:00``."""
    return clock(clock_seconds(hour))


def clock(seconds: int) -> str:
    """Return seconds after midnight as ``18:00``."""
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours:02}:{minutes:02}"


def _judge_dates(facts: Facts, rule: FreeHoursRule, scenario: Scenario) -> Mapping[date, Judgement]:
    by_date = facts.by_date(scenario.with_unconfirmed)
    dates = list(by_date)
    first, end = (bisect_left(dates, day) for day in (facts.first_day, facts.end_day))
    return {day: _judge_date(facts, rule, day, by_date[day]) for day in dates[first:end]}


def _judge_date(facts: Facts, rule: FreeHoursRule, day: date, work: Sequence[Interval]) -> Judgement:
    try:
        free = rule.hours_on(day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    inside = _inside(work, free.hours)
    if not inside:
        return Judgement(MET, 0, 0, free.met)
    seconds = sum(span.length for span in inside)
    return Judgement(BROKEN, seconds, 0, (*free.steps, *_steps(facts, rule, inside, seconds)))


def _inside(work: Sequence[Interval], hours: Sequence[Interval]) -> list[Interval]:
    """Return the work in the free hours; most dates have none, as a look at the ends tells."""
    first, last = work[0].start, work[-1].end
    return intersect(work, hours) if any(start < last and end > first for start, end in hours) else []


def _steps(facts: Facts, rule: FreeHoursRule, inside: Sequence[Interval], seconds: int) -> Iterator[Step]:
    for span in inside:
        values = {
            "start": moment(span.start, facts.zone),
            "end": moment(span.end, facts.zone),
            "time": duration(span.length),
        }
        yield Step(mark("Work in these hours from {start} to {end}: {time}."), values)
        yield from of_the_clock(span.start, span.end, facts.zone)
    if len(inside) > 1:
        yield Step(mark("Together that is {time}."), {"time": duration(seconds)})
    yield Step(rule.not_allowed)
