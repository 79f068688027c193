"""What the employee chose about measuring, by name: which kind of source, at which hours.

Not here: what a choice means (``sensors.choosing``), and the file (``store.schema``).
"""

from __future__ import annotations

from fyraften_agent.store.schema import WorkFile


class Choices:
    """The choices in the file of the raw data."""

    def __init__(self, file: WorkFile) -> None:
        self._file = file

    def get(self, name: str) -> str | None:
        """Return what was chosen under that name; None where nothing was."""
        rows = self._file.rows("SELECT value FROM choices WHERE name = ?", [name])
        return next((str(row["value"]) for row in rows), None)

    def since(self, name: str) -> int | None:
        """Return when that was chosen; None where nothing was."""
        rows = self._file.rows("SELECT changed_at FROM choices WHERE name = ?", [name])
        return next((int(row["changed_at"]) for row in rows), None)

    def set(self, name: str, value: str | None, now: int) -> None:
        """Note what is chosen; None takes the choice back."""
        with self._file.transaction():
            self._file.change("DELETE FROM choices WHERE name = ?", [name])
            if value is not None:
                self._file.change("INSERT INTO choices (name, value, changed_at) VALUES (?, ?, ?)", [name, value, now])
