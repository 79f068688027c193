"""Complete ISO weeks and the work in them, as the Norwegian rules on hours add them up.

A window is some complete weeks that end in the period. A week without work, leave too, counts as zero.
Not here: the limits (see ``no_hours.py`` and ``no_overtime.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.findings import MET, WORST_FIRST
from fyraften_policy.intervals import Tally
from fyraften_policy.rules.iso_weeks import WEEK
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import day_of


class WeekWindow(NamedTuple):
    """Some ISO weeks before the Monday ``end``."""

    end: date
    length: int

    @property
    def first_day(self) -> date:
        """Return its first Monday."""
        return self.end - self.length * WEEK

    @property
    def last_day(self) -> date:
        """Return its last Sunday."""
        return self.end - periods.DAY

    @property
    def mondays(self) -> list[date]:
        """Return the Monday of each of its weeks."""
        return [self.first_day + number * WEEK for number in range(self.length)]


class Worked:
    """The work told, with or without what waits for the person's word, by ISO week."""

    def __init__(self, facts: Facts, *, with_unconfirmed: bool) -> None:
        """Add up the work and the unobserved time."""
        self._zone = facts.zone
        self._work = facts.tally(with_unconfirmed)
        self._holes = Tally(facts.holes)
        self._weeks: dict[tuple[date, bool], int] = {}

    def seconds(self, monday: date, *, holes_are_work: bool) -> int:
        """Return the work of one week: the least or the most that unobserved time allows."""
        key = (monday, holes_are_work)
        if key not in self._weeks:
            bounds = (periods.start_of_day(day, self._zone) for day in (monday, monday + WEEK))
            start, end = bounds
            self._weeks[key] = self._work.within(start, end) + (self._holes.within(start, end) if holes_are_work else 0)
        return self._weeks[key]


JudgeWindow = Callable[[Worked, WeekWindow, bool], Judgement]


def complete_weeks(facts: Facts) -> Iterator[date]:
    """Yield the Mondays at which a week of the period, from the week of the first work on, is over at ``at``."""
    if not facts.work:
        return
    end = periods.week_start(day_of(facts.work[0].start, facts.zone)) + WEEK
    first = periods.week_start(facts.first_day) + WEEK
    end = max(end, first)
    while end <= facts.end_day and periods.start_of_day(end, facts.zone) <= facts.at:
        yield end
        end += WEEK


def read_both(facts: Facts) -> Mapping[bool, Worked]:
    """Return the work with (true) and without (false) what waits for the person's word."""
    everything = Worked(facts, with_unconfirmed=True)
    return {True: everything, False: Worked(facts, with_unconfirmed=False) if facts.has_unconfirmed else everything}


def settle_windows(
    facts: Facts, both: Mapping[bool, Worked], windows: Sequence[WeekWindow], judge_window: JudgeWindow
) -> dict[WeekWindow, Judgement]:
    """Return the one answer for each window with work in it, whatever is not known.

    Args:
        judge_window: the rule for one window; more work never makes its verdict better. The last argument tells
            whether unobserved time is taken as work.
    """
    told = [
        window
        for window in windows
        if any(both[True].seconds(monday, holes_are_work=False) for monday in window.mondays)
    ]

    def judge(scenario: Scenario) -> Mapping[WeekWindow, Judgement]:
        worked = both[scenario.with_unconfirmed]
        return {window: judge_window(worked, window, scenario.holes_are_work) for window in told}

    return settle(facts, judge, nothing=MET)


def worst_window(judged: Mapping[WeekWindow, Judgement]) -> WeekWindow | None:
    """Return the window with the worst verdict, the most work among equals, None where there is none."""
    return min(
        judged,
        key=lambda window: (WORST_FIRST.index(judged[window].verdict), -(judged[window].measured or 0)),
        default=None,
    )
