"""Change the rules one small thing at a time, and see whether the tests notice (part of ``make prove``).

Every change is made in a copy of the policy package outside the repository; the tests of ``tests/policy`` run against
that copy. A change that no test notices is printed with its place: a test is missing, or the line is not needed.
Not here: changes of names, texts and types, which other checks see.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "policy" / "fyraften_policy"
MODULES = ("intervals.py", "periods.py", "unknowns.py", "forecast.py", "evaluate.py", "rules/*.py")
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Change:
    """One small change: the module as it would read, and where and how it differs."""

    path: Path
    line: int
    before: str
    after: str
    source: str


def changed_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every variant of one node."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            new.ops = [COMPARISONS[type(operator)]()]
            yield new
        case ast.BinOp(op=operator) if type(operator) in ARITHMETIC and not _is_text(new):
            new.op = ARITHMETIC[type(operator)]()
            yield new
        case ast.BoolOp(op=operator):
            new.op = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield new
        case ast.UnaryOp(op=ast.Not()):
            yield new.operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            new.func = ast.Name(CALLS[name], ast.Load())
            yield new
        case ast.If(orelse=[]):
            new.test = ast.Constant(False)
            yield new


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(side, ast.JoinedStr) or _is_string(side) for side in (node.left, node.right))


def _is_string(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def changes(path: Path) -> Iterator[Change]:
    """Yield every change of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for parent in ast.walk(tree):
        if isinstance(parent, ast.arg | ast.AnnAssign):
            continue  # annotations
        for name, value in list(ast.iter_fields(parent)):
            for index, node in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(node, ast.AST):
                    continue
                for new in changed_nodes(node):
                    _put(parent, name, index, new)
                    source = ast.unparse(ast.fix_missing_locations(tree))
                    _put(parent, name, index, node)
                    yield Change(path, getattr(node, "lineno", 0), _one_line(node), _one_line(new), source)


def _put(parent: ast.AST, name: str, index: int, node: ast.AST) -> None:
    value = getattr(parent, name)
    if isinstance(value, list):
        value[index] = node
    else:
        setattr(parent, name, node)


def _one_line(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).splitlines()[0]


def tests_notice(folder: Path) -> bool:
    """Say whether the tests of the rules fail with the package in ``folder``."""
    environ = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--timeout=60", "tests/policy"]
    try:
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=180)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def main() -> int:
    """Try the changes, print those that nobody noticed, and end with 1 if they are more than allowed."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sample", type=int, default=0, help="try only so many, drawn by chance")
    options.add_argument("--seed", type=int, default=0, help="which sample")
    options.add_argument("--noticed", type=float, default=0.7, help="end with 1 below this share")
    chosen = options.parse_args()
    found = [change for pattern in MODULES for path in sorted(PACKAGE.glob(pattern)) for change in changes(path)]
    if chosen.sample:
        found = random.Random(chosen.seed).sample(found, min(chosen.sample, len(found)))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "fyraften_policy"
        shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__"))
        if tests_notice(Path(folder)):
            print("The tests of the rules fail as they are: nothing can be shown by changing the rules.")
            return 1
        noticed = 0
        for change in found:
            file = target / change.path.relative_to(PACKAGE)
            original = file.read_bytes()
            file.write_text(change.source, encoding="utf-8")
            if tests_notice(Path(folder)):
                noticed += 1
            else:
                place = f"{change.path.relative_to(ROOT)}:{change.line}"
                print(f"not noticed: {place}: {change.before}  →  {change.after}", flush=True)
            file.write_bytes(original)
    share = noticed / len(found)
    print(f"{noticed} of {len(found)} changes noticed ({share:.0%}; at least {chosen.noticed:.0%} wanted)")
    return 0 if share >= chosen.noticed else 1


if __name__ == "__main__":
    raise SystemExit(main())
