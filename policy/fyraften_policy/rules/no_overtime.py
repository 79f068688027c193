"""``no.overtime``: hours over the ordinary forty a week, where they are overtime.

Arbeidsmiljøloven § 10-6, fourth paragraph: at most 10 hours in seven days, 25 in four consecutive weeks and 200 in 52
weeks. Overtime is work that the employer asks for; whose choice the hours were is not known here, so the sentences say
"over ordinary hours". The seven days are an ISO week, and a week of leave counts as zero. Counted are the hours over
forty a week. Work over nine hours on a date is over ordinary hours too (§ 10-4), and some count only the week: where
the days of a week alone come to more than its ten hours, it is in doubt. In the longer sums only weeks are counted:
agreements on ordinary hours that vary, which no fact tells, would put every four-day week in doubt.
Not here: the total of a day and of a week (see ``no_hours.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ATTENTION, BROKEN, MET, NOT_JUDGED, Finding, Step, duration, value_step
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.comparing import against_most
from fyraften_policy.rules.iso_weeks import WEEK
from fyraften_policy.rules.no_main_periods import not_applicable
from fyraften_policy.rules.no_weeks import (
    Weeks,
    WeekWindow,
    complete_weeks,
    settle_windows,
    shown_scenario,
    weeks_in,
    worked_weeks,
    worst_window,
)
from fyraften_policy.unknowns import Judgement, Scenario
from fyraften_policy.work_days import ByDay, day_of

RULE = "no.overtime"
FORCE = "law"
ORDINARY = "no.overtime.ordinary_week"
ORDINARY_DAY = "no.hours.ordinary_day"
IN_A_WEEK = "no.overtime.week"
_TO_SUNDAY = WEEK - periods.DAY


class Sum(NamedTuple):
    """One of the sums: the parameters with its limit and its number of weeks, None for a single week."""

    limit: str
    weeks: str | None


_OVER_WEEKS = (
    Sum("no.overtime.four_weeks", "no.overtime.four_weeks.count"),
    Sum("no.overtime.year", "no.overtime.year.count"),
)


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(IN_A_WEEK).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each week of the period with work, and one for the worst sum of four and of 52 weeks.

    ``measured`` are the hours over the ordinary ones and ``limit`` the most allowed, in seconds. A week that is not
    over is judged only where it is over the limit already.
    """
    exempt = not_applicable(facts, RULE, FORCE, citation())
    if exempt is not None:
        return exempt
    return [*_judge_weeks(facts), *_judge_sums(facts)]


class Over(NamedTuple):
    """The seconds over the ordinary ones of each week, and how many weeks with work have no value of the law.

    ``by_day`` is the more of them and of those over the ordinary ones of each date.
    """

    seconds: Weeks
    by_day: Weeks
    without_value: Weeks


def _over_in(facts: Facts, scenario: Scenario) -> Over:
    return facts.once(_over_filled if scenario.holes_are_work else _over_told, scenario.with_unconfirmed)


def _over_told(facts: Facts, with_unconfirmed: bool) -> Over:
    dates = facts.seconds_by_date(with_unconfirmed)
    return _over(facts, facts.once(worked_weeks, with_unconfirmed).told, dates.items())


def _over_filled(facts: Facts, with_unconfirmed: bool) -> Over:
    filled = periods.split_by_day(facts.filled(with_unconfirmed), facts.zone)
    dates: dict[date, int] = {}
    for day, start, end in filled:
        dates[day] = dates.get(day, 0) + end - start
    return _over(facts, facts.once(worked_weeks, with_unconfirmed).filled, dates.items())


def _over(facts: Facts, weeks: Weeks, dates: Iterable[tuple[date, int]]) -> Over:
    days = _over_by_day(facts, dates)
    ordinary = ByDay(facts, lambda day: facts.parameters.on(ORDINARY, day).seconds, ORDINARY)
    seconds, by_day, without_value = [], [], []
    monday = weeks.first
    for worked in weeks.seconds:
        over, lacks = 0, 0
        if worked:  # weeks without work need no value of the law
            try:
                over = max(0, worked - ordinary.on(monday + _TO_SUNDAY))
            except NotInForceError:
                lacks = 1
        seconds.append(over)
        by_day.append(max(over, days.get(monday, 0)))
        without_value.append(lacks)
        monday += WEEK
    return Over(Weeks.of(weeks.first, seconds), Weeks.of(weeks.first, by_day), Weeks.of(weeks.first, without_value))


def _over_by_day(facts: Facts, dates: Iterable[tuple[date, int]]) -> Mapping[date, int]:
    """Return the seconds over the ordinary ones of each date, added up by Monday."""
    ordinary = ByDay(facts, lambda day: facts.parameters.on(ORDINARY_DAY, day).seconds, ORDINARY_DAY)
    weeks: dict[date, int] = {}
    for day, seconds in dates:
        try:
            over = seconds - ordinary.on(day)
        except NotInForceError:
            continue  # the week is not judged
        if over > 0:
            monday = periods.week_start(day)
            weeks[monday] = weeks.get(monday, 0) + over
    return weeks


def _judge_weeks(facts: Facts) -> Iterator[Finding]:
    unfinished = _unfinished(facts)
    one = Sum(IN_A_WEEK, None)
    ends = (*complete_weeks(facts), *unfinished)
    judged = _settle(facts, one, [WeekWindow(end, _count(facts, one, end)) for end in ends])
    for window in judged:
        if window.end not in unfinished or judged[window].verdict == BROKEN:
            yield _finding(facts, one, window, judged[window])


def _unfinished(facts: Facts) -> list[date]:
    """Return the Monday at which the last week of the period will be over, if it is not over at ``at``."""
    start, end = facts.period
    if start == end:
        return []
    last = periods.week_start(day_of(end - 1, facts.zone)) + WEEK
    return [] if periods.start_of_day(last, facts.zone) <= facts.at else [last]


def _judge_sums(facts: Facts) -> Iterator[Finding]:
    for one in _OVER_WEEKS:
        windows = [WeekWindow(end, _count(facts, one, end)) for end in complete_weeks(facts)]
        judged = _settle(facts, one, windows)
        worst = worst_window(judged)
        if worst is not None:
            yield _finding(facts, one, worst, judged[worst])


def _count(facts: Facts, one: Sum, end: date) -> int:
    try:
        return 1 if one.weeks is None else int(facts.parameters.on(one.weeks, end - periods.DAY).amount)
    except NotInForceError:
        return 1


def _settle(facts: Facts, one: Sum, windows: Sequence[WeekWindow]) -> Mapping[WeekWindow, Judgement]:
    limits = ByDay(facts, lambda day: facts.parameters.on(one.limit, day).seconds, one.limit)

    def judge_window(window: WeekWindow, scenario: Scenario) -> Judgement:
        weeks = _over_in(facts, scenario)
        try:
            limit = limits.on(window.last_day)
        except NotInForceError:
            return Judgement(NOT_JUDGED, reason="no_value")
        if weeks.without_value.within(window):
            return Judgement(NOT_JUDGED, reason="no_value")
        seconds = weeks.seconds.within(window)
        if seconds > limit:
            return Judgement(BROKEN, seconds, limit)
        in_doubt = one.weeks is None and weeks.by_day.within(window) > limit
        return Judgement(ATTENTION if in_doubt else MET, seconds, limit)

    return settle_windows(facts, windows, judge_window)


def _steps(facts: Facts, window: WeekWindow, worked: Weeks, over: Over, limit: InForce) -> Iterator[Step]:
    ordinary = facts.parameters.on(ORDINARY, window.last_day)
    yield value_step(mark("Ordinary hours are {value} a week [{source}]."), ordinary, duration(ordinary.seconds))
    together = over.seconds.within(window)
    for monday in window.mondays:
        if over.seconds.on(monday) or window.length == 1:
            yield _week_step(monday, worked.on(monday), over.seconds.on(monday))
    if window.length > 1:
        first, last = window.first_day.isoformat(), window.last_day.isoformat()
        message = mark("From {first} to {last} together: {over} over ordinary hours.")
        yield Step(message, {"first": first, "last": last, "over": duration(together)})
    message = mark("Where they are overtime, the rule is at most {value} [{source}].")
    yield value_step(message, limit, duration(limit.seconds))
    yield against_most(together, limit.seconds)
    if window.length == 1 and together <= limit.seconds < over.by_day.within(window):
        yield from _by_day_steps(facts, window, over.by_day.within(window) - limit.seconds, limit)


def _week_step(monday: date, worked: int, over: int) -> Step:
    values = {"week": periods.week_name(monday), "work": duration(worked), "over": duration(over)}
    if over:
        return Step(mark("Week {week}: {work} of work, {over} over ordinary hours."), values)
    return Step(mark("Week {week}: {work} of work; no hours are over ordinary hours."), values)


def _by_day_steps(facts: Facts, window: WeekWindow, more: int, limit: InForce) -> Iterator[Step]:
    ordinary = facts.parameters.on(ORDINARY_DAY, window.last_day)
    yield value_step(mark("Ordinary hours are {value} a day [{source}]."), ordinary, duration(ordinary.seconds))
    message = mark(
        "With the hours over those on each date it is {over}, {more} too much. The act has both limits, and some count "
        "only the week: so it is in doubt."
    )
    yield Step(message, {"over": duration(limit.seconds + more), "more": duration(more)})


def _finding(facts: Facts, one: Sum, window: WeekWindow, judgement: Judgement) -> Finding:
    value, steps = None, judgement.steps
    if judgement.limit is not None:
        value = facts.parameters.on(one.limit, window.last_day)
        shown = shown_scenario(judgement)
        told = _steps(facts, window, weeks_in(facts, shown), _over_in(facts, shown), value)
        steps = (*told, *judgement.steps)
    start, end = (periods.start_of_day(day, facts.zone) for day in (window.first_day, window.end))
    return Finding(
        RULE, judgement.verdict, FORCE, start, min(end, max(start, facts.at)), citation(),
        judgement.measured, judgement.limit, "second", value, steps, judgement.reason,
    )  # fmt: skip
