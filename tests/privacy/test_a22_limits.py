"""A22: what no program can promise is said before consent, in doctor and in the documents, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent_records import NOW, FixedClock, small_home
from command_line import CommandLine
from fyraften_agent.cli.doctor import LIMITS
from fyraften_agent.consent.texts import Kept, recording_text
from fyraften_policy.languages import LANGUAGES, translator

README = Path(__file__).parents[2] / "README.md"
# The four kinds of limits, by a word that stands in each language.
ADMINISTRATOR = {"en": "administers", "da": "administrerer", "nb": "administrerer"}
DISPLAY = "X11"


@pytest.mark.parametrize("language", LANGUAGES)
def test_doctor_says_every_limit_in_the_language_of_the_person(tmp_path: Path, language: str) -> None:
    said = " ".join(
        CommandLine(small_home(tmp_path), FixedClock(NOW)).run("--language", language, "doctor").out.split()
    )
    _ = translator("fyraften_agent", language)

    assert [limit for limit in LIMITS if " ".join(_(limit).split()) not in said] == []
    assert ADMINISTRATOR[language] in said
    assert DISPLAY in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_before_consent_says_what_a_display_lets_others_see(language: str) -> None:
    text = "\n".join(recording_text(Kept("work.sqlite3", 4, 7), translator("fyraften_agent", language)))

    assert DISPLAY in text


def test_the_readme_names_administrators_and_programs_that_run_as_you() -> None:
    text = " ".join(README.read_text(encoding="utf-8").split())

    assert (
        "Whoever has administrator rights on your laptop, or runs programs as you, can read what you can read." in text
    )
