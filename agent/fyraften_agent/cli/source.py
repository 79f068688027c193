"""``fyraften source``: which source of input is used, which others there are, and the choice of the stricter kind.

Looks at the sources without using any. The choice is kept with the records and holds at once.
Not here: the sources (``sensors``), what else works here (``doctor``).
"""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.cli.show import columns
from fyraften_agent.recording.state import look_at_recording
from fyraften_agent.sensors.choosing import CHOICES, Choice, Looked, candidates, choice_of, look_at
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.source_kinds import source_kind
from fyraften_policy.languages import Translate, mark

_CHOSEN = {
    "automatic": mark("Chosen: automatic, the best source that works here."),
    "counter": mark("Chosen: counter, only sources that are told how many seconds ago the latest input was."),
}


def add(commands: Any, _: Translate) -> None:
    """Register ``source``."""
    source = commands.add_parser(
        "source",
        help=_("what notices that you work, and the choice of the stricter kind"),
        description=_(
            "Show what notices that there was input. A listener is told of each event and notes its time alone; a "
            "counter is told nothing but how many seconds ago the latest input was."
        ),
        epilog=_("Examples:\n  fyraften source\n  fyraften source counter\n  fyraften source automatic"),
    )
    source.add_argument("choice", nargs="?", choices=CHOICES, help=_("automatic, or counter for the stricter kind"))
    source.set_defaults(run="source:source")


def source(arguments: argparse.Namespace, context: Context) -> int:
    """Show the sources, or choose their kind."""
    if arguments.choice is not None:
        with records_to_change(context) as store:
            kept = None if arguments.choice == CHOICES[0] else arguments.choice
            store.choices.set("source", kept, context.clock.now())
    with records(context.paths) as found:
        choice = choice_of(None if found is None else found.choices.get("source"))
    state = look_at_recording(context.paths, context.clock)
    looked = look_at(candidates(choice, context.environ))
    document = {
        "choice": choice,
        "in_use": state.source if state.source_state == "live" else None,
        "sources": [_as_json(each, context._) for each in looked],
    }
    context.show(arguments, document, _lines(choice, document["in_use"], looked, context._))
    return ExitCode.DONE


def _lines(choice: Choice, in_use: object, looked: list[Looked], _: Translate) -> list[str]:
    rows = []
    for each in looked:
        usable = _("in use") if each.name == in_use else _("works here")
        rows.append(["●" if each.name == in_use else "", each.name, source_kind(each.name, _)])
        rows.append(["", "", usable if each.problem is None else each.problem.text(_)])
    return [_(_CHOSEN[choice]), *columns(rows)]


def _as_json(looked: Looked, _: Translate) -> dict[str, Any]:
    return {"name": looked.name, "problem": None if looked.problem is None else looked.problem.text(_)}
