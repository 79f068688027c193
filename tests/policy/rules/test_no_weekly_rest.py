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
