"""``dk.screen.home``: do the special rules for screen work apply to the home workplace?

Bekendtgørelse 384/2022 § 4 and AT-vejledning 3.7.1, section 6: regularly, and more than 2 days (of 7.4 h) a week on
average over a month. The month is read as the last four complete ISO weeks; the calendar month stands beside it.
Weeks of leave are skipped. Before 30 April 2022 bekendtgørelse 247/2003 held, with about 1 day and without the rule on
several workplaces together; each window is judged by the values of its last day.
Whether screen work at the other workplaces is regular too is not asked: their hours are summed as they are.
Not here: what counts as screen work in a week (see ``screen_weeks.py``), the sentences (see ``screen_steps.py``), and
the duties that follow.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
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
)
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, known_parameter
from fyraften_policy.rules.places import places_told
from fyraften_policy.rules.screen_numbers import (
    DAY,
    HISTORY,
    LIMIT,
    REGULAR,
    WINDOW,
    Numbers,
    Past,
    numbers_on,
    weeks_at,
)
from fyraften_policy.rules.screen_steps import MONTH_DISAGREES, conclusion, month_step, place_steps, week_steps
from fyraften_policy.rules.screen_weeks import (
    NOWHERE,
    SUMMED,
    WEEK,
    Average,
    Reading,
    Week,
    Worked,
    days_from,
    monday_before,
    read_both,
    weeks_of,
)
from fyraften_policy.unknowns import Judgement, Scenario, settle
from fyraften_policy.work_days import ByDay

RULE = "dk.screen.home"
FORCE = "law"

__all__ = ["FORCE", "RULE", "citation", "judge", "numbers_on"]

ByConfirmation = Mapping[bool, Worked | None]


class Month(NamedTuple):
    """The average over a calendar month that is over, and the sentence on it."""

    average: Average
    step: Step


class Case(NamedTuple):
    """What all windows are judged with: the facts, the numbers by date, and the work in both readings.

    ``weeks`` keeps the weeks of each work and reading that were asked for.
    """

    facts: Facts
    numbers: ByDay[Numbers]
    both: ByConfirmation
    ends: Sequence[date]
    weeks: dict[tuple[Worked, Reading], list[Week]]


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
    numbers = ByDay(facts, lambda day: numbers_on(facts, day), LIMIT, DAY, WINDOW, HISTORY, REGULAR)
    case = Case(facts, numbers, read_both(facts), ends, {})
    judged = settle(facts, partial(_judge_places, case), nothing=NOT_COVERED)
    starts = _window_starts(case)
    return [_finding(case, starts[end], end, judged[end]) for end in ends]


def _window_ends(facts: Facts) -> Iterator[date]:
    """Yield the Mondays on which a week of the period is complete, from the first work on."""
    if not facts.work:
        return
    end = periods.week_start(max(facts.first_day, periods.local_date(facts.work[0].start, facts.zone))) + WEEK
    while end <= facts.end_day and periods.start_of_day(end, facts.zone) <= facts.at:
        yield end
        end += WEEK


def _numbers_or_none(case: Case, end: date) -> Numbers | None:
    """Return the numbers on the last day of the window that ends before a date, None where the law has none."""
    try:
        return case.numbers.on(end - periods.DAY)
    except NotInForceError:
        return None


def _window_starts(case: Case) -> Mapping[date, date]:
    """Return the first day of the weeks that decide, by the end of the window."""
    worked = case.both[True]
    mondays = [] if worked is None else [week.monday for week in _weeks(case, worked, Reading())]
    starts = {}
    for end in case.ends:
        numbers = _numbers_or_none(case, end)
        count = bisect_left(mondays, end)
        first = count if numbers is None else max(0, count - numbers.window)
        starts[end] = mondays[first] if first < count else end - WEEK
    return starts


def _weeks(case: Case, worked: Worked, reading: Reading) -> list[Week]:
    """Return the weeks that any window needs, those of leave left out."""
    if (worked, reading) not in case.weeks:
        case.weeks[worked, reading] = _find_weeks(case, worked, reading)
    return case.weeks[worked, reading]


def _find_weeks(case: Case, worked: Worked, reading: Reading) -> list[Week]:
    numbers = [found for end in (case.ends[0], case.ends[-1]) if (found := _numbers_or_none(case, end)) is not None]
    enough = max((max(one.window, one.history) for one in numbers), default=0)
    since = monday_before(case.facts, worked, case.ends[0], enough)
    return [week for week in weeks_of(case.facts, worked, case.ends[-1], reading, since) if not week.is_leave]


def _judge_places(case: Case, scenario: Scenario) -> Mapping[date, Judgement]:
    """Judge in one scenario; work whose place is unknown counts first nowhere, then at each place."""
    if "unknown" not in case.facts.once(places_told, scenario.with_unconfirmed):
        return _judge_windows(case, NOWHERE, scenario)
    readings = [_judge_windows(case, place, scenario) for place in (NOWHERE, *SUMMED)]
    settled = {}
    for end, answer in readings[0].items():
        others = [reading[end].verdict for reading in readings if reading[end].verdict != answer.verdict]
        settled[end] = _undecided_place(answer, others[0]) if others else answer
    return settled


def _undecided_place(answer: Judgement, other: str) -> Judgement:
    message = mark("The place of some work is unknown. Depending on it the answer is “{one}” or “{other}”.")
    step = Step(message, {"one": VERDICT_WORDS[answer.verdict], "other": VERDICT_WORDS[other]})
    return Judgement(NOT_JUDGED, None, answer.limit, (*answer.steps, step), "place_unknown")


def _judge_windows(case: Case, unknown_place: str, scenario: Scenario) -> Mapping[date, Judgement]:
    worked = case.both[scenario.with_unconfirmed]
    if worked is None:
        return {}
    reading = Reading(scenario.holes_are_work, unknown_place)
    weeks = _weeks(case, worked, reading)
    mondays = [week.monday for week in weeks]
    months: dict[tuple[int, int], Month | None] = {}
    same: Numbers | None = None
    answers = {}
    for end in [end for end in case.ends if end > worked.first_monday]:
        numbers = _numbers_or_none(case, end)
        if numbers is None:
            answers[end] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        if numbers is not same:
            months, same = {}, numbers
        last_day = end - periods.DAY
        if (last_day.year, last_day.month) not in months:
            months[last_day.year, last_day.month] = _calendar_month(case.facts, worked, reading, last_day, numbers)
        count = bisect_left(mondays, end)
        latest = weeks[max(0, count - max(numbers.window, numbers.history)) : count]
        past = Past(count, latest, weeks_at("home", latest[-numbers.history :]))
        answers[end] = _judge_window(case, past, numbers, months[last_day.year, last_day.month], end)
    return answers


def _judge_window(case: Case, past: Past, numbers: Numbers, month: Month | None, end: date) -> Judgement:
    last = past.latest[-numbers.window :]  # never none: the first week has work, so it is no leave
    average = numbers.average(_sum(last), len(last))
    verdict = _verdict(case.facts, past, numbers, average)
    steps = [*week_steps(past, last, numbers, average)]
    if past.is_regular(numbers) and not average.is_over:
        steps += place_steps(case.facts, past, numbers, average, _site_over(case.facts, average))
    so = conclusion(verdict)
    if month is not None:
        steps.append(month.step)
        decides = end == case.ends[-1] and _is_one_month(case.facts)
        if decides and _verdict(case.facts, past, numbers, month.average) != verdict:
            verdict, so = ATTENTION, MONTH_DISAGREES
    return Judgement(verdict, average.days(average.home), float(numbers.limit.amount), (*steps, so))


def _sum(weeks: Sequence[Week]) -> dict[str, int]:
    total: dict[str, int] = {}
    for week in weeks:
        for place, seconds in week.seconds.items():
            total[place] = total.get(place, 0) + seconds
    return total


def _verdict(facts: Facts, past: Past, numbers: Numbers, average: Average) -> str:
    """Return regularity's answer, and where screen work at home is regular, what the averages say."""
    if past.known < numbers.history:
        return PROVISIONAL if average.is_over else NOT_COVERED
    if not past.is_regular(numbers):
        return NOT_COVERED
    if average.is_over:
        return COVERED
    if not _is_over_together(average):
        return NOT_COVERED
    if _site_over(facts, average) is not None:
        return NOT_COVERED
    return {"yes": NOT_COVERED, "no": COVERED, "unknown": ATTENTION}[facts.agreement.accessible_workstation_elsewhere]


def _is_over_together(average: Average) -> bool:
    """Tell whether home and other workplaces together are over the limit for several; home alone never is."""
    most = average.scale.together
    return most is not None and average.together > most and average.together > average.home


def _site_over(facts: Facts, average: Average) -> str | None:
    """Return a workplace elsewhere at which the special rules hold by itself, where access to one is not told.

    A workstation that meets them must exist there: so access is taken for granted.
    """
    most = average.scale.together
    if facts.agreement.accessible_workstation_elsewhere != "unknown" or most is None:
        return None
    sites = [site for site in SUMMED if site != "home" and average.seconds.get(site, 0) > most]
    return sites[0] if sites else None


def _calendar_month(facts: Facts, worked: Worked, reading: Reading, last_day: date, numbers: Numbers) -> Month | None:
    """Return the calendar month in which the last day of a window lies, None while it lasts."""
    first = periods.month_start(last_day)
    after = periods.next_month(first)
    if periods.start_of_day(after, facts.zone) > facts.at:
        return None
    length = (after - first).days
    average = numbers.average(worked.seconds(days_from(first, length), reading), Fraction(length, 7))
    return Month(average, month_step(average, length, numbers))


def _is_one_month(facts: Facts) -> bool:
    return facts.first_day.day == 1 and facts.end_day == periods.next_month(facts.first_day)


def _finding(case: Case, start: date, end: date, judgement: Judgement) -> Finding:
    numbers, zone = _numbers_or_none(case, end), case.facts.zone
    value = None if numbers is None else numbers.limit
    return Finding(
        RULE, judgement.verdict, FORCE, periods.start_of_day(start, zone), periods.start_of_day(end, zone),
        citation() if value is None else value.citation, judgement.measured, judgement.limit, "day_per_week", value,
        judgement.steps, judgement.reason,
    )  # fmt: skip
