"""The made-up person's nine weeks: plausible in every season, and with something to show in each."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from fyraften_agent.agreement.file import read_agreement_file
from fyraften_agent.demo.script import (
    AT_A_CUSTOMER,
    ZONE,
    ScriptDay,
    ScriptWeek,
    agreement_text,
    at,
    first_monday,
    inputs,
    last_sunday_before,
    nine_weeks,
)
from fyraften_agent.public_holidays import public_holidays
from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.periods import format_instant, local_date, start_of_day

AUTUMN = date(2026, 11, 15)
# Ordinary weeks, Christmas and New Year, Easter early and late, both changes of the clocks, a leap day.
SUNDAYS = [
    date(2026, 11, 15),
    date(2026, 12, 27),
    date(2027, 1, 3),
    date(2027, 1, 24),
    date(2027, 2, 21),
    date(2027, 4, 4),
    date(2027, 5, 9),
    date(2027, 6, 6),
    date(2027, 8, 29),
    date(2028, 3, 5),
    date(2028, 4, 23),
    date(2028, 6, 11),
    date(2029, 5, 27),
]
each_season = pytest.mark.parametrize("sunday", SUNDAYS, ids=str)


def weeks_until(sunday: date) -> tuple[ScriptWeek, ...]:
    return nine_weeks(sunday, holidays(sunday))


def holidays(sunday: date) -> set[date]:
    return {date.fromisoformat(day) for day in public_holidays("DK", [sunday.year - 1, sunday.year])}


def days_of(weeks: tuple[ScriptWeek, ...]) -> list[ScriptDay]:
    return [day for week in weeks for day in week.days]


def judged(weeks: tuple[ScriptWeek, ...]) -> Answer:
    """What the rules say of the script itself, as if every stretch had been measured to the second."""
    places = {"home": "home", "office": "fixed_site", AT_A_CUSTOMER: "elsewhere"}
    work: list[dict[str, Any]] = [
        {
            "start": format_instant(stretch.start, ZONE),
            "end": format_instant(stretch.end, ZONE),
            "place": places[stretch.network],
        }
        for day in days_of(weeks)
        for stretch in day.stretches
    ]
    first, last = weeks[0].monday, weeks[-1].days[-1].date
    agreement = read_agreement_file(agreement_text(first))
    period = {"start": first.isoformat(), "end": (last + timedelta(days=1)).isoformat()}
    free = sorted(day.isoformat() for day in holidays(last))
    return evaluate(read_facts({**agreement, "zone": ZONE, "work": work, "public_holidays": free, "period": period}))


@pytest.mark.parametrize(
    ("today", "sunday"),
    [
        (date(2026, 11, 22), date(2026, 11, 15)),
        (date(2026, 11, 23), date(2026, 11, 22)),
        (date(2026, 11, 28), date(2026, 11, 22)),
    ],
)
def test_the_weeks_end_on_the_last_sunday_before_today(today: date, sunday: date) -> None:
    assert last_sunday_before(today) == sunday


def test_the_same_last_day_gives_the_same_weeks() -> None:
    assert weeks_until(AUTUMN) == weeks_until(AUTUMN)


@each_season
def test_there_are_nine_whole_weeks_in_a_row(sunday: date) -> None:
    days = [day.date for day in days_of(weeks_until(sunday))]

    assert days == [first_monday(sunday) + timedelta(days=number) for number in range(63)]
    assert days[-1] == sunday


@each_season
def test_stretches_follow_each_other_and_belong_to_their_day(sunday: date) -> None:
    days = days_of(weeks_until(sunday))
    typing = [part for day in days for stretch in day.stretches for part in stretch.typing]

    assert all(part.start < part.end for part in typing)
    assert all(before.end < after.start for before, after in pairwise(typing))
    assert all(local_date(stretch.end, ZONE) == day.date for day in days for stretch in day.stretches)


@each_season
def test_nobody_works_on_free_days_except_on_the_last_evening(sunday: date) -> None:
    *others, last = days_of(weeks_until(sunday))

    assert all(not day.stretches for day in others if day.kind != "work")
    assert all(day.date not in holidays(sunday) for day in others if day.stretches)
    assert [local_date(stretch.start, ZONE) for stretch in last.stretches] == [sunday]


@each_season
def test_work_outside_the_agreed_hours_is_said_in_a_note(sunday: date) -> None:
    for day in days_of(weeks_until(sunday)):
        starts, ends = at(day.date, "08:00"), at(day.date, "16:00")
        outside = [stretch for stretch in day.stretches if not starts <= stretch.start < stretch.end <= ends]

        assert not outside or day.note


def test_input_comes_at_the_bounds_and_in_between_without_a_gap_of_a_minute() -> None:
    stretch = days_of(weeks_until(AUTUMN))[0].stretches[0]

    instants = list(inputs(stretch))

    assert instants == sorted(instants)
    assert (instants[0], instants[-1]) == (stretch.start, stretch.end)
    assert {part.start for part in stretch.typing} | {part.end for part in stretch.typing} <= set(instants)
    assert all(
        after - before < 60 or any(part.end == before for part in stretch.typing)
        for before, after in pairwise(instants)
    )


@each_season
def test_every_week_of_the_story_has_its_event(sunday: date) -> None:
    days = days_of(weeks_until(sunday))
    ends = [stretch.then for day in days for stretch in day.stretches]

    assert ends.count("power_cut") == 1
    assert ends.count("shutdown") == 1
    assert sum(day.pause is not None for day in days) == 1
    assert any(stretch.network == AT_A_CUSTOMER for day in days for stretch in day.stretches)
    assert any(day.kind in ("leave", "public_holiday") for day in days)


@each_season
def test_a_pause_lies_within_a_stretch(sunday: date) -> None:
    (day,) = (day for day in days_of(weeks_until(sunday)) if day.pause is not None)
    assert day.pause is not None
    start, end = day.pause

    assert any(stretch.start < start < end < stretch.end for stretch in day.stretches)


@each_season
def test_the_special_rules_come_to_apply_and_one_night_is_too_short(sunday: date) -> None:
    answer = judged(weeks_until(sunday))
    screen = [finding.verdict for finding in answer.findings if finding.rule == "dk.screen.home"]
    rests = [finding.verdict for finding in answer.findings if finding.rule == "dk.rest.daily"]

    assert screen[-2:] == ["covered", "covered"]
    assert set(screen[:-2]) == {"provisional"}
    assert rests.count("broken") == 1


def test_the_agreement_names_the_days_of_leave() -> None:
    weeks = weeks_until(AUTUMN)
    (absence,) = read_agreement_file(agreement_text(weeks[0].monday))["absences"]
    leave = [day.date.isoformat() for day in days_of(weeks) if day.kind == "leave"]

    assert [absence["start"], absence["end"]] == [leave[0], leave[-1]]
    assert start_of_day(weeks[0].monday, ZONE) < weeks[0].days[0].stretches[0].start
