"""Export, import and erase where the disk is full or another program holds the records: told, and nothing lost."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agent_records import nine_weeks
from fyraften_agent.paths import Paths
from fyraften_agent.store.store import Store
from small_disks import fill, mounted


def run(paths: Paths, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fyraften_agent.cli", *words],
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder), "TZ": "Europe/Copenhagen", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def sessions_of(paths: Paths) -> int:
    with Store.open(paths.work) as store:
        return len(store.sessions(0, 2**40))


@pytest.fixture
def hours(tmp_path: Path) -> str:
    """A table with more than fits into the last free page."""
    days = [f"2026-10-{day:02}T{hour:02}" for day in range(1, 31) for hour in (17, 18, 19, 20, 21, 22)]
    lines = [f"{day}:00,{day}:50,home,Summer house number {number}" for number, day in enumerate(days)]
    (tmp_path / "hours.csv").write_text("\n".join(["start,end,place,place_label", *lines]) + "\n", encoding="utf-8")
    return str(tmp_path / "hours.csv")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of two megabytes."""
    with mounted(tmp_path / "disk", megabytes=2) as disk:
        yield disk


def test_an_export_to_a_full_disk_leaves_no_half_file(small_disk: Path, tmp_path: Path) -> None:
    paths = nine_weeks(Paths(tmp_path / "fyraften"))
    (small_disk / "old.csv").write_text("mine", encoding="utf-8")
    fill(small_disk)

    done = run(paths, "export", str(small_disk / "old.csv"), "--replace")

    assert done.returncode == 6
    assert "Nothing was written" in done.stderr
    assert (small_disk / "old.csv").read_text(encoding="utf-8") == "mine"
    assert {path.name for path in small_disk.iterdir()} == {"old.csv", "filler"}


def test_an_import_on_a_full_disk_writes_all_or_nothing(small_disk: Path, hours: str) -> None:
    paths = nine_weeks(Paths(small_disk / "fyraften"))
    before = sessions_of(paths)
    fill(small_disk)

    done = run(paths, "import", hours)
    (small_disk / "filler").unlink()

    assert done.returncode == 6
    assert "disk is full" in done.stderr
    assert sessions_of(paths) == before
    assert run(paths, "import", hours).returncode == 0
    assert sessions_of(paths) == before + 180


def test_records_that_another_program_holds_are_told_and_nothing_is_doubled(tmp_path: Path, hours: str) -> None:
    paths = nine_weeks(Paths(tmp_path / "fyraften"))
    before = sessions_of(paths)
    with closing(sqlite3.connect(paths.work, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")

        done, tried = run(paths, "import", hours), run(paths, "import", hours, "--dry-run")

        holder.execute("ROLLBACK")
    assert (done.returncode, tried.returncode) == (6, 0)
    assert "held by another program" in done.stderr
    assert sessions_of(paths) == before
