"""The versions of a session in words: what was measured, and each of the employee's words on it, with when.

Pure. Not here: where versions come from (``store/history.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fyraften_agent.shown.wording import PLACES, WORKSTATIONS, date_and_time, duration, times_of, word
from fyraften_agent.store.history import Version
from fyraften_agent.store.store import Place
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date

_WHAT = {
    "measured": mark("measured"),
    "imported": mark("imported"),
    "added": mark("added by you"),
    "corrected": mark("corrected by you"),
    "removed": mark("left out by you"),
}


@dataclass(frozen=True)
class VersionWords:
    """A version as a person reads it; ``at`` is empty for what was measured or imported."""

    date: str
    times: str
    length: str
    place: str
    workstation: str
    what: str
    at: str


def place_of(version: Version, places: Mapping[int, Place]) -> tuple[str, str]:
    """Return the kind of the place and the workstation of a version."""
    place = places.get(version.place or 0)
    kind = "unknown" if place is None else place.kind
    return kind, version.workstation or ("fixed" if place is None else place.workstation)


def version_words(version: Version, places: Mapping[int, Place], zone: str, here: str, _: Translate) -> VersionWords:
    """Return a version in words, its times in the zone of the place of work, named where that is not ``here``."""
    times = times_of([Interval(version.start, version.end)], zone)
    place = places.get(version.place or 0)
    kind, workstation = place_of(version, places)
    what = _(_WHAT[version.what])
    is_asked = version.confirmed is False and version.what != "removed"
    return VersionWords(
        date=local_date(version.start, zone).isoformat(),
        times=times if zone == here else f"{times} {zone}",
        length=duration(version.end - version.start, _),
        place=(place and place.label) or word(PLACES, kind, _),
        workstation=word(WORKSTATIONS, workstation, _),
        what=_("{known}; was it work?").format(known=what) if is_asked else what,
        at="" if version.at is None else date_and_time(version.at, here),
    )
