"""The whole demonstration: folders, people, service, replay, and what came of it.

    FOLDER/laptop       the made-up person's records and keys; no consent ledger, that is in memory
    FOLDER/colleagues   the keys of eleven others
    FOLDER/employer     the service with its database

Not here: the words (``telling``), the command (``cli/demo``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fyraften_agent.demo.colleagues import NUMBER, eleven_colleagues
from fyraften_agent.demo.employer import Employer
from fyraften_agent.demo.page_text import Block, blocks_of
from fyraften_agent.demo.participant import Participant
from fyraften_agent.demo.person import Deed, Person
from fyraften_agent.demo.replay import Colleagues, Replay, Told
from fyraften_agent.demo.script import ZONE, ScriptWeek, first_monday, nine_weeks
from fyraften_agent.demo.simulated import SimulatedClock
from fyraften_agent.demo.visit import Visit
from fyraften_agent.enrolment import Enrolment
from fyraften_agent.errors import MissingPartError, ServiceError
from fyraften_agent.looking import judge, look_at_day
from fyraften_agent.outbox import Item
from fyraften_agent.paths import Paths
from fyraften_agent.place_key import load_place_key
from fyraften_agent.public_holidays import public_holidays
from fyraften_agent.store import Session, Store
from fyraften_agent.views import DayView
from fyraften_policy.evaluate import Answer
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date, week_interval

ORGANISATION = "Nordhavn Regnskab"
CONTACT = "arbejdsmiljo@nordhavn-regnskab.example"
# Two groups, both too small to be shown by themselves.
_CELLS = {"books": mark("Bookkeeping"), "payroll": mark("Payroll")}
_IN_BOOKS = 7
PAGES = ("/", "/people")


@dataclass(frozen=True)
class PlayedWeek:
    """A week as soon as it was played: the script, and what the agent measured and told in it."""

    script: ScriptWeek
    sessions: tuple[Session, ...]
    told: tuple[Told, ...]
    deeds: tuple[Deed, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        answer: what the rules say of all nine weeks, known at the end.
        today: the last day as ``fyraften today`` shows it.
        pages: the employer's pages by path, empty without a service.
        missing: why there is no service; None where there is one.
        trouble: the failure of a service that is installed.
    """

    paths: Paths
    clock: SimulatedClock
    weeks: tuple[PlayedWeek, ...]
    answer: Answer
    today: DayView
    sent: tuple[Item, ...]
    enrolments: tuple[Enrolment, ...]
    events: tuple[dict[str, Any], ...]
    pages: dict[str, list[Block]]
    account: str | None
    url: str | None
    missing: str | None
    trouble: ServiceError | None


@dataclass(frozen=True)
class Voices:
    """In which language everything speaks, and who hears how far it is."""

    language: str
    translate: Translate
    say: Callable[[str], None]
    each_week: Callable[[PlayedWeek], None]


def demonstrate(folder: Path, last_sunday: date, voices: Voices) -> Outcome:
    """Play the nine weeks that end on ``last_sunday`` in an empty folder, and return what came of it.

    A service that is not installed, or fails to start, is left out: everything on the laptop is shown without it.
    """
    with ExitStack() as stack:
        employer, missing, trouble = None, None, None
        try:
            employer = stack.enter_context(_running_employer(folder / "employer", last_sunday, voices))
        except MissingPartError as failure:
            missing = str(failure)
        except ServiceError as failure:
            trouble = failure
        colleagues = stack.enter_context(eleven_colleagues(folder / "colleagues"))
        paths = Paths(folder / "laptop")
        paths.prepare()
        participant = Participant(paths.keys)
        stack.callback(participant.close)
        store = stack.enter_context(Store.open(paths.work))
        person = Person(participant, store, employer, voices.language, voices.translate)
        cells = (*("books",) * (_IN_BOOKS - 1), *("payroll",) * (NUMBER - _IN_BOOKS + 1))
        weeks = nine_weeks(last_sunday, _holidays(last_sunday))
        replay = Replay(
            weeks,
            store,
            load_place_key(paths.keys),
            person,
            employer,
            Colleagues(colleagues, cells),
            voices.language,
            voices.translate,
        )
        played = _played(replay, store, voices)
        return _outcome(replay, played, store, paths, employer, missing, trouble, voices)


@contextmanager
def _running_employer(folder: Path, last_sunday: date, voices: Voices) -> Iterator[Employer]:
    _ = voices.translate
    employer = Employer(folder)
    voices.say(_("Setting up the employer's service on this computer …"))
    cells = {code: _(name) for code, name in _CELLS.items()}
    employer.set_up(ORGANISATION, CONTACT, cells, first_monday(last_sunday), ZONE)
    employer.start()
    try:
        yield employer
    finally:
        employer.stop()


def _played(replay: Replay, store: Store, voices: Voices) -> tuple[PlayedWeek, ...]:
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

    voices.say(voices.translate("Replaying nine weeks …"))
    replay.play(note)
    return tuple(played)


def _outcome(
    replay: Replay,
    played: tuple[PlayedWeek, ...],
    store: Store,
    paths: Paths,
    employer: Employer | None,
    missing: str | None,
    trouble: ServiceError | None,
    voices: Voices,
) -> Outcome:
    clock, participant = replay.clock, replay.person.participant
    today = local_date(clock.now(), ZONE)
    pages: dict[str, list[Block]] = {}
    if employer is not None:
        employer.turn_to(today)
        visit = Visit(employer, voices.language)
        pages = {path: blocks_of(visit.page(path)) for path in PAGES}
    return Outcome(
        paths=paths,
        clock=clock,
        weeks=played,
        answer=judge(store, ZONE, clock.now(), played[0].script.monday, today),
        today=look_at_day(paths, clock, today),
        sent=tuple(item for item in participant.outbox.items() if item.sent_at is not None),
        enrolments=tuple(participant.enrolments.all()),
        events=tuple(event.as_json() for event in participant.ledger.events()),
        pages=pages,
        account=None if employer is None else employer.account,
        url=None if employer is None else employer.url,
        missing=missing,
        trouble=trouble,
    )


def _holidays(last_sunday: date) -> set[date]:
    years = range(first_monday(last_sunday).year, last_sunday.year + 1)
    return {date.fromisoformat(day) for day in public_holidays("DK", years)}
