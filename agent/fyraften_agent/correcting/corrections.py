"""What the employee says of their work: added, corrected, left out, confirmed, taken back.

Each takes what was typed, as texts, and checks it the same way wherever it was typed: what cannot be, and work that is
not over, is refused with what to do instead.
Not here: consent and opening the records (``records.py``), how what was done is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fyraften_agent.correcting.records import place_meant
from fyraften_agent.errors import InputError
from fyraften_agent.shown.spoken_times import moment
from fyraften_agent.store.history import TakenBack, take_back, versions
from fyraften_agent.store.keeping import kept_from
from fyraften_agent.store.store import Session, Store
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date


@dataclass(frozen=True)
class Said:
    """What was typed of a session; what is None was not said. ``place`` is a number, a label or a kind."""

    start: str | None = None
    end: str | None = None
    place: str | None = None
    workstation: str | None = None
    confirmed: bool | None = None


def known_session(store: Store, number: int) -> Session:
    """Return the session of that number.

    Raises:
        InputError: there is none, or it was removed.
    """
    session = store.session(number)
    if session is None:
        raise InputError(mark("There is no session {number}. The numbers are shown by: fyraften log"), number=number)
    return session


def add_work(store: Store, said: Said, on: date, zone: str, now: int, _: Translate) -> Session:
    """Add work that was not measured; a clock time alone is one of the day ``on``. Return it.

    Raises:
        InputError: it is not over yet, too old to be kept, or at no place there is.
        LocalTimeError: a local time that was there twice or not at all.
    """
    start = moment(said.start or "", zone, on, _)
    end = moment(said.end or "", zone, local_date(start, zone), _)
    if end > now:
        raise InputError(mark("That end is later than now. Add work when it is done."))
    oldest = kept_from(local_date(now, zone), zone)
    if end < oldest:
        date_kept = local_date(oldest, zone)
        raise InputError(mark("Work that ended before {date} is not kept, so it is not added."), date=date_kept)
    place = place_meant(said.place or "unknown", store.places())
    number = store.add_session(start, end, zone, place, said.workstation, True, now)
    return known_session(store, number)


def correct_work(store: Store, number: int, said: Said, now: int, _: Translate) -> Session:
    """Change what is recorded of a session; a clock time alone is one of the day it began. Return the result.

    Raises:
        InputError: there is no such session or place, or it would end later than now or before it starts.
        LocalTimeError: a local time that was there twice or not at all.
    """
    session = known_session(store, number)
    of_day = local_date(session.start, session.zone)
    start, end = (None if text is None else moment(text, session.zone, of_day, _) for text in (said.start, said.end))
    if max(start or 0, end or 0) > now:
        raise InputError(mark("That is later than now. Correct work when it is done."))
    place = None if said.place is None else place_meant(said.place, store.places())
    return store.edit_session(
        session.id,
        now,
        start=start,
        end=end,
        place=place,
        workstation=said.workstation,
        confirmed=said.confirmed,
    )


def leave_out(store: Store, number: int, now: int) -> Session:
    """Note that a session was no work; return what it was."""
    session = known_session(store, number)
    store.remove_session(session.id, now)
    return session


def confirm_work(store: Store, numbers: Iterable[int], now: int) -> list[Session]:
    """Note of some sessions that they were work: of all, or of none where one does not exist."""
    sessions = [known_session(store, number) for number in dict.fromkeys(numbers)]
    with store.file.transaction():
        return [store.confirm(session.id, now) for session in sessions]


def undo(store: Store, number: int | None) -> tuple[TakenBack | None, int]:
    """Take the last correction back, of one session or of all; return it, and how many are left of that session."""
    if number is not None:
        versions(store, number)  # tells where there is no such session
    taken = take_back(store, number)
    if taken is None or taken.is_gone:
        return taken, 0
    return taken, sum(one.by is not None for one in versions(store, taken.session))
