"""N13: the process that sends reads no raw record, and the process that records reaches no network.

Tried at every start by the processes themselves; what they try and more, in a process that is closed in and in one that
is not, is in ``tests/e2e/test_sandbox.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.test_leaving_egress import prepared
from fyraften_agent.paths import Paths
from fyraften_agent.sandbox import sandbox
from fyraften_agent.sandbox.sandbox import GUARDS, Kernel, SandboxOpenError, confine_collector, offered
from lying_server import LyingServer, answer, says
from privacy.conftest import Seized

pytestmark = pytest.mark.skipif(
    offered() < (6, True), reason=f"this kernel offers less than is tried here: {offered()}"
)
CANARY = b"a place that nobody else knows"
# Runs the sender with a program that reads the raw records in its stead, once it is closed in.
READS = (
    "import sys\n"
    "from fyraften_agent import sender\n"
    "from fyraften_agent.paths import default_paths\n"
    "import os\n"
    "def steal(self, **_):\n"
    "    print(default_paths(os.environ).work.read_bytes(), flush=True)\n"
    "sender.Sender.run = steal\n"
    "sys.exit(sender.main())\n"
)


def run(paths: Paths, *program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", *program],
        env={**os.environ, "FYRAFTEN_HOME": str(paths.folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_no_recording_process_of_a_seized_laptop_made_no_socket_of_a_network(seized: Seized) -> None:
    assert "socket(AF_UNIX" in seized.trace  # shows that sockets are noted
    made = [line for line in seized.trace.splitlines() if "socket(AF_INET" in line or "socket(AF_PACKET" in line]
    assert [line for line in made if "EACCES" not in line and "EPERM" not in line] == []


def test_a_sender_that_wants_to_read_the_records_cannot(tmp_path: Path) -> None:
    with LyingServer(says(answer(200, b"{}"))) as service:
        paths = prepared(tmp_path, service.url)
        paths.work.write_bytes(CANARY)
        done = run(paths, "-c", READS)

    assert done.returncode != 0
    assert "PermissionError" in done.stderr
    assert CANARY.decode() not in done.stdout + done.stderr
    assert run(paths, "-c", f"print(open({str(paths.work)!r}).read())").stdout.strip() == CANARY.decode()


@pytest.mark.parametrize("process", GUARDS)
def test_each_start_tries_every_guard(tmp_path: Path, process: str) -> None:
    paths = Paths(tmp_path / "agent")
    paths.prepare()

    told = json.loads(run(paths, "-m", "fyraften_agent.sandbox.sandbox", process).stdout)

    assert (told["process"], told["held"], told["lacking"]) == (process, list(GUARDS[process]), [])


def test_a_collector_that_can_reach_the_network_all_the_same_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel says that it took the rules, and took none."""
    monkeypatch.setattr(sandbox, "leave_no_memory", lambda: None)
    monkeypatch.setattr(sandbox, "_closed", lambda kernel, *_rules, **_more: kernel)
    monkeypatch.setattr(sandbox, "_filtered", lambda kernel, _sockets: kernel)
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))

    with pytest.raises(SandboxOpenError) as refused:
        confine_collector(Paths(tmp_path / "agent"), Kernel(7, True))

    assert (refused.value.guard, refused.value.exit_code) == ("network", 8)
