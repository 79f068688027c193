"""What a file of another program tells, and which of it comes in: nothing twice, nothing over what is there.

Pure. A session that is brought in keeps an origin, by which the next import of the same file, or of a longer one, finds
it again. What stays out is listed with the reason, in words that tell nothing but times.
Not here: reading the forms (``foreign_csv``, ``foreign_activitywatch``), writing (``store.incoming``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from fyraften_agent.recording.places import Kind, Workstation
from fyraften_policy.intervals import Interval, union
from fyraften_policy.languages import Translate, mark
from fyraften_policy.sentences import sentence

KNOWN_TWICE = mark("it is twice in the file")
OVERLAPS = mark("it overlaps with what is recorded already")
OVERLAPS_IN_FILE = mark("it overlaps with another in the file")
TOO_OLD = mark("it is older than what is kept")
NOT_OVER = mark("it ends later than now")
NO_LENGTH = mark("it ends when it starts, or before")


@dataclass(frozen=True)
class Skipped:
    """Something that stays out: where it stands in the file (line, event, or begin in UTC), and why."""

    where: str
    words: str
    values: Mapping[str, object] = field(default_factory=dict)

    def reason(self, _: Translate) -> str:
        """Return why, in the language of the reader."""
        return sentence(self.words, **self.values).text(_)


@dataclass(frozen=True)
class IncomingSession:
    """A session that a file tells of. ``confirmed`` None: whether it was work is judged by its length."""

    where: str
    start: int
    end: int
    zone: str
    origin: str
    place: Kind | None = None
    label: str | None = None
    workstation: Workstation | None = None
    confirmed: bool | None = None


@dataclass(frozen=True)
class Incoming:
    """Everything a file tells. ``not_read`` names the columns or buckets that nobody looked into."""

    sessions: tuple[IncomingSession, ...]
    spans: tuple[Interval, ...] = ()
    observed: tuple[Interval, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    not_read: tuple[str, ...] = ()


@dataclass(frozen=True)
class Existing:
    """A session that is there: by its origin, and from when to when it counts or was measured."""

    origin: str
    start: int
    end: int
    may_grow: bool


@dataclass(frozen=True)
class Plan:
    """What comes in: new sessions, sessions that a longer file goes on with, and how many were there already."""

    new: tuple[IncomingSession, ...]
    grown: tuple[IncomingSession, ...]
    known: int
    skipped: tuple[Skipped, ...]
    spans: tuple[Interval, ...]
    observed: tuple[Interval, ...]
    not_read: tuple[str, ...]


def plan(incoming: Incoming, existing: Collection[Existing], kept_from: int, now: int) -> Plan:
    """Return what of the file comes in.

    Args:
        existing: all sessions that are there, also those the employee removed: they were no work.
        kept_from: what ends before is not kept, and would be deleted the next day.
    """
    by_origin = {one.origin: one for one in existing}
    taken = union((one.start, one.end) for one in existing)
    new: list[IncomingSession] = []
    grown: list[IncomingSession] = []
    skipped, known, seen = list(incoming.skipped), 0, set[str]()
    for one in sorted(incoming.sessions, key=lambda one: (one.start, one.end)):
        there = by_origin.get(one.origin)
        reason = _reason_against(one, kept_from, now)
        if one.origin in seen:
            reason = KNOWN_TWICE
        elif reason is None and there is not None:
            if there.may_grow and one.end > there.end and not _overlaps(taken, there.end, one.end):
                grown.append(one)
            else:
                known += 1
        elif reason is None and _overlaps(taken, one.start, one.end):
            reason = OVERLAPS
        elif reason is None and new and one.start < new[-1].end:
            reason = OVERLAPS_IN_FILE
        elif reason is None:
            new.append(one)
        seen.add(one.origin)
        if reason is not None:
            skipped.append(Skipped(one.where, reason))
    return Plan(
        *(tuple(new), tuple(grown), known, tuple(skipped)),
        spans=_within(incoming.spans, kept_from, now),
        observed=_within(incoming.observed, kept_from, now),
        not_read=incoming.not_read,
    )


def _reason_against(one: IncomingSession, kept_from: int, now: int) -> str | None:
    if one.end <= one.start:
        return NO_LENGTH
    if one.end < kept_from:
        return TOO_OLD
    return NOT_OVER if one.end > now else None


def _overlaps(taken: list[Interval], start: int, end: int) -> bool:
    """Say whether ``[start, end)`` shares any instant with the sorted intervals."""
    after = bisect_left(taken, end, key=lambda one: one.start)
    return after > 0 and taken[after - 1].end > start


def _within(intervals: Iterable[Interval], kept_from: int, now: int) -> tuple[Interval, ...]:
    return tuple(one for one in intervals if one.end >= kept_from and one.end <= now)
