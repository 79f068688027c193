"""The demonstration's sender reaches its own service alone, and touches no real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fyraften_agent.consent.keys import LEDGER_KEY, Keys
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.demo.participant import Participant
from fyraften_agent.demo.sending import OtherServiceError, OwnService, require_marks, send, serve_order
from fyraften_agent.errors import AgentError, ServiceError
from fyraften_agent.sending.enrolment import Service

NOW = 1_790_000_000
ZONE = "Europe/Copenhagen"
OWN = "http://127.0.0.1:9"
SERVICE = Service("Nordhavn", "hr@example.dk", ("group", "duty"), 10, b"k" * 32, None)


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Participant]:
    person = Participant(tmp_path / "keys")
    yield person
    person.close()


@pytest.mark.parametrize("server", ["https://127.0.0.1:9", "http://10.0.0.1", "https://fyraften.example.dk", "x"])
def test_only_a_service_on_this_computer_can_be_the_demonstrations_own(server: str) -> None:
    with pytest.raises(OtherServiceError):
        OwnService(server)


@pytest.mark.parametrize("server", ["http://127.0.0.1:10", "https://fyraften.example.dk"])
def test_there_is_no_way_to_another_service(server: str) -> None:
    way = OwnService(OWN)

    assert way.to(OWN) is way
    with pytest.raises(OtherServiceError):
        way.to(server)


def test_an_enrolment_at_another_service_sends_nothing(person: Participant) -> None:
    person.agree_to_sending("group", "http://127.0.0.1:10", SERVICE, "a-code", ["Text."], "en", NOW)

    with pytest.raises(ServiceError, match="not the demonstration's own"):
        send([person], OWN, NOW, ZONE)


def test_a_real_ledger_is_not_touched(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    with closing(open_ledger(None)) as connection:
        Ledger(connection, keys.create(LEDGER_KEY)).give("recording", NOW, "Text.", "en", 1)
        lent = connection.serialize()
    real = Participant(tmp_path / "keys")
    real.take_back(lent)

    with pytest.raises(ServiceError, match="not a demonstration's"):
        send([real], OWN, NOW, ZONE)
    real.close()


def test_one_event_without_a_mark_is_enough_to_refuse() -> None:
    require_marks([{"demo": True}, {"demo": True, "more": 1}])

    with pytest.raises(AgentError):
        require_marks([{"demo": True}, {}])


def test_where_nothing_is_due_the_ledgers_come_back_as_they_were(person: Participant) -> None:
    person.agree_to_recording(["Text."], "en", NOW)
    before = person.ledger.events()

    send([person], OWN, NOW, ZONE)

    assert person.ledger.events() == before


def test_an_order_for_nobody_is_served() -> None:
    assert serve_order({"server": OWN, "now": NOW, "zone": ZONE, "participants": []}) == {"ledgers": []}
