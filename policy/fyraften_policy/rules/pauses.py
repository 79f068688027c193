"""``advice.screen.pauses``: is screen work broken up by pauses?

AT-vejledning 3.7.1, section 6.7, asks for regular interruption and sets no minutes, so this is advice and never a
legal verdict. A stretch is screen activity whose gaps are shorter than a pause.
Not here: breaks that the law on working hours asks for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import compress
from operator import sub
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Activity, Facts
from fyraften_policy.findings import ADVICE, MET, NOT_JUDGED, Finding, Step, decimals, duration
from fyraften_policy.intervals import Interval, subtract, union, union_of_sorted
from fyraften_policy.languages import mark
from fyraften_policy.local_times import LocalTimes, PlainDay, plain_day, times_of
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.comparing import against_most, of_the_clock
from fyraften_policy.rules.our_reading import Sentences, reading_step
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import ByDay, MainPeriod, days_of, main_periods

RULE = "advice.screen.pauses"
FORCE = "advice"
STRETCH = "advice.screen.pauses.stretch"
PAUSE = "advice.screen.pauses.pause"
_LISTED = 12  # pauses of a day that are told one by one
_STRETCH_WORDS = Sentences(
    mark("No text sets minutes; in our reading a pause is due after {value} [{source}]."),
    mark("Your agreement sets a pause after {value}."),
)
_PAUSE_WORDS = Sentences(
    mark("A pause is at least {value} without activity, also in our reading."),
    mark("A pause is at least {value} without activity, as your agreement sets it."),
)
# Sessions join activity that is some minutes apart, so shorter pauses cannot be seen in them.
_PAUSE_BETWEEN_SESSIONS_WORDS = Sentences(
    mark("A pause is at least {value} between sessions, also in our reading; finer activity is not told."),
    mark("A pause is at least {value} between sessions, as your agreement sets it; finer activity is not told."),
)


class Numbers(NamedTuple):
    """What a day is judged by: the stretch after which a pause is due, the least pause, and the sentences on both."""

    stretch: InForce
    pause_seconds: int
    steps: tuple[Step, ...]


class Stretches(NamedTuple):
    """The starts and the ends of some stretches, sorted. ``seen`` is false where unobserved time can make one."""

    starts: Sequence[int]
    ends: Sequence[int]
    seen: bool


def citation() -> Citation:
    """Return where the advice stands."""
    return known_parameter(STRETCH).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each local date of the period on which a stretch of screen activity starts, sorted.

    ``measured`` is the longest stretch and ``limit`` the stretch after which a pause is suggested, in seconds.
    """
    judged = settle(facts, lambda scenario: _judge_days(facts, scenario), nothing=MET)
    numbers, source = _by_day(facts), citation()
    return [_finding(facts, day, judgement, numbers, source) for day, judgement in judged.items()]


def screen_activity(facts: Facts, *, with_unconfirmed: bool) -> list[Interval]:
    """Return the screen activity: the finer spans where they are told, else the sessions of screen work."""
    return facts.once(_screen_activity, with_unconfirmed)


def _screen_activity(facts: Facts, with_unconfirmed: bool) -> list[Interval]:
    pieces = facts.pieces(with_unconfirmed)
    if False not in {piece.screen for piece in pieces}:
        sessions = facts.reported(with_unconfirmed)
    else:
        sessions = union_of_sorted((piece.start, piece.end) for piece in pieces if piece.screen)
    if facts.activity is None:
        return sessions
    spans = union((span.start, span.end) for span in facts.activity)
    other = subtract(facts.reported(with_unconfirmed=True), sessions)
    return subtract(spans, other) if other else spans


def _by_day(facts: Facts) -> ByDay[Numbers]:
    return ByDay(facts, lambda day: _numbers_on(facts, day), STRETCH, PAUSE)


def _numbers_on(facts: Facts, day: date) -> Numbers:
    stretch, pause = facts.parameters.on(STRETCH, day), facts.parameters.on(PAUSE, day)
    words = _PAUSE_BETWEEN_SESSIONS_WORDS if facts.activity is None else _PAUSE_WORDS
    steps = (
        reading_step(words, pause, duration(pause.seconds)),
        reading_step(_STRETCH_WORDS, stretch, duration(stretch.seconds)),
    )
    return Numbers(stretch, pause.seconds, steps)


def _days(facts: Facts, activity: Sequence[Interval], with_unconfirmed: bool) -> Sequence[MainPeriod]:
    """Return the activity that starts in the period, by the date on which it does."""
    start, end = facts.period
    if activity is facts.reported(with_unconfirmed):  # all work is screen work: other rules have asked already
        return [day for day in facts.once(days_of, with_unconfirmed) if start <= day.start < end]
    return main_periods(activity[bisect_left(activity, (start,)) : bisect_left(activity, (end,))], facts.zone)


def _judge_days(facts: Facts, scenario: Scenario) -> Mapping[date, Judgement]:
    activity = screen_activity(facts, with_unconfirmed=scenario.with_unconfirmed)
    holes = facts.holes if scenario.holes_are_work else ()

    @cache
    def stretches(pause_seconds: int) -> Stretches:
        found = union([*activity, *holes]) if holes else activity
        starts, ends = [start for start, _ in found], [end for _, end in found]
        pauses = [index for index, gap in enumerate(map(sub, starts[1:], ends)) if gap >= pause_seconds]
        return Stretches(
            [*starts[:1], *[starts[index + 1] for index in pauses]], [*[ends[index] for index in pauses], *ends[-1:]],
            not holes,
        )  # fmt: skip

    numbers, times, answers = _by_day(facts), times_of(facts), {}
    for day in _days(facts, activity, scenario.with_unconfirmed):
        try:
            here = numbers.on(day.day)
        except NotInForceError:
            answers[day.day] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        touched = _touched(day, stretches(here.pause_seconds))
        plain = plain_day(day.day, touched.starts[0], touched.ends[-1], facts.zone)
        answers[day.day] = _judge_day(facts, here, touched, plain or times)
    return answers


def _judge_day(facts: Facts, numbers: Numbers, touched: Stretches, texts: PlainDay | LocalTimes) -> Judgement:
    starts, ends, _ = touched
    lengths = list(map(sub, ends, starts))
    longest, limit = max(lengths), numbers.stretch.seconds
    worst = lengths.index(longest)
    start, end = starts[worst], ends[worst]
    values = {"start": texts[start], "end": texts[end], "length": duration(longest)}
    steps = [Step(mark("The longest stretch of screen activity is {length}, from {start} to {end}."), values)]
    if isinstance(texts, LocalTimes):
        steps += of_the_clock(start, end, facts.zone)
    if facts.activity:
        steps += _intensity_steps(facts.activity, Interval(start, end))
    steps += (_pause_step(texts, ends, lengths), *numbers.steps, against_most(longest, limit))
    return Judgement(ADVICE if longest > limit else MET, longest, limit, tuple(steps))


def _touched(day: MainPeriod, stretches: Stretches) -> Stretches:
    """Return the stretches that hold activity of a day; one of unobserved time alone is nobody's work."""
    starts, ends, seen = stretches
    first = bisect_right(starts, day.start) - 1
    until = bisect_right(starts, day.spans[-1].start, first)
    around = Stretches(starts[first:until], ends[first:until], seen)
    if seen:
        return around
    active = [span.start for span in day.spans]
    holds = [
        bisect_left(active, start) < bisect_left(active, end)
        for start, end in zip(around.starts, around.ends, strict=True)
    ]
    return Stretches([*compress(around.starts, holds)], [*compress(around.ends, holds)], seen)


def _pause_step(texts: PlainDay | LocalTimes, ends: Sequence[int], lengths: Sequence[int]) -> Step:
    """Return the sentence on the pauses between the stretches of a day: how many, when, and how far apart."""
    if len(ends) == 1:
        return _NO_PAUSE
    values: dict[str, str | int] = {
        "count": len(ends) - 1,
        "shortest": duration(min(lengths)),
        "longest": duration(max(lengths)),
    }
    if len(ends) > _LISTED + 1:
        return Step(mark("{count} pauses lie between stretches of {shortest} to {longest}."), values)
    values["times"] = ", ".join(texts.clocks(ends[:-1]))
    if len(ends) == 2:
        return Step(mark("One pause lies between stretches of {shortest} and {longest}; it begins at {times}."), values)
    return Step(mark("{count} pauses lie between stretches of {shortest} to {longest}; they begin at {times}."), values)


_NO_PAUSE = Step(mark("There is no pause in the activity of the day."))


def _intensity_steps(activity: Sequence[Activity], stretch: Interval) -> Iterator[Step]:
    """Yield the sentence on how much input there was in the longest stretch: the mean of its activity by time.

    Where some of the activity is told without intensity there is none.
    """
    first, end = (bisect_left(activity, instant, key=lambda span: span.start) for instant in stretch)
    weighed = [
        (min(span.end, stretch.end) - span.start, span.intensity)
        for span in activity[first:end]
        if span.intensity is not None
    ]
    if weighed and len(weighed) == end - first:
        total = sum(seconds for seconds, _ in weighed)
        share = sum((seconds * Fraction(intensity) for seconds, intensity in weighed), Fraction(0)) / total
        values = {"share": decimals(float(100 * share), 1)}
        yield Step(mark("Input came in {share} % of the minutes of activity in it."), values)


def _finding(facts: Facts, day: date, judgement: Judgement, numbers: ByDay[Numbers], source: Citation) -> Finding:
    value = None if judgement.limit is None else numbers.on(day).stretch
    start, end = periods.start_of_day(day, facts.zone), periods.start_of_day(day + periods.DAY, facts.zone)
    verdict, measured, limit, steps, reason = judgement
    return Finding(
        RULE, verdict, FORCE, start, min(end, facts.period.end), source, measured, limit, "second", value, steps, reason
    )
