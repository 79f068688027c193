"""Main periods, blocks and the tally: days of work as the rules see them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import read_facts
from fyraften_policy.intervals import Interval, Tally, intersect, total, union
from fyraften_policy.parameters import known_parameter
from fyraften_policy.periods import DAY, parse_instant
from fyraften_policy.work_days import (
    ByDay,
    Gaps,
    blocks_around,
    both,
    clock_changes,
    day_of,
    day_with_unconfirmed,
    days_of,
    joined_over,
    longest_gap,
    main_periods,
    worked_until,
)
from policy.danish import ZONE, facts

spans = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 60)), max_size=20).map(
    lambda found: union((start, start + length) for start, length in found)
)


def test_work_past_midnight_belongs_to_the_day_on_which_it_began() -> None:
    work = facts(
        [
            "2026-01-13T08:00/2026-01-13T12:00",
            "2026-01-13T23:00/2026-01-14T01:00",
            "2026-01-14T01:05/2026-01-14T02:00",
        ]
    ).reported(with_unconfirmed=True)

    first, second = main_periods(work, ZONE)

    assert (first.day, first.seconds, first.longest_gap) == (date(2026, 1, 13), 6 * 3600, 11 * 3600)
    assert (first.end, second.start) == (work[1].end, work[2].start)
    assert (second.day, second.spans, second.longest_gap) == (date(2026, 1, 14), [work[2]], 0)


@given(spans, st.integers(0, 20), st.integers(0, 20), st.integers(0, 50))
def test_the_longest_gap_of_a_stretch_of_work_is_the_first_longest_of_its_own_gaps(
    work: list[Interval], first: int, count: int, cut: int
) -> None:
    stretch = work[first : first + count + 1]
    if stretch:
        end = max(stretch[-1].start + 1, stretch[-1].end - cut)
        found = Gaps(work).longest(stretch[0].start, end)

        gaps = [Interval(one.end, other.start) for one, other in pairwise(stretch)]
        assert (0 if found is None else found.length) == longest_gap(stretch)
        assert found == next((gap for gap in gaps if gap.length == longest_gap(stretch)), None)


def test_of_equal_gaps_the_first_is_told_and_work_that_begins_at_the_end_is_not_looked_at() -> None:
    gaps = Gaps([Interval(*span) for span in ((0, 10), (20, 30), (45, 50), (60, 70), (85, 90))])

    assert gaps.longest(0, 90) == (30, 45)
    assert gaps.longest(45, 90) == (70, 85)
    assert gaps.longest(0, 45) == (10, 20)
    assert gaps.longest(45, 60) is None


def test_the_numbers_of_dates_run_until_one_of_them_ends_and_there_are_none_before_the_first() -> None:
    limits = "dk.screen.home.limit"
    document = facts(["2026-01-13T08:00/2026-01-13T12:00"])
    first = known_parameter(limits).values[0].since
    by_day = ByDay(document, lambda day: document.parameters.on(limits, day).amount, limits)

    runs = list(by_day.runs(first - 10 * DAY, date(2026, 1, 1)))

    assert [(begin, numbers) for begin, _, numbers in runs] == [
        (first - 10 * DAY, None),
        *[(value.since, value.amount) for value in known_parameter(limits).values],
    ]
    assert [end for _, end, _ in runs] == [*[begin for begin, _, _ in runs[1:]], date(2026, 1, 1)]
    assert list(by_day.runs(first, first)) == []


def test_sessions_that_touch_at_midnight_are_one_and_a_second_apart_they_are_two_days() -> None:
    touching = facts(["2026-01-13T22:00/2026-01-14T00:00", "2026-01-14T00:00/2026-01-14T01:00"])
    apart = facts(["2026-01-13T22:00/2026-01-14T00:00", "2026-01-14T00:00:01/2026-01-14T01:00"])

    assert len(main_periods(touching.reported(True), ZONE)) == 1
    assert len(main_periods(apart.reported(True), ZONE)) == 2
    assert main_periods([], ZONE) == []


def test_where_the_clock_goes_back_over_midnight_the_repeated_hour_belongs_to_the_new_day() -> None:
    # In Havana the clock goes back from 01:00 to 00:00 on 1 November 2026.
    repeated = parse_instant("2026-11-01T00:30-05:00", "America/Havana")
    # In Apia 30 December 2011 was left out.
    after_the_gap = parse_instant("2011-12-31T00:30", "Pacific/Apia")

    # In St. John's it went back from 00:01 to 23:01 on 7 November 2010.
    second_evening = parse_instant("2010-11-06T23:30-03:30", "America/St_Johns")

    assert day_of(repeated, "America/Havana") == date(2026, 11, 1)
    assert day_of(second_evening, "America/St_Johns") == date(2010, 11, 7)
    assert day_of(after_the_gap, "Pacific/Apia") == date(2011, 12, 31)


def test_days_are_looked_at_from_the_whole_day_of_the_first_work_a_year_before_the_period() -> None:
    """370 days before 13 January 2026 it is 8 January 2025, 00:00."""
    early, late = "2025-01-06T08:00/2025-01-06T12:00", "2026-01-13T08:00/2026-01-13T12:00"
    over_midnight = ["2025-01-07T08:00/2025-01-07T12:00", "2025-01-07T22:00/2025-01-08T00:00:01"]
    period = {"start": "2026-01-13", "end": "2026-01-14"}

    told = days_of(facts([early, *over_midnight, late], period=period), True)

    assert [(day.day, day.seconds) for day in told] == [(date(2025, 1, 7), 6 * 3600 + 1), (date(2026, 1, 13), 4 * 3600)]
    assert [day.day for day in days_of(facts([*over_midnight], period=period), True)] == [date(2025, 1, 7)]
    assert days_of(facts([early], period=period), True) == []


@pytest.mark.parametrize(
    ("waiting", "expected"),
    [
        (("2026-01-12T20:00", "2026-01-12T21:00"), [13, 14]),
        (("2026-01-12T23:00", "2026-01-13T00:00"), [13, 14]),
        (("2026-01-13T23:00", "2026-01-14T00:00"), [13, 13]),
    ],
)
def test_a_day_without_the_unconfirmed_work_is_part_of_the_day_with_it_in_which_it_ends(
    waiting: tuple[str, str], expected: list[int]
) -> None:
    """The 13th has work after midnight and at noon, the 14th at midnight only."""
    work = [
        {"start": start, "end": end}
        for start, end in [
            ("2026-01-13T00:00", "2026-01-13T02:00"),
            ("2026-01-13T12:00", "2026-01-13T13:00"),
            ("2026-01-14T00:00", "2026-01-14T00:01"),
        ]
    ]
    asked = {"start": waiting[0], "end": waiting[1], "confirmed": False}
    told = read_facts({"jurisdiction": "NO", "zone": "Europe/Oslo", "work": [asked, *work], "public_holidays": []})

    assert [day_with_unconfirmed(told, date(2026, 1, day)).day for day in (13, 14)] == expected


def test_blocks_are_joined_over_gaps_shorter_than_the_rest_also_before_the_law_has_a_value() -> None:
    now = facts(["2026-01-13T08:00/2026-01-13T12:00", "2026-01-13T22:59:59/2026-01-13T23:00"])
    before = facts(["1990-01-13T08:00/1990-01-13T12:00", "1990-01-13T23:00/1990-01-13T23:30"])

    assert len(joined_over(now, now.reported(True), "dk.rest.daily.minimum")) == 1
    assert len(joined_over(before, before.reported(True), "dk.rest.daily.minimum")) == 2
    assert joined_over(now, [], "dk.rest.daily.minimum") == []


@given(spans, st.integers(-10, 500), st.integers(-10, 500))
def test_the_tally_adds_up_what_lies_between_two_instants(work: list[Interval], one: int, other: int) -> None:
    start, end = sorted((one, other))

    assert Tally(work).within(start, end) == total(intersect(work, [(start, end)]))


@given(spans, st.integers(-10, 500), st.integers(1, 200), st.integers(1, 60))
def test_the_blocks_around_a_window_are_those_of_all_blocks_that_touch_it(
    work: list[Interval], start: int, length: int, gap_minutes: int
) -> None:
    told = read_facts(
        {
            "jurisdiction": "DK", "zone": "UTC", "work": [{"start": "2026-01-13T08:00", "end": "2026-01-13T09:00"}],
            "parameters": {"dk.rest.daily.minimum": gap_minutes / 100},
        }
    )  # fmt: skip
    busy = union(Interval(36 * one.start, 36 * one.end) for one in work)
    window = Interval(36 * start, 36 * (start + length))

    found = blocks_around(told, busy, window, "dk.rest.daily.minimum")

    worked = [one for one in busy if one.start < window.end and window.start < one.end]
    assert found == [
        block
        for block in joined_over(told, busy, "dk.rest.daily.minimum")
        if any(block.start <= one.start < block.end for one in worked)
    ]


@pytest.mark.parametrize(
    ("window", "blocks"),
    [
        ((0, 1), [(0, 6)]),
        ((5, 6), [(0, 6)]),
        ((17, 18), [(17, 23)]),
        ((20, 21), [(17, 23)]),
        ((22, 23), [(17, 23)]),
        ((6, 17), []),
    ],
)
def test_a_block_is_followed_to_both_sides_up_to_a_gap_of_the_rest(
    window: tuple[int, int], blocks: list[tuple[int, int]]
) -> None:
    """In hours; the gaps before 17 and before 34 are eleven."""
    midnight = parse_instant("2026-01-13T00:00", ZONE)
    hours = ((0, 1), (5, 6), (17, 18), (20, 21), (22, 23), (34, 35))
    busy = [Interval(midnight + start * 3600, midnight + end * 3600) for start, end in hours]
    around = Interval(midnight + window[0] * 3600, midnight + window[1] * 3600)

    found = blocks_around(facts([]), busy, around, "dk.rest.daily.minimum")

    assert [((start - midnight) // 3600, (end - midnight) // 3600) for start, end in found] == blocks


def test_work_that_only_touches_a_window_is_not_inside_and_nothing_is_inside_an_empty_one() -> None:
    assert worked_until([Interval(0, 5)], (5, 10)) is None
    assert worked_until([Interval(0, 5)], (4, 10)) == 5
    assert worked_until([Interval(0, 10)], (5, 5)) is None


def test_what_two_intervals_have_in_common() -> None:
    assert both((0, 10), (5, 20)) == both((5, 20), (0, 10)) == (5, 10)
    assert both((0, 20), (5, 10)) == both((5, 10), (0, 20)) == (5, 10)
    apart = both((0, 5), (10, 20))
    assert apart.end <= apart.start


@given(spans, st.integers(-10, 500), st.integers(-10, 500))
def test_the_end_of_the_last_work_in_a_window(work: list[Interval], start: int, end: int) -> None:
    inside = intersect(work, [(start, end)]) if start < end else []

    assert worked_until(union(work), (start, end)) == (inside[-1].end if inside else None)


@pytest.mark.parametrize(
    ("start", "end", "changes"),
    [
        ("2026-03-28T12:00", "2026-03-29T01:59:59", False),
        ("2026-03-28T12:00", "2026-03-29T03:00", True),
        ("2026-03-29T03:00", "2026-03-30T12:00", False),
        ("2026-10-24T12:00", "2026-10-25T04:00", True),
        ("2026-10-25T04:00", "2026-10-25T05:00", False),
        ("2026-03-01T00:00", "2026-11-01T00:00", False),  # forward and back: the clock shows what passed
        ("2026-01-01T00:00", "2026-01-02T00:00", False),
    ],
)
def test_a_clock_change_between_two_instants(start: str, end: str, *, changes: bool) -> None:
    zone = "Europe/Copenhagen"

    assert clock_changes(parse_instant(start, zone), parse_instant(end, zone), zone) is changes


def test_numbers_by_day_are_looked_up_where_a_value_ends_and_not_before() -> None:
    told = read_facts({"jurisdiction": "DK", "zone": "UTC", "work": [], "at": "2026-01-13T08:00"})
    asked = []

    def look_up(day: date) -> int:
        asked.append(day)
        return int(told.parameters.on("dk.screen.home.limit", day).amount)

    limits = ByDay(told, look_up, "dk.screen.home.limit")
    days = [date(2022, 4, day) for day in (28, 29, 30, 30)] + [date(2022, 5, 1), date(2022, 4, 29)]

    assert [limits.on(day) for day in days] == [1, 1, 2, 2, 2, 1]
    assert asked == [date(2022, 4, 28), date(2022, 4, 30), date(2022, 4, 29)]
    with pytest.raises(NotInForceError):
        limits.on(date(2003, 4, 14))


def test_numbers_at_the_end_of_work_are_those_of_the_day_of_its_last_second() -> None:
    told = read_facts({"jurisdiction": "DK", "zone": "Europe/Copenhagen", "work": [], "at": "2026-01-13T08:00"})
    limits = ByDay(
        told, lambda day: int(told.parameters.on("dk.screen.home.limit", day).amount), "dk.screen.home.limit"
    )
    with pytest.raises(NotInForceError):
        limits.at_end(1)
    midnight = parse_instant("2022-04-30T00:00", "Europe/Copenhagen")
    begin = parse_instant("2003-04-15T00:00", "Europe/Copenhagen")

    ends = [midnight - 1, midnight, midnight + 1, midnight, begin + 1, midnight + 86_400 * 3650]

    assert [limits.at_end(end) for end in ends] == [1, 1, 2, 1, 1, 2]
    for early in (begin, begin - 1, 1, 0):
        with pytest.raises(NotInForceError):
            limits.at_end(early)
    assert limits.at_end(begin + 1) == 1
