"""Weekly working time on average over calendar months, as Denmark and the European Union count it.

The worst window that ends in the period is the answer. Neutral are the days for which leave is told. Where it is told
for all working days of a week the texts leave open whether its other days are neutral too: an average that only then
is too high leaves doubt.
Not here: how a window is counted (see ``work_windows.py``), whose law asks for it and with which values (see the
modules that call this).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
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
    WORST_FIRST,
    Finding,
    Step,
    decimals,
    duration,
    plain,
    value_step,
)
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce, known_parameter
from fyraften_policy.rules.work_windows import WEEK_DAYS, Amount, Reading, Window, read_both, windows_of
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import ByDay


class AverageRule(NamedTuple):
    """One law's rule: its id and force, and the parameters with its limit (hours a week) and its months."""

    rule: str
    force: str
    limit: str
    months: str


def judge_average(facts: Facts, rule: AverageRule) -> list[Finding]:
    """Return one finding, about the worst window that ends in the period; none where no window has work.

    ``measured`` and ``limit`` are hours a week.
    """
    readings = read_both(facts)
    months = ByDay(facts, lambda day: _months_on(facts, rule, day), rule.months)
    windows = readings[True].with_work(windows_of(facts, months))
    if not windows:
        return []
    limits = ByDay(facts, lambda day: _limit_on(facts, rule, day), rule.limit, rule.months)
    if not facts.holes and not facts.has_unconfirmed:
        windows = _candidates(windows, limits, readings[True])
    judged = settle(facts, lambda scenario: _judge_windows(windows, limits, readings, scenario), nothing=MET)
    worst = min(
        windows, key=lambda window: (WORST_FIRST.index(judged[window].verdict), -(judged[window].measured or 0))
    )
    with_unconfirmed = judged[worst].verdict == ATTENTION or not facts.has_unconfirmed
    amount = readings[with_unconfirmed].amount(worst, holes_are_work=False)
    return [_finding(facts, rule, limits, worst, judged[worst], amount)]


def _months_on(facts: Facts, rule: AverageRule, day: date) -> int:
    """Return the months of the average on a date, the agreement's before the law's; raises ``NotInForceError``."""
    agreed = facts.agreement.reference_months
    return int(facts.parameters.on(rule.months, day).amount if agreed is None else agreed)


def _limit_on(facts: Facts, rule: AverageRule, day: date) -> InForce:
    """Return the limit on a date on which the law also says over how many months; raises ``NotInForceError``."""
    _months_on(facts, rule, day)
    return facts.parameters.on(rule.limit, day)


def limit_or_none(limits: ByDay[InForce], window: Window) -> InForce | None:
    """Return the limit on the last day of a window, None where the law has none."""
    try:
        return limits.on(window.last_day)
    except NotInForceError:
        return None


def _candidates(windows: Sequence[Window], limits: ByDay[InForce], reading: Reading) -> list[Window]:
    """Return the windows that can be the worst where all is known: the fullest under each limit."""
    found, last_days = [], [end - 1 for _, end in windows]
    for first, end, _ in limits.runs(windows[0].last_day, windows[-1].last_day + periods.DAY):
        under = slice(*(bisect_left(last_days, day.toordinal()) for day in (first, end)))
        if same := windows[under]:
            found.append(reading.fullest(same))
            if reading.has_leave_beside:
                found.append(reading.fullest_of_whole_leave(same))
    return found


def _judge_windows(
    windows: Sequence[Window], limits: ByDay[InForce], readings: Mapping[bool, Reading], scenario: Scenario
) -> Mapping[Window, Judgement]:
    reading = readings[scenario.with_unconfirmed]
    answers = {}
    for window in windows:
        limit = limit_or_none(limits, window)
        if limit is None:
            answers[window] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        amount = reading.amount(window, holes_are_work=scenario.holes_are_work)
        most = Fraction(limit.amount)
        if amount.hours_a_week > most:
            verdict = BROKEN
        else:
            verdict = ATTENTION if amount.hours_a_week_of_whole_leave > most else MET
        answers[window] = Judgement(verdict, float(amount.hours_a_week), float(most))
    return answers


def amount_steps(facts: Facts, window: Window, amount: Amount) -> Iterator[Step]:
    """Yield the sentences on the work and the days of a window."""
    values: dict[str, str | int] = {
        "first": f"{window.first_day}",
        "last": f"{window.last_day}",
        "work": duration(amount.seconds),
        "all": window.end - window.first,
        "days": amount.days,
        "neutral": amount.neutral,
    }
    yield Step(mark("From {first} to {last} the work is {work} in {days} days that count."), values)
    if amount.neutral:
        message = mark(
            "Days of holiday, sickness or leave without work are left out: {all} less {neutral} are {days} days."
        )
        yield Step(message, values)
    if facts.observed is None and periods.start_of_day(window.first_day, facts.zone) < facts.work[0].start:
        yield Step(mark("Before the first work told nothing is known of other work; that time counts as free."))


def _steps(facts: Facts, window: Window, amount: Amount, limit: InForce) -> Iterator[Step]:
    yield from amount_steps(facts, window, amount)
    if facts.agreement.reference_months is not None:
        months = plain(facts.agreement.reference_months)
        yield Step(mark("The average is taken over months as the agreement sets them: {months}."), {"months": months})
    average = decimals(float(amount.hours_a_week))
    values: dict[str, str | int] = {"work": duration(amount.seconds), "days": amount.days, "average": average}
    yield Step(mark("{work} × 7 / {days} is {average} hours a week on average."), values)
    shown = plain(limit.amount)
    yield value_step(mark("The rule is at most {value} hours a week on average [{source}]."), limit, shown)
    allowed = int(limit.amount * 3600 * amount.days / WEEK_DAYS)
    more = amount.seconds - allowed
    values |= {"value": shown, "allowed": duration(allowed), "more": duration(abs(more))}
    if more > 0:
        yield Step(mark("{value} h × {days} / 7 is {allowed}: the work is {more} more."), values)
        return
    yield Step(mark("{value} h × {days} / 7 is {allowed}: the work is {more} less, and the rule is met."), values)
    whole = amount.hours_a_week_of_whole_leave
    if whole > Fraction(limit.amount):
        message = mark(
            "Leave is told for all working days of some weeks. If their {beside} other days are left out too, it is "
            "{average} hours a week: which days of a leave are neutral the text does not say."
        )
        yield Step(message, {"beside": amount.beside_leave, "average": decimals(float(whole))})


def _finding(
    facts: Facts, rule: AverageRule, limits: ByDay[InForce], window: Window, judgement: Judgement, amount: Amount
) -> Finding:
    limit = limit_or_none(limits, window)
    if limit is not None:
        judgement = judgement._replace(steps=(*_steps(facts, window, amount, limit), *judgement.steps))
    start, end = window.instants(facts.zone)
    return Finding(
        rule.rule, judgement.verdict, rule.force, start, end, known_parameter(rule.limit).citation,
        judgement.measured, judgement.limit, "hour_per_week", limit, judgement.steps, judgement.reason,
    )  # fmt: skip
