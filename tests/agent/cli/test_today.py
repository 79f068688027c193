"""``fyraften today``: one day, as text and as a document."""

from __future__ import annotations

import json

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.recording.activity import Changes, MeasuredSession, ObservedTime
from fyraften_agent.store.store import Store


def test_the_document_has_exactly_the_fields_of_the_design(person: CommandLine) -> None:
    document = person.json("today")

    assert list(document) == ["date", "sessions", "unobserved", "findings", "forecast"]
    assert list(document["sessions"][0]) == ["start", "end", "place", "workstation", "confirmed", "source"]


def test_the_sessions_of_today_are_told_in_the_zone_of_the_place_of_work(person: CommandLine) -> None:
    sessions = person.json("today")["sessions"]

    assert [(session["start"], session["end"]) for session in sessions] == [
        ("2026-11-20T08:05:00+01:00", "2026-11-20T11:52:00+01:00"),
        ("2026-11-20T12:31:00+01:00", None),
    ]


def test_the_forecast_says_when_to_stop(person: CommandLine) -> None:
    outcome = person.run("today")

    assert "Stop by 21:05 to keep the daily rest." in outcome.out
    assert person.json("today")["forecast"]["stop_by"] == "2026-11-20T21:05:00+01:00"


def test_another_day_has_its_own_findings_and_no_forecast(person: CommandLine) -> None:
    document = person.json("today", "--date", "2026-11-19")

    rest = next(finding for finding in document["findings"] if finding["rule"] == "dk.rest.daily")
    assert (rest["verdict"], rest["measured"], rest["limit"]) == ("broken", 9 * 3600, 11 * 3600)
    assert document["forecast"] == {}


def test_a_short_rest_is_told_as_a_fact_without_blame(person: CommandLine) -> None:
    outcome = person.run("today", "--date", "2026-11-19")

    assert "this looks like 9 h of rest; the rule is 11 h" in outcome.out


def test_time_that_was_not_observed_is_said(person: CommandLine) -> None:
    outcome = person.run("today", "--date", "2026-11-10")

    assert "Nothing is known of: 12:30–14:00." in outcome.out
    assert person.json("today", "--date", "2026-11-10")["unobserved"] == [
        {"start": "2026-11-10T12:30:00+01:00", "end": "2026-11-10T14:00:00+01:00"}
    ]


def test_a_day_without_anything_has_an_empty_state(nobody: CommandLine) -> None:
    outcome = nobody.run("today")

    assert outcome.code == ExitCode.DONE
    assert "No screen work is recorded." in outcome.out
    assert "There is nothing to judge yet." in outcome.out
    assert nobody.json("today")["sessions"] == []


def test_what_nobody_told_is_one_quiet_sentence_and_no_open_question(person: CommandLine) -> None:
    text = person.run("today").out

    assert "cannot be judged" not in text
    assert "Not looked at, because nothing is told about it: Work outside the agreed hours, Home days against" in text
    assert text.count("Eye test") == 1
    assert "agreement.out_of_hours" in {finding["rule"] for finding in person.json("today")["findings"]}


def test_each_finding_has_the_name_by_which_it_is_asked_for(person: CommandLine) -> None:
    text = person.run("today").out

    head = next(line for line in text.splitlines() if line.startswith("  Daily rest "))
    assert head.split()[-1] == "dk.rest.daily"
    assert "How it comes about: fyraften why RULE, with a name from above" in text


def test_a_date_that_is_none_is_refused_with_an_example(person: CommandLine) -> None:
    outcome = person.run("today", "--date", "20/11")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "2026-11-20" in outcome.errors


def test_the_document_is_the_same_in_every_language(person: CommandLine) -> None:
    danish = person.run("today", "--json", "--language", "da").out

    assert json.loads(danish) == person.json("today")


def test_before_the_first_start_nothing_is_known_and_no_day_is_listed(newcomer: CommandLine) -> None:
    start_at_half_past_two(newcomer)

    said = "Nothing is known before 2026-11-20 14:30. It is counted neither as work nor as rest."
    for command in (("today",), ("week",), ("month",), ("today", "--date", "yesterday")):
        text = " ".join(newcomer.run(*command).out.split())
        assert said in text, command
        assert "Nothing is known of" not in text
        assert "24 h" not in text
    assert newcomer.json("today")["unobserved"] == [
        {"start": "2026-11-20T00:00:00+01:00", "end": "2026-11-20T14:30:00+01:00"}
    ]


def test_what_is_not_known_after_the_first_start_is_told_by_its_times(newcomer: CommandLine) -> None:
    start_at_half_past_two(newcomer)
    newcomer.run("log", "add", "08:00", "09:00", "--place", "home")

    text = " ".join(newcomer.run("today").out.split())

    assert "Nothing is known before 2026-11-20 08:00." in text
    assert "Nothing is known of: 09:00–14:30." in text


def start_at_half_past_two(newcomer: CommandLine) -> None:
    now = newcomer.clock.now()
    work = MeasuredSession(1, now - 3600, now - 1800, False)
    with Store.open(newcomer.paths.work) as store:
        store.write_measured(
            Changes(sessions=(work,), observed=(ObservedTime(1, now - 3600, now, None),)), "Europe/Copenhagen", None
        )
