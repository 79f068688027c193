"""An answer as one line of JSON, made piece by piece: the same text as ``json.dumps`` of ``Answer.as_json``.

Ten years of work make eleven thousand findings with forty thousand sentences. The sources, most sentences and many
instants come again and again among them; each is written once here, which takes a fourth of the time.
Not here: what the fields mean (see ``findings.py``), and where the line goes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from json.encoder import encode_basestring
from operator import itemgetter

from fyraften_policy.evaluate import Answer
from fyraften_policy.findings import Figure, Finding, Label, Phrase, Step, Word, plain_number, source_json
from fyraften_policy.languages import Translate
from fyraften_policy.parameters import Citation, InForce
from fyraften_policy.periods import format_instant

Values = Mapping[str, str | int]
Fill = Callable[[Values], str]
_AT_ONCE = 64  # findings
_WORDS = {Word, Label, Phrase, Figure}
_PLACE = re.compile(r"\{(\w+)\}")


def answer_pieces(answer: Answer, translate: Translate) -> Iterator[str]:
    """Yield what ``json.dumps(answer.as_json(translate), ensure_ascii=False)`` returns, some findings at a time."""
    writer = _Writer(answer, translate)
    yield f'{{"id": {_json(answer.id)}, "findings": ['
    for index in range(0, len(answer.findings), _AT_ONCE):
        some = [writer.finding(finding) for finding in answer.findings[index : index + _AT_ONCE]]
        yield f"{', ' if index else ''}{', '.join(some)}"
    yield f"], {_json({'summary': answer.summary, 'forecast': answer.forecast_json()})[1:]}"


class _Writer:
    """Writes the findings of one answer, and remembers what it has written."""

    def __init__(self, answer: Answer, translate: Translate) -> None:
        self._answer, self._translate = answer, cache(translate)
        self._heads: dict[tuple[str, str, str], str] = {}
        self._instants: dict[int, str] = {}
        self._numbers: dict[float | None, str] = {}
        self._reasons: dict[str | None, str] = {}
        self._fill: dict[str, Fill] = {}
        # By identity: the rules share these objects, and the answer keeps them alive.
        self._sources: dict[tuple[str | None, int, int], str] = {}
        self._steps: dict[int, str] = {}

    def finding(self, finding: Finding) -> str:
        """Return one finding as JSON."""
        rule, verdict, force, start, end, citation, measured, limit, unit, value, steps, reason = finding
        head = self._heads.get((rule, verdict, force)) or self._head(rule, verdict, force)
        source = self._sources.get((unit, id(citation), id(value))) or self._source(unit, citation, value)
        started = self._instants.get(start) or self._instant(start)
        ended = self._instants.get(end) or self._instant(end)
        amount = self._numbers.get(measured) or self._number(measured)
        bound = self._numbers.get(limit) or self._number(limit)
        known = self._steps
        sentences = ", ".join([known.get(id(step)) or self._step(step) for step in steps])
        return (
            f'{head}"period": {{"start": {started}, "end": {ended}}}, "measured": {amount}, "limit": {bound}, '
            f'{source}"steps": [{sentences}], "reason": {self._reasons.get(reason) or self._reason(reason)}}}'
        )

    def _head(self, rule: str, verdict: str, force: str) -> str:
        text = self._heads[rule, verdict, force] = _opened({"rule": rule, "verdict": verdict, "force": force})
        return text

    def _source(self, unit: str | None, citation: Citation, value: InForce | None) -> str:
        text = _opened({"unit": unit, "citation": source_json(citation, value, self._translate)})[1:]
        self._sources[unit, id(citation), id(value)] = text
        return text

    def _instant(self, instant: int) -> str:
        answer = self._answer
        text = self._instants[instant] = f'"{format_instant(instant, answer.zone)}"' if answer.has_period else "null"
        return text

    def _number(self, number: float | None) -> str:
        text = self._numbers[number] = "null" if number is None else repr(plain_number(number))
        return text

    def _reason(self, reason: str | None) -> str:
        text = self._reasons[reason] = _json(reason)
        return text

    def _step(self, step: Step) -> str:
        message, values = step
        fill = self._fill.get(message) or self._sentence(message)
        text = self._steps[id(step)] = encode_basestring(fill(values))
        return text

    def _sentence(self, message: str) -> Fill:
        fill = self._fill[message] = _sentence(message, self._translate)
        return fill


def _json(part: object) -> str:
    return json.dumps(part, ensure_ascii=False)


def _opened(part: object) -> str:
    """Return an object that more fields are to follow in."""
    return f"{_json(part)[:-1]}, "


def _sentence(message: str, translate: Translate) -> Fill:
    """Return the function that fills values into a message: ``%`` does it three times as fast as ``format``."""
    words = translate(message)
    if re.search(r"[{}]", _PLACE.sub("", words)):  # more than plain names
        return lambda values: Step(message, values).text(translate)
    names, pattern = _PLACE.findall(words), _PLACE.sub("%s", words.replace("%", "%%"))
    if not names:
        return lambda values: words
    pick = itemgetter(*names) if len(names) > 1 else lambda values: (values[names[0]],)

    def filled(values: Values) -> str:
        picked = pick(values)
        if not _WORDS.isdisjoint(map(type, picked)):
            picked = tuple(value.told(translate) if isinstance(value, Word) else value for value in picked)
        return pattern % picked

    return filled
