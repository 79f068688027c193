"""A disk without room: what a person decides still holds, and what is stored can still be read."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.agent_processes import agree_to_recording, command, running_agent
from e2e.desktop import Desktop, wait_until
from fyraften_agent.consent.ledger_store import Consents
from fyraften_agent.files.spare_room import SPARE
from fyraften_agent.paths import Paths
from small_disks import fill, mounted

pytestmark = pytest.mark.desktop


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    """Give a disk of three megabytes where the agent keeps its files."""
    with mounted(home / "agent", megabytes=3) as disk:
        yield disk


def test_consent_can_be_taken_back_on_a_full_disk(small_disk: Path, display: Desktop, home: Path) -> None:
    paths = agree_to_recording(home)
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        fill(small_disk)
        done = command(display.environ, home, "consent", "withdraw", "recording")
        code = agent.process.wait(10)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing is recorded any more" in done.stdout
    assert code == 3
    assert Consents(paths).state("recording", int(time.time())).state == "withdrawn"


def test_where_the_ledger_cannot_be_written_recording_stops_all_the_same(
    small_disk: Path, display: Desktop, home: Path
) -> None:
    paths = agree_to_recording(home)
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        (paths.folder / SPARE).unlink()
        # Somebody looks at the records, or the room of their log would be free when the collector has ended.
        with contextlib.closing(sqlite3.connect(paths.work)) as reader:
            reader.execute("SELECT count(*) FROM sessions").fetchone()
            fill(small_disk)
            done = command(display.environ, home, "consent", "withdraw", "recording")
            code = agent.process.wait(10)
    (small_disk / "filler").unlink()
    again = command(display.environ, home, "consent", "withdraw", "recording")

    assert done.returncode == 6
    assert "Nothing is recorded now" in done.stderr
    assert "fyraften consent withdraw recording" in done.stderr
    assert "disk is full" in done.stderr
    assert code == 3
    assert again.returncode == 0
    assert not Consents(Paths(paths.folder)).is_given("recording", int(time.time()))


def test_the_words_of_a_lock_are_those_of_a_lock(display: Desktop, home: Path) -> None:
    """Somebody else holds the ledger: recording stops, and the withdrawal can be written later."""
    paths = agree_to_recording(home)
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        with contextlib.closing(sqlite3.connect(paths.ledger, isolation_level=None)) as holder:
            holder.execute("BEGIN EXCLUSIVE")
            done = command(display.environ, home, "consent", "withdraw", "recording")
        code = agent.process.wait(10)

    assert done.returncode == 6
    assert "Nothing is recorded now" in done.stderr
    assert "try again in a moment" in done.stderr
    assert "aside" not in done.stderr
    assert code == 3


def test_a_damaged_ledger_stops_nothing_from_being_taken_back(display: Desktop, home: Path) -> None:
    paths = agree_to_recording(home)
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        content = bytearray(paths.ledger.read_bytes())
        content[4096:] = bytes(len(content) - 4096)
        paths.ledger.write_bytes(content)
        done = command(display.environ, home, "consent", "withdraw", "recording")
        wait_until(lambda: agent.process.poll() is not None, "the agent ended")

    assert done.returncode == 6
    assert "Nothing is recorded now" in done.stderr
    assert "unexpected" not in done.stderr
