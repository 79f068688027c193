"""``advice.screen.pauses``: is screen work broken up by pauses?

AT-vejledning 3.7.1, section 6.7, asks for regular interruption and sets no minutes, so this is advice and never a
legal verdict. A stretch is screen activity whose gaps are shorter than a pause.
Not here: breaks that the law on working hours asks for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ADVICE, MET, NOT_JUDGED, Finding, Step, duration, moment, value_step
from fyraften_policy.intervals import Interval, clip, join, subtract, union
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle

RULE = "advice.screen.pauses"
FORCE = "advice"
STRETCH = "advice.screen.pauses.stretch"
PAUSE = "advice.screen.pauses.pause"
_AROUND_SECONDS = 24 * 3600  # far longer than any stretch whose length matters


def citation() -> Citation:
    """Return where the advice stands."""
    return known_parameter(STRETCH).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each local date of the period on which a stretch of screen activity starts, sorted.

    ``measured`` is the longest stretch and ``limit`` the stretch after which a pause is suggested, in seconds.
    """
    judged = settle(facts, lambda scenario: _judge_days(facts, scenario), nothing=MET)
    return [_finding(facts, day, judged[day]) for day in sorted(judged)]


def screen_activity(facts: Facts, *, with_unconfirmed: bool) -> list[Interval]:
    """Return the screen activity: the finer spans where they are told, else the sessions of screen work."""
    sessions = union((piece.start, piece.end) for piece in facts.pieces(with_unconfirmed) if piece.screen)
    if facts.activity is None:
        return sessions
    spans = union((span.start, span.end) for span in facts.activity)
    other = subtract(facts.reported(with_unconfirmed=True), sessions)
    return subtract(spans, other)


def _judge_days(facts: Facts, scenario: Scenario) -> Mapping[date, Judgement]:
    activity = screen_activity(facts, with_unconfirmed=scenario.with_unconfirmed)
    days: dict[date, list[Interval]] = {}
    for span in activity:
        if facts.period.start <= span.start < facts.period.end:
            days.setdefault(periods.local_date(span.start, facts.zone), []).append(span)
    holes = facts.holes if scenario.holes_are_work else ()
    return {day: _judge_day(facts, day, spans, activity, holes) for day, spans in days.items()}


def _judge_day(
    facts: Facts, day: date, spans: list[Interval], activity: list[Interval], holes: tuple[Interval, ...]
) -> Judgement:
    try:
        limit, pause = facts.parameters.on(STRETCH, day), facts.parameters.on(PAUSE, day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    stretches = _stretches_touching(spans, activity, holes, pause.seconds)
    worst = max(stretches, key=lambda stretch: stretch.length)
    values: dict[str, str | int] = {
        "start": moment(worst.start, facts.zone),
        "end": moment(worst.end, facts.zone),
        "length": duration(worst.length),
        "count": len(stretches) - 1,
    }
    steps = [
        Step(mark("The longest stretch of screen activity is {length}, from {start} to {end}."), values),
        Step(mark("There are {count} pauses between the stretches of the day."), values),
        Step(mark("A pause is at least {pause} without activity."), {"pause": duration(pause.seconds)}),
        value_step(mark("A pause is suggested after {value} [{source}]."), limit, duration(limit.seconds)),
    ]
    verdict = ADVICE if worst.length > limit.seconds else MET
    return Judgement(verdict, worst.length, limit.seconds, tuple(steps))


def _stretches_touching(
    spans: Sequence[Interval], activity: Sequence[Interval], holes: Sequence[Interval], pause_seconds: int
) -> list[Interval]:
    """Return the stretches that hold some of ``spans``; a stretch of unobserved time alone is nobody's work."""
    around = (spans[0].start - _AROUND_SECONDS, spans[-1].end + _AROUND_SECONDS)
    stretches = join([*clip(activity, around), *clip(holes, around)], pause_seconds)
    starts = [span.start for span in spans]
    return [
        stretch
        for stretch in stretches
        if (first := bisect_left(starts, stretch.start)) < len(starts) and starts[first] < stretch.end
    ]


def _finding(facts: Facts, day: date, judgement: Judgement) -> Finding:
    whole = periods.day_interval(day, facts.zone)
    start, end = max(whole.start, facts.period.start), min(whole.end, facts.period.end)
    try:
        value = facts.parameters.on(STRETCH, day)
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE, start, end, citation(),
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip


def current_stretch(facts: Facts) -> Interval | None:
    """Return the stretch that still goes on at ``at``: no pause has passed since its last activity."""
    try:
        pause = facts.parameters.on(PAUSE, periods.local_date(facts.at, facts.zone)).seconds
    except NotInForceError:
        return None
    activity = screen_activity(facts, with_unconfirmed=True)
    recent = clip(activity, (facts.at - _AROUND_SECONDS, facts.at))
    stretches = join(recent, pause)
    return stretches[-1] if stretches and facts.at - stretches[-1].end < pause else None
