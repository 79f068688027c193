"""Lines that fit: columns, lists and sentences at narrow and wide terminals."""

from __future__ import annotations

import pytest

from fyraften_agent.cli.show import bullets, fold, width

SENTENCE = "Nothing is recorded without your consent. Give it with: fyraften consent give recording, at a terminal."


@pytest.mark.parametrize(("columns", "wanted"), [("10", 24), ("40", 40), ("80", 80), ("300", 100)])
def test_lines_are_as_wide_as_the_terminal_within_reason(
    monkeypatch: pytest.MonkeyPatch, columns: str, wanted: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    assert width() == wanted


@pytest.mark.parametrize("columns", ["24", "40", "80"])
def test_everything_fits_and_no_word_is_lost(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for lines in (fold(f"    {SENTENCE}"), bullets([SENTENCE])):
        assert max(map(len, lines)) <= int(columns)
        assert " ".join(" ".join(lines).replace("- ", "").split()) == SENTENCE


def test_the_bytes_of_a_report_stay_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    body = '{"cell":"sales", "day_off":"unknown", "week":"2026-W46"}'

    assert fold(body) == [body]
    assert fold("") == [""]
