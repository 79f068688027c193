"""Every case of the law sheet is carried by our own cases, with its verdict and its figures, or says why it is not."""

from __future__ import annotations

from typing import Any

import pytest

from policy.case_files import all_cases
from policy.cases_of_the_sheet import SHEET, WORDS, SheetCase
from policy.judge_cases import answer

CASES = all_cases()
CARRIED = [row for row in SHEET if row.cases]
LEFT_OUT = [row for row in SHEET if not row.cases]
# The ids of the sheet, as it was given: the numbers of each letter.
IDS = {
    "A": "01 02 03 04 05 08 09 11 13 14 15 17 18 21 22 23 25 26 27 30",
    "B": "01 02 03 05 08 10",
    "C": "01 02 04 05 07 08 09 11 12 14 15 17 19 20 21 22 24",
    "D": "01 04 05 06 07 08",
    "N": "01 02 03 04 06 07 09 10 11 13 15 17 18 19 20 21 22 23 24 25",
    "P": "01 02 03 04 05 06 07 08 09",
    "X": "01 02 02b 03 04 06 07 08",
}


def test_every_case_of_the_sheet_is_here() -> None:
    ids = [f"{letter}{number}" for letter, numbers in IDS.items() for number in numbers.split()]

    assert sorted({row.id for row in SHEET}) == sorted(ids)
    assert len(ids) == 86


def test_what_no_rule_answers_says_why_and_is_not_among_our_cases() -> None:
    for row in LEFT_OUT:
        assert row.why
        assert row.word is None
        assert not [name for name in CASES if name.split("/")[1] == row.id], row.id


@pytest.mark.parametrize("row", CARRIED, ids=lambda row: f"{row.id} {row.cases[0]}")
def test_a_case_of_the_sheet_has_its_verdict_and_its_figures(row: SheetCase) -> None:
    judged = answer(CASES[row.cases[0]])

    assert not row.why
    assert row.word is not None
    if WORDS[row.word] == "error":
        assert judged["error"]
        return
    decisive = _decisive(row, judged)
    assert decisive, judged["summary"]
    said = " ".join(step for finding in decisive for step in finding["steps"])
    assert [words for words in row.said if words not in said] == [], said
    if row.measured is not None:
        assert round(row.measured, 3) in [round(finding["measured"] or 0, 3) for finding in decisive]
    if row.limit is not None:
        assert row.limit in [finding["limit"] for finding in decisive]


def _decisive(row: SheetCase, judged: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the findings with the verdict of the sheet, where it is the rule's verdict, too."""
    rule, verdict = CASES[row.cases[0]]["rule"], WORDS[row.word or ""]
    if judged["summary"][rule] != verdict:
        return []
    return [one for one in judged["findings"] if one["rule"] == rule and one["verdict"] == verdict]


@pytest.mark.parametrize("row", CARRIED, ids=lambda row: f"{row.id} {row.cases[0]}")
def test_the_cases_that_carry_it_are_there(row: SheetCase) -> None:
    for name in row.cases:
        assert name in CASES


def test_every_word_of_the_sheet_is_used() -> None:
    assert {row.word for row in CARRIED} == set(WORDS)
