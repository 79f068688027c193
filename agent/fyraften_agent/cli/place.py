"""``fyraften place``: the places of work, which one this network stands for, and where a day was worked.

A network is kept only as a keyed fingerprint: its name and address are not.
"""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.cli.show import columns
from fyraften_agent.correcting.records import place_meant
from fyraften_agent.errors import InputError
from fyraften_agent.recording.places import KINDS, LONGEST_LABEL, WORKSTATIONS
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.spoken_times import day
from fyraften_agent.shown.wording import WORKSTATIONS as WORKSTATION_WORDS
from fyraften_agent.shown.wording import place_name, word
from fyraften_agent.store.store import Place, Store
from fyraften_policy.languages import Translate
from fyraften_policy.periods import day_interval, local_date


def add(commands: Any, _: Translate) -> None:
    """Register ``place`` and its actions."""
    place = commands.add_parser(
        "place",
        help=_("your places of work, and which one this network is"),
        epilog=_(
            "Examples:\n"
            "  fyraften place add home --label 'My flat'\n"
            "  fyraften place set home               this network is at home\n"
            "  fyraften place set home --day 2026-11-20"
        ),
    )
    place.set_defaults(run="place:show")
    actions = place.add_subparsers(title=_("Commands"), metavar=_("command"))
    shown = actions.add_parser("show", help=_("show the places"), epilog=_("Example: fyraften place show"))
    shown.set_defaults(run="place:show")
    added = actions.add_parser(
        "add", help=_("add a place"), epilog=_("Example: fyraften place add home --label 'My flat'")
    )
    added.add_argument("kind", choices=KINDS, help=_("the kind of place"))
    added.add_argument("--label", metavar=_("LABEL"), help=_("your own name for it; it never leaves this computer"))
    added.add_argument("--workstation", choices=WORKSTATIONS, default="fixed", help=_("what you work at there"))
    added.set_defaults(run="place:add_place")
    chosen = actions.add_parser(
        "set",
        help=_("say which place this network is, or where a day was worked"),
        epilog=_("Examples:\n  fyraften place set home\n  fyraften place set 2 --day yesterday"),
    )
    chosen.add_argument("place", metavar=_("PLACE"), help=_("number, label, or home, elsewhere …"))
    chosen.add_argument("--day", metavar=_("DATE"), help=_("correct the sessions of this day instead"))
    chosen.set_defaults(run="place:set_place")


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show all places and the one this network stands for."""
    _ = context._
    with records(context.paths) as store:
        places = [] if store is None else store.places()
        network = None if store is None else store.current_fingerprint()
        here = None if store is None or network is None else store.place_for(network)
    document = {
        "places": [_as_json(place) for place in places],
        "here": None if here is None else here.id,
        "network_known": here is not None,
    }
    rows = [[str(place.id), place_name(place, _), word(WORKSTATION_WORDS, place.workstation, _)] for place in places]
    lines = columns(rows, "") or [_("No place is recorded yet. To add one: fyraften place add home")]
    context.show(arguments, document, [*lines, "", _where_now(network, here, context)])
    return ExitCode.DONE


def add_place(arguments: argparse.Namespace, context: Context) -> int:
    """Add a place."""
    _ = context._
    with records_to_change(context) as store:
        label = None if arguments.label is None else _label(arguments.label, context._)
        _refuse_known_label(label, store.places(), context)
        number = store.add_place(arguments.kind, label, arguments.workstation, context.clock.now())
        place = next(place for place in store.places() if place.id == number)
    line = _("Added as place {number}: {name}.").format(number=number, name=place_name(place, _))
    context.show(arguments, _as_json(place), [line])
    return ExitCode.DONE


def _label(text: str, _: Translate) -> str:
    """Return a name by which the place can be told from others, and which is taken for nothing else."""
    label = text.strip()
    if not 1 <= len(label) <= LONGEST_LABEL or not label.isprintable() or label.isdecimal() or label in KINDS:
        raise InputError(
            _("A label has at most {count} signs on one line, and is neither a number nor one of: {kinds}.").format(
                count=LONGEST_LABEL, kinds=", ".join(KINDS)
            )
        )
    return label


def _refuse_known_label(label: str | None, places: list[Place], context: Context) -> None:
    same = [place for place in places if label and (place.label or "").casefold() == label.casefold()]
    if same:
        raise InputError(
            context._(
                "Place {number} is called {label} already. Choose another label; to use that place, write: fyraften "
                "place set {number}"
            ).format(number=same[0].id, label=same[0].label)
        )


def set_place(arguments: argparse.Namespace, context: Context) -> int:
    """Say where this network is, or where a day was worked."""
    with records_to_change(context) as store:
        if arguments.day is not None:
            return _correct_day(arguments, context, store)
        return _name_network(arguments, context, store)


def _name_network(arguments: argparse.Namespace, context: Context, store: Store) -> int:
    _ = context._
    network = store.current_fingerprint()
    if network is None:
        raise InputError(_("No network was seen yet. To correct a day instead: fyraften place set home --day today"))
    store.assign(network, place_meant(arguments.place, store.places()), context.clock.now())
    place = store.place_for(network)
    assert place is not None
    line = _("Work on this network is at: {name}.").format(name=place_name(place, _))
    context.show(arguments, _as_json(place), [line])
    return ExitCode.DONE


def _correct_day(arguments: argparse.Namespace, context: Context, store: Store) -> int:
    _, zone, now = context._, context.clock.zone(), context.clock.now()
    wanted = day(arguments.day, local_date(now, zone), _)
    place = place_meant(arguments.place, store.places())
    # Sessions that began the day before keep their place: they were mostly worked there.
    interval = day_interval(wanted, zone)
    sessions = [each for each in store.sessions(*interval) if each.start >= interval.start]
    for session in sessions:
        store.correct_place(session.id, place, now)
    document = {"date": wanted.isoformat(), "corrected": [session.id for session in sessions]}
    if sessions:
        line = _("The place is corrected for {date}. Sessions changed: {count}.").format(
            count=len(sessions), date=wanted
        )
    else:
        line = _("No screen work is recorded on {date}; nothing was changed.").format(date=wanted)
    context.show(arguments, document, [line])
    return ExitCode.DONE


def _where_now(network: str | None, here: Place | None, context: Context) -> str:
    _ = context._
    if here is not None:
        return _("The network here is: {name}.").format(name=place_name(here, _))
    if network is not None:
        return _("The network here has no place yet. To say so: fyraften place set home")
    return _("No network was seen yet.")


def _as_json(place: Place) -> dict[str, Any]:
    return {"number": place.id, "kind": place.kind, "label": place.label, "workstation": place.workstation}
