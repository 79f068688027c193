"""The Norwegian rules against the slow oracle, on random work around clock changes, holidays, leap days, year ends."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import holidays
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy import oracle_no as oracle
from policy.norwegian import ZONE, Document, findings, norwegian, spans, verdict, written
from policy.oracle_no import DAY, HOUR, MINUTE, Span

tried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ANCHORS = {
    "spring": 1774656000,  # 2026-03-28T00:00Z, and Easter a week later
    "autumn": 1792800000,  # 2026-10-24T00:00Z
    "may": 1777420800,  # 2026-04-29T00:00Z
    "ascension on 1 May": 1209427200,  # 2008-04-29T00:00Z
    "whit": 1779408000,  # 2026-05-22T00:00Z
    "easter": 1775001600,  # 2026-04-01T00:00Z
    "leap day": 1835308800,  # 2028-02-28T00:00Z
    "year end": 1798070400,  # 2026-12-24T00:00Z
    "plain": 1768176000,  # 2026-01-12T00:00Z
}
anchors = st.sampled_from(sorted(ANCHORS.values()))
lengths = st.one_of(
    st.sampled_from([round(base * HOUR) + odd for base in (1, 2, 5.5, 8, 11, 13, 35) for odd in (-1, 0, 1)]),
    st.sampled_from([4 * MINUTE + 59, 5 * MINUTE, 30 * MINUTE - 1, 30 * MINUTE]),
    st.integers(1, 14 * HOUR),
)


@st.composite
def works(draw: st.DrawFn, *, days: int = 4, most: int = 6) -> list[Span]:
    """Sessions over a few days: in any order, overlapping, touching and apart."""
    anchor = draw(anchors)
    starts = st.integers(0, days * DAY) if draw(st.booleans()) else st.integers(0, days * 24 * 4).map(lambda n: n * 900)
    rows = draw(st.lists(st.tuples(starts, lengths), min_size=1, max_size=most))
    return [(anchor + start, anchor + start + length) for start, length in rows]


@st.composite
def chains(draw: st.DrawFn, *, most: int = 9) -> list[Span]:
    """Sessions one after the other, with gaps near the limits."""
    cursor = draw(anchors) + draw(st.integers(0, DAY))
    rows = []
    for _ in range(draw(st.integers(1, most))):
        length = draw(lengths)
        rows.append((cursor, cursor + length))
        cursor += length + draw(lengths)
    return draw(st.permutations(rows))


@st.composite
def weeks_of_work(draw: st.DrawFn) -> list[Span]:
    """Up to eleven weeks of long sessions, about forty to sixty hours each, in any order."""
    monday = draw(st.sampled_from([1772406000, 1790546400, 1829257200, 1796598000]))
    rows = []
    for week in range(draw(st.integers(1, 11))):
        length = draw(st.sampled_from([8 * HOUR, 10 * HOUR, 10 * HOUR + 1, 9 * HOUR + 36 * MINUTE, 12 * HOUR]))
        for day in draw(st.sets(st.integers(0, 6), min_size=3)):
            begin = monday + (7 * week + day) * DAY + 6 * HOUR
            rows.append((begin, begin + length))
    return draw(st.permutations(rows))


@st.composite
def leaves(draw: st.DrawFn) -> list[Span]:
    """Work before a leave of some days, and then day after day for a week and more with rests near 35 hours."""
    cursor = draw(anchors) + draw(st.integers(0, 7 * 24)) * HOUR
    rows = [(cursor, cursor + draw(lengths))]
    near = st.sampled_from([35 * HOUR, 70 * HOUR, 5 * DAY, 12 * DAY])
    cursor = rows[0][1] + draw(near) + draw(st.sampled_from([-1, 0, 1, HOUR, 30 * HOUR]))
    for _ in range(draw(st.integers(4, 9))):
        length = draw(st.sampled_from([HOUR, 8 * HOUR, 20 * HOUR]))
        rows.append((cursor, cursor + length))
        cursor += length + draw(st.sampled_from([11 * HOUR, 16 * HOUR, 35 * HOUR - 1, 35 * HOUR]))
    return draw(st.permutations(rows))


any_work = st.one_of(works(), chains())


def until(work: list[Span]) -> Document:
    """Return a period and a time now by which all the work is over and all its weeks too."""
    first, last = (oracle.local(instant, ZONE).date() for instant in (min(work)[0], max(end for _, end in work)))
    end = oracle.monday_of(last) + timedelta(days=14)
    period = {"start": oracle.monday_of(first).isoformat(), "end": end.isoformat()}
    return {"period": period, "at": written(oracle.midnight(end, ZONE))}


def by_day(document: Document, rule: str) -> dict[date, Any]:
    """Return the findings of a rule by the local date on which each begins."""
    found = [one for one in findings(document, rule) if one["reason"] != "no_complete_period"]
    return {date.fromisoformat(one["period"]["start"][:10]): one for one in found}


@tried
@given(any_work)
def test_daily_rest_is_the_gap_between_main_periods(work: list[Span]) -> None:
    found = by_day(norwegian(*spans(work), **until(work)), "no.rest.daily")

    rests = oracle.rests_before(work, ZONE)

    assert {day: one["measured"] for day, one in found.items()} == rests
    for day, one in found.items():
        assert one["verdict"] == ("met" if rests[day] >= oracle.REST else "broken")


@tried
@given(st.one_of(any_work, leaves()), st.integers(0, 5 * DAY))
def test_weekly_rest_is_the_longest_that_starts_in_the_week(work: list[Span], after: int) -> None:
    at = max(end for _, end in work) + after
    found = by_day(norwegian(*spans(work), **{**until(work), "at": written(at)}), "no.rest.weekly")

    rests = oracle.weekly_rests(work, ZONE, at)

    assert {day: one["measured"] for day, one in found.items()} == rests
    for day, one in found.items():
        assert one["verdict"] == ("met" if rests[day] >= oracle.WEEKLY_REST else "broken")


@tried
@given(any_work)
def test_the_hours_and_breaks_of_a_day_are_counted_second_by_second(work: list[Span]) -> None:
    document = norwegian(*spans(work), **until(work))

    hours = {day: one for day, one in by_day(document, "no.hours").items() if one["unit"] == "second"}
    breaks = by_day(document, "no.break")

    expected = oracle.worked(work, ZONE)
    days = [one for one in findings(document, "no.hours") if one["unit"] == "second"]
    assert [one["measured"] for one in days] == list(expected.values())
    assert [one["verdict"] for one in days] == ["broken" if one > 13 * HOUR else "met" for one in expected.values()]
    assert set(hours) == set(expected)
    assert {day: one["verdict"] for day, one in breaks.items()} == oracle.break_verdicts(work, ZONE)


@tried
@given(weeks_of_work())
def test_hours_a_week_are_added_up_slowly(work: list[Span]) -> None:
    document = norwegian(*spans(work), **until(work))
    weeks = oracle.week_seconds(work, ZONE)
    last = date.fromisoformat(document["period"]["end"]) - timedelta(days=7)

    average = next(one for one in findings(document, "no.hours") if one["unit"] == "hour_per_week")
    sums = {one["limit"]: one for one in findings(document, "no.overtime")[-2:]}
    single = [one for one in findings(document, "no.overtime")[:-2] if one["measured"] is not None]

    worst = oracle.worst_average(weeks, last)
    assert average["measured"] == float(worst)
    assert average["verdict"] == ("met" if worst <= 48 else "broken")
    for count, limit in ((4, 25 * HOUR), (52, 200 * HOUR)):
        over = oracle.worst_sum_over_ordinary(weeks, last, count)
        assert (sums[limit]["measured"], sums[limit]["verdict"]) == (over, "met" if over <= limit else "broken")
    assert [one["measured"] for one in single] == [max(0, weeks[monday] - 40 * HOUR) for monday in sorted(weeks)]
    dates = oracle.by_date(work, ZONE)
    for monday, one in zip(sorted(weeks), single, strict=True):
        is_in_doubt = oracle.over_by_day(dates, monday) > 10 * HOUR
        assert one["verdict"] == ("broken" if one["measured"] > 10 * HOUR else "attention" if is_in_doubt else "met")


@tried
@given(any_work, st.sampled_from([None, 22, 23]))
def test_night_work_is_counted_by_the_clock(work: list[Span], until_hour: int | None) -> None:
    agreement = {} if until_hour is None else {"night_agreement_until": f"{until_hour}:00"}
    document = norwegian(*spans(work), **until(work), agreement=agreement)

    # The law knows the agreement since 2017: before, it opens nothing.
    knows = min(work)[0] > oracle.midnight(date(2017, 7, 1), ZONE)
    night = oracle.at_night(work, ZONE, until_hour if until_hour and knows else 21)

    assert sum(one["measured"] for one in findings(document, "no.night")) == night
    assert verdict(document, "no.night") == ("broken" if night else "met")


@tried
@given(any_work)
def test_sundays_and_public_holidays_are_counted_by_the_calendar(work: list[Span]) -> None:
    years = {oracle.local(start, ZONE).year + odd for start, _ in work for odd in (-1, 0, 1)}
    told = sorted(day.isoformat() for day in holidays.country_holidays("NO", years=sorted(years)))
    document = norwegian(*spans(work), **until(work), public_holidays=told)

    off = oracle.in_time_off(work, ZONE)

    assert sum(one["measured"] for one in findings(document, "no.sunday")) == off
    assert verdict(document, "no.sunday") == ("broken" if off else "met")


@st.composite
def near_limits(draw: st.DrawFn) -> list[Span]:
    """Two or three days of work whose rests, hours and breaks lie near the limits, and around midnight."""
    midnight = oracle.midnight(oracle.local(draw(anchors) + DAY, ZONE).date(), ZONE)
    evening = midnight - draw(st.sampled_from([-2 * HOUR, -HOUR, 0, 60, HOUR, 3 * HOUR, 11 * HOUR]))
    rest = draw(st.sampled_from([10 * HOUR, 11 * HOUR - 1, 11 * HOUR, 12 * HOUR]))
    length = st.sampled_from([4 * HOUR, round(5.5 * HOUR), 8 * HOUR, 13 * HOUR])
    work = [(evening - draw(length), evening), (evening + rest, evening + rest + draw(length))]
    if draw(st.booleans()):
        work.append((midnight + draw(st.sampled_from([0, 1, HOUR])), midnight + 2 * HOUR))
    return work


@st.composite
def with_holes(draw: st.DrawFn) -> tuple[list[Span], list[Span], list[Span]]:
    """Work, the time observed around it, and one way in which the time in between was worked."""
    work = draw(st.one_of(any_work, near_limits(), leaves()))
    begin, end = min(work)[0] - 2 * DAY, max(end for _, end in work) + 3 * DAY
    edges = {point + odd for span in work for point in span for odd in (-1, 0, 1)}
    edges |= {point + shift for span in work for point in span for shift in (-11 * HOUR, 11 * HOUR, 30 * MINUTE)}
    first = oracle.local(begin, ZONE).date()
    edges |= {oracle.midnight(first + timedelta(days=day), ZONE) + odd for day in range(1, 5) for odd in (-1, 0, 1)}
    point = st.one_of(st.sampled_from(sorted(edge for edge in edges if begin < edge < end)), st.integers(begin, end))
    pairs = draw(st.lists(st.tuples(point, point).map(sorted), min_size=1, max_size=3))
    holes = [(one, other) for one, other in pairs if one < other]
    cuts = sorted({begin - 20 * DAY, end, *(cut for hole in holes for cut in hole)})
    observed = [
        (one, other) for one, other in pairwise(cuts) if not any(start < other and one < stop for start, stop in holes)
    ]
    filled = []
    for start, stop in holes:
        inside = st.one_of(st.sampled_from([start, stop, min(stop, start + 1), max(start, stop - 1)]), point)
        one, other = sorted(min(max(draw(inside), start), stop) for _ in range(2))
        filled.append((one, other))
    return work, observed, [fill for fill in filled if fill[0] < fill[1]]


RULES = ["no.rest.daily", "no.rest.weekly", "no.hours", "no.break", "no.overtime"]


@tried
@given(with_holes(), st.sampled_from(RULES))
def test_no_way_of_filling_the_holes_contradicts_a_verdict(
    case: tuple[list[Span], list[Span], list[Span]], rule: str
) -> None:
    work, observed, filled = case
    frame = until([*work, *filled])
    told = norwegian(*spans(work), **frame, observed=spans(observed))
    known = norwegian(*spans([*work, *filled]), **frame)

    said = [one for one in findings(told, rule) if one["verdict"] in ("met", "broken", "attention")]

    for one in said:
        same = _same(one, findings(known, rule), work)
        assert one["verdict"] in same


def _same(one: Document, known: list[Document], work: list[Span]) -> set[str]:
    """Return the verdicts, where all was known, about what a finding was about."""
    if one["unit"] == "hour_per_week" or one["rule"] in ("no.rest.weekly", "no.overtime"):
        return {
            other["verdict"]
            for other in known
            if (other["unit"], other["limit"], other["period"]) == (one["unit"], one["limit"], one["period"])
        } or {one["verdict"]}
    start = one["period"]["start"]
    holding = [other for other in known if other["period"]["start"] <= start < other["period"]["end"]]
    day = [other for other in known if other["period"]["start"][:10] == start[:10]]
    return {other["verdict"] for other in [*holding, *day]}


@tried
@given(any_work, st.lists(st.tuples(st.integers(-DAY, 5 * DAY), lengths), min_size=1, max_size=2))
@pytest.mark.parametrize("rule", [*RULES, "no.night", "no.sunday"])
def test_unconfirmed_work_never_breaks_a_rule_by_itself(rule: str, work: list[Span], more: list[Span]) -> None:
    waiting = [(min(work)[0] + start, min(work)[0] + start + length) for start, length in more]
    frame = until([*work, *waiting])
    told = norwegian(*spans(work), *spans(waiting, confirmed=False), **frame)
    certain = norwegian(*spans(work), **frame)

    if verdict(told, rule) == "broken":
        assert verdict(certain, rule) == "broken"
    if verdict(certain, rule) == "met":
        assert verdict(told, rule) in ("met", "attention")


@tried
@given(any_work, st.integers(0, 2))
def test_any_order_of_the_same_sessions_gives_the_same_answer(work: list[Span], turn: int) -> None:
    frame = until(work)

    for rule in RULES:
        told = findings(norwegian(*spans(work), **frame), rule)
        assert told == findings(norwegian(*spans([*work[turn:], *work[:turn], *work]), **frame), rule)
