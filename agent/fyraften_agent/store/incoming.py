"""Writes into the store what a file of another program tells, as far as the plan says: new sessions and longer ones.

What was imported stands where measured times stand, so that a correction keeps it beside itself.  Its place comes by a
mark that stands for the place as a network's does.  Spans and observed time get numbers below zero: those above are the
collector's.
Not here: what comes in (``incoming``), our own full copies (``store.full_copy``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fyraften_agent.exchange.incoming import Existing, IncomingSession, Plan
from fyraften_agent.recording.places import Kind, Workstation
from fyraften_agent.store.names import number_of
from fyraften_agent.store.records import IMPORTED_FROM
from fyraften_agent.store.store import PlaceChoice, Store
from fyraften_policy.intervals import Interval, subtract, union

Progress = Callable[[int, int], None]
"""Told how many of how many are done."""


def existing_sessions(store: Store) -> list[Existing]:
    """Return every session that is there, also those the employee removed."""
    rows = store.file.rows(
        "SELECT coalesce(origin, 'measured:' || measured_start) AS known_by, start, end, measured_start, measured_end,"
        " removed FROM sessions"
    )
    return [
        Existing(
            origin=row["known_by"],
            start=min(at for at in (row["start"], row["measured_start"]) if at is not None),
            end=max(at for at in (row["end"], row["measured_end"]) if at is not None),
            may_grow=row["known_by"].startswith(IMPORTED_FROM) and row["end"] is None and not row["removed"],
        )
        for row in rows
    ]


def write_plan(store: Store, plan: Plan, place: PlaceChoice, now: int, progress: Progress) -> None:
    """Write what comes in, in one transaction: all of it or nothing.

    Args:
        place: where work was that the file says no place of; None: not known.
    """
    total = len(plan.new) + len(plan.grown)
    with store.file.transaction():
        default = (
            None if place is None else place if isinstance(place, int) else place_number(store, place, None, None, now)
        )
        for done, one in enumerate(plan.new, 1):
            _add(store, one, default, now)
            progress(done, total)
        for done, one in enumerate(plan.grown, len(plan.new) + 1):
            store.file.change(
                "UPDATE sessions SET measured_seconds = ? - measured_start WHERE origin = ?", [one.end, one.origin]
            )
            progress(done, total)
        _add_spans(store, plan.spans)
        _add_observed(store, plan.observed)


def place_number(store: Store, kind: Kind | str, label: str | None, workstation: Workstation | None, now: int) -> int:
    """Return the place of exactly that kind, label and workstation, made where there is none."""
    rows = store.file.rows(
        "SELECT id FROM places WHERE kind = ? AND label IS ? AND workstation = ? ORDER BY id",
        [kind, label, workstation or "fixed"],
    )
    return int(rows[0]["id"]) if rows else store.add_place(kind, label, workstation or "fixed", now)


def place_mark(store: Store, place: int | None, now: int) -> str | None:
    """Return what stands for a place where a session of a network has the network's fingerprint."""
    if place is None:
        return None
    mark = f"imported:{place}"
    store.file.change(
        "INSERT INTO fingerprints (fingerprint, place, seen_at, asked_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (fingerprint) DO UPDATE SET place = excluded.place",
        [mark, place, now, now],
    )
    return mark


def next_number(store: Store, table: str) -> int:
    """Return a free number below zero in ``spans`` or ``observed``."""
    (lowest,) = store.file.rows(f"SELECT min(0, coalesce(min(id), 0)) - 1 AS number FROM {table}")
    return int(lowest["number"])


def _add(store: Store, one: IncomingSession, default: int | None, now: int) -> None:
    place = default
    if one.place is not None or one.label is not None:
        place = place_number(store, one.place or "unknown", one.label, one.workstation, now)
    elif one.workstation is not None and default is None:
        place = place_number(store, "unknown", None, one.workstation, now)
    mark = place_mark(store, place, now)
    network = None if mark is None else number_of(store.file, mark)
    store.file.change(
        "INSERT INTO sessions (measured_start, measured_seconds, zone, origin, fingerprint, confirmed)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [one.start, one.end - one.start, number_of(store.file, one.zone), one.origin, network, one.confirmed],
    )


def _add_spans(store: Store, spans: Iterable[Interval]) -> None:
    there = union((row["start"], row["end"]) for row in store.file.rows("SELECT start, end FROM spans"))
    number = next_number(store, "spans")
    for offset, one in enumerate(subtract(spans, there)):
        # The file says that somebody was there throughout, not how busy the keys were.
        minutes = one.end // 60 - one.start // 60 + 1
        store.file.change(
            "INSERT INTO spans (id, start, seconds, active_minutes) VALUES (?, ?, ?, ?)",
            [number - offset, one.start, one.end - one.start, minutes],
        )


def _add_observed(store: Store, observed: Iterable[Interval]) -> None:
    there = union((row["start"], row["end"]) for row in store.file.rows("SELECT start, end FROM observed"))
    number = next_number(store, "observed")
    for offset, one in enumerate(subtract(observed, there)):
        store.file.change(
            "INSERT INTO observed (id, start, end, ended) VALUES (?, ?, ?, 'imported')",
            [number - offset, one.start, one.end],
        )
