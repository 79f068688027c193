"""``no.hours``: at most 13 hours of work in a main period, and 48 hours a week on average over eight weeks.

Arbeidsmiljøloven § 10-6, eighth paragraph. The 24 hours of the day are the main period; the 48 hours are taken on
average over complete ISO weeks, and the worst such average is told. Weeks of leave count with the work told in them; an
average that is too high without them leaves doubt: the directive leaves leave out (article 16), the act says nothing.
Hours over the ordinary nine a day (§ 10-4) are shown and not judged: whether they are overtime depends on whose choice
they were.
Not here: hours over the ordinary forty a week (see ``no_overtime.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    ATTENTION,
    BROKEN,
    MET,
    NOT_JUDGED,
    Finding,
    Step,
    decimals,
    duration,
    plain,
    value_step,
)
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.comparing import against_most
from fyraften_policy.rules.no_main_periods import (
    Day,
    days_in_period,
    is_over,
    not_applicable,
    settle_days,
    worked_steps,
)
from fyraften_policy.rules.no_weeks import (
    Weeks,
    WeekWindow,
    complete_weeks,
    settle_windows,
    shown_scenario,
    weeks_in,
    worst_window,
)
from fyraften_policy.unknowns import Judgement, Scenario
from fyraften_policy.work_days import ByDay, MainPeriod, day_of

RULE = "no.hours"
FORCE = "law"
DAY = "no.hours.day"
ORDINARY_DAY = "no.hours.ordinary_day"
WEEK = "no.hours.week"
WEEKS = "no.hours.weeks"


class Numbers(NamedTuple):
    """The hours of a day in force, and the sentences that name them."""

    limit: InForce
    ordinary: InForce
    limit_step: Step
    ordinary_step: Step


class Average(NamedTuple):
    """The average in force on a day: hours a week, over how many weeks, and what they come to together."""

    limit: InForce
    weeks: int
    most_seconds: Fraction


class Kept(NamedTuple):
    """The Mondays of weeks of leave, and how many other weeks there are, with their work in seconds."""

    leave: Sequence[date]
    weeks: int
    seconds: int


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


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the hours of a day in force on a date; raises ``NotInForceError``."""
    limit, ordinary = facts.parameters.on(DAY, day), facts.parameters.on(ORDINARY_DAY, day)
    return Numbers(
        limit,
        ordinary,
        value_step(mark("The rule is at most {value} of work in a day [{source}]."), limit, duration(limit.seconds)),
        value_step(mark("Ordinary hours are {value} a day [{source}]."), ordinary, duration(ordinary.seconds)),
    )


def _judge_days(facts: Facts) -> Iterator[Finding]:
    numbers = ByDay(facts, lambda day: numbers_on(facts, day), DAY, ORDINARY_DAY)
    judged = settle_days(facts, lambda day, found: _judge_day(facts, numbers, day, found))
    source = citation()
    for work in days_in_period(facts, with_unconfirmed=True):
        verdict, measured, limit, steps, reason = judged[work.day]
        if verdict == BROKEN or is_over(facts, work):
            value = None if limit is None else numbers.on(work.day).limit
            yield Finding(
                RULE, verdict, FORCE, work.start, min(work.end, facts.period.end), source,
                measured, limit, "second", value, steps, reason,
            )  # fmt: skip


def _judge_day(facts: Facts, numbers_by_day: ByDay[Numbers], day: date, found: Sequence[Day]) -> Judgement:
    try:
        numbers = numbers_by_day.on(day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    longest = max((one.work for one in found), key=lambda work: work.seconds)
    seconds = longest.seconds
    steps = _day_steps(facts, longest, seconds, numbers)
    limit = numbers.limit.seconds
    return Judgement(MET if seconds <= limit else BROKEN, seconds, limit, steps)


def _day_steps(facts: Facts, work: MainPeriod, seconds: int, numbers: Numbers) -> tuple[Step, ...]:
    steps = (*worked_steps(facts, work, seconds), numbers.limit_step, against_most(seconds, numbers.limit.seconds))
    over = seconds - numbers.ordinary.seconds
    if over <= 0:
        return steps
    shown = Step(mark("{over} are over ordinary hours; this is shown and not judged."), {"over": duration(over)})
    return (*steps, numbers.ordinary_step, shown)


def _judge_average(facts: Facts) -> Iterator[Finding]:
    numbers = ByDay(facts, lambda day: average_on(facts, day), WEEK, WEEKS)
    windows = [_window(numbers, end) for end in complete_weeks(facts)]
    judged = settle_windows(facts, windows, lambda window, scenario: _judge_window(facts, numbers, window, scenario))
    worst = worst_window(judged)
    if worst is not None:
        yield _finding_of_weeks(facts, numbers, worst, judged[worst])


def average_on(facts: Facts, day: date) -> Average:
    """Return the average in force on a date; raises ``NotInForceError``."""
    limit, weeks = facts.parameters.on(WEEK, day), int(facts.parameters.on(WEEKS, day).amount)
    return Average(limit, weeks, Fraction(limit.amount) * 3600 * weeks)


def _window(numbers: ByDay[Average], end: date) -> WeekWindow:
    try:
        return WeekWindow(end, numbers.on(end - periods.DAY).weeks)
    except NotInForceError:
        return WeekWindow(end, 1)


def _judge_window(facts: Facts, numbers: ByDay[Average], window: WeekWindow, scenario: Scenario) -> Judgement:
    try:
        average = numbers.on(window.last_day)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    weeks = weeks_in(facts, scenario)
    seconds = weeks.within(window)
    verdict = MET if seconds <= average.most_seconds else BROKEN
    if verdict == MET and (kept := _without_leave(facts, window, weeks)) is not None:
        verdict = MET if kept.seconds * window.length <= average.most_seconds * kept.weeks else ATTENTION
    return Judgement(verdict, seconds / (3600 * window.length), float(average.limit.amount))


def _without_leave(facts: Facts, window: WeekWindow, weeks: Weeks) -> Kept | None:
    """Return what is left of a window without its weeks of leave, None where it has none or no others."""
    of_leave = facts.once(_mondays_of_leave, True)
    leave = [monday for monday in window.mondays if monday in of_leave] if of_leave else []
    if len(leave) in (0, window.length):
        return None
    seconds = weeks.within(window) - sum(weeks.on(monday) for monday in leave)
    return Kept(leave, window.length - len(leave), seconds)


def _mondays_of_leave(facts: Facts, with_unconfirmed: bool) -> frozenset[date]:
    """Return the Mondays of the weeks whose agreed weekdays are all off, one of them at least by leave."""
    weekdays = facts.agreement.working_weekdays
    if not weekdays:
        return frozenset()
    mondays = {periods.week_start(day) for day in facts.absences}
    return frozenset(monday for monday in mondays if all(facts.is_off(monday + day * periods.DAY) for day in weekdays))


def _window_steps(facts: Facts, window: WeekWindow, numbers: Average, shown: Scenario) -> Iterator[Step]:
    weeks = weeks_in(facts, shown)
    for monday in window.mondays:
        if weeks.on(monday):
            values = {"week": periods.week_name(monday), "work": duration(weeks.on(monday))}
            yield Step(mark("Week {week}: {work} of work."), values)
    seconds = weeks.within(window)
    message = mark("In the {count} weeks from {first} to {last} the work is {work}, {average} hours a week on average.")
    first, last = window.first_day.isoformat(), window.last_day.isoformat()
    average = decimals(seconds / (3600 * window.length))
    values = {"first": first, "last": last, "work": duration(seconds), "average": average}
    yield Step(message, {"count": window.length, **values})
    first_week = periods.week_start(day_of(facts.work[0].start, facts.zone))
    if facts.observed is None and window.first_day < first_week:
        yield Step(mark("Before the first work told nothing is known of other work; that time counts as free."))
    limit = numbers.limit
    value = plain(limit.amount)
    yield value_step(mark("The rule is at most {value} hours a week on average [{source}]."), limit, value)
    most = int(numbers.most_seconds)
    yield Step(mark("In {count} weeks that is {most}."), {"count": window.length, "most": duration(most)})
    yield against_most(seconds, most)
    longer = sum(1 for monday in window.mondays if weeks.on(monday) > limit.amount * 3600)
    if longer and seconds <= most:
        message = mark(
            "Of these weeks {count} had more than {value} hours, which is allowed only within such an average."
        )
        yield Step(message, {"count": longer, "value": value})
    if (kept := _without_leave(facts, window, weeks)) is not None:
        message = mark(
            "Leave is told for all working days of {weeks}. Left out, the rest is {average} hours a week on average; "
            "whether leave is left out the act does not say."
        )
        leave = ", ".join(periods.week_name(monday) for monday in kept.leave)
        yield Step(message, {"weeks": leave, "average": decimals(kept.seconds / (3600 * kept.weeks))})


def _finding_of_weeks(facts: Facts, numbers: ByDay[Average], window: WeekWindow, judgement: Judgement) -> Finding:
    value, steps = None, judgement.steps
    if judgement.limit is not None:
        average = numbers.on(window.last_day)
        value = average.limit
        steps = (*_window_steps(facts, window, average, shown_scenario(judgement)), *judgement.steps)
    start, end = (periods.start_of_day(day, facts.zone) for day in (window.first_day, window.end))
    return Finding(
        RULE, judgement.verdict, FORCE, start, end, citation(),
        judgement.measured, judgement.limit, "hour_per_week", value, steps, judgement.reason,
    )  # fmt: skip
