"""``no.rest.weekly``: 35 hours off in each week; the weeks themselves are tested with ``eu.rest.weekly``."""

from __future__ import annotations

import pytest

from policy.norwegian import Document, days, findings, norwegian, said, verdict, work

RULE = "no.rest.weekly"


def test_a_week_without_a_rest_of_35_hours_is_broken_and_the_next_is_judged_by_itself() -> None:
    document = norwegian(*days(12, 17), work("2026-01-18T10:00", "11:00"), *days(19, 23))

    found = findings(document, RULE)

    assert [(one["verdict"], one["measured"]) for one in found] == [("broken", 21 * 3600), ("met", 56 * 3600)]
    assert found[0]["citation"]["provision"] == "§ 10-8 andre ledd"


def test_the_rest_of_a_collective_agreement_is_taken() -> None:
    week = [
        *days(12, 17, hours=("10:00", "18:00")),
        work("2026-01-18T22:00", "23:00"),
        work("2026-01-19T08:00", "16:00"),
    ]

    assert verdict(norwegian(*week), RULE) == "broken"
    assert verdict(norwegian(*week, parameters={"no.rest.weekly.minimum": 28}), RULE) == "met"


@pytest.mark.parametrize(("end", "expected"), [("18:00:00", "met"), ("18:00:01", "broken")])
def test_no_agreement_may_lower_the_rest_under_28_hours(end: str, expected: str) -> None:
    week = [*days(12, 16, hours=("10:00", "18:00")), work("2026-01-17T10:00", end), work("2026-01-18T22:00", "23:00")]
    document = norwegian(*week, work("2026-01-19T08:00", "16:00"), parameters={"no.rest.weekly.minimum": 20})

    finding = findings(document, RULE)[0]

    assert (finding["verdict"], finding["limit"]) == (expected, 28 * 3600)
    assert finding["citation"]["parameter"]["id"] == "no.rest.weekly.floor"
    assert finding["steps"][1] == "The rule is at least 20 h [your agreement]."
    assert finding["steps"][2].startswith("No agreement may set less than 28 h [")


def test_the_longest_of_many_gaps_is_told_up_to_the_end_of_the_period() -> None:
    sessions = [work(f"2026-01-12T{hour:02}:00", f"{hour:02}:50") for hour in range(24)]
    later = [work("2026-01-14T02:00", "03:00"), work("2026-01-15T20:00", "21:00"), work("2026-01-17T09:00", "10:00")]
    whole = norwegian(*sessions, *later, at="2026-01-19T12:00")
    until_wednesday = {**whole, "period": {"start": "2026-01-12", "end": "2026-01-14"}}

    assert [one["measured"] for one in findings(whole, RULE)] == [50 * 3600]
    assert [one["reason"] for one in findings(until_wednesday, RULE)] == ["no_complete_period"]


def test_a_week_that_is_not_over_is_told_only_once_it_has_its_rest() -> None:
    week = days(12, 16)

    running = findings(norwegian(*week, at="2026-01-17T20:00"), RULE)
    rested = findings(norwegian(*week, at="2026-01-18T03:00"), RULE)

    assert [one["reason"] for one in running] == ["no_complete_period"]
    assert [(one["verdict"], one["measured"]) for one in rested] == [("met", 35 * 3600)]


def test_a_particularly_independent_position_is_outside() -> None:
    document = norwegian(*days(12, 18), agreement={"self_organiser": True})

    assert verdict(document, RULE) == "not_applicable"


def test_before_the_act_nothing_is_judged() -> None:
    document = norwegian(*days(19, 23, month="2005-12"))

    assert [one["reason"] for one in findings(document, RULE)] == ["no_value"]


def test_the_longest_gap_is_the_one_with_the_most_time_not_the_one_before_the_most_work() -> None:
    rows = [*days(12, 16), work("2026-01-17T21:00", "22:00"), work("2026-01-19T04:00", "23:00")]

    assert findings(norwegian(*rows), RULE)[0]["measured"] == 30 * 3600


def test_an_agreement_at_the_least_it_may_set_needs_no_word_on_that() -> None:
    text = said(norwegian(*days(12, 16), parameters={"no.rest.weekly.minimum": 28}, at="2026-01-19T12:00"), RULE)

    assert "The rule is at least 28 h [your agreement]. That is enough, with 40 h to spare." in text


def test_what_the_unobserved_time_makes_of_the_week_is_told_in_the_right_order() -> None:
    observed = [
        {"start": "2026-01-01T00:00", "end": "2026-01-17T12:00"},
        {"start": "2026-01-18T12:00", "end": "2026-01-25T00:00"},
    ]

    text = said(norwegian(*days(12, 16), work("2026-01-19T08:00", "16:00"), observed=observed), RULE)

    assert "Taken as rest, the unobserved time gives “met”; taken as work, “not met”." in text


@pytest.mark.parametrize(
    ("friday", "monday", "length"), [("2026-03-27", "2026-03-30", "63 h"), ("2026-10-23", "2026-10-26", "65 h")]
)
def test_the_steps_of_a_rest_over_the_clock_change_say_so(friday: str, monday: str, length: str) -> None:
    week = days(int(friday[8:]) - 4, int(friday[8:]), month=friday[:7])

    steps = findings(norwegian(*week, work(f"{monday}T08:00", "16:00")), RULE)[0]["steps"]

    assert f"is {length}, from {friday} 16:00 to {monday} 08:00." in steps[0]
    assert steps[1] == "The clock is changed in that time; hours are counted as they pass."


# After a leave


def after_leave(until: str, start: str, *, first: str = "2026-01-16T08:00") -> Document:
    """Return work up to ``until`` in week 3, and from ``start`` in week 4 on to the Monday after without a rest."""
    hours = [work(f"2026-01-{day}T14:00", "22:00") for day in (22, 23, 24, 25)]
    return norwegian(work(first, until), work(start, "2026-01-21T22:00"), *hours, work("2026-01-26T08:00", "16:00"))


@pytest.mark.parametrize(
    ("until", "start", "expected"),
    [
        ("2026-01-16T16:00", "2026-01-21T08:00", "met"),  # Friday to Wednesday: a rest for each of the weeks
        ("2026-01-18T10:00", "2026-01-21T08:00", "met"),  # 70 h: 35 for week 3, and 35 that lie in week 4
        ("2026-01-18T10:00:01", "2026-01-21T08:00", "broken"),  # a second less: one of the two weeks has none
        ("2026-01-16T16:00", "2026-01-20T11:00", "met"),  # 35 h of week 4
        ("2026-01-16T16:00", "2026-01-20T10:59:59", "broken"),
    ],
)
def test_time_off_from_an_earlier_week_that_holds_a_rest_for_each_serves_both(
    until: str, start: str, expected: str
) -> None:
    found = findings(after_leave(until, start), RULE)

    assert [one["verdict"] for one in found[:2]] == ["met", expected]
    assert (found[1]["measured"] >= 35 * 3600) == (expected == "met")


def test_the_steps_after_a_leave_say_which_part_of_it_counts() -> None:
    finding = findings(after_leave("2026-01-16T16:00", "2026-01-21T08:00"), RULE)[1]

    assert finding["steps"] == [
        "The longest rest that starts in week 2026-W04 is 56 h, from 2026-01-19 00:00 to 2026-01-21 08:00.",
        "It is what is left of time off since 2026-01-16 16:00; the first 35 h of that count earlier.",
        "The rule is at least 35 h [Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-8 andre ledd; 2006-01-01].",
        "That is enough, with 21 h to spare.",
    ]


@pytest.mark.parametrize(
    ("saturday", "tuesday", "evenings"),
    [
        ("2026-03-28", "2026-03-31T21:00", ["2026-04-01", "2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05"]),
        ("2026-10-24", "2026-10-27T19:00", ["2026-10-28", "2026-10-29", "2026-10-30", "2026-10-31", "2026-11-01"]),
    ],
)
@pytest.mark.parametrize(("end", "expected"), [("22:00:00", "met"), ("22:00:01", "broken")])
def test_over_a_clock_change_70_elapsed_hours_hold_two_rests(
    saturday: str, tuesday: str, evenings: list[str], end: str, expected: str
) -> None:
    document = norwegian(
        work(f"{saturday}T08:00", end),
        work(tuesday, "23:30"),
        *(work(f"{evening}T15:00", "23:30") for evening in evenings),
        at=f"{evenings[-1][:8]}{int(evenings[-1][8:]) + 1:02}T08:00",
    )
    document["work"].append({"start": f"{evenings[-1]}T23:59", "end": document["at"]})

    assert findings(document, RULE)[1]["verdict"] == expected


def test_a_week_after_a_leave_is_judged_alike_whether_work_before_the_leave_is_told_or_not() -> None:
    known = after_leave("2026-01-16T16:00", "2026-01-21T08:00")
    first = {**known, "work": known["work"][1:]}

    assert findings(known, RULE)[1]["measured"] == findings(first, RULE)[0]["measured"] == 56 * 3600


@pytest.mark.parametrize(
    ("seen_from", "expected"), [("2026-01-18T10:00", "met"), ("2026-01-18T10:00:01", "not_judged")]
)
def test_a_leave_before_the_first_work_told_serves_its_week_if_it_was_observed_for_two_rests(
    seen_from: str, expected: str
) -> None:
    document = after_leave("2026-01-16T16:00", "2026-01-21T08:00")
    document["work"] = document["work"][1:]
    document["observed"] = [{"start": seen_from, "end": "2026-02-01T00:00"}]

    assert findings(document, RULE)[0]["verdict"] == expected


@pytest.mark.parametrize(
    ("hole", "expected"),
    [
        (("2026-01-17T10:00", "2026-01-18T10:00"), "met"),  # work then leaves 70 h, which begin in week 3
        (("2026-01-17T10:00", "2026-01-18T10:00:01"), "not_judged"),
        (("2026-01-18T23:00", "2026-01-19T00:00:01"), "not_judged"),  # work until midnight leaves one rest for both
        (("2026-01-19T20:59", "2026-01-19T21:00"), "met"),  # work then leaves 35 h, which begin in week 4
        (("2026-01-19T20:59", "2026-01-19T21:00:01"), "not_judged"),
        (("2026-01-21T07:00", "2026-01-21T08:00"), "met"),  # 55 h of week 4 are left in any case
    ],
)
def test_unobserved_time_in_a_leave_that_could_change_the_answer_is_not_judged(
    hole: tuple[str, str], expected: str
) -> None:
    document = after_leave("2026-01-16T16:00", "2026-01-21T08:00")
    document["observed"] = [
        {"start": "2026-01-01T00:00", "end": hole[0]},
        {"start": hole[1], "end": "2026-02-01T00:00"},
    ]

    assert findings(document, RULE)[1]["verdict"] == expected


def test_a_week_after_a_leave_that_is_not_over_has_its_rest_already() -> None:
    document = {**after_leave("2026-01-16T16:00", "2026-01-21T08:00"), "at": "2026-01-22T15:00"}
    short = {**after_leave("2026-01-18T10:00:01", "2026-01-21T08:00"), "at": "2026-01-22T15:00"}

    assert [one["verdict"] for one in findings(document, RULE)] == ["met", "met"]
    assert [one["verdict"] for one in findings(short, RULE)] == ["met"]


WEEK = {"period": {"start": "2026-01-12", "end": "2026-01-19"}, "at": "2026-01-21T00:00"}


def seen_but_for(start: str, end: str) -> Document:
    """Return the field for a time that was not observed."""
    return {"observed": [{"start": "2023-01-01T00:00", "end": start}, {"start": end, "end": "2026-03-01T00:00"}]}


def hours(document: Document) -> list[tuple[str, float]]:
    """Return the verdicts with the hours measured."""
    return [(one["verdict"], (one["measured"] or 0) / 3600) for one in findings(document, RULE)]


@pytest.mark.parametrize("more", [{}, seen_but_for("2026-01-11T23:59:59", "2026-01-12T00:00")])
def test_a_week_of_work_without_any_rest_says_that_none_starts(more: Document) -> None:
    document = norwegian(work("2026-01-12T00:00", "2026-01-19T08:00"), **WEEK, **more)

    (one,) = findings(document, RULE)

    assert one["verdict"] == "broken"
    assert one["steps"][0] == "No rest starts in week 2026-W03."
    assert "It is short by 35 h." in one["steps"]


def test_a_second_that_was_not_observed_before_the_first_work_of_a_week_makes_no_rest() -> None:
    before, week = work("2026-01-11T10:00", "18:00"), work("2026-01-12T08:00", "2026-01-19T08:00")
    more = seen_but_for("2026-01-12T07:59:59", "2026-01-12T08:00")

    assert findings(norwegian(before, week, **WEEK, **more), RULE)[0]["steps"][0] == "No rest starts in week 2026-W03."


@pytest.mark.parametrize("friday", ["20:00", "21:00:01"])
def test_the_weekly_rest_is_told_with_the_least_and_the_number_it_rests_on(friday: str) -> None:
    week = [*days(12, 15), work("2026-01-16T12:00", friday), work("2026-01-18T08:00", "2026-01-19T08:00")]

    (one,) = findings(norwegian(*week, **WEEK), RULE)

    assert one["verdict"] == ("met" if friday == "20:00" else "broken")
    assert (one["limit"], one["unit"]) == (35 * 3600, "second")
    assert one["citation"]["parameter"]["id"] == "no.rest.weekly.minimum"


def test_a_longer_rest_that_starts_with_the_next_week_hides_none_of_this_one() -> None:
    week = [*days(12, 16, hours=("12:00", "20:00")), work("2026-01-18T08:00", "2026-01-19T00:00")]

    assert hours(norwegian(*week, work("2026-01-20T16:00", "17:00"), **WEEK)) == [("met", 36)]


def test_a_longer_weekend_before_the_week_hides_none_of_its_rests() -> None:
    week = [*days(12, 13), *days(15, 19)]  # 40 hours in the week, 64 before it

    assert hours(norwegian(*days(5, 9), *week, **WEEK)) == [("met", 40)]


def test_the_first_rest_that_starts_in_a_week_can_be_its_longest() -> None:
    assert hours(norwegian(*days(7, 12), *days(14, 19), **WEEK)) == [("met", 40)]


def test_a_rest_that_was_observed_counts_also_where_a_longer_one_was_not() -> None:
    work_days = [*days(10, 12), *days(15, 15), *days(17, 19)]
    more = seen_but_for("2026-01-13T20:00", "2026-01-14T10:00")

    assert hours(norwegian(*work_days, **WEEK, **more)) == [("met", 64)]


def test_a_rest_that_starts_with_the_week_counts_where_some_of_the_week_was_not_observed() -> None:
    week = [*days(13, 18, hours=("16:00", "20:00")), *days(19, 19)]
    more = seen_but_for("2026-01-15T05:00", "2026-01-15T05:10")

    assert hours(norwegian(work("2026-01-11T20:00", "2026-01-12T00:00"), *week, **WEEK, **more)) == [("met", 40)]


def test_a_rest_just_long_enough_is_told_though_unobserved_work_could_have_cut_a_longer_one() -> None:
    week = [work("2026-01-13T16:00", "20:00"), *days(14, 16), work("2026-01-18T03:00", "10:00"), *days(19, 19)]
    more = seen_but_for("2026-01-11T23:00", "2026-01-12T00:00")

    assert hours(norwegian(work("2026-01-10T12:00", "20:00"), *week, **WEEK, **more)) == [("met", 35)]


def test_a_rest_that_starts_with_the_next_week_does_not_answer_for_this_one() -> None:
    week = [work("2026-01-13T16:00", "20:00"), *days(14, 17), work("2026-01-18T10:00", "2026-01-19T00:00")]
    more = seen_but_for("2026-01-11T23:00", "2026-01-12T00:00")
    document = norwegian(work("2026-01-10T12:00", "20:00"), *week, work("2026-01-20T16:00", "17:00"), **WEEK, **more)

    # Work in the unobserved hour would leave 40 hours from Monday on.
    assert hours(document) == [("not_judged", 0)]


@pytest.mark.parametrize(("end", "expected"), [("21:59:58", "not_judged"), ("21:59:59", "met")])
def test_unobserved_work_up_to_the_last_second_before_the_week_must_leave_two_rests(end: str, expected: str) -> None:
    week = [work(f"2026-01-14T{end}", "23:00"), *days(15, 19)]
    more = seen_but_for("2026-01-10T10:00", "2026-01-12T00:00")

    assert hours(norwegian(*days(5, 9), *week, **WEEK, **more))[0][0] == expected


def test_a_rest_that_goes_on_leaves_a_week_open_where_only_unobserved_time_could_have_given_it_one() -> None:
    week = [*days(10, 13), *days(15, 17), work("2026-01-18T10:00", "20:00")]
    more = seen_but_for("2026-01-14T10:00", "2026-01-14T12:00")
    until = {**WEEK, "at": "2026-01-19T10:00"}

    assert [one["reason"] for one in findings(norwegian(*week, **until, **more), RULE)] == ["no_complete_period"]
    assert hours(norwegian(*week, *days(19, 19), **WEEK, **more)) == [("not_judged", 0)]
