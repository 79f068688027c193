"""The collector's side of the store: writing measured rows, going on after a start, and deleting what is too old.

Rows come with their numbers from ``activity``, so that writing one twice is as good as once: after a write that failed
halfway, or was killed, nothing is doubled.
Not here: opening, transactions (see ``store.schema``), what the employee changes (see ``store``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from fyraften_agent.recording.activity import Changes, Ended, MeasuredSession, ObservedTime
from fyraften_agent.store.held import Grown
from fyraften_agent.store.names import forget_unused, number_of
from fyraften_agent.store.room import seen_by
from fyraften_agent.store.schema import WorkFile


@dataclass(frozen=True)
class LastMeasured:
    """What was measured last: the next free number, the last observed time, the last session and its network.

    The session is None where the employee has ended or removed it: what comes next is another one.
    """

    next_id: int
    observed: ObservedTime | None
    session: MeasuredSession | None
    fingerprint: str | None


def write_measured(
    file: WorkFile, changes: Changes, zone: str, fingerprint: str | None, docked: bool = False
) -> set[int]:
    """Write rows inside a transaction of the caller; return the sessions that the employee has closed meanwhile.

    Args:
        zone: kept with a session that is new.
        fingerprint: of the network, for sessions that are new or have none yet.
        docked: whether a display stands beside the laptop's own; a session keeps that there was one.
    """
    file.change_each(
        "INSERT INTO spans (id, start, seconds, active_minutes) VALUES (?1, ?2, ?3 - ?2, ?4)"
        " ON CONFLICT (id) DO UPDATE SET seconds = ?3 - start, active_minutes = excluded.active_minutes",
        changes.spans,
    )
    file.change_each(
        "INSERT INTO observed (id, start, end, ended) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET end = excluded.end, ended = excluded.ended",
        changes.observed,
    )
    return {row.id for row in changes.sessions if not _write_session(file, row, zone, fingerprint, docked)}


def take_in(file: WorkFile, grown: Grown) -> None:
    """Let rows that are there grow as far as is held; what is as far already is not written again."""
    kinds: tuple[Iterable[tuple[int, ...]], ...] = grown
    behind = [
        (statement, row[1:], row[0])
        for (question, statement), rows in zip(_GROWING, kinds, strict=True)
        for row in rows
        if file.rows(question, row[:2])
    ]
    if behind:
        with file.transaction():
            for statement, values, number in behind:
                file.change(statement, [*values, number])


_GROWING = (
    (
        "SELECT 1 FROM spans WHERE id = ? AND end < ?",
        "UPDATE spans SET seconds = max(end, ?) - start, active_minutes = max(active_minutes, ?) WHERE id = ?",
    ),
    (
        "SELECT 1 FROM sessions WHERE first_span = ? AND open AND measured_end < ?",
        "UPDATE sessions SET measured_seconds = max(measured_end, ?) - measured_start WHERE first_span = ? AND open",
    ),
    (
        "SELECT 1 FROM observed WHERE id = ? AND ended IS NULL AND end < ?",
        "UPDATE observed SET end = max(end, ?) WHERE id = ? AND ended IS NULL",
    ),
)


def last_measured(file: WorkFile) -> LastMeasured:
    """Return what the last collector left; rows that a crash left open are told as they stand."""
    (numbers,) = file.rows(
        "SELECT max(coalesce((SELECT max(id) FROM spans), 0), coalesce((SELECT max(id) FROM observed), 0),"
        " coalesce((SELECT max(first_span) FROM sessions), 0)) AS highest"
    )
    observed = file.rows("SELECT id, start, end, ended FROM observed WHERE id > 0 ORDER BY id DESC LIMIT 1")
    sessions = file.rows(
        "SELECT first_span, measured_start, measured_end, open, fingerprint, end IS NOT NULL OR removed AS taken_over"
        " FROM whole_sessions WHERE first_span IS NOT NULL AND NOT watched ORDER BY first_span DESC LIMIT 1"
    )
    free = [row for row in sessions if not row["taken_over"]]
    return LastMeasured(
        next_id=numbers["highest"] + 1,
        observed=next((_observed_of(row) for row in observed), None),
        session=next((_session_of(row) for row in free), None),
        fingerprint=next((row["fingerprint"] for row in free), None),
    )


def close_sessions(file: WorkFile, but: int | None) -> None:
    """Mark the sessions that a crash left open as closed, except the one that goes on."""
    file.change("UPDATE sessions SET open = 0 WHERE open AND first_span IS NOT ?", [but])
    file.change("UPDATE sessions SET open = 1 WHERE first_span = ? AND end IS NULL AND NOT removed AND NOT open", [but])


def add_observed(file: WorkFile, times: Iterable[ObservedTime]) -> None:
    """Write observed time that was not measured tick by tick: the computer was off."""
    write_measured(file, Changes(observed=tuple(times)), "", None)


def see_network(file: WorkFile, fingerprint: str | None, now: int) -> None:
    """Note the network the computer is on now."""
    if fingerprint is None:
        file.change("DELETE FROM current_network")
        return
    file.change(
        "INSERT INTO fingerprints (fingerprint, seen_at) VALUES (?, ?)"
        " ON CONFLICT (fingerprint) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)",
        [fingerprint, now],
    )
    file.change(
        "INSERT INTO current_network (only_row, fingerprint) VALUES (1, ?)"
        " ON CONFLICT (only_row) DO UPDATE SET fingerprint = excluded.fingerprint",
        [fingerprint],
    )


def purge(file: WorkFile, before: int) -> None:
    """Delete what ended before that instant; places, agreements and a network with a place stay."""
    for statement in _PURGE:
        file.change(statement, {"before": before})
    forget_unused(file)


_PURGE = (
    "DELETE FROM spans WHERE end < :before",
    "DELETE FROM observed WHERE end < :before",
    "DELETE FROM sessions WHERE NOT open AND max(coalesce(end, 0), coalesce(measured_end, 0)) < :before",
    "DELETE FROM notices WHERE told_at < :before",
    "DELETE FROM mendings WHERE at < :before",
    "DELETE FROM pauses WHERE coalesce(ended, until) < :before",
    "DELETE FROM fingerprints WHERE place IS NULL AND seen_at < :before",
    "DELETE FROM answers WHERE answered_at + kept_longer < :before",
)


def _observed_of(row: dict[str, Any]) -> ObservedTime:
    return ObservedTime(row["id"], row["start"], row["end"], cast(Ended | None, row["ended"]))


def _session_of(row: dict[str, Any]) -> MeasuredSession:
    return MeasuredSession(row["first_span"], row["measured_start"], row["measured_end"], bool(row["open"]))


def _write_session(file: WorkFile, row: MeasuredSession, zone: str, fingerprint: str | None, docked: bool) -> bool:
    """Write one session; say whether it was still the collector's to write."""
    # Not an upsert: that would use up a session number, which people see, at every tick.
    docked = docked and row.open  # what is on the desk now says nothing of work that has ended
    network = None if fingerprint is None else number_of(file, fingerprint)
    updated = file.change(
        "UPDATE sessions SET measured_seconds = ? - measured_start, open = ?, fingerprint = coalesce(fingerprint, ?),"
        " seen_by = seen_by | ? WHERE first_span = ? AND open",
        [row.end, int(row.open), network, seen_by(False, docked), row.id],
    )
    if updated.rowcount > 0:
        return True
    inserted = file.change(
        "INSERT INTO sessions (first_span, measured_start, measured_seconds, open, zone, fingerprint, seen_by)"
        " SELECT ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE first_span = ?)",
        [
            *(row.id, row.start, row.end - row.start, int(row.open), number_of(file, zone), network),
            *(seen_by(row.watched, docked), row.id),
        ],
    )
    return inserted.rowcount > 0
