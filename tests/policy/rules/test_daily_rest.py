"""``dk.rest.daily``: the limit by a second, blocks, periods, holes, unconfirmed work, exceptions, chapter 6."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.intervals import Interval, union
from fyraften_policy.rules.daily_rest import longest_rests
from policy import oracle
from policy.documents import Document, danish, findings, only, said, session, verdict
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
        "In the 24 h before 2026-01-13 23:30, from 2026-01-12 23:30 on, the longest rest is 8 h 30 min: from 2026-01-12"
        " 23:30 to 2026-01-13 08:00.",
        "In the 24 h before 2026-01-14 12:00, from 2026-01-13 12:00 on, the longest rest is 8 h 30 min: from 2026-01-13"
        " 23:30 to 2026-01-14 08:00.",
        "The rule is at least 11 h [Arbejdsmiljøloven (LBK 2062/2021); bekendtgørelse 324/2002 om hvileperiode og"
        " fridøgn m.v., § 50, stk. 1; § 3; 2002-05-23].",
        "11 h less 8 h 30 min is 2 h 30 min: the rest is short by 2 h 30 min.",
    ]


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


def test_unconfirmed_work_alone_is_a_question_where_it_would_break() -> None:
    assert judged(session("2026-01-13T08:00", "23:00", confirmed=False)) == "attention"
    assert judged(session("2026-01-13T08:00", "20:00", confirmed=False)) == "met"


def test_unconfirmed_work_does_not_move_the_day_of_an_exception() -> None:
    waiting = session("2026-01-12T23:00", "23:05", confirmed=False)
    late = exceptions(("2026-01-13", "force_majeure"))

    assert judged(*EVENING, agreement=late) == "excepted"
    assert judged(waiting, *EVENING, agreement=late) == "attention"


# Who is outside, and chapter 6


@pytest.mark.parametrize("reason", ["self_organiser", "foster_care"])
def test_who_is_outside_the_rule_is_not_judged_by_it(reason: str) -> None:
    finding = only(danish(session("2026-01-13T06:00", "23:00"), agreement={reason: True}), RULE)

    assert (finding["verdict"], finding["reason"]) == ("not_applicable", reason)


CHAPTER_6 = {"chapter_6": "2025-06-01", "plans_own_time": True}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "excepted"),
        ({"plans_own_time": False}, "broken"),
        ({"plans_own_time": False, "unmeasurable_time": True}, "excepted"),
        ({"works_only_at_home": True}, "broken"),
        ({"on_call": True}, "broken"),
        ({"chapter_6": "2026-01-13"}, "excepted"),
        ({"chapter_6": "2026-01-14"}, "broken"),
    ],
)
def test_chapter_6_needs_all_its_conditions(change: Document, expected: str) -> None:
    finding = only(danish(*EVENING, agreement={**CHAPTER_6, **change}), RULE)

    assert finding["verdict"] == expected
    assert ("chapter 6 covers it" in said(finding)) is (expected == "excepted")
    assert ("chapter 6 is of" in said(finding) or "does not cover" in said(finding)) is (expected == "broken")


def test_chapter_6_has_nothing_to_cover_where_the_rest_was_met() -> None:
    assert judged(LONG_DAY, agreement=CHAPTER_6) == "met"


# Recorded exceptions

ACCOUNTS = exceptions(("2026-01-13", "annual_accounts"))


@pytest.mark.parametrize(
    "ground", ["annual_accounts", "evening_meeting", "state_agreement", "shift_change", "force_majeure"]
)
def test_a_recorded_exception_covers_a_shorter_rest_and_is_named(ground: str) -> None:
    finding = only(danish(*EVENING, agreement=exceptions(("2026-01-13", ground))), RULE)

    assert finding["verdict"] == "excepted"
    assert finding["measured"] == 30600
    assert "An exception is recorded for 2026-01-13: " in said(finding)
    assert finding["steps"][-1] == (
        "The missing 2 h 30 min is added to the rest that follows: 11 h + 2 h 30 min = 13 h 30 min, until 2026-01-14"
        " 13:00."
    )


@pytest.mark.parametrize("day", ["2026-01-12", "2026-01-14"])
def test_an_exception_holds_for_the_block_that_starts_on_its_date_only(day: str) -> None:
    assert judged(*EVENING, agreement=exceptions((day, "annual_accounts"))) == "broken"


def test_the_date_is_that_of_the_start_of_the_block_also_after_midnight() -> None:
    night = (session("2026-01-13T14:00", "2026-01-14T03:30"),)

    assert judged(*night, agreement=exceptions(("2026-01-13", "force_majeure"))) == "excepted"
    assert judged(*night, agreement=exceptions(("2026-01-14", "force_majeure"))) == "broken"


@pytest.mark.parametrize(("end", "expected"), [("2026-01-14T00:00:00", "excepted"), ("2026-01-14T00:00:01", "broken")])
def test_even_with_an_exception_eight_hours_are_the_floor(end: str, expected: str) -> None:
    finding = only(danish(session("2026-01-13T08:00", end), agreement=ACCOUNTS), RULE)

    assert finding["verdict"] == expected
    assert ("Even with an exception the rest must be at least 8 h [" in said(finding)) is (expected == "broken")


@pytest.mark.parametrize(("start", "expected"), [("13:00:00", "excepted"), ("12:59:59", "broken")])
def test_the_rest_that_follows_is_longer_by_what_was_missing(start: str, expected: str) -> None:
    found = findings(danish(*EVENING, session(f"2026-01-14T{start}", "17:00"), agreement=ACCOUNTS), RULE)

    assert found[0]["verdict"] == expected
    last = "13 h 29 min 59 s; compensation follows the work at once [" if expected == "broken" else "13 h 30 min: the"
    assert f"Work began again after {last}" in found[0]["steps"][-1]


@pytest.mark.parametrize("start", ["07:30", "08:00", "10:29"])
def test_a_rest_too_short_to_part_the_blocks_does_not_make_good_either(start: str) -> None:
    assert judged(*EVENING, session(f"2026-01-14T{start}", "12:00"), agreement=ACCOUNTS) == "broken"


def test_a_pause_within_the_evening_is_no_rest_that_follows() -> None:
    work = (
        session("2026-01-13T08:00", "16:00"),
        session("2026-01-13T20:00", "21:30"),
        session("2026-01-13T22:00", "23:00"),
    )

    finding = only(danish(*work, agreement=ACCOUNTS), RULE)

    assert finding["verdict"] == "excepted"
    assert finding["steps"][-1] == (
        "The missing 2 h is added to the rest that follows: 11 h + 2 h = 13 h, until 2026-01-14 12:00."
    )


def test_a_shortened_night_is_made_good_after_the_second_day() -> None:
    nights = (session("2026-01-13T12:00", "23:00"), session("2026-01-14T08:00", "17:00"))

    assert judged(*nights, agreement=ACCOUNTS) == "excepted"
    assert judged(*nights, session("2026-01-15T06:00", "08:00"), agreement=ACCOUNTS) == "excepted"
    assert judged(*nights, session("2026-01-15T05:59:59", "08:00"), agreement=ACCOUNTS) == "broken"


def test_one_exception_does_not_carry_a_week_of_short_nights() -> None:
    nights = [session(f"2026-01-{day}T08:00", "23:00") for day in range(13, 17)]

    assert judged(*nights, agreement=ACCOUNTS) == "broken"


def long_days(*days: str) -> list[Document]:
    return [session(f"{day}T08:00", "22:00") for day in days]


@pytest.mark.parametrize(
    ("ground", "allowed"), [("annual_accounts", 14), ("evening_meeting", 20)],
)  # fmt: skip
def test_a_ground_is_used_so_many_times_a_calendar_year_and_once_more_is_too_often(ground: str, allowed: int) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 28, 3)][: allowed + 1]
    agreement = exceptions(*((day, ground) for day in days))

    verdicts = [one["verdict"] for one in findings(danish(*long_days(*days), agreement=agreement), RULE)]

    assert verdicts == ["excepted"] * allowed + ["broken"]


def test_a_new_calendar_year_begins_to_count_anew() -> None:
    days = [f"2025-12-{day:02}" for day in range(1, 29, 2)]
    rows = [(day, "annual_accounts") for day in [*days, "2026-01-13"]]

    assert judged(*long_days("2026-01-13"), agreement=exceptions(*rows)) == "excepted"
    assert judged(*long_days("2025-12-30"), agreement=exceptions(*rows, ("2025-12-30", "annual_accounts"))) == "broken"


@pytest.mark.parametrize(
    ("days", "verdicts"),
    [
        (["2026-01-12", "2026-01-15"], ["excepted", "broken"]),
        (["2026-01-15", "2026-01-19"], ["excepted", "excepted"]),
        (["2026-01-15", "2026-01-18"], ["excepted", "broken"]),
    ],
)
def test_the_state_agreement_allows_one_a_week_from_monday_to_sunday(days: list[str], verdicts: list[str]) -> None:
    agreement = exceptions(*((day, "state_agreement") for day in days))

    assert [one["verdict"] for one in findings(danish(*long_days(*days), agreement=agreement), RULE)] == verdicts


def test_a_local_agreement_may_allow_two_a_week() -> None:
    days = ["2026-01-12", "2026-01-15"]
    agreement = exceptions(*((day, "state_agreement") for day in days))
    parameters = {"dk.rest.daily.exception.state_agreement": 2}

    found = findings(danish(*long_days(*days), agreement=agreement, parameters=parameters), RULE)

    assert [one["verdict"] for one in found] == ["excepted", "excepted"]
    assert "to 2 in place of 1" in said(found[0])
    assert "It is number 1 on this ground in 2026-W03, of at most 2 [your agreement]." in found[0]["steps"]


@pytest.mark.parametrize("ground", ["shift_change", "force_majeure"])
def test_other_grounds_have_no_quota(ground: str) -> None:
    days = [f"2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in range(1, 28, 3)]

    assert judged(*long_days(*days), agreement=exceptions(*((day, ground) for day in days))) == "excepted"


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
