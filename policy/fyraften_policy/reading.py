"""Strict reading of plain documents: each value is taken once, and what is left over is an error.

A :class:`Reader` wraps one object of the document and knows its path, so that every error names the field.
Not here: which fields there are (see ``facts.py`` and ``agreement.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from fyraften_policy import periods
from fyraften_policy.errors import FactsError
from fyraften_policy.languages import mark
from fyraften_policy.sentences import Sentence, either, sentence

_Default = TypeVar("_Default")
_REQUIRED = object()


class Reader:
    """One object of the document. An absent optional object reads as an empty one with ``is_present`` false."""

    def __init__(self, path: str, value: object, *, is_present: bool = True) -> None:
        if not isinstance(value, dict):
            raise _refused(
                path, value, mark("{value} is not an object."), mark("Write it in braces, with named fields.")
            )
        self.path, self.is_present = path, is_present
        self._values: dict[str, Any] = value
        self._taken: set[str] = set()

    @classmethod
    def root(cls, document: object) -> Reader:
        """Return the reader of a whole document."""
        if not isinstance(document, dict):
            raise _refused("", document, mark("{value} is not an object."), mark("A document is one object in braces."))
        return cls("", document)

    def names(self) -> list[str]:
        """Return the names that are there, in order."""
        return list(self._values)

    def has(self, key: str) -> bool:
        """Tell whether the field is there."""
        return key in self._values

    def given(self, key: str) -> str:
        """Return a value as it was written, for messages."""
        return str(self._values.get(key, "now"))

    def take(self, key: str, default: Any = _REQUIRED) -> Any:
        """Return the value of ``key`` as it is, or the default; without a default its absence is an error."""
        self._taken.add(key)
        if key in self._values:
            return self._values[key]
        if default is _REQUIRED:
            raise FactsError(self.at(key), mark("The field is missing."), mark("Add it."))
        return default

    def finish(self) -> None:
        """Raise for a field that nobody took."""
        for key in self._values:
            if key not in self._taken:
                message, remedy = mark("There is no such field."), mark("Check the spelling, or leave it out.")
                raise FactsError(self.at(key), message, remedy)

    def at(self, key: str) -> str:
        """Return the path of a field of this object."""
        return f"{self.path}.{key}" if self.path else key

    def child(self, key: str) -> Reader:
        """Return the reader of an optional object."""
        if key not in self._values:
            return Reader(self.at(key), {}, is_present=False)
        return Reader(self.at(key), self.take(key))

    def items(self, key: str, *, required: bool = False) -> Iterator[Reader]:
        """Yield the readers of a list of objects; an optional list that is absent has none."""
        for index, value in enumerate(self.rows(key, required=required)):
            yield self.item(key, index, value)

    def item(self, key: str, index: int, value: object) -> Reader:
        """Return the reader of one object of a list."""
        return Reader(f"{self.at(key)}[{index}]", value)

    def dates(self, key: str) -> Iterator[date]:
        """Yield the members of an optional list of local dates."""
        for index, value in enumerate(self.rows(key)):
            yield as_date(f"{self.at(key)}[{index}]", value)

    def choice(self, key: str, allowed: Sequence[str], default: Any = _REQUIRED) -> str:
        """Return one of the allowed words."""
        value = self.take(key, default)
        if not isinstance(value, str) or value not in allowed:
            message, remedy = mark("{value} is not one of the words."), mark("Use {words}.")
            raise FactsError(self.at(key), message, remedy, value=_short(value), words=either(allowed))
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self.take(key, default)
        if not isinstance(value, bool):
            message, remedy = mark("{value} is neither true nor false."), mark("Write true or false.")
            raise _refused(self.at(key), value, message, remedy)
        return value

    def number(self, key: str, default: _Default, *, least: Decimal, most: Decimal | None = None) -> Decimal | _Default:
        """Return a finite number within bounds, exactly as written."""
        if key not in self._values:
            return default
        value = self.take(key)
        remedy = sentence(
            mark("Write a number from {least} up.") if most is None else mark("Write a number from {least} to {most}."),
            least=least,
            most=most,
        )
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise _refused(self.at(key), value, mark("{value} is not a number."), remedy)
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            raise _refused(self.at(key), value, mark("{value} is not a number."), remedy) from None
        if not amount.is_finite() or amount < least or (most is not None and amount > most):
            raise _refused(self.at(key), value, mark("{value} is outside the bounds."), remedy)
        return amount

    def rows(self, key: str, *, required: bool = False) -> list[Any]:
        """Return a list as it is; an optional one that is absent is empty."""
        values = self.take(key) if required else self.take(key, [])
        if not isinstance(values, list):
            raise _refused(self.at(key), values, mark("{value} is not a list."), mark("Write it in square brackets."))
        return values

    def zone(self, key: str) -> str:
        """Return the name of a known time zone."""
        name = self.take(key)
        if not isinstance(name, str) or not periods.known_zone(name):
            message, remedy = mark("{value} is not a time zone."), mark("Use one such as Europe/Copenhagen.")
            raise _refused(self.at(key), name, message, remedy)
        return name

    def instant(self, key: str, zone: str) -> int:
        """Return a time as an instant."""
        return as_instant(self.at(key), self.take(key), zone)

    def date(self, key: str) -> date:
        """Return a local date."""
        return as_date(self.at(key), self.take(key))


def as_instant(path: str, value: object, zone: str) -> int:
    """Return a written time as an instant, or raise with the path."""
    if not isinstance(value, str):
        remedy = mark("Write it as text, such as 2026-01-13T08:00.")
        raise _refused(path, value, mark("{value} is not a time."), remedy)
    try:
        return periods.parse_instant(value, zone)
    except periods.LocalTimeError as problem:
        raise FactsError(path, *problem.sentences) from None


def as_date(path: str, value: object) -> date:
    """Return a written date, or raise with the path."""
    if not isinstance(value, str):
        raise _refused(path, value, mark("{value} is not a date."), mark("Write it as text, such as 2026-01-13."))
    try:
        return periods.parse_date(value)
    except periods.LocalTimeError as problem:
        raise FactsError(path, *problem.sentences) from None


def _refused(path: str, value: object, message: str, remedy: str | Sentence) -> FactsError:
    return FactsError(path, message, remedy, value=_short(value))


def _short(value: object) -> str:
    """Return a value in the words of JSON, cut where it is long."""
    text = _written(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _written(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list):  # what is in it is not told: it may be long, and deep
        return "[…]" if value else "[]"
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    # A text as Python shows it, not as JSON would: no control character of it reaches the terminal.
    return str(value) if isinstance(value, Decimal) else repr(value)
