"""The worked cases of the Danish weekly rest and working hours, each with its source, in ``tests/policy/cases``."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.findings import Finding
from policy.case_files import cases, document

WEEKLY = dict(cases("dk_rest_weekly.toml"))
HOURS = dict(cases("dk_hours.toml"))


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


def judged(case: dict[str, Any]) -> tuple[str, list[Finding]]:
    facts = document(case)
    if "daily" in case:
        facts["work"] = list(every_day(**case["daily"]))
    answer = evaluate(read_facts(facts))
    return answer.summary[case["rule"]], [found for found in answer.findings if found.rule == case["rule"]]


def every_day(first: str, count: int, start: str, seconds: int) -> Iterator[dict[str, str]]:
    for offset in range(count):
        begin = datetime.combine(date.fromisoformat(first) + timedelta(days=offset), datetime.min.time())  # local time
        begin += timedelta(hours=int(start[:2]), minutes=int(start[3:]))
        yield {"start": begin.isoformat(), "end": (begin + timedelta(seconds=seconds)).isoformat()}


@pytest.mark.usefixtures("machine_zone")
@pytest.mark.parametrize("name", WEEKLY)
def test_weekly_rest_case(name: str) -> None:
    case = WEEKLY[name]

    verdict, findings = judged(case)

    assert verdict == case["verdict"], findings
    if "run" in case:
        assert max(found.measured for found in findings if found.measured is not None) == case["run"]
        assert {(found.limit, found.unit) for found in findings} == {(478800, "second")}


@pytest.mark.usefixtures("machine_zone")
@pytest.mark.parametrize("name", HOURS)
def test_hours_case(name: str) -> None:
    case = HOURS[name]

    verdict, findings = judged(case)

    assert verdict == case["verdict"], findings
    if "measured" in case:
        assert [found.measured for found in findings if found.limit is not None] == [case["measured"]]
    if "night" in case:
        assert [found.measured for found in findings if found.unit == "second"] == case["night"]
