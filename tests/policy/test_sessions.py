"""Sessions: the short way to read plain ones and the careful way agree on everything."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy import sessions
from fyraften_policy.errors import FactsError
from fyraften_policy.facts import read_facts
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
        patch.setattr(sessions, "_plain_session", lambda row, zone: None)
        return read(row)


@given(rows | rows.map(lambda row: {**SURE, **row}) | st.sampled_from([None, [], "work", 3]))
def test_plain_sessions_are_read_as_the_careful_way_reads_them(row: Any) -> None:
    assert read(row) == read_carefully(row)


def test_a_plain_session_takes_the_short_way() -> None:
    row = {**SURE, "place": "home", "workstation": "mobile", "screen": False, "confirmed": False}

    assert sessions._plain_session(SURE, "Europe/Copenhagen") is not None
    assert sessions._plain_session(row, "Europe/Copenhagen") is not None
