"""What is shown of groups: every subtraction must leave nobody, or enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_service.groups import HIDDEN, NEARLY_ALL, Cell, Row, arrange, count_range, figures, shares

ROOT = Cell("all", "Everybody", None)
SALES, SUPPORT, DEPOT = (Cell(name.lower(), name, "all") for name in ("Sales", "Support", "Depot"))
FLAT = (ROOT, SALES, SUPPORT, DEPOT)


def shown(rows: Sequence[Row]) -> list[str]:
    return [f"{row.cell}, others" if row.other else row.cell for row in rows if row.shown]


def test_nine_show_nothing() -> None:
    rows = arrange([ROOT, SALES], {"sales": 9}, 10)

    assert shown(rows) == []


def test_ten_show_figures() -> None:
    rows = arrange([ROOT, SALES], {"sales": 10}, 10)

    assert shown(rows) == ["all", "sales"]


def test_a_small_group_is_not_worked_out_by_subtraction() -> None:
    rows = arrange(FLAT, {"sales": 14, "support": 12, "depot": 5}, 10)

    assert shown(rows) == ["all", "sales", "all, others"]
    (others,) = (row for row in rows if row.other)
    assert others.contains == ("support", "depot")
    assert others.members == {"all", "support", "depot"}


def test_an_only_large_group_is_held_back_with_the_small_one() -> None:
    rows = arrange([ROOT, SALES, DEPOT], {"sales": 14, "depot": 3}, 10)

    assert shown(rows) == ["all"]


def test_small_groups_that_are_enough_together_are_shown_together() -> None:
    rows = arrange(FLAT, {"sales": 14, "support": 6, "depot": 6}, 10)

    assert shown(rows) == ["all", "sales", "all, others"]


def test_an_empty_group_holds_back_nothing_else() -> None:
    rows = arrange(FLAT, {"sales": 14, "support": 12}, 10)

    assert shown(rows) == ["all", "sales", "support"]


def test_contributors_of_the_department_itself_count_as_others() -> None:
    rows = arrange([ROOT, SALES], {"sales": 14, "all": 4}, 10)

    assert shown(rows) == ["all"]


@st.composite
def organisations(draw: st.DrawFn) -> tuple[list[Cell], dict[str, int], int]:
    size = draw(st.integers(1, 7))
    cells = [ROOT]
    for number in range(1, size):
        cells.append(Cell(f"c{number}", f"Cell {number}", draw(st.sampled_from([cell.code for cell in cells]))))
    counts = {cell.code: draw(st.integers(0, 25)) for cell in cells}
    return cells, counts, draw(st.sampled_from([5, 10, 12]))


@given(organisations())
def test_no_sum_or_difference_of_what_is_shown_is_about_a_few(case: tuple[list[Cell], dict[str, int], int]) -> None:
    cells, counts, k = case
    rows = [row for row in arrange(cells, counts, k) if row.shown]

    for signs in product((-1, 0, 1), repeat=min(len(rows), 9)):
        weights = {cell.code: 0 for cell in cells}
        for sign, row in zip(signs, rows, strict=False):
            for member in row.members:
                weights[member] += sign
        inhabited = {code: weight for code, weight in weights.items() if counts[code] > 0}
        if set(inhabited.values()) <= {0, 1}:
            about = sum(counts[code] for code, weight in inhabited.items() if weight == 1)
            assert about == 0 or about >= k, (signs, shown(rows))


@given(organisations())
def test_every_shown_group_has_enough_contributors(case: tuple[list[Cell], dict[str, int], int]) -> None:
    cells, counts, k = case

    for row in arrange(cells, counts, k):
        assert not row.shown or sum(counts[member] for member in row.members) >= k


@given(organisations())
def test_every_cell_has_one_row(case: tuple[list[Cell], dict[str, int], int]) -> None:
    cells, counts, k = case
    rows = arrange(cells, counts, k)

    assert sorted(row.cell for row in rows if not row.other) == sorted(cell.code for cell in cells)


@given(organisations())
def test_the_organisation_is_shown_as_soon_as_there_are_enough(case: tuple[list[Cell], dict[str, int], int]) -> None:
    cells, counts, k = case

    assert arrange(cells, counts, k)[0].shown == (sum(counts.values()) >= k)


@pytest.mark.parametrize(
    ("count", "k", "expected"),
    [(10, 10, "10–19"), (19, 10, "10–19"), (20, 10, "20–49"), (5, 5, "5–9"), (12, 12, "12–19"), (10000, 10, "10000+")],
)
def test_a_count_is_a_range_that_starts_at_the_smallest_group_or_above(count: int, k: int, expected: str) -> None:
    assert count_range(count, k) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([5, 5], ["50", "50"]),
        ([10, 0], [NEARLY_ALL, HIDDEN]),
        ([9, 1], [NEARLY_ALL, HIDDEN]),
        ([8, 2, 0], ["80", HIDDEN, HIDDEN]),
        ([8, 1, 1], ["80", HIDDEN, HIDDEN]),
        ([33, 67], ["35", "65"]),
        ([2, 98], [HIDDEN, NEARLY_ALL]),
    ],
)
def test_shares_are_rounded_and_never_tell_of_nobody_or_everybody(counts: list[int], expected: list[str]) -> None:
    assert shares(counts) == expected


def splits(n: int, answers: int) -> Iterator[tuple[int, ...]]:
    """Every way in which n people can give so many answers."""
    if answers == 1:
        yield (n,)
        return
    for first in range(n + 1):
        yield from ((first, *rest) for rest in splits(n - first, answers - 1))


@pytest.mark.parametrize(("answers", "largest"), [(2, 60), (3, 40), (4, 24), (5, 14), (7, 11)])
def test_what_nobody_or_everybody_answered_cannot_be_told_from_the_shares(answers: int, largest: int) -> None:
    for n in range(5, largest + 1):
        told: dict[tuple[str, ...], list[tuple[int, ...]]] = {}
        for counts in splits(n, answers):
            told.setdefault(tuple(shares(counts)), []).append(counts)
        for shown_shares, possible in told.items():
            for place in range(answers):
                assert {counts[place] for counts in possible} not in ({0}, {n}), (n, shown_shares)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=7).filter(lambda counts: sum(counts) >= 5))
def test_a_share_is_a_multiple_of_five_or_withheld(counts: list[int]) -> None:
    allowed = {str(number) for number in range(5, 100, 5)} | {HIDDEN, NEARLY_ALL}

    assert set(shares(counts)) <= allowed


def test_figures_hold_ranges_and_shares_and_nothing_finer() -> None:
    answers: list[tuple[str, Mapping[str, str]]] = [
        ("sales", {"days": "1" if number < 4 else "2"}) for number in range(11)
    ]
    lines = figures([ROOT, SALES], answers, {"days": ("0", "1", "2")}, 10)

    assert lines[1] == {
        "cell": "sales",
        "name": "Sales",
        "other": False,
        "contains": [],
        "contributors": "10–19",
        "questions": [{"name": "days", "shares": [["0", HIDDEN], ["1", HIDDEN], ["2", "65"]]}],
    }


def test_figures_of_a_group_held_back_hold_no_number() -> None:
    lines = figures([ROOT, SALES], [("sales", {"days": "1"})], {"days": ("0", "1")}, 10)

    assert [(line["contributors"], line["questions"]) for line in lines] == [(None, []), (None, [])]
