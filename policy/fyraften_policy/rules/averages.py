"""Weekly working time on average over calendar months, as Denmark and the European Union count it.

A window is some calendar months that end with a whole local date of the period. Days of holiday, sickness or leave on
which no work was done are neutral: they leave the count. The worst window is the answer.
Not here: whose law asks for it (see the modules that call this), and which values they use.
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
    value_step,
)
from fyraften_policy.intervals import Tally
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle

NEUTRAL = ("holiday", "sick", "leave")
_WEEK_DAYS = 7


class AverageRule(NamedTuple):
    """One law's rule: its id and force, and the parameters with its limit (hours a week) and its months."""

    rule: str
    force: str
    limit: str
    months: str


class Window(NamedTuple):
    """Local dates, ``end`` excluded."""

    first: date
    end: date


class Amount(NamedTuple):
    """The seconds worked in a window, its days that count, and its neutral days."""

    seconds: int
    days: int
    neutral: int

    @property
    def hours_a_week(self) -> Fraction:
        """Return the average, zero where no day counts."""
        return Fraction(self.seconds * _WEEK_DAYS, 3600 * max(1, self.days))


class Reading:
    """The work told, with or without what waits for the person's word, ready to be added up over windows."""

    def __init__(self, facts: Facts, *, with_unconfirmed: bool) -> None:
        """Add up the work and the unobserved time, and find the neutral days."""
        self._zone = facts.zone
        self._work = facts.tally(with_unconfirmed)
        self._holes = Tally(facts.holes)
        absent = sorted(day for day, kind in facts.absences.items() if kind in NEUTRAL)
        self._free = [day for day in absent if not self._within(self._work, day, day + periods.DAY)]
        self._surely_free = [day for day in self._free if not self._within(self._holes, day, day + periods.DAY)]

    def amount(self, window: Window, *, holes_are_work: bool) -> Amount:
        """Return the least or the most that unobserved time allows: work on a free day makes the day count."""
        seconds = self._within(self._work, *window)
        if holes_are_work:
            seconds += self._within(self._holes, *window)
        free = self._free if holes_are_work else self._surely_free
        neutral = bisect_left(free, window.end) - bisect_left(free, window.first)
        return Amount(seconds, (window.end - window.first).days - neutral, neutral)

    def _within(self, tally: Tally, first: date, end: date) -> int:
        return tally.within(periods.start_of_day(first, self._zone), periods.start_of_day(end, self._zone))


def judge_average(facts: Facts, rule: AverageRule) -> list[Finding]:
    """Return one finding, about the worst window that ends in the period; none where no window has work.

    ``measured`` and ``limit`` are hours a week.
    """
    readings = read_both(facts)
    windows = [
        window
        for window in windows_of(facts, rule.months)
        if readings[True].amount(window, holes_are_work=False).seconds
    ]
    if not windows:
        return []
    judged = settle(facts, lambda scenario: _judge_windows(facts, rule, windows, readings, scenario), nothing=MET)
    worst = min(
        windows, key=lambda window: (WORST_FIRST.index(judged[window].verdict), -(judged[window].measured or 0))
    )
    with_unconfirmed = judged[worst].verdict == ATTENTION or not facts.has_unconfirmed
    amount = readings[with_unconfirmed].amount(worst, holes_are_work=False)
    return [_finding(facts, rule, worst, judged[worst], amount)]


def read_both(facts: Facts) -> Mapping[bool, Reading]:
    """Return the work with (true) and without (false) what waits for the person's word."""
    everything = Reading(facts, with_unconfirmed=True)
    return {True: everything, False: Reading(facts, with_unconfirmed=False) if facts.has_unconfirmed else everything}


def windows_of(facts: Facts, months: str) -> Iterator[Window]:
    """Yield the windows that end with a date of the period and are over at ``at``.

    Args:
        months: the parameter with the number of months; the agreement's own number comes before it. Where the law has
            no value the window is its last day.
    """
    end = facts.first_day + periods.DAY
    while end <= facts.end_day and periods.start_of_day(end, facts.zone) <= facts.at:
        try:
            yield Window(months_before(end, months_on(facts, months, end - periods.DAY)), end)
        except NotInForceError:
            yield Window(end - periods.DAY, end)
        end += periods.DAY


def months_on(facts: Facts, months: str, day: date) -> int:
    """Return the months of the average on a date; raises ``NotInForceError``."""
    agreed = facts.agreement.reference_months
    return int(facts.parameters.on(months, day).amount if agreed is None else agreed)


def months_before(day: date, months: int) -> date:
    """Return the same date some months before, or the last date of that month where it has no such date."""
    first = periods.month_start(day)
    for _ in range(months):
        first = periods.month_start(first - periods.DAY)
    last = periods.next_month(first) - periods.DAY
    return first.replace(day=min(day.day, last.day))


def _judge_windows(
    facts: Facts, rule: AverageRule, windows: Sequence[Window], readings: Mapping[bool, Reading], scenario: Scenario
) -> Mapping[Window, Judgement]:
    reading = readings[scenario.with_unconfirmed]
    answers = {}
    for window in windows:
        try:
            limit = _limit(facts, rule, window).amount
        except NotInForceError:
            answers[window] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        average = reading.amount(window, holes_are_work=scenario.holes_are_work).hours_a_week
        verdict = BROKEN if average > Fraction(limit) else MET
        answers[window] = Judgement(verdict, float(average), float(limit))
    return answers


def _limit(facts: Facts, rule: AverageRule, window: Window) -> InForce:
    """Return the limit on the last day of a window, where the law also says over how many months."""
    months_on(facts, rule.months, window.end - periods.DAY)
    return facts.parameters.on(rule.limit, window.end - periods.DAY)


def amount_steps(facts: Facts, window: Window, amount: Amount) -> Iterator[Step]:
    """Yield the sentences on the work and the days of a window."""
    last = window.end - periods.DAY
    values: dict[str, str | int] = {
        "first": window.first.isoformat(),
        "last": last.isoformat(),
        "work": duration(amount.seconds),
        "days": amount.days,
        "neutral": amount.neutral,
    }
    yield Step(mark("From {first} to {last} the work is {work} in {days} days that count."), values)
    if amount.neutral:
        yield Step(mark("{neutral} days of holiday, sickness or leave without work are left out."), values)
    if facts.agreement.reference_months is not None:
        months = f"{facts.agreement.reference_months:f}"
        yield Step(mark("The agreement sets the average over {months} months."), {"months": months})
    if facts.observed is None and periods.start_of_day(window.first, facts.zone) < facts.work[0].start:
        yield Step(mark("Before the first work told nothing is known of other work; that time counts as free."))


def _steps(facts: Facts, window: Window, amount: Amount, limit: InForce) -> Iterator[Step]:
    yield from amount_steps(facts, window, amount)
    average = amount.hours_a_week
    yield Step(mark("That is {average} hours a week on average."), {"average": decimals(float(average))})
    shown = f"{limit.amount:f}"
    yield value_step(mark("The rule is at most {value} hours a week on average [{source}]."), limit, shown)
    if average > Fraction(limit.amount):
        allowed = int(limit.amount * 3600 * amount.days / _WEEK_DAYS)
        message = mark("In these days at most {allowed} would keep it.")
        yield Step(message, {"allowed": duration(allowed)})


def _finding(facts: Facts, rule: AverageRule, window: Window, judgement: Judgement, amount: Amount) -> Finding:
    try:
        limit = _limit(facts, rule, window)
        judgement = judgement._replace(steps=(*_steps(facts, window, amount, limit), *judgement.steps))
    except NotInForceError:
        limit = None
    start, end = (periods.start_of_day(day, facts.zone) for day in window)
    return Finding(
        rule.rule, judgement.verdict, rule.force, start, end, known_parameter(rule.limit).citation,
        judgement.measured, judgement.limit, "hour_per_week", limit, judgement.steps, judgement.reason,
    )  # fmt: skip
