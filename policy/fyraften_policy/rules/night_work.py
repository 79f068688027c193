"""``dk.night``: a night worker works at most eight hours in 24 hours on average.

Arbejdstidsloven §§ 2 and 5. Night work makes a night worker by its hours in twelve months, or by being normal: on more
than half of the days worked (our reading). One day off a week is left out of the average. Days with night work are
shown as such. Where the period has no night work there is nothing to find.
Not here: counting nights (see ``night_hours.py``), and the health check before night work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    moment,
    value_step,
)
from fyraften_policy.intervals import clip
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.averages import Amount, Window, amount_steps, months_before, months_on, read_both, windows_of
from fyraften_policy.rules.averages import Reading as WorkReading
from fyraften_policy.rules.night_hours import DAY, Counted, Nights, night_of
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import MainPeriod

RULE = "dk.night"
FORCE = "law"
LIMIT = "dk.night.limit"
MONTHS = "dk.night.months"
YEAR = "dk.night.year"
YEAR_MONTHS = "dk.night.year_months"
SHARE = "dk.night.share"
_WORKING_DAYS = 6  # of a week's seven: the weekly day off is left out


class Numbers(NamedTuple):
    """The law's numbers on the last day of a window."""

    limit: InForce
    year: InForce
    year_months: int
    share: Fraction


class Worker(NamedTuple):
    """What is known of a window: the night work of the year before its end, its days of night work, and its work."""

    year_seconds: int
    counted: Counted
    amount: Amount

    @property
    def hours_a_day(self) -> Fraction:
        """Return the work in 24 hours on average, one day off a week left out."""
        return self.amount.hours_a_week / _WORKING_DAYS

    def is_night_worker(self, numbers: Numbers) -> bool:
        """Tell whether there is enough night work, by its hours or by its days."""
        return self.year_seconds >= numbers.year.seconds or self.counted.nights > numbers.share * self.counted.days


class Told:
    """The work in one reading of the person's word, and what each window holds of it."""

    def __init__(self, facts: Facts, work: WorkReading, *, with_unconfirmed: bool) -> None:
        """Take the work as it is added up for averages, and find its nights."""
        self._facts, self.work = facts, work
        self.nights = Nights(facts, with_unconfirmed=with_unconfirmed)

    def worker(self, window: Window, year_months: int, *, holes_are_work: bool) -> Worker:
        """Return what is known of a window, the least or the most that unobserved time allows."""
        end = periods.start_of_day(window.end, self._facts.zone)
        start = periods.start_of_day(months_before(window.end, year_months), self._facts.zone)
        return Worker(
            self.nights.seconds(start, end, holes_are_work=holes_are_work),
            self.nights.counted(window, holes_are_work=holes_are_work),
            self.work.amount(window, holes_are_work=holes_are_work),
        )


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
    windows = [
        window for window in windows_of(facts, MONTHS) if told[True].work.amount(window, holes_are_work=False).seconds
    ]
    return [*_notes(facts, told[False].nights), *_judge_worst(facts, windows, told)]


def _notes(facts: Facts, nights: Nights) -> Iterator[Finding]:
    for day in nights.days:
        if facts.period.start <= day.start < facts.period.end and nights.is_night_work(day):
            yield _note(facts, day, nights.seconds(day.start, day.end))


def _tell(facts: Facts) -> Mapping[bool, Told]:
    readings = read_both(facts)
    everything = Told(facts, readings[True], with_unconfirmed=True)
    confirmed = Told(facts, readings[False], with_unconfirmed=False) if facts.has_unconfirmed else everything
    return {True: everything, False: confirmed}


def _judge_worst(facts: Facts, windows: Sequence[Window], told: Mapping[bool, Told]) -> list[Finding]:
    """Return the finding about the worst window; none where no window is complete."""
    if not windows:
        return []
    judged = settle(facts, lambda scenario: _judge_windows(facts, windows, told, scenario), nothing=MET)
    worst = min(reversed(windows), key=lambda window: _worst_first(judged[window]))
    shown = told[judged[worst].verdict == ATTENTION or not facts.has_unconfirmed]
    return [_finding(facts, worst, judged[worst], shown)]


def _worst_first(judgement: Judgement) -> tuple[int, float]:
    return WORST_FIRST.index(judgement.verdict), -(judgement.measured or 0)


def _judge_windows(
    facts: Facts, windows: Sequence[Window], told: Mapping[bool, Told], scenario: Scenario
) -> Mapping[Window, Judgement]:
    one, holes_are_work = told[scenario.with_unconfirmed], scenario.holes_are_work
    has_nights = one.nights.seconds(*facts.period, holes_are_work=holes_are_work) > 0
    answers = {}
    for window in windows:
        try:
            numbers = numbers_on(facts, window)
        except NotInForceError:
            answers[window] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        worker = one.worker(window, numbers.year_months, holes_are_work=holes_are_work)
        if has_nights and worker.is_night_worker(numbers):
            verdict = BROKEN if worker.hours_a_day > Fraction(numbers.limit.amount) else MET
            answers[window] = Judgement(verdict, float(worker.hours_a_day), float(numbers.limit.amount))
        else:
            answers[window] = Judgement(MET)
    return answers


def numbers_on(facts: Facts, window: Window) -> Numbers:
    """Return the numbers in force on the last day of a window; raises ``NotInForceError``."""
    day = window.end - periods.DAY
    months_on(facts, MONTHS, day)
    limit, year, months, share = (facts.parameters.on(name, day) for name in (LIMIT, YEAR, YEAR_MONTHS, SHARE))
    return Numbers(limit, year, int(months.amount), Fraction(share.amount))


def _steps(facts: Facts, window: Window, told: Told, numbers: Numbers) -> Iterator[Step]:
    if not told.nights.seconds(*facts.period):
        yield Step(mark("There is no night work in this period."))
        return
    worker = told.worker(window, numbers.year_months, holes_are_work=False)
    last = (window.end - periods.DAY).isoformat()
    values: dict[str, str | int] = {
        "months": numbers.year_months,
        "last": last,
        "night": duration(worker.year_seconds),
        "first": window.first.isoformat(),
        "nights": worker.counted.nights,
        "days": worker.counted.days,
    }
    yield Step(mark("In the {months} months up to {last} the night work is {night}."), values)
    year = numbers.year
    yield value_step(mark("A night worker has at least {value} in that time [{source}]."), year, duration(year.seconds))
    yield Step(mark("From {first} to {last}, {nights} of {days} days worked are days of night work."), values)
    share = f"{decimals(float(numbers.share * 100))} %"
    yield Step(mark("More than {share} of them would make it normal, and so make a night worker."), {"share": share})
    if not worker.is_night_worker(numbers):
        yield Step(mark("By these figures this is not the work of a night worker."))
        return
    yield from amount_steps(facts, window, worker.amount)
    average = decimals(float(worker.hours_a_day))
    yield Step(mark("One day a week left out, that is {average} hours in 24 hours on average."), {"average": average})
    limit = numbers.limit
    yield value_step(mark("The rule is at most {value} hours [{source}]."), limit, f"{limit.amount:f}")


def _finding(facts: Facts, window: Window, judgement: Judgement, told: Told) -> Finding:
    try:
        numbers = numbers_on(facts, window)
        judgement = judgement._replace(steps=(*_steps(facts, window, told, numbers), *judgement.steps))
        value = numbers.limit
    except NotInForceError:
        value = None
    has_nights = told.nights.seconds(*facts.period) > 0
    start, end = (periods.start_of_day(day, facts.zone) for day in window) if has_nights else facts.period
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
    steps = (
        Step(mark("The night is from {start} to {end}."), values),
        Step(mark("Of the work that begins on {day}, {night} lies in the night."), values),
        value_step(mark("From {value} on it is a day of night work [{source}]."), least, duration(least.seconds)),
    )
    return Finding(
        RULE, MET, FORCE, day.start, day.end, known_parameter(DAY).citation,
        night_seconds, None, "second", least, steps,
    )  # fmt: skip
