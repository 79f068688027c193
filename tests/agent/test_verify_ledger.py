"""The signatures of the ledger, checked in a process that ends."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from fyraften_agent.consent import ledger as chain
from fyraften_agent.consent.binding import BOUND_TO
from fyraften_agent.consent.keys import LEDGER_KEY, Keys, SigningKey
from fyraften_agent.consent.ledger import LedgerError
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.verify_ledger import verify, verify_in_process
from fyraften_policy import wire

NOW = 1_767_600_000


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "fyraften")
    with Ledger.open(paths) as ledger:
        ledger.give("recording", NOW, "text", "en", 1)
    return paths


def add_forged(paths: Paths) -> None:
    """Add a consent whose chain is right and whose signature is not: what a program without the key can do."""
    with closing(open_ledger(paths.ledger)) as connection:
        events = verify(paths)
        other, bound = SigningKey(bytes(32)), {BOUND_TO: events[-1].details[BOUND_TO]}
        event = chain.next_event(events[-1], "given", "group", NOW + 1, bound, other.public, other.sign)
        connection.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                event.number,
                event.at,
                event.kind,
                event.purpose,
                wire.canonical(bound).decode(),
                event.previous,
                event.hash,
                event.signature,
            ),
        )


def test_a_ledger_signed_by_its_key_is_accepted(paths: Paths) -> None:
    assert [event.kind for event in verify(paths)] == ["notice_shown", "given"]
    verify_in_process(paths)


def test_a_forged_consent_is_found_by_its_signature(paths: Paths) -> None:
    add_forged(paths)

    assert Consents(paths).is_given("group", NOW + 2)  # the chain alone cannot know
    for check in (verify, verify_in_process):
        with pytest.raises(LedgerError) as caught:
            check(paths)
        assert caught.value.number == 3


def test_a_reader_that_verifies_does_not_believe_a_forged_consent(paths: Paths) -> None:
    consents = Consents(paths, verify_in_process)
    assert consents.is_given("recording", NOW + 2)
    add_forged(paths)

    with pytest.raises(LedgerError):
        consents.is_given("recording", NOW + 2)


def test_without_its_key_a_ledger_is_not_believed(paths: Paths) -> None:
    Keys(paths.keys).remove(LEDGER_KEY)

    with pytest.raises(LedgerError, match="missing"):
        verify_in_process(paths)


def test_another_key_in_its_place_is_noticed(paths: Paths) -> None:
    Keys(paths.keys).remove(LEDGER_KEY)
    Keys(paths.keys).create(LEDGER_KEY)

    with pytest.raises(LedgerError) as caught:
        verify(paths)
    assert caught.value.number == 1


def test_the_process_ends_with_six_and_says_which_event_is_bad(paths: Paths) -> None:
    with closing(sqlite3.connect(paths.ledger)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("UPDATE events SET signature = zeroblob(64) WHERE number = 2")
        connection.commit()
    done = subprocess.run(
        [sys.executable, "-m", "fyraften_agent.verify_ledger"],
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 6
    assert json.loads(done.stdout)["number"] == 2
    assert "Event 2" in done.stderr


def test_where_there_is_no_ledger_the_process_is_content_and_makes_nothing(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "none")

    verify_in_process(paths)

    assert not paths.folder.exists()


def test_reading_consent_loads_no_cryptography() -> None:
    loads = "import sys, fyraften_agent.consent.ledger_store, fyraften_agent.verify_ledger"
    program = f"{loads}; print('cryptography' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
