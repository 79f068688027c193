"""What comes next: the instants and amounts at which a limit would be reached if work goes on.

Each agrees with its rule: working up to ``stop_by`` is met, a second longer is broken. A forecast that unobserved time
or the person's word could change is left out (None). Given only where the facts say what time it is.
Not here: when and how to tell the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import Interval, join, union
from fyraften_policy.rules import daily_rest, eu_daily_rest, no_daily_rest, pauses, screen_at_home, weekly_rest
from fyraften_policy.rules.out_of_hours import agreed_hours
from fyraften_policy.rules.screen_weeks import NOWHERE, WEEK, Reading, Worked, read_both, weeks_of
from fyraften_policy.work_days import day_of, main_periods


@dataclass(frozen=True)
class Forecast:
    """Instants, and seconds where the name says so; None where there is nothing to say or it is not known."""

    stop_by: int | None = None
    earliest_start: int | None = None
    day_off_by: int | None = None
    home_time_left_seconds: int | None = None
    next_pause_at: int | None = None

    def as_json(self, zone: str) -> dict[str, Any]:
        """Return the forecast as the facts format writes it; ``home_time_left`` is in seconds."""
        instants = {
            "stop_by": self.stop_by,
            "earliest_start": self.earliest_start,
            "day_off_by": self.day_off_by,
            "next_pause_at": self.next_pause_at,
        }
        answer: dict[str, Any] = {
            name: None if instant is None else periods.format_instant(instant, zone)
            for name, instant in instants.items()
        }
        return {**answer, "home_time_left": self.home_time_left_seconds}


class RestRule(Protocol):
    """A rule on daily rest: its id, and that of the least rest."""

    RULE: str
    MINIMUM: str


# The rule that ``stop_by`` and ``earliest_start`` keep, by jurisdiction.
REST_RULES: Mapping[str, RestRule] = {"DK": daily_rest, "NO": no_daily_rest, "EU": eu_daily_rest}


def forecast(facts: Facts) -> Forecast:
    """Return what comes next at ``at``, by the law of the place of work; the pauses are for everybody."""
    try:
        coming = _OF_JURISDICTION[facts.jurisdiction](facts)
    except NotInForceError:
        coming = Forecast()
    return replace(coming, next_pause_at=_next_pause_at(facts))


def _danish(facts: Facts) -> Forecast:
    home_time_left = _home_time_left(facts)
    if facts.agreement.self_organiser or facts.agreement.foster_care:
        return Forecast(home_time_left_seconds=home_time_left)
    return Forecast(
        stop_by=_surely(facts, _danish_stop_by),
        earliest_start=_earliest_start(facts, daily_rest.rest_due_seconds),
        day_off_by=_surely(facts, weekly_rest.day_off_by),
        home_time_left_seconds=home_time_left,
    )


def _norwegian(facts: Facts) -> Forecast:
    if facts.agreement.self_organiser:
        return Forecast()
    minimum = facts.parameters.on(no_daily_rest.MINIMUM, periods.local_date(facts.at, facts.zone)).seconds
    return Forecast(
        stop_by=_surely(facts, _norwegian_stop_by),
        earliest_start=_earliest_start(facts, lambda facts, busy: minimum),
    )


def _european(facts: Facts) -> Forecast:
    minimum = facts.parameters.on(eu_daily_rest.MINIMUM, periods.local_date(facts.at, facts.zone)).seconds
    return Forecast(
        stop_by=_surely(facts, _european_stop_by),
        earliest_start=_earliest_start(facts, lambda facts, busy: minimum),
    )


_OF_JURISDICTION: Mapping[str, Callable[[Facts], Forecast]] = {"DK": _danish, "NO": _norwegian, "EU": _european}


def _surely(facts: Facts, instant_in: Callable[[Facts, list[Interval]], int | None]) -> int | None:
    """Return the earliest instant over every reading of what is not known.

    None where a reading has none, or where they differ on whether any time is left.
    """
    answers = [instant_in(facts, busy) for busy in _readings(facts)]
    known = [answer for answer in answers if answer is not None]
    if len(known) < len(answers) or (min(known) <= facts.at < max(known)):
        return None
    return min(known)


def _earliest_start(facts: Facts, rest_due: Callable[[Facts, list[Interval]], int]) -> int | None:
    """Return the first instant after the last work at which the daily rest is complete in every reading."""
    return max((busy[-1].end + rest_due(facts, busy) for busy in _readings(facts) if busy), default=None)


def _readings(facts: Facts) -> Iterator[list[Interval]]:
    """Yield the work with unobserved time as rest and as work, without and with the unconfirmed work."""
    for with_unconfirmed in {True, not facts.has_unconfirmed}:
        reported = facts.reported(with_unconfirmed)
        yield reported
        if facts.holes:
            yield union([*reported, *facts.holes])


def _danish_stop_by(facts: Facts, busy: list[Interval]) -> int | None:
    """Return the last instant of work that keeps the daily rest: the open block may span the window less the rest.

    Without an open block it would begin now. None where the block is already too long.
    """
    minimum, window = _rest_and_window(facts)
    blocks = join(busy, minimum)
    if not blocks or facts.at - blocks[-1].end >= minimum:
        return facts.at + window - minimum
    if min(daily_rest.longest_rests(busy, [blocks[-1].end], window)) < minimum:
        return None
    return blocks[-1].start + window - minimum


def _rest_and_window(facts: Facts) -> tuple[int, int]:
    day = periods.local_date(facts.at, facts.zone)
    on = facts.parameters.on
    return on(daily_rest.MINIMUM, day).seconds, on(daily_rest.WINDOW, day).seconds


def _european_stop_by(facts: Facts, busy: list[Interval]) -> int | None:
    """Return the last instant of work that leaves the daily rest in the 24 hours from the first work of the block.

    Without an open block it would begin now. None where the block is already too long.
    """
    block = next(reversed(eu_daily_rest.blocks_of(facts, busy)), None)
    now = Interval(facts.at, facts.at)
    if block is None or facts.at - block.end >= eu_daily_rest.numbers_on(facts, now).minimum.seconds:
        block = now
    longest = eu_daily_rest.numbers_on(facts, block).longest_block
    return None if block.length > longest else block.start + longest


def _norwegian_stop_by(facts: Facts, busy: list[Interval]) -> int | None:
    """Return the last instant of work that leaves the daily rest before the next agreed start.

    Work without such a rest inside may not last longer than the 24 hours of the rule either. None where no hours are
    agreed, or where it has.
    """
    day, start = _norwegian_work(facts, busy)
    on = facts.parameters.on
    window, minimum = (on(name, day).seconds for name in (no_daily_rest.WINDOW, no_daily_rest.MINIMUM))
    if not any((facts.agreement.normal_hours or {}).values()) or facts.at > start + window:
        return None
    agreed = _next_agreed_start(facts, day, before=start + window + minimum)
    return start + window if agreed is None else min(start + window, agreed - minimum)


def _norwegian_work(facts: Facts, busy: list[Interval]) -> tuple[date, int]:
    """Return the day of the main period that work going on at ``at`` belongs to, and since when it has had no rest."""
    today = day_of(facts.at, facts.zone)
    last = next(reversed(main_periods(busy, facts.zone)), None)
    if last is None or (last.day != today and last.end < facts.at):
        return today, facts.at
    minimum = facts.parameters.on(no_daily_rest.MINIMUM, last.day).seconds
    stretch = join(last.spans, minimum)[-1]
    return last.day, stretch.start if facts.at - stretch.end < minimum else facts.at


def _next_agreed_start(facts: Facts, day: date, *, before: int) -> int | None:
    """Return the first agreed start after now on a later date than ``day``, None if none is near."""
    while (start := periods.start_of_day(day + periods.DAY, facts.zone)) < before:
        day += periods.DAY
        starts = [hours.start for hours in agreed_hours(facts, day) if hours.start >= max(start, facts.at + 1)]
        if starts:
            return min(starts)
    return None


def _home_time_left(facts: Facts) -> int | None:
    """Return the screen work at home, in seconds, until the average over this week and the three before is passed.

    None where the readings of what is not known differ on whether any is left.
    """
    answers = [
        _home_time_left_in(facts, worked, Reading(holes_are_work, place))
        for worked in read_both(facts).values()
        for holes_are_work in {False, bool(facts.holes)}
        for place in (NOWHERE, "home")
    ]
    known = [answer for answer in answers if answer is not None]
    if not known or min(known) == 0 < max(known):
        return None
    return min(known)


def _home_time_left_in(facts: Facts, worked: Worked | None, reading: Reading) -> int | None:
    today = periods.local_date(facts.at, facts.zone)
    this_week = periods.week_start(today)
    if worked is None or this_week < worked.first_monday:
        return None
    numbers = screen_at_home.numbers_on(facts, today)
    weeks = weeks_of(facts, worked, this_week + WEEK, reading)
    before = [week for week in weeks[:-1] if not week.is_leave]
    counted = [*before[max(0, len(before) - numbers.window + 1) :], weeks[-1]]
    used = sum(week.seconds.get("home", 0) for week in counted)
    return max(0, int(numbers.limit.amount * numbers.day * len(counted)) - used)


def _next_pause_at(facts: Facts) -> int | None:
    stretch = pauses.current_stretch(facts)
    if stretch is None:
        return None
    day = periods.local_date(facts.at, facts.zone)
    return stretch.start + facts.parameters.on(pauses.STRETCH, day).seconds
