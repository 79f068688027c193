"""What can be saved of a damaged file of raw data, and how much was lost.

A row is saved if it is exactly as it was written: its seal says so, and also of which table it is (see ``seals``).  A
row without a whole seal is lost, however plausible it looks: nothing is invented.
How many rows there were is counted in the table or in one of its indexes, whichever is still whole.  What is measured
is numbered in the order of time, all tables together: a number that is missing fell between its neighbours.
Not here: files (see ``mending``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from fyraften_agent.mending.database_pages import Row, page_sizes, pages, roots, rows, tree
from fyraften_agent.store.seals import SEAL, Value, row_columns, seal, sealed_tables

Record = dict[str, Value]
_DAY_SECONDS = 86_400


class Layout(NamedTuple):
    """How the rows of a table are kept: the columns in the order of the file, and the one that is the row's number."""

    table: str
    columns: tuple[str, ...]
    sealed: tuple[str, ...]
    key: tuple[str, ...]
    number: str | None
    has_numbers: bool


@dataclass
class Saved:
    """What came out: the rows of each table by their key, and how much is known to be lost.

    Attributes:
        counted: how many rows each table had; a table that nobody could count is not in it.
        lost_at: times within which lost rows fell, start and end.
        tables: the names of all tables.
    """

    rows: dict[str, list[Record]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    lost_at: list[tuple[int, int]] = field(default_factory=list)
    tables: tuple[str, ...] = ()

    def lost(self, table: str) -> int | None:
        """Return how many rows of a table were lost; None where nobody knows."""
        if table not in self.counted:
            return None
        return max(0, self.counted[table] - len(self.rows.get(table, ())))


def layouts(connection: sqlite3.Connection) -> list[Layout]:
    """Return the layout of each sealed table of a database in order."""
    return [_layout(connection, table) for table in sealed_tables(connection)]


def salvage(file: bytes, log: bytes, known: list[Layout]) -> Saved:
    """Return what can be saved of a file and its write-ahead log."""
    found = max((_salvage(file, log, size, known) for size in page_sizes(file)), key=lambda each: each[0])
    return found[1]


def _salvage(file: bytes, log: bytes, size: int, known: list[Layout]) -> tuple[int, Saved]:
    content = pages(file, log, size)
    by_key: dict[str, dict[tuple[Value, ...], set[tuple[tuple[str, Value], ...]]]] = {}
    for number in content:
        for row in rows(content, number):
            for layout, record in _recognised(row, known):
                key = tuple(record[name] for name in layout.key) if layout.key else (row.number,)
                by_key.setdefault(layout.table, {}).setdefault(key, set()).add(tuple(record.items()))
    saved = Saved(tables=tuple(layout.table for layout in known))
    for table, versions in by_key.items():
        # Two versions of one row, each whole: nobody knows which is the later one.
        saved.rows[table] = [
            dict(next(iter(each))) for _, each in sorted(versions.items(), key=_in_order) if len(each) == 1
        ]
    _count(content, known, saved)
    _date(saved)
    return sum(map(len, saved.rows.values())), saved


def _in_order(item: tuple[tuple[Value, ...], object]) -> tuple[tuple[str, str | float], ...]:
    return tuple((type(v).__name__, v if isinstance(v, int | float) else str(v)) for v in item[0])


def _recognised(row: Row, known: list[Layout]) -> Iterator[tuple[Layout, Record]]:
    """Yield the row as a record of the table whose seal it bears."""
    for layout in known:
        if layout.has_numbers != (row.number is not None) or len(row.values) != len(layout.columns):
            continue
        record = dict(zip(layout.columns, row.values, strict=True))
        if layout.number is not None:
            record[layout.number] = row.number
        if record.pop(SEAL) == seal(layout.table, *(record[name] for name in layout.sealed)):
            yield layout, record


def _layout(connection: sqlite3.Connection, table: str) -> Layout:
    described = connection.execute(f"PRAGMA table_info({table})").fetchall()
    columns = [row[1] for row in described]
    kinds = {row[1]: str(row[2]).upper() for row in described}
    key = [row[1] for row in sorted(described, key=lambda row: row[5]) if row[5]]
    (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    has_numbers = not str(sql).rstrip().upper().endswith("WITHOUT ROWID")
    if not has_numbers:
        columns = [*key, *(name for name in columns if name not in key)]
    number = key[0] if has_numbers and len(key) == 1 and kinds[key[0]] == "INTEGER" else None
    sealed = tuple(row_columns(connection, table))
    return Layout(table, tuple(columns), sealed, tuple(key), number, has_numbers)


def _count(content: dict[int, bytes], known: list[Layout], saved: Saved) -> None:
    """Note how many rows each table had, as it or one of its indexes says."""
    trees = {place: tree(content, root) for place, root in roots(content).items()}
    for layout in known:
        counts = [count for (_, _, table), (_, count) in trees.items() if table == layout.table]
        if known_counts := [count for count in counts if count is not None]:
            saved.counted[layout.table] = max(known_counts)


def _date(saved: Saved) -> None:
    """Note between which rows that are left those fell that are gone."""
    _date_gaps(saved, ("spans", "observed"), "start")
    _date_gaps(saved, ("sessions",), "measured_start")


def _date_gaps(saved: Saved, tables: tuple[str, ...], start: str) -> None:
    """Note the gaps in the numbers of tables that share one sequence; rows that were not measured date nothing."""
    lost = [saved.lost(table) for table in tables]
    if not any(each is None or each for each in lost):
        return
    there = {_whole(row["id"]): row for table in tables for row in saved.rows.get(table, ())}
    rows = sorted(((number, row) for number, row in there.items() if row[start]), key=lambda each: each[0])
    unfound = sum(each or 0 for each in lost)
    for (before, earlier), (after, later) in pairwise(rows):
        if missing := sum(number not in there for number in range(before + 1, after)):
            # Observed time lasts on while what is numbered after it begins and ends.
            ends, starts = _end(earlier), _whole(later[start])
            saved.lost_at.append((min(ends, starts), max(ends, _end(later))))
            unfound -= missing
    if rows and (unfound > 0 or None in lost):
        # Before the first or after the last that is left: it cannot be said how long.
        first, last = _whole(rows[0][1][start]), _end(rows[-1][1])
        saved.lost_at += [(first - _DAY_SECONDS, first), (last, last + _DAY_SECONDS)]


def _end(row: Record) -> int:
    """Return when a measured row ended: some keep how long they are (see ``store.room``)."""
    if "measured_seconds" in row:
        return _whole(row["measured_start"]) + _whole(row["measured_seconds"])
    return _whole(row["start"]) + _whole(row["seconds"]) if "seconds" in row else _whole(row["end"])


def _whole(value: Value) -> int:
    return value if isinstance(value, int) else 0
