"""``fyraften week`` and ``fyraften month``: the days with their work by place, and what the rules say of them.

Not here: the figures (``views``), a single day (``today``), the arithmetic of a rule (``why``).
"""

from __future__ import annotations

import argparse
import textwrap
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import columns, section, width
from fyraften_agent.cli.today import not_looked_at
from fyraften_agent.shown.finding_words import FindingWords, finding_words
from fyraften_agent.shown.looking import look_at_month, look_at_week
from fyraften_agent.shown.source_words import NOT_TOLD
from fyraften_agent.shown.spoken_times import month as month_meant
from fyraften_agent.shown.spoken_times import week as week_meant
from fyraften_agent.shown.views import MonthDay, MonthView
from fyraften_agent.shown.wording import PLACES, WEEKDAYS, duration, unknown_before, word
from fyraften_policy.findings import ATTENTION, BROKEN, WORST_FIRST
from fyraften_policy.languages import Translate
from fyraften_policy.periods import local_date

_SHOWN_OF_A_RULE = 5


def add(commands: Any, _: Translate) -> None:
    """Register ``week`` and ``month``."""
    week = commands.add_parser(
        "week",
        help=_("show a week: days, places, what the rules say"),
        epilog=_("Examples:\n  fyraften week\n  fyraften week 2026-W46\n  fyraften week yesterday"),
    )
    week.add_argument(
        "week", nargs="?", default="today", metavar=_("WEEK"), help=_("another week: 2026-W46, or a day in it")
    )
    week.set_defaults(run="week:week")
    month = commands.add_parser(
        "month",
        help=_("show a month: days, places, what the rules say"),
        epilog=_("Examples:\n  fyraften month\n  fyraften month 2026-10"),
    )
    month.add_argument("month", nargs="?", metavar=_("MONTH"), help=_("another month, such as 2026-10"))
    month.set_defaults(run="week:month")


def week(arguments: argparse.Namespace, context: Context) -> int:
    """Show one ISO week."""
    name = week_meant(arguments.week, _today(context), context._)
    view = look_at_week(context.paths, context.clock, name)
    heading = context._("Week {week}: {time} of screen work").format(
        week=name, time=duration(view.worked_seconds, context._)
    )
    context.show(arguments, view.as_json("week", str), _lines(heading, view, context))
    return ExitCode.DONE


def month(arguments: argparse.Namespace, context: Context) -> int:
    """Show one calendar month."""
    today = _today(context)
    name = month_meant(arguments.month, today, context._) if arguments.month else f"{today:%Y-%m}"
    view = look_at_month(context.paths, context.clock, name)
    heading = context._("Month {month}: {time} of screen work").format(
        month=name, time=duration(view.worked_seconds, context._)
    )
    context.show(arguments, view.as_json("month", str), _lines(heading, view, context))
    return ExitCode.DONE


def _today(context: Context) -> date:
    return local_date(context.clock.now(), context.clock.zone())


def _lines(heading: str, view: MonthView, context: Context) -> list[str]:
    _ = context._
    lines = [heading]
    if view.places:
        lines += columns([_head(view, _), *(_row(day, view, _) for day in view.days_to_show), _foot(view, _)])
        if view.begins_before_all and view.known_from is not None:
            lines += ["", unknown_before(view.known_from, view.zone, _)]
        lines += ["", _("Days with screen work at home: {days}").format(days=view.home_days)]
    else:
        lines.append("  " + _("No screen work is recorded."))
    return lines + section(_("What the rules say"), _finding_lines(view, context), _("There is nothing to judge yet."))


def _head(view: MonthView, _: Translate) -> list[str]:
    places = [word(PLACES, place, _) for place in view.places]
    return [_("day"), "", _("together"), *places, _("not observed")]


def _row(day: MonthDay, view: MonthView, _: Translate) -> list[str]:
    return [
        day.date.isoformat(),
        _(WEEKDAYS[day.date.weekday()]),
        *(_time(seconds, _) for seconds in (day.worked_seconds, *(day.seconds[place] for place in view.places))),
        _time(day.unobserved_seconds, _),
    ]


def _foot(view: MonthView, _: Translate) -> list[str]:
    return [_("together"), "", *(_time(seconds, _) for seconds in (view.worked_seconds, *_by_place(view)))]


def _by_place(view: MonthView) -> list[int]:
    return [view.seconds[place] for place in view.places]


def _time(seconds: int, _: Translate) -> str:
    return duration(seconds, _) if seconds else "–"


def _finding_lines(view: MonthView, context: Context) -> list[str]:
    """Return a line for each rule with how often it said what, and below it what to look at."""
    _ = context._
    told = [finding for finding in view.findings if finding.reason not in NOT_TOLD]
    words = [finding_words(finding, view.zone, _, context.policy_words) for finding in told]
    rules = [[one for one in words if one.rule == rule] for rule in dict.fromkeys(one.rule for one in words)]
    lines: list[str] = []
    for head, rule in zip(columns([_rule_row(rule, _) for rule in rules]), rules, strict=True):
        lines += [head, *_to_look_at(rule, _)]
    quiet = [finding for finding in view.findings if finding.reason in NOT_TOLD]
    if quiet:
        lines += ["", *(f"  {line}" for line in textwrap.wrap(not_looked_at(quiet, _), width() - 2))]
    return [*lines, "", _("How it comes about: fyraften why RULE, with a name from above")] if rules else lines


def _rule_row(rule: Sequence[FindingWords], _: Translate) -> list[str]:
    by_worst = sorted(rule, key=_rank)
    counted = Counter(one.word for one in by_worst)
    counts = [_("{count} × {verdict}").format(count=count, verdict=verdict) for verdict, count in counted.items()]
    return [rule[0].title, ", ".join(counts), rule[0].rule]


def _rank(finding: FindingWords) -> int:
    """Return the place in the order from worst on; what the screen rule answers comes before."""
    return WORST_FIRST.index(finding.verdict) if finding.verdict in WORST_FIRST else -1


def _to_look_at(rule: Sequence[FindingWords], _: Translate) -> list[str]:
    found = [one for one in rule if one.verdict in (BROKEN, ATTENTION)]
    lines = [f"      {one.days}: {'; '.join(one.in_short)}" for one in found[:_SHOWN_OF_A_RULE]]
    if len(found) > _SHOWN_OF_A_RULE:
        lines.append("      " + _("and {count} more").format(count=len(found) - _SHOWN_OF_A_RULE))
    return lines
