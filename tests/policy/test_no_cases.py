"""The worked cases of Norwegian law: every one with its source, in ``tests/policy/cases/no_*.toml``."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from policy.case_files import FOLDER, cases, document

FILES = sorted(path.name for path in FOLDER.glob("no_*.toml"))
CASES = {f"{case['rule']} {name}": case for file in FILES for name, case in cases(file)}


@pytest.fixture(params=["UTC", "Europe/Copenhagen", "America/New_York"])
def machine_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Runs a test under another time zone of the machine, which must not matter."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("machine_zone")
@pytest.mark.parametrize("name", CASES)
def test_norwegian_case(name: str) -> None:
    case = CASES[name]

    answer = evaluate(read_facts(document(case)))

    found = [finding for finding in answer.findings if finding.rule == case["rule"]]
    decisive = [finding for finding in found if finding.verdict == case["verdict"]]
    assert answer.summary[case["rule"]] == case["verdict"], found
    if "measured" in case:
        assert case["measured"] in [finding.measured for finding in decisive]
    if "reason" in case:
        assert decisive[-1].reason == case["reason"]


def test_every_rule_of_norway_has_a_file_of_cases() -> None:
    assert {case["rule"].replace(".", "_") + ".toml" for case in CASES.values()} == set(FILES)
    assert len(FILES) == 8
