"""Brings a full copy in again: what the store has not yet, with its history; what is there already stays as it is.

A session is known by its origin, or by the instant at which it was first measured, so that a copy may come in twice, or
into a store that has gone on since. Numbers of sessions and places are those of this store.
Not here: the file (``archive``), what a row may be (``copy_rows``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fyraften_agent.exchange.incoming import NOT_OVER, TOO_OLD, Skipped
from fyraften_agent.store.answers import kept_longer
from fyraften_agent.store.copy_rows import Column, RowError, check_row
from fyraften_agent.store.incoming import Progress, next_number, place_mark, place_number
from fyraften_agent.store.moving import NETWORK_PLACE, TAKEN_AWAY
from fyraften_agent.store.names import number_of
from fyraften_agent.store.room import KEPT_ONLY, as_kept
from fyraften_agent.store.seals import SEAL
from fyraften_agent.store.store import Store
from fyraften_policy.languages import mark

PAUSE_RUNS = mark("it is a pause that was running; to pause now, write: fyraften pause")
_NO_SUCH = mark("it belongs to a session or place that is not in the file")

# What makes two rows the same row, in tables whose rows stand alone. A row that was still growing has a later end.
_SAME = {
    "spans": ("start",),
    "observed": ("start",),
    "pauses": ("start", "until", "ended"),
    "agreements": ("recorded_at", "body"),
    "notices": ("key",),
    "choices": ("name",),
    "answers": ("question", "period"),
}
_GROWING = {"spans", "observed"}
# The instant that decides whether a row is too old to be kept.
_LAST_AT = {"spans": "end", "observed": "end", "notices": "told_at", "pauses": "ended"}


@dataclass
class CopyOutcome:
    """What came in and what was there already, by table; and what stays out."""

    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)


def bring_in_copy(
    store: Store, tables: Mapping[str, list[Any]], kept_from: int, now: int, progress: Progress
) -> CopyOutcome:
    """Write, in one transaction, what the store has not yet.

    Args:
        kept_from: what ends before is not kept, and would be deleted the next day.
    """
    coming = _Coming(store, kept_from, now)
    total, done = sum(len(tables.get(table, ())) for table in TAKEN_AWAY), 0
    with store.file.transaction():
        for table in TAKEN_AWAY:
            columns = coming.columns(table)
            for index, row in enumerate(tables.get(table, ())):
                try:
                    coming.take(table, check_row(table, row, columns), row)
                except RowError as problem:
                    coming.outcome.skipped.append(Skipped(f"{table}[{index}]", problem.words, problem.values))
                done += 1
                progress(done, total)
    return coming.outcome


class _Coming:
    """One copy on its way in: which numbers of the copy stand for which of the store."""

    def __init__(self, store: Store, kept_from: int, now: int) -> None:
        self._store, self._kept_from, self._now = store, kept_from, now
        self._places: dict[int, int] = {}
        self._sessions: dict[int, int] = {}
        self._new_sessions: set[int] = set()
        known_by = "SELECT id, coalesce(origin, 'measured:' || measured_start) AS known_by FROM sessions"
        self._by_origin = {row["known_by"]: int(row["id"]) for row in store.file.rows(known_by)}
        self._there = {
            table: {tuple(row.values()) for row in store.file.rows(f"SELECT {', '.join(names)} FROM {table}")}
            for table, names in _SAME.items()
        }
        self.outcome = CopyOutcome()

    def columns(self, table: str) -> dict[str, Column]:
        """Return the columns of a table that a copy may fill."""
        return {
            row["name"]: Column(
                is_number=row["type"] == "INTEGER" and row["name"] != "zone",  # a copy has its name
                may_be_empty=not row["notnull"] and not row["pk"],
                has_default=row["dflt_value"] is not None or row["name"] in ("watched", "docked"),
            )
            for row in self._store.file.rows(f"PRAGMA table_xinfo({table})")
            if row["name"] not in ("fingerprint", "first_span", SEAL, *KEPT_ONLY.get(table, ()))
        }

    def take(self, table: str, row: dict[str, Any], told: Mapping[str, Any]) -> None:
        """Bring one checked row in, unless it is there or too old."""
        if table == "places":
            there = len(self._store.places())
            self._places[row["id"]] = place_number(
                self._store, row["kind"], row["label"], row["workstation"], self._now
            )
            self._count(table, len(self._store.places()) > there)
        elif table == "sessions":
            self._take_session(row, told.get(NETWORK_PLACE))
        elif table == "corrections":
            self._take_correction(row)
        else:
            self._take_row(table, row)

    def _take_session(self, row: dict[str, Any], network_place: object) -> None:
        last = max(row.get("end") or 0, row.get("measured_end") or 0)
        if last < self._kept_from or last > self._now:
            raise RowError(TOO_OLD if last < self._kept_from else NOT_OVER)
        number, origin = row.pop("id"), row.get("origin") or f"measured:{row['measured_start']}"
        there = self._by_origin.get(origin)
        if there is not None:
            self._sessions[number] = there
            grown = self._store.file.change(
                "UPDATE sessions SET measured_seconds = ?1 - measured_start"
                " WHERE id = ?2 AND first_span IS NULL AND measured_end < ?1",
                [row.get("measured_end"), there],
            )
            self._count("sessions", grown.rowcount > 0)
            return
        place = None if network_place is None else self._place(network_place)
        if row.get("measured_start") is None or row.get("changed_at") is not None:
            row |= {"changed_by": "employee", "changed_at": row.get("changed_at") or self._now}
        row |= {"origin": origin, "open": 0, "place": self._place(row.get("place"))}
        row["fingerprint"] = place_mark(self._store, place, self._now)
        for name in ("zone", "fingerprint"):
            row[name] = None if row[name] is None else number_of(self._store.file, row[name])
        new = self._insert("sessions", row)
        self._sessions[number] = self._by_origin[origin] = new
        self._new_sessions.add(new)
        # The trigger noted an addition as of now; the copy tells of it, and of everything after, as it was.
        self._store.file.change("DELETE FROM corrections WHERE session = ?", [new])
        self._count("sessions", True)

    def _take_correction(self, row: dict[str, Any]) -> None:
        session = self._sessions.get(row["session"])
        if session is None:
            raise RowError(_NO_SUCH)
        if session in self._new_sessions:
            del row["id"]
            row |= {"session": session, "place": self._place(row.get("place")), "by": "employee"}
            if row["was_there"]:
                row["removed"] = int(bool(row.get("removed")))
            row["before_by"] = None if row.get("before_at") is None else "employee"
            self._insert("corrections", row)
        self._count("corrections", session in self._new_sessions)

    def _take_row(self, table: str, row: dict[str, Any]) -> None:
        if table == "pauses" and row.get("ended") is None and (row.get("until") is None or row["until"] > self._now):
            raise RowError(PAUSE_RUNS)
        if table in _LAST_AT and (row.get(_LAST_AT[table]) or self._now) < self._kept_from:
            raise RowError(TOO_OLD)
        row.pop("id", None)
        if table == "answers":
            row["kept_longer"] = kept_longer(row["question"])
        same = tuple(row.get(name) for name in _SAME[table])
        if same in self._there[table]:
            has_grown = table in _GROWING and self._grow(table, row)
            self._count(table, has_grown)
            return
        if table in _GROWING:
            row["id"] = next_number(self._store, table)
        self._insert(table, row)
        self._there[table].add(same)
        self._count(table, True)

    def _grow(self, table: str, row: Mapping[str, Any]) -> bool:
        """Let a row that came in before, when it was still growing, end later; say whether there was one."""
        end = "seconds = ?1 - start" if table == "spans" else "end = ?1"
        grown = self._store.file.change(
            f"UPDATE {table} SET {end} WHERE start = ?2 AND id < 0 AND end < ?1", [row["end"], row["start"]]
        )
        return grown.rowcount > 0

    def _place(self, number: object) -> int | None:
        if number is None:
            return None
        if not isinstance(number, int) or number not in self._places:
            raise RowError(_NO_SUCH)
        return self._places[number]

    def _insert(self, table: str, row: Mapping[str, Any]) -> int:
        # The names are the table's own: check_row lets no others through.
        kept = as_kept(table, row)
        names, marks = ", ".join(kept), ", ".join("?" for _ in kept)
        made = self._store.file.change(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(kept.values()))
        return int(made.lastrowid or 0)

    def _count(self, table: str, is_new: bool) -> None:
        counted = self.outcome.new if is_new else self.outcome.known
        counted[table] += 1
