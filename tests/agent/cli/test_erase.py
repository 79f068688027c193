"""``fyraften erase``: asked for at the keyboard, told what else holds data, and searched afterwards."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pexpect
import pytest

from agent_records import FixedClock, nine_weeks, small_home
from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.consent.keys import SigningKey
from fyraften_agent.consent.ledger_store import Ledger
from fyraften_agent.paths import Paths
from fyraften_agent.processes import control
from fyraften_agent.sending.enrolment import Enrolments, Service
from fyraften_agent.sending.outbox import Outbox
from fyraften_policy import wire

DAY = ("--from", "2026-11-18", "--to", "2026-11-18")


def at_a_terminal(paths: Paths, *words: str, command: tuple[str, ...] = ("erase",)) -> pexpect.spawn:
    environ = {**os.environ, "FYRAFTEN_HOME": str(paths.folder), "TZ": "Europe/Copenhagen", "LC_ALL": "C.UTF-8"}
    return pexpect.spawn(
        sys.executable,
        ["-m", "fyraften_agent.cli", *command, *words],
        env=environ,
        encoding="utf-8",
        timeout=60,
        dimensions=(200, 160),
    )


def answered(paths: Paths, answer: str | None, *words: str, command: tuple[str, ...] = ("erase",)) -> tuple[int, str]:
    """Answer the question with the word asked for (None) or with another; return exit code and what was shown."""
    process = at_a_terminal(paths, *words, command=command)
    process.expect(r"type the word (\w+) and press")
    before = str(process.before)
    process.sendline(str(process.match[1]) if answer is None else answer)
    process.expect(pexpect.EOF)
    process.close()
    return int(process.exitstatus or 0), before + str(process.before)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return nine_weeks(small_home(tmp_path))


def person(paths: Paths) -> CommandLine:
    return CommandLine(paths, FixedClock("2026-11-20T15:30"))


def test_typing_the_word_erases_and_says_that_no_trace_was_found(paths: Paths) -> None:
    code, shown = answered(paths, None, *DAY)

    assert code == ExitCode.DONE
    assert "Sessions to be erased: 3" in shown
    assert "none was found" in shown
    assert person(paths).json("log", "--from", "2026-11-18", "--to", "2026-11-18")["sessions"] == []


@pytest.mark.parametrize("typed", ["", "yes", "erase"])
def test_anything_else_erases_nothing(paths: Paths, typed: str) -> None:
    code, shown = answered(paths, typed, "--all")

    assert code == ExitCode.BAD_INPUT
    assert "Nothing was erased" in shown
    assert len(person(paths).json("log", "--from", "2026-09-01")["sessions"]) == 91


def test_what_comes_through_a_pipe_erases_nothing(paths: Paths) -> None:
    outcome = person(paths).run("erase", "--all", keyboard="yes\n" * 100)

    assert outcome.code == ExitCode.BAD_INPUT
    assert "this is no terminal" in outcome.errors
    assert len(person(paths).json("log", "--from", "2026-09-01")["sessions"]) == 91


def test_trying_it_out_tells_what_would_go_and_what_would_stay_elsewhere(paths: Paths) -> None:
    document = person(paths).json("erase", *DAY, "--dry-run")
    text = person(paths).run("erase", *DAY, "--dry-run").out

    assert (len(document["sessions"]), document["rows"]["spans"], document["erased"]) == (3, 3, False)
    assert any(str(paths.ledger) in line for line in document["elsewhere"])
    assert "What this does not erase" in text
    assert "Backups and snapshots" in text


def test_with_nothing_in_the_scope_nothing_is_asked(paths: Paths, tmp_path: Path) -> None:
    nobody = small_home(tmp_path / "nobody")
    outcomes = [
        person(paths).run("erase", "--from", "2026-01-01", "--to", "2026-01-02"),
        person(paths).run("erase", "--session", "4711"),
        person(nobody).run("erase", "--all"),
    ]

    assert [outcome.code for outcome in outcomes] == [ExitCode.DONE] * 3
    assert all("There is nothing to erase." in outcome.out for outcome in outcomes)
    assert not nobody.folder.exists()


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--all", "--session", "1"],
        ["--all", "--from", "2026-11-18"],
        ["--from", "2026-11-18", "--to", "2026-11-17"],
        ["--from", "then"],
    ],
)
def test_a_scope_that_is_none_or_two_is_refused(paths: Paths, words: list[str]) -> None:
    assert person(paths).run("erase", *words, "--dry-run").code == ExitCode.BAD_INPUT


@pytest.mark.parametrize(("words", "code"), [(["--all"], 5), (["--session", "91"], 5), (["--from", "2026-11-20"], 5)])
def test_what_is_being_measured_is_not_erased_under_the_collector(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int
) -> None:
    monkeypatch.setattr(control, "ask", lambda paths, command: {"state": "recording", "since": 1})

    outcome = person(paths).run("erase", *words)

    assert outcome.code == code
    assert "fyraften pause" in outcome.errors
    assert len(person(paths).json("log", "--from", "2026-09-01")["sessions"]) == 91


def test_what_the_employer_has_is_named_with_the_way_to_erase_it(paths: Paths) -> None:
    with Ledger.open(paths) as ledger:
        service = Service("Havn A/S", "hr@havn.example", ("duty",), 12, SigningKey(bytes(32)).public, None)
        enrolments, outbox = Enrolments(ledger.connection), Outbox(ledger.connection)
        enrolments.start("duty", "https://havn.example", service, "subject", "CODE", 1_795_000_000)
        enrolments.confirm("subject", None, b"{}", 1_795_000_100)
        answers = {"workplace_check": "unknown", "equipment_wanted": [], "eye_test_wanted": True}
        for month in ("2026-10", "2026-11"):
            values = {"month": month, "screen_rule": "unknown", **answers}
            outbox.prepare(wire.encode("fyraften.duty.monthly/1", values), "subject", 1_795_000_200)
        outbox.approve(1, 1_795_000_300, 1_795_000_400)
        outbox.receipted(1, 1_795_000_500, b"{}")

    lines = person(paths).json("erase", *DAY, "--dry-run")["elsewhere"]

    assert "Havn A/S has reports of you" in lines[0]
    assert "2026-10. To have them erased there" in lines[0]
    assert "fyraften consent withdraw duty" in lines[0]
    assert lines[1].startswith("Reports made of your records that wait to be sent: 1.")


def test_damaged_files_that_were_set_aside_are_named_and_go_with_whatever_is_erased(paths: Paths) -> None:
    kept = paths.work.with_name("work.damaged-2026-11-01-080000.sqlite3")
    kept.write_bytes(paths.work.read_bytes())
    _, refused = answered(paths, "no", *DAY)
    left = kept.exists()
    code, shown = answered(paths, None, *DAY)

    assert left
    assert code == ExitCode.DONE
    assert kept.name in refused
    assert kept.name in shown
    assert not kept.exists()


WITHDRAWAL = ("consent", "withdraw", "recording", "--erase-records")


def state_of(paths: Paths) -> str:
    return str(person(paths).json("consent", "show")["consents"][0]["state"])


def test_a_withdrawal_erases_the_records_in_the_same_step_where_that_is_asked(paths: Paths) -> None:
    """Taken back first, erased then: file and log are searched byte by byte for what was erased."""
    code, shown = answered(paths, None, command=WITHDRAWAL)

    assert code == ExitCode.DONE
    assert shown.index("Taken back") < shown.index("Sessions to be erased: 91") < shown.index("none was found")
    assert "stays until you remove" not in shown
    assert state_of(paths) == "withdrawn"
    assert person(paths).json("log", "--from", "2026-09-01")["sessions"] == []
    files = b"".join(path.read_bytes() for path in paths.folder.glob("work.sqlite3*"))
    assert b"Flat" not in files


def test_a_withdrawal_stands_where_the_word_is_not_typed(paths: Paths) -> None:
    code, shown = answered(paths, "no", command=WITHDRAWAL)

    assert code == ExitCode.BAD_INPUT
    assert "What was recorded on this computer was not erased." in shown
    assert state_of(paths) == "withdrawn"
    assert len(person(paths).json("log", "--from", "2026-09-01")["sessions"]) == 91


def test_a_withdrawal_stands_where_nobody_can_be_asked(paths: Paths) -> None:
    plain, as_json = (person(paths).run(*WITHDRAWAL, *more) for more in ((), ("--json",)))

    assert (plain.code, as_json.code) == (ExitCode.BAD_INPUT, ExitCode.DONE)
    assert "Taken back" in plain.out
    assert "this is no terminal" in plain.errors
    assert json.loads(as_json.out) == {"purpose": "recording", "state": "withdrawn"}  # there was nothing left
    assert len(person(paths).json("log", "--from", "2026-09-01")["sessions"]) == 91


def test_a_withdrawal_in_json_is_one_document_with_what_became_of_the_records(paths: Paths) -> None:
    outcome = person(paths).run(*WITHDRAWAL, "--json")

    document = json.loads(outcome.out)
    assert outcome.code == ExitCode.BAD_INPUT
    assert (document["state"], document["records"]) == ("withdrawn", None)
