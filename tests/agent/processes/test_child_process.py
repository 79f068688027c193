"""Children of the supervisor: real processes, though small ones."""

from __future__ import annotations

import os
import queue
import sys
from pathlib import Path

import pytest

from fyraften_agent.processes.child_process import (
    CannotStartError,
    ChildProcess,
    Ended,
    Line,
    child_environment,
    end_children,
)

Events = queue.SimpleQueue[Line | Ended]


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A folder with a module that says what it hears, and ends with its input or with the number it is told."""
    (tmp_path / "echo.py").write_text(
        "import os, sys\n"
        "print('ready', os.getsid(0) == os.getpid(), flush=True)\n"
        "for line in sys.stdin:\n"
        "    if line.strip().isdigit():\n"
        "        sys.exit(int(line))\n"
        "    print('heard', line.strip(), flush=True)\n",
        encoding="utf-8",
    )
    (tmp_path / "deaf.py").write_text(
        "import signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n",
        encoding="utf-8",
    )
    return tmp_path


def start(module: str, modules: Path) -> tuple[ChildProcess, Events]:
    events: Events = queue.SimpleQueue()
    child = ChildProcess(module, [], {**os.environ, "PYTHONPATH": str(modules)}, events.put)
    first = events.get(timeout=10)
    assert isinstance(first, Line)
    assert first.text.startswith("ready")
    return child, events


def test_lines_and_the_end_arrive_as_events(modules: Path) -> None:
    child, events = start("echo", modules)
    child.tell("changed")
    heard = events.get(timeout=10)
    child.tell("7")
    ended = events.get(timeout=10)
    child.tell("to nobody")

    assert heard == Line(child, "heard changed")
    assert ended == Ended(child, 7)


def test_a_child_is_in_a_session_of_its_own_so_that_ctrl_c_does_not_reach_it(modules: Path) -> None:
    events: Events = queue.SimpleQueue()
    child = ChildProcess("echo", [], {**os.environ, "PYTHONPATH": str(modules)}, events.put)
    first = events.get(timeout=10)
    list(end_children({child}, events, 5))

    assert first == Line(child, "ready True")


def test_a_child_that_does_not_listen_is_killed_after_the_grace(modules: Path) -> None:
    child, events = start("deaf", modules)
    others = list(end_children({child}, events, 0.2))

    assert others == []
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_other_events_that_come_while_children_end_are_handed_on(modules: Path) -> None:
    child, events = start("echo", modules)
    child.tell("a last word")
    waiting = events.get(timeout=10)
    events.put(waiting)

    assert list(end_children({child}, events, 5)) == [waiting]


def test_a_folder_that_holds_a_module_of_the_same_name_does_not_decide_what_runs(
    modules: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "echo.py").write_text("print('stolen', flush=True)\n", encoding="utf-8")
    monkeypatch.chdir(elsewhere)
    child, events = start("echo", modules)

    list(end_children({child}, events, 5))


def test_a_child_that_cannot_be_started_is_an_error_in_words(modules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(modules / "no-python"))

    with pytest.raises(CannotStartError, match=r"echo could not be started: there is no such file or folder"):
        ChildProcess("echo", [], os.environ, lambda _event: None)


def test_every_child_is_told_the_same_folder() -> None:
    environ = child_environment({"A": "b", "FYRAFTEN_HOME": "~/x"}, Path("/home/x"))

    assert (environ["A"], environ["FYRAFTEN_HOME"]) == ("b", "/home/x")


def test_what_the_person_says_about_memory_counts() -> None:
    assert child_environment({"MALLOC_ARENA_MAX": "8"}, Path("/home/x"))["MALLOC_ARENA_MAX"] == "8"
