"""``fyraften demo``: nine weeks of a made-up person, replayed through the real program, in a throw-away folder.

Needs no display, no consent and no network.  Before anything of the demonstration is imported, everything that could
sense a real person is refused to this process.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.errors import InputError
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date, parse_date
from fyraften_policy.sentences import reason_of

if TYPE_CHECKING:
    from fyraften_agent.demo.demonstration import Outcome, PlayedWeek

LEDGER_EXPORT = "consent-ledger.json"
_HANG_UP = (signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()


def add(commands: Any, _: Translate) -> None:
    """Register ``demo``."""
    demo = commands.add_parser(
        "demo",
        help=_("nine weeks of a made-up person, in about a minute"),
        description=_(
            "Replays nine weeks of a made-up person through the real program, with a simulated clock and keyboard, and "
            "shows what the rules say, what was sent and what the employer sees. Nothing of yours is seen or sent."
        ),
        epilog=_("Examples:\n  fyraften demo\n  fyraften demo --keep /tmp/fyraften-demo"),
    )
    demo.add_argument("--keep", metavar=_("FOLDER"), help=_("keep the throw-away folder, here"))
    demo.add_argument(
        "--until", metavar=_("DATE"), help=_("the nine weeks that end on the last Sunday before this date, or today")
    )
    demo.set_defaults(run="demo:demo")


def demo(arguments: argparse.Namespace, context: Context) -> int:
    """Play the demonstration and show what came of it."""
    from fyraften_agent.demo.guard import refuse_real_sensors

    refuse_real_sensors()
    until = _until(arguments.until, local_date(context.clock.now(), context.clock.zone()))
    from fyraften_agent.demo.demonstration import Voices, demonstrate, weeks_before
    from fyraften_agent.demo.telling import closing_lines, document_of, opening_lines, week_lines

    _ = context._
    progress = context.errors if arguments.json else context.out

    def say(line: str) -> None:
        print(line, file=progress, flush=True)

    played: list[PlayedWeek] = []

    def each_week(week: PlayedWeek) -> None:
        for line in week_lines(week, played, _):
            say(line)
        played.append(week)

    for line in opening_lines(_):
        say(line)
    with _ended_orderly(), _folder(arguments.keep, context) as folder:
        outcome = demonstrate(folder, weeks_before(until), Voices(context.language, _, say, each_week))
        of_the_story = context.at(outcome.paths, outcome.clock)
        say("")
        context.show(arguments, document_of(outcome, of_the_story), closing_lines(outcome, of_the_story))
        if arguments.keep:
            _write_ledger(folder, outcome)
            say(_kept_line(folder, outcome, context))
        else:
            say(_("The throw-away folder {folder} is removed.").format(folder=folder))
    return ExitCode.DONE if outcome.service.trouble is None else ExitCode.SERVICE_FAILED


def _until(wanted: str | None, today: date) -> date:
    """Return the date before which the nine weeks end: not later than today, for nobody reports a week to come."""
    if wanted is None:
        return today
    until = parse_date(wanted)
    if until > today:
        raise InputError(mark("{date} is still to come. Name a date up to today, {today}."), date=until, today=today)
    return until


@contextmanager
def _ended_orderly() -> Iterator[None]:
    """Let a request to end be answered as Ctrl-C is, so that the service ends and the folder goes, too."""
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGTERM, *_HANG_UP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


@contextmanager
def _folder(wanted: str | None, context: Context) -> Iterator[Path]:
    """Give an empty folder: a throw-away one, or the one to keep."""
    if wanted is not None:
        yield _folder_to_keep(Path(os.path.abspath(os.path.expanduser(wanted))), context)
        return
    folder = Path(tempfile.mkdtemp(prefix="fyraften-demo-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder_to_keep(folder: Path, context: Context) -> Path:
    """Return the folder, made if need be; never one with anything in it, and never a person's own."""
    own = context.paths.folder.resolve()
    if folder.resolve() == own or own in folder.resolve().parents:
        message = context._("{folder} is the place for your own records; a demonstration is never kept there.")
        raise InputError(message.format(folder=folder))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(context._("{folder} is not empty. Name a folder that is new or empty.").format(folder=folder))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as problem:
        raise InputError(mark("{folder} cannot be made: {reason}."), folder=folder, reason=reason_of(problem)) from None
    return folder


def _write_ledger(folder: Path, outcome: Outcome) -> None:
    """Export the consent ledger, which was in memory, for reading; no program takes it for a ledger."""
    text = json.dumps(list(outcome.events), indent=2, ensure_ascii=False)
    (folder / LEDGER_EXPORT).write_text(f"{text}\n", encoding="utf-8")


def _kept_line(folder: Path, outcome: Outcome, context: Context) -> str:
    line = context._(
        "Everything is kept in {folder}. To look around in the records: FYRAFTEN_HOME={laptop} fyraften log. "
        "What the made-up person agreed to: {ledger}"
    )
    return line.format(folder=folder, laptop=outcome.paths.folder, ledger=folder / LEDGER_EXPORT)
