"""Whether recording is paused, read by the supervisor from the raw data's file, and a pause by a click, written there.

A pause is one that the employee set, private time, or the time outside the recording hours they chose.
Standard library only, because the supervisor is; other pauses are written by ``store``.
Not here: the rest of the raw data.
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from fyraften_agent.errors import StoreError
from fyraften_agent.recording.hours import CHOICE, closed_until, parse_choice
from fyraften_agent.store.reading import connect_to_read
from fyraften_agent.store.seals import let_seal
from fyraften_policy.languages import mark

_WAIT_SECONDS = 1.0


PauseKind = Literal["pause", "private", "hours"]


class Pause(NamedTuple):
    """Recording is paused; without ``until`` for as long as the employee wants. ``kind`` is what it is called."""

    until: int | None
    kind: PauseKind = "pause"


class Pauses:
    """The pauses as the supervisor sees them: what is written, and what could not be."""

    def __init__(self, work: Path) -> None:
        self._work = work
        self._unwritten: Pause | None = None

    def look(self, now: int) -> Pause | None:
        """Return the pause that holds at ``now``, as :func:`pause_to_heed` does."""
        return self._unwritten or pause_to_heed(self._work, now)

    def set(self, is_paused: bool, now: int) -> StoreError | None:
        """Pause or resume; return why it could not be written: the pause then holds as long as this process lives."""
        self._unwritten = None
        try:
            set_paused(self._work, is_paused, now)
        except StoreError as error:
            self._unwritten = Pause(None) if is_paused else None
            return error
        return None


def current_pause(work: Path, now: int) -> Pause | None:
    """Return the pause that holds at ``now``; of several the one that ends last.

    A file or table that is not there yet holds no pause.

    Raises:
        StoreError: the file cannot be read, so that nobody knows; it would be wrong to record then.
    """
    if not work.exists():
        return None
    try:
        with contextlib.closing(connect_to_read(work, _WAIT_SECONDS)) as store:
            found = [*_set_pauses(store, now), *_closed(store, now)]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if "no such table" in str(error):
            return None
        raise StoreError(
            mark(
                "{path} cannot be read ({problem}), so nobody knows whether recording is paused, and nothing is "
                "recorded. See: fyraften doctor"
            ),
            path=work,
            problem=error,
            trouble="locked" if "locked" in str(error) else "damaged",
        ) from error
    return max(found, key=lambda pause: math.inf if pause.until is None else pause.until, default=None)


def pause_to_heed(work: Path, now: int) -> Pause | None:
    """Return the pause that holds, for the decision whether to start the collector.

    None of a damaged file: the collector mends it, and looks at the pauses itself before it records anything.

    Raises:
        StoreError: the file cannot be read, though it may be in order.
    """
    try:
        return current_pause(work, now)
    except StoreError as error:
        if error.trouble != "damaged":
            raise
        return None


def set_paused(work: Path, is_paused: bool, now: int) -> None:
    """Begin a pause without end, or end those that the employee set: the click on the desktop, which cannot wait.

    Raises:
        StoreError: it could not be written.
    """
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{work.as_uri()}?mode=rw", timeout=_WAIT_SECONDS, uri=True)) as store,
            store,
        ):
            let_seal(store)
            store.execute(
                "UPDATE pauses SET ended = ? WHERE ended IS NULL AND (until IS NULL OR until > ?)", (now, now)
            )
            if is_paused:
                store.execute("INSERT INTO pauses (start) VALUES (?)", (now,))
    except sqlite3.Error as error:
        raise StoreError(
            mark("The pause could not be written to {path} ({problem}). It holds until Fyraften ends."),
            path=work,
            problem=error,
            trouble="locked" if "locked" in str(error) else "full",
        ) from error


def _set_pauses(store: sqlite3.Connection, now: int) -> list[Pause]:
    """Return the pauses that the employee set."""
    columns = {row[1] for row in store.execute("PRAGMA table_info(pauses)")}
    private = "private" if "private" in columns else "0"  # a file of an earlier version does not tell them apart
    # The start is not asked: a clock that was set back must not end a pause.
    query = f"SELECT until, {private} FROM pauses WHERE ended IS NULL AND (until IS NULL OR until > ?)"
    return [Pause(until, "private" if is_private else "pause") for until, is_private in store.execute(query, (now,))]


def _closed(store: sqlite3.Connection, now: int) -> list[Pause]:
    """Return the time until the employee's recording hours open next; nothing while they are open, or none chosen."""
    known = "SELECT 1 FROM sqlite_master WHERE name = 'choices'"  # a file of an earlier version has no such table
    if store.execute(known).fetchone() is None:
        return []
    row = store.execute("SELECT value FROM choices WHERE name = ?", (CHOICE,)).fetchone()
    if row is None:
        return []
    opens = closed_until(parse_choice(row[0]).hours, now, lambda at: datetime.fromtimestamp(at).astimezone())
    return [] if opens is None else [Pause(opens, "hours")]
