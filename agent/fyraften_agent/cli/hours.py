"""``fyraften hours``: the recording hours that the employee chose; outside them nothing is measured.

Not here: what is open when (``recording.hours``), agreed working hours (``agreement``).
"""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.errors import InputError
from fyraften_agent.recording.hours import (
    CHOICE,
    DAYS,
    ChosenHours,
    Hours,
    days_alike,
    format_hours,
    parse_choice,
    parse_hours,
)
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.wording import WEEKDAYS
from fyraften_agent.store.store import Store
from fyraften_policy.languages import Translate

_ALWAYS = "always"


def add(commands: Any, _: Translate) -> None:
    """Register ``hours``."""
    hours = commands.add_parser(
        "hours",
        help=_("the hours in which you want to be recorded"),
        description=_(
            "Choose the hours in which you want to be recorded. Outside them nothing is measured or kept, and the "
            "rules take the time as not known, unless you say with --free that you do not work then."
        ),
        epilog=_(
            "Examples:\n"
            "  fyraften hours\n"
            "  fyraften hours mon-fri 07:00-19:00\n"
            "  fyraften hours 'mon-thu 07:00-12:00 13:00-18:00; fri 07:00-12:00'\n"
            "  fyraften hours mon-fri 07:00-19:00 --free\n"
            "  fyraften hours always"
        ),
    )
    hours.add_argument("hours", nargs="*", metavar=_("days and times"), help=_("mon-fri 07:00-19:00, or: always"))
    hours.add_argument(
        "--free",
        action="store_true",
        help=_("outside these hours you do not work: from now on the rules take that time as free time"),
    )
    hours.set_defaults(run="hours:hours")


def hours(arguments: argparse.Namespace, context: Context) -> int:
    """Show or choose the recording hours."""
    given = " ".join(arguments.hours).strip()
    if given or arguments.free:
        with records_to_change(context) as store:
            chosen = _chosen(given, arguments.free, store, context)
            store.choose_hours(chosen, context.clock.now())
    else:
        with records(context.paths) as found:
            chosen = None if found is None else _kept(found)
    document = {
        "hours": None if chosen is None else format_hours(chosen.hours),
        "outside": None if chosen is None else "unknown" if chosen.free_in is None else "free",
    }
    context.show(arguments, document, _lines(chosen, context._))
    return ExitCode.DONE


def _chosen(given: str, is_free: bool, store: Store, context: Context) -> ChosenHours | None:
    """Return what the person chooses: other hours, or what is known of the time outside those that are chosen."""
    _ = context._
    hours = _kept(store) if not given else None if given == _ALWAYS else ChosenHours(parse_hours(given))
    if is_free and hours is None:
        raise InputError(_("--free goes with hours, for example: fyraften hours mon-fri 07:00-19:00 --free"))
    return hours._replace(free_in=context.clock.zone()) if hours is not None and is_free else hours


def _kept(store: Store) -> ChosenHours | None:
    kept = store.choices.get(CHOICE)
    return None if kept is None else parse_choice(kept)


def _lines(chosen: ChosenHours | None, _: Translate) -> list[str]:
    if chosen is None:
        return [_("Recording hours: always, unless you pause.")]
    return [
        _("Recording hours: {hours}").format(hours=_shown(chosen.hours, _)),
        _("Outside them nothing is measured, and the rules take that time as not known.")
        if chosen.free_in is None
        else _(
            "Outside them nothing is measured, and it is free time, as you said. What you work then all the same, add "
            "with: fyraften log add"
        ),
    ]


def _shown(hours: Hours, _: Translate) -> str:
    """Return the hours in the words of the language, such as ``Monday, Tuesday 07:00-12:00; Friday 08:00-12:00``."""
    return "; ".join(
        " ".join([", ".join(_(WEEKDAYS[DAYS.index(day)]) for day in days), *ranges])
        for days, ranges in days_alike(hours)
    )
