"""Keys in private files."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fyraften_agent.consent.keys import KeyFileError, Keys, SigningKey, signature_fits


def test_a_key_is_the_same_when_read_again(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    made = keys.create("ledger")

    assert keys.load("ledger").public == made.public


def test_a_key_file_and_its_folder_are_private(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    keys.create("ledger")

    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "ledger.key").stat().st_mode) == 0o600


def test_looking_for_a_key_creates_nothing(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")

    assert not keys.exists("ledger")
    with pytest.raises(KeyFileError, match="missing"):
        keys.load("ledger")
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    made = keys.create("ledger")

    with pytest.raises(KeyFileError, match="exists"):
        keys.create("ledger")
    assert keys.load("ledger").public == made.public


def test_a_key_others_can_read_is_refused(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    keys.create("ledger")
    (tmp_path / "ledger.key").chmod(0o640)

    with pytest.raises(KeyFileError, match="other users"):
        keys.load("ledger")


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_key_of_another_length_is_damaged(tmp_path: Path, content: bytes) -> None:
    keys = Keys(tmp_path)
    keys.create("ledger")
    (tmp_path / "ledger.key").write_bytes(content)

    with pytest.raises(KeyFileError, match="damaged"):
        keys.load("ledger")


def test_two_keys_are_two_keys(tmp_path: Path) -> None:
    keys = Keys(tmp_path)

    assert keys.create("one").public != keys.create("two").public


def test_a_signature_fits_its_bytes_and_key_only() -> None:
    key, other = SigningKey(bytes(32)), SigningKey(bytes([1]) * 32)
    signature = key.sign(b"words")

    assert signature_fits(key.public, signature, b"words")
    assert not signature_fits(key.public, signature, b"other words")
    assert not signature_fits(other.public, signature, b"words")
    assert not signature_fits(b"short", signature, b"words")


def test_a_key_does_not_show_itself() -> None:
    seed = bytes(range(32))

    assert seed.hex() not in repr(SigningKey(seed))
    assert str(seed) not in repr(SigningKey(seed))
