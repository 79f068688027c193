"""The versions of a session: what was measured, and each of the employee's words on it, with when; and taking back.

Triggers of the store write what a session was before every change (see ``store.schema``), so that every way of
correcting is here.  Taking back leaves no trace of what was taken back: it was a slip, and nobody's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fyraften_agent.errors import InputError
from fyraften_agent.store.records import IMPORTED_FROM
from fyraften_agent.store.store import Store
from fyraften_policy.languages import mark

What = Literal["measured", "imported", "added", "corrected", "removed"]
_CORRECTED = ("start", "end", "place", "workstation", "confirmed", "removed")


@dataclass(frozen=True)
class Version:
    """A session as it was from one word on; ``by`` and ``at`` are None for what was measured or imported.

    Values that nobody said anything about are those of the version before; ``confirmed`` None: nobody has said.
    """

    what: What
    by: str | None
    at: int | None
    start: int
    end: int
    place: int | None
    workstation: str | None
    confirmed: bool | None


@dataclass(frozen=True)
class TakenBack:
    """What was taken back: the last change of one session; ``is_gone`` where that had added the session."""

    session: int
    is_gone: bool
    at: int


def versions(store: Store, session: int) -> list[Version]:
    """Return the versions of a session, the oldest first; also of one that was removed.

    Raises:
        InputError: there is no such session.
    """
    rows = store.file.rows(
        "SELECT s.*, f.place AS network_place FROM whole_sessions s LEFT JOIN fingerprints f USING (fingerprint)"
        " WHERE s.id = ?",
        [session],
    )
    if not rows:
        raise InputError(mark("There is no session {number}. The numbers are shown by: fyraften log"), number=session)
    now, changes = rows[0], _changes(store, session)
    # Each row of the history holds what was before; what came of a change stands in the next one, or is what is now.
    after = [*changes[1:], now] if changes else []
    found = [] if now["measured_start"] is None else [_first(now, changes[0] if changes else now)]
    for change, result in zip(changes, after, strict=True):
        found.append(_version(now, result, _what(change, result), change["by"], change["at"]))
    return found


def left_out(store: Store, start: int, end: int) -> list[int]:
    """Return the numbers of the sessions of ``[start, end)`` that the employee removed, sorted by start."""
    rows = store.file.rows(
        "SELECT id FROM whole_sessions WHERE removed AND coalesce(start, measured_start) < :end AND"
        " (coalesce(end, measured_end) > :start OR coalesce(start, measured_start) >= :start)"
        " ORDER BY coalesce(start, measured_start), id",
        {"start": start, "end": end},
    )
    return [int(row["id"]) for row in rows]


def take_back(store: Store, session: int | None) -> TakenBack | None:
    """Undo the last change: of one session, or of all (None). Return what it was, or None where there is none."""
    with store.file.transaction():
        latest = store.file.rows(
            "SELECT session FROM corrections WHERE ?1 IS NULL OR session = ?1 ORDER BY at DESC, id DESC LIMIT 1",
            [session],
        )
        if not latest:
            return None
        number = latest[0]["session"]
        change = _changes(store, number)[-1]
        if not change["was_there"]:
            store.file.change("DELETE FROM sessions WHERE id = ?", [number])
            return TakenBack(number, True, change["at"])
        store.file.change(
            "UPDATE sessions SET start = :start, end = :end, place = :place, workstation = :workstation,"
            " confirmed = :confirmed, removed = :removed, changed_by = :before_by, changed_at = :before_at"
            " WHERE id = :session",
            {name: change[name] for name in (*_CORRECTED, "before_by", "before_at", "session")},
        )
        # The change itself, and what the trigger noted of taking it back.
        store.file.change("DELETE FROM corrections WHERE session = ? AND id >= ?", [number, change["id"]])
        return TakenBack(number, False, change["at"])


def _changes(store: Store, session: int) -> list[dict[str, Any]]:
    return store.file.rows("SELECT * FROM corrections WHERE session = ? ORDER BY id", [session])


def _first(now: Mapping[str, Any], before_all: Mapping[str, Any]) -> Version:
    is_imported = str(now["origin"] or "").startswith(IMPORTED_FROM)
    untouched = {name: None for name in _CORRECTED} | {"confirmed": before_all["confirmed"]}
    return _version(now, untouched, "imported" if is_imported else "measured", None, None)


def _what(change: Mapping[str, Any], result: Mapping[str, Any]) -> What:
    if not change["was_there"]:
        return "added"
    return "removed" if result["removed"] else "corrected"


def _version(now: Mapping[str, Any], row: Mapping[str, Any], what: What, by: str | None, at: int | None) -> Version:
    start, end = (row[side] if row[side] is not None else now[f"measured_{side}"] for side in ("start", "end"))
    return Version(
        what=what,
        by=by,
        at=at,
        start=start,
        end=end,
        place=row["place"] if row["place"] is not None else now["network_place"],
        workstation=row["workstation"],
        confirmed=None if row["confirmed"] is None else bool(row["confirmed"]),
    )
