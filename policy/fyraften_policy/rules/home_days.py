"""``agreement.home_days``: days with work at home in a week against the days that are agreed.

A home day is a local date with any work at home. A week that is not over is told only once it has more than agreed.
Not here: how much of the work was at home (see ``home_share.py``), and the Danish screen rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from fyraften_policy import periods
from fyraften_policy.facts import Facts, Piece
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step, Word, plain
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
from fyraften_policy.rules.places import over_places
from fyraften_policy.unknowns import Judgement, Scenario

RULE = "agreement.home_days"
FORCE = "agreement"
_CITATION = Citation(Word(mark("The agreement on working at home")), Word(mark("home days")), "")


def citation() -> Citation:
    """Return where the rule stands: in the person's own agreement, so there is no public address."""
    return _CITATION


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each ISO week with work in the period, sorted.

    ``measured`` is the days with work at home and ``limit`` the days agreed.
    """
    agreed = facts.agreement.home_days
    if agreed is None:
        worked = clip(facts.reported(with_unconfirmed=True), facts.period)
        answer = Judgement(NOT_JUDGED, reason="no_home_days")
        return [_finding(facts.period, answer)] if worked else []
    judge_weeks = partial(_judge_weeks, facts, agreed)
    judged = settle_finished(facts, partial(over_places, facts, judge_weeks), nothing=MET)
    return [_finding(judged_part(facts, monday), judged[monday]) for monday in sorted(judged)]


def _judge_weeks(facts: Facts, agreed: Decimal, unknown_is_home: bool, scenario: Scenario) -> Mapping[date, Judgement]:
    at_home = _weeks_at_home(facts, unknown_is_home, scenario)
    answers = {}
    for monday in weeks_worked(facts, with_unconfirmed=scenario.with_unconfirmed):
        days = at_home.get(monday, [])
        is_over = known_part(facts, monday).end == week_of(facts, monday).end
        verdict = BROKEN if len(days) > agreed else MET if is_over else UNFINISHED
        answers[monday] = Judgement(verdict, len(days), float(agreed), tuple(_steps(monday, days, agreed)))
    return answers


def _weeks_at_home(facts: Facts, unknown_is_home: bool, scenario: Scenario) -> Mapping[date, list[date]]:
    """Return the local dates with work at home up to the end of the period, by the Monday of their week, sorted."""
    first, last = periods.week_start(facts.first_day), facts.end_day - periods.DAY
    days = {
        day
        for day, pieces in facts.pieces_by_date(scenario.with_unconfirmed).items()
        if first <= day <= last and any(piece.place == "home" or _may_be(piece, unknown_is_home) for piece in pieces)
    }
    if scenario.holes_are_work:
        days.update(
            dates_of(clip(facts.holes, (periods.start_of_day(first, facts.zone), facts.period.end)), facts.zone)
        )
    weeks: dict[date, list[date]] = {}
    for day in sorted(days):
        weeks.setdefault(periods.week_start(day), []).append(day)
    return weeks


def _may_be(piece: Piece, unknown_is_home: bool) -> bool:
    return unknown_is_home and piece.place == "unknown"


def _steps(monday: date, days: Sequence[date], agreed: Decimal) -> Iterator[Step]:
    count = len(days)
    if days:
        values: dict[str, str | int] = {
            "week": periods.week_name(monday),
            "count": count,
            "days": ", ".join([day.isoformat() for day in days]),
        }
        yield Step(mark("Days with work at home in week {week}: {count} ({days})."), values)
        yield _MIDNIGHT
    else:
        yield Step(mark("There is no work at home in week {week}."), {"week": periods.week_name(monday)})
    yield Step(mark("Home days a week by the agreement: {agreed}."), {"agreed": plain(agreed.normalize())})
    if count > agreed:
        yield Step(mark("That is {more} too many."), {"more": plain((count - agreed).normalize())})
    elif count == agreed:
        yield Step(mark("That is exactly as many."))
    else:
        yield Step(mark("That is within it, with {left} to spare."), {"left": plain((agreed - count).normalize())})


_MIDNIGHT = Step(mark("Any work at home makes a date a home day; work past midnight counts for both dates."))


def _finding(period: Interval, judgement: Judgement) -> Finding:
    return Finding(
        RULE, judgement.verdict, FORCE, period.start, period.end, _CITATION,
        judgement.measured, judgement.limit, "day", None, judgement.steps, judgement.reason,
    )  # fmt: skip
