"""N8: nothing leaves the laptop that is finer than the period that was agreed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy import wire
from fyraften_policy.wire_registry import ANSWERS, AROUND

TYPES = {*ANSWERS, *AROUND}
CLOCK = re.compile(r"\d{1,2}:\d{2}|T\d{2}|\d{4}-\d{2}-\d{2}")
A_DAY_OR_LESS = {"time", "hour", "clock", "at", "timestamp", "date", "day", "start", "end", "minute", "second"}


@pytest.mark.parametrize("report", wire.reports(), ids=lambda report: str(report.id))
def test_every_report_is_about_a_week_or_a_month(report: wire.Report) -> None:
    assert report.period in ("week", "month")
    assert [field.name for field in report.fields if field.type in ("week", "month")] == [report.period]


@pytest.mark.parametrize("report", wire.reports(), ids=lambda report: str(report.id))
def test_no_field_is_named_or_typed_for_a_moment(report: wire.Report) -> None:
    assert not {field.name for field in report.fields} & A_DAY_OR_LESS
    assert {field.type for field in report.fields} <= TYPES
    assert not TYPES & A_DAY_OR_LESS


def bodies(report: wire.Report) -> st.SearchStrategy[bytes]:
    return st.fixed_dictionaries({field.name: _values(field) for field in report.fields}).map(
        lambda values: wire.encode(report.id, values)
    )


def _values(field: wire.Field) -> st.SearchStrategy[Any]:
    match field.type:
        case "enum":
            return st.sampled_from(field.values)
        case "set":
            return st.sets(st.sampled_from(field.values)).map(sorted)
        case "flag":
            return st.booleans()
        case "week":
            return st.integers(1, 52).map(lambda number: f"2026-W{number:02}")
        case "month":
            return st.integers(1, 12).map(lambda number: f"2026-{number:02}")
        case "minutes":
            return st.lists(st.none() | st.integers(0, 1440), min_size=7, max_size=7)
    return st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True)


@given(st.sampled_from(wire.reports()).flatmap(bodies))
def test_no_report_that_can_be_made_holds_a_clock_time_or_a_date(body: bytes) -> None:
    values = json.loads(body)
    texts = [json.dumps(value) for name, value in values.items() if name not in ("cell", "report")]

    assert not any(CLOCK.search(text) for text in texts)
