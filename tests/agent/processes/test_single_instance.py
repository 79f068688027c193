"""The lock of a folder, held by real files and real processes."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from fyraften_agent.errors import AlreadyRunningError
from fyraften_agent.paths import Paths
from fyraften_agent.processes.single_instance import only_instance

_HOLDER = (
    "import sys, pathlib\n"
    "from fyraften_agent.paths import Paths\n"
    "from fyraften_agent.processes.single_instance import only_instance\n"
    "with only_instance(Paths(pathlib.Path(sys.argv[1]))):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


def test_a_second_holder_is_refused_with_a_word_of_what_to_do(tmp_path: Path) -> None:
    with only_instance(Paths(tmp_path)), pytest.raises(AlreadyRunningError, match="fyraften status") as refusal:
        only_instance(Paths(tmp_path)).__enter__()

    assert refusal.value.exit_code == 5


def test_supervisor_and_collector_have_a_lock_each(tmp_path: Path) -> None:
    with only_instance(Paths(tmp_path), "supervisor"), only_instance(Paths(tmp_path), "collector"):
        assert {file.name for file in tmp_path.iterdir()} == {"supervisor.lock", "collector.lock"}
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunningError):
            only_instance(Paths(tmp_path)).__enter__()
        os.kill(holder.pid, signal.SIGKILL)
    with only_instance(Paths(tmp_path)):
        pass
