"""N1: what is typed, and the time of a single key, is neither read nor kept."""

from __future__ import annotations

from privacy.conftest import TYPED, Seized


def test_what_was_typed_is_in_no_file_and_in_no_word_of_the_agent(seized: Seized) -> None:
    assert seized.files_with(TYPED) == []
    assert TYPED not in seized.words


def test_the_files_would_have_shown_it(seized: Seized) -> None:
    """The positive control: a word that the agent does keep is found by the same search."""
    assert "agent/work.sqlite3" in seized.files_with("Europe/Copenhagen")
