"""A16: which guarantees hold on this computer is tried and told, and what does not hold is not passed over."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fyraften_agent.cli.doctor_privacy import LIMITS
from fyraften_agent.sandbox.sandbox import GUARDS, offered

pytestmark = pytest.mark.skipif(
    offered() < (6, True), reason=f"this kernel offers less than is tried here: {offered()}"
)
WEAK_KERNEL = Path(__file__).parents[1] / "e2e" / "weak_kernel.py"
BY_CODE = dict.fromkeys(("host", "bytes", "page", "input"), "code")


def told(folder: Path, *through: str) -> tuple[int, dict[str, Any]]:
    """Run ``doctor --privacy`` as a person does; return its exit code and what it says."""
    done = subprocess.run(
        [*through, sys.executable, "-P", "-m", "fyraften_agent.cli", "doctor", "--privacy", "--json"],
        env={**os.environ, "FYRAFTEN_HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


def test_every_guarantee_is_told_with_what_it_rests_on(tmp_path: Path) -> None:
    code, document = told(tmp_path / "agent")

    by_kernel = {f"{process}.{guard}": "kernel" for process, guards in GUARDS.items() for guard in guards}
    assert code == 0
    assert {row["name"]: row["by"] for row in document["guarantees"]} == {**by_kernel, **BY_CODE}
    assert all(row["text"] and row["how"] for row in document["guarantees"])


def test_what_no_program_can_promise_is_told_with_it(tmp_path: Path) -> None:
    assert told(tmp_path / "agent")[1]["limits"] == list(LIMITS)


@pytest.mark.parametrize(
    ("missing", "gone"),
    [
        ("landlock", {"collector.files", "collector.others", "sender.records", "sender.port", "sender.others"}),
        ("seccomp", {"collector.network", "sender.network", "sender.port"}),
    ],
)
def test_on_a_weaker_kernel_what_does_not_hold_is_named(tmp_path: Path, missing: str, gone: set[str]) -> None:
    _code, document = told(tmp_path / "agent", sys.executable, str(WEAK_KERNEL), missing)

    assert {row["name"] for row in document["guarantees"] if row["by"] == "not_enforced"} == gone
    assert {row["by"] for row in document["guarantees"] if row["name"] in gone} == {"not_enforced"}


def test_every_test_that_a_guarantee_names_is_there(tmp_path: Path) -> None:
    words = " ".join(row["how"] for row in told(tmp_path / "agent")[1]["guarantees"] if row["by"] == "code").split()
    named = {word.strip("().,") for word in words if "tests/" in word}

    assert len(named) == 4
    assert [name for name in named if not (Path(__file__).parents[2] / name).is_file()] == []
