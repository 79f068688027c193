"""``eu.rest.daily``: eleven hours of rest in the 24 hours from the first work after a rest.

Directive 2003/88/EC, article 3, does not say from when the 24 hours run; we count forward from the first work after a
rest of eleven hours. Work whose gaps are shorter than that is one block, and the block is what a finding is about: the
24 hours from its first work hold the rest exactly if it is over after thirteen. A block still open is judged as it
stands.
Not here: the stricter reading of Danish law (see ``daily_rest.py``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import sub
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
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.comparing import against_least, of_the_clock
from fyraften_policy.rules.eu_own_time import with_note
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import ByDay, day_of, rest_that_parts

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


class Busy(NamedTuple):
    """Work of one reading, as far as the period needs it: sorted starts, ends, and the gap after each but the last."""

    starts: Sequence[int]
    ends: Sequence[int]
    gaps: Sequence[int]


class Block(NamedTuple):
    """The work between two daily rests, from its first start to its last end; it is at ``first`` in :class:`Busy`."""

    start: int
    end: int
    first: int


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each block of work with work in the period, sorted.

    ``measured`` is the longest rest in the 24 hours from the start of the block and ``limit`` the least allowed, in
    seconds. What comes after the period is left out, and so is work before the block.
    """
    blocks = _blocks(facts, _around_period(facts, facts.reported(with_unconfirmed=True)))
    if not blocks:
        return []
    judged = settle(facts, lambda scenario: _judge_blocks(facts, blocks, scenario), nothing=MET)
    numbers = by_day(facts)
    return with_note(facts, [_finding(facts, block, judged[block], numbers) for block in blocks])


def by_day(facts: Facts) -> ByDay[Numbers]:
    """Return the numbers for the blocks that begin on each date."""
    return ByDay(facts, lambda day: numbers_on(facts, day), MINIMUM, WINDOW)


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers for a block that begins on a date; raises ``NotInForceError``."""
    return Numbers(facts.parameters.on(MINIMUM, day), facts.parameters.on(WINDOW, day).seconds)


def _around_period(facts: Facts, work: Sequence[Interval]) -> Busy:
    """Return the work of the blocks that reach into the period, up to its end: what lies after it does not matter."""
    period = facts.period
    first, after = bisect_right(work, period.start, key=lambda one: one.end), bisect_left(work, (period.end,))
    if first >= after:
        return Busy((), (), ())
    rest = rest_that_parts(facts, work, MINIMUM)
    while first > 0 and work[first].start - work[first - 1].end < rest:
        first -= 1
    starts, ends = [start for start, _ in work[first:after]], [end for _, end in work[first:after]]
    ends[-1] = min(ends[-1], period.end)
    return Busy(starts, ends, list(map(sub, starts[1:], ends)))


def _blocks(facts: Facts, busy: Busy) -> list[Block]:
    """Return the blocks that some work makes: joined over gaps that are no daily rest."""
    if not busy.starts:
        return []
    rest = rest_that_parts(facts, facts.reported(with_unconfirmed=True), MINIMUM)
    firsts = [0, *(index for index, gap in enumerate(busy.gaps, 1) if gap >= rest)]
    afters = [*firsts[1:], len(busy.starts)]
    return [Block(busy.starts[first], busy.ends[after - 1], first) for first, after in zip(firsts, afters, strict=True)]


def _judge_blocks(facts: Facts, blocks: Sequence[Block], scenario: Scenario) -> Mapping[Block, Judgement]:
    """Judge in one scenario, in which a block may fall apart or be part of a longer one."""
    told = _around_period(facts, facts.reported(scenario.with_unconfirmed))
    busy = _around_period(facts, facts.filled(scenario.with_unconfirmed)) if scenario.holes_are_work else told
    here, numbers = _blocks(facts, busy), by_day(facts)
    ends = [part.end for part in here]
    answers: dict[Block, Judgement] = {}
    for block in blocks:
        parts = here[bisect_right(ends, block.start) : bisect_left(here, (block.end,))]
        judged = [_judge_block(facts, part, busy, numbers) for part in parts if _holds_told_work(told, part, block)]
        if judged:
            answers[block] = min(judged, key=_worst_first)
    return answers


def _holds_told_work(told: Busy, part: Block, block: Block) -> bool:
    """Tell whether a part holds told work of a block: without the unconfirmed it can be unobserved time alone."""
    start, end = max(part.start, block.start), min(part.end, block.end)
    reached = bisect_right(told.ends, start)
    return reached < len(told.ends) and told.starts[reached] < end


def _judge_block(facts: Facts, block: Block, busy: Busy, by_day: ByDay[Numbers]) -> Judgement:
    try:
        numbers = by_day.on(day_of(block.start, facts.zone))
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    window = Interval(block.start, block.start + numbers.window)
    rest = _longest_rest(busy, block.first, window)
    minimum = numbers.minimum.seconds
    verdict = MET if rest.length >= minimum else BROKEN
    return Judgement(verdict, rest.length, minimum, tuple(_steps(facts, window, rest, numbers)))


def _longest_rest(busy: Busy, first: int, window: Interval) -> Interval:
    """Return the first of the longest times without work in a window that begins with the work at ``first``."""
    last = bisect_left(busy.starts, window.end, first) - 1
    after_last = Interval(min(busy.ends[last], window.end), window.end)
    gaps = busy.gaps[first:last]
    if not gaps or max(gaps) < after_last.length:
        return after_last
    longest = first + gaps.index(max(gaps))
    return Interval(busy.ends[longest], busy.starts[longest + 1])


def _worst_first(judgement: Judgement) -> tuple[int, float]:
    return WORST_FIRST.index(judgement.verdict), judgement.measured or 0


def _steps(facts: Facts, window: Interval, rest: Interval, numbers: Numbers) -> Iterator[Step]:
    minimum, least = numbers.minimum, numbers.minimum.seconds
    values = {
        "window": duration(numbers.window),
        "start": moment(window.start, facts.zone),
        "end": moment(window.end, facts.zone),
    }
    yield Step(mark("The first work after a daily rest is at {start}; the {window} from it end at {end}."), values)
    if rest.length > 0:
        values = {"from": moment(rest.start, facts.zone), "until": moment(rest.end, facts.zone)}
        message = mark("The longest time without work in them is {rest}, from {from} to {until}.")
        yield Step(message, {**values, "rest": duration(rest.length)})
        if rest.end > facts.period.end:
            message = mark("What comes after {known}, where the time judged ends, counts as time without work.")
            yield Step(message, {"known": moment(facts.period.end, facts.zone)})
    else:
        yield Step(mark("There is no time without work in them."))
    yield from of_the_clock(window.start, window.end, facts.zone)
    yield value_step(mark("The rule is at least {value} [{source}]."), minimum, duration(least))
    yield against_least(rest.length, least)
    if rest.length < least:
        latest = moment(window.start + numbers.longest_block, facts.zone)
        yield Step(mark("A rest begun by {latest} would have kept it."), {"latest": latest})


def _finding(facts: Facts, block: Block, judgement: Judgement, by_day: ByDay[Numbers]) -> Finding:
    try:
        value = by_day.on(day_of(block.start, facts.zone)).minimum
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE, max(block.start, facts.period.start), block.end, citation(),
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip
