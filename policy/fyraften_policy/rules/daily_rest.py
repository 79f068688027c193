"""``dk.rest.daily``: eleven hours of rest in every 24 hours, counted back from any instant of work.

Arbejdsmiljøloven § 50; Arbejdstilsynet counts 24 hours back from any moment of working time. Work whose gaps are
shorter than the rest is one block, and the block is what a finding is about: while work lasts the rest behind it only
shrinks, so the ends of its work decide. A block no longer than the 24 hours less the rest keeps the rest before it.
Not here: what covers a rest that is too short (see ``rest_exceptions.py``), and the weekly day off.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, repeat
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    MET,
    NOT_JUDGED,
    WORST_FIRST,
    Finding,
    Step,
    duration,
    moment,
    value_step,
)
from fyraften_policy.intervals import Interval, clip, free_time
from fyraften_policy.languages import mark
from fyraften_policy.local_times import LocalTimes, times_of
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.outside import unless_outside
from fyraften_policy.rules.rest_exceptions import CLOCK_CHANGES, Short, covered, rest_due_after
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import ByDay, blocks_around, both, clock_changes, joined_over, worked_until

RULE = "dk.rest.daily"
FORCE = "law"
MINIMUM = "dk.rest.daily.minimum"
WINDOW = "dk.rest.daily.window"
_EVER_SECONDS = 2**62


class Limits(NamedTuple):
    """The numbers of a day, and the sentences that hold nothing else: the rule where it is met, and where it is not."""

    minimum: InForce
    least: int
    window: int
    least_text: str
    window_text: str
    met: Step
    rule: Step


class Case(NamedTuple):
    """What all blocks are judged with: the facts, the numbers by date, and the texts of instants."""

    facts: Facts
    limits: ByDay[Limits]
    times: LocalTimes


class Block(NamedTuple):
    """A block of work: since when there was no work before it, its part in the period, and the last work of that."""

    start: int
    end: int
    free_since: int
    first: int
    until: int
    last: int


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each block of work in the period, sorted.

    ``measured`` is the longest rest in the worst 24 hours of the block and ``limit`` the least allowed, in seconds.
    """
    blocks = _blocks(facts)
    case = Case(facts, ByDay(facts, lambda day: limits_on(facts, day), MINIMUM, WINDOW), times_of(facts))
    judged = settle(facts, lambda scenario: _judge_blocks(case, blocks, scenario), nothing=MET)
    source = citation()
    found = [_finding(case.limits, source, block, judged[number]) for number, block in enumerate(blocks)]
    return unless_outside(facts, found, foster_care=True)


def limits_on(facts: Facts, day: date) -> Limits:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    minimum, window = (facts.parameters.on(name, day) for name in (MINIMUM, WINDOW))
    least = duration(minimum.seconds)
    met = mark("That is no less than the {value} of the rule [{source}]: it is met.")
    return Limits(
        minimum, minimum.seconds, window.seconds, least, duration(window.seconds),
        value_step(met, minimum, least), value_step(mark("The rule is at least {value} [{source}]."), minimum, least),
    )  # fmt: skip


def longest_rests(busy: Sequence[Interval], ends: Sequence[int], window_seconds: int) -> Iterator[int]:
    """Yield for each end the longest time without work in the window before it.

    Args:
        busy: time taken as work, sorted, without overlaps; what lies after an end is ignored.
        ends: ascending.

        busy    | ==    ===   == |
        window  |  [----------)  |
        result  |    ====        |
    """
    index = bisect_right(busy, ends[0] - window_seconds, key=lambda work: work.end) if ends else 0
    free_since = busy[index - 1].end if index else -_EVER_SECONDS
    gaps: deque[Interval] = deque()  # each longer than those after it: no other can become the longest
    for end in ends:
        start = end - window_seconds
        while index < len(busy) and busy[index].start < end:
            gap = Interval(free_since, busy[index].start)
            while gaps and gaps[-1].length <= gap.length:
                gaps.pop()
            gaps.append(gap)
            free_since, index = busy[index].end, index + 1
        while gaps and gaps[0].end <= start:
            gaps.popleft()
        # The first gap may reach over the start of the window; those after it are whole.
        inside = [gap.end - max(gap.start, start) for gap in list(gaps)[:2]]
        yield max(0, end - max(free_since, start), *inside)


def joined(facts: Facts, busy: Sequence[Interval]) -> list[Interval]:
    """Return the blocks that some work makes: joined over gaps that are no daily rest."""
    return joined_over(facts, busy, MINIMUM)


def rest_due_seconds(facts: Facts, busy: Sequence[Interval]) -> int:
    """Return the rest due after the last work: longer where a recorded exception made the rest before it shorter.

    Raises:
        NotInForceError: the law has no value on the day of the last work.
    """
    limits = limits_on(facts, periods.local_date(busy[-1].end - 1, facts.zone))
    block = joined(facts, busy)[-1]
    longer = rest_due_after(
        facts, clip(busy, block), limits.least, lambda ends: longest_rests(busy, ends, limits.window)
    )
    return limits.least if longer is None else longer


def _blocks(facts: Facts) -> list[Block]:
    """Return the blocks with work in the period, unobserved time taken as rest."""
    told, period = facts.reported(with_unconfirmed=True), facts.period
    begins, ends = period
    found = []
    for start, end, free_since in _followed(told, blocks_around(facts, told, period, MINIMUM)):
        if begins <= start and end <= ends:
            found.append(Block(start, end, free_since, start, end, end))
            continue
        first, until = both((start, end), period)
        if (last := worked_until(told, (first, until))) is not None:
            found.append(Block(start, end, free_since, first, until, last))
    return found


def _followed(busy: Sequence[Interval], blocks: Sequence[Interval]) -> Iterator[tuple[int, int, int]]:
    """Yield each block with the end of the work before it."""
    before = bisect_left(busy, (blocks[0].start,)) if blocks else 0
    free_since = busy[before - 1].end if before else -_EVER_SECONDS
    for start, end in blocks:
        yield start, end, free_since
        free_since = end


def _judge_blocks(case: Case, blocks: Sequence[Block], scenario: Scenario) -> Mapping[int, Judgement]:
    """Return the judgement on each block by its number, in one scenario."""
    facts = case.facts
    reported = facts.reported(scenario.with_unconfirmed)
    busy = facts.filled(scenario.with_unconfirmed) if scenario.holes_are_work else reported
    if busy is facts.reported(with_unconfirmed=True):
        return {number: _judge_block(case, block, reported, busy) for number, block in enumerate(blocks)}
    answers = {}
    for number, parts in enumerate(_parts(facts, blocks, reported, busy) if blocks else ()):
        judged = [_judge_block(case, part, reported, busy) for part in parts]
        if judged:
            answers[number] = min(judged, key=_worst_first)
    return answers


def _parts(
    facts: Facts, blocks: Sequence[Block], reported: Sequence[Interval], busy: Sequence[Interval]
) -> Iterator[list[Block]]:
    """Yield what becomes of each block in a scenario, in which it may fall apart or be part of a longer one."""
    around = Interval(blocks[0].start, blocks[-1].end)
    here = list(_followed(busy, blocks_around(facts, busy, around, MINIMUM)))
    starts, ends = [start for start, _, _ in here], [end for _, end, _ in here]
    for block in blocks:
        parts = []
        for start, end, free_since in here[bisect_right(ends, block.start) : bisect_left(starts, block.end)]:
            first, until = both((start, end), (block.first, block.until))
            if (last := worked_until(reported, (first, until))) is not None:
                parts.append(Block(start, end, free_since, first, until, last))
        yield parts


def _worst_first(judgement: Judgement) -> tuple[int, float]:
    return WORST_FIRST.index(judgement.verdict), judgement.measured or 0


def _judge_block(case: Case, block: Block, reported: Sequence[Interval], busy: Sequence[Interval]) -> Judgement:
    """Judge a block's work by the rest before the block, as seen from its last instant; where that may not be the
    longest of its 24 hours, by all of them.
    """
    start, end, free_since, first, until, last = block
    try:
        numbers = case.limits.at_end(last)
        window_start = last - numbers.window
        if free_since < window_start:
            free_since = window_start
        rest = start - free_since
        # It serves every earlier instant of the block at least as well, and no rest before it can be longer.
        if rest >= numbers.least and rest >= free_since - window_start:
            steps = _met_steps(case.times, numbers, start, end, free_since, last)
            return Judgement(MET, rest, numbers.least, steps)
        ends = [work.end for work in clip(reported, (first, until))]
        return _judge_rests(case.facts, case.limits, block, _rests(case.limits, ends, busy), busy)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")


def _rests(limits: ByDay[Limits], ends: Sequence[int], busy: Sequence[Interval]) -> list[Short]:
    """Return the longest rest before each end, with the least that is allowed."""
    rests: list[Short] = []
    for numbers, under in groupby(ends, key=limits.at_end):
        found = list(under)
        rests += map(Short, found, longest_rests(busy, found, numbers.window), repeat(numbers.least))
    return rests


def _judge_rests(
    facts: Facts, limits: ByDay[Limits], block: Block, rests: Sequence[Short], busy: Sequence[Interval]
) -> Judgement:
    short = [rest for rest in rests if rest.seconds < rest.minimum]
    worst = min(rests, key=lambda rest: (rest.seconds - rest.minimum, rest.end))
    numbers = limits.at_end(worst.end)
    shown = [_longest_rest(busy, rest.end, numbers.window) for rest in _worst_of_each_day(facts, short or [worst])]
    steps = [_block_step(facts, numbers, block)]
    for end, rest in shown:
        steps += _rest_steps(facts, numbers, end, rest)
    if not short:
        return Judgement(MET, worst.seconds, worst.minimum, (*steps, numbers.met))
    values = {"least": numbers.least_text, "rest": duration(worst.seconds)}
    values["short"] = duration(worst.minimum - worst.seconds)
    steps += [numbers.rule, Step(mark("{least} less {rest} is {short}: the rest is short by {short}."), values)]
    verdict, more = covered(facts, Interval(block.start, block.end), worst, short, busy, numbers.window)
    return Judgement(verdict, worst.seconds, worst.minimum, (*steps, *more))


def _worst_of_each_day(facts: Facts, rests: Sequence[Short]) -> list[Short]:
    by_day = groupby(rests, key=lambda rest: periods.local_date(rest.end - 1, facts.zone))
    return [min(of_day, key=lambda rest: rest.seconds) for _, of_day in by_day]


def _longest_rest(busy: Sequence[Interval], end: int, window_seconds: int) -> tuple[int, Interval]:
    window = Interval(end - window_seconds, end)
    free = free_time(clip(busy, window), window)
    return end, max(free, key=lambda rest: rest.length, default=Interval(end, end))


def _met_steps(
    times: LocalTimes, numbers: Limits, start: int, end: int, free_since: int, last: int
) -> tuple[Step, ...]:
    """Return the sentences on a block that keeps the rest before it, as most blocks do."""
    started = times[start]
    worked = Step(_WORK, {"start": started, "end": times[end], "least": numbers.least_text})
    values = {
        "window": numbers.window_text, "end": times[last], "rest": duration(start - free_since),
        "first": times[free_since], "last": started,
    }  # fmt: skip
    if times.clock_changes(last - numbers.window, last):
        return worked, Step(_LONGEST, values), CLOCK_CHANGES, numbers.met
    return worked, Step(_LONGEST, values), numbers.met


_WORK = mark("Work from {start} to {end}, with no rest of {least} in between.")
_LONGEST = mark("In the {window} before {end} the longest rest is {rest}: from {first} to {last}.")


def _block_step(facts: Facts, numbers: Limits, block: Block) -> Step:
    start, end = moment(block.start, facts.zone), moment(block.end, facts.zone)
    return Step(_WORK, {"start": start, "end": end, "least": numbers.least_text})


def _rest_steps(facts: Facts, numbers: Limits, end: int, rest: Interval) -> Iterator[Step]:
    zone = facts.zone
    values = {"window": numbers.window_text, "end": moment(end, zone)}
    if rest.length <= 0:
        yield Step(mark("In the {window} before {end} there is no time without work."), values)
        return
    values |= {"rest": duration(rest.length), "first": moment(rest.start, zone), "last": moment(rest.end, zone)}
    yield Step(_LONGEST, values)
    if clock_changes(end - numbers.window, end, zone):
        yield CLOCK_CHANGES


def _finding(limits: ByDay[Limits], source: Citation, block: Block, judgement: Judgement) -> Finding:
    try:
        value = limits.at_end(block.until).minimum
    except NotInForceError:
        value = None
    verdict, measured, limit, steps, reason = judgement
    return Finding(
        RULE, verdict, FORCE, block.first, block.until, source, measured, limit, "second", value, steps, reason
    )
