"""Norwegian main periods: the days of chapter 10 of arbeidsmiljøloven, and what unobserved time can make of them.

A main period is all work that starts on one local date, with what goes on past midnight (see ``work_days.py``). Work in
unobserved time can do more than lengthen one: it can begin the day earlier, or join the first work of a day to the day
before. So a day is judged as told, and then with each way to fill the unobserved time that can change its verdict.
Not here: what a rule measures in a main period.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.findings import MET, NOT_APPLICABLE, Finding, Step, duration, moment
from fyraften_policy.intervals import Interval, clip, subtract, union
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation
from fyraften_policy.rules.comparing import of_the_clock
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import MainPeriod, day_with_unconfirmed, days_of, main_periods

_AROUND_DAYS = 3  # how far work in unobserved time is followed: past every limit of a day


class Day(NamedTuple):
    """A main period, and the one before it, None where no work is told before."""

    before: MainPeriod | None
    work: MainPeriod


JudgeDay = Callable[[date, Sequence[Day]], Judgement]


def not_applicable(facts: Facts, rule: str, force: str, citation: Citation) -> list[Finding] | None:
    """Return the answer for persons in a leading or particularly independent position (§ 10-12), None for others."""
    if not facts.agreement.self_organiser:
        return None
    if not clip(facts.reported(with_unconfirmed=True), facts.period):
        return []
    start, end = facts.period
    return [Finding(rule, NOT_APPLICABLE, force, start, end, citation, reason="self_organiser")]


def days_in_period(facts: Facts, *, with_unconfirmed: bool) -> Sequence[MainPeriod]:
    """Return the main periods that begin in the period, sorted."""
    days = facts.once(days_of, with_unconfirmed)
    first, end = (bisect_left(days, instant, key=_start) for instant in facts.period)
    return days[first:end]


def is_over(facts: Facts, work: MainPeriod) -> bool:
    """Tell whether no more work can belong to it: its date is over, and its work does not go on at ``at``."""
    goes_on = work.end == facts.at and (facts.at_stated or facts.is_cut)
    return periods.start_of_day(work.day + periods.DAY, facts.zone) <= facts.at and not goes_on


def worked_steps(facts: Facts, work: MainPeriod, seconds: int) -> tuple[Step, ...]:
    """Return the sentences that tell the work of a main period, which is ``seconds``: its span less its gaps."""
    made = facts.once(_worked_steps, True)  # two rules tell the same days
    key = (work.start, work.end, seconds)
    if key not in made:
        made[key] = (_worked_step(facts, *key), *of_the_clock(work.start, work.end, facts.zone))
    return made[key]


def _worked_steps(facts: Facts, with_unconfirmed: bool) -> dict[tuple[int, int, int], tuple[Step, ...]]:
    return {}


def _worked_step(facts: Facts, start: int, end: int, seconds: int) -> Step:
    values = {"start": moment(start, facts.zone), "end": moment(end, facts.zone), "work": duration(seconds)}
    if end - start == seconds:
        return Step(mark("From {start} to {end} the work is {work}."), values)
    values["span"], values["gaps"] = duration(end - start), duration(end - start - seconds)
    return Step(mark("From {start} to {end} are {span}; without {gaps} that were free, the work is {work}."), values)


def settle_days(facts: Facts, judge_day: JudgeDay) -> dict[date, Judgement]:
    """Return the one answer for each date of the period on which work begins, whatever is not known.

    Args:
        judge_day: the rule for one date, given the main periods that hold the work that begins on it: one, or more
            where work in unobserved time joins some of it to the day before.
    """
    whole_of = partial(day_with_unconfirmed, facts)
    return settle(facts, lambda scenario: _judge_days(facts, judge_day, scenario), nothing=MET, whole_of=whole_of)


def _judge_days(facts: Facts, judge_day: JudgeDay, scenario: Scenario) -> Mapping[date, Judgement]:
    days = facts.once(days_of, scenario.with_unconfirmed)
    first, end = (bisect_left(days, instant, key=_start) for instant in facts.period)
    answers: dict[date, Judgement] = {}
    for before, work in zip([days[first - 1] if first else None, *days[first:end]], days[first:end], strict=False):
        certain = judge_day(work.day, (Day(before, work),))
        if scenario.holes_are_work:
            certain = _other(facts, judge_day, work, facts.reported(scenario.with_unconfirmed), certain)
        answers[work.day] = certain
    return answers


def _start(work: MainPeriod) -> int:
    return work.start


def _other(
    facts: Facts, judge_day: JudgeDay, work: MainPeriod, reported: Sequence[Interval], certain: Judgement
) -> Judgement:
    """Return the answer of a way to fill the unobserved time that has another verdict, or else the certain one."""
    for filled in _fillings(facts, work, reported):
        other = judge_day(work.day, _days_of(facts, filled, work))
        if other.verdict != certain.verdict:
            return other
    return certain


def _days_of(facts: Facts, filled: Sequence[Interval], work: MainPeriod) -> list[Day]:
    """Return the main periods, among these, that hold the work of a day."""
    told = main_periods(filled, facts.zone)
    pairs = pairwise([None, *told])
    return [Day(before, here) for before, here in pairs if here and any(clip(here.spans, span) for span in work.spans)]


def _fillings(facts: Facts, work: MainPeriod, reported: Sequence[Interval]) -> Iterator[list[Interval]]:
    """Yield the work around a day with the unobserved time filled in each of the ways that can be its worst or best."""
    midnight = periods.start_of_day(work.day, facts.zone)
    near = Interval(
        periods.start_of_day(work.day - _AROUND_DAYS * periods.DAY, facts.zone),
        periods.start_of_day(work.day + _AROUND_DAYS * periods.DAY, facts.zone),
    )
    holes = clip(facts.holes, near)
    if not holes:
        return
    told = clip(reported, near)
    begun_before = [hole for hole in holes if hole.start < midnight]
    leading = [hole for hole in holes if hole.start < work.start <= hole.end]
    first_seconds = [
        (max(hole.start, midnight), max(hole.start, midnight) + 1) for hole in holes if hole.end > midnight
    ]
    # All of it; all of it, yet what lies on the date begins the day anew; what lies on the date only; what leads up to
    # its first work, all of it or from just before midnight; and what began before, up to just before that work.
    yield union([*told, *holes])
    yield union([*told, *subtract(holes, first_seconds)])
    yield union([*told, *clip(holes, (midnight, near.end))])
    yield union([*told, *leading])
    yield union([*told, *clip(leading, (midnight - 1, work.start))])
    yield union([*told, *clip(begun_before, (near.start, work.start - 1))])
