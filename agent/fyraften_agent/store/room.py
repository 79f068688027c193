"""What takes less room in the file than it is called by: ends, and by what a session was seen.

An end is kept as the seconds since the start, in two bytes and not four; ``watched`` and ``docked`` are one number.
The tables have columns that say them as before and take no room (``end``, ``measured_end``, ``watched``, ``docked``):
they can be asked for like any other, and are never written.
Not here: the tables (``store.migrations``), the questions and changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WATCHED: Final = 1
DOCKED: Final = 2

KEPT_ONLY: Final = {"spans": ("seconds",), "sessions": ("measured_seconds", "seen_by")}
"""By table, the columns that say nothing which another does not say better."""


def as_kept(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row that is called as it is asked for as one that can be written."""
    kept = dict(row)
    if table == "spans":
        kept["seconds"] = kept.pop("end") - kept["start"]
    elif table == "sessions":
        end = kept.pop("measured_end", None)
        kept["measured_seconds"] = None if end is None else end - kept["measured_start"]
        kept["seen_by"] = seen_by(kept.pop("watched", False), kept.pop("docked", False))
    return kept


def seen_by(watched: object, docked: object) -> int:
    """Return the number that stands for a screen in use without input, and for a display beside the laptop's own."""
    return (WATCHED if watched else 0) | (DOCKED if docked else 0)
