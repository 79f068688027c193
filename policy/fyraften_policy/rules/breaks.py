"""A break in a long day of work, as Denmark and the European Union ask for it.

The laws set after how much work a break is due and not how long it is: a day with more work and no gap that could be
a break is in doubt, never broken. A day is a main period (see ``work_days.py``).
Not here: whose law asks for it (see the modules that call this), and which values they use.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ATTENTION, MET, NOT_JUDGED, Finding, Step, duration, moment, value_step
from fyraften_policy.intervals import Interval, clip, join, total, union
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import MainPeriod, main_periods

_FURTHER_SECONDS = 48 * 3600  # how far work without a break is followed around a day's work: longer than any limit


class BreakRule(NamedTuple):
    """One law's rule: its id and force, and the parameters with the work that needs a break and the shortest gap."""

    rule: str
    force: str
    after: str
    gap: str


class Numbers(NamedTuple):
    """The law's numbers on a day: the work after which a break is due, and the shortest gap that is one, in seconds."""

    after: InForce
    gap: int


def judge_breaks(facts: Facts, rule: BreakRule) -> list[Finding]:
    """Return one finding for each date of the period with work that begins on it, sorted.

    ``measured`` is the work of the day and ``limit`` the work after which a break is due, in seconds. A day that is not
    over is judged only once nothing can take its break away.
    """
    judged = settle(facts, lambda scenario: _judge_days(facts, rule, scenario), nothing=MET)
    days = {day.day: day for day in _days(facts, with_unconfirmed=True)}
    return [
        _finding(facts, rule, days[day], judgement)
        for day, judgement in judged.items()
        if _is_over(facts, days[day]) or _has_sure_break(facts, rule, day)
    ]


def _days(facts: Facts, *, with_unconfirmed: bool) -> list[MainPeriod]:
    """Return the main periods that begin on a date of the period."""
    work = facts.reported(with_unconfirmed)
    first, end = (bisect_left(work, (instant,)) for instant in facts.period)
    return main_periods(work[first:end], facts.zone)


def _is_over(facts: Facts, day: MainPeriod) -> bool:
    """Tell whether no more work can belong to the day: its date is over, and its work does not go on at ``at``."""
    goes_on = day.end == facts.at and (facts.at_stated or facts.is_cut)
    return periods.start_of_day(day.day + periods.DAY, facts.zone) <= facts.at and not goes_on


def _has_sure_break(facts: Facts, rule: BreakRule, day: date) -> bool:
    """Tell whether the day has a break already in every reading of what is not known."""
    try:
        gap = numbers_on(facts, rule, day).gap
    except NotInForceError:
        return False
    for with_unconfirmed in {True, not facts.has_unconfirmed}:
        found = [work for work in _days(facts, with_unconfirmed=with_unconfirmed) if work.day == day]
        filled = union([*facts.reported(with_unconfirmed), *facts.holes])
        if not found or len(_stretches(facts, found[0], filled, gap)) - _joins_before(facts, found[0], filled) < 2:
            return False
    return True


def numbers_on(facts: Facts, rule: BreakRule, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    return Numbers(facts.parameters.on(rule.after, day), facts.parameters.on(rule.gap, day).seconds)


def _judge_days(facts: Facts, rule: BreakRule, scenario: Scenario) -> Mapping[date, Judgement]:
    filled = union([*facts.reported(scenario.with_unconfirmed), *facts.holes]) if scenario.holes_are_work else ()
    answers = {}
    for day in _days(facts, with_unconfirmed=scenario.with_unconfirmed):
        try:
            numbers = numbers_on(facts, rule, day.day)
        except NotInForceError:
            answers[day.day] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        seconds, gap = day.seconds, day.longest_gap
        lacks = seconds > numbers.after.seconds and gap < numbers.gap
        if scenario.holes_are_work and _holes_can_change(facts, day, filled, numbers, lacks=lacks):
            lacks = not lacks
        steps = tuple(_steps(facts, day, numbers, seconds, gap))
        answers[day.day] = Judgement(ATTENTION if lacks else MET, seconds, numbers.after.seconds, steps)
    return answers


def _holes_can_change(
    facts: Facts, day: MainPeriod, filled: Sequence[Interval], numbers: Numbers, *, lacks: bool
) -> bool:
    """Tell whether work in some of the unobserved time would change the verdict.

    Work apart from the rest of the day makes a gap, so filling every hole is not the worst that can have happened.
    """
    stretches = _stretches(facts, day, filled, numbers.gap)
    joins_before = _joins_before(facts, day, filled)
    if lacks:
        date_begins, date_ends = periods.day_interval(day.day, facts.zone)
        apart = [Interval(date_begins, day.start - numbers.gap), Interval(day.end + numbers.gap, date_ends)]
        return joins_before or any(clip(facts.holes, part) for part in apart if part.length > 0)
    if len(stretches) > 1 + joins_before:  # there is a break in any case, but not if the first is the day before's
        stretches = stretches[:joins_before]
    return any(total(clip(filled, stretch)) > numbers.after.seconds for stretch in stretches)


def _stretches(facts: Facts, day: MainPeriod, filled: Sequence[Interval], gap: int) -> list[Interval]:
    """Return the stretches without a break that hold the work of a day, if all unobserved time was work."""
    begins = periods.start_of_day(day.day, facts.zone)
    if _joins_before(facts, day, filled):
        begins -= _FURTHER_SECONDS
    near = clip(filled, (begins, day.end + _FURTHER_SECONDS))
    return [stretch for stretch in join(near, gap) if stretch.start < day.end and day.start < stretch.end]


def _joins_before(facts: Facts, day: MainPeriod, filled: Sequence[Interval]) -> bool:
    """Tell whether unobserved time can make a day's first work the end of the day before."""
    first = filled[bisect_left(filled, (day.start + 1,)) - 1]
    return first.start < periods.start_of_day(day.day, facts.zone)


def _steps(facts: Facts, day: MainPeriod, numbers: Numbers, seconds: int, gap: int) -> Iterator[Step]:
    values = {"start": moment(day.start, facts.zone), "end": moment(day.end, facts.zone), "work": duration(seconds)}
    yield Step(mark("From {start} to {end} the work is {work}."), values)
    after = numbers.after
    yield value_step(mark("A break is due in more than {value} of work [{source}]."), after, duration(after.seconds))
    if seconds > after.seconds:
        values = {"gap": duration(gap), "least": duration(numbers.gap)}
        if gap == 0:
            yield Step(
                mark("There is no time without work in between; a break is taken to be at least {least}."), values
            )
        else:
            message = mark(
                "The longest time without work in between is {gap}; a break is taken to be at least {least}."
            )
            yield Step(message, values)


def _finding(facts: Facts, rule: BreakRule, day: MainPeriod, judgement: Judgement) -> Finding:
    try:
        value = facts.parameters.on(rule.after, day.day)
    except NotInForceError:
        value = None
    return Finding(
        rule.rule, judgement.verdict, rule.force, day.start, day.end, known_parameter(rule.after).citation,
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip
