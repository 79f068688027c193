"""What can be saved of a damaged file of raw data, and how much was lost.

A row is saved if it is exactly as it was written: its seal says so, and also of which table it is (see ``seals``).  A
row without a whole seal is lost, however plausible it looks: nothing is invented.
How many rows there were is counted in the table or in one of its indexes, whichever is still whole; days are those of
the rows that an index knows and the table has lost.
Not here: files (see ``mending``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fyraften_agent.database_pages import Row, page_sizes, pages, roots, rows, tree
from fyraften_agent.seals import SEAL, Value, row_columns, seal, sealed_tables

Record = dict[str, Value]
# Tables with an index, named for it, of when a row ends.
_WITH_ENDS = ("spans", "observed", "sessions")


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
        lost_at: the last instants of lost rows, as far as an index still tells them.
        tables: the names of all tables.
    """

    rows: dict[str, list[Record]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    lost_at: list[int] = field(default_factory=list)
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
    """Note how many rows each table had, as it or one of its indexes says, and when those ended that are gone."""
    trees = {place: tree(content, root) for place, root in roots(content).items()}
    for layout in known:
        counts = [count for (_, _, table), (_, count) in trees.items() if table == layout.table]
        if known_counts := [count for count in counts if count is not None]:
            saved.counted[layout.table] = max(known_counts)
    for table in _WITH_ENDS:
        there = {record["id"] for record in saved.rows.get(table, ())}
        entries, _ = trees.get(("index", f"{table}_end", table), ([], None))
        ends = [row.values for row in entries if len(row.values) == 2]
        saved.lost_at += [at for at, number in ends if isinstance(at, int) and number not in there]
