"""Public holidays of a jurisdiction, from the ``holidays`` library (the only module that imports it).

Policy stays pure: the agent and ``fyraften check`` fill the dates in where the facts leave them out.
Not here: special eves, which belong to the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fyraften_policy.periods import FIRST_YEAR, LAST_YEAR

_COUNTRIES = {"DK": "DK", "NO": "NO"}
_YEARS_AROUND = 1
_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


def public_holidays(jurisdiction: str, years: Iterable[int]) -> list[str]:
    """Return the public holidays as sorted ISO dates; none for a jurisdiction that is no country, such as ``EU``."""
    country = _COUNTRIES.get(jurisdiction)
    if country is None:
        return []
    import holidays  # late: only a run that judges needs it

    return sorted(day.isoformat() for day in holidays.country_holidays(country, years=sorted(set(years))))


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
