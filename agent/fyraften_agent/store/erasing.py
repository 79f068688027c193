"""Erases records beyond recovery, and looks afterwards whether any trace of them is left in the file.

What was erased is searched for byte by byte, as the database would have written it, in the file and in its log. Where
the database left something in an unused corner, the file is written anew and searched again.
Not here: asking the person, and what other copies there are (``cli/erase``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fyraften_agent.store.incoming import next_number
from fyraften_agent.store.names import forget_unused
from fyraften_agent.store.seals import SEAL
from fyraften_agent.store.store import Store
from fyraften_policy.intervals import Interval, subtract, union

# Belongs to the file itself, or says how to record and nothing about work: without it more would be recorded.
STAYS = ("_sqlite_migrations", "sqlite_sequence", "choices")
_FIRST_INSTANT = 100_000_000  # in 1973: a smaller number is no instant
_SHORTEST_TEXT, _PIECE = 4, 24
_FAR = 2**40


@dataclass(frozen=True)
class Scope:
    """How far to erase: everything, or what touches some time, or some sessions with the time they took.

    A session that reaches out of the time is erased whole.  ``now`` decides which pause still runs: that one stays, or
    recording would begin.
    """

    now: int
    everything: bool = False
    time: Interval | None = None
    sessions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Found:
    """What lies within a scope: the sessions, and how many rows of each table."""

    sessions: tuple[dict[str, Any], ...]
    rows: dict[str, int]

    @property
    def is_nothing(self) -> bool:
        """Say whether there is nothing to erase."""
        return not any(self.rows.values())

    @property
    def is_open(self) -> bool:
        """Say whether a session within is still being measured."""
        return any(row["open"] for row in self.sessions)


@dataclass(frozen=True)
class Erased:
    """What came of it. ``log_is_empty`` False: another program was reading, so the log still holds traces.

    ``traces``: how many of the erased values were found afterwards; ``searched``: for how many was looked.
    """

    log_is_empty: bool
    searched: int
    traces: int


def look(store: Store, scope: Scope) -> Found:
    """Return what would be erased."""
    doomed = _doomed(store, scope)
    return Found(tuple(doomed.get("sessions", ())), {table: len(rows) for table, rows in doomed.items() if rows})


def erase(store: Store, scope: Scope) -> Erased:
    """Erase what lies within the scope, in one transaction, and search the file for what is left of it.

    Observed time is cut out, so that the time is not taken for rest: nothing is known of it any more.
    """
    with store.file.transaction():
        store.note_free_time(scope.now)  # else the choice of hours would still say of erased time that it was free
        doomed = _doomed(store, scope)
        cut = _time_of(scope, doomed.get("sessions", ()))
        store.file.change("PRAGMA defer_foreign_keys = ON")
        for table, rows in doomed.items():
            if table != "observed":
                store.file.change_each(*_deletion(table, rows))
        _cut_observed(store, doomed.get("observed", ()), None if scope.everything else cut)
        if scope.everything:
            store.file.change("DELETE FROM sqlite_sequence")
        else:
            forget_unused(store.file)
    store.forget_held()
    needles = _needles(store, doomed)
    emptied = store.file.empty_log()
    traces = _count_traces(store, needles)
    if traces and emptied:
        store.file.change("PRAGMA temp_store = MEMORY")  # or the records would lie in a folder for all
        store.file.change("VACUUM")
        emptied = store.file.empty_log()
        traces = _count_traces(store, needles)
    return Erased(emptied, len(needles), traces)


Rows = Sequence[dict[str, Any]]


def _doomed(store: Store, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Return the rows within the scope, by table; each with its ``rowid`` or its key."""
    if scope.everything:
        return {table: _all(store, table, scope) for table in _tables(store)}
    if scope.time is not None:
        found = {table: _rows(store, table, _WITHIN[table], scope.time, scope.now) for table in _OF_A_TIME}
    else:
        marks = ", ".join("?" for _ in scope.sessions)
        of_these = f"SELECT * FROM whole_sessions WHERE id IN ({marks}) ORDER BY id"
        found = {"sessions": store.file.rows(of_these, scope.sessions)}
    for table in ("spans", "observed"):
        rows = [
            row
            for time in _time_of(scope, found["sessions"])
            for row in _rows(store, table, _WITHIN[table], time, scope.now)
        ]
        found[table] = list({row["id"]: row for row in rows}.values())
    return {"corrections": _corrections(store, found["sessions"]), **found}


_OF_A_TIME = ("sessions", "notices", "pauses", "fingerprints", "answers")
_PAUSE_IS_OVER = "(ended IS NOT NULL OR until <= :now)"
# What touches a time. A row without length belongs to the time in which it is.
_WITHIN = {
    "sessions": "max(coalesce(end, 0), coalesce(measured_end, 0)) >= :start"
    f" AND min(coalesce(start, {_FAR}), coalesce(measured_start, {_FAR})) < :end"
    " AND (max(coalesce(end, 0), coalesce(measured_end, 0)) > :start"
    f" OR min(coalesce(start, {_FAR}), coalesce(measured_start, {_FAR})) >= :start)",
    "spans": "start < :end AND (end > :start OR start >= :start)",
    "observed": "start < :end AND (end > :start OR start >= :start)",
    "notices": "told_at >= :start AND told_at < :end",
    "pauses": f"start < :end AND coalesce(ended, until) > :start AND {_PAUSE_IS_OVER}",
    "fingerprints": "place IS NULL AND seen_at >= :start AND seen_at < :end",
    "answers": "answered_at >= :start AND answered_at < :end",
}


def _rows(store: Store, table: str, within: str, time: Interval, now: int) -> list[dict[str, Any]]:
    number = "rowid AS id, *" if table == "pauses" else "*"
    values = {"start": time.start, "end": time.end, "now": now}
    return store.file.rows(f"SELECT {number} FROM {_source(table)} WHERE {within}", values)


def _source(table: str) -> str:
    """Return what to read a table from so that texts stand in it, and not their numbers."""
    return "whole_sessions" if table == "sessions" else table


def _corrections(store: Store, sessions: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers = [row["id"] for row in sessions]
    return [
        row
        for number in numbers
        for row in store.file.rows("SELECT * FROM corrections WHERE session = ? ORDER BY id", [number])
    ]


def _tables(store: Store) -> list[str]:
    rows = store.file.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [row["name"] for row in rows if row["name"] not in STAYS]


def _all(store: Store, table: str, scope: Scope) -> list[dict[str, Any]]:
    """Return every row of a table but a pause that runs."""
    if table == "pauses":
        return store.file.rows(f"SELECT rowid AS id, * FROM pauses WHERE {_PAUSE_IS_OVER}", {"now": scope.now})
    return store.file.rows(f"SELECT * FROM {_source(table)}")


def _deletion(table: str, rows: Rows) -> tuple[str, list[list[Any]]]:
    key = {"notices": "key", "fingerprints": "fingerprint", "current_network": "only_row", "pauses": "rowid"}.get(
        table, "id"
    )
    return f"DELETE FROM {table} WHERE {key} = ?", [[row["id" if key == "rowid" else key]] for row in rows]


def _time_of(scope: Scope, sessions: Iterable[dict[str, Any]]) -> list[Interval]:
    """Return the time of which nothing is to be known any more: that of the scope, and of the sessions within it."""
    sides = [(row[f"{kind}start"], row[f"{kind}end"]) for row in sessions for kind in ("", "measured_")]
    whole = [(start, end) for start, end in sides if start is not None and end is not None]
    return union([*whole, *(() if scope.time is None else (scope.time,))])


def _cut_observed(store: Store, rows: Rows, cut: list[Interval] | None) -> None:
    """Leave of observed time what is outside ``cut``; None: nothing. The last part keeps the number: it may grow."""
    for row in rows:
        left = [] if cut is None else subtract([Interval(row["start"], row["end"])], cut)
        if not left:
            store.file.change("DELETE FROM observed WHERE id = ?", [row["id"]])
            continue
        *earlier, last = left
        store.file.change("UPDATE observed SET start = ?, end = ? WHERE id = ?", [last.start, last.end, row["id"]])
        for part in earlier:
            store.file.change(
                "INSERT INTO observed (id, start, end, ended) VALUES (?, ?, ?, ?)",
                [next_number(store, "observed"), part.start, part.end, row["ended"] or "cut"],
            )


# Searching


def _needles(store: Store, doomed: dict[str, list[dict[str, Any]]]) -> list[bytes]:
    """Return the bytes of every erased value that nothing that is left has in common with it."""
    there = _everything_left(store)
    instants = {value for value in there if isinstance(value, int)}
    texts = "\n".join(value for value in there if isinstance(value, str))
    gone = [value for rows in doomed.values() for row in rows for name, value in row.items() if name != SEAL]
    numbers = {value for value in gone if isinstance(value, int) and value >= _FIRST_INSTANT} - instants
    words = {value for value in gone if isinstance(value, str) and len(value) >= _SHORTEST_TEXT}
    pieces = {word[at : at + _PIECE] for word in words for at in range(0, max(1, len(word) - _PIECE + 1), _PIECE)}
    return [_as_written(number) for number in sorted(numbers)] + sorted(
        piece.encode() for piece in pieces if piece not in texts
    )


def _everything_left(store: Store) -> list[object]:
    """Return every value in the file, and the words of the tables themselves."""
    left: list[object] = []
    for row in store.file.rows("SELECT name, sql FROM sqlite_master"):
        left += [row["name"], row["sql"]]
    for table in (*_tables(store), *(each for each in STAYS if each in left)):
        for row in store.file.rows(f"SELECT * FROM {table}"):
            left += row.values()
    return left


def _as_written(instant: int) -> bytes:
    """Return an instant as the database writes it: in four bytes, after 2038 in six."""
    return instant.to_bytes(4 if instant < 2**31 else 6, "big")


def _count_traces(store: Store, needles: Iterable[bytes]) -> int:
    """Return how many of the needles are in the file, or in its log."""
    if store.file.path is None:
        return 0
    files = [store.file.path, *(store.file.path.with_name(f"{store.file.path.name}-{end}") for end in ("wal", "held"))]
    contents = [path.read_bytes() for path in files if path.exists()]
    return sum(any(needle in content for content in contents) for needle in needles)
