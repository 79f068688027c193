"""What is not known: filling any hole either way never contradicts a verdict that a Danish rule gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_policy.evaluate import Rule
from fyraften_policy.facts import Facts, read_facts
from fyraften_policy.findings import Finding
from fyraften_policy.intervals import Interval, free_time, union
from fyraften_policy.periods import format_instant, local_date, parse_instant
from fyraften_policy.rules import day_break, hours_average, night_work, weekly_rest

ZONE = "Europe/Copenhagen"
DAYS = 12
# `make prove` asks for more: see scripts/prove_profile.py.
EXAMPLES = settings().max_examples
GIVEN = ("met", "attention", "broken", "excepted")
# Values near what these few days hold; so each limit is often just reached.
VALUES = {
    "dk.night.year": 12,
    "dk.night.year_months": 1,
    "dk.night.months": 1,
    "dk.night.limit": 2,
    "dk.hours.average.limit": 9,
}
begins = st.sampled_from(["2026-03-23T00:00", "2026-10-19T00:00", "2026-02-09T00:00"])
pieces = st.tuples(
    st.integers(0, DAYS * 24 * 4),
    st.one_of(st.integers(1, 30), st.sampled_from([1, 12, 24, 25, 32, 33, 96])),
)
work = st.lists(pieces, min_size=1, max_size=14)
holes = st.lists(pieces, min_size=1, max_size=3)
shares = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=6, max_size=6)


def spans(begin: int, found: Sequence[tuple[int, int]]) -> list[Interval]:
    end = begin + DAYS * 86400
    return union((begin + 900 * start, min(end, begin + 900 * (start + length))) for start, length in found)


def read(begin: int, worked: Sequence[Interval], unobserved: Sequence[Interval]) -> Facts:
    def rows(found: Sequence[Interval]) -> list[dict[str, str]]:
        return [{"start": format_instant(one.start, ZONE), "end": format_instant(one.end, ZONE)} for one in found]

    # Everything long before and after is observed, so that only these holes are unknown.
    seen = free_time(unobserved, (begin - 900 * 86400, begin + 40 * 86400))
    facts: dict[str, Any] = {"jurisdiction": "DK", "zone": ZONE, "work": rows(worked), "observed": rows(seen)}
    facts["absences"] = [
        {"start": f"{local_date(begin + day * 86400, ZONE)}", "end": f"{local_date(begin + day * 86400, ZONE)}",
         "kind": "holiday"}
        for day in (3, 4)
    ]  # fmt: skip
    first, last = local_date(begin, ZONE), local_date(begin + (DAYS + 1) * 86400, ZONE)
    facts["period"] = {"start": first.isoformat(), "end": last.isoformat()}
    return read_facts({**facts, "parameters": VALUES, "agreement": {"reference_months": 1}})


def filled(unobserved: Sequence[Interval], parts: Sequence[tuple[float, float]]) -> Iterator[Interval]:
    """Yield some part of each hole, from nothing to all of it."""
    for hole, (one, other) in zip(unobserved, parts, strict=False):
        first, last = (round(share * hole.length) for share in sorted((one, other)))
        if first < last:
            yield Interval(hole.start + first, hole.start + last)


def by_key(rule: Rule, found: Sequence[Finding]) -> dict[object, str]:
    """Return the verdict of each thing judged, under a key that does not change when a hole is filled."""
    if rule is day_break:
        return {local_date(one.start, ZONE): one.verdict for one in found}
    return {"last": found[-1].verdict} if found else {}


@pytest.mark.parametrize("rule", [hours_average, day_break, night_work], ids=lambda rule: rule.RULE)
@given(begins, work, holes, shares)
@settings(max_examples=EXAMPLES)
def test_no_filling_contradicts_a_verdict(
    rule: Rule,
    start: str,
    worked: list[tuple[int, int]],
    unobserved: list[tuple[int, int]],
    parts: list[tuple[float, float]],
) -> None:
    begin = parse_instant(start, ZONE)
    known = spans(begin, worked)
    unknown = free_time(known, (begin, begin + DAYS * 86400))
    gaps = [gap for hole in spans(begin, unobserved) for gap in intersection(unknown, hole)]
    before = by_key(rule, rule.judge(read(begin, known, gaps)))

    for choice in ([], gaps, list(filled(gaps, parts))):
        after = by_key(rule, rule.judge(read(begin, union([*known, *choice]), [])))

        for key, verdict in before.items():
            assert verdict not in GIVEN or after.get(key, verdict) == verdict, (key, verdict, after, choice)


@given(begins, work, holes, shares)
@settings(max_examples=EXAMPLES)
def test_no_filling_contradicts_a_verdict_on_a_run_of_work(
    start: str, worked: list[tuple[int, int]], unobserved: list[tuple[int, int]], parts: list[tuple[float, float]]
) -> None:
    begin = parse_instant(start, ZONE)
    known = spans(begin, worked)
    unknown = free_time(known, (begin, begin + DAYS * 86400))
    gaps = [gap for hole in spans(begin, unobserved) for gap in intersection(unknown, hole)]
    told = weekly_rest.judge(read(begin, known, gaps))

    for choice in ([], gaps, list(filled(gaps, parts))):
        after = weekly_rest.judge(read(begin, union([*known, *choice]), []))

        for one in told:
            around = [other for other in after if other.start <= one.start and one.end <= other.end]
            assert len(around) == 1
            if one.verdict == "broken":
                assert around[0].verdict == "broken"
            if one.verdict == "met" and around[0].end == one.end:
                assert around[0].verdict == "met"


def intersection(found: Sequence[Interval], window: Interval) -> list[Interval]:
    cut = (Interval(max(one.start, window.start), min(one.end, window.end)) for one in found)
    return [one for one in cut if one.start < one.end]
