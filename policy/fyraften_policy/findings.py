"""Findings: what a rule answers, with its figures, its arithmetic and its source.

A step is a sentence with values; it is translated when shown, so one run of a rule serves every language.
Not here: how a verdict comes about (see ``rules/``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from fyraften_policy.languages import Translate, language_of, mark
from fyraften_policy.parameters import Citation, InForce
from fyraften_policy.periods import format_instant, local_text

MET, ATTENTION, BROKEN, EXCEPTED = "met", "attention", "broken", "excepted"
NOT_JUDGED, NOT_APPLICABLE, ADVICE = "not_judged", "not_applicable", "advice"
COVERED, NOT_COVERED, PROVISIONAL = "covered", "not_covered", "provisional"
WORST_FIRST = (BROKEN, ATTENTION, NOT_JUDGED, EXCEPTED, ADVICE, MET, NOT_APPLICABLE)

# Why something was not judged or does not apply, by the code in ``Finding.reason``.
REASONS: Mapping[str, str] = {
    "no_complete_period": mark("There is nothing complete to judge in this period."),
    "no_value": mark("The law has no value in our data for these days."),
    "unobserved": mark("Part of the time was not observed, and it could change the answer."),
    "place_unknown": mark("For part of the work the place is unknown, and it could change the answer."),
    "no_normal_hours": mark("No normal working hours are agreed."),
    "no_home_days": mark("No number of home days a week is agreed."),
    "no_date": mark("No date of it is told for the time judged."),
    "self_organiser": mark("The rule does not apply to persons who organise their own working time."),
    "home_sporadic": mark("Work at home is sporadic: less than about a day a week."),
    "home_short": mark("Work at home lasts only a short time so far."),
    "foster_care": mark("The rule does not apply to foster care in the home."),
}


class Word(str):
    """A word of our own inside a sentence, such as a verdict: translated with it."""

    def told(self, translate: Translate) -> str:
        """Return the word in the language of ``translate``."""
        return translate(self)


class Label(Word):
    """The name of a number of the law, which the law files tell in each language."""

    by_language: Mapping[str, str]

    def __new__(cls, by_language: Mapping[str, str]) -> Label:
        """Make the label of a parameter."""
        label = super().__new__(cls, by_language["en"])
        label.by_language = by_language
        return label

    def told(self, translate: Translate) -> str:
        """Return the label in the language of ``translate``."""
        return self.by_language[language_of(translate)]


class Phrase(Word):
    """A part of a sentence with a value of its own, such as "our reading of {law}"."""

    value: str

    def __new__(cls, message: str, value: str) -> Phrase:
        """Make the phrase of a marked message with one ``{law}``."""
        phrase = super().__new__(cls, message)
        phrase.value = value
        return phrase

    def told(self, translate: Translate) -> str:
        """Return the phrase in the language of ``translate``."""
        return translate(self).format(law=self.value)


class Figure(Word):
    """A number with decimals inside a sentence: Danish and Norwegian write them after a comma."""

    def told(self, translate: Translate) -> str:
        """Return the number as the language of ``translate`` writes it."""
        return str(self) if language_of(translate) == "en" else self.replace(".", ",")


VERDICT_WORDS: Mapping[str, Word] = {
    MET: Word(mark("met")),
    ATTENTION: Word(mark("in doubt")),
    BROKEN: Word(mark("not met")),
    EXCEPTED: Word(mark("covered by an exception")),
    NOT_JUDGED: Word(mark("not judged")),
    NOT_APPLICABLE: Word(mark("not applicable")),
    ADVICE: Word(mark("advice")),
    COVERED: Word(mark("covered")),
    NOT_COVERED: Word(mark("not covered")),
    PROVISIONAL: Word(mark("covered if it goes on")),
}


_NO_VALUES: Mapping[str, str | int] = MappingProxyType({})


class Step(NamedTuple):
    """One sentence of the arithmetic: ``message`` has a ``{name}`` for each of the ``values``."""

    message: str
    values: Mapping[str, str | int] = _NO_VALUES

    def text(self, translate: Translate) -> str:
        """Return the sentence in the language of ``translate``."""
        values = {
            key: value.told(translate) if isinstance(value, Word) else value for key, value in self.values.items()
        }
        return translate(self.message).format(**values)


class Finding(NamedTuple):
    """The answer of one rule about one stretch of time. ``start`` and ``end`` are instants; see the facts format."""

    rule: str
    verdict: str
    force: str
    start: int
    end: int
    citation: Citation
    measured: float | None = None
    limit: float | None = None
    unit: str | None = None
    value: InForce | None = None
    steps: tuple[Step, ...] = ()
    reason: str | None = None

    def with_step(self, step: Step) -> Finding:
        """Return the finding with one more sentence."""
        return self._replace(steps=(*self.steps, step))

    def as_json(self, zone: str, translate: Translate) -> dict[str, Any]:
        """Return the finding as the facts format writes it."""
        return {
            "rule": self.rule,
            "verdict": self.verdict,
            "force": self.force,
            "period": {"start": format_instant(self.start, zone), "end": format_instant(self.end, zone)},
            "measured": plain_number(self.measured),
            "limit": plain_number(self.limit),
            "unit": self.unit,
            "citation": source_json(self.citation, self.value, translate),
            "steps": [step.text(translate) for step in self.steps],
            "reason": self.reason,
        }


def worst(verdicts: Iterable[str]) -> str:
    """Return the worst of some verdicts, ``not_applicable`` if there are none."""
    return min(verdicts, key=WORST_FIRST.index, default=NOT_APPLICABLE)


@lru_cache(maxsize=8192)
def duration(seconds: int) -> str:
    """Return elapsed time such as ``10 h 30 min``; seconds are shown only where there are some."""
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, odd = divmod(rest, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else "", f"{odd} s" if odd else ""]
    return sign + (" ".join(part for part in parts if part) or "0 min")


@lru_cache(maxsize=32768)
def moment(instant: int, zone: str) -> str:
    """Return local date and time such as ``2026-01-13 21:00``; seconds are shown only where there are some."""
    return local_text(instant, zone)


def decimals(number: float, places: int = 3) -> Figure:
    """Return a number with a fixed count of decimals, trailing zeros left out down to one."""
    text = f"{number:.{places}f}"
    while text.endswith("0") and not text.endswith(".0"):
        text = text[:-1]
    return Figure(text)


def figure(amount: Decimal) -> Figure:
    """Return a number of the law or of an agreement as it is given there."""
    return Figure(f"{amount:f}")


@lru_cache(maxsize=1024)
def value_step(message: str, value: InForce, shown: str) -> Step:
    """Return the sentence ``message`` with the value judged by, its date and source, or the agreement in their place.

    ``message`` has the placeholders ``{value}`` and ``{source}``. The same step serves every day that the value holds.
    """
    return Step(message, {"value": shown, "source": _source(value)})


def _source(value: InForce) -> str:
    if value.is_replaced:
        return Word(mark("your agreement"))
    law = f"{value.citation.act}, {value.citation.provision}"
    if value.parameter.kind == "reading":
        return Phrase(mark("our reading of {law}"), law)
    return f"{law}; {value.since}"


def plain_number(number: float | None) -> float | int | None:
    """Return a number as JSON shows it best: whole where it is whole."""
    return int(number) if number is not None and number == int(number) else number


def source_json(citation: Citation, value: InForce | None, translate: Translate) -> dict[str, Any]:
    """Return where a rule stands and which number it was judged by."""
    act, provision = (
        text.told(translate) if isinstance(text, Word) else text for text in (citation.act, citation.provision)
    )
    return {
        "act": act,
        "provision": provision,
        "url": citation.url,
        "checked": citation.checked,
        "parameter": _parameter_json(value),
    }


def _parameter_json(value: InForce | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {
        "id": value.parameter.id,
        "value": plain_number(float(value.amount)),
        "unit": value.parameter.unit,
        "from": None if value.since is None else value.since.isoformat(),
        "kind": value.parameter.kind,
        "replaced": value.is_replaced,
    }
