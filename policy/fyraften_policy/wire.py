"""What may leave a laptop: the canonical bytes of the reports declared in ``wire.toml``, and the check of both.

The agent encodes and the service decodes with this one module, so neither can know a field that the other,
the consent text or the documentation does not show.
Not here: reading the registry (``wire_registry.py``), how a value is found (the agent), and how a report travels.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from fyraften_policy.errors import WireError
from fyraften_policy.wire_registry import (
    DAYS,
    MINUTES_A_DAY,
    UNKNOWN,
    VERSION,
    WEEKS_PER_MONTH,
    Field,
    Report,
    registry,
)

__all__ = [
    "MAXIMUM_BYTES",
    "UNKNOWN",
    "VERSION",
    "WEEKS_PER_MONTH",
    "Field",
    "Report",
    "as_agreed",
    "bits_per_week",
    "canonical",
    "decode",
    "encode",
    "is_unknown",
    "json_schema",
    "purposes",
    "report",
    "report_for",
    "reports",
    "says_nothing",
    "value_word",
    "withheld",
]

MAXIMUM_BYTES = 4096
# In ECMA syntax, the one of JSON Schema. The years of this century that have a week 53 are a matter of the calendar.
_LONG_YEARS = "04|09|15|20|26|32|37|43|48|54|60|65|71|76|82|88|93|99"
_PATTERNS = {
    "cell": r"[a-z0-9][a-z0-9-]{0,31}",
    "month": r"20[0-9]{2}-(0[1-9]|1[0-2])",
    "week": rf"20([0-9]{{2}}-W(0[1-9]|[1-4][0-9]|5[0-2])|({_LONG_YEARS})-W53)",
}
_LONGEST = {"cell": 32, "month": 7, "week": 8}

Reason = Literal["newer", "past_review"]
"""Why a field is not sent: newer than what the person agreed to, or past the date until which it was reviewed."""


def reports() -> tuple[Report, ...]:
    """Return every report that may leave a laptop, in the order of ``wire.toml``."""
    return registry().reports


def report(report_id: str) -> Report:
    """Return the report of that id; raises :class:`WireError` for any other."""
    for known in reports():
        if known.id == report_id:
            return known
    raise WireError("report", f"There is no report {report_id!r}.")


def purposes() -> tuple[str, ...]:
    """Return the purposes of sending, in the order of ``wire.toml``."""
    return tuple(kind.purpose for kind in reports())


def report_for(purpose: str) -> Report:
    """Return the report of a purpose; raises :class:`WireError` for what is none."""
    for known in reports():
        if known.purpose == purpose:
            return known
    raise WireError("purpose", f"There is no purpose {purpose!r}.")


def encode(report_id: str, values: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a report: what is shown, stored, sent and hashed.

    Args:
        values: one value for each field of the report, without the key ``report``.

    Raises:
        WireError: a field is missing, unknown, or has a value the registry does not list.
    """
    body = {**values, "report": report_id}
    _check(report(report_id), body)
    return canonical(body)


def decode(body: bytes) -> dict[str, Any]:
    """Return the values of a received report, the key ``report`` included.

    Raises:
        WireError: anything but the canonical bytes of a valid report.
    """
    if len(body) > MAXIMUM_BYTES:
        raise WireError("", f"A report has at most {MAXIMUM_BYTES} bytes, this one has {len(body)}.")
    try:
        values = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise WireError("", "A report is one JSON object in UTF-8.") from None
    if not isinstance(values, dict) or not isinstance(values.get("report"), str):
        raise WireError("report", "A report is one JSON object that names its report.")
    kind = next((known for known in reports() if known.id == values["report"]), None)
    if kind is None:
        raise WireError("report", "There is no report of this name.")
    _check(kind, values)
    if canonical(values) != body:
        raise WireError("", "A report is written in canonical form (RFC 8785), with each field once.")
    return values


def canonical(value: Any) -> bytes:
    """Return ``value`` as canonical JSON (RFC 8785).

    Only text, integers, booleans, null, lists and objects with ASCII keys occur here. For these, sorted keys and no
    spaces are all the standard asks for; a test compares with a full implementation.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def json_schema(report_id: str) -> dict[str, Any]:
    """Return the closed JSON Schema (draft 2020-12) of a report: what is canonical and fits it is a report."""
    kind = report(report_id)
    properties = {field.name: _field_schema(field) for field in kind.fields}
    properties["report"] = {"const": report_id}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": report_id,
        "type": "object",
        "additionalProperties": False,
        "required": sorted(properties),
        "properties": properties,
    }


def bits_per_week(purpose: str) -> float:
    """Return the information budget of a purpose: the bits a week that its report can carry at most."""
    return report_for(purpose).bits_per_week


def value_word(value: str, language: str) -> str:
    """Return what one value of the registry is called; a code such as a week or a group stays what it is."""
    words = registry().words.get(value)
    return words[language] if words is not None else value


def withheld(report_id: str, agreed_version: int, on: date) -> dict[str, Reason]:
    """Return the fields that may not be sent on that day, and why.

    Args:
        agreed_version: the wire version of the text that the person agreed to.
        on: the day on which the report is made; a field may be sent on its ``reviewed_until`` for the last time.
    """
    reasons: dict[str, Reason] = {}
    for field in report(report_id).fields:
        if field.since > agreed_version:
            reasons[field.name] = "newer"
        elif field.reviewed_until < on:
            reasons[field.name] = "past_review"
    return reasons


def as_agreed(report_id: str, values: Mapping[str, Any], agreed_version: int, on: date) -> dict[str, Any]:
    """Return the values with every field that may not be sent as not known: see :func:`withheld`.

    Raises:
        WireError: the period or the group may not be sent, so no report can be made.
    """
    kept_back = withheld(report_id, agreed_version, on)
    fields = {field.name: field for field in report(report_id).fields}
    for name in kept_back:
        if not fields[name].is_answer:
            raise WireError(name, "The field may not be sent any more, and without it there is no report.")
    return {name: _not_known(fields[name]) if name in kept_back else value for name, value in values.items()}


def says_nothing(report_id: str, values: Mapping[str, Any]) -> bool:
    """Say whether a report would only say that it knows nothing: that is a sign of life, and is not made."""
    return all(is_unknown(field, values) for field in report(report_id).fields if field.is_answer)


def is_unknown(field: Field, values: Mapping[str, Any]) -> bool:
    """Say whether a report says nothing in this field."""
    return bool(values[field.name] == _not_known(field))


def _not_known(field: Field) -> Any:
    return [None] * DAYS if field.type == "minutes" else UNKNOWN


def _check(kind: Report, body: Mapping[str, Any]) -> None:
    names = {field.name for field in kind.fields} | {"report"}
    if set(body) - names:
        raise WireError(
            "", "The registry has no such field."
        )  # its name is not said: the service answers in these words
    for field in kind.fields:
        if field.name not in body:
            raise WireError(field.name, "The field is missing.")
        if not _is_valid(field, body[field.name]):
            raise WireError(field.name, "The registry does not list this value.")


def _is_valid(field: Field, value: Any) -> bool:
    if field.type == "flag":
        return value is True or value is False or value == UNKNOWN
    if field.type == "minutes":
        return isinstance(value, list) and len(value) == DAYS and all(map(_is_day_total, value))
    if field.type == "set" and isinstance(value, list):
        known = all(isinstance(item, str) and item in field.values for item in value)
        return known and value == sorted(set(value))
    if not isinstance(value, str):
        return False
    if field.type == "set":
        return value == UNKNOWN
    if field.type == "enum":
        return value in field.values
    return re.fullmatch(_PATTERNS[field.type], value) is not None


def _is_day_total(value: Any) -> bool:
    """Tell whether a value is a number of minutes in a day, or nothing. Truth values are no numbers here."""
    return value is None or (type(value) is int and 0 <= value <= MINUTES_A_DAY)


def _field_schema(field: Field) -> dict[str, Any]:
    if field.type == "enum":
        return {"enum": list(field.values)}
    if field.type == "flag":
        return {"enum": [True, False, UNKNOWN]}
    if field.type == "set":
        return {"enum": [*_subsets(field.values), UNKNOWN]}
    if field.type == "minutes":
        total = {"type": ["integer", "null"], "minimum": 0, "maximum": MINUTES_A_DAY}
        return {"type": "array", "items": total, "minItems": DAYS, "maxItems": DAYS}
    # In some implementations "$" lets a line feed through after the last character: both bounds refuse it.
    return {"type": "string", "pattern": rf"^({_PATTERNS[field.type]})$(?!\n)", "maxLength": _LONGEST[field.type]}


def _subsets(values: tuple[str, ...]) -> list[list[str]]:
    """Return every set of the values, each in the one order in which it may be written."""
    found: list[list[str]] = [[]]
    for value in sorted(values):
        found += [[*chosen, value] for chosen in found]
    return found
