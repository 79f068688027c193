"""``no.rest.daily``: eleven hours off between two main periods of work.

Arbeidsmiljøloven § 10-8, first paragraph. The act asks for the rest in the course of 24 hours and does not say when
these begin; the rest lies between two main periods, and a day in two parts is one main period. So the gap from the last
end of a main period to the first start of the next decides. Work that goes on for more than 24 hours without such a
rest inside leaves no room for one, and is too long whatever the gaps around it. A collective agreement may set a
shorter rest, but not under eight hours (third paragraph). Work that begins again after midnight is a new main period,
however short the pause; where it is no longer than a break the steps say how else it could be read.
Not here: the weekly rest, how long a day may be (see ``no_hours.py``), and the rest that makes up for a shorter one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step, duration, moment, value_step
from fyraften_policy.intervals import Interval, clip, join
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.comparing import against_least, of_the_clock
from fyraften_policy.rules.no_main_periods import Day, days_in_period, not_applicable, settle_days
from fyraften_policy.unknowns import Judgement
from fyraften_policy.work_days import ByDay, MainPeriod

RULE = "no.rest.daily"
FORCE = "law"
MINIMUM = "no.rest.daily.minimum"
WINDOW = "no.rest.daily.window"
FLOOR = "no.rest.daily.floor"
PAUSE = "no.break.total"


class Numbers(NamedTuple):
    """The numbers in force on a day, in seconds; ``steps`` say what ``least`` rests on, ``pause`` is a long break.

    ``judged_by`` is the number that sets ``least``.
    """

    judged_by: InForce
    least: int
    window: int
    pause: int
    steps: tuple[Step, ...]


class Rest(NamedTuple):
    """The rest that decides about a main period: from ``start``, None before the first work told, to ``end``.

    ``within`` is work that goes on for too long, of which it is the longest gap.
    """

    seconds: int
    start: int | None
    end: int
    within: Interval | None = None


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each main period that begins in the period, sorted.

    ``measured`` is the rest before it and ``limit`` the least allowed, in seconds. Before the first work told the rest
    is counted up to the 24 hours of the rule.
    """
    source = citation()
    exempt = not_applicable(facts, RULE, FORCE, source)
    if exempt is not None:
        return exempt
    numbers = ByDay(facts, lambda day: numbers_on(facts, day), MINIMUM, WINDOW, FLOOR, PAUSE)
    judged = settle_days(facts, lambda day, found: _judge_day(facts, numbers, day, found))
    days = days_in_period(facts, with_unconfirmed=True)
    return [_finding(facts, work, judged[work.day], source, numbers) for work in days]


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    on = facts.parameters.on
    minimum, floor = on(MINIMUM, day), on(FLOOR, day)
    steps = [value_step(mark("The rule is at least {value} [{source}]."), minimum, duration(minimum.seconds))]
    if minimum.seconds < floor.seconds:
        message = mark("No agreement may set less than {value} [{source}]; so that is the least.")
        steps.append(value_step(message, floor, duration(floor.seconds)))
    judged_by = max(minimum, floor, key=lambda number: number.seconds)
    return Numbers(judged_by, judged_by.seconds, on(WINDOW, day).seconds, on(PAUSE, day).seconds, tuple(steps))


def _judge_day(facts: Facts, numbers_by_day: ByDay[Numbers], day: date, found: Sequence[Day]) -> Judgement:
    try:
        numbers = numbers_by_day.on(day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    rests = [rest for one in found for rest in _rests(one, numbers)]
    worst = min(rests, key=_seconds)
    steps = _steps(facts, worst, numbers)
    return Judgement(MET if worst.seconds >= numbers.least else BROKEN, worst.seconds, numbers.least, steps)


def _seconds(rest: Rest) -> int:
    return rest.seconds


def _rests(found: Day, numbers: Numbers) -> Iterator[Rest]:
    before, work = found
    if before is None:
        yield Rest(numbers.window, None, work.start)
    else:
        yield Rest(work.start - before.end, before.end, work.start)
    if work.end - work.start > numbers.window:
        for stretch in join(work.spans, numbers.least):
            if stretch.length > numbers.window:
                yield _longest_within(work, stretch)


def _longest_within(work: MainPeriod, stretch: Interval) -> Rest:
    gaps = [Interval(before.end, after.start) for before, after in pairwise(clip(work.spans, stretch))]
    start, end = max(gaps, key=lambda gap: gap.length, default=Interval(stretch.end, stretch.end))
    return Rest(end - start, start, end, stretch)


def _steps(facts: Facts, rest: Rest, numbers: Numbers) -> tuple[Step, ...]:
    measured = _measured(facts, rest, numbers)
    clock = () if rest.start is None else of_the_clock(rest.start, rest.end, facts.zone)
    steps = (measured, *clock, *numbers.steps, against_least(rest.seconds, numbers.least))
    if rest.within is not None or rest.start is None or rest.seconds >= numbers.least:
        return steps
    return (*steps, *_of_a_short_rest(facts, rest, rest.start, numbers))


def _of_a_short_rest(facts: Facts, rest: Rest, start: int, numbers: Numbers) -> Iterator[Step]:
    values = {
        "least": duration(numbers.least),
        "end": moment(start, facts.zone),
        "earliest": moment(start + numbers.least, facts.zone),
    }
    yield Step(mark("The {least} from {end} on would have been over at {earliest}."), values)
    if rest.seconds <= numbers.pause:
        message = mark(
            "Work that begins on a new date is read as a new main period. After a pause of {rest} one could also say "
            "that the one before goes on past midnight; then this is a break and no rest."
        )
        yield Step(message, {"rest": duration(rest.seconds)})


def _measured(facts: Facts, rest: Rest, numbers: Numbers) -> Step:
    zone, length = facts.zone, duration(rest.seconds)
    if rest.within is not None:
        start, end = moment(rest.within.start, zone), moment(rest.within.end, zone)
        values = {"start": start, "end": end, "window": duration(numbers.window)}
        if not rest.seconds:
            return Step(mark("Work goes on from {start} to {end} without a pause, longer than {window}."), values)
        message = mark(
            "Work goes on from {start} to {end}, longer than {window}; the longest rest in it is {rest}, from {begun}."
        )
        return Step(message, {**values, "rest": length, "begun": moment(rest.end - rest.seconds, zone)})
    if rest.start is None:
        message = mark("In the {window} before {start} no work is told.")
        return Step(message, {"window": duration(numbers.window), "start": moment(rest.end, zone)})
    message = mark("The last work before ends at {end}, the next begins at {start}: {rest} of rest.")
    return Step(message, {"end": moment(rest.start, zone), "start": moment(rest.end, zone), "rest": length})


def _finding(
    facts: Facts, work: MainPeriod, judgement: Judgement, source: Citation, numbers: ByDay[Numbers]
) -> Finding:
    value = None if judgement.limit is None else numbers.on(work.day).judged_by
    return Finding(
        RULE, judgement.verdict, FORCE, work.start, min(work.end, facts.period.end), source,
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip
