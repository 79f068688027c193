"""What the file system says of the agent's files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fyraften_agent.files.disk import is_encrypted, own_files


def device_of(folder: Path, root: Path) -> Path:
    number = folder.stat().st_dev
    device = root / f"sys/dev/block/{os.major(number)}:{os.minor(number)}"
    device.mkdir(parents=True)
    return device


def mapper(device: Path, uuid: str) -> None:
    (device / "dm").mkdir(parents=True)
    (device / "dm/uuid").write_text(uuid, encoding="ascii")


def test_every_file_is_found_with_size_and_privacy(tmp_path: Path) -> None:
    folder = tmp_path / "fyraften"
    (folder / "keys").mkdir(parents=True)
    for path in (folder, folder / "keys"):
        path.chmod(0o700)
    (folder / "work").write_bytes(b"12345")
    (folder / "work").chmod(0o600)
    (folder / "keys/one").write_bytes(b"1")
    (folder / "keys/one").chmod(0o640)

    found = {str(each.path.relative_to(tmp_path)): (each.size, each.is_private) for each in own_files(folder)}

    assert found == {
        "fyraften": (0, True),
        "fyraften/keys": (0, True),
        "fyraften/keys/one": (1, False),
        "fyraften/work": (5, True),
    }


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert own_files(tmp_path / "none") == []


@pytest.mark.parametrize(("uuid", "answer"), [("CRYPT-LUKS2-1", True), ("LVM-abc", False)])
def test_a_device_says_itself_whether_it_is_encrypted(tmp_path: Path, uuid: str, answer: bool) -> None:
    mapper(device_of(tmp_path, tmp_path / "root"), uuid)

    assert is_encrypted(tmp_path, tmp_path / "root") is answer


def test_a_volume_on_an_encrypted_device_is_encrypted(tmp_path: Path) -> None:
    device = device_of(tmp_path, tmp_path / "root")
    mapper(device, "LVM-abc")
    mapper(device / "slaves/dm-0", "CRYPT-LUKS2-1")

    assert is_encrypted(tmp_path, tmp_path / "root") is True


def test_a_volume_that_is_partly_encrypted_is_not(tmp_path: Path) -> None:
    device = device_of(tmp_path, tmp_path / "root")
    mapper(device, "LVM-abc")
    mapper(device / "slaves/dm-0", "CRYPT-LUKS2-1")
    (device / "slaves/sdb1").mkdir()

    assert is_encrypted(tmp_path, tmp_path / "root") is False


def test_a_device_the_system_does_not_show_is_not_known(tmp_path: Path) -> None:
    assert is_encrypted(tmp_path, tmp_path / "root") is None


def test_a_file_that_is_not_made_yet_is_judged_by_the_folder_it_will_be_in(tmp_path: Path) -> None:
    mapper(device_of(tmp_path, tmp_path / "root"), "CRYPT-LUKS2-1")

    assert is_encrypted(tmp_path / "not/yet", tmp_path / "root") is True
