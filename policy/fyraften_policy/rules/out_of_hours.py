"""``agreement.out_of_hours``: confirmed work outside the agreed hours, on absence days or on public holidays.

The agreement sets the hours; STAMI's review of research finds that home work outside normal hours has only negative
effects. Unobserved time does not matter here: only reported work is judged.
Not here: rest and the weekly day off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step, duration, moment
from fyraften_policy.intervals import Interval, clip, intersect, subtract, total
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation
from fyraften_policy.unknowns import Judgement, Scenario, settle

RULE = "agreement.out_of_hours"
FORCE = "agreement"


def citation() -> Citation:
    """Return where the rule stands: in the person's own agreement, so there is no public address."""
    return Citation("The agreement on working hours", "normal_hours", "")


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each local date of the period with work, sorted.

    ``measured`` is the time outside the agreed hours in seconds, ``limit`` zero.
    """
    if facts.agreement.normal_hours is None:
        worked = clip(facts.reported(with_unconfirmed=True), facts.period)
        answer = Judgement(NOT_JUDGED, reason="no_normal_hours")
        return [_finding(facts, facts.period, answer)] if worked else []
    judged = settle(facts, lambda scenario: _judge_days(facts, scenario), nothing=MET, has_holes=False)
    return [_finding(facts, _inside(facts, day), judged[day]) for day in sorted(judged)]


def outside_hours(facts: Facts, *, with_unconfirmed: bool = False) -> Mapping[date, list[Interval]]:
    """Return the work outside the agreed hours by local date, for each date of the period with work."""
    work = clip(facts.reported(with_unconfirmed), facts.period)
    outside: dict[date, list[Interval]] = {day: [] for day, _, _ in periods.split_by_day(work, facts.zone)}
    agreed = [hours for day in outside for hours in hours_on(facts, day)]
    for day, start, end in periods.split_by_day(subtract(work, agreed), facts.zone):
        outside[day].append(Interval(start, end))
    return outside


def hours_on(facts: Facts, day: date) -> list[Interval]:
    """Return the agreed hours of a local date, with those that come over from the evening before; none on a day off."""
    return [] if facts.is_off(day) else intersect(agreed_hours(facts, day), [periods.day_interval(day, facts.zone)])


def agreed_hours(facts: Facts, day: date) -> list[Interval]:
    """Return the agreed hours that can touch a local date, uncut: its own, and those of the evening before."""
    return [*hours_from(facts, day - timedelta(days=1)), *hours_from(facts, day)]


def hours_from(facts: Facts, day: date) -> Iterator[Interval]:
    """Yield the agreed hours that begin on a local date, up to their end after midnight; none on a day off."""
    if facts.is_off(day):
        return
    for hours in (facts.agreement.normal_hours or {}).get(day.weekday(), ()):
        start = periods.clock_instant(day, hours.start, facts.zone)
        if hours.end is None:
            yield Interval(start, periods.start_of_day(day + timedelta(days=1), facts.zone))
        else:
            last = day + timedelta(days=1) if hours.crosses_midnight else day
            yield Interval(start, periods.clock_instant(last, hours.end, facts.zone, last=True))


def _judge_days(facts: Facts, scenario: Scenario) -> Mapping[date, Judgement]:
    outside = outside_hours(facts, with_unconfirmed=scenario.with_unconfirmed)
    return {day: _judge_day(facts, day, spans) for day, spans in outside.items()}


def _judge_day(facts: Facts, day: date, outside: list[Interval]) -> Judgement:
    seconds = total(outside)
    steps = [_agreed_step(facts, day)]
    for span in outside:
        values = {"start": moment(span.start, facts.zone), "end": moment(span.end, facts.zone)}
        steps.append(Step(mark("Work outside them from {start} to {end}."), values))
    if seconds == 0:
        steps.append(Step(mark("No work outside them.")))
    else:
        steps.append(Step(mark("Outside the agreed hours: {time}."), {"time": duration(seconds)}))
    return Judgement(BROKEN if seconds else MET, seconds, 0, tuple(steps))


def _agreed_step(facts: Facts, day: date) -> Step:
    values = {"day": day.isoformat()}
    if facts.is_off(day):
        return Step(mark("{day} is a day of absence or a public holiday, without agreed hours."), values)
    ranges = (facts.agreement.normal_hours or {}).get(day.weekday(), ())
    if not ranges:
        return Step(mark("{day} has no agreed hours."), values)
    hours = ", ".join(
        f"{hours.start:%H:%M}–{'24:00' if hours.end is None else format(hours.end, '%H:%M')}" for hours in ranges
    )
    return Step(mark("The agreed hours of {day} are {hours}."), {**values, "hours": hours})


def _inside(facts: Facts, day: date) -> Interval:
    whole = periods.day_interval(day, facts.zone)
    return Interval(max(whole.start, facts.period.start), min(whole.end, facts.period.end))


def _finding(facts: Facts, period: Interval, judgement: Judgement) -> Finding:
    return Finding(
        RULE, judgement.verdict, FORCE, period.start, period.end, citation(),
        judgement.measured, judgement.limit, "second", None, judgement.steps, judgement.reason,
    )  # fmt: skip
