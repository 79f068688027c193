"""Files that are written for the person: as a whole, and never onto Fyraften's own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fyraften_agent.errors import InputError
from fyraften_agent.files.written_file import write_whole


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Fyraften's own folder, with a record and a key."""
    (tmp_path / "own" / "keys").mkdir(parents=True)
    (tmp_path / "own" / "work.sqlite3").write_bytes(b"records")
    (tmp_path / "own" / "keys" / "ledger.key").write_bytes(b"key")
    return tmp_path / "own"


def kept(own: Path) -> dict[str, bytes]:
    return {str(one.relative_to(own)): one.read_bytes() for one in own.rglob("*") if one.is_file()}


@pytest.mark.parametrize("name", ["work.sqlite3", "keys/ledger.key", "new.csv", "keys/../new.csv"])
def test_nothing_is_written_into_the_own_folder(own: Path, name: str) -> None:
    before = kept(own)

    with pytest.raises(InputError, match="own"):
        write_whole(own / name, b"export", may_replace=True, own=own)

    assert kept(own) == before


def test_nothing_is_written_through_a_link_into_the_own_folder(own: Path, tmp_path: Path) -> None:
    before = kept(own)
    (tmp_path / "folder").symlink_to(own)
    (tmp_path / "file.csv").symlink_to(own / "work.sqlite3")
    os.link(own / "keys" / "ledger.key", tmp_path / "hard.csv")

    for name in ("folder/work.sqlite3", "folder/new.csv", "file.csv", "hard.csv"):
        with pytest.raises(InputError, match="own"):
            write_whole(tmp_path / name, b"export", may_replace=True, own=own)

    assert kept(own) == before
    assert (tmp_path / "file.csv").is_symlink()
    assert os.path.samefile(tmp_path / "hard.csv", own / "keys" / "ledger.key")


def test_a_link_inside_the_own_folder_protects_what_it_leads_to(own: Path, tmp_path: Path) -> None:
    # Whoever moved the records to another disk left a link behind.
    (own / "work.sqlite3").rename(tmp_path / "moved.sqlite3")
    (own / "work.sqlite3").symlink_to(tmp_path / "moved.sqlite3")

    with pytest.raises(InputError, match="own"):
        write_whole(tmp_path / "moved.sqlite3", b"export", may_replace=True, own=own)

    assert (tmp_path / "moved.sqlite3").read_bytes() == b"records"


def test_beside_the_own_folder_a_file_is_written(own: Path, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(b"before")

    write_whole(tmp_path / "own.csv", b"export", may_replace=True, own=own)
    write_whole(tmp_path / "other.csv", b"export", may_replace=False, own=tmp_path / "nowhere")

    assert [(tmp_path / name).read_bytes() for name in ("own.csv", "other.csv")] == [b"export", b"export"]
