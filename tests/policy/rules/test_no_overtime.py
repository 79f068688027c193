"""``no.overtime``: hours over forty a week, in one week, in four and in 52."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from policy.norwegian import Document, days, findings, norwegian, said, verdict, work

RULE = "no.overtime"


def week_of(hours: int, number: int = 0, *, seconds: int = 0) -> list[Document]:
    """Return a week with some hours, laid on seven days, and some seconds more on the last."""
    monday = date(2026, 1, 5) + timedelta(days=7 * number)
    rows = []
    for index in range(7):
        length = min(hours, 10)
        hours -= length
        more = seconds if index == 6 else 0
        if length or more:
            day = monday + timedelta(days=index)
            rows.append(work(f"{day}T08:00", f"{8 + length:02}:00:{more:02}"))
    return rows


@pytest.mark.parametrize(("seconds", "expected"), [(0, "met"), (1, "broken")])
def test_ten_hours_over_in_a_week_are_met_and_a_second_more_is_broken(seconds: int, expected: str) -> None:
    document = norwegian(*week_of(50, seconds=seconds))

    finding = findings(document, RULE)[0]

    assert (finding["verdict"], finding["measured"], finding["limit"]) == (expected, 36000 + seconds, 36000)


@pytest.mark.parametrize(("first", "expected"), [("2026-03-23", 39), ("2026-10-19", 41)])
def test_over_a_clock_change_the_hours_are_elapsed_hours(first: str, expected: int) -> None:
    monday = date.fromisoformat(first)
    week = [work(f"{monday + timedelta(days=day)}T10:00", "16:00") for day in range(5)]
    sunday = monday + timedelta(days=6)

    document = norwegian(*week, work(f"{sunday}T00:00", "10:00"))

    assert findings(document, RULE)[0]["measured"] == max(0, expected - 40) * 3600


@pytest.mark.parametrize(("seconds", "expected"), [(0, "met"), (1, "broken")])
def test_25_hours_over_in_four_weeks_are_met_and_a_second_more_is_broken(seconds: int, expected: str) -> None:
    hours = (50, 40, 45, 50)
    document = norwegian(
        *(row for number, one in enumerate(hours) for row in week_of(one, number, seconds=number == 2 and seconds))
    )

    finding = findings(document, RULE)[-2]

    assert (finding["verdict"], finding["measured"], finding["limit"]) == (expected, 90000 + seconds, 90000)


def test_a_fifth_week_leaves_the_four() -> None:
    hours = (50, 40, 40, 45, 50)
    document = norwegian(*(row for number, one in enumerate(hours) for row in week_of(one, number)))

    assert findings(document, RULE)[-2]["measured"] == 15 * 3600


def test_a_week_without_work_counts_as_zero() -> None:
    document = norwegian(*week_of(49), *week_of(49, 2), *week_of(49, 4))

    assert findings(document, RULE)[-2]["measured"] == 18 * 3600
    assert len(findings(document, RULE)) == 5


@pytest.mark.parametrize(("seconds", "expected"), [(0, "met"), (1, "broken")])
def test_200_hours_over_in_52_weeks_are_met_and_a_second_more_is_broken(seconds: int, expected: str) -> None:
    rows = [row for number in range(0, 50) for row in week_of(44, number, seconds=number == 49 and seconds)]

    finding = findings(norwegian(*rows), RULE)[-1]

    assert (finding["verdict"], finding["measured"], finding["limit"]) == (expected, 720000 + seconds, 720000)


def test_a_53rd_week_leaves_the_52() -> None:
    rows = [*week_of(50), *week_of(50, 52)]

    assert findings(norwegian(*rows), RULE)[-1]["measured"] == 36000
    assert findings(norwegian(*week_of(50), *week_of(50, 51)), RULE)[-1]["measured"] == 72000


@pytest.mark.parametrize(
    ("hours", "last_end", "expected"),
    [
        (4 * ["08:00/20:00"], "20:00", "attention"),  # 48 h in the week, 12 h over nine a day
        (["08:00/20:00", "08:00/20:00", "08:00/20:00"], "18:00:00", "met"),  # 46 h, and 10 h over nine a day
        (["08:00/20:00", "08:00/20:00", "08:00/20:00"], "18:00:01", "attention"),
    ],
)
def test_where_hours_over_nine_a_day_alone_pass_the_limit_it_is_in_doubt(
    hours: list[str], last_end: str, expected: str
) -> None:
    rows = [
        work(f"2026-01-{12 + number}T{one.split('/')[0]}", one.split("/")[1]) for number, one in enumerate(hours[:3])
    ]
    document = norwegian(*rows, work("2026-01-15T08:00", last_end))

    finding = findings(document, RULE)[0]

    assert finding["verdict"] == expected
    assert ("With the hours over those on each date it is" in " ".join(finding["steps"])) == (expected == "attention")


def test_the_steps_of_a_doubt_tell_both_sums() -> None:
    rows = [work(f"2026-01-{day}T08:00", "20:00") for day in (12, 13, 14, 15)]

    assert findings(norwegian(*rows), RULE)[0]["steps"][1:] == [
        "Week 2026-W03: 48 h of work, 8 h over ordinary hours.",
        "Where they are overtime, the rule is at most 10 h "
        "[Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-6 fjerde ledd; 2006-01-01].",
        "That is within it, with 2 h to spare.",
        "Ordinary hours are 9 h a day [Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-4 første ledd; 2006-01-01].",
        "With the hours over those on each date it is 12 h, 2 h too much. The act has both limits, and some count only "
        "the week: so it is in doubt.",
    ]


def test_unobserved_work_that_could_make_days_too_long_is_not_judged() -> None:
    """If it was work: seven hours over nine on the second day, and two, or a second more, on the third."""
    rows = [work(f"2026-01-{day}T08:00", "18:00") for day in (12, 13)]
    seen = [
        {"start": "2024-01-01T00:00", "end": "2026-01-13T18:00"},
        {"start": "2026-01-14T03:00", "end": "2026-02-01T00:00"},
    ]

    verdicts = [
        findings(norwegian(*rows, work("2026-01-14T08:00", end), observed=seen), RULE)[0]["verdict"]
        for end in ("16:00", "16:00:01")
    ]

    assert verdicts == ["met", "not_judged"]


def test_a_week_that_is_not_over_is_told_only_once_it_is_over_the_limit() -> None:
    until_limit = norwegian(*week_of(50), at="2026-01-09T18:00")
    beyond = norwegian(*week_of(51), at="2026-01-10T08:00:01")

    assert [one["reason"] for one in findings(until_limit, RULE)] == ["no_complete_period"]
    assert [(one["verdict"], one["measured"]) for one in findings(beyond, RULE)] == [("broken", 36001)]
    assert findings(beyond, RULE)[0]["period"]["end"] == "2026-01-10T08:00:01+01:00"


def test_a_week_that_ends_after_the_period_is_left_to_a_later_period() -> None:
    document = norwegian(*week_of(60), period={"start": "2026-01-05", "end": "2026-01-08"}, at="2026-01-20T00:00")

    assert [one["reason"] for one in findings(document, RULE)] == ["no_complete_period"]


def test_the_sentences_say_over_ordinary_hours_and_speak_of_overtime_only_as_a_condition() -> None:
    aml = "Arbeidsmiljøloven (lov 17. juni 2005 nr. 62)"
    found = findings(norwegian(*week_of(50), *week_of(45, 1), *week_of(20, 2)), RULE)

    assert found[0]["steps"] == [
        f"Ordinary hours are 40 h a week [{aml}, § 10-4 første ledd; 2006-01-01].",
        "Week 2026-W02: 50 h of work, 10 h over ordinary hours.",
        f"Where they are overtime, the rule is at most 10 h [{aml}, § 10-6 fjerde ledd; 2006-01-01].",
        "That is exactly the most.",
    ]
    assert found[2]["steps"][1] == "Week 2026-W04: 20 h of work; no hours are over ordinary hours."
    assert found[3]["steps"] == [
        f"Ordinary hours are 40 h a week [{aml}, § 10-4 første ledd; 2006-01-01].",
        "Week 2026-W02: 50 h of work, 10 h over ordinary hours.",
        "Week 2026-W03: 45 h of work, 5 h over ordinary hours.",
        "From 2025-12-22 to 2026-01-18 together: 15 h over ordinary hours.",
        f"Where they are overtime, the rule is at most 25 h [{aml}, § 10-6 fjerde ledd; 2006-01-01].",
        "That is within it, with 10 h to spare.",
    ]
    assert "It is 1 h over." in said(norwegian(*week_of(51)), RULE)


def test_unobserved_time_that_could_change_the_answer_is_not_judged() -> None:
    seen = [
        {"start": "2024-01-01T00:00", "end": "2026-01-09T19:00"},
        {"start": "2026-01-09T20:00", "end": "2026-02-01T00:00"},
    ]

    verdicts = {hours: findings(norwegian(*week_of(hours), observed=seen), RULE)[0]["verdict"] for hours in (49, 50)}

    assert verdicts == {49: "met", 50: "not_judged"}


def test_unconfirmed_work_is_a_question() -> None:
    document = norwegian(*week_of(50), work("2026-01-10T10:00", "10:05", confirmed=False))

    assert verdict(document, RULE) == "attention"


def test_the_steps_count_what_waits_for_a_word_only_where_the_person_is_asked_about_it() -> None:
    waiting = work("2026-01-10T08:00", "19:00", confirmed=False)

    assert "Week 2026-W02: 51 h of work" in said(norwegian(*week_of(40), waiting), RULE)
    assert "Week 2026-W02: 40 h of work" in said(norwegian(*week_of(40), {**waiting, "end": "2026-01-10T09:00"}), RULE)


def test_a_week_in_which_all_work_waits_for_a_word_is_asked_about() -> None:
    document = norwegian(*({**row, "confirmed": False} for row in week_of(51)))

    assert findings(document, RULE)[0]["verdict"] == "attention"


def test_unobserved_weeks_without_work_are_not_told_and_unobserved_time_does_not_add_up_as_work() -> None:
    seen = [
        {"start": "2023-01-01T00:00", "end": "2026-01-12T00:00"},
        {"start": "2026-01-14T00:00", "end": "2026-01-19T00:00"},
        {"start": "2026-01-20T00:00", "end": "2026-02-02T00:00"},
    ]
    period = {"start": "2026-01-05", "end": "2026-02-02"}
    document = norwegian(*week_of(40), *week_of(40, 2)[1:], observed=seen, period=period)

    weeks = [one for one in findings(document, RULE) if one["limit"] == 36000]

    assert [one["period"]["start"][:10] for one in weeks] == ["2026-01-05", "2026-01-19"]
    assert [one["verdict"] for one in weeks] == ["met", "not_judged"]
    assert "Week 2026-W04: 30 h of work" in weeks[1]["steps"][1]


def test_weeks_that_end_before_the_first_work_are_not_told() -> None:
    document = norwegian(work("2026-01-06T08:00", "16:00"), period={"start": "2025-12-15", "end": "2026-01-08"})

    assert [one["reason"] for one in findings(document, RULE)] == ["no_complete_period"]


def test_of_the_four_weeks_those_with_the_most_hours_over_are_told_be_it_by_a_second() -> None:
    document = norwegian(*week_of(30), *week_of(40, 1, seconds=1))

    assert findings(document, RULE)[-2]["measured"] == 1


def test_before_the_act_nothing_is_judged() -> None:
    found = findings(norwegian(*days(19, 23, month="2005-12")), RULE)

    assert {one["reason"] for one in found} == {"no_value"}


def test_a_particularly_independent_position_is_outside() -> None:
    assert verdict(norwegian(*week_of(60), agreement={"self_organiser": True}), RULE) == "not_applicable"


def test_a_week_and_the_sums_name_what_they_are_compared_with() -> None:
    found = findings(norwegian(*week_of(50)), RULE)

    assert [(one["measured"], one["limit"] // 3600, one["unit"]) for one in found] == [
        (36000, 10, "second"),
        (36000, 25, "second"),
        (36000, 200, "second"),
    ]
    assert [one["citation"]["parameter"]["id"] for one in found] == [
        "no.overtime.week",
        "no.overtime.four_weeks",
        "no.overtime.year",
    ]


def test_a_second_over_nine_hours_on_a_date_counts_towards_the_doubt() -> None:
    rows = [work(f"2026-01-{day}T08:00", "22:00") for day in (12, 13)]  # five hours over on each

    for end, expected in (("17:00:00", "met"), ("17:00:01", "attention")):
        assert verdict(norwegian(*rows, work("2026-01-14T08:00", end)), RULE) == expected


def test_where_the_week_is_just_within_the_limit_and_the_dates_are_over_both_sums_are_told() -> None:
    rows = [work(f"2026-01-{day}T08:00", "20:30") for day in (12, 13, 14, 15)]

    steps = findings(norwegian(*rows), RULE)[0]["steps"]

    assert "That is exactly the most." in steps
    assert "With the hours over those on each date it is 14 h, 4 h too much." in steps[-1]


def test_two_weeks_are_told_together_as_more_are() -> None:
    document = norwegian(*week_of(45), *week_of(46, 1), parameters={"no.overtime.four_weeks.count": 2})

    assert "From 2026-01-05 to 2026-01-18 together: 11 h over ordinary hours." in findings(document, RULE)[-2]["steps"]


def test_the_week_after_the_period_is_not_told_though_it_is_over_the_limit_by_now() -> None:
    period = {"start": "2026-01-05", "end": "2026-01-12"}
    document = norwegian(*week_of(40), *week_of(60, 1), period=period, at="2026-01-18T12:00")

    assert {one["period"]["end"][:10] for one in findings(document, RULE)} == {"2026-01-12"}


def test_work_before_the_act_leaves_its_weeks_open_and_takes_nothing_from_those_after() -> None:
    days_of_twelve = [work(f"2006-01-{day:02}T08:00", "20:00") for day in (2, 3, 4, 5)]
    found = findings(norwegian(work("2005-12-20T08:00", "16:00"), *days_of_twelve), RULE)

    assert [(one["verdict"], one["reason"]) for one in found] == [
        ("not_judged", "no_value"),
        ("attention", None),
        ("not_judged", "no_value"),
        ("not_judged", "no_value"),
    ]
    assert found[0]["period"]["end"] == "2005-12-26T00:00:00+01:00"
    assert found[-1]["period"]["start"] == "2005-12-19T00:00:00+01:00"


def test_sums_that_reach_back_to_work_before_the_act_are_open_and_say_why() -> None:
    period = {"start": "2006-01-02", "end": "2006-01-09"}
    document = norwegian(work("2005-12-20T08:00", "16:00"), work("2006-01-03T08:00", "16:00"), period=period)

    assert [(one["verdict"], one["reason"]) for one in findings(document, RULE)] == [
        ("met", None),
        ("not_judged", "no_value"),
        ("not_judged", "no_value"),
    ]
