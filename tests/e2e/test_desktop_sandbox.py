"""The agent in its sandbox on a real desktop: it works all the same, and says what the kernel does not enforce.

A kernel that lacks something is made by a filter over the whole agent, to which the calls do not exist.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from e2e.agent_processes import Agent, agree_to_recording, command, running_agent
from e2e.desktop import Desktop, wait_until
from fyraften_agent.consent.ledger import Event
from fyraften_agent.paths import Paths
from fyraften_agent.sandbox.sandbox import GUARDS, offered
from fyraften_agent.verify_ledger import verify

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(offered() < (6, True), reason=f"this kernel offers less than is tried here: {offered()}"),
]
SOON = 40.0
WEAK_KERNEL = (sys.executable, str(Path(__file__).with_name("weak_kernel.py")))


@pytest.fixture
def paths(home: Path) -> Paths:
    return agree_to_recording(home)


def sandbox_of(agent: Agent, process: str) -> dict[str, Any]:
    told = agent.state()["sandbox"]
    assert isinstance(told, dict)
    report: dict[str, Any] = told[process]
    return report


def noted(paths: Paths) -> list[Event]:
    """Return the events about the sandbox, of a ledger in which every signature is right."""
    return [event for event in verify(paths) if event.details.get("about") == "sandbox"]


def recorded_once(desktop: Desktop, home: Path, through: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Let the agent record, once; return the collector's report and what ``status`` prints."""
    with running_agent(desktop.environ, home, under=through) as agent:
        agent.wait_for("recording")
        desktop.type("something")
        report, status = sandbox_of(agent, "collector"), command(desktop.environ, home, "status").stdout
        agent.look_now()
        wait_until(lambda: len(agent.rows("SELECT * FROM sessions")) > 0, "work is seen", SOON)
        assert agent.end() == 0
    return report, status


def test_the_collector_records_in_its_sandbox_and_nothing_needs_to_be_noted(
    desktop: Desktop, home: Path, paths: Paths
) -> None:
    report, status = recorded_once(desktop, home, ())

    assert (report["held"], report["lacking"]) == (list(GUARDS["collector"]), [])
    assert "does not enforce" not in status
    assert noted(paths) == []


@pytest.mark.parametrize(
    ("missing", "lacking"),
    [("landlock", ["files", "others"]), ("seccomp", ["network"]), ("both", ["network", "files", "others"])],
)
def test_what_the_kernel_lacks_is_said_and_noted_once_and_so_is_that_it_is_there_again(
    desktop: Desktop, home: Path, paths: Paths, missing: str, lacking: list[str]
) -> None:
    with running_agent(desktop.environ, home, under=(*WEAK_KERNEL, missing)) as agent:
        agent.wait_for("recording")
        wait_until(lambda: len(noted(paths)) == 1, "it is noted", SOON)
        wait_until(
            lambda: any("does not enforce all" in body for _title, body in desktop.notices()), "it is told", SOON
        )
        assert sandbox_of(agent, "collector")["lacking"] == lacking
        told = json.loads(command(desktop.environ, home, "status", "--json").stdout)
        assert told["sandbox"]["collector"]["lacking"] == lacking
    again, status = recorded_once(desktop, home, (*WEAK_KERNEL, missing))
    noted_while_lacking = [event.details["lacking"] for event in noted(paths)]
    recorded_once(desktop, home, ())

    assert again["lacking"] == lacking
    assert "The system's kernel does not enforce all that Fyraften asks of it." in status
    assert noted_while_lacking == [lacking]
    assert [event.details["lacking"] for event in noted(paths)] == [lacking, []]
    assert {(event.kind, event.purpose, event.details["process"]) for event in noted(paths)} == {
        ("notice_shown", "recording", "collector")
    }
