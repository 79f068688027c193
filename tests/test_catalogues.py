"""The translations: every sentence of the code is there in Danish and Norwegian, with its gaps, and nothing else."""

from __future__ import annotations

import ast
import gettext
import importlib.util
import re
import string
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from fyraften_policy.languages import LANGUAGES

ROOT = Path(__file__).parents[1]


def load_script() -> ModuleType:
    specification = importlib.util.spec_from_file_location("catalogues", ROOT / "scripts" / "catalogues.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


catalogues = load_script()
each_catalogue = pytest.mark.parametrize(
    ("package", "language"),
    [(package, language) for package in catalogues.PACKAGES for language in catalogues.LANGUAGES],
)


def in_code(package: str) -> dict[str, Message]:
    return {message.id: message for message in catalogues.sentences(package) if message.id}


def in_catalogue(package: str, language: str) -> dict[str, Message]:
    return {message.id: message for message in catalogues.read(package, language) if message.id}


def gaps(text: str) -> list[str]:
    """Return the named gaps of a sentence, sorted, with their format."""
    return sorted(f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name is not None)


def test_every_language_but_that_of_the_source_has_catalogues() -> None:
    assert set(catalogues.LANGUAGES) == set(LANGUAGES) - {"en"}


@each_catalogue
def test_every_sentence_of_the_code_is_in_the_catalogue_and_no_other(package: str, language: str) -> None:
    code, kept = in_code(package), in_catalogue(package, language)

    assert set(code) - set(kept) == set(), "run `make catalogues`, then translate"
    assert set(kept) - set(code) == set(), "run `make catalogues`"
    assert len(code) > 20


@each_catalogue
def test_every_sentence_is_translated_and_nothing_is_fuzzy_or_obsolete(package: str, language: str) -> None:
    catalogue: Catalog = catalogues.read(package, language)

    assert [message.id for message in catalogue if message.id and not message.string] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert list(catalogue.obsolete) == []


@each_catalogue
def test_the_gaps_of_a_translation_are_those_of_the_sentence(package: str, language: str) -> None:
    different = [
        (sentence, message.string)
        for sentence, message in in_catalogue(package, language).items()
        if gaps(sentence) != gaps(message.string)
    ]

    assert different == []


@each_catalogue
def test_a_translation_ends_and_begins_as_its_sentence_does(package: str, language: str) -> None:
    """Full stops, colons, question marks, line ends and the spaces around a sentence are part of it."""
    different = [
        (sentence, message.string)
        for sentence, message in in_catalogue(package, language).items()
        if edges(sentence) != edges(message.string)
    ]

    assert different == []


def edges(text: str) -> tuple[str, str]:
    bare = text.strip()
    mark = bare[-1] if bare and bare[-1] in ".:?!…" else ""
    return text[: len(text) - len(text.lstrip())], mark + text[len(text.rstrip()) :]


@each_catalogue
def test_commands_options_and_file_names_are_not_translated(package: str, language: str) -> None:
    """What stands in backticks, or after ``fyraften``, or begins with two dashes, is typed and not read."""
    different = [
        (sentence, word)
        for sentence, message in in_catalogue(package, language).items()
        for word in typed_words(sentence)
        if word not in message.string
    ]

    assert different == []


def typed_words(sentence: str) -> list[str]:
    backticks = sentence.split("`")[1::2]
    options = [word.strip(".,;:()") for word in sentence.split() if word.startswith("--")]
    commands = re.findall(
        r"fyraften(?:-service)? [a-z]+(?: (?:show|give|withdraw|add|edit|set|approve|send))?", sentence
    )
    return [*backticks, *options, *commands]


@each_catalogue
def test_a_person_who_asks_for_the_language_gets_it(package: str, language: str, tmp_path: Path) -> None:
    """Compiles and reads the catalogue the way an installed wheel does."""
    folder = tmp_path / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / f"{package}.mo").open("wb") as stream:
        write_mo(stream, catalogues.read(package, language))
    translate = gettext.translation(package, str(tmp_path), [language]).gettext

    same = [sentence for sentence in in_code(package) if translate(sentence) == sentence]

    assert len(same) < len(in_code(package)) / 20  # a few are names that are the same in every language


def unseen_by_extraction(source: str) -> list[int]:
    """Return the lines of calls that mark a sentence inside an f-string, where nothing collects it."""
    return [
        call.lineno
        for text in ast.walk(ast.parse(source))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in catalogues.KEYWORDS
    ]


def test_no_sentence_hides_in_an_f_string() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for package, folder in catalogues.PACKAGES.items()
        for path in sorted((ROOT / folder / package).rglob("*.py"))
        for line in unseen_by_extraction(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_a_sentence_in_an_f_string_would_be_seen() -> None:
    source = """text = f"{_('One.')} {context._('Two.')}"\n""" + """other = f"{mark('Three.'):>9}" + _("Four.")"""

    assert unseen_by_extraction(source) == [1, 1, 2]


def test_a_missing_gap_would_be_seen() -> None:
    assert gaps("Stop by {time} to keep {rest} of rest.") != gaps("Stop senest {tid} for at nå {rest}.")
    assert typed_words("Use `check` or --json with: fyraften log add") == ["check", "--json", "fyraften log add"]
    assert edges("Really?\n") == ("", "?\n")


def test_the_script_that_collects_is_the_one_that_make_runs() -> None:
    assert "scripts/catalogues.py" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert sys.modules.get("catalogues") is None  # loaded by path: scripts/ is no package
