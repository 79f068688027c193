"""The full copy as bytes: what comes back, and what is no copy, in whichever way it is damaged."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable

import pytest

from fyraften_agent.exchange.archive import (
    MANIFEST,
    RECORDS,
    ArchiveError,
    Copy,
    archive_bytes,
    json_bytes,
    read_archive,
)

MADE_AT = 1_795_000_000
TABLES = {"sessions": [{"start": number, "label": f"x{number * 7919 % 1000}"} for number in range(300)]}
GOOD = archive_bytes({RECORDS: json_bytes(TABLES)}, MADE_AT)


def is_refused(content: bytes) -> bool:
    """Say whether it is refused as no full copy."""
    try:
        read_archive(content)
    except ArchiveError:
        return True
    return False


def packed(method: int, files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return written.getvalue()


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_copy_comes_back_as_it_was() -> None:
    assert read_archive(GOOD) == Copy("2026-11-18T11:06:40Z", TABLES)


def test_it_comes_back_after_somebody_packed_it_again() -> None:
    assert read_archive(packed(zipfile.ZIP_STORED, files_of(GOOD))).tables == TABLES


def test_a_copy_that_is_cut_short_anywhere_is_refused() -> None:
    assert all(is_refused(GOOD[:length]) for length in range(len(GOOD)))


@pytest.mark.parametrize("bits", [0x01, 0x80, 0xFF])
def test_a_byte_that_changed_anywhere_gives_the_same_tables_or_is_refused(bits: int) -> None:
    for place in range(len(GOOD)):
        changed = bytearray(GOOD)
        changed[place] ^= bits
        assert is_refused(bytes(changed)) or read_archive(bytes(changed)).tables == TABLES


def test_bytes_that_changed_at_random_give_the_same_tables_or_are_refused() -> None:
    chance = random.Random(20261122)
    for _ in range(3000):
        changed = bytearray(GOOD)
        for _ in range(chance.randint(2, 6)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        assert is_refused(bytes(changed)) or read_archive(bytes(changed)).tables == TABLES


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_form_that_no_export_writes_is_refused(method: int) -> None:
    assert is_refused(packed(method, files_of(GOOD)))


@pytest.mark.parametrize(
    "change",
    [
        lambda files: {MANIFEST: files[MANIFEST]},
        lambda files: {RECORDS: files[RECORDS]},
        lambda files: {**files, MANIFEST: b"[]"},
        lambda files: {**files, MANIFEST: files[MANIFEST].replace(b"copy/1", b"copy/2")},
        lambda files: {**files, MANIFEST: b"[" * 100_000},
        lambda files: {**files, RECORDS: files[RECORDS].replace(b"x0", b"y0")},
        lambda files: {**files, RECORDS: b"\xff\xfe"},
    ],
    ids=["records", "manifest", "no document", "another form", "nested", "changed", "no text"],
)
def test_what_is_missing_or_another_is_refused(change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> None:
    assert is_refused(packed(zipfile.ZIP_DEFLATED, change(files_of(GOOD))))


@pytest.mark.parametrize("tables", [[], {"sessions": {}}, "sessions"])
def test_tables_of_another_form_are_refused_though_their_sum_is_right(tables: object) -> None:
    with pytest.raises(ArchiveError, match="damaged"):
        read_archive(archive_bytes({RECORDS: json.dumps(tables).encode()}, MADE_AT))
