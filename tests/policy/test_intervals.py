"""Intervals: union, joining over gaps, what is left, what is free."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.intervals import (
    Interval,
    Tally,
    clip,
    free_time,
    intersect,
    join,
    longest,
    subtract,
    total,
    union,
    union_of_sorted,
)

pairs = st.tuples(st.integers(0, 60), st.integers(0, 60))
many = st.lists(pairs, max_size=8)


def seconds(intervals: list[tuple[int, int]]) -> set[int]:
    """Return the seconds that the intervals cover, one by one."""
    return {second for start, end in intervals for second in range(start, end)}


def is_tidy(intervals: list[Interval]) -> bool:
    """Tell whether a result is sorted, without empty intervals, overlaps and touching ends."""
    edges = [edge for interval in intervals for edge in interval]
    return edges == sorted(set(edges)) and all(isinstance(interval, Interval) for interval in intervals)


def test_the_length_is_the_elapsed_seconds() -> None:
    assert Interval(10, 25).length == 15


def test_touching_intervals_become_one() -> None:
    assert union([(20, 30), (10, 20)]) == [(10, 30)]


def test_an_interval_inside_another_changes_nothing() -> None:
    assert union([(10, 30), (12, 15)]) == [(10, 30)]


def test_empty_and_backward_intervals_are_left_out() -> None:
    assert union([(10, 10), (9, 3)]) == []


@pytest.mark.parametrize(("gap", "joined"), [(4, [(0, 10), (14, 20)]), (5, [(0, 20)])])
def test_join_fills_gaps_shorter_than_the_given_one_and_no_longer_ones(gap: int, joined: list[tuple[int, int]]) -> None:
    assert join([(14, 20), (0, 10)], gap) == joined


def test_joining_over_no_gap_still_joins_what_touches() -> None:
    assert join([(0, 5), (5, 9), (10, 12)], 0) == [(0, 9), (10, 12)]


def test_free_time_has_both_ends_of_the_window() -> None:
    assert free_time([(3, 5)], (0, 9)) == [(0, 3), (5, 9)]


def test_a_window_without_length_has_no_free_time() -> None:
    assert free_time([], (4, 4)) == []


def test_what_is_outside_the_window_does_not_matter() -> None:
    assert free_time([(-5, 2), (8, 30)], (0, 10)) == [(2, 8)]


def test_the_longest_of_nothing_is_zero() -> None:
    assert longest([]) == 0
    assert longest([Interval(0, 3), Interval(5, 9)]) == 4


def test_clip_of_a_backward_window_is_empty() -> None:
    assert clip([Interval(0, 10)], (7, 3)) == []


def test_nothing_changes_its_arguments() -> None:
    first, second = [(5, 9), (0, 6)], [(2, 3)]

    for operation in (union, lambda work: join(work, 3), lambda work: subtract(work, second)):
        operation(first)

    assert (first, second) == ([(5, 9), (0, 6)], [(2, 3)])


@given(many)
def test_union_covers_the_same_seconds(intervals: list[tuple[int, int]]) -> None:
    result = union(intervals)

    assert seconds(result) == seconds(intervals)
    assert is_tidy(result)
    assert total(intervals) == len(seconds(intervals))
    assert union_of_sorted(sorted(intervals)) == result


@given(many, many)
def test_intersection_and_difference_split_the_first(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    common, left = intersect(first, second), subtract(first, second)

    assert seconds(common) == seconds(first) & seconds(second)
    assert seconds(left) == seconds(first) - seconds(second)
    assert is_tidy(common)
    assert is_tidy(left)


@given(many, pairs)
def test_busy_and_free_make_up_the_window(busy: list[tuple[int, int]], window: tuple[int, int]) -> None:
    free = free_time(busy, window)
    inside = intersect(busy, [window])

    assert seconds(free) | seconds(inside) == seconds([window])
    assert not seconds(free) & seconds(inside)
    assert is_tidy(free)


@given(many, pairs)
def test_clip_is_the_intersection_with_one_window(intervals: list[tuple[int, int]], window: tuple[int, int]) -> None:
    assert clip(union(intervals), window) == intersect(intervals, [window])


@given(many, st.integers(0, 10))
def test_join_leaves_no_gap_shorter_than_asked(intervals: list[tuple[int, int]], gap: int) -> None:
    joined = join(intervals, gap)

    assert all(after.start - before.end >= max(gap, 1) for before, after in pairwise(joined))
    assert seconds(joined) >= seconds(intervals)
    assert {edge for part in joined for edge in part} <= {edge for part in intervals for edge in part}


# Every way to lay up to two intervals, and windows, over five seconds: no edge is left to chance.

INSTANTS = range(6)
SPANS = [Interval(start, end) for start, end in product(INSTANTS, INSTANTS) if start <= end]
LAYOUTS = [[], *([span] for span in SPANS), *map(list, combinations_with_replacement(SPANS, 2))]
TIDY = [union(layout) for layout in LAYOUTS] + [[Interval(0, 1), Interval(2, 3), Interval(4, 5)]]


def test_every_union_and_join_of_two_covers_what_it_says() -> None:
    for layout, gap in product(LAYOUTS, range(4)):
        merged, joined = union_of_sorted(layout), join(reversed(layout), gap)
        filled = {edge for before, after in pairwise(merged) for edge in range(before.end, after.start)}
        filled = filled if any(after.start - before.end < gap for before, after in pairwise(merged)) else set()

        assert is_tidy(merged)
        assert seconds(merged) == seconds(layout)
        assert is_tidy(joined)
        assert seconds(joined) == seconds(layout) | filled


def test_every_intersection_and_difference_is_exact() -> None:
    three = [Interval(0, 1), Interval(2, 3), Interval(4, 5)]
    for first, second in product([*LAYOUTS[::2], three], [*LAYOUTS[1::2], three]):
        common, left = intersect(first, second), subtract(first, second)

        assert (seconds(common), is_tidy(common)) == (seconds(first) & seconds(second), True)
        assert (seconds(left), is_tidy(left)) == (seconds(first) - seconds(second), True)


def test_every_window_shows_its_part_and_what_is_free_in_it() -> None:
    for tidy, start, end in product(TIDY, INSTANTS, INSTANTS):
        inside, free = clip(tidy, (start, end)), free_time(tidy, (start, end))

        assert (seconds(inside), is_tidy(inside)) == (seconds(tidy) & set(range(start, end)), True)
        assert (seconds(free), is_tidy(free)) == (set(range(start, end)) - seconds(tidy), True)


def test_a_tally_knows_how_much_lies_between_any_two_instants() -> None:
    for tidy, start in product(TIDY, INSTANTS):
        tally = Tally(tidy)

        assert [tally.within(start, end) for end in range(start, 7)] == [
            len(seconds(tidy) & set(range(start, end))) for end in range(start, 7)
        ]
