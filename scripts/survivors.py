"""Changes of the rules that no test can notice: how each is named, the list of them, and what a run says about it.

A change is named by its module, its function, and the line before and after: it keeps its name when lines move. Where
one function has the same line twice, the second carries the number 2.
Reads the lists in ``tests/policy/mutants``. Not here: how the rules are changed and tested (see ``mutate.py``).
"""

from __future__ import annotations

import ast
import io
import json
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

CLASS_SEPARATOR = "ǁ"
# Functions that mark a sentence for people: its words are held by other tests, in three languages.
MARKS_A_TEXT = ("mark", "_")


class Mutant(NamedTuple):
    """One small change of a function: the lines it takes away and those it puts there, without indentation."""

    module: str
    function: str
    before: str
    after: str
    number: int = 1

    def as_toml(self, reason: str = "") -> str:
        """Return the entry for the list."""
        rows = {"function": self.function, "before": self.before, "after": self.after}
        number = {} if self.number == 1 else {"number": self.number}
        # A TOML basic string reads the escapes that JSON writes.
        pairs = {**rows, **number, "reason": reason}.items()
        return "\n".join(["[[mutant]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in pairs)])


class Comparison(NamedTuple):
    """What a run and the list disagree on."""

    not_listed: tuple[Mutant, ...]
    listed_in_vain: tuple[Mutant, ...]

    @property
    def agree(self) -> bool:
        """Whether there is nothing."""
        return not self.not_listed and not self.listed_in_vain


def named(module: str, diffs: Mapping[str, str]) -> dict[str, Mutant]:
    """Return the mutants of the unified diffs of one module, by the tool's name and in the order of its numbers."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = {}
    for name in sorted(diffs, key=_by_number):
        key = (function_of(name), *lines_of(diffs[name]))
        seen[key] += 1
        found[name] = Mutant(module, *key, number=seen[key])
    return found


def function_of(name: str) -> str:
    """Return the function the tool means: ``rules.pauses.x_judge__mutmut_3`` is in ``judge``."""
    function, _, number = name.rpartition(".")[2].rpartition("__mutmut_")
    if not number.isdigit():
        raise ValueError(f"{name} is no name of a mutant: it does not end with a number.")
    if CLASS_SEPARATOR in function:
        return ".".join(function.split(CLASS_SEPARATOR)[1:])
    return function.removeprefix("x_")


def lines_of(diff: str) -> tuple[str, str]:
    """Return what a unified diff takes away and what it puts there, each on one line."""
    body = _texts_held(diff.partition("@@")[2].splitlines()[1:])
    before, after = (" ".join(line[1:].strip() for line in body if line.startswith(sign)) for sign in "-+")
    if before == after:
        raise ValueError(f"This diff shows no change:\n{diff}")
    return before, after


def read_list(path: Path) -> dict[Mutant, str]:
    """Return the reason by mutant of the list of one module; a module without a file has none.

    Raises:
        ValueError: an entry is there twice, or has no reason.
    """
    if not path.exists():
        return {}
    found: dict[Mutant, str] = {}
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]:
        reason = entry.pop("reason").strip()
        mutant = Mutant(path.stem, **entry)
        if mutant in found:
            raise ValueError(f"{path.name} lists this twice: {mutant.before}  →  {mutant.after}")
        if not reason:
            raise ValueError(f"{path.name} gives no reason for {mutant.before}  →  {mutant.after}")
        found[mutant] = reason
    return found


def compare(survived: Iterable[Mutant], listed: Iterable[Mutant]) -> Comparison:
    """Say which survivors are not listed, and which of the list did not survive."""
    here, there = set(survived), set(listed)
    return Comparison(tuple(sorted(here - there)), tuple(sorted(there - here)))


def no_longer_there(mutant: Mutant, source: str) -> str | None:
    """Say what of a listed mutant its module's source does not have, so that a list cannot outlive the code."""
    function = _functions(ast.parse(source)).get(mutant.function)
    if function is None:
        return f"there is no function {mutant.function}"
    lines = source.splitlines()[function.lineno - 1 : function.end_lineno]
    text = " ".join(line.strip() for line in lines)
    return None if text.count(mutant.before) >= mutant.number else f"no line reads {mutant.before}"


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """Return the functions and methods of a module by name, methods as ``Class.method``."""
    found = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        found |= {f"{kind.name}.{node.name}": node for node in kind.body if isinstance(node, ast.FunctionDef)}
    return found


def _texts_held(lines: list[str]) -> list[str]:
    """Undo :func:`texts_left_alone`: no code line has triple quotes otherwise."""
    return [line.replace('"""', '"') for line in lines]


def texts_left_alone(source: str) -> str:
    """Return the source with the sentences for people in triple quotes, in which the tool changes nothing."""
    lines = source.splitlines(keepends=True)
    for token in reversed(list(_texts(source))):
        (row, start), (_, end) = token.start, token.end
        lines[row - 1] = lines[row - 1][:start] + f'""{token.string}""' + lines[row - 1][end:]
    return "".join(lines)


def _texts(source: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the plain strings in double quotes that stand alone in ``mark(...)``."""
    opening = [(tokenize.NAME, name) for name in MARKS_A_TEXT]
    in_text, before = False, (tokenize.NEWLINE, "")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in (tokenize.NL, tokenize.COMMENT):
            continue
        if token.type == tokenize.STRING and in_text:
            # The last character must not run into the closing quotes.
            if token.string.startswith('"') and not token.string.startswith('"""') and token.string[-2] not in '\\"':
                yield token
            continue
        in_text = token.string == "(" and before in opening
        before = (token.type, token.string)


def _by_number(name: str) -> tuple[str, int]:
    function, _, number = name.rpartition("__mutmut_")
    return function, int(number)
