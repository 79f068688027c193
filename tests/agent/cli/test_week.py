"""``fyraften week`` and ``fyraften month``: days, places, and what the rules say."""

from __future__ import annotations

import pytest

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode


def test_a_week_shows_its_days_by_place(person: CommandLine) -> None:
    document, text = person.json("week"), person.run("week").out

    assert (document["week"], document["home_days"], len(document["days"])) == ("2026-W47", 3, 7)
    assert document["days"][2] == {
        "date": "2026-11-18",
        "worked_seconds": 34_800,
        "places": {"home": 34_800},
        "unobserved_seconds": 0,
    }
    assert text.startswith("Week 2026-W47: 39 h 31 min of screen work\n")
    assert "2026-11-21" not in text  # days to come are left out


def test_a_week_counts_what_each_rule_said_and_names_what_to_look_at(person: CommandLine) -> None:
    text = person.run("week").out

    assert "1 × not met, 3 × met" in text
    assert "2026-11-18 – 2026-11-19: this looks like 9 h of rest; the rule is 11 h" in text


@pytest.mark.parametrize("words", ["2026-W46", "2026W46", "w46", "46", "2026-11-10"])
def test_a_week_is_meant_by_its_name_its_number_or_a_day(person: CommandLine, words: str) -> None:
    assert person.json("week", words)["week"] == "2026-W46"


def test_time_of_which_nothing_is_known_is_shown(person: CommandLine) -> None:
    assert person.json("week", "46")["days"][1]["unobserved_seconds"] == 5400


def test_a_month_adds_its_days_up(person: CommandLine) -> None:
    document = person.json("month")

    assert (document["month"], len(document["days"])) == ("2026-11", 30)
    assert document["worked_seconds"] == sum(day["worked_seconds"] for day in document["days"])
    assert document["worked_seconds"] == sum(document["places"].values())


@pytest.mark.parametrize("words", [["week"], ["month"], ["month", "2025-02"]])
def test_without_records_the_empty_state_is_shown(nobody: CommandLine, words: list[str]) -> None:
    outcome = nobody.run(*words)

    assert outcome.code == ExitCode.DONE
    assert "No screen work is recorded." in outcome.out
    assert not nobody.paths.folder.exists()


@pytest.mark.parametrize("words", [["week", "54"], ["week", "2026-W60"], ["week", "soon"], ["month", "2026-13"]])
def test_what_is_no_week_or_month_is_refused(person: CommandLine, words: list[str]) -> None:
    assert person.run(*words).code == ExitCode.BAD_INPUT
