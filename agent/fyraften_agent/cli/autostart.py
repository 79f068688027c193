"""``fyraften install`` and ``fyraften uninstall``: start with the desktop session, or no longer.

Not here: what is written where (see ``fyraften_agent.autostart``), and consent, which neither command gives.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from fyraften_agent import autostart
from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_policy.languages import Translate, mark

DONE = {
    "wrote": mark("Wrote {target}."),
    "kept": mark("{target} was already in place."),
    "enabled": mark("Fyraften starts with your next desktop session. To start it now: fyraften run"),
    "not_enabled": mark(
        "systemd did not answer for your session. When you are logged in to the desktop: systemctl --user enable {name}"
    ),
    "disabled": mark("Fyraften no longer starts with your desktop session, and what was started that way has ended."),
    "removed": mark("Removed {target}."),
    "left": mark("Left {target} alone: it was not written by `fyraften install`."),
}
PLANNED = {
    "wrote": mark("Would write {target}."),
    "kept": mark("{target} is already in place."),
    "enabled": mark("Would let Fyraften start with your next desktop session."),
    "not_enabled": mark(
        "systemd does not answer for your session, so that you would have to enable it: systemctl --user enable {name}"
    ),
    "disabled": mark("Would no longer start Fyraften with your desktop session, and end what was started that way."),
    "removed": mark("Would remove {target}."),
    "left": mark("Would leave {target} alone: it was not written by `fyraften install`."),
}
_WOULD = {
    "wrote": "would_write",
    "enabled": "would_enable",
    "not_enabled": "would_not_enable",
    "disabled": "would_disable",
    "removed": "would_remove",
    "left": "would_leave",
}
CONSENT = mark("This gave no consent: nothing is recorded until you give it yourself, with `fyraften consent give`.")
NOTHING = mark("There was nothing to remove.")


def add(commands: Any, _: Translate) -> None:
    """Register the two commands."""
    for name, text, example in (
        (
            "install",
            _("start Fyraften with your desktop session (gives no consent)"),
            _("Example: fyraften install --dry-run"),
        ),
        ("uninstall", _("no longer start Fyraften with your desktop session"), _("Example: fyraften uninstall")),
    ):
        parser = commands.add_parser(name, help=text, description=text, epilog=example)
        parser.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))
        parser.set_defaults(run=f"autostart:{name}")


def install(arguments: argparse.Namespace, context: Context) -> int:
    """Let the agent start with the desktop session."""
    return _show(autostart.install, arguments, context, [context._(CONSENT)])


def uninstall(arguments: argparse.Namespace, context: Context) -> int:
    """Remove the autostart."""
    return _show(autostart.uninstall, arguments, context, [])


def _show(
    change: Callable[[autostart.Desktop, bool], list[autostart.Step]],
    arguments: argparse.Namespace,
    context: Context,
    closing: list[str],
) -> int:
    steps = change(autostart.this_desktop(context.environ), arguments.dry_run)
    document = {
        "dry_run": arguments.dry_run,
        "steps": [{"action": _action(step, arguments.dry_run), "target": str(step.target)} for step in steps],
        "consent_given": False,
    }
    sentences = PLANNED if arguments.dry_run else DONE
    lines = [context._(sentences[step.action]).format(target=step.target, name=step.target.name) for step in steps] or [
        context._(NOTHING)
    ]
    context.show(arguments, document, [*lines, *closing])
    return ExitCode.DONE


def _action(step: autostart.Step, dry_run: bool) -> str:
    """Return what a program is told of a step: what only would be done is not said to be done."""
    return _WOULD.get(step.action, step.action) if dry_run else step.action
