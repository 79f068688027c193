"""``dk.rest.daily``: eleven hours of rest in every 24 hours, counted back from any instant of work.

Arbejdsmiljøloven § 50; Arbejdstilsynet counts 24 hours back from any moment of working time. Work whose gaps are
shorter than the rest is one block, and the block is what a finding is about: while work lasts the rest behind it only
shrinks, so the ends of its work decide.
Not here: the weekly day off.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    BROKEN,
    EXCEPTED,
    MET,
    NOT_APPLICABLE,
    NOT_JUDGED,
    Finding,
    Step,
    Word,
    duration,
    moment,
    value_step,
)
from fyraften_policy.intervals import Interval, join, union
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle

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


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each block of work in the period, sorted.

    ``measured`` is the longest rest in the worst 24 hours of the block and ``limit`` the least allowed, in seconds.
    """
    blocks = [block for block in work_blocks(facts) if _overlaps(block, facts.period)]
    reason = "self_organiser" if facts.agreement.self_organiser else "foster_care"
    if facts.agreement.self_organiser or facts.agreement.foster_care:
        return [_finding(facts, block, Judgement(NOT_APPLICABLE, reason=reason)) for block in blocks]
    judged = settle(facts, lambda scenario: _judge_blocks(facts, blocks, scenario), nothing=MET)
    return [_finding(facts, block, judged[block]) for block in blocks]


def longest_rest(busy: Sequence[Interval], end: int, window_seconds: int) -> int:
    """Return the longest time without work in the window that ends at ``end``.

    Args:
        busy: time taken as work, sorted, without overlaps; what lies after ``end`` is ignored.

        busy    | ==    ===   == |
        window  |  [----------)  |
        result  |    ====        |
    """
    start = end - window_seconds
    cursor, rest = end, 0
    for index in range(bisect_left(busy, (end,)) - 1, -1, -1):
        if busy[index].end <= start or cursor <= start:
            break
        rest = max(rest, cursor - busy[index].end)
        cursor = min(cursor, busy[index].start)
    return max(rest, cursor - start)


def work_blocks(facts: Facts) -> list[Interval]:
    """Return the reported work joined over gaps that are no daily rest, unobserved time taken as rest."""
    reported = facts.reported(with_unconfirmed=True)
    if not reported:
        return []
    try:
        minimum = facts.parameters.on(MINIMUM, periods.local_date(reported[-1].end - 1, facts.zone)).seconds
    except NotInForceError as before:
        minimum = facts.parameters.on(MINIMUM, before.first).seconds
    return join(reported, minimum)


def _judge_blocks(facts: Facts, blocks: Sequence[Interval], scenario: Scenario) -> Mapping[Interval, Judgement]:
    reported = facts.reported(scenario.with_unconfirmed)
    busy = union([*reported, *facts.holes]) if scenario.holes_are_work else reported
    answers: dict[Interval, Judgement] = {}
    for block in blocks:
        inside = reported[bisect_left(reported, (block.start,)) : bisect_left(reported, (block.end,))]
        if any(_overlaps(work, facts.period) for work in inside):
            answers[block] = _judge_block(facts, block, inside, busy)
    return answers


def _judge_block(facts: Facts, block: Interval, inside: Sequence[Interval], busy: Sequence[Interval]) -> Judgement:
    ends = [min(work.end, facts.period.end) for work in inside if _overlaps(work, facts.period)]
    try:
        rests = _rests(facts, ends, busy)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    short = [row for row in rests if row[1] < row[2]]
    end, rest, minimum = min(rests, key=lambda row: (row[1] - row[2], row[0]))
    steps = _steps(facts, block, end, short or [(end, rest, minimum)])
    if not short:
        return Judgement(MET, rest, minimum, steps)
    verdict, more = _covered_by_agreement(facts, block, inside[-1].end, minimum - rest, rest, busy)
    return Judgement(verdict, rest, minimum, (*steps, *more))


def _rests(facts: Facts, ends: Sequence[int], busy: Sequence[Interval]) -> list[tuple[int, int, int]]:
    """Return (end, longest rest before it, least allowed) for the last end, or for all where the last is short.

    A rest long enough before the last end lies before the block, and so serves every earlier end at least as well.
    """
    last = _rest_before(facts, ends[-1], busy)
    if last[1] >= last[2]:
        return [last]
    return [_rest_before(facts, end, busy) for end in ends]


def _rest_before(facts: Facts, end: int, busy: Sequence[Interval]) -> tuple[int, int, int]:
    day = periods.local_date(end - 1, facts.zone)
    minimum = facts.parameters.on(MINIMUM, day).seconds
    return end, longest_rest(busy, end, facts.parameters.on(WINDOW, day).seconds), minimum


def _covered_by_agreement(
    facts: Facts, block: Interval, last_end: int, shortfall: int, rest: int, busy: Sequence[Interval]
) -> tuple[str, tuple[Step, ...]]:
    """Return the verdict on a rest that is too short, after chapter 6 and the recorded exceptions."""
    day = periods.local_date(block.start, facts.zone)
    agreement = facts.agreement
    own_planning = agreement.plans_own_time or agreement.unmeasurable_time
    partly_at_home = not agreement.works_only_at_home and not agreement.on_call
    if agreement.chapter_6 is not None and agreement.chapter_6 <= day and own_planning and partly_at_home:
        message = mark("The agreement of {day} under chapter 6 covers it; compensating rest is due.")
        return EXCEPTED, (Step(message, {"day": agreement.chapter_6.isoformat()}),)
    ground = agreement.rest_exceptions.get(day)
    if ground is None:
        return BROKEN, ()
    return _covered_by_exception(facts, day, ground, last_end, shortfall, rest, busy)


def _covered_by_exception(
    facts: Facts, day: date, ground: str, last_end: int, shortfall: int, rest: int, busy: Sequence[Interval]
) -> tuple[str, tuple[Step, ...]]:
    recorded = Step(
        mark("An exception is recorded for {day}: {ground}."), {"day": day.isoformat(), "ground": _GROUNDS[ground]}
    )
    floor = facts.parameters.on(FLOOR, day)
    if rest < floor.seconds:
        message = mark("Even with it the rest must be at least {floor}.")
        return BROKEN, (recorded, Step(message, {"floor": duration(floor.seconds)}))
    used, allowed = _quota(facts, day, ground)
    if allowed is not None and used > allowed:
        message = mark("It is number {used}; at most {allowed} are allowed in that time.")
        return BROKEN, (recorded, Step(message, {"used": used, "allowed": allowed}))
    needed = facts.parameters.on(MINIMUM, day).seconds + shortfall
    following = busy[index].start if (index := bisect_left(busy, (last_end,))) < len(busy) else None
    if index and busy[index - 1].end > last_end:
        following = last_end
    message = mark("The rest that follows must be at least {needed}, until {until}.")
    due = Step(message, {"needed": duration(needed), "until": moment(last_end + needed, facts.zone)})
    if following is not None and following - last_end < needed:
        message = mark("Work began again after {following}.")
        return BROKEN, (recorded, due, Step(message, {"following": duration(following - last_end)}))
    return EXCEPTED, (recorded, due)


def _quota(facts: Facts, day: date, ground: str) -> tuple[int, int | None]:
    """Return which number the exception of ``day`` has in its year or week, and how many are allowed."""
    if ground not in _QUOTAS:
        return 1, None
    allowed = facts.parameters.on(_QUOTAS[ground], day)
    is_weekly = allowed.parameter.unit == "count_per_week"
    first = periods.week_start(day) if is_weekly else day.replace(month=1, day=1)
    days = [other for other, why in facts.agreement.rest_exceptions.items() if why == ground and first <= other <= day]
    return len(days), int(allowed.amount)


def _steps(facts: Facts, block: Interval, worst_end: int, rows: Sequence[tuple[int, int, int]]) -> tuple[Step, ...]:
    day = periods.local_date(worst_end - 1, facts.zone)
    minimum = facts.parameters.on(MINIMUM, day)
    block_values = {"start": moment(block.start, facts.zone), "end": moment(block.end, facts.zone)}
    steps = [Step(mark("Work from {start} to {end}, with no daily rest in between."), block_values)]
    window = duration(facts.parameters.on(WINDOW, day).seconds)
    for end, rest in _worst_of_each_day(facts, rows):
        message = mark("In the {window} before {end} the longest rest is {rest}.")
        steps.append(Step(message, {"window": window, "end": moment(end, facts.zone), "rest": duration(rest)}))
    steps.append(value_step(mark("The rule is at least {value} [{source}]."), minimum, duration(minimum.seconds)))
    if (short := minimum.seconds - min(rest for _, rest, _ in rows)) > 0:
        steps.append(Step(mark("It is short by {short}."), {"short": duration(short)}))
    return tuple(steps)


def _worst_of_each_day(facts: Facts, rows: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    by_day: dict[date, tuple[int, int]] = {}
    for end, rest, _ in rows:
        day = periods.local_date(end - 1, facts.zone)
        if day not in by_day or rest < by_day[day][1]:
            by_day[day] = (end, rest)
    return [by_day[day] for day in sorted(by_day)]


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


def _overlaps(interval: Interval, period: Interval) -> bool:
    return interval.start < period.end and interval.end > period.start
