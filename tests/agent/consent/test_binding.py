"""A consent is bound to the computer, the account and the folder."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import pytest

from fyraften_agent.consent.binding import BOUND_TO, ElsewhereError, binding, check_binding
from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger import Event, next_event

KEY = SigningKey(bytes(32))


def computer(folder: Path, name: str) -> Path:
    """Make the root of a computer whose machine id is ``name``."""
    root = folder / name
    (root / "etc").mkdir(parents=True)
    (root / "etc/machine-id").write_text(f"{name}\n")
    return root


def given(**details: str) -> Event:
    return next_event(None, "given", "recording", 1, details, KEY.public, KEY.sign)


def test_another_computer_folder_or_ledger_is_another_binding(tmp_path: Path) -> None:
    mine, other = computer(tmp_path, "mine"), computer(tmp_path, "other")
    all_different = {
        binding("a", tmp_path, mine),
        binding("a", tmp_path, other),
        binding("a", tmp_path / "x", mine),
        binding("b", tmp_path, mine),
    }

    assert len(all_different) == 4


def test_the_same_folder_by_another_name_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    assert binding("a", tmp_path / "link") == binding("a", tmp_path / "real")


def test_nothing_of_what_it_is_made_of_can_be_read_in_it(tmp_path: Path) -> None:
    hashed = binding("a", tmp_path, computer(tmp_path, "mine"))

    assert (len(hashed), "mine" in hashed) == (64, False)


def test_a_system_without_a_machine_id_still_binds_to_the_folder(tmp_path: Path) -> None:
    assert binding("a", tmp_path, tmp_path) != binding("a", tmp_path / "x", tmp_path)


class Registry:
    """The part of Windows's registry that is asked; there is none here."""

    KEY_READ, KEY_WOW64_64KEY, HKEY_LOCAL_MACHINE = 1, 256, "machine"

    def __init__(self, name: str) -> None:
        self.name = name

    def OpenKey(self, *where: object) -> contextlib.nullcontext[str]:
        assert where == ("machine", r"SOFTWARE\Microsoft\Cryptography", 0, 257)
        return contextlib.nullcontext("opened")

    def QueryValueEx(self, key: str, name: str) -> tuple[str, int]:
        assert (key, name) == ("opened", "MachineGuid")
        return self.name, 1


def test_windows_is_asked_for_the_name_it_keeps_in_its_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    bindings = set()
    for name in ("mine", "other"):
        monkeypatch.setitem(sys.modules, "winreg", Registry(name))  # type: ignore[arg-type]  # it stands for a module
        bindings.add(binding("a", tmp_path, tmp_path))

    assert len(bindings) == 2


def test_a_mac_without_an_answer_still_binds_to_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = binding("a", tmp_path, tmp_path)
    monkeypatch.setattr(sys, "platform", "darwin")

    assert binding("a", tmp_path, tmp_path) == before


def test_a_consent_that_names_no_place_does_not_hold() -> None:
    with pytest.raises(ElsewhereError) as caught:
        check_binding([given()], "recording", "here")

    assert "another computer" in str(caught.value)
    assert "fyraften consent give recording" in str(caught.value)
    assert caught.value.exit_code == 6


def test_the_latest_consent_counts() -> None:
    elsewhere = given(**{BOUND_TO: "elsewhere"})
    here = next_event(elsewhere, "given", "recording", 2, {BOUND_TO: "here"}, KEY.public, KEY.sign)

    check_binding([elsewhere, here], "recording", "here")
    check_binding([elsewhere], "group", "here")
