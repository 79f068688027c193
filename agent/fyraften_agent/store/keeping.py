"""How long raw data is kept: four months and a week.

Four months are the longest period over which an average is judged by default.
Pure.  Not here: deleting (``store``), and what is kept longer in other forms.
"""

from __future__ import annotations

from datetime import date, timedelta

from fyraften_policy.periods import start_of_day

KEPT_MONTHS, KEPT_DAYS = 4, 7


def kept_from(today: date, zone: str) -> int:
    """Return the instant before which nothing is kept: four months and a week before the local day ``today``."""
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    last_day = ((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)).day
    return start_of_day(first.replace(day=min(today.day, last_day)) - timedelta(days=KEPT_DAYS), zone)
