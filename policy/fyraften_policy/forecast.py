"""What comes next: the instants and amounts at which a limit would be reached if work goes on.

Each agrees with its rule: working up to ``stop_by`` is met, a second longer is broken. Where unobserved time or the
person's word could change a forecast, it is the one that is sure; where they could change whether any time is left, it
is left out (None). Given only where the facts say what time it is.
Not here: when and how to tell the person.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.intervals import Interval, join, union
from fyraften_policy.rules import (
    daily_rest,
    eu_daily_rest,
    eu_weekly_rest,
    no_daily_rest,
    no_sunday,
    no_weekly_rest,
    pauses,
    screen_at_home,
    week_rests,
    weekly_rest,
)
from fyraften_policy.rules.out_of_hours import hours_from
from fyraften_policy.rules.screen_weeks import NOWHERE, WEEK, Reading, Worked, read_both, weeks_of
from fyraften_policy.rules.week_rests import WeekRestRule
from fyraften_policy.work_days import MainPeriod, day_of, main_periods


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
    """A rule on rest: its id, and that of the least rest."""

    RULE: str
    MINIMUM: str


# The rule that ``stop_by`` and ``earliest_start`` keep, by jurisdiction.
REST_RULES: Mapping[str, RestRule] = {"DK": daily_rest, "NO": no_daily_rest, "EU": eu_daily_rest}

Busy = Sequence[Interval]  # the work up to ``at`` in one reading of what is not known, sorted and without overlaps
InReading = Callable[[Facts, Busy], int | None]
Answers = Sequence[int | None]  # of an ``InReading`` over all readings


class Limits(NamedTuple):
    """How a law limits work in one reading of what is not known; a law without such a limit leaves it out."""

    stop_by: InReading | None = None
    earliest_start: InReading | None = None
    day_off_by: InReading | None = None
    home_time_left: Callable[[Facts], int | None] | None = None


def forecast(facts: Facts) -> Forecast:
    """Return what comes next at ``at``, by the law of the place of work; the pauses are for everybody."""
    law = LIMITS.get(facts.jurisdiction, Limits())
    rest = Limits() if _is_outside(facts) else law
    home_time_left = law.home_time_left
    return Forecast(
        stop_by=_in_force(lambda: _surely(facts, _answers(facts, rest.stop_by))),
        earliest_start=_in_force(lambda: _latest(_answers(facts, rest.earliest_start))),
        day_off_by=_in_force(lambda: _surely(facts, _answers(facts, rest.day_off_by))),
        home_time_left_seconds=None if home_time_left is None else _in_force(lambda: home_time_left(facts)),
        next_pause_at=_in_force(lambda: _next_pause_at(facts)),
    )


def _in_force(answer: Callable[[], int | None]) -> int | None:
    """Return an answer, None where the law has no value yet."""
    try:
        return answer()
    except NotInForceError:
        return None


def _is_outside(facts: Facts) -> bool:
    """Tell whether the law on rest leaves the person out; European law by itself leaves out nobody."""
    outside = {
        "DK": facts.agreement.self_organiser or facts.agreement.foster_care,
        "NO": facts.agreement.self_organiser,
    }
    return outside.get(facts.jurisdiction, False)


def _answers(facts: Facts, limit: InReading | None) -> Answers:
    return [] if limit is None else [limit(facts, busy) for busy in _readings(facts)]


def _surely(facts: Facts, answers: Answers) -> int | None:
    """Return the earliest instant over every reading of what is not known; if all are past, the latest of them.

    None where a reading has none, or where they differ on whether any time is left.
    """
    known = [answer for answer in answers if answer is not None]
    if not known or len(known) < len(answers) or (min(known) <= facts.at < max(known)):
        return None
    return min(known) if min(known) > facts.at else max(known)


def _latest(answers: Answers) -> int | None:
    """Return the first instant at which something is over in every reading of what is not known."""
    return max((answer for answer in answers if answer is not None), default=None)


def _readings(facts: Facts) -> Iterator[Busy]:
    """Yield the work with unobserved time as rest and as work, without and with the unconfirmed work."""
    for with_unconfirmed in {True, not facts.has_unconfirmed}:
        yield facts.reported(with_unconfirmed)
        if facts.holes:
            yield facts.filled(with_unconfirmed)


def _last_run(busy: Busy, gap_seconds: int) -> Busy:
    """Return the work since the last gap of at least so long.

    It is looked for from the end, so that the answer takes as long after ten years of work as after one.
    """
    index = max(0, len(busy) - 1)
    while index and busy[index].start - busy[index - 1].end < gap_seconds:
        index -= 1
    return busy[index:]


def _danish_stop_by(facts: Facts, busy: Busy) -> int | None:
    """Return the last instant of work that keeps the daily rest: the open block may span the window less the rest.

    Without an open block it would begin now. None where the block is already too long, and while the longer rest that
    a recorded exception asks for is not over. An exception allows for less rest; it does not move what keeps the rest.
    """
    day = periods.local_date(facts.at, facts.zone)
    minimum, window = (facts.parameters.on(name, day).seconds for name in (daily_rest.MINIMUM, daily_rest.WINDOW))
    block = _last_run(busy, minimum)
    if not block or facts.at - block[-1].end >= minimum:
        due = _danish_start(facts, busy)
        return None if due is not None and due > facts.at else facts.at + window - minimum
    if min(daily_rest.longest_rests(busy, [block[-1].end], window)) < minimum:
        return None
    return block[0].start + window - minimum


def _danish_start(facts: Facts, busy: Busy) -> int | None:
    if not busy:
        return None
    day = periods.local_date(busy[-1].end - 1, facts.zone)
    minimum, window = (facts.parameters.on(name, day).seconds for name in (daily_rest.MINIMUM, daily_rest.WINDOW))
    needed = bisect_left(busy, (_last_run(busy, minimum)[0].start - window,))  # what the rest behind the run is made of
    return busy[-1].end + daily_rest.rest_due_seconds(facts, busy[max(0, needed - 1) :])


def _danish_day_off_by(facts: Facts, busy: Busy) -> int | None:
    today = periods.local_date(facts.at, facts.zone)
    minimum = facts.parameters.on(weekly_rest.MINIMUM, today).seconds
    return weekly_rest.day_off_by(facts, _last_run(busy, minimum))


def _norwegian_day_off_by(facts: Facts, busy: Busy) -> int | None:
    """Return the end of the week as for the directive, or where the hours before Sunday that are off begin, if sooner.

    The rest would keep its own rule later too, but not that on Sundays.
    """
    rule = WeekRestRule(no_weekly_rest.RULE, no_weekly_rest.FORCE, no_weekly_rest.MINIMUM, no_weekly_rest.FLOOR)
    by = _day_off_in_week_by(facts, busy, rule)
    saturday = periods.week_start(day_of(facts.at, facts.zone)) + 5 * periods.DAY
    off = [hours.start for hours in no_sunday.time_off_on(facts, saturday).hours[-1:] if hours.start > facts.at]
    return by if by is None else min([by, *off])


def _european_day_off_by(facts: Facts, busy: Busy) -> int | None:
    rule = WeekRestRule(eu_weekly_rest.RULE, eu_weekly_rest.FORCE, eu_weekly_rest.MINIMUM)
    return _day_off_in_week_by(facts, busy, rule)


def _day_off_in_week_by(facts: Facts, busy: Busy, rule: WeekRestRule) -> int | None:
    """Return the last second of the ISO week: a rest that starts in it counts, one on the Monday after does not.

    None where the week has its rest already, as ``week_rests.py`` reads it, or no work.
    """
    monday = periods.week_start(day_of(facts.at, facts.zone))
    begins, ends = (periods.start_of_day(day, facts.zone) for day in (monday, monday + WEEK))
    minimum = week_rests.numbers_on(facts, rule, monday + WEEK - periods.DAY).least
    first = bisect_right(busy, begins, key=lambda work: work.end)
    if first == len(busy):
        return None
    off_since = [busy[first - 1].end if first else begins, *(work.end for work in busy[first:])]
    off_until = [*(work.start for work in busy[first:]), facts.at]
    for since, until in zip(off_since, off_until, strict=True):
        # The first hours of time off that began in an earlier week are the rest of that week.
        start = since if since >= begins else max(begins, since + minimum)
        if until - start >= minimum:
            return None
    return ends - 1


def _european_stop_by(facts: Facts, busy: Busy) -> int | None:
    """Return the last instant of work that leaves the daily rest in the 24 hours from the first work of the block.

    Without an open block it would begin now. None where the block is already too long.
    """
    minimum = eu_daily_rest.numbers_on(facts, day_of(facts.at, facts.zone)).minimum.seconds
    run = _last_run(busy, minimum)
    is_open = run and facts.at - run[-1].end < minimum
    block = Interval(run[0].start, run[-1].end) if is_open else Interval(facts.at, facts.at)
    longest = eu_daily_rest.numbers_on(facts, day_of(block.start, facts.zone)).longest_block
    return None if block.length > longest else block.start + longest


def _european_start(facts: Facts, busy: Busy) -> int | None:
    minimum = eu_daily_rest.numbers_on(facts, day_of(facts.at, facts.zone)).minimum.seconds
    return busy[-1].end + minimum if busy else None


def _norwegian_stop_by(facts: Facts, busy: Busy) -> int | None:
    """Return the last instant of work that leaves the daily rest before the next agreed start.

    Work without such a rest inside may not last longer than the 24 hours of the rule either. None where no hours are
    agreed, where it has, and where work now would begin a main period too soon after the one before.
    """
    last, today = _last_main_period(facts, busy), day_of(facts.at, facts.zone)
    numbers = no_daily_rest.numbers_on(facts, today)
    window, minimum = numbers.window, numbers.least
    day, start = today, facts.at
    if last is not None and (last.day == today or last.end == facts.at):
        stretch = join(last.spans, minimum)[-1]
        day, start = last.day, stretch.start if facts.at - stretch.end < minimum else facts.at
    elif last is not None and facts.at < last.end + minimum:
        return None
    if not any((facts.agreement.normal_hours or {}).values()) or facts.at > start + window:
        return None
    agreed = _next_agreed_start(facts, day, before=start + window + minimum)
    return start + window if agreed is None else min(start + window, agreed - minimum)


def _norwegian_start(facts: Facts, busy: Busy) -> int | None:
    """Return when the rest after the last work is over. Work before that on the same date would be its second part."""
    return busy[-1].end + no_daily_rest.numbers_on(facts, day_of(facts.at, facts.zone)).least if busy else None


def _last_main_period(facts: Facts, busy: Busy) -> MainPeriod | None:
    if not busy:
        return None
    midnight = periods.start_of_day(day_of(busy[-1].start, facts.zone), facts.zone)
    return main_periods(busy[bisect_left(busy, (midnight,)) :], facts.zone)[-1]


def _next_agreed_start(facts: Facts, day: date, *, before: int) -> int | None:
    """Return the first agreed start after now on a later date than ``day``, None if none is near."""
    while (start := periods.start_of_day(day + periods.DAY, facts.zone)) < before:
        day += periods.DAY
        starts = [hours.start for hours in hours_from(facts, day) if hours.start >= max(start, facts.at + 1)]
        if starts:
            return min(starts)
    return None


def _home_time_left(facts: Facts) -> int | None:
    """Return the screen work at home, in seconds, until the average over this week and the three before is passed.

    None where no work is told, and where the readings of what is not known differ on whether any is left.
    """
    if not facts.work:
        return None
    left = [
        _home_time_left_in(facts, worked, Reading(holes_are_work, place))
        for worked in read_both(facts).values()
        for holes_are_work in {False, bool(facts.holes)}
        for place in (NOWHERE, "home")
    ]
    return None if min(left) == 0 < max(left) else min(left)


def _home_time_left_in(facts: Facts, worked: Worked | None, reading: Reading) -> int:
    this_week = periods.week_start(day_of(facts.at, facts.zone))
    numbers = screen_at_home.numbers_on(facts, this_week + WEEK - periods.DAY)  # of the day the window ends with
    if worked is None:  # work from now on would begin the history
        return int(numbers.limit.amount * numbers.day)
    weeks = weeks_of(facts, worked, this_week + WEEK, reading)
    before = [week for week in weeks[:-1] if not week.is_leave]
    counted = [*before[max(0, len(before) - numbers.window + 1) :], weeks[-1]]
    used = sum(week.seconds.get("home", 0) for week in counted)
    return max(0, int(numbers.limit.amount * numbers.day * len(counted)) - used)


def _next_pause_at(facts: Facts) -> int | None:
    """Return when the stretch of screen activity that goes on becomes one after which a pause is suggested."""
    today = day_of(facts.at, facts.zone)
    limit, pause = (facts.parameters.on(name, today).seconds for name in (pauses.STRETCH, pauses.PAUSE))
    stretches = [_last_run(activity, pause) for activity in _readings_of_activity(facts)]
    goes_on = [stretch and facts.at - stretch[-1].end < pause for stretch in stretches]
    return _surely(facts, [run[0].start + limit if on else None for run, on in zip(stretches, goes_on, strict=True)])


def _readings_of_activity(facts: Facts) -> Iterator[Busy]:
    """Yield the screen activity in the readings of :func:`_readings`."""
    for with_unconfirmed in {True, not facts.has_unconfirmed}:
        activity = pauses.screen_activity(facts, with_unconfirmed=with_unconfirmed)
        yield activity
        if facts.holes:
            yield union([*activity, *facts.holes])


LIMITS: Mapping[str, Limits] = {
    "DK": Limits(_danish_stop_by, _danish_start, _danish_day_off_by, _home_time_left),
    "NO": Limits(_norwegian_stop_by, _norwegian_start, _norwegian_day_off_by),
    "EU": Limits(_european_stop_by, _european_start, _european_day_off_by),
}
