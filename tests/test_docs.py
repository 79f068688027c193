"""The documents: generated pages are in step with the code, links lead somewhere, commands and terms exist."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from fyraften_agent.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "packaging").rglob("*.md"))
)
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def generate_docs(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    script = folder / "scripts" / "generate_docs.py"
    return subprocess.run([sys.executable, script, *options], capture_output=True, text=True, timeout=240)


def test_the_generated_pages_are_in_step_with_the_code() -> None:
    checked = generate_docs(ROOT, "--check")

    assert checked.returncode == 0, f"run `make docs`:\n{checked.stdout}{checked.stderr}"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"(?m)^#+ (.*)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_every_link_leads_to_a_file_of_the_project(page: Path) -> None:
    broken = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue  # the sources of the law; no test goes out to the network
        name, _, anchor = target.partition("#")
        file = (page.parent / name) if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)

    assert broken == []


def test_a_broken_link_would_be_seen() -> None:
    assert LINK.findall("see [there](nowhere.md#at-all)") == ["nowhere.md#at-all"]
    assert "two-commands" in anchors(ROOT / "README.md")


@each_page
def test_no_page_speaks_of_a_command_that_does_not_exist(page: Path) -> None:
    known = {name for name, _ in COMMANDS}
    spoken = set(re.findall(r"`fyraften ([a-z]+)\b", page.read_text(encoding="utf-8")))

    assert spoken - known == set()


@each_page
def test_no_page_speaks_of_a_make_target_that_does_not_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"(?m)^([a-z]+):", makefile))
    spoken = set(re.findall(r"(?:^|`)make ([a-z]+)\b", page.read_text(encoding="utf-8"), re.MULTILINE))

    assert spoken - targets == set()


def privacy_promises() -> list[dict[str, Any]]:
    """Return the promises of privacy as they are written down."""
    rows: list[dict[str, Any]] = tomllib.loads(text_of("tests/privacy/rows.toml"))["row"]
    return rows


def test_every_privacy_promise_has_one_row() -> None:
    expected = [f"N{number}" for number in range(1, 25)] + [f"A{number}" for number in range(1, 23)]

    assert [row["id"] for row in privacy_promises()] == expected


def text_of(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


# What the service alone must keep, or what is to come: every other promise has a module of tests named for it.
NOT_OF_THE_LAPTOP = {"N14", "N15", "N16", "N21", "N24", "A10", "A15", "A17", "A18", "A19", "A20", "A21"}


@pytest.mark.parametrize("row", privacy_promises(), ids=lambda row: str(row["id"]))
def test_a_privacy_promise_has_its_own_tests_or_says_that_it_is_for_later(row: dict[str, Any]) -> None:
    name = f"test_{row['id'][0].lower()}{int(row['id'][1:]):02}_*.py"
    own = list((ROOT / "tests" / "privacy").glob(name))

    assert ("later" in row) != bool(own or row.get("tests"))
    assert own or row["id"] in NOT_OF_THE_LAPTOP
    assert not ("later" in row and "not_shown" in row)


@pytest.mark.parametrize("page", DECISIONS, ids=lambda path: path.stem[:4])
def test_a_decision_names_its_rivals_and_its_price(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    for part in ("**Decision.**", "**Rivals.**", "**Price.**"):
        assert part in text
    assert f"]({page.name})" in (page.parent / "README.md").read_text(encoding="utf-8")


def test_the_changelog_has_a_section_for_the_version_in_the_code_or_for_what_is_coming() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.findall(r"(?m)^### (\w+)$", text)

    assert re.search(r"(?m)^## Unreleased$", text)
    assert {"Law", "Privacy"} <= set(sections)
    assert set(sections) <= {"Added", "Changed", "Fixed", "Law", "Privacy"}


def test_every_row_of_the_glossary_has_its_words_in_both_languages() -> None:
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "word":
            assert all(cells), f"an empty cell: {line}"
