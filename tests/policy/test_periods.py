"""Local time: reading, writing, days, weeks and months, above all where the clock changes."""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime, time
from importlib import resources
from itertools import pairwise
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy import periods
from fyraften_policy.periods import LocalTimeError, parse_instant

COPENHAGEN = "Europe/Copenhagen"
HOUR = 3600


def at(text: str) -> int:
    """Return the instant of a time with offset, by the standard library."""
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-01-13T08:00", "2026-01-13T08:00:00+01:00"),
        ("2026-01-13T08:00:07", "2026-01-13T08:00:07+01:00"),
        ("2026-07-13T08:00", "2026-07-13T08:00:00+02:00"),
        ("2026-01-13T08:00Z", "2026-01-13T08:00:00+00:00"),
        ("2026-01-13T08:00-03:30", "2026-01-13T08:00:00-03:30"),
        ("2026-01-13T08:00:59+14:00", "2026-01-13T08:00:59+14:00"),
        ("2028-02-29T23:59:59", "2028-02-29T23:59:59+01:00"),
        ("2026-10-25T02:15+02:00", "2026-10-25T02:15:00+02:00"),
        ("2026-10-25T02:15+01:00", "2026-10-25T02:15:00+01:00"),
        ("2026-03-29T02:30Z", "2026-03-29T02:30:00+00:00"),
        ("1900-01-01T00:00Z", "1900-01-01T00:00:00+00:00"),
        ("2199-12-31T23:59:59Z", "2199-12-31T23:59:59+00:00"),
    ],
)
def test_a_time_is_read_with_its_offset_or_in_the_zone(text: str, same: str) -> None:
    assert parse_instant(text, COPENHAGEN) == at(same)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-13", "2026-01-13 08:00", "2026-01-13T8:00", "2026-01-13T24:01", "2026-01-13T08:60",
        "2026-01-13T08:00:60", "2026-01-13T08:00:00.5", "2026-01-13T08:00+1:00", "2026-01-13T08:00+0100",
        "2026-01-13t08:00", "2026-01-13T08:00z", " 2026-01-13T08:00", "2026-01-13T08:00\n", "", "٢٠٢٦-٠١-١٣T٠٨:٠٠",
        "2026-W03-2T08:00", "2026-01-13T08:00+01:00[Europe/Copenhagen]", "2026-01-13T08:00+25:00", "20260113T0800",
    ],
)  # fmt: skip
def test_what_is_no_time_is_an_error_with_a_remedy(text: str) -> None:
    with pytest.raises(LocalTimeError) as refused:
        parse_instant(text, COPENHAGEN)

    assert refused.value.message == f"{text!r} is not a time."
    assert refused.value.remedy.startswith("Write it as 2026-01-13T08:00")


def test_midnight_written_as_the_24th_hour_is_refused_with_how_to_write_it() -> None:
    with pytest.raises(LocalTimeError) as refused:
        parse_instant("2026-01-13T24:00", COPENHAGEN)

    assert refused.value.remedy == "Midnight at the end of a day is 00:00 of the next date."


@pytest.mark.parametrize("text", ["2026-02-29T08:00", "2026-13-01T08:00Z", "2026-00-10T08:00", "2026-04-31T08:00"])
def test_a_date_that_is_not_in_the_calendar_is_an_error(text: str) -> None:
    with pytest.raises(LocalTimeError, match="does not exist in the calendar"):
        parse_instant(text, COPENHAGEN)
    with pytest.raises(LocalTimeError, match="does not exist in the calendar"):
        periods.parse_date(text[:10])


@pytest.mark.parametrize("text", ["0026-01-13T08:00", "1899-12-31T23:59", "2200-01-01T00:00Z", "9999-12-31T08:00"])
def test_a_year_that_must_be_a_slip_is_an_error(text: str) -> None:
    with pytest.raises(LocalTimeError, match="years 1900 to 2199"):
        parse_instant(text, COPENHAGEN)
    with pytest.raises(LocalTimeError, match="years 1900 to 2199"):
        periods.parse_date(text[:10])


@pytest.mark.parametrize("text", ["2026-10-25T02:00", "2026-10-25T02:30", "2026-10-25T02:59:59"])
def test_a_local_time_that_happens_twice_is_asked_about(text: str) -> None:
    with pytest.raises(LocalTimeError, match="happens twice in Europe/Copenhagen") as asked:
        parse_instant(text, COPENHAGEN)

    assert "+02:00 or " in asked.value.remedy
    assert "+01:00" in asked.value.remedy


@pytest.mark.parametrize("text", ["2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T02:59:59"])
def test_a_local_time_that_the_clock_skips_is_an_error(text: str) -> None:
    with pytest.raises(LocalTimeError, match="does not exist in Europe/Copenhagen: the clock skips it"):
        parse_instant(text, COPENHAGEN)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-10-25T01:59:59", "2026-10-25T01:59:59+02:00"),
        ("2026-10-25T03:00", "2026-10-25T03:00:00+01:00"),
        ("2026-03-29T01:59:59", "2026-03-29T01:59:59+01:00"),
        ("2026-03-29T03:00", "2026-03-29T03:00:00+02:00"),
    ],
)
def test_the_seconds_beside_a_clock_change_are_plain(text: str, same: str) -> None:
    assert parse_instant(text, COPENHAGEN) == at(same)


def test_half_an_hour_of_clock_change_leaves_the_other_half_plain() -> None:
    zone = "Australia/Lord_Howe"  # at 02:00 on 5 April 2026 the clock goes back to 01:30

    assert parse_instant("2026-04-05T01:29:59", zone) == at("2026-04-05T01:29:59+11:00")
    with pytest.raises(LocalTimeError, match="twice"):
        parse_instant("2026-04-05T01:30", zone)


@pytest.mark.parametrize(
    "name",
    ["Europe/Nowhere", "", "Europe", "localtime", "right/Europe/Copenhagen", "posix/UTC", "../etc", "a\0b", "\ud800"],
)
def test_only_zones_of_the_data_base_are_known(name: str) -> None:
    assert not periods.known_zone(name)


@pytest.mark.parametrize("name", ["Europe/Copenhagen", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_zones_of_the_data_base_are_known(name: str) -> None:
    assert periods.known_zone(name)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 1, 13), 24), (date(2028, 2, 29), 24)],
)
def test_a_local_date_has_23_24_or_25_hours(day: date, hours: int) -> None:
    assert periods.day_interval(day, COPENHAGEN).length == hours * HOUR


def test_a_date_whose_midnight_is_skipped_begins_at_one() -> None:
    start = periods.start_of_day(date(2018, 11, 4), "America/Sao_Paulo")

    assert periods.format_instant(start, "America/Sao_Paulo") == "2018-11-04T01:00:00-02:00"


def test_a_date_that_a_zone_skipped_has_no_time() -> None:
    assert periods.day_interval(date(2011, 12, 30), "Pacific/Apia").length == 0


@pytest.mark.parametrize(
    ("clock", "last", "shown"),
    [
        (time(2, 30), False, "2026-10-25T02:30:00+02:00"),
        (time(2, 30), True, "2026-10-25T02:30:00+01:00"),
        (time(3, 30), True, "2026-10-25T03:30:00+01:00"),
    ],
)
def test_a_clock_time_that_happens_twice_is_the_first_or_the_last(clock: time, last: bool, shown: str) -> None:
    instant = periods.clock_instant(date(2026, 10, 25), clock, COPENHAGEN, last=last)

    assert periods.format_instant(instant, COPENHAGEN) == shown


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("clock", [time(2), time(2, 30), time(2, 59)])
def test_a_clock_time_that_is_skipped_is_the_instant_of_the_skip(clock: time, last: bool) -> None:
    instant = periods.clock_instant(date(2026, 3, 29), clock, COPENHAGEN, last=last)

    assert periods.format_instant(instant, COPENHAGEN) == "2026-03-29T03:00:00+02:00"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 15), "2026-W46"), (date(2026, 11, 16), "2026-W47"), (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"), (date(2024, 12, 30), "2025-W01"),
    ],
)  # fmt: skip
def test_a_week_is_the_iso_week(day: date, name: str) -> None:
    monday = periods.week_start(day)

    assert periods.week_name(day) == name
    assert periods.week_monday(name) == monday
    assert periods.week_interval(name, COPENHAGEN).start == periods.start_of_day(monday, COPENHAGEN)


@pytest.mark.parametrize(("name", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W46", 168)])
def test_a_week_with_a_clock_change_is_an_hour_shorter_or_longer(name: str, hours: int) -> None:
    assert periods.week_interval(name, COPENHAGEN).length == hours * HOUR


@pytest.mark.parametrize("name", ["2025-W53", "2026-W00", "2026W46", "2026-46", "2026-W4"])
def test_a_week_that_does_not_exist_is_an_error(name: str) -> None:
    with pytest.raises(LocalTimeError, match="is not an ISO week"):
        periods.week_monday(name)


def test_a_month_ends_where_the_next_begins() -> None:
    december = periods.month_interval("2026-12", COPENHAGEN)

    assert december.length == 31 * 24 * HOUR
    assert december.end == periods.month_interval("2027-01", COPENHAGEN).start
    assert periods.month_interval("2028-02", COPENHAGEN).length == 29 * 24 * HOUR


zones = st.sampled_from(
    [COPENHAGEN, "UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"]
)
instants = st.integers(at("2010-01-01T00:00Z"), at("2040-01-01T00:00Z"))


@given(instants, zones)
def test_what_is_written_is_read_back(instant: int, zone: str) -> None:
    assert parse_instant(periods.format_instant(instant, zone), zone) == instant


@given(instants, zones)
def test_every_instant_lies_in_its_local_date(instant: int, zone: str) -> None:
    day = periods.day_interval(periods.local_date(instant, zone), zone)

    assert day.start <= instant < day.end


@given(st.lists(st.tuples(instants, st.integers(0, 400_000)), max_size=4), zones)
def test_splitting_by_day_loses_and_doubles_nothing(rows: list[tuple[int, int]], zone: str) -> None:
    intervals = [(start, start + length) for start, length in rows]

    parts = list(periods.split_by_day(intervals, zone))

    assert sum(end - start for _, start, end in parts) == sum(length for _, length in rows)
    assert all(periods.local_date(start, zone) == day == periods.local_date(end - 1, zone) for day, start, end in parts)


def test_where_the_clock_goes_back_over_midnight_the_rest_is_of_the_new_day() -> None:
    zone = "America/St_Johns"  # on 7 November 2010 at 00:01 the clock went back to 23:01
    night = (at("2010-11-07T00:00:00+00:00"), at("2010-11-07T12:00:00+00:00"))

    parts = list(periods.split_by_day([night], zone))

    assert [day for day, _, _ in parts] == [date(2010, 11, 6), date(2010, 11, 7)]
    assert [end - start for _, start, end in parts] == [9000, 34200]


def test_reading_needs_no_zone_of_the_machine() -> None:
    assert periods.local(0, "UTC") == datetime(1970, 1, 1, tzinfo=UTC)


# Short ways: what is looked up instead of being worked out each time agrees with the standard library.

ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
instants = st.integers(
    int(datetime(1900, 1, 3, tzinfo=UTC).timestamp()), int(datetime(2199, 12, 29, tzinfo=UTC).timestamp())
)
near_a_change = st.builds(
    lambda year, change, seconds: int(datetime(year, *change, tzinfo=UTC).timestamp()) + seconds,
    st.integers(1996, 2037),
    st.sampled_from([(3, 28), (10, 28), (4, 3), (11, 4), (10, 15), (1, 1)]),
    st.integers(-6 * 24 * HOUR, 6 * 24 * HOUR),
)


@given(instants | near_a_change, st.sampled_from(ZONES) | st.just(COPENHAGEN))
def test_local_times_are_those_of_the_time_zone_data_base(instant: int, zone: str) -> None:
    local = datetime.fromtimestamp(instant, ZoneInfo(zone))

    assert periods.local_date(instant, zone) == local.date()
    assert periods.format_instant(instant, zone) == local.isoformat()
    plain = str(local.replace(tzinfo=None)).removesuffix(":00")
    others = [local.replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    twice = others[0] != others[1]
    assert periods.local_text(instant, zone) == plain + (str(local)[len("2026-01-13 08:00:00") :] if twice else "")
    assert periods.start_of_day(local.date(), zone) == periods.clock_instant(local.date(), time(0), zone)


@given(instants | near_a_change, st.sampled_from(ZONES) | st.just(COPENHAGEN))
def test_a_written_local_time_is_read_back(instant: int, zone: str) -> None:
    local = datetime.fromtimestamp(instant, ZoneInfo(zone))
    is_only_reading = local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset()

    assert parse_instant(local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), zone) == instant
    if is_only_reading:
        assert parse_instant(local.replace(tzinfo=None).isoformat(), zone) == instant


@pytest.mark.parametrize("zone", ZONES)
def test_no_zone_changes_its_clock_twice_within_three_days(zone: str) -> None:
    changes = changes_of(zone)

    assert all(later - earlier > 3 * 24 * HOUR for earlier, later in pairwise(changes))


def changes_of(zone: str) -> list[int]:
    """Return the instants from 1900 to 2200 at which the offset changes, out of the file of the zone."""
    path = next((path for path in (Path(folder, zone) for folder in TZPATH) if path.is_file()), None)
    content = path.read_bytes() if path else resources.files("tzdata.zoneinfo").joinpath(*zone.split("/")).read_bytes()
    utc, standard, leap, times, types, letters = struct.unpack(">6l", content[20:44])
    begin = 44 + 5 * times + 6 * types + letters + 8 * leap + standard + utc  # after the same in 32 bits
    _, _, _, times, types, _ = struct.unpack(">6l", content[begin + 20 : begin + 44])
    begin += 44
    instants = struct.unpack(f">{times}q", content[begin : begin + 8 * times])
    of_type = [struct.unpack(">l", content[begin + 9 * times + 6 * index :][:4])[0] for index in range(types)]
    offsets = [of_type[index] for index in content[begin + 8 * times : begin + 9 * times]]
    changed = [at for at, before, after in zip(instants[1:], offsets, offsets[1:], strict=False) if before != after]
    return [at for at in changed if -2_208_988_800 < at < 7_258_118_400]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("2026-03-29T01:59:59+01:00", 1),
        ("2026-03-29T03:00:00+02:00", 2),
        ("2026-10-25T02:59:59+02:00", 2),
        ("2026-10-25T02:00:00+01:00", 1),
        ("2026-07-01T12:00:00+02:00", 2),
    ],
)
def test_the_offset_is_that_of_the_instant(text: str, hours: int) -> None:
    assert periods.utc_offset(periods.parse_instant(text, "Europe/Oslo"), "Europe/Oslo") == hours * 3600


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        ("2026-10-25T01:59:59+02:00", "2026-10-25 01:59:59"), ("2026-10-25T02:00+02:00", "2026-10-25 02:00+02:00"),
        ("2026-10-25T02:59:59+02:00", "2026-10-25 02:59:59+02:00"),
        ("2026-10-25T02:00+01:00", "2026-10-25 02:00+01:00"),
        ("2026-10-25T02:59:59+01:00", "2026-10-25 02:59:59+01:00"), ("2026-10-25T03:00+01:00", "2026-10-25 03:00"),
        ("2026-03-29T01:59:59+01:00", "2026-03-29 01:59:59"), ("2026-03-29T03:00+02:00", "2026-03-29 03:00"),
    ],
)  # fmt: skip
def test_a_time_that_comes_twice_is_told_with_its_offset_and_no_other(instant: str, text: str) -> None:
    assert periods.local_text(at(instant), COPENHAGEN) == text
