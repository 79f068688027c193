"""What the store answers with: frozen records, and how rows become them.

Not here: the SQL (see ``store``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from fyraften_agent.recording.isolated import isolated
from fyraften_agent.recording.places import Kind, Workstation

Source = Literal["measured", "added", "corrected", "imported"]
IMPORTED_FROM = ("activitywatch:", "csv:")
"""How the origin of a session begins that another program's file told of."""


@dataclass(frozen=True)
class Session:
    """A session of work as the employee left it; ``measured_*`` is what was sensed (None: added by hand)
    or what a file told that was imported; ``origin`` names what was not sensed here.

    ``start`` equals ``end`` where a single input was sensed.  ``confirmed`` is the employee's word or, without one,
    whether the activity was more than isolated in a rest (see ``isolated``).  ``watched`` is a screen in use without
    input, kept awake by a program: a call, a presentation, a text that was read.
    """

    id: int
    start: int
    end: int
    zone: str
    place: Kind
    place_id: int | None
    place_label: str | None
    workstation: Workstation
    confirmed: bool
    source: Source
    open: bool
    measured_start: int | None
    measured_end: int | None
    fingerprint: str | None
    changed_at: int | None
    watched: bool = False
    origin: str | None = None


@dataclass(frozen=True)
class Span:
    """Activity with inputs less than five minutes apart; ``active_minutes`` clock minutes had any."""

    start: int
    end: int
    active_minutes: int

    @property
    def intensity(self) -> float:
        """The share of clock minutes with input, 0 to 1."""
        return min(1.0, self.active_minutes / (self.end // 60 - self.start // 60 + 1))


@dataclass(frozen=True)
class Place:
    """A place of work, named by the employee."""

    id: int
    kind: Kind
    label: str | None
    workstation: Workstation


@dataclass(frozen=True)
class Pause:
    """A time in which the employee wants nothing recorded; ``until`` None: until they resume.

    ``private`` is the employee's word that it was no work.
    """

    start: int
    until: int | None
    private: bool = False


NoticeState = Literal["waiting", "told", "snoozed", "over"]


@dataclass(frozen=True)
class ToldNotice:
    """A matter and what became of it.

    Attributes:
        due_at: when it became due.
        shown: whether the desktop took it.
        state: ``over`` is a matter that was no longer true before it could be told.
        held: why it waited, or waits; None where it did not.
        told_at: when it was told last; None where it was not.
        snoozed_until: until when the employee put it off, with their ``snooze_reason``.
    """

    key: str
    text: str
    due_at: int
    shown: bool
    number: int
    state: NoticeState
    held: str | None = None
    told_at: int | None = None
    snoozed_until: int | None = None
    snooze_reason: str | None = None


def session_of(row: Mapping[str, Any]) -> Session:
    """Return the session of a row of the view that ``store`` selects."""
    corrections = (row["start"], row["end"], row["corrected_place"], row["corrected_workstation"])
    measured = row["measured_start"] is not None
    source: Source = "corrected" if any(value is not None for value in corrections) else "measured"
    if source == "measured" and str(row["origin"] or "").startswith(IMPORTED_FROM):
        source = "imported"
    return Session(
        id=row["id"],
        start=row["effective_start"],
        end=row["effective_end"],
        zone=row["zone"],
        place=cast(Kind, row["kind"] or "unknown"),
        place_id=row["effective_place"],
        place_label=row["label"],
        workstation=_workstation_of(row),
        confirmed=not row["watched"] if row["confirmed"] is None else bool(row["confirmed"]),
        source=source if measured else "added",
        open=bool(row["open"]),
        measured_start=row["measured_start"],
        measured_end=row["measured_end"],
        fingerprint=row["fingerprint"],
        changed_at=row["changed_at"],
        watched=bool(row["watched"]),
        origin=row["origin"],
    )


def _workstation_of(row: Mapping[str, Any]) -> Workstation:
    """Return the employee's word for the session, else what a display on the desk says, else what the place is."""
    known = row["corrected_workstation"] or ("fixed" if row["docked"] else row["place_workstation"])
    return cast(Workstation, known or "fixed")


def sessions_of(rows: Sequence[Mapping[str, Any]]) -> list[Session]:
    """Return the sessions of rows, those that stand alone in a rest unconfirmed until somebody says what they were."""
    sessions = [session_of(row) for row in rows]
    doubtful = [one for one, row in zip(sessions, rows, strict=True) if row["confirmed"] is None and _is_told(one)]
    alone = {one.id for one in isolated(sessions, doubtful)}
    return [replace(one, confirmed=False) if one.id in alone else one for one in sessions]


def _is_told(session: Session) -> bool:
    """Return whether a measurement told the times, here or elsewhere: what the employee wrote is taken as written."""
    return session.source in ("measured", "imported") and not session.watched


def place_of(row: Mapping[str, Any]) -> Place:
    """Return the place of a row of the table of places."""
    return Place(row["id"], cast(Kind, row["kind"]), row["label"], cast(Workstation, row["workstation"]))
