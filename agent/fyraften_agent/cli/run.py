"""``fyraften run``: asks for consent where it is missing, then becomes the supervisor, until Ctrl-C.

Nothing is started without a display that can be watched and a consent that was given; the supervisor and the collector
check both again themselves. The supervisor replaces this process, so that nothing loaded here stays in memory.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import consent_to
from fyraften_agent.errors import AlreadyRunningError, NoConsentError, StoreError
from fyraften_agent.processes import control
from fyraften_agent.sending.enrolment import ask_services_again
from fyraften_agent.sending.outbox import something_is_due
from fyraften_agent.sensors.x11_input import local_display
from fyraften_policy.languages import Translate

SUPERVISOR, SENDER = "fyraften_agent.supervisor", "fyraften_agent.sender"
_SENDER_SECONDS = 60.0


def add(commands: Any, _: Translate) -> None:
    """Register ``run``."""
    run = commands.add_parser(
        "run",
        help=_("start: ask for consent if need be, then record until Ctrl-C"),
        description=_(
            "Shows what would be recorded and asks for your consent, then records, judges and tells, in the "
            "foreground, until Ctrl-C. Nothing is recorded without consent."
        ),
        epilog=_("Example: fyraften run"),
    )
    run.set_defaults(run="run:run")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Check what has to be there, ask for consent, and become the supervisor."""
    if context.paths.folder.exists() and control.ask(context.paths, "state") is not None:
        raise AlreadyRunningError(context._("Fyraften runs already. To see what it does: fyraften status"))
    is_agreed = consent_to("recording", context).is_given
    with contextlib.suppress(StoreError):  # what holds the ledger up now passes; it is asked again all the same
        ask_services_again(context.paths, context.clock.now())
    if not is_agreed:
        _send_what_is_due(context)
        _require_terminal(context)
    local_display(context.environ)
    if not is_agreed and not _asked(context):
        return ExitCode.NO_CONSENT
    return _become_supervisor(context)


def _send_what_is_due(context: Context) -> None:
    """Ask once for erasures that a service has not confirmed yet, though nothing is recorded."""
    if not something_is_due(context.paths, context.clock.now()):
        return
    context.print(
        context._(
            "Something is still to be sent: an erasure to be asked for, or what you approved. It is tried now, once, "
            "for a minute at most; to try again, write: fyraften outbox send"
        )
    )
    context.out.flush()
    environ = {**context.environ, "FYRAFTEN_HOME": str(context.paths.folder)}
    with contextlib.suppress(subprocess.TimeoutExpired):
        command = [sys.executable, "-P", "-m", SENDER]  # what it says is for the supervisor
        subprocess.run(command, env=environ, timeout=_SENDER_SECONDS, check=False, stdout=subprocess.DEVNULL)


def _require_terminal(context: Context) -> None:
    """Refuse to go on where nobody can be asked."""
    if not context.at_a_terminal():
        raise NoConsentError(
            context._(
                "Nothing was started, because you have not agreed to recording, and there is no terminal here to ask "
                "you. To agree, write in a terminal: fyraften consent give recording"
            )
        )


def _asked(context: Context) -> bool:
    """Ask for consent to recording at the keyboard; say whether it was given."""
    from fyraften_agent.cli.consent import ask_for_recording  # loads cryptography, needed only to agree

    return ask_for_recording(context)


def _become_supervisor(context: Context) -> int:
    """Replace this process; does not return, except on Windows, which cannot."""
    command = [sys.executable, "-P", "-m", SUPERVISOR, "--language", context.language]
    if context.out.isatty():
        command.append("--foreground")  # somebody watches: what no desktop shows is printed
    context.out.flush()
    context.errors.flush()
    # The folder spelled out: looking for it takes a library, and the supervisor loads none.
    environ = {**context.environ, "FYRAFTEN_HOME": str(context.paths.folder)}
    if sys.platform == "win32":
        return subprocess.call(command, env=environ)
    os.execve(sys.executable, command, environ)
