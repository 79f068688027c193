"""``no.break``: a break in a day of more than five and a half hours, and half an hour of breaks from eight hours on.

Arbeidsmiljøloven § 10-9. The act sets no length for the first: a day with more work and no gap that could be a break is
in doubt. From eight hours of work the breaks must come to half an hour together, and less is too little. A day is a
main period, and the time between its parts counts as a break.
Not here: the break before long overtime (more than two hours after ordinary time), and pauses at the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ATTENTION, BROKEN, MET, NOT_JUDGED, Finding, Step, duration, moment, value_step
from fyraften_policy.intervals import Interval, clip, total, union
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.no_main_periods import days_in_period, is_over, not_applicable
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import MainPeriod

RULE = "no.break"
FORCE = "law"
AFTER = "no.break.after"
LONG_DAY = "no.break.long_day"
TOTAL = "no.break.total"
GAP = "no.break.gap"
_PAST_MIDNIGHT_SECONDS = 24 * 3600  # how far work past midnight is followed: longer than any limit of a day


class Numbers(NamedTuple):
    """The law's numbers on a day; ``gap`` in seconds."""

    after: InForce
    long_day: InForce
    total: InForce
    gap: int


class Day(NamedTuple):
    """How long the work of a day is and how long its breaks are together, in seconds."""

    work: int
    breaks: int

    def due(self, numbers: Numbers) -> int:
        """Return the least breaks together."""
        if self.work >= numbers.long_day.seconds:
            return numbers.total.seconds
        return numbers.gap if self.work > numbers.after.seconds else 0

    def verdict(self, numbers: Numbers) -> str:
        """Return what the rule says about it."""
        if self.breaks >= self.due(numbers):
            return MET
        return BROKEN if self.work >= numbers.long_day.seconds else ATTENTION


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(AFTER).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each main period of the period that is over, sorted.

    ``measured`` are the breaks of the day together and ``limit`` the least that is due, in seconds: half an hour, or
    the shortest time that counts as a break, or nothing in a short day.
    """
    exempt = not_applicable(facts, RULE, FORCE, citation())
    if exempt is not None:
        return exempt
    judged = settle(facts, lambda scenario: _judge_days(facts, scenario), nothing=MET)
    days = days_in_period(facts, with_unconfirmed=True)
    return [_finding(facts, work, judged[work.day]) for work in days if is_over(facts, work)]


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    on = facts.parameters.on
    return Numbers(on(AFTER, day), on(LONG_DAY, day), on(TOTAL, day), on(GAP, day).seconds)


def _judge_days(facts: Facts, scenario: Scenario) -> Mapping[date, Judgement]:
    days = days_in_period(facts, with_unconfirmed=scenario.with_unconfirmed)
    return {work.day: _judge_day(facts, work, scenario) for work in days}


def _judge_day(facts: Facts, work: MainPeriod, scenario: Scenario) -> Judgement:
    try:
        numbers = numbers_on(facts, work.day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    told = Day(work.seconds, _breaks(work.spans, numbers.gap))
    verdict = told.verdict(numbers)
    if scenario.holes_are_work:
        extremes = _with_holes(facts, work, numbers, facts.reported(scenario.with_unconfirmed))
        verdict = next((other for day in extremes if (other := day.verdict(numbers)) != verdict), verdict)
    return Judgement(verdict, told.breaks, told.due(numbers), tuple(_steps(facts, work, told, numbers)))


def _breaks(spans: Sequence[Interval], gap: int) -> int:
    lengths = (after.start - before.end for before, after in pairwise(spans))
    return sum(length for length in lengths if length >= gap)


def _with_holes(facts: Facts, work: MainPeriod, numbers: Numbers, reported: Sequence[Interval]) -> Iterator[Day]:
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
    yield Day(longest, _breaks(filled, numbers.gap))
    apart = [
        max((work.start - hole.start - 1 for hole in clip(facts.holes, (day.start, work.start))), default=0),
        max((hole.end - 1 - work.end for hole in clip(facts.holes, (work.end, day.end))), default=0),
    ]
    more = sum(length for length in apart if length >= numbers.gap)
    yield Day(work.seconds, _breaks(work.spans, numbers.gap) + more)


def _can_belong_to_the_day_before(facts: Facts, work: MainPeriod, day: Interval, reported: Sequence[Interval]) -> bool:
    around = (day.start - 1, work.start + 1)
    leading = union([*clip(reported, around), *clip(facts.holes, around)])
    return leading[-1].start < day.start


def _filled_day(facts: Facts, work: MainPeriod, day: Interval) -> list[Interval]:
    """Return the work of the day if all unobserved time was work, with what then goes on past midnight."""
    near = clip(facts.holes, (day.start, day.end + _PAST_MIDNIGHT_SECONDS))
    filled = union([*work.spans, *near])
    return [span for span in filled if span.start < day.end]


def _steps(facts: Facts, work: MainPeriod, told: Day, numbers: Numbers) -> Iterator[Step]:
    values = {
        "start": moment(work.start, facts.zone),
        "end": moment(work.end, facts.zone),
        "work": duration(told.work),
        "breaks": duration(told.breaks),
        "least": duration(numbers.gap),
    }
    yield Step(mark("From {start} to {end} the work is {work}."), values)
    message = mark("The breaks in it are {breaks} together; time without work counts as a break from {least} on.")
    yield Step(message, values)
    after, long_day = numbers.after, numbers.long_day
    yield value_step(mark("A break is due in more than {value} of work [{source}]."), after, duration(after.seconds))
    if told.work >= long_day.seconds:
        length = duration(long_day.seconds)
        message = mark("From {value} of work on the breaks have a length together [{source}].")
        yield value_step(message, long_day, length)
        message = mark("That length is at least {value} [{source}].")
        yield value_step(message, numbers.total, duration(numbers.total.seconds))
        if told.breaks < numbers.total.seconds:
            yield Step(mark("It is short by {short}."), {"short": duration(numbers.total.seconds - told.breaks)})


def _finding(facts: Facts, work: MainPeriod, judgement: Judgement) -> Finding:
    try:
        numbers = numbers_on(facts, work.day)
        value = numbers.total if judgement.limit == numbers.total.seconds else numbers.after
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE, work.start, min(work.end, facts.period.end), citation(),
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip
