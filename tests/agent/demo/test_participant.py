"""The demonstration's consent ledger: in memory, marked, lent and taken back, and worth nothing anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fyraften_agent.consent.ledger import LedgerError
from fyraften_agent.consent.ledger_store import DEMO_MARK, Consents
from fyraften_agent.demo.participant import Participant
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Service
from fyraften_policy.intervals import Interval

NOW = 1_790_000_000
SERVER = "http://127.0.0.1:9"
SERVICE = Service("Nordhavn", "hr@example.dk", ("group", "duty"), 10, b"k" * 32, None)


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Participant]:
    person = Participant(tmp_path / "keys")
    yield person
    person.close()


def agreed(person: Participant) -> Participant:
    person.agree_to_recording(["What is recorded."], "en", NOW)
    person.agree_to_sending("group", SERVER, SERVICE, "a-code", ["What is sent."], "en", NOW)
    return person


def test_consent_is_there_when_it_was_given_and_not_before(person: Participant) -> None:
    before = person.consent("recording", NOW).state
    agreed(person)

    assert before == "none"
    assert person.consent("recording", NOW).is_given
    assert person.consent("group", NOW).is_given
    assert not person.consent("duty", NOW).is_given


def test_every_event_says_that_it_is_a_demonstration(person: Participant) -> None:
    events = agreed(person).ledger.events()

    assert [event.kind for event in events] == ["notice_shown", "given"] * 2
    assert all(event.details[DEMO_MARK] is True for event in events)


def test_nothing_but_keys_is_written_to_a_file(person: Participant, tmp_path: Path) -> None:
    agreed(person)

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert {path.suffix for path in files} == {".key"}


def test_the_ledger_is_refused_by_those_who_read_ledgers(person: Participant, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "real")
    paths.prepare()
    paths.ledger.write_bytes(agreed(person).lend())

    with pytest.raises(LedgerError, match="belongs to a demonstration"):
        Consents(paths).state("recording", NOW)


def test_what_was_lent_can_be_taken_back_and_goes_on_growing(person: Participant, tmp_path: Path) -> None:
    other = Participant(tmp_path / "keys")
    other.take_back(agreed(person).lend())
    for number in range(200):
        other.ledger.append("policy_seen", "group", NOW + number, {"text": "x" * 500})
    person.take_back(other.lend())
    other.close()

    assert len(person.ledger.events()) == 4 + 200
    assert person.consent("group", NOW).is_given


def test_who_agreed_has_something_due_until_the_service_knows_them(person: Participant) -> None:
    before = person.has_something_due(NOW)
    agreed(person)

    assert not before
    assert person.has_something_due(NOW)


def test_sending_is_allowed_by_consent_and_nothing_was_sent_yet(person: Participant) -> None:
    before = person.sending(Interval(0, NOW), NOW)
    after = agreed(person).sending(Interval(0, NOW), NOW)

    assert (before.allowed, after.allowed) == (False, True)
    assert after.sent == ()
