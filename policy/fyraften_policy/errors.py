"""What can go wrong in the policy library: one base class, one child per situation a caller can act on.

Each text says what happened, with the values, and what to do next; the values are kept as attributes.
"""

from __future__ import annotations

from datetime import date

from fyraften_policy.languages import Translate, mark
from fyraften_policy.sentences import Sentence, SentenceError, sentence


class PolicyError(SentenceError):
    """Base of every error of this package."""


class NotInForceError(PolicyError):
    """A parameter has no value on the requested date."""

    def __init__(self, parameter_id: str, on: date, first: date) -> None:
        super().__init__(
            mark(
                "{parameter} has no value on {day}: it is in force from {first}. "
                "Judge a later date, or add the earlier value with its citation."
            ),
            parameter=parameter_id,
            day=on,
            first=first,
        )
        self.parameter_id, self.on, self.first = parameter_id, on, first


class UnknownParameterError(PolicyError):
    """No law file declares a parameter of this id."""

    def __init__(self, parameter_id: str) -> None:
        super().__init__(
            mark("There is no parameter {parameter!r}. docs/law.md lists those there are."), parameter=parameter_id
        )
        self.parameter_id = parameter_id


class LawFileError(PolicyError):
    """A law file is incomplete or contradicts itself; told to who writes law files, in English."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name, self.problem = name, problem


class RemedyError(PolicyError):
    """What was told cannot be read: one sentence says what is wrong, one what to do; ``values`` are those of both.

    Attributes:
        field: what is meant, a path such as ``work[2].start``; empty where the whole is meant.
        sentences: message and remedy; the attributes of these names have them in English.
    """

    def __init__(self, field: str, message: str | Sentence, remedy: str | Sentence, **values: object) -> None:
        self.field = field
        self.sentences = sentence(message, **values), sentence(remedy, **values)
        said, advised = self.sentences
        whole = "{field}: {message} {remedy}" if field else "{message} {remedy}"
        super().__init__(whole, field=field, message=said, remedy=advised)

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return str(self.sentences[0])

    @property
    def remedy(self) -> str:
        """What to do, in English."""
        return str(self.sentences[1])


class FactsError(RemedyError):
    """The facts cannot be read: ``field`` is a path such as ``work[2].start``."""

    def __init__(
        self, field: str, message: str | Sentence, remedy: str | Sentence, line: int | None = None, **values: object
    ) -> None:
        super().__init__(field, message, remedy, **values)
        self.line = line

    def as_json(self, translate: Translate = str) -> dict[str, str | int | None]:
        """Return the ``error`` object of ``fyraften check``."""
        message, remedy = (told.text(translate) for told in self.sentences)
        return {"line": self.line, "field": self.field, "message": message, "remedy": remedy}


class WireError(PolicyError):
    """A report does not fit the wire registry; ``field`` is empty when the whole report is meant.

    Told to programs (the service's answers), in English.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field, self.message = field, message
