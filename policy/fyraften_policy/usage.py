"""A parser of command lines that speaks the languages: for the command lines of the agent and of the service.

``argparse`` puts its English together before anybody can translate it, so what it says about wrong usage is recognised
here, with their values; one that a later Python words otherwise stays in English.
Not here: any command, and reading what was given.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable
from functools import partial
from typing import Any, NoReturn

from fyraften_policy.languages import Translate, mark
from fyraften_policy.sentences import Sentence, sentence

_PROBLEMS: tuple[tuple[str, str], ...] = (
    (r"argument (?P<argument>\S.*?): (?P<problem>.+)", mark("argument {argument}: {problem}")),
    (r"unrecognized arguments: (?P<words>.+)", mark("there is nothing called {words} here")),
    (r"the following arguments are required: (?P<words>.+)", mark("still to give: {words}")),
    (r"one of the arguments (?P<words>.+) is required", mark("one of these is to be given: {words}")),
    (r"not allowed with argument (?P<argument>.+)", mark("it does not go together with {argument}")),
    (r"expected one argument", mark("a value belongs to it")),
    (r"expected at least one argument", mark("at least one value belongs to it")),
    (r"expected at most one argument", mark("at most one value belongs to it")),
    (r"expected (?P<count>\d+) arguments?", mark("this many values belong to it: {count}")),
    (
        r"invalid choice: (?P<value>.+?) \(choose from (?P<words>.+)\)",
        mark("{value} is none of these: {words}"),
    ),
    (r"invalid int value: (?P<value>.+)", mark("{value} is not a whole number")),
    (r"invalid \w+ value: (?P<value>.+)", mark("{value} cannot be read")),
    (r"ignored explicit argument (?P<value>.+)", mark("no value belongs to it, and {value} was given")),
)


def usage_problem(message: str) -> Sentence:
    """Return what ``argparse`` says is wrong, as a sentence that can be translated."""
    for pattern, words in _PROBLEMS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            values: dict[str, object] = dict(found.groupdict())
            if "problem" in values and found["argument"].startswith("{"):
                return usage_problem(found["problem"])  # its choices, which the problem names, are all the name it has
            if "problem" in values:
                values["problem"] = usage_problem(found["problem"])
            return sentence(words, **values)
    return Sentence(message)


def _width() -> int:
    """Return how wide help is written, as ``argparse`` does by ``shutil``, which takes as long to load as all of it."""
    try:
        columns = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        columns = 0
    if columns <= 0:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]  # AttributeError
        except (AttributeError, ValueError, OSError):
            columns = 0
    return (columns or 80) - 2


class UsageFormatter(argparse.RawDescriptionHelpFormatter):
    """Writes help whose first word, ``usage:``, is translated."""

    def __init__(self, *args: Any, translate: Translate, **kwargs: Any) -> None:
        kwargs.setdefault("width", _width())
        super().__init__(*args, **kwargs)
        self._translate = translate

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Add the lines that show how the command is written."""
        super().add_usage(usage, actions, groups, self._translate(mark("usage: ")) if prefix is None else prefix)


class TranslatedParser(argparse.ArgumentParser):
    """A parser whose headings, help and complaints are translated, and those of its commands."""

    def __init__(self, *args: Any, translate: Translate, **kwargs: Any) -> None:
        _ = self._translate = translate
        kwargs.setdefault("formatter_class", partial(UsageFormatter, translate=translate))
        kwargs["add_help"] = False
        super().__init__(*args, **kwargs)
        self._positionals.title = _("What to give")
        self._optionals.title = _("Options")
        self.add_argument("-h", "--help", action="help", help=_("show this help and end"))

    def add_argument(self, *names: Any, **kwargs: Any) -> argparse.Action:
        """Add an argument; one without a name of its own is called by its choices in complaints, as in the usage."""
        action = super().add_argument(*names, **kwargs)
        if not action.option_strings and action.choices is not None and action.metavar is None:
            action.metavar = "{" + ",".join(map(str, action.choices)) + "}"
        return action

    def add_subparsers(self, **kwargs: Any) -> Any:
        """Return the object to register commands with; they get this class and language too."""
        if not self._get_positional_actions():  # else argparse puts the name together from them
            kwargs.setdefault("prog", self.prog)
        kwargs["parser_class"] = partial(type(self), translate=self._translate)
        return super().add_subparsers(**kwargs)

    def error(self, message: str) -> NoReturn:
        """Say how the command is written and what is wrong, and end with code 2."""
        self.print_usage(sys.stderr)
        line = sentence(
            mark("{program}: {problem}. For help: {program} --help"), program=self.prog, problem=usage_problem(message)
        )
        self.exit(2, f"{line.text(self._translate)}\n")
