"""Law parameters: numbers with a unit, a citation and the dates they are in force.

Reads the TOML files under ``law/`` once, a folder when it is asked for, and answers "what was the value on this date?".
A date before the first value is an error, never a default. A collective agreement's own values replace by id and say
so.
Not here: what a rule does with a value (see ``rules/``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from fyraften_policy.errors import LawFileError, NotInForceError, UnknownParameterError
from fyraften_policy.languages import LANGUAGES, Label

_LAW = Path(__file__).with_name("law")
_NOT_MODELLED = "not_modelled.toml"


class Unit(NamedTuple):
    """A unit of the law's numbers, and the amounts in it that can be meant; ``seconds`` where it is a time."""

    least: Decimal
    most: Decimal
    is_whole: bool = False
    seconds: int | None = None


UNITS: Mapping[str, Unit] = {
    "second": Unit(Decimal(1), Decimal(86_400), seconds=1),
    "minute": Unit(Decimal("0.1"), Decimal(1_440), seconds=60),
    "hour": Unit(Decimal("0.01"), Decimal(744), seconds=3600),
    "hour_per_week": Unit(Decimal("0.01"), Decimal(168)),
    "hour_per_day": Unit(Decimal("0.01"), Decimal(24)),
    "clock_hour": Unit(Decimal(0), Decimal(24)),
    "month": Unit(Decimal(1), Decimal(12), is_whole=True),
    "month_since": Unit(Decimal(1), Decimal(120), is_whole=True),
    "share": Unit(Decimal(0), Decimal(1)),
    "day_per_week": Unit(Decimal(0), Decimal(7)),
    "week": Unit(Decimal(1), Decimal(52), is_whole=True),
    "count_per_week": Unit(Decimal(0), Decimal(7), is_whole=True),
    "count_per_year": Unit(Decimal(0), Decimal(366), is_whole=True),
}


_HOURS_A_WEEK = Decimal(168)
# What an agreement may not set a number above, besides what its unit allows: a fixed amount, or another number as it
# then holds. A rest longer than the time it is to lie in could never be had, and every answer would be "not met".
AT_MOST: Mapping[str, Decimal | str] = MappingProxyType(
    {
        "dk.rest.daily.minimum": "dk.rest.daily.window",
        "dk.rest.weekly.minimum": _HOURS_A_WEEK,
        "dk.screen.home.regular": "dk.screen.home.history",
        "no.rest.daily.minimum": "no.rest.daily.window",
        "no.rest.weekly.minimum": _HOURS_A_WEEK,
        "no.home_agreement.lasting": "no.home_agreement.history",
        "eu.rest.daily.minimum": "eu.rest.daily.window",
        "eu.rest.weekly.minimum": _HOURS_A_WEEK,
    }
)


class Citation(NamedTuple):
    """Where a rule or a number stands. ``checked`` is false where the wording could not be read at its source."""

    act: str
    provision: str
    url: str
    checked: bool = True


class Value(NamedTuple):
    """An amount and the first date it holds. ``citation`` is that of an act which another has replaced since."""

    since: date
    amount: Decimal
    citation: Citation | None = None


class Parameter(NamedTuple):
    """A number of the law. ``label`` is keyed by language; ``values`` are sorted by date.

    ``kind`` is ``law`` for a number that stands at its source, ``reading`` for one that we read into it.
    """

    id: str
    label: Mapping[str, str]
    unit: str
    citation: Citation
    values: tuple[Value, ...]
    kind: str = "law"

    def on(self, day: date) -> Value:
        """Return the value in force on a date; raises :class:`NotInForceError` before the first."""
        for value in reversed(self.values):
            if value.since <= day:
                return value
        raise NotInForceError(self.id, day, self.values[0].since)


KINDS = ("law", "reading")


class InForce:
    """A value as a rule uses it: from the law, or replaced by the agreement (``since`` is then None).

    The same object serves every day that the value holds.

    ``until`` is the first date of the next value, None where there is none yet: a rule that judges many days asks again
    only there.
    """

    def __init__(self, parameter: Parameter, amount: Decimal, since: date | None, until: date | None = None) -> None:
        self.parameter, self.amount = parameter, amount
        self.since, self.until = since, until

    @cached_property
    def seconds(self) -> int:
        """Return a value whose unit is a time, to the nearest whole second; raises ``ValueError`` for another unit."""
        unit = UNITS[self.parameter.unit]
        if unit.seconds is None:
            raise ValueError(f"{self.parameter.id} is in {self.parameter.unit}, which is no time.")
        return round(self.amount * unit.seconds)

    @cached_property
    def citation(self) -> Citation:
        """Return where the value stands: in the act of its time."""
        of_its_time = None if self.since is None else self.parameter.on(self.since).citation
        return of_its_time or self.parameter.citation

    @property
    def is_replaced(self) -> bool:
        """Tell whether the agreement replaced the law's value."""
        return self.since is None


class Parameters:
    """The law's numbers with the agreement's replacements, by parameter id: ``replaced``."""

    def __init__(self, replaced: Mapping[str, Decimal] = MappingProxyType({})) -> None:
        self.replaced = replaced
        self._known: dict[str, Sequence[InForce]] = {}

    def on(self, parameter_id: str, day: date) -> InForce:
        """Return the value to judge ``day`` by.

        Raises:
            UnknownParameterError: no law file declares the id.
            NotInForceError: the law has no value on that date.
        """
        known = self._known.get(parameter_id)
        if known is None:
            known = self._known[parameter_id] = self._latest_first(parameter_id)
        for value in known:
            if value.since is None or value.since <= day:
                return value
        parameter = known[0].parameter
        raise NotInForceError(parameter_id, day, parameter.values[0].since)

    def _latest_first(self, parameter_id: str) -> Sequence[InForce]:
        """Return the values of a parameter, the latest first; only the agreement's, where it has replaced them."""
        if parameter_id in self.replaced:
            return (InForce(known_parameter(parameter_id), self.replaced[parameter_id], None),)
        return _of_law(parameter_id)


def known_parameter(parameter_id: str) -> Parameter:
    """Return the parameter of that id; raises :class:`UnknownParameterError`."""
    try:
        return law_of(parameter_id.partition(".")[0])[parameter_id]
    except KeyError:
        raise UnknownParameterError(parameter_id) from None


@lru_cache(maxsize=1024)
def _of_law(parameter_id: str) -> Sequence[InForce]:
    """Return the values of the law for a parameter, the latest first."""
    parameter = known_parameter(parameter_id)
    following = [*(value.since for value in parameter.values[1:]), None]
    return tuple(
        InForce(parameter, value.amount, value.since, until)
        for value, until in zip(reversed(parameter.values), reversed(following), strict=True)
    )


def law() -> Mapping[str, Parameter]:
    """Return every parameter of every law file, by id, in the order of the files."""
    return {name: parameter for folder in sorted(_folders()) for name, parameter in law_of(folder).items()}


@lru_cache(maxsize=32)
def law_of(folder: str) -> Mapping[str, Parameter]:
    """Return the parameters whose ids begin with ``folder``, by id: those of its law files, none if there is no such.

    Only what is asked for is read: reading all of them takes longer than judging a year of work.
    """
    known: dict[str, Parameter] = {}
    for path in _files_of(folder):
        content = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        for table in content["parameter"]:
            parameter = read_parameter(path.name, table)
            if parameter.id in known:
                raise LawFileError(path.name, f"{parameter.id} is declared twice.")
            if not parameter.id.startswith(f"{folder}."):
                raise LawFileError(path.name, f"{parameter.id} does not begin with {folder}, the name of its folder.")
            known[parameter.id] = parameter
    return known


def _files_of(folder: str) -> list[Path]:
    """Return the files with the parameters of a country; what is not modelled stands in one of its own."""
    if folder not in _folders():
        return []
    return sorted(path for path in (_LAW / folder).glob("*.toml") if path.name != _NOT_MODELLED)


@lru_cache(maxsize=1)
def _folders() -> frozenset[str]:
    return frozenset(entry.name for entry in _LAW.iterdir() if entry.is_dir())


def read_parameter(name: str, table: Mapping[str, Any]) -> Parameter:
    """Return the parameter of one ``[[parameter]]`` table; raises :class:`LawFileError` if it is not complete."""
    kind = table.get("kind", "law")
    try:
        values = tuple(_read_value(row) for row in table["value"])
        parameter = Parameter(
            table["id"], table["label"], table["unit"], _read_citation(table["citation"]), values, kind
        )
    except (KeyError, TypeError) as problem:
        raise LawFileError(name, f"{table.get('id', 'a parameter')} lacks or misnames a key: {problem}.") from problem
    dates = [value.since for value in values]
    if not dates or dates != sorted(set(dates)):
        raise LawFileError(name, f"{parameter.id} needs values, each from a later date than the one before.")
    if parameter.unit not in UNITS:
        raise LawFileError(name, f"{parameter.id} has the unit {parameter.unit!r}; there are {', '.join(UNITS)}.")
    if kind not in KINDS:
        raise LawFileError(name, f"{parameter.id} has the kind {kind!r}; there are {', '.join(KINDS)}.")
    if set(parameter.label) != set(LANGUAGES):
        raise LawFileError(name, f"{parameter.id} needs a label in each of {', '.join(LANGUAGES)}.")
    return parameter


def _read_value(row: Mapping[str, Any]) -> Value:
    citation = _read_citation(row["citation"]) if "citation" in row else None
    return Value(row["from"], Decimal(row["amount"]), citation)


def _read_citation(table: Mapping[str, Any]) -> Citation:
    """Return a citation. Act and provision may be written in each language; raises ``KeyError``, ``TypeError``."""
    texts: dict[str, Any] = {key: _in_each(text) if isinstance(text, Mapping) else text for key, text in table.items()}
    return Citation(**texts)


def _in_each(texts: Mapping[str, str]) -> Label:
    return Label({language: texts[language] for language in LANGUAGES})
