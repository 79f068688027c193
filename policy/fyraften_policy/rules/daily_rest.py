"""``dk.rest.daily``: eleven hours of rest in every 24 hours, counted back from any instant of work.

Arbejdsmiljøloven § 50; Arbejdstilsynet counts 24 hours back from any moment of working time. Work whose gaps are
shorter than the rest is one block, and the block is what a finding is about: while work lasts the rest behind it only
shrinks, so the ends of its work decide.
Not here: the weekly day off.
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
    BROKEN,
    EXCEPTED,
    MET,
    NOT_APPLICABLE,
    NOT_JUDGED,
    WORST_FIRST,
    Finding,
    Step,
    Word,
    duration,
    moment,
    value_step,
)
from fyraften_policy.intervals import Interval, clip, join, union
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import joined_over

RULE = "dk.rest.daily"
FORCE = "law"
MINIMUM = "dk.rest.daily.minimum"
WINDOW = "dk.rest.daily.window"
FLOOR = "dk.rest.daily.exception.floor"
_QUOTAS = {
    "annual_accounts": "dk.rest.daily.exception.annual_accounts",
    "evening_meeting": "dk.rest.daily.exception.evening_meeting",
    "state_agreement": "dk.rest.daily.exception.state_agreement",
}
_GROUNDS = {
    "annual_accounts": Word(mark("annual accounts or stocktaking")),
    "evening_meeting": Word(mark("a meeting or event in the evening")),
    "state_agreement": Word(mark("the agreement for the state sector")),
    "shift_change": Word(mark("a change of shift")),
    "force_majeure": Word(mark("force majeure")),
}
_EVER_SECONDS = 2**62


class Rest(NamedTuple):
    """The longest rest in the window before an instant of work, and the least allowed, in seconds."""

    end: int
    seconds: int
    minimum: int


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each block of work in the period, sorted.

    ``measured`` is the longest rest in the worst 24 hours of the block and ``limit`` the least allowed, in seconds.
    """
    blocks = [block for block in work_blocks(facts) if clip(facts.reported(True), _both(block, facts.period))]
    if facts.agreement.self_organiser or facts.agreement.foster_care:
        reason = "self_organiser" if facts.agreement.self_organiser else "foster_care"
        return [_finding(facts, block, Judgement(NOT_APPLICABLE, reason=reason)) for block in blocks]
    judged = settle(facts, lambda scenario: _judge_blocks(facts, blocks, scenario), nothing=MET)
    return [_finding(facts, block, judged[block]) for block in blocks]


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
    worked_until = busy[index - 1].end if index else -_EVER_SECONDS
    gaps: deque[Interval] = deque()  # each longer than those after it: no other can become the longest
    for end in ends:
        start = end - window_seconds
        while index < len(busy) and busy[index].start < end:
            gap = Interval(worked_until, busy[index].start)
            while gaps and gaps[-1].length <= gap.length:
                gaps.pop()
            gaps.append(gap)
            worked_until, index = busy[index].end, index + 1
        while gaps and gaps[0].end <= start:
            gaps.popleft()
        # The first gap may reach over the start of the window; those after it are whole.
        inside = [gap.end - max(gap.start, start) for gap in list(gaps)[:2]]
        yield max(0, end - max(worked_until, start), *inside)


def work_blocks(facts: Facts) -> list[Interval]:
    """Return the reported work joined over gaps that are no daily rest, unobserved time taken as rest."""
    return joined(facts, facts.reported(with_unconfirmed=True))


def joined(facts: Facts, busy: Sequence[Interval]) -> list[Interval]:
    """Return the blocks that some work makes: joined over gaps that are no daily rest."""
    return joined_over(facts, busy, MINIMUM)


def rest_due_seconds(facts: Facts, busy: Sequence[Interval]) -> int:
    """Return the rest due after the last work: longer where a recorded exception made the rest before it shorter.

    Raises:
        NotInForceError: the law has no value on the day of the last work.
    """
    day = periods.local_date(busy[-1].end - 1, facts.zone)
    minimum, window = (facts.parameters.on(name, day).seconds for name in (MINIMUM, WINDOW))
    block = joined(facts, busy)[-1]
    begun = periods.local_date(block.start, facts.zone)
    if begun not in facts.agreement.rest_exceptions or facts.agreement.chapter_6_covers(begun):
        return minimum
    work = clip(busy, block)
    last_shift = join(work, facts.parameters.on(FLOOR, begun).seconds)[-1]
    ends = [part.end for part in clip(work, last_shift)]
    return minimum + max(0, minimum - min(longest_rests(busy, ends, window)))


def _judge_blocks(facts: Facts, blocks: Sequence[Interval], scenario: Scenario) -> Mapping[Interval, Judgement]:
    """Judge in one scenario, in which a block may fall apart or be part of a longer one."""
    reported = facts.reported(scenario.with_unconfirmed)
    busy = union([*reported, *facts.holes]) if scenario.holes_are_work else reported
    here = joined(facts, busy)
    answers: dict[Interval, Judgement] = {}
    for block in blocks:
        parts = here[bisect_right(here, block.start, key=lambda part: part.end) : bisect_left(here, (block.end,))]
        in_period = clip(reported, _both(block, facts.period))
        judged = [_judge_block(facts, part, inside, busy) for part in parts if (inside := clip(in_period, part))]
        if judged:
            answers[block] = min(judged, key=_worst_first)
    return answers


def _worst_first(judgement: Judgement) -> tuple[int, float]:
    margin = 0 if judgement.measured is None or judgement.limit is None else judgement.measured - judgement.limit
    return WORST_FIRST.index(judgement.verdict), margin


def _judge_block(facts: Facts, block: Interval, inside: Sequence[Interval], busy: Sequence[Interval]) -> Judgement:
    try:
        rests = _rests(facts, [work.end for work in inside], busy)
        short = [rest for rest in rests if rest.seconds < rest.minimum]
        worst = min(rests, key=lambda rest: (rest.seconds - rest.minimum, rest.end))
        steps = _steps(facts, block, worst, short or [worst])
        verdict, more = _covered(facts, block, short, busy) if short else (MET, ())
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    return Judgement(verdict, worst.seconds, worst.minimum, (*steps, *more))


def _rests(facts: Facts, ends: Sequence[int], busy: Sequence[Interval]) -> list[Rest]:
    """Return the rest before the last end, or before each of them where the last is short.

    A rest long enough before the last end lies before the block, and so serves every earlier end at least as well.
    """
    last = _rests_before(facts, ends[-1:], busy)
    return last if last[0].seconds >= last[0].minimum else _rests_before(facts, ends, busy)


def _rests_before(facts: Facts, ends: Sequence[int], busy: Sequence[Interval]) -> list[Rest]:
    rests: list[Rest] = []
    for day, of_day in groupby(ends, key=lambda end: periods.local_date(end - 1, facts.zone)):
        minimum, window = (facts.parameters.on(name, day).seconds for name in (MINIMUM, WINDOW))
        found = list(of_day)
        rests += map(Rest, found, longest_rests(busy, found, window), repeat(minimum))
    return rests


def _covered(
    facts: Facts, block: Interval, short: Sequence[Rest], busy: Sequence[Interval]
) -> tuple[str, tuple[Step, ...]]:
    """Return the verdict on rests that are too short, after chapter 6 and the recorded exceptions."""
    day = periods.local_date(block.start, facts.zone)
    if (dated := facts.agreement.chapter_6) is not None and facts.agreement.chapter_6_covers(day):
        message = mark("The agreement of {day} under chapter 6 covers it; compensating rest is due.")
        return EXCEPTED, (Step(message, {"day": dated.isoformat()}),)
    ground = facts.agreement.rest_exceptions.get(day)
    if ground is None:
        return BROKEN, ()
    recorded = Step(
        mark("An exception is recorded for {day}: {ground}."), {"day": day.isoformat(), "ground": _GROUNDS[ground]}
    )
    around = clip(busy, (block.start, block.end + 2 * short[0].minimum))
    verdict, steps = _covered_by_exception(facts, day, ground, short, around)
    return verdict, (recorded, *steps)


def _covered_by_exception(
    facts: Facts, day: date, ground: str, short: Sequence[Rest], busy: Sequence[Interval]
) -> tuple[str, tuple[Step, ...]]:
    floor = facts.parameters.on(FLOOR, day)
    if min(rest.seconds for rest in short) < floor.seconds:
        message = mark("Even with it the rest must be at least {floor}.")
        return BROKEN, (Step(message, {"floor": duration(floor.seconds)}),)
    used, allowed = _quota(facts, day, ground)
    if allowed is not None and used > allowed:
        message = mark("It is number {used}; at most {allowed} are allowed in that time.")
        return BROKEN, (Step(message, {"used": used, "allowed": allowed}),)
    steps: list[Step] = []
    for ended, needed, following in _made_good(short, join(busy, floor.seconds)):
        message = mark("The rest that follows must be at least {needed}, until {until}.")
        steps.append(Step(message, {"needed": duration(needed), "until": moment(ended + needed, facts.zone)}))
        if following is not None and following < needed:
            message = mark("Work began again after {following}.")
            return BROKEN, (*steps, Step(message, {"following": duration(following)}))
    return EXCEPTED, tuple(steps)


def _made_good(short: Sequence[Rest], shifts: Sequence[Interval]) -> Iterator[tuple[int, int, int | None]]:
    """Yield (end, rest needed after it, rest taken after it) for each shift with a short rest behind it.

    A gap that even an exception would not call a rest is part of the shift.
    """
    followed = zip(shifts, [*shifts[1:], None], strict=True)
    for shift, after in followed:
        behind = [rest for rest in short if shift.start < rest.end <= shift.end]
        if behind:
            needed = max(2 * rest.minimum - rest.seconds for rest in behind)
            yield shift.end, needed, None if after is None else after.start - shift.end


def _quota(facts: Facts, day: date, ground: str) -> tuple[int, int | None]:
    """Return which number the exception of ``day`` has in its year or week, and how many are allowed."""
    if ground not in _QUOTAS:
        return 1, None
    allowed = facts.parameters.on(_QUOTAS[ground], day)
    is_weekly = allowed.parameter.unit == "count_per_week"
    first = periods.week_start(day) if is_weekly else day.replace(month=1, day=1)
    days = [other for other, why in facts.agreement.rest_exceptions.items() if why == ground and first <= other <= day]
    return len(days), int(allowed.amount)


def _steps(facts: Facts, block: Interval, worst: Rest, shown: Sequence[Rest]) -> tuple[Step, ...]:
    day = periods.local_date(worst.end - 1, facts.zone)
    minimum = facts.parameters.on(MINIMUM, day)
    block_values = {"start": moment(block.start, facts.zone), "end": moment(block.end, facts.zone)}
    steps = [Step(mark("Work from {start} to {end}, with no daily rest in between."), block_values)]
    window = duration(facts.parameters.on(WINDOW, day).seconds)
    for rest in _worst_of_each_day(facts, shown):
        values = {"window": window, "end": moment(rest.end, facts.zone), "rest": duration(rest.seconds)}
        steps.append(Step(mark("In the {window} before {end} the longest rest is {rest}."), values))
    steps.append(value_step(mark("The rule is at least {value} [{source}]."), minimum, duration(minimum.seconds)))
    if worst.seconds < worst.minimum:
        steps.append(Step(mark("It is short by {short}."), {"short": duration(worst.minimum - worst.seconds)}))
    return tuple(steps)


def _worst_of_each_day(facts: Facts, rests: Sequence[Rest]) -> list[Rest]:
    by_day = groupby(rests, key=lambda rest: periods.local_date(rest.end - 1, facts.zone))
    return [min(of_day, key=lambda rest: rest.seconds) for _, of_day in by_day]


def _finding(facts: Facts, block: Interval, judgement: Judgement) -> Finding:
    start, end = max(block.start, facts.period.start), min(block.end, facts.period.end)
    try:
        value = facts.parameters.on(MINIMUM, periods.local_date(end - 1, facts.zone))
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE, start, end, citation(),
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip


def _both(first: Interval, second: Interval) -> Interval:
    return Interval(max(first.start, second.start), min(first.end, second.end))
