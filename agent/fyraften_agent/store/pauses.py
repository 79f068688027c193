"""The pauses in the file of the raw data: when nothing shall be recorded, and which of it the employee calls private.

Time outside the recording hours is private, too, where the employee says that they do not work then.
Not here: reckoning that time (``free_hours``), ending the
collector for a pause (``supervisor``), which reads them by itself (``pauses``).
"""

from __future__ import annotations

from fyraften_agent.recording.free_hours import free_between
from fyraften_agent.recording.hours import CHOICE, ChosenHours, format_choice, parse_choice
from fyraften_agent.store.choices import Choices
from fyraften_agent.store.records import Pause
from fyraften_agent.store.schema import WorkFile
from fyraften_policy.intervals import Interval


class Pauses:
    """The pauses, one at a time, and the choice of hours."""

    def __init__(self, file: WorkFile, choices: Choices) -> None:
        self._file, self._choices = file, choices

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
        noted = [Interval(row["start"], row["end"]) for row in rows if row["start"] < row["end"]]
        return [*noted, *self._free(start, end)]

    def choose_hours(self, chosen: ChosenHours | None, now: int) -> None:
        """Note the recording hours from now on; None: always. What was free by the last choice stays free."""
        with self._file.transaction():
            self.note_free_time(now)
            self._choices.set(CHOICE, None if chosen is None else format_choice(chosen), now)

    def note_free_time(self, now: int) -> None:
        """Write down as private time what the choice of hours stands for until now; it stands for the rest from now."""
        with self._file.transaction():
            free = [(one.start, one.end, one.end) for one in self._free(0, now)]
            self._file.change_each("INSERT INTO pauses (start, until, ended, private) VALUES (?, ?, ?, 1)", free)
            self._file.change("UPDATE choices SET changed_at = ? WHERE name = ?", [now, CHOICE])

    def _free(self, start: int, end: int) -> list[Interval]:
        kept, since = self._choices.get(CHOICE), self._choices.since(CHOICE)
        if kept is None or since is None:
            return []
        return free_between(parse_choice(kept), max(start, since), end)
