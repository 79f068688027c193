"""``fyraften doctor --privacy``: what is certain here of what is recorded and sent, by what, and how that is known.

What the kernel enforces is not believed but tried: two processes confine themselves as the collector and the sender do,
and try to do what they may not. What rests on the code alone is said to, with the test that shows it.
Not here: what is enforced (``sandbox``), its sentences (``sandbox.words``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import bullets, section, width
from fyraften_agent.errors import AgentError
from fyraften_agent.recording.state import OFF, RecordingState, look_at_recording
from fyraften_agent.sandbox.notes import read_report
from fyraften_agent.sandbox.sandbox import GUARDS, Kernel, Report
from fyraften_agent.sandbox.words import HEADINGS, PROMISES, why_lacking
from fyraften_policy.languages import Translate, mark

KERNEL, CODE, NOT_HERE, BROKEN = "kernel", "code", "not_enforced", "broken"
_MARKS = {KERNEL: "✓", CODE: "·", NOT_HERE: "!", BROKEN: "✗"}
_SECONDS = 30
_TRIED = mark("the system's kernel allows nothing else: tried just now, and refused")
_COULD = mark("the kernel was told to enforce it, and it could be done all the same: such a process does nothing here")
_SHOWN = mark("Fyraften's own code sees to it; shown by {test}")
_OWN_CODE = mark("By Fyraften's own code")

# What no kernel could decide: by name, the sentence, and the test that shows it.
_BY_CODE = (
    (
        "host",
        mark("Which computer it connects to is decided by your signed consent: the service you agreed to, no other."),
        "tests/e2e/test_leaving_egress.py",
    ),
    (
        "bytes",
        mark("What leaves are the bytes that you were shown in the outbox, and nothing without your approval."),
        "tests/e2e/test_leaving_path.py",
    ),
    (
        "page",
        mark("The page in your browser answers only this computer, and only you."),
        "tests/e2e/test_page_attacks.py",
    ),
)
_INPUT_TEST = "tests/e2e/test_desktop_agent.py"
_LISTENS = mark(
    "On this display every program could see every key. Fyraften does not look at keys: it notes when the latest input "
    "came. It does not; that it cannot would not be true. The stricter choice is told seconds and no events: fyraften "
    "source counter"
)
_COUNTS = mark("It is told how many seconds ago the latest input was, and never a key, a button or a place.")
LIMITS = (
    mark(
        "The process that records may talk to the programs of your desktop (display and session bus): without them it "
        "would see no input and could show no notice. A program there that has the network, a camera or your keyring "
        "could be asked to use it, and one could be started to which no limit holds. Fyraften does not ask."
    ),
    mark(
        "The process that records could read the keys that sign, because they lie in Fyraften's own folder. It uses "
        "them to check the consent ledger and to make places unrecognisable, and signs nothing."
    ),
    mark(
        "Another program of your account that puts a hard link to the records into the folder of the keys opens them "
        "to the process that sends."
    ),
    mark(
        "The supervisor, the page, and the commands that you write yourself (fyraften outbox send is one) are not "
        "confined by the kernel."
    ),
)


class Guarantee(NamedTuple):
    """One sentence, and by what it holds; ``how``: how that is known."""

    name: str
    by: str
    text: str
    how: str


def privacy(arguments: argparse.Namespace, context: Context) -> int:
    """Try and tell what is certain here; exit code 8 where the kernel does not do what it was told."""
    _ = context._
    tried = {process: _try_as(process, context) for process in GUARDS}
    try:
        state = look_at_recording(context.paths, context.clock)
    except AgentError:
        state = RecordingState(OFF)
    rows = [*_by_kernel(tried, _), *_by_code(state, context, _)]
    document = {
        "guarantees": [row._asdict() for row in rows],
        "kernel": _kernel(tried)._asdict(),
        "running": dict(state.sandbox),
        "limits": list(LIMITS),
    }
    lines = [*_table(rows, _), "", _running(state, _)]
    lines += section(_("What no program can promise"), bullets(_(limit) for limit in LIMITS), "")
    context.show(arguments, document, lines)
    return ExitCode.PART_MISSING if any(row.by == BROKEN for row in rows) else ExitCode.DONE


def _table(rows: Sequence[Guarantee], _: Translate) -> Iterator[str]:
    """Yield the rows under the process they are about, or under the code."""
    for name, heading in (*HEADINGS.items(), ("", _OWN_CODE)):
        yield from ["", _(heading)]
        for row in rows:
            if row.name.partition(".")[0] == name or (not name and "." not in row.name):
                yield from textwrap.wrap(
                    f"{row.text} ({row.how})", width(), initial_indent=f"  {_MARKS[row.by]} ", subsequent_indent="    "
                )


def _try_as(process: str, context: Context) -> Report | str:
    """Let a process confine itself and try; return its report, or the guard that did not hold."""
    command = [sys.executable, "-P", "-m", "fyraften_agent.sandbox.sandbox", process]
    environ = {**os.environ, **context.environ, "FYRAFTEN_HOME": str(context.paths.folder)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=_SECONDS, check=False)
    report = read_report(done.stdout)
    if report is not None:
        return report
    try:
        return str(json.loads(done.stdout)["open"])
    except (ValueError, KeyError, TypeError):
        return next(iter(GUARDS[process]))  # it has not even confined itself


def _kernel(tried: dict[str, Report | str]) -> Kernel:
    reports = [report.kernel for report in tried.values() if isinstance(report, Report)]
    return min(reports, default=Kernel(0, False))


def _by_kernel(tried: dict[str, Report | str], _: Translate) -> Iterator[Guarantee]:
    for (process, guard), promise in PROMISES.items():
        report, name = tried[process], f"{process}.{guard}"
        if isinstance(report, str):
            if report == guard:
                yield Guarantee(name, BROKEN, _(promise), _(_COULD))
        elif guard in report.held:
            yield Guarantee(name, KERNEL, _(promise), _(_TRIED))
        else:
            how = _("only Fyraften's own code sees to it here: {why}").format(why=why_lacking(report, _))
            yield Guarantee(name, NOT_HERE, _(promise), how)


def _by_code(state: RecordingState, context: Context, _: Translate) -> Iterator[Guarantee]:
    for name, text, test in _BY_CODE:
        yield Guarantee(name, CODE, _(text), _(_SHOWN).format(test=test))
    listens = state.source in (None, "pynput") and not context.environ.get("WAYLAND_DISPLAY")
    yield Guarantee("input", CODE, _(_LISTENS if listens else _COUNTS), _(_SHOWN).format(test=_INPUT_TEST))


def _running(state: RecordingState, _: Translate) -> str:
    """Say what the processes that run now found when they were started."""
    if not state.sandbox:
        return _("Nothing runs now; what runs tries all this at its start, every time.")
    if state.lacking:
        return _("What runs now has tried it at its start: the kernel does not enforce all of it.")
    return _("What runs now has tried it at its start: the kernel enforces it.")
