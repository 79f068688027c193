"""``fyraften record``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from agent_records import ZONE, FixedClock, at, small_home
from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.consent.keys import Keys, SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.store.store import Store
from fyraften_policy import wire

SERVICE = Service("Havn A/S", "hr@havn.example", ("record",), 10, SigningKey(bytes(32)).public, None)
SERVER = "http://127.0.0.1:9"  # nobody listens there
HAND = ("7:24", "7:24", "7:24", "7:24", "6:00", "-", "-")


def enrolled(person: CommandLine) -> CommandLine:
    """Let a person agree to file the record, as the terminal does."""
    agreed = at(date(2026, 11, 1), "00:00")
    with Ledger.open(person.paths) as ledger:
        ledger.give("record", agreed, "text", "en", wire.VERSION, agreed_service(SERVER, SERVICE.public_key))
        enrolments = Enrolments(ledger.connection)
        enrolments.start("record", SERVER, SERVICE, "record", "CODE", agreed)
        enrolments.confirm("record", None, b"{}", agreed)
        Keys(person.paths.keys).create("record")
    return person


@pytest.fixture
def without_agent(tmp_path: Path) -> CommandLine:
    """Somebody who never let anything be recorded."""
    return enrolled(CommandLine(small_home(tmp_path), FixedClock("2026-11-20T15:30")))


def test_the_last_week_is_proposed_from_the_sessions(person: CommandLine) -> None:
    shown = person.json("record")
    text = person.run("record").out

    assert shown["week"] == "2026-W46"
    assert shown["days"][0]["date"] == "2026-11-09"
    assert any(day["proposed_minutes"] for day in shown["days"])
    assert shown["filed"] is None
    assert "Nothing is filed for this week." in text
    assert "fyraften record 2026-W46 --take" in text


def test_nothing_is_filed_by_looking(person: CommandLine) -> None:
    before = person.paths.ledger.read_bytes()

    person.run("record")

    assert person.paths.ledger.read_bytes() == before


def test_what_is_proposed_is_filed_as_it_stands_and_waits_for_approval(person: CommandLine) -> None:
    enrolled(person)
    proposed = [day["proposed_minutes"] for day in person.json("record")["days"]]

    filed = person.json("record", "--take")["reports"][0]

    assert (filed["report"], filed["state"]) == ("fyraften.record.weekly/1", "held")
    assert json.loads(filed["body"]) == {
        "report": "fyraften.record.weekly/1",
        "week": "2026-W46",
        "minutes": proposed,
    }
    assert person.json("record")["filed"]["minutes"] == proposed


def test_one_day_is_corrected_and_the_others_stay(person: CommandLine) -> None:
    enrolled(person)
    proposed = [day["proposed_minutes"] for day in person.json("record")["days"]]

    person.run("record", "--day", "fri=6:00", "--day", "lør=-")
    person.run("record", "--day", "mon=8h")
    filed = person.json("record")["filed"]["minutes"]

    assert filed == [480, *proposed[1:4], 360, None, proposed[6]]
    assert len(person.json("outbox")["reports"]) == 1


def test_a_colleague_without_the_agent_files_the_same_by_hand(without_agent: CommandLine) -> None:
    filed = without_agent.json("record", "2026-W46", "--hours", *HAND)["reports"][0]

    assert filed["body"] == (
        '{"minutes":[444,444,444,444,360,null,null],"report":"fyraften.record.weekly/1","week":"2026-W46"}'
    )
    assert not without_agent.paths.work.exists()
    text = without_agent.run("record", "2026-W46").out
    assert "7:24" in text


def test_without_records_nothing_is_proposed(without_agent: CommandLine) -> None:
    shown = without_agent.json("record")

    assert [day["proposed_minutes"] for day in shown["days"]] == [None] * 7
    text = without_agent.run("record").out
    assert not any(word in text for word in ("--take", "not observed", "waits for your word"))
    assert without_agent.run("record", "--take").code == ExitCode.BAD_INPUT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--hours", "7:24", "7:24", "7:24", "7:24", "7:24", "25h", "-"), "25h"),
        (("--day", "fre=7:61"), "7:61"),
        (("--day", "someday=7:00"), "someday"),
        (("2026-W60", "--hours", *HAND), "2026-W60"),
        (("2026-W49", "--hours", *HAND), "has not begun"),
        (("2026-W47", "--hours", "-", "-", "-", "-", "-", "7:00", "-"), "2026-11-21 is still to come"),
        (("2026-W46", "--hours", *["-"] * 7), "would say nothing"),
    ],
)
def test_what_cannot_be_filed_is_told_with_its_value_and_files_nothing(
    without_agent: CommandLine, words: tuple[str, ...], said: str
) -> None:
    outcome = without_agent.run("record", *words)

    assert outcome.code == ExitCode.BAD_INPUT
    assert said in outcome.errors
    assert without_agent.json("outbox")["reports"] == []


def test_without_an_enrolment_nobody_would_receive_it(person: CommandLine) -> None:
    outcome = person.run("record", "--take")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "fyraften consent give record" in outcome.errors


def test_that_what_is_proposed_is_rounded_is_said_since_a_week_leaves_seconds_out(person: CommandLine) -> None:
    start = at(date(2026, 11, 14), "08:00")
    with Store.open(person.paths.work) as store:
        store.add_session(start, start + 29 * 60 + 30, ZONE, "home", None, confirmed=True, now=person.clock.now())

    proposed, week = person.run("record", "2026-W46").out, person.run("week", "2026-W46").out

    assert "0:30" in proposed
    assert "29 min" in week
    assert "What is proposed is rounded to the nearest minute; fyraften week leaves seconds out." in proposed


def test_where_nothing_is_proposed_nothing_is_said_of_rounding(without_agent: CommandLine) -> None:
    assert "rounded" not in without_agent.run("record").out
