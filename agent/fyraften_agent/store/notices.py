"""The notices in the file of the raw data: each matter once, with what became of it.

A matter waits until there is a quiet moment, is then told, and may be put off by the employee with a reason; one that
stopped being true before it could be told is kept as such. What is listed here survives the toast.
Not here: when a notice may be shown (``telling``), which are due (``notices``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from fyraften_agent.errors import InputError
from fyraften_agent.store.records import NoticeState, ToldNotice
from fyraften_agent.store.schema import WorkFile
from fyraften_policy.languages import mark

# Told for good: until it is put off, nothing of this matter is shown again.
_TOLD = "key = ? AND (state = 'told' OR (state = 'snoozed' AND snoozed_until > ?))"


class Notices:
    """The notices, one row a matter."""

    def __init__(self, file: WorkFile) -> None:
        self._file = file

    def is_told(self, key: str, now: int) -> bool:
        """Say whether the matter was told, or is put off until later than ``now``."""
        return bool(self._file.rows(f"SELECT 1 FROM notices WHERE {_TOLD}", [key, now]))

    def told_at(self, key: str) -> int | None:
        """Return when the matter was told, ``None`` where it was not."""
        rows = self._file.rows("SELECT shown_at FROM notices WHERE key = ? AND state = 'told'", [key])
        return int(rows[0]["shown_at"]) if rows and rows[0]["shown_at"] is not None else None

    def is_put_off(self, key: str) -> bool:
        """Say whether the employee put the matter off, or it waits again since."""
        return bool(
            self._file.rows("SELECT 1 FROM notices WHERE key = ? AND snoozed_until NOT NULL AND state != 'told'", [key])
        )

    def wait(self, key: str, text: str, now: int) -> int:
        """Note that the matter is due and waits for a good moment; return since when it waits."""
        with self._file.transaction():
            self._file.change(
                "INSERT INTO notices (key, text, told_at, waits_since, shown, state)"
                " VALUES (:key, :text, :now, :now, 0, 'waiting')"
                " ON CONFLICT (key) DO UPDATE SET state = 'waiting', waits_since = :now, held = NULL"
                " WHERE state IN ('over', 'snoozed')",
                {"key": key, "text": text, "now": now},
            )
            (row,) = self._file.rows("SELECT coalesce(waits_since, told_at) AS since FROM notices WHERE key = ?", [key])
        return int(row["since"])

    def hold(self, key: str, reason: str) -> None:
        """Note why the matter still waits: one of ``telling.HELD``."""
        with self._file.transaction():
            self._file.change(
                "UPDATE notices SET held = ? WHERE key = ? AND state = 'waiting' AND held IS NOT ?",
                [reason, key, reason],
            )

    def tell(self, key: str, text: str, now: int, shown: bool) -> None:
        """Note that the matter was told; a desktop that took it once has taken it."""
        with self._file.transaction():
            self._file.change(
                "INSERT INTO notices (key, text, told_at, shown, state, shown_at)"
                " VALUES (:key, :text, :now, :shown, 'told', :now)"
                " ON CONFLICT (key) DO UPDATE SET state = 'told', text = :text, shown = max(shown, :shown),"
                " shown_at = :now",
                {"key": key, "text": text, "now": now, "shown": int(shown)},
            )

    def end_all_but(self, keys: Collection[str], now: int) -> None:
        """Note of what waits, or was put off until now, that it is no longer true, unless it is among ``keys``."""
        rows = self._file.rows(
            "SELECT key FROM notices WHERE state = 'waiting' OR (state = 'snoozed' AND snoozed_until <= ?)", [now]
        )
        over = [str(row["key"]) for row in rows if row["key"] not in keys]
        if over:
            with self._file.transaction():
                self._file.change_each("UPDATE notices SET state = 'over' WHERE key = ?", [(key,) for key in over])

    def snooze(self, key: str, until: int, reason: str | None) -> None:
        """Put a matter off: it is told at ``until``, if it still holds then.

        Raises:
            InputError: there is no such matter, or it is over.
        """
        with self._file.transaction():
            changed = self._file.change(
                "UPDATE notices SET state = 'snoozed', snoozed_until = ?, snooze_reason = ?"
                " WHERE key = ? AND state != 'over'",
                [until, reason, key],
            )
        if not changed.rowcount:
            raise InputError(mark("This matter is over, and is not told any more."))

    def told_between(self, after: int, until: int) -> int:
        """Return how many notices were told after one instant and until another."""
        (row,) = self._file.rows(
            "SELECT count(*) AS told FROM notices WHERE shown_at > ? AND shown_at <= ?", [after, until]
        )
        return int(row["told"])

    def numbered(self, number: int) -> ToldNotice:
        """Return the notice of that number; raises :class:`InputError` where there is none."""
        found = next((notice for notice in self.all() if notice.number == number), None)
        if found is None:
            raise InputError(
                mark("There is no notice {number}. The numbers are shown by: fyraften notices"), number=number
            )
        return found

    def all(self) -> list[ToldNotice]:
        """Return everything that was due, the newest last, numbered from 1."""
        rows = self._file.rows("SELECT * FROM notices ORDER BY told_at, key")
        return [_notice_of(row, number) for number, row in enumerate(rows, 1)]


def _notice_of(row: Mapping[str, Any], number: int) -> ToldNotice:
    return ToldNotice(
        key=row["key"],
        text=row["text"],
        due_at=row["told_at"],
        shown=bool(row["shown"]),
        number=number,
        state=cast(NoticeState, row["state"]),
        held=row["held"],
        told_at=row["shown_at"],
        snoozed_until=row["snoozed_until"],
        snooze_reason=row["snooze_reason"],
    )
