"""Public holidays: which days, for which years, and where nothing is filled in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fyraften_agent.public_holidays import COUNTRIES, TABLE, from_library, public_holidays, with_public_holidays

WORK = {"start": "2026-01-13T08:00", "end": "2026-01-13T16:00"}


def test_the_danish_holidays_of_2026() -> None:
    assert public_holidays("DK", [2026]) == [
        "2026-01-01", "2026-04-02", "2026-04-03", "2026-04-05", "2026-04-06", "2026-05-14", "2026-05-24", "2026-05-25",
        "2026-12-25", "2026-12-26",
    ]  # fmt: skip


def test_the_norwegian_ones_are_those_and_the_first_and_the_seventeenth_of_may() -> None:
    assert set(public_holidays("NO", [2026])) - set(public_holidays("DK", [2026])) == {"2026-05-01", "2026-05-17"}


def test_sundays_are_not_filled_in_as_holidays() -> None:
    assert "2026-01-11" not in public_holidays("NO", [2026])


@pytest.mark.parametrize("jurisdiction", COUNTRIES)
def test_the_table_says_what_the_library_says(jurisdiction: str) -> None:
    years = [int(year) for year in json.loads(TABLE.read_text(encoding="utf-8"))[jurisdiction]]

    assert {2016, 2025, 2026, 2027, 2036} <= set(years)
    assert public_holidays(jurisdiction, years) == from_library(jurisdiction, years)


@pytest.mark.parametrize("jurisdiction", COUNTRIES)
def test_years_outside_the_table_are_asked_of_the_library(jurisdiction: str) -> None:
    assert public_holidays(jurisdiction, [1950, 2026]) == from_library(jurisdiction, [1950, 2026])


def test_what_is_no_country_has_none() -> None:
    assert public_holidays("EU", [2026]) == []


def test_they_are_filled_in_for_the_years_around_the_work() -> None:
    filled = with_public_holidays({"jurisdiction": "DK", "work": [WORK]})["public_holidays"]

    assert {day[:4] for day in filled} == {"2025", "2026", "2027"}


@pytest.mark.parametrize(
    "document",
    [
        {"jurisdiction": "DK", "work": [WORK], "public_holidays": []},
        {"jurisdiction": 3, "work": [WORK]},
        {"work": [WORK]},
        {"jurisdiction": "DK", "work": []},
        {"jurisdiction": "DK", "work": [{"start": "9999-01-01T00:00"}]},
        {"jurisdiction": "DK", "work": "tomorrow", "period": [], "at": None},
    ],
)
def test_nothing_is_filled_in_where_there_is_nothing_to_go_by(document: dict[str, Any]) -> None:
    assert with_public_holidays(document) == document


def test_what_was_given_is_not_changed() -> None:
    document = {"jurisdiction": "DK", "work": [WORK]}

    with_public_holidays(document)

    assert "public_holidays" not in document


@pytest.mark.parametrize("year", ["1900", "2199"])
def test_at_the_ends_of_the_years_that_are_read_none_lies_outside(year: str) -> None:
    filled = with_public_holidays({"jurisdiction": "NO", "at": f"{year}-06-01T00:00"})["public_holidays"]

    assert {day[:4] for day in filled} <= {str(int(year) + step) for step in (-1, 0, 1)} - {"1899", "2200"}
