"""``fyraften today``: the sessions of a day, what is not known of it, what the rules say, and what comes next."""

from __future__ import annotations

import argparse
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import bullets, columns, section
from fyraften_agent.finding_words import finding_words, forecast_lines
from fyraften_agent.looking import look_at_day
from fyraften_agent.spoken_times import day
from fyraften_agent.store import Session
from fyraften_agent.views import DayView
from fyraften_agent.wording import PLACES, SOURCES, WORKSTATIONS, duration, session_times, times_of, word
from fyraften_policy.languages import Translate
from fyraften_policy.periods import local_date


def add(commands: Any, _: Translate) -> None:
    """Register ``today``."""
    today = commands.add_parser(
        "today",
        help=_("show the day: sessions, what the rules say, what comes next"),
        epilog=_("Examples:\n  fyraften today\n  fyraften today --date yesterday"),
    )
    today.add_argument("--date", metavar=_("DATE"), default="today", help=_("another day, such as 2026-11-22"))
    today.set_defaults(run="today:today")


def today(arguments: argparse.Namespace, context: Context) -> int:
    """Show one day."""
    wanted = day(arguments.date, local_date(context.clock.now(), context.clock.zone()), context._)
    view = look_at_day(context.paths, context.clock, wanted)
    context.show(arguments, view.as_json(str), day_lines(view, context))
    return ExitCode.DONE


def day_lines(view: DayView, context: Context) -> list[str]:
    """Return the day as text."""
    _ = context._
    heading = _("{date}: {time} of screen work").format(date=view.date, time=duration(view.worked_seconds, _))
    rows = [session_row(session, view.zone, _) for session in view.sessions]
    lines = [heading, *(columns(rows) or ["  " + _("No screen work is recorded.")])]
    unconfirmed = [str(session.id) for session in view.sessions if not session.confirmed]
    if unconfirmed:
        sentence = _("Was it work? Yes: fyraften log edit {number} --work. No: fyraften log remove {number}.")
        lines += ["", sentence.format(number=unconfirmed[0])]
    if view.unobserved:
        sentence = _("Nothing is known of: {times}. It is counted neither as work nor as rest.")
        lines += ["", sentence.format(times=times_of(view.unobserved, view.zone))]
    lines += section(_("What the rules say"), _finding_lines(view, context), _("There is nothing to judge yet."))
    forecast = forecast_lines(view.forecast, view.zone, view.now, _, has_worked=bool(view.sessions))
    return lines + (section(_("What comes next"), bullets(forecast), "") if forecast else [])


def session_row(session: Session, zone: str, _: Translate) -> list[str]:
    """Return a session as columns: times, length, place, workstation, how it is known."""
    known = word(SOURCES, session.source, _)
    return [
        session_times(session, zone, _),
        duration(session.end - session.start, _),
        session.place_label or word(PLACES, session.place, _),
        word(WORKSTATIONS, session.workstation, _),
        known if session.confirmed else _("{known}; was it work?").format(known=known),
    ]


def _finding_lines(view: DayView, context: Context) -> list[str]:
    words = [finding_words(finding, view.zone, context._, context.policy_words) for finding in view.findings]
    if not words:
        return []
    rows = [[each.title, each.word] for each in words]
    lines = []
    for head, each in zip(columns(rows), words, strict=True):
        lines += [head, *(f"      {text}" for text in each.in_short)]
    rules = ", ".join(dict.fromkeys(each.rule for each in words))
    return [
        *lines,
        "",
        context._("How it comes about: fyraften why RULE, with RULE out of {rules}").format(rules=rules),
    ]
