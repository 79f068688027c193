"""What can go wrong in the policy library: one base class, one child per situation a caller can act on.

Each text says what happened, with the values, and what to do next; the values are kept as attributes.
"""

from __future__ import annotations

from datetime import date


class PolicyError(Exception):
    """Base of every error of this package."""


class NotInForceError(PolicyError):
    """A parameter has no value on the requested date."""

    def __init__(self, parameter_id: str, on: date, first: date) -> None:
        super().__init__(
            f"{parameter_id} has no value on {on}: it is in force from {first}. "
            "Judge a later date, or add the earlier value with its citation."
        )
        self.parameter_id, self.on, self.first = parameter_id, on, first


class UnknownParameterError(PolicyError):
    """No law file declares a parameter of this id."""

    def __init__(self, parameter_id: str) -> None:
        super().__init__(f"There is no parameter {parameter_id!r}. docs/law.md lists those there are.")
        self.parameter_id = parameter_id


class LawFileError(PolicyError):
    """A law file is incomplete or contradicts itself."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name, self.problem = name, problem


class FactsError(PolicyError):
    """The facts cannot be read: ``field`` is a path such as ``work[2].start``."""

    def __init__(self, field: str, message: str, remedy: str, line: int | None = None) -> None:
        super().__init__(f"{field}: {message} {remedy}" if field else f"{message} {remedy}")
        self.field, self.message, self.remedy, self.line = field, message, remedy, line

    def as_json(self) -> dict[str, str | int | None]:
        """Return the ``error`` object of ``fyraften check``."""
        return {"line": self.line, "field": self.field, "message": self.message, "remedy": self.remedy}


class WireError(PolicyError):
    """A report does not fit the wire registry; ``field`` is empty when the whole report is meant."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field, self.message = field, message
