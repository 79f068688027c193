"""Sentences that carry their values apart, so that an error raised anywhere can be told in a person's language.

``SentenceError(mark("There is no report {number}."), number=99)`` says ``There is no report 99.`` as ``str(error)``,
and ``error.text(translate)`` says it in another language. Where one package tells the errors of another, the function
of ``languages.translator`` knows both catalogues.
Not here: the languages, and which errors there are.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from fyraften_policy.languages import Translate, mark


class Sentence(NamedTuple):
    """A marked sentence, or a part of one, with a value for each ``{name}``; a value may be a sentence itself."""

    words: str
    values: Mapping[str, object] = MappingProxyType({})

    def __str__(self) -> str:
        return self.text(str)

    def text(self, translate: Translate) -> str:
        """Return the sentence in the language of ``translate``."""
        words = translate(self.words) if self.words else ""
        if not self.values:  # what was put together before, from anybody's words, may hold braces
            return words
        return words.format(
            **{
                name: value.text(translate) if isinstance(value, Sentence) else value
                for name, value in self.values.items()
            }
        )

    def as_json(self) -> dict[str, Any]:
        """Return the sentence as plain values, for another process; see :func:`sentence_of`."""
        values = {
            name: value.as_json() if isinstance(value, Sentence) else value if isinstance(value, int) else str(value)
            for name, value in self.values.items()
        }
        return {"words": self.words, "values": values}


class SentenceError(Exception):
    """Base of the errors of all packages: what happened, with the values, and what to do next.

    Attributes:
        sentence: what is told; ``str(error)`` says it in English.
    """

    def __init__(self, words: str | Sentence, /, **values: object) -> None:
        self.sentence = sentence(words, **values)
        super().__init__(str(self.sentence))

    def text(self, translate: Translate) -> str:
        """Return what happened in the language of ``translate``."""
        return self.sentence.text(translate)


def sentence(words: str | Sentence, /, **values: object) -> Sentence:
    """Return marked words with their values; errors among the values are told in the same language."""
    if isinstance(words, Sentence):
        return words
    told = {name: value.sentence if isinstance(value, SentenceError) else value for name, value in values.items()}
    return Sentence(words, told)


def sentence_of(document: Mapping[str, Any]) -> Sentence:
    """Return the sentence that :meth:`Sentence.as_json` wrote; raises KeyError or TypeError for others."""
    values = {
        name: sentence_of(value) if isinstance(value, dict) else value for name, value in document["values"].items()
    }
    return Sentence(str(document["words"]), values)


def either(words: Iterable[str]) -> Sentence:
    """Return ``a, b or c``."""
    *first, last = words
    return sentence(mark("{words} or {last}"), words=", ".join(first), last=last) if first else Sentence(last)


_REASONS: dict[int | None, str] = {
    errno.ENOENT: mark("there is no such file or folder"),
    errno.EACCES: mark("it may not be opened"),
    errno.EPERM: mark("that is not allowed"),
    errno.EISDIR: mark("it is a folder"),
    errno.ENOTDIR: mark("a part of its path is no folder"),
    errno.EEXIST: mark("it exists already"),
    errno.ENOSPC: mark("the disk is full"),
    errno.EDQUOT: mark("your share of the disk is full"),
    errno.EROFS: mark("the disk can only be read"),
    errno.EIO: mark("the disk fails"),
    errno.EMFILE: mark("too many files are open"),
    errno.ENOMEM: mark("there is not enough memory"),
    errno.EAGAIN: mark("there are too many processes"),
    errno.ENAMETOOLONG: mark("the name is too long"),
    errno.EADDRINUSE: mark("another program uses it"),
    errno.EADDRNOTAVAIL: mark("this computer has no such address"),
    errno.ECONNREFUSED: mark("the connection was refused"),
    errno.ECONNRESET: mark("the connection was broken off"),
    errno.ENETUNREACH: mark("there is no network"),
    errno.EHOSTUNREACH: mark("there is no way to that computer"),
    errno.ETIMEDOUT: mark("it took too long"),
}


def reason_of(error: Exception) -> Sentence:
    """Return in a few words what was refused or found, in its own English words where there are no others."""
    if isinstance(error, UnicodeDecodeError):
        return Sentence(mark("it is no text in UTF-8"))
    if isinstance(error, OSError) and error.errno in _REASONS:
        return Sentence(_REASONS[error.errno])
    return Sentence((error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__)
