"""``dk.rest.daily``: the limit by a second, blocks, periods, holes, unconfirmed work, exceptions, chapter 6."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.errors import NotInForceError
from fyraften_policy.intervals import Interval, union
from fyraften_policy.rules.daily_rest import longest_rests, rest_due_seconds
from policy import oracle
from policy.documents import Document, danish, facts, findings, only, said, session, verdict
from policy.oracle import Span
from policy.strategies import works

RULE = "dk.rest.daily"
LONG_DAY = session("2026-01-13T08:00", "21:00")  # thirteen hours
EVENING = (session("2026-01-13T08:00", "16:00"), session("2026-01-13T19:00", "23:30"))  # leaves 8 h 30 min


def judged(*work: Document, **more: Any) -> str:
    return verdict(danish(*work, **more), RULE)


def exceptions(*rows: tuple[str, str]) -> Document:
    return {"rest_exceptions": [{"date": date, "ground": ground} for date, ground in rows]}


# The limit


@pytest.mark.parametrize(
    ("end", "expected", "rest"),
    [("20:59:59", "met", 39601), ("21:00:00", "met", 39600), ("21:00:01", "broken", 39599)],
)
def test_a_block_of_thirteen_hours_is_met_and_a_second_more_is_not(end: str, expected: str, rest: int) -> None:
    finding = only(danish(session("2026-01-13T08:00", end)), RULE)

    assert (finding["verdict"], finding["measured"], finding["limit"], finding["unit"]) == (
        expected,
        rest,
        39600,
        "second",
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # The clock goes forward in the block, and back: thirteen hours end an hour later or earlier on the wall.
        ("2026-03-28T20:00", "2026-03-29T10:00"),
        ("2026-10-24T20:00", "2026-10-25T08:00"),
        ("2027-12-31T20:00", "2028-01-01T09:00"),
        ("2028-02-28T20:00", "2028-02-29T09:00"),
    ],
)
def test_thirteen_hours_over_a_clock_change_are_elapsed_hours_too(start: str, end: str) -> None:
    assert judged(session(start, f"{end}:00")) == "met"
    assert judged(session(start, f"{end}:01")) == "broken"


@pytest.mark.parametrize(("gap_end", "expected"), [("19:59:59", "broken"), ("20:00:00", "met")])
def test_a_gap_below_eleven_hours_joins_and_eleven_part_even_within_a_day(gap_end: str, expected: str) -> None:
    work = (session("2026-01-13T01:00", "09:00"), session(f"2026-01-13T{gap_end}", "2026-01-14T09:00"))

    assert judged(*work) == expected


@pytest.mark.parametrize(
    ("first_end", "second", "rest"),
    [
        ("08:30:00", ("19:30:00", "20:00:00"), 12 * 3600),
        ("08:59:59", ("19:59:59", "20:59:58"), 39602),
        ("09:00:00", ("20:00:00", "21:00:00"), 39600),
        ("09:00:01", ("20:00:01", "21:00:02"), 39600),
    ],
)
def test_of_two_rests_in_the_24_hours_before_little_work_the_longest_is_told(
    first_end: str, second: tuple[str, str], rest: int
) -> None:
    """Work from eight on, then eleven hours off, then a little work again: the rest before eight may be the longer."""
    work = session("2026-01-13T08:00", f"2026-01-13T{first_end}"), session(*(f"2026-01-13T{at}" for at in second))

    later = findings(danish(*work), RULE)[-1]

    assert (later["verdict"], later["measured"]) == ("met", rest)


@pytest.mark.parametrize(("start", "count", "expected"), [("08:00:00", 2, "met"), ("07:59:59", 1, "broken")])
def test_eleven_hours_of_night_part_two_blocks_and_a_second_less_does_not(
    start: str, count: int, expected: str
) -> None:
    document = danish(LONG_DAY, session(f"2026-01-14T{start}", "12:00"))

    assert len(findings(document, RULE)) == count
    assert verdict(document, RULE) == expected


@pytest.mark.parametrize(
    ("evening", "morning", "expected", "rest"),
    [
        ("2026-03-28T22:00", "2026-03-29T10:00:00", "met", 39600),
        ("2026-03-28T22:00", "2026-03-29T09:59:59", "broken", 39599),
        ("2026-10-24T22:00", "2026-10-25T08:00:00", "met", 39600),
        ("2026-10-24T22:00", "2026-10-25T07:59:59", "broken", 39599),
    ],
)
def test_over_a_clock_change_rest_is_elapsed_time(evening: str, morning: str, expected: str, rest: int) -> None:
    before = session(evening.replace("T22", "T14"), evening)
    after = session(morning, "16:00")

    worst = min(findings(danish(before, after), RULE), key=lambda one: one["measured"])

    assert (worst["verdict"], worst["measured"]) == (expected, rest)


def test_the_rest_that_counts_is_the_longest_unbroken_one() -> None:
    nights = danish(LONG_DAY, session("2026-01-14T02:00", "02:00:01"), session("2026-01-14T08:00", "12:00"))

    assert [one["measured"] for one in findings(nights, RULE)] == [21599]


def test_a_second_of_work_in_the_night_counts_as_work() -> None:
    assert judged(LONG_DAY, session("2026-01-14T08:00", "21:00")) == "met"
    assert judged(LONG_DAY, session("2026-01-14T03:00", "03:00:01"), session("2026-01-14T08:00", "21:00")) == "broken"


def test_where_work_works_and_on_what_does_not_matter() -> None:
    rows = [session("2026-01-13T08:00", "15:00", place="elsewhere", workstation="mobile", screen=False), LONG_DAY]

    assert judged(*rows) == judged(LONG_DAY)


# Blocks, findings and steps


def test_a_finding_speaks_of_one_block_and_says_how_it_was_counted() -> None:
    finding = only(danish(*EVENING, session("2026-01-14T08:00", "12:00")), RULE)

    assert finding["force"] == "law"
    assert finding["period"] == {"start": "2026-01-13T08:00:00+01:00", "end": "2026-01-14T12:00:00+01:00"}
    assert finding["citation"]["provision"] == "§ 50, stk. 1; § 3"
    assert finding["citation"]["url"].startswith("https://at.dk/")
    expected = {"id": "dk.rest.daily.minimum", "value": 11, "unit": "hour", "from": "2002-05-23", "replaced": False}
    assert finding["citation"]["parameter"].items() >= expected.items()
    assert finding["steps"] == [
        "Work from 2026-01-13 08:00 to 2026-01-14 12:00, with no rest of 11 h in between.",
        "In the 24 h before 2026-01-13 23:30 the longest rest is 8 h 30 min: from"
        " 2026-01-12 23:30 to 2026-01-13 08:00.",
        "In the 24 h before 2026-01-14 12:00 the longest rest is 8 h 30 min: from"
        " 2026-01-13 23:30 to 2026-01-14 08:00.",
        "The rule is at least 11 h [Arbejdsmiljøloven (LBK 2062/2021); bekendtgørelse 324/2002 om hvileperiode og"
        " fridøgn m.v., § 50, stk. 1; § 3; 2002-05-23].",
        "11 h less 8 h 30 min is 2 h 30 min: the rest is short by 2 h 30 min.",
    ]


@pytest.mark.parametrize(
    ("day", "after", "is_told"),
    [("2026-03-28", "2026-03-29", True), ("2026-10-24", "2026-10-25", True), ("2026-03-27", "2026-03-28", False)],
)
@pytest.mark.parametrize("start", ["10:00", "09:00"])
def test_a_change_of_the_clock_is_told_where_the_hours_are_counted(
    day: str, after: str, start: str, *, is_told: bool
) -> None:
    found = findings(danish(session(f"{day}T14:00", "22:00"), session(f"{after}T{start}", "12:00")), RULE)

    assert ("The clock is changed in that time; hours are counted as they pass." in said(found[-1])) is is_told
    assert all("clock" not in said(one) for one in found[:-1])


def test_with_another_window_a_change_of_the_clock_is_told_as_well() -> None:
    longer = {"dk.rest.daily.window": 25}

    plain, changed = (
        only(danish(session(f"{day}T06:00", "12:00"), parameters=longer), RULE) for day in ("2026-03-28", "2026-03-29")
    )

    assert "clock" not in said(plain)
    assert "In the 25 h before 2026-03-29 12:00 the longest rest is 19 h: from 2026-03-28 10:00 to" in said(changed)
    assert "The clock is changed" in said(changed)


def test_a_day_that_is_all_work_has_no_rest_to_tell_of() -> None:
    finding = only(danish(session("2026-01-13T08:00", "2026-01-14T09:00")), RULE)

    assert finding["measured"] == 0
    assert "In the 24 h before 2026-01-14 09:00 there is no time without work." in (finding["steps"])


def test_a_block_that_is_met_ends_with_the_comparison() -> None:
    finding = only(danish(session("2026-01-13T08:00", "21:00")), RULE)

    assert finding["steps"][1:] == [
        "In the 24 h before 2026-01-13 21:00 the longest rest is 11 h: from 2026-01-12 21:00 to 2026-01-13 08:00.",
        "That is no less than the 11 h of the rule [Arbejdsmiljøloven (LBK 2062/2021); bekendtgørelse 324/2002 om"
        " hvileperiode og fridøgn m.v., § 50, stk. 1; § 3; 2002-05-23]: it is met.",
    ]


def test_the_rest_since_the_last_work_is_told_from_its_own_start() -> None:
    found = findings(danish(session("2026-01-12T12:00", "20:00"), session("2026-01-13T08:00", "16:00")), RULE)

    assert "the longest rest is 12 h: from 2026-01-12 20:00 to 2026-01-13 08:00." in said(found[1])


def test_a_block_without_end_is_judged_as_it_stands() -> None:
    assert judged(session("2026-01-13T08:00"), at="2026-01-13T21:00") == "met"
    assert judged(session("2026-01-13T08:00"), at="2026-01-13T21:00:01") == "broken"


# The period


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-01-12", "2026-01-14", "broken"),
        ("2026-01-14", "2026-01-15", "met"),
        ("2026-01-15", "2026-01-16", "not_judged"),
    ],
)
def test_only_what_falls_in_the_period_is_judged(start: str, end: str, expected: str) -> None:
    work = (session("2026-01-13T08:00", "22:00"), session("2026-01-14T10:00", "16:00"))

    assert judged(*work, period={"start": start, "end": end}) == expected


def test_earlier_work_is_used_though_it_is_not_judged() -> None:
    work = (session("2026-01-13T12:00", "22:00"), session("2026-01-14T06:00", "12:00"))
    document = danish(*work, period={"start": "2026-01-14", "end": "2026-01-15"})

    assert only(document, RULE)["measured"] == 8 * 3600
    assert only(document, RULE)["period"]["start"] == "2026-01-14T00:00:00+01:00"


def test_work_over_the_end_of_the_period_is_judged_up_to_it() -> None:
    work = session("2026-01-13T11:00", "2026-01-14T02:00")

    assert judged(work, period={"start": "2026-01-13", "end": "2026-01-14"}, at="2026-01-15T00:00") == "met"
    assert judged(work, period={"start": "2026-01-13", "end": "2026-01-15"}) == "broken"


def test_a_block_that_only_rests_in_the_period_is_not_judged_there() -> None:
    longer = {"dk.rest.daily.minimum": 40, "dk.rest.daily.window": 72}
    work = (session("2026-01-13T08:00", "16:00"), session("2026-01-15T07:00", "12:00"))

    assert judged(*work, period={"start": "2026-01-14", "end": "2026-01-15"}, parameters=longer) == "not_judged"


def test_before_the_law_there_is_no_value() -> None:
    finding = only(danish(session("2002-05-20T08:00", "23:00")), RULE)

    assert (finding["verdict"], finding["reason"]) == ("not_judged", "no_value")
    assert finding["citation"]["parameter"] is None


@pytest.mark.parametrize(("first_end", "expected"), [("00:00:00", "not_judged"), ("00:00:01", "broken")])
def test_a_long_block_is_judged_only_if_all_its_work_ends_under_the_law(first_end: str, expected: str) -> None:
    work = (session("2002-05-22T08:00", f"2002-05-23T{first_end}"), session("2002-05-23T02:00", "12:00"))

    assert judged(*work) == expected


@pytest.mark.parametrize("end", ["2002-05-23T00:00:00", "2002-05-23T00:00:01"])
def test_the_rest_due_after_the_last_work_goes_by_the_day_on_which_it_ends(end: str) -> None:
    told = facts(danish(session("2002-05-22T16:00", end)))
    busy = told.reported(with_unconfirmed=True)

    if end.endswith("00"):
        with pytest.raises(NotInForceError):
            rest_due_seconds(told, busy)
    else:
        assert rest_due_seconds(told, busy) == 39600


def test_on_the_night_the_law_began_an_exception_cannot_be_looked_up_either() -> None:
    work = session("2002-05-22T22:00", "2002-05-23T14:00")

    assert judged(work, agreement=exceptions(("2002-05-22", "force_majeure"))) == "not_judged"


# What is not known


OBSERVED_DAY = session("2026-01-12T00:00", "2026-01-13T18:00")


def test_a_hole_that_could_hide_work_leaves_the_next_day_open() -> None:
    document = danish(
        session("2026-01-13T08:00", "18:00"), session("2026-01-14T08:00", "16:00"),
        observed=[OBSERVED_DAY, session("2026-01-14T08:00", "18:00")],
    )  # fmt: skip

    first, second = findings(document, RULE)

    assert first["verdict"] == "met"
    assert (second["verdict"], second["reason"], second["measured"]) == ("not_judged", "unobserved", None)
    decided = "Taken as rest, the unobserved time gives “met”; taken as work, “not met”. So it is not judged."
    assert decided in second["steps"]


@pytest.mark.parametrize(("until", "expected"), [("05:00:00", "met"), ("04:59:59", "not_judged")])
def test_a_hole_short_enough_to_leave_eleven_hours_changes_nothing(until: str, expected: str) -> None:
    observed = [OBSERVED_DAY, session("2026-01-13T18:00", f"2026-01-14T{until}"), session("2026-01-14T08:00", "18:00")]

    assert (
        judged(session("2026-01-13T08:00", "18:00"), session("2026-01-14T08:00", "16:00"), observed=observed)
        == expected
    )


def test_a_day_too_long_is_broken_whatever_the_holes_hold() -> None:
    assert judged(session("2026-01-13T08:00", "21:00:01"), observed=[]) == "broken"


def test_before_the_first_observation_nothing_is_known() -> None:
    observed = [session("2026-01-13T07:00", "18:00")]

    assert judged(session("2026-01-13T08:00", "10:00"), observed=observed) == "not_judged"
    assert (
        judged(session("2026-01-13T08:00", "10:00"), observed=[session("2026-01-12T21:00", "2026-01-13T18:00")])
        == "met"
    )


def test_unconfirmed_work_is_a_question() -> None:
    waiting = session("2026-01-13T22:40", "22:45", confirmed=False)
    finding = only(danish(session("2026-01-13T08:00", "16:00"), waiting, session("2026-01-14T08:00", "16:00")), RULE)

    assert (finding["verdict"], finding["measured"], finding["reason"]) == ("attention", 33300, None)
    assert "Was it work? The answer decides." in said(finding)


def test_a_day_too_long_stays_broken_though_unconfirmed_work_joins_it_to_the_next() -> None:
    waiting = session("2026-01-14T04:00", "04:10", confirmed=False)

    assert judged(session("2026-01-13T08:00", "23:00"), waiting, session("2026-01-14T10:00", "16:00")) == "broken"


def test_of_the_blocks_that_unconfirmed_work_joins_the_worst_is_told() -> None:
    waiting = session("2026-01-14T03:00", "03:10", confirmed=False)
    fourteen, fifteen = session("2026-01-13T08:00", "22:00"), session("2026-01-14T09:00", "2026-01-15T00:00")
    turned = (session("2026-01-13T07:00", "22:00"), session("2026-01-14T09:00", "23:00"))

    assert only(danish(fourteen, waiting, fifteen), RULE)["measured"] == 9 * 3600
    assert only(danish(turned[0], waiting, turned[1]), RULE)["measured"] == 9 * 3600


def test_no_rest_at_all_is_worse_than_a_second() -> None:
    a_second = (session("2026-01-12T00:00", "12:00"), session("2026-01-12T12:00:01", "2026-01-13T02:00"))
    waiting = session("2026-01-13T08:00", "08:10", confirmed=False)

    finding = only(danish(*a_second, waiting, session("2026-01-13T14:00", "2026-01-14T15:00")), RULE)

    assert (finding["verdict"], finding["measured"]) == ("broken", 0)


def test_only_rests_that_are_too_short_are_told_of_a_block_that_is_broken() -> None:
    finding = only(danish(LONG_DAY, session("2026-01-14T07:00", "12:00")), RULE)

    assert [step[:38] for step in finding["steps"] if "longest rest" in step] == [
        "In the 24 h before 2026-01-14 12:00 th"
    ]


def test_unconfirmed_work_alone_is_a_question_where_it_would_break() -> None:
    assert judged(session("2026-01-13T08:00", "23:00", confirmed=False)) == "attention"
    assert judged(session("2026-01-13T08:00", "20:00", confirmed=False)) == "met"


def test_unconfirmed_work_does_not_move_the_day_of_an_exception() -> None:
    waiting = session("2026-01-12T23:00", "23:05", confirmed=False)
    late = exceptions(("2026-01-13", "force_majeure"))

    assert judged(*EVENING, agreement=late) == "excepted"
    assert judged(waiting, *EVENING, agreement=late) == "attention"


# A collective agreement's own number


@pytest.mark.parametrize(("end", "expected"), [("22:00:00", "met"), ("22:00:01", "broken")])
def test_a_replaced_minimum_is_judged_by_and_named(end: str, expected: str) -> None:
    finding = only(danish(session("2026-01-13T08:00", end), parameters={"dk.rest.daily.minimum": 10}), RULE)

    assert (finding["verdict"], finding["limit"]) == (expected, 36000)
    assert "10 h of the rule [your agreement]: it is met." in said(finding) or expected == "broken"
    assert ("The rule is at least 10 h [your agreement]." in finding["steps"]) is (expected == "broken")
    assert "Your agreement sets" in said(finding)
    assert finding["citation"]["parameter"]["replaced"] is True
    assert finding["citation"]["parameter"]["from"] is None


# The longest rests behind many ends, in one pass


@given(works(), st.lists(st.integers(0, 6 * 86400), min_size=1, max_size=5), st.integers(1, 90_000))
def test_the_longest_rests_are_those_found_one_by_one(work: list[Span], offsets: list[int], window: int) -> None:
    first = min(work)[0]
    ends = sorted(first + offset for offset in offsets)

    rests = list(longest_rests(union(work), ends, window))

    assert rests == [oracle.longest_free(work, (end - window, end)) for end in ends]


def test_without_work_the_whole_window_is_rest() -> None:
    assert list(longest_rests([], [100], 60)) == [60]
    assert list(longest_rests([Interval(0, 500)], [100], 60)) == [0]
