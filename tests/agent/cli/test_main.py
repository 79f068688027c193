"""The command line as a whole: which command, which language, which exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent_records import NOW, FixedClock
from command_line import CommandLine
from fyraften_agent import cli
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.errors import ServiceError
from fyraften_agent.paths import Paths
from fyraften_policy import __version__


def test_without_a_command_it_shows_help_with_every_command(nobody: CommandLine) -> None:
    outcome = nobody.run()

    assert outcome.code == ExitCode.DONE
    for command, _module in cli.COMMANDS:
        assert f"\n    {command} " in outcome.out


@pytest.mark.parametrize("command", [command for command, _module in cli.COMMANDS])
def test_every_command_has_help_with_an_example(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main([command, "--help"])

    printed = capsys.readouterr().out
    assert code == ExitCode.DONE
    assert f"fyraften {command}" in printed.split("Example", 1)[1]
    assert "--json" in printed


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["--version"])

    assert (code, capsys.readouterr().out) == (ExitCode.DONE, f"fyraften {__version__}\n")


def test_a_command_that_does_not_exist_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["tomorrow"])

    assert code == ExitCode.BAD_INPUT
    assert "tomorrow" in capsys.readouterr().err


def test_an_option_is_taken_before_and_after_the_command(nobody: CommandLine) -> None:
    before, after = nobody.run("--json", "log"), nobody.run("log", "--json")

    assert before == after
    assert before.out.startswith("{")


def test_an_error_of_the_agent_is_one_line_and_its_own_exit_code(
    nobody: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> int:
        raise ServiceError("The service was not reached.")

    monkeypatch.setattr("fyraften_agent.cli.today.today", fails)

    outcome = nobody.run("today")

    assert (outcome.code, outcome.errors) == (ExitCode.SERVICE_FAILED, "fyraften: The service was not reached.\n")


def test_an_unexpected_failure_is_one_line_without_a_traceback(
    nobody: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fyraften_agent.cli.today.today", lambda *_: 1 // 0)

    outcome = nobody.run("today")

    assert outcome.code == ExitCode.UNEXPECTED_FAILURE
    assert outcome.errors.count("\n") == 1
    assert "Traceback" not in outcome.errors
    assert "FYRAFTEN_DEBUG" in outcome.errors


def test_with_the_debug_variable_an_unexpected_failure_shows_where(
    nobody: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fyraften_agent.cli.today.today", lambda *_: 1 // 0)
    curious = CommandLine(nobody.paths, nobody.clock, {"FYRAFTEN_DEBUG": "1"})

    outcome = curious.run("today")

    assert outcome.code == ExitCode.UNEXPECTED_FAILURE
    assert "Traceback" in outcome.errors


def test_a_missing_library_is_told_by_name(nobody: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> int:
        raise ModuleNotFoundError("No module named 'starlette'", name="starlette")

    monkeypatch.setattr("fyraften_agent.cli.today.today", fails)

    outcome = nobody.run("today")

    assert outcome.code == ExitCode.PART_MISSING
    assert "starlette" in outcome.errors


def test_ctrl_c_ends_a_command_without_a_traceback(nobody: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("fyraften_agent.cli.today.today", interrupted)

    outcome = nobody.run("today")

    assert (outcome.code, outcome.errors) == (ExitCode.INTERRUPTED, "\n")


# What is printed, by real processes


FACTS = json.dumps({"jurisdiction": "DK", "zone": "Europe/Copenhagen", "work": []}).encode()
PRINTS = [
    ("--help",),
    ("--version",),
    ("check", "--help"),  # which ends without the interpreter's own end
    ("check", "-"),
    ("check", "--explain", "-"),
    ("agreement", "template"),
]


def ended(home: Path, words: Sequence[str], **streams: Any) -> subprocess.CompletedProcess[bytes]:
    environ = {**os.environ, "FYRAFTEN_HOME": str(home), "LC_ALL": "C.UTF-8"}
    environ.pop("PYTHONUNBUFFERED", None)  # it leaves nothing to be printed at the end
    command = [sys.executable, "-m", "fyraften_agent.cli", *words]
    return subprocess.run(command, env=environ, input=FACTS, timeout=60, check=False, **streams)


@pytest.mark.parametrize("words", PRINTS)
def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path: Path, words: Sequence[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed_pipe:
        over = ended(tmp_path, words, stdout=closed_pipe, stderr=subprocess.PIPE)

    assert (over.returncode, over.stderr) == (ExitCode.DONE, b"")


@pytest.mark.parametrize("words", PRINTS)
def test_what_a_full_disk_does_not_take_is_one_line_and_a_failure(tmp_path: Path, words: Sequence[str]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        over = ended(tmp_path, words, stdout=full, stderr=subprocess.PIPE)

    assert over.returncode == ExitCode.STORAGE_FAILED
    assert over.stderr.startswith(b"fyraften: It could not be written: the disk is full.")
    assert over.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "-"), ExitCode.DONE),
        (("check", "not-there.json"), ExitCode.BAD_INPUT),
        (("not-a-command",), ExitCode.BAD_INPUT),
    ],
)
def test_errors_that_nobody_can_hear_change_no_exit_code(tmp_path: Path, words: Sequence[str], code: int) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        over = ended(tmp_path, words, stdout=subprocess.PIPE, stderr=full)

    assert over.returncode == code


@pytest.mark.parametrize("words", PRINTS)
def test_without_an_output_nothing_is_said_about_it(tmp_path: Path, words: Sequence[str]) -> None:
    over = ended(tmp_path, words, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))

    assert over.returncode == ExitCode.DONE
    assert b"fyraften: " not in over.stderr


def test_only_the_module_of_the_command_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys; from fyraften_agent.cli import main; main(['log']); "
        "heavy = ('uvicorn', 'starlette', 'cryptography', 'httpx', 'psutil', 'fyraften_agent.cli.page'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    environ = {**os.environ, "FYRAFTEN_HOME": str(tmp_path)}

    ended = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)

    assert ended.stdout.splitlines()[-1] == "[]"


def test_looking_around_without_consent_makes_no_file(nobody: CommandLine) -> None:
    looking = ("today", "status", "log", "place", "agreement", "doctor", "why dk.rest.daily", "agreement template")

    codes = [nobody.run(*words.split()).code for words in looking]

    assert codes == [ExitCode.DONE] * len(looking)
    assert not nobody.paths.folder.exists()


@pytest.mark.parametrize(
    "words",
    [
        "pause", "resume", "log add 08:00 09:00", "log edit 1 --work", "log remove 1",
        "place add home", "place set home", "agreement import -",
    ],
)  # fmt: skip
def test_without_consent_no_command_writes_anything(nobody: CommandLine, words: str) -> None:
    outcome = nobody.run(*words.split(), keyboard='jurisdiction = "DK"')

    assert outcome.code == ExitCode.NO_CONSENT
    assert "fyraften consent give recording" in outcome.errors
    assert not nobody.paths.folder.exists()


@pytest.mark.parametrize(
    ("words", "environ", "language"),
    [
        ((), {}, "en"),
        ((), {"LANG": "da_DK.UTF-8"}, "da"),
        ((), {"LANG": "da_DK.UTF-8", "LC_MESSAGES": "nb_NO.UTF-8"}, "nb"),
        ((), {"LC_ALL": "C", "LANG": "da_DK.UTF-8"}, "en"),
        ((), {"LC_ALL": "", "LANG": "no_NO"}, "nb"),
        (("--language", "nb"), {"LANG": "da_DK.UTF-8"}, "nb"),
        (("today", "--language=da"), {}, "da"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_system_s(
    words: tuple[str, ...], environ: dict[str, str], language: str
) -> None:
    assert cli.language_of(words, environ) == language


def test_a_language_that_is_not_spoken_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["today", "--language", "fr"])

    assert code == ExitCode.BAD_INPUT
    assert "fr" in capsys.readouterr().err


def test_a_failing_look_at_the_folder_is_told_too() -> None:
    out, errors = io.StringIO(), io.StringIO()

    code = cli.run_command(
        ["log"], {"FYRAFTEN_HOME": "/dev/null/x"}, FixedClock("2026-11-20T12:00"), out, errors, io.StringIO()
    )

    assert code in (ExitCode.DONE, ExitCode.STORAGE_FAILED)
    assert "Traceback" not in errors.getvalue()


@pytest.mark.parametrize("words", [("consent",), ("status",), ("doctor",), ("today",), ("run",)])
@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path, place: str, words: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("")
    outcome = CommandLine(Paths(tmp_path / place), FixedClock(NOW)).run(*words)

    assert outcome.code == ExitCode.STORAGE_FAILED
    assert outcome.errors == (
        f"fyraften: {tmp_path / 'file'} is no folder, so nothing can be kept there. "
        "Name another one in FYRAFTEN_HOME.\n"
    )


def test_a_terminal_that_cannot_show_a_sign_does_not_end_a_command(tmp_path: Path) -> None:
    environ = {"FYRAFTEN_HOME": str(tmp_path / "home"), "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [sys.executable, "-m", "fyraften_agent.cli", "doctor"],
        env={**os.environ, **environ},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"What no program can promise" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("log", "add", "02:00", "01:00"), "En arbejdsperiode skal slutte"),
        (("log", "add", "2026-10-25T02:30", "2026-10-25T04:00"), "findes to gange i Europe/Copenhagen"),
        (("log", "remove", "99"), "arbejdsperiode 99"),
        (("agreement", "import", "/there/is/none"), "der er ingen sådan fil eller mappe"),
    ],
)
def test_an_error_is_told_in_the_language_asked_for(person: CommandLine, words: tuple[str, ...], told: str) -> None:
    outcome = person.run(*words, "--language", "da")

    assert outcome.code == ExitCode.BAD_INPUT
    assert told in outcome.errors
