"""``fyraften notices``: everything that was told or waits to be, what became of it, and how many an hour there may be.

A notice stays here when its toast is gone.  It can be put off with a reason, which stays on this computer.
Not here: which notices are due (``notices``) and when they are shown (``telling``).
"""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.records import records_to_change
from fyraften_agent.errors import InputError
from fyraften_agent.shown.looking import records
from fyraften_agent.shown.spoken_times import length, next_moment
from fyraften_agent.shown.wording import date_and_time, time_near, word
from fyraften_agent.store.store import ToldNotice
from fyraften_agent.telling.telling import CHOICE, FEWEST, HELD, MOST, hourly_limit
from fyraften_policy.languages import Translate
from fyraften_policy.periods import format_instant

_SHOWN = 20
_LONGEST_REASON = 200
_SNOOZE_SECONDS = 3600


def add(commands: Any, _: Translate) -> None:
    """Register ``notices`` and its actions."""
    notices = commands.add_parser(
        "notices",
        help=_("what you were told, what waits, and why"),
        description=_("Show what you were told or will be, and what became of it: shown, held and why, put off, over."),
        epilog=_(
            "Examples:\n"
            "  fyraften notices\n"
            "  fyraften notices snooze 12 30m --reason 'on the phone'\n"
            "  fyraften notices snooze 12 until 15:00\n"
            "  fyraften notices limit 2"
        ),
    )
    notices.add_argument("--all", action="store_true", help=_("all that is kept, not only the latest"))
    notices.set_defaults(run="notices:show")
    actions = notices.add_subparsers(title=_("Commands"), metavar=_("command"))
    snooze = actions.add_parser(
        "snooze",
        help=_("put a notice off"),
        description=_("Put a notice off. It comes back when the time is over, if it still holds then."),
        epilog=_("Example: fyraften notices snooze 12 until 15:00 --reason 'a meeting'"),
    )
    snooze.add_argument("number", type=int, metavar=_("NUMBER"), help=_("the notice's number in: fyraften notices"))
    snooze.add_argument("until", nargs="*", metavar=_("length or time"), help=_("30m, 2h, or: until 13:00"))
    snooze.add_argument("--reason", metavar=_("TEXT"), help=_("why; it stays on this computer"))
    snooze.set_defaults(run="notices:snooze")
    limit = actions.add_parser(
        "limit",
        help=_("how many notices an hour there may be"),
        epilog=_("Example: fyraften notices limit 2"),
    )
    limit.add_argument("number", nargs="?", type=int, metavar=_("NUMBER"), help=_("from 2 to 6"))
    limit.set_defaults(run="notices:limit")


def show(arguments: argparse.Namespace, context: Context) -> int:
    """Show the notices, the newest last."""
    _ = context._
    with records(context.paths) as store:
        known = [] if store is None else store.notices.all()
    shown = known if arguments.all else known[-_SHOWN:]
    lines = [line for notice in shown for line in _lines(notice, context)]
    if len(shown) < len(known):
        lines.append(_("{count} earlier ones: fyraften notices --all").format(count=len(known) - len(shown)))
    document = {"notices": [_as_json(notice, context) for notice in shown]}
    context.show(arguments, document, lines or [_("Nothing was told yet, and nothing waits.")])
    return ExitCode.DONE


def snooze(arguments: argparse.Namespace, context: Context) -> int:
    """Put one notice off."""
    _, now, zone = context._, context.clock.now(), context.clock.zone()
    text = " ".join(arguments.until)
    if text.startswith("until "):
        until = next_moment(text.removeprefix("until ").strip(), now, zone, _)
    else:
        until = now + (length(text, _) if text else _SNOOZE_SECONDS)
    if until <= now:
        raise InputError(_("That time is over already. A notice can only be put off until later than now."))
    reason = (arguments.reason or "").strip()[:_LONGEST_REASON] or None
    with records_to_change(context) as store:
        store.notices.snooze(store.notices.numbered(arguments.number).key, until, reason)
        notice = store.notices.numbered(arguments.number)
    lines = [_("Put off until {time}. It comes back then, if it still holds.").format(time=time_near(until, zone, now))]
    context.show(arguments, _as_json(notice, context), lines)
    return ExitCode.DONE


def limit(arguments: argparse.Namespace, context: Context) -> int:
    """Show or choose how many notices an hour there may be."""
    _, chosen = context._, arguments.number
    if chosen is not None:
        if not FEWEST <= chosen <= MOST:
            raise InputError(
                _("{number} is too few or too many. Choose from {fewest} to {most} notices an hour.").format(
                    number=chosen, fewest=FEWEST, most=MOST
                )
            )
        with records_to_change(context) as store:
            store.choices.set(CHOICE, str(chosen), context.clock.now())
    else:
        with records(context.paths) as found:
            chosen = hourly_limit(None if found is None else found.choices.get(CHOICE))
    line = _("At most {number} notices an hour; the last is kept for limits that are near.")
    context.show(arguments, {"an_hour": chosen}, [line.format(number=chosen)])
    return ExitCode.DONE


def _lines(notice: ToldNotice, context: Context) -> list[str]:
    zone = context.clock.zone()
    title, _newline, body = notice.text.partition("\n")
    head = f"{notice.number:>3}  {date_and_time(notice.due_at, zone)}  {title}"
    return [head, *(f"     {line}" for line in (*body.splitlines(), _fate(notice, context)))]


def _fate(notice: ToldNotice, context: Context) -> str:
    """Return what became of a notice, in one sentence or two."""
    _, zone, now = context._, context.clock.zone(), context.clock.now()
    why = word(HELD, notice.held, _) if notice.held is not None else None
    if notice.state == "snoozed" and notice.snoozed_until is not None:
        values = {"time": time_near(notice.snoozed_until, zone, now), "reason": notice.snooze_reason}
        words = _("→ put off until {time}: {reason}") if notice.snooze_reason else _("→ put off until {time}")
        return words.format(**values)
    if notice.state == "waiting":
        return _("→ waits: {why}").format(why=why) if why else _("→ waits for a quiet moment")
    if notice.state == "over":
        if why:
            return _("→ no longer true, so not shown; it had waited: {why}").format(why=why)
        return _("→ no longer true, so not shown")
    values = {"time": "?" if notice.told_at is None else time_near(notice.told_at, zone, now), "why": why}
    if not notice.shown:
        return _("→ no desktop showed it at {time}").format(**values)
    if why:
        return _("→ shown at {time}; it had waited: {why}").format(**values)
    return _("→ shown at {time}").format(**values)


def _as_json(notice: ToldNotice, context: Context) -> dict[str, Any]:
    zone = context.clock.zone()
    instants = {"due_at": notice.due_at, "told_at": notice.told_at, "snoozed_until": notice.snoozed_until}
    title, _newline, body = notice.text.partition("\n")
    return {
        "number": notice.number,
        "matter": notice.key.partition(":")[0],
        "title": title,
        "body": body,
        "state": notice.state,
        "shown": notice.shown,
        "held": notice.held,
        "snooze_reason": notice.snooze_reason,
        **{name: None if instant is None else format_instant(instant, zone) for name, instant in instants.items()},
    }
