"""Sessions of work and spans of activity: what one is, how it is read, and what overlapping ones amount to.

Not here: the rest of the facts format (``facts.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, tee
from operator import add, itemgetter, lt
from typing import Any, NamedTuple

from fyraften_policy.errors import FactsError
from fyraften_policy.languages import mark
from fyraften_policy.periods import LocalTimeError
from fyraften_policy.reading import Reader
from fyraften_policy.written_times import WrittenTimes, written_times

PLACES = ("home", "fixed_site", "changing_site", "elsewhere", "unknown")
WORKSTATIONS = ("fixed", "mobile")
OPEN = 2**62  # the end of a session that is still open, until it is cut at "now"
_DEFAULTS = {"place": "unknown", "workstation": "fixed", "screen": True, "confirmed": True}
_FIELDS = frozenset({"start", "end", *_DEFAULTS})
_PLACES, _WORKSTATIONS = frozenset(PLACES), frozenset(WORKSTATIONS)
_DATE_PART, _CLOCK_PART = itemgetter(slice(10)), itemgetter(slice(10, None))
_AT_ONCE = 64  # sessions: a wrong one, or a day on which the clock changes, slows down no more than these


class Piece(NamedTuple):
    """Work without overlaps: for each instant one place and one workstation."""

    start: int
    end: int
    place: str
    workstation: str
    screen: bool


class Work(NamedTuple):
    """One session as told: ``confirmed`` is false for activity that the person has not called work."""

    start: int
    end: int
    place: str = "unknown"
    workstation: str = "fixed"
    screen: bool = True
    confirmed: bool = True


class Activity(NamedTuple):
    """A finer span of screen activity; ``intensity`` is a share from 0 to 1."""

    start: int
    end: int
    intensity: Decimal | None = None


def resolve(work: Sequence[Work]) -> list[Piece]:
    """Cut overlapping sessions, sorted by start, into pieces: at each instant the later start decides.

    Pieces that touch and differ in nothing else are one. Mostly no sessions touch, and there is nothing to do.

    first   | aaaaaaaaaa |
    second  |    bbb     |
    result  | aaabbbaaaa |
    """
    pieces: list[Piece] = []
    starts, ends = map(itemgetter(0), work[1:]), [session.end for session in work]
    if all(map(lt, ends, starts)):
        return list(map(Piece._make, map(itemgetter(slice(5)), work)))
    covering: list[Work] = []  # by start; the last one that has not ended decides
    cursor = 0
    for begun in (*work, None):
        until = begun.start if begun is not None else None
        while covering and (until is None or cursor < until):
            top = covering[-1]
            end = top.end if until is None else min(top.end, until)
            if end > cursor:
                _add_piece(pieces, Piece(cursor, end, top.place, top.workstation, top.screen))
                cursor = end
            if top.end > cursor:
                break
            covering.pop()
        if begun is not None:
            cursor = begun.start
            covering.append(begun)
    return pieces


def _add_piece(pieces: list[Piece], piece: Piece) -> None:
    if pieces and pieces[-1].end == piece.start and pieces[-1][2:] == piece[2:]:
        pieces[-1] = pieces[-1]._replace(end=piece.end)
    else:
        pieces.append(piece)


def read_work(reader: Reader, zone: str) -> tuple[tuple[Work, ...], list[Reader]]:
    """Return the sessions sorted by start, those that start together in their order, and the readers of open ones."""
    rows = reader.rows("work", required=True)
    tables = written_times(zone)
    sessions: list[Work] = []
    still_open: list[Reader] = []
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        plain = _plain_sessions(some, tables[0]) or _plain_sessions(some, tables[1])
        sessions += plain or _read_one_by_one(reader, some, first, zone, still_open)
    return tuple(sorted(sessions, key=itemgetter(0))), still_open


def _plain_sessions(rows: Sequence[Any], times: WrittenTimes) -> list[Work] | None:
    """Return sessions in which everything is as it should be, None where one must be looked at field by field.

    Nearly all are plain, and ten years have ten thousand: one field of all of them is read after the other, which takes
    a fourth of the time. This only ever accepts what :func:`_read_session` accepts.
    """
    if set(map(type, rows)) != {dict} or not _FIELDS.issuperset(chain.from_iterable(rows)):
        return None
    try:
        starts, ends = (_instants(map(itemgetter(name), rows), times) for name in ("start", "end"))
        places, workstations, screens, confirmed = (
            [row.get(name, default) for row in rows] for name, default in _DEFAULTS.items()
        )
        if (
            not all(map(lt, starts, ends))
            or not _PLACES.issuperset(places)
            or not _WORKSTATIONS.issuperset(workstations)
        ):
            return None
    except (KeyError, TypeError, LocalTimeError):
        return None
    if {*map(type, screens), *map(type, confirmed)} != {bool}:
        return None
    return list(map(Work._make, zip(starts, ends, places, workstations, screens, confirmed, strict=True)))


def _instants(texts: Iterable[str], times: WrittenTimes) -> list[int]:
    days, clocks = tee(texts)
    midnights = map(times.midnights.__getitem__, map(_DATE_PART, days))
    return list(map(add, midnights, map(times.seconds.__getitem__, map(_CLOCK_PART, clocks))))


def _read_one_by_one(
    reader: Reader, rows: Sequence[Any], first: int, zone: str, still_open: list[Reader]
) -> Iterator[Work]:
    for index, row in enumerate(rows, first):
        item = reader.item("work", index, row)
        session = _read_session(item, zone)
        if session.end == OPEN:
            still_open.append(item)
        yield session


def _read_session(item: Reader, zone: str) -> Work:
    start = item.instant("start", zone)
    end = item.instant("end", zone) if item.has("end") else OPEN
    _refuse_backwards(item, start, end)
    place = item.choice("place", PLACES, "unknown")
    workstation = item.choice("workstation", WORKSTATIONS, "fixed")
    screen, confirmed = item.flag("screen", True), item.flag("confirmed", True)
    item.finish()
    return Work(start, end, place, workstation, screen, confirmed)


def read_activity(reader: Reader, zone: str) -> tuple[Activity, ...] | None:
    """Return the spans sorted by start, None where none are told."""
    spans = []
    for item in reader.items("activity"):
        start, end = bounds(item, zone)
        intensity = item.number("intensity", None, least=Decimal(0), most=Decimal(1))
        item.finish()
        spans.append(Activity(start, end, intensity))
    return tuple(sorted(spans, key=itemgetter(0))) or None


def bounds(item: Reader, zone: str) -> tuple[int, int]:
    """Return the start and the end of an object that must have both."""
    start, end = item.instant("start", zone), item.instant("end", zone)
    _refuse_backwards(item, start, end)
    return start, end


def _refuse_backwards(item: Reader, start: int, end: int) -> None:
    if end <= start:
        raise FactsError(
            f"{item.path}.end",
            mark("{end} is not after {start}."),
            mark("Correct the start or the end; work past midnight ends on the next date."),
            start=item.given("start"),
            end=item.given("end"),
        )


def refuse_open_without_now(session: Reader, zone: str, stated: int | None) -> None:
    """Raise for a session without an end where the facts do not say what time it is, or say a time before it."""
    if stated is None:
        remedy = mark('Give its end, or "at", the time now.')
        raise FactsError(session.at("end"), mark("The session has no end."), remedy)
    if session.instant("start", zone) >= stated:
        remedy = mark('Correct its start, or "at".')
        raise FactsError(session.at("start"), mark("The open session does not start before now."), remedy)


def cut_work(session: Work, at: int) -> Work:
    """Return what of a session lies before an instant."""
    return session if session.end <= at else session._replace(end=at)


def cut_activity(span: Activity, at: int) -> Activity:
    """Return what of a span lies before an instant."""
    return span if span.end <= at else span._replace(end=at)
