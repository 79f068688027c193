"""The mirror: asks the employer's service what it holds about this person, and reads the answer strictly.

One signed request with the enrolment's own key, to the service agreed to and to no other, only when the person asks.
The answer is the service's word; what can be checked of it is checked against ledger, outbox and receipts.
Not here: the comparison (``mirror_compared.py``), the connection (``transport.py``), who looked (``who_looked.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fyraften_agent.consent.keys import Keys
from fyraften_agent.consent.ledger import Event
from fyraften_agent.errors import ServiceError
from fyraften_agent.sending.enrolment import Enrolment, is_agreed
from fyraften_agent.sending.receipts import read_date
from fyraften_agent.sending.transport import Answer, Identity, Transport
from fyraften_policy import wire
from fyraften_policy.journal import is_hash
from fyraften_policy.languages import mark

SCHEMA = "fyraften.mirror/1"
_FIELDS = {"schema", "date", "purpose", "enrolled_on", "cell", "name", "published_until", "reports", "more"}
_REPORT = {
    *("report", "period", "revision", "body_sha256", "received_on", "erase_by", "answers", "receipt", "seen"),
}
_MOST_PAGES = 200
_MOST_REVISIONS = 1_000_000
_LONGEST_TEXT, _LONGEST_PERIOD, _MOST_LINES = 300, 16, 30


class MirrorError(ServiceError):
    """The service answered, but did not say what it holds. ``problem`` is its name, as in ``problem_words``."""

    def __init__(self, enrolment: Enrolment, problem: str) -> None:
        super().__init__(
            mark("{organisation} ({server}) did not say what it holds."),
            organisation=enrolment.organisation,
            server=enrolment.server,
        )
        self.enrolment, self.problem = enrolment, problem


@dataclass(frozen=True)
class Held:
    """One report that the service says it holds.

    ``receipt`` is the envelope that the service says it gave; ``seen`` is what it says the employer's list shows.
    """

    report: str
    period: str
    revision: int
    sha256: str
    received_on: date
    erase_by: date
    answers: Mapping[str, Any] | None = field(repr=False)
    receipt: Mapping[str, Any] = field(repr=False)
    seen: tuple[str, ...] | None = field(repr=False)


@dataclass(frozen=True)
class Mirror:
    """What a service says that it holds of one enrolment, on ``told_on``, its own date."""

    told_on: date
    purpose: str
    enrolled_on: date
    cell: str | None
    name: str | None = field(repr=False)
    published_until: str | None
    held: tuple[Held, ...]


def ask_mirror(
    enrolment: Enrolment, events: Iterable[Event], keys: Keys, transport: Transport, now: int, language: str
) -> Mirror:
    """Return what the service says it holds.

    Args:
        events: the consent ledger, checked.
        language: in which the service is to word what the employer's list shows.

    Raises:
        NotReachedError: there was no answer.
        MirrorError: the answer does not say.
        KeyFileError: the enrolment's key cannot be used.
    """
    if not is_agreed(events, enrolment, latest=False):
        raise MirrorError(enrolment, "not-agreed-to")
    identity = Identity(enrolment.subject, keys.load(enrolment.subject))
    held: list[Held] = []
    for _page in range(_MOST_PAGES):
        path = f"/v1/enrolments/{enrolment.subject}/mirror?language={language}&skip={len(held)}"
        answer = transport.ask("GET", path, None, identity, now)
        document = _document(answer, enrolment)
        found = document["reports"]
        held += found
        if not document["more"]:
            return _mirror(document, tuple(held))
        if not found:
            break
    raise MirrorError(enrolment, "unusable-answer")


def _document(answer: Answer, enrolment: Enrolment) -> dict[str, Any]:
    if answer.status != 200 or answer.media_type != "application/json":
        raise MirrorError(enrolment, answer.problem or "unusable-answer")
    try:
        document = json.loads(answer.body)
        fits = document.keys() == _FIELDS and document["schema"] == SCHEMA and document["purpose"] == enrolment.purpose
        if not fits or not isinstance(document["more"], bool) or not isinstance(document["reports"], list):
            raise ValueError("other fields than agreed")
        return {
            **document,
            "reports": [_held(each) for each in document["reports"]],
            "date": read_date(document["date"]),
            "enrolled_on": read_date(document["enrolled_on"]),
            "cell": _line_or_none(document["cell"]),
            "name": _line_or_none(document["name"]),
            "published_until": _line_or_none(document["published_until"]),
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise MirrorError(enrolment, "unusable-answer") from None


def _mirror(document: Mapping[str, Any], held: tuple[Held, ...]) -> Mirror:
    return Mirror(
        document["date"],
        document["purpose"],
        document["enrolled_on"],
        document["cell"],
        document["name"],
        document["published_until"],
        held,
    )


def _held(words: Mapping[str, Any]) -> Held:
    if words.keys() != _REPORT or not is_hash(words["body_sha256"]):
        raise ValueError("other fields than agreed")
    revision, answers, receipt = words["revision"], words["answers"], words["receipt"]
    if type(revision) is not int or not 1 <= revision <= _MOST_REVISIONS:
        raise ValueError("no revision")
    if not isinstance(receipt, dict) or not (answers is None or isinstance(answers, dict)):
        raise ValueError("no receipt or no answers")
    if answers is not None and not wire.canonical(answers).decode().isprintable():
        raise ValueError("not to be printed")
    wire.canonical(receipt)  # or it could not be compared
    return Held(
        _line(words["report"], _LONGEST_TEXT),
        _line(words["period"], _LONGEST_PERIOD),
        revision,
        words["body_sha256"],
        read_date(words["received_on"]),
        read_date(words["erase_by"]),
        answers,
        receipt,
        _seen(words["seen"]),
    )


def _seen(words: Any) -> tuple[str, ...] | None:
    """Return the lines that the employer's list shows, as the service says."""
    if words is None:
        return None
    period, told = ("month", "wishes") if "month" in words else ("week", "days")  # duties; the record
    if words.keys() != {"name", period, told} or not isinstance(words[told], list):
        raise ValueError("other fields than agreed")
    lines = [words["name"], words[period], *words[told]]
    if len(lines) > _MOST_LINES:
        raise ValueError("too many lines")
    return tuple(_line(line, _LONGEST_TEXT) for line in lines)


def _line(text: object, longest: int) -> str:
    # It is printed: one short line, with nothing in it that a terminal would obey.
    if not isinstance(text, str) or not text.isprintable() or not 1 <= len(text) <= longest:
        raise ValueError("not one line of text")
    return text


def _line_or_none(text: object) -> str | None:
    return None if text is None else _line(text, _LONGEST_TEXT)
