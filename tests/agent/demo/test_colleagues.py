"""Eleven colleagues whose reports are valid and differ enough to make figures."""

from __future__ import annotations

from pathlib import Path

from fyraften_agent.demo.colleagues import NUMBER, eleven_colleagues, report_of
from fyraften_policy import wire


def test_there_are_eleven_with_ledgers_of_their_own(tmp_path: Path) -> None:
    with eleven_colleagues(tmp_path) as people:
        links = {one.ledger.append("policy_seen", "group", 1).previous for one in people}

    assert len(people) == NUMBER == 11
    assert len(links) == NUMBER


def test_their_reports_are_valid_and_name_their_group() -> None:
    bodies = [report_of(number, "2026-W46", "payroll") for number in range(NUMBER)]
    values = [wire.decode(body) for body in bodies]

    assert {value["cell"] for value in values} == {"payroll"}
    assert {value["week"] for value in values} == {"2026-W46"}
    assert len({value["home_days"] for value in values}) > 2


def test_the_same_week_is_told_the_same_way_and_another_week_is_not() -> None:
    assert report_of(3, "2026-W46", "books") == report_of(3, "2026-W46", "books")
    assert report_of(3, "2026-W46", "books") != report_of(3, "2026-W47", "books")
