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
from operator import itemgetter
from typing import NamedTuple

from fyraften_policy.evaluate import Answer
from fyraften_policy.findings import Finding, Label, Phrase, Step, Word, plain_number, source_json
from fyraften_policy.languages import Translate
from fyraften_policy.parameters import Citation, InForce
from fyraften_policy.periods import format_instant

_AT_ONCE = 64  # findings
_WORDS = {Word, Label, Phrase}
_PLACE = re.compile(r"\{(\w+)\}")


def answer_pieces(answer: Answer, translate: Translate) -> Iterator[str]:
    """Yield what ``json.dumps(answer.as_json(translate), ensure_ascii=False)`` returns, some findings at a time."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    writer = _Writer(answer, translate, encode)
    yield f'{{"id": {encode(answer.id)}, "findings": ['
    for index in range(0, len(answer.findings), _AT_ONCE):
        some = [writer.finding(finding) for finding in answer.findings[index : index + _AT_ONCE]]
        yield f"{', ' if index else ''}{', '.join(some)}"
    yield f"], {encode({'summary': answer.summary, 'forecast': answer.forecast_json()})[1:]}"


class _Writer:
    """Writes the findings of one answer, and remembers what it has written."""

    def __init__(self, answer: Answer, translate: Translate, encode: Callable[[object], str]) -> None:
        self._answer, self._translate, self._encode = answer, cache(translate), encode
        self._heads: dict[tuple[str, str, str], str] = {}
        self._instants: dict[int, str] = {}
        self._sentences: dict[str, _Sentence | None] = {}
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
        known = self._steps
        sentences = ", ".join([known.get(id(step)) or self._step(step) for step in steps])
        return (
            f'{head}"period": {{"start": {started}, "end": {ended}}}, "measured": {self._number(measured)}, '
            f'"limit": {self._number(limit)}, {source}"steps": [{sentences}], "reason": '
            f"{'null' if reason is None else self._encode(reason)}}}"
        )

    def _head(self, rule: str, verdict: str, force: str) -> str:
        text = self._heads[rule, verdict, force] = self._opened({"rule": rule, "verdict": verdict, "force": force})
        return text

    def _source(self, unit: str | None, citation: Citation, value: InForce | None) -> str:
        text = self._opened({"unit": unit, "citation": source_json(citation, value, self._translate)})[1:]
        self._sources[unit, id(citation), id(value)] = text
        return text

    def _opened(self, part: object) -> str:
        """Return an object that more fields are to follow in."""
        return f"{self._encode(part)[:-1]}, "

    def _instant(self, instant: int) -> str:
        answer = self._answer
        written = self._encode(format_instant(instant, answer.zone) if answer.has_period else None)
        self._instants[instant] = written
        return written

    def _number(self, number: float | None) -> str:
        return str(number) if type(number) is int else self._encode(plain_number(number))

    def _step(self, step: Step) -> str:
        if step.message not in self._sentences:
            self._sentences[step.message] = _sentence(self._translate(step.message))
        sentence = self._sentences[step.message]
        text = step.text(self._translate) if sentence is None else sentence.filled(step.values, self._translate)
        encoded = self._steps[id(step)] = self._encode(text)
        return encoded


class _Sentence(NamedTuple):
    """A translated message made ready to be filled in many times: ``%`` is three times as fast as ``format``."""

    pattern: str
    pick: Callable[[Mapping[str, str | int]], tuple[str | int, ...]]

    def filled(self, values: Mapping[str, str | int], translate: Translate) -> str:
        picked = self.pick(values)
        if not _WORDS.isdisjoint(map(type, picked)):
            picked = tuple(value.told(translate) if isinstance(value, Word) else value for value in picked)
        return self.pattern % picked


def _sentence(message: str) -> _Sentence | None:
    """Return a message ready to be filled in, None for one with braces of another kind."""
    names = _PLACE.findall(message)
    if re.search(r"[{}]", _PLACE.sub("", message)):
        return None
    pattern = _PLACE.sub("%s", message.replace("%", "%%"))
    if len(names) == 1:  # itemgetter of one name gives the value itself
        return _Sentence(pattern, lambda values: (values[names[0]],))
    return _Sentence(pattern, itemgetter(*names) if names else lambda values: ())
