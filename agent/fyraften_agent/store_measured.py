"""The collector's side of the store: writing measured rows, and finding what to go on from after a start.

Rows come with their numbers from ``activity``, so that writing one twice is as good as once: after a write that failed
halfway, or was killed, nothing is doubled.
Not here: opening, transactions (see ``store_schema``), what the employee changes (see ``store``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from sqlite_utils import Database

from fyraften_agent.activity import Changes, Ended, MeasuredSession, ObservedTime


@dataclass(frozen=True)
class LastMeasured:
    """What was measured last: the next free number, the last observed time, the last session and its network.

    The session is None where the employee has ended or removed it: what comes next is another one.
    """

    next_id: int
    observed: ObservedTime | None
    session: MeasuredSession | None
    fingerprint: str | None


def write_measured(database: Database, changes: Changes, zone: str, fingerprint: str | None) -> set[int]:
    """Write rows inside a transaction of the caller; return the sessions that the employee has closed meanwhile.

    Args:
        zone: kept with a session that is new.
        fingerprint: of the network, for sessions that are new or have none yet.
    """
    connection = database.conn
    connection.executemany(
        "INSERT INTO spans (id, start, end, active_minutes) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET end = excluded.end, active_minutes = excluded.active_minutes",
        changes.spans,
    )
    connection.executemany(
        "INSERT INTO observed (id, start, end, ended) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET end = excluded.end, ended = excluded.ended",
        changes.observed,
    )
    return {row.id for row in changes.sessions if not _write_session(database, row, zone, fingerprint)}


def last_measured(database: Database) -> LastMeasured:
    """Return what the last collector left; rows that a crash left open are told as they stand."""
    connection = database.conn
    (next_id,) = connection.execute(
        "SELECT 1 + max(coalesce((SELECT max(id) FROM spans), 0), coalesce((SELECT max(id) FROM observed), 0),"
        " coalesce((SELECT max(first_span) FROM sessions), 0))"
    ).fetchone()
    observed = connection.execute("SELECT id, start, end, ended FROM observed ORDER BY id DESC LIMIT 1").fetchone()
    session = connection.execute(
        "SELECT first_span, measured_start, measured_end, open, fingerprint, end IS NOT NULL OR removed"
        " FROM sessions WHERE first_span IS NOT NULL ORDER BY first_span DESC LIMIT 1"
    ).fetchone()
    return LastMeasured(next_id, _observed_of(observed), *_session_of(session))


def close_sessions(database: Database, but: int | None) -> None:
    """Mark the sessions that a crash left open as closed, except the one that goes on."""
    database.execute("UPDATE sessions SET open = 0 WHERE open AND first_span IS NOT ?", [but])
    database.execute(
        "UPDATE sessions SET open = 1 WHERE first_span = ? AND end IS NULL AND NOT removed AND NOT open", [but]
    )


def add_observed(database: Database, times: Iterable[ObservedTime]) -> None:
    """Write observed time that was not measured tick by tick: the computer was off."""
    write_measured(database, Changes(observed=tuple(times)), "", None)


def see_network(database: Database, fingerprint: str | None, now: int) -> None:
    """Note the network the computer is on now."""
    if fingerprint is None:
        database.execute("DELETE FROM current_network")
        return
    database.execute(
        "INSERT INTO fingerprints (fingerprint, seen_at) VALUES (?, ?)"
        " ON CONFLICT (fingerprint) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)",
        [fingerprint, now],
    )
    database.execute(
        "INSERT INTO current_network (only_row, fingerprint) VALUES (1, ?)"
        " ON CONFLICT (only_row) DO UPDATE SET fingerprint = excluded.fingerprint",
        [fingerprint],
    )


def _observed_of(row: tuple[Any, ...] | None) -> ObservedTime | None:
    if row is None:
        return None
    number, start, end, ended = row
    return ObservedTime(number, start, end, cast(Ended | None, ended))


def _session_of(row: tuple[Any, ...] | None) -> tuple[MeasuredSession | None, str | None]:
    if row is None:
        return None, None
    number, start, end, is_open, fingerprint, is_taken_over = row
    return (None, None) if is_taken_over else (MeasuredSession(number, start, end, bool(is_open)), fingerprint)


def _write_session(database: Database, row: MeasuredSession, zone: str, fingerprint: str | None) -> bool:
    """Write one session; say whether it was still the collector's to write."""
    execute = database.conn.execute
    # Not an upsert: that would use up a session number, which people see, at every tick.
    updated = execute(
        "UPDATE sessions SET measured_end = ?, open = ?, fingerprint = coalesce(fingerprint, ?)"
        " WHERE first_span = ? AND open",
        [row.end, int(row.open), fingerprint, row.id],
    )
    if updated.rowcount > 0:
        return True
    inserted = execute(
        "INSERT INTO sessions (first_span, measured_start, measured_end, open, zone, fingerprint)"
        " SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE first_span = ?)",
        [row.id, row.start, row.end, int(row.open), zone, fingerprint, row.id],
    )
    return inserted.rowcount > 0
