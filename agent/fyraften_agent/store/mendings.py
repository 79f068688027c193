"""What was done about damage to the raw data, kept with it: what was saved, what was lost, and where the old file is.

Not here: the mending itself (``mending``) and its words (``mending.words``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fyraften_agent.store.schema import WorkFile


@dataclass(frozen=True)
class Mending:
    """One damaged file and what came of it.

    Attributes:
        file: name of the file set aside, in the folder of the records; None where only the page beside the file, on
            which is held how far the last rows had grown, could not be read.
        saved: rows that are as they were.
        lost: rows that are gone; None where nobody knows how many.
        days: local days of which rows are gone, as far as that is known; ISO dates, sorted.
        paused: whether recording was paused because a pause or the recording hours may be among what was lost.
    """

    at: int
    file: str | None
    saved: int
    lost: int | None
    days: tuple[str, ...]
    paused: bool

    @property
    def is_without_loss(self) -> bool:
        """Say whether every row was saved."""
        return self.lost == 0


def record_mending(file: WorkFile, mending: Mending) -> None:
    """Keep what was done; in a transaction of the caller."""
    file.change(
        "INSERT INTO mendings (at, file, saved, lost, days, paused) VALUES (?, ?, ?, ?, ?, ?)",
        [mending.at, mending.file, mending.saved, mending.lost, json.dumps(mending.days), int(mending.paused)],
    )


def mendings(file: WorkFile) -> list[Mending]:
    """Return what was done, the newest last; a file of an earlier version holds none."""
    if not file.rows("SELECT 1 FROM sqlite_master WHERE name = 'mendings'"):
        return []
    return [_mending_of(row) for row in file.rows("SELECT * FROM mendings ORDER BY at, id")]


def _mending_of(row: dict[str, Any]) -> Mending:
    days = tuple(json.loads(row["days"]))
    return Mending(row["at"], row["file"], row["saved"], row["lost"], days, bool(row["paused"]))
