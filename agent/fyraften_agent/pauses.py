"""Whether recording is paused, read by the supervisor from the raw data's file without opening it for writing.

A pause is one that the employee set, private time, or the time outside the recording hours they chose.
Standard library only, because the supervisor is; the pauses are written by ``store``.
Not here: the rest of the raw data.
"""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from fyraften_agent.errors import StoreError
from fyraften_agent.reading import connect_to_read
from fyraften_agent.recording_hours import CHOICE, closed_until, parse_hours
from fyraften_policy.languages import mark

_WAIT_SECONDS = 1.0


class Pause(NamedTuple):
    """Recording is paused; without ``until`` for as long as the employee wants."""

    until: int | None


def current_pause(work: Path, now: int) -> Pause | None:
    """Return the pause that holds at ``now``; overlapping pauses count as one that ends with the last of them.

    A file or table that is not there yet holds no pause.

    Raises:
        StoreError: the file cannot be read, so that nobody knows; it would be wrong to record then.
    """
    if not work.exists():
        return None
    # The start is not asked: a clock that was set back must not end a pause.
    query = "SELECT until FROM pauses WHERE ended IS NULL AND (until IS NULL OR until > ?)"
    try:
        with contextlib.closing(connect_to_read(work, _WAIT_SECONDS)) as store:
            untils = [until for (until,) in store.execute(query, (now,))]
            opens = _closed_until(store, now)
            untils += [] if opens is None else [opens]
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
    if not untils:
        return None
    return Pause(None if None in untils else max(untils))


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


def _closed_until(store: sqlite3.Connection, now: int) -> int | None:
    """Return when the employee's recording hours open next; None while they are open, or where none were chosen."""
    known = "SELECT 1 FROM sqlite_master WHERE name = 'choices'"  # a file of an earlier version has no such table
    if store.execute(known).fetchone() is None:
        return None
    row = store.execute("SELECT value FROM choices WHERE name = ?", (CHOICE,)).fetchone()
    if row is None:
        return None
    return closed_until(parse_hours(row[0]), now, lambda at: datetime.fromtimestamp(at).astimezone())
