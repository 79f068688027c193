"""The same days for the oracle of minutes and for the Danish rules: work, what waits for a word, what is not known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fyraften_policy.facts import Facts, read_facts
from fyraften_policy.periods import format_instant
from policy import oracle_dk as oracle

ZONE = "Europe/Copenhagen"
Rows = list[tuple[int, int]]  # first minute and length


def written(minutes: oracle.Minutes, minute: int) -> str:
    return format_instant(minutes.begin + 60 * minute, ZONE)


def pairs(minutes: oracle.Minutes, row: bytearray) -> list[dict[str, str]]:
    return [{"start": written(minutes, start), "end": written(minutes, end)} for start, end in oracle.stretches(row, 1)]


def told_and_facts(
    first: date, days: int, work: Rows, waiting: Rows, unknown: Rows, **more: Any
) -> tuple[oracle.Minutes, oracle.Told, Facts]:
    """Return the same days for the oracle and for the rules; work as told, in any order and overlapping."""
    minutes = oracle.minutes_from(first, days, ZONE)
    rows = [oracle.row(minutes, found) for found in (work, waiting, unknown)]
    told = oracle.Told(rows[0], rows[1], bytearray(u & ~(a | b) & 1 for a, b, u in zip(*rows, strict=True)))
    seen = bytearray(1 - one for one in told.unknown)
    before, after = f"{first - timedelta(days=900)}T00:00", f"{first + timedelta(days=days + 9)}T00:00"
    observed = [
        {"start": before, "end": written(minutes, 0)},
        *pairs(minutes, seen),
        {"start": written(minutes, len(seen)), "end": after},
    ]
    limit = len(minutes.dates)
    told_rows = [
        {
            "start": written(minutes, start),
            "end": written(minutes, min(limit, start + length)),
            "confirmed": found is work,
        }
        for found in (work, waiting)
        for start, length in found
        if start < limit
    ]
    period = {"start": f"{first}", "end": f"{first + timedelta(days=days)}"}
    document = {"jurisdiction": "DK", "zone": ZONE, "work": told_rows, "observed": observed, "period": period}
    return minutes, told, read_facts({**document, **more})
