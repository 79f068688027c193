"""Every case of every file, in a process of its own under three time zones of the machine: the same answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from policy.case_files import all_cases
from policy.judge_cases import answers

CASES = all_cases()
MACHINES = {
    "UTC": ["2026-01-13T10:26+0000", "2026-07-17T14:53+0000"],
    "Europe/Copenhagen": ["2026-01-13T11:26+0100", "2026-07-17T16:53+0200"],
    "America/New_York": ["2026-01-13T05:26-0500", "2026-07-17T10:53-0400"],
}
# What a case may tell beside the facts; a misspelt expectation would check nothing.
EXPECTATIONS = {"verdict", "measured", "longest_rest", "run", "days", "night", "reason", "error", "remedy"}
FACTS = {
    "id", "name", "source", "zone", "jurisdiction", "rule", "work", "unconfirmed", "home", "fixed_site", "elsewhere",
    "weeks", "daily", "observed", "agreement", "absences", "period", "at", "parameters", "public_holidays",
}  # fmt: skip


@pytest.fixture(scope="module")
def here() -> dict[str, Any]:
    """Return the answers of this process."""
    return answers()


@pytest.mark.parametrize("zone", MACHINES)
def test_the_zone_of_the_machine_does_not_matter(zone: str, here: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "policy.judge_cases"]
    environment = {**os.environ, "TZ": zone}

    done = subprocess.run(
        command, cwd=Path(__file__).parents[1], env=environment, capture_output=True, text=True, check=True, timeout=120
    )

    told = json.loads(done.stdout)
    assert told["machine"] == MACHINES[zone]
    assert set(told["answers"]) == set(CASES)
    for name, answer in told["answers"].items():
        assert answer == here[name], name


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, here: dict[str, Any]) -> None:
    case, answer = CASES[name], here[name]

    if "error" in case:
        assert (answer["error"], answer["remedy"]) == (case["error"], case["remedy"])
        return
    found = [finding for finding in answer["findings"] if finding["rule"] == case["rule"]]
    assert answer["summary"][case["rule"]] == case["verdict"], found
    assert figures_of(case) <= figures_found(case, found), found


def figures_of(case: dict[str, Any]) -> set[Any]:
    """Return the figures a case expects of the findings with its verdict."""
    figures = {round(case[key], 3) for key in ("measured", "longest_rest", "run", "days") if key in case}
    return figures | set(case.get("night", ())) | ({case["reason"]} if "reason" in case else set())


def figures_found(case: dict[str, Any], found: list[dict[str, Any]]) -> set[Any]:
    decisive = [finding for finding in found if finding["verdict"] == case["verdict"]]
    measured = {round(finding["measured"], 3) for finding in decisive if finding["measured"] is not None}
    return measured | {finding["reason"] for finding in decisive}


@pytest.mark.parametrize("name", CASES)
def test_a_case_has_a_sentence_a_source_and_nothing_that_is_not_looked_at(name: str) -> None:
    case = CASES[name]

    assert case["name"].strip()
    assert case["source"].strip()
    assert set(case) <= FACTS | EXPECTATIONS
    assert ("verdict" in case) != ("error" in case)
