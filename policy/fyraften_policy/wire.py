"""What may leave a laptop: the reports declared in ``wire.toml``, their canonical bytes, and the check of both.

The agent encodes and the service decodes with this one module, so neither can know a field that the other,
the consent text or the documentation does not show. Reads ``wire.toml`` and nothing else.
Not here: how a value is found (the agent) and how a report travels.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from fyraften_policy.errors import WireError

VERSION = 1
UNKNOWN = "unknown"
MAXIMUM_BYTES = 4096
WEEKS_PER_MONTH = 365.25 / 12 / 7
_TYPES = ("enum", "set", "flag", "week", "month", "cell")
_CELL = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_WEEK = re.compile(r"[0-9]{4}-W[0-9]{2}")
_PATTERNS = {"cell": _CELL, "month": _MONTH, "week": _WEEK}


@dataclass(frozen=True)
class Field:
    """One value of a report. ``meaning`` is keyed by language; ``since`` is the wire version that introduced it."""

    name: str
    type: str
    values: tuple[str, ...]
    unit: str
    meaning: Mapping[str, str]
    since: int
    reviewed_until: date

    @property
    def bits(self) -> float:
        """Return the most information one value can carry; period and group are known to the recipient beforehand."""
        if self.type == "enum":
            return math.log2(len(self.values))
        if self.type == "set":
            return math.log2(2 ** len(self.values) + 1)
        return math.log2(3) if self.type == "flag" else 0.0


@dataclass(frozen=True)
class Report:
    """One kind of report. The texts ``keep``, ``basis`` and ``seen_by`` are keyed by language."""

    id: str
    purpose: str
    period: str
    bits_at_most: float
    keep: Mapping[str, str]
    basis: Mapping[str, str]
    seen_by: Mapping[str, str]
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """Return the short name used in addresses, for example ``group.weekly``."""
        return self.id.removeprefix("fyraften.").split("/")[0]

    @property
    def bits_per_week(self) -> float:
        """Return the information budget this report uses, in bits a week."""
        bits = sum(field.bits for field in self.fields)
        return bits if self.period == "week" else bits / WEEKS_PER_MONTH


@lru_cache(maxsize=1)
def reports() -> tuple[Report, ...]:
    """Return every report that may leave a laptop, in the order of ``wire.toml``."""
    registry = tomllib.loads(files("fyraften_policy").joinpath("wire.toml").read_text(encoding="utf-8"))
    if registry["version"] != VERSION:
        raise WireError("version", f"wire.toml has version {registry['version']}, this code knows {VERSION}.")
    return tuple(_report(table) for table in registry["report"])


def report(report_id: str) -> Report:
    """Return the report of that id; raises :class:`WireError` for any other."""
    for known in reports():
        if known.id == report_id:
            return known
    raise WireError("report", f"There is no report {report_id!r}.")


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
    _check(report(values["report"]), values)
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
    """Return the closed JSON Schema (draft 2020-12) of a report."""
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
    """Return the information budget of a purpose: the bits a week that its reports can carry at most."""
    return sum(kind.bits_per_week for kind in reports() if kind.purpose == purpose)


def _report(table: dict[str, Any]) -> Report:
    fields = tuple(_field(row) for row in table["field"])
    texts = {name: table[name] for name in ("keep", "basis", "seen_by")}
    return Report(table["id"], table["purpose"], table["period"], table["bits_at_most"], fields=fields, **texts)


def _field(row: dict[str, Any]) -> Field:
    if row["type"] not in _TYPES:
        raise WireError(row["name"], f"wire.toml knows the types {', '.join(_TYPES)}, not {row['type']!r}.")
    return Field(**{**row, "values": tuple(row.get("values", ()))})


def _check(kind: Report, body: Mapping[str, Any]) -> None:
    names = {field.name for field in kind.fields} | {"report"}
    if extra := sorted(set(body) - names):
        raise WireError(extra[0], "The registry has no such field.")
    for field in kind.fields:
        if field.name not in body:
            raise WireError(field.name, "The field is missing.")
        if not _is_valid(field, body[field.name]):
            raise WireError(field.name, "The registry does not list this value.")


def _is_valid(field: Field, value: Any) -> bool:
    if field.type == "flag":
        return value is True or value is False or value == UNKNOWN
    if field.type == "set" and isinstance(value, list):
        known = all(isinstance(item, str) and item in field.values for item in value)
        return known and value == sorted(set(value))
    if not isinstance(value, str):
        return False
    if field.type == "set":
        return value == UNKNOWN
    if field.type == "enum":
        return value in field.values
    return _PATTERNS[field.type].fullmatch(value) is not None and (field.type != "week" or _is_week(value))


def _is_week(name: str) -> bool:
    """Tell whether that ISO week exists: week 53 does only in some years."""
    try:
        date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
    except ValueError:
        return False
    return True


def _field_schema(field: Field) -> dict[str, Any]:
    if field.type == "enum":
        return {"enum": list(field.values)}
    if field.type == "flag":
        return {"enum": [True, False, UNKNOWN]}
    if field.type == "set":
        items = {"type": "array", "items": {"enum": list(field.values)}, "uniqueItems": True}
        return {"anyOf": [items, {"const": UNKNOWN}]}
    # In some implementations "$" lets a line feed through after the last character: both bounds refuse it.
    longest = {"week": 8, "month": 7, "cell": 32}[field.type]
    return {"type": "string", "pattern": rf"^{_PATTERNS[field.type].pattern}$(?!\n)", "maxLength": longest}
