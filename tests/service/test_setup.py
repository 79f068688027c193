"""``init``: everything or nothing, no default password, private files."""

from __future__ import annotations

import errno
import io
import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from fyraften_service.cli import main
from fyraften_service.config import Config, read_config
from fyraften_service.database import open_database
from fyraften_service.errors import InputError
from fyraften_service.exit_codes import ExitCode
from fyraften_service.setup import read_cells
from fyraften_service.tables import accounts, cells
from service_office import StillClock
from service_process import PASSWORD

ALWAYS = ("--organisation", "Nordhavn", "--contact", "hr@example.dk", "--public-url", "http://127.0.0.1:8440")


@pytest.fixture
def password(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.touch(mode=0o600)
    path.write_text(PASSWORD + "\n")
    return path


def init(folder: Path, password: Path, *more: str) -> int:
    given = ["init", "--folder", str(folder), *ALWAYS, "--admin", "anna", "--password-file", str(password), *more]
    return main(given)


def test_everything_is_set_up_and_private(tmp_path: Path, password: Path) -> None:
    code = init(tmp_path / "service", password, "--cell", "sales=Sales", "--cell", "north=Sales North:sales")

    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "service").iterdir()}
    assert code == ExitCode.DONE
    assert (tmp_path / "service").stat().st_mode & 0o777 == 0o700
    assert {"service.toml", "service.key", "service.sqlite3"} <= set(modes)
    assert set(modes.values()) == {0o600}
    database = open_database(read_config(tmp_path / "service").database)
    with database.reading() as connection:
        found = connection.execute(sa.select(cells.c.code, cells.c.parent).order_by(cells.c.position)).all()
        names = connection.execute(sa.select(accounts.c.name)).scalars().all()
    database.close()
    assert [tuple(row) for row in found] == [("all", None), ("sales", "all"), ("north", "sales")]
    assert names == ["anna"]


def test_the_password_is_in_no_file(tmp_path: Path, password: Path) -> None:
    init(tmp_path / "service", password)

    assert not any(PASSWORD.encode() in path.read_bytes() for path in (tmp_path / "service").iterdir())


def test_an_existing_service_is_left_alone(tmp_path: Path, password: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(tmp_path / "service", password)
    before = {path.name: path.read_bytes() for path in (tmp_path / "service").iterdir()}

    code = init(tmp_path / "service", password)

    assert code == ExitCode.NOT_SET_UP
    assert "nothing was changed" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in (tmp_path / "service").iterdir()} == before


def test_without_a_keyboard_a_password_is_never_made_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    code = main(["init", "--folder", str(tmp_path / "service"), *ALWAYS, "--admin", "anna"])

    assert code == ExitCode.BAD_INPUT
    assert "--password-file" in capsys.readouterr().err
    assert not (tmp_path / "service").exists()


@pytest.mark.parametrize("content", ["", "short\n", "anna\n", "\n" + PASSWORD])
def test_a_password_too_easy_sets_up_nothing(tmp_path: Path, password: Path, content: str) -> None:
    password.write_text(content)

    assert init(tmp_path / "service", password) == ExitCode.BAD_INPUT
    assert not (tmp_path / "service").exists()


def test_a_password_file_that_others_can_read_sets_up_nothing(
    tmp_path: Path, password: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    password.chmod(0o644)

    assert init(tmp_path / "service", password) == ExitCode.BAD_INPUT
    assert "0600" in capsys.readouterr().err
    assert not (tmp_path / "service").exists()


@pytest.mark.parametrize(
    "more",
    [
        ("--smallest-group", "4"),
        ("--public-url", "http://fyraften.example.dk"),
        ("--notice-date", "soon"),
        ("--zone", "Nowhere"),
        ("--cell", "x"),
        ("--database", "nonsense"),
    ],
)
def test_a_setting_that_cannot_be_sets_up_nothing(tmp_path: Path, password: Path, more: tuple[str, str]) -> None:
    code = init(tmp_path / "service", password, *more)

    assert code in (ExitCode.BAD_INPUT, ExitCode.DATABASE)
    assert not any((tmp_path / "service").glob("*"))


def test_a_failure_half_way_leaves_nothing_behind(
    tmp_path: Path, password: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_config: Config) -> Path:
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr("fyraften_service.setup.write_config", fails)
    code = init(tmp_path / "service", password)
    monkeypatch.undo()

    assert code == ExitCode.BAD_INPUT
    assert "Nothing was set up" in capsys.readouterr().err
    assert not any((tmp_path / "service").iterdir())
    assert init(tmp_path / "service", password) == ExitCode.DONE


def test_a_database_that_holds_a_service_is_left_alone(
    tmp_path: Path, password: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(tmp_path / "service", password, "--cell", "sales=Sales")
    shared = f"sqlite:///{tmp_path / 'service' / 'service.sqlite3'}"

    code = init(tmp_path / "second", password, "--database", shared)

    assert code == ExitCode.DATABASE
    assert "already holds a service" in capsys.readouterr().err
    assert not any((tmp_path / "second").iterdir())
    database = open_database(shared)
    with database.reading() as connection:
        assert connection.execute(sa.select(cells.c.code).order_by(cells.c.position)).scalars().all() == [
            "all",
            "sales",
        ]
    database.close()


def test_tables_that_an_init_cut_short_left_are_used(tmp_path: Path, password: Path) -> None:
    address = f"sqlite:///{tmp_path / 'made.sqlite3'}"
    database = open_database(address)
    database.upgrade()
    database.close()

    assert init(tmp_path / "service", password, "--database", address) == ExitCode.DONE


def test_a_database_that_is_away_sets_up_nothing(
    tmp_path: Path, password: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = init(tmp_path / "service", password, "--database", "postgresql+pg8000://nobody@127.0.0.1:1/x")

    assert code == ExitCode.DATABASE
    assert "The database refuses: " in capsys.readouterr().err
    assert not any((tmp_path / "service").iterdir())


@pytest.mark.parametrize("place", ["/proc/x", "file/service", "file"])
def test_a_folder_that_cannot_be_made_ends_with_words(
    tmp_path: Path, password: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    code = init(tmp_path / place, password)

    said = capsys.readouterr().err
    assert code == ExitCode.BAD_INPUT
    assert said.startswith(f"fyraften-service: {tmp_path / place} cannot be used: ")
    assert said.endswith("Name another folder with --folder.\n")


@pytest.mark.parametrize(
    ("more", "started_on"),
    [
        ((), date(2026, 11, 22)),
        (("--notice-date", "2026-09-01"), date(2026, 11, 22)),
        (("--notice-date", "2026-12-01"), date(2026, 11, 22)),
        (("--notice-date", "2026-09-01", "--demonstration"), date(2026, 9, 1)),
    ],
)
def test_a_service_starts_on_the_day_of_init_whenever_its_notice_was_given(
    tmp_path: Path, password: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], started_on: date
) -> None:
    monkeypatch.setattr("fyraften_service.setup.SystemClock", lambda _zone: StillClock(day=date(2026, 11, 22)))

    assert init(tmp_path / "service", password, *more) == ExitCode.DONE

    config = read_config(tmp_path / "service")
    assert config.started_on == started_on
    assert config.notice_given_on == (date.fromisoformat(more[1]) if more else None)


def test_the_answer_as_json_holds_no_secret(tmp_path: Path, password: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(tmp_path / "service", password, "--json")

    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "folder": str(tmp_path / "service"),
        "public_url": "http://127.0.0.1:8440",
        "cells": ["all"],
        "account": "anna",
    }


@pytest.mark.parametrize(
    "texts",
    [
        ["x"],
        ["X=Y"],
        ["a=b:c:d"],
        ["a="],
        ["=b"],
        ["a=b", "a=c"],
        ["all=b"],
        ["a=b:nowhere"],
        ["a=b:a"],
        ["a" * 33 + "=b"],
        ["a=b\nc"],
        ["a= "],
    ],
)
def test_a_cell_that_cannot_be_is_refused(texts: list[str]) -> None:
    with pytest.raises(InputError):
        read_cells(texts, "Nordhavn")
