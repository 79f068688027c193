"""Corrections on the local page: the forms of a day, what they hand in, and what a refused one may have meant.

What may be said of a session, and how it is kept, is that of ``fyraften log`` (``correcting/``).
Not here: who may ask (``guard``), the day itself (``shown``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from fyraften_agent.clock import Clock
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.correcting.corrections import Said, add_work, confirm_work, correct_work, leave_out, undo
from fyraften_agent.correcting.records import records_to_change, require_recording_consent
from fyraften_agent.correcting.versions import version_words
from fyraften_agent.errors import AgentError, InputError
from fyraften_agent.paths import Paths
from fyraften_agent.recording.places import KINDS
from fyraften_agent.recording.places import WORKSTATIONS as KNOWN_WORKSTATIONS
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.spoken_times import moment
from fyraften_agent.shown.wording import (
    PLACES,
    WORKSTATIONS,
    clock_time,
    date_and_time,
    place_name,
    session_times,
    word,
)
from fyraften_agent.store.history import left_out, versions
from fyraften_agent.store.store import Place, Session, Store
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import LocalTimeError, doubled_offset, local_date, parse_date
from fyraften_policy.sentences import Sentence

_LONGEST = 100
_GREATEST = 2**53  # as far as a script counts in whole numbers
_ACTIONS = ("add", "edit", "remove", "confirm", "undo")
_FIELDS = ("start", "end", "place", "workstation")
_TWICE = (mark("the first {time} ({offset})"), mark("the second {time} ({offset})"))


@dataclass(frozen=True)
class Choice:
    """What may have been meant by a time: what to write into the field, and its name for a person."""

    value: str
    name: Sentence


class RefusedError(InputError):
    """A correction that was not kept; ``field`` is the one to look at, if it is one, ``choices`` are for that."""

    def __init__(self, words: str | Sentence, field: str = "", choices: Sequence[Choice] = ()) -> None:
        super().__init__(words)
        self.field, self.choices = field, choices


@dataclass(frozen=True)
class _Handed:
    """What a form handed in."""

    action: str
    number: int | None
    on: date | None
    said: Said


# What is shown


def shown_corrections(paths: Paths, clock: Clock, window: Interval, _: Translate) -> dict[str, Any]:
    """Return what ``day.html`` shows beside the day: a form for each session, what was left out, and adding."""
    here, now = clock.zone(), clock.now()
    on = local_date(window.start, here)
    with records(paths) as store:
        places = [] if store is None else store.places()
        forms = {} if store is None else _forms(store, store.sessions(*window), here, _)
        removed = [] if store is None else _removed(store, window, here, _)
    return {
        "may_correct": Consents(paths).is_given("recording", now),
        "on": on.isoformat(),
        "forms": forms,
        "left_out": removed,
        "added": {
            **_fields(places, "unknown", "", on, _),
            "workstations": [{"value": "", "name": _("as usual there")}, *_workstations(_)],
            "start": "",
            "end": "",
            "zone": "",
            "is_open": False,
        },
    }


def shown_refusal(refusal: RefusedError, _: Translate) -> dict[str, Any]:
    """Return what ``refusal.html`` shows."""
    choices = [{"value": one.value, "name": one.name.text(_)} for one in refusal.choices]
    return {"text": refusal.text(_), "field": refusal.field, "choices": choices}


def _forms(store: Store, sessions: Sequence[Session], here: str, _: Translate) -> dict[int, dict[str, Any]]:
    places = store.places()
    by_number = {place.id: place for place in places}
    forms = {}
    for session in sessions:
        with suppress(InputError):  # it has gone meanwhile
            told = versions(store, session.id)
            forms[session.id] = {
                **_session_fields(session, places, here, _),
                "may_undo": any(one.by is not None for one in told),
                "versions": [_version_line(version_words(one, by_number, session.zone, here, _), _) for one in told],
            }
    return forms


def _version_line(words: Any, _: Translate) -> str:
    details = ", ".join((words.date, words.times, words.place, words.workstation))
    if not words.at:
        return _("{what}: {details}").format(what=words.what, details=details)
    return _("{what} on {at}: {details}").format(what=words.what, at=words.at, details=details)


def _session_fields(session: Session, places: Sequence[Place], here: str, _: Translate) -> dict[str, Any]:
    on = local_date(session.start, session.zone)
    place = session.place if session.place_id is None else str(session.place_id)
    return {
        **_fields(places, place, session.workstation, on, _),
        "workstations": _workstations(_),
        "start": _typed(session.start, session.zone, on),
        "end": "" if session.open else _typed(session.end, session.zone, on),
        "zone": "" if session.zone == here else session.zone,
        "is_open": session.open,
    }


def _fields(places: Sequence[Place], place: str, workstation: str, on: date, _: Translate) -> dict[str, Any]:
    """Return what the fields of every form have: the person's places, and the kinds of which they have none."""
    kinds = {one.kind for one in places}
    choices = [{"value": str(one.id), "name": place_name(one, _)} for one in places]
    choices += [{"value": kind, "name": word(PLACES, kind, _)} for kind in KINDS if kind not in kinds]
    if place in kinds:  # a kind for which there is a place stands for that
        place = next(str(one.id) for one in places if one.kind == place)
    return {
        "places": choices,
        "place": place,
        "workstation": workstation,
        "on": on.isoformat(),
        "example": f"{on + timedelta(days=1)} 01:00",
    }


def _workstations(_: Translate) -> list[dict[str, str]]:
    return [{"value": one, "name": word(WORKSTATIONS, one, _)} for one in KNOWN_WORKSTATIONS]


def _removed(store: Store, window: Interval, here: str, _: Translate) -> list[dict[str, Any]]:
    places = {place.id: place for place in store.places()}
    rows = []
    for number in left_out(store, *window):
        (row,) = store.file.rows("SELECT zone FROM whole_sessions WHERE id = ?", [number])
        words = version_words(versions(store, number)[-1], places, str(row["zone"]), here, _)
        rows.append({"number": number, "times": words.times, "place": words.place})
    return rows


def _typed(instant: int, zone: str, on: date) -> str:
    """Return a time as a person would type it: with its date where that is not ``on``, or where it comes twice."""
    is_plain = local_date(instant, zone) == on and not doubled_offset(instant, zone)
    return clock_time(instant, zone) if is_plain else date_and_time(instant, zone)


# What is handed in


def correct(paths: Paths, clock: Clock, body: bytes, _: Translate) -> dict[str, Any]:
    """Do what a form asks for; return what to say of it, and the session it was about.

    Raises:
        NoConsentError: nothing may be kept.
        RefusedError: it cannot be so; nothing was changed.
    """
    require_recording_consent(paths, clock.now())
    handed = _read(body)
    complaints: list[AgentError] = []
    with records_to_change(paths, clock, complaints.append) as store:
        session = None if handed.number is None else store.session(handed.number)
        try:
            line, number = _done(store, handed, clock, _)
        except (InputError, LocalTimeError) as failure:
            raise _refused(failure, handed, session, clock, _) from failure
    return {"said": " ".join([line, *(failure.text(_) for failure in complaints)]), "number": number}


def _done(store: Store, handed: _Handed, clock: Clock, _: Translate) -> tuple[str, int | None]:
    here, now = clock.zone(), clock.now()
    if handed.action == "add":
        on = handed.on or local_date(now, here)
        session = add_work(store, handed.said, on, here, now, _)
        return _("Added: {work}.").format(work=_told(session, here, _)), session.id
    number = handed.number or 0
    if handed.action == "edit":
        session = correct_work(store, number, handed.said, now, _)
        return _("Corrected: {work}.").format(work=_told(session, here, _)), session.id
    if handed.action == "confirm":
        (session,) = confirm_work(store, [number], now)
        return _("Noted as work: {work}.").format(work=_told(session, here, _)), session.id
    if handed.action == "remove":
        session = leave_out(store, number, now)
        return _("Left out from now on: {work}.").format(work=_told(session, here, _)), session.id
    taken, _left = undo(store, number)
    if taken is None:
        return _("There is no correction to take back."), number
    at = date_and_time(taken.at, here)
    if taken.is_gone:
        return _("What you added on {at} is gone.").format(at=at), None
    return _("What you said on {at} is taken back.").format(at=at), number


def _told(session: Session, here: str, _: Translate) -> str:
    return f"{local_date(session.start, session.zone)}, {session_times(session, here, _)}"


# What is refused


def _refused(
    failure: InputError | LocalTimeError, handed: _Handed, session: Session | None, clock: Clock, _: Translate
) -> RefusedError:
    """Return the refusal with the field to look at, and what may have been meant there."""
    if handed.number is not None and session is None:
        return RefusedError(mark("This is not there any more. To see what is, press: Look again"))
    if handed.action not in ("add", "edit"):
        return RefusedError(failure.sentence)
    zone = clock.zone() if session is None else session.zone
    on = handed.on or local_date(clock.now(), zone)
    on = on if session is None else local_date(session.start, session.zone)
    start = None if session is None else session.start
    for field, text in (("start", handed.said.start), ("end", handed.said.end)):
        try:
            at = None if text is None else moment(text, zone, on, _)
        except LocalTimeError as unclear:
            return RefusedError(failure.sentence, field, _readings(unclear, text or ""))
        except InputError:
            return RefusedError(failure.sentence, field)
        if at is not None and at > clock.now():
            return RefusedError(failure.sentence, field)
        if field == "start":
            start = start if at is None else at
            on = local_date(start, zone) if session is None and start is not None else on
        elif at is not None and start is not None and at <= start:
            return RefusedError(failure.sentence, field, _day_after(text or "", start, zone, clock.now(), _))
    return RefusedError(failure.sentence)


def _readings(unclear: LocalTimeError, text: str) -> list[Choice]:
    """Return the instants to choose from for a local time that was there twice, or not at all."""
    values = unclear.sentences[1].values
    found = [str(values[name]) for name in ("first", "second", "moved") if name in values]
    names = _TWICE if len(found) > 1 else (mark("{time} ({offset})"),)
    return [
        Choice(f"{iso[:10]} {iso[11:16]}{iso[19:]}", Sentence(name, {"time": iso[11:16], "offset": iso[19:]}))
        for name, iso in zip(names, found, strict=False)
    ]


def _day_after(text: str, start: int, zone: str, now: int, _: Translate) -> list[Choice]:
    """Return the same clock time of the day after the start, where work can have ended then."""
    typed = f"{local_date(start, zone) + timedelta(days=1)} {text:0>5}"
    with suppress(InputError, LocalTimeError):
        if start < moment(typed, zone, local_date(start, zone), _) <= now:
            return [Choice(typed, Sentence(mark("{time}, after midnight"), {"time": typed}))]
    return []


# How it is read


def _read(body: bytes) -> _Handed:
    """Return what a form handed in; what no form of the page makes is refused as such."""
    try:
        document = json.loads(body)
        action, number, on, said = (document[name] for name in ("do", "number", "on", "said"))
        handed = _Handed(action, number, None if on is None else parse_date(on), _said(said))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, LocalTimeError):
        raise _no_form() from None
    if action not in _ACTIONS or not _is_number(number, action):
        raise _no_form()
    if action not in ("add", "edit"):
        return replace(handed, said=Said())
    for field, text in (("start", handed.said.start), ("end", handed.said.end)):
        if text == "" or (text is None and action == "add"):
            raise RefusedError(mark("Write when the work began and when it ended, such as 13:00."), field)
    if handed.said == Said():
        raise RefusedError(mark("Nothing was changed."))
    return replace(handed, said=replace(handed.said, workstation=handed.said.workstation or None))


def _said(said: Mapping[str, Any]) -> Said:
    texts = {name: text.strip() for name, text in said.items()}
    if set(texts) - set(_FIELDS) or not all(len(text) <= _LONGEST and text.isprintable() for text in texts.values()):
        raise ValueError
    return Said(*(texts.get(name) for name in _FIELDS))


def _is_number(number: object, action: str) -> bool:
    if action == "add":
        return number is None
    return type(number) is int and 0 < number < _GREATEST


def _no_form() -> RefusedError:
    return RefusedError(mark("This is no correction. Open the page again with: fyraften page"))
