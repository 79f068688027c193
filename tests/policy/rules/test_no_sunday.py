"""``no.sunday``: time off on Sundays and public holidays, from the evening before."""

from __future__ import annotations

from datetime import date

import holidays
import pytest
from dateutil.easter import easter

from fyraften_policy.rules.no_sunday import easter_sunday
from policy.norwegian import findings, norwegian, said, verdict, work

RULE = "no.sunday"
EASTER_2026 = ["2026-04-02", "2026-04-03", "2026-04-05", "2026-04-06"]
NAMED = {"public_holidays": [*EASTER_2026, "2026-05-01", "2026-05-14", "2026-05-17", "2026-05-24", "2026-05-25"]}


def off_seconds(start: str, end: str, **more: object) -> int:
    return sum(one["measured"] for one in findings(norwegian(work(start, end), **{**NAMED, **more}), RULE))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-01-17T12:00", "2026-01-17T18:00"),  # Saturday
        ("2026-04-01T12:00", "2026-04-01T18:00"),  # the eve of Maundy Thursday
        ("2026-04-04T12:00", "2026-04-04T15:00"),  # Easter Eve
        ("2026-04-30T12:00", "2026-04-30T22:00"),  # the eve of 1 May
        ("2024-05-16T12:00", "2024-05-16T22:00"),  # the eve of 17 May
        ("2026-05-13T12:00", "2026-05-13T18:00"),  # the eve of Ascension Day
        ("2026-05-16T12:00", "2026-05-16T18:00"),  # the eve of 17 May, which is a Sunday
        ("2026-05-23T12:00", "2026-05-23T15:00"),  # Whit Eve
        ("2026-12-24T12:00", "2026-12-24T15:00"),  # Christmas Eve
        ("2026-12-31T12:00", "2026-12-31T18:00"),  # the eve of the New Year
        ("2027-05-15T12:00", "2027-05-15T15:00"),  # Whit Eve, two days before 17 May
        ("2023-12-23T12:00", "2023-12-23T18:00"),  # Christmas Eve is a Sunday: its own eve
    ],
)
def test_the_eve_is_a_working_day_up_to_its_hour_and_not_a_second_longer(start: str, end: str) -> None:
    years = range(2023, 2028)
    told = sorted(day.isoformat() for day in holidays.country_holidays("NO", years=years))

    assert off_seconds(start, end, public_holidays=told) == 0
    assert off_seconds(start, f"{end}:01", public_holidays=told) == 1


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-01-18T22:00", "2026-01-18T23:00"),  # Sunday
        ("2026-04-03T22:00", "2026-04-03T23:00"),  # Good Friday: the next day is a Saturday, a working day
        ("2026-04-06T22:00", "2026-04-06T23:00"),  # Easter Monday
        ("2026-05-01T22:00", "2026-05-01T23:00"),  # 1 May
        ("2026-03-29T22:00", "2026-03-29T23:00"),  # the Sunday of the spring night
        ("2026-10-25T22:00", "2026-10-25T23:00"),  # and of the autumn night
    ],
)
def test_the_time_off_ends_at_ten_on_the_day_before_a_working_day(start: str, end: str) -> None:
    second_before = f"{start[:10]}T21:59:59"

    assert off_seconds(start, end) == 0
    assert off_seconds(second_before, end) == 1


def test_days_off_in_a_row_are_off_all_the_time_between() -> None:
    assert off_seconds("2026-04-02T22:00", "2026-04-03T02:00") == 4 * 3600
    assert off_seconds("2026-04-05T22:00", "2026-04-06T02:00") == 4 * 3600


def test_a_public_holiday_told_as_an_absence_is_one() -> None:
    absence = [{"start": "2026-06-10", "end": "2026-06-10", "kind": "public_holiday"}]

    assert off_seconds("2026-06-10T10:00", "2026-06-10T11:00", absences=absence) == 3600
    assert off_seconds("2026-06-10T10:00", "2026-06-10T11:00", absences=[{**absence[0], "kind": "leave"}]) == 0


AML = "Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-10 første ledd; 2006-01-01"


def test_the_steps_tell_the_time_off_the_work_in_it_and_what_the_law_allows() -> None:
    finding = findings(norwegian(work("2026-01-17T17:00", "18:10"), work("2026-01-17T20:00", "20:20")), RULE)[0]

    assert finding["steps"] == [
        "2026-01-18 is a Sunday.",
        f"Time off begins at 18:00 on the day before [{AML}].",
        f"It ends at 22:00 on the day before the next working day [{AML}].",
        "So time off is from 2026-01-17 18:00 to 2026-01-18 22:00.",
        "Work in these hours from 2026-01-17 18:00 to 2026-01-17 18:10: 10 min.",
        "Work in these hours from 2026-01-17 20:00 to 2026-01-17 20:20: 20 min.",
        "Together that is 30 min.",
        "Work on Sundays and public holidays is allowed only where its nature makes that necessary. No fact told says "
        "that it does.",
    ]


def test_the_steps_tell_days_off_in_a_row_and_the_hours_of_each_eve() -> None:
    easter = said(norwegian(work("2026-04-04T10:00", "12:00"), **NAMED), RULE)
    maundy = said(norwegian(work("2026-04-02T23:00", "23:10"), **NAMED), RULE)
    may = said(norwegian(work("2026-04-30T20:00", "21:00"), **NAMED), RULE)

    assert "Each day from 2026-04-05 to 2026-04-06 is a Sunday or public holiday." in easter
    assert f"On Christmas Eve, Easter Eve and Whit Eve time off begins at 15:00 [{AML}]." in easter
    assert easter.endswith("No work lies in these hours.")
    assert "So time off is from 2026-04-01 18:00 to 2026-04-03 22:00." in maundy
    assert "Together" not in maundy
    assert may.startswith("2026-05-01 is a public holiday. ")
    assert (
        "The day before 1 and 17 May is a working day until 22:00 [Lov om 1. og 17. mai som høgtidsdager (lov 26. "
        "april 1947 nr. 1), § 2; 2006-01-01]." in may
    )


def test_the_steps_of_work_over_the_clock_change_say_so() -> None:
    for day, expected in (("2026-03-29", "6 h"), ("2026-10-25", "8 h")):
        steps = findings(norwegian(work(f"{day}T01:00", "08:00")), RULE)[0]["steps"]

        assert steps[4:6] == [
            f"Work in these hours from {day} 01:00 to {day} 08:00: {expected}.",
            "The clock is changed in that time; hours are counted as they pass.",
        ]


def test_the_steps_of_an_ordinary_day_say_that_no_hour_of_it_is_off() -> None:
    text = said(norwegian(work("2026-01-14T08:00", "16:00")), RULE)

    assert text == "Neither 2026-01-14 nor 2026-01-15 is a Sunday or public holiday, so no hour of 2026-01-14 is off."


def test_the_date_of_easter_is_the_one_of_the_calendar() -> None:
    for year in range(1583, 4100):
        assert easter_sunday(year) == easter(year)
    assert easter_sunday(2026) == date(2026, 4, 5)


def test_a_day_is_judged_by_its_own_law_also_where_its_eve_fell_under_the_one_before() -> None:
    document = norwegian(work("2005-12-31T20:00", "21:00"), work("2006-01-01T10:00", "11:00"))

    assert [(one["verdict"], one["reason"]) for one in findings(document, RULE)] == [
        ("not_judged", "no_value"),
        ("broken", None),
    ]


def test_before_the_act_nothing_is_judged() -> None:
    for day in ("2005-12-28", "2005-12-24", "2005-12-25"):
        found = findings(norwegian(work(f"{day}T08:00", "20:00")), RULE)

        assert [one["reason"] for one in found] == ["no_value"]


def test_a_particularly_independent_position_is_outside() -> None:
    assert verdict(norwegian(work("2026-01-18T10:00", "11:00"), agreement={"self_organiser": True}), RULE) == (
        "not_applicable"
    )


@pytest.mark.parametrize(
    ("day", "parameter", "value"),
    [
        ("2026-01-16", "no.sunday.from", 18),
        ("2026-01-17", "no.sunday.from", 18),
        ("2026-04-04", "no.sunday.from_special_eve", 15),
        ("2026-04-06", "no.sunday.from_special_eve", 15),
        ("2026-04-30", "no.sunday.from_eve_of_may", 22),
        ("2026-05-01", "no.sunday.from_eve_of_may", 22),
    ],
)
def test_a_date_names_the_clock_hour_that_its_time_off_begins_by(day: str, parameter: str, value: int) -> None:
    holidays = ["2026-04-06", "2026-05-01"]

    (finding,) = findings(norwegian(work(f"{day}T12:00", "23:00"), public_holidays=holidays), RULE)

    assert (finding["citation"]["parameter"]["id"], finding["citation"]["parameter"]["value"]) == (parameter, value)
