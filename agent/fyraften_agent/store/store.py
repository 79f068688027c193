"""All questions to the raw data on the laptop, and all changes of it.

One SQLite file; a session's row holds what was measured and, beside it, what the employee says instead: nothing that
was measured is lost by a correction, and a correction always stands against the measurement.
The tables and the opening are in ``store.schema``, the collector's rows in ``store.measured``, places, pauses and
choices in ``store.places``, ``store.pauses`` and ``store.choices``, the records that come back in ``store.records``.
Not here: consent and what may leave (``ledger_store``, ``outbox``), and what follows from the facts.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fyraften_agent.errors import InputError, StoreError
from fyraften_agent.files.set_aside import remove_set_aside
from fyraften_agent.recording.activity import Changes, ObservedTime
from fyraften_agent.recording.hours import ChosenHours
from fyraften_agent.recording.isolated import AROUND_SECONDS
from fyraften_agent.recording.places import WORKSTATIONS
from fyraften_agent.store.choices import Choices
from fyraften_agent.store.held import Held
from fyraften_agent.store.measured import (
    LastMeasured,
    add_observed,
    close_sessions,
    last_measured,
    purge,
    see_network,
    take_in,
    write_measured,
)
from fyraften_agent.store.names import number_of
from fyraften_agent.store.notices import Notices
from fyraften_agent.store.pauses import Pauses
from fyraften_agent.store.places import PlaceChoice, Places, check_one_of
from fyraften_agent.store.records import Pause, Place, Session, Span, ToldNotice, session_of, sessions_of
from fyraften_agent.store.schema import WorkFile
from fyraften_policy.intervals import Interval, union
from fyraften_policy.languages import mark

__all__ = ["Pause", "Place", "PlaceChoice", "Session", "Span", "Store", "StoreError", "ToldNotice"]

# What a session is taken for: the employee's word, else what was measured.
_SESSIONS = """
    SELECT s.id, s.zone, s.open, s.measured_start, s.measured_end, s.fingerprint, s.confirmed, s.changed_at,
        s.watched, s.docked, s.origin, s.start, s.end, s.place AS corrected_place,
        s.workstation AS corrected_workstation,
        coalesce(s.start, s.measured_start) AS effective_start, coalesce(s.end, s.measured_end) AS effective_end,
        p.id AS effective_place, p.kind, p.label, p.workstation AS place_workstation
    FROM whole_sessions s
    LEFT JOIN fingerprints f ON f.fingerprint = s.fingerprint
    LEFT JOIN places p ON p.id = coalesce(s.place, f.place)
    WHERE NOT s.removed
"""


class Store:
    """The raw data of one person. Every change is one transaction; what failed has changed nothing."""

    def __init__(self, file: WorkFile) -> None:
        self._file = file
        self.choices = Choices(file)
        self._pauses = Pauses(file, self.choices)
        self._places = Places(file)
        self.notices = Notices(file)
        self._held = None if file.path is None else Held(file.path)
        self._seen_version = file.data_version()
        self._take_in_what_is_held()

    @classmethod
    def open(cls, path: Path | None) -> Self:
        """Open the file, made and brought up to date as needed; None keeps everything in memory.

        Raises:
            StoreError: the file is held by another program, damaged, on a full disk, or not yours.
        """
        return cls(WorkFile(path))

    @property
    def file(self) -> WorkFile:
        """The file itself, for the modules that keep a chapter of their own: history, moving, erasing."""
        return self._file

    def close(self) -> None:
        """Close the file; may be called twice."""
        if self._held is not None:
            self._held.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Questions about work

    def sessions(self, start: int, end: int) -> list[Session]:
        """Return the sessions that touch ``[start, end)``, sorted by start; those the employee removed are left out."""
        self._take_in_what_is_held()
        rows = self._file.rows(
            # First which ones, and only for those all that is told of them.
            f"{_SESSIONS} AND s.id IN (SELECT id FROM sessions WHERE (coalesce(end, measured_end) > :start"
            " OR coalesce(start, measured_start) >= :start) AND coalesce(start, measured_start) < :end)"
            " ORDER BY effective_start, s.id",
            {"start": start - AROUND_SECONDS, "end": end + AROUND_SECONDS},
        )
        return [one for one in sessions_of(rows) if one.start < end and (one.end > start or one.start >= start)]

    def session(self, session_id: int) -> Session | None:
        """Return one session, or None where there is none or the employee removed it."""
        self._take_in_what_is_held()
        found = next((session_of(row) for row in self._file.rows(f"{_SESSIONS} AND s.id = ?", [session_id])), None)
        return found and next(one for one in self.sessions(found.start, found.end + 1) if one.id == session_id)

    def spans(self, start: int, end: int) -> list[Span]:
        """Return the activity spans that touch ``[start, end)``, sorted by start."""
        self._take_in_what_is_held()
        rows = self._file.rows(
            "SELECT start, end, active_minutes FROM spans WHERE end > ? AND start < ? ORDER BY start", [start, end]
        )
        return [Span(row["start"], row["end"], row["active_minutes"]) for row in rows]

    def observed(self, start: int, end: int) -> list[Interval]:
        """Return when input would have been noticed, or the computer slept or was off; cut to ``[start, end)``.

        Pauses, crashes, a dead source, time outside the recording hours and that before the first start are holes;
        private time is not, nor is time that the employee calls free: they say of it that it was no work.
        """
        self._take_in_what_is_held()
        rows = self._file.rows("SELECT start, end FROM observed WHERE end > ? AND start < ?", [start, end])
        private = self._pauses.private(start, end)
        return union([*((max(row["start"], start), min(row["end"], end)) for row in rows), *private])

    def observed_going_on(self) -> Interval | None:
        """Return the observed time that goes on as far as it is written; None where it ended or nothing was measured.

        After a crash it is what was written last.
        """
        self._take_in_what_is_held()
        rows = self._file.rows("SELECT start, end, ended FROM observed WHERE id > 0 ORDER BY id DESC LIMIT 1")
        return next((Interval(row["start"], row["end"]) for row in rows if row["ended"] is None), None)

    # The employee's changes of work

    def add_session(
        self,
        start: int,
        end: int,
        zone: str,
        place: PlaceChoice,
        workstation: str | None,
        confirmed: bool,
        now: int,
    ) -> int:
        """Add work that was not measured; return its number.

        Raises:
            InputError: the end is not after the start, or there is no such place.
        """
        _check_order(start, end)
        check_one_of(workstation, WORKSTATIONS)
        with self._file.transaction():
            made = self._file.change(
                "INSERT INTO sessions (zone, start, end, place, workstation, confirmed, changed_by, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, 'employee', ?)",
                [
                    *(number_of(self._file, zone), start, end, self._places.number_of(place, now)),
                    *(workstation, int(confirmed), now),
                ],
            )
        return int(made.lastrowid or 0)

    def edit_session(
        self,
        session_id: int,
        now: int,
        *,
        start: int | None = None,
        end: int | None = None,
        place: PlaceChoice = None,
        workstation: str | None = None,
        confirmed: bool | None = None,
    ) -> Session:
        """Note what the employee says instead of what was measured; what is left out stays. Return the result.

        A new end closes a session that is being measured: work after it is another session.

        Raises:
            InputError: there is no such session or place, or the end would not be after the start.
        """
        check_one_of(workstation, WORKSTATIONS)
        with self._file.transaction():
            session = self._known(session_id)
            if start is not None or end is not None:
                _check_order(session.start if start is None else start, session.end if end is None else end)
            self._file.change(
                "UPDATE sessions SET start = coalesce(?, start), end = coalesce(?, end), place = coalesce(?, place),"
                " workstation = coalesce(?, workstation), confirmed = coalesce(?, confirmed),"
                " open = open AND ? IS NULL, changed_by = 'employee', changed_at = ? WHERE id = ?",
                [start, end, self._places.number_of(place, now), workstation, confirmed, end, now, session_id],
            )
            return self._known(session_id)

    def confirm(self, session_id: int, now: int, confirmed: bool = True) -> Session:
        """Note the employee's word on whether this was work."""
        return self.edit_session(session_id, now, confirmed=confirmed)

    def remove_session(self, session_id: int, now: int) -> None:
        """Note that this was no work; the measured row stays as it is and is told no more."""
        with self._file.transaction():
            self._known(session_id)
            self._file.change(
                "UPDATE sessions SET removed = 1, open = 0, changed_by = 'employee', changed_at = ? WHERE id = ?",
                [now, session_id],
            )

    def correct_place(self, session_id: int, place: PlaceChoice, now: int) -> Session:
        """Note where one session was worked; the network's own place stays as it is."""
        return self.edit_session(session_id, now, place=place)

    def correct_place_between(self, start: int, end: int, place: PlaceChoice, now: int) -> list[Session]:
        """Note where every session that touches ``[start, end)`` was worked; return them."""
        with self._file.transaction():
            touched = self.sessions(start, end)
            return [self.edit_session(session.id, now, place=place) for session in touched]

    # Pauses

    def pause(self, start: int, until: int | None, *, private: bool = False) -> None:
        """Note that nothing shall be recorded from ``start``; a pause that runs is replaced."""
        self._pauses.begin(start, until, private)

    def resume(self, now: int) -> None:
        """Note that recording may go on."""
        self._pauses.end(now)

    def choose_hours(self, chosen: ChosenHours | None, now: int) -> None:
        """Note in which hours to record from now on; None: always."""
        self._pauses.choose_hours(chosen, now)

    def note_free_time(self, now: int) -> None:
        """Write down as private time what is free until now by the choice of hours."""
        self._pauses.note_free_time(now)

    def pause_at(self, now: int) -> Pause | None:
        """Return the pause that holds at ``now``."""
        return next(iter(self._pauses.between(now, now + 1)), None)

    def is_paused_between(self, start: int, end: int) -> bool:
        """Say whether any instant of ``[start, end)`` was in a pause."""
        return bool(self._pauses.between(start, end))

    # Places

    def places(self) -> list[Place]:
        """Return all places in the order in which they were added."""
        return self._places.all()

    def add_place(self, kind: str, label: str | None, workstation: str, now: int) -> int:
        """Add a place; return its number."""
        return self._places.add(kind, label, workstation, now)

    def place_for(self, fingerprint: str) -> Place | None:
        """Return the place that the employee said this network is."""
        return self._places.of_network(fingerprint)

    def assign(self, fingerprint: str, place: PlaceChoice, now: int) -> None:
        """Note which place a network is; sessions on it follow, except those corrected by hand."""
        self._places.assign(fingerprint, place, now)

    def current_fingerprint(self) -> str | None:
        """Return the network that the collector saw last; None where there was none."""
        return self._places.current_network()

    def see_network(self, fingerprint: str | None, now: int) -> None:
        """Note the network the computer is on now."""
        with self._file.transaction():
            see_network(self._file, fingerprint, now)

    def ask_about(self, fingerprint: str, now: int) -> bool:
        """Say whether to ask where this network is, and note it as asked: true once, and never for a known place."""
        return self._places.ask_about(fingerprint, now)

    def is_unasked(self, fingerprint: str) -> bool:
        """Say whether it is still to be asked where this network is."""
        return self._places.is_unasked(fingerprint)

    # Agreement

    def agreement(self) -> dict[str, Any] | None:
        """Return the newest agreement, with ``recorded_at``; None where none was recorded."""
        return next(reversed(self.agreements()), None)

    def agreements(self) -> list[dict[str, Any]]:
        """Return all versions of the agreement, the newest last."""
        rows = self._file.rows("SELECT recorded_at, body FROM agreements ORDER BY recorded_at, id")
        return [{**json.loads(row["body"]), "recorded_at": row["recorded_at"]} for row in rows]

    def record_agreement(self, agreement: dict[str, Any], now: int) -> None:
        """Keep a new version; the older ones stay."""
        body = {key: value for key, value in agreement.items() if key != "recorded_at"}
        with self._file.transaction():
            self._file.change(
                "INSERT INTO agreements (recorded_at, body) VALUES (?, ?)",
                [now, json.dumps(body, ensure_ascii=False, sort_keys=True)],
            )

    # The collector's side

    def last_measured(self) -> LastMeasured:
        """Return what a collector goes on from."""
        self._take_in_what_is_held()
        return last_measured(self._file)

    def begin_measuring(self, going_on: int | None, off: ObservedTime | None) -> None:
        """Put right what the last collector left: sessions it left open, and the time the computer was off.

        Args:
            going_on: the first span of the session that is still going on.
            off: time from an orderly shutdown to the start of the computer.
        """
        with self._file.transaction():
            close_sessions(self._file, going_on)
            add_observed(self._file, () if off is None else (off,))

    def write_measured(self, changes: Changes, zone: str, fingerprint: str | None, docked: bool = False) -> set[int]:
        """Write measured rows in one transaction; return the sessions that the employee has closed meanwhile."""
        with self._file.transaction():
            taken_over = write_measured(self._file, changes, zone, fingerprint, docked)
        self.forget_held()
        self._seen_version = self._file.data_version()
        return taken_over

    def hold(self, changes: Changes) -> bool:
        """Keep how far rows have grown that are written already, beside the file; False where that cannot be."""
        return self._held is not None and self._held.hold(changes)

    def forget_held(self) -> None:
        """Hold nothing any more."""
        if self._held is not None:
            self._held.clear()

    def is_changed_by_others(self) -> bool:
        """Say whether somebody else has changed the file since measured rows were written."""
        return self._file.data_version() != self._seen_version

    # Keeping

    def purge(self, before: int) -> bool:
        """Delete, beyond recovery, what ended before that instant, and damaged files set aside before; places stay.

        Returns:
            False where another program was reading, so that traces are left in the write-ahead log: call again.
        """
        with self._file.transaction():
            purge(self._file, before)
        if self._file.path is not None:
            remove_set_aside(self._file.path, before)
        return self._file.empty_log()

    # Inside

    def _take_in_what_is_held(self) -> None:
        """Let rows grow as far as another process, or one that was killed, has held; where it can be written."""
        grown = None if self._held is None else self._held.read()
        if grown is not None:
            with suppress(StoreError):  # then whoever holds it will write it
                take_in(self._file, grown)

    def _known(self, session_id: int) -> Session:
        session = self.session(session_id)
        if session is None:
            raise InputError(
                mark("There is no session {number}. The numbers are shown by: fyraften log"), number=session_id
            )
        return session


def _check_order(start: int, end: int) -> None:
    if end <= start:
        raise InputError(
            mark(
                "A session has to end after it starts. Give a later end, or an earlier start. A time after midnight "
                "needs its date, such as 2026-11-21T01:00."
            )
        )
