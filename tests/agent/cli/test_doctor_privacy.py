"""``fyraften doctor --privacy``, where nothing runs; on weaker kernels it is in ``tests/e2e``."""

from __future__ import annotations

import sys

import pytest

from command_line import CommandLine
from fyraften_agent.cli import doctor_privacy
from fyraften_agent.cli.doctor_privacy import LIMITS
from fyraften_agent.recording.state import RecordingState
from fyraften_agent.sandbox.sandbox import COLLECTOR, GUARDS, SENDER, Kernel, Report, offered
from fyraften_agent.sandbox.words import PROMISES, why_lacking

_NONE = Kernel(0, False)
on_a_full_kernel = pytest.mark.skipif(offered() < (6, True), reason=f"this kernel offers less: {offered()}")


def files_of(one: CommandLine) -> set[str]:
    """Return the files that are kept; the database's log and its index come and go with who looks at a pause."""
    return {str(file) for file in one.paths.folder.rglob("*") if not file.name.endswith(("-wal", "-shm"))}


@on_a_full_kernel
def test_it_tries_every_guarantee_and_says_by_what_it_holds(nobody: CommandLine) -> None:
    document = nobody.json("doctor", "--privacy")

    by = {row["name"]: row["by"] for row in document["guarantees"]}
    assert by == {
        **{f"{process}.{guard}": "kernel" for process, guards in GUARDS.items() for guard in guards},
        **dict.fromkeys(("host", "bytes", "page", "input"), "code"),
    }
    assert document["kernel"] == offered()._asdict()
    assert document["running"] == {}


@on_a_full_kernel
@pytest.mark.parametrize("who", ["nobody", "person"])
def test_looking_leaves_nothing_behind(who: str, request: pytest.FixtureRequest) -> None:
    looking: CommandLine = request.getfixturevalue(who)
    before = files_of(looking)
    looking.run("doctor", "--privacy")

    assert files_of(looking) == before


def test_the_table_tells_the_processes_apart_and_what_no_program_can_promise(nobody: CommandLine) -> None:
    lines = nobody.run("doctor", "--privacy").out.splitlines()
    headings = [line for line in lines if line and not line.startswith(" ")]

    assert headings == [
        "The processes that record and judge",
        "The process that sends",
        "By Fyraften's own code",
        "Nothing runs now; what runs tries all this at its start, every time.",
        "What no program can promise",
    ]
    text = " ".join(" ".join(lines).split())
    assert [limit for limit in LIMITS if limit not in text] == []


def test_on_a_display_that_shows_keys_to_all_it_says_does_not_and_never_cannot(nobody: CommandLine) -> None:
    told = {row["name"]: row["text"] for row in nobody.json("doctor", "--privacy")["guarantees"]}

    assert "It does not; that it cannot would not be true." in told["input"]


def test_on_wayland_it_says_that_it_is_told_seconds_only(nobody: CommandLine) -> None:
    wayland = CommandLine(nobody.paths, nobody.clock, {"WAYLAND_DISPLAY": "wayland-0"})
    told = {row["name"]: row["text"] for row in wayland.json("doctor", "--privacy")["guarantees"]}

    assert told["input"].startswith("It is told how many seconds ago")


def test_every_guard_has_a_promise_and_every_promise_a_guard() -> None:
    assert set(PROMISES) == {(process, guard) for process, guards in GUARDS.items() for guard in guards}


def test_what_is_lacking_names_the_kernel_and_elsewhere_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = Report(SENDER, (), GUARDS[SENDER], _NONE)
    assert why_lacking(lacking, str) == "this kernel offers too little: Landlock 0 (0: none), system call filters: no"
    monkeypatch.setattr(sys, "platform", "darwin")

    assert why_lacking(lacking, str) == "Fyraften knows how to ask Linux for it, and no other system"


def test_on_another_system_nothing_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    assert offered() == _NONE


def test_what_runs_now_is_told_as_it_was_at_its_start() -> None:
    weak = RecordingState("recording", sandbox={COLLECTOR: {"held": [], "lacking": ["files"]}})
    full = RecordingState("recording", sandbox={COLLECTOR: {"held": ["files"], "lacking": []}})

    assert "does not enforce all" in doctor_privacy._running(weak, str)
    assert doctor_privacy._running(full, str).endswith("the kernel enforces it.")
