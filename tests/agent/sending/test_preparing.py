"""Between the collector and the outbox: completed weeks go in, and what was sent is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agent_records import NOW, ZONE, FixedClock, nine_weeks
from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolments, Service
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.sending.preparing import prepare_due_reports, sending
from fyraften_agent.store.store import Store
from fyraften_policy import wire
from fyraften_policy.periods import parse_instant

SERVICE = Service("Havn A/S", "hr@havn.example", ("group", "duty"), 10, SigningKey(bytes(32)).public, None)
NEXT_MONDAY = FixedClock("2026-11-23T09:00").now()
ENROLLED_AT = parse_instant("2026-11-01T12:00", ZONE)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return nine_weeks(Paths(tmp_path / "fyraften"))


@pytest.fixture
def store(paths: Paths) -> Iterator[Store]:
    with Store.open(paths.work) as opened:
        yield opened


def agree_to_group(paths: Paths) -> None:
    with Ledger.open(paths) as ledger:
        ledger.give("group", ENROLLED_AT, "The text that was shown.", "en", wire.VERSION)
        enrolments = Enrolments(ledger.connection)
        enrolments.start("group", "https://havn.example", SERVICE, "subject", "CODE", ENROLLED_AT)
        enrolments.confirm("subject", "sales", b"{}", ENROLLED_AT)


def outbox_of(paths: Paths) -> list[tuple[str, str, str]]:
    with closing(open_ledger(paths.ledger)) as connection:
        return [(item.report, item.period, item.state) for item in Outbox(connection).items()]


def test_without_consent_to_send_nothing_is_prepared(paths: Paths, store: Store) -> None:
    is_due = prepare_due_reports(paths, Consents(paths), store, NEXT_MONDAY, ZONE)

    assert not is_due
    assert outbox_of(paths) == []
    assert sending(paths, Consents(paths), NEXT_MONDAY, ZONE).allowed is False


def test_without_a_ledger_none_is_made(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "nobody")
    with Store.open(None) as store:
        assert not prepare_due_reports(paths, Consents(paths), store, NEXT_MONDAY, ZONE)

    assert sending(paths, Consents(paths), NEXT_MONDAY, ZONE).sent == ()
    assert not paths.folder.exists()


def test_completed_weeks_go_in_held_and_once(paths: Paths, store: Store) -> None:
    agree_to_group(paths)
    consents = Consents(paths)
    for _ in range(2):
        is_due = prepare_due_reports(paths, consents, store, NEXT_MONDAY, ZONE)

    assert not is_due
    assert outbox_of(paths) == [
        ("fyraften.group.weekly/1", "2026-W46", "held"),
        ("fyraften.group.weekly/1", "2026-W47", "held"),
    ]


def test_an_approved_report_is_due_and_what_was_sent_is_told_the_week_after(paths: Paths, store: Store) -> None:
    agree_to_group(paths)
    consents = Consents(paths)
    prepare_due_reports(paths, consents, store, NEXT_MONDAY, ZONE)
    with closing(open_ledger(paths.ledger)) as connection:
        outbox = Outbox(connection)
        first, _second = outbox.items()
        outbox.approve(first.id, NEXT_MONDAY, NEXT_MONDAY)
        is_due = prepare_due_reports(paths, consents, store, NEXT_MONDAY, ZONE)
        outbox.receipted(first.id, NEXT_MONDAY, b"{}")

    assert is_due
    assert not prepare_due_reports(paths, consents, store, NEXT_MONDAY, ZONE)
    week = 7 * 86400
    told = [sending(paths, consents, NEXT_MONDAY + n * week, ZONE) for n in range(3)]
    assert all(each.allowed for each in told)
    assert [each.sent for each in told] == [(), ("group.weekly 2026-W46",), ()]


def test_a_week_that_is_not_over_is_not_prepared(paths: Paths, store: Store) -> None:
    agree_to_group(paths)

    prepare_due_reports(paths, Consents(paths), store, FixedClock(NOW).now(), ZONE)

    assert [period for _report, period, _state in outbox_of(paths)] == ["2026-W45", "2026-W46"]
