"""The registry of what may leave a laptop, as ``wire.toml`` declares it: reports, their fields, and the words for both.

Reads ``wire.toml`` and refuses one that is not complete, or that lets a purpose tell more than its budget of bits.
Not here: the bytes of a report and their check (``wire.py``).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from fyraften_policy.errors import WireError
from fyraften_policy.languages import LANGUAGES

VERSION = 2
UNKNOWN = "unknown"
DAYS = 7
MINUTES_A_DAY = 24 * 60
WEEKS_PER_MONTH = 365.25 / 12 / 7
ANSWERS = ("enum", "set", "flag", "minutes")
"""The types of what a report says; those of :data:`AROUND` say whose and when, and are known to the recipient."""
AROUND = ("week", "month", "cell")
_TEXTS = ("title", "what_for", "know", "after", "keep", "basis", "seen_by")

Words = Mapping[str, str]
"""A text by language code."""


@dataclass(frozen=True)
class Field:
    """One value of a report.

    ``since`` is the wire version that introduced it; after ``reviewed_until`` it is not sent any more. ``purpose``,
    ``basis``, ``seen_by`` and ``kept`` are those of its report.
    """

    name: str
    type: str
    values: tuple[str, ...]
    unit: str
    meaning: Words
    purpose: str
    basis: Words
    seen_by: Words
    kept: Words
    since: int
    reviewed_until: date

    @property
    def is_answer(self) -> bool:
        """Say whether the field says something; else it names the period or the group."""
        return self.type in ANSWERS

    @property
    def bits(self) -> float:
        """Return the most information one value can carry; period and group are known to the recipient beforehand."""
        if self.type == "enum":
            return math.log2(len(self.values))
        if self.type == "set":
            return math.log2(2 ** len(self.values) + 1)
        if self.type == "minutes":
            return DAYS * math.log2(MINUTES_A_DAY + 2)  # 0 to 1440, or nothing
        return math.log2(3) if self.type == "flag" else 0.0


@dataclass(frozen=True)
class Report:
    """One kind of report; there is one for each purpose.

    ``made_by_itself``: prepared when a period is over. ``legal_duty``: sent because the employer must have it, not by
    consent. ``off_in``: the jurisdictions in which nobody can agree to it. ``know`` is what to know beforehand,
    ``after`` what happens when the person stops.
    """

    id: str
    purpose: str
    period: str
    bits_at_most: float
    made_by_itself: bool
    legal_duty: bool
    off_in: tuple[str, ...]
    title: Words
    what_for: Words
    know: Words
    after: Words
    keep: Words
    basis: Words
    seen_by: Words
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

    @property
    def made_until(self) -> date:
        """Return the last day on which the report is made: without its period or its group there is none."""
        return min(field.reviewed_until for field in self.fields if not field.is_answer)

    @property
    def has_cell(self) -> bool:
        """Say whether the report is a group's and carries nobody's name."""
        return any(field.type == "cell" for field in self.fields)


@dataclass(frozen=True)
class Registry:
    """Everything that ``wire.toml`` declares; ``words`` are the words for each value."""

    reports: tuple[Report, ...]
    words: Mapping[str, Words]


@lru_cache(maxsize=1)
def registry() -> Registry:
    """Return the registry of this version; read once.

    Raises:
        WireError: see :func:`read_registry`.
    """
    return read_registry(files("fyraften_policy").joinpath("wire.toml").read_text(encoding="utf-8"))


def read_registry(text: str) -> Registry:
    """Return what a registry declares.

    Raises:
        WireError: it is of another version, says something twice or not in every language, knows a type or a value that
            is not known, or lets a purpose tell more than its budget.
    """
    table = tomllib.loads(text)
    if table["version"] != VERSION:
        raise WireError("version", f"wire.toml has version {table['version']}, this code knows {VERSION}.")
    words = {value: _words(value, row) for value, row in table["words"].items()}
    reports = tuple(_report(row) for row in table["report"])
    _check_once([report.id for report in reports])
    _check_once([report.purpose for report in reports])
    for report in reports:
        _check_report(report, words)
    return Registry(reports, words)


def _report(row: dict[str, Any]) -> Report:
    texts: dict[str, Any] = {name: _words(name, row[name]) for name in _TEXTS}
    inherited = {
        "purpose": row["purpose"],
        "basis": texts["basis"],
        "seen_by": texts["seen_by"],
        "kept": texts["keep"],
    }
    plain = {name: value for name, value in row.items() if name not in (*_TEXTS, "field", "off_in")}
    fields = tuple(_field({**inherited, **field}) for field in row["field"])
    return Report(**plain, **texts, off_in=tuple(row["off_in"]), fields=fields)


def _field(row: dict[str, Any]) -> Field:
    if row["type"] not in (*ANSWERS, *AROUND):
        known = ", ".join((*ANSWERS, *AROUND))
        raise WireError(row["name"], f"wire.toml knows the types {known}, not {row['type']!r}.")
    meaning = _words(row["name"], row["meaning"])
    return Field(**{**row, "meaning": meaning, "values": tuple(row.get("values", ()))})


def _words(name: str, row: dict[str, str]) -> Words:
    if set(row) != set(LANGUAGES) or not all(map(str.strip, row.values())):
        raise WireError(name, f"wire.toml needs a text in each of {', '.join(LANGUAGES)}.")
    return row


def _check_report(report: Report, words: Mapping[str, Words]) -> None:
    _check_once([field.name for field in report.fields])
    for field in report.fields:
        if field.since > VERSION:
            raise WireError(field.name, f"The field is of wire version {field.since}, this is {VERSION}.")
        if field.type == "enum" and UNKNOWN not in field.values:
            raise WireError(field.name, "Every enumeration can be unknown.")
        if nameless := [value for value in field.values if value not in words]:
            raise WireError(field.name, f"There is no word for {', '.join(nameless)}.")
    if report.bits_per_week > report.bits_at_most:
        raise WireError(
            report.id,
            f"Its fields tell {report.bits_per_week:.1f} bits a week, its budget is {report.bits_at_most}.",
        )


def _check_once(names: list[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise WireError(twice[0], "wire.toml declares it twice.")
