"""``no.rest.daily``: eleven hours off between two main periods of work.

Arbeidsmiljøloven § 10-8, first paragraph. The act asks for the rest in the course of 24 hours and does not say when
these begin; the rest lies between two main periods, and a day in two parts is one main period. So the gap from the last
end of a main period to the first start of the next decides. Work that goes on for more than 24 hours without such a
rest inside leaves no room for one, and is too long whatever the gaps around it.
Not here: the weekly rest, and how long a day may be (see ``no_hours.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step, duration, moment, value_step
from fyraften_policy.intervals import Interval, clip, join
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.no_main_periods import Day, days_in_period, not_applicable, settle_days
from fyraften_policy.unknowns import Judgement
from fyraften_policy.work_days import MainPeriod

RULE = "no.rest.daily"
FORCE = "law"
MINIMUM = "no.rest.daily.minimum"
WINDOW = "no.rest.daily.window"


class Rest(NamedTuple):
    """The rest that decides about a main period: the gap before it, or the longest in it where it is too long."""

    seconds: int
    steps: tuple[Step, ...]


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each main period that begins in the period, sorted.

    ``measured`` is the rest before it and ``limit`` the least allowed, in seconds. Before the first work told the rest
    is counted up to the 24 hours of the rule.
    """
    exempt = not_applicable(facts, RULE, FORCE, citation())
    if exempt is not None:
        return exempt
    judged = settle_days(facts, lambda day, found: _judge_day(facts, day, found))
    days = days_in_period(facts, with_unconfirmed=True)
    return [_finding(facts, work, judged[work.day]) for work in days]


def _judge_day(facts: Facts, day: date, found: Sequence[Day]) -> Judgement:
    try:
        minimum, window = facts.parameters.on(MINIMUM, day), facts.parameters.on(WINDOW, day).seconds
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    rests = [rest for one in found for rest in _rests(facts, day, one, minimum.seconds, window)]
    if not rests:  # its work goes on from the day before, whose rest is judged there
        return Judgement(MET, None, minimum.seconds)
    worst = min(rests, key=lambda rest: rest.seconds)
    steps = (*worst.steps, *_rule_steps(worst.seconds, minimum))
    return Judgement(MET if worst.seconds >= minimum.seconds else BROKEN, worst.seconds, minimum.seconds, steps)


def _rests(facts: Facts, day: date, found: Day, minimum_seconds: int, window_seconds: int) -> Iterator[Rest]:
    if found.work.day == day:
        yield _rest_before(facts, found, window_seconds)
    for stretch in join(found.work.spans, minimum_seconds):
        if stretch.length > window_seconds:
            yield _rest_within(facts, found.work, stretch)


def _rest_before(facts: Facts, found: Day, window_seconds: int) -> Rest:
    start = moment(found.work.start, facts.zone)
    if found.before is None:
        values: Mapping[str, str] = {"start": start, "window": duration(window_seconds)}
        return Rest(window_seconds, (Step(mark("In the {window} before {start} no work is told."), values),))
    rest = found.work.start - found.before.end
    values = {"end": moment(found.before.end, facts.zone), "start": start, "rest": duration(rest)}
    message = mark("The last work before ends at {end}, the next begins at {start}: {rest} of rest.")
    return Rest(rest, (Step(message, values),))


def _rest_within(facts: Facts, work: MainPeriod, stretch: Interval) -> Rest:
    gaps = (after.start - before.end for before, after in pairwise(clip(work.spans, stretch)))
    longest = max(gaps, default=0)
    values = {
        "start": moment(stretch.start, facts.zone),
        "end": moment(stretch.end, facts.zone),
        "rest": duration(longest),
    }
    message = mark("Work goes on from {start} to {end}; the longest rest in it is {rest}.")
    return Rest(longest, (Step(message, values),))


def _rule_steps(seconds: int, minimum: InForce) -> Iterator[Step]:
    yield value_step(mark("The rule is at least {value} [{source}]."), minimum, duration(minimum.seconds))
    if seconds < minimum.seconds:
        yield Step(mark("It is short by {short}."), {"short": duration(minimum.seconds - seconds)})


def _finding(facts: Facts, work: MainPeriod, judgement: Judgement) -> Finding:
    try:
        value = facts.parameters.on(MINIMUM, work.day)
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE, work.start, min(work.end, facts.period.end), citation(),
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip
