"""Files that fail under the real agent: damaged, on a full disk, held by another program. Said, and put right."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from damaged_records import DAY, as_one_file, lived_in, rows_of
from e2e.agent_processes import Agent, agree_to_recording, at_a_terminal, command, running_agent, type_the_word
from e2e.desktop import Desktop, clean_environment, wait_until
from e2e.test_full_disk import small_disk
from fyraften_agent.files.set_aside import set_aside
from fyraften_agent.mending.database_pages import rows as rows_on
from fyraften_agent.paths import Paths
from fyraften_agent.recording.activity import TICK_SECONDS
from small_disks import fill

__all__ = ["small_disk"]
pytestmark = pytest.mark.desktop

PAGE = 1024
_SESSION_VALUES = 18  # with the seal


@pytest.fixture
def paths(home: Path) -> Paths:
    return agree_to_recording(home)


def typed_until(agent: Agent, display: Desktop, seconds: float) -> tuple[float, float]:
    """Type for a while; return when it began and ended."""
    began = time.time()
    while time.time() < began + seconds:
        display.type("working ", 30)
        agent.look_now()
    return began, time.time()


def one_session_without_doubles(agent: Agent, began: float, stopped: float) -> None:
    """The rows are those of one stretch of typing, from its beginning to its end."""
    for table in ("spans", "observed"):
        rows = agent.rows(f"SELECT start, end FROM {table} WHERE end > start ORDER BY 1")
        assert len(rows) == len(set(rows))
        assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(rows))
    ((start, end),) = agent.rows("SELECT measured_start, measured_end FROM sessions")
    assert abs(start - began) <= TICK_SECONDS + 1
    assert abs(end - stopped) <= TICK_SECONDS + 1
    assert agent.rows("PRAGMA integrity_check") == [("ok",)]


# Damage


def test_damaged_records_are_mended_at_the_start_and_told_everywhere(
    display: Desktop, home: Path, paths: Paths
) -> None:
    lived_in(paths.work, days=10, first=int(time.time()) - 12 * DAY)
    content, before = as_one_file(paths.work), rows_of(paths.work)
    page = next(n for n in range(20, len(content) // PAGE) if holds_sessions(content, n))
    damaged = content[: page * PAGE] + bytes(PAGE) + content[(page + 1) * PAGE :]
    paths.work.write_bytes(damaged)
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        agent.look_now()  # or within a minute: what is due is told when it is judged
        wait_until(lambda: "Your records were damaged" in agent.out, "it is told")
        status = command(display.environ, home, "status")
        doctor = json.loads(command(display.environ, home, "doctor", "--json").stdout)
        notices = agent.rows("SELECT key FROM notices WHERE key LIKE 'mended:%'")
        ((lost, days),) = agent.rows("SELECT lost, days FROM mendings")
        failures = agent.state()["failures"]
    after = rows_of(paths.work)
    states = {check["name"]: check["state"] for check in doctor["checks"]}

    assert failures == 0
    lost_rows = {
        table: before[table] - after[table] for table in before if table != "current_network"
    }  # that is looked at anew
    # No index says how many sessions were on the page; on which days, the numbers of the others do.
    assert sum(map(len, lost_rows.values())) > 0
    assert lost is None
    assert len(json.loads(days)) >= 1
    assert "how many were lost is not known" in " ".join(status.stdout.split())
    assert [kept.read_bytes() for kept in set_aside(paths.work)] == [damaged]
    assert set_aside(paths.work)[0].name in " ".join(status.stdout.split())
    assert (states["records"], states["mended"]) == ("good", "look")
    assert len(notices) == 1


def holds_sessions(content: bytes, page: int) -> bool:
    part = content[page * PAGE : (page + 1) * PAGE]
    sessions = [row for row in rows_on({2: part}, 2) if len(row.values) == _SESSION_VALUES]
    return part[0] == 0x0D and len(sessions) > 10


@pytest.mark.prove
def test_records_that_are_no_database_any_more_pause_recording_until_the_person_resumes(
    display: Desktop, home: Path, paths: Paths
) -> None:
    paths.work.write_bytes(b"Lorem ipsum dolor sit amet. " * 500)
    with running_agent(display.environ, home) as agent:
        agent.wait_for("paused")
        display.type("typed while nobody knows")
        told = command(display.environ, home, "status").stdout
        rows = agent.rows("SELECT * FROM spans")
        command(display.environ, home, "resume")
        agent.wait_for("recording")

    assert "To record again: fyraften resume" in " ".join(told.split())
    assert rows == []


@pytest.mark.prove
def test_damage_under_the_running_collector_ends_in_mended_records_and_no_loop(
    display: Desktop, home: Path, paths: Paths
) -> None:
    lived_in(paths.work, days=10, first=int(time.time()) - 12 * DAY)
    before = rows_of(paths.work)
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        first = agent.pid("collector")
        as_one_file(paths.work)
        with open(paths.work, "r+b") as file:
            for page in range(1, os.stat(paths.work).st_size // PAGE, 7):
                file.seek(page * PAGE)
                file.write(os.urandom(PAGE))
        wait_until(lambda: look_until_mended(agent, paths), "it is mended", 30)
        wait_until(lambda: agent.state()["collector_pid"] not in (None, first), "another collector runs", 30)
        wait_until(lambda: agent.state()["state"] in ("recording", "paused"), "it goes on", 30)
        after = rows_of(paths.work)
        collector = agent.pid("collector") if agent.state()["state"] == "recording" else None
        time.sleep(2)
        still = agent.state()["collector_pid"]

    assert still == collector
    assert len([kept for kept in set_aside(paths.work) if kept.suffix == ".sqlite3"]) == 1
    for table in ("sessions", "spans", "agreements", "corrections", "choices"):
        assert after[table] <= before[table] | {row for row in after[table] if table == "spans"}
    assert after["sessions"]


def look_until_mended(agent: Agent, paths: Paths) -> bool:
    with contextlib.suppress(AssertionError):
        agent.look_now()
    return bool(set_aside(paths.work))


# The consent ledger


@pytest.mark.prove
def test_a_damaged_ledger_stops_recording_and_is_set_aside_by_the_person_alone(
    display: Desktop, home: Path, paths: Paths
) -> None:
    content = bytearray(paths.ledger.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    paths.ledger.write_bytes(content)
    with running_agent(display.environ, home) as agent:
        code = agent.process.wait(20)
        errors = agent.errors
    made = paths.work.exists()
    refused = command(display.environ, home, "consent", "give", "recording")

    terminal = at_a_terminal(clean_environment(home), home, "consent", "give", "recording")
    before = type_the_word(terminal)
    asked = type_the_word(terminal)
    terminal.expect(pexpect.EOF)
    terminal.close()
    (kept,) = [file for file in set_aside(paths.ledger) if file.suffix == ".sqlite3"]
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")

    assert (code, made) == (6, False)
    assert "could not be verified" in errors
    assert refused.returncode != 0
    assert "Nothing of it counts any more" in " ".join(before.split())
    assert "kept as" in " ".join(asked.split())
    assert terminal.exitstatus == 0
    assert kept.read_bytes() == content
    assert kept.stat().st_mode & 0o777 == 0o600


# Full disk


@pytest.mark.prove
def test_a_disk_that_gets_full_under_the_collector_is_told_and_nothing_is_lost_or_doubled(
    small_disk: Path, display: Desktop, home: Path
) -> None:
    agree_to_recording(home)
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        began, _ = typed_until(agent, display, 3)
        wait_until(lambda: agent.rows("SELECT * FROM spans") != [], "the first rows are there", TICK_SECONDS)
        fill(small_disk)
        collector = agent.pid("collector")
        wait_until(lambda: is_held_up(agent, display, "full"), "the full disk is said", 60)
        status = command(display.environ, home, "status").stdout
        (small_disk / "filler").unlink()
        _, stopped = typed_until(agent, display, 2)
        wait_until(lambda: agent.state()["trouble"] is None, "it is written", 2 * TICK_SECONDS)
        same = agent.pid("collector") == collector
        agent.end()
    assert same
    assert "the disk is full" in agent.out
    assert "The disk is full: what is measured waits in memory" in " ".join(status.split())
    one_session_without_doubles(agent, began, stopped)


def is_held_up(agent: Agent, display: Desktop, trouble: str) -> bool:
    typed_until(agent, display, 1)
    return bool(agent.state()["trouble"] == trouble)


@pytest.mark.prove
def test_a_start_on_a_full_disk_is_tried_again_until_there_is_room(
    small_disk: Path, display: Desktop, home: Path
) -> None:
    agree_to_recording(home)
    fill(small_disk)
    with running_agent(display.environ, home) as agent:
        wait_until(lambda: int(agent.state().get("failures") or 0) >= 2, "it was tried more than once", 30)
        reason = agent.state()["reason"]
        (small_disk / "filler").unlink()
        agent.wait_for("recording", 40)

    assert reason is not None
    assert "full" in agent.errors


# Held by another program


@contextlib.contextmanager
def held_by_another_process(path: Path) -> Iterator[None]:
    """Let another process hold the right to write, until the block ends."""
    program = (
        "import sqlite3, sys\n"
        "holder = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)\n"
        "holder.execute('BEGIN EXCLUSIVE')\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.communicate(timeout=10)


def test_records_held_by_another_process_are_told_and_nothing_is_lost_or_doubled(
    display: Desktop, home: Path, paths: Paths
) -> None:
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")
        collector = agent.pid("collector")
        # What only goes on is kept beside the file, lock or no lock; what begins has to be written into it.
        with held_by_another_process(paths.work):
            written = agent.rows("SELECT max(end) FROM spans")
            began, _ = typed_until(agent, display, 2)
            wait_until(lambda: is_held_up(agent, display, "locked"), "the lock is said", 60)
            status = command(display.environ, home, "status").stdout
            assert agent.rows("SELECT max(end) FROM spans") == written
        _, stopped = typed_until(agent, display, 2)
        wait_until(lambda: agent.state()["trouble"] is None, "it is written", 2 * TICK_SECONDS)
        same = agent.pid("collector") == collector
        agent.end()

    assert same
    assert "is held by another program" in agent.out
    assert "Another program holds the records" in " ".join(status.split())
    one_session_without_doubles(agent, began, stopped)


@pytest.mark.prove
def test_records_held_at_the_start_are_waited_for(display: Desktop, home: Path, paths: Paths) -> None:
    lived_in(paths.work, days=2, first=int(time.time()) - 5 * DAY)
    with held_by_another_process(paths.work), running_agent(display.environ, home) as agent:
        wait_until(lambda: int(agent.state().get("failures") or 0) >= 2, "it was tried more than once", 60)
        assert "is held by another program" in agent.errors
    with running_agent(display.environ, home) as agent:
        agent.wait_for("recording")

    assert set_aside(paths.work) == []
