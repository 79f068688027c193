"""A break in a long day of work, as Denmark and the European Union ask for it.

The laws set after how much work a break is due and not how long it is: a day with more work and no gap that could be
a break is in doubt, never broken. A day is a main period (see ``work_days.py``).
Not here: whose law asks for it (see the modules that call this), and which values they use.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    ATTENTION,
    MET,
    NOT_JUDGED,
    Finding,
    Step,
    duration,
    value_step,
)
from fyraften_policy.intervals import Interval, clip, join, total
from fyraften_policy.languages import mark
from fyraften_policy.local_times import LocalTimes, times_of
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import ByDay, Gaps, MainPeriod, day_with_unconfirmed, days_of, gaps_of

_FURTHER_SECONDS = 48 * 3600  # how far work without a break is followed around a day's work, where the law asks for it
_EVER_SECONDS = 2**62


class BreakRule(NamedTuple):
    """One law's rule: its id and force, and the parameters with the work that needs a break and the shortest gap."""

    rule: str
    force: str
    after: str
    gap: str


class Numbers(NamedTuple):
    """The law's numbers on a day, and the sentences that hold nothing else.

    A break is due after ``most`` seconds of work, and no gap shorter than ``gap`` seconds is one.
    """

    after: InForce
    most: int
    gap: int
    gap_text: str
    none_due: Step
    due: Step


def judge_breaks(facts: Facts, rule: BreakRule) -> list[Finding]:
    """Return one finding for each date of the period with work that begins on it, sorted.

    ``measured`` is the work of the day and ``limit`` the work after which a break is due, in seconds. A day that is not
    over is judged only once nothing can take its break away.
    """
    numbers = ByDay(facts, lambda day: numbers_on(facts, rule, day), rule.after, rule.gap)
    whole_of = partial(day_with_unconfirmed, facts)
    judged = settle(facts, lambda scenario: _judge_days(facts, numbers, scenario), nothing=MET, whole_of=whole_of)
    days = _days(facts, with_unconfirmed=True)
    if days and not _is_over(facts, days[-1]) and not _has_sure_break(facts, numbers, days[-1].day):
        days = days[:-1]  # only the last day can be going on
    source = known_parameter(rule.after).citation
    return [_finding(rule, numbers, source, day, judged[day.day]) for day in days]


def _days(facts: Facts, *, with_unconfirmed: bool) -> list[MainPeriod]:
    """Return the main periods that begin on a date of the period."""
    days = facts.once(days_of, with_unconfirmed)
    first, end = (bisect_left(days, instant, key=_start) for instant in facts.period)
    return days[first:end]


def _start(day: MainPeriod) -> int:
    return day.start


def _is_over(facts: Facts, day: MainPeriod) -> bool:
    """Tell whether no more work can belong to the day: its date is over, and its work does not go on at ``at``."""
    goes_on = day.end == facts.at and (facts.at_stated or facts.is_cut)
    return periods.start_of_day(day.day + periods.DAY, facts.zone) <= facts.at and not goes_on


def _has_sure_break(facts: Facts, numbers: ByDay[Numbers], day: date) -> bool:
    """Tell whether the day has a break already in every reading of what is not known."""
    try:
        of_day = numbers.on(day)
    except NotInForceError:
        return False
    for with_unconfirmed in {True, not facts.has_unconfirmed}:
        found = [work for work in _days(facts, with_unconfirmed=with_unconfirmed) if work.day == day]
        filled = facts.filled(with_unconfirmed)
        if not found or len(_stretches(facts, found[0], filled, of_day)) - _joins_before(facts, found[0], filled) < 2:
            return False
    return True


def numbers_on(facts: Facts, rule: BreakRule, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    after, gap = facts.parameters.on(rule.after, day), facts.parameters.on(rule.gap, day).seconds
    most = duration(after.seconds)
    none_due = value_step(mark("Up to {value} of work no break is due [{source}]: the rule is met."), after, most)
    due = value_step(mark("A break is due in more than {value} of work [{source}]."), after, most)
    return Numbers(after, after.seconds, gap, duration(gap), none_due, due)


def _judge_days(facts: Facts, numbers: ByDay[Numbers], scenario: Scenario) -> Mapping[date, Judgement]:
    filled = facts.filled(scenario.with_unconfirmed) if scenario.holes_are_work else ()
    times, gaps = times_of(facts), facts.once(gaps_of, scenario.with_unconfirmed)
    answers = {}
    for day in _days(facts, with_unconfirmed=scenario.with_unconfirmed):
        judged = _judge_day(numbers, day, times, gaps)
        if scenario.holes_are_work and judged.verdict != NOT_JUDGED:
            lacks = judged.verdict == ATTENTION
            if _holes_can_change(facts, day, filled, numbers.on(day.day), lacks=lacks):
                judged = judged._replace(verdict=MET if lacks else ATTENTION)
        answers[day.day] = judged
    return answers


def _judge_day(numbers: ByDay[Numbers], day: MainPeriod, times: LocalTimes, gaps: Gaps) -> Judgement:
    """Judge a day by the work told."""
    try:
        of_day = numbers.on(day.day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    seconds = day.seconds
    worked = _work_step(times, day, seconds)
    lacks = False
    if seconds <= of_day.most:
        steps: tuple[Step, ...] = (worked, of_day.none_due)
    else:
        gap = gaps.longest(day.start, day.end)
        lacks = gap is None or gap.length < of_day.gap
        steps = (worked, of_day.due, _gap_step(times, gap, of_day))
    return Judgement(ATTENTION if lacks else MET, seconds, of_day.most, steps)


def _holes_can_change(
    facts: Facts, day: MainPeriod, filled: Sequence[Interval], numbers: Numbers, *, lacks: bool
) -> bool:
    """Tell whether work in some of the unobserved time would change the verdict.

    Work apart from the rest of the day makes a gap, so filling every hole is not the worst that can have happened.
    """
    stretches = _stretches(facts, day, filled, numbers)
    joins_before = _joins_before(facts, day, filled)
    if lacks:
        date_begins, date_ends = periods.day_interval(day.day, facts.zone)
        apart = [Interval(date_begins, day.start - numbers.gap), Interval(day.end + numbers.gap, date_ends)]
        return joins_before or any(clip(facts.holes, part) for part in apart if part.length > 0)
    if len(stretches) > 1 + joins_before:  # there is a break in any case, but not if the first is the day before's
        stretches = stretches[:joins_before]
    return any(total(clip(filled, stretch)) > numbers.most for stretch in stretches)


def _stretches(facts: Facts, day: MainPeriod, filled: Sequence[Interval], numbers: Numbers) -> list[Interval]:
    """Return the stretches without a break that hold the work of a day, if all unobserved time was work."""
    begins = periods.start_of_day(day.day, facts.zone)
    # An agreement may ask for a break after days of work only: then all of it is followed.
    further = _FURTHER_SECONDS if numbers.most < _FURTHER_SECONDS / 2 else _EVER_SECONDS
    if _joins_before(facts, day, filled):
        begins -= further
    near = clip(filled, (begins, day.end + further))
    return [stretch for stretch in join(near, numbers.gap) if stretch.start < day.end and day.start < stretch.end]


def _joins_before(facts: Facts, day: MainPeriod, filled: Sequence[Interval]) -> bool:
    """Tell whether unobserved time can make a day's first work the end of the day before."""
    first = filled[bisect_left(filled, (day.start + 1,)) - 1]
    return first.start < periods.start_of_day(day.day, facts.zone)


def _work_step(times: LocalTimes, day: MainPeriod, seconds: int) -> Step:
    _, start, end, _ = day
    values = {"start": times[start], "end": times[end], "work": duration(seconds)}
    if seconds == end - start:
        return Step(mark("From {start} to {end} it is all work: {work}."), values)
    values["span"], values["free"] = duration(end - start), duration(end - start - seconds)
    return Step(mark("From {start} to {end} it is {span}; less {free} without work the work is {work}."), values)


def _gap_step(times: LocalTimes, gap: Interval | None, numbers: Numbers) -> Step:
    values = {"least": numbers.gap_text}
    if gap is None:
        return Step(mark("There is no time without work in between; a break is taken to be at least {least}."), values)
    values |= {"gap": duration(gap.length), "first": times[gap.start], "last": times[gap.end]}
    if gap.length < numbers.gap:
        message = mark(
            "The longest time without work in between is {gap}, from {first} to {last}: shorter than the {least} that "
            "are taken to be a break."
        )
    else:
        message = mark(
            "The longest time without work in between is {gap}, from {first} to {last}: at least the {least} that are "
            "taken to be a break, so the rule is met."
        )
    return Step(message, values)


def _finding(
    rule: BreakRule, numbers: ByDay[Numbers], source: Citation, day: MainPeriod, judgement: Judgement
) -> Finding:
    try:
        value = numbers.on(day.day).after
    except NotInForceError:
        value = None
    verdict, measured, limit, steps, reason = judgement
    return Finding(
        rule.rule, verdict, rule.force, day.start, day.end, source, measured, limit, "second", value, steps, reason
    )
