"""Who looked: asks the employer's service which accounts opened the list on which this person stands.

One signed request with the enrolment's own key, to the service agreed to and to no other, only when the person asks.
The answer is the service's word: nothing here can check it. Not here: the connection (``transport.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from fyraften_agent.consent.keys import Keys
from fyraften_agent.consent.ledger import Event
from fyraften_agent.errors import ServiceError
from fyraften_agent.sending.enrolment import Enrolment, is_agreed
from fyraften_agent.sending.transport import Answer, Identity, Transport
from fyraften_policy.languages import mark

SCHEMA = "fyraften.views/1"
_LONGEST_ACCOUNT = 64


class ViewsError(ServiceError):
    """The service answered, but did not say who looked. ``problem`` is its name, as in ``problem_words``."""

    def __init__(self, enrolment: Enrolment, problem: str) -> None:
        super().__init__(
            mark("{organisation} ({server}) did not say who looked."),
            organisation=enrolment.organisation,
            server=enrolment.server,
        )
        self.enrolment, self.problem = enrolment, problem


@dataclass(frozen=True)
class View:
    """An account that, says the service, opened the list on a day."""

    date: date
    account: str


@dataclass(frozen=True)
class Views:
    """What the service says, the latest view first; ``is_cut`` where it left earlier ones out."""

    views: tuple[View, ...]
    is_cut: bool


def ask_who_looked(enrolment: Enrolment, events: Iterable[Event], keys: Keys, transport: Transport, now: int) -> Views:
    """Return who looked.

    Args:
        events: the consent ledger, checked.

    Raises:
        NotReachedError: there was no answer.
        ViewsError: the answer does not say.
        KeyFileError: the enrolment's key cannot be used.
    """
    if not is_agreed(events, enrolment, latest=False):
        raise ViewsError(enrolment, "not-agreed-to")
    identity = Identity(enrolment.subject, keys.load(enrolment.subject))
    answer = transport.ask("GET", f"/v1/enrolments/{enrolment.subject}/views", None, identity, now)
    if answer.status != 200 or answer.media_type != "application/json":
        raise ViewsError(enrolment, answer.problem or "unusable-answer")
    return _read(answer, enrolment)


def _read(answer: Answer, enrolment: Enrolment) -> Views:
    try:
        document = json.loads(answer.body)
        told, is_cut = document["views"], document.get("earlier_left_out", False)
        views = tuple(_view(entry) for entry in told)
        fits = document["schema"] == SCHEMA and document.keys() <= {"schema", "views", "earlier_left_out"}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ViewsError(enrolment, "unusable-answer") from None
    if not fits or not isinstance(told, list) or not isinstance(is_cut, bool):
        raise ViewsError(enrolment, "unusable-answer")
    return Views(tuple(sorted(views, key=lambda view: view.date, reverse=True)), is_cut)


def _view(entry: dict[str, str]) -> View:
    day, account = entry["date"], entry["account"]
    if entry.keys() != {"date", "account"} or len(day) != 10:
        raise ValueError("other fields than agreed")
    # It is printed: one short line, with nothing in it that a terminal would obey.
    if not isinstance(account, str) or not account.isprintable() or not 1 <= len(account) <= _LONGEST_ACCOUNT:
        raise ValueError("no account's name")
    return View(date.fromisoformat(day), account)
