"""``fyraften log show`` and ``log undo``: every version of a session, and taking the last one back."""

from __future__ import annotations

import argparse
from dataclasses import astuple
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.cli.show import columns
from fyraften_agent.correcting import corrections
from fyraften_agent.correcting.versions import place_of, version_words
from fyraften_agent.errors import InputError
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.wording import date_and_time
from fyraften_agent.store.history import Version, versions
from fyraften_agent.store.store import Place, Store
from fyraften_policy.periods import format_instant, local_date


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
    rows = [astuple(version_words(one, places, zone, context.clock.zone(), _)) for one in found]
    context.show(arguments, document, [heading, *columns(rows)])
    return ExitCode.DONE


def undo(arguments: argparse.Namespace, context: Context) -> int:
    """Take the last correction back."""
    _ = context._
    with records_to_change(context) as store:
        taken, left = corrections.undo(store, arguments.number)
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
    kind, workstation = place_of(version, places)
    return {
        "what": version.what,
        "by": version.by,
        "at": None if version.at is None else format_instant(version.at, zone),
        "start": format_instant(version.start, zone),
        "end": format_instant(version.end, zone),
        "place": kind,
        "workstation": workstation,
        "confirmed": version.confirmed,
    }
