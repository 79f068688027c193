"""The process that judges, as the collector starts it: real processes on a real file, and no desktop."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent_records import nine_weeks
from e2e.desktop import wait_until
from fyraften_agent.errors import StoreError
from fyraften_agent.paths import Paths
from fyraften_agent.processes import judge_process
from fyraften_agent.processes.judge_process import MODULE, JudgeProcess
from fyraften_agent.processes.known import Known
from fyraften_agent.store.store import Store

NETWORK = "c" * 64


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("TZ", "Europe/Copenhagen")
    for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    return nine_weeks(Paths(tmp_path / "fyraften"))


class Listening:
    """Hears the events and complaints of one judge."""

    def __init__(self, paths: Paths) -> None:
        self.events: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self.judge = JudgeProcess(paths, self.events.append, self.complaints.append)


@pytest.fixture
def held(paths: Paths) -> Iterator[None]:
    """Somebody holds the file, so that judging has to wait for some seconds."""
    holder = sqlite3.connect(paths.work, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    yield
    holder.execute("ROLLBACK")
    holder.close()


def test_it_judges_tells_what_no_desktop_shows_and_ends(paths: Paths) -> None:
    listening = Listening(paths)

    judged = listening.judge.judge(Known(network=NETWORK, is_purge_due=True))

    assert judged is not None
    assert judged.is_purged
    told = [event["text"].splitlines()[0] for event in listening.events if event["event"] == "told"]
    assert "Where are you working?" in told
    assert listening.complaints == []
    with Store.open(paths.work) as store:
        assert not store.is_unasked(NETWORK)


def test_what_cannot_be_judged_is_complained_of_once(paths: Paths) -> None:
    with Store.open(paths.work) as store:
        store.record_agreement({"jurisdiction": "Atlantis"}, int(time.time()))
    listening = Listening(paths)

    results = [listening.judge.judge(Known()) for _ in range(2)]

    assert results == [None, None]
    (complaint,) = listening.complaints
    assert "Atlantis" in complaint


def test_damage_that_the_daily_look_finds_ends_the_collector_which_alone_mends(paths: Paths) -> None:
    with sqlite3.connect(paths.work, isolation_level=None) as writer:
        for (trigger,) in writer.execute("SELECT name FROM sqlite_master WHERE name GLOB 'spans_sealed_*'").fetchall():
            writer.execute(f"DROP TRIGGER {trigger}")
        writer.execute("UPDATE spans SET seconds = seconds + 60 WHERE id = (SELECT min(id) FROM spans)")
    writer.close()
    listening = Listening(paths)

    with pytest.raises(StoreError) as damage:
        listening.judge.judge(Known(is_purge_due=True))

    assert (damage.value.exit_code, damage.value.trouble, damage.value.path) == (6, "damaged", paths.work)
    assert not damage.value.is_passing
    assert listening.complaints == []


def test_it_is_ended_from_another_thread_at_once(paths: Paths, held: None) -> None:
    listening = Listening(paths)
    results: list[object] = []
    # What is not asked about yet makes it want to write.
    judging = threading.Thread(target=lambda: results.append(listening.judge.judge(Known(network=NETWORK))))
    judging.start()
    time.sleep(1)
    began = time.monotonic()
    listening.judge.end()
    judging.join(5)

    assert time.monotonic() - began < 1
    assert results == [None]
    assert listening.judge.judge(Known()) is None  # nor is another one started


def test_it_ends_with_whoever_started_it(paths: Paths, held: None) -> None:
    environ = {**os.environ, "FYRAFTEN_HOME": str(paths.folder)}
    command = [sys.executable, "-P", "-m", MODULE]
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(f"{Known(network=NETWORK).as_line()}\n".encode())
        process.stdin.flush()
        wait_until(lambda: has_open(process.pid, paths.work), "it looks at the records, which are held")
        is_waiting = process.poll() is None
        process.stdin.close()
        began = time.monotonic()
        process.wait(4)

    assert is_waiting
    assert time.monotonic() - began < 1


def has_open(pid: int, file: Path) -> bool:
    """Return whether a process has opened a file."""
    links = []
    for entry in os.scandir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            links.append(os.readlink(entry.path))
    return str(file) in links


def test_what_judges_is_compiled_once_while_it_can_still_be_kept(tmp_path: Path) -> None:
    folder = tmp_path / "fyraften_agent"
    shutil.copytree(Path(judge_process.__file__).parents[1], folder, ignore=shutil.ignore_patterns("__pycache__"))
    compiled = folder / "__pycache__" / f"judging.{sys.implementation.cache_tag}.pyc"
    program = "from fyraften_agent.processes.judge_process import compile_once; compile_once()"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run = [sys.executable, "-c", program]
    subprocess.run(run, env={**environ, "PYTHONPATH": str(tmp_path)}, check=True)
    first = compiled.stat()
    subprocess.run(run, env={**environ, "PYTHONPATH": str(tmp_path)}, check=True)

    assert compiled.stat() == first
    assert (folder / "telling" / "__pycache__" / f"telling.{sys.implementation.cache_tag}.pyc").exists()


def test_nothing_is_compiled_where_python_was_told_not_to_keep_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    judge_process.compile_once(tmp_path)

    assert list(tmp_path.iterdir()) == []
