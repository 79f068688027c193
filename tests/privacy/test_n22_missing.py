"""N22: where a protection is missing, nothing takes its place silently: keyring, encrypted connection, sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from e2e.test_leaving_egress import prepared
from fyraften_agent.consent.keys import LEDGER_KEY, KeyringGoneError, Keys
from fyraften_agent.consent.ledger_store import KEY_KEPT_IN, Ledger
from fyraften_agent.errors import InputError
from fyraften_agent.paths import Paths
from fyraften_agent.sandbox.sandbox import offered
from fyraften_agent.sending.transport import check_address
from fyraften_agent.verify_ledger import verify
from lying_server import LyingServer, answer, says
from real_keyring import needs_keyring, real_keyring

WEAK_KERNEL = Path(__file__).parents[1] / "e2e" / "weak_kernel.py"
SESSION = ("DBUS_SESSION_BUS_ADDRESS", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")


def give(paths: Paths) -> None:
    with Ledger.open(paths) as ledger:
        ledger.give("recording", int(time.time()) - 60, "text", "en", 1)


@needs_keyring
def test_a_keyring_that_is_gone_is_told_and_no_key_is_written_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path / "agent")
    with real_keyring(tmp_path) as keyring:
        for name in SESSION:
            monkeypatch.setenv(name, keyring.environ[name])
        give(paths)
        before = {file.name: file.read_bytes() for file in paths.keys.iterdir()}
        keyring.stop()

        with pytest.raises(KeyringGoneError, match="Nothing is sent without"):
            Keys(paths.keys).load_or_create(LEDGER_KEY)

    assert {file.name: file.read_bytes() for file in paths.keys.iterdir()} == before
    assert "ledger.key" not in before


def test_without_any_keyring_it_is_noted_where_the_key_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    paths = Paths(tmp_path / "agent")
    give(paths)

    assert (paths.keys / "ledger.key").stat().st_mode & 0o077 == 0
    assert {event.details.get(KEY_KEPT_IN) for event in verify(paths)} - {None} == {"file"}


@pytest.mark.parametrize("address", ["http://havn.example", "http://192.0.2.1:8080", "ftp://havn.example"])
def test_without_an_encrypted_connection_nothing_is_agreed_to(address: str) -> None:
    assert check_address("https://havn.example") == "https://havn.example"

    with pytest.raises(InputError):
        check_address(address)


@pytest.mark.skipif(offered() < (6, True), reason=f"this kernel offers less than is tried here: {offered()}")
@pytest.mark.parametrize("missing", ["landlock", "seccomp"])
def test_without_a_sandbox_it_is_told_and_noted_in_the_ledger(tmp_path: Path, missing: str) -> None:
    with LyingServer(says(answer(200, b"{}"))) as service:
        paths = prepared(tmp_path, service.url)
        done = subprocess.run(
            [sys.executable, str(WEAK_KERNEL), missing, sys.executable, "-P", "-m", "fyraften_agent.sender"],
            env={**os.environ, "FYRAFTEN_HOME": str(paths.folder)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        lacking = json.loads(done.stdout)["lacking"]

    assert lacking != []
    assert [event.details["lacking"] for event in verify(paths) if event.details.get("about") == "sandbox"] == [lacking]
