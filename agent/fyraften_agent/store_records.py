"""What the store answers with: frozen records, and how rows become them.

Not here: the SQL (see ``store``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from fyraften_agent.places import Kind, Workstation

# Activity that stands alone and lasts less than this may be a mouse that was moved to dust the desk: it is unconfirmed
# until the employee says what it was. (A session always stands alone: what is closer than 15 minutes belongs to it.)
ISOLATED_BELOW_SECONDS = 5 * 60

Source = Literal["measured", "added", "corrected", "imported"]
IMPORTED_FROM = ("activitywatch:", "csv:")
"""How the origin of a session begins that another program's file told of."""


@dataclass(frozen=True)
class Session:
    """A session of work as the employee left it; ``measured_*`` is what was sensed (None: added by hand)
    or what a file told that was imported; ``origin`` names what was not sensed here.

    ``start`` equals ``end`` where a single input was sensed.  ``confirmed`` is the employee's word or, without one,
    whether the activity was more than isolated.
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
    """A time in which the employee wants nothing recorded; ``until`` None: until they resume."""

    start: int
    until: int | None


@dataclass(frozen=True)
class ToldNotice:
    """A notice that was told; ``shown`` is whether the desktop took it."""

    key: str
    text: str
    told_at: int
    shown: bool


def session_of(row: Mapping[str, Any]) -> Session:
    """Return the session of a row of the view that ``store`` selects."""
    corrections = (row["start"], row["end"], row["corrected_place"], row["corrected_workstation"])
    measured = row["measured_start"] is not None
    source: Source = "corrected" if any(value is not None for value in corrections) else "measured"
    if source == "measured" and str(row["origin"] or "").startswith(IMPORTED_FROM):
        source = "imported"
    isolated = measured and row["effective_end"] - row["effective_start"] < ISOLATED_BELOW_SECONDS
    return Session(
        id=row["id"],
        start=row["effective_start"],
        end=row["effective_end"],
        zone=row["zone"],
        place=cast(Kind, row["kind"] or "unknown"),
        place_id=row["effective_place"],
        place_label=row["label"],
        workstation=cast(Workstation, row["corrected_workstation"] or row["place_workstation"] or "fixed"),
        confirmed=not isolated if row["confirmed"] is None else bool(row["confirmed"]),
        source=source if measured else "added",
        open=bool(row["open"]),
        measured_start=row["measured_start"],
        measured_end=row["measured_end"],
        fingerprint=row["fingerprint"],
        changed_at=row["changed_at"],
        origin=row["origin"],
    )


def place_of(row: Mapping[str, Any]) -> Place:
    """Return the place of a row of the table of places."""
    return Place(row["id"], cast(Kind, row["kind"]), row["label"], cast(Workstation, row["workstation"]))
