"""Runs ``fyraften`` inside the test: the real command line with a fixed clock, a folder of the test, no terminal."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from typing import Any

from agent_records import FixedClock
from fyraften_agent.cli import run_command
from fyraften_agent.paths import Paths


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    errors: str


@dataclass(frozen=True)
class CommandLine:
    """The command line of one person at one time."""

    paths: Paths
    clock: FixedClock
    environ: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, keyboard: str = "") -> Outcome:
        """Run ``fyraften`` with these words."""
        out, errors = io.StringIO(), io.StringIO()
        environ = {"FYRAFTEN_HOME": str(self.paths.folder), **self.environ}
        code = run_command(words, environ, self.clock, out, errors, io.StringIO(keyboard))
        return Outcome(code, out.getvalue(), errors.getvalue())

    def json(self, *words: str) -> Any:
        """Run a command with ``--json`` and return its document; it must have ended well."""
        outcome = self.run(*words, "--json")
        assert outcome.code == 0, outcome
        return json.loads(outcome.out)
