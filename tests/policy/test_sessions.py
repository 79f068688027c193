"""Sessions: the short way to read plain ones and the careful way agree on everything."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy import sessions
from fyraften_policy.errors import FactsError
from fyraften_policy.facts import read_facts
from fyraften_policy.periods import LocalTimeError, parse_instant
from fyraften_policy.written_times import written_times
from policy.any_document import WILD_ZONES
from policy.documents import danish

TIMES = [
    "2026-01-13T08:00", "2026-01-13T16:00:30", "2026-01-13T16:00Z", "2026-01-13T16:00+02:00", "2026-10-25T02:30",
    "2026-03-29T02:30", "2026-02-30T08:00", "2300-01-01T00:00", "", "soon", 8, None, ["2026-01-13T08:00"], True,
]  # fmt: skip
FLAGS = [True, False, 1, 0, "yes", None]
rows = st.fixed_dictionaries(
    {},
    optional={
        "start": st.sampled_from(TIMES),
        "end": st.sampled_from(TIMES),
        "place": st.sampled_from([*sessions.PLACES, "moon", 1, None, ["home"]]),
        "workstation": st.sampled_from([*sessions.WORKSTATIONS, "desk", True, {}]),
        "screen": st.sampled_from(FLAGS),
        "confirmed": st.sampled_from(FLAGS),
        "colour": st.just("red"),
    },
)
SURE = {"start": "2026-01-13T08:00", "end": "2026-01-13T16:00"}


def read(row: object) -> object:
    try:
        return read_facts({**danish(), "work": [SURE, row], "at": "2027-01-01T00:00"}).work
    except FactsError as refused:
        return refused.field, refused.message, refused.remedy


def read_carefully(row: object) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sessions, "_plain_sessions", lambda rows, times: None)
        return read(row)


@given(rows | rows.map(lambda row: {**SURE, **row}) | st.sampled_from([None, [], "work", 3]))
def test_plain_sessions_are_read_as_the_careful_way_reads_them(row: Any) -> None:
    assert read(row) == read_carefully(row)


def test_a_plain_session_takes_the_short_way() -> None:
    row = {**SURE, "place": "home", "workstation": "mobile", "screen": False, "confirmed": False}

    local, with_offset = written_times("Europe/Copenhagen")

    assert sessions._plain_sessions([SURE, row], local) is not None
    assert sessions._plain_sessions([{"start": "2026-01-13T08:00Z", "end": "2026-01-13T10:00+01:00"}], with_offset)


@pytest.mark.parametrize("zone", ["Europe/Copenhagen", *WILD_ZONES])
def test_what_is_looked_up_is_what_is_read_and_only_the_day_of_a_clock_change_needs_a_closer_look(zone: str) -> None:
    local, with_offset = written_times(zone)
    closer = set()
    for day in (date(2010, 12, 1) + timedelta(days=number) for number in range(500)):
        for clock in ("T00:00", "T00:30", "T02:30", "T23:30", "T23:59:59"):
            try:
                assert local.midnights[str(day)] + local.seconds[clock] == parse_instant(f"{day}{clock}", zone)
            except KeyError:
                closer.add(day)
            with_its_offset = with_offset.midnights[str(day)] + with_offset.seconds[f"{clock}-05:30"]
            assert with_its_offset == parse_instant(f"{day}{clock}-05:30", zone)

    assert len(closer) <= 12


@pytest.mark.parametrize(
    "clock", ["", "T08", "T24:00", "T08:00 ", "T08:00+01:00", "T08:00:00+01:00 and more", "T08:00Z"]
)
def test_a_clock_time_that_needs_a_closer_look_is_not_looked_up(clock: str) -> None:
    local, _ = written_times("Europe/Copenhagen")

    with pytest.raises(KeyError):
        local.seconds[clock]


@pytest.mark.parametrize("day", ["", "20260113", "2026-1-13", "2026-02-30", "1026-01-13", "2026-03-29"])
def test_a_date_that_needs_a_closer_look_is_not_looked_up(day: str) -> None:
    local, _ = written_times("Europe/Copenhagen")

    with pytest.raises((KeyError, LocalTimeError)):
        local.midnights[day]


def test_among_many_plain_sessions_a_wrong_one_is_found_by_its_number() -> None:
    rows: list[Any] = [SURE] * 200
    rows[130] = {**SURE, "place": "moon"}

    with pytest.raises(FactsError, match=r"work\[130\].place"):
        read_facts(danish(*rows))
