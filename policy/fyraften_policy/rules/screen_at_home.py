"""``dk.screen.home``: do the special rules for screen work apply to the home workplace?

Bekendtgørelse 384/2022 § 4 and AT-vejledning 3.7.1, section 6: regularly, and more than 2 days (of 7.4 h) a week on
average over a month. The month is read as the last four complete ISO weeks; the calendar month stands beside it.
Weeks of leave are skipped. Only screen work at a permanent workstation counts.
Not here: the duties that follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
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
    Finding,
    Step,
    decimals,
    duration,
    value_step,
)
from fyraften_policy.intervals import Interval, clip
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.unknowns import Judgement, Scenario, settle

RULE = "dk.screen.home"
FORCE = "law"
LIMIT = "dk.screen.home.limit"
DAY = "dk.screen.home.day"
WINDOW = "dk.screen.home.window"
HISTORY = "dk.screen.home.history"
REGULAR = "dk.screen.home.regular"
SUMMED = ("home", "fixed_site", "changing_site")
WEEK = timedelta(days=7)


Places = Mapping[str, int]  # counted seconds of screen work by place


@dataclass(frozen=True)
class Week:
    """One ISO week: counted screen work by place, and whether it is skipped as leave."""

    monday: date
    seconds: Places
    is_leave: bool


class Numbers(NamedTuple):
    """The law's numbers on the last day of a window; ``day`` in seconds, ``limit`` in days a week."""

    limit: int
    day: int
    window: int
    history: int
    regular: int


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
    if not facts.work:
        return []
    ends = _window_ends(facts)
    judged = _settle_places(facts, ends)
    return [_finding(facts, end, judged[end]) for end in ends]


def counted_days(facts: Facts, scenario: Scenario, unknown_place: str = "unknown") -> Mapping[date, Places]:
    """Return the counted screen work by local date and place: at a permanent workstation, mobile use left out.

    Unobserved time taken as work is taken as work at home, from the first work on.
    """
    spans = [
        (piece.start, piece.end, unknown_place if piece.place == "unknown" else piece.place)
        for piece in facts.pieces(scenario.with_unconfirmed)
        if piece.screen and piece.workstation == "fixed"
    ]
    spans += [(hole.start, hole.end, "home") for hole in _holes(facts, scenario)]
    days: dict[date, Counter[str]] = {}
    for start, end, place in spans:
        for day, seconds in _by_day(start, end, facts.zone):
            days.setdefault(day, Counter())[place] += seconds
    return days


def weeks_of(facts: Facts, scenario: Scenario, days: Mapping[date, Places], end: date) -> list[Week]:
    """Return the ISO weeks from the first work up to the Monday ``end``, sorted."""
    monday = periods.week_start(periods.local_date(facts.work[0].start, facts.zone))
    worked = _worked_days(facts, scenario)
    weeks = []
    while monday < end:
        dates = [monday + timedelta(days=offset) for offset in range(7)]
        seconds = sum((Counter(days.get(day, {})) for day in dates), Counter())
        normal = [day for day in dates if day.weekday() in facts.agreement.working_weekdays]
        is_leave = not worked.intersection(dates) and bool(normal) and all(facts.is_off(day) for day in normal)
        weeks.append(Week(monday, seconds, is_leave))
        monday += WEEK
    return weeks


def numbers_on(facts: Facts, day: date) -> Numbers:
    """Return the numbers in force on a date; raises ``NotInForceError``."""
    on = facts.parameters.on
    limit, window, history, regular = (int(on(name, day).amount) for name in (LIMIT, WINDOW, HISTORY, REGULAR))
    return Numbers(limit, on(DAY, day).seconds, window, history, regular)


def _window_ends(facts: Facts) -> list[date]:
    """Return the Mondays after the first work on which a week of the period is complete."""
    end = periods.week_start(periods.local_date(facts.work[0].start, facts.zone)) + WEEK
    ends = []
    while end <= facts.end_day and periods.start_of_day(end, facts.zone) <= facts.at:
        if end > facts.first_day:
            ends.append(end)
        end += WEEK
    return ends


def _settle_places(facts: Facts, ends: Sequence[date]) -> Mapping[date, Judgement]:
    """Settle what is not known; work whose place is unknown counts first nowhere, then at home."""
    nowhere = settle(facts, lambda scenario: _judge_windows(facts, ends, scenario, "unknown"), nothing=NOT_COVERED)
    if all(piece.place != "unknown" for piece in facts.pieces(with_unconfirmed=True)):
        return nowhere
    at_home = settle(facts, lambda scenario: _judge_windows(facts, ends, scenario, "home"), nothing=NOT_COVERED)
    settled = {}
    for end, answer in nowhere.items():
        if answer.verdict == at_home[end].verdict:
            settled[end] = answer
        else:
            settled[end] = Judgement(NOT_JUDGED, None, answer.limit, answer.steps, "place_unknown")
    return settled


def _judge_windows(
    facts: Facts, ends: Sequence[date], scenario: Scenario, unknown_place: str
) -> Mapping[date, Judgement]:
    days = counted_days(facts, scenario, unknown_place)
    weeks = weeks_of(facts, scenario, days, ends[-1]) if ends else []
    answers = {}
    for end in ends:
        past = [week for week in weeks if week.monday < end and not week.is_leave]
        try:
            numbers = numbers_on(facts, end - timedelta(days=1))
        except NotInForceError:
            answers[end] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        month = _calendar_month(facts, days, end, numbers)
        answers[end] = _judge_window(facts, past, numbers, month, decides=_is_one_month(facts) and end == ends[-1])
    return answers


def _judge_window(
    facts: Facts, past: Sequence[Week], numbers: Numbers, month: Average | None, *, decides: bool
) -> Judgement:
    last = past[-numbers.window :]
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
    return Judgement(verdict, float(average.days("home")), numbers.limit, tuple(steps))


def _verdict(facts: Facts, past: Sequence[Week], numbers: Numbers, average: Average) -> str:
    outcome = _outcome(average, numbers.limit, facts.agreement.accessible_workstation_elsewhere)
    if len(past) < numbers.history:
        return PROVISIONAL if outcome == COVERED else outcome
    return outcome if _home_weeks(past, numbers) >= numbers.regular else NOT_COVERED


def _outcome(average: Average, limit: int, access: str) -> str:
    """Return what the averages say, before regularity: the table of Arbejdstilsynet with the access exception."""
    if average.days("home") > limit:
        return COVERED
    if average.days(*SUMMED) <= limit:
        return NOT_COVERED
    if access == "unknown" and max(average.days("fixed_site"), average.days("changing_site")) > limit:
        access = "yes"  # the special rules hold at that site anyway, so a workstation that meets them must exist
    return {"yes": NOT_COVERED, "no": COVERED, "unknown": ATTENTION}[access]


def _home_weeks(past: Sequence[Week], numbers: Numbers) -> int:
    return sum(1 for week in past[-numbers.history :] if week.seconds.get("home", 0) > 0)


def _calendar_month(facts: Facts, days: Mapping[date, Places], end: date, numbers: Numbers) -> Average | None:
    """Return the average over the calendar month in which the window ends, None while it lasts."""
    first = periods.month_start(end - timedelta(days=1))
    after = periods.next_month(first)
    if periods.start_of_day(after, facts.zone) > facts.at:
        return None
    total: Counter[str] = Counter()
    for offset in range((after - first).days):
        total.update(days.get(first + timedelta(days=offset), {}))
    return Average(total, Fraction(numbers.day * (after - first).days, 7))


def _is_one_month(facts: Facts) -> bool:
    return facts.first_day.day == 1 and facts.end_day == periods.next_month(facts.first_day)


def _worked_days(facts: Facts, scenario: Scenario) -> set[date]:
    spans = [*facts.reported(scenario.with_unconfirmed), *_holes(facts, scenario)]
    return {day for span in spans for day, _ in _by_day(span.start, span.end, facts.zone)}


def _holes(facts: Facts, scenario: Scenario) -> list[Interval]:
    if not scenario.holes_are_work:
        return []
    return clip(facts.holes, (facts.work[0].start, facts.at))


def _by_day(start: int, end: int, zone: str) -> Iterator[tuple[date, int]]:
    while start < end:
        day = periods.local_date(start, zone)
        until = min(end, periods.start_of_day(day + timedelta(days=1), zone))
        yield day, until - start
        start = until


def _week_steps(
    facts: Facts, past: Sequence[Week], last: Sequence[Week], numbers: Numbers, average: Average
) -> Iterator[Step]:
    listed = ", ".join(f"{periods.week_name(week.monday)} {duration(week.seconds.get('home', 0))}" for week in last)
    values = {
        "weeks": listed,
        "day": duration(numbers.day),
        "days": decimals(float(average.days("home"))),
        "total": duration(average.seconds.get("home", 0)),
    }
    yield Step(mark("Screen work at home, week by week: {weeks}."), values)
    yield Step(mark("Together {total}: {days} days a week, a day being {day}."), values)
    limit = facts.parameters.on(LIMIT, last[-1].monday + timedelta(days=6))
    yield value_step(mark("The rule is more than {value} days a week [{source}]."), limit, str(numbers.limit))
    yield _regular_step(past, numbers)
    if average.days("home") <= numbers.limit < average.days(*SUMMED):
        values = {"days": decimals(float(average.days(*SUMMED)))}
        yield Step(mark("With the other workplaces it is {days} days a week together."), values)
        yield Step(_ACCESS[facts.agreement.accessible_workstation_elsewhere])


_ACCESS = {
    "yes": mark("There is access to a workstation elsewhere that meets the rules."),
    "no": mark("There is no access to a workstation elsewhere that meets the rules."),
    "unknown": mark("It is not stated whether there is access to a workstation elsewhere that meets the rules."),
}


def _regular_step(past: Sequence[Week], numbers: Numbers) -> Step:
    values = {
        "known": len(past),
        "home": _home_weeks(past, numbers),
        "history": numbers.history,
        "regular": numbers.regular,
    }
    if len(past) < numbers.history:
        return Step(mark("{known} weeks are known; about two months ({history} weeks) make it regular."), values)
    return Step(mark("Screen work at home in {home} of the last {history} weeks; regular from {regular}."), values)


def _month_step(month: Average) -> Step:
    values = {"total": duration(month.seconds.get("home", 0)), "days": decimals(float(month.days("home")))}
    return Step(mark("For comparison, the calendar month: {total}, {days} days a week."), values)


def _finding(facts: Facts, end: date, judgement: Judgement) -> Finding:
    try:
        value = facts.parameters.on(LIMIT, end - timedelta(days=1))
        start = end - WEEK * numbers_on(facts, end - timedelta(days=1)).window
    except NotInForceError:
        value, start = None, end - WEEK
    start = max(start, periods.week_start(periods.local_date(facts.work[0].start, facts.zone)))
    return Finding(
        RULE, judgement.verdict, FORCE,
        periods.start_of_day(start, facts.zone), periods.start_of_day(end, facts.zone),
        citation(), judgement.measured, judgement.limit, "day_per_week", value,
        judgement.steps, judgement.reason,
    )  # fmt: skip
