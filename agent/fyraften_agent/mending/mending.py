"""Opens the raw data for the collector; a damaged file is set aside, and what can be saved of it goes on in a new one.

The damaged file is kept beside the new one, under a name with the date (0600), as long as records are kept.  What is
saved is written to a file of its own first; only when that is whole, it takes the place of the damaged one, so that a
mending may be killed at any instant and is begun or ended again at the next start.

Nothing is invented: a row comes over exactly as it was written, or not at all.  Where a pause or the recording hours
may be among what was lost, recording is paused until the person resumes.
Only the collector mends, and there is only one of it.  Not here: what can be saved (``salvage``), the consent ledger,
of which nothing is ever recovered as a consent.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from fyraften_agent.errors import StoreError
from fyraften_agent.files.key_file import NO_ROOM
from fyraften_agent.files.set_aside import set_aside_name, set_aside_since, stamp_of
from fyraften_agent.mending.wholeness import is_ours
from fyraften_agent.recording.place_key import PLACE_KEY
from fyraften_agent.store.held import Grown, Held, held_of
from fyraften_agent.store.measured import take_in
from fyraften_agent.store.mendings import Mending, record_mending
from fyraften_agent.store.schema import WorkFile
from fyraften_agent.store.seals import SEAL, seal
from fyraften_agent.store.store import Store
from fyraften_policy.languages import mark
from fyraften_policy.periods import local_date
from fyraften_policy.sentences import reason_of

if TYPE_CHECKING:
    from fyraften_agent.mending.salvage import Layout, Record, Saved

MOST_A_DAY = 3
_DAY_SECONDS = 86_400
_SMALLEST = 512  # bytes of a database
_FIRST_INSTANT = 1_000_000_000
# Without a row of these more might be recorded than the person wants.
_LIMITS_OF_RECORDING = ("pauses", "choices")


def open_mended(path: Path, now: int, zone: str, bring_up_to_date: Callable[[], None] = lambda: None) -> Store:
    """Open the records, mended where they are damaged.

    Args:
        bring_up_to_date: is called before a file that is ours is opened.
        zone: IANA name, for the days of which rows were lost.

    Raises:
        StoreError: the file is held by another program, on a full disk, not yours, or damaged again and again.
    """
    for complete in sorted(path.parent.glob(f"{path.name}.mended-*")):
        _take_its_place(path, complete)
    if _is_emptied(path) or not is_ours(path):
        mend(path, now, zone)
    bring_up_to_date()
    try:
        file = WorkFile(path)
        try:
            # Before what is held is taken in: nothing is written into a file that may be damaged.
            if file.is_whole():
                _note_unreadable_page(file, path, now, zone)
                return Store(file)
        except BaseException:
            file.close()
            raise
        file.close()
    except StoreError as failure:
        if failure.trouble != "damaged" and (failure.trouble != "closed" or is_ours(path)):
            raise
    mend(path, now, zone)
    return Store.open(path)


def _note_unreadable_page(file: WorkFile, path: Path, now: int, zone: str) -> None:
    """Keep, to be told, that how far the last rows had grown is lost; the page is free again."""
    held = Held(path)
    if held.is_damaged():
        rows = file.rows("SELECT end FROM observed WHERE id > 0 AND ended IS NULL ORDER BY id DESC LIMIT 1")
        days = {day for row in rows for day in _days(row["end"], min(row["end"], now), zone)}
        with file.transaction():
            record_mending(file, Mending(at=now, file=None, saved=0, lost=None, days=tuple(days), paused=False))
        held.clear()
    held.close()


def mend(path: Path, now: int, zone: str) -> Mending:
    """Set the file aside, put a new one with what can be saved into its place, and return what came of it.

    Raises:
        StoreError: there is no room for the new file, or this happened too often within a day to go on.
    """
    # Late: the collector opens records that are in order with this module, and stays in memory all day.
    from fyraften_agent.mending.salvage import salvage

    _refuse_if_often(path, now)
    stamp = stamp_of(now)
    fresh, complete = path.with_name(f"{path.name}.new"), path.with_name(f"{path.name}.mended-{stamp}")
    _remove(fresh)
    try:
        with WorkFile(None) as model:
            known = model.layouts()
        saved = salvage(_content(path), _content(_log_of(path)), known)
        held = Held(path)
        mending = _told(saved, set_aside_name(path, stamp).name, now, zone)
        if held.is_damaged():  # how far the last rows had grown is lost with it
            mending = replace(mending, lost=None)
        with WorkFile(fresh) as file:
            _fill(file, saved, mending, known, held.read())
        _make_sure_on_disk(fresh)
        fresh.replace(complete)
    except OSError as failure:
        raise StoreError(
            mark("The damaged file {path} could not be mended: {reason}. It is as it was."),
            path=path,
            reason=reason_of(failure),
            trouble="full" if failure.errno in NO_ROOM else "closed",
        ) from failure
    finally:
        _remove(fresh)
    _take_its_place(path, complete)
    return mending


def _refuse_if_often(path: Path, now: int) -> None:
    recent = set_aside_since(path, now - _DAY_SECONDS)
    if recent >= MOST_A_DAY:
        raise StoreError(
            mark(
                "The file {path} was damaged {count} times within a day and is damaged again: the disk may be failing. "
                "Nothing is recorded. The damaged files are kept beside it; move the folder to another disk."
            ),
            path=path,
            trouble="damaged",
            count=recent,
        )


def _told(saved: Saved, file: str, now: int, zone: str) -> Mending:
    without = len(saved.rows.get("corrections", ())) - len(_whole_histories(saved))
    lost = [saved.lost(table) for table in saved.tables] + [without]
    days = {day for start, end in saved.lost_at for day in _days(start, min(end, now), zone)}
    return Mending(
        at=now,
        file=file,
        saved=sum(len(rows) for rows in saved.rows.values()) - without,
        lost=None if None in lost else sum(each or 0 for each in lost),
        days=tuple(sorted(days)),
        paused=any(saved.lost(table) != 0 for table in _LIMITS_OF_RECORDING),
    )


def _days(start: int, end: int, zone: str) -> list[str]:
    """Return the local days of a time, as ISO dates."""
    if not _FIRST_INSTANT < start <= end:
        return []
    first, last = local_date(start, zone), local_date(end, zone)
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _fill(file: WorkFile, saved: Saved, mending: Mending, known: Iterable[Layout], held: Grown | None) -> None:
    """Write the saved rows as they were and, where that is known, as far as they had grown since.

    After them comes what is new: the mending, and a mark that time is missing.
    """
    sealed = {layout.table: layout.sealed for layout in known}
    rows = {**saved.rows, "corrections": _whole_histories(saved), "places": _with_stand_ins(saved, mending.at)}
    with file.without_triggers():
        for table, records in rows.items():
            names = sealed[table]
            marks = ", ".join("?" * (len(names) + 1))
            file.change_each(
                f"INSERT INTO {table} ({', '.join(names)}, {SEAL}) VALUES ({marks})",
                [[*(each[name] for name in names), seal(table, *(each[name] for name in names))] for each in records],
            )
        for table, number in _highest_numbers(saved).items():
            file.change("DELETE FROM sqlite_sequence WHERE name = ?", [table])
            file.change("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, number])
    if held is not None:
        take_in(file, held)
    with file.transaction():
        # Whatever was last before is not known: the computer must not be taken for switched off since then.
        file.change(
            "INSERT INTO observed (id, start, end, ended) SELECT 1 + max("
            " coalesce((SELECT max(id) FROM spans), 0), coalesce((SELECT max(id) FROM observed), 0),"
            " coalesce((SELECT max(first_span) FROM sessions), 0)), ?, ?, 'mended'",
            [mending.at, mending.at],
        )
        record_mending(file, mending)
        if mending.paused:
            file.change("INSERT INTO pauses (start, until, private) VALUES (?, NULL, 0)", [mending.at])


def _whole_histories(saved: Saved) -> list[Record]:
    """Return the corrections of each session whose history is whole; a gap would tell a wrong one."""
    of_session: dict[object, list[Record]] = {}
    for row in sorted(saved.rows.get("corrections", ()), key=lambda row: int(str(row["id"]))):
        of_session.setdefault(row["session"], []).append(row)
    kept: list[Record] = []
    for session in saved.rows.get("sessions", ()):
        history = of_session.get(session["id"], [])
        ends = [row["at"] for row in history]
        if history and [row["before_at"] for row in history[1:]] == ends[:-1] and ends[-1] == session["changed_at"]:
            kept += history
    return kept


def _with_stand_ins(saved: Saved, now: int) -> list[Record]:
    """Return the places, and one of no known kind for each that is lost and still named by something."""
    places = list(saved.rows.get("places", ()))
    there = {place["id"] for place in places}
    named = {row["place"] for table in ("sessions", "corrections", "fingerprints") for row in saved.rows.get(table, ())}
    lost = sorted(int(str(place)) for place in named - there - {None})
    made: list[Record] = [
        {"id": number, "kind": "unknown", "label": None, "workstation": "fixed", "made_at": now} for number in lost
    ]
    return [*places, *made]


def _highest_numbers(saved: Saved) -> dict[str, int]:
    """Return the highest number ever seen of a session and of a place: none shall come to mean another one."""
    sessions = [row["id"] for row in saved.rows.get("sessions", ())]
    sessions += [row["session"] for row in saved.rows.get("corrections", ())]
    places = [row["id"] for row in saved.rows.get("places", ())]
    places += [
        row["place"] for table in ("sessions", "corrections", "fingerprints") for row in saved.rows.get(table, ())
    ]
    found = {"sessions": sessions, "places": places}
    return {table: max((int(str(each)) for each in numbers if each), default=0) for table, numbers in found.items()}


def _take_its_place(path: Path, complete: Path) -> None:
    """Set the damaged file aside and put the whole one into its place; may be ended and begun again at any instant."""
    stamp = complete.name.rsplit(".mended-", 1)[1]
    aside = set_aside_name(path, stamp)
    while aside.exists() and path.exists():
        aside = aside.with_name(f"{aside.stem}-again{aside.suffix}")
    try:
        _log_of(path).with_name(f"{path.name}-shm").unlink(missing_ok=True)
        for old, kept in ((_log_of(path), _log_of(aside)), (held_of(path), held_of(aside)), (path, aside)):
            if old.exists():
                old.replace(kept)
                kept.chmod(0o600)
        complete.replace(path)
    except OSError as failure:
        raise StoreError(
            mark("The damaged file {path} cannot be set aside: {reason}. Close other programs that have it open."),
            path=path,
            reason=reason_of(failure),
        ) from failure


def _is_emptied(path: Path) -> bool:
    """Say whether the file was cut to nothing, or to so little that the database would take it for new.

    An empty one is new as long as nothing was ever recorded: the key of the places is made when recording first begins.
    """
    if not path.exists() or _content(_log_of(path)):
        return False
    size = path.stat().st_size
    return 0 < size < _SMALLEST or (size == 0 and (path.parent / "keys" / PLACE_KEY).exists())


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _remove(path: Path) -> None:
    for file in (path, _log_of(path), path.with_name(f"{path.name}-shm"), path.with_name(f"{path.name}-journal")):
        file.unlink(missing_ok=True)


def _make_sure_on_disk(path: Path) -> None:
    with path.open("rb+") as opened:
        os.fsync(opened.fileno())
