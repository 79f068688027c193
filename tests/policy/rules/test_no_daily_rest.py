"""``no.rest.daily``: eleven hours off between two main periods."""

from __future__ import annotations

import pytest

from policy.norwegian import findings, norwegian, said, verdict, work

RULE = "no.rest.daily"
EVENING = work("2026-01-13T08:00", "20:00")


@pytest.mark.parametrize(("start", "expected"), [("2026-01-14T07:00:00", "met"), ("2026-01-14T06:59:59", "broken")])
def test_eleven_hours_are_met_and_a_second_less_is_broken(start: str, expected: str) -> None:
    document = norwegian(EVENING, work(start, "12:00"))

    assert verdict(document, RULE) == expected


@pytest.mark.parametrize(
    ("evening", "start", "expected"),
    [
        ("2026-03-28T22:00:00", "2026-03-29T10:00", "met"),
        ("2026-03-28T22:00:01", "2026-03-29T10:00", "broken"),
        ("2026-10-24T22:00:00", "2026-10-25T08:00", "met"),
        ("2026-10-24T22:00:01", "2026-10-25T08:00", "broken"),
    ],
)
def test_over_a_clock_change_the_hours_are_elapsed_hours(evening: str, start: str, expected: str) -> None:
    document = norwegian(work(f"{evening[:10]}T14:00", evening), work(start, "12:00"))

    assert verdict(document, RULE) == expected
    assert (
        findings(document, RULE)[1]["steps"][1] == "The clock is changed in that time; hours are counted as they pass."
    )


def test_work_past_midnight_belongs_to_the_day_on_which_it_began() -> None:
    document = norwegian(work("2026-01-13T14:00", "2026-01-14T00:30"), work("2026-01-14T11:30", "16:00"))

    assert [one["measured"] for one in findings(document, RULE)] == [86400, 39600]


def test_work_just_after_midnight_begins_a_new_main_period() -> None:
    document = norwegian(
        work("2026-01-13T14:00", "23:00"), work("2026-01-14T00:00", "00:30"), work("2026-01-14T12:00", "16:00")
    )

    assert [one["measured"] for one in findings(document, RULE)] == [86400, 3600]


@pytest.mark.parametrize(("begin", "is_said"), [("00:20:00", True), ("00:20:01", False)])
def test_a_pause_over_midnight_no_longer_than_a_break_can_be_read_in_two_ways(begin: str, is_said: bool) -> None:
    document = norwegian(work("2026-01-13T14:00", "23:50"), work(f"2026-01-14T{begin}", "01:00"))

    finding = findings(document, RULE)[1]

    assert finding["verdict"] == "broken"
    assert ("goes on past midnight; then this is a break and no rest." in finding["steps"][-1]) == is_said


def test_the_rest_before_the_first_work_told_counts_up_to_the_hours_of_the_rule() -> None:
    finding = findings(norwegian(EVENING), RULE)[0]

    assert (finding["verdict"], finding["measured"], finding["limit"]) == ("met", 86400, 39600)
    assert finding["steps"][0] == "In the 24 h before 2026-01-13 08:00 no work is told."


def test_the_steps_tell_the_gap_and_what_is_missing() -> None:
    document = norwegian(EVENING, work("2026-01-14T06:00", "12:00"))

    assert findings(document, RULE)[1]["steps"] == [
        "The last work before ends at 2026-01-13 20:00, the next begins at 2026-01-14 06:00: 10 h of rest.",
        "The rule is at least 11 h [Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-8 første ledd; 2006-01-01].",
        "It is short by 1 h.",
        "The 11 h from 2026-01-13 20:00 on would have been over at 2026-01-14 07:00.",
    ]


def test_the_steps_say_when_the_rest_is_enough_and_by_how_much() -> None:
    exactly = findings(norwegian(EVENING, work("2026-01-14T07:00", "12:00")), RULE)
    longer = findings(norwegian(EVENING, work("2026-01-14T07:30", "12:00")), RULE)

    assert [one["steps"][-1] for one in (exactly[1], longer[1])] == [
        "That is exactly enough.",
        "That is enough, with 30 min to spare.",
    ]


@pytest.mark.parametrize(("end", "expected"), [("2026-01-14T08:00:00", "met"), ("2026-01-14T08:00:01", "broken")])
def test_work_that_goes_on_for_more_than_24_hours_leaves_no_room_for_the_rest(end: str, expected: str) -> None:
    document = norwegian(work("2026-01-13T08:00", "15:00"), work("2026-01-13T17:30", end))

    finding = findings(document, RULE)[0]

    assert finding["verdict"] == expected
    if expected == "broken":
        assert finding["measured"] == 2.5 * 3600
        assert finding["steps"][0] == (
            "Work goes on from 2026-01-13 08:00 to 2026-01-14 08:00:01, longer than 24 h; the longest rest in it is "
            "2 h 30 min, from 2026-01-13 15:00."
        )
        assert finding["steps"][-1] == "It is short by 8 h 30 min."


@pytest.mark.parametrize(("end", "expected"), [("12:00:00", "met"), ("12:00:01", "broken")])
def test_after_a_rest_inside_the_day_the_24_hours_begin_anew(end: str, expected: str) -> None:
    document = norwegian(work("2026-01-13T00:00", "01:00"), work("2026-01-13T12:00", f"2026-01-14T{end}"))

    assert verdict(document, RULE) == expected


def test_the_longest_of_the_pauses_in_work_that_goes_on_is_told_and_none_where_there_is_none() -> None:
    paused = norwegian(
        work("2026-01-13T08:00", "15:00"),
        work("2026-01-13T16:00", "20:00"),
        work("2026-01-13T23:00", "2026-01-14T09:00"),
    )
    whole = norwegian(work("2026-01-13T08:00", "2026-01-14T09:00"))

    assert said(paused, RULE).startswith(
        "Work goes on from 2026-01-13 08:00 to 2026-01-14 09:00, longer than 24 h; the longest rest in it is 3 h, from "
        "2026-01-13 20:00."
    )
    assert "Work goes on from 2026-01-13 08:00 to 2026-01-14 09:00 without a pause, longer than 24 h." in said(
        whole, RULE
    )
    assert findings(whole, RULE)[0]["measured"] == 0


def test_a_finding_is_about_the_main_period_from_its_first_start() -> None:
    found = findings(norwegian(EVENING, work("2026-01-14T08:00", "12:00"), work("2026-01-14T13:00", "16:00")), RULE)

    assert found[1]["period"] == {"start": "2026-01-14T08:00:00+01:00", "end": "2026-01-14T16:00:00+01:00"}


def test_a_rest_inside_the_day_parts_work_that_seems_to_go_on() -> None:
    document = norwegian(work("2026-01-13T00:00", "04:00"), work("2026-01-13T15:00", "2026-01-14T06:00"))

    assert verdict(document, RULE) == "met"


def test_only_main_periods_that_begin_in_the_period_are_judged_but_earlier_work_counts() -> None:
    document = norwegian(
        EVENING, work("2026-01-14T06:00", "12:00"), period={"start": "2026-01-14", "end": "2026-01-15"}
    )

    assert [one["measured"] for one in findings(document, RULE)] == [36000]


def test_the_end_of_a_finding_is_no_later_than_the_period() -> None:
    document = norwegian(
        work("2026-01-14T20:00", "2026-01-15T02:00"), period={"start": "2026-01-14", "end": "2026-01-15"}
    )

    assert findings(document, RULE)[0]["period"]["end"] == "2026-01-15T00:00:00+01:00"


def test_an_agreement_may_lower_the_rest_and_is_named() -> None:
    document = norwegian(EVENING, work("2026-01-14T04:00", "12:00"), parameters={"no.rest.daily.minimum": 8})

    assert verdict(document, RULE) == "met"
    assert "The rule is at least 8 h [your agreement]. That is exactly enough." in said(document, RULE)


@pytest.mark.parametrize(("start", "expected"), [("2026-01-14T04:00:00", "met"), ("2026-01-14T03:59:59", "broken")])
def test_no_agreement_may_lower_the_rest_under_eight_hours(start: str, expected: str) -> None:
    document = norwegian(EVENING, work(start, "12:00"), parameters={"no.rest.daily.minimum": 5})

    finding = findings(document, RULE)[1]

    assert (finding["verdict"], finding["limit"]) == (expected, 8 * 3600)
    assert finding["citation"]["parameter"]["id"] == "no.rest.daily.floor"
    assert finding["steps"][1] == "The rule is at least 5 h [your agreement]."
    assert finding["steps"][2] == (
        "No agreement may set less than 8 h [Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-8 tredje ledd; "
        "2006-01-01]; so that is the least."
    )


def test_before_the_act_nothing_is_judged() -> None:
    document = norwegian(work("2005-12-31T08:00", "20:00"), work("2006-01-01T08:00", "12:00"))

    assert [(one["verdict"], one["reason"]) for one in findings(document, RULE)] == [
        ("not_judged", "no_value"),
        ("met", None),
    ]


def test_a_particularly_independent_position_is_outside() -> None:
    document = norwegian(EVENING, work("2026-01-14T04:00", "12:00"), agreement={"self_organiser": True})

    assert [(one["verdict"], one["reason"]) for one in findings(document, RULE)] == [
        ("not_applicable", "self_organiser")
    ]


def test_unconfirmed_work_in_the_rest_is_a_question() -> None:
    document = norwegian(
        work("2026-01-13T08:00", "16:00"),
        work("2026-01-13T22:00", "22:05", confirmed=False),
        work("2026-01-14T08:00", "16:00"),
    )

    assert verdict(document, RULE) == "attention"
    assert "Was it work?" in said(document, RULE)


@pytest.mark.parametrize(
    ("seen_until", "seen_from", "expected"),
    [
        ("2026-01-13T16:00", "2026-01-14T08:00", "not_judged"),  # anything can have happened in the night
        ("2026-01-13T20:59:59", "2026-01-13T21:00", "met"),  # a second before the rest
        ("2026-01-13T21:00", "2026-01-13T21:00:01", "not_judged"),  # a second in it
        ("2026-01-14T00:00", "2026-01-14T00:00:01", "not_judged"),  # work after midnight begins the day earlier
        ("2026-01-14T08:00", "2026-01-14T08:00:01", "met"),  # during work nothing is hidden
        ("2026-01-14T23:00", "2026-01-14T23:30", "met"),  # afterwards it does not matter any more
    ],
)
def test_unobserved_time_before_a_main_period(seen_until: str, seen_from: str, expected: str) -> None:
    document = norwegian(
        work("2026-01-13T08:00", "16:00"),
        work("2026-01-14T08:00", "16:00"),
        observed=[{"start": "2026-01-01T00:00", "end": seen_until}, {"start": seen_from, "end": "2026-01-16T00:00"}],
        period={"start": "2026-01-14", "end": "2026-01-15"},
    )

    assert findings(document, RULE)[0]["verdict"] == expected


@pytest.mark.parametrize(
    ("sessions", "hole"),
    [
        # Work until half past eleven in the evening would leave an hour, work all night none: it is then one period.
        (["13T08:00/13T12:00", "14T00:30/14T08:00"], "13T23:00/14T00:30"),
        # Work from half past midnight would begin a new day; work from midnight goes on with the old one.
        (["13T16:00/14T00:00", "14T13:00/14T16:00"], "14T00:00/14T02:00"),
        (["13T16:00/14T01:00", "14T13:00/14T16:00"], "14T01:00/14T02:00"),
        # Too short, unless it was all one main period.
        (["13T16:00/14T01:00", "14T11:00/14T16:00"], "14T01:00/14T11:00"),
        (["13T20:00/13T23:00", "14T06:00/14T12:00"], "13T23:00/14T06:00"),
    ],
)
def test_unobserved_time_can_shift_the_day_that_work_belongs_to(sessions: list[str], hole: str) -> None:
    rows = [[f"2026-01-{text}" for text in one.split("/")] for one in (*sessions, hole)]
    document = norwegian(
        *(work(start, end) for start, end in rows[:-1]),
        observed=[{"start": "2026-01-01T00:00", "end": rows[-1][0]}, {"start": rows[-1][1], "end": "2026-01-16T00:00"}],
    )

    assert findings(document, RULE)[-1]["verdict"] == "not_judged"


def test_a_rest_that_is_too_short_stays_so_whatever_happened_in_it() -> None:
    document = norwegian(
        work("2026-01-13T08:00", "23:00"),
        work("2026-01-14T08:00", "16:00"),
        observed=[
            {"start": "2026-01-01T00:00", "end": "2026-01-13T23:30"},
            {"start": "2026-01-14T07:00", "end": "2026-01-16T00:00"},
        ],
    )

    assert verdict(document, RULE) == "broken"


def waiting(start: str, end: str) -> dict[str, object]:
    return work(start, end, confirmed=False)


def test_activity_over_midnight_that_waits_does_not_hide_a_short_rest_without_it() -> None:
    document = norwegian(
        work("2026-01-13T08:00", "16:00"),
        waiting("2026-01-13T16:00", "2026-01-14T01:00"),
        work("2026-01-14T01:00", "05:00"),
    )

    assert verdict(document, RULE) == "attention"


def test_a_rest_too_short_with_and_without_what_waits_is_no_question() -> None:
    document = norwegian(
        work("2028-02-24T18:30", "2028-02-25T08:15"),
        waiting("2028-02-25T08:15", "2028-02-25T16:15:01"),
        work("2028-02-25T16:15:01", "2028-02-26T04:45:01"),
    )

    assert verdict(document, RULE) == "broken"


def test_a_rest_that_is_too_short_however_the_unobserved_time_is_filled_stays_so() -> None:
    night = [work("2026-03-30T12:00", "20:00"), work("2026-03-31T01:15", "13:00")]
    seen = [
        {"start": "2026-01-01T00:00", "end": "2026-03-29T22:54:19"},
        {"start": "2026-03-30T12:00", "end": "2026-03-30T21:00:43"},
        {"start": "2026-03-31T01:15", "end": "2026-04-20T00:00"},
    ]
    filled = [work("2026-03-29T22:54:19", "2026-03-30T12:00"), work("2026-03-30T21:00:43", "2026-03-31T01:15")]

    # Filled, the work of the 31st is part of a day that begins on the 30th, an hour after the one before it.
    assert verdict(norwegian(*night, *filled), RULE) == "broken"
    assert findings(norwegian(*night, observed=seen), RULE)[-1]["verdict"] == "broken"


def test_unobserved_work_up_to_a_second_before_work_at_midnight_would_leave_no_rest() -> None:
    seen = [
        {"start": "2023-01-01T00:00", "end": "2026-01-12T20:00"},
        {"start": "2026-01-13T00:00", "end": "2026-01-31T00:00"},
    ]
    night = work("2026-01-13T00:00", "04:00")

    # Up to midnight it is one main period, and the rest before that is long enough.
    assert verdict(norwegian(work("2026-01-12T20:00", "2026-01-13T00:00"), night), RULE) == "met"
    assert verdict(norwegian(night, observed=seen), RULE) == "not_judged"


def test_a_rest_of_a_whole_day_between_two_main_periods_that_unobserved_time_would_make_can_be_compared() -> None:
    seen = [
        {"start": "2023-01-01T00:00", "end": "2026-10-24T23:00"},
        {"start": "2026-10-25T00:00", "end": "2026-11-02T00:00"},
    ]
    day = [work("2026-10-25T00:00", "00:30"), work("2026-10-25T23:30", "23:45")]  # 24 h apart, as the clock goes back

    assert verdict(norwegian(*day, observed=seen), RULE) == "not_judged"


def test_the_longest_rest_in_work_without_one_is_told_by_elapsed_hours_where_the_clock_changes() -> None:
    text = said(norwegian(work("2026-03-29T00:30", "01:30"), work("2026-03-29T03:30", "2026-03-30T02:00")), RULE)

    assert "the longest rest in it is 1 h, from 2026-03-29 01:30. The clock is changed in that time;" in text


@pytest.mark.parametrize(("start", "seconds"), [("11:00", 11 * 3600), ("10:59:59", 11 * 3600 - 1)])
def test_the_rest_is_told_in_seconds_with_the_least_and_the_number_it_rests_on(start: str, seconds: int) -> None:
    document = norwegian(work("2026-01-13T20:00", "2026-01-14T00:00"), work(f"2026-01-14T{start}", "12:00"))

    found = findings(document, RULE)[1]

    assert (found["measured"], found["limit"], found["unit"]) == (seconds, 11 * 3600, "second")
    assert found["citation"]["parameter"]["id"] == "no.rest.daily.minimum"


@pytest.mark.parametrize(("parameters", "is_checked"), [({}, True), ({"no.rest.daily.floor": 5}, False)])
def test_that_an_agreement_is_not_checked_is_not_said_where_the_least_it_may_set_is(
    parameters: dict[str, int], is_checked: bool
) -> None:
    agreed = {"no.rest.daily.minimum": 9, **parameters}

    text = said(norwegian(work("2026-01-13T08:00", "16:00"), parameters=agreed), RULE)

    sets = (
        "Your agreement sets “Daily rest in Norway: consecutive hours between two main periods of work” to 9 h in place"
    )
    assert f"{sets} of 11 h{'.' if is_checked else '; whether an agreement may set that is not checked here.'}" in text
