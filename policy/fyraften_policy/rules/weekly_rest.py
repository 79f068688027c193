"""``dk.rest.weekly``: a weekly day off, adjoining a daily rest: 35 hours without work every seven days.

Arbejdsmiljøloven § 51, bekendtgørelse 324/2002 § 4. What is judged is a run: from the first work after one such rest
to the last work before the next. Seven days less the rest is clearly enough; up to six whole days the day off may lie
before its daily rest or after it, and the texts do not say.
Not here: the daily rest, and the day off that a collective agreement gives on top. The exceptions of the order for the
weekly day off are not modelled either: where force majeure is recorded, the answer is left to a person.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    ATTENTION,
    BROKEN,
    EXCEPTED,
    MET,
    NOT_JUDGED,
    WORST_FIRST,
    Finding,
    Step,
    duration,
    value_step,
)
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import mark
from fyraften_policy.local_times import LocalTimes, times_of
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.outside import unless_outside
from fyraften_policy.rules.rest_exceptions import CLOCK_CHANGES, chapter_6_not_covering
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import (
    ByDay,
    Gaps,
    blocks_around,
    both,
    gaps_of,
    joined_over,
    worked_until,
)

RULE = "dk.rest.weekly"
FORCE = "law"
MINIMUM = "dk.rest.weekly.minimum"
RUN = "dk.rest.weekly.run"
LONGEST_RUN = "dk.rest.weekly.longest_run"


class Limits(NamedTuple):
    """The numbers on the last day of a run: how long it may be, clearly and at most; and sentences of nothing else."""

    run: InForce
    longest: InForce
    allowed: int
    rule: Step
    met: Step


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each run of work in the period, sorted.

    ``measured`` is the time from the start of the run to its last work in the period and ``limit`` the run that is
    clearly allowed, in seconds.
    """
    told = facts.reported(with_unconfirmed=True)
    blocks = blocks_around(facts, told, facts.period, MINIMUM)
    runs = [run for run in blocks if _last_work(facts, told, run) is not None]
    limits = ByDay(facts, lambda day: limits_on(facts, day), MINIMUM, RUN, LONGEST_RUN)
    judged = settle(facts, lambda scenario: _judge_runs(facts, limits, runs, scenario), nothing=MET)
    source = citation()
    return unless_outside(facts, [_finding(facts, limits, source, run, judged[run]) for run in runs], foster_care=True)


def work_runs(facts: Facts, busy: Sequence[Interval]) -> list[Interval]:
    """Return the runs that some work makes: joined over gaps that are no weekly rest."""
    return joined_over(facts, busy, MINIMUM)


def day_off_by(facts: Facts, busy: Sequence[Interval]) -> int | None:
    """Return when the weekly rest must begin at the latest, None where no run is open at ``at``.

    Args:
        busy: the work up to ``at`` in one reading of what is not known.

    Raises:
        NotInForceError: the law has no value on the day of ``at``.
    """
    today = periods.local_date(facts.at, facts.zone)
    minimum, run = (facts.parameters.on(name, today).seconds for name in (MINIMUM, RUN))
    if not busy or facts.at - busy[-1].end >= minimum:
        return None
    return work_runs(facts, busy)[-1].start + run


def _judge_runs(
    facts: Facts, limits: ByDay[Limits], runs: Sequence[Interval], scenario: Scenario
) -> Mapping[Interval, Judgement]:
    """Judge in one scenario, in which a run may fall apart or be part of a longer one."""
    reported = facts.reported(scenario.with_unconfirmed)
    busy = facts.filled(scenario.with_unconfirmed) if scenario.holes_are_work else reported
    gaps = facts.once(gaps_of, scenario.with_unconfirmed) if busy is reported else Gaps(busy)
    answers: dict[Interval, Judgement] = {}
    if busy is facts.reported(with_unconfirmed=True):
        for run in runs:
            if (last := _last_work(facts, busy, run)) is not None:
                answers[run] = _judge_run(facts, limits, run.start, last, gaps)
        return answers
    if not runs:
        return answers
    here = blocks_around(facts, busy, Interval(runs[0].start, runs[-1].end), MINIMUM)
    for run in runs:
        in_period = both(run, facts.period)
        judged = [
            _judge_run(facts, limits, part.start, last, gaps)
            for part in _parts_of(here, run)
            if (last := worked_until(reported, both(part, in_period))) is not None
        ]
        if judged:
            answers[run] = min(judged, key=lambda one: (WORST_FIRST.index(one.verdict), -(one.measured or 0)))
    return answers


def _last_work(facts: Facts, work: Sequence[Interval], run: Interval) -> int | None:
    """Return the end of a run's last work in the period, None where it has none there."""
    start, end = facts.period
    if start <= run.start and run.end <= end:
        return run.end
    return worked_until(work, both(run, facts.period))


def _parts_of(runs: Sequence[Interval], run: Interval) -> Sequence[Interval]:
    return runs[bisect_right(runs, run.start, key=lambda part: part.end) : bisect_left(runs, (run.end,))]


def _judge_run(facts: Facts, limits: ByDay[Limits], start: int, last: int, gaps: Gaps) -> Judgement:
    """Judge a run from its start to its last work in the period."""
    try:
        numbers = limits.at_end(last)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    length = last - start
    steps = _steps(facts, numbers, start, last, gaps)
    if length <= numbers.allowed:
        return Judgement(MET, length, numbers.allowed, (*steps, numbers.met, *_on_call(facts)))
    run = Interval(start, last)
    verdict, more = _too_long(facts, numbers, run)
    return Judgement(verdict, length, numbers.allowed, (*steps, _over_step(numbers, run), *more, *_on_call(facts)))


def limits_on(facts: Facts, day: date) -> Limits:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    minimum, run, longest = (facts.parameters.on(name, day) for name in (MINIMUM, RUN, LONGEST_RUN))
    rule = mark("A weekly day off with its daily rest is at least {value} without work [{source}].")
    met = mark("That is no more than the {value} that are clearly allowed [{source}]: it is met.")
    return Limits(
        run, longest, run.seconds,
        value_step(rule, minimum, duration(minimum.seconds)), value_step(met, run, duration(run.seconds)),
    )  # fmt: skip


def _too_long(facts: Facts, limits: Limits, run: Interval) -> tuple[str, Sequence[Step]]:
    """Return the verdict on a run that is not clearly allowed, and its sentences."""
    begun = periods.local_date(run.start, facts.zone)
    if facts.agreement.chapter_6_covers(begun):
        message = mark(
            "The agreement of {day} under chapter 6 of bekendtgørelse 324/2002 covers it; a day off as compensation "
            "is due."
        )
        return EXCEPTED, [Step(message, {"day": f"{facts.agreement.chapter_6}"})]
    steps = [*chapter_6_not_covering(facts, begun)]
    most = limits.longest
    if run.length <= most.seconds:
        message = mark(
            "Up to {value} the texts leave doubt: the day off may lie before its daily rest or after it [{source}]."
        )
        return ATTENTION, [*steps, value_step(message, most, duration(most.seconds))]
    message = mark("More than {value} is too long however the day off is laid [{source}].")
    steps.append(value_step(message, most, duration(most.seconds)))
    last = periods.local_date(run.end - 1, facts.zone)
    for day, ground in facts.agreement.rest_exceptions.items():
        if ground == "force_majeure" and begun <= day <= last:
            message = mark(
                "Force majeure is recorded for {day}. The order lets the weekly day off give way to it, as far as is "
                "needed and with compensation: whether that holds here the facts do not tell."
            )
            return ATTENTION, [*steps, Step(message, {"day": f"{day}"})]
    return BROKEN, steps


def _on_call(facts: Facts) -> Iterator[Step]:
    if facts.agreement.on_call:
        yield Step(
            mark("On-call duty is no weekly day off, unlike the daily rest: when it was is not told, and not counted.")
        )


def _steps(facts: Facts, limits: Limits, start: int, last: int, gaps: Gaps) -> list[Step]:
    """Return the sentences on a run up to its length."""
    length = Step(mark("From the first work to the last it is {run}."), {"run": duration(last - start)})
    times = times_of(facts)
    steps = [limits.rule, _longest_rest(times, start, last, gaps), length]
    return [*steps, CLOCK_CHANGES] if times.clock_changes(start, last) else steps


def _over_step(limits: Limits, run: Interval) -> Step:
    message = mark("At most {value} are clearly allowed [{source}]: {run} is {over} longer.")
    step = value_step(message, limits.run, duration(limits.allowed))
    values = {"run": duration(run.length), "over": duration(run.length - limits.allowed)}
    return step._replace(values={**step.values, **values})


def _longest_rest(times: LocalTimes, start: int, last: int, gaps: Gaps) -> Step:
    values = {"start": times[start], "end": times[last]}
    rest = gaps.longest(start, last)
    if rest is None:
        return Step(mark("From {start} to {end} there is none: it is all work."), values)
    values |= {"rest": duration(rest.length), "first": times[rest.start], "last": times[rest.end]}
    message = mark("From {start} to {end} there is none: the longest rest is {rest}, from {first} to {last}.")
    return Step(message, values)


def _finding(facts: Facts, limits: ByDay[Limits], source: Citation, run: Interval, judgement: Judgement) -> Finding:
    start, end = max(run.start, facts.period.start), min(run.end, facts.period.end)
    try:
        value = limits.at_end(end).run
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE, start, end, source,
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip
