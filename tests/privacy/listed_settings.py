"""Finds, in the code itself, everything that can be set from outside: nobody has to remember to list it.

Each function returns what there is now; ``settings.toml`` says what somebody has looked at and tried.
"""

from __future__ import annotations

import argparse
import ast
import configparser
import importlib
import json
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import fyraften_agent
import fyraften_policy
from fyraften_agent.cli import parser
from fyraften_agent.consent.ledger_file import open_ledger
from fyraften_agent.paths import Paths
from fyraften_agent.sending.employer_policy import _FIELDS
from fyraften_agent.sending.enrolment import _SERVICE_FIELDS
from fyraften_agent.store.store import Store

AGENT = Path(next(iter(fyraften_agent.__path__)))
POLICY = Path(next(iter(fyraften_policy.__path__)))
_EVERYWHERE = {"-h", "--help", "--json", "--language"}
_COMPUTED = "computed in "


def leaves() -> dict[str, argparse.ArgumentParser]:
    """Return every command that can be given, by its words."""
    return dict(_commands(parser((), str), ()))


def commands() -> dict[str, list[str]]:
    """Return the options and the places for words of every command."""
    found = {}
    for words, each in leaves().items():
        actions = [action for action in each._actions if not isinstance(action, argparse._SubParsersAction)]
        names = {name for action in actions for name in (action.option_strings or [action.dest.upper()])}
        found[words] = sorted(names - _EVERYWHERE)
    return found


def _commands(each: argparse.ArgumentParser, way: tuple[str, ...]) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    if way:
        yield " ".join(way), each
    for action in each._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from _commands(below, (*way, name))


def sources() -> list[tuple[str, ast.Module]]:
    """Return every module of the agent and of the rules, by its name, as syntax."""
    return [
        (file.relative_to(root.parent).as_posix(), ast.parse(file.read_text(encoding="utf-8")))
        for root in (AGENT, POLICY)
        for file in sorted(root.rglob("*.py"))
    ]


def variables(trees: list[tuple[str, ast.Module]]) -> set[str]:
    """Return the names of all environment variables that are read; a name that is computed, by its module."""
    found = set()
    for module, tree in trees:
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=of, attr="get" | "pop" | "setdefault"), args=[name, *_]):
                    is_read = _is_environment(of)
                case ast.Subscript(value=of, slice=name, ctx=ast.Load()):
                    is_read = _is_environment(of)
                case ast.Call(func=ast.Attribute(attr="getenv") | ast.Name(id="getenv"), args=[name, *_]):
                    is_read = True
                case ast.Compare(left=name, ops=[ast.In() | ast.NotIn()], comparators=[of]):
                    is_read = _is_environment(of)
                case _:
                    continue
            if is_read:
                found.add(name.value if isinstance(name, ast.Constant) else f"{_COMPUTED}{module}")
    return found


def _is_environment(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.lstrip("_") in ("environ", "environment")


def choices(trees: list[tuple[str, ast.Module]]) -> set[str]:
    """Return the names under which choices of the employee are kept."""
    found = set()
    for module, tree in trees:
        dotted = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=of, attr="get" | "set" | "since"), args=[name, *_]) if (
                    (of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else "")
                    .lstrip("_")
                    .endswith("choices")
                ):
                    match name:
                        case ast.Constant(value=str(text)):
                            found.add(text)
                        case ast.Name(id=constant) if hasattr(importlib.import_module(dotted), constant):
                            found.add(getattr(importlib.import_module(dotted), constant))
                        case _:
                            found.add(f"{_COMPUTED}{module}")
    return found


def columns(folder: Path) -> dict[str, list[str]]:
    """Return the tables of both files with their columns."""
    paths = Paths(folder)
    paths.prepare()
    with Store.open(paths.work):
        pass
    with closing(open_ledger(paths.ledger)):
        pass
    found = {}
    for file in (paths.work, paths.ledger):
        with closing(sqlite3.connect(file)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
            for (table,) in tables:
                rows = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
                found[f"{file.stem}.{table}"] = sorted(row[1] for row in rows)
    return found


def schemas(trees: list[tuple[str, ast.Module]]) -> set[str]:
    """Return the kinds of documents the agent reads or writes, by the names written in it."""
    texts = {node.value for _, tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"fyraften\.[a-z_.]+/[0-9]+", text)}


def unit_options() -> dict[str, list[str]]:
    """Return what is set in the files with which the agent starts at log-in, section by section."""
    found = {}
    for name in ("fyraften.service", "fyraften.desktop"):
        read = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
        read.optionxform = str  # type: ignore[assignment,method-assign]  # keys are kept as they are written
        read.read_string((AGENT / name).read_text(encoding="utf-8"))
        for section in read.sections():
            found[f"{name} {section}"] = sorted(read[section])
    return found


def _print_all() -> None:
    """Print what there is in the form of ``settings.toml``; the values to try are somebody's own."""
    trees = sources()
    with tempfile.TemporaryDirectory() as folder:
        tables: list[tuple[str, object]] = [
            ("commands", commands()),
            ("environment variables", sorted(variables(trees))),
            ("choices", sorted(choices(trees))),
            ("documents schemas", sorted(schemas(trees))),
            ("documents service", sorted(_SERVICE_FIELDS)),
            ("documents policy", sorted(_FIELDS)),
            ("start", unit_options()),
            ("tables", columns(Path(folder) / "fyraften")),
        ]
    for name, found in tables:
        print(f"\n[{name}]")
        rows = sorted(found.items()) if isinstance(found, dict) else [(name, found)]
        for key, value in rows:
            print(f"{json.dumps(key)} = {json.dumps(value)}")


if __name__ == "__main__":
    _print_all()
