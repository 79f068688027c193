"""``no.home_agreement``: does work at home need a written agreement, and is there one?

Forskrift om arbeid som utføres i arbeidstakers hjem §§ 1 and 2. The regulation leaves out work at home that is sporadic
(less than about one day a week) or short (up to one or two weeks; a whole month is not short), unless the person works
only at home. We take the average over the last four complete ISO weeks, and count the weeks with work at home among the
last eight; weeks of leave are skipped. Home is the person's own dwelling: a cabin or a train is none.
Not here: what the agreement must contain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    ATTENTION,
    BROKEN,
    MET,
    NOT_APPLICABLE,
    NOT_JUDGED,
    Finding,
    Step,
    decimals,
    figure,
    value_step,
)
from fyraften_policy.intervals import Interval, clip
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.iso_weeks import WEEK
from fyraften_policy.rules.no_weeks import complete_weeks
from fyraften_policy.rules.places import over_places
from fyraften_policy.unknowns import Judgement, Scenario, settle

RULE = "no.home_agreement"
FORCE = "law"
DAYS = "no.home_agreement.days"
WINDOW = "no.home_agreement.window"
LASTING = "no.home_agreement.lasting"
DOUBTFUL = "no.home_agreement.doubtful"
HISTORY = "no.home_agreement.history"


class Numbers(NamedTuple):
    """The law's numbers on the last day that is judged: days a week, and weeks."""

    days: InForce
    window: int
    lasting: int
    doubtful: int
    history: int


class Week(NamedTuple):
    """An ISO week: its Monday, and how many of its dates had work at home."""

    monday: date
    days: int


class AtHome(NamedTuple):
    """The weeks that count, latest first, and how many of them the average is taken over at most."""

    weeks: Sequence[Week]
    window: int

    @property
    def latest(self) -> Sequence[Week]:
        """Return the weeks of the average."""
        return self.weeks[: self.window]

    @property
    def days(self) -> int:
        """Return the days with work at home in the weeks of the average."""
        return sum(week.days for week in self.latest)

    @property
    def days_a_week(self) -> Fraction:
        """Return the average."""
        return Fraction(self.days, max(1, len(self.latest)))

    @property
    def weeks_at_home(self) -> int:
        """Return how many weeks had work at home."""
        return sum(1 for week in self.weeks if week.days)


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(DAYS).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding, about the weeks up to the last one of the period that is complete.

    ``measured`` and ``limit`` are days a week. For those who work only at home it is about the period, whatever its
    length, and has no figures.
    """
    if facts.agreement.works_only_at_home:
        only = settle(facts, lambda scenario: _judge_only_at_home(facts, scenario), nothing=MET)
        return [_finding(facts, facts.period, day, judgement) for day, judgement in only.items()]
    ends = list(complete_weeks(facts))[-1:]
    judged = settle(facts, partial(over_places, facts, partial(_judge_weeks, facts, ends)), nothing=NOT_APPLICABLE)
    return [_finding(facts, _judged_weeks(facts, end), end - periods.DAY, judged[end]) for end in ends]


def _judge_only_at_home(facts: Facts, scenario: Scenario) -> Mapping[date, Judgement]:
    """Return the answer for those who work only at home as of the last day of work, by that of all reported work."""
    if not clip(facts.reported(scenario.with_unconfirmed), facts.period):
        return {}
    reported_day = _last_day(facts, facts.reported(True))
    worked = facts.filled if scenario.holes_are_work else facts.reported
    day = _last_day(facts, worked(scenario.with_unconfirmed))
    try:
        facts.parameters.on(DAYS, day)
    except NotInForceError:
        return {reported_day: Judgement(NOT_JUDGED, reason="no_value")}
    only = Step(mark("Who works only at home needs a written agreement, however short the work is."))
    verdict, on_file = _on_file(facts, day)
    return {reported_day: Judgement(verdict, steps=(only, on_file))}


def _last_day(facts: Facts, work: Sequence[Interval]) -> date:
    return periods.local_date(clip(work, facts.period)[-1].end - 1, facts.zone)


def _judge_weeks(
    facts: Facts, ends: Sequence[date], unknown_is_home: bool, scenario: Scenario
) -> Mapping[date, Judgement]:
    return {end: _judge_window(facts, end, unknown_is_home, scenario) for end in ends}


def _judge_window(facts: Facts, end: date, unknown_is_home: bool, scenario: Scenario) -> Judgement:
    """Judge the weeks before a Monday; unobserved time can be work at home, or work elsewhere in a week of leave."""
    try:
        numbers = numbers_on(facts, end - periods.DAY)
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    work = _Work(facts, with_unconfirmed=scenario.with_unconfirmed, unknown_is_home=unknown_is_home)
    certain = _judge_home(facts, end, work.before(end, numbers), numbers)
    if scenario.holes_are_work:
        for holes_at_home in (True, False):
            home = work.before(end, numbers, holes_at_home=holes_at_home)
            other = _judge_home(facts, end, home, numbers)
            if other.verdict != certain.verdict:
                return other
    return certain


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    on = facts.parameters.on
    window, lasting, doubtful, history = (int(on(name, day).amount) for name in (WINDOW, LASTING, DOUBTFUL, HISTORY))
    return Numbers(on(DAYS, day), window, lasting, doubtful, history)


class _Work:
    """The local dates with work, with work at home, and with unobserved time, in one way to read the places."""

    def __init__(self, facts: Facts, *, with_unconfirmed: bool, unknown_is_home: bool) -> None:
        self._facts = facts
        self._places = ("home", "unknown") if unknown_is_home else ("home",)
        self._worked = facts.by_date(with_unconfirmed)
        self._pieces = facts.pieces_by_date(with_unconfirmed)
        self._hole_dates = facts.once(_hole_dates, with_unconfirmed) if facts.holes else frozenset()

    def before(self, end: date, numbers: Numbers, *, holes_at_home: bool | None = None) -> AtHome:
        """Return the work at home in the weeks before a Monday.

        Args:
            holes_at_home: unobserved time is work, at home or elsewhere; None where it is rest.
        """
        weeks = []
        for week in islice(self._weeks(end, holes_are_work=holes_at_home is not None), numbers.history):
            at_home = [day for day in week if self._is_home(day) or (holes_at_home and day in self._hole_dates)]
            weeks.append(Week(week[-1], len(at_home)))
        return AtHome(weeks, numbers.window)

    def _is_home(self, day: date) -> bool:
        return any(piece.place in self._places for piece in self._pieces.get(day, ()))

    def _weeks(self, end: date, *, holes_are_work: bool) -> Iterator[list[date]]:
        """Yield the dates of each week back to the one of the first work, weeks of leave left out."""
        first = next(iter(self._worked), end)
        if holes_are_work:
            first = min(first, min(self._hole_dates, default=first))
        agreed_weekdays = self._facts.agreement.working_weekdays
        while end > first:
            week = [end - number * periods.DAY for number in range(1, 8)]
            normal = [day for day in week if day.weekday() in agreed_weekdays]
            has_work = any(day in self._worked or (holes_are_work and day in self._hole_dates) for day in week)
            if not normal or has_work or not all(map(self._facts.is_off, normal)):
                yield week
            end -= WEEK


def _hole_dates(facts: Facts, with_unconfirmed: bool) -> frozenset[date]:
    return frozenset(day for day, _, _ in periods.split_by_day(facts.holes, facts.zone))


def _judge_home(facts: Facts, end: date, home: AtHome, numbers: Numbers) -> Judgement:
    measured, limit = float(home.days_a_week), float(numbers.days.amount)
    steps = tuple(_steps(home, numbers))
    if home.days_a_week < Fraction(numbers.days.amount):
        return Judgement(NOT_APPLICABLE, measured, limit, steps, "home_sporadic")
    if home.weeks_at_home < numbers.doubtful:
        return Judgement(NOT_APPLICABLE, measured, limit, steps, "home_short")
    verdict, on_file = _on_file(facts, end - periods.DAY)
    if home.weeks_at_home < numbers.lasting and verdict == BROKEN:
        doubt = Step(mark("Whether that is still a short time, the regulation leaves open."))
        return Judgement(ATTENTION, measured, limit, (*steps, on_file, doubt))
    return Judgement(verdict, measured, limit, (*steps, on_file))


def _on_file(facts: Facts, day: date) -> tuple[str, Step]:
    """Return what the recorded agreement, or its absence, means on a date."""
    dated = facts.agreement.home_agreement
    if dated is None:
        return BROKEN, Step(mark("No written agreement on work at home is recorded."))
    values = {"dated": dated.isoformat(), "day": day.isoformat()}
    if dated > day:
        return BROKEN, Step(mark("The written agreement on work at home is of {dated}, after {day}."), values)
    return MET, Step(mark("The written agreement on work at home is of {dated}."), values)


def _steps(home: AtHome, numbers: Numbers) -> Iterator[Step]:
    for week in home.weeks:
        message = mark("Week {week}: days with work at home: {days}.")
        yield Step(message, {"week": periods.week_name(week.monday), "days": week.days})
    average = decimals(float(home.days_a_week))
    message = mark(
        "In the last complete weeks that count ({count}) that is {days} in all, {average} a week on average."
    )
    yield Step(message, {"count": len(home.latest), "days": home.days, "average": average})
    message = mark("Fewer than {value} a week on average are sporadic [{source}].")
    yield value_step(message, numbers.days, figure(numbers.days.amount))
    message = mark("Weeks with work at home among the last {history}: {weeks}; from {lasting} on it is no short time.")
    yield Step(message, {"history": numbers.history, "weeks": home.weeks_at_home, "lasting": numbers.lasting})
    yield Step(mark("A day counts however short the work at home is."))


def _judged_weeks(facts: Facts, end: date) -> Interval:
    """Return the weeks of the average, as far back as there was work."""
    try:
        count = numbers_on(facts, end - periods.DAY).window
    except NotInForceError:
        count = 1
    first = max(end - count * WEEK, periods.week_start(periods.local_date(facts.work[0].start, facts.zone)))
    return Interval(periods.start_of_day(first, facts.zone), periods.start_of_day(end, facts.zone))


def _finding(facts: Facts, judged: Interval, day: date, judgement: Judgement) -> Finding:
    try:
        value = facts.parameters.on(DAYS, day)
    except NotInForceError:
        value = None
    unit = None if judgement.limit is None else "day_per_week"
    return Finding(
        RULE, judgement.verdict, FORCE, judged.start, judged.end, citation(),
        judgement.measured, judgement.limit, unit, value, judgement.steps, judgement.reason,
    )  # fmt: skip
