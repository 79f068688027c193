"""The promises of privacy with their tests: the page ``docs/privacy.md``, and a command that runs a promise's tests.

    scripts/privacy_page.py N1 A3        runs the tests of two promises
    scripts/privacy_page.py              names all promises

The promises stand in ``tests/privacy/rows.toml``; the tests named for one in ``tests/privacy/test_n01_….py``, which
only have to be there, and those elsewhere in its row.
Not here: the tests.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "privacy"
HEADS = {
    "N": ("What Fyraften must never do", "Fyraften may never"),
    "A": ("What Fyraften must always do", "Fyraften must always"),
}


INTRODUCTION = """\
For whoever has to agree to this program or to answer for it: one sentence a row, and the tests that show it. To run
those of a row, in a copy of the source in which `make test` ran once: `.venv/bin/python scripts/privacy_page.py N1`.
A test shows that the program does so in the cases it tries; what no test shows stands beside it. What is not built
yet is marked *later*, and is not promised."""


class Promise(NamedTuple):
    """A sentence, the tests that show it as ``file::test``, what they do not show, and what is to come."""

    id: str
    sentence: str
    tests: tuple[str, ...]
    not_shown: str
    later: str


def promises() -> list[Promise]:
    """Return every promise in the order of the file; raises SystemExit where a named test does not exist."""
    with open(FOLDER / "rows.toml", "rb") as file:
        rows = tomllib.load(file)["row"]
    found = []
    for row in rows:
        tests = tuple(dict.fromkeys((*own_tests(row["id"]), *row.get("tests", ()))))  # each once
        if missing := [test for test in tests if not _exists(test)]:
            raise SystemExit(f"{row['id']} names tests that do not exist: {', '.join(missing)}")
        found.append(Promise(row["id"], row["promise"], tests, row.get("not_shown", ""), row.get("later", "")))
    return found


def own_tests(row: str) -> list[str]:
    """Return the tests of the modules that are named for a promise."""
    files = sorted(FOLDER.glob(f"test_{row[0].lower()}{int(row[1:]):02}_*.py"))
    return [f"{file.relative_to(ROOT).as_posix()}::{name}" for file in files for name in _names(file)]


def page(note: str) -> str:
    """Return docs/privacy.md."""
    lines = [
        "# What Fyraften promises, and what shows it",
        "",
        note,
        "",
        INTRODUCTION,
    ]
    found = promises()
    for kind, (head, beginning) in HEADS.items():
        lines += ["", f"## {head}", "", f"| | {beginning} … | shown by | not shown |", "|---|---|---|---|"]
        lines += [_row(promise) for promise in found if promise.id.startswith(kind)]
    return "\n".join(lines) + "\n"


def _row(promise: Promise) -> str:
    shown = "<br>".join(_in_words(test) for test in promise.tests)
    left = f"*later:* {promise.later}" if promise.later else promise.not_shown
    return f"| {promise.id} | {promise.sentence} | {shown} | {left} |"


def _in_words(test: str) -> str:
    """Return a test's name as the sentence it is, with a link to its file."""
    file, _, name = test.partition("::")
    sentence = name.removeprefix("test_").replace("_", " ")
    return f"[{sentence}](../{file})"


def _exists(test: str) -> bool:
    file, _, name = test.partition("::")
    return (ROOT / file).exists() and name in _names(ROOT / file)


def _names(file: Path) -> list[str]:
    """Return the test functions of a module, in its order."""
    body = ast.parse(file.read_text(encoding="utf-8")).body
    return [one.name for one in body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")]


def main() -> int:
    """Run the tests of the promises that are named, and return pytest's exit code; name all where none is."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("promise", nargs="*", help="N1 to N24 or A1 to A22")
    wanted = {re.sub(r"\b([NA])0+", r"\1", word.upper()) for word in options.parse_args().promise}
    found = promises()
    if unknown := wanted - {promise.id for promise in found}:
        options.error(f"there is no promise {', '.join(sorted(unknown))}; without a name all are listed")
    if not wanted:
        for promise in found:
            print(f"{promise.id:4} {HEADS[promise.id[0]][1]} {promise.sentence}: {len(promise.tests)} tests")
        return 0
    tests = [test for promise in found if promise.id in wanted for test in promise.tests]
    if not tests:
        print(f"Nothing to run: {', '.join(sorted(wanted))} is for later.")
        return 0
    return subprocess.run([sys.executable, "-m", "pytest", *dict.fromkeys(tests)], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
