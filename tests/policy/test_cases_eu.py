"""The worked cases of the European rules and of the advice, each with its source, in ``tests/policy/cases``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from policy.case_files import cases, document
from policy.european import MACHINE_ZONES, answer, machine_in, session

FILES = ("eu_rest_daily.toml", "eu_rest_weekly.toml", "eu_hours.toml", "advice_checks.toml", "advice_pauses.toml")
CASES = {name: case for file in FILES for name, case in cases(file)}


def told(case: dict[str, Any]) -> dict[str, Any]:
    """Return the document; ``daily`` is the same hours on some dates in a row."""
    facts = document(case)
    daily = case.get("daily", {"first": "2026-01-01", "count": 0})
    days = [date.fromisoformat(daily["first"]) + timedelta(days=number) for number in range(daily["count"])]
    facts["work"] += [session("/".join(f"{day}T{clock}" for clock in daily["hours"].split("/"))) for day in days]
    return facts


@pytest.mark.parametrize("machine_zone", MACHINE_ZONES)
@pytest.mark.parametrize("name", CASES)
def test_case(name: str, machine_zone: str) -> None:
    case = CASES[name]

    with machine_in(machine_zone):
        judged = answer(told(case))

    found = [finding for finding in judged["findings"] if finding["rule"] == case["rule"]]
    assert judged["summary"][case["rule"]] == case["verdict"], found
    if "measured" in case:
        worst = [finding for finding in found if finding["verdict"] == case["verdict"]]
        assert case["measured"] in [finding["measured"] for finding in worst]


@pytest.mark.parametrize("name", CASES)
def test_every_case_names_its_source(name: str) -> None:
    assert CASES[name]["source"]
