"""``dk.screen.home``: do the special rules for screen work apply to the home workplace?

Bekendtgørelse 384/2022 § 4 and AT-vejledning 3.7.1, section 6: regularly, and more than 2 days (of 7.4 h) a week on
average over a month. The month is read as the last four complete ISO weeks; the calendar month stands beside it.
Weeks of leave are skipped. Before 30 April 2022 bekendtgørelse 247/2003 held, with about 1 day and without the rule on
several workplaces together; each window is judged by the values of its last day.
Not here: what counts as screen work in a week (see ``screen_weeks.py``), and the duties that follow.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    ATTENTION,
    COVERED,
    NOT_COVERED,
    NOT_JUDGED,
    PROVISIONAL,
    VERDICT_WORDS,
    Finding,
    Step,
    decimals,
    duration,
    value_step,
)
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.screen_weeks import (
    NOWHERE,
    SUMMED,
    WEEK,
    Places,
    Reading,
    Week,
    Worked,
    read_both,
    weeks_of,
)
from fyraften_policy.unknowns import Judgement, Scenario, settle

RULE = "dk.screen.home"
FORCE = "law"
LIMIT = "dk.screen.home.limit"
COMBINED = "dk.screen.home.combined"
DAY = "dk.screen.home.day"
WINDOW = "dk.screen.home.window"
HISTORY = "dk.screen.home.history"
REGULAR = "dk.screen.home.regular"

ByConfirmation = Mapping[bool, Worked | None]


class Numbers(NamedTuple):
    """The law's numbers on the last day of a window; ``day`` in seconds, ``combined`` None before there was such."""

    limit: InForce
    combined: Decimal | None
    day: int
    window: int
    history: int
    regular: int


class Weeks(NamedTuple):
    """The weeks before the end of a window, those of leave left out: how many, and the latest of them."""

    known: int
    latest: Sequence[Week]


class Average(NamedTuple):
    """Screen work over some time: ``per_day_week`` is what one day a week on average amounts to, in seconds."""

    seconds: Places
    per_day_week: Fraction

    def days(self, *places: str) -> Fraction:
        """Return days a week at these places together."""
        return sum((Fraction(self.seconds.get(place, 0)) for place in places), Fraction(0)) / self.per_day_week


def citation() -> Citation:
    """Return where the rule stands."""
    return known_parameter(LIMIT).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each complete ISO week that ends in the period, sorted; the last one is the verdict.

    ``measured`` and ``limit`` are days a week.
    """
    ends = list(_window_ends(facts))
    if not ends:
        return []
    both = read_both(facts)
    judged = _settle_places(facts, both, ends)
    starts = _window_starts(facts, both, ends)
    return [_finding(facts, starts[end], end, judged[end]) for end in ends]


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    on = facts.parameters.on
    window, history, regular = (int(on(name, day).amount) for name in (WINDOW, HISTORY, REGULAR))
    return Numbers(on(LIMIT, day), _combined_on(facts, day), on(DAY, day).seconds, window, history, regular)


def _combined_on(facts: Facts, day: date) -> Decimal | None:
    try:
        return facts.parameters.on(COMBINED, day).amount
    except NotInForceError:
        return None


def _window_ends(facts: Facts) -> Iterator[date]:
    """Yield the Mondays after the first work on which a week of the period is complete."""
    if not facts.work:
        return
    end = periods.week_start(periods.local_date(facts.work[0].start, facts.zone)) + WEEK
    while end <= facts.end_day and periods.start_of_day(end, facts.zone) <= facts.at:
        if end > facts.first_day:
            yield end
        end += WEEK


def _window_starts(facts: Facts, both: ByConfirmation, ends: Sequence[date]) -> Mapping[date, date]:
    """Return the first day of the weeks that decide, by the end of the window."""
    worked = both[True]
    weeks = weeks_of(facts, worked, ends[-1], Reading()) if worked is not None else []
    mondays = [week.monday for week in weeks if not week.is_leave]
    starts = {}
    for end in ends:
        count = bisect_left(mondays, end)
        try:
            first = max(0, count - numbers_on(facts, end - periods.DAY).window)
        except NotInForceError:
            first = count
        starts[end] = mondays[first] if first < count else end - WEEK
    return starts


def _settle_places(facts: Facts, both: ByConfirmation, ends: Sequence[date]) -> Mapping[date, Judgement]:
    """Settle what is not known; work whose place is unknown counts first nowhere, then at each place."""
    is_known = all(piece.place != "unknown" for piece in facts.pieces(with_unconfirmed=True))
    readings = [
        settle(facts, partial(_judge_windows, facts, both, ends, place), nothing=NOT_COVERED)
        for place in ((NOWHERE,) if is_known else (NOWHERE, *SUMMED))
    ]
    settled = {}
    for end, answer in readings[0].items():
        others = [reading[end].verdict for reading in readings if reading[end].verdict != answer.verdict]
        settled[end] = _undecided_place(answer, others[0]) if others else answer
    return settled


def _undecided_place(answer: Judgement, other: str) -> Judgement:
    message = mark("The place of some work is unknown. Depending on it the answer is “{one}” or “{other}”.")
    step = Step(message, {"one": VERDICT_WORDS[answer.verdict], "other": VERDICT_WORDS[other]})
    return Judgement(NOT_JUDGED, None, answer.limit, (*answer.steps, step), "place_unknown")


def _judge_windows(
    facts: Facts, both: ByConfirmation, ends: Sequence[date], unknown_place: str, scenario: Scenario
) -> Mapping[date, Judgement]:
    worked = both[scenario.with_unconfirmed]
    if worked is None:
        return {}
    reading = Reading(scenario.holes_are_work, unknown_place)
    weeks = [week for week in weeks_of(facts, worked, ends[-1], reading) if not week.is_leave]
    mondays = [week.monday for week in weeks]
    answers = {}
    for end in (end for end in ends if end > worked.first_monday):
        try:
            numbers = numbers_on(facts, end - periods.DAY)
        except NotInForceError:
            answers[end] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        count = bisect_left(mondays, end)
        past = Weeks(count, weeks[max(0, count - max(numbers.window, numbers.history)) : count])
        month = _calendar_month(facts, worked, reading, end, numbers)
        answers[end] = _judge_window(facts, past, numbers, month, decides=_is_one_month(facts) and end == ends[-1])
    return answers


def _judge_window(facts: Facts, past: Weeks, numbers: Numbers, month: Average | None, *, decides: bool) -> Judgement:
    last = past.latest[-numbers.window :]
    if not last:
        return Judgement(NOT_JUDGED, reason="no_complete_period")
    total = sum((Counter(week.seconds) for week in last), Counter())
    average = Average(total, Fraction(numbers.day * len(last)))
    verdict = _verdict(facts, past, numbers, average)
    steps = [*_week_steps(facts, past, last, numbers, average)]
    if month is not None:
        steps.append(_month_step(month))
        if decides and _verdict(facts, past, numbers, month) != verdict:
            steps.append(Step(mark("The four weeks and the calendar month give different answers.")))
            verdict = ATTENTION
    return Judgement(verdict, float(average.days("home")), float(numbers.limit.amount), tuple(steps))


def _verdict(facts: Facts, past: Weeks, numbers: Numbers, average: Average) -> str:
    """Return regularity's answer, and where screen work at home is regular, what the averages say."""
    if past.known < numbers.history:
        return PROVISIONAL if average.days("home") > numbers.limit.amount else NOT_COVERED
    if _home_weeks(past, numbers) < numbers.regular:
        return NOT_COVERED
    return _outcome(average, numbers, facts.agreement.accessible_workstation_elsewhere)


def _outcome(average: Average, numbers: Numbers, access: str) -> str:
    """Return what the averages say: the table of Arbejdstilsynet with the access exception."""
    if average.days("home") > numbers.limit.amount:
        return COVERED
    if not _is_over_together(average, numbers):
        return NOT_COVERED
    sites = (average.days(site) for site in SUMMED if site != "home")
    if access == "unknown" and numbers.combined is not None and max(sites) > numbers.combined:
        access = "yes"  # the special rules hold at that site anyway, so a workstation that meets them must exist
    return {"yes": NOT_COVERED, "no": COVERED, "unknown": ATTENTION}[access]


def _is_over_together(average: Average, numbers: Numbers) -> bool:
    """Tell whether home and other workplaces together are over the limit for several; home alone never is."""
    together = average.days(*SUMMED)
    return numbers.combined is not None and together > numbers.combined and together > average.days("home")


def _home_weeks(past: Weeks, numbers: Numbers) -> int:
    return sum(1 for week in past.latest[-numbers.history :] if week.seconds.get("home", 0) > 0)


def _calendar_month(facts: Facts, worked: Worked, reading: Reading, end: date, numbers: Numbers) -> Average | None:
    """Return the average over the calendar month in which the window ends, None while it lasts."""
    first = periods.month_start(end - periods.DAY)
    after = periods.next_month(first)
    if periods.start_of_day(after, facts.zone) > facts.at:
        return None
    length = (after - first).days
    total = worked.seconds((first + timedelta(days=offset) for offset in range(length)), reading)
    return Average(total, Fraction(numbers.day * length, 7))


def _is_one_month(facts: Facts) -> bool:
    return facts.first_day.day == 1 and facts.end_day == periods.next_month(facts.first_day)


def _week_steps(facts: Facts, past: Weeks, last: Sequence[Week], numbers: Numbers, average: Average) -> Iterator[Step]:
    listed = ", ".join(f"{periods.week_name(week.monday)} {duration(week.seconds.get('home', 0))}" for week in last)
    values = {
        "weeks": listed,
        "day": duration(numbers.day),
        "days": decimals(float(average.days("home"))),
        "total": duration(average.seconds.get("home", 0)),
    }
    yield Step(mark("Screen work at home, week by week: {weeks}."), values)
    yield Step(mark("Together {total}: {days} days a week, a day being {day}."), values)
    limit = numbers.limit.amount
    yield value_step(mark("The rule is more than {value} days a week [{source}]."), numbers.limit, f"{limit:f}")
    yield _regular_step(past, numbers)
    if average.days("home") <= limit and _is_over_together(average, numbers):
        values = {"days": decimals(float(average.days(*SUMMED)))}
        yield Step(mark("With the other workplaces it is {days} days a week together."), values)
        yield Step(_ACCESS[facts.agreement.accessible_workstation_elsewhere])


_ACCESS = {
    "yes": mark("There is access to a workstation elsewhere that meets the rules."),
    "no": mark("There is no access to a workstation elsewhere that meets the rules."),
    "unknown": mark("It is not stated whether there is access to a workstation elsewhere that meets the rules."),
}


def _regular_step(past: Weeks, numbers: Numbers) -> Step:
    values = {
        "known": past.known,
        "home": _home_weeks(past, numbers),
        "history": numbers.history,
        "regular": numbers.regular,
    }
    if past.known < numbers.history:
        return Step(mark("{known} weeks are known; about two months ({history} weeks) make it regular."), values)
    return Step(mark("Screen work at home in {home} of the last {history} weeks; regular from {regular}."), values)


def _month_step(month: Average) -> Step:
    values = {"total": duration(month.seconds.get("home", 0)), "days": decimals(float(month.days("home")))}
    return Step(mark("For comparison, the calendar month: {total}, {days} days a week."), values)


def _finding(facts: Facts, start: date, end: date, judgement: Judgement) -> Finding:
    try:
        value = facts.parameters.on(LIMIT, end - periods.DAY)
    except NotInForceError:
        value = None
    return Finding(
        RULE, judgement.verdict, FORCE,
        periods.start_of_day(start, facts.zone), periods.start_of_day(end, facts.zone),
        citation() if value is None else value.citation, judgement.measured, judgement.limit, "day_per_week", value,
        judgement.steps, judgement.reason,
    )  # fmt: skip
