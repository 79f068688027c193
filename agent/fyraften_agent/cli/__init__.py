"""The command line ``fyraften``: chooses the command, gives it its context, turns failures into exit codes.

The only package of the agent that prints. A command's module is imported only when that command runs (or when help
needs them all), so that ``fyraften status`` does not load a web server. Each module has
``add(commands, _)``, which registers its parsers and sets ``run="module:function"``.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import importlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import harmless
from fyraften_agent.clock import Clock, SystemClock
from fyraften_agent.errors import AgentError
from fyraften_agent.paths import default_paths
from fyraften_policy import __version__
from fyraften_policy.errors import PolicyError
from fyraften_policy.languages import LANGUAGES, Translate, choose_language, mark, translator
from fyraften_policy.sentences import reason_of, sentence
from fyraften_policy.usage import TranslatedParser

# In the order in which help lists them: first what is used every day.
COMMANDS: tuple[tuple[str, str], ...] = (
    ("run", "run"),
    ("status", "status"),
    ("today", "today"),
    ("week", "week"),
    ("month", "week"),
    ("why", "why"),
    ("notices", "notices"),
    ("page", "page"),
    ("pause", "pause"),
    ("private", "pause"),
    ("resume", "pause"),
    ("hours", "hours"),
    ("log", "log"),
    ("place", "place"),
    ("source", "source"),
    ("agreement", "agreement"),
    ("selfcheck", "selfcheck"),
    ("pulse", "pulse"),
    ("record", "record"),
    ("export", "export"),
    ("import", "bring_in"),
    ("erase", "erase"),
    ("consent", "consent"),
    ("outbox", "outbox"),
    ("sent", "sent"),
    ("check", "check"),
    ("doctor", "doctor"),
    ("demo", "demo"),
    ("install", "autostart"),
    ("uninstall", "autostart"),
)


_WITHOUT_FOLDER = {"check", "demo"}
# They leave nothing open, and have much in memory that would be given back piece by piece, a tenth of their time.
_ENDS_AT_ONCE = {"check"}


class CommandParser(TranslatedParser):
    """A parser that takes ``--json`` and ``--language`` before and after the command."""

    def __init__(self, *args: Any, translate: Translate, **kwargs: Any) -> None:
        super().__init__(*args, translate=translate, **kwargs, allow_abbrev=False)
        _ = translate
        self.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=_("answer as JSON"))
        self.add_argument(
            "--language",
            choices=LANGUAGES,
            default=argparse.SUPPRESS,
            help=_("the language of the answer (otherwise that of the system)"),
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``fyraften`` with the given arguments (those of the process by default) and return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a sign that a terminal cannot show must not end a command
    with contextlib.ExitStack() as nobody:
        out, errors = (
            stream or nobody.enter_context(open(os.devnull, "w", encoding="utf-8"))  # closed, as by `>&-`
            for stream in (sys.stdout, sys.stderr)
        )
        code = run_command(given, os.environ, SystemClock(), out, errors, sys.stdin)
    if argv is None and code == ExitCode.DONE and _ENDS_AT_ONCE.intersection(given[:1]):
        os._exit(code)
    return code


def run_command(
    given: Sequence[str], environ: Mapping[str, str], clock: Clock, out: TextIO, errors: TextIO, keyboard: TextIO
) -> int:
    """Run one command and return its exit code; every failure becomes one plain line, and nothing waits to be printed.

    What cannot be printed any more, to a full disk or a reader that has gone, is given up: the end of the interpreter
    would try again, complain, and change the exit code.
    """
    language = language_of(given, environ)
    _ = translator("fyraften_agent", language)
    try:
        try:
            code = _run(given, environ, clock, language, (out, errors, keyboard))
        except SystemExit as ending:  # argparse ends so after help, the version, and wrong usage
            code = int(ending.code or 0)
        out.flush()
    except BrokenPipeError:  # the reader of a pipe has seen enough, as in `fyraften log | head`
        code = ExitCode.DONE
    except KeyboardInterrupt:
        _say("", errors)
        code = ExitCode.INTERRUPTED
    except Exception as failure:
        if environ.get("FYRAFTEN_DEBUG") == "1":
            import traceback  # late, as every command would wait for it

            _say(traceback.format_exc().rstrip("\n"), errors)
        line, code = explain(failure, _)
        _say(f"fyraften: {line}", errors)
    for stream in (out, errors):
        _give_up_what_waits(stream)
    return code


def _run(
    given: Sequence[str],
    environ: Mapping[str, str],
    clock: Clock,
    language: str,
    streams: tuple[TextIO, TextIO, TextIO],
) -> int:
    """Run one command; ``streams`` are what it prints on, what it complains on, and the keyboard."""
    out, errors, keyboard = streams
    _ = translator("fyraften_agent", language)
    arguments = parser(given, _).parse_args(given)
    if not hasattr(arguments, "run"):
        parser((), _).print_help(out)
        return ExitCode.DONE
    words = str if arguments.json else _  # documents are for programs, and the same in every language
    has_folder = arguments.run.partition(":")[0] not in _WITHOUT_FOLDER
    paths = default_paths(environ) if has_folder else None
    if paths is not None:
        paths.check()
    context = Context(paths, clock, language, words, out, errors, keyboard, environ)
    return int(command_function(arguments.run)(arguments, context))


def _say(line: str, errors: TextIO) -> None:
    with contextlib.suppress(OSError):  # nobody hears it; the exit code still tells
        print(harmless(line), file=errors)


def _give_up_what_waits(stream: TextIO) -> None:
    """Print what still waits, else let it go nowhere."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def explain(failure: Exception, _: Translate) -> tuple[str, int]:
    """Return the line that tells a person what happened, and the exit code."""
    if isinstance(failure, AgentError):
        return failure.text(_), failure.exit_code
    if isinstance(failure, PolicyError):
        return failure.text(_), ExitCode.BAD_INPUT
    if isinstance(failure, ModuleNotFoundError):
        part = failure.name or str(failure)
        return _("The part {part} is not installed. Install fyraften[agent] again.").format(
            part=part
        ), ExitCode.PART_MISSING
    if isinstance(failure, OSError) and failure.errno in (errno.ENOSPC, errno.EDQUOT):
        full = sentence(mark("It could not be written: {reason}. Make room and try again."), reason=reason_of(failure))
        return full.text(_), ExitCode.STORAGE_FAILED
    line = _("Something unexpected happened: {failure}. Set FYRAFTEN_DEBUG=1 to see where.")
    return line.format(failure=str(failure) or type(failure).__name__), ExitCode.UNEXPECTED_FAILURE


def language_of(given: Sequence[str], environ: Mapping[str, str]) -> str:
    """Return the language to speak: ``--language``, else the one the system is set to."""
    wanted = [environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    system = next((name for name in wanted if name), "")
    chosen = ""
    for index, word in enumerate(given):
        if word == "--language" and index + 1 < len(given):
            chosen = given[index + 1]
        elif word.startswith("--language="):
            chosen = word.partition("=")[2]
    return choose_language([chosen or system])


def parser(given: Sequence[str], _: Translate) -> argparse.ArgumentParser:
    """Return the parser that can read ``given``: of one command, or of all where the command is not known."""
    top = CommandParser(
        translate=_,
        prog="fyraften",
        description=_("Screen work at home, seen by you: what was worked, and what the rules say about it."),
        epilog=_("Example: fyraften today"),
    )
    top.set_defaults(json=False, language=None)
    top.add_argument(
        "--version", action="version", version=f"fyraften {__version__}", help=_("show the version and end")
    )
    commands = top.add_subparsers(title=_("Commands"), metavar=_("command"))
    known = dict(COMMANDS)
    wanted = next((known[word] for word in given if word in known), None)
    needed = [wanted] if wanted else [] if "--version" in given else dict.fromkeys(known.values())
    for module in needed:
        importlib.import_module(f"fyraften_agent.cli.{module}").add(commands, _)
    return top


def command_function(name: str) -> Any:
    """Return the function named ``module:function`` below ``fyraften_agent.cli``."""
    module, _colon, function = name.partition(":")
    return getattr(importlib.import_module(f"fyraften_agent.cli.{module}"), function)
