"""Public holidays of a jurisdiction, from the ``holidays`` library (the only module that imports it).

Policy stays pure: the agent and ``fyraften check`` fill the dates in where the facts leave them out. The library takes
longer to load than ten years take to judge, so what it says of the years around ours comes along as a table
(``scripts/public_holidays.py`` writes it, a test compares it); it is asked for other years.
Not here: special eves, which belong to the rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from fyraften_policy.periods import FIRST_YEAR, LAST_YEAR

COUNTRIES = {"DK": "DK", "NO": "NO"}
TABLE = Path(__file__).with_name("public_holidays.json")
_YEARS_AROUND = 1
_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


def public_holidays(jurisdiction: str, years: Iterable[int]) -> list[str]:
    """Return the public holidays as sorted ISO dates; none for a jurisdiction that is no country, such as ``EU``."""
    if jurisdiction not in COUNTRIES:
        return []
    known = _table()[jurisdiction]
    days = []
    for year in sorted(set(years)):
        in_table = known.get(str(year))
        days += from_library(jurisdiction, [year]) if in_table is None else [f"{year}-{day}" for day in in_table]
    return days


def from_library(jurisdiction: str, years: Iterable[int]) -> list[str]:
    """Return what the library says, as sorted ISO dates."""
    import holidays  # late: it is slow to load

    return sorted(day.isoformat() for day in holidays.country_holidays(COUNTRIES[jurisdiction], years=list(years)))


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    """Return the days of the years in the table, by jurisdiction and year."""
    table: dict[str, dict[str, list[str]]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def with_public_holidays(document: dict[str, Any]) -> dict[str, Any]:
    """Return the facts document with ``public_holidays`` filled in for the years it speaks of, where it has none.

    What is malformed is left as it is: reading the facts says what is wrong.
    """
    if "public_holidays" in document or not isinstance(document.get("jurisdiction"), str):
        return document
    years = _years(document)
    return {**document, "public_holidays": public_holidays(document["jurisdiction"], years)} if years else document


def _years(document: dict[str, Any]) -> set[int]:
    texts = [document.get("at")]
    sessions = document.get("work")
    period = document.get("period")
    for row in [*(sessions if isinstance(sessions, list) else []), period]:
        if isinstance(row, dict):
            texts += [row.get("start"), row.get("end")]
    written = {text[:4] for text in texts if isinstance(text, str)}
    years = {int(year) for year in written if year.isascii() and year.isdecimal()} & set(_YEARS)
    if not years:
        return set()
    return set(_YEARS) & set(range(min(years) - _YEARS_AROUND, max(years) + _YEARS_AROUND + 1))
