"""Reading raw data where nothing can be written."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_records import NOW, FixedClock, nine_weeks
from command_line import CommandLine
from fyraften_agent.paths import Paths
from fyraften_agent.store.reading import connect_to_read
from small_disks import fill, mounted

DATE = ("--date", "2026-11-18")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes with nine weeks of records on it."""
    with mounted(tmp_path / "disk", megabytes=3) as folder:
        nine_weeks(Paths(folder / "fyraften"))
        yield folder


def person(disk: Path) -> CommandLine:
    return CommandLine(Paths(disk / "fyraften"), FixedClock(NOW))


@pytest.mark.parametrize("words", [("today", *DATE), ("status",), ("log",), ("why", "dk.rest.daily"), ("doctor",)])
def test_on_a_full_disk_everything_can_be_read(disk: Path, words: tuple[str, ...]) -> None:
    before = person(disk).run(*words)
    fill(disk)
    outcome = person(disk).run(*words)

    assert (outcome.code, outcome.errors) == (0, "")
    assert words == ("doctor",) or outcome.out == before.out


def test_on_a_read_only_disk_the_day_can_be_read(disk: Path) -> None:
    before = person(disk).run("today", *DATE)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)

    for words in (("today", *DATE), ("status",), ("doctor",)):
        assert person(disk).run(*words).code == 0, words
    assert person(disk).run("today", *DATE).out == before.out


def test_what_waits_in_the_log_is_not_left_out(disk: Path) -> None:
    """The file alone would be older than what was written: then it is not taken for everything."""
    import sqlite3

    work = disk / "fyraften" / "work.sqlite3"
    with pytest.raises(sqlite3.Error):
        _read_with_a_log_and_no_index(work, disk)


def _read_with_a_log_and_no_index(work: Path, disk: Path) -> None:
    work.with_name("work.sqlite3-wal").write_bytes(b"x" * 100)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    connect_to_read(work, 0.1).close()


def test_reading_cannot_write(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / "a")) as made:
        made.execute("CREATE TABLE a (b)")

    with closing(connect_to_read(tmp_path / "a", 0.1)) as connection, pytest.raises(sqlite3.OperationalError):
        connection.execute("INSERT INTO a VALUES (1)")
