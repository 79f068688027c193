"""``fyraften hours``: the recording hours that the employee chose; outside them nothing is measured.

Not here: what is open when (``recording_hours``), agreed working hours (``agreement``).
"""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.looking import records
from fyraften_agent.recording_hours import CHOICE, format_hours, parse_hours
from fyraften_policy.languages import Translate

_ALWAYS = "always"


def add(commands: Any, _: Translate) -> None:
    """Register ``hours``."""
    hours = commands.add_parser(
        "hours",
        help=_("the hours in which you want to be recorded"),
        description=_(
            "Choose the hours in which you want to be recorded. Outside them nothing is measured or kept, and the "
            "rules take the time as not known."
        ),
        epilog=_(
            "Examples:\n"
            "  fyraften hours\n"
            "  fyraften hours mon-fri 07:00-19:00\n"
            "  fyraften hours 'mon-thu 07:00-12:00 13:00-18:00; fri 07:00-12:00'\n"
            "  fyraften hours always"
        ),
    )
    hours.add_argument("hours", nargs="*", metavar=_("days and times"), help=_("mon-fri 07:00-19:00, or: always"))
    hours.set_defaults(run="hours:hours")


def hours(arguments: argparse.Namespace, context: Context) -> int:
    """Show or choose the recording hours."""
    given = " ".join(arguments.hours).strip()
    if given:
        chosen = None if given == _ALWAYS else format_hours(parse_hours(given))
        with records_to_change(context) as store:
            store.choices.set(CHOICE, chosen, context.clock.now())
    else:
        with records(context.paths) as found:
            chosen = None if found is None else found.choices.get(CHOICE)
    _ = context._
    line = _("Recording hours: always, unless you pause.") if chosen is None else _("Recording hours: {hours}")
    context.show(arguments, {"hours": chosen}, [line.format(hours=chosen)])
    return ExitCode.DONE
