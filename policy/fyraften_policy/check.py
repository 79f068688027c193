"""``fyraften check``: documents in, answers out, one at a time.

Pure: takes lines of text and yields answers; memory does not grow with the number of lines.
Not here: files, arguments and printing (the command line).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from fyraften_policy.answer_text import answer_pieces
from fyraften_policy.errors import FactsError
from fyraften_policy.evaluate import Answer, evaluate
from fyraften_policy.facts import read_facts
from fyraften_policy.languages import Translate, mark
from fyraften_policy.sentences import Sentence

Document = dict[str, Any]
Complete = Callable[[Document], Document]


# What the standard library's reader of JSON says, in the middle of a sentence: named here to be translated.
JSON_PROBLEMS = (
    mark("Expecting value"),
    mark("Expecting ',' delimiter"),
    mark("Expecting ':' delimiter"),
    mark("Expecting property name enclosed in double quotes"),
    mark("Illegal trailing comma before end of array"),
    mark("Illegal trailing comma before end of object"),
    mark("Extra data"),
    mark("Unterminated string starting at"),
    mark("Invalid control character at"),
    mark("Invalid \\escape"),
    mark("Invalid \\uXXXX escape"),
)


class Result(NamedTuple):
    """The answer to one document: what was evaluated, or the error of a document that could not be judged."""

    translate: Translate
    evaluated: Answer | None
    error: Mapping[str, Any]

    @property
    def judged(self) -> bool:
        """Tell whether the document could be judged."""
        return self.evaluated is not None

    @property
    def answer(self) -> Mapping[str, Any]:
        """Return the answer as a document."""
        return self.error if self.evaluated is None else self.evaluated.as_json(self.translate)

    def pieces(self) -> Iterator[str]:
        """Yield the answer as one line of JSON, piece by piece: that of ten years is long."""
        if self.evaluated is None:
            yield json.dumps(self.error, ensure_ascii=False)
        else:
            yield from answer_pieces(self.evaluated, self.translate)


def check_document(text: str, complete: Complete, translate: Translate) -> Result:
    """Return the answer to one JSON document.

    Args:
        complete: adds what a document may leave out and policy does not know, such as public holidays.
    """
    return _check(text, complete, translate, line=None if "\n" in text.strip() else 1)


def check_lines(lines: Iterable[str], complete: Complete, translate: Translate) -> Iterator[Result]:
    """Yield the answer to each line of JSON Lines, in order; empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _check(line, complete, translate, line=number)


def _check(text: str, complete: Complete, translate: Translate, line: int | None) -> Result:
    document: object = None
    try:
        document = _parse(text, line)
        facts = read_facts(complete(document) if isinstance(document, dict) else document)
        return Result(translate, evaluate(facts), {})
    except FactsError as problem:
        error = {**problem.as_json(translate), "line": line if problem.line is None else problem.line}
        name = document.get("id") if isinstance(document, Mapping) else None
        return Result(translate, None, {"id": name if isinstance(name, str | int) else None, "error": error})


def _parse(text: str, line: int | None) -> object:
    _refuse_other_encodings(text)
    try:
        return json.loads(
            text, parse_float=_exact, parse_constant=_refuse_constant, object_pairs_hook=_refuse_duplicates
        )
    except json.JSONDecodeError as problem:
        where = problem.lineno if line is None else line
        raise FactsError(
            "",
            mark("This is not JSON: {reason} at column {column}."),
            mark("Correct the text there."),
            where,
            reason=Sentence(problem.msg),
            column=problem.colno,
        ) from None
    except RecursionError:
        raise FactsError("", mark("The document is nested too deeply."), mark("Use the facts format."), line) from None
    except ValueError as problem:  # a whole number with thousands of digits
        raise FactsError(
            "", mark("This cannot be read: {problem}."), mark("Correct the number."), line, problem=problem
        ) from None


def _refuse_other_encodings(text: str) -> None:
    """Raise if the text holds bytes that were no UTF-8, which the reader kept by ``surrogateescape``."""
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        before = text[max(0, problem.start - 20) : problem.start]
        message, remedy = mark("This is not UTF-8: see after {before!r}."), mark("Save the text as UTF-8.")
        raise FactsError("", message, remedy, before=before) from None


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        message = mark("{number} is beyond any number we can hold.")
        raise FactsError("", message, mark("Correct the number."), number=text[:40]) from None


def _refuse_constant(name: str) -> object:
    raise FactsError("", mark("{name} is not a number of JSON."), mark("Write a finite number."), name=name)


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> Document:
    document = dict(pairs)
    if len(document) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FactsError(twice, mark("The field is given twice."), mark("Keep one of them."))
    return document
