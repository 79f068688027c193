"""``fyraften outbox by-itself``: chosen by a person at a terminal, shown to anybody, turned off by a word."""

from __future__ import annotations

import os
import sys

import pexpect
import pytest

from command_line import CommandLine
from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.sending.enrolment import Enrolments, Service, agreed_service
from fyraften_agent.sending.outbox import Outbox
from fyraften_policy import wire

KEY = SigningKey(bytes(32))
SERVICE = Service("Havn A/S", "hr@havn.example", ("group",), 10, KEY.public, None)
SERVER = "https://havn.example"


@pytest.fixture
def agreed(newcomer: CommandLine) -> CommandLine:
    with Ledger.open(newcomer.paths) as ledger:
        # Long ago by the fixed clock of the tests, yet not expired by the real one of a terminal.
        ledger.give("group", newcomer.clock.now() - 50, "text", "en", 1, agreed_service(SERVER, KEY.public))
        Enrolments(ledger.connection).start("group", SERVER, SERVICE, "s" * 26, "CODE", 1)
        Enrolments(ledger.connection).confirm("s" * 26, "sales", b"{}", 1)
    return newcomer


def at_a_terminal(person: CommandLine, answer: str | None) -> tuple[int, str]:
    """Choose it at a real terminal; ``None`` types the word that is asked for."""
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "fyraften_agent.cli", "outbox", "by-itself", "group", "on"],
        env={**os.environ, "FYRAFTEN_HOME": str(person.paths.folder), "LC_ALL": "C.UTF-8"},
        encoding="utf-8",
        timeout=30,
        dimensions=(60, 200),
    )
    terminal.expect(r"type the word (\w+) and press")
    shown = str(terminal.before)
    terminal.sendline(terminal.match[1] if answer is None else answer)
    terminal.expect(pexpect.EOF)
    terminal.close()
    return int(terminal.exitstatus or 0), shown + str(terminal.before)


def chosen(person: CommandLine) -> bool:
    return bool(person.json("outbox", "by-itself", "group")["by_itself"])


def test_it_is_off_until_a_person_types_the_word(agreed: CommandLine) -> None:
    assert not chosen(agreed)
    code, shown = at_a_terminal(agreed, None)

    assert code == 0
    assert "On the day before, you are told" in " ".join(shown.split())
    assert chosen(agreed)
    assert "Reports leave by themselves after two days" in agreed.run("consent", "show").out
    assert agreed.run("outbox", "by-itself", "group", "off").code == 0
    assert not chosen(agreed)
    assert "Reports leave only when you approve them" in agreed.run("consent", "show").out


def test_what_is_on_its_way_when_it_is_turned_off_is_named(agreed: CommandLine) -> None:
    values = dict.fromkeys((field.name for field in wire.report_for("group").fields), wire.UNKNOWN)
    body = wire.encode("fyraften.group.weekly/1", {**values, "week": "2026-W46", "cell": "sales"})
    with Ledger.open(agreed.paths) as ledger:
        Outbox(ledger.connection).prepare(body, "s" * 26, 1)
        Outbox(ledger.connection).approve(1, 1, agreed.clock.now() + 60)
    off = agreed.run("outbox", "by-itself", "group", "off")

    assert "1: approved, waits to be sent" in off.out
    agreed.run("outbox", "hold", "1")
    assert agreed.json("outbox", "by-itself", "group", "off")["approved"] == []


def test_another_word_changes_nothing(agreed: CommandLine) -> None:
    code, _shown = at_a_terminal(agreed, "yes")

    assert code == 3
    assert not chosen(agreed)


def test_without_a_terminal_it_cannot_be_chosen(agreed: CommandLine) -> None:
    outcome = agreed.run("outbox", "by-itself", "group", "on")

    assert outcome.code == 3
    assert "this is no terminal" in outcome.errors
    assert not chosen(agreed)


def test_without_consent_there_is_nothing_to_choose(newcomer: CommandLine) -> None:
    assert newcomer.run("outbox", "by-itself", "group", "on").code == 2
    assert newcomer.run("outbox", "by-itself", "group", "off").code == 0


@pytest.mark.parametrize("purpose", ["duty", "record", "recording"])
def test_it_cannot_be_chosen_for_what_carries_a_name(agreed: CommandLine, purpose: str) -> None:
    assert agreed.run("outbox", "by-itself", purpose, "on").code == 2
