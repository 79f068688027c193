"""Every forecast against its rule: working to its last second keeps the rule, a second more does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.forecast import Forecast
from policy.european import Document, european, findings, rows, written

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
    assert forecast(anew).stop_by is None  # it would begin a new main period two hours after the last


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


def week_of_work(law: str, at: str, *more: str) -> str:
    """Return until when the weekly rest must begin, in a week with work from Monday to Wednesday."""
    days = [f"2026-01-{day}T08:00/16:00" for day in ("09", "12", "13", "14")]
    return written(forecast(european(*days, *more, jurisdiction=law, zone=ZONES[law], at=at)).day_off_by or 0)


def test_the_weekly_rest_begins_in_its_week_where_it_has_not_begun_before() -> None:
    assert week_of_work("EU", "2026-01-14T16:00") == "2026-01-18T22:59:59Z"
    assert week_of_work("EU", "2026-01-16T02:59:59") == "2026-01-18T22:59:59Z"
    assert week_of_work("EU", "2026-01-16T03:00") == written(0)
    assert week_of_work("EU", "2026-01-17T12:00", "2026-01-16T02:59:59/12:00") == "2026-01-18T22:59:59Z"
    assert week_of_work("EU", "2026-01-19T00:00", "2026-01-16T02:59:59/12:00") == written(0)


@pytest.mark.parametrize(("end", "is_told"), [("00:00:00", False), ("00:00:01", True)])
def test_a_week_without_work_has_no_rest_to_begin(end: str, is_told: bool) -> None:
    told = european(f"2026-01-18T08:00/2026-01-19T{end}", at="2026-01-19T12:00")

    assert (forecast(told).day_off_by is not None) is is_told


@pytest.mark.parametrize(("again", "is_told"), [("11:00:00", False), ("10:59:59", True)])
def test_time_off_from_the_first_second_of_a_week_is_all_of_that_week(again: str, is_told: bool) -> None:
    told = european("2026-01-18T08:00/2026-01-19T00:00", f"2026-01-20T{again}/12:00", at="2026-01-20T12:00")

    assert (forecast(told).day_off_by is not None) is is_told


@pytest.mark.parametrize(("again", "is_told"), [("18:00:00", False), ("17:59:59", True)])
def test_of_time_off_that_began_on_the_sunday_before_what_follows_its_35_hours_counts(
    again: str, is_told: bool
) -> None:
    told = european("2026-01-18T12:00/20:00", f"2026-01-21T{again}/19:00", at="2026-01-21T19:00")

    assert (forecast(told).day_off_by is not None) is is_told


@pytest.mark.parametrize(("again", "is_told"), [("16:00:00", False), ("15:59:59", True)])
def test_in_norway_no_agreed_weekly_rest_is_under_28_hours(again: str, is_told: bool) -> None:
    work = ("2026-01-12T08:00/12:00", f"2026-01-13T{again}/17:00")
    agreed = {"no.rest.weekly.minimum": 24}
    told = european(*work, jurisdiction="NO", zone=ZONES["NO"], at="2026-01-13T17:00", parameters=agreed)

    assert (forecast(told).day_off_by is not None) is is_told


@pytest.mark.parametrize(("monday", "is_told"), [("2005-12-26", False), ("2006-01-02", True)])
def test_in_norway_it_is_told_from_the_first_week_on_whose_saturday_lies_under_the_act(
    monday: str, is_told: bool
) -> None:
    """The act came on a Sunday, 1 January 2006: the hours before it were not off by it."""
    told = european(f"{monday}T08:00/09:00", jurisdiction="NO", zone=ZONES["NO"], at=f"{monday}T09:00")

    assert (forecast(told).day_off_by is not None) is is_told


@pytest.mark.parametrize(("monday", "is_told"), [("2004-07-26", False), ("2004-08-02", True)])
def test_a_weekly_rest_is_due_from_the_week_on_that_ends_under_the_law(monday: str, is_told: bool) -> None:
    """The directive holds from Monday, 2 August 2004."""
    told = european(f"{monday}T08:00/09:00", at=f"{monday}T09:00")

    assert (forecast(told).day_off_by is not None) is is_told


def test_in_norway_it_begins_before_the_hours_of_sunday_that_are_off_while_these_are_to_come() -> None:
    later = "2026-01-16T02:59:59/2026-01-17T12:00"

    assert week_of_work("NO", "2026-01-14T16:00") == "2026-01-17T17:00:00Z"
    assert week_of_work("NO", "2026-01-17T17:59:59", later) == "2026-01-17T17:00:00Z"
    assert week_of_work("NO", "2026-01-17T18:00", later) == "2026-01-18T22:59:59Z"
    assert week_of_work("NO", "2026-01-16T03:00") == written(0)


@pytest.mark.parametrize(("again", "by"), [("11:00", None), ("10:59:59", "2026-01-18T22:59:59Z")])
def test_what_is_left_of_longer_time_off_can_be_the_rest_of_the_week(again: str, by: str | None) -> None:
    """Off since Friday evening: 35 hours are the rest of that week, and 35 follow from Monday on."""
    told = european("2026-01-09T08:00/18:00", f"2026-01-13T{again}/12:00", at="2026-01-13T12:00")

    day_off_by = forecast(told).day_off_by

    assert (None if day_off_by is None else written(day_off_by)) == by


def test_who_is_outside_the_norwegian_rules_gets_no_limits() -> None:
    told = european("2026-01-13T08:00/16:00", jurisdiction="NO", zone="Europe/Oslo", at="2026-01-13T16:00")

    found = forecast({**told, "agreement": {"self_organiser": True}})

    assert (found.stop_by, found.earliest_start, found.day_off_by) == (None, None, None)
    assert found.next_pause_at is not None


@pytest.mark.parametrize(("monday", "left"), [("2022-04-18", 7.4 - 1), ("2022-04-25", 2 * 7.4 - 1)])
def test_home_time_left_goes_by_the_law_of_the_day_on_which_its_week_ends(monday: str, left: float) -> None:
    """The two days of 2022 came on a Saturday: the week that ends after it is judged by them already."""
    told = european(f"{monday}T08:00/09:00", jurisdiction="DK", zone=ZONES["DK"], at=f"{monday}T09:00")

    assert forecast(told).home_time_left_seconds == round(left * HOUR)


@pytest.mark.parametrize(("monday", "left"), [("2003-04-07", None), ("2003-04-14", 6.4)])
def test_home_time_left_is_told_from_the_week_on_that_ends_under_the_law(monday: str, left: float | None) -> None:
    """The law came on a Tuesday, 15 April 2003."""
    told = european(f"{monday}T08:00/09:00", jurisdiction="DK", zone=ZONES["DK"], at=f"{monday}T09:00")

    assert forecast(told).home_time_left_seconds == (left and round(left * HOUR))


def test_before_the_law_on_screens_the_law_on_rest_is_forecast_all_the_same() -> None:
    told = european("2002-06-04T08:00/09:00", jurisdiction="DK", zone=ZONES["DK"], at="2002-06-04T09:00")

    found = forecast(told)

    assert written(found.stop_by or 0) == "2002-06-04T19:00:00Z"
    assert written(found.earliest_start or 0) == "2002-06-04T18:00:00Z"
    assert found.home_time_left_seconds is None


@pytest.mark.parametrize(("end", "start"), [("00:00:00", None), ("00:00:01", "2002-05-23T09:00:01Z")])
def test_the_rest_goes_by_the_law_of_the_last_second_of_work(end: str, start: str | None) -> None:
    """The Danish order came on 23 May 2002."""
    at = f"2002-05-23T{end}"
    told = european(f"2002-05-22T20:00/{at}", jurisdiction="DK", zone=ZONES["DK"], at=at)

    found = forecast(told).earliest_start

    assert (None if found is None else written(found)) == start


@pytest.mark.parametrize(
    ("at", "stop_by"),
    [
        ("2026-01-13T12:00", "2026-01-13T20:00:00Z"),
        ("2026-01-13T22:59:59", "2026-01-13T20:00:00Z"),
        ("2026-01-13T23:00", "2026-01-14T11:00:00Z"),
    ],
)
def test_in_europe_a_day_may_last_thirteen_hours_from_its_first_work(at: str, stop_by: str) -> None:
    """The day before ended at nine in the evening, a rest of eleven hours earlier."""
    told = european("2026-01-12T20:00/21:00", "2026-01-13T08:00/12:00", at=at)

    found = forecast(told)

    assert written(found.stop_by or 0) == stop_by
    assert written(found.earliest_start or 0) == "2026-01-13T22:00:00Z"


def test_in_europe_nothing_is_left_of_a_day_that_was_too_long() -> None:
    exact, more = (european(f"2026-01-13T08:00/{end}", at=f"2026-01-13T{end}") for end in ("21:00", "21:00:01"))

    assert written(forecast(exact).stop_by or 0) == "2026-01-13T20:00:00Z"
    assert forecast(more).stop_by is None


@pytest.mark.parametrize("law", ["DK", "NO", "EU"])
def test_where_no_work_is_told_work_now_would_be_the_first(law: str) -> None:
    hours = {"normal_hours": {"wed": [["08:00", "16:00"]]}}
    told = european(jurisdiction=law, zone=ZONES[law], at="2026-01-13T12:00", agreement=hours)

    found = forecast(told)

    stop_by = {"DK": "2026-01-14T00:00:00Z", "NO": "2026-01-13T20:00:00Z", "EU": "2026-01-14T00:00:00Z"}
    assert written(found.stop_by or 0) == stop_by[law]
    assert (found.earliest_start, found.day_off_by, found.home_time_left_seconds) == (None, None, None)


@pytest.mark.parametrize(("at", "stop_by"), [("09:59:59", None), ("10:00", "2026-01-14T20:00:00Z")])
def test_in_norway_a_new_day_of_work_begins_after_the_rest(at: str, stop_by: str | None) -> None:
    hours = {"normal_hours": {"thu": [["08:00", "16:00"]]}}
    told = european(
        "2026-01-13T15:00/23:00", jurisdiction="NO", zone=ZONES["NO"], at=f"2026-01-14T{at}", agreement=hours
    )

    found = forecast(told)

    assert (None if found.stop_by is None else written(found.stop_by)) == stop_by
    assert written(found.earliest_start or 0) == "2026-01-14T09:00:00Z"


def test_in_norway_an_agreed_start_after_a_free_day_leaves_the_24_hours_of_the_rule() -> None:
    told = european(jurisdiction="NO", zone=ZONES["NO"], at="2026-01-13T12:00")

    for weekday, stop_by in (
        ("thu", "2026-01-14T11:00:00Z"),
        ("fri", "2026-01-14T11:00:00Z"),
        ("wed", "2026-01-13T20"),
    ):
        agreement = {"normal_hours": {weekday: [["08:00", "16:00"]]}}
        assert written(forecast({**told, "agreement": agreement}).stop_by or 0).startswith(stop_by)


def in_norway(*work: str, at: str, **hours: list[list[str]]) -> str | None:
    """Return until when one may work, with agreed hours by weekday; 2026-01-13 is a Tuesday."""
    more: dict[str, Any] = {"zone": ZONES["NO"], "at": at, "agreement": {"normal_hours": hours}}
    stop_by = forecast(european(*work, jurisdiction="NO", **more)).stop_by
    return None if stop_by is None else written(stop_by)


OFFICE = [["08:00", "16:00"]]


def test_in_norway_the_day_goes_on_after_a_pause() -> None:
    assert in_norway("2026-01-13T08:00/12:00", at="2026-01-13T14:00", wed=OFFICE) == "2026-01-13T20:00:00Z"


def test_in_norway_the_24_hours_begin_after_the_last_rest_of_the_date() -> None:
    night, later = "2026-01-13T00:00/02:00", "2026-01-13T14:00/15:00"

    assert in_norway(night, at="2026-01-13T12:59:59", fri=OFFICE) == "2026-01-13T23:00:00Z"
    assert in_norway(night, at="2026-01-13T13:00", fri=OFFICE) == "2026-01-14T12:00:00Z"
    assert in_norway(night, later, at="2026-01-13T15:00", fri=OFFICE) == "2026-01-14T13:00:00Z"


@pytest.mark.parametrize(("end", "stop_by"), [("08:00:00", "2026-01-14T07:00:00Z"), ("08:00:01", None)])
def test_in_norway_after_24_hours_of_work_no_time_is_left_to_tell(end: str, stop_by: str | None) -> None:
    at = f"2026-01-14T{end}"

    assert in_norway(f"2026-01-13T08:00/{at}", at=at, fri=OFFICE) == stop_by


@pytest.mark.parametrize(
    ("hours", "stop_by"),
    [
        ({"thu": [["05:00", "12:00"]]}, "2026-01-14T17:00:00Z"),  # less than 35 hours from the start: before the 24 h
        ({"thu": [["07:00", "12:00"]]}, "2026-01-14T19:00:00Z"),
        ({"thu": [["13:00", "16:00"], ["05:00", "12:00"]]}, "2026-01-14T17:00:00Z"),  # the first of the date
        ({"wed": [["00:00", "08:00"]], "thu": OFFICE}, "2026-01-13T12:00:00Z"),  # at its first second
    ],
)
def test_in_norway_the_first_agreed_start_of_a_later_date_counts(hours: dict[str, Any], stop_by: str) -> None:
    assert in_norway("2026-01-13T20:00/21:00", at="2026-01-13T21:00", **hours) == stop_by


@pytest.mark.parametrize(
    ("end", "stop_by"), [("07:59:59", "2026-01-13T20:00:00Z"), ("08:00:00", "2026-01-14T19:00:00Z")]
)
def test_in_norway_an_agreed_start_of_now_is_no_longer_to_come(end: str, stop_by: str) -> None:
    at = f"2026-01-14T{end}"

    assert in_norway(f"2026-01-13T20:00/{at}", at=at, wed=OFFICE, thu=OFFICE) == stop_by


@pytest.mark.parametrize(
    ("at", "stop_by"),
    [("18:59:59", "18:00"), ("19:00:00", None), ("20:59:59", None), ("21:00:00", "20:00")],
)
def test_where_the_persons_word_decides_whether_time_is_left_nothing_is_said_to_the_second(
    at: str, stop_by: str | None
) -> None:
    """With the waiting minutes of six o'clock the day may last to 19:00, without them to 21:00."""
    told = european("2026-01-13T08:00/12:00", zone=ZONES["EU"], at=f"2026-01-13T{at}")
    told["work"].append({"start": "2026-01-13T06:00", "end": "2026-01-13T06:10", "confirmed": False})

    found = forecast(told).stop_by

    assert (None if found is None else written(found)) == (stop_by and f"2026-01-13T{stop_by}:00Z")


@pytest.mark.parametrize(("seen_from", "pause"), [("07:55:00", 1768290600), ("07:55:01", None)])
def test_the_next_pause_is_told_only_where_unobserved_activity_cannot_have_begun_the_stretch(
    seen_from: str, pause: int | None
) -> None:
    seen = [{"start": f"2026-01-13T{seen_from}", "end": "2026-01-13T08:30"}]
    told = european("2026-01-13T08:00/08:30", zone=ZONES["EU"], at="2026-01-13T08:30", observed=seen)

    assert forecast(told).next_pause_at == pause
