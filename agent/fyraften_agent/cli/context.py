"""What a command is given: where things are, what time it is, in which language to speak, and where to print.

Every command is ``def command(arguments: argparse.Namespace, context: Context) -> int``. Commands print through
:meth:`Context.show`, so that ``--json`` and the text always come from the same place.
Not here: how times and lengths are written (see ``show.py``).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TextIO

from fyraften_agent.cli.show import fold, harmless, harmless_json
from fyraften_agent.clock import Clock
from fyraften_agent.paths import Paths, default_paths
from fyraften_policy.languages import Translate, translator


class Context:
    """The outside world of one command.

    Attributes:
        language: the language chosen, ``da``, ``nb`` or ``en``.
        _: translates a sentence into it.
        out: where the answer goes; complaints go to ``errors``.
    """

    def __init__(
        self,
        paths: Paths | None,
        clock: Clock,
        language: str,
        _: Translate,
        out: TextIO,
        errors: TextIO,
        keyboard: TextIO,
        environ: Mapping[str, str],
    ) -> None:
        self._paths, self.clock = paths, clock
        self.language, self._ = language, _
        self.out, self.errors, self.keyboard = out, errors, keyboard
        self.environ = environ

    @cached_property
    def paths(self) -> Paths:
        """Return where the files are: those given, else the person's own."""
        return self._paths or default_paths(self.environ)

    def at(self, paths: Paths, clock: Clock) -> Context:
        """Return the same context with other files and another time."""
        return Context(paths, clock, self.language, self._, self.out, self.errors, self.keyboard, self.environ)

    @cached_property
    def policy_words(self) -> Translate:
        """Return the function that translates the sentences of the policy library: the steps of findings."""
        return translator("fyraften_policy", self.language)

    def show(self, arguments: argparse.Namespace, document: object, lines: Iterable[str]) -> None:
        """Print ``document`` as JSON if ``--json`` was asked for, else the lines. Say the same in both."""
        if arguments.json:
            plain = (self.out.encoding or "").lower().replace("-", "") != "utf8"
            print(harmless_json(json.dumps(document, indent=2, ensure_ascii=plain)), file=self.out)
        else:
            for line in lines:
                self.print(line)

    def print(self, line: str = "") -> None:
        """Print one line of the answer; at a terminal it is folded to what fits."""
        for part in fold(line) if self.out.isatty() else [line]:
            print(harmless(part), file=self.out)

    def complain(self, line: str) -> None:
        """Print one line that is no part of the answer."""
        print(f"fyraften: {harmless(line)}", file=self.errors)

    def at_a_terminal(self) -> bool:
        """Say whether a person can be asked: both what is read and what is printed is a terminal."""
        return self.keyboard.isatty() and self.out.isatty()
