"""``no.overtime``: hours over the ordinary forty a week, where they are overtime.

Arbeidsmiljøloven § 10-6, fourth paragraph: at most 10 hours in seven days, 25 in four consecutive weeks and 200 in 52
weeks. Overtime is work that the employer asks for; whose choice the hours were is not known here, so the sentences say
"over ordinary hours". The seven days are an ISO week, and a week of leave counts as zero.
Not here: the total of a day and of a week (see ``no_hours.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ATTENTION, BROKEN, MET, NOT_JUDGED, Finding, Step, duration, value_step
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.iso_weeks import WEEK
from fyraften_policy.rules.no_main_periods import not_applicable
from fyraften_policy.rules.no_weeks import WeekWindow, Worked, complete_weeks, read_both, settle_windows, worst_window
from fyraften_policy.unknowns import Judgement
from fyraften_policy.work_days import day_of

RULE = "no.overtime"
FORCE = "law"
ORDINARY = "no.overtime.ordinary_week"
IN_A_WEEK = "no.overtime.week"


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
    both = read_both(facts)
    return [*_judge_weeks(facts, both), *_judge_sums(facts, both)]


def _judge_weeks(facts: Facts, both: Mapping[bool, Worked]) -> Iterator[Finding]:
    unfinished = _unfinished(facts)
    one = Sum(IN_A_WEEK, None)
    judged = _settle(facts, one, both, [WeekWindow(end, 1) for end in (*complete_weeks(facts), *unfinished)])
    for window in judged:
        if window.end not in unfinished or judged[window].verdict == BROKEN:
            yield _finding(facts, one, both, window, judged[window])


def _unfinished(facts: Facts) -> list[date]:
    """Return the Monday at which the last week of the period will be over, if it is not over at ``at``."""
    start, end = facts.period
    if start == end:
        return []
    last = periods.week_start(day_of(end - 1, facts.zone)) + WEEK
    return [] if periods.start_of_day(last, facts.zone) <= facts.at else [last]


def _judge_sums(facts: Facts, both: Mapping[bool, Worked]) -> Iterator[Finding]:
    for one in _OVER_WEEKS:
        judged = _settle(facts, one, both, [WeekWindow(end, _count(facts, one, end)) for end in complete_weeks(facts)])
        worst = worst_window(judged)
        if worst is not None:
            yield _finding(facts, one, both, worst, judged[worst])


def _count(facts: Facts, one: Sum, end: date) -> int:
    try:
        return 1 if one.weeks is None else int(facts.parameters.on(one.weeks, end - periods.DAY).amount)
    except NotInForceError:
        return 1


def _settle(
    facts: Facts, one: Sum, both: Mapping[bool, Worked], windows: list[WeekWindow]
) -> Mapping[WeekWindow, Judgement]:
    ordinary = cache(lambda monday: _ordinary(facts, monday).seconds)

    def judge_window(worked: Worked, window: WeekWindow, holes_are_work: bool) -> Judgement:
        try:
            limit = facts.parameters.on(one.limit, window.last_day).seconds
            over = sum(_over(worked, window, ordinary, holes_are_work=holes_are_work).values())
        except NotInForceError:
            return Judgement(NOT_JUDGED, reason="no_value")
        return Judgement(MET if over <= limit else BROKEN, over, limit)

    return settle_windows(facts, both, windows, judge_window)


def _over(
    worked: Worked, window: WeekWindow, ordinary: Callable[[date], int], *, holes_are_work: bool
) -> Mapping[date, int]:
    """Return the seconds over the ordinary ones by week, for each week with work; others need no value of the law."""
    seconds = {monday: worked.seconds(monday, holes_are_work=holes_are_work) for monday in window.mondays}
    return {monday: max(0, length - ordinary(monday)) for monday, length in seconds.items() if length}


def _ordinary(facts: Facts, monday: date) -> InForce:
    return facts.parameters.on(ORDINARY, monday + WEEK - periods.DAY)


def _steps(facts: Facts, window: WeekWindow, over: Mapping[date, int], limit: InForce) -> Iterator[Step]:
    ordinary = _ordinary(facts, window.end - WEEK)
    yield value_step(mark("Ordinary hours are {value} a week [{source}]."), ordinary, duration(ordinary.seconds))
    for monday, seconds in over.items():
        if seconds:
            values = {"week": periods.week_name(monday), "over": duration(seconds)}
            yield Step(mark("Week {week}: {over} over ordinary hours."), values)
    if not any(over.values()):
        yield Step(mark("No hours are over ordinary hours."))
    elif window.length > 1:
        values = {"first": window.first_day.isoformat(), "last": window.last_day.isoformat()}
        together = duration(sum(over.values()))
        yield Step(mark("From {first} to {last} together: {over}."), {**values, "over": together})
    message = mark("Where they are overtime, the rule is at most {value} [{source}].")
    yield value_step(message, limit, duration(limit.seconds))


def _finding(facts: Facts, one: Sum, both: Mapping[bool, Worked], window: WeekWindow, judgement: Judgement) -> Finding:
    worked = both[judgement.verdict == ATTENTION or not facts.has_unconfirmed]
    try:
        value = facts.parameters.on(one.limit, window.last_day)
        over = _over(worked, window, lambda monday: _ordinary(facts, monday).seconds, holes_are_work=False)
        steps = (*_steps(facts, window, over, value), *judgement.steps)
    except NotInForceError:
        value, steps = None, judgement.steps
    start, end = (periods.start_of_day(day, facts.zone) for day in (window.first_day, window.end))
    return Finding(
        RULE, judgement.verdict, FORCE, start, min(end, max(start, facts.at)), citation(),
        judgement.measured, judgement.limit, "second", value, steps, judgement.reason,
    )  # fmt: skip
