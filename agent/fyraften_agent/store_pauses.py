"""The pauses in the file of the raw data: when nothing shall be recorded, and which of it the employee calls private.

Not here: ending the collector for a pause (``supervisor``), which reads them by itself (``pauses``).
"""

from __future__ import annotations

from fyraften_agent.store_records import Pause
from fyraften_agent.store_schema import WorkFile
from fyraften_policy.intervals import Interval


class Pauses:
    """The pauses, one at a time."""

    def __init__(self, file: WorkFile) -> None:
        self._file = file

    def begin(self, start: int, until: int | None, private: bool) -> None:
        """Begin one; that which runs is replaced."""
        with self._file.transaction():
            self.end(start)
            self._file.change(
                "INSERT INTO pauses (start, until, private) VALUES (?, ?, ?)", [start, until, int(private)]
            )

    def end(self, now: int) -> None:
        """End the one that runs."""
        with self._file.transaction():
            self._file.change(
                "UPDATE pauses SET ended = ? WHERE ended IS NULL AND (until IS NULL OR until > ?)", [now, now]
            )

    def between(self, start: int, end: int) -> list[Pause]:
        """Return those that hold at some instant of ``[start, end)``, the newest first."""
        rows = self._file.rows(
            "SELECT start, until, private FROM pauses WHERE start < ? AND (until IS NULL OR until > ?)"
            " AND (ended IS NULL OR ended > ?) AND (ended IS NULL OR ended > start) ORDER BY start DESC",
            [end, start, start],
        )
        return [Pause(row["start"], row["until"], bool(row["private"])) for row in rows]

    def private(self, start: int, end: int) -> list[Interval]:
        """Return the private time in ``[start, end)``; one that runs lasts as long as is asked about."""
        rows = self._file.rows(
            "SELECT max(start, :start) AS start, min(coalesce(ended, until, :end), coalesce(until, :end), :end) AS end"
            " FROM pauses WHERE private",
            {"start": start, "end": end},
        )
        return [Interval(row["start"], row["end"]) for row in rows if row["start"] < row["end"]]
