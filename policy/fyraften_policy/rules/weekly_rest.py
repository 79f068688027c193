"""``dk.rest.weekly``: a weekly day off, adjoining a daily rest: 35 hours without work every seven days.

Arbejdsmiljøloven § 51, bekendtgørelse 324/2002 § 4. What is judged is a run: from the first work after one such rest
to the last work before the next. Seven days less the rest is clearly enough; up to six whole days the day off may lie
before its daily rest or after it, and the texts do not say.
Not here: the daily rest, and the day off that a collective agreement gives on top.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    ATTENTION,
    BROKEN,
    EXCEPTED,
    MET,
    NOT_APPLICABLE,
    NOT_JUDGED,
    WORST_FIRST,
    Finding,
    Step,
    duration,
    moment,
    value_step,
)
from fyraften_policy.intervals import Interval, clip, union
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import joined_over, longest_gap

RULE = "dk.rest.weekly"
FORCE = "law"
MINIMUM = "dk.rest.weekly.minimum"
RUN = "dk.rest.weekly.run"
LONGEST_RUN = "dk.rest.weekly.longest_run"


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(MINIMUM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each run of work in the period, sorted.

    ``measured`` is the time from the start of the run to its last work in the period and ``limit`` the run that is
    clearly allowed, in seconds.
    """
    told = facts.reported(with_unconfirmed=True)
    runs = [run for run in work_runs(facts, told) if _last_work(told, _both(run, facts.period)) is not None]
    if facts.agreement.self_organiser or facts.agreement.foster_care:
        reason = "self_organiser" if facts.agreement.self_organiser else "foster_care"
        return [_finding(facts, run, Judgement(NOT_APPLICABLE, reason=reason)) for run in runs]
    judged = settle(facts, lambda scenario: _judge_runs(facts, runs, scenario), nothing=MET)
    return [_finding(facts, run, judged[run]) for run in runs]


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


def _judge_runs(facts: Facts, runs: Sequence[Interval], scenario: Scenario) -> Mapping[Interval, Judgement]:
    """Judge in one scenario, in which a run may fall apart or be part of a longer one."""
    reported = facts.reported(scenario.with_unconfirmed)
    busy = union([*reported, *facts.holes]) if scenario.holes_are_work else reported
    here = work_runs(facts, busy)
    answers: dict[Interval, Judgement] = {}
    for run in runs:
        parts = here[bisect_right(here, run.start, key=lambda part: part.end) : bisect_left(here, (run.end,))]
        in_period = _both(run, facts.period)
        judged = [
            _judge_run(facts, Interval(part.start, last), busy)
            for part in parts
            if (last := _last_work(reported, _both(part, in_period))) is not None
        ]
        if judged:
            answers[run] = min(judged, key=lambda one: (WORST_FIRST.index(one.verdict), -(one.measured or 0)))
    return answers


def _last_work(work: Sequence[Interval], window: Interval) -> int | None:
    """Return the end of the last work inside a window, None where there is none."""
    before = bisect_left(work, (window.end,))
    if window.length <= 0 or not before or work[before - 1].end <= window.start:
        return None
    return min(work[before - 1].end, window.end)


def _judge_run(facts: Facts, run: Interval, busy: Sequence[Interval]) -> Judgement:
    day = periods.local_date(run.end - 1, facts.zone)
    try:
        allowed, most = (facts.parameters.on(name, day).seconds for name in (RUN, LONGEST_RUN))
        steps = (*_steps(facts, run, busy),)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    if run.length <= allowed:
        return Judgement(MET, run.length, allowed, steps)
    if facts.agreement.chapter_6_covers(periods.local_date(run.start, facts.zone)):
        message = mark("The agreement of {day} under chapter 6 covers it; a day off as compensation is due.")
        return Judgement(
            EXCEPTED, run.length, allowed, (*steps, Step(message, {"day": f"{facts.agreement.chapter_6}"}))
        )
    if run.length <= most:
        message = mark("Up to {most} the texts leave doubt: the day off may lie before its daily rest or after it.")
        return Judgement(ATTENTION, run.length, allowed, (*steps, Step(message, {"most": duration(most)})))
    message = mark("More than {most} is too long however the day off is laid.")
    return Judgement(BROKEN, run.length, allowed, (*steps, Step(message, {"most": duration(most)})))


def _steps(facts: Facts, run: Interval, busy: Sequence[Interval]) -> Iterator[Step]:
    day = periods.local_date(run.end - 1, facts.zone)
    minimum, allowed = facts.parameters.on(MINIMUM, day), facts.parameters.on(RUN, day)
    values = {
        "start": moment(run.start, facts.zone),
        "end": moment(run.end, facts.zone),
        "run": duration(run.length),
        "rest": duration(longest_gap(clip(busy, run))),
    }
    message = mark("A weekly day off with its daily rest is at least {value} without work [{source}].")
    yield value_step(message, minimum, duration(minimum.seconds))
    yield Step(mark("From {start} to {end} there is none: the longest rest is {rest}."), values)
    message = mark("From the first work to the last it is {run}.")
    yield Step(message, values)
    yield value_step(mark("At most {value} is clearly allowed [{source}]."), allowed, duration(allowed.seconds))
    if run.length > allowed.seconds:
        yield Step(mark("It is {over} longer."), {"over": duration(run.length - allowed.seconds)})


def _finding(facts: Facts, run: Interval, judgement: Judgement) -> Finding:
    start, end = _both(run, facts.period)
    try:
        value = facts.parameters.on(RUN, periods.local_date(end - 1, facts.zone))
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE, start, end, citation(),
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip


def _both(first: Interval, second: Interval) -> Interval:
    return Interval(max(first.start, second.start), min(first.end, second.end))
