"""N1: what is typed, and the time of a single key, is neither read nor kept, and no crash leaves it behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from privacy.conftest import TYPED, Seized

# Lets a core dump be made wherever the system makes one, then ends as a crash does.
CRASH = (
    "import os, resource, pathlib, sys\n"
    "from fyraften_agent.paths import Paths\n"
    "from fyraften_agent.sandbox.sandbox import SenderSandbox, confine_collector\n"
    "_soft, hard = resource.getrlimit(resource.RLIMIT_CORE)\n"
    "resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))\n"
    "paths = Paths(pathlib.Path.cwd())\n"
    "paths.prepare()\n"
    "{confined}\n"
    "os.abort()\n"
)
CONFINED = {
    "collector": "confine_collector(paths)",
    "sender": "SenderSandbox(paths).leave_only([443])",
}


def test_what_was_typed_is_in_no_file_and_in_no_word_of_the_agent(seized: Seized) -> None:
    assert seized.files_with(TYPED) == []
    assert TYPED not in seized.words


def test_the_files_would_have_shown_it(seized: Seized) -> None:
    """The positive control: a word that the agent does keep is found by the same search."""
    assert "agent/work.sqlite3" in seized.files_with("Europe/Copenhagen")


def test_what_was_typed_is_not_in_the_memory_of_the_agent(seized: Seized) -> None:
    assert seized.in_memory_of("collector", TYPED) == []
    assert seized.in_memory_of("supervisor", TYPED) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a crash left is told by Linux's kernel")
@pytest.mark.parametrize("process", CONFINED)
def test_a_crash_leaves_no_copy_of_the_memory(tmp_path: Path, process: str) -> None:
    """In the agent's own folder, where the collector may write; beside a process to which nothing was closed."""
    if not crashed_leaving_a_copy(tmp_path / "free", ""):
        pytest.skip("this computer keeps no copies of the memory of programs that crash")

    assert not crashed_leaving_a_copy(tmp_path / "agent", CONFINED[process])


def crashed_leaving_a_copy(folder: Path, confined: str) -> bool:
    """Let a process crash in a folder, and say whether the kernel kept a copy of its memory."""
    folder.mkdir(mode=0o700)
    program = f"import os; os.chdir({str(folder)!r})\n{CRASH.format(confined=confined)}"
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", program], os.environ)
    _pid, ended = os.waitpid(child, 0)
    assert os.WIFSIGNALED(ended)
    return os.WCOREDUMP(ended)
