"""Any one change to the ledger, its note of the end, or its key: nothing is recorded or sent, and it is said why.

Many changes are tried on the functions, some with the real processes. What one cannot see is stated, too.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fyraften_agent.consent.keys import LEDGER_KEY, Keys, SigningKey, signature_fits
from fyraften_agent.consent.ledger import (
    KINDS,
    NEEDS_NO_KEY,
    PURPOSES,
    UNSIGNED,
    Event,
    LedgerError,
    check_chain,
    check_head,
    check_signatures,
    consent_state,
    next_event,
)
from fyraften_agent.consent.ledger_head import HEAD
from fyraften_agent.consent.ledger_store import Consents, Ledger
from fyraften_agent.errors import AgentError
from fyraften_agent.paths import Paths
from fyraften_agent.sender import Outcome, send_due
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.verify_ledger import verify
from fyraften_policy import wire

KEY, OTHER_KEY = SigningKey(bytes(32)), SigningKey(bytes([1]) * 32)
START = 1_767_600_000
COLUMNS = ("number", "at", "kind", "purpose", "details", "previous", "hash", "signature")


def written(steps: list[tuple[str, str]], key: SigningKey = KEY) -> list[Event]:
    events: list[Event] = []
    for index, (kind, purpose) in enumerate(steps):
        before = events[-1] if events else None
        details = {"wire_version": 1, "text_sha256": "ab" * 32}
        events.append(next_event(before, kind, purpose, START + 60 * index, details, key.public, key.sign))
    return events


def check(events: list[Event], head: Event) -> None:
    """Do what ``verify_ledger`` does."""
    check_chain(events)
    check_head(events, head.number, head.hash)
    check_signatures(events, KEY.public, lambda signed, content: signature_fits(KEY.public, signed, content))


chains = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(PURPOSES)), min_size=1, max_size=10).map(written)


def with_a_byte_flipped(event: Event, column: str, at: int, bit: int) -> Event:
    """Return the event as it is read after one bit of one column was flipped in the file."""
    value = getattr(event, column)
    if isinstance(value, int):
        return replace(event, **{column: value ^ (1 << (at % 31))})
    if column == "details":
        raw = bytearray(wire.canonical(dict(value)))
        raw[at % len(raw)] ^= 1 << bit
        return replace(event, details=json.loads(raw))
    raw = bytearray(value if isinstance(value, bytes) else value.encode())
    raw[at % len(raw)] ^= 1 << bit
    return replace(event, **{column: bytes(raw) if isinstance(value, bytes) else raw.decode()})


@given(chains, st.data())
def test_any_flipped_bit_in_any_column_is_noticed(events: list[Event], draw: st.DataObject) -> None:
    index = draw.draw(st.integers(0, len(events) - 1))
    column = draw.draw(st.sampled_from(COLUMNS))
    try:
        changed = with_a_byte_flipped(
            events[index], column, draw.draw(st.integers(0, 400)), draw.draw(st.integers(0, 7))
        )
    except ValueError:  # no text or no JSON any more: the row cannot be read at all
        return
    assume(isinstance(changed.details, dict))
    assume(changed != events[index])  # such as 1 that became 1.0

    with pytest.raises(LedgerError):
        check([*events[:index], changed, *events[index + 1 :]], events[-1])


@given(chains, st.data())
def test_any_removed_doubled_or_moved_event_is_noticed(events: list[Event], draw: st.DataObject) -> None:
    one, other = draw.draw(st.integers(0, len(events) - 1)), draw.draw(st.integers(0, len(events) - 1))
    moved = events.copy()
    match draw.draw(st.sampled_from(["removed", "doubled", "swapped", "moved to the end"])):
        case "removed":
            del moved[one]
        case "doubled":
            moved.insert(other, events[one])
        case "swapped":
            moved[one], moved[other] = moved[other], moved[one]
        case _:
            moved.append(moved.pop(one))
    assume(moved != events)

    with pytest.raises(LedgerError):
        check(moved, events[-1])


@given(chains, st.data())
def test_any_signature_of_another_event_or_key_is_noticed(events: list[Event], draw: st.DataObject) -> None:
    index = draw.draw(st.integers(0, len(events) - 1))
    others = [event.signature for event in events if event.number != index + 1]
    forged = [b"", bytes(64), events[index].signature[:-1], OTHER_KEY.sign(events[index].content()), *others]
    changed = replace(events[index], signature=draw.draw(st.sampled_from(forged)))

    with pytest.raises(LedgerError):
        check([*events[:index], changed, *events[index + 1 :]], events[-1])


@given(chains, st.data())
def test_any_cut_tail_is_noticed_while_its_end_is_known(events: list[Event], draw: st.DataObject) -> None:
    left = draw.draw(st.integers(0, len(events) - 1))

    with pytest.raises(LedgerError):
        check(events[:left], events[-1])


@given(chains, st.data())
def test_a_cut_tail_is_no_break_in_the_chain_which_is_why_the_end_is_noted(
    events: list[Event], draw: st.DataObject
) -> None:
    """The limit of a chain: without a note of the end nothing is seen."""
    left = draw.draw(st.integers(1, len(events)))

    check(events[:left], events[left - 1])


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(PURPOSES)), min_size=1, max_size=8))
def test_a_whole_chain_of_another_key_is_noticed(steps: list[tuple[str, str]]) -> None:
    events = written(steps, OTHER_KEY)

    with pytest.raises(LedgerError):
        check(events, events[-1])


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_key_only_what_takes_back_can_be_added(kind: str) -> None:
    events = written([("given", "recording")])
    events.append(next_event(events[-1], kind, "recording", START, {UNSIGNED: True}, b"", lambda content: b""))

    if kind in NEEDS_NO_KEY:
        check(events, events[-1])
        assert not consent_state(events, "recording", START).is_given or kind == "erasure_requested"
        return
    with pytest.raises(LedgerError):
        check(events, events[-1])


# On the file, through everything that reads it


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with consents to record and to send, a withdrawal, and a report that is due."""
    folder = tmp_path_factory.mktemp("whole") / "fyraften"
    paths, now = Paths(folder), int(time.time())
    service = Service("Havn A/S", "hr@havn.example", ("duty",), 10, SigningKey(bytes([7]) * 32).public, None)
    with Ledger.open(paths) as ledger:
        server = "http://127.0.0.1:1"
        ledger.give("recording", now - 100, "text", "en", 1)
        ledger.give("duty", now - 90, "text", "en", 1, agreed_service(server, service.public_key))
        ledger.append("withdrawn", "group", now - 80)
        Keys(paths.keys).create("s" * 26)
        enrolments, outbox = Enrolments(ledger.connection), Outbox(ledger.connection)
        enrolments.start("duty", server, service, "s" * 26, "CODE", now - 70)
        enrolments.confirm("s" * 26, None, b"{}", now - 60)
        values = {"screen_rule": "covered", "workplace_check": "done", "equipment_wanted": [], "eye_test_wanted": False}
        item = outbox.prepare(wire.encode("fyraften.duty.monthly/1", {"month": "2026-01", **values}), "s" * 26, now)
        outbox.approve(item.id, now, now - 50)
    return folder


@pytest.fixture
def paths(whole: Path) -> Iterator[Paths]:
    """The same folder at the same place, so that the consent holds there; put back when the test is over."""
    copy = whole.with_name("copy")
    shutil.copytree(whole, copy)
    yield Paths(whole)
    shutil.rmtree(whole)
    copy.rename(whole)


class Clock:
    """The clock of the wall."""

    def now(self) -> int:
        return int(time.time())

    def monotonic(self) -> float:
        return time.monotonic()

    def boottime(self) -> float:
        return time.monotonic()

    def zone(self) -> str:
        return "Europe/Copenhagen"


def tampered(paths: Paths, *statements: str) -> None:
    with closing(sqlite3.connect(paths.ledger)) as connection:
        for name in ("events_stay", "events_remain", "events_follow"):
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def cut_with_its_note(paths: Paths) -> None:
    """Cut the tail and write the note of the end to fit: seen only because a receipt stays."""
    with closing(sqlite3.connect(paths.ledger)) as connection:
        connection.execute("DROP TRIGGER outbox_goes_forward")
        connection.execute("UPDATE outbox SET state = 'receipted', receipt = x'7b7d'")
        connection.commit()


CHANGES: dict[str, Callable[[Paths], Any]] = {
    "time": lambda paths: tampered(paths, "UPDATE events SET at = at + 1 WHERE number = 2"),
    "kind": lambda paths: tampered(paths, "UPDATE events SET kind = 'given' WHERE number = 5"),
    "purpose": lambda paths: tampered(paths, "UPDATE events SET purpose = 'duty' WHERE number = 2"),
    "details": lambda paths: tampered(paths, "UPDATE events SET details = '{}' WHERE number = 2"),
    "hash": lambda paths: tampered(paths, "UPDATE events SET hash = 'x' || substr(hash, 2) WHERE number = 3"),
    "previous": lambda paths: tampered(paths, "UPDATE events SET previous = hash WHERE number = 3"),
    "signature": lambda paths: tampered(paths, "UPDATE events SET signature = zeroblob(64) WHERE number = 4"),
    "swapped signatures": lambda paths: tampered(
        paths,
        "UPDATE events SET signature = (SELECT signature FROM events AS other WHERE other.number = 6 - events.number)"
        " WHERE number IN (2, 4)",
    ),
    "removed": lambda paths: tampered(paths, "DELETE FROM events WHERE number = 2"),
    "doubled": lambda paths: tampered(
        paths,
        "INSERT INTO events SELECT 6, at, kind, purpose, details, previous, hash || '0', signature FROM events "
        "WHERE number = 2",
    ),
    "reordered": lambda paths: tampered(
        paths,
        "UPDATE events SET number = 100 WHERE number = 2",
        "UPDATE events SET number = 2 WHERE number = 3",
        "UPDATE events SET number = 3 WHERE number = 100",
    ),
    "cut tail": lambda paths: tampered(paths, "DELETE FROM events WHERE number = 5"),
    "no ledger": lambda paths: paths.ledger.unlink(),
    "damaged note": lambda paths: (paths.keys / HEAD).write_text("rubbish"),
    "another key": lambda paths: (Keys(paths.keys).remove(LEDGER_KEY), Keys(paths.keys).create(LEDGER_KEY)),
    "no key": lambda paths: Keys(paths.keys).remove(LEDGER_KEY),
    "unknown receipt": cut_with_its_note,
    "rubbish": lambda paths: paths.ledger.write_bytes(b"rubbish" * 1000),
}


def verified(paths: Paths) -> None:
    verify(paths)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_ledger_is_believed_by_nobody(paths: Paths, change: str) -> None:
    CHANGES[change](paths)

    with pytest.raises(AgentError):
        verify(paths)
    with pytest.raises(AgentError):
        Consents(paths, verify=verified).is_given("recording", Clock().now())
    assert tried_to_send(paths) == Outcome()


def tried_to_send(paths: Paths) -> Outcome:
    """Return what sending did; refusing to do anything is nothing done."""
    try:
        return send_due(paths, Clock(), lambda: 0.5)
    except AgentError:
        return Outcome()


def run(paths: Paths, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", *command],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("change", ["signature", "removed", "reordered", "cut tail", "another key"])
def test_the_real_processes_stop_and_say_so_in_one_line(paths: Paths, change: str) -> None:
    CHANGES[change](paths)
    before = names_in(paths)
    for command in (
        ("fyraften_agent.supervisor",),
        ("fyraften_agent.collector",),
        ("fyraften_agent.sender",),
        ("fyraften_agent.cli", "consent", "show"),
        ("fyraften_agent.cli", "outbox", "send"),
    ):
        done = run(paths, *command)

        assert done.returncode == 6, (command, done)
        lines = done.stderr.splitlines()
        assert lines, command
        assert all(line.startswith("fyraften: ") for line in lines), done.stderr
        assert "Nothing is recorded or sent." in lines[0], done.stderr
        assert "Traceback" not in done.stderr
    assert not paths.work.exists()
    assert names_in(paths) == before


def names_in(paths: Paths) -> set[str]:
    """Return the names of all files, but for the empty journal that reading may leave."""
    return {file.name for file in paths.folder.iterdir() if not file.name.endswith("-journal")}


def test_what_is_due_is_sent_while_nothing_was_changed(paths: Paths) -> None:
    """The positive control: the address is asked, where nobody answers."""
    assert tried_to_send(paths) == Outcome(not_reached=1)


def test_where_nothing_notes_the_end_doctor_says_that_a_cut_cannot_be_seen(paths: Paths) -> None:
    (paths.keys / HEAD).unlink()
    tampered(paths, "DELETE FROM events WHERE number = 5")
    checks = json.loads(run(paths, "fyraften_agent.cli", "doctor", "--json").stdout)["checks"]

    assert verify(paths)  # nothing is seen, and that is what doctor has to say
    (end,) = [check for check in checks if check["name"] == "ledger_end"]
    assert end["state"] == "look"
    assert "cannot be seen" in end["text"]
