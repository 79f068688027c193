"""``agreement.out_of_hours``: a second before, a second after, midnight, days off, clock changes, unconfirmed work."""

from __future__ import annotations

from typing import Any

import pytest

from fyraften_policy.rules.out_of_hours import outside_hours
from policy.documents import Document, danish, facts, findings, only, session, verdict

RULE = "agreement.out_of_hours"
WEEKDAYS = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def document(*work: Document, hours: Document | None = None, **more: Any) -> Document:
    return danish(*work, agreement={"normal_hours": WEEKDAYS if hours is None else hours}, **more)


def outside(*work: Document, **more: Any) -> int:
    """Return the seconds outside the agreed hours."""
    return sum(one["measured"] for one in findings(document(*work, **more), RULE))


def absent(kind: str) -> Document:
    return {"absences": [{"start": "2026-01-13", "end": "2026-01-13", "kind": kind}]}


@pytest.mark.parametrize(
    ("start", "end", "expected", "seconds"),
    [
        ("08:00:00", "16:00:00", "met", 0),
        ("07:59:59", "16:00:00", "broken", 1),
        ("08:00:00", "16:00:01", "broken", 1),
        ("07:00:00", "17:00:00", "broken", 7200),
    ],
)
def test_a_second_outside_the_agreed_hours_is_outside(start: str, end: str, expected: str, seconds: int) -> None:
    finding = only(document(session(f"2026-01-13T{start}", end)), RULE)

    assert (finding["verdict"], finding["measured"]) == (expected, seconds)
    assert (finding["limit"], finding["unit"], finding["force"]) == (0, "second", "agreement")


def test_the_steps_tell_the_hours_and_each_stretch_outside() -> None:
    finding = only(document(session("2026-01-13T07:30", "18:00")), RULE)

    assert finding["steps"] == [
        "From 2026-01-13 07:30 to 2026-01-13 18:00 the work is 10 h 30 min.",
        "The agreed hours of this day are 08:00–16:00 [your agreement].",
        "From 2026-01-13 07:30 to 2026-01-13 08:00 work lies outside: 30 min.",
        "From 2026-01-13 16:00 to 2026-01-13 18:00 work lies outside: 2 h.",
        "Outside the agreed hours: 2 h 30 min. The rule is none at all.",
    ]
    assert finding["period"] == {"start": "2026-01-13T00:00:00+01:00", "end": "2026-01-14T00:00:00+01:00"}


def test_the_steps_of_a_day_inside_its_hours_say_so() -> None:
    finding = only(document(session("2026-01-13T09:00", "12:00"), session("2026-01-13T12:30", "15:00:30")), RULE)

    assert finding["steps"] == [
        "From 2026-01-13 09:00 to 2026-01-13 15:00:30 the work is 5 h 30 min 30 s.",
        "The agreed hours of this day are 08:00–16:00 [your agreement].",
        "No work lies outside the agreed hours.",
    ]


def test_the_steps_name_the_hours_that_come_over_from_the_evening_before() -> None:
    hours = {"sun": [["20:00", "21:00"], ["22:00", "06:00"]], "tue": [["18:00", "00:00"]], "wed": [["08:00", "16:00"]]}
    work = (session("2026-01-11T22:00", "2026-01-12T06:00"), session("2026-01-14T08:00", "09:00"))

    sunday, monday, wednesday = findings(document(*work, hours=hours), RULE)

    assert sunday["steps"][1] == "The agreed hours of this day are 20:00–21:00, 22:00–06:00 [your agreement]."
    assert monday["steps"][1:] == [
        "The agreed hours of the evening before, 22:00–06:00, go on into this day [your agreement].",
        "No work lies outside the agreed hours.",
    ]
    assert wednesday["steps"][1] == "The agreed hours of this day are 08:00–16:00 [your agreement]."


def test_many_short_stretches_outside_are_told_one_by_one_only_up_to_twelve() -> None:
    def steps(count: int) -> list[str]:
        work = [session(f"2026-01-13T18:{number:02}:00", f"18:{number:02}:30") for number in range(count)]
        return list(only(document(*work), RULE)["steps"])

    assert len(steps(12)) == 2 + 12 + 1
    assert steps(14)[-2:] == [
        "Further stretches that lie outside: 2, 1 min together.",
        "Outside the agreed hours: 7 min. The rule is none at all.",
    ]


def test_each_date_with_work_has_a_finding_of_its_own() -> None:
    found = findings(
        document(session("2026-01-13T09:00", "12:00"), session("2026-01-14T20:00", "2026-01-15T01:00")), RULE
    )

    assert [(one["verdict"], one["measured"]) for one in found] == [("met", 0), ("broken", 14400), ("broken", 3600)]


def test_a_weekday_left_out_is_free() -> None:
    finding = only(document(session("2026-01-17T10:00", "10:01")), RULE)

    assert (finding["verdict"], finding["measured"]) == ("broken", 60)
    assert finding["steps"][1] == "This day has no agreed hours [your agreement]."


@pytest.mark.parametrize(
    ("off", "words"),
    [
        ({"public_holidays": ["2026-01-13"]}, "This day is a public holiday, without agreed hours."),
        (absent("public_holiday"), "This day is a public holiday, without agreed hours."),
        (absent("holiday"), "This day is one of absence, without agreed hours."),
        (absent("sick"), "This day is one of absence, without agreed hours."),
        (absent("leave"), "This day is one of absence, without agreed hours."),
    ],
)
def test_on_a_day_off_all_work_is_outside_from_its_first_second_to_its_last(off: Document, words: str) -> None:
    inside = only(document(session("2026-01-13T09:00", "12:00"), **off), RULE)
    hours = {"mon": [["08:00", "24:00"]], "tue": [["00:00", "24:00"]], "wed": [["00:00", "24:00"]]}

    def second(start: str, end: str) -> int:
        return outside(session(start, end), hours=hours, **off)

    assert (inside["verdict"], inside["measured"], inside["steps"][1]) == ("broken", 3 * 3600, words)
    assert second("2026-01-12T23:59:59", "2026-01-13T00:00:00") == 0
    assert second("2026-01-13T00:00:00", "2026-01-13T00:00:01") == 1
    assert second("2026-01-13T23:59:59", "2026-01-14T00:00:00") == 1
    assert second("2026-01-14T00:00:00", "2026-01-14T00:00:01") == 0


def test_a_day_has_as_many_ranges_as_were_agreed() -> None:
    hours = {"tue": [["08:00", "12:00"], ["13:00", "16:00"], ["11:00", "12:30"]]}

    assert outside(session("2026-01-13T08:00", "16:00"), hours=hours) == 1800


@pytest.mark.parametrize(
    ("last", "end", "seconds"),
    [
        ("24:00", "2026-01-14T00:00", 0),
        ("24:00", "2026-01-14T00:00:01", 1),
        ("00:00", "2026-01-14T00:00:01", 1),
        ("02:00", "2026-01-14T02:00:01", 1),
    ],
)
def test_agreed_hours_may_end_at_midnight_or_after_it(last: str, end: str, seconds: int) -> None:
    assert outside(session("2026-01-13T20:00", end), hours={"tue": [["18:00", last]]}) == seconds


def test_hours_up_to_midnight_are_told_to_end_at_24() -> None:
    finding = only(document(session("2026-01-13T20:00", "21:00"), hours={"tue": [["18:00", "24:00"]]}), RULE)

    assert finding["steps"][1] == "The agreed hours of this day are 18:00–24:00 [your agreement]."


def test_work_in_both_halves_of_a_day_is_inside_its_hours() -> None:
    work = (session("2026-01-13T08:00", "12:00"), session("2026-01-13T13:00", "16:00"))

    finding = only(document(*work, hours={"tue": [["08:00", "12:00"], ["13:00", "16:00"]]}), RULE)

    assert (finding["verdict"], finding["measured"], finding["limit"]) == ("met", 0, 0)
    assert finding["steps"] == [
        "From 2026-01-13 08:00 to 2026-01-13 16:00 the work is 7 h.",
        "The agreed hours of this day are 08:00–12:00, 13:00–16:00 [your agreement].",
        "No work lies outside the agreed hours.",
    ]


def test_a_range_from_eight_to_eight_is_a_whole_day() -> None:
    work = session("2026-01-13T07:59:59", "2026-01-14T08:00:01")

    assert outside(work, hours={"tue": [["08:00", "08:00"]]}) == 2


def test_the_hours_of_the_evening_before_reach_into_a_free_day_but_not_into_a_day_off() -> None:
    work = session("2026-01-13T23:00", "2026-01-14T02:00")
    hours = {"tue": [["22:00", "06:00"]]}

    assert outside(work, hours=hours) == 0
    assert outside(work, hours=hours, public_holidays=["2026-01-14"]) == 7200
    assert outside(work, hours=hours, public_holidays=["2026-01-13"]) == 3 * 3600


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-03-28T22:00", "2026-03-29T06:00", 0),
        ("2026-03-28T22:00", "2026-03-29T07:00", 3600),
        ("2026-10-24T22:00", "2026-10-25T06:00", 0),
        ("2026-10-24T21:00", "2026-10-25T06:00:01", 3601),
        ("2026-03-29T01:00", "2026-03-29T04:00", 0),
    ],
)
def test_over_a_clock_change_the_agreed_hours_are_clock_times(start: str, end: str, seconds: int) -> None:
    assert outside(session(start, end), hours={"sat": [["22:00", "06:00"]]}) == seconds


@pytest.mark.parametrize(("hours", "seconds"), [([["00:00", "02:30"]], 3600), ([["02:30", "06:00"]], 3600)])
def test_agreed_hours_that_end_or_begin_in_a_skipped_hour_do_so_at_the_skip(hours: list[Any], seconds: int) -> None:
    assert outside(session("2026-03-29T01:00", "2026-03-29T04:00"), hours={"sun": hours}) == seconds


def test_a_doubled_hour_is_inside_both_times() -> None:
    work = session("2026-10-25T02:10+02:00", "2026-10-25T02:50+01:00")

    assert outside(work, hours={"sun": [["02:00", "03:00"]]}) == 0
    assert outside(work, hours={"sun": [["03:00", "04:00"]]}) == 100 * 60


def test_hours_that_end_in_the_doubled_hour_end_the_second_time() -> None:
    work = session("2026-10-25T01:00+02:00", "2026-10-25T02:30:01+01:00")

    assert outside(work, hours={"sun": [["00:00", "02:30"]]}) == 1


@pytest.mark.parametrize("day", ["2026-10-25", "2026-03-29"])
def test_on_the_day_of_a_clock_change_hours_may_end_at_midnight(day: str) -> None:
    assert outside(session(f"{day}T19:59:59", f"{day}T23:59:59"), hours={"sun": [["20:00", "24:00"]]}) == 1


def test_where_no_hours_are_agreed_and_nothing_was_worked_there_is_no_day_to_judge() -> None:
    elsewhen = {"period": {"start": "2026-01-15", "end": "2026-01-16"}}
    waiting = session("2026-01-13T08:00", "16:00", confirmed=False)

    assert only(danish(session("2026-01-13T08:00", "16:00"), **elsewhen), RULE)["reason"] == "no_complete_period"
    assert only(danish(waiting), RULE)["reason"] == "no_normal_hours"


def test_what_nobody_has_called_work_is_left_out_of_the_time_outside_unless_asked_for() -> None:
    told = facts(document(session("2026-01-13T17:00", "18:00"), session("2026-01-13T20:00", "20:05", confirmed=False)))

    certain, everything = outside_hours(told), outside_hours(told, with_unconfirmed=True)

    assert [sum(span.length for span in spans) for spans in certain.values()] == [3600]
    assert [sum(span.length for span in spans) for spans in everything.values()] == [3900]


def test_where_no_hours_are_agreed_nothing_is_judged() -> None:
    finding = only(danish(session("2026-01-13T08:00", "16:00")), RULE)

    assert (finding["verdict"], finding["reason"]) == ("not_judged", "no_normal_hours")


def test_where_no_day_has_hours_all_work_is_outside() -> None:
    assert outside(session("2026-01-13T08:00", "16:00"), hours={}) == 8 * 3600


def test_unobserved_time_does_not_matter() -> None:
    assert verdict(document(session("2026-01-13T08:00", "16:00"), observed=[]), RULE) == "met"


def test_unconfirmed_work_outside_is_a_question() -> None:
    waiting = session("2026-01-13T20:00", "20:05", confirmed=False)

    finding = only(document(session("2026-01-13T08:00", "16:00"), waiting), RULE)

    assert (finding["verdict"], finding["measured"]) == ("attention", 300)
    assert finding["steps"][-2].endswith("Was it work? The answer decides.")
    assert finding["steps"][-1] == "The activity: 2026-01-13 20:00 – 2026-01-13 20:05."
    assert verdict(document(waiting), RULE) == "attention"


def test_unconfirmed_work_inside_changes_nothing() -> None:
    assert verdict(document(session("2026-01-13T09:00", "09:05", confirmed=False)), RULE) == "met"


def test_unconfirmed_work_does_not_excuse_what_is_confirmed() -> None:
    work = (session("2026-01-13T20:00", "20:05", confirmed=False), session("2026-01-13T21:00", "21:01"))

    assert only(document(*work), RULE)["verdict"] == "broken"


def test_only_the_period_is_judged() -> None:
    work = session("2026-01-13T20:00", "2026-01-14T02:00")

    assert outside(work, period={"start": "2026-01-14", "end": "2026-01-15"}) == 7200
    assert (
        only(document(work, period={"start": "2026-01-15", "end": "2026-01-16"}), RULE)["reason"]
        == "no_complete_period"
    )


def test_work_after_the_period_is_not_judged() -> None:
    work = (session("2026-01-13T20:00", "21:00"), session("2026-01-14T20:00", "22:00"))
    period = {"start": "2026-01-13", "end": "2026-01-14"}

    assert outside(*work, period=period, at="2026-01-15T00:00") == 3600


@pytest.mark.parametrize("jurisdiction", ["DK", "NO", "EU"])
def test_the_agreement_holds_in_every_jurisdiction(jurisdiction: str) -> None:
    assert verdict(document(session("2026-01-13T20:00", "21:00"), jurisdiction=jurisdiction), RULE) == "broken"


def test_over_a_clock_change_the_reader_is_told_that_hours_are_counted_as_they_pass() -> None:
    over = only(document(session("2026-03-29T01:30", "2026-03-29T04:00")), RULE)
    plain = only(document(session("2026-03-22T01:30", "2026-03-22T04:00")), RULE)

    assert (over["measured"], plain["measured"]) == (5400, 9000)
    assert "The clock is changed in that time" in over["steps"][2]
    assert not any("clock is changed" in step for step in plain["steps"])


def test_on_the_night_of_a_clock_change_the_hours_of_a_day_off_do_not_go_on() -> None:
    night = session("2026-03-29T01:00", "2026-03-29T05:00")
    hours = {"sat": [["22:00", "06:00"]]}

    assert outside(night, hours=hours) == 0
    assert outside(night, hours=hours, public_holidays=["2026-03-28"]) == 3 * 3600
    assert outside(night, hours=hours, public_holidays=["2026-03-29"]) == 3 * 3600
