"""Sentences that arithmetic on time needs: how it compares with a limit, and that the clock is changed in it.

Exactly at the limit is kept; a second beyond is not. Used by the Norwegian rules and by the weekly rests.
Not here: the limit itself, which the sentence before names with its source.
"""

from __future__ import annotations

from fyraften_policy.findings import Step, duration
from fyraften_policy.languages import mark
from fyraften_policy.work_days import clock_changes

_CLOCK_CHANGES = (Step(mark("The clock is changed in that time; hours are counted as they pass.")),)


def against_least(seconds: int, least_seconds: int) -> Step:
    """Return how a time compares with the least that is due."""
    if seconds < least_seconds:
        return Step(mark("It is short by {short}."), {"short": duration(least_seconds - seconds)})
    if seconds == least_seconds:
        return Step(mark("That is exactly enough."))
    return Step(mark("That is enough, with {more} to spare."), {"more": duration(seconds - least_seconds)})


def against_most(seconds: int, most_seconds: int) -> Step:
    """Return how a time compares with the most that is allowed."""
    if seconds > most_seconds:
        return Step(mark("It is {over} over."), {"over": duration(seconds - most_seconds)})
    if seconds == most_seconds:
        return Step(mark("That is exactly the most."))
    return Step(mark("That is within it, with {left} to spare."), {"left": duration(most_seconds - seconds)})


def of_the_clock(start: int, end: int, zone: str) -> tuple[Step, ...]:
    """Return what a reader must know who takes one of two clock times from the other: nothing on most days."""
    return _CLOCK_CHANGES if clock_changes(start, end, zone) else ()
