"""Complete ISO weeks and the work in them, as the Norwegian rules on hours add them up.

A window is some complete weeks that end in the period. A week without work, leave too, counts as zero.
Not here: the limits (see ``no_hours.py`` and ``no_overtime.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate, pairwise
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.findings import MET, WORST_FIRST
from fyraften_policy.intervals import Tally
from fyraften_policy.rules.iso_weeks import WEEK
from fyraften_policy.unknowns import OPEN_QUESTION, QUESTION, Judgement, Scenario, settle
from fyraften_policy.work_days import day_of

_LOOK_BACK = 52  # weeks before the first work that a window can reach: as many as the unit of such numbers allows


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


class Weeks(NamedTuple):
    """Seconds of ISO weeks in a row, the first of them beginning on ``first``, and the sums up to each of them."""

    first: date
    seconds: Sequence[int]
    sums: Sequence[int]

    @classmethod
    def of(cls, first: date, seconds: Sequence[int]) -> Weeks:
        """Return weeks with their sums."""
        return cls(first, seconds, list(accumulate(seconds, initial=0)))

    def on(self, monday: date) -> int:
        """Return the seconds of one week."""
        return self.seconds[(monday - self.first).days // 7]

    def within(self, window: WeekWindow) -> int:
        """Return the seconds of some weeks together."""
        end = (window.end - self.first).days // 7
        return self.sums[end] - self.sums[end - window.length]


class Worked(NamedTuple):
    """The work of each week as told, and with all unobserved time as work."""

    told: Weeks
    filled: Weeks


JudgeWindow = Callable[[WeekWindow, Scenario], Judgement]


def worked_weeks(facts: Facts, with_unconfirmed: bool) -> Worked:
    """Return the work by week, from before any window up to the last week of the period; ask by ``facts.once``.

    There is a window: so there is some work, and it begins before the last week is over.
    """
    first = periods.week_start(day_of(facts.work[0].start, facts.zone)) - _LOOK_BACK * WEEK
    last = facts.end_day + WEEK
    mondays = [first + number * WEEK for number in range((last - first).days // 7 + 1)]
    bounds = [periods.start_of_day(monday, facts.zone) for monday in mondays]
    work = facts.tally(with_unconfirmed)
    told = [work.within(start, end) for start, end in pairwise(bounds)]
    if not facts.holes:
        return Worked(Weeks.of(first, told), Weeks.of(first, told))
    holes = Tally(facts.holes)
    filled = [seconds + holes.within(*bound) for seconds, bound in zip(told, pairwise(bounds), strict=True)]
    return Worked(Weeks.of(first, told), Weeks.of(first, filled))


def weeks_in(facts: Facts, scenario: Scenario) -> Weeks:
    """Return the work by week in one way to read what is not known; there is some work."""
    worked = facts.once(worked_weeks, scenario.with_unconfirmed)
    return worked.filled if scenario.holes_are_work else worked.told


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


def settle_windows(
    facts: Facts, windows: Sequence[WeekWindow], judge_window: JudgeWindow
) -> Mapping[WeekWindow, Judgement]:
    """Return the one answer for each window with work in it, whatever is not known.

    Args:
        judge_window: the rule for one window and one way to read what is not known; more work never makes its verdict
            better.
    """
    if not windows or not facts.work:
        return {}
    everything = weeks_in(facts, Scenario(holes_are_work=False, with_unconfirmed=True))
    worked = [window for window in windows if everything.within(window)]
    return settle(facts, lambda scenario: {window: judge_window(window, scenario) for window in worked}, nothing=MET)


def shown_scenario(judgement: Judgement) -> Scenario:
    """Return the way to read what is not known whose figures a settled judgement has: with what the person is asked."""
    asks = bool(judgement.steps) and judgement.steps[-1].message in (QUESTION.message, OPEN_QUESTION.message)
    return Scenario(holes_are_work=False, with_unconfirmed=asks)


def worst_window(judged: Mapping[WeekWindow, Judgement]) -> WeekWindow | None:
    """Return the window with the worst verdict, the most work among equals, None where there is none."""
    return min(
        judged,
        key=lambda window: (WORST_FIRST.index(judged[window].verdict), -(judged[window].measured or 0)),
        default=None,
    )
