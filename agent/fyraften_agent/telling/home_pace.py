"""On which day of this week the average of home work passes the limit, if the person goes on as agreed or as until now.

Left out wherever it would be a guess: without agreed hours nobody knows the working days to come, and a week spent at
several places says nothing of the rest of it, unless the agreement says how many days a week are at home.
Pure.  Not here: how much is left until then (the forecast), and the words (``notices``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from fyraften_policy.facts import Facts
from fyraften_policy.periods import DAY, week_start
from fyraften_policy.rules.out_of_hours import hours_from
from fyraften_policy.rules.screen_weeks import MOBILE, Reading, worked_of


class Passing(NamedTuple):
    """The day on which the limit is passed, if each day at home is as long as ``seconds``."""

    day: date
    seconds: int


def passes_on(facts: Facts, left_seconds: int, today: date) -> Passing | None:
    """Return when home work passes the limit; None where it does not this week, or where it cannot be known.

    Args:
        left_seconds: the forecast's: screen work at home until the average is passed.
    """
    known = _known_days(facts, today)
    if known is None or not facts.agreement.normal_hours:
        return None
    at_home = {day: seconds for day, seconds in known.items() if seconds}
    coming = _coming_days_at_home(facts, known, at_home)
    if not at_home or coming is None:
        return None
    complete = [seconds for day, seconds in at_home.items() if day < today]
    pace = sum(complete) // len(complete) if complete else None
    used, day = 0, today
    while week_start(day) == week_start(today):
        agreed = sum(end - start for start, end in hours_from(facts, day))
        length = agreed if pace is None else pace
        if day == today and day in at_home:
            used += max(0, length - at_home[day])
        elif agreed and day > today and coming > 0:
            used, coming = used + length, coming - 1
        if used > left_seconds:
            return Passing(day, length)
        day += DAY
    return None


def _known_days(facts: Facts, today: date) -> Mapping[date, int] | None:
    """Return the counted seconds at home on each day of this week with work; None where any of it is in doubt."""
    worked = facts.once(worked_of, True)
    if worked is None:
        return None
    monday = week_start(today)
    days = {}
    for number in range((today - monday).days + 1):
        day = monday + number * DAY
        sure, all_told = (facts.pieces_by_date(with_unconfirmed).get(day, ()) for with_unconfirmed in (False, True))
        if list(sure) != list(all_told):
            return None
        seconds = worked.seconds(range(day.toordinal(), day.toordinal() + 1), Reading())
        if seconds.get("unknown"):
            return None
        if sum(seconds.values()) > seconds.get(MOBILE, 0):
            days[day] = seconds.get("home", 0)
    return days


def _coming_days_at_home(facts: Facts, known: Mapping[date, int], at_home: Mapping[date, int]) -> int | None:
    """Return how many more days of this week are at home: as agreed, or all where all have been; None: not known."""
    if facts.agreement.home_days is not None:
        return int(facts.agreement.home_days) - len(at_home)
    return 7 if len(at_home) == len(known) else None
