"""What comes next: the instants and amounts at which a limit would be reached if work goes on.

Each agrees with its rule: working up to ``stop_by`` is met, a second longer is broken. A forecast that unobserved time
or the person's word could change is left out (None). Given only where the facts say what time it is.
Not here: when and how to tell the person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import Interval, join, union
from fyraften_policy.rules import daily_rest, pauses, screen_at_home
from fyraften_policy.rules.screen_weeks import NOWHERE, WEEK, Reading, Worked, read_both, weeks_of


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


def forecast(facts: Facts) -> Forecast:
    """Return what comes next at ``at``. The daily rest and the screen rule are Danish, the pauses are for everybody."""
    next_pause_at = _next_pause_at(facts)
    try:
        if facts.jurisdiction != "DK":
            return Forecast(next_pause_at=next_pause_at)
        if facts.agreement.self_organiser or facts.agreement.foster_care:
            return Forecast(home_time_left_seconds=_home_time_left(facts), next_pause_at=next_pause_at)
        return Forecast(_stop_by(facts), _earliest_start(facts), None, _home_time_left(facts), next_pause_at)
    except NotInForceError:
        return Forecast(next_pause_at=next_pause_at)


def _stop_by(facts: Facts) -> int | None:
    """Return the last instant of work that keeps the rest in every reading of what is not known.

    None where the readings differ on whether any time is left.
    """
    answers = [_stop_by_in(facts, busy) for busy in _readings(facts)]
    known = [answer for answer in answers if answer is not None]
    if len(known) < len(answers) or (min(known) <= facts.at < max(known)):
        return None
    return min(known)


def _earliest_start(facts: Facts) -> int | None:
    """Return the first instant after the last work at which the daily rest is complete in every reading."""
    return max(
        (busy[-1].end + daily_rest.rest_due_seconds(facts, busy) for busy in _readings(facts) if busy), default=None
    )


def _readings(facts: Facts) -> Iterator[list[Interval]]:
    """Yield the work with unobserved time as rest and as work, without and with the unconfirmed work."""
    for with_unconfirmed in {True, not facts.has_unconfirmed}:
        reported = facts.reported(with_unconfirmed)
        yield reported
        if facts.holes:
            yield union([*reported, *facts.holes])


def _stop_by_in(facts: Facts, busy: list[Interval]) -> int | None:
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
