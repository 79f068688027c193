"""``agreement.home_days``: days with work at home in a week against the days that are agreed.

A home day is a local date with any work at home. A week that is not over is told only once it has more than agreed.
Not here: how much of the work was at home (see ``home_share.py``), and the Danish screen rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step
from fyraften_policy.intervals import Interval, clip
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation
from fyraften_policy.rules.iso_weeks import (
    UNFINISHED,
    dates_of,
    judged_part,
    known_part,
    settle_finished,
    week_of,
    weeks_worked,
)
from fyraften_policy.rules.places import knows_places, settle_places
from fyraften_policy.unknowns import Judgement, Scenario

RULE = "agreement.home_days"
FORCE = "agreement"


def citation() -> Citation:
    """Return where the rule stands: in the person's own agreement, so there is no public address."""
    return Citation("The agreement on working at home", "home_days", "")


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each ISO week with work in the period, sorted.

    ``measured`` is the days with work at home and ``limit`` the days agreed.
    """
    agreed = facts.agreement.home_days
    if agreed is None:
        worked = clip(facts.reported(with_unconfirmed=True), facts.period)
        answer = Judgement(NOT_JUDGED, reason="no_home_days")
        return [_finding(facts.period, answer)] if worked else []
    judged = settle_finished(facts, partial(_judge_weeks, facts, agreed, False), nothing=MET)
    if not knows_places(facts):
        at_home = settle_finished(facts, partial(_judge_weeks, facts, agreed, True), nothing=MET)
        judged = settle_places(judged, at_home)
    return [_finding(judged_part(facts, monday), judged[monday]) for monday in sorted(judged)]


def _judge_weeks(facts: Facts, agreed: Decimal, unknown_is_home: bool, scenario: Scenario) -> Mapping[date, Judgement]:
    at_home = _weeks_at_home(facts, unknown_is_home, scenario)
    answers = {}
    for monday in weeks_worked(facts, with_unconfirmed=scenario.with_unconfirmed):
        known = known_part(facts, monday)
        days = sorted(at_home.get(monday, ()))
        is_over = known.end == week_of(facts, monday).end
        verdict = BROKEN if len(days) > agreed else MET if is_over else UNFINISHED
        answers[monday] = Judgement(verdict, len(days), float(agreed), tuple(_steps(monday, days, agreed)))
    return answers


def _weeks_at_home(facts: Facts, unknown_is_home: bool, scenario: Scenario) -> Mapping[date, set[date]]:
    """Return the local dates with work at home up to the end of the period, by the Monday of their week."""
    places = ("home", "unknown") if unknown_is_home else ("home",)
    spans = [Interval(one.start, one.end) for one in facts.pieces(scenario.with_unconfirmed) if one.place in places]
    first = periods.start_of_day(periods.week_start(facts.first_day), facts.zone)
    days = dates_of(clip(spans, (first, facts.period.end)), facts.zone)
    if scenario.holes_are_work:
        days += dates_of(clip(facts.holes, (first, facts.period.end)), facts.zone)
    weeks: dict[date, set[date]] = {}
    for day in days:
        weeks.setdefault(periods.week_start(day), set()).add(day)
    return weeks


def _steps(monday: date, days: list[date], agreed: Decimal) -> Iterator[Step]:
    values: dict[str, str | int] = {
        "week": periods.week_name(monday),
        "count": len(days),
        "days": ", ".join(day.isoformat() for day in days),
        "agreed": f"{agreed:f}",
    }
    if days:
        yield Step(mark("Days with work at home in week {week}: {count} ({days})."), values)
    else:
        yield Step(mark("There is no work at home in week {week}."), values)
    yield Step(mark("The agreement is {agreed} home days a week."), values)


def _finding(period: Interval, judgement: Judgement) -> Finding:
    return Finding(
        RULE, judgement.verdict, FORCE, period.start, period.end, citation(),
        judgement.measured, judgement.limit, "day", None, judgement.steps, judgement.reason,
    )  # fmt: skip
