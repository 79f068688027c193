"""The service's own ledger as the laptop sees it: contradictions are told, whether seen offline or by asking."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.sending.receipts import Receipt, ReceiptError, encode, fingerprint
from fyraften_agent.sending.service_ledger import (
    Day,
    Named,
    broken_by,
    check_with_service,
    contradictions,
    fetch_days,
    named_by,
)
from fyraften_agent.sending.transport import Answer, Identity
from fyraften_policy import wire
from fyraften_policy.journal import first_head, leaves, next_head, path_of, root_of
from fyraften_policy.sentences import Sentence

KEY = SigningKey(bytes([7]) * 32)
FIRST = date(2026, 10, 30)
NOW = 1_780_000_000


def nothing(number: int) -> str:
    return hashlib.sha256(bytes([number])).hexdigest()


class Ledger:
    """A service's ledger of so many days, with the entries of some; and the way to it."""

    def __init__(self, entries: Mapping[int, Sequence[str]], count: int = 10) -> None:
        self.days = [leaves(entries.get(number, ()), nothing) for number in range(1, count + 1)]
        self.page, self.key = 100, KEY
        self.more: dict[str, Any] = {}
        self.asked: list[str] = []
        self.inclusion: Answer | None = None

    @property
    def sealed(self) -> list[Day]:
        return [Day(place + 1, FIRST + timedelta(days=place), root_of(day)) for place, day in enumerate(self.days)]

    def head(self, number: int) -> str:
        found = first_head(fingerprint(KEY.public))
        for day in self.sealed[:number]:
            found = next_head(found, day.number, day.day, day.root)
        return found

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        identity: Identity | None,
        now: int,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        assert (method, body, identity, headers) == ("GET", None, None, None)
        self.asked.append(path)
        if path.startswith("/v1/ledger?from="):
            return self._days(int(path.partition("=")[2]))
        return self.inclusion or self._inclusion(path.rsplit("/", 1)[1])

    def _days(self, first: int) -> Answer:
        found = self.sealed[first - 1 : first - 1 + self.page]
        words: dict[str, Any] = {
            "schema": "fyraften.ledger/1",
            "date": "2026-11-22",
            "service": fingerprint(KEY.public),
            "days": [{"number": day.number, "day": day.day.isoformat(), "root": day.root} for day in found],
            **self.more,
        }
        signature = encode(self.key.sign(wire.canonical(words)))
        return Answer(200, "application/json", wire.canonical({"ledger": words, "signature": signature}))

    def _inclusion(self, entry: str) -> Answer:
        for number, day in enumerate(self.days, start=1):
            if entry in day:
                place, path = path_of(day, entry)
                words = {"schema": "fyraften.inclusion/1", "number": number, "place": place, "path": path}
                return Answer(200, "application/json", wire.canonical(words))
        return refusal("not-found", 404)


def refusal(name: str, status: int) -> Answer:
    words = {"type": f"urn:fyraften:problem:{name}", "status": status}
    return Answer(status, "application/problem+json", wire.canonical(words))


def named(ledger: Ledger, number: int, name: str = "a report", **changes: Any) -> Named:
    """Return what an honest receipt of the day after ``number`` days says."""
    entry = hashlib.sha256(f"{name} {number}".encode()).hexdigest()
    about = {"given_on": FIRST + timedelta(days=number), "number": number, "head": ledger.head(number), "entry": entry}
    return Named(Sentence(name), **{**about, **changes})


def entries(*receipts: Named) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for one in receipts:
        found.setdefault(one.number + 1, []).append(one.entry)
    return found


@pytest.fixture
def receipts() -> list[Named]:
    empty = Ledger({})
    return [named(empty, 0), named(empty, 3), named(empty, 3, "another")]


@pytest.fixture
def honest(receipts: list[Named]) -> Ledger:
    return Ledger(entries(*receipts))


def true_of(ledger: Ledger, receipts: Sequence[Named]) -> list[Named]:
    """Return the receipts as this ledger would have given them."""
    return [named(ledger, one.number, str(one.name), entry=one.entry) for one in receipts]


def codes(lines: Sequence[Any]) -> list[str]:
    return [line.code for line in lines]


def test_an_honest_ledger_contains_every_head_and_every_receipt(honest: Ledger, receipts: list[Named]) -> None:
    told = true_of(honest, receipts)

    assert contradictions(told, KEY.public) == []
    assert codes(check_with_service(told, KEY.public, honest, NOW)) == ["chain_holds", *["entered"] * 3]


def test_two_heads_for_the_same_days_contradict_each_other_without_asking(honest: Ledger) -> None:
    one, other = named(honest, 3), named(honest, 3, "other", head="ab" * 32)

    assert codes(contradictions([one, other], KEY.public)) == ["heads_contradict"]


def test_fewer_days_on_a_later_date_contradict(honest: Ledger) -> None:
    late = named(honest, 2, given_on=FIRST + timedelta(days=9))

    assert codes(contradictions([named(honest, 3), late], KEY.public)) == ["heads_contradict"]


def test_the_head_before_the_first_day_is_the_services_own(honest: Ledger) -> None:
    assert codes(contradictions([named(honest, 0, head="ab" * 32)], KEY.public)) == ["head_not_contained"]


@pytest.mark.parametrize("day", [1, 2, 3])
def test_a_day_rewritten_between_two_receipts_is_seen(honest: Ledger, receipts: list[Named], day: int) -> None:
    told = true_of(honest, receipts)
    honest.days[day - 1] = leaves(["ab" * 32], nothing)

    assert "head_not_contained" in codes(check_with_service(told, KEY.public, honest, NOW))


@pytest.mark.parametrize("number", range(1, 9))
def test_whatever_day_was_rewritten_every_later_head_differs(number: int) -> None:
    ledger = Ledger({})
    before = [ledger.head(count) for count in range(11)]
    ledger.days[number - 1] = leaves(["ab" * 32], nothing)

    assert [ledger.head(count) == before[count] for count in range(11)] == [count < number for count in range(11)]


def test_a_receipt_that_was_never_entered_is_seen(receipts: list[Named]) -> None:
    ledger = Ledger(entries(*receipts[:2]))

    lines = check_with_service(true_of(ledger, receipts), KEY.public, ledger, NOW)

    assert codes(lines) == ["chain_holds", "entered", "entered", "entry_missing"]


def test_a_receipt_entered_into_another_day_is_seen(honest: Ledger) -> None:
    late = named(honest, 5)
    ledger = Ledger({8: [late.entry]})

    lines = check_with_service(true_of(ledger, [late]), KEY.public, ledger, NOW)

    assert codes(lines) == ["chain_holds", "entry_elsewhere"]


def test_the_day_of_a_receipt_that_is_over_cannot_be_put_off(honest: Ledger, receipts: list[Named]) -> None:
    honest.inclusion = refusal("period-not-over", 409)
    old, today = named(honest, 3), named(honest, 10)

    lines = check_with_service([old, today], KEY.public, honest, NOW)

    assert codes(lines) == ["chain_holds", "entry_elsewhere", "not_entered_yet"]


def test_a_ledger_that_ends_before_a_head_it_named_is_seen(honest: Ledger) -> None:
    told = [named(honest, 2), named(honest, 9)]
    honest.days = honest.days[:6]

    assert codes(broken_by(told, honest.sealed[2:])) == ["head_not_contained"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, "text/html", b"<form>"),
        Answer(200, "application/json", b"garbage"),
        Answer(200, "application/json", b"[" * 10_000),
        Answer(200, "application/json", b"{}"),
        Answer(200, "application/json", b'{"schema":"fyraften.inclusion/1","number":4,"place":0,"path":5}'),
        Answer(200, "application/json", b'{"schema":"fyraften.inclusion/1","number":4,"place":true,"path":[]}'),
        refusal("internal", 500),
        refusal("not-found", 410),
    ],
)
def test_an_answer_that_says_nothing_is_never_taken_for_agreement(honest: Ledger, answer: Answer) -> None:
    honest.inclusion = answer

    lines = check_with_service([named(honest, 3)], KEY.public, honest, NOW)

    assert not lines[-1].fits


@pytest.mark.parametrize(
    "changes",
    [
        {"key": SigningKey(bytes(32))},
        {"more": {"service": "other"}},
        {"more": {"schema": "fyraften.ledger/2"}},
        {"more": {"days": {}}},
        {"more": {"days": [5]}},
        {"more": {"days": [{"number": 4, "day": "2026-11-02", "root": "x"}]}},
        {"more": {"days": [{"number": 5, "day": "2026-11-02", "root": "ab" * 32}]}},
        {"more": {"days": [{"number": 4, "day": "soon", "root": "ab" * 32}]}},
        {"more": {"extra": 1}},
    ],
)
def test_days_of_another_form_are_not_believed(honest: Ledger, changes: dict[str, Any]) -> None:
    told = named(honest, 3)
    for name, value in changes.items():
        setattr(honest, name, value)

    assert codes(check_with_service([told], KEY.public, honest, NOW)) == ["ledger_not_told"]


def test_days_come_in_pages(honest: Ledger) -> None:
    honest.page = 4

    assert [day.number for day in fetch_days(honest, KEY.public, 1, NOW)] == list(range(1, 11))
    assert honest.asked == [f"/v1/ledger?from={first}" for first in (1, 5, 9, 11)]


def test_a_service_that_repeats_a_page_for_ever_is_left(honest: Ledger) -> None:
    honest.more = {"days": [{"number": 1, "day": "2026-11-02", "root": "ab" * 32}]}

    with pytest.raises(ReceiptError):
        fetch_days(honest, KEY.public, 1, NOW)


def test_where_no_receipt_names_a_ledger_nobody_is_asked(honest: Ledger) -> None:
    assert check_with_service([], KEY.public, honest, NOW) == []
    assert honest.asked == []
    assert named_by(Sentence("old"), Receipt("report", "duty", FIRST, {"kind": "report"})) is None
