"""``no.night``: no work at night, save in the evening by a written agreement.

Arbeidsmiljøloven § 10-11. Work between 21 and 6 is night work; office work gives no ground for it. A written agreement
may let the employee choose to work between 21 and 23.
Not here: work whose nature makes night work necessary, and the hours of night workers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding, Step, value_step
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.no_free_hours import (
    NO_WORK,
    FreeHours,
    FreeHoursRule,
    clock,
    clock_instant,
    clock_seconds,
    clock_text,
    judge_dates,
)
from fyraften_policy.rules.no_main_periods import not_applicable
from fyraften_policy.work_days import ByDay

RULE = "no.night"
FORCE = "law"
FROM = "no.night.from"
TO = "no.night.to"
AGREEMENT_UNTIL = "no.night.agreement_until"
NOT_ALLOWED = mark(
    "Work at night is allowed only where its nature makes that necessary. No fact told says that it does."
)
UNKNOWN_TO_LAW = Step(mark("The law of that day knows no agreement on work in the evening."))


class Night(NamedTuple):
    """The night of a date by the clock, in seconds after midnight: until ``ends``, and from ``begins`` on."""

    ends: int
    begins: int
    steps: tuple[Step, ...]
    met: tuple[Step, ...]


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(FROM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each local date of the period with work: its work at night, which must be none."""
    exempt = not_applicable(facts, RULE, FORCE, citation())
    if exempt is not None:
        return exempt
    night_on = _nights(facts)

    def hours_on(day: date) -> FreeHours:
        night = night_on(day)
        midnight, next_midnight = periods.day_interval(day, facts.zone)
        morning = Interval(midnight, clock_instant(day, night.ends, facts.zone))
        evening = Interval(clock_instant(day, night.begins, facts.zone), next_midnight)
        return FreeHours((morning, evening), night.steps, night.met)

    begins = ByDay(facts, lambda day: facts.parameters.on(FROM, day), FROM)
    return judge_dates(facts, FreeHoursRule(RULE, FORCE, FROM, hours_on, begins.on, NOT_ALLOWED))


def _nights(facts: Facts) -> Callable[[date], Night]:
    """Return what tells the night of a date; it raises ``NotInForceError``."""
    until = facts.agreement.night_agreement_until
    if until is None:
        return ByDay(facts, lambda day: _night(facts, day), FROM, TO).on
    agreed = ByDay(facts, lambda day: _night_but_for(facts, until, day), FROM, TO, AGREEMENT_UNTIL)
    before = ByDay(facts, lambda day: _night(facts, day, UNKNOWN_TO_LAW), FROM, TO)

    def night_on(day: date) -> Night:
        try:
            return agreed.on(day)
        except NotInForceError:  # of all the law, or of such agreements alone
            return before.on(day)

    return night_on


def _night(facts: Facts, day: date, *more: Step) -> Night:
    begins, ends = facts.parameters.on(FROM, day), facts.parameters.on(TO, day)
    steps = (
        value_step(mark("Night begins at {value} [{source}]."), begins, clock_text(begins)),
        value_step(mark("Night ends at {value} [{source}]."), ends, clock_text(ends)),
        *more,
    )
    return Night(clock_seconds(ends), clock_seconds(begins), steps, (*steps, NO_WORK))


def _night_but_for(facts: Facts, until: time, day: date) -> Night:
    """Return the night without the evening hours that a written agreement opens; one past midnight opens all it can."""
    latest = facts.parameters.on(AGREEMENT_UNTIL, day)
    law = _night(facts, day)
    agreed = 3600 * until.hour + 60 * until.minute
    is_past_midnight = agreed <= law.ends
    open_until = clock_seconds(latest) if is_past_midnight else min(agreed, clock_seconds(latest))
    begins = max(law.begins, open_until)
    message = mark("The law allows such an agreement until {value} [{source}].")
    steps = (
        *law.steps,
        Step(mark("Your written agreement lets you choose to work until {until}."), {"until": f"{until:%H:%M}"}),
        value_step(message, latest, clock_text(latest)),
        Step(mark("So no work before {begins} in the evening counts as night work."), {"begins": clock(begins)}),
    )
    return Night(law.ends, begins, steps, (*steps, NO_WORK))
