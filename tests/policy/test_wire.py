"""The wire registry: what may leave a laptop, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import jsonschema
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy import wire
from fyraften_policy.errors import WireError
from fyraften_policy.languages import LANGUAGES

GROUP = "fyraften.group.weekly/1"
DUTY = "fyraften.duty.monthly/1"
WEEK: dict[str, Any] = {
    "week": "2026-W46",
    "cell": "sales",
    "home_days": "2",
    "home_share": "under_half",
    "out_of_hours_days": "0",
    "out_of_hours_home_days": "0",
    "short_rests": "1",
    "day_off": "unknown",
    "screen_rule": "covered",
    "pauses": "varied",
}
MONTH: dict[str, Any] = {
    "month": "2026-11",
    "screen_rule": "covered",
    "workplace_check": "not_done",
    "equipment_wanted": ["chair", "screen"],
    "eye_test_wanted": True,
}
PULSE = "fyraften.pulse.monthly/1"
STATEMENTS: dict[str, Any] = {
    "month": "2026-11",
    "cell": "sales",
    "role": "often",
    "conflict": "seldom",
    "manager": "sometimes",
    "demands": "unknown",
    "control": "often",
    "balance": "unknown",
    "together": "sometimes",
}
RECORD = "fyraften.record.weekly/1"
TOTALS: dict[str, Any] = {"week": "2026-W46", "minutes": [444, 0, None, 1440, 1, 2, 3]}
EXAMPLES = {GROUP: WEEK, PULSE: STATEMENTS, DUTY: MONTH, RECORD: TOTALS}
CENTURY = st.dates(min_value=date(2000, 1, 3), max_value=date(2099, 12, 31))


def value_of(field: wire.Field) -> st.SearchStrategy[Any]:
    if field.type == "flag":
        return st.sampled_from([True, False, "unknown"])
    if field.type == "set":
        return st.one_of(st.just("unknown"), st.lists(st.sampled_from(field.values), unique=True).map(sorted))
    if field.type == "enum":
        return st.sampled_from(field.values)
    if field.type == "minutes":
        return st.lists(st.one_of(st.none(), st.integers(0, 1440)), min_size=7, max_size=7)
    return {
        "cell": st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,31}\Z"),
        "month": CENTURY.map(lambda day: f"{day:%Y-%m}"),
        "week": CENTURY.map(lambda day: "{:04}-W{:02}".format(*day.isocalendar())),
    }[field.type]


def bodies(report_id: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({field.name: value_of(field) for field in wire.report(report_id).fields})


@given(data=st.data(), report_id=st.sampled_from(sorted(EXAMPLES)))
def test_every_valid_report_survives_the_journey_byte_for_byte(data: st.DataObject, report_id: str) -> None:
    values = data.draw(bodies(report_id))

    body = wire.encode(report_id, values)

    assert wire.decode(body) == {**values, "report": report_id}
    assert body == rfc8785.dumps({**values, "report": report_id})
    jsonschema.validate(json.loads(body), wire.json_schema(report_id))


@pytest.mark.parametrize("report_id", sorted(EXAMPLES))
def test_a_missing_or_an_extra_field_is_refused(report_id: str) -> None:
    values = EXAMPLES[report_id]

    for name in values:
        with pytest.raises(WireError, match="missing"):
            wire.encode(report_id, {key: value for key, value in values.items() if key != name})
    with pytest.raises(WireError, match="no such field"):
        wire.encode(report_id, {**values, "last_seen": "2026-11-13"})


@pytest.mark.parametrize(
    ("report_id", "field", "value"),
    [
        (GROUP, "home_days", 2),
        (GROUP, "home_days", "6"),
        (GROUP, "home_days", None),
        (GROUP, "home_days", "2\n"),
        (GROUP, "week", "2026-W54"),
        (GROUP, "week", "2025-W53"),
        (GROUP, "week", "2026-W46\n"),
        (GROUP, "week", "2026-11-13"),
        (GROUP, "cell", "Sales"),
        (GROUP, "cell", "sales\n"),
        (GROUP, "cell", "s" * 33),
        (GROUP, "cell", "søg"),
        (PULSE, "role", "nearly_always"),
        (PULSE, "role", 3),
        (RECORD, "minutes", "unknown"),
        (RECORD, "minutes", None),
        (RECORD, "minutes", [0] * 6),
        (RECORD, "minutes", [0] * 8),
        (RECORD, "minutes", [1441, 0, 0, 0, 0, 0, 0]),
        (RECORD, "minutes", [-1, 0, 0, 0, 0, 0, 0]),
        (RECORD, "minutes", [0.5, 0, 0, 0, 0, 0, 0]),
        (RECORD, "minutes", [True, 0, 0, 0, 0, 0, 0]),
        (RECORD, "minutes", ["444", 0, 0, 0, 0, 0, 0]),
        (RECORD, "minutes", [[444], 0, 0, 0, 0, 0, 0]),
        (RECORD, "week", "1999-W46"),
        (DUTY, "month", "2026-13"),
        (DUTY, "eye_test_wanted", 1),
        (DUTY, "eye_test_wanted", "true"),
        (DUTY, "equipment_wanted", ["screen", "chair"]),
        (DUTY, "equipment_wanted", ["chair", "chair"]),
        (DUTY, "equipment_wanted", "chair"),
        (DUTY, "equipment_wanted", [["chair"]]),
        (DUTY, "equipment_wanted", {}),
    ],
)
def test_a_value_that_the_registry_does_not_list_is_refused_on_both_sides(
    report_id: str, field: str, value: object
) -> None:
    values = {**EXAMPLES[report_id], field: value}

    with pytest.raises(WireError) as refused:
        wire.encode(report_id, values)
    with pytest.raises(WireError):
        wire.decode(wire.canonical({**values, "report": report_id}))
    assert refused.value.field == field
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**values, "report": report_id}, wire.json_schema(report_id))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"report":7}',
        b'{"report":"fyraften.keys/1"}',
        b"\xff\xfe",
        b"[" * 100_000,
        wire.encode(GROUP, WEEK) + b"\n",
        wire.encode(GROUP, WEEK).replace(b'"cell"', b' "cell"'),
        wire.encode(GROUP, WEEK).replace(b'{"cell"', b'{"cell":"sales","cell"'),
        b" " * 5000,
    ],
)
def test_anything_but_the_canonical_bytes_of_a_known_report_is_refused(body: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(body)


def test_no_field_holds_free_text_a_number_without_bound_or_a_time_of_day() -> None:
    types = {field.type for report in wire.reports() for field in report.fields}

    assert types <= {"enum", "set", "flag", "minutes", "week", "month", "cell"}


def test_every_enumeration_lets_the_answer_be_unknown() -> None:
    enumerations = [field for report in wire.reports() for field in report.fields if field.type == "enum"]

    assert all("unknown" in field.values for field in enumerations)


def test_every_sentence_of_the_registry_is_there_in_each_language() -> None:
    texts = [text for report in wire.reports() for text in (report.keep, report.basis, report.seen_by)]
    texts += [field.meaning for report in wire.reports() for field in report.fields]

    assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in texts)


def test_no_report_grows_beyond_its_information_budget() -> None:
    for report in wire.reports():
        assert report.bits_per_week <= report.bits_at_most, report.id
    assert wire.bits_per_week("group") <= 20


def test_every_field_is_reviewed_before_its_date_has_passed() -> None:
    today = datetime.now(UTC).date()
    late = [f"{report.id} {field.name}" for report in wire.reports() for field in report.fields
            if field.reviewed_until < today]  # fmt: skip

    assert late == []
