"""``no.hours``: at most 13 hours of work in a main period, and 48 hours a week on average over eight weeks.

Arbeidsmiljøloven § 10-6, eighth paragraph. The 24 hours of the day are the main period; the 48 hours are taken on
average over complete ISO weeks, and the worst such average is told. Hours over the ordinary nine a day (§ 10-4) are
shown and not judged: whether they are overtime depends on whose choice they were.
Not here: hours over the ordinary forty a week (see ``no_overtime.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step, decimals, duration, moment, value_step
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.no_main_periods import Day, days_in_period, is_over, not_applicable, settle_days
from fyraften_policy.rules.no_weeks import WeekWindow, Worked, complete_weeks, read_both, settle_windows, worst_window
from fyraften_policy.unknowns import Judgement
from fyraften_policy.work_days import MainPeriod, day_of

RULE = "no.hours"
FORCE = "law"
DAY = "no.hours.day"
ORDINARY_DAY = "no.hours.ordinary_day"
WEEK = "no.hours.week"
WEEKS = "no.hours.weeks"


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(DAY).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each main period that begins in the period, and one for the worst average of weeks.

    ``measured`` and ``limit`` are seconds of work for a main period, and hours a week for the average. A main period
    that is not over is judged only where it is too long already, and an average only over complete weeks.
    """
    exempt = not_applicable(facts, RULE, FORCE, citation())
    return [*_judge_days(facts), *_judge_average(facts)] if exempt is None else exempt


def _judge_days(facts: Facts) -> Iterator[Finding]:
    judged = settle_days(facts, lambda day, found: _judge_day(facts, day, found))
    for work in days_in_period(facts, with_unconfirmed=True):
        if judged[work.day].verdict == BROKEN or is_over(facts, work):
            yield _finding_of_day(facts, work, judged[work.day])


def _judge_day(facts: Facts, day: date, found: Sequence[Day]) -> Judgement:
    longest = max((one.work for one in found), key=lambda work: work.seconds)
    try:
        limit = facts.parameters.on(DAY, day)
        steps = tuple(_day_steps(facts, longest, limit, facts.parameters.on(ORDINARY_DAY, day)))
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    return Judgement(MET if longest.seconds <= limit.seconds else BROKEN, longest.seconds, limit.seconds, steps)


def _day_steps(facts: Facts, work: MainPeriod, limit: InForce, ordinary: InForce) -> Iterator[Step]:
    values = {
        "start": moment(work.start, facts.zone),
        "end": moment(work.end, facts.zone),
        "work": duration(work.seconds),
    }
    yield Step(mark("From {start} to {end} the work is {work}."), values)
    yield value_step(mark("The rule is at most {value} of work in a day [{source}]."), limit, duration(limit.seconds))
    if work.seconds > limit.seconds:
        yield Step(mark("It is {over} over."), {"over": duration(work.seconds - limit.seconds)})
    if work.seconds > ordinary.seconds:
        yield value_step(mark("Ordinary hours are {value} a day [{source}]."), ordinary, duration(ordinary.seconds))
        over = duration(work.seconds - ordinary.seconds)
        yield Step(mark("{over} are over ordinary hours; this is shown and not judged."), {"over": over})


def _finding_of_day(facts: Facts, work: MainPeriod, judgement: Judgement) -> Finding:
    try:
        value = facts.parameters.on(DAY, work.day)
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE, work.start, min(work.end, facts.period.end), citation(),
        judgement.measured, judgement.limit, "second", value, judgement.steps, judgement.reason,
    )  # fmt: skip


def _judge_average(facts: Facts) -> Iterator[Finding]:
    windows = [_window(facts, end) for end in complete_weeks(facts)]
    both = read_both(facts)
    judged = settle_windows(
        facts, both, windows, lambda worked, window, holes: _judge_window(facts, worked, window, holes)
    )
    worst = worst_window(judged)
    if worst is not None:
        yield _finding_of_weeks(facts, worst, judged[worst])


def _window(facts: Facts, end: date) -> WeekWindow:
    try:
        return WeekWindow(end, int(facts.parameters.on(WEEKS, end - periods.DAY).amount))
    except NotInForceError:
        return WeekWindow(end, 1)


def _judge_window(facts: Facts, worked: Worked, window: WeekWindow, holes_are_work: bool) -> Judgement:
    try:
        limit = facts.parameters.on(WEEK, window.last_day)
        facts.parameters.on(WEEKS, window.last_day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    seconds = sum(worked.seconds(monday, holes_are_work=holes_are_work) for monday in window.mondays)
    average = Fraction(seconds, 3600 * window.length)
    steps = tuple(_window_steps(facts, window, seconds, average, limit))
    return Judgement(MET if average <= Fraction(limit.amount) else BROKEN, float(average), float(limit.amount), steps)


def _window_steps(facts: Facts, window: WeekWindow, seconds: int, average: Fraction, limit: InForce) -> Iterator[Step]:
    values: Mapping[str, str | int] = {
        "first": window.first_day.isoformat(),
        "last": window.last_day.isoformat(),
        "count": window.length,
        "work": duration(seconds),
        "average": decimals(float(average)),
    }
    message = mark("In the {count} weeks from {first} to {last} the work is {work}, {average} hours a week on average.")
    yield Step(message, values)
    first_week = periods.week_start(day_of(facts.work[0].start, facts.zone))
    if facts.observed is None and window.first_day < first_week:
        yield Step(mark("Before the first work told nothing is known of other work; that time counts as free."))
    shown = f"{limit.amount:f}"
    yield value_step(mark("The rule is at most {value} hours a week on average [{source}]."), limit, shown)


def _finding_of_weeks(facts: Facts, window: WeekWindow, judgement: Judgement) -> Finding:
    try:
        value = facts.parameters.on(WEEK, window.last_day)
    except NotInForceError:
        value = None
    start, end = (periods.start_of_day(day, facts.zone) for day in (window.first_day, window.end))
    return Finding(
        RULE, judgement.verdict, FORCE, start, end, citation(),
        judgement.measured, judgement.limit, "hour_per_week", value, judgement.steps, judgement.reason,
    )  # fmt: skip
