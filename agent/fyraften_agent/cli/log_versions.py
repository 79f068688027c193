"""``fyraften log show`` and ``log undo``: every version of a session, and taking the last one back."""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.cli.show import columns
from fyraften_agent.errors import InputError
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.wording import PLACES, WORKSTATIONS, date_and_time, duration, times_of, word
from fyraften_agent.store.history import Version, take_back, versions
from fyraften_agent.store.store import Place, Store
from fyraften_policy.intervals import Interval
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import format_instant, local_date

_WHAT = {
    "measured": mark("measured"),
    "imported": mark("imported"),
    "added": mark("added by you"),
    "corrected": mark("corrected by you"),
    "removed": mark("left out by you"),
}


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show what was measured and what the employee said instead, one version below the other."""
    _ = context._
    with records(context.paths) as store:
        if store is None:
            raise InputError(
                _("There is no session {number}. The numbers are shown by: fyraften log").format(
                    number=arguments.number
                )
            )
        found = versions(store, arguments.number)
        places = {place.id: place for place in store.places()}
        zone = _zone(store, arguments.number)
    document = {"number": arguments.number, "versions": [_as_json(one, places, zone) for one in found]}
    heading = _("Session {number} of {date}, the last version counts:").format(
        number=arguments.number, date=local_date(found[-1].start, zone)
    )
    here = context.clock.zone()
    context.show(arguments, document, [heading, *columns([_row(one, places, (zone, here), _) for one in found])])
    return ExitCode.DONE


def undo(arguments: argparse.Namespace, context: Context) -> int:
    """Take the last correction back."""
    _ = context._
    with records_to_change(context) as store:
        if arguments.number is not None:
            versions(store, arguments.number)  # tells where there is no such session
        taken = take_back(store, arguments.number)
        left = (
            0 if taken is None or taken.is_gone else sum(one.by is not None for one in versions(store, taken.session))
        )
    if taken is None:
        context.show(arguments, {"undone": None}, [_("There is no correction to take back.")])
        return ExitCode.DONE
    at = date_and_time(taken.at, context.clock.zone())
    if taken.is_gone:
        line = _("Session {number}, which you added on {at}, is gone.").format(number=taken.session, at=at)
    else:
        line = _("What you said of session {number} on {at} is taken back. Corrections left: {left}.").format(
            number=taken.session, at=at, left=left
        )
    document = {"undone": taken.session, "is_gone": taken.is_gone, "corrections_left": left}
    context.show(arguments, document, [line, _("To see it: fyraften log show {number}").format(number=taken.session)][
        : 1 if taken.is_gone else 2
    ])  # fmt: skip
    return ExitCode.DONE


def _zone(store: Store, number: int) -> str:
    (row,) = store.file.rows("SELECT zone FROM whole_sessions WHERE id = ?", [number])
    return str(row["zone"])


def _as_json(version: Version, places: dict[int, Place], zone: str) -> dict[str, Any]:
    place = places.get(version.place or 0)
    return {
        "what": version.what,
        "by": version.by,
        "at": None if version.at is None else format_instant(version.at, zone),
        "start": format_instant(version.start, zone),
        "end": format_instant(version.end, zone),
        "place": "unknown" if place is None else place.kind,
        "workstation": version.workstation or ("fixed" if place is None else place.workstation),
        "confirmed": version.confirmed,
    }


def _row(version: Version, places: dict[int, Place], zones: tuple[str, str], _: Translate) -> list[str]:
    """Return a version as columns, with its times in the zone of the place of work, named where that is not ours."""
    zone, here = zones
    times = times_of([Interval(version.start, version.end)], zone)
    place = places.get(version.place or 0)
    told = _as_json(version, places, zone)
    is_asked = version.confirmed is False and version.what != "removed"
    return [
        local_date(version.start, zone).isoformat(),
        times if zone == here else f"{times} {zone}",
        duration(version.end - version.start, _),
        (place and place.label) or word(PLACES, told["place"], _),
        word(WORKSTATIONS, told["workstation"], _),
        _("{known}; was it work?").format(known=_(_WHAT[version.what])) if is_asked else _(_WHAT[version.what]),
        "" if version.at is None else date_and_time(version.at, here),
    ]
