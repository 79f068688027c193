"""Every forecast against its rule: working to its last second keeps the rule, a second more does not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.forecast import Forecast
from policy.european import Document, european, findings, rows, verdict, written

HOUR, DAY = 3600, 86400
ZONES = {"DK": "Europe/Copenhagen", "NO": "Europe/Oslo", "EU": "Europe/Berlin"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
slowly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
# Midnights, in UTC, before the clock changes of 2026, a leap day, the turn of a year, and a plain Monday.
anchors = st.sampled_from([1774656000, 1792800000, 1835308800, 1798588800, 1768176000])
lengths = st.one_of(
    st.sampled_from([base * HOUR + odd for base in (1, 8, 11, 13) for odd in (-1, 0, 1)]), st.integers(1, 14 * HOUR)
)


@st.composite
def chains(draw: st.DrawFn, most: int = 6) -> tuple[list[tuple[int, int]], int]:
    """Sessions one after the other, and a time now: within the last one, at its end or later."""
    cursor, spans = draw(anchors) + draw(st.integers(0, DAY)), []
    for _ in range(draw(st.integers(1, most))):
        length = draw(lengths)
        spans.append((cursor, cursor + length))
        cursor += length + draw(lengths)
    start, end = spans[-1]
    return spans, draw(st.one_of(st.just(end), st.integers(start + 1, end), st.integers(end, end + 30 * HOUR)))


def document(law: str, work: list[tuple[int, int]], at: int, **more: Any) -> Document:
    return {"jurisdiction": law, "zone": ZONES[law], "work": rows(work, place="home"), "at": written(at)} | more


def forecast(told: Document) -> Forecast:
    found = evaluate(read_facts(told)).forecast
    assert found is not None
    return found


def last_verdict(told: Document, rule: str) -> str:
    return str(findings(told, rule)[-1]["verdict"])


@slowly
@given(st.sampled_from(["DK", "EU"]), chains())
def test_work_to_the_last_second_of_stop_by_is_met_and_one_second_more_is_broken(
    law: str, case: tuple[list[tuple[int, int]], int]
) -> None:
    work, at = case
    rule = {"DK": "dk.rest.daily", "EU": "eu.rest.daily"}[law]
    until = [(start, min(end, at)) for start, end in work]

    stop_by = forecast(document(law, work, at)).stop_by

    if stop_by is None:
        assert last_verdict(document(law, until, at), rule) == "broken"
    elif stop_by > at:
        assert last_verdict(document(law, [*until, (at, stop_by)], stop_by), rule) == "met"
        assert last_verdict(document(law, [*until, (at, stop_by)], stop_by + 2 * DAY), rule) == "met"
        assert last_verdict(document(law, [*until, (at, stop_by + 1)], stop_by + 1), rule) == "broken"
    else:
        assert last_verdict(document(law, [*until, (at, at + 1)], at + 1), rule) == "broken"


def agreed_start(day: date, hours: dict[str, list[list[str]]]) -> int | None:
    """Return the first agreed start of a date in Norway."""
    starts = [time.fromisoformat(start) for start, _ in hours.get(WEEKDAYS[day.weekday()], [])]
    if not starts:
        return None
    return int(datetime.combine(day, min(starts), ZoneInfo(ZONES["NO"])).timestamp())


@slowly
@given(
    anchors,
    st.integers(0, 23 * 60),
    st.integers(1, 23 * HOUR),
    st.dictionaries(st.sampled_from(WEEKDAYS), st.sampled_from(["06:00", "08:00", "09:30", "12:00"]), min_size=1),
    st.integers(0, 2),
)
def test_in_norway_stop_by_leaves_the_rest_before_the_next_agreed_start(
    anchor: int, minute: int, length: int, starts: dict[str, str], free_days: int
) -> None:
    """One stretch of work from some minute of a day, still going on."""
    zone = ZoneInfo(ZONES["NO"])
    day = datetime.fromtimestamp(anchor + 12 * HOUR, zone).date()
    begun = int(datetime.combine(day, time(minute // 60, minute % 60), zone).timestamp())
    at = begun + length
    hours = {name: [[start, "22:00"]] for name, start in starts.items()}
    absences = (
        [{"start": f"{day + timedelta(1)}", "end": f"{day + timedelta(free_days)}", "kind": "leave"}]
        if free_days
        else []
    )
    more = {"agreement": {"normal_hours": hours}, "absences": absences}
    days = [day + timedelta(days=number) for number in range(1 + free_days, 12 + free_days)]
    agreed = next(
        start for start in map(lambda one: agreed_start(one, hours), days) if start is not None and start > at
    )

    stop_by = forecast(document("NO", [(begun, at)], at, **more)).stop_by

    assert stop_by == min(agreed - 11 * HOUR, begun + 24 * HOUR)
    if stop_by > at:
        for end, said in ((stop_by, "met"), (stop_by + 1, "broken")):
            worked = [(begun, end), (agreed, agreed + HOUR)]
            assert verdict(document("NO", worked, agreed + 2 * HOUR, **more), "no.rest.daily") == said


def test_in_norway_nothing_is_said_where_no_hours_are_agreed() -> None:
    told = european("2026-01-13T08:00/16:00", jurisdiction="NO", zone="Europe/Oslo", at="2026-01-13T16:00")

    assert forecast(told).stop_by is None
    assert forecast({**told, "agreement": {"normal_hours": {"mon": []}}}).stop_by is None


def test_in_norway_work_after_midnight_belongs_to_the_day_it_began_on() -> None:
    hours = {"normal_hours": {"wed": [["08:00", "16:00"]], "thu": [["09:00", "16:00"]]}}
    at = "2026-01-14T01:00"
    goes_on = european(
        "2026-01-13T20:00/2026-01-14T01:00", jurisdiction="NO", zone="Europe/Oslo", at=at, agreement=hours
    )
    anew = european("2026-01-13T20:00/23:00", jurisdiction="NO", zone="Europe/Oslo", at=at, agreement=hours)

    assert written(forecast(goes_on).stop_by or 0) == "2026-01-13T20:00:00Z"
    assert written(forecast(anew).stop_by or 0) == "2026-01-14T21:00:00Z"


@slowly
@given(st.sampled_from(["DK", "EU", "NO"]), chains(most=3))
def test_starting_again_at_earliest_start_keeps_the_rest_and_a_second_before_does_not(
    law: str, case: tuple[list[tuple[int, int]], int]
) -> None:
    work, at = case
    rule = {"DK": "dk.rest.daily", "EU": "eu.rest.daily", "NO": "no.rest.daily"}[law]
    until = [(start, min(end, at)) for start, end in work]

    start = forecast(document(law, work, at)).earliest_start

    assert start == until[-1][1] + 11 * HOUR
    zone = ZoneInfo(ZONES[law])
    assume(
        law != "NO"
        or datetime.fromtimestamp(start - 1, zone).date() > datetime.fromtimestamp(until[-1][0], zone).date()
    )
    kept, early = (
        document(law, [*until, (begin, begin + 13 * HOUR)], begin + 13 * HOUR) for begin in (start, start - 1)
    )
    assert findings(kept, rule)[-1]["verdict"] == "met"
    assert findings(early, rule)[-1]["verdict"] == "broken"


@slowly
@given(chains())
def test_a_run_to_the_last_second_of_day_off_by_is_met_and_one_second_more_is_in_doubt(
    case: tuple[list[tuple[int, int]], int],
) -> None:
    work, at = case
    until = [(start, min(end, at)) for start, end in work]

    by = forecast(document("DK", work, at)).day_off_by

    if by is None:
        assert at - until[-1][1] >= 35 * HOUR
    elif by > at:
        assert last_verdict(document("DK", [*until, (at, by)], by), "dk.rest.weekly") == "met"
        assert last_verdict(document("DK", [*until, (at, by + 1)], by + 1), "dk.rest.weekly") == "attention"
    else:
        assert last_verdict(document("DK", [*until, (at, at + 1)], at + 1), "dk.rest.weekly") != "met"


@slowly
@given(st.sampled_from(["DK", "NO", "EU"]), chains(most=4))
def test_activity_up_to_next_pause_at_is_met_and_one_second_more_is_advice(
    law: str, case: tuple[list[tuple[int, int]], int]
) -> None:
    work, at = case
    until = [(start, min(end, at)) for start, end in work]
    rule = "advice.screen.pauses"

    pause = forecast(document(law, work, at)).next_pause_at

    if pause is None:
        assert at - until[-1][1] >= 300
    elif pause > at:
        begun = [(max(start, pause - 50 * 60), end) for start, end in until if end > pause - 50 * 60]
        assert last_verdict(document(law, [*begun, (at, pause)], pause), rule) == "met"
        assert last_verdict(document(law, [*begun, (at, pause + 1)], pause + 1), rule) == "advice"


@slowly
@given(chains(most=4), st.lists(st.tuples(st.integers(0, 4 * DAY), st.integers(1, 20 * HOUR)), max_size=3))
def test_a_forecast_given_in_spite_of_unobserved_time_is_safe_if_that_was_work(
    case: tuple[list[tuple[int, int]], int], seen: list[tuple[int, int]]
) -> None:
    work, at = case
    first = min(work)[0] - DAY
    observed = rows((first + start, first + start + length) for start, length in seen)
    told = document("EU", work, at, observed=observed)

    stop_by, early = forecast(told).stop_by, forecast(told).earliest_start

    busy = [*((start, min(end, at)) for start, end in work), *read_facts(told).holes]
    as_work = forecast(document("EU", busy, at))
    if stop_by is not None:
        assert as_work.stop_by is not None
        assert stop_by <= as_work.stop_by
    assert early is not None
    assert early >= (as_work.earliest_start or 0)


@pytest.mark.parametrize("law", ["NO", "EU"])
def test_what_only_danish_law_knows_is_left_out_elsewhere(law: str) -> None:
    told = european("2026-01-13T08:00/16:00", jurisdiction=law, zone=ZONES[law], at="2026-01-13T16:00")

    assert forecast(told).home_time_left_seconds is None
    assert forecast(told).day_off_by is None


def test_who_is_outside_the_norwegian_rules_gets_no_limits() -> None:
    told = european("2026-01-13T08:00/16:00", jurisdiction="NO", zone="Europe/Oslo", at="2026-01-13T16:00")

    found = forecast({**told, "agreement": {"self_organiser": True}})

    assert (found.stop_by, found.earliest_start) == (None, None)
    assert found.next_pause_at is not None
