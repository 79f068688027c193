"""The service's own ledger, as this laptop saw it: heads that must never contradict each other, and what proves it.

Each receipt names the head of the service's ledger as it stood at the end of the day before, and is entered into it on
its own day. Two receipts may contradict each other at once; that every head follows from the earlier ones, and that
each receipt stands in its day, is shown by the days that the service publishes. Whoever rewrites a day changes every
head after it. Pure but for what takes a transport: it asks the
service, on the person's word.
Not here: the arithmetic (``fyraften_policy.journal``), which receipts there are (``kept_receipts.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from fyraften_agent.sending.mirror_lines import Line
from fyraften_agent.sending.receipts import Receipt, ReceiptError, fingerprint, read_date, signed_words
from fyraften_policy.journal import entry_of, first_head, is_hash, next_head, root_by
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence

if TYPE_CHECKING:
    from fyraften_agent.sending.transport import Answer, Transport

SCHEMA, INCLUSION = "fyraften.ledger/1", "fyraften.inclusion/1"
_MOST_PAGES = 500
Standing = Literal["stands", "not_over", "missing", "elsewhere", "not_answered"]
_STANDINGS: dict[Standing, str] = {
    "stands": "entered",
    "not_over": "not_entered_yet",
    "missing": "entry_missing",
    "elsewhere": "entry_elsewhere",
    "not_answered": "entry_not_told",
}


@dataclass(frozen=True)
class Named:
    """What one receipt says of the service's ledger: so many days, with that hash over them; and its own entry."""

    name: Sentence
    given_on: date
    number: int
    head: str
    entry: str

    def about(self) -> dict[str, object]:
        """Return how a line names it."""
        return {"name": self.name, "date": self.given_on.isoformat()}


@dataclass(frozen=True)
class Day:
    """A sealed day, as the service publishes it."""

    number: int
    day: date
    root: str


def named_by(name: Sentence, receipt: Receipt) -> Named | None:
    """Return what a checked receipt says; ``None`` for one of the first form, which names no ledger."""
    ledger = receipt.words.get("ledger")
    if ledger is None:
        return None
    return Named(name, receipt.date, ledger["number"], ledger["head"], entry_of(receipt.words))


def contradictions(receipts: Sequence[Named], service_key: bytes) -> list[Line]:
    """Return what the receipts of one service contradict each other in, seen without asking anybody."""
    found = []
    ordered = sorted(receipts, key=lambda each: (each.number, each.given_on))
    for one in ordered:
        if one.number == 0 and one.head != first_head(fingerprint(service_key)):
            found.append(Line("head_not_contained", one.about()))
    for one, other in pairwise(ordered):
        same_days = one.number == other.number
        if (same_days and one.head != other.head) or (not same_days and one.given_on > other.given_on):
            second = {"other": other.name, "other_date": other.given_on.isoformat()}
            found.append(Line("heads_contradict", {**one.about(), **second}))
    return found


def check_with_service(receipts: Sequence[Named], service_key: bytes, transport: Transport, now: int) -> list[Line]:
    """Ask the service for its own ledger, and return what the receipts find in it.

    Raises:
        NotReachedError: there was no answer.
    """
    if not receipts:
        return []
    try:
        days = fetch_days(transport, service_key, min(each.number for each in receipts) + 1, now)
    except ReceiptError as failure:
        return [Line("ledger_not_told", {"problem": failure.problem})]
    lines = broken_by(receipts, days)
    if not lines:
        lines = [Line("chain_holds", {"count": len(receipts)})]
    roots = {day.number: day.root for day in days}
    return lines + [_standing(each, stands_in(transport, each, roots, now)) for each in receipts]


def _standing(one: Named, standing: Standing) -> Line:
    return Line(_STANDINGS[standing], {**one.about(), "number": one.number + 1})


def broken_by(receipts: Sequence[Named], days: Sequence[Day]) -> list[Line]:
    """Return the receipts whose head does not follow from the earliest one's by the days that the service publishes.

    Args:
        days: every sealed day after the earliest receipt's number, in order.
    """
    if not receipts:
        return []
    earliest = min(receipts, key=lambda each: each.number)
    heads = {earliest.number: earliest.head}
    for day in days:
        heads[day.number] = next_head(heads[day.number - 1], day.number, day.day, day.root)
    return [Line("head_not_contained", each.about()) for each in receipts if heads.get(each.number) != each.head]


def fetch_days(transport: Transport, service_key: bytes, first: int, now: int) -> list[Day]:
    """Return the sealed days from number ``first`` on, checked: signed, of this service, in order, without a gap.

    Raises:
        NotReachedError: there was no answer.
        ReceiptError: an answer is not what was agreed.
    """
    days: list[Day] = []
    for _page in range(_MOST_PAGES):
        wanted = first + len(days)
        answer = transport.ask("GET", f"/v1/ledger?from={wanted}", None, None, now)
        found = _read_days(answer, service_key, wanted)
        days += found
        if not found:
            return days
    raise ReceiptError(mark("it does not come to an end"))


def stands_in(transport: Transport, one: Named, roots: Mapping[int, str], now: int) -> Standing:
    """Ask where a receipt's entry stands, and say whether that is its own day.

    Args:
        roots: of the sealed days, by number.

    Raises:
        NotReachedError: there was no answer.
    """
    answer = transport.ask("GET", f"/v1/ledger/{one.entry}", None, None, now)
    number = one.number + 1
    if answer.problem == "period-not-over" and answer.status == 409:
        return "elsewhere" if number in roots else "not_over"
    if answer.problem == "not-found" and answer.status == 404:
        return "missing"
    if answer.status != 200 or answer.media_type != "application/json":
        return "not_answered"
    place = _read_place(answer.body)
    if place is None or place[0] != number or number not in roots:
        return "elsewhere"
    return "stands" if root_by(one.entry, place[1], place[2]) == roots[number] else "elsewhere"


def _read_days(answer: Answer, service_key: bytes, first: int) -> list[Day]:
    if answer.status != 200 or answer.media_type != "application/json":
        raise ReceiptError(mark("it cannot be read"))
    words = signed_words(answer.body, service_key, "ledger")
    fits = words.keys() == {"schema", "date", "service", "days"} and words["schema"] == SCHEMA
    if not fits or words["service"] != fingerprint(service_key) or not isinstance(words["days"], list):
        raise ReceiptError(mark("it cannot be read"))
    days = [_day(each) for each in words["days"]]
    if [day.number for day in days] != list(range(first, first + len(days))):
        raise ReceiptError(mark("it leaves days out"))
    return days


def _day(words: Any) -> Day:
    try:
        if words.keys() == {"number", "day", "root"} and type(words["number"]) is int and is_hash(words["root"]):
            return Day(words["number"], read_date(words["day"]), words["root"])
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    raise ReceiptError(mark("it cannot be read"))


def _read_place(body: bytes) -> tuple[int, int, list[str]] | None:
    try:
        words = json.loads(body)
        fits = words.keys() == {"schema", "number", "place", "path"} and words["schema"] == INCLUSION
        number, place, path = words["number"], words["place"], words["path"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not fits or type(number) is not int or type(place) is not int or not isinstance(path, list):
        return None
    return number, place, path
