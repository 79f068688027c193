"""The ledger in its file: what is written stays, what was tampered with is noticed, looking creates nothing."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from fyraften_agent.consent import ledger_store
from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger import Event, LedgerError
from fyraften_agent.consent.ledger_file import open_ledger, open_to_read, transaction
from fyraften_agent.consent.ledger_store import HEAD, Consents, Ledger
from fyraften_agent.errors import StoreError
from fyraften_agent.paths import Paths
from fyraften_agent.verify_ledger import verify

NOW = 1_767_600_000


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "fyraften")


def give(paths: Paths, purpose: str = "recording", at: int = NOW) -> None:
    with Ledger.open(paths) as ledger:
        ledger.give(purpose, at, "What is recorded: times.", "en", 1)


def withdraw_and_fail(ledger: Ledger) -> None:
    with transaction(ledger.connection):
        ledger.append("withdrawn", "recording", NOW + 1)
        raise ZeroDivisionError


def tamper(paths: Paths, statement: str) -> None:
    """Change the file as somebody would who knows SQLite: without the triggers."""
    with closing(sqlite3.connect(paths.ledger)) as connection:
        for name in ("events_stay", "events_remain", "events_follow"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        connection.commit()


def test_reading_where_nothing_is_creates_nothing(paths: Paths) -> None:
    assert Consents(paths).state("recording", NOW).state == "none"
    assert open_to_read(paths.ledger) is None
    assert verify(paths) == []
    assert not paths.folder.exists()


def test_a_consent_given_is_seen_by_a_reader(paths: Paths) -> None:
    give(paths)

    assert Consents(paths).is_given("recording", NOW + 1)
    assert not Consents(paths).is_given("group", NOW + 1)


def test_a_reader_sees_a_withdrawal_by_another_process_at_once(paths: Paths) -> None:
    give(paths)
    consents = Consents(paths)
    assert consents.is_given("recording", NOW + 1)
    with Ledger.open(paths) as ledger:
        ledger.append("withdrawn", "recording", NOW + 2)

    assert consents.state("recording", NOW + 3).state == "withdrawn"


def test_an_unchanged_file_is_not_read_again(paths: Paths) -> None:
    reads: list[Paths] = []
    give(paths)
    consents = Consents(paths, verify=reads.append)
    for second in range(100):
        consents.is_given("recording", NOW + second)

    assert len(reads) == 1


def test_a_failed_verification_is_not_forgotten_at_the_next_look(paths: Paths) -> None:
    def refuse(_paths: Paths) -> None:
        raise LedgerError(1, "was not signed by this ledger's key.")

    give(paths)
    consents = Consents(paths, verify=refuse)

    for _ in range(3):
        with pytest.raises(LedgerError):
            consents.is_given("recording", NOW)


def test_the_files_are_private(paths: Paths) -> None:
    give(paths)

    assert stat.S_IMODE(paths.folder.stat().st_mode) == 0o700
    for file in [paths.ledger, *paths.keys.iterdir()]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file


def test_what_was_agreed_to_can_be_read_again(paths: Paths) -> None:
    give(paths)
    with Ledger.open(paths) as ledger:
        event = ledger.events()[-1]

        assert ledger.text(event.details["text_sha256"]) == "What is recorded: times."
        assert (event.details["language"], event.details["wire_version"]) == ("en", 1)


def test_showing_comes_before_agreeing(paths: Paths) -> None:
    give(paths)
    with Ledger.open(paths) as ledger:
        assert [event.kind for event in ledger.events()] == ["notice_shown", "given"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind = 'refused' WHERE number = 1",
        "DELETE FROM events WHERE number = 2",
        "INSERT INTO events SELECT 9, at, kind, purpose, details, previous, 'x', signature FROM events",
        "INSERT INTO events SELECT 1, at, kind, purpose, details, previous, 'x', signature FROM events",
    ],
)
def test_the_database_itself_refuses_to_change_history(paths: Paths, statement: str) -> None:
    give(paths)
    with closing(sqlite3.connect(paths.ledger)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE events SET at = at + 1 WHERE number = 1", 1),
        ("UPDATE events SET kind = 'given' WHERE number = 3", 3),
        ("UPDATE events SET details = '{\"wire_version\":7}' WHERE number = 2", 2),
        ("UPDATE events SET details = 'not json' WHERE number = 2", 2),
        ("UPDATE events SET number = 10 - number", 1),
        ("DELETE FROM events WHERE number = 1", 1),
        ("DELETE FROM events WHERE number = 3", 3),
    ],
)
def test_tampering_is_noticed_and_named(paths: Paths, statement: str, number: int) -> None:
    give(paths)
    with Ledger.open(paths) as ledger:
        ledger.append("withdrawn", "recording", NOW + 5)
    consents = Consents(paths)
    consents.is_given("recording", NOW + 6)
    tamper(paths, statement)

    for reader in (Consents(paths), consents):
        with pytest.raises(LedgerError) as caught:
            reader.is_given("recording", NOW + 6)
        assert caught.value.number == number


def test_an_older_copy_put_back_does_not_undo_a_withdrawal(paths: Paths) -> None:
    give(paths)
    copy = paths.ledger.read_bytes()
    with Ledger.open(paths) as ledger:
        ledger.append("withdrawn", "recording", NOW + 5)
    paths.ledger.write_bytes(copy)

    with pytest.raises(LedgerError) as caught:
        Consents(paths).is_given("recording", NOW + 6)
    assert caught.value.number == 3


def test_an_event_that_another_process_adds_meanwhile_is_no_gap(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    give(paths)
    read = ledger_store.read_events

    def overtaken(connection: sqlite3.Connection) -> list[Event]:
        events = read(connection)
        monkeypatch.setattr(ledger_store, "read_events", read)
        other.append("withdrawn", "recording", NOW + 1)
        return events

    with Ledger.open(paths) as ledger, Ledger.open(paths) as other:
        monkeypatch.setattr(ledger_store, "read_events", overtaken)

        assert [event.number for event in ledger.events()] == [1, 2]
        assert [event.number for event in ledger.events()] == [1, 2, 3]


def test_a_removed_ledger_is_noticed_while_its_keys_are_there(paths: Paths) -> None:
    give(paths)
    paths.ledger.unlink()

    with pytest.raises(LedgerError):
        Consents(paths).is_given("recording", NOW)


def test_a_damaged_head_is_an_error(paths: Paths) -> None:
    give(paths)
    (paths.keys / HEAD).write_text("rubbish", encoding="ascii")

    with pytest.raises(LedgerError):
        Consents(paths).is_given("recording", NOW)


def test_two_that_write_at_the_same_time_stand_in_nobodys_way(paths: Paths) -> None:
    """The note of the end, too, is each one's own until it is in its place."""
    give(paths)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from fyraften_agent.consent.ledger_store import Ledger\n"
        "from fyraften_agent.paths import Paths\n"
        "with Ledger.open(Paths(Path(sys.argv[1]))) as ledger:\n"
        "    sys.stdin.readline()\n"
        "    for _ in range(60): ledger.append('policy_seen', 'duty', 1_790_000_000)\n"
    )
    command = [sys.executable, "-c", program, str(paths.folder)]
    writers = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    said = [writer.communicate(timeout=60)[1] for writer in writers]

    assert [(writer.returncode, words[-300:]) for writer, words in zip(writers, said, strict=True)] == [(0, "")] * 3
    assert len(verify(paths)) == 2 + 3 * 60
    assert not list(paths.keys.glob(".ledger*"))


def test_a_writer_killed_in_the_middle_is_undone_by_the_next_reader(paths: Paths) -> None:
    give(paths)
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from fyraften_agent.consent.ledger_file import open_ledger\n"
        "connection = open_ledger(Path(sys.argv[1]))\n"
        "connection.execute('PRAGMA cache_size = 1')\n"
        "connection.execute('BEGIN IMMEDIATE')\n"
        "connection.execute('UPDATE texts SET text = ?', ('x' * 500_000,))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, str(paths.ledger)], check=False)
    assert paths.ledger.with_name("ledger.sqlite3-journal").stat().st_size > 0  # it was in the middle

    assert Consents(paths).is_given("recording", NOW + 1)
    with Ledger.open(paths) as ledger:
        assert ledger.text(ledger.events()[-1].details["text_sha256"]) == "What is recorded: times."


def test_a_connection_for_reading_cannot_write(paths: Paths) -> None:
    give(paths)
    connection = open_to_read(paths.ledger)
    assert connection is not None
    with closing(connection), pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM texts")


def test_a_file_that_is_no_database_says_so(paths: Paths) -> None:
    give(paths)
    paths.ledger.write_bytes(b"not a database, " * 300)

    with pytest.raises(StoreError) as caught:
        Consents(paths).is_given("recording", NOW)
    assert caught.value.trouble == "damaged"


def test_a_ledger_held_by_another_program_says_locked(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fyraften_agent.consent.ledger_file._WAIT_SECONDS", 0.01)
    give(paths)
    with closing(sqlite3.connect(paths.ledger, isolation_level=None)) as other, Ledger.open(paths) as ledger:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError) as caught:
            ledger.append("withdrawn", "recording", NOW + 1)

    assert caught.value.trouble == "locked"


def test_a_ledger_of_a_newer_version_is_left_alone(paths: Paths) -> None:
    give(paths)
    with closing(sqlite3.connect(paths.ledger)) as connection:
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreError, match="version"):
        Consents(paths).is_given("recording", NOW)
    with pytest.raises(StoreError, match="another version"):
        open_ledger(paths.ledger)


def test_the_demonstrations_events_are_worth_nothing_in_a_file(paths: Paths) -> None:
    with Ledger.open(paths) as ledger:
        marked = Ledger(ledger.connection, SigningKey(bytes(32)), marks={"demo": True})
        marked.give("recording", NOW, "demo", "en", 1)

    with pytest.raises(LedgerError, match="demonstration"):
        Consents(paths).is_given("recording", NOW)


def test_a_ledger_in_memory_leaves_no_file(tmp_path: Path) -> None:
    with Ledger(open_ledger(None), SigningKey(bytes(32)), marks={"demo": True}) as ledger:
        ledger.give("recording", NOW, "demo", "en", 1)

        assert ledger.state("recording", NOW).is_given
    assert list(tmp_path.iterdir()) == []


def test_a_failed_step_leaves_nothing_behind(paths: Paths) -> None:
    give(paths)
    with Ledger.open(paths) as ledger:
        with pytest.raises(ZeroDivisionError):
            withdraw_and_fail(ledger)

        assert ledger.state("recording", NOW + 2).is_given
    assert Consents(paths).is_given("recording", NOW + 2)


def test_writing_and_reading_do_not_widen_an_existing_folder(paths: Paths) -> None:
    paths.folder.mkdir(mode=0o755, parents=True)
    os.chmod(paths.folder, 0o755)
    give(paths)

    assert stat.S_IMODE(paths.folder.stat().st_mode) == 0o700
