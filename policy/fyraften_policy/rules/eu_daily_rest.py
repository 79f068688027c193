"""``eu.rest.daily``: eleven hours of rest in the 24 hours from the first work after a rest.

Directive 2003/88/EC, article 3, does not say from when the 24 hours run; we count forward from the first work after a
rest of eleven hours. Work whose gaps are shorter than that is one block, and the block is what a finding is about: the
24 hours from its first work hold the rest exactly if it is over after thirteen. A block still open is judged as it
stands.
Not here: the stricter reading of Danish law (see ``daily_rest.py``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    BROKEN,
    MET,
    NOT_JUDGED,
    WORST_FIRST,
    Finding,
    Step,
    duration,
    moment,
    value_step,
)
from fyraften_policy.intervals import Interval, clip, join, union
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import day_of, longest_gap

RULE = "eu.rest.daily"
FORCE = "law"
MINIMUM = "eu.rest.daily.minimum"
WINDOW = "eu.rest.daily.window"


class Numbers(NamedTuple):
    """The law's numbers on the day on which a block begins; ``window`` in seconds."""

    minimum: InForce
    window: int

    @property
    def longest_block(self) -> int:
        """Return the seconds that a block may last."""
        return self.window - self.minimum.seconds


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each block of work with work in the period, sorted.

    ``measured`` is the longest rest in the 24 hours from the start of the block and ``limit`` the least allowed, in
    seconds. What comes after the period is left out, and so is work before the block.
    """
    reported = facts.reported(with_unconfirmed=True)
    blocks = [block for block in blocks_of(facts, reported) if clip(reported, _both(block, facts.period))]
    judged = settle(facts, lambda scenario: _judge_blocks(facts, blocks, scenario), nothing=MET)
    return [_finding(facts, block, judged[block]) for block in blocks]


def numbers_on(facts: Facts, block: Interval) -> Numbers:
    """Return the numbers for a block, raise ``NotInForceError`` where the law has none yet."""
    day = day_of(block.start, facts.zone)
    return Numbers(facts.parameters.on(MINIMUM, day), facts.parameters.on(WINDOW, day).seconds)


def blocks_of(facts: Facts, busy: Sequence[Interval]) -> list[Interval]:
    """Return the blocks that some work makes: joined over gaps that are no daily rest."""
    return join(busy, _rest_between(facts, busy[-1])) if busy else []


def _rest_between(facts: Facts, last: Interval) -> int:
    """Return the rest that parts two blocks: one value for all of them, that of the last day of work."""
    try:
        return facts.parameters.on(MINIMUM, day_of(last.start, facts.zone)).seconds
    except NotInForceError as before:
        return facts.parameters.on(MINIMUM, before.first).seconds


def _judge_blocks(facts: Facts, blocks: Sequence[Interval], scenario: Scenario) -> Mapping[Interval, Judgement]:
    """Judge in one scenario, in which a block may fall apart or be part of a longer one."""
    reported = facts.reported(scenario.with_unconfirmed)
    busy = union([*reported, *facts.holes]) if scenario.holes_are_work else reported
    here = blocks_of(facts, busy)
    answers: dict[Interval, Judgement] = {}
    for block in blocks:
        parts = here[bisect_right(here, block.start, key=lambda part: part.end) : bisect_left(here, (block.end,))]
        in_period = _both(block, facts.period)
        judged = [_judge_block(facts, part, busy) for part in parts if clip(reported, _both(part, in_period))]
        if judged:
            answers[block] = min(judged, key=_worst_first)
    return answers


def _judge_block(facts: Facts, block: Interval, busy: Sequence[Interval]) -> Judgement:
    try:
        numbers = numbers_on(facts, block)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    window = Interval(block.start, block.start + numbers.window)
    worked = clip(busy, (window.start, min(window.end, facts.period.end)))
    rest = max(longest_gap(worked), window.end - worked[-1].end)
    minimum = numbers.minimum.seconds
    return Judgement(MET if rest >= minimum else BROKEN, rest, minimum, _steps(facts, window, rest, numbers))


def _worst_first(judgement: Judgement) -> tuple[int, float]:
    return WORST_FIRST.index(judgement.verdict), judgement.measured or 0


def _steps(facts: Facts, window: Interval, rest: int, numbers: Numbers) -> tuple[Step, ...]:
    minimum = numbers.minimum
    values = {
        "window": duration(numbers.window),
        "start": moment(window.start, facts.zone),
        "end": moment(window.end, facts.zone),
        "rest": duration(rest),
    }
    steps = [
        Step(mark("The first work after a daily rest is at {start}; the {window} from it end at {end}."), values),
        Step(mark("The longest rest in them is {rest}."), values),
        value_step(mark("The rule is at least {value} [{source}]."), minimum, duration(minimum.seconds)),
    ]
    if rest < minimum.seconds:
        steps.append(Step(mark("It is short by {short}."), {"short": duration(minimum.seconds - rest)}))
        latest = moment(window.start + numbers.longest_block, facts.zone)
        steps.append(Step(mark("A rest begun by {latest} would have kept it."), {"latest": latest}))
    return tuple(steps)


def _finding(facts: Facts, block: Interval, judgement: Judgement) -> Finding:
    start, end = _both(block, facts.period)
    try:
        value = numbers_on(facts, block).minimum
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE, start, end, citation(),
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip


def _both(first: Interval, second: Interval) -> Interval:
    return Interval(max(first.start, second.start), min(first.end, second.end))
