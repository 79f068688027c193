"""The arithmetic of the service's journal: days that tell nothing, paths that lead to one root, heads in one chain."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.journal import (
    SMALLEST_DAY,
    entry_of,
    first_head,
    is_hash,
    leaves,
    next_head,
    path_of,
    root_by,
    root_of,
)

hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
days = st.lists(hashes, unique=True, max_size=70)


def nothing(number: int) -> str:
    return hashlib.sha256(b"nothing" + bytes([number])).hexdigest()


@given(days)
def test_every_entry_of_a_day_leads_to_its_root(entries: list[str]) -> None:
    day = leaves(entries, nothing)
    root = root_of(day)

    for entry in entries:
        place, path = path_of(day, entry)
        assert root_by(entry, place, path) == root


@given(days, hashes)
def test_an_entry_that_is_not_there_leads_to_no_root(entries: list[str], other: str) -> None:
    day = leaves(entries, nothing)
    root = root_of(day)

    for place, path in [path_of(day, entry) for entry in entries[:3]]:
        if other not in day:
            assert root_by(other, place, path) != root


@pytest.mark.parametrize(("count", "size"), [(0, 16), (1, 16), (16, 16), (17, 32), (32, 32), (33, 64)])
def test_a_day_tells_only_a_power_of_two(count: int, size: int) -> None:
    entries = [hashlib.sha256(bytes([number])).hexdigest() for number in range(count)]

    assert len(leaves(entries, nothing)) == size
    assert SMALLEST_DAY == 16


@given(st.permutations([hashlib.sha256(bytes([number])).hexdigest() for number in range(5)]))
def test_the_order_in_which_entries_came_is_not_in_the_root(entries: list[str]) -> None:
    assert root_of(leaves(entries, nothing)) == root_of(leaves(sorted(entries), nothing))


def test_one_entry_more_or_less_is_another_root() -> None:
    entries = [hashlib.sha256(bytes([number])).hexdigest() for number in range(5)]

    assert root_of(leaves(entries, nothing)) != root_of(leaves(entries[:-1], nothing))


def test_an_entry_is_the_hash_of_the_whole_receipt() -> None:
    receipt = {"kind": "report", "ledger": {"number": 1, "head": "ab" * 32, "salt": "A" * 22}}

    assert is_hash(entry_of(receipt))
    assert entry_of(receipt) != entry_of({**receipt, "kind": "erasure"})
    assert entry_of(receipt) == entry_of(dict(reversed(receipt.items())))


def test_a_head_stands_for_every_day_before_it() -> None:
    one = next_head(first_head("aaaa"), 1, date(2026, 10, 30), "ab" * 32)
    two = next_head(one, 2, date(2026, 10, 31), "cd" * 32)
    changed = [
        next_head(first_head("bbbb"), 1, date(2026, 10, 30), "ab" * 32),
        next_head(first_head("aaaa"), 2, date(2026, 10, 30), "ab" * 32),
        next_head(first_head("aaaa"), 1, date(2026, 10, 29), "ab" * 32),
        next_head(first_head("aaaa"), 1, date(2026, 10, 30), "ac" * 32),
    ]

    assert two == next_head(one, 2, date(2026, 10, 31), "cd" * 32)
    assert len({two, *(next_head(other, 2, date(2026, 10, 31), "cd" * 32) for other in changed)}) == 5


@pytest.mark.parametrize(
    ("entry", "place", "path"),
    [
        ("ab" * 32, -1, ["cd" * 32]),
        ("ab" * 32, 2, ["cd" * 32]),
        ("ab" * 32, 0, ["cd" * 31]),
        ("ab" * 32, 0, ["CD" * 32]),
        ("ab" * 32, 0, [5]),
        ("ab" * 32, 0, ["cd" * 32] * 41),
        ("x", 0, ["cd" * 32]),
    ],
)
def test_what_is_no_path_leads_nowhere(entry: str, place: int, path: list[str]) -> None:
    assert root_by(entry, place, path) is None


@pytest.mark.parametrize("text", ["", "ab" * 31, "AB" * 32, "ab" * 32 + "\n", 5, None])
def test_a_hash_has_one_spelling(text: object) -> None:
    assert not is_hash(text)
