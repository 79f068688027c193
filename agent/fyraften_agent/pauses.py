"""Whether recording is paused, read by the supervisor from the raw data's file without opening it for writing.

Standard library only, because the supervisor is; the pauses are written by ``store``.
Not here: the rest of the raw data.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import NamedTuple

from fyraften_agent.errors import StoreError
from fyraften_agent.reading import connect_to_read
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
    except sqlite3.Error as error:
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
