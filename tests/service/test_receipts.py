"""The service's key and what it signs."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from fyraften_service.errors import InputError
from fyraften_service.receipts import create_key, envelope, from_text, is_signed_by, load_key, to_text


def test_a_key_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = create_key(tmp_path / "key")

    assert load_key(tmp_path / "key").fingerprint == made.fingerprint
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_an_existing_key_is_never_overwritten(tmp_path: Path) -> None:
    create_key(tmp_path / "key")

    with pytest.raises(FileExistsError):
        create_key(tmp_path / "key")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    create_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)

    with pytest.raises(InputError, match="0600"):
        load_key(tmp_path / "key")


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    other = generate_private_key(65537, 2048)
    (tmp_path / "key").write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "key").chmod(0o600)

    with pytest.raises(InputError, match="another kind"):
        load_key(tmp_path / "key")


@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_a_key_that_is_none_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
        (tmp_path / "key").chmod(0o600)

    with pytest.raises(InputError):
        load_key(tmp_path / "key")


def test_a_receipt_changed_by_one_letter_is_not_signed(tmp_path: Path) -> None:
    key = create_key(tmp_path / "key")
    signed = json.loads(envelope(key, "report", "group", date(2026, 11, 9), {"period": "2026-W45"}))

    assert is_signed_by(key.public_bytes, signed["receipt"], signed["signature"])
    assert not is_signed_by(key.public_bytes, {**signed["receipt"], "period": "2026-W46"}, signed["signature"])
    assert not is_signed_by(key.public_bytes, signed["receipt"], "A" * 86)
    assert not is_signed_by(create_key(tmp_path / "other").public_bytes, signed["receipt"], signed["signature"])


def test_the_same_content_has_the_same_bytes(tmp_path: Path) -> None:
    key = create_key(tmp_path / "key")

    assert len({envelope(key, "report", "group", date(2026, 11, 9), {"a": 1}) for _ in range(3)}) == 1


def test_secrets_for_other_uses_differ_and_show_nowhere(tmp_path: Path) -> None:
    key = create_key(tmp_path / "key")

    assert key.secret("sessions") != key.secret("another")
    assert "rivate" not in repr(key)


@given(st.binary(max_size=100))
def test_base64url_is_read_as_it_was_written(value: bytes) -> None:
    assert from_text(to_text(value)) == value


@pytest.mark.parametrize("text", ["A", "AA==", "A+", "A/", "AB", "æ", "AA\n", " AA"])
def test_base64url_has_one_spelling(text: str) -> None:
    with pytest.raises((ValueError, UnicodeError)):
        from_text(text)
