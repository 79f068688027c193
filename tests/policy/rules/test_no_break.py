"""``no.break``: a break in more than five and a half hours, half an hour of breaks from eight hours on."""

from __future__ import annotations

import pytest

from policy.norwegian import Document, findings, norwegian, said, verdict, work

RULE = "no.break"


def day(*times: str) -> list[Document]:
    """Return the work of one day: ``day("08:00/12:00", "12:30/16:30")``."""
    return [work(f"2026-01-13T{pair.split('/')[0]}", pair.split("/")[1]) for pair in times]


@pytest.mark.parametrize(
    ("times", "expected", "breaks", "due"),
    [
        (["08:00/13:30"], "met", 0, 0),
        (["08:00/13:30:01"], "attention", 0, 300),
        (["08:00/12:00", "12:04:59/13:35"], "attention", 0, 300),
        (["08:00/12:00", "12:05/13:36"], "met", 300, 300),
        (["08:00/12:00", "12:05/16:04:59"], "met", 300, 300),
        (["08:00/12:00", "12:05/16:05"], "broken", 300, 1800),
        (["08:00/12:00", "12:30/16:30"], "met", 1800, 1800),
        (["08:00/12:00", "12:29:59/16:30"], "broken", 1799, 1800),
        (["08:00/10:00", "10:15/12:00", "12:15/16:30"], "met", 1800, 1800),
        (["08:00/10:00", "10:04/12:00", "12:26/16:30"], "broken", 1560, 1800),  # four minutes are no break
        (["08:00/16:00", "18:00/18:05"], "met", 7200, 1800),  # the time between the parts of a day counts
    ],
)
def test_the_breaks_of_a_day(times: list[str], expected: str, breaks: int, due: int) -> None:
    finding = findings(norwegian(*day(*times)), RULE)[0]

    assert (finding["verdict"], finding["measured"], finding["limit"]) == (expected, breaks, due)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-03-29T01:00", "2026-03-29T07:30", "met"),
        ("2026-03-29T01:00", "2026-03-29T07:30:01", "attention"),
        ("2026-10-25T01:00", "2026-10-25T05:30", "met"),
        ("2026-10-25T01:00", "2026-10-25T05:30:01", "attention"),
    ],
)
def test_over_a_clock_change_the_hours_are_elapsed_hours(start: str, end: str, expected: str) -> None:
    assert verdict(norwegian(work(start, end)), RULE) == expected


AML = "Arbeidsmiljøloven (lov 17. juni 2005 nr. 62), § 10-9 første ledd; 2006-01-01"
NOT_SEEN = "Breaks that count as working time, and those that a session runs over, are not seen here."


def steps(*times: str) -> list[str]:
    return list(findings(norwegian(*day(*times)), RULE)[0]["steps"])


def test_the_steps_of_a_long_day_add_up_its_breaks() -> None:
    assert steps("08:00/10:00", "10:05/12:00", "12:04/12:30", "12:35/16:19") == [
        "From 2026-01-13 08:00 to 2026-01-13 16:19 are 8 h 19 min; "
        "without 14 min that were free, the work is 8 h 5 min.",
        "A break from 2026-01-13 10:00 to 2026-01-13 10:05: 5 min.",
        "A break from 2026-01-13 12:30 to 2026-01-13 12:35: 5 min.",
        "Its breaks of 5 min or more: 2; together 10 min.",
        f"A break is due in more than 5 h 30 min of work [{AML}].",
        f"From 8 h of work on the breaks have a length together [{AML}].",
        f"That length is at least 30 min [{AML}].",
        "It is short by 20 min.",
        NOT_SEEN,
    ]
    assert steps("08:00/12:00", "12:30/16:30")[1:] == [
        "Its breaks of 5 min or more: 1; together 30 min.",
        f"A break is due in more than 5 h 30 min of work [{AML}].",
        f"From 8 h of work on the breaks have a length together [{AML}].",
        f"That length is at least 30 min [{AML}].",
        "That is exactly enough.",
    ]


def test_the_steps_of_a_shorter_day_say_whether_a_break_is_due_and_that_it_has_no_length() -> None:
    due = f"A break is due in more than 5 h 30 min of work [{AML}]."

    assert steps("08:00/13:30") == [
        "From 2026-01-13 08:00 to 2026-01-13 13:30 the work is 5 h 30 min.",
        "There is no time without work of 5 min or more in it.",
        due,
        "The work is no more than that, so none is due.",
    ]
    assert steps("08:00/12:00", "12:05/13:36")[1:] == [
        "Its breaks of 5 min or more: 1; together 5 min.",
        due,
        "The act sets no length for it, so that is a break.",
    ]
    assert steps("08:00/13:45")[1:] == [
        "There is no time without work of 5 min or more in it.",
        due,
        "The act sets no length for it; so it is in doubt whether there was one.",
        NOT_SEEN,
    ]


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        (["08:00/10:00", "10:15/12:00", "12:15/16:00"], "attention"),  # half an hour in two pauses
        (["08:00/10:00", "10:15/12:00", "12:14:59/16:00"], "attention"),  # the work without them is under eight hours
        (["08:00/10:00", "10:04:59/12:00", "12:04:59/16:00"], "broken"),  # no pause of five minutes
        (["08:00/16:00"], "broken"),
    ],
)
def test_pauses_at_the_screen_within_a_session_that_could_be_breaks_are_asked_about(
    active: list[str], expected: str
) -> None:
    activity = [dict(start=f"2026-01-13T{one.split('/')[0]}", end=f"2026-01-13T{one.split('/')[1]}") for one in active]
    document = norwegian(*day("08:00/16:00"), activity=activity)

    assert verdict(document, RULE) == expected
    assert ("Were they breaks?" in said(document, RULE)) == (expected == "attention")


def test_pauses_at_the_screen_are_asked_about_also_where_a_little_of_the_day_was_not_observed() -> None:
    activity = [{"start": "2026-01-13T08:00", "end": "2026-01-13T12:00"}]
    observed = [
        {"start": "2025-01-01T00:00", "end": "2026-01-13T16:00"},
        {"start": "2026-01-13T16:01", "end": "2026-02-01T00:00"},
    ]
    document = norwegian(*day("08:00/16:00"), activity=activity, observed=observed)

    assert findings(document, RULE)[0]["verdict"] == "attention"


@pytest.mark.parametrize("sessions", [["08:00/16:30"], ["08:00/12:00", "12:00/16:30"]])
def test_a_session_that_the_screen_saw_nothing_of_was_not_all_pause(sessions: list[str]) -> None:
    morning = [{"start": "2026-01-13T08:00", "end": "2026-01-13T12:00"}]
    activity = morning if len(sessions) > 1 else [{"start": "2026-01-14T08:00", "end": "2026-01-14T08:10"}]
    document = norwegian(*day(*sessions), activity=activity)

    assert findings(document, RULE)[0]["verdict"] == "broken"
    assert "Were they breaks?" not in said(document, RULE)


def test_five_minutes_without_activity_are_a_pause_that_can_have_been_a_break() -> None:
    activity = [
        {"start": f"2026-01-13T{start}", "end": f"2026-01-13T{end}"}
        for start, end in (("08:00", "10:00"), ("10:05", "13:31"))
    ]

    assert "Within the work 5 min had no activity" in said(norwegian(*day("08:00/13:31"), activity=activity), RULE)


@pytest.mark.parametrize(("end", "cited"), [("13:00", "after"), ("13:30:01", "after"), ("16:00", "total")])
def test_a_day_names_the_number_it_is_judged_by(end: str, cited: str) -> None:
    (found,) = findings(norwegian(*day(f"08:00/{end}")), RULE)

    assert found["unit"] == "second"
    assert found["citation"]["parameter"]["id"] == f"no.break.{cited}"


@pytest.mark.parametrize(("last", "expected"), [("12:10", "attention"), ("12:09:59", "broken")])
def test_pauses_at_the_screen_count_only_if_they_make_up_what_is_missing(last: str, expected: str) -> None:
    active = [("08:00", "10:00"), ("10:10", "11:00"), ("11:10", "12:00"), (last, "18:00")]
    activity = [dict(start=f"2026-01-13T{start}", end=f"2026-01-13T{end}") for start, end in active]

    assert verdict(norwegian(*day("08:00/18:00"), activity=activity), RULE) == expected


def test_a_day_that_is_not_over_can_still_have_its_break() -> None:
    for now, expected in (("2026-01-13T23:59:59", "no_complete_period"), ("2026-01-14T00:00", None)):
        document = norwegian(*day("08:00/16:00"), at=now)

        assert [one["reason"] for one in findings(document, RULE)] == [expected]


@pytest.mark.parametrize(
    ("hole", "times", "expected"),
    [
        (("2026-01-13T12:00", "2026-01-13T12:30"), ["08:00/12:00", "12:30/16:30"], "not_judged"),  # was it a break?
        (("2026-01-13T10:00", "2026-01-13T11:00"), ["08:00/10:00", "11:00/13:00"], "met"),  # too short in any case
        (("2026-01-13T18:00", "2026-01-13T19:00"), ["08:00/16:00"], "not_judged"),  # work then makes a break before
        (("2026-01-13T16:00", "2026-01-13T16:05"), ["08:00/16:00"], "broken"),  # too near for that
        (("2026-01-13T06:00", "2026-01-13T07:00"), ["08:00/16:00"], "not_judged"),
        (("2026-01-13T14:00", "2026-01-13T19:00"), ["08:00/14:00"], "not_judged"),
        (("2026-01-14T00:00", "2026-01-14T08:00"), ["08:00/16:00"], "broken"),  # another day
        (("2026-01-12T20:00", "2026-01-13T08:00"), ["08:00/16:00"], "not_judged"),  # part of the day before?
        (("2026-01-13T13:00", "2026-01-13T13:30"), ["08:00/13:00"], "met"),
        (("2026-01-13T23:30", "2026-01-14T01:59:59"), ["17:50/21:50", "22:00/23:30"], "met"),  # a second under 8 h
        (("2026-01-13T23:30", "2026-01-14T02:00"), ["17:50/21:50", "22:00/23:30"], "not_judged"),
        (("2026-01-13T13:00", "2026-01-13T13:30:01"), ["08:00/13:00"], "not_judged"),
        (("2026-01-13T20:00", "2026-01-13T20:01"), ["08:00/12:00", "12:05/13:36"], "met"),  # five minutes stay a break
        (("2026-01-13T00:00", "2026-01-13T08:00"), ["08:00/12:00", "12:30/16:30"], "met"),  # all of it on the date
        (("2026-01-14T00:00", "2026-01-14T08:00"), ["08:00/13:00"], "met"),
        (("2026-01-13T14:00", "2026-01-13T14:05"), ["08:00/14:00"], "attention"),  # five minutes and a second of work
        (("2026-01-13T14:00", "2026-01-13T14:05:01"), ["08:00/14:00"], "not_judged"),
        (("2026-01-13T07:55", "2026-01-13T08:00"), ["08:00/14:00"], "attention"),
        (("2026-01-13T07:54:59", "2026-01-13T08:00"), ["08:00/14:00"], "not_judged"),
    ],
)
def test_unobserved_time_can_make_and_take_a_break(hole: tuple[str, str], times: list[str], expected: str) -> None:
    observed = [{"start": "2025-01-01T00:00", "end": hole[0]}, {"start": hole[1], "end": "2026-02-01T00:00"}]

    assert findings(norwegian(*day(*times), observed=observed), RULE)[0]["verdict"] == expected


@pytest.mark.parametrize(("pause", "words"), [("10:30", "in doubt"), ("10:29:59", "not met")])
def test_pauses_at_the_screen_count_too_where_unobserved_time_may_have_been_no_break(pause: str, words: str) -> None:
    observed = [
        {"start": "2025-01-01T00:00", "end": "2026-01-13T12:00"},
        {"start": "2026-01-13T12:30", "end": "2026-02-01T00:00"},
    ]
    active = [("08:00", "10:00"), (pause, "12:00"), ("12:30", "16:30")]
    activity = [dict(start=f"2026-01-13T{start}", end=f"2026-01-13T{end}") for start, end in active]

    text = said(norwegian(*day("08:00/12:00", "12:30/16:30"), activity=activity, observed=observed), RULE)

    assert f"Taken as rest, the unobserved time gives “met”; taken as work, “{words}”." in text


@pytest.mark.parametrize(("hole", "expected"), [("2026-01-12T23:30", "not_judged"), (None, "met")])
def test_unobserved_time_can_join_a_short_day_to_a_long_one_before(hole: str | None, expected: str) -> None:
    observed = [{"start": "2025-01-01T00:00", "end": hole}, {"start": "2026-01-13T00:00", "end": "2026-02-01T00:00"}]
    document = norwegian(work("2026-01-12T14:00", "23:30"), work("2026-01-13T00:00", "04:00"))

    found = findings({**document, "observed": observed if hole else "all"}, RULE)

    assert found[1]["verdict"] == expected


def test_what_the_unobserved_time_makes_of_the_day_is_told_in_the_right_order() -> None:
    observed = [
        {"start": "2025-01-01T00:00", "end": "2026-01-13T12:00"},
        {"start": "2026-01-13T12:30", "end": "2026-02-01T00:00"},
    ]

    text = said(norwegian(*day("08:00/12:00", "12:30/16:30"), observed=observed), RULE)

    assert "Taken as rest, the unobserved time gives “met”; taken as work, “not met”." in text


def test_unconfirmed_work_in_a_break_is_a_question() -> None:
    document = norwegian(*day("08:00/12:00", "12:30/16:30"), work("2026-01-13T12:10", "12:20", confirmed=False))

    assert verdict(document, RULE) == "attention"


def test_a_day_without_a_break_is_no_question_where_activity_over_midnight_waits() -> None:
    document = norwegian(
        work("2026-01-15T18:50:01", "2026-01-16T05:50:02", confirmed=False),
        work("2026-01-16T05:50:02", "14:20:02"),
    )

    assert verdict(document, RULE) == "broken"


def test_activity_over_midnight_that_waits_does_not_hide_a_day_without_breaks() -> None:
    document = norwegian(
        work("2026-01-12T09:00", "21:00"),
        work("2026-01-12T23:45", "2026-01-13T12:30", confirmed=False),
        work("2026-01-13T09:00", "21:00"),
    )

    assert [one["verdict"] for one in findings(document, RULE)] == ["attention"]


def test_before_the_act_nothing_is_judged() -> None:
    found = findings(norwegian(work("2005-12-30T08:00", "16:00")), RULE)

    assert [one["reason"] for one in found] == ["no_value"]


def test_a_particularly_independent_position_is_outside() -> None:
    assert verdict(norwegian(*day("08:00/18:00"), agreement={"self_organiser": True}), RULE) == "not_applicable"
