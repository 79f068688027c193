"""What no rule looks at changes nothing: work after now, work long before; and a longer period judges alike inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.findings import WORST_FIRST, Finding
from policy.any_document import (
    DAY,
    HOUR,
    QUARTER,
    WEEKS,
    WORST_ONLY,
    Session,
    Told,
    judged,
    midnight,
    shown,
    tales,
)

FIRST_WORK = 112 * 7 * DAY  # before the period: longer than any rule looks back, leave left out
later_sessions = st.lists(st.tuples(st.integers(0, 9 * 96), st.integers(1, 96)), min_size=1, max_size=4)
earlier_sessions = st.lists(st.tuples(st.integers(1, 14 * 96), st.integers(1, 96)), min_size=1, max_size=4)


def answer(told: Told) -> dict[str, Any]:
    return judged(told).as_json(str)


@given(tales(unconfirmed=True, holes=True), st.integers(1, WEEKS * 7 * 96), later_sessions, later_sessions)
def test_work_after_now_changes_nothing(
    told: Told, now: int, one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    told = told._replace(at=told.begin + now * QUARTER)

    def with_more(more: list[tuple[int, int]]) -> Told:
        sessions = [
            Session(
                told.now + start * QUARTER, told.now + (start + length) * QUARTER, "home", confirmed=length % 2 == 0
            )
            for start, length in more
        ]
        begun = [session for session in told.sessions if session.start < told.now]
        return told._replace(sessions=(*begun, *sessions))

    assert answer(with_more(one)) == answer(with_more(other))


@given(tales(unconfirmed=True), st.integers(1, WEEKS * 7 * 96), st.integers(1, 96), st.integers(1, 96))
def test_a_session_that_goes_on_past_now_is_cut_there_wherever_it_ends(
    told: Told, now: int, before: int, after: int
) -> None:
    told = told._replace(at=told.begin + now * QUARTER)

    def going_on(until: int) -> Told:
        return told._replace(sessions=(*told.sessions, Session(told.now - before * QUARTER - 1, told.now + until)))

    assert answer(going_on(1)) == answer(going_on(after * QUARTER))


@given(tales(unconfirmed=True, holes=True), st.lists(st.integers(0, 20), max_size=4), earlier_sessions)
def test_work_longer_ago_than_any_rule_looks_back_changes_nothing(
    told: Told, weeks: list[int], more: list[tuple[int, int]]
) -> None:
    # There is some work about two years ago in either, so that the history of none of them begins in the period.
    anchor = told.begin - FIRST_WORK
    before = [anchor, *(told.begin - (1 + week) * 7 * DAY + 8 * HOUR for week in weeks)]
    known = (*told.sessions, *(Session(start, start + 6 * HOUR) for start in dict.fromkeys(before)))
    long_ago = [Session(anchor - start * QUARTER, anchor - start * QUARTER + length) for start, length in more]

    short, long = told._replace(sessions=known), told._replace(sessions=(*known, *long_ago))

    assert answer(long) == answer(short)


def begin_later(told: Told, first: int, last: int) -> tuple[Told, tuple[int, int]]:
    """Return the document about some days of its period only, and these days as instants."""
    start, end = (told.monday + timedelta(days=day) for day in (first, last))
    period = {"start": start.isoformat(), "end": end.isoformat()}
    shorter = told.without("period")
    shorter = shorter._replace(more=(*shorter.more, ("period", period)))
    return shorter, (midnight(start, told.zone), midnight(end, told.zone))


def inside(found: Sequence[Finding], days: tuple[int, int]) -> list[Finding]:
    """Return the findings that lie well inside some days; of the screen rule those whose weeks end in them."""
    single = [one for one in found if one.rule not in WORST_ONLY and one.reason != "no_complete_period"]
    return [
        one
        for one in single
        if (days[0] < one.start and one.end + DAY < days[1])
        or (one.rule == "dk.screen.home" and days[0] < one.end <= days[1])
    ]


day_pairs = st.tuples(st.integers(0, WEEKS * 7 - 1), st.integers(1, WEEKS * 7)).filter(lambda pair: pair[0] < pair[1])


@given(tales(unconfirmed=True, holes=True, exempt=True), day_pairs)
def test_a_longer_period_judges_alike_what_lies_inside_the_shorter(told: Told, days: tuple[int, int]) -> None:
    told = told._replace(at=told.begin + WEEKS * 7 * DAY + 2 * DAY)
    shorter, window = begin_later(told, *days)

    long, short = judged(told), judged(shorter)

    assert inside(short.findings, window) == inside(long.findings, window), (shown(told), shown(shorter))


@given(tales(unconfirmed=False, holes=False), day_pairs)
def test_the_worst_of_a_longer_period_is_no_better(told: Told, days: tuple[int, int]) -> None:
    told = told._replace(at=told.begin + WEEKS * 7 * DAY + 2 * DAY)
    shorter, _ = begin_later(told, *days)

    long, short = judged(told), judged(shorter)

    for rule in WORST_ONLY:
        if rule != "no.home_agreement" and any(one.rule == rule and one.measured for one in short.findings):
            assert WORST_FIRST.index(long.summary[rule]) <= WORST_FIRST.index(short.summary[rule]), shown(shorter)
