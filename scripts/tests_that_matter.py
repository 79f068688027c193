"""Which tests say something about a module of the rules, told by their file.

Its file is named for the module or for one that uses it, or imports one of these, or names the id of a rule among them
or a file of law cases for one, also by a pattern (``no_*.toml``). Almost every test makes all rules of a country run;
counted in, each change would wait for thousands of tests that look elsewhere.
Not here: running them (see ``mutate.py``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

RULE_ID = re.compile(r'^\w*RULE\w* = "([\w.]+)"$', re.MULTILINE)
CASES = re.compile(r'"([\w*]+\.toml)"')


def tests_that_matter(
    module: str, sources: Mapping[str, str], tests: Mapping[str, str], cases: Mapping[str, str]
) -> list[str]:
    """Return the test files that say something about ``module``, sorted.

    Args:
        sources: source text by name of module, as far as they import one another.
        tests: source text by path of each test file.
        cases: text by name of each file of law cases.
    """
    concerned = users(module, sources)
    ids = {rule for name in concerned for rule in RULE_ID.findall(sources[name])}
    found = []
    for path, text in tests.items():
        patterns = CASES.findall(text)
        all_text = text + "".join(cases[name] for name in cases if any(fnmatch(name, one) for one in patterns))
        is_named_for_one = any(Path(path).stem.startswith(f"test_{name}") for name in concerned)
        if is_named_for_one or any(f'"{rule}"' in all_text for rule in ids) or imported(text, concerned):
            found.append(path)
    return sorted(found)


def users(module: str, sources: Mapping[str, str]) -> set[str]:
    """Return the module and those that import it, directly or through others."""
    imports = {name: imported(text, sources) for name, text in sources.items()}
    found, more = set[str](), {module}
    while more:
        found |= more
        more = {name for name, needed in imports.items() if needed & found} - found
    return found


def imported(text: str, known: Iterable[str]) -> set[str]:
    """Return the modules of ``known`` that a source text imports, from whichever package of the rules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fyraften_policy"):
            found |= {Path((node.module or "").replace(".", "/")).name, *(alias.name for alias in node.names)}
    return found & set(known)


def texts(paths: Iterable[Path], folder: Path) -> dict[str, str]:
    """Return the text of files by path below ``folder``."""
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}
