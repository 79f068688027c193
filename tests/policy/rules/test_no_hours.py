"""``no.hours``: 13 hours in a main period, 48 hours a week on average over eight weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from policy.norwegian import Document, findings, norwegian, said, verdict, work

RULE = "no.hours"


def weeks(count: int, *, end: str = "17:36", extra: str = "17:36", first: date = date(2026, 1, 5)) -> list[Document]:
    """Return five days of work from 08:00 a week; the very first of them ends at ``extra``."""
    starts = [first + timedelta(days=7 * week + day) for week in range(count) for day in range(5)]
    return [work(f"{day}T08:00", end if index else extra) for index, day in enumerate(starts)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-01-13T07:00", "2026-01-13T20:00", "met"),
        ("2026-01-13T07:00", "2026-01-13T20:00:01", "broken"),
        ("2026-03-28T20:00", "2026-03-29T10:00", "met"),
        ("2026-03-28T20:00", "2026-03-29T10:00:01", "broken"),
        ("2026-10-24T20:00", "2026-10-25T08:00", "met"),
        ("2026-10-24T20:00", "2026-10-25T08:00:01", "broken"),
    ],
)
def test_thirteen_hours_are_met_and_a_second_more_is_broken(start: str, end: str, expected: str) -> None:
    assert verdict(norwegian(work(start, end)), RULE) == expected


def test_hours_over_the_ordinary_nine_are_shown_and_not_judged() -> None:
    ten = norwegian(work("2026-01-13T08:00", "18:00"))
    nine = norwegian(work("2026-01-13T08:00", "17:00"))

    assert "1 h are over ordinary hours; this is shown and not judged." in said(ten, RULE)
    assert verdict(ten, RULE) == "met"
    assert "over ordinary hours" not in said(nine, RULE)
    assert "overtime" not in said(ten, RULE)


@pytest.mark.parametrize(("end", "is_shown"), [("17:00:00", False), ("17:00:01", True)])
def test_a_second_over_nine_hours_is_over_ordinary_hours(end: str, is_shown: bool) -> None:
    text = said(norwegian(work("2026-01-13T08:00", end)), RULE)

    assert ("1 s are over ordinary hours; this is shown and not judged." in text) == is_shown


@pytest.mark.parametrize("end", ["18:00", "22:00"])
def test_a_day_and_the_weeks_name_what_they_are_compared_with(end: str) -> None:
    document = norwegian(work("2026-01-13T08:00", end))
    aml = "Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-{}; 2006-01-01"

    day, average = findings(document, RULE)

    assert (day["measured"], day["limit"], day["unit"]) == ((int(end[:2]) - 8) * 3600, 13 * 3600, "second")
    assert day["citation"]["parameter"]["id"] == "no.hours.day"
    assert f"The rule is at most 13 h of work in a day [{aml.format('6 åttende ledd')}]." in day["steps"]
    assert f"Ordinary hours are 9 h a day [{aml.format('4 første ledd')}]." in day["steps"]
    assert average["citation"]["parameter"]["id"] == "no.hours.week"


def test_a_day_too_long_is_told_with_what_is_over() -> None:
    assert "It is 1 h over." in said(norwegian(work("2026-01-13T07:00", "21:00")), RULE)


def test_a_day_that_is_not_over_is_told_only_once_it_is_too_long() -> None:
    for now, expected in (("20:00", []), ("20:00:01", ["broken"])):
        document = norwegian(work("2026-01-13T07:00", "23:00"), at=f"2026-01-13T{now}")

        assert [one["verdict"] for one in findings(document, RULE) if one["measured"] is not None] == expected


@pytest.mark.parametrize(("now", "count"), [("2026-01-14T02:00", 0), ("2026-01-14T02:00:01", 1)])
def test_work_past_midnight_that_goes_on_now_is_not_over(now: str, count: int) -> None:
    document = norwegian(work("2026-01-13T18:00", "2026-01-14T02:00"), at=now)

    assert len([one for one in findings(document, RULE) if one["unit"] == "second"]) == count


@pytest.mark.parametrize(("extra", "expected"), [("17:36", "met"), ("17:36:01", "broken")])
def test_48_hours_on_average_are_met_and_a_second_more_is_broken(extra: str, expected: str) -> None:
    document = norwegian(*weeks(8, extra=extra))

    average = findings(document, RULE)[-1]

    assert (average["verdict"], average["unit"], average["limit"]) == (expected, "hour_per_week", 48)
    assert (average["measured"] == 48) == (expected == "met")
    assert average["period"] == {"start": "2026-01-05T00:00:00+01:00", "end": "2026-03-02T00:00:00+01:00"}


def test_the_steps_add_up_the_weeks_and_compare_them_in_hours() -> None:
    aml = "Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-6 åttende ledd; 2006-01-01"
    rows = [*weeks(1, extra="20:00"), *weeks(7, end="17:30", extra="17:30", first=date(2026, 1, 12))]

    assert findings(norwegian(*rows), RULE)[-1]["steps"] == [
        "Week 2026-W02: 50 h 24 min of work.",
        *(f"Week 2026-W{number:02}: 47 h 30 min of work." for number in range(3, 10)),
        "In the 8 weeks from 2026-01-05 to 2026-03-01 the work is 382 h 54 min, 47.862 hours a week on average.",
        f"The rule is at most 48 hours a week on average [{aml}].",
        "In 8 weeks that is 384 h.",
        "That is within it, with 1 h 6 min to spare.",
        "Of these weeks 1 had more than 48 hours, which is allowed only within such an average.",
    ]
    over = findings(norwegian(*weeks(8, extra="17:36:01")), RULE)[-1]["steps"]
    assert over[-1] == "It is 1 s over."


@pytest.mark.parametrize(("end", "expected"), [("17:36", False), ("17:36:01", True)])
def test_a_week_is_counted_as_longer_than_the_average_allows_by_a_second(end: str, expected: bool) -> None:
    rows = [*weeks(1, extra=end), *weeks(7, extra="17:35:59", first=date(2026, 1, 12))]

    steps = findings(norwegian(*rows), RULE)[-1]["steps"]

    assert ("Of these weeks 1 had more than 48 hours" in steps[-1]) is expected


def test_a_longer_week_is_told_also_where_the_average_is_just_reached() -> None:
    rows = [*weeks(1, extra="18:36"), *weeks(7, extra="17:36", first=date(2026, 1, 12))]
    rows[-1] = {**rows[-1], "end": rows[-1]["end"].replace("17:36", "16:36")}

    average = findings(norwegian(*rows), RULE)[-1]

    assert average["measured"] == 48
    assert "Of these weeks 1 had more than 48 hours" in average["steps"][-1]


def test_the_steps_of_a_day_take_its_pauses_from_its_span() -> None:
    document = norwegian(work("2026-01-13T08:00", "12:00"), work("2026-01-13T12:30", "18:00"))

    steps = findings(document, RULE)[0]["steps"]

    assert steps[0] == (
        "From 2026-01-13 08:00 to 2026-01-13 18:00 are 10 h; without 30 min that were free, the work is 9 h 30 min."
    )
    assert steps[2] == "That is within it, with 3 h 30 min to spare."


def test_the_worst_eight_weeks_of_the_period_are_told() -> None:
    document = norwegian(*weeks(9, extra="20:00"))

    average = findings(document, RULE)[-1]

    assert average["verdict"] == "broken"
    assert average["period"]["end"] == "2026-03-02T00:00:00+01:00"


def test_weeks_before_the_first_work_count_as_free_and_a_step_says_so() -> None:
    document = norwegian(*weeks(1))

    average = findings(document, RULE)[-1]

    assert average["measured"] == 6
    assert (
        "In the 8 weeks from 2025-11-17 to 2026-01-11 the work is 48 h, 6.0 hours a week on average."
        in (average["steps"])
    )
    assert "Before the first work told" in said(document, RULE)
    assert "Before the first work told" not in said(norwegian(*weeks(8)), RULE)


def test_only_complete_weeks_that_end_in_the_period_are_averaged() -> None:
    whole = norwegian(*weeks(8), at="2026-03-02T00:00")
    cut = norwegian(*weeks(8), at="2026-03-01T23:59:59")
    later = norwegian(*weeks(8), period={"start": "2026-03-02", "end": "2026-03-08"})

    assert findings(whole, RULE)[-1]["measured"] == 48
    assert findings(cut, RULE)[-1]["measured"] == 42
    assert [one["reason"] for one in findings(later, RULE)] == ["no_complete_period"]


def test_an_average_over_weeks_of_a_clock_change_counts_elapsed_hours() -> None:
    spring = norwegian(work("2026-03-28T22:00", "2026-03-29T08:00"))

    assert findings(spring, RULE)[-1]["measured"] == 9 / 8


def test_unobserved_time_that_could_change_the_answer_is_not_judged() -> None:
    seen = [{"start": "2023-01-01T00:00", "end": "2026-01-13T12:00"}]

    short = norwegian(
        work("2026-01-13T08:00", "12:00"), observed=[*seen, {"start": "2026-01-13T13:00", "end": "2026-01-31T00:00"}]
    )
    long = norwegian(
        work("2026-01-13T08:00", "12:00"), observed=[*seen, {"start": "2026-01-14T03:00", "end": "2026-01-31T00:00"}]
    )

    assert verdict(short, RULE) == "met"
    assert verdict(long, RULE) == "not_judged"


@pytest.mark.parametrize(("extra", "expected"), [("17:35", "met"), ("17:35:01", "not_judged")])
def test_unobserved_time_that_could_bring_the_weeks_over_their_average_leaves_it_open(
    extra: str, expected: str
) -> None:
    seen = [
        {"start": "2023-01-01T00:00", "end": "2026-02-07T12:00"},
        {"start": "2026-02-07T12:01", "end": "2026-03-02T00:00"},
    ]

    average = findings(norwegian(*weeks(8, extra=extra), observed=seen), RULE)[-1]

    assert (average["verdict"], average["unit"]) == (expected, "hour_per_week")


def test_unobserved_time_on_the_date_counts_also_where_more_of_it_could_join_the_day_before() -> None:
    seen = [
        {"start": "2023-01-01T00:00", "end": "2026-01-12T14:30"},
        {"start": "2026-01-13T00:00", "end": "2026-01-13T01:30"},
        {"start": "2026-01-13T23:00", "end": "2026-01-31T00:00"},
    ]

    # Joined to the work of the 12th it is ten hours; alone on the 13th with what may follow it is 22.
    assert verdict(norwegian(work("2026-01-13T00:00", "00:30"), observed=seen), RULE) == "not_judged"


def test_only_a_little_unobserved_work_before_midnight_could_take_the_first_work_to_the_day_before() -> None:
    day = [work("2026-01-13T03:45", "04:30"), work("2026-01-13T05:45", "18:30")]
    seen = [
        {"start": "2023-01-01T00:00", "end": "2026-01-11T20:00"},
        {"start": "2026-01-13T03:45", "end": "2026-01-31T00:00"},
    ]
    period = {"start": "2026-01-12", "end": "2026-01-19"}

    assert verdict(norwegian(*day, period=period), RULE) == "broken"
    assert verdict(norwegian(*day, work("2026-01-12T23:59:59", "2026-01-13T03:45"), period=period), RULE) == "met"
    assert verdict(norwegian(*day, observed=seen, period=period), RULE) == "not_judged"


@pytest.mark.parametrize(("end", "expected"), [("15:00:01", "met"), ("15:00:02", "not_judged")])
def test_unobserved_work_after_midnight_belongs_to_the_day_before_or_after_a_second_of_pause_to_its_own(
    end: str, expected: str
) -> None:
    seen = [
        {"start": "2023-01-01T00:00", "end": "2026-01-13T00:00"},
        {"start": "2026-01-13T08:00", "end": "2026-01-31T00:00"},
    ]
    day = [work("2026-01-12T23:00", "2026-01-13T00:00"), work("2026-01-13T10:00", end)]

    # Eight hours less a second are on the 13th then, with five hours and this second or two: more than 13, or not.
    assert verdict(norwegian(*day, observed=seen), RULE) == expected


@pytest.mark.parametrize(("end", "expected"), [("12:59:59", "not_judged"), ("13:00", "broken")])
def test_a_second_of_unobserved_work_before_midnight_is_enough_to_take_work_to_the_day_before(
    end: str, expected: str
) -> None:
    day = [work("2026-01-13T03:45", end), work("2026-01-13T14:00", "18:00")]
    seen = [
        {"start": "2023-01-01T00:00", "end": "2026-01-12T20:00"},
        {"start": "2026-01-13T03:45", "end": "2026-01-31T00:00"},
    ]
    period = {"start": "2026-01-12", "end": "2026-01-19"}

    # The 12th has then 13 hours, or a second more; without it the 13th has more than 13.
    assert verdict(norwegian(*day, observed=seen, period=period), RULE) == expected


def test_where_unobserved_time_would_make_two_days_of_one_the_longer_decides() -> None:
    day = [work("2026-01-13T00:30", "01:00"), work("2026-01-13T12:00", "13:00")]
    seen = [
        {"start": "2023-01-01T00:00", "end": "2026-01-12T11:00"},
        {"start": "2026-01-13T00:30", "end": "2026-01-31T00:00"},
    ]

    # From 11:00 on the 12th to 01:00 are 14 hours; the hour at noon is then a day of its own.
    assert verdict(norwegian(*day, observed=seen), RULE) == "not_judged"


def test_unconfirmed_work_is_a_question() -> None:
    document = norwegian(work("2026-01-13T07:00", "19:00"), work("2026-01-13T19:00", "21:00", confirmed=False))

    assert verdict(document, RULE) == "attention"


def test_a_day_that_only_unconfirmed_work_makes_is_in_doubt_even_where_the_next_is_too_long_without_it() -> None:
    waiting = work("2026-01-12T09:00", "2026-01-13T00:00", confirmed=False)
    night = work("2026-01-13T00:00", "12:15")
    found = findings(norwegian(waiting, night, work("2026-01-13T17:00", "18:00")), RULE)[:2]

    # Either the 12th is 27 h 15 min and the 13th one hour, or all of the 13th is 13 h 15 min.
    assert [(one["period"]["start"][:13], one["verdict"]) for one in found] == [
        ("2026-01-12T09", "attention"),
        ("2026-01-13T17", "attention"),
    ]
    assert all("The answer decides." in " ".join(one["steps"]) for one in found)


def test_a_day_too_long_whatever_unconfirmed_work_takes_of_it_to_the_day_before_is_too_long() -> None:
    waiting = work("2026-01-12T23:00", "2026-01-13T00:00", confirmed=False)
    long = work("2026-01-13T17:00", "2026-01-14T07:00")
    found = findings(norwegian(waiting, work("2026-01-13T00:00", "06:00"), long), RULE)[:2]

    assert [one["verdict"] for one in found] == ["met", "broken"]
    assert found[1]["measured"] == 20 * 3600


def test_before_the_act_nothing_is_judged() -> None:
    found = findings(norwegian(*weeks(1, first=date(2005, 12, 19))), RULE)

    assert {one["reason"] for one in found} == {"no_value"}
    assert found[-1]["period"] == {"start": "2005-12-19T00:00:00+01:00", "end": "2005-12-26T00:00:00+01:00"}


def test_a_particularly_independent_position_is_outside() -> None:
    document = norwegian(work("2026-01-13T07:00", "22:00"), agreement={"self_organiser": True})

    assert [one["verdict"] for one in findings(document, RULE)] == ["not_applicable"]


def test_an_independent_position_is_said_also_where_all_work_waits_for_a_word() -> None:
    waiting = work("2026-01-13T07:00", "22:00", confirmed=False)
    document = norwegian(waiting, agreement={"self_organiser": True})

    assert [one["verdict"] for one in findings(document, RULE)] == ["not_applicable"]


def leave(first: str, last: str) -> Document:
    return {"start": first, "end": last, "kind": "holiday"}


@pytest.mark.parametrize(("extra", "expected"), [("17:36", "met"), ("17:36:01", "attention")])
def test_weeks_of_leave_leave_an_average_in_doubt_that_is_too_high_without_them(extra: str, expected: str) -> None:
    two_weeks_off = [leave("2026-02-16", "2026-02-20"), leave("2026-02-23", "2026-02-27")]
    rows = [*weeks(6, extra=extra), work("2026-02-18T08:00", "09:00")]
    document = norwegian(*rows, absences=two_weeks_off, period={"start": "2026-01-05", "end": "2026-03-02"})

    average = findings(document, RULE)[-1]

    assert (average["verdict"], average["unit"], average["limit"]) == (expected, "hour_per_week", 48)
    assert 36 < average["measured"] < 36.2
    assert average["steps"][-1].startswith("Leave is told for all working days of 2026-W08")
    assert verdict({**document, "absences": []}, RULE) == "met"


def test_an_average_that_is_too_high_with_its_leave_is_broken() -> None:
    rows = weeks(8, end="20:00", extra="20:00")
    rows = [row for row in rows if not "2026-02-16" <= row["start"][:10] <= "2026-02-22"]

    average = findings(norwegian(*rows, absences=[leave("2026-02-16", "2026-02-20")]), RULE)[-1]

    assert (average["verdict"], average["measured"]) == ("broken", 52.5)


def test_leave_on_some_working_days_of_a_week_is_no_week_of_leave() -> None:
    rows = weeks(7, extra="17:36:01")

    four_days = norwegian(*rows, absences=[leave("2026-02-24", "2026-02-27")])
    whole = norwegian(
        *rows, absences=[leave("2026-02-23", "2026-02-27")], period={"start": "2026-01-05", "end": "2026-03-02"}
    )

    assert "Leave is told" not in said(four_days, RULE)
    assert verdict(whole, RULE) == "attention"


def test_eight_weeks_of_leave_have_no_average_without_it() -> None:
    rows = [work("2026-01-14T08:00", "09:00")]

    text = said(norwegian(*rows, absences=[leave("2025-11-17", "2026-01-16")]), RULE)

    assert "Leave is told" not in text


def test_who_has_no_agreed_weekday_has_no_week_of_leave() -> None:
    two_weeks_off = [leave("2026-02-16", "2026-02-27")]

    text = said(norwegian(*weeks(6, extra="17:36:01"), absences=two_weeks_off, agreement={"normal_hours": {}}), RULE)

    assert "Leave is told" not in text


def test_the_average_without_the_weeks_of_leave_is_told() -> None:
    period = {"start": "2026-01-05", "end": "2026-03-02"}
    rows = [*weeks(6, end="18:36", extra="18:36"), work("2026-02-18T08:00", "09:00")]

    steps = findings(norwegian(*rows, absences=[leave("2026-02-16", "2026-02-27")], period=period), RULE)[-1]["steps"]

    assert steps[-1] == (
        "Leave is told for all working days of 2026-W08, 2026-W09. Left out, the rest is 53.0 hours a week on average; "
        "whether leave is left out the act does not say."
    )
