"""Starts the process that judges, tells it what is known, and hears what it says.

It is a child of the collector and ends with it: by :meth:`JudgeProcess.end`, and where the collector was killed by the
end of its standard input.  So a pause or a withdrawal ends it as it ends the collector.
Standard library only.  Not here: what it does (``judging``), when it is started (``collecting``).
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fyraften_agent.paths import Paths
from fyraften_agent.processes.child_process import child_environment
from fyraften_agent.processes.known import Judged, Known, judged_of
from fyraften_agent.store.schema import damaged

MODULE = "fyraften_agent.judging"
_COMPILE_SECONDS = 60
_PASSED_ON = {"told", "send"}


def compile_once(folder: Path = Path(__file__).parents[1]) -> None:
    """Let what judges be compiled, where that can be kept and is not done yet; for the collector, before its sandbox.

    A confined process writes nothing beside the code, as others run that: each judgement would compile it anew.
    """
    compiled = folder / "__pycache__" / f"judging.{sys.implementation.cache_tag}.pyc"
    if sys.dont_write_bytecode or sys.pycache_prefix or compiled.exists() or not os.access(folder, os.W_OK):
        return
    with contextlib.suppress(OSError, subprocess.SubprocessError):  # then it takes a little longer
        subprocess.run([sys.executable, "-P", "-c", f"import {MODULE}"], timeout=_COMPILE_SECONDS, check=False)


class JudgeProcess:
    """One process at a time; ``judge`` is called in one thread, ``end`` in any."""

    def __init__(self, paths: Paths, emit: Callable[[dict[str, Any]], None], complain: Callable[[str], None]) -> None:
        """Take whom to tell of its events, and of what went wrong (the same words once)."""
        self._paths, self._emit, self._complain = paths, emit, complain
        self._complaints: set[str] = set()
        self._process: subprocess.Popen[str] | None = None
        self._is_over = False

    def judge(self, known: Known) -> Judged | None:
        """Run it, and return what came of it; None where it could not judge, which a later try may.

        Raises:
            StoreError: it found the records damaged.
        """
        if self._is_over:
            return None
        try:
            process = self._start()
        except OSError as error:
            self._complain_once(str(error))
            return None
        with process:
            if self._is_over:  # ended while it was started
                process.kill()
            return self._listen(process, known)

    def end(self) -> None:
        """End it now, and start none any more."""
        self._is_over = True
        if self._process is not None:
            self._process.kill()

    def _start(self) -> subprocess.Popen[str]:
        environ = child_environment(os.environ, self._paths.folder)
        # -P: the folder the agent was started in must not decide which modules are imported.
        command = [sys.executable, "-P", "-m", MODULE]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ, encoding="utf-8"
        )
        return self._process

    def _listen(self, process: subprocess.Popen[str], known: Known) -> Judged | None:
        assert process.stdin is not None
        assert process.stdout is not None
        judged: Judged | None = None
        try:
            process.stdin.write(f"{known.as_line()}\n")
            process.stdin.flush()
            for line in process.stdout:
                judged = self._hear(json.loads(line)) or judged
        except (OSError, ValueError):
            process.kill()  # it has ended early, or says what is no event
        return judged

    def _hear(self, event: dict[str, Any]) -> Judged | None:
        if event.get("event") in _PASSED_ON:
            self._emit(event)
        elif event.get("event") == "not_judged":
            self._complain_once(str(event.get("text")))
        elif event.get("event") == "damaged":
            raise damaged(self._paths.work)
        elif event.get("event") == "judged":
            return judged_of(event)
        return None

    def _complain_once(self, words: str) -> None:
        if words not in self._complaints:
            self._complaints.add(words)
            self._complain(words)
