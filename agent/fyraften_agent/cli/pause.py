"""``fyraften pause``, ``private`` and ``resume``: stop recording for a while, and go on.

While paused nothing is recorded at all: the process that measures is ended. The pause is written to the store, so that
it also holds when the agent is not running just now.
"""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.errors import InputError
from fyraften_agent.processes.pauses import current_pause
from fyraften_agent.shown.spoken_times import length, next_moment
from fyraften_agent.shown.wording import time_near
from fyraften_policy.languages import Translate
from fyraften_policy.periods import format_instant


def add(commands: Any, _: Translate) -> None:
    """Register ``pause``, ``private`` and ``resume``."""
    pause = commands.add_parser(
        "pause",
        help=_("stop recording for a while"),
        description=_("Stop recording for a while. Nothing is measured or kept until the pause ends."),
        epilog=_(
            "Examples:\n"
            "  fyraften pause              until you resume\n"
            "  fyraften pause 30m          for half an hour\n"
            "  fyraften pause until 13:00"
        ),
    )
    pause.add_argument("until", nargs="*", metavar=_("length or time"), help=_("30m, 2h, or: until 13:00"))
    pause.set_defaults(run="pause:pause")
    private = commands.add_parser(
        "private",
        help=_("private time: nothing is recorded, and it was no work"),
        description=_(
            "Say that this is private time. Nothing is measured or kept until it ends, and for the rules it is free "
            "time; of a pause they only know that nothing is known."
        ),
        epilog=_(
            "Examples:\n"
            "  fyraften private              until you resume\n"
            "  fyraften private 30m          for half an hour\n"
            "  fyraften private until 13:00"
        ),
    )
    private.add_argument("until", nargs="*", metavar=_("length or time"), help=_("30m, 2h, or: until 13:00"))
    private.set_defaults(run="pause:private")
    resume = commands.add_parser(
        "resume", help=_("end the pause and record again"), epilog=_("Example: fyraften resume")
    )
    resume.set_defaults(run="pause:resume")


def pause(arguments: argparse.Namespace, context: Context) -> int:
    """Stop recording, for a length of time, until a clock time, or until it is resumed."""
    _ = context._
    without_end = _("Paused. Nothing is recorded until you write: fyraften resume")
    with_end = _("Paused until {time}. Nothing is recorded until then. To go on earlier, write: fyraften resume")
    return _pause(arguments, context, without_end, with_end, is_private=False)


def private(arguments: argparse.Namespace, context: Context) -> int:
    """Stop recording as for a pause, and state that it is no work."""
    _ = context._
    without_end = _("Private. Nothing is recorded until you write: fyraften resume")
    with_end = _("Private until {time}. Nothing is recorded until then. To go on earlier, write: fyraften resume")
    return _pause(arguments, context, without_end, with_end, is_private=True)


def _pause(
    arguments: argparse.Namespace, context: Context, without_end: str, with_end: str, *, is_private: bool
) -> int:
    now, zone = context.clock.now(), context.clock.zone()
    until = _end_of_pause(" ".join(arguments.until), now, zone, context._)
    with records_to_change(context) as store:
        store.pause(now, until, private=is_private)
    line = without_end if until is None else with_end.format(time=time_near(until, zone, now))
    document = {
        "state": "paused",
        "private": is_private,
        "since": format_instant(now, zone),
        "until": None if until is None else format_instant(until, zone),
    }
    context.show(arguments, document, [line])
    return ExitCode.DONE


def resume(arguments: argparse.Namespace, context: Context) -> int:
    """End the pause, if there is one."""
    _, now = context._, context.clock.now()
    with records_to_change(context) as store:
        pause = store.pause_at(now)
        if pause is not None:
            store.resume(now)
    was_paused = pause is not None
    if pause is None:
        lines = [_("There was no pause.")]
    else:
        lines = [_("The private time is over.") if pause.private else _("The pause is over.")]
    still = current_pause(context.paths.work, now)
    if still is not None and still.until is not None:
        opens = time_near(still.until, context.clock.zone(), now)
        lines.append(
            _("It is outside your recording hours. They begin at {time}. To change them: fyraften hours").format(
                time=opens
            )
        )
    context.show(arguments, {"state": "resumed", "was_paused": was_paused, "hours_closed": still is not None}, lines)
    return ExitCode.DONE


def _end_of_pause(text: str, now: int, zone: str, _: Translate) -> int | None:
    if not text:
        return None
    if text.startswith("until "):
        at = next_moment(text.removeprefix("until ").strip(), now, zone, _)
    else:
        at = now + length(text, _)
    if at <= now:
        raise InputError(_("That time is over already. A pause can only end later than now."))
    return at
