"""The whole demonstration: folders, people, service, replay, and what came of it.

    FOLDER/laptop       the made-up person's records and keys; no consent ledger, that is in memory
    FOLDER/colleagues   the keys of eleven others
    FOLDER/employer     the service with its database

Not here: the words (``telling``), the command (``cli/demo``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from fyraften_agent.demo.colleagues import NUMBER, eleven_colleagues
from fyraften_agent.demo.employer import Employer, ServicePartMissingError
from fyraften_agent.demo.page_text import Block, blocks_of
from fyraften_agent.demo.participant import Participant
from fyraften_agent.demo.person import Deed, Person
from fyraften_agent.demo.replay import Colleagues, Replay, Told
from fyraften_agent.demo.script import ZONE, ScriptWeek, first_monday, last_sunday_before, nine_weeks
from fyraften_agent.demo.simulated import SimulatedClock
from fyraften_agent.demo.visit import Visit
from fyraften_agent.errors import ServiceError
from fyraften_agent.paths import Paths
from fyraften_agent.public_holidays import public_holidays
from fyraften_agent.recording.place_key import load_place_key
from fyraften_agent.sending.enrolment import Enrolment
from fyraften_agent.sending.outbox import Item
from fyraften_agent.sending.preparing import week_document
from fyraften_agent.sending.reports import GROUP_WEEKLY, group_weekly
from fyraften_agent.shown.looking import judge, look_at_day
from fyraften_agent.shown.views import DayView
from fyraften_agent.store.store import Session, Store
from fyraften_policy import wire
from fyraften_policy.evaluate import Answer
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date, start_of_day, week_interval, week_name, week_start

ORGANISATION = "Nordhavn Regnskab"
CONTACT = "arbejdsmiljo@nordhavn-regnskab.example"
# Two groups, both too small to be shown by themselves.
_CELLS = {"books": mark("Bookkeeping"), "payroll": mark("Payroll")}
_IN_BOOKS = 6
PAGES = ("/", "/people")


@dataclass(frozen=True)
class PlayedWeek:
    """A week as soon as it was played: the script, and what the agent measured and told in it."""

    script: ScriptWeek
    sessions: tuple[Session, ...]
    told: tuple[Told, ...]
    deeds: tuple[Deed, ...]


@dataclass(frozen=True)
class ServiceStory:
    """The employer's side.

    Attributes:
        pages: by path; empty without a service.
        missing: why there is no service; None where there is one.
        trouble: how a service that is installed failed.
    """

    url: str | None = None
    account: str | None = None
    pages: Mapping[str, list[Block]] = field(default_factory=dict)
    missing: str | None = None
    trouble: ServiceError | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        answer: what the rules say of all nine weeks, known at the end.
        today: the last day as ``fyraften today`` shows it.
        last_report: the bytes of the report of the last whole week, as it would be sent.
    """

    paths: Paths
    clock: SimulatedClock
    weeks: tuple[PlayedWeek, ...]
    answer: Answer
    today: DayView
    last_report: bytes
    sent: tuple[Item, ...]
    enrolments: tuple[Enrolment, ...]
    events: tuple[dict[str, Any], ...]
    service: ServiceStory


@dataclass(frozen=True)
class Voices:
    """In which language everything speaks, and who hears how far it is."""

    language: str
    translate: Translate
    say: Callable[[str], None]
    each_week: Callable[[PlayedWeek], None]


def weeks_before(today: date) -> tuple[ScriptWeek, ...]:
    """Return the nine weeks that end on the last Sunday before ``today``."""
    sunday = last_sunday_before(today)
    years = range(first_monday(sunday).year, sunday.year + 1)
    return nine_weeks(sunday, {date.fromisoformat(day) for day in public_holidays("DK", years)})


def demonstrate(folder: Path, weeks: tuple[ScriptWeek, ...], voices: Voices) -> Outcome:
    """Play the weeks in an empty folder, and return what came of it.

    A service that is not installed, or fails, is left out: everything on the laptop is shown without it.
    """
    with ExitStack() as stack:
        employer, story = _start_employer(stack, folder / "employer", weeks[0].monday, voices)
        colleagues = stack.enter_context(eleven_colleagues(folder / "colleagues"))
        paths = Paths(folder / "laptop")
        paths.prepare()
        participant = Participant(paths.keys)
        stack.callback(participant.close)
        store = stack.enter_context(Store.open(paths.work))
        person = Person(participant, store, voices.language, voices.translate)
        others = Colleagues(colleagues, (*("books",) * _IN_BOOKS, *("payroll",) * (NUMBER - _IN_BOOKS)))
        key = load_place_key(paths.keys)
        replay = Replay(weeks, store, key, person, employer, others, voices.language, voices.translate)
        played = _played(replay, store, voices)
        if employer is not None:
            story = _look_at_pages(employer, replay, voices)
        return _outcome(replay, played, store, paths, story)


def _start_employer(
    stack: ExitStack, folder: Path, first: date, voices: Voices
) -> tuple[Employer | None, ServiceStory]:
    """Set a service up and start it, to be stopped with ``stack``; or say why there is none."""
    _ = voices.translate
    voices.say(_("Setting up the employer's service on this computer …"))
    employer = Employer(folder)
    stack.callback(employer.stop)
    try:
        employer.set_up(ORGANISATION, CONTACT, {code: _(name) for code, name in _CELLS.items()}, first, ZONE)
        employer.start()
    except ServicePartMissingError as failure:
        missing = _("The employer's service is not installed here ({part} is missing), so nothing can be sent.")
        return None, ServiceStory(missing=missing.format(part=failure.part))
    except ServiceError as failure:
        return None, ServiceStory(trouble=failure)
    return employer, ServiceStory()


def _played(replay: Replay, store: Store, voices: Voices) -> tuple[PlayedWeek, ...]:
    _ = voices.translate
    played: list[PlayedWeek] = []

    def note(script: ScriptWeek) -> None:
        known_told = sum(len(week.told) for week in played)
        known_deeds = sum(len(week.deeds) for week in played)
        week = PlayedWeek(
            script,
            tuple(store.sessions(*week_interval(script.name, ZONE))),
            tuple(replay.told[known_told:]),
            tuple(replay.person.deeds[known_deeds:]),
        )
        played.append(week)
        voices.each_week(week)

    voices.say(_("Replaying nine weeks …"))
    replay.play(note)
    return tuple(played)


def _look_at_pages(employer: Employer, replay: Replay, voices: Voices) -> ServiceStory:
    """Sign in at the employer's service on the last day, and return its pages."""
    if replay.trouble is not None:
        return ServiceStory(employer.url, employer.account, trouble=replay.trouble)
    try:
        employer.turn_to(local_date(replay.clock.now(), ZONE))
        visit = Visit(employer, voices.language)
        pages = {path: blocks_of(visit.page(path)) for path in PAGES}
    except ServiceError as failure:
        return ServiceStory(employer.url, employer.account, trouble=failure)
    return ServiceStory(employer.url, employer.account, pages)


def _outcome(
    replay: Replay, played: tuple[PlayedWeek, ...], store: Store, paths: Paths, service: ServiceStory
) -> Outcome:
    clock, participant = replay.clock, replay.person.participant
    today = local_date(clock.now(), ZONE)
    return Outcome(
        paths=paths,
        clock=clock,
        weeks=played,
        answer=judge(store, ZONE, clock.now(), played[0].script.monday, today),
        today=look_at_day(paths, clock, today),
        last_report=_last_report(store, today),
        sent=tuple(item for item in participant.outbox.items() if item.sent_at is not None),
        enrolments=tuple(participant.enrolments.all()),
        events=tuple(event.as_json() for event in participant.ledger.events()),
        service=service,
    )


def _last_report(store: Store, today: date) -> bytes:
    end = start_of_day(week_start(today), ZONE)
    week = week_name(local_date(end - 1, ZONE))
    return wire.encode(GROUP_WEEKLY, group_weekly(week_document(store, week, end, ZONE), week, "books"))
