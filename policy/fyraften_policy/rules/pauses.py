"""``advice.screen.pauses``: is screen work broken up by pauses?

AT-vejledning 3.7.1, section 6.7, asks for regular interruption and sets no minutes, so this is advice and never a
legal verdict. A stretch is screen activity whose gaps are shorter than a pause.
Not here: breaks that the law on working hours asks for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ADVICE, MET, NOT_JUDGED, Finding, Step, decimals, duration, moment, value_step
from fyraften_policy.intervals import Interval, clip, join, subtract, union, union_of_sorted
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle

RULE = "advice.screen.pauses"
FORCE = "advice"
STRETCH = "advice.screen.pauses.stretch"
PAUSE = "advice.screen.pauses.pause"
_LISTED = 12  # pauses of a day that are told one by one
_RECENT_SECONDS = 48 * 3600  # longer than any stretch after which a pause can be due


def citation() -> Citation:
    """Return where the advice stands."""
    return known_parameter(STRETCH).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each local date of the period on which a stretch of screen activity starts, sorted.

    ``measured`` is the longest stretch and ``limit`` the stretch after which a pause is suggested, in seconds.
    """
    activity = cache(lambda with_unconfirmed: screen_activity(facts, with_unconfirmed=with_unconfirmed))
    judged = settle(
        facts, lambda scenario: _judge_days(facts, scenario, activity(scenario.with_unconfirmed)), nothing=MET
    )
    return [_finding(facts, day, judged[day]) for day in sorted(judged)]


def screen_activity(facts: Facts, *, with_unconfirmed: bool) -> list[Interval]:
    """Return the screen activity: the finer spans where they are told, else the sessions of screen work."""
    pieces = facts.pieces(with_unconfirmed)
    if all(piece.screen for piece in pieces):
        sessions = facts.reported(with_unconfirmed)
    else:
        sessions = union_of_sorted((piece.start, piece.end) for piece in pieces if piece.screen)
    if facts.activity is None:
        return sessions
    spans = union((span.start, span.end) for span in facts.activity)
    other = subtract(facts.reported(with_unconfirmed=True), sessions)
    return subtract(spans, other)


def _judge_days(facts: Facts, scenario: Scenario, activity: Sequence[Interval]) -> Mapping[date, Judgement]:
    begun = [span for span in activity if facts.period.start <= span.start < facts.period.end]
    days: dict[date, list[Interval]] = {}
    first_seconds = ((span.start, span.start + 1) for span in begun)
    for span, (day, _, _) in zip(begun, periods.split_by_day(first_seconds, facts.zone), strict=True):
        days.setdefault(day, []).append(span)
    holes = facts.holes if scenario.holes_are_work else ()
    stretches = cache(lambda pause_seconds: join([*activity, *holes], pause_seconds))
    return {day: _judge_day(facts, day, spans, stretches) for day, spans in days.items()}


def _judge_day(
    facts: Facts, day: date, spans: Sequence[Interval], stretches: Callable[[int], Sequence[Interval]]
) -> Judgement:
    try:
        limit, pause = facts.parameters.on(STRETCH, day), facts.parameters.on(PAUSE, day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    touched = _touched(spans, stretches(pause.seconds))
    worst = max(touched, key=lambda stretch: stretch.length)
    values: dict[str, str | int] = {
        "start": moment(worst.start, facts.zone),
        "end": moment(worst.end, facts.zone),
        "length": duration(worst.length),
        "count": len(touched) - 1,
    }
    steps = (
        Step(mark("The longest stretch of screen activity is {length}, from {start} to {end}."), values),
        Step(mark("Pauses between the stretches of the day: {count}."), values),
        Step(mark("A pause is at least {pause} without activity."), {"pause": duration(pause.seconds)}),
        value_step(mark("A pause is suggested after {value} [{source}]."), limit, duration(limit.seconds)),
        *_pause_steps(facts, touched),
        *_intensity_steps(facts, worst),
    )
    verdict = ADVICE if worst.length > limit.seconds else MET
    return Judgement(verdict, worst.length, limit.seconds, steps)


def _touched(spans: Sequence[Interval], stretches: Sequence[Interval]) -> list[Interval]:
    """Return the stretches that hold some of ``spans``; a stretch of unobserved time alone is nobody's work."""
    starts = [span.start for span in spans]
    first = bisect_right(stretches, starts[0], key=lambda stretch: stretch.end)
    around = stretches[first : bisect_right(stretches, starts[-1], key=lambda stretch: stretch.start)]
    return [one for one in around if bisect_left(starts, one.start) < bisect_left(starts, one.end)]


def _pause_steps(facts: Facts, stretches: Sequence[Interval]) -> Iterator[Step]:
    """Yield the sentences on the pauses between the stretches of a day: when they were, and how far apart."""
    if len(stretches) == 1:
        return
    if len(stretches) <= _LISTED + 1:
        times = ", ".join(f"{periods.local(stretch.end, facts.zone):%H:%M}" for stretch in stretches[:-1])
        yield Step(mark("The pauses began at {times}."), {"times": times})
    lengths = [stretch.length for stretch in stretches]
    values = {"shortest": duration(min(lengths)), "longest": duration(max(lengths))}
    yield Step(mark("The stretches around them last from {shortest} to {longest}."), values)


def _intensity_steps(facts: Facts, stretch: Interval) -> Iterator[Step]:
    """Yield the sentence on how much input there was in the longest stretch: the mean of its activity by time.

    Where some of the activity is told without intensity there is none.
    """
    spans = facts.activity or ()
    first, end = (bisect_left(spans, instant, key=lambda span: span.start) for instant in stretch)
    weighed = [
        (min(span.end, stretch.end) - span.start, span.intensity)
        for span in spans[first:end]
        if span.intensity is not None
    ]
    if weighed and len(weighed) == end - first:
        total = sum(seconds for seconds, _ in weighed)
        share = sum((seconds * Fraction(intensity) for seconds, intensity in weighed), Fraction(0)) / total
        values = {"share": decimals(float(100 * share), 1)}
        yield Step(mark("Input came in {share} % of the minutes of activity in the longest stretch."), values)


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
    recent = clip(activity, (facts.at - _RECENT_SECONDS, facts.at))
    stretches = join(recent, pause)
    return stretches[-1] if stretches and facts.at - stretches[-1].end < pause else None
