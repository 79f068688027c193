"""``no.break``: a break in a day of more than five and a half hours, and half an hour of breaks from eight hours on.

Arbeidsmiljøloven § 10-9. The act sets no length for the first: a day with more work and no gap that could be a break is
in doubt. From eight hours of work the breaks must come to half an hour together, and less is too little. A day is a
main period, and the time between its parts counts as a break. Where the facts tell the activity at the screen, pauses
in it can be breaks that a session runs over: if they decide, the person is asked.
Not here: the break before long overtime (more than two hours after ordinary time), and pauses at the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ATTENTION, BROKEN, MET, NOT_JUDGED, Finding, Step, duration, moment, value_step
from fyraften_policy.intervals import Interval, clip, intersect, subtract, total, union
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.comparing import against_least
from fyraften_policy.rules.no_main_periods import (
    days_in_period,
    is_over,
    not_applicable,
    worked_steps,
)
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import ByDay, MainPeriod, day_with_unconfirmed

RULE = "no.break"
FORCE = "law"
AFTER = "no.break.after"
LONG_DAY = "no.break.long_day"
TOTAL = "no.break.total"
GAP = "no.break.gap"
_PAST_MIDNIGHT_SECONDS = 24 * 3600  # how far work past midnight is followed: longer than any limit of a day


class Numbers(NamedTuple):
    """The law's numbers on a day, and the sentences that name them for a short, a longer and a long day."""

    after: InForce
    long_day: InForce
    total: InForce
    gap: int
    of_a_day: tuple[Step, ...]
    of_a_long_day: tuple[Step, ...]
    none: Step


class Day(NamedTuple):
    """How long the work of a day is and how long its breaks are together, in seconds.

    ``idle`` is time within the work without activity at the screen, in pauses long enough for a break.
    """

    work: int
    breaks: int
    idle: int = 0

    def due(self, numbers: Numbers) -> int:
        """Return the least breaks together."""
        if self.work >= numbers.long_day.seconds:
            return numbers.total.seconds
        return numbers.gap if self.work > numbers.after.seconds else 0

    def verdict(self, numbers: Numbers) -> str:
        """Return what the rule says about it."""
        if self.breaks >= self.due(numbers):
            return MET
        if self.work < numbers.long_day.seconds:
            return ATTENTION
        return ATTENTION if self.idle and self.with_idle.verdict(numbers) != BROKEN else BROKEN

    @property
    def with_idle(self) -> Day:
        """Return the day if the time without activity was all breaks."""
        return Day(self.work - self.idle, self.breaks + self.idle)


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(AFTER).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each main period of the period that is over, sorted.

    ``measured`` are the breaks of the day together and ``limit`` the least that is due, in seconds: half an hour, or
    the shortest time that counts as a break, or nothing in a short day.
    """
    source = citation()
    exempt = not_applicable(facts, RULE, FORCE, source)
    if exempt is not None:
        return exempt
    numbers = ByDay(facts, lambda day: numbers_on(facts, day), AFTER, LONG_DAY, TOTAL, GAP)
    whole_of = partial(day_with_unconfirmed, facts)
    judged = settle(facts, lambda scenario: _judge_days(facts, numbers, scenario), nothing=MET, whole_of=whole_of)
    days = days_in_period(facts, with_unconfirmed=True)
    return [_finding(facts, work, judged[work.day], source, numbers) for work in days if is_over(facts, work)]


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    on = facts.parameters.on
    after, long_day, together, gap = on(AFTER, day), on(LONG_DAY, day), on(TOTAL, day), on(GAP, day).seconds
    of_a_day = value_step(
        mark("A break is due in more than {value} of work [{source}]."), after, duration(after.seconds)
    )
    of_a_long_day = (
        of_a_day,
        value_step(
            mark("From {value} of work on the breaks have a length together [{source}]."),
            long_day,
            duration(long_day.seconds),
        ),
        value_step(mark("That length is at least {value} [{source}]."), together, duration(together.seconds)),
    )
    none = Step(mark("There is no time without work of {least} or more in it."), {"least": duration(gap)})
    return Numbers(after, long_day, together, gap, (of_a_day,), of_a_long_day, none)


def _judge_days(facts: Facts, numbers: ByDay[Numbers], scenario: Scenario) -> Mapping[date, Judgement]:
    days = days_in_period(facts, with_unconfirmed=scenario.with_unconfirmed)
    return {work.day: _judge_day(facts, numbers, work, scenario) for work in days}


def _judge_day(facts: Facts, numbers_by_day: ByDay[Numbers], work: MainPeriod, scenario: Scenario) -> Judgement:
    try:
        numbers = numbers_by_day.on(work.day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    gaps = [(end, start) for (_, end), (start, _) in pairwise(work.spans)]
    breaks = [(start, end) for start, end in gaps if end - start >= numbers.gap]
    idle = _idle_seconds(facts, work, numbers.gap)
    told = Day(work.seconds, sum([end - start for start, end in breaks]), idle)
    verdict = told.verdict(numbers)
    if scenario.holes_are_work:
        extremes = _with_holes(facts, work, told, numbers, facts.reported(scenario.with_unconfirmed))
        verdict = next((other for day in extremes if (other := day.verdict(numbers)) != verdict), verdict)
    return Judgement(verdict, told.breaks, told.due(numbers), _steps(facts, work, told, breaks, numbers))


def _idle_seconds(facts: Facts, work: MainPeriod, gap: int) -> int:
    """Return the time within the work without activity at the screen, in pauses of at least ``gap`` seconds."""
    idle = intersect(work.spans, clip(facts.once(_without_activity, True), (work.start, work.end)))
    return sum(pause.length for pause in idle if pause.length >= gap)


def _without_activity(facts: Facts, _with_unconfirmed: bool) -> list[Interval]:
    """Return the time of all sessions in which nothing was done at the screen.

    Of a session without any activity, such as one added by hand, the screen tells nothing.
    """
    active = union([(span.start, span.end) for span in facts.activity or ()])
    seen = [(one.start, one.end) for one in facts.work if clip(active, (one.start, one.end))]
    return subtract(seen, active)


def _breaks(spans: Sequence[Interval], gap: int) -> int:
    lengths = (after.start - before.end for before, after in pairwise(spans))
    return sum(length for length in lengths if length >= gap)


def _with_holes(
    facts: Facts, work: MainPeriod, told: Day, numbers: Numbers, reported: Sequence[Interval]
) -> Iterator[Day]:
    """Yield the day with the most work and the fewest breaks, and the day with the least work and the longest breaks.

    Unobserved work inside the day takes breaks away; apart from the rest of the day it makes one.
    """
    day = periods.day_interval(work.day, facts.zone)
    filled = union([*work.spans, *clip(facts.holes, (work.start, work.end))])
    longest = total(_filled_day(facts, work, day))
    if _can_belong_to_the_day_before(facts, work, day, reported):
        # The work can belong to the day before, whatever that was like.
        yield Day(max(longest, numbers.long_day.seconds), 0)
        yield Day(0, numbers.total.seconds)
    yield Day(longest, _breaks(filled, numbers.gap), told.idle)
    apart = [
        max((work.start - hole.start - 1 for hole in clip(facts.holes, (day.start, work.start))), default=0),
        max((hole.end - 1 - work.end for hole in clip(facts.holes, (work.end, day.end))), default=0),
    ]
    more = sum(length for length in apart if length >= numbers.gap)
    yield Day(told.work, told.breaks + more, told.idle)


def _can_belong_to_the_day_before(facts: Facts, work: MainPeriod, day: Interval, reported: Sequence[Interval]) -> bool:
    around = (day.start - 1, work.start + 1)
    leading = union([*clip(reported, around), *clip(facts.holes, around)])
    return leading[-1].start < day.start


def _filled_day(facts: Facts, work: MainPeriod, day: Interval) -> list[Interval]:
    """Return the work of the day if all unobserved time was work, with what then goes on past midnight."""
    near = clip(facts.holes, (day.start, day.end + _PAST_MIDNIGHT_SECONDS))
    filled = union([*work.spans, *near])
    return [span for span in filled if span.start < day.end]


def _steps(
    facts: Facts, work: MainPeriod, told: Day, breaks: Sequence[tuple[int, int]], numbers: Numbers
) -> tuple[Step, ...]:
    measured = worked_steps(facts, work, told.work)
    together = numbers.none
    if breaks:
        message = mark("Its breaks of {least} or more: {count}; together {breaks}.")
        values = {"least": duration(numbers.gap), "breaks": duration(told.breaks)}
        together = Step(message, {"count": len(breaks), **values})
    if told.work >= numbers.long_day.seconds:
        compared = against_least(told.breaks, numbers.total.seconds)
        rest = (together, *numbers.of_a_long_day, compared)
    else:
        rest = (together, *numbers.of_a_day, _of_a_day(told, numbers))
    if told.breaks >= told.due(numbers):
        return (*measured, *rest)
    return (*measured, *_each(facts, breaks), *rest, *_not_seen(told))


def _of_a_day(told: Day, numbers: Numbers) -> Step:
    if told.work <= numbers.after.seconds:
        return Step(mark("The work is no more than that, so none is due."))
    if told.breaks:
        return Step(mark("The act sets no length for it, so that is a break."))
    return Step(mark("The act sets no length for it; so it is in doubt whether there was one."))


def _each(facts: Facts, breaks: Sequence[tuple[int, int]]) -> Iterator[Step]:
    for start, end in breaks:
        values = {"start": moment(start, facts.zone), "end": moment(end, facts.zone), "time": duration(end - start)}
        yield Step(mark("A break from {start} to {end}: {time}."), values)


def _not_seen(told: Day) -> Iterator[Step]:
    if told.idle:
        message = mark("Within the work {idle} had no activity at the screen, in longer pauses. Were they breaks?")
        yield Step(message, {"idle": duration(told.idle)})
    yield Step(mark("Breaks that count as working time, and those that a session runs over, are not seen here."))


def _finding(
    facts: Facts, work: MainPeriod, judgement: Judgement, source: Citation, numbers: ByDay[Numbers]
) -> Finding:
    value = None
    if judgement.limit is not None:
        of_day = numbers.on(work.day)
        value = of_day.total if judgement.limit == of_day.total.seconds else of_day.after
    return Finding(
        RULE, judgement.verdict, FORCE, work.start, min(work.end, facts.period.end), source,
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip
