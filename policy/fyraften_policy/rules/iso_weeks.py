"""ISO weeks as things to judge: which ones, when one is over, and what is left out until it is.

A week is judged where there is reported work of it in the period, with what the week holds up to the end of the period.
Not here: what a rule asks of a week.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import Interval
from fyraften_policy.unknowns import Judgement, Scenario, settle

WEEK = timedelta(days=7)
UNFINISHED = "unfinished"  # in place of a verdict: what is still to come decides


def settle_finished(
    facts: Facts, judge: Callable[[Scenario], Mapping[date, Judgement]], *, nothing: str
) -> dict[date, Judgement]:
    """Return the one answer for each week that is decided in every way to read what is not known.

    Args:
        judge: the rule, for one scenario, by the Monday of each week; ``UNFINISHED`` where nothing can be said yet.
        nothing: the verdict of a week in which only unconfirmed work lies, without it.
    """
    answers = {
        scenario: judge(scenario)
        for scenario in (
            Scenario(holes_are_work, with_unconfirmed)
            for holes_are_work in {False, bool(facts.holes)}
            for with_unconfirmed in {True, not facts.has_unconfirmed}
        )
    }
    undecided = {monday for answer in answers.values() for monday, one in answer.items() if one.verdict == UNFINISHED}

    def decided(scenario: Scenario) -> Mapping[date, Judgement]:
        return {monday: one for monday, one in answers[scenario].items() if monday not in undecided}

    return settle(facts, decided, nothing=nothing)


def weeks_worked(facts: Facts, *, with_unconfirmed: bool) -> list[date]:
    """Return the Mondays of the ISO weeks with reported work in the period, sorted."""
    dates = list(facts.by_date(with_unconfirmed))
    inside = dates[bisect_left(dates, facts.first_day) : bisect_left(dates, facts.end_day)]
    return list(dict.fromkeys([periods.week_start(day) for day in inside]))


def dates_of(spans: Sequence[Interval], zone: str) -> list[date]:
    """Return the local dates that some time touches, each once, in the order of the spans."""
    return list(dict.fromkeys([day for day, _, _ in periods.split_by_day(spans, zone)]))


def week_of(facts: Facts, monday: date) -> Interval:
    """Return the ISO week that begins on a Monday."""
    return Interval(periods.start_of_day(monday, facts.zone), periods.start_of_day(monday + WEEK, facts.zone))


def last_day(monday: date) -> date:
    """Return the Sunday, by whose values a week is judged."""
    return monday + WEEK - periods.DAY


def known_part(facts: Facts, monday: date) -> Interval:
    """Return the week up to the end of the period; it ends with the week where the week is over."""
    week = week_of(facts, monday)
    return Interval(week.start, min(week.end, facts.period.end))


def judged_part(facts: Facts, monday: date) -> Interval:
    """Return what of the week lies in the period."""
    known = known_part(facts, monday)
    return Interval(max(known.start, facts.period.start), known.end)
