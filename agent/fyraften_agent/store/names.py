"""Texts that many sessions have in common, kept once: the names of time zones, and the fingerprints of networks.

A session holds the number; ``whole_sessions`` is the table of sessions with the texts in their places.  So a session
takes less than sixty bytes, with its activity and the seals, and not two hundred (see also ``store.room``).
Not here: the tables (``store.migrations``), what the texts mean.
"""

from __future__ import annotations

from fyraften_agent.store.schema import WorkFile


def number_of(file: WorkFile, name: str) -> int:
    """Return the number that stands for a text, given to it if it has none, inside a transaction of the caller."""
    rows = file.rows("SELECT id FROM names WHERE name = ?", [name])
    if rows:
        return int(rows[0]["id"])
    return int(file.change("INSERT INTO names (name) VALUES (?)", [name]).lastrowid or 0)


def forget_unused(file: WorkFile) -> None:
    """Delete the texts that no session has any more."""
    file.change(
        "DELETE FROM names WHERE id NOT IN"
        " (SELECT zone FROM sessions UNION SELECT fingerprint FROM sessions WHERE fingerprint IS NOT NULL)"
    )
