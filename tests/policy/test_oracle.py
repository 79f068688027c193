"""The rules against the slow oracle, on random work around clock changes, leap days and year ends."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fyraften_policy.forecast import forecast
from policy import oracle
from policy.documents import Document, answer, danish, facts, findings, spans, verdict, written
from policy.oracle import Span
from policy.strategies import DAY, HOUR, ZONE, anchors, any_work, chains, lengths

REST = "dk.rest.daily"
SCREEN = "dk.screen.home"
HOURS = "agreement.out_of_hours"
PAUSES = "advice.screen.pauses"
EVER = (0, 2**40)


def period_of(document: Document) -> Span:
    return tuple(facts(document).period)


def around(work: list[Span]) -> Document:
    """Return a period that holds all the work."""
    first, last = (oracle.local_date(instant, ZONE) for instant in (min(work)[0], max(end for _, end in work)))
    return {"start": first.isoformat(), "end": (last + timedelta(days=1)).isoformat()}


@given(any_work)
def test_daily_rest_is_the_longest_rest_before_the_worst_instant_of_work(work: list[Span]) -> None:
    document = danish(*spans(work))

    worst = oracle.worst_rest(work, work, period_of(document))

    assert min(one["measured"] for one in findings(document, REST)) == worst
    assert verdict(document, REST) == ("met" if worst >= oracle.REST else "broken")


@given(any_work, st.integers(-1, 4), st.integers(1, 3))
def test_daily_rest_judges_what_falls_in_the_period_and_uses_what_was_before(
    work: list[Span], offset: int, length: int
) -> None:
    first = oracle.local_date(min(work)[0], ZONE) + timedelta(days=offset)
    period = {"start": first.isoformat(), "end": (first + timedelta(days=length)).isoformat()}
    document = danish(*spans(work), period=period)

    worst = oracle.worst_rest(work, work, period_of(document))

    if worst is None:
        assert [one["reason"] for one in findings(document, REST)] == ["no_complete_period"]
    else:
        assert min(one["measured"] for one in findings(document, REST)) == worst


@given(chains(), st.integers(0, 4 * DAY))
def test_daily_rest_at_a_time_is_what_the_work_until_then_says(work: list[Span], after: int) -> None:
    at = min(work)[0] + 1 + after
    until = [(start, min(end, at)) for start, end in work if start < at]
    document = danish(*spans(work), at=written(at))

    worst = oracle.worst_rest(until, until, period_of(document))

    assert min(one["measured"] for one in findings(document, REST)) == worst


@given(any_work, st.lists(st.tuples(st.integers(0, 5 * DAY), lengths), max_size=3), st.data())
def test_no_way_of_filling_the_holes_contradicts_a_verdict_on_daily_rest(
    work: list[Span], more: list[Span], data: st.DataObject
) -> None:
    begin = min(work)[0] - DAY
    observed = [(begin + start, begin + start + length) for start, length in more]
    document = danish(*spans(work), observed=spans(observed))
    holes = [tuple(hole) for hole in facts(document).holes]
    filled = []
    for start, end in holes:
        cut = sorted(data.draw(st.lists(st.integers(start, end), min_size=2, max_size=2)))
        filled.append(data.draw(st.sampled_from([(start, start), (start, end), (cut[0], cut[1])])))

    said = verdict(document, REST)
    worst = oracle.worst_rest(work, [*work, *(fill for fill in filled if fill[0] < fill[1])], EVER)

    if said == "met":
        assert worst >= oracle.REST
    elif said == "broken":
        assert worst < oracle.REST
    else:
        assert said == "not_judged"


@given(any_work, st.lists(st.tuples(st.integers(-DAY, 5 * DAY), lengths), min_size=1, max_size=3))
def test_unconfirmed_work_never_breaks_a_rule_by_itself(work: list[Span], more: list[Span]) -> None:
    waiting = [(min(work)[0] + start, min(work)[0] + start + length) for start, length in more]
    hours = {"normal_hours": {day: [["06:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
    period = around([*work, *waiting])
    told = danish(*spans(work), *spans(waiting, confirmed=False), agreement=hours, period=period)
    certain = danish(*spans(work), agreement=hours, period=period)

    for rule in (REST, HOURS):
        if verdict(told, rule) == "broken":
            assert verdict(certain, rule) == "broken"
        if verdict(told, rule) == "met":
            assert verdict(certain, rule) == "met"
    if verdict(told, PAUSES) == "advice":
        assert verdict(certain, PAUSES) == "advice"


@given(chains(), st.integers(0, 30 * HOUR))
def test_work_to_the_last_second_of_stop_by_is_met_and_one_second_more_is_broken(work: list[Span], after: int) -> None:
    last = max(end for _, end in work)
    at = last + after
    document = danish(*spans(work), at=written(at))

    stop_by = facts_forecast(document)["stop_by"]

    if stop_by is None or stop_by <= at:
        assert last_block_verdict([*work, (at, at + 1)]) == "broken"
    else:
        assert last_block_verdict([*work, (at, stop_by)]) == "met"
        assert last_block_verdict([*work, (at, stop_by + 1)]) == "broken"


@given(chains())
def test_starting_at_earliest_start_is_met_and_a_second_earlier_goes_on_with_the_same_day(work: list[Span]) -> None:
    last = max(end for _, end in work)
    document = danish(*spans(work), at=written(last))

    start = facts_forecast(document)["earliest_start"]

    assert start == last + oracle.REST
    assert last_block_verdict([*work, (start, start + 13 * HOUR)]) == "met"
    assert last_block_verdict([*work, (start - 1, start + 13 * HOUR)]) == "broken"


def last_block_verdict(work: list[Span]) -> str:
    return str(findings(danish(*spans(work)), REST)[-1]["verdict"])


def facts_forecast(document: Document) -> dict[str, Any]:
    coming = forecast(facts(document))
    return {"stop_by": coming.stop_by, "earliest_start": coming.earliest_start}


places = st.sampled_from(["home", "fixed_site", "changing_site", "elsewhere"])


@st.composite
def weeks_of_screen_work(draw: st.DrawFn) -> list[tuple[int, int, str]]:
    """Up to ten weeks of sessions, unsorted and overlapping, with about two days a week at home."""
    monday = draw(
        st.sampled_from([1771801200, 1789596000, 1830121200, 1795993200])
    )  # around spring, autumn, leap, year
    rows = []
    for week in range(draw(st.integers(1, 10))):
        for start in draw(st.lists(st.integers(0, 6 * 24 * 4), max_size=4)):
            length = draw(st.sampled_from([26640, 13320, 26641, 26639, 7200, 20 * HOUR]))
            begin = monday + 7 * DAY * week + 900 * start
            rows.append((begin, begin + length, draw(places)))
    return draw(st.permutations(rows)) or [(monday, monday + HOUR, "home")]


@given(weeks_of_screen_work(), st.sampled_from(["Europe/Copenhagen", "UTC", "America/New_York"]))
@settings(max_examples=settings().max_examples // 2)
def test_the_screen_average_is_counted_as_slowly_as_one_likes(work: list[tuple[int, int, str]], zone: str) -> None:
    rows = [spans([(start, end)], place=place)[0] for start, end, place in work]
    document = danish(*rows, zone=zone)

    found = [one for one in findings(document, SCREEN) if one["verdict"] != "not_judged"]

    first_day = oracle.local_date(min(start for start, _, _ in work), zone)
    monday = first_day - timedelta(days=first_day.weekday())
    for finding in found:
        end = date.fromisoformat(finding["period"]["end"][:10])
        known = (end - monday).days // 7
        home = oracle.home_days(work, zone, end, min(4, known))
        assert finding["measured"] == float(home)
        assert finding["verdict"] == expected_screen_verdict(work, zone, end, known, home)


def expected_screen_verdict(work: list[tuple[int, int, str]], zone: str, end: date, known: int, home: Fraction) -> str:
    if known < 8:
        return "provisional" if home > 2 else "not_covered"
    with_home = [oracle.home_days(work, zone, end - timedelta(days=7 * back), 1) > 0 for back in range(8)]
    if sum(with_home) < 6:
        return "not_covered"
    if home > 2:
        return "covered"
    others = [oracle.home_days(work, zone, end, 4, place) for place in ("fixed_site", "changing_site")]
    if home + sum(others) <= 2 or max(others) > 2:
        return "not_covered"
    return "attention"


quarters = st.integers(0, 96).filter(lambda quarter: not 8 <= quarter < 12).map(lambda quarter: 15 * quarter)
ranges = st.tuples(quarters.filter(lambda minute: minute < 1440), quarters)
agreed = st.dictionaries(st.integers(0, 6), st.lists(ranges, max_size=2), max_size=7)


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@given(any_work, agreed, st.sets(st.integers(-1, 5), max_size=2))
def test_work_outside_the_agreed_hours_is_counted_instant_by_instant(
    work: list[Span], hours: dict[int, list[Span]], off: set[int]
) -> None:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    normal = {names[day]: [[clock(first), clock(last)] for first, last in rows] for day, rows in hours.items()}
    first_day = oracle.local_date(min(work)[0], ZONE)
    holidays = {first_day + timedelta(days=offset) for offset in off}
    document = danish(
        *spans(work),
        agreement={"normal_hours": normal},
        public_holidays=sorted(day.isoformat() for day in holidays),
    )

    told = sum(one["measured"] for one in findings(document, HOURS))

    assert told == oracle.outside_seconds(work, ZONE, hours, holidays)
    assert verdict(document, HOURS) == ("broken" if told else "met")


@given(
    st.lists(st.tuples(st.integers(0, 3 * DAY), st.sampled_from([60, 600, 1500, 2999, 3000, 3001])), min_size=1),
    anchors,
)
def test_the_longest_stretch_is_found_whatever_the_order(rows: list[Span], anchor: int) -> None:
    activity = [(anchor + start, anchor + start + length) for start, length in rows]
    document = danish(
        *spans([(min(activity)[0], max(end for _, end in activity))]),
        activity=spans(activity),
    )

    longest = max(one["measured"] for one in findings(document, PAUSES))

    assert longest == oracle.longest_stretch(activity)
    assert verdict(document, PAUSES) == ("advice" if longest > 3000 else "met")


@given(any_work, st.integers(0, 2), st.sampled_from(["DK", "NO", "EU"]))
def test_any_order_of_the_same_sessions_gives_the_same_answer(work: list[Span], turn: int, jurisdiction: str) -> None:
    told = answer(danish(*spans(work), jurisdiction=jurisdiction))

    turned = answer(danish(*spans([*work[turn:], *work[:turn], *work]), jurisdiction=jurisdiction))

    assert told == turned
