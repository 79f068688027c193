"""The command line: help for everything, JSON, exit codes from the table."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fyraften_service.cli import main
from fyraften_service.config import write_config
from fyraften_service.exit_codes import MEANINGS, ExitCode
from service_office import Office

COMMANDS = ("init", "invite", "run", "publish", "upgrade")


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_every_command_has_help(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])

    assert ended.value.code == 0
    assert "usage: fyraften-service" in capsys.readouterr().out


def test_the_help_lists_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])

    shown = capsys.readouterr().out
    assert set(MEANINGS) == set(ExitCode)
    assert all(f"  {code.value}  {meaning}" in shown for code, meaning in MEANINGS.items())


@pytest.mark.parametrize("given", [[], ["nonsense"], ["invite"], ["invite", "cell"], ["run", "--port", "x"], ["init"]])
def test_wrong_usage_ends_with_two(given: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)

    assert ended.value.code == ExitCode.BAD_INPUT


@pytest.mark.parametrize("given", [["invite", "cell", "sales"], ["run"], ["publish"], ["upgrade"]])
def test_a_folder_without_a_service_ends_with_three(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*given, "--folder", str(tmp_path)])

    assert code == ExitCode.NOT_SET_UP
    assert capsys.readouterr().err.startswith("fyraften-service: ")


@pytest.fixture
def folder(office: Office) -> str:
    write_config(office.config)
    return str(office.config.folder)


def test_an_invitation_shows_its_code_once(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["invite", "cell", "sales", "--folder", folder, "--json"])
    cell = json.loads(capsys.readouterr().out)
    main(["invite", "person", "Bo Holm", "--folder", folder])
    person = capsys.readouterr().out

    assert (cell["kind"], cell["whom"], len(cell["code"])) == ("cell", "sales", 19)
    assert person.startswith("Code for Bo Holm alone: ")


@pytest.mark.parametrize(
    ("kind", "whom", "purposes"),
    [("cell", "sales", ("group", "pulse")), ("person", "Bo Holm", ("duty", "record"))],
)
def test_an_invitation_shows_what_the_person_types(
    folder: str, kind: str, whom: str, purposes: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["invite", kind, whom, "--folder", folder])
    shown = capsys.readouterr().out
    main(["invite", kind, whom, "--folder", folder, "--json"])
    answer = json.loads(capsys.readouterr().out)

    code = shown.splitlines()[0].rpartition(": ")[2]
    typed = [f"fyraften consent give {purpose} --server https://fyraften.example.dk --code" for purpose in purposes]
    assert shown.splitlines()[-2:] == [f"{one} {code}" for one in typed]
    assert answer["url"] == "https://fyraften.example.dk"
    assert answer["commands"] == [f"{one} {answer['code']}" for one in typed]


def test_a_cell_that_is_not_there_ends_with_two(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["invite", "cell", "nowhere", "--folder", folder]) == ExitCode.BAD_INPUT
    assert "all, sales, support" in capsys.readouterr().err


def test_publishing_says_what_it_did(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "--folder", folder, "--json"]) == ExitCode.DONE
    assert "published" in json.loads(capsys.readouterr().out)


def test_upgrading_says_what_it_did(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade", "--folder", folder]) == ExitCode.DONE
    assert capsys.readouterr().out == "The database is at this version.\n"


def test_a_database_of_another_version_ends_with_four(office: Office, folder: str) -> None:
    with office.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")

    assert main(["run", "--folder", folder]) == ExitCode.DATABASE


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "fyraften.example.dk"])
def test_plain_http_beyond_this_computer_ends_with_five(
    folder: str, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--folder", folder, "--host", host]) == ExitCode.NOT_LISTENING
    assert "--behind-proxy" in capsys.readouterr().err


def test_a_calendar_is_only_for_a_demonstration(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["run", "--folder", folder, "--calendar", "calendar"])

    assert code == ExitCode.BAD_INPUT
    assert "--demonstration" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["--language", "da"], ["--language=da"]])
def test_a_language_can_be_chosen(folder: str, given: list[str]) -> None:
    assert main(["publish", "--folder", folder, *given]) == ExitCode.DONE


def test_where_only_the_agents_parts_are_installed_the_missing_one_is_named(tmp_path: Path) -> None:
    program = "import sys; sys.modules['sqlalchemy'] = None; from fyraften_service.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "publish", "--folder", str(tmp_path), "--language", "en"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == ExitCode.FAILED
    assert done.stderr == ("fyraften-service: The part sqlalchemy is not installed. Install fyraften[service] again.\n")
