"""Checks the rows of a full copy before they come in: each value of the kind its column has, each row one that can be.

A copy is made by Fyraften, but it lies in a folder where anything may happen to it; a row that cannot be is left out
and listed, and the others come in.
Pure. Not here: writing (``store.full_copy``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fyraften_agent.agreement.file import check_agreement
from fyraften_agent.errors import AgentError, InputError
from fyraften_agent.recording.hours import CHOICE as HOURS_CHOICE
from fyraften_agent.recording.hours import parse_choice
from fyraften_agent.recording.places import KINDS, WORKSTATIONS
from fyraften_agent.selfchecks.answers import fits
from fyraften_agent.selfchecks.questions import question_named
from fyraften_policy.errors import PolicyError
from fyraften_policy.languages import mark
from fyraften_policy.periods import known_zone

NO_ROW = mark("it is no row as Fyraften writes them")
WRONG_VALUE = mark("{column} is not as Fyraften writes it")
_LARGEST = 7_258_118_400  # the first second of 2200: no instant, number or count of ours reaches it
_LONGEST_TEXT = 100_000

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a table: ``is_number`` or text; whether it may be empty, or has a value where none is given."""

    is_number: bool
    may_be_empty: bool
    has_default: bool = False


class RowError(Exception):
    """A row cannot come in: the words of the reason, and the column."""

    def __init__(self, words: str, column: str = "") -> None:
        super().__init__(words)
        self.words, self.values = words, {"column": column}


def check_row(table: str, row: object, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Return the columns of the row that the table has.

    Raises:
        RowError: it is no row, lacks a value, or one of its values cannot be.
    """
    if not isinstance(row, Mapping):
        raise RowError(NO_ROW)
    for name, column in columns.items():
        if not _fits(row.get(name), column):
            raise RowError(WRONG_VALUE, name)
    known = {
        name: row.get(name) for name, column in columns.items() if row.get(name) is not None or not column.has_default
    }
    for name, holds in _MORE.get(table, {}).items():
        if not holds(known):
            raise RowError(WRONG_VALUE, name)
    return known


def _fits(value: object, column: Column) -> bool:
    if value is None:
        return column.may_be_empty or column.has_default
    if column.is_number:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT


def _in_order(start: str, end: str) -> Callable[[Row], bool]:
    def holds(row: Row) -> bool:
        return row.get(start) is None or row.get(end) is None or 0 <= row[start] <= row[end]

    return holds


def _is_agreement(row: Row) -> bool:
    try:
        body = json.loads(row["body"])
        if not isinstance(body, dict):
            return False
        check_agreement(body)
    except (ValueError, RecursionError, TypeError, KeyError, AgentError, PolicyError):
        return False
    return True


def _are_hours(text: str) -> bool:
    try:
        chosen = parse_choice(text)
    except InputError:
        return False
    return chosen.free_in is None or known_zone(chosen.free_in)


# What a choice that is brought in may be: one that cannot be read would stop the recording.
_CHOICES: dict[str, Callable[[str], bool]] = {HOURS_CHOICE: _are_hours, "source": lambda text: text == "counter"}


def _is_answer(row: Row) -> bool:
    """Say whether somebody could have answered so on that day, about that period."""
    known = question_named(row["question"])
    try:
        on = date.fromisoformat(row["answered_on"])
    except ValueError:
        return False
    return (
        known is not None
        and row["answered_on"] == on.isoformat()
        and row.get("period") in ((None, "") if not known[0].each_month else (f"{on:%Y-%m}",))
        and fits(known[1], row["value"], on)
    )


_MORE: dict[str, dict[str, Callable[[Row], bool]]] = {
    "places": {
        "kind": lambda row: row["kind"] in KINDS,
        "workstation": lambda row: row["workstation"] in WORKSTATIONS,
    },
    "sessions": {
        "zone": lambda row: known_zone(row["zone"]),
        "workstation": lambda row: row.get("workstation") in (None, *WORKSTATIONS),
        # Both ends come from the measurement, or both from the employee; a correction may replace either.
        "measured_end": lambda row: (row.get("measured_start") is None) == (row.get("measured_end") is None),
        "measured_start": _in_order("measured_start", "measured_end"),
        "start": lambda row: row.get("measured_start") is not None or None not in (row.get("start"), row.get("end")),
        "end": lambda row: _effective(row, "start") <= _effective(row, "end"),
    },
    "corrections": {"workstation": lambda row: row.get("workstation") in (None, *WORKSTATIONS)},
    "spans": {"end": _in_order("start", "end")},
    "observed": {"end": _in_order("start", "end")},
    "agreements": {"body": _is_agreement},
    "answers": {"question": lambda row: question_named(row["question"]) is not None, "value": _is_answer},
    "choices": {"name": lambda row: row["name"] in _CHOICES, "value": lambda row: _CHOICES[row["name"]](row["value"])},
}


def _effective(row: Row, side: str) -> int:
    value = row.get(side) if row.get(side) is not None else row.get(f"measured_{side}")
    return value if isinstance(value, int) else 0
