"""The raw data as plain rows, to be taken away and brought in again: whole tables, with their history.

Networks stay: a fingerprint is good on this laptop only, and is nobody's business elsewhere. A session on a known
network takes the number of its place along instead.
Not here: the file they travel in (``archive``), and what may come in (``bringing_in``).
"""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

from fyraften_agent.store.room import KEPT_ONLY
from fyraften_agent.store.seals import SEAL
from fyraften_agent.store.store import Store

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]

TAKEN_AWAY: Final = (
    *("places", "sessions", "corrections", "spans", "observed", "pauses", "agreements", "notices"),
    *("choices", "answers"),
)
"""The tables of a full copy. Those that stay are named, with the reason, in ``STAYS``."""

STAYS: Final = {
    "fingerprints": "good on this laptop only",
    "current_network": "good on this laptop only",
    "mendings": "of this file alone",
    "names": "stand in the sessions themselves",
    "_sqlite_migrations": "belongs to the file",
    "sqlite_sequence": "belongs to the file",
}
NETWORK_PLACE: Final = "network_place"
_STAYING_COLUMNS: Final = {"fingerprint", "first_span", SEAL, *chain.from_iterable(KEPT_ONLY.values())}


def all_rows(store: Store) -> Tables:
    """Return every row of the tables that may be taken away, in the order in which they were written."""
    return {table: _rows(store, table) for table in TAKEN_AWAY}


def _rows(store: Store, table: str) -> Rows:
    source = "whole_sessions" if table == "sessions" else table
    rows = store.file.rows(f"SELECT * FROM {source} ORDER BY 1")  # a name of the list above
    if table == "sessions":
        places = {row["fingerprint"]: row["place"] for row in store.file.rows("SELECT * FROM fingerprints")}
        rows = [{**row, NETWORK_PLACE: places.get(row["fingerprint"])} for row in rows]
    return [{name: value for name, value in row.items() if name not in _STAYING_COLUMNS} for row in rows]
