"""``agreement.out_of_hours``: confirmed work outside the agreed hours, on absence days or on public holidays.

The agreement sets the hours; STAMI's review of research finds that home work outside normal hours has only negative
effects. Unobserved time does not matter here: only reported work is judged.
Not here: rest and the weekly day off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.agreement import Hours
from fyraften_policy.facts import Facts
from fyraften_policy.findings import BROKEN, MET, NOT_JUDGED, Finding, Step, Word, duration
from fyraften_policy.intervals import Interval, clip, intersect, subtract, union
from fyraften_policy.languages import mark
from fyraften_policy.local_times import LocalTimes, times_of
from fyraften_policy.parameters import Citation
from fyraften_policy.rules.comparing import of_the_clock
from fyraften_policy.unknowns import Judgement, Scenario, settle

RULE = "agreement.out_of_hours"
FORCE = "agreement"
_CITATION = Citation(Word(mark("The agreement on working hours")), Word(mark("normal hours")), "")
_AGREEMENT = Word(mark("your agreement"))
_LISTED = 12  # stretches outside the hours that are told one by one
_DAY_SECONDS = 24 * 3600


def citation() -> Citation:
    """Return where the rule stands: in the person's own agreement, so there is no public address."""
    return _CITATION


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each local date of the period with work, sorted.

    ``measured`` is the time outside the agreed hours in seconds, ``limit`` zero.
    """
    if facts.agreement.normal_hours is None:
        worked = clip(facts.reported(with_unconfirmed=True), facts.period)
        answer = Judgement(NOT_JUDGED, reason="no_normal_hours")
        return [_finding(facts.period, answer)] if worked else []
    judged = settle(facts, lambda scenario: _judge_days(facts, scenario), nothing=MET, has_holes=False)
    return [_finding(_until_now(facts, day), judgement) for day, judgement in judged.items()]


# The agreed hours


class Agreed(NamedTuple):
    """What is agreed for a weekday of 24 hours, in seconds since midnight, and the sentences that say so."""

    hours: Sequence[Interval]
    steps: tuple[Step, ...]


def hours_on(facts: Facts, day: date) -> list[Interval]:
    """Return the agreed hours of a local date, with those that come over from the evening before; none on a day off."""
    start, end = periods.day_interval(day, facts.zone)
    if end - start != _DAY_SECONDS:  # the clock changes
        return [] if facts.is_off(day) else intersect(agreed_hours(facts, day), [(start, end)])
    return [Interval(start + first, start + last) for first, last in _agreed_on(facts, day).hours]


def agreed_hours(facts: Facts, day: date) -> list[Interval]:
    """Return the agreed hours that can touch a local date, uncut: its own, and those of the evening before."""
    return [*hours_from(facts, day - periods.DAY), *hours_from(facts, day)]


def hours_from(facts: Facts, day: date) -> Iterator[Interval]:
    """Yield the agreed hours that begin on a local date, up to their end after midnight; none on a day off."""
    if facts.is_off(day):
        return
    for hours in _ranges(facts, day.weekday()):
        start = periods.clock_instant(day, hours.start, facts.zone)
        if hours.end is None:
            yield Interval(start, periods.start_of_day(day + periods.DAY, facts.zone))
        else:
            last = day + periods.DAY if hours.crosses_midnight else day
            yield Interval(start, periods.clock_instant(last, hours.end, facts.zone, last=True))


def _ranges(facts: Facts, weekday: int) -> Sequence[Hours]:
    return (facts.agreement.normal_hours or {}).get(weekday % 7, ())


def _agreed_on(facts: Facts, day: date) -> Agreed:
    return facts.once(_agreement_of, True).on(day)


class Agreement:
    """What is agreed for each date of 24 hours."""

    def __init__(self, facts: Facts) -> None:
        """Take the normal hours, the absences and the public holidays."""
        self._by_weekday = _agreed_by_weekday(facts)
        self._off = _days_off(facts)
        self._after_off = {day + periods.DAY for day in self._off}

    def on(self, day: date) -> Agreed:
        """Return what is agreed for a date."""
        if day in self._off:
            return self._off[day]
        return self._by_weekday[day.weekday(), day not in self._after_off]


def _agreement_of(facts: Facts, with_unconfirmed: bool) -> Agreement:
    return Agreement(facts)


def _days_off(facts: Facts) -> Mapping[date, Agreed]:
    return {
        **dict.fromkeys(facts.public_holidays, _PUBLIC_HOLIDAY),
        **{day: _PUBLIC_HOLIDAY if kind == "public_holiday" else _ABSENCE for day, kind in facts.absences.items()},
    }


_ABSENCE = Agreed((), (Step(mark("This day is one of absence, without agreed hours.")),))
_PUBLIC_HOLIDAY = Agreed((), (Step(mark("This day is a public holiday, without agreed hours.")),))


def _agreed_by_weekday(facts: Facts) -> Mapping[tuple[int, bool], Agreed]:
    """Return what is agreed by weekday, and by whether the hours of the evening before go on into it."""
    agreed = {}
    for weekday in range(7):
        own = _ranges(facts, weekday)
        late = tuple(hours for hours in _ranges(facts, weekday - 1) if hours.goes_on)
        agreed[weekday, True] = Agreed(_clock_hours(own, late), tuple(_agreed_steps(own, late)))
        agreed[weekday, False] = Agreed(_clock_hours(own, ()), tuple(_agreed_steps(own, ())))
    return agreed


def _clock_hours(own: Sequence[Hours], late: Sequence[Hours]) -> list[Interval]:
    ends = [(hours, None if hours.crosses_midnight else hours.end) for hours in own]
    today = [(_seconds(hours.start), _DAY_SECONDS if end is None else _seconds(end)) for hours, end in ends]
    return union([*today, *((0, _seconds(hours.end)) for hours in late if hours.end is not None)])


def _seconds(clock: time) -> int:
    return 3600 * clock.hour + 60 * clock.minute


def _agreed_steps(own: Sequence[Hours], late: Sequence[Hours]) -> Iterator[Step]:
    if late:
        message = mark("The agreed hours of the evening before, {hours}, go on into this day [{source}].")
        yield Step(message, {"hours": _clock_text(late), "source": _AGREEMENT})
    if own:
        values = {"hours": _clock_text(own), "source": _AGREEMENT}
        yield Step(mark("The agreed hours of this day are {hours} [{source}]."), values)
    elif not late:
        yield Step(mark("This day has no agreed hours [{source}]."), {"source": _AGREEMENT})


def _clock_text(ranges: Sequence[Hours]) -> str:
    return ", ".join(f"{one.start:%H:%M}–{'24:00' if one.end is None else format(one.end, '%H:%M')}" for one in ranges)


# The work outside them


def outside_hours(facts: Facts, *, with_unconfirmed: bool = False) -> Mapping[date, list[Interval]]:
    """Return the work outside the agreed hours by local date, for each date of the period with work."""
    worked = _worked(facts, with_unconfirmed)
    return {day: subtract(spans, hours_on(facts, day)) for day, spans in worked.items()}


def _worked(facts: Facts, with_unconfirmed: bool) -> Mapping[date, Sequence[Interval]]:
    by_date = facts.by_date(with_unconfirmed)
    return {day: spans for day, spans in by_date.items() if facts.first_day <= day < facts.end_day}


def _judge_days(facts: Facts, scenario: Scenario) -> Mapping[date, Judgement]:
    worked = _worked(facts, scenario.with_unconfirmed)
    seconds = facts.seconds_by_date(scenario.with_unconfirmed)
    agreement, times = facts.once(_agreement_of, True), times_of(facts)
    answers = {}
    for day, spans in worked.items():
        agreed = agreement.on(day)
        counted = _work_step(times, spans, seconds[day])
        if _is_inside(facts, day, spans, agreed):
            answers[day] = Judgement(MET, 0, 0, (counted, *agreed.steps, _NOTHING_OUTSIDE))
        else:
            answers[day] = _judge_day(facts, day, spans, counted, agreed)
    return answers


def _judge_day(facts: Facts, day: date, worked: Sequence[Interval], counted: Step, agreed: Agreed) -> Judgement:
    outside = subtract(worked, hours_on(facts, day))
    if not outside:
        return Judgement(MET, 0, 0, (counted, *agreed.steps, _NOTHING_OUTSIDE))
    seconds = sum(end - start for start, end in outside)
    return Judgement(BROKEN, seconds, 0, (counted, *agreed.steps, *_outside_steps(facts, outside, seconds)))


def _work_step(times: LocalTimes, worked: Sequence[Interval], seconds: int) -> Step:
    return Step(_WORK, {"start": times[worked[0].start], "end": times[worked[-1].end], "work": duration(seconds)})


_WORK = mark("From {start} to {end} the work is {work}.")


def _is_inside(facts: Facts, day: date, worked: Sequence[Interval], agreed: Agreed) -> bool:
    """Tell whether all of a day's time lies in one stretch of its hours: most days, which need no taking apart."""
    midnight = periods.start_of_day(day, facts.zone)
    first, last = worked[0].start - midnight, worked[-1].end - midnight
    is_inside = any([begin <= first and last <= until for begin, until in agreed.hours])
    return is_inside and periods.start_of_day(day + periods.DAY, facts.zone) - midnight == _DAY_SECONDS


_NOTHING_OUTSIDE = Step(mark("No work lies outside the agreed hours."))


def _outside_steps(facts: Facts, outside: Sequence[Interval], seconds: int) -> Iterator[Step]:
    yield from of_the_clock(outside[0].start, outside[-1].end, facts.zone)
    times = times_of(facts)
    for start, end in outside[:_LISTED]:
        values = {"start": times[start], "end": times[end], "time": duration(end - start)}
        yield Step(mark("From {start} to {end} work lies outside: {time}."), values)
    if further := outside[_LISTED:]:
        time_of_them = duration(sum(span.length for span in further))
        message = mark("Further stretches that lie outside: {count}, {time} together.")
        yield Step(message, {"count": len(further), "time": time_of_them})
    message = mark("Outside the agreed hours: {time}. The rule is none at all.")
    yield Step(message, {"time": duration(seconds)})


def _until_now(facts: Facts, day: date) -> tuple[int, int]:
    return periods.start_of_day(day, facts.zone), min(periods.start_of_day(day + periods.DAY, facts.zone), facts.at)


def _finding(period: tuple[int, int], judgement: Judgement) -> Finding:
    verdict, measured, limit, steps, reason = judgement
    return Finding(
        RULE, verdict, FORCE, period[0], period[1], _CITATION, measured, limit, "second", None, steps, reason
    )
