"""``fyraften today``: the sessions of a day, what is not known of it, what the rules say, and what comes next."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import bullets, columns, section, width
from fyraften_agent.shown.finding_words import finding_words, forecast_lines
from fyraften_agent.shown.looking import look_at_day
from fyraften_agent.shown.spoken_times import day
from fyraften_agent.shown.views import DayView
from fyraften_agent.shown.wording import (
    PLACES,
    RULES,
    SOURCES,
    WORKSTATIONS,
    duration,
    session_times,
    unknown_sentences,
    word,
)
from fyraften_agent.store.store import Session
from fyraften_policy.findings import Finding
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
    unknown = unknown_sentences(view.unobserved, view.zone, view.known_from, _)
    lines += ["", *unknown] if unknown else []
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
    _ = context._
    words = [finding_words(finding, view.zone, _, context.policy_words) for finding in view.looked_at]
    lines = []
    for head, each in zip(columns([[each.title, each.word, each.rule] for each in words]), words, strict=True):
        lines += [head, *(f"      {text}" for text in each.in_short)]
    if view.not_looked_at:
        lines += ["", *(f"  {line}" for line in textwrap.wrap(not_looked_at(view.not_looked_at, _), width() - 2))]
    return [*lines, "", _("How it comes about: fyraften why RULE, with a name from above")] if lines else []


def not_looked_at(findings: Iterable[Finding], _: Translate) -> str:
    """Return the one sentence on the rules that nothing was told for; each of them says more when it is asked for."""
    titles = dict.fromkeys(word(RULES, finding.rule, _) for finding in findings)
    return _("Not looked at, because nothing is told about it: {rules}. To tell it: fyraften agreement").format(
        rules=", ".join(titles)
    )
