"""Keys in a real keyring: there, gone, locked, moved from files; and stores that keep nothing safe are not taken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from agent_records import FixedClock
from command_line import CommandLine
from fyraften_agent.consent import system_keyring
from fyraften_agent.consent.keys import IN_FILE, LEDGER_KEY, KeyFileError, KeyringGoneError, Keys, SigningKey
from fyraften_agent.consent.ledger import UNSIGNED, LedgerError
from fyraften_agent.consent.ledger_head import HEAD
from fyraften_agent.consent.ledger_set_aside import set_ledger_aside
from fyraften_agent.consent.ledger_store import KEY_KEPT_IN, KEY_MOVED_TO, Consents, Ledger
from fyraften_agent.consent.system_keyring import SECRET_SERVICE, KeyringError, KeyringLockedError
from fyraften_agent.paths import Paths
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.outbox import Outbox
from fyraften_agent.verify_ledger import verify, verify_in_process
from fyraften_policy import wire
from real_keyring import RealKeyring, needs_keyring, real_keyring

pytestmark = needs_keyring
NOW = 1_767_600_000


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealKeyring]:
    with real_keyring(tmp_path) as keyring:
        for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, keyring.environ[name])
        yield keyring


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "fyraften")


def give(paths: Paths, at: int = NOW) -> None:
    with Ledger.open(paths) as ledger:
        ledger.give("recording", at, "text", "en", 1)


def give_with_a_file(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give consent as on a computer without a keyring."""
    with monkeypatch.context() as without:
        without.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        give(paths)


def doctor(paths: Paths, name: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "fyraften_agent.cli", "doctor", "--json"],
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return " ".join(check["text"] for check in json.loads(done.stdout)["checks"] if check["name"] == name)


def test_a_key_is_made_in_the_keyring_and_no_file_holds_it(keyring: RealKeyring, paths: Paths) -> None:
    give(paths)
    keys = Keys(paths.keys)

    assert keys.kept_in(LEDGER_KEY) == SECRET_SERVICE
    assert [event.details.get(KEY_KEPT_IN) for event in verify(paths)] == [None, SECRET_SERVICE]
    assert sorted(file.name for file in paths.keys.iterdir()) == [HEAD, "ledger.kept"]
    assert keys.load(LEDGER_KEY).public == keys.public(LEDGER_KEY)
    assert Consents(paths, verify=verify_in_process).is_given("recording", NOW + 1)


def test_what_the_keyring_keeps_on_the_disk_is_not_the_key_in_clear(keyring: RealKeyring, tmp_path: Path) -> None:
    seed = "5e" * 32
    found = system_keyring.system_keyring()
    assert found is not None
    found.put("canary", seed)

    assert found.get("canary") == seed
    assert keyring.files()
    assert seed.encode() not in keyring.files()
    assert bytes.fromhex(seed) not in keyring.files()


def test_a_key_in_the_keyring_is_there_after_logging_out_and_in(keyring: RealKeyring, paths: Paths) -> None:
    give(paths)
    before = Keys(paths.keys).load(LEDGER_KEY).public
    keyring.stop()
    keyring.start()

    assert Keys(paths.keys).load(LEDGER_KEY).public == before


@pytest.mark.parametrize("gone", ["stopped", "no bus", "locked"])
def test_a_keyring_that_is_gone_is_told_and_nothing_takes_its_place(
    keyring: RealKeyring, paths: Paths, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    give(paths)
    lose(keyring, monkeypatch, gone)
    before = sorted(file.name for file in paths.keys.iterdir())

    with pytest.raises(KeyringGoneError, match="Nothing is sent without"):
        Ledger.open(paths)
    with pytest.raises(KeyringGoneError):
        Keys(paths.keys).load_or_create(LEDGER_KEY)
    assert sorted(file.name for file in paths.keys.iterdir()) == before
    assert "Nothing is sent without" in doctor(paths, "keys")
    # Recording needs no key: what was agreed to is still signed, and the public key is known.
    assert Consents(paths, verify=verify_in_process).is_given("recording", NOW + 1)


@pytest.mark.parametrize("gone", ["stopped", "no bus", "locked"])
def test_consent_is_taken_back_without_the_keyring(
    keyring: RealKeyring, paths: Paths, monkeypatch: pytest.MonkeyPatch, person_at: CommandLine, gone: str
) -> None:
    give(paths)
    lose(keyring, monkeypatch, gone)
    done = person_at.run("consent", "withdraw", "recording")

    assert done.code == 0, done
    assert not Consents(paths, verify=verify_in_process).is_given("recording", NOW + 60)
    assert verify(paths)[-1].details[UNSIGNED] is True
    assert verify(paths)[-1].signature == b""
    assert "not signed: the key could not be had then" in person_at.run("consent", "show").out
    assert "Entries without a signature, which only take back: 1." in doctor(paths, "ledger")
    file = str(paths.folder.parent / "consents.json")
    assert person_at.run("consent", "export", file).code == 0
    assert "Not signed, as they only take back: 1." in person_at.run("consent", "verify", file).out


def due_report(paths: Paths) -> None:
    """Agree to sending, take part at an address where nobody is, and approve a report that is due."""
    now = int(time.time())
    service = Service("Havn A/S", "hr@havn.example", ("duty",), 10, SigningKey(bytes([7]) * 32).public, None)
    values = {"screen_rule": "covered", "workplace_check": "done", "equipment_wanted": [], "eye_test_wanted": False}
    with Ledger.open(paths) as ledger:
        ledger.give("recording", now - 60, "text", "en", 1)
        ledger.give("duty", now - 60, "text", "en", 1, agreed_service("http://127.0.0.1:1", service.public_key))
        Keys(paths.keys).create("s" * 26)
        enrolments, outbox = Enrolments(ledger.connection), Outbox(ledger.connection)
        enrolments.start("duty", "http://127.0.0.1:1", service, "s" * 26, "CODE", now)
        enrolments.confirm("s" * 26, None, b"{}", now)
        item = outbox.prepare(wire.encode("fyraften.duty.monthly/1", {"month": "2026-01", **values}), "s" * 26, now)
        outbox.approve(item.id, now, now)


def start(paths: Paths, module: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", f"fyraften_agent.{module}"],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("gone", ["stopped", "no bus", "locked"])
def test_the_real_sender_sends_nothing_without_the_keyring_and_goes_on_when_it_is_back(
    keyring: RealKeyring, paths: Paths, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    due_report(paths)
    before = paths.ledger.read_bytes()
    with monkeypatch.context() as away:
        lose(keyring, away, gone)
        done = start(paths, "sender")

        assert done.returncode == 6, done
        assert "Nothing is sent without it" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert start(paths, "verify_ledger").returncode == 0  # what the supervisor asks before recording
        shown = CommandLine(paths, FixedClock("2026-01-05T09:01")).run("status")
        assert "Nothing is sent without it" in shown.out
    assert paths.ledger.read_bytes() == before
    if gone != "no bus":
        keyring.stop()
        keyring.start()
    assert start(paths, "sender").returncode == 7  # it asked, and nobody is at that address


def test_a_process_that_remembered_its_keys_needs_the_keyring_no_more(
    keyring: RealKeyring, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(paths)
    Keys(paths.keys).create("subject")
    keys = Keys(paths.keys)
    keys.remember()
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")

    assert keys.load("subject").public == keys.public("subject")
    assert not keys.remove("subject")  # it is still there, and said to be
    assert Keys(paths.keys).exists("subject")


def test_agreeing_says_where_the_key_is_kept(keyring: RealKeyring, paths: Paths) -> None:
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "fyraften_agent.cli", "consent", "give", "recording"],
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder), "LC_ALL": "C.UTF-8"},
        encoding="utf-8",
        timeout=30,
        dimensions=(200, 160),
    )
    terminal.expect(r"type the word (\w+) and press")
    terminal.sendline(str(terminal.match[1]))
    terminal.expect(pexpect.EOF)

    assert "The keys are kept in the system's keyring (Secret Service)." in (terminal.before or "")
    terminal.close()
    assert terminal.exitstatus == 0


def test_a_locked_keyring_is_told_before_anything_is_read_or_typed(keyring: RealKeyring, paths: Paths) -> None:
    keyring.stop()
    keyring.start(unlocked=False)
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "fyraften_agent.cli", "consent", "give", "recording"],
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder), "LC_ALL": "C.UTF-8"},
        encoding="utf-8",
        timeout=30,
        dimensions=(200, 160),
    )
    terminal.expect(pexpect.EOF)

    assert "is locked. Unlock it" in (terminal.before or "")
    assert "type the word" not in (terminal.before or "")
    terminal.close()
    assert terminal.exitstatus == 6
    assert not paths.folder.exists()


def test_after_an_unsigned_withdrawal_the_ledger_goes_on_with_its_key(
    keyring: RealKeyring, paths: Paths, monkeypatch: pytest.MonkeyPatch, person_at: CommandLine
) -> None:
    give(paths)
    with monkeypatch.context() as away:
        away.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        person_at.run("consent", "withdraw", "recording")
    give(paths, NOW + 120)

    assert [event.kind for event in verify(paths)] == ["notice_shown", "given", "withdrawn", "notice_shown", "given"]
    assert Consents(paths, verify=verify_in_process).is_given("recording", NOW + 121)


def lose(keyring: RealKeyring, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    if how == "no bus":
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
        return
    keyring.stop()
    if how == "locked":
        keyring.start(unlocked=False)


@pytest.fixture
def person_at(paths: Paths) -> CommandLine:
    return CommandLine(paths, FixedClock("2026-01-05T09:01"))


def test_a_locked_keyring_makes_no_key_elsewhere(
    keyring: RealKeyring, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose(keyring, monkeypatch, "locked")

    with pytest.raises(KeyringLockedError, match="Unlock it"):
        Ledger.open(paths)
    assert not paths.keys.exists()


def test_without_a_keyring_the_key_is_in_a_file_and_it_is_said(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    give_with_a_file(paths, monkeypatch)

    assert Keys(paths.keys).kept_in(LEDGER_KEY) == IN_FILE
    assert verify(paths)[-1].details[KEY_KEPT_IN] == IN_FILE
    assert "not in the system's keyring" in doctor(paths, "keys")


def test_keys_in_files_move_into_the_keyring_at_the_next_signing(
    keyring: RealKeyring, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_with_a_file(paths, monkeypatch)
    Keys.in_files(paths.keys).create("a" * 26)
    (paths.keys / "places.key").write_bytes(bytes(32))
    before = {name: Keys(paths.keys).load(name).public for name in (LEDGER_KEY, "a" * 26)}
    with Ledger.open(paths) as ledger:
        event = ledger.append("notice_shown", "recording", NOW + 10)

    assert event.details[KEY_MOVED_TO] == SECRET_SERVICE
    assert {name: Keys(paths.keys).load(name).public for name in before} == before
    assert [file.name for file in paths.keys.glob("*.key")] == ["places.key"]  # what the collector needs every time
    assert verify(paths)[-1] == event


def test_a_move_that_was_cut_short_is_ended_the_next_time(keyring: RealKeyring, paths: Paths) -> None:
    give(paths)
    found = system_keyring.system_keyring()
    kept = Keys(paths.keys).kept(LEDGER_KEY)
    assert found is not None
    assert kept is not None
    seed = bytes.fromhex(found.get(kept.entry) or "")
    (paths.keys / "ledger.key").write_bytes(seed)
    (paths.keys / "ledger.key").chmod(0o600)
    give(paths, NOW + 5)

    assert not (paths.keys / "ledger.key").exists()


def test_another_key_laid_beside_is_not_taken_and_not_removed(keyring: RealKeyring, paths: Paths) -> None:
    give(paths)
    (paths.keys / "ledger.key").write_bytes(bytes(32))
    (paths.keys / "ledger.key").chmod(0o600)

    assert Keys(paths.keys).load(LEDGER_KEY).public != SigningKey(bytes(32)).public
    give(paths, NOW + 5)
    assert (paths.keys / "ledger.key").exists()
    assert verify(paths)[-1].kind == "given"


def test_an_entry_that_was_removed_from_the_keyring_is_gone(keyring: RealKeyring, paths: Paths) -> None:
    give(paths)
    found, kept = system_keyring.system_keyring(), Keys(paths.keys).kept(LEDGER_KEY)
    assert found is not None
    assert kept is not None
    found.remove(kept.entry)

    with pytest.raises(KeyringGoneError):
        Ledger.open(paths)


def test_another_key_in_the_entry_is_noticed(keyring: RealKeyring, paths: Paths) -> None:
    give(paths)
    found, kept = system_keyring.system_keyring(), Keys(paths.keys).kept(LEDGER_KEY)
    assert found is not None
    assert kept is not None
    found.put(kept.entry, "00" * 32)

    with pytest.raises(KeyFileError, match="another key"):
        Keys(paths.keys).load(LEDGER_KEY)
    with pytest.raises(LedgerError, match="another key"):
        verify(paths)


def test_a_removed_key_leaves_nothing_in_the_keyring(keyring: RealKeyring, paths: Paths) -> None:
    Keys(paths.keys).create("subject")
    found, kept = system_keyring.system_keyring(), Keys(paths.keys).kept("subject")
    assert found is not None
    assert kept is not None
    Keys(paths.keys).remove("subject")

    assert found.get(kept.entry) is None
    assert not Keys(paths.keys).exists("subject")


def test_a_cut_tail_is_noticed_by_the_keyring_though_the_file_beside_it_was_cut_along(
    keyring: RealKeyring, paths: Paths
) -> None:
    give(paths)
    ledger, head = paths.ledger.read_bytes(), (paths.keys / HEAD).read_bytes()
    with Ledger.open(paths) as opened:
        opened.append("withdrawn", "recording", NOW + 5)
    paths.ledger.write_bytes(ledger)
    (paths.keys / HEAD).write_bytes(head)

    for check in (verify, verify_in_process):
        with pytest.raises(LedgerError) as caught:
            check(paths)
        assert caught.value.number == 3


def test_an_event_added_while_the_keyring_is_asked_is_no_gap(
    keyring: RealKeyring, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(paths)
    load = Keys.load

    def overtaken(keys: Keys, name: str) -> SigningKey:
        with monkeypatch.context() as other:
            other.setattr(Keys, "load", load)
            with Ledger.open(paths) as opened:
                opened.append("withdrawn", "recording", NOW + 5)
        return load(keys, name)

    monkeypatch.setattr(Keys, "load", overtaken)

    assert len(verify(paths)) == 2
    with Ledger.open(paths) as opened:
        assert len(opened.events()) == 4


def test_stores_that_keep_in_clear_or_nothing_are_not_taken(
    keyring: RealKeyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the library ``keyring`` would take by its variables and its file, and what a package could bring along."""
    (tmp_path / "python_keyring").mkdir()
    (tmp_path / "python_keyring" / "keyringrc.cfg").write_text(
        "[backend]\ndefault-keyring=keyring.backends.null.Keyring\n"
    )
    program = (
        "import sys\n"
        "from fyraften_agent.consent.system_keyring import system_keyring\n"
        "found = system_keyring()\n"
        "print(found and found.name, 'keyring' in sys.modules)\n"
    )
    wishes = {
        "XDG_CONFIG_HOME": str(tmp_path),
        "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring",
        "KEYRING_PROPERTY_PREFERRED_COLLECTION": "/org/freedesktop/secrets/collection/session",
    }
    for address, expected in (
        (keyring.environ["DBUS_SESSION_BUS_ADDRESS"], "Secret Service False"),
        ("unix:path=/nowhere/bus", "None False"),
    ):
        environ = {**os.environ, **wishes, "DBUS_SESSION_BUS_ADDRESS": address}
        done = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, timeout=60)

        assert done.stdout.strip() == expected, done


def test_a_keyring_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(system_keyring, "_ANSWER_SECONDS", 0.05)
    with pytest.raises(KeyringError, match="did not answer"):
        system_keyring._within(0.05, "Test", threading.Event().wait)


def test_a_ledger_that_is_set_aside_takes_the_note_of_its_key_along(keyring: RealKeyring, paths: Paths) -> None:
    give(paths)
    before = Keys(paths.keys).public(LEDGER_KEY)
    set_ledger_aside(paths, NOW + 10)
    give(paths, NOW + 20)

    assert Keys(paths.keys).public(LEDGER_KEY) != before
    assert Keys(paths.keys).names() == [LEDGER_KEY]
    assert [event.kind for event in verify(paths)] == ["notice_shown", "given"]


def test_two_folders_of_one_account_do_not_share_their_keys(keyring: RealKeyring, tmp_path: Path) -> None:
    one, other = Keys(tmp_path / "one"), Keys(tmp_path / "other")

    assert one.create(LEDGER_KEY).public != other.create(LEDGER_KEY).public
    assert one.load(LEDGER_KEY).public != other.load(LEDGER_KEY).public


def test_a_demonstration_leaves_nothing_in_the_keyring(keyring: RealKeyring, tmp_path: Path) -> None:
    Keys.in_files(tmp_path / "demo").create(LEDGER_KEY)

    assert Keys(tmp_path / "demo").kept_in(LEDGER_KEY) == IN_FILE
