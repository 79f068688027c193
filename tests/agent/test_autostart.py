"""Autostart: what is written, that it stays ours, and that uninstalling removes exactly that."""

from __future__ import annotations

import configparser
import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fyraften_agent.autostart import Desktop, ForeignFileError, Step, entry_text, install, uninstall, unit_text
from fyraften_agent.cli import run_command
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.clock import SystemClock

PYTHON = Path("/opt/fyraften/bin/python")


@dataclass
class FakeSystemctl:
    """A user manager that keeps the words it was given; it does not answer when ``answers`` is false.

    ``has_session`` is whether the desktop has told it that a graphical session runs.
    """

    answers: bool = True
    has_session: bool = True
    heard: list[str] = field(default_factory=list)

    def __call__(self, words: Iterable[str]) -> bool:
        self.heard.append(" ".join(words))
        return self.answers and (self.has_session or "is-active" not in words)


def desktop(folder: Path, *, has_systemd: bool = True, systemctl: FakeSystemctl | None = None) -> Desktop:
    return Desktop(folder, PYTHON, has_systemd, systemctl or FakeSystemctl())


def snapshot(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def actions(steps: list[Step]) -> list[str]:
    return [step.action for step in steps]


def test_installing_writes_the_unit_and_enables_it(tmp_path: Path) -> None:
    systemctl = FakeSystemctl()

    steps = install(desktop(tmp_path, systemctl=systemctl), dry_run=False)

    assert actions(steps) == ["wrote", "enabled"]
    assert snapshot(tmp_path) == {"systemd/user/fyraften.service": unit_text(PYTHON)}
    assert systemctl.heard == [
        "show-environment",
        "is-active --quiet graphical-session.target",
        "daemon-reload",
        "enable --quiet fyraften.service",
    ]


def test_installing_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    install(desktop(tmp_path), dry_run=False)
    before = snapshot(tmp_path)

    steps = install(desktop(tmp_path), dry_run=False)

    assert actions(steps) == ["kept", "enabled"]
    assert snapshot(tmp_path) == before


def test_where_no_user_manager_answers_the_unit_is_written_and_that_is_said(tmp_path: Path) -> None:
    steps = install(desktop(tmp_path, systemctl=FakeSystemctl(answers=False)), dry_run=False)

    assert actions(steps) == ["wrote", "not_enabled"]


def test_on_a_desktop_that_tells_systemd_of_no_session_an_autostart_entry_is_written(tmp_path: Path) -> None:
    """Xfce, i3 and others: what systemd starts with a graphical session would never start there."""
    systemctl = FakeSystemctl(has_session=False)

    steps = install(desktop(tmp_path, systemctl=systemctl), dry_run=False)

    assert actions(steps) == ["wrote", "enabled"]
    assert list(snapshot(tmp_path)) == ["autostart/fyraften.desktop"]
    assert not any("enable" in words.split() for words in systemctl.heard)


def test_without_systemd_an_autostart_entry_is_written(tmp_path: Path) -> None:
    systemctl = FakeSystemctl()

    steps = install(desktop(tmp_path, has_systemd=False, systemctl=systemctl), dry_run=False)

    assert actions(steps) == ["wrote", "enabled"]
    assert list(snapshot(tmp_path)) == ["autostart/fyraften.desktop"]
    assert systemctl.heard == []


@pytest.mark.parametrize("has_systemd", [True, False])
def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path, has_systemd: bool) -> None:
    systemctl = FakeSystemctl()
    here = desktop(tmp_path, has_systemd=has_systemd, systemctl=systemctl)

    planned = install(here, dry_run=True)
    heard = list(systemctl.heard)

    assert snapshot(tmp_path) == {}
    assert set(heard) <= {"show-environment", "is-active --quiet graphical-session.target"}
    assert planned == install(here, dry_run=False)


@pytest.mark.parametrize("has_systemd", [True, False])
def test_uninstalling_removes_exactly_what_installing_wrote(tmp_path: Path, has_systemd: bool) -> None:
    neighbour = tmp_path / "systemd" / "user" / "neighbour.service"
    neighbour.parent.mkdir(parents=True)
    neighbour.write_text("[Service]\n")
    here = desktop(tmp_path, has_systemd=has_systemd)
    install(here, dry_run=False)

    planned = uninstall(here, dry_run=True)
    still_there = snapshot(tmp_path)
    steps = uninstall(here, dry_run=False)

    assert len(still_there) == 2
    assert planned == steps
    assert actions(steps)[-1] == "removed"
    assert list(snapshot(tmp_path)) == ["systemd/user/neighbour.service"]
    assert uninstall(here, dry_run=False) == []


def test_uninstalling_without_a_user_manager_removes_the_link_of_the_enabled_unit_too(tmp_path: Path) -> None:
    here = desktop(tmp_path, systemctl=FakeSystemctl(answers=False))
    install(here, dry_run=False)
    here.link.parent.mkdir()
    here.link.symlink_to(here.unit)

    steps = uninstall(here, dry_run=False)

    assert actions(steps) == ["removed"]
    assert not here.link.is_symlink()


def test_a_unit_that_somebody_else_wrote_is_neither_overwritten_nor_removed(tmp_path: Path) -> None:
    here = desktop(tmp_path)
    here.unit.parent.mkdir(parents=True)
    here.unit.write_text("[Service]\nExecStart=/usr/bin/true\n")

    with pytest.raises(ForeignFileError, match="was not written by"):
        install(here, dry_run=False)
    steps = uninstall(here, dry_run=False)

    assert actions(steps) == ["left"]
    assert here.unit.read_text() == "[Service]\nExecStart=/usr/bin/true\n"


def test_an_interpreter_with_a_space_or_a_percent_sign_in_its_path_is_quoted_in_the_unit() -> None:
    text = unit_text(Path('/home/Åse "A" Lie/100%/python'))

    assert 'ExecStart="/home/Åse \\"A\\" Lie/100%%/python" -P -m fyraften_agent.cli run' in text


def test_the_autostart_entry_is_readable_visible_and_quotes_the_interpreter() -> None:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys of desktop files are case-sensitive

    parser.read_string(entry_text(Path("/home/Å $b/python")))
    entry = parser["Desktop Entry"]

    # A desktop unescapes the value once, then reads its words with the shell's rules for double quotes.
    words = entry["Exec"].replace("\\\\", "\\")
    first = subprocess.run(["sh", "-c", f'set -- {words}; printf %s "$1"'], capture_output=True, text=True, check=True)

    assert first.stdout == "/home/Å $b/python"
    assert entry["Comment"]
    assert entry["Comment[da]"]
    assert entry["Comment[nb]"]
    assert not {"NoDisplay", "Hidden"} & set(entry)


class CommandLine:
    """Runs ``fyraften`` in this process with a configuration folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.environ = {"XDG_CONFIG_HOME": str(folder / "config"), "FYRAFTEN_HOME": str(folder / "home")}

    def __call__(self, *words: str) -> tuple[int, str]:
        out = io.StringIO()
        code = run_command(words, self.environ, SystemClock(), out, io.StringIO(), io.StringIO())
        return code, out.getvalue()


def test_the_commands_say_what_they_did_and_that_no_consent_was_given(tmp_path: Path) -> None:
    fyraften = CommandLine(tmp_path)

    code, said = fyraften("install")
    removed = fyraften("uninstall")[1]

    assert code == ExitCode.DONE
    assert str(tmp_path / "config") in said
    assert "This gave no consent" in said
    assert "Removed" in removed
    assert fyraften("uninstall")[1] == "There was nothing to remove.\n"


def test_installing_an_entry_says_when_it_starts_and_how_to_start_it_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = desktop(tmp_path / "config", has_systemd=False)
    monkeypatch.setattr("fyraften_agent.autostart.this_desktop", lambda environ: here)
    fyraften = CommandLine(tmp_path)

    planned, said = fyraften("install", "--dry-run")[1], fyraften("install")[1]

    assert "Would let Fyraften start with your next desktop session." in planned
    assert "Fyraften starts with your next desktop session. To start it now: fyraften run" in said
    assert said == fyraften("install")[1].replace(f"{here.entry} was already in place.", f"Wrote {here.entry}.")


def test_the_commands_answer_as_json_too(tmp_path: Path) -> None:
    fyraften = CommandLine(tmp_path)

    document = json.loads(fyraften("install", "--dry-run", "--json")[1])

    assert document["dry_run"] is True
    assert document["consent_given"] is False
    assert document["steps"][0]["action"] == "would_write"
    assert not (tmp_path / "config").exists()


def test_what_autostart_starts_is_the_command_line_and_without_consent_it_ends_and_writes_nothing(
    tmp_path: Path,
) -> None:
    command = shlex.split(unit_text(Path(sys.executable)).split("ExecStart=")[1].splitlines()[0])
    environ = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}

    ended = subprocess.run(
        command,
        env=environ | {"FYRAFTEN_HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ended.returncode in (ExitCode.NO_CONSENT, ExitCode.NO_DISPLAY)
    assert ended.stderr.startswith("fyraften: ")
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith("work.sqlite3")]
