"""``dk.night``: a night worker works at most eight hours in 24 hours on average.

Arbejdstidsloven §§ 2 and 5. Night work makes a night worker by its hours in twelve months, or by being normal: on more
than half of the days worked (our reading). One day off a week is left out of the average. Days with night work are
shown as such. Where the period has no night work there is nothing to find. All work told is counted, though the act
speaks of normal working time.
Not here: counting nights (see ``night_hours.py``), the health check before night work, and especially straining work.
"""

from __future__ import annotations

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
    Figure,
    Finding,
    Step,
    decimals,
    duration,
    figure,
    moment,
    value_step,
)
from fyraften_policy.intervals import clip
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.averages import amount_steps
from fyraften_policy.rules.night_hours import DAY, Counted, Nights, night_of
from fyraften_policy.rules.outside import unless_outside
from fyraften_policy.rules.rest_exceptions import CLOCK_CHANGES
from fyraften_policy.rules.work_windows import WEEK_DAYS, Amount, Window, months_before, read_both, windows_of
from fyraften_policy.rules.work_windows import Reading as WorkReading
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import ByDay, MainPeriod, clock_changes

RULE = "dk.night"
FORCE = "law"
LIMIT = "dk.night.limit"
MONTHS = "dk.night.months"
YEAR = "dk.night.year"
YEAR_MONTHS = "dk.night.year_months"
SHARE = "dk.night.share"
DAYS_OFF = "dk.night.days_off"


class Numbers(NamedTuple):
    """The law's numbers on the last day of a window."""

    limit: InForce
    year: InForce
    year_months: int
    share: InForce
    days_off: InForce

    def days_at_work(self, days: int) -> Fraction:
        """Return the days that count less their days off; never none."""
        return max(1, days) * max(Fraction(1), WEEK_DAYS - Fraction(self.days_off.amount)) / WEEK_DAYS


class Worker(NamedTuple):
    """What is known of a window: the night work of the year before its end, its days of night work, and its work."""

    year_seconds: int
    counted: Counted
    amount: Amount

    def hours_a_day(self, numbers: Numbers) -> Fraction:
        """Return the work in 24 hours on average, one day off a week left out."""
        return Fraction(self.amount.seconds, 3600) / numbers.days_at_work(self.amount.days)

    def is_night_worker(self, numbers: Numbers) -> bool:
        """Tell whether there is enough night work, by its hours or by its days."""
        return (
            self.year_seconds >= numbers.year.seconds
            or self.counted.nights > Fraction(numbers.share.amount) * self.counted.days
        )


class Told:
    """The work in one reading of the person's word, and what each window holds of it."""

    def __init__(self, facts: Facts, work: WorkReading, *, with_unconfirmed: bool) -> None:
        """Take the work as it is added up for averages, and find its nights."""
        self._facts, self.work = facts, work
        self.nights = Nights(facts, with_unconfirmed=with_unconfirmed)

    def worker(self, window: Window, year_months: int, *, holes_are_work: bool) -> Worker:
        """Return what is known of a window, the least or the most that unobserved time allows."""
        last_midnight = date.fromordinal(window.end)
        end = periods.start_of_day(last_midnight, self._facts.zone)
        start = periods.start_of_day(months_before(last_midnight, year_months), self._facts.zone)
        return Worker(
            self.nights.seconds(start, end, holes_are_work=holes_are_work),
            self.nights.counted(window, holes_are_work=holes_are_work),
            self.work.amount(window, holes_are_work=holes_are_work),
        )

    def has_nights(self, *, holes_are_work: bool) -> bool:
        """Tell whether the period has any night work."""
        return self.nights.seconds(*self._facts.period, holes_are_work=holes_are_work) > 0


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(LIMIT).citation


def judge(facts: Facts) -> list[Finding]:
    """Return a finding for each day of night work in the period, sorted, and then one about the worst window.

    Those of the days are met, with the night work in seconds as ``measured``; the last one measures hours in 24 hours.
    """
    if not clip(facts.reported(with_unconfirmed=True), facts.period):
        return []
    told = _tell(facts)
    months = ByDay(facts, lambda day: int(facts.parameters.on(MONTHS, day).amount), MONTHS)
    windows = told[True].work.with_work(windows_of(facts, months))
    return unless_outside(facts, [*_notes(facts, told[False].nights), *_judge_worst(facts, windows, told)])


def _notes(facts: Facts, nights: Nights) -> Iterator[Finding]:
    for day in nights.days if nights.are_any else ():
        if facts.period.start <= day.start < facts.period.end and nights.is_night_work(day):
            yield _note(facts, day, nights.seconds(day.start, day.end))


def _tell(facts: Facts) -> Mapping[bool, Told]:
    readings = read_both(facts)
    everything = Told(facts, readings[True], with_unconfirmed=True)
    confirmed = Told(facts, readings[False], with_unconfirmed=False) if facts.has_unconfirmed else everything
    return {True: everything, False: confirmed}


def _judge_worst(facts: Facts, windows: Sequence[Window], told: Mapping[bool, Told]) -> list[Finding]:
    """Return the finding about the worst window; none where no window is complete."""
    numbers = ByDay(facts, lambda day: numbers_on(facts, day), LIMIT, YEAR, YEAR_MONTHS, SHARE, DAYS_OFF, MONTHS)
    if not told[True].has_nights(holes_are_work=bool(facts.holes)):
        windows = _one_of_each_kind(numbers, windows)
    if not windows:
        return []
    judged = settle(facts, lambda scenario: _judge_windows(windows, told, numbers, scenario), nothing=MET)
    worst = min(reversed(windows), key=lambda window: _worst_first(judged[window]))
    shown = told[judged[worst].verdict == ATTENTION or not facts.has_unconfirmed]
    return [_finding(facts, numbers, worst, judged[worst], shown)]


def _one_of_each_kind(numbers: ByDay[Numbers], windows: Sequence[Window]) -> list[Window]:
    """Return the last window before the law had its numbers, and the last of all: without nights all are alike."""
    if windows and _numbers_or_none(numbers, windows[0]) is not None:
        return list(windows[-1:])
    before = [window for window in windows if _numbers_or_none(numbers, window) is None]
    return [*before[-1:], *windows[-1:]]


def _worst_first(judgement: Judgement) -> tuple[int, float]:
    return WORST_FIRST.index(judgement.verdict), -(judgement.measured or 0)


def _judge_windows(
    windows: Sequence[Window], told: Mapping[bool, Told], numbers: ByDay[Numbers], scenario: Scenario
) -> Mapping[Window, Judgement]:
    one, holes_are_work = told[scenario.with_unconfirmed], scenario.holes_are_work
    has_nights = one.has_nights(holes_are_work=holes_are_work)
    answers = {}
    for window in windows:
        of_window = _numbers_or_none(numbers, window)
        if of_window is None:
            answers[window] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        if not has_nights:
            answers[window] = Judgement(MET)
            continue
        worker = one.worker(window, of_window.year_months, holes_are_work=holes_are_work)
        if worker.is_night_worker(of_window):
            average, limit = worker.hours_a_day(of_window), of_window.limit.amount
            answers[window] = Judgement(BROKEN if average > Fraction(limit) else MET, float(average), float(limit))
        else:
            answers[window] = Judgement(MET)
    return answers


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    facts.parameters.on(MONTHS, day)
    limit, year, months, share, off = (
        facts.parameters.on(name, day) for name in (LIMIT, YEAR, YEAR_MONTHS, SHARE, DAYS_OFF)
    )
    return Numbers(limit, year, int(months.amount), share, off)


def _numbers_or_none(numbers: ByDay[Numbers], window: Window) -> Numbers | None:
    try:
        return numbers.on(window.last_day)
    except NotInForceError:
        return None


def _steps(facts: Facts, window: Window, told: Told, numbers: Numbers) -> Iterator[Step]:
    if not told.has_nights(holes_are_work=False):
        yield Step(mark("There is no night work in this period."))
        return
    worker = told.worker(window, numbers.year_months, holes_are_work=False)
    values: dict[str, str | int] = {
        "months": numbers.year_months,
        "last": f"{window.last_day}",
        "night": duration(worker.year_seconds),
        "first": f"{window.first_day}",
        "nights": worker.counted.nights,
        "days": worker.counted.days,
    }
    yield Step(mark("In the {months} months up to {last} the night work is {night}."), values)
    year = numbers.year
    yield value_step(mark("A night worker has at least {value} in that time [{source}]."), year, duration(year.seconds))
    message = mark("From {first} to {last}, {nights} of {days} days worked are days of night work.")
    if told.nights.is_bracketed(window):
        message = mark(
            "From {first} to {last}, at least {nights} of at most {days} days worked are days of night work: what was "
            "not observed is read so that the share is the least."
        )
    yield Step(message, values)
    share = Figure(f"{decimals(float(numbers.share.amount * 100))} %")
    message = mark("More than {value} of them would make it normal, and so make a night worker [{source}].")
    yield value_step(message, numbers.share, share)
    if worker.is_night_worker(numbers):
        yield from _average_steps(facts, window, worker, numbers)
    else:
        yield Step(mark("By these figures this is not the work of a night worker."))


def _average_steps(facts: Facts, window: Window, worker: Worker, numbers: Numbers) -> Iterator[Step]:
    yield Step(mark("By these figures this is the work of a night worker."))
    yield from amount_steps(facts, window, worker.amount)
    days = numbers.days_at_work(worker.amount.days)
    values: dict[str, str | int] = {
        "days": worker.amount.days,
        "left": decimals(float(days)),
        "work": duration(worker.amount.seconds),
        "average": decimals(float(worker.hours_a_day(numbers))),
    }
    step = value_step(
        mark("Days off are left out, {value} a week [{source}]: of {days} days {left} are left."),
        numbers.days_off,
        figure(numbers.days_off.amount),
    )
    yield step._replace(values={**step.values, **values})
    yield Step(mark("{work} / {left} is {average} hours in 24 hours on average."), values)
    limit = numbers.limit
    yield value_step(mark("The rule is at most {value} hours [{source}]."), limit, figure(limit.amount))
    allowed = int(Fraction(limit.amount) * 3600 * days)
    more = worker.amount.seconds - allowed
    values |= {"value": figure(limit.amount), "allowed": duration(allowed), "more": duration(abs(more))}
    if more > 0:
        yield Step(mark("{value} h × {left} is {allowed}: the work is {more} more."), values)
        yield Step(mark("All work told is counted; the act speaks of the normal working time of night workers."))
    else:
        yield Step(mark("{value} h × {left} is {allowed}: the work is {more} less, and the rule is met."), values)


def _finding(facts: Facts, numbers: ByDay[Numbers], window: Window, judgement: Judgement, told: Told) -> Finding:
    value = None
    if (of_window := _numbers_or_none(numbers, window)) is not None:
        judgement = judgement._replace(steps=(*_steps(facts, window, told, of_window), *judgement.steps))
        value = of_window.limit
    start, end = window.instants(facts.zone) if told.has_nights(holes_are_work=False) else facts.period
    return Finding(
        RULE, judgement.verdict, FORCE, start, end, citation(),
        judgement.measured, judgement.limit, "hour_per_day", value, judgement.steps, judgement.reason,
    )  # fmt: skip


def _note(facts: Facts, day: MainPeriod, night_seconds: int) -> Finding:
    """Return the finding that says that a day's work is night work."""
    night, least = night_of(facts, day.day), facts.parameters.on(DAY, day.day)
    values = {
        "night": duration(night_seconds),
        "day": day.day.isoformat(),
        "start": moment(night.start, facts.zone),
        "end": moment(night.end, facts.zone),
    }
    steps = [
        Step(mark("The night is from {start} to {end}."), values),
        Step(mark("Of the work that begins on {day}, {night} lies in the night."), values),
        value_step(mark("From {value} on it is a day of night work [{source}]."), least, duration(least.seconds)),
    ]
    if clock_changes(*night, facts.zone):
        steps.insert(1, CLOCK_CHANGES)
    return Finding(
        RULE, MET, FORCE, day.start, day.end, known_parameter(DAY).citation,
        night_seconds, None, "second", least, tuple(steps),
    )  # fmt: skip
