"""No command that writes a file for the person writes it onto one of Fyraften's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode

EXPORTS = [
    *(("export", "--format", form) for form in ("csv", "activitywatch", "icalendar", "zip")),
    ("consent", "export"),
    ("selfcheck", "print", "--empty"),
    ("agreement", "export"),
    ("agreement", "print"),
]


@pytest.fixture
def agreed(person: CommandLine, tmp_path: Path) -> CommandLine:
    """Somebody with records, a consent and an agreement."""
    template = person.run("agreement", "template").out
    (tmp_path / "agreement.toml").write_text(template, encoding="utf-8")
    assert person.run("agreement", "import", str(tmp_path / "agreement.toml")).code == ExitCode.DONE
    return person


@pytest.mark.parametrize("words", EXPORTS, ids=" ".join)
def test_an_export_onto_the_records_or_into_their_folder_is_refused(
    agreed: CommandLine, words: tuple[str, ...], tmp_path: Path
) -> None:
    before = {one: one.read_bytes() for one in agreed.paths.folder.rglob("*") if one.is_file()}
    (tmp_path / "link.csv").symlink_to(agreed.paths.ledger)
    targets = [agreed.paths.work, agreed.paths.folder / "new.csv", tmp_path / "link.csv"]

    outcomes = [agreed.run(*words, str(target), "--replace") for target in targets]

    assert [one.code for one in outcomes] == [ExitCode.BAD_INPUT] * 3
    assert all("Fyraften's own" in one.errors for one in outcomes), outcomes
    assert {one: one.read_bytes() for one in agreed.paths.folder.rglob("*") if one.is_file()} == before
    assert agreed.run(*words, str(tmp_path / "beside.csv"), "--replace").code == ExitCode.DONE
