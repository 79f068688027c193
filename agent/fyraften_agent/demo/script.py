"""What the made-up person does: nine weeks as plain data, the same for the same last day.

An office worker in Copenhagen with an agreement for Monday to Friday, 08:00 to 16:00, at home on three days of one week
and two of the next.  Every other week something happens: an evening, a short night, a visit to a customer, two days of
leave, a flat battery, a pause, a day without pauses, a shutdown over the weekend, a Sunday evening.  Public holidays
are free.

    day       | 08:00                     lunch                        16:00      20:10
    stretches | [==========================)   [=======================)          [=====)
    typing    | [-----) [----) [---) [-----)   [----) [---) [----) [---)          [-----)

Pure: the calendar comes in as an argument, chance is seeded with the date.
Not here: clocks, input and everything that is done with it (see ``laptop`` and ``replay``).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from fyraften_policy.intervals import Interval
from fyraften_policy.languages import mark
from fyraften_policy.periods import parse_instant, week_name

ZONE = "Europe/Copenhagen"
WEEKS = 9
AT_HOME, AT_THE_OFFICE, AT_A_CUSTOMER = "home", "office", "customer"
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
WORKING_WEEKDAYS = range(MONDAY, SATURDAY)

_DAY = timedelta(days=1)
_MINUTE = 60
_LONGEST_STRETCH = 47 * _MINUTE
# Three days at home in one week and two in the next; the later ones stand in where a day is free.
_HOME_DAYS = ((3, (MONDAY, WEDNESDAY, FRIDAY, TUESDAY, THURSDAY)), (2, (TUESDAY, THURSDAY, WEDNESDAY, MONDAY, FRIDAY)))
_LEAVE = {3: (THURSDAY, FRIDAY)}

Then = Literal["sleep", "shutdown", "power_cut"]


@dataclass(frozen=True)
class Stretch:
    """Sitting at the computer: input now and then within ``typing``; ``then`` is what becomes of the computer."""

    typing: tuple[Interval, ...]
    network: str
    then: Then = "sleep"

    @property
    def start(self) -> int:
        """Return the first input."""
        return self.typing[0].start

    @property
    def end(self) -> int:
        """Return the last input."""
        return self.typing[-1].end


@dataclass(frozen=True)
class ScriptDay:
    """One local day. ``note`` is a sentence to translate that says what is special about it, empty for most."""

    date: date
    kind: Literal["work", "leave", "public_holiday", "weekend"]
    stretches: tuple[Stretch, ...] = ()
    pause: Interval | None = None
    note: str = ""


@dataclass(frozen=True)
class ScriptWeek:
    """Seven days from a Monday on."""

    monday: date
    days: tuple[ScriptDay, ...]

    @property
    def name(self) -> str:
        """Return the ISO week, such as ``2026-W46``."""
        return week_name(self.monday)


def last_sunday_before(today: date) -> date:
    """Return the day on which the nine weeks end."""
    return today - timedelta(days=today.weekday() + 1)


def first_monday(last_sunday: date) -> date:
    """Return the day on which the nine weeks begin."""
    return last_sunday - timedelta(days=7 * WEEKS - 1)


def nine_weeks(last_sunday: date, holidays: Collection[date]) -> tuple[ScriptWeek, ...]:
    """Return what the person does in the nine weeks that end on ``last_sunday``.

    Args:
        holidays: the public holidays of the country in that time; others do no harm.
    """
    monday = first_monday(last_sunday)
    mondays = [monday + 7 * number * _DAY for number in range(WEEKS)]
    return tuple(_week(number, monday, holidays) for number, monday in enumerate(mondays))


def agreement_text(first: date) -> str:
    """Return the person's home-work agreement as the file that ``fyraften agreement import`` reads.

    Args:
        first: the Monday on which the nine weeks begin.
    """
    hours = "\n".join(f'{name} = [["08:00", "16:00"]]' for name in ("mon", "tue", "wed", "thu", "fri"))
    leave = [first + timedelta(days=7 * week + day) for week, days in _LEAVE.items() for day in days]
    return (
        'jurisdiction = "DK"\n\n'
        "[agreement]\n"
        "weekly_hours = 40\n"
        "home_days = 3\n"
        'accessible_workstation_elsewhere = "unknown"\n\n'
        f"[agreement.normal_hours]\n{hours}\n\n"
        f'[[absences]]\nstart = {leave[0]}\nend = {leave[-1]}\nkind = "holiday"\n'
    )


def inputs(stretch: Stretch) -> Iterator[int]:
    """Return the instants of input of a stretch, in order: the first and the last of each typing, and some between."""
    chance = random.Random(stretch.start)
    for typing in stretch.typing:
        at = typing.start
        while at < typing.end:
            yield at
            at += chance.randint(5, 50)
        yield typing.end


def at(day: date, clock: str) -> int:
    """Return the instant of a local clock time."""
    return parse_instant(f"{day.isoformat()}T{clock}", ZONE)


def _week(number: int, monday: date, holidays: Collection[date]) -> ScriptWeek:
    dates = [monday + offset * _DAY for offset in range(7)]
    leave = _LEAVE.get(number, ())
    working = [day for day in WORKING_WEEKDAYS if dates[day] not in holidays and day not in leave]
    wanted, order = _HOME_DAYS[number % 2]
    home = [day for day in order if day in working][:wanted]
    days = [_ordinary_day(dates[day], AT_HOME if day in home else AT_THE_OFFICE) for day in working]
    by_date = {day.date: day for day in days}
    week = [by_date.get(one, _free_day(one, holidays, leave)) for one in dates]
    return ScriptWeek(monday, tuple(_with_events(number, week)))


def _free_day(day: date, holidays: Collection[date], leave: Collection[int]) -> ScriptDay:
    if day.weekday() not in WORKING_WEEKDAYS:
        return ScriptDay(day, "weekend")
    if day in holidays:
        return ScriptDay(day, "public_holiday", note=mark("A public holiday."))
    return ScriptDay(day, "leave", note=mark("A day of leave."))


def _ordinary_day(day: date, network: str) -> ScriptDay:
    chance = _chance(day)
    morning = _typing(at(day, "08:00") + _minutes(chance, 1, 12), at(day, "11:45") - _minutes(chance, 0, 12), chance)
    after = at(day, "12:15") + _minutes(chance, 0, 6)
    afternoon = _typing(after, at(day, "15:57") - _minutes(chance, 0, 14), chance)
    if network == AT_THE_OFFICE:
        # A meeting without the laptop.
        meeting = at(day, chance.choice(("13:00", "13:30", "14:00")))
        afternoon = tuple(_without(afternoon, Interval(meeting, meeting + chance.choice((30, 45, 60)) * _MINUTE)))
    return ScriptDay(day, "work", (Stretch(morning, network), Stretch(afternoon, network)))


def _typing(start: int, end: int, chance: random.Random) -> tuple[Interval, ...]:
    """Return a time at the computer broken up by short pauses, as many people work."""
    found = []
    while end - start > _LONGEST_STRETCH:
        until = start + _minutes(chance, 32, 46)
        found.append(Interval(start, until))
        start = until + _minutes(chance, 6, 9)
    if end - start >= _MINUTE:
        found.append(Interval(start, end))
    return tuple(found)


def _without(typing: Sequence[Interval], away: Interval) -> Iterator[Interval]:
    for part in typing:
        for start, end in ((part.start, min(part.end, away.start)), (max(part.start, away.end), part.end)):
            if end - start >= _MINUTE:
                yield Interval(start, end)


def _with_events(number: int, week: list[ScriptDay]) -> list[ScriptDay]:
    """Return the week with what happens in it; each event takes the working day it was meant for, or a nearby one."""
    match number:
        case 1:
            _put(week, TUESDAY, lambda day: _evening(day, "20:10", 45))
        case 2:
            _put(week, THURSDAY, _visit)
        case 4:
            _put(week, THURSDAY, _short_night, before_work=True)
        case 5:
            _put(week, TUESDAY, _flat_battery, before_work=True)
        case 6:
            _put(week, MONDAY, _paused)
            _put(week, WEDNESDAY, _long_stretches)
        case 7:
            _put(week, TUESDAY, lambda day: _evening(day, "20:15", 40))
            _put(week, FRIDAY, _shut_down)
        case 8:
            week[SUNDAY] = _sunday_evening(week[SUNDAY])
    return week


def _put(
    week: list[ScriptDay], wanted: int, event: Callable[[ScriptDay], ScriptDay], *, before_work: bool = False
) -> None:
    """Let ``event`` happen on the working day nearest to ``wanted``; nothing happens in a week without one.

    Args:
        before_work: the next day has to be a working day, too.
    """
    possible = [
        number
        for number, day in enumerate(week)
        if day.kind == "work" and not day.note and not (before_work and week[number + 1].kind != "work")
    ]
    if possible:
        chosen = min(possible, key=lambda number: (abs(number - wanted), number))
        week[chosen] = event(week[chosen])


def _evening(day: ScriptDay, clock: str, minutes: int) -> ScriptDay:
    typing = _typing(at(day.date, clock), at(day.date, clock) + minutes * _MINUTE, _chance(day.date))
    note = mark("An hour or less at home in the evening.")
    return replace(day, stretches=(*day.stretches, Stretch(typing, AT_HOME)), note=note)


def _short_night(day: ScriptDay) -> ScriptDay:
    typing = _typing(at(day.date, "20:05"), at(day.date, "22:35"), _chance(day.date))
    note = mark("Work at home until 22:35, and again from about 08:00 the next morning.")
    return replace(day, stretches=(*day.stretches, Stretch(typing, AT_HOME)), note=note)


def _visit(day: ScriptDay) -> ScriptDay:
    afternoon = replace(day.stretches[1], network=AT_A_CUSTOMER)
    note = mark("The afternoon at a customer, on a network that Fyraften has not seen before.")
    return replace(day, stretches=(day.stretches[0], afternoon), note=note)


def _flat_battery(day: ScriptDay) -> ScriptDay:
    morning, afternoon = day.stretches
    cut = at(day.date, "15:20")
    typing = tuple(Interval(one.start, min(one.end, cut)) for one in afternoon.typing if one.start < cut - _MINUTE)
    note = mark("The battery runs flat at about 15:20; the laptop is started again the next morning.")
    return replace(day, stretches=(morning, replace(afternoon, typing=typing, then="power_cut")), note=note)


def _paused(day: ScriptDay) -> ScriptDay:
    start = at(day.date, "13:10")
    note = mark("Recording is paused by the person from 13:10 to 14:10.")
    return replace(day, pause=Interval(start, start + 60 * _MINUTE), note=note)


def _long_stretches(day: ScriptDay) -> ScriptDay:
    stretches = [
        replace(stretch, typing=(Interval(stretch.start, stretch.end),), network=day.stretches[0].network)
        for stretch in day.stretches
    ]
    return replace(day, stretches=tuple(stretches), note=mark("No pause but lunch."))


def _shut_down(day: ScriptDay) -> ScriptDay:
    *others, last = day.stretches
    note = mark("The laptop is shut down for the weekend instead of sleeping.")
    return replace(day, stretches=(*others, replace(last, then="shutdown")), note=note)


def _sunday_evening(day: ScriptDay) -> ScriptDay:
    typing = _typing(at(day.date, "19:30"), at(day.date, "20:25"), _chance(day.date))
    return replace(day, stretches=(Stretch(typing, AT_HOME),), note=mark("Sunday evening: preparing Monday's meeting."))


def _chance(day: date) -> random.Random:
    return random.Random(day.toordinal())


def _minutes(chance: random.Random, least: int, most: int) -> int:
    return chance.randint(least * _MINUTE, most * _MINUTE)
