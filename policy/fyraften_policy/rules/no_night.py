"""``no.night``: no work at night, save in the evening by a written agreement.

Arbeidsmiljøloven § 10-11. Work between 21 and 6 is night work; office work gives no ground for it. A written agreement
may let the employee choose to work between 21 and 23.
Not here: work whose nature makes night work necessary, and the hours of night workers.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import Finding, Step, value_step
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.no_free_hours import FreeHours, FreeHoursRule, clock_instant, clock_text, judge_dates
from fyraften_policy.rules.no_main_periods import not_applicable

RULE = "no.night"
FORCE = "law"
FROM = "no.night.from"
TO = "no.night.to"
AGREEMENT_UNTIL = "no.night.agreement_until"


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(FROM).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each local date of the period with work: its work at night, which must be none."""
    exempt = not_applicable(facts, RULE, FORCE, citation())
    return judge_dates(facts, FreeHoursRule(RULE, FORCE, FROM, night_on)) if exempt is None else exempt


def night_on(facts: Facts, day: date) -> FreeHours:
    """Return the night hours of a local date, those that a written agreement opens left out."""
    begins, ends = facts.parameters.on(FROM, day), facts.parameters.on(TO, day)
    midnight, next_midnight = periods.day_interval(day, facts.zone)
    steps = [
        value_step(mark("Night begins at {value} [{source}]."), begins, clock_text(begins)),
        value_step(mark("Night ends at {value} [{source}]."), ends, clock_text(ends)),
    ]
    opened = clock_instant(day, begins, facts.zone)
    until = facts.agreement.night_agreement_until
    if until is not None:
        latest = _latest(facts, day)
        if latest is None:
            steps.append(Step(mark("The law of that day knows no agreement on work in the evening.")))
        else:
            agreed = min(_hour(until), latest.amount)
            opened = max(opened, clock_instant(day, agreed, facts.zone))
            steps.append(Step(mark("Your written agreement lets you choose to work until {until}."), _until(until)))
            message = mark("The law allows such an agreement until {value} [{source}].")
            steps.append(value_step(message, latest, clock_text(latest)))
    morning = Interval(midnight, clock_instant(day, ends, facts.zone))
    return FreeHours([morning, Interval(opened, next_midnight)], tuple(steps))


def _latest(facts: Facts, day: date) -> InForce | None:
    """Return until when an agreement can reach, None before the law knew such agreements."""
    try:
        return facts.parameters.on(AGREEMENT_UNTIL, day)
    except NotInForceError:
        return None


def _hour(clock: time) -> Decimal:
    """Return a clock time as a clock hour; midnight is the end of the day."""
    return Decimal(60 * clock.hour + clock.minute) / 60 or Decimal(24)


def _until(clock: time) -> dict[str, str | int]:
    return {"until": f"{clock:%H:%M}"}
