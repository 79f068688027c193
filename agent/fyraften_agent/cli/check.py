"""``fyraften check``: try the rules on facts in a file, without the agent. Needs no consent: nothing is recorded."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any, TextIO

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import width
from fyraften_agent.errors import InputError
from fyraften_agent.public_holidays import with_public_holidays
from fyraften_policy.check import Result, check_document, check_lines
from fyraften_policy.languages import Translate, mark
from fyraften_policy.sentences import reason_of

_OBJECTS_BETWEEN_LOOKS = 200_000
_LINES = (".jsonl", ".ndjson")


def add(commands: Any, _: Translate) -> None:
    """Register ``check``."""
    check = commands.add_parser(
        "check",
        help=_("try the rules on facts in a file"),
        description=_("Judges facts from a file and answers one JSON object a line. Exit code 2: some input was bad."),
        epilog=_(
            "Examples:\n  fyraften check facts.json\n  fyraften check --explain facts.json\n"
            "  fyraften check - < facts.jsonl"
        ),
    )
    check.add_argument(
        "file",
        metavar=_("FILE"),
        help=_("one JSON document; with the ending .jsonl or .ndjson, or -, one document a line"),
    )
    check.add_argument(
        "--explain",
        action="store_true",
        help=_("text for people: every finding step by step, the rules to look at first"),
    )
    check.set_defaults(run="check:check")


def check(arguments: argparse.Namespace, context: Context) -> int:
    """Answer every document, in order; a bad one answers with its error and the run goes on."""
    # Nothing here refers to itself in a circle, so looking for that would find nothing, each time at some cost.
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    code = ExitCode.DONE
    has_lines = _has_lines(arguments.file)
    for number, result in enumerate(_results(arguments.file, context), 1):
        if arguments.explain and not arguments.json:
            _explain(result, number if has_lines else None, context)
        else:
            _write(result, context.out)
        code = code if result.judged else ExitCode.BAD_INPUT
    return code


def _explain(result: Result, number: int | None, context: Context) -> None:
    """Print an answer as text, below the document's id, or below its number where there are several."""
    from fyraften_agent.shown import explaining  # late: the answer as JSON needs none of its words

    told = result.error.get("id") if result.evaluated is None else result.evaluated.id
    name = number if told is None else told
    lines = [] if name is None else explaining.heading_of(name, context._)
    if result.evaluated is None:
        lines += explaining.explained_error(result.error["error"], context._)
    else:
        lines += explaining.explained_answer(result.evaluated, context._, context.policy_words, width())
    for line in lines:
        context.print(line)
    context.out.flush()


def _write(result: Result, out: TextIO) -> None:
    """Write an answer as one line of JSON."""
    for number, piece in enumerate(result.pieces()):
        # Only the first piece holds words of the document; the others are ours, and fit into UTF-8.
        fits = number > 0 and out.encoding == "utf-8"
        out.write(piece if fits else _that_fits(piece, out.encoding))
    print(file=out, flush=True)


def _that_fits(piece: str, encoding: str | None) -> str:
    """Return a piece of JSON that every reader can read: UTF-8, and plain ASCII where the output is anything else."""
    try:
        piece.encode(encoding if encoding == "utf-8" else "ascii")
    except UnicodeEncodeError:
        return "".join(sign if sign.isascii() else json.dumps(sign)[1:-1] for sign in piece)
    return piece


def _results(name: str, context: Context) -> Iterator[Result]:
    try:
        with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
            if _has_lines(name):
                yield from check_lines(_lines(stream), with_public_holidays, context.policy_words)
            else:
                yield check_document(_text(stream.read()), with_public_holidays, context.policy_words)
    except OSError as problem:
        words = mark("{file} cannot be read: {problem}. Check the name and your rights to it.")
        raise InputError(words, file=name, problem=reason_of(problem)) from problem


def _has_lines(name: str) -> bool:
    return name == "-" or name.lower().endswith(_LINES)


def _lines(stream: IO[bytes]) -> Iterator[str]:
    for line in stream:
        yield _text(line)


def _text(content: bytes) -> str:
    # Bytes that are no UTF-8 are kept as they are: the policy library says so in the document's own answer.
    return content.decode("utf-8-sig", errors="surrogateescape")
