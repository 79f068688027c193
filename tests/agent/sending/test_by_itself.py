"""Reports that leave by themselves: chosen, held for two days, told of on the day before, and never under a name."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from agent_records import ZONE, FixedClock, nine_weeks
from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger import Event
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.by_itself import HOLD_SECONDS, is_chosen, let_leave, may_be_chosen
from fyraften_agent.sending.enrolment import Enrolments, Service
from fyraften_agent.sending.leaving_times import DAY_SECONDS, WEEK_SECONDS
from fyraften_agent.sending.outbox import Item, Outbox
from fyraften_agent.sending.preparing import prepare_due_reports, sending
from fyraften_agent.store.store import Store
from fyraften_policy import wire

SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, SigningKey(bytes(32)).public, None)
MONDAY = FixedClock("2026-11-23T09:00").now()
ON = {"by_itself": True}


def event(kind: str, purpose: str = "group", **details: Any) -> Event:
    return Event(1, 0, kind, purpose, details, "", "", b"")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], False),
        ([event("given")], False),
        ([event("given", **ON)], False),
        ([event("given"), event("notice_shown", **ON)], True),
        ([event("given"), event("notice_shown", **ON), event("notice_shown")], True),
        ([event("given"), event("notice_shown", **ON), event("notice_shown", by_itself=False)], False),
        ([event("given"), event("notice_shown", by_itself="yes")], False),
        ([event("given"), event("notice_shown", **ON), event("given")], False),
        ([event("given"), event("notice_shown", **ON), event("withdrawn")], False),
        ([event("given"), event("notice_shown", "pulse", **ON)], False),
    ],
)
def test_it_is_off_until_chosen_and_off_after_every_new_answer(events: list[Event], expected: bool) -> None:
    assert is_chosen(events, "group") is expected


def test_no_report_under_a_name_can_leave_by_itself() -> None:
    assert [purpose for purpose in wire.purposes() if may_be_chosen(purpose)] == ["group", "pulse"]
    assert not is_chosen([event("given", "duty"), event("notice_shown", "duty", **ON)], "duty")
    assert not may_be_chosen("recording")


# Two days, and told on the day before


class Laptop:
    """A laptop on which it was chosen, whose notices are told when a test says so."""

    def __init__(self, folder: Path) -> None:
        self.paths = nine_weeks(Paths(folder))
        with Ledger.open(self.paths) as ledger:
            ledger.give("group", FixedClock("2026-11-01T12:00").now(), "text", "en", wire.VERSION)
            enrolments = Enrolments(ledger.connection)
            enrolments.start("group", "https://havn.example", SERVICE, "subject", "CODE", 1)
            enrolments.confirm("subject", "sales", b"{}", FixedClock("2026-11-01T12:00").now())
            ledger.append("notice_shown", "group", FixedClock("2026-11-02T12:00").now(), ON)
        self.consents, self.now = Consents(self.paths), MONDAY

    def look(self, at: int, tell: bool = True) -> tuple[bool, list[int]]:
        """Let the agent look at an instant, and tell what is to be told; return what is due and what is told."""
        self.now = at
        with Store.open(self.paths.work) as store:
            is_due = prepare_due_reports(self.paths, self.consents, store, at, ZONE)
            soon = sending(self.paths, self.consents, at, ZONE).leaving
            for one in soon:
                if tell and not store.notices.is_told(one.key, at):
                    store.notices.tell(one.key, "text", at, shown=True)
        return is_due, [one.number for one in soon]

    def items(self) -> list[Item]:
        with closing(open_ledger(self.paths.ledger)) as connection:
            return Outbox(connection).items()

    def choose(self, is_on: bool) -> None:
        with Ledger.open(self.paths) as ledger:
            ledger.append("notice_shown", "group", self.now, {"by_itself": is_on})


@pytest.fixture
def laptop(tmp_path: Path) -> Laptop:
    return Laptop(tmp_path / "laptop")


def moment(item: Item) -> int:
    assert item.next_try_at is not None
    return item.next_try_at


def test_a_report_is_held_for_two_days_told_on_the_day_before_and_then_leaves(laptop: Laptop) -> None:
    assert laptop.look(MONDAY) == (False, [])
    (first, *_rest) = laptop.items()
    at = moment(first)
    assert first.state == "held"
    assert MONDAY + HOLD_SECONDS <= at < MONDAY + HOLD_SECONDS + WEEK_SECONDS
    assert first.id not in laptop.look(at - DAY_SECONDS - 1)[1]
    assert laptop.items()[0].state == "held"
    assert first.id in laptop.look(at - DAY_SECONDS)[1]
    laptop.look(at - 1)
    assert laptop.items()[0].state == "held"

    assert laptop.look(at)[0] is True
    assert (laptop.items()[0].state, laptop.items()[0].next_try_at) == ("approved", at)


def test_a_report_of_which_nobody_could_be_told_waits_for_another_day(laptop: Laptop) -> None:
    laptop.look(MONDAY)
    at = moment(laptop.items()[0])
    laptop.look(at - DAY_SECONDS, tell=False)

    assert laptop.look(at, tell=False)[0] is False
    assert laptop.items()[0].state == "held"
    assert moment(laptop.items()[0]) >= at + DAY_SECONDS


def test_who_was_told_just_before_is_given_another_day(laptop: Laptop) -> None:
    laptop.look(MONDAY)
    at = moment(laptop.items()[0])
    laptop.look(at - 11 * 3600)
    laptop.look(at)

    assert laptop.items()[0].state == "held"


def test_what_is_kept_back_does_not_leave(laptop: Laptop) -> None:
    laptop.look(MONDAY)
    (first, *_rest) = laptop.items()
    laptop.look(moment(first) - DAY_SECONDS)
    with closing(open_ledger(laptop.paths.ledger)) as connection:
        Outbox(connection).hold(first.id)
    laptop.look(moment(first) + 1)

    assert laptop.items()[0].state == "held"


@pytest.mark.parametrize("how", ["off", "withdrawn", "never"])
def test_without_the_choice_nothing_leaves(laptop: Laptop, how: str) -> None:
    if how == "never":
        laptop.choose(False)
    laptop.look(MONDAY)
    (first, *_rest) = laptop.items()
    assert (first.next_try_at is None) == (how == "never")
    if how == "off":
        laptop.choose(False)
    if how == "withdrawn":
        with Ledger.open(laptop.paths) as ledger:
            ledger.append("withdrawn", "group", MONDAY)
    for day in range(1, 12):
        assert laptop.look(MONDAY + day * DAY_SECONDS) == (False, [])

    assert laptop.items()[0].state == "held"


def test_a_report_under_a_name_is_never_let_leave() -> None:
    values = dict.fromkeys((field.name for field in wire.report("fyraften.duty.monthly/1").fields), "unknown")
    body = wire.encode("fyraften.duty.monthly/1", {**values, "month": "2026-11"})
    with closing(open_ledger(None)) as connection:
        Enrolments(connection).start("duty", "https://havn.example", SERVICE, "duty", "CODE", 1)
        outbox = Outbox(connection)
        outbox.prepare(body, "duty", MONDAY)
        is_on = {purpose: may_be_chosen(purpose) for purpose in wire.purposes()}
        for day in range(30):
            let_leave(outbox, is_on.__getitem__, lambda _key: 0, 0, MONDAY + day * DAY_SECONDS, lambda: 0.5)

        assert [(item.state, item.next_try_at) for item in outbox.items()] == [("held", None)]
