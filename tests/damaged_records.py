"""Records as a person has them after some weeks, and ways to damage their file; for the tests of mending.

Everything goes through the store's own doors, as the collector and the commands would do it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from fyraften_agent.recording.activity import Changes, MeasuredSession, MeasuredSpan, ObservedTime
from fyraften_agent.store.seals import SEAL, UNSEALED
from fyraften_agent.store.store import Store

ZONE = "Europe/Copenhagen"
FIRST = 1_768_201_200  # 2026-01-12, 08:00 in Copenhagen
DAY = 86_400
NETWORKS = ("a" * 64, "b" * 64)

Rows = dict[str, set[tuple[Any, ...]]]


def lived_in(path: Path, days: int = 12, first: int = FIRST) -> None:
    """Make a file with ``days`` days of work, corrections, places, pauses, choices, agreements and notices."""
    with Store.open(path) as store:
        for number, network in enumerate(NETWORKS):
            store.see_network(network, first + number)
            store.assign(
                network, store.add_place("home" if number else "fixed_site", f"Place {number}", "fixed", first), first
            )
        store.choices.set("source", "counter", first)
        row = 1
        for day in range(days):
            row = _day(store, day, row, first)
        store.record_agreement({"jurisdiction": "DK", "agreement": {"weekly_hours": 37}, "note": "x" * 1500}, first)


def _day(store: Store, day: int, row: int, first: int) -> int:
    start = first + day * DAY
    store.write_measured(Changes(observed=(ObservedTime(row, start, start + 30_000, "shutdown"),)), ZONE, None)
    row += 1
    for part in range(3):
        at = start + part * 9000
        session = MeasuredSession(row, at, at + 7200, False)
        spans = tuple(MeasuredSpan(row + n, at + n * 1500, at + n * 1500 + 1200, 18) for n in range(5))
        store.write_measured(Changes(spans, (session,)), ZONE, NETWORKS[day % 2])
        row += 5
    added = store.add_session(start + 40_000, start + 42_000, ZONE, 1, "mobile", True, start + 50_000)
    store.edit_session(added, start + 51_000, end=start + 43_000)
    store.confirm(added - 1, start + 51_500, confirmed=day % 2 == 0)
    store.pause(start + 36_000, start + 37_000, private=day % 3 == 0)
    store.notices.tell(f"stop_by:{day}", f"Stop by 20:00, on day {day}", start, shown=True)
    return row


def rows_of(path: Path) -> Rows:
    """Return every row of every table that holds records, without the seals."""
    with closing(sqlite3.connect(path)) as reader:
        tables = [name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: Rows = {}
        for table in tables:
            if table in UNSEALED:
                continue
            names = [row[1] for row in reader.execute(f"PRAGMA table_info({table})") if row[1] != SEAL]
            found[table] = set(reader.execute(f"SELECT {', '.join(names)} FROM {table}"))
        return found


def as_one_file(path: Path) -> bytes:
    """Return the content of the file, with everything that was in its log."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()
