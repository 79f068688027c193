"""Which activity stands alone in a rest: a mouse that was bumped at night is no work until somebody says so.

    work      | ====            -                    =======
    isolated  |                 ^ under 15 minutes, an hour from any other work, in free time of eight hours or more

Pure.  Not here: asking about it (``notices``), and the answer, which stands against all this (``store``).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

ISOLATED_BELOW_SECONDS = 15 * 60
APART_SECONDS = 3600
# The shortest daily rest that any rule accepts: shorter free time is an evening or a long lunch, where people do work.
REST_SECONDS = 8 * 3600

AROUND_SECONDS = ISOLATED_BELOW_SECONDS + REST_SECONDS
"""How far around some time other work can decide about activity in it."""


class Stretch(Protocol):
    """A session, as far as it matters here."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=Stretch)


def isolated(sessions: Sequence[S], doubtful: Iterable[S]) -> list[S]:
    """Return those of the doubtful sessions that stand alone in a rest; several do not make each other work.

    Args:
        sessions: everything within ``AROUND_SECONDS`` of the doubtful ones, in any order.
        doubtful: those of ``sessions`` about which nobody has said anything.
    """
    candidates = {id(one): one for one in doubtful if one.end - one.start < ISOLATED_BELOW_SECONDS}
    work = [one for one in sessions if id(one) not in candidates]
    starts, ends = sorted(one.start for one in work), sorted(one.end for one in work)
    return [one for one in candidates.values() if _is_alone(one, starts, ends)]


def _is_alone(one: Stretch, starts: Sequence[int], ends: Sequence[int]) -> bool:
    before, after = bisect_right(ends, one.start), bisect_left(starts, one.end)
    if after > before:  # some of the work lies over it
        return False
    ended = ends[before - 1] if before > 0 else one.start - AROUND_SECONDS
    begins = starts[after] if after < len(starts) else one.end + AROUND_SECONDS
    is_apart = one.start - ended >= APART_SECONDS and begins - one.end >= APART_SECONDS
    return is_apart and begins - ended >= REST_SECONDS
