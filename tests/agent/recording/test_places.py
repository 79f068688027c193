"""Fingerprints of networks, the key they are made with, and when work has moved."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_agent.errors import StoreError
from fyraften_agent.recording.place_key import load_place_key
from fyraften_agent.recording.places import fingerprint, is_other_place

KEY = bytes(range(32))


def test_a_fingerprint_is_hmac_sha256_of_the_identity() -> None:
    # Case 1 of RFC 4231 with its key padded by zeros, which HMAC does by itself.
    key = b"\x0b" * 20 + b"\x00" * 12

    assert fingerprint(key, b"Hi There") == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_one_network_has_one_fingerprint_and_two_have_two(first: bytes, second: bytes) -> None:
    assert (fingerprint(KEY, first) == fingerprint(KEY, second)) == (first == second)


def test_another_laptop_has_another_fingerprint_for_the_same_network() -> None:
    assert fingerprint(KEY, b"router") != fingerprint(b"k" * 32, b"router")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=f"32 bytes, not {length}"):
        fingerprint(b"k" * length, b"router")


@pytest.mark.parametrize(
    ("known", "seen", "place_of_known", "place_of_seen", "moved"),
    [
        ("a", "a", None, None, False),
        ("a", "b", None, None, True),
        ("a", "b", 1, None, True),
        ("a", "b", None, 1, True),
        ("a", "b", 1, 2, True),
        ("a", "b", 1, 1, False),
        ("a", None, 1, None, False),
        (None, "b", None, 1, False),
        (None, None, None, None, False),
    ],
)
def test_work_moves_when_another_place_is_seen(
    known: str | None, seen: str | None, place_of_known: int | None, place_of_seen: int | None, moved: bool
) -> None:
    assert is_other_place(known, seen, place_of_known, place_of_seen) is moved


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    key = load_place_key(folder)

    assert len(key) == 32
    assert load_place_key(folder) == key
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert load_place_key(tmp_path / "others") != key


def test_a_damaged_key_file_says_what_removing_it_means(tmp_path: Path) -> None:
    load_place_key(tmp_path)
    (tmp_path / "places.key").write_bytes(b"short")

    with pytest.raises(StoreError, match="has 5 bytes instead of 32"):
        load_place_key(tmp_path)


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").touch()

    with pytest.raises(StoreError, match="cannot be"):
        load_place_key(tmp_path / "keys")
