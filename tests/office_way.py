"""An agent's laptop and an employer's service in one process: every request is real; a test may lose it on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx

from fyraften_agent.consent.keys import Keys
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sender import Outcome, Sender
from fyraften_agent.sending.employer_policy import terms_shown
from fyraften_agent.sending.enrolment import Enrolments, agreed_service, new_subject, read_service
from fyraften_agent.sending.outbox import Item, Outbox
from fyraften_agent.sending.transport import Answer, Identity, NotReachedError, sign
from fyraften_service.enrolment import invite_cell, invite_person
from service_office import URL, Office

Fate = Callable[[str, Callable[[], httpx.Response]], httpx.Response]
"""What becomes of a request on the way: it is given the method and how to deliver it."""


def arrives(method: str, deliver: Callable[[], httpx.Response]) -> httpx.Response:
    """Let a request and its answer arrive."""
    return deliver()


class OfficeWay:
    """The way to the office; requests are signed by the agent and read by the service."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.fate: Fate = arrives
        self.asked: list[tuple[str, str]] = []

    def to(self, server: str) -> OfficeWay:
        """Return the way to a server: there is one."""
        assert server == URL
        return self

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        identity: Identity | None,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the service's answer, if it arrives."""
        lines = {**({"content-type": "application/json"} if body is not None else {}), **(headers or {})}
        request = httpx.Request(method, URL + path, headers=lines, content=body)
        if identity is not None:
            sign(request, identity, now, tuple(headers or ()))
        self.office.clock.instant = now
        self.asked.append((method, path))
        answer = self.fate(method, lambda: self.office.ask(request))
        media_type = answer.headers.get("content-type", "").split(";")[0]
        return Answer(answer.status_code, media_type, answer.content)


def lost(*_: object) -> httpx.Response:
    """Lose a request on the way."""
    raise NotReachedError(URL, "connection reset")


class Hours:
    """A clock turned by hand."""

    def __init__(self, now: int) -> None:
        self.time = now

    def now(self) -> int:
        return self.time

    def monotonic(self) -> float:
        return float(self.time)

    def boottime(self) -> float:
        return float(self.time)

    def zone(self) -> str:
        return "Europe/Copenhagen"


class OfficeLaptop:
    """A laptop that takes part in the office for one purpose; its files are real."""

    def __init__(self, folder: Path, office: Office, purpose: str, now: int) -> None:
        self.paths, self.clock, self.way, self.purpose = Paths(folder), Hours(now), OfficeWay(office), purpose
        self.draws: Iterator[float] | None = None
        service = read_service(office.get("/v1/service").content)
        with office.database.writing() as connection:
            code = invite_cell(connection, "sales") if purpose == "group" else invite_person(connection, "Bo Holm")
        self.subject = new_subject(bytes(16))
        with Ledger.open(self.paths) as ledger:
            ledger.give(
                purpose, now, "text", "en", 1, {**agreed_service(URL, service.public_key), **terms_shown(service)}
            )
            Keys(self.paths.keys).create(self.subject)
            Enrolments(ledger.connection).start(purpose, URL, service, self.subject, code, now)
        assert self.run().receipted == 1

    def run(self, later: int = 0) -> Outcome:
        """Run the sender as a new process would."""
        self.clock.time += later
        with Ledger.open(self.paths) as ledger:
            keys = Keys(self.paths.keys)
            return Sender(ledger, keys, self.way.to, self.clock, self._draw).run(by_hand=True)

    def outbox(self, act: Callable[[Outbox], Item]) -> Item:
        """Do something with the outbox, as a command does."""
        with Ledger.open(self.paths) as ledger:
            return act(Outbox(ledger.connection))

    def items(self) -> list[Item]:
        """All reports."""
        with Ledger.open(self.paths) as ledger:
            return Outbox(ledger.connection).items()

    def _draw(self) -> float:
        return 0.5 if self.draws is None else next(self.draws)
