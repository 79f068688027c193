"""``fyraften agreement``: shown, imported, exemplified."""

from __future__ import annotations

from pathlib import Path

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode


def test_the_template_can_be_imported_as_it_is(newcomer: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text(newcomer.run("agreement", "template").out, encoding="utf-8")

    outcome = newcomer.run("agreement", "import", str(file))

    assert outcome.code == ExitCode.DONE
    assert newcomer.json("agreement")["agreement"]["weekly_hours"] == 37
    assert "normal_hours.mon" in newcomer.run("agreement").out


def test_an_agreement_is_used_for_the_next_judgement(person: CommandLine) -> None:
    before = person.json("why", "agreement.out_of_hours", "--date", "2026-11-18")["findings"]
    text = 'jurisdiction = "DK"\n[agreement.normal_hours]\nwed = [["08:00", "16:10"]]'
    person.run("agreement", "import", "-", keyboard=text)

    after = person.json("why", "agreement.out_of_hours", "--date", "2026-11-18")["findings"]

    assert [finding["verdict"] for finding in before] == ["not_judged"]
    assert [finding["verdict"] for finding in after] == ["broken"]


def test_every_version_is_kept(newcomer: CommandLine) -> None:
    newcomer.run("agreement", "import", "-", keyboard='jurisdiction = "DK"')
    newcomer.run("agreement", "import", "-", keyboard='jurisdiction = "NO"')

    assert newcomer.json("agreement")["jurisdiction"] == "NO"


def test_a_wrong_value_is_told_with_its_key_and_a_remedy(newcomer: CommandLine) -> None:
    text = 'jurisdiction = "DK"\n[agreement.normal_hours]\nmon = [["8", "16:00"]]'

    outcome = newcomer.run("agreement", "import", "-", keyboard=text)

    assert outcome.code == ExitCode.BAD_INPUT
    assert "agreement.normal_hours.mon[0][0]" in outcome.errors
    assert "08:00" in outcome.errors
    assert newcomer.json("agreement") is None


def test_a_file_that_is_not_there_is_told(newcomer: CommandLine, tmp_path: Path) -> None:
    outcome = newcomer.run("agreement", "import", str(tmp_path / "none.toml"))

    assert outcome.code == ExitCode.BAD_INPUT
    assert "none.toml" in outcome.errors


def test_a_file_that_is_no_text_is_told(newcomer: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_bytes(b"\xff\xfe\x00")

    outcome = newcomer.run("agreement", "import", str(file))

    assert outcome.code == ExitCode.BAD_INPUT
    assert "UTF-8" in outcome.errors


def test_without_an_agreement_it_says_how_to_record_one(nobody: CommandLine) -> None:
    outcome = nobody.run("agreement")

    assert "fyraften agreement template" in outcome.out
