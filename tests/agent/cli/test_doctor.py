"""``fyraften doctor``."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3

import pytest

from command_line import CommandLine
from fyraften_agent.cli.doctor import LIMITS
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.sending.employer_policy import Policies, read_policy
from fyraften_agent.sending.enrolment import Enrolments, Service
from fyraften_agent.sending.receipts import encode, fingerprint
from fyraften_policy import wire


def states(document: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {check["name"]: check["state"] for check in document["checks"]}


def test_the_limits_are_said_plainly(nobody: CommandLine) -> None:
    outcome = nobody.run("doctor")

    text = " ".join(outcome.out.split())
    for limit in LIMITS:
        assert " ".join(limit.split()) in text


def test_healthy_records_are_good(person: CommandLine) -> None:
    found = states(person.json("doctor"))

    assert (found["records"], found["ledger"], found["modes"]) == ("good", "good", "good")


def test_without_a_display_it_says_why_nothing_can_be_measured(person: CommandLine) -> None:
    assert states(person.json("doctor"))["input"] == "look"


def test_a_file_that_others_may_read_is_named(person: CommandLine) -> None:
    person.paths.work.chmod(0o644)

    outcome = person.run("doctor")

    assert outcome.code == ExitCode.DONE
    assert f"{person.paths.work} can be opened by others (mode 0644)" in outcome.out


def test_a_changed_ledger_is_bad(person: CommandLine) -> None:
    content = person.paths.ledger.read_bytes()
    person.paths.ledger.write_bytes(content.replace(b'"wire_version":1', b'"wire_version":9'))

    outcome = person.run("doctor")

    assert outcome.code == ExitCode.STORAGE_FAILED
    assert "✗" in outcome.out


def test_damaged_records_are_bad_and_told(person: CommandLine) -> None:
    person.paths.work.write_bytes(b"no database" * 1000)

    outcome = person.run("doctor")

    assert outcome.code == ExitCode.STORAGE_FAILED
    assert "✗" in outcome.out
    assert outcome.errors == ""
    assert LIMITS[0][:40] in outcome.out


def test_damaged_pages_are_a_row_and_the_other_looks_follow(person: CommandLine) -> None:
    content = bytearray(person.paths.work.read_bytes())
    content[1024:] = b"\xff" * (len(content) - 1024)
    person.paths.work.write_bytes(content)

    outcome = person.run("doctor", "--json")

    found = states(json.loads(outcome.out))
    assert outcome.code == ExitCode.STORAGE_FAILED
    assert (found["recording"], found["records"], found["ledger"]) == ("note", "bad", "good")


def test_a_look_that_may_not_be_taken_is_a_row(person: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: object) -> object:
        raise PermissionError(13, "Permission denied", str(person.paths.keys))

    monkeypatch.setattr("os.scandir", refused)
    outcome = person.run("doctor", "--json")

    assert outcome.code == ExitCode.STORAGE_FAILED
    assert states(json.loads(outcome.out))["keys"] == "bad"


def test_a_ledger_held_by_another_program_is_to_be_waited_for(person: CommandLine) -> None:
    with contextlib.closing(sqlite3.connect(person.paths.ledger, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        outcome = person.run("doctor")

    (row,) = [line for line in outcome.out.splitlines() if "ledger" in line and line.startswith(("!", "✗"))]
    assert "try again in a moment" in row
    assert "aside" not in row
    assert "fyraften:" not in row
    assert outcome.code == ExitCode.DONE


@pytest.mark.parametrize(
    ("problem", "state", "words"),
    [
        (None, "good", "go no further than you agreed to: figures show from 15 contributors on"),
        ("they allow smaller groups than you agreed to", "look", "not accepted, so nothing is sent to it"),
    ],
)
def test_the_employers_rules_are_shown(person: CommandLine, problem: str | None, state: str, words: str) -> None:
    key = SigningKey(bytes(32))
    service = Service("Havn A/S", "hr@havn.example", ("group",), 10, key.public, None)
    told = {
        **{"schema": "fyraften.policy/1", "kind": "policy", "service": fingerprint(key.public), "number": 1},
        **{"since": "2026-10-01", "organisation": "Havn A/S", "contact": "x", "purposes": ["group"], "cells": ["all"]},
        **{"smallest_group": 15, "notice_given_on": None},
    }
    answer = wire.canonical({"policy": told, "signature": encode(key.sign(wire.canonical(told)))})
    with contextlib.closing(open_ledger(person.paths.ledger)) as connection:
        Enrolments(connection).start("group", "https://havn.example", service, "s" * 26, "CODE", 1)
        Enrolments(connection).confirm("s" * 26, "all", b"{}", 1)
        policies = Policies(connection)
        policies.accept(read_policy(answer, key.public), answer, key.public, 1)
        if problem is not None:
            policies.refuse(answer, key.public, problem, 2)

    (check,) = [one for one in person.json("doctor")["checks"] if one["name"] == "policy"]
    assert check["state"] == state
    assert words in check["text"]


def test_one_session_is_not_told_as_several(newcomer: CommandLine) -> None:
    assert newcomer.run("log", "add", "08:00", "09:00", "--place", "home").code == ExitCode.DONE

    said = newcomer.run("doctor").out

    assert "The records are whole. Sessions in them: 1." in said
    assert "1 sessions" not in said + newcomer.run("place", "set", "home", "--day", "today").out


@pytest.mark.parametrize("language", ["da", "nb"])
def test_the_size_of_the_files_has_a_comma_where_the_language_has_one(person: CommandLine, language: str) -> None:
    (line,) = [line for line in person.run("doctor", "--language", language).out.splitlines() if " MiB " in line]

    assert re.search(r" \d+,\d MiB ", line), line
