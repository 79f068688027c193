"""``fyraften selfcheck print``: which answers stand on the paper, and where it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pypdf

from command_line import CommandLine
from fyraften_agent.cli.exit_codes import ExitCode


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_an_empty_sheet_needs_no_consent_and_makes_no_other_file(nobody: CommandLine, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.pdf"

    told = nobody.json("selfcheck", "print", str(sheet), "--empty")

    assert told["with_answers"] == []
    assert "eyes" not in told["checks"]
    assert "pulse" not in told["checks"]
    assert sheet.stat().st_mode & 0o777 == 0o600
    assert not nobody.paths.folder.exists()


def test_what_concerns_eyes_is_printed_only_when_it_is_named(newcomer: CommandLine, tmp_path: Path) -> None:
    for question, value in (("symptoms.tired", "yes"), ("chair.seat", "no")):
        newcomer.run("selfcheck", "answer", question, value)

    told = newcomer.json("selfcheck", "print", str(tmp_path / "a.pdf"))
    newcomer.run("selfcheck", "print", str(tmp_path / "b.pdf"), "eyes")

    assert told == {
        "file": str(tmp_path / "a.pdf"),
        "checks": ["dialogue", "workplace"],
        "with_answers": ["workplace"],
        "figures": None,
    }
    assert "sore" not in text_of(tmp_path / "a.pdf")
    assert "sore" in text_of(tmp_path / "b.pdf")


def test_the_sheet_speaks_the_language_chosen(newcomer: CommandLine, tmp_path: Path) -> None:
    newcomer.run("selfcheck", "answer", "chair.seat", "no")

    newcomer.run("selfcheck", "print", str(tmp_path / "a.pdf"), "workplace", "--language", "nb", "--json")

    assert "Kan høyden på setet stilles inn? Nei 2026-11-20" in text_of(tmp_path / "a.pdf")


def test_a_file_that_is_there_stays_unless_it_may_be_replaced(nobody: CommandLine, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.pdf"
    sheet.write_text("mine")

    refused = nobody.run("selfcheck", "print", str(sheet), "--empty")
    assert (refused.code, sheet.read_text()) == (ExitCode.BAD_INPUT, "mine")

    nobody.run("selfcheck", "print", str(sheet), "--empty", "--replace")
    assert sheet.read_bytes().startswith(b"%PDF")


def test_a_check_that_does_not_exist_is_told(nobody: CommandLine, tmp_path: Path) -> None:
    outcome = nobody.run("selfcheck", "print", str(tmp_path / "a.pdf"), "garden", "--empty")

    assert outcome.code == ExitCode.BAD_INPUT
    assert "garden" in outcome.errors
    assert not (tmp_path / "a.pdf").exists()


def test_figures_of_a_month_stand_on_the_sheet_only_when_wanted_and_without_clock_times(
    person: CommandLine, tmp_path: Path
) -> None:
    person.run("selfcheck", "print", str(tmp_path / "a.pdf"), "dialogue")
    person.run("selfcheck", "print", str(tmp_path / "b.pdf"), "dialogue", "--figures", "2026-11")
    without, with_figures = text_of(tmp_path / "a.pdf"), text_of(tmp_path / "b.pdf")

    assert "2026-11 " not in without.replace("2026-11-20", "")
    assert "Figures of 2026-11" in with_figures
    assert "3.14 days a week (the rule speaks of more than 2)" in with_figures
    assert re.search(r"home \d+ h \d+ min", with_figures)
    assert re.findall(r"\d\d:\d\d", with_figures) == []


def test_figures_of_somebody_without_records_say_so(nobody: CommandLine, tmp_path: Path) -> None:
    person = nobody

    person.run("selfcheck", "print", str(tmp_path / "a.pdf"), "dialogue", "--empty", "--figures", "2026-11")

    assert "nothing is recorded" in text_of(tmp_path / "a.pdf")


def test_answers_go_along_with_a_full_copy(newcomer: CommandLine, tmp_path: Path) -> None:
    newcomer.run("selfcheck", "answer", "chair.seat", "no")
    newcomer.run("export", str(tmp_path / "all.zip"))
    newcomer.run("selfcheck", "remove", "chair.seat")

    newcomer.run("import", str(tmp_path / "all.zip"))

    assert newcomer.json("selfcheck", "show", "workplace")["checks"][0]["answered"] == 1
