"""Sentences with their values apart: told in any language, nested, and carried to another process."""

from __future__ import annotations

import errno
import json

import pytest

from fyraften_policy.errors import FactsError
from fyraften_policy.languages import translator
from fyraften_policy.sentences import Sentence, SentenceError, either, reason_of, sentence, sentence_of

DANISH = {
    "There is no report {number}.": "Der er ingen rapport {number}.",
    "It failed: {problem}": "Det mislykkedes: {problem}",
    "{value} is wrong.": "{value} er forkert.",
    "Use {words}.": "Brug {words}.",
    "{words} or {last}": "{words} eller {last}",
}


def danish(words: str) -> str:
    return DANISH.get(words, words)


def test_an_error_is_english_as_text_and_told_in_any_language() -> None:
    error = SentenceError("There is no report {number}.", number=99)

    assert str(error) == "There is no report 99."
    assert error.text(danish) == "Der er ingen rapport 99."


def test_a_value_that_is_an_error_or_a_sentence_is_told_in_the_same_language() -> None:
    inner = SentenceError("There is no report {number}.", number=99)

    assert SentenceError("It failed: {problem}", problem=inner).text(danish) == (
        "Det mislykkedes: Der er ingen rapport 99."
    )
    assert sentence("Use {words}.", words=either(["a", "b", "c"])).text(danish) == "Brug a, b eller c."
    assert str(either(["alone"])) == "alone"


def test_words_without_values_may_hold_braces() -> None:
    assert str(SentenceError("{path} was typed")) == "{path} was typed"
    assert Sentence("").text(translator("fyraften_policy", "da")) == ""  # not the header of a catalogue


def test_a_sentence_survives_the_way_to_another_process() -> None:
    told = sentence("It failed: {problem}", problem=sentence("There is no report {number}.", number=99))

    carried = sentence_of(json.loads(json.dumps(told.as_json())))

    assert carried.text(danish) == told.text(danish)
    with pytest.raises(TypeError):
        sentence_of(json.loads("[]"))


def test_the_facts_error_is_told_field_by_field_and_as_a_whole() -> None:
    error = FactsError("work[0]", "{value} is wrong.", "Use {words}.", 3, value="'x'", words=either(["a", "b"]))

    assert str(error) == "work[0]: 'x' is wrong. Use a or b."
    assert error.text(danish) == "work[0]: 'x' er forkert. Brug a eller b."
    assert (error.message, error.remedy) == ("'x' is wrong.", "Use a or b.")
    assert error.as_json() == {"line": 3, "field": "work[0]", "message": "'x' is wrong.", "remedy": "Use a or b."}
    assert error.as_json(danish)["remedy"] == "Brug a eller b."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOENT, "No such file or directory"), "there is no such file or folder"),
        (OSError(errno.ELOOP, "Too many levels of symbolic links"), "Too many levels of symbolic links"),
        (OSError("out of order"), "out of order"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), "it is no text in UTF-8"),
        (ValueError("not so"), "not so"),
        (ValueError(), "ValueError"),
    ],
)
def test_why_the_system_refused_is_told_in_a_few_words(error: Exception, words: str) -> None:
    assert str(reason_of(error)) == words


@pytest.mark.parametrize("package", ["fyraften_agent", "fyraften_service", "fyraften_policy"])
def test_every_package_tells_the_errors_of_the_policy_library(package: str) -> None:
    words = "There is no such field."

    assert translator(package, "da")(words) == translator("fyraften_policy", "da")(words) != words
    assert translator(package, "en")(words) == words
