"""The service's journal: how what it acknowledged on a day becomes one hash, and the days one chain.

    receipts of a day ──sort──► leaves ──pairs──► root of the day ──► head: day, number, root and the head before

An entry is the hash of a whole signed receipt, in which stand 128 random bits: it cannot be turned back into a receipt.
Entries are sorted and filled up with entries of nothing, so that a day tells neither the order nor, but for a power of
two, the number of what came on it, and a day on which nothing came looks like any other.
Pure; both sides compute the same here. Not here: where it is kept (``fyraften_service.journal``), and what a laptop
concludes from it (``fyraften_agent.sending.service_ledger``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from fyraften_policy import wire

SMALLEST_DAY = 16
"""A day has at least this many leaves, most of them of nothing."""
_HASH = re.compile(r"[0-9a-f]{64}")
_LONGEST_PATH = 40


def is_hash(text: object) -> bool:
    """Say whether a value is a SHA-256 in hexadecimal digits."""
    return isinstance(text, str) and _HASH.fullmatch(text) is not None


def entry_of(receipt: Mapping[str, Any]) -> str:
    """Return what stands in the journal for a receipt: the hash of its canonical words, without the signature."""
    return hashlib.sha256(wire.canonical(dict(receipt))).hexdigest()


def leaves(entries: Iterable[str], nothing: Callable[[int], str]) -> list[str]:
    """Return the leaves of a day, sorted: its entries, filled up to a power of two of at least ``SMALLEST_DAY``.

    Args:
        nothing: returns the n-th entry of nothing, the same each time; nobody else may be able to compute it.
    """
    found = sorted(entries)
    size = SMALLEST_DAY
    while size < len(found):
        size *= 2
    return sorted([*found, *(nothing(number) for number in range(size - len(found)))])


def root_of(day: Sequence[str]) -> str:
    """Return the root over the leaves of a day; their number is a power of two."""
    level = [_leaf(entry) for entry in day]
    while len(level) > 1:
        level = [_pair(level[place], level[place + 1]) for place in range(0, len(level), 2)]
    return level[0]


def path_of(day: Sequence[str], entry: str) -> tuple[int, list[str]]:
    """Return the place of an entry among the leaves, and the hashes beside its way up to the root.

    Raises:
        ValueError: the entry is not among them.
    """
    place = at = list(day).index(entry)
    level, beside = [_leaf(leaf) for leaf in day], []
    while len(level) > 1:
        beside.append(level[at ^ 1])
        level = [_pair(level[left], level[left + 1]) for left in range(0, len(level), 2)]
        at //= 2
    return place, beside


def root_by(entry: str, place: int, path: Sequence[str]) -> str | None:
    """Return the root that an entry leads to by its place and path; ``None`` where these cannot be a path."""
    fits = 0 <= place < 2 ** len(path) and len(path) <= _LONGEST_PATH and all(is_hash(each) for each in path)
    if not fits or not is_hash(entry):
        return None
    found = _leaf(entry)
    for beside in path:
        found = _pair(beside, found) if place % 2 else _pair(found, beside)
        place //= 2
    return found


def first_head(fingerprint: str) -> str:
    """Return the head before the first day: it names the service's key."""
    return hashlib.sha256(wire.canonical({"service": fingerprint})).hexdigest()


def next_head(before: str, number: int, day: date, root: str) -> str:
    """Return the head after a day. Days are numbered from 1, one for each date, without a gap."""
    words = {"before": before, "number": number, "day": day.isoformat(), "root": root}
    return hashlib.sha256(wire.canonical(words)).hexdigest()


def _leaf(entry: str) -> str:
    return hashlib.sha256(b"\x00" + bytes.fromhex(entry)).hexdigest()


def _pair(left: str, right: str) -> str:
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()
