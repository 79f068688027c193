"""Local times as sentences show them: told from tables and by the day, they are those of ``findings.moment``."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.findings import moment
from fyraften_policy.local_times import LocalTimes, plain_day, times_of
from fyraften_policy.periods import day_interval, local_date, parse_instant
from fyraften_policy.work_days import clock_changes
from policy.danish import facts
from policy.strategies import ANCHORS, DAY

ZONES = ("Europe/Copenhagen", "America/New_York", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
SKIPPED_DAY = 1325203200  # 2011-12-30T00:00Z, which Apia left out
anywhere = st.builds(
    lambda anchor, seconds: anchor + seconds,
    st.sampled_from([*sorted(ANCHORS.values()), SKIPPED_DAY]),
    st.integers(-4 * DAY, 4 * DAY),
)
zones = st.sampled_from(ZONES)


@given(zones, st.lists(anywhere, min_size=1, max_size=12))
def test_each_instant_is_told_as_the_moment_tells_it_in_whatever_order_they_are_asked(
    zone: str, instants: list[int]
) -> None:
    times = LocalTimes(zone)

    assert [times[instant] for instant in [*instants, *instants]] == [moment(instant, zone) for instant in instants] * 2


@given(zones, anywhere, anywhere)
def test_the_clock_changes_between_two_instants_where_their_offsets_differ(zone: str, start: int, end: int) -> None:
    assert LocalTimes(zone).clock_changes(start, end) == clock_changes(start, end, zone)


def test_the_second_of_a_clock_change_is_told_by_the_new_clock_and_the_one_before_by_the_old() -> None:
    for change in ("2026-03-29T01:00Z", "2026-10-25T01:00Z"):
        instant = parse_instant(change, "UTC")

        assert LocalTimes("Europe/Copenhagen")[instant] == moment(instant, "Europe/Copenhagen")
        assert LocalTimes("Europe/Copenhagen")[instant - 1] == moment(instant - 1, "Europe/Copenhagen")


@pytest.mark.parametrize(
    ("zone", "instant", "text"),
    [
        ("Africa/Windhoek", "2015-04-04T23:59Z", "2015-04-05 01:59+02:00"),  # the clock is put back a minute later,
        ("Africa/Windhoek", "2015-04-05T00:01Z", "2015-04-05 01:01+01:00"),  # at the midnight of UTC in between
        ("Antarctica/Troll", "2026-10-24T23:59Z", "2026-10-25 01:59+02:00"),  # by two hours, at one o'clock of UTC
    ],
)
def test_a_time_comes_twice_on_either_side_of_the_midnight_at_which_the_clock_is_put_back(
    zone: str, instant: str, text: str
) -> None:
    told = parse_instant(instant, "UTC")

    assert LocalTimes(zone)[told] == moment(told, zone) == text


@pytest.mark.parametrize("asked", [(0,), (1,), (0, 1), ()])
@pytest.mark.parametrize(("end", "changes"), [("2026-01-23T08:00", False), ("2026-07-13T08:00", True)])
def test_whether_the_clock_changed_does_not_depend_on_what_was_written_before(
    asked: tuple[int, ...], end: str, *, changes: bool
) -> None:
    times = LocalTimes("Europe/Copenhagen")
    instants = [parse_instant(text, "Europe/Copenhagen") for text in ("2026-01-13T08:00", end)]
    for number in asked:
        assert times[instants[number]]

    assert times.clock_changes(*instants) is changes


@given(zones, anywhere, st.integers(0, DAY), st.integers(0, DAY))
def test_a_date_of_24_hours_tells_its_own_instants_as_the_moment_does(
    zone: str, instant: int, first: int, length: int
) -> None:
    day = local_date(instant, zone)
    begins, ends = day_interval(day, zone)
    start = begins + first

    plain = plain_day(day, start, start + length, zone)

    if plain is not None:
        assert ends - begins == DAY
        instants = [start, start + length]
        assert [plain[instant] for instant in instants] == [moment(instant, zone) for instant in instants]
        assert (
            plain.clocks(instants) == LocalTimes(zone).clocks(instants) == [moment(one, zone)[11:] for one in instants]
        )
    else:
        assert ends - begins != DAY or start + length >= ends


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_date_on_which_the_clock_changes_is_not_told_by_the_day(day: str) -> None:
    noon = parse_instant(f"{day}T12:00", "Europe/Copenhagen")

    assert plain_day(date.fromisoformat(day), noon, noon + 60, "Europe/Copenhagen") is None


def test_the_midnight_after_a_day_is_told_by_the_next_date() -> None:
    told = facts(["2026-01-13T20:00/2026-01-14T00:00"])
    start, end = told.work[0].start, told.work[0].end

    assert times_of(told)[end] == "2026-01-14 00:00"
    assert plain_day(date(2026, 1, 13), start, end, "Europe/Copenhagen") is None
    assert plain_day(date(2026, 1, 13), start, end - 1, "Europe/Copenhagen") is not None


def test_the_starts_and_ends_of_days_are_written_before_they_are_asked_for_with_their_seconds() -> None:
    times = times_of(facts(["2026-01-13T08:00:30/2026-01-13T16:00", "2026-10-25T01:00/2026-10-25T04:00"]))

    assert sorted(times.values()) == ["2026-01-13 08:00:30", "2026-01-13 16:00"]
