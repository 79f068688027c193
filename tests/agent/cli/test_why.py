"""``fyraften why``: the arithmetic behind a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_records import NOW, TODAY, FixedClock, at, nine_weeks, small_home
from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.store.store import Store
from fyraften_policy.evaluate import rules_of


def living_in(jurisdiction: str, folder: Path, **agreement: object) -> CommandLine:
    """Return somebody with nine weeks of records and an agreement under the law of a country."""
    paths = nine_weeks(small_home(folder))
    with Store.open(paths.work) as store:
        store.record_agreement({"jurisdiction": jurisdiction, "agreement": agreement}, at(TODAY, "07:00"))
    return CommandLine(paths, FixedClock(NOW))


def test_the_verdict_its_steps_its_number_and_its_source_are_shown(person: CommandLine) -> None:
    outcome = person.run("why", "dk.rest.daily", "--date", "2026-11-19")

    assert outcome.code == ExitCode.DONE
    lines = outcome.out.splitlines()
    assert lines[0] == "Daily rest: not met – this looks like 9 h of rest; the rule is 11 h"
    assert lines[1] == "  Judged: 2026-11-18 08:15 to 2026-11-19 15:40"
    assert "  1. " in outcome.out
    assert "short by 2 h" in outcome.out
    assert "  Value judged by: 11 h, in force since 2002-05-23 (dk.rest.daily.minimum)" in lines
    assert "§ 50" in outcome.out
    assert "  https://at.dk/" in outcome.out
    assert "  The wording was checked at this address." in lines


def test_the_document_holds_the_finding_as_the_rule_made_it(person: CommandLine) -> None:
    document = person.json("why", "dk.screen.home")

    (finding,) = document["findings"]
    assert (finding["rule"], finding["verdict"]) == ("dk.screen.home", "covered")
    assert finding["steps"]


def test_the_document_says_as_much_as_the_text(tmp_path: Path) -> None:
    document = living_in("NO", tmp_path).json("why", "no.overtime")

    finding = document["findings"][0]
    assert finding["title"] == "Hours over ordinary hours"
    assert finding["citation"]["checked"] is False
    assert finding["citation"]["parameter"]["citation"]["checked"] is False
    unknown = next(one for one in document["findings"] if one["verdict"] == "not_judged")
    assert "fyraften log add" in unknown["remedy"]


def test_what_could_not_be_checked_at_its_source_says_so(tmp_path: Path) -> None:
    outcome = living_in("NO", tmp_path).run("why", "no.overtime")

    assert "could not be checked at its source" in outcome.out


def test_without_a_date_the_latest_that_was_judged_is_shown(person: CommandLine) -> None:
    outcome = person.run("why", "advice.home_share")

    assert outcome.out.startswith(
        "Of 2026-11-20 itself it says nothing yet. The latest before:\n\nShare of work at home:"
    )
    assert "Judged: 2026-11-09 00:00 to 2026-11-16 00:00" in outcome.out


def test_a_rule_over_weeks_is_asked_for_the_window_that_ended_last_by_that_day(person: CommandLine) -> None:
    document = person.json("why", "dk.screen.home", "--date", "2026-11-04")

    assert [one["period"]["end"] for one in document["findings"]] == ["2026-11-02T00:00:00+01:00"]


def test_an_average_is_that_of_the_months_that_end_with_the_day(person: CommandLine) -> None:
    document = person.json("why", "dk.hours.average", "--date", "2026-11-18")

    assert [one["period"]["end"] for one in document["findings"]] == ["2026-11-19T00:00:00+01:00"]


def test_work_that_went_on_past_midnight_is_seen_whole(person: CommandLine) -> None:
    document = person.json("why", "dk.rest.daily", "--date", "2026-11-18")

    assert [one["period"]["end"] for one in document["findings"]] == ["2026-11-19T15:40:00+01:00"]


@pytest.mark.parametrize("jurisdiction", ["DK", "NO", "EU"])
def test_every_rule_of_the_jurisdiction_can_be_asked_for(jurisdiction: str, tmp_path: Path) -> None:
    person = living_in(jurisdiction, tmp_path)

    for rule in rules_of(jurisdiction):
        outcome = person.run("why", rule.RULE)
        assert outcome.code == ExitCode.DONE, rule.RULE
        assert "there is nothing to judge" not in outcome.out


def test_what_cannot_be_judged_says_why_and_what_to_do(person: CommandLine) -> None:
    outcome = person.run("why", "agreement.out_of_hours")

    assert "  No normal working hours are agreed." in outcome.out
    assert "  What to do: Write your normal hours into your agreement (normal_hours): fyraften agreement" in outcome.out


def test_a_value_of_the_agreement_is_named_as_its_own(tmp_path: Path) -> None:
    person = living_in("DK", tmp_path)
    with Store.open(person.paths.work) as store:
        replaced = {"jurisdiction": "DK", "agreement": {}, "parameters": {"dk.rest.daily.minimum": 8}}
        store.record_agreement(replaced, at(TODAY, "08:00"))

    outcome = person.run("why", "rest.daily")

    assert "Value judged by: 8 h, set by your agreement in place of the law's (dk.rest.daily.minimum)" in outcome.out


def test_a_part_of_a_name_that_one_rule_has_is_enough(person: CommandLine) -> None:
    assert person.json("why", "rest.weekly")["rule"] == "dk.rest.weekly"


def test_a_part_of_several_names_is_refused_with_them(person: CommandLine) -> None:
    outcome = person.run("why", "rest")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "dk.rest.daily, dk.rest.weekly" in outcome.errors


def test_a_rule_that_does_not_exist_is_refused_with_those_that_do(person: CommandLine) -> None:
    outcome = person.run("why", "dk.rest.dayly")

    assert outcome.code == ExitCode.BAD_INPUT
    assert all(rule.RULE in outcome.errors for rule in rules_of("DK"))


def test_a_rule_of_another_country_is_refused(person: CommandLine) -> None:
    outcome = person.run("why", "no.night")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "in the law that holds for you" in outcome.errors


def test_without_a_rule_those_of_the_jurisdiction_are_listed(tmp_path: Path) -> None:
    person = living_in("EU", tmp_path)

    outcome = person.run("why")

    assert outcome.code == ExitCode.DONE
    assert "  eu.rest.daily           Daily rest\n" in outcome.out
    assert "dk." not in outcome.out
    assert person.json("why")["rules"][0] == {"rule": "eu.rest.daily", "title": "Daily rest"}


def test_a_rule_with_nothing_to_judge_says_so(nobody: CommandLine) -> None:
    outcome = nobody.run("why", "dk.rest.daily")

    assert outcome.code == ExitCode.DONE
    assert outcome.out == "Daily rest: there is nothing to judge on 2026-11-20 or before.\n"


def test_records_that_have_just_begun_have_nothing_to_judge(newcomer: CommandLine) -> None:
    assert "there is nothing to judge" in newcomer.run("why", "dk.rest.daily").out
