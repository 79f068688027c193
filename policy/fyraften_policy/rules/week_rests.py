"""A weekly rest that counts for the ISO week in which it starts, as the European Union and Norway are read.

Each week with reported work must hold the start of one long enough rest. Free time before the first work told counts
for the week of that work, from its Monday on. A rest that goes on and could still become long enough leaves its week
open.

Time off that began in an earlier week, such as a leave, counts for that week alone. Yet both laws ask for the rest
within seven days and do not say which, and a leave can be so long that it holds a rest for that week and, after it, one
that lies in this week as a whole. An inspector would hardly call that a week without rest: the verdict is then
``attention``, with the question. A shared weekend that is too short for two rests leaves one of its weeks without.

Unobserved time can make a rest longer or shorter, and can also move its start from one week into the next, so
each reading takes the ways to fill it that serve the week best, or worst.
Not here: whose law asks for it (see the modules that call this), and the Danish runs of work.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ATTENTION, BROKEN, MET, NOT_JUDGED, Finding, Step, duration, moment, value_step
from fyraften_policy.intervals import Interval, clip, free_time
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce, known_parameter
from fyraften_policy.rules.comparing import against_least
from fyraften_policy.rules.iso_weeks import (
    UNFINISHED,
    judged_part,
    known_part,
    last_day,
    settle_finished,
    week_of,
    weeks_worked,
)
from fyraften_policy.unknowns import Judgement, Scenario


class WeekRestRule(NamedTuple):
    """One law's rule: its id and force, and the parameter with the least rest."""

    rule: str
    force: str
    minimum: str


class Rest(NamedTuple):
    """Time without work that starts in a week; ``goes_on`` if it has not ended yet."""

    start: int
    end: int
    goes_on: bool

    @property
    def seconds(self) -> int:
        """Return its length so far."""
        return self.end - self.start


class Free(NamedTuple):
    """Time between reported work, unobserved or not. ``start`` is None before the first work told."""

    start: int | None
    end: int
    goes_on: bool = False


def judge_weeks(facts: Facts, rule: WeekRestRule) -> list[Finding]:
    """Return one finding for each ISO week with work in the period, sorted; none for a week that is not decided yet.

    ``measured`` is the longest rest that starts in the week and ``limit`` the least allowed, in seconds.
    """
    judged = settle_finished(facts, lambda scenario: _judge_weeks(facts, rule, scenario), nothing=MET)
    return [_finding(facts, rule, monday, judged[monday]) for monday in sorted(judged)]


def _judge_weeks(facts: Facts, rule: WeekRestRule, scenario: Scenario) -> Mapping[date, Judgement]:
    reported = facts.reported(scenario.with_unconfirmed)
    return {
        monday: _judge_week(facts, rule, monday, reported, holes_are_work=scenario.holes_are_work)
        for monday in weeks_worked(facts, with_unconfirmed=scenario.with_unconfirmed)
    }


def _judge_week(
    facts: Facts, rule: WeekRestRule, monday: date, reported: Sequence[Interval], *, holes_are_work: bool
) -> Judgement:
    try:
        minimum = facts.parameters.on(rule.minimum, last_day(monday))
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    week, known = week_of(facts, monday), known_part(facts, monday)
    free = list(_free(facts, reported, week))
    found = _sure(facts, week, free) if holes_are_work else _possible(facts, week, free, minimum.seconds)
    rests = [rest for rest in found if rest.start < known.end]
    best = max(rests, key=lambda rest: rest.seconds, default=None)
    measured = 0 if best is None else best.seconds
    left_over = _left_over(facts, week, free, minimum.seconds, holes_are_work=holes_are_work)
    verdict = MET if measured >= minimum.seconds else ATTENTION if left_over is not None else BROKEN
    if verdict != MET and (known.end < week.end or any(rest.goes_on for rest in rests)):
        verdict = UNFINISHED
    steps = list(_steps(facts, monday, best, minimum, from_monday=free[0].start is None))
    if verdict == ATTENTION and left_over is not None:
        steps += _question(facts, week, left_over, minimum)
    return Judgement(verdict, measured, minimum.seconds, tuple(steps))


def _free(facts: Facts, reported: Sequence[Interval], week: Interval) -> Iterator[Free]:
    """Yield the free times that touch the week; some of the work lies in it."""
    if reported[0].start > week.start:
        yield Free(None, reported[0].start)
    first = bisect_left(reported, week.start, key=lambda work: work.end)
    around = reported[max(0, first - 1) : bisect_left(reported, (week.end,)) + 1]
    for before, after in pairwise(around):
        yield Free(before.end, after.start)
    if around[-1] == reported[-1]:
        yield Free(around[-1].end, facts.at, goes_on=True)


def _possible(facts: Facts, week: Interval, free: Sequence[Free], minimum_seconds: int) -> list[Rest]:
    """Return the rests that start in the week if unobserved time was rest, or if some of it was.

    Unobserved work before the week's first rest could have cut a longer one, of which the end then counts here.
    """
    rests = [rest for one in free for rest in _whole(week, one)]
    if any(rest.seconds >= minimum_seconds for rest in rests):
        return rests
    return [*rests, *(rest for one in free for rest in _cut(facts, week, one))]


def _whole(week: Interval, free: Free) -> Iterator[Rest]:
    start = week.start if free.start is None else free.start
    if week.start <= start < week.end:
        yield Rest(start, free.end, free.goes_on)


def _cut(facts: Facts, week: Interval, free: Free) -> Iterator[Rest]:
    if free.start is None or free.start >= week.start:
        return
    index = bisect_left(facts.holes, week.start, key=lambda hole: hole.end)
    if index < len(facts.holes):
        start = max(facts.holes[index].start + 1, week.start)
        if start < free.end:
            yield Rest(start, free.end, free.goes_on)


def _sure(facts: Facts, week: Interval, free: Sequence[Free]) -> list[Rest]:
    """Return the rests that start in the week whatever the unobserved time was.

    Free time that began before the week is none of them: without unobserved work its rest counts for an earlier week.
    """
    rests = []
    for one in free:
        start = week.start if one.start is None and not facts.holes else one.start
        if start is not None and start >= week.start:
            parts = free_time(clip(facts.holes, (start, one.end)), (start, one.end))
            rests += [Rest(*part, one.goes_on and part.end == one.end) for part in parts]
    return rests


def _left_over(
    facts: Facts, week: Interval, free: Sequence[Free], minimum_seconds: int, *, holes_are_work: bool
) -> Interval | None:
    """Return time off that began before the week and holds a rest of its own in it, None if there is none.

    The week in which it began has had its rest from it, and what is left of it must hold a second one in this week.
    With ``holes_are_work`` it must do so whatever the unobserved time was.
    """
    holes = facts.holes if holes_are_work else ()
    for one in free:
        if one.start is not None and one.start < week.start:
            for part in free_time(clip(holes, (one.start, one.end)), (one.start, one.end)):
                if part.start >= week.start and part.length < minimum_seconds:
                    continue  # with work before it, it is a rest of this week, and too short
                begun = _latest_beginning(holes, week, one.start, part)
                rest_of_it = Interval(max(begun + minimum_seconds, week.start), part.end)
                if rest_of_it.length >= minimum_seconds:
                    return Interval(begun, part.end)
    return None


def _latest_beginning(holes: Sequence[Interval], week: Interval, first: int, part: Interval) -> int:
    """Return the latest instant before the week at which time off that holds ``part`` can have begun.

    It begins at ``first``, or where unobserved work before ``part`` ended.
    """
    ends = [min(hole.end, week.start - 1) for hole in clip(holes, (first, min(part.start, week.start)))]
    return max([first, *ends])


def _question(facts: Facts, week: Interval, left_over: Interval, minimum: InForce) -> Iterator[Step]:
    least = duration(minimum.seconds)
    values = {"start": moment(left_over.start, facts.zone), "end": moment(left_over.end, facts.zone)}
    yield Step(mark("Yet time off that began before this week, on {start}, went on until {end}."), values)
    left = left_over.end - max(left_over.start + minimum.seconds, week.start)
    message = mark("Apart from the {least} that count for the week in which it began, {left} of it lie in this week.")
    yield Step(message, {"least": least, "left": duration(left)})
    message = mark(
        "The law does not say which seven days it means. Does that time off count for this week where you work?"
    )
    yield Step(message)


def _steps(facts: Facts, monday: date, rest: Rest | None, minimum: InForce, *, from_monday: bool) -> Iterator[Step]:
    values = {"week": periods.week_name(monday)}
    if rest is None:
        yield Step(mark("No rest starts in week {week}."), values)
    else:
        values["length"] = duration(rest.seconds)
        values["start"], values["end"] = moment(rest.start, facts.zone), moment(rest.end, facts.zone)
        yield Step(mark("The longest rest that starts in week {week} is {length}, from {start} to {end}."), values)
        if from_monday and rest.start == week_of(facts, monday).start:
            yield Step(mark("Free time before the first work told counts for the week of that work."))
    yield value_step(mark("The rule is at least {value} [{source}]."), minimum, duration(minimum.seconds))
    yield against_least(0 if rest is None else rest.seconds, minimum.seconds)


def _finding(facts: Facts, rule: WeekRestRule, monday: date, judgement: Judgement) -> Finding:
    try:
        minimum = facts.parameters.on(rule.minimum, last_day(monday))
    except NotInForceError:
        minimum = None
    start, end = judged_part(facts, monday)
    return Finding(
        rule.rule, judgement.verdict, rule.force, start, end, known_parameter(rule.minimum).citation,
        judgement.measured, judgement.limit, "second", minimum, judgement.steps, judgement.reason,
    )  # fmt: skip
