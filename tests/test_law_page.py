"""docs/law.md: every rule, number, source and gap is on it, and what could not be checked is marked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from fyraften_policy.evaluate import RULES, rules_of
from fyraften_policy.parameters import Citation, law
from policy.case_files import all_cases

ROOT = Path(__file__).parents[1]
EVERY_RULE = sorted({rule.RULE for jurisdiction in RULES for rule in rules_of(jurisdiction)})


@pytest.fixture(scope="module")
def law_page() -> Iterator[ModuleType]:
    """The script as ``make docs`` runs it: its folder is where it finds its neighbours."""
    sys.path.insert(0, str(ROOT / "scripts"))
    import law_page

    yield law_page
    sys.path.remove(str(ROOT / "scripts"))


@pytest.fixture(scope="module")
def page(law_page: ModuleType) -> str:
    """The page as it would be written now."""
    return str(law_page.law_page("NOTE"))


def rows_of(page: str, name: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith(f"| `{name}` |")]


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_every_rule_has_one_row_with_what_it_asks_and_its_source(page: str, rule: str) -> None:
    (row,) = rows_of(page, rule)
    what = row.split(" | ")[1]

    assert "(../policy/fyraften_policy/rules/" in what
    assert not what.endswith("): ")
    assert "`not_judged`" in row


def test_every_value_of_every_number_has_a_row_with_its_date_and_source(page: str) -> None:
    for parameter in law().values():
        rows = rows_of(page, parameter.id)

        assert len(rows) == len(parameter.values)
        for row, value in zip(rows, parameter.values, strict=True):
            citation = value.citation or parameter.citation
            assert f"| {value.amount} {parameter.unit} | {value.since} |" in row
            assert citation.provision in row
            assert citation.url in row
            assert ("⚠" in row) is not citation.checked


def test_the_mark_of_what_could_not_be_checked_is_explained(page: str) -> None:
    assert "⚠ beside a source: its wording could not be checked" in page
    assert any(not parameter.citation.checked for parameter in law().values())


def test_a_number_of_our_own_says_so(page: str) -> None:
    ours = [parameter for parameter in law().values() if parameter.kind == "reading"]

    assert ours
    assert all("*our reading*" in row for parameter in ours for row in rows_of(page, parameter.id))


@pytest.mark.parametrize("folder", ["dk", "no", "eu", "advice"])
def test_every_jurisdiction_says_what_is_not_modelled(law_page: ModuleType, page: str, folder: str) -> None:
    gaps = law_page.not_modelled(folder)

    assert len(gaps) >= 8
    assert f"### What is not modelled: {law_page.PARTS[folder]}" in page
    assert all(gap["what"] in page for gap in gaps)


@pytest.mark.parametrize("folder", ["dk", "no", "eu"])
def test_every_rule_of_a_law_has_a_gap_beside_it(law_page: ModuleType, folder: str) -> None:
    told = {rule for gap in law_page.not_modelled(folder) for rule in gap["rules"]}

    assert {rule for rule in EVERY_RULE if rule.startswith(f"{folder}.")} <= told


@pytest.mark.parametrize("folder", ["dk", "no", "eu", "advice"])
def test_a_gap_that_cites_does_so_in_full(law_page: ModuleType, folder: str) -> None:
    for gap in law_page.not_modelled(folder):
        if "citation" in gap:
            citation = Citation(**gap["citation"])
            assert citation.act
            assert citation.provision
            assert citation.url.startswith("https://")


def test_a_rule_can_answer_every_verdict_that_its_cases_have(law_page: ModuleType) -> None:
    modules = {rule.RULE: name for folder in law_page.PARTS for rule, name in law_page.rules_in(folder)}
    expected = {(case["rule"], case["verdict"]) for case in all_cases().values() if "verdict" in case}

    assert len(expected) > len(modules)
    assert {
        (rule, verdict) for rule, verdict in expected if verdict not in law_page.verdicts_of(modules[rule])
    } == set()


def test_a_rule_that_cannot_be_broken_is_not_said_to_be(law_page: ModuleType) -> None:
    assert "broken" not in law_page.verdicts_of("day_break")
    assert "covered" in law_page.verdicts_of("screen_at_home")
    assert law_page.verdicts_of("eye_test") == ["met", "not_judged", "advice"]


def test_an_entry_that_names_a_rule_that_is_none_stops_the_page(
    law_page: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "law" / "dk"
    folder.mkdir(parents=True)
    (folder / "gaps.toml").write_text('[[not_modelled]]\nrules = ["dk.naps"]\nwhat = "Naps."\n', encoding="utf-8")
    monkeypatch.setattr(law_page, "PACKAGE", tmp_path)

    with pytest.raises(SystemExit, match=r"dk\.naps"):
        law_page.not_modelled("dk")
