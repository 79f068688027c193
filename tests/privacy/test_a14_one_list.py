"""A14: laptop and service check against the same list of fields, and refuse everything else."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy import wire
from fyraften_policy.errors import WireError
from fyraften_service.problems import Problem
from fyraften_service.reports import read_report
from service_process import duty_values, group_values, pulse_values, record_values

VALUES: dict[str, dict[str, Any]] = {
    "fyraften.group.weekly/1": group_values("2026-W46"),
    "fyraften.pulse.monthly/1": pulse_values("2026-11"),
    "fyraften.duty.monthly/1": duty_values("2026-11"),
    "fyraften.record.weekly/1": record_values("2026-W46"),
}
EVERY_FIELD = [(kind.id, field.name) for kind in wire.reports() for field in kind.fields]
kinds = st.sampled_from(sorted(VALUES))


def taken_by(report_id: str, values: dict[str, Any]) -> dict[str, bool]:
    """Return who would take these values for a report: who writes it, who receives it, and the published schema."""
    kind, document = wire.report(report_id), {**values, "report": report_id}
    body = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    found = dict.fromkeys(("laptop", "service"), True)
    try:
        wire.encode(report_id, values)
    except WireError:
        found["laptop"] = False
    try:
        read_report(kind, str(values.get(kind.period, "")), body)
    except Problem:
        found["service"] = False
    schema = jsonschema.Draft202012Validator(wire.json_schema(report_id))
    return {**found, "schema": schema.is_valid(document)}


def everybody(verdict: bool) -> dict[str, bool]:
    return dict.fromkeys(("laptop", "service", "schema"), verdict)


@pytest.mark.parametrize("report_id", VALUES)
def test_what_is_on_the_list_is_taken_by_both_sides(report_id: str) -> None:
    assert taken_by(report_id, VALUES[report_id]) == everybody(True)


@pytest.mark.parametrize(("report_id", "field"), EVERY_FIELD)
def test_a_field_that_is_missing_or_ends_in_a_line_feed_is_refused_by_both_sides(report_id: str, field: str) -> None:
    """A pattern that is anchored takes a line feed at the end, in some programs."""
    values = VALUES[report_id]
    missing = {name: value for name, value in values.items() if name != field}

    assert taken_by(report_id, missing) == everybody(False)
    if isinstance(values[field], str):
        assert taken_by(report_id, {**values, field: f"{values[field]}\n"}) == everybody(False)


@given(kinds, st.text(max_size=12), st.none() | st.booleans() | st.integers() | st.text(max_size=12))
def test_a_field_that_is_not_on_the_list_is_refused_by_both_sides(report_id: str, name: str, value: Any) -> None:
    known = {field.name for field in wire.report(report_id).fields} | {"report"}
    if name not in known:
        assert taken_by(report_id, {**VALUES[report_id], name: value}) == everybody(False)


@given(st.sampled_from(EVERY_FIELD), st.text(max_size=12) | st.integers() | st.none())
def test_of_any_value_both_sides_say_the_same(where: tuple[str, str], value: Any) -> None:
    report_id, field = where
    found = taken_by(report_id, {**VALUES[report_id], field: value})

    assert len(set(found.values())) == 1
