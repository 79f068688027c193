"""What covers a Danish daily rest that is too short: chapter 6 for work at home, and the recorded exceptions.

Bekendtgørelse 324/2002, chapter 6 and §§ 7 ff.: an exception has a ground, for some grounds a number of times a year
or a week, a shortest rest even so, and compensation: since 1 July 2024 in the rest that follows at once.
Not here: how the rest is measured (see ``daily_rest.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    ATTENTION,
    BROKEN,
    EXCEPTED,
    Step,
    Word,
    duration,
    moment,
    plain,
    value_step,
)
from fyraften_policy.intervals import Interval, clip, free_time, join
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce, known_parameter

FLOOR = "dk.rest.daily.exception.floor"
AT_ONCE = "dk.rest.daily.exception.at_once"
CLOCK_CHANGES = Step(mark("The clock is changed in that time; hours are counted as they pass."))
_NO_FLOOR_OF_ITS_OWN = Step(
    mark(
        "For force majeure we found no such limit in the texts: that of the other exceptions is our reading. What "
        "happened, and whether the rest could be longer, is for a person to look at."
    )
)
_QUOTAS = {
    "annual_accounts": "dk.rest.daily.exception.annual_accounts",
    "evening_meeting": "dk.rest.daily.exception.evening_meeting",
    "state_agreement": "dk.rest.daily.exception.state_agreement",
}
# How the grounds are called in a sentence, and beside a day in the agreement.
GROUND_WORDS: Mapping[str, Word] = {
    "annual_accounts": Word(mark("annual accounts, stocktaking or sales")),
    "evening_meeting": Word(mark("a meeting or event in the evening")),
    "state_agreement": Word(mark("the agreement for the state sector")),
    "shift_change": Word(mark("a change of shift")),
    "force_majeure": Word(mark("force majeure")),
}


class Short(NamedTuple):
    """The longest rest in the window before an instant of work, and the least allowed, in seconds."""

    end: int
    seconds: int
    minimum: int


def covered(
    facts: Facts, block: Interval, worst: Short, short: Sequence[Short], busy: Sequence[Interval], window_seconds: int
) -> tuple[str, tuple[Step, ...]]:
    """Return the verdict on rests that are too short, after chapter 6 and the recorded exceptions."""
    day = periods.local_date(block.start, facts.zone)
    if facts.agreement.chapter_6_covers(day):
        steps = [chapter_6_step(facts), *_pieces(facts, worst, busy, window_seconds)]
        if day in facts.agreement.rest_exceptions:
            steps.append(Step(mark("The exception recorded for {day} is not needed."), {"day": f"{day}"}))
        return EXCEPTED, tuple(steps)
    steps = [*chapter_6_not_covering(facts, day)]
    ground = facts.agreement.rest_exceptions.get(day)
    if ground is None:
        return BROKEN, (*steps, *_recorded_elsewhere(facts, block, day))
    recorded = mark("An exception is recorded for {day}: {ground}.")
    steps.append(Step(recorded, {"day": f"{day}", "ground": GROUND_WORDS[ground]}))
    if ground == "force_majeure":
        steps.append(Step(mark("Force majeure must be noted in writing, with what happened.")))
    around = clip(busy, (block.start, block.end + 2 * short[0].minimum))
    verdict, more = _covered_by_exception(facts, day, ground, short, around)
    return verdict, (*steps, *more)


def chapter_6_step(facts: Facts) -> Step:
    """Return the sentence that the agreement under chapter 6 covers, and what it relies on."""
    if facts.agreement.plans_own_time:
        message = mark(
            "The agreement of {day} under chapter 6 of bekendtgørelse 324/2002 covers it: work partly at home, not on "
            "call, own planning of time."
        )
    else:
        message = mark(
            "The agreement of {day} under chapter 6 of bekendtgørelse 324/2002 covers it: work partly at home, not on "
            "call, time that cannot be measured."
        )
    return Step(message, {"day": f"{facts.agreement.chapter_6}"})


def chapter_6_not_covering(facts: Facts, day: date) -> Iterator[Step]:
    """Yield why an agreement under chapter 6 that is on file does not cover work that begins on a date."""
    agreement = facts.agreement
    if agreement.chapter_6 is None:
        return
    values = {"day": f"{agreement.chapter_6}", "begun": f"{day}"}
    if agreement.chapter_6 > day:
        message = mark(
            "The agreement under chapter 6 of bekendtgørelse 324/2002 is of {day}: it does not cover work begun on "
            "{begun}."
        )
        yield Step(message, values)
    if agreement.works_only_at_home:
        message = mark(
            "The agreement of {day} under chapter 6 of bekendtgørelse 324/2002 does not cover it: it is not for those "
            "who work only at home."
        )
        yield Step(message, values)
    if agreement.on_call:
        message = mark(
            "The agreement of {day} under chapter 6 of bekendtgørelse 324/2002 does not cover it: it is not for "
            "on-call duty."
        )
        yield Step(message, values)
    if not (agreement.plans_own_time or agreement.unmeasurable_time):
        message = mark(
            "The agreement of {day} under chapter 6 of bekendtgørelse 324/2002 does not cover it: neither own "
            "planning of time nor time that cannot be measured is told."
        )
        yield Step(message, values)


def _pieces(facts: Facts, worst: Short, busy: Sequence[Interval], window_seconds: int) -> Iterator[Step]:
    """Yield how the rest is divided, and the compensation that is due."""
    window = (worst.end - window_seconds, worst.end)
    rests = [rest.length for rest in free_time(clip(busy, window), window)]
    values = {
        "end": moment(worst.end, facts.zone),
        "pieces": " + ".join(duration(rest) for rest in rests),
        "together": duration(sum(rests)),
        "short": duration(worst.minimum - worst.seconds),
    }
    if len(rests) > 1:
        yield Step(mark("It lets the rest be divided. Before {end} its pieces are {pieces} = {together}."), values)
    yield Step(mark("As a rule equivalent compensating rest is due: {short}."), values)


def _recorded_elsewhere(facts: Facts, block: Interval, day: date) -> Iterator[Step]:
    """Yield a sentence where an exception is recorded for another date of the same block of work."""
    last = periods.local_date(block.end - 1, facts.zone)
    other = day + periods.DAY
    while other <= last:
        if other in facts.agreement.rest_exceptions:
            message = mark(
                "An exception is recorded for {other}. This work begins on {day}: only one of that date holds."
            )
            yield Step(message, {"other": f"{other}", "day": f"{day}"})
        other += periods.DAY


def _covered_by_exception(
    facts: Facts, day: date, ground: str, short: Sequence[Short], busy: Sequence[Interval]
) -> tuple[str, Sequence[Step]]:
    floor = facts.parameters.on(FLOOR, day)
    shortest = min(rest.seconds for rest in short)
    if shortest < floor.seconds:
        message = mark("Even with an exception the rest must be at least {value} [{source}].")
        steps = [value_step(message, floor, duration(floor.seconds))]
        return BROKEN, [*steps, _NO_FLOOR_OF_ITS_OWN] if ground == "force_majeure" else steps
    steps = []
    if ground in _QUOTAS:
        used, allowed, step = _quota(facts, day, ground)
        steps.append(step)
        if used > allowed:
            return BROKEN, steps
    for shift in _made_good(facts, short, join(busy, floor.seconds)):
        steps += _due_steps(facts, shift)
        if shift.following is not None and shift.following < shift.needed:
            verdict, step = _not_made_good(shift, shift.following)
            return verdict, [*steps, step]
    return EXCEPTED, steps


def _quota(facts: Facts, day: date, ground: str) -> tuple[int, int, Step]:
    """Return which number the exception of ``day`` has in its year or week, how many are allowed, and the sentence."""
    allowed = facts.parameters.on(_QUOTAS[ground], day)
    is_weekly = allowed.parameter.unit == "count_per_week"
    first = periods.week_start(day) if is_weekly else day.replace(month=1, day=1)
    days = [other for other, why in facts.agreement.rest_exceptions.items() if why == ground and first <= other <= day]
    step = _quota_step(allowed, len(days), periods.week_name(day) if is_weekly else f"{day.year}")
    return len(days), int(allowed.amount), step


def _quota_step(allowed: InForce, used: int, time: str) -> Step:
    if used > allowed.amount:
        message = mark("It is number {used} on this ground in {time}; the most is {value} [{source}].")
    else:
        message = mark("It is number {used} on this ground in {time}, of at most {value} [{source}].")
    step = value_step(message, allowed, plain(allowed.amount))
    return step._replace(values={**step.values, "used": used, "time": time})


class Shift(NamedTuple):
    """Work with a short rest behind it: where it ends, the least rest, what was missing, and the rest that followed.

    ``at_once`` is the law that the missing time is made good at once, None where it was not yet in force.
    """

    end: int
    minimum: int
    missing: int
    following: int | None
    at_once: InForce | None

    @property
    def needed(self) -> int:
        """Return the rest due after it."""
        return self.minimum + self.missing


def _made_good(facts: Facts, short: Sequence[Short], shifts: Sequence[Interval]) -> Iterator[Shift]:
    """Yield each shift with a short rest behind it; a gap too short to be a rest even by exception is part of it."""
    followed_by = dict(pairwise(shifts))
    for shift in shifts:
        behind = [rest for rest in short if shift.start < rest.end <= shift.end]
        if behind:
            minimum, missing = max((rest.minimum, rest.minimum - rest.seconds) for rest in behind)
            following = followed_by[shift].start - shift.end if shift in followed_by else None
            at_once = _at_once(facts, shift.end)
            yield Shift(shift.end, minimum, _made_up(at_once, missing), following, at_once)


def _at_once(facts: Facts, end: int) -> InForce | None:
    """Return the law that a rest after work up to ``end`` makes good what was missing, None before there was such."""
    try:
        return facts.parameters.on(AT_ONCE, periods.local_date(end - 1, facts.zone))
    except NotInForceError:
        return None


def _made_up(at_once: InForce | None, missing: int) -> int:
    """Return how much of a rest's missing time the rest that follows makes good: all, but for an agreement."""
    return missing if at_once is None else round(at_once.amount * missing)


def _due_steps(facts: Facts, shift: Shift) -> Iterator[Step]:
    values = {
        "least": duration(shift.minimum),
        "missing": duration(shift.missing),
        "needed": duration(shift.needed),
        "until": moment(shift.end + shift.needed, facts.zone),
    }
    message = mark(
        "The missing {missing} is added to the rest that follows: {least} + {missing} = {needed}, until {until}."
    )
    yield Step(message, values)
    if shift.following is not None and shift.following >= shift.needed:
        message = mark("Work began again after {following}: the compensation was given.")
        yield Step(message, {"following": duration(shift.following)})


def _not_made_good(shift: Shift, following: int) -> tuple[str, Step]:
    """Return what follows where the rest after a shift is too short: the order asked for it at once only from 2024."""
    values = {"following": duration(following)}
    if shift.at_once is None:
        message = mark(
            "Work began again after {following}. Before {since} compensation was due as soon as possible; whether it "
            "was given later is not told."
        )
        return ATTENTION, Step(message, {**values, "since": f"{known_parameter(AT_ONCE).values[0].since}"})
    message = mark("Work began again after {following}; {value} was due at once [{source}].")
    step = value_step(message, shift.at_once, duration(shift.needed))
    return BROKEN, step._replace(values={**step.values, **values})


def rest_due_after(
    facts: Facts, work: Sequence[Interval], least: int, rests_before: Callable[[Sequence[int]], Iterable[int]]
) -> int | None:
    """Return the rest due after the last shift of a block under a recorded exception, None where there is none."""
    begun = periods.local_date(work[0].start, facts.zone)
    if begun not in facts.agreement.rest_exceptions or facts.agreement.chapter_6_covers(begun):
        return None
    last_shift = join(work, facts.parameters.on(FLOOR, begun).seconds)[-1]
    ends = [part.end for part in clip(work, last_shift)]
    missing = max(0, least - min(rests_before(ends)))
    return least + _made_up(_at_once(facts, ends[-1]), missing)
