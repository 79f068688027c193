"""Reports changed at random: laptop, service and an independent JSON Schema implementation say the same of each.

The reference knows nothing of ``wire.decode``: a parser that refuses a key twice, ``jsonschema`` with the schema, and
``rfc8785`` for the form. ``make prove`` tries ten thousand changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import rfc8785
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.sending.outbox import Outbox
from fyraften_policy import wire
from fyraften_policy.errors import WireError
from fyraften_service.problems import Problem
from fyraften_service.reports import read_report

EXAMPLES = 10_000 if settings.default is not None and settings.default.max_examples >= 2000 else 400
VALID: tuple[dict[str, Any], ...] = (
    {
        "report": "fyraften.group.weekly/1",
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
    },
    {
        "report": "fyraften.pulse.monthly/1",
        "month": "2026-11",
        "cell": "sales",
        "role": "often",
        "conflict": "seldom",
        "manager": "sometimes",
        "demands": "unknown",
        "control": "often",
        "balance": "unknown",
        "together": "sometimes",
    },
    {
        "report": "fyraften.duty.monthly/1",
        "month": "2026-11",
        "screen_rule": "covered",
        "workplace_check": "not_done",
        "equipment_wanted": ["chair", "screen"],
        "eye_test_wanted": True,
    },
    {"report": "fyraften.record.weekly/1", "week": "2026-W46", "minutes": [444, 0, None, 1440, 1, 2, 3]},
)
SCHEMAS = {kind.id: jsonschema.Draft202012Validator(wire.json_schema(kind.id)) for kind in wire.reports()}
# Latin letters and digits as Cyrillic, full width, Arabic and with a mark: alike to the eye, not the same.
LOOK_ALIKE = str.maketrans("aeocx0123", "аеосх０１２٣")
EVERY_VALUE = sorted({value for kind in wire.reports() for field in kind.fields for value in field.values})

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([-1, 0, 1, 7, 1440, 1441, 2**53, 2**63, 10**400]),
    st.sampled_from([0.0, -0.0, 444.0, 0.5, 1e300]),
    st.sampled_from([*EVERY_VALUE, "unknown", "2026-W53", "2025-W53", "2026-13", "2026-12", "sales\n", "\x00", ""]),
    st.text(max_size=6),
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
)
days = st.lists(st.one_of(st.none(), st.integers(-1, 1441), st.sampled_from([444.0, True, "444"])), max_size=8)


class TwiceError(ValueError):
    """A key stands twice in an object."""


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _value in pairs}) != len(pairs):
        raise TwiceError
    return dict(pairs)


def is_a_report(body: bytes) -> bool:
    """Say what the reference says."""
    try:
        values = json.loads(body.decode("utf-8"), object_pairs_hook=once)
        form = rfc8785.dumps(values)
    except (ValueError, RecursionError, UnicodeError, rfc8785.CanonicalizationError):
        return False
    if not isinstance(values, dict) or not isinstance(values.get("report"), str):
        return False
    schema = SCHEMAS.get(values["report"])
    return schema is not None and schema.is_valid(values) and form == body and len(body) <= 4096


@st.composite
def changed_values(draw: st.DrawFn) -> dict[str, Any]:
    """A valid report of which some values, names or fields are others."""
    values = dict(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(0, 2))):
        name = draw(st.sampled_from(sorted(values)))
        how = draw(st.sampled_from(["value", "days", "look-alike", "line feed", "gone", "more", "renamed", "swapped"]))
        if how == "value":
            values[name] = draw(anything)
        elif how == "days":
            values[name] = draw(days)
        elif how == "look-alike" and isinstance(values[name], str):
            values[name] = values[name].translate(LOOK_ALIKE)
        elif how == "line feed" and isinstance(values[name], str):
            values[name] += draw(st.sampled_from(["\n", "\r\n", " ", "\u2028"]))
        elif how == "gone":
            del values[name]
            if not values:
                break
        elif how == "more":
            values[draw(st.text(max_size=8))] = draw(anything)
        elif how == "renamed":
            values[name.translate(LOOK_ALIKE)] = values.pop(name)
        elif how == "swapped" and isinstance(values[name], list):
            values[name] = list(reversed(values[name]))
    return values


def written(values: dict[str, Any]) -> bytes:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


WAYS_TO_WRITE: tuple[Callable[[bytes], bytes], ...] = (
    lambda body: body,
    lambda body: body,
    lambda body: body + b"\n",
    lambda body: b"\xef\xbb\xbf" + body,
    lambda body: body.replace(b":", b": ", 1),
    lambda body: body.replace(b",", b", ", 1),
    lambda body: body.replace(b"{", b'{"cell":"sales",', 1),
    lambda body: body[:-1] + b',"week":"2026-W46"}',
    lambda body: body.replace(b"a", b"\\u0061", 1),
    lambda body: body.replace(b"444", b"444.0", 1),
    lambda body: body.replace(b"444", b"4.44e2", 1),
    lambda body: body.replace(b"[0,", b"[-0,", 1),
    lambda body: body.replace(b"null", b"NaN", 1),
    lambda body: body.replace(b"null", b"Infinity", 1),
    lambda body: body.replace(b"1440", b"1" + b"0" * 30, 1),
    lambda body: body.replace(b"true", b"True", 1),
    lambda body: json.dumps(dict(reversed(json.loads(body).items())), separators=(",", ":")).encode(),
)


@st.composite
def changed_bodies(draw: st.DrawFn) -> bytes:
    """The bytes of a report, changed in what it says, in how it is written, or somewhere."""
    body = written(draw(changed_values()))
    body = draw(st.sampled_from(WAYS_TO_WRITE))(body)
    if draw(st.integers(0, 4)) == 0:
        place = draw(st.integers(0, len(body)))
        body = body[:place] + draw(st.binary(max_size=2)) + body[place + draw(st.integers(0, 2)) :]
    return body


def verdicts(body: bytes) -> dict[str, bool]:
    """Return who takes these bytes for a report: the library, the laptop's outbox, the service."""
    found = {"decode": True, "outbox": True, "service": True}
    try:
        values = wire.decode(body)
    except WireError:
        values, found["decode"] = {}, False
    connection = open_ledger(None)
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        Outbox(connection).prepare(body, "subject", 0)
    except WireError:
        found["outbox"] = False
    finally:
        connection.close()
    kinds = [kind for kind in wire.reports() if kind.id.encode() in body] or list(wire.reports())
    try:
        read_report(kinds[0], str(values.get(kinds[0].period, "")), body)
    except Problem:
        found["service"] = False
    return found


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@example(written(VALID[0]))
@example(written(VALID[1]))
@example(written(VALID[2]))
@example(written(VALID[3]))
@example(written(VALID[3]) + b"\n")
@given(changed_bodies())
def test_both_sides_and_the_reference_say_the_same_of_every_body(body: bytes) -> None:
    expected = is_a_report(body)

    assert verdicts(body) == dict.fromkeys(("decode", "outbox", "service"), expected)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(changed_values())
def test_what_the_laptop_writes_is_a_report_or_is_refused(values: dict[str, Any]) -> None:
    kind = values.pop("report", None)
    if not isinstance(kind, str) or kind not in SCHEMAS:
        return
    try:
        body = wire.encode(kind, values)
    except WireError:
        body = None

    if body is not None:
        assert is_a_report(body)
    elif not has_a_float(values):  # 444.0 is the number 444 to a schema, and no way to write it
        assert not SCHEMAS[kind].is_valid({**values, "report": kind})


def has_a_float(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, float) or any(map(has_a_float, inner))


@pytest.mark.parametrize("values", VALID)
def test_the_reference_takes_every_valid_report(values: dict[str, Any]) -> None:
    """The positive control: else everything could be refused, and nobody would notice."""
    assert is_a_report(written(values))
    assert verdicts(written(values)) == {"decode": True, "outbox": True, "service": True}


def test_a_report_with_a_key_twice_is_refused_by_the_reference_too() -> None:
    body = written(VALID[3])

    assert not is_a_report(body[:-1] + b',"week":"2026-W46"}')


@settings(max_examples=100)
@given(st.text(min_size=8, max_size=12).map("Kirsten’s {}".format))
def test_no_word_of_a_refused_body_comes_back_in_the_answer(canary: str) -> None:
    for values in ({**VALID[0], canary: "x"}, {**VALID[0], "report": canary}, {**VALID[0], "cell": canary}):
        body = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
        with pytest.raises(Problem) as refused:
            read_report(wire.report_for("group"), "2026-W46", body)

        assert canary not in refused.value.detail
