"""A damaged consent ledger: whatever happens to its file, no consent comes out of it that was not given and holds."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_agent.consent.ledger import PURPOSES, Event
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.errors import AgentError
from fyraften_agent.paths import Paths
from fyraften_agent.verify_ledger import verify

NOW = 1_767_600_000
DAY = 86_400
STEP = 96 if os.environ.get("PROVE") else 288  # bytes between two of which one is changed


def given_and_withdrawn(ledger: Ledger) -> None:
    ledger.give("recording", NOW, "text", "en", 1)
    ledger.append("withdrawn", "recording", NOW + DAY)


def given_to_one_and_refused_to_another(ledger: Ledger) -> None:
    ledger.give("recording", NOW, "text", "en", 1)
    ledger.refuse("group", NOW + 60, "another text", "da", 1)
    ledger.append("expired", "duty", NOW + 90)


HISTORIES = [given_and_withdrawn, given_to_one_and_refused_to_another]


class Laid:
    """A ledger of one history, which may be laid there again and again with any content."""

    def __init__(self, folder: Path, history: Callable[[Ledger], None]) -> None:
        self.paths = Paths(folder / "fyraften")
        with Ledger.open(self.paths) as ledger:
            history(ledger)
        self.content = self.paths.ledger.read_bytes()
        self.events = verify(self.paths)
        self.given = self.agreed() or set()

    def put(self, content: bytes) -> None:
        for beside in self.paths.folder.glob("ledger.sqlite3-*"):
            beside.unlink()
        self.paths.ledger.write_bytes(content)

    def agreed(self) -> set[str] | None:
        """Return what is agreed to as the collector sees it; None where the ledger is not believed."""
        consents = Consents(self.paths, verify)
        try:
            return {purpose for purpose in PURPOSES if consents.is_given(purpose, NOW + 2 * DAY)}
        except AgentError:
            return None

    def read(self) -> list[Event] | None:
        try:
            return verify(self.paths)
        except AgentError:
            return None

    def check(self) -> bool:
        """Fail where the ledger says what was never written; say whether it is believed."""
        events, agreed = self.read(), self.agreed()
        assert events is None or events == self.events
        assert agreed is None or agreed == self.given
        return agreed is not None


@pytest.fixture(params=HISTORIES, ids=lambda history: history.__name__)
def laid(request: pytest.FixtureRequest, tmp_path: Path) -> Laid:
    return Laid(tmp_path, request.param)


def test_untouched_it_says_what_was_agreed_to(laid: Laid) -> None:
    assert laid.check()
    assert laid.given == ({"recording"} if len(laid.events) > 3 else set())


def test_no_changed_byte_makes_a_consent_or_changes_an_event(laid: Laid) -> None:
    chance = random.Random(laid.events[0].hash)
    believed = 0
    for at in range(0, len(laid.content), STEP):
        broken = bytearray(laid.content)
        broken[at + chance.randrange(min(STEP, len(broken) - at))] ^= chance.randrange(1, 256)
        laid.put(bytes(broken))
        believed += laid.check()

    assert believed < len(laid.content) // STEP  # some damage is noticed; some lies in unused corners


@pytest.mark.parametrize("noise", ["zeros", "random"])
def test_no_damaged_page_makes_a_consent(laid: Laid, noise: str) -> None:
    chance = random.Random(7)
    for at in range(0, len(laid.content), 4096):
        part = bytes(4096) if noise == "zeros" else chance.randbytes(4096)
        laid.put(laid.content[:at] + part + laid.content[at + 4096 :])
        laid.check()


def test_a_file_cut_short_is_not_believed(laid: Laid) -> None:
    for length in (0, 1, 99, 100, 4095, 4096, 8192, len(laid.content) // 2, len(laid.content) - 4096):
        laid.put(laid.content[:length])
        assert not laid.check(), length


@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_chain_cut_at_its_end_is_not_believed(laid: Laid, left: int) -> None:
    with closing(sqlite3.connect(laid.paths.ledger)) as connection:
        connection.execute("DROP TRIGGER events_remain")
        connection.execute("DELETE FROM events WHERE number > ?", (left,))
        connection.commit()

    assert not laid.check()


@given(places=st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=64)), min_size=1, max_size=5))
def test_no_damage_at_several_places_makes_a_consent(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, bytes]]
) -> None:
    for history in HISTORIES:
        folder = tmp_path_factory.getbasetemp() / history.__name__
        if history.__name__ not in LAID:
            LAID[history.__name__] = Laid(folder, history)
        laid = LAID[history.__name__]
        broken = bytearray(laid.content)
        for at, noise in places:
            begin = at % len(broken)
            broken[begin : begin + len(noise)] = noise[: len(broken) - begin]
        laid.put(bytes(broken))
        laid.check()


LAID: dict[str, Laid] = {}
