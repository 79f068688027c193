"""The languages Fyraften speaks, and the function that translates into one of them.

Each package keeps its catalogues in its own ``locale`` folder, under its own name as gettext domain.
English is the language of the source, so a missing catalogue or sentence falls back to it.
Not here: the sentences, and which language a person wants.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module

Translate = Callable[[str], str]

LANGUAGES = ("da", "nb", "en")
_SHARED = "fyraften_policy"
_NORWEGIAN = ("no", "nn", "nb")
_WITH_COMMA = ("da", "nb")


def translator(package: str, language: str) -> Translate:
    """Return the function that translates the sentences of ``package``, for example ``fyraften_agent``.

    It knows those of the policy library, too: every package tells that one's errors. The catalogues are read when the
    first sentence is asked for: a process that says nothing holds none.
    """

    @cache
    def known() -> gettext.NullTranslations:
        found = _catalogue(package, language)
        if package != _SHARED:
            found.add_fallback(_catalogue(_SHARED, language))
        return found

    return lambda sentence: known().gettext(sentence)


def _catalogue(package: str, language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    folder = import_module(package).__path__[0]
    return gettext.translation(package, f"{folder}/locale", [language], fallback=True)


def choose_language(wanted: Iterable[str]) -> str:
    """Return the first language of ``wanted`` that Fyraften speaks, else ``en``.

    Args:
        wanted: locale names in order of preference, such as ``da_DK.UTF-8``, ``nb-NO`` or ``no``.
    """
    for name in wanted:
        code = name.replace("-", "_").split("_")[0].split(".")[0].lower()
        code = "nb" if code in _NORWEGIAN else code
        if code in LANGUAGES:
            return code
    return "en"


def language_of(translate: Translate) -> str:
    """Return the language that ``translate`` speaks: each catalogue translates ``en`` by its own code."""
    code = translate(mark("en"))
    return code if code in LANGUAGES else "en"


def number_text(number: str, translate: Translate) -> str:
    """Return a number such as ``2.703`` as the language of ``translate`` writes it: in Danish that is over 2000."""
    return number.replace(".", ",") if language_of(translate) in _WITH_COMMA else number


def mark(sentence: str) -> str:
    """Return ``sentence`` unchanged: marks it for translation where the translation happens elsewhere."""
    return sentence


class Word(str):
    """A word of our own inside a sentence, such as a verdict: translated with it."""

    def told(self, translate: Translate) -> str:
        """Return the word in the language of ``translate``."""
        return translate(self)


class Label(Word):
    """A text that the law files tell in each language, such as the name of a number."""

    by_language: Mapping[str, str]

    def __new__(cls, by_language: Mapping[str, str]) -> Label:
        """Make the text of the same in each language."""
        label = super().__new__(cls, by_language["en"])
        label.by_language = by_language
        return label

    def told(self, translate: Translate) -> str:
        """Return the label in the language of ``translate``."""
        return self.by_language[language_of(translate)]


def told(text: str, translate: Translate) -> str:
    """Return a text, in the language of ``translate`` where it is a word of our own."""
    return text.told(translate) if isinstance(text, Word) else text
