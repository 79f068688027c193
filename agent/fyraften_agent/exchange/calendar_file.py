"""The employee's sessions as a calendar (iCalendar, RFC 5545) that any calendar program shows.

The only module that imports the calendar library. An event names place and length of one session; it is marked
private, and as free time, so that a calendar others see is not blocked by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from fyraften_agent.shown.wording import PLACES, word
from fyraften_agent.store.records import Session
from fyraften_policy.languages import Translate


def calendar_bytes(sessions: Iterable[Session], made_at: int, _: Translate) -> bytes:
    """Return the calendar; a session keeps its identity from one export to the next, so that none is shown twice."""
    calendar = Calendar()
    calendar.add("prodid", "-//Fyraften//Fyraften//EN")
    calendar.add("version", "2.0")
    for session in sessions:
        calendar.add_component(_event(session, made_at, _))
    if not calendar.subcomponents:
        calendar.add_component(_zone())
    return bytes(calendar.to_ical())


def _zone() -> Timezone:
    """Return the zone of all times: a calendar without a session has to hold something, too (RFC 5545, 3.6)."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None))  # of a zone, its own local time
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    zone.add_component(standard)
    return zone


def _event(session: Session, made_at: int, _: Translate) -> Event:
    place = session.place_label or word(PLACES, session.place, _)
    event = Event()
    event.add("uid", f"{_identity(session)}@fyraften")
    event.add("dtstamp", _moment(made_at))
    event.add("dtstart", _moment(session.start))
    if session.end > session.start:  # a single input is a moment, and an end has to be later than the start
        event.add("dtend", _moment(session.end))
    event.add("summary", _("Screen work: {place}").format(place=place))
    event.add("location", place)
    event.add("categories", [session.place])
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if session.confirmed else "TENTATIVE")
    return event


def _identity(session: Session) -> str:
    """Return what stays the same while a session is corrected, and tells nothing about it."""
    origin = session.origin or f"measured:{session.measured_start}"
    return hashlib.sha256(f"fyraften session {origin}".encode()).hexdigest()[:32]


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
