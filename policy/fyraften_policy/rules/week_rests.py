"""A weekly rest that counts for the ISO week in which it starts, as the European Union and Norway are read.

Each week with reported work must hold the start of one long enough rest. Free time before the first work told counts
for the week of that work, from its Monday on. A rest that goes on and could still become long enough leaves its week
open.

Time off that began in an earlier week has its first 35 hours counted there. A leave goes on after them: if what is left
of it, from this Monday on, is long enough again, that is a rest which starts in this week. An inspector who asks for 35
hours within seven days would find them, and they are counted only once. A weekend over the border of two weeks that is
too short for two rests leaves one of its weeks without.

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
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step, duration, moment, value_step
from fyraften_policy.intervals import Interval, clip, free_time
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce, known_parameter
from fyraften_policy.rules.comparing import against_least, of_the_clock
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
from fyraften_policy.work_days import ByDay


class WeekRestRule(NamedTuple):
    """One law's rule: its id and force, and the parameters with the least rest and what an agreement may set at least.

    ``floor`` is None where no agreement may set another rest, or none is known.
    """

    rule: str
    force: str
    minimum: str
    floor: str | None = None


class Numbers(NamedTuple):
    """The least rest in force on a day, in seconds and as the number of the law or the agreement that sets it.

    ``steps`` name what it rests on.
    """

    judged_by: InForce
    least: int
    steps: tuple[Step, ...]


class Rest(NamedTuple):
    """Time without work that starts in a week; ``goes_on`` if it has not ended yet.

    ``begun`` is when the time off began of which this is the part that counts for the week, None for all of it.
    """

    start: int
    end: int
    goes_on: bool = False
    begun: int | None = None

    @property
    def seconds(self) -> int:
        """Return its length so far."""
        return self.end - self.start


class Free(NamedTuple):
    """Time between reported work, unobserved or not. ``start`` is None before the first work told.

    What goes on came after the last work, and so begins no earlier than a week with work.
    """

    start: int | None
    end: int
    goes_on: bool = False


def judge_weeks(facts: Facts, rule: WeekRestRule) -> list[Finding]:
    """Return one finding for each ISO week with work in the period, sorted; none for a week that is not decided yet.

    ``measured`` is the longest rest that starts in the week and ``limit`` the least allowed, in seconds.
    """
    ids = (rule.minimum,) if rule.floor is None else (rule.minimum, rule.floor)
    numbers = ByDay(facts, lambda day: numbers_on(facts, rule, day), *ids)
    judged = settle_finished(facts, lambda scenario: _judge_weeks(facts, numbers, scenario), nothing=MET)
    return [_finding(facts, rule, numbers, monday, judged[monday]) for monday in sorted(judged)]


def numbers_on(facts: Facts, rule: WeekRestRule, day: date) -> Numbers:
    """Return the least rest in force on a date; raises ``NotInForceError``."""
    minimum = facts.parameters.on(rule.minimum, day)
    steps = [value_step(mark("The rule is at least {value} [{source}]."), minimum, duration(minimum.seconds))]
    floor = None if rule.floor is None else facts.parameters.on(rule.floor, day)
    if floor is None or minimum.seconds >= floor.seconds:
        return Numbers(minimum, minimum.seconds, tuple(steps))
    message = mark("No agreement may set less than {value} [{source}]; so that is the least.")
    steps.append(value_step(message, floor, duration(floor.seconds)))
    return Numbers(floor, floor.seconds, tuple(steps))


def _judge_weeks(facts: Facts, numbers: ByDay[Numbers], scenario: Scenario) -> Mapping[date, Judgement]:
    reported = facts.reported(scenario.with_unconfirmed)
    return {
        monday: _judge_week(facts, numbers, monday, reported, holes_are_work=scenario.holes_are_work)
        for monday in weeks_worked(facts, with_unconfirmed=scenario.with_unconfirmed)
    }


def _judge_week(
    facts: Facts, numbers_by_day: ByDay[Numbers], monday: date, reported: Sequence[Interval], *, holes_are_work: bool
) -> Judgement:
    try:
        numbers = numbers_by_day.on(last_day(monday))
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    week, known = week_of(facts, monday), known_part(facts, monday)
    free = list(_free(facts, reported, week, known.end))
    find = _sure if holes_are_work else _possible
    rests = [rest for rest in find(facts, week, free, numbers.least) if rest.start < known.end]
    best = max(rests, key=lambda rest: rest.seconds, default=None)
    measured = 0 if best is None else best.seconds
    verdict = MET if measured >= numbers.least else BROKEN
    if verdict == BROKEN and (known.end < week.end or any(rest.goes_on for rest in rests)):
        verdict = UNFINISHED
    steps = _steps(facts, monday, best, numbers, from_monday=free[0].start is None)
    return Judgement(verdict, measured, numbers.least, tuple(steps))


def _free(facts: Facts, reported: Sequence[Interval], week: Interval, known_end: int) -> Iterator[Free]:
    """Yield the free times that touch the week and could be its rest; some of the work lies in it.

    Where everything was observed only the longest of those that begin in the week can be, and a year of short sessions
    has many.
    """
    if reported[0].start > week.start:
        yield Free(None, reported[0].start)
    first = max(0, bisect_left(reported, week.start, key=_end) - 1)
    around = reported[first : bisect_left(reported, (week.end,)) + 1]
    gaps = list(pairwise(around))
    if gaps and not facts.holes:
        begun = [(before, after) for before, after in gaps[1:] if before.end < known_end]
        gaps = [gaps[0], *([max(begun, key=_length)] if begun else [])]
    for before, after in gaps:
        yield Free(before.end, after.start)
    if around[-1] is reported[-1]:
        yield Free(around[-1].end, facts.at, goes_on=True)


def _end(work: Interval) -> int:
    return work.end


def _length(gap: tuple[Interval, Interval]) -> int:
    return gap[1].start - gap[0].end


def _possible(facts: Facts, week: Interval, free: Sequence[Free], minimum_seconds: int) -> list[Rest]:
    """Return the rests that start in the week if unobserved time was rest, or if some of it was.

    Unobserved work before the week's first rest could have cut a longer one, of which the end then counts here.
    """
    rests = [rest for one in free for rest in (*_whole(week, one), *_rest_of(week, one, minimum_seconds))]
    if any(rest.seconds >= minimum_seconds for rest in rests):
        return rests
    return [*rests, *(rest for one in free for rest in _cut(facts, week, one))]


def _whole(week: Interval, free: Free) -> Iterator[Rest]:
    start = week.start if free.start is None else free.start
    if week.start <= start < week.end:
        yield Rest(start, free.end, free.goes_on)


def _rest_of(week: Interval, free: Free, minimum_seconds: int) -> Iterator[Rest]:
    """Yield what is left in the week of time off that began earlier, if it is long enough for a rest of its own."""
    if free.start is not None and free.start < week.start:
        left = Rest(max(free.start + minimum_seconds, week.start), free.end, begun=free.start)
        if left.seconds >= minimum_seconds:
            yield left


def _cut(facts: Facts, week: Interval, free: Free) -> Iterator[Rest]:
    if free.start is None or free.start >= week.start:
        return
    index = bisect_left(facts.holes, week.start, key=lambda hole: hole.end)
    if index < len(facts.holes):
        start = max(facts.holes[index].start + 1, week.start)
        if start < free.end:
            yield Rest(start, free.end)


def _sure(facts: Facts, week: Interval, free: Sequence[Free], minimum_seconds: int) -> list[Rest]:
    """Return the rests that start in the week whatever the unobserved time was; there is some."""
    rests: list[Rest] = []
    for one in free:
        first = one.start
        if first is None:
            first = min(week.start, facts.holes[0].start)
        for part in free_time(clip(facts.holes, (first, one.end)), (first, one.end)):
            told = Free(part.start, part.end, one.goes_on and part.end == one.end)
            if first >= week.start:
                rests += _whole(week, told)
            elif part.start < week.start or part.length >= minimum_seconds:
                # Where its work ended last, at the latest, or it has a rest of its own without any.
                latest = _latest_beginning(facts.holes, week, first, part)
                rests += _rest_of(week, told._replace(start=latest), minimum_seconds)
    return rests


def _latest_beginning(holes: Sequence[Interval], week: Interval, first: int, part: Interval) -> int:
    """Return the latest instant before the week at which time off that holds ``part`` can have begun.

    It begins at ``first``, or where unobserved work before ``part`` ended.
    """
    ends = [min(hole.end, week.start - 1) for hole in clip(holes, (first, min(part.start, week.start)))]
    return max([first, *ends])


def _steps(facts: Facts, monday: date, rest: Rest | None, numbers: Numbers, *, from_monday: bool) -> Iterator[Step]:
    values = {"week": periods.week_name(monday)}
    if rest is None:
        yield Step(mark("No rest starts in week {week}."), values)
    else:
        values["length"] = duration(rest.seconds)
        values["start"], values["end"] = moment(rest.start, facts.zone), moment(rest.end, facts.zone)
        yield Step(mark("The longest rest that starts in week {week} is {length}, from {start} to {end}."), values)
        yield from of_the_clock(rest.start, rest.end, facts.zone)
        if from_monday and rest.start == week_of(facts, monday).start:
            yield Step(mark("Free time before the first work told counts for the week of that work."))
        if rest.begun is not None:
            values = {"begun": moment(rest.begun, facts.zone), "least": duration(numbers.least)}
            yield Step(
                mark("It is what is left of time off since {begun}; the first {least} of that count earlier."), values
            )
    yield from numbers.steps
    yield against_least(0 if rest is None else rest.seconds, numbers.least)


def _finding(facts: Facts, rule: WeekRestRule, numbers: ByDay[Numbers], monday: date, judgement: Judgement) -> Finding:
    minimum = None if judgement.limit is None else numbers.on(last_day(monday)).judged_by
    start, end = judged_part(facts, monday)
    return Finding(
        rule.rule, judgement.verdict, rule.force, start, end, known_parameter(rule.minimum).citation,
        judgement.measured, judgement.limit, "second", minimum, judgement.steps, judgement.reason,
    )  # fmt: skip
