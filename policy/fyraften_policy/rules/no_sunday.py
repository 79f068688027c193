"""``no.sunday``: time off on Sundays and public holidays, from the evening before.

Arbeidsmiljøloven § 10-10: off from 18 on the day before a Sunday or public holiday until 22 on the day before the next
working day, and from 15 on Christmas Eve, Easter Eve and Whit Eve. The act on 1 and 17 May leaves their eve an ordinary
day until 22, unless it is off for another reason. Saturday is a working day.
Not here: which dates are public holidays (the facts tell), work that the law allows on a Sunday, and the free Sunday
after one with work (§ 10-8, fourth paragraph).
"""

from __future__ import annotations

from datetime import date, timedelta

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding, Step, moment, value_step
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.no_free_hours import FreeHours, FreeHoursRule, clock_instant, clock_text, judge_dates
from fyraften_policy.rules.no_main_periods import not_applicable

RULE = "no.sunday"
FORCE = "law"
FROM = "no.sunday.from"
FROM_SPECIAL_EVE = "no.sunday.from_special_eve"
FROM_EVE_OF_MAY = "no.sunday.from_eve_of_may"
TO = "no.sunday.to"
_SUNDAY = 6


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(FROM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each local date of the period with work: its work in the time off, which must be none."""
    exempt = not_applicable(facts, RULE, FORCE, citation())
    return judge_dates(facts, FreeHoursRule(RULE, FORCE, FROM, time_off_on)) if exempt is None else exempt


def time_off_on(facts: Facts, day: date) -> FreeHours:
    """Return the hours of a local date that lie in the time off around Sundays and public holidays."""
    if is_day_off(facts, day):
        first = last = day
    elif is_day_off(facts, day + periods.DAY):
        first = last = day + periods.DAY
    else:
        facts.parameters.on(FROM, day)  # tells whether the law has a value for the day
        values = {"day": day.isoformat(), "next": (day + periods.DAY).isoformat()}
        return FreeHours([], (Step(mark("Neither {day} nor {next} is a Sunday or public holiday."), values),))
    while is_day_off(facts, first - periods.DAY):
        first -= periods.DAY
    while is_day_off(facts, last + periods.DAY):
        last += periods.DAY
    begins, ends = _begins(facts, first), facts.parameters.on(TO, last)
    off = Interval(clock_instant(first - periods.DAY, begins, facts.zone), clock_instant(last, ends, facts.zone))
    return FreeHours([off], _steps(facts, off, begins, ends))


def is_day_off(facts: Facts, day: date) -> bool:
    """Tell whether a date is a Sunday or a public holiday; Christmas Day is one whatever the facts say."""
    told = day in facts.public_holidays or facts.absences.get(day) == "public_holiday"
    return day.weekday() == _SUNDAY or told or (day.month, day.day) == (12, 25)


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap_centuries, odd_centuries = divmod(century, 4)
    moon = (century - (century - (century + 8) // 25 + 1) // 3 + 19 * golden - leap_centuries + 15) % 30
    weekday = (32 + 2 * odd_centuries + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _begins(facts: Facts, first: date) -> InForce:
    """Return the clock hour at which the time off before a first day off begins, on the day before."""
    eve = first - periods.DAY
    easter = easter_sunday(first.year)
    whit_sunday, ascension = easter + timedelta(days=49), easter + timedelta(days=39)
    if first in (easter, whit_sunday, date(first.year, 12, 25)):
        return facts.parameters.on(FROM_SPECIAL_EVE, eve)
    is_in_may = (first.month, first.day) in ((5, 1), (5, 17))
    if is_in_may and first.weekday() != _SUNDAY and first != ascension:
        return facts.parameters.on(FROM_EVE_OF_MAY, eve)
    return facts.parameters.on(FROM, eve)


def _steps(facts: Facts, off: Interval, begins: InForce, ends: InForce) -> tuple[Step, ...]:
    values = {"start": moment(off.start, facts.zone), "end": moment(off.end, facts.zone)}
    return (
        Step(mark("Time off for a Sunday or public holiday is from {start} to {end}."), values),
        value_step(mark("It begins at {value} on the day before [{source}]."), begins, clock_text(begins)),
        value_step(
            mark("It ends at {value} on the day before the next working day [{source}]."), ends, clock_text(ends)
        ),
    )
