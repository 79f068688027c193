"""``no.sunday``: time off on Sundays and public holidays, from the evening before.

Arbeidsmiljøloven § 10-10: off from 18 on the day before a Sunday or public holiday until 22 on the day before the next
working day, and from 15 on Christmas Eve, Easter Eve and Whit Eve. The act on 1 and 17 May leaves their eve an ordinary
day until 22, unless it is off for another reason. Saturday is a working day.
Not here: which dates are public holidays (the facts tell), work that the law allows on a Sunday, and the free Sunday
after one with work (§ 10-8, fourth paragraph).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding, Step, moment, value_step
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.no_free_hours import (
    NO_WORK,
    FreeHours,
    FreeHoursRule,
    clock_instant,
    clock_seconds,
    clock_text,
    judge_dates,
)
from fyraften_policy.rules.no_main_periods import not_applicable

RULE = "no.sunday"
FORCE = "law"
FROM = "no.sunday.from"
FROM_SPECIAL_EVE = "no.sunday.from_special_eve"
FROM_EVE_OF_MAY = "no.sunday.from_eve_of_may"
TO = "no.sunday.to"
NOT_ALLOWED = mark(
    "Work on Sundays and public holidays is allowed only where its nature makes that necessary. No fact told says that "
    "it does."
)
_BEGINS = {
    FROM: mark("Time off begins at {value} on the day before [{source}]."),
    FROM_SPECIAL_EVE: mark("On Christmas Eve, Easter Eve and Whit Eve time off begins at {value} [{source}]."),
    FROM_EVE_OF_MAY: mark("The day before 1 and 17 May is a working day until {value} [{source}]."),
}
_ENDS = mark("It ends at {value} on the day before the next working day [{source}].")
_SUNDAY = 6


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(FROM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each local date of the period with work: its work in the time off, which must be none."""
    exempt = not_applicable(facts, RULE, FORCE, citation())
    if exempt is not None:
        return exempt
    hours_on, value_on = partial(time_off_on, facts), partial(_judged_by, facts)
    return judge_dates(facts, FreeHoursRule(RULE, FORCE, FROM, hours_on, value_on, NOT_ALLOWED))


def time_off_on(facts: Facts, day: date) -> FreeHours:
    """Return the hours of a local date that lie in the time off around Sundays and public holidays."""
    days = _days_off(facts, day)
    if days is None:
        facts.parameters.on(FROM, day)  # tells whether the law has a value for the day
        tomorrow = day + periods.DAY
        message = mark("Neither {day} nor {next} is a Sunday or public holiday, so no hour of {day} is off.")
        ordinary = (Step(message, {"day": day.isoformat(), "next": tomorrow.isoformat()}),)
        return FreeHours((), ordinary, ordinary)
    first, last = days
    begins, ends = _begins(facts, first, day), facts.parameters.on(TO, day)
    start = clock_instant(first - periods.DAY, clock_seconds(begins), facts.zone)
    off = Interval(start, clock_instant(last, clock_seconds(ends), facts.zone))
    steps = _steps(facts, (first, last), off, begins, ends)
    return FreeHours((off,), steps, (*steps, NO_WORK))


def _days_off(facts: Facts, day: date) -> tuple[date, date] | None:
    """Return the first and the last day off in a row that a date is one of, or the eve of; None if it is neither."""
    if is_day_off(facts, day):
        first = last = day
    elif is_day_off(facts, day + periods.DAY):
        first = last = day + periods.DAY
    else:
        return None
    while is_day_off(facts, first - periods.DAY):
        first -= periods.DAY
    while is_day_off(facts, last + periods.DAY):
        last += periods.DAY
    return first, last


def _judged_by(facts: Facts, day: date) -> InForce:
    """Return the clock hour that the time off of a date begins by, that of ordinary Sundays where it has none."""
    days = _days_off(facts, day)
    return facts.parameters.on(FROM, day) if days is None else _begins(facts, days[0], day)


def is_day_off(facts: Facts, day: date) -> bool:
    """Tell whether a date is a Sunday or a public holiday; Christmas Day is one whatever the facts say."""
    told = day in facts.public_holidays or facts.absences.get(day) == "public_holiday"
    return day.weekday() == _SUNDAY or told or (day.month, day.day) == (12, 25)


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar up to 4199 (the algorithm of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, odd_centuries = divmod(century, 4)
    moon = (19 * golden + century - century // 3 - leap_centuries + 15) % 30
    weekday = (32 + 2 * odd_centuries + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _begins(facts: Facts, first: date, day: date) -> InForce:
    """Return the clock hour at which the time off before a first day off begins, by the law of ``day``."""
    easter = easter_sunday(first.year)
    whit_sunday, ascension = easter + timedelta(days=49), easter + timedelta(days=39)
    if first in (easter, whit_sunday, date(first.year, 12, 25)):
        return facts.parameters.on(FROM_SPECIAL_EVE, day)
    is_in_may = (first.month, first.day) in ((5, 1), (5, 17))
    if is_in_may and first.weekday() != _SUNDAY and first != ascension:
        return facts.parameters.on(FROM_EVE_OF_MAY, day)
    return facts.parameters.on(FROM, day)


def _steps(facts: Facts, days: tuple[date, date], off: Interval, begins: InForce, ends: InForce) -> tuple[Step, ...]:
    message = mark("So time off is from {start} to {end}.")
    return (
        _named(*days),
        value_step(_BEGINS[begins.parameter.id], begins, clock_text(begins)),
        value_step(_ENDS, ends, clock_text(ends)),
        Step(message, {"start": moment(off.start, facts.zone), "end": moment(off.end, facts.zone)}),
    )


def _named(first: date, last: date) -> Step:
    if first != last:
        message = mark("Each day from {first} to {last} is a Sunday or public holiday.")
        return Step(message, {"first": first.isoformat(), "last": last.isoformat()})
    message = mark("{day} is a Sunday.") if first.weekday() == _SUNDAY else mark("{day} is a public holiday.")
    return Step(message, {"day": first.isoformat()})
