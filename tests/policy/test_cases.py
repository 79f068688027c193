"""The worked cases of the law: every one with its source, in ``tests/policy/cases``."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest

from fyraften_policy.errors import FactsError
from fyraften_policy.evaluate import evaluate
from fyraften_policy.facts import read_facts
from policy.case_files import cases, document

REST = dict(cases("dk_rest_daily.toml"))
SCREEN = dict(cases("dk_screen_home.toml"))


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


def judged(case: dict[str, Any]) -> tuple[str, Any]:
    answer = evaluate(read_facts(document(case)))
    findings = [finding for finding in answer.findings if finding.rule == case["rule"]]
    return answer.summary[case["rule"]], findings


@pytest.mark.usefixtures("machine_zone")
@pytest.mark.parametrize("name", REST)
def test_daily_rest_case(name: str) -> None:
    case = REST[name]

    verdict, findings = judged(case)

    assert verdict == case["verdict"], findings
    if "longest_rest" in case:
        worst = min(findings, key=lambda finding: finding.measured)
        assert worst.measured == case["longest_rest"]
        assert (worst.limit, worst.unit) == (39600, "second")


@pytest.mark.usefixtures("machine_zone")
@pytest.mark.parametrize("name", SCREEN)
def test_screen_rule_case(name: str) -> None:
    case = SCREEN[name]

    verdict, findings = judged(case)

    assert verdict == case["verdict"], findings
    if "days" in case:
        assert findings[-1].measured == case["days"]
        assert findings[-1].unit == "day_per_week"


def test_a21_a_local_time_that_exists_twice_is_asked_about() -> None:
    facts = {
        "jurisdiction": "DK",
        "zone": "Europe/Copenhagen",
        "work": [{"start": "2026-10-25T01:30", "end": "2026-10-25T02:15"}],
    }

    with pytest.raises(FactsError) as asked:
        read_facts(facts)

    assert asked.value.field == "work[0].end"
    assert "2026-10-25T02:15:00+02:00 or 2026-10-25T02:15:00+01:00" in asked.value.remedy
    lengths = []
    for offset in ("+02:00", "+01:00"):
        facts["work"] = [{"start": "2026-10-25T01:30", "end": f"2026-10-25T02:15{offset}"}]
        lengths.append(read_facts(facts).reported(True)[0].length)
    assert lengths == [45 * 60, 105 * 60]


def march(period: dict[str, str]) -> dict[str, Any]:
    """65 hours at home in March 2026, of which 60 in weeks 10 to 13; eight weeks alike before."""
    days = [("2026-03-30", 2, 30), ("2026-03-31", 2, 30)]
    weeks = [f"2026-{month:02}-{day:02}" for month, day in ((3, 2), (3, 9), (3, 16), (3, 23))]
    days += [(day, 15, 0) for day in weeks]
    days += [(day, 15, 0) for day in ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26")]
    days += [(day, 15, 0) for day in ("2026-02-02", "2026-02-09", "2026-02-16", "2026-02-23")]
    work = [
        {"start": f"{day}T06:00", "end": f"{day}T{6 + hours:02}:{minutes:02}", "place": "home"}
        for day, hours, minutes in days
    ]
    return {"jurisdiction": "DK", "zone": "Europe/Copenhagen", "work": work, "period": period}


def test_c05_weeks_and_month_that_disagree_are_shown_as_doubt_where_exactly_a_month_is_asked() -> None:
    month = evaluate(read_facts(march({"start": "2026-03-01", "end": "2026-04-01"})))
    weeks = evaluate(read_facts(march({"start": "2026-03-02", "end": "2026-03-30"})))

    assert month.summary["dk.screen.home"] == "attention"
    screen = [finding for finding in month.findings if finding.rule == "dk.screen.home"][-1]
    text = " ".join(step.text(str) for step in screen.steps)
    assert "calendar month: 65 h, 1.983 days a week" in text
    assert screen.measured == pytest.approx(15 / 7.4)
    assert weeks.summary["dk.screen.home"] == "covered"


def test_c21_the_danish_rules_are_not_for_work_done_in_sweden() -> None:
    facts = document(SCREEN["C15: a laptop always used at the same desk counts"]) | {"jurisdiction": "EU"}

    assert not any(rule.startswith("dk.") for rule in evaluate(read_facts(facts)).summary)


def test_c20_the_summer_house_is_a_home_and_c22_nothing_can_be_waived() -> None:
    facts = document(
        {**SCREEN["C15: a laptop always used at the same desk counts"], "weeks": {"count": 9, "home": "22:12"}}
    )

    assert evaluate(read_facts(facts)).summary["dk.screen.home"] == "covered"
    with pytest.raises(FactsError, match="no such field"):
        read_facts({**facts, "agreement": {"waives_equipment": True}})
