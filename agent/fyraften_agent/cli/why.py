"""``fyraften why RULE``: the arithmetic behind a verdict, step by step, with where the rule stands."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import width
from fyraften_agent.errors import InputError
from fyraften_agent.finding_words import FindingWords, finding_words
from fyraften_agent.looking import look_at_day
from fyraften_agent.spoken_times import day
from fyraften_agent.wording import RULES, word
from fyraften_policy.languages import Translate
from fyraften_policy.periods import local_date


def add(commands: Any, _: Translate) -> None:
    """Register ``why``."""
    why = commands.add_parser(
        "why",
        help=_("explain what a rule says, step by step"),
        epilog=_("Examples:\n  fyraften why dk.rest.daily\n  fyraften why dk.screen.home --date 2026-11-20"),
    )
    rules = ", ".join(RULES)
    why.add_argument("rule", metavar=_("RULE"), help=_("the rule, one of: {rules}").format(rules=rules))
    why.add_argument("--date", metavar=_("DATE"), default="today", help=_("another day, such as 2026-11-22"))
    why.set_defaults(run="why:why")


def why(arguments: argparse.Namespace, context: Context) -> int:
    """Explain the findings of one rule about one day."""
    _, rule = context._, arguments.rule
    if rule not in RULES:
        known = ", ".join(RULES)
        raise InputError(_("There is no rule {rule}. There are: {rules}.").format(rule=rule, rules=known))
    wanted = day(arguments.date, local_date(context.clock.now(), context.clock.zone()), _)
    view = look_at_day(context.paths, context.clock, wanted)
    findings = [finding for finding in view.findings if finding.rule == rule]
    document = {"date": wanted.isoformat(), "rule": rule, "findings": [f.as_json(view.zone, str) for f in findings]}
    lines = []
    for finding in findings:
        lines += explained(finding_words(finding, view.zone, _, context.policy_words), _)
    empty = _("{title}: there is nothing to judge on {date}.").format(title=word(RULES, rule, _), date=wanted)
    context.show(arguments, document, lines[:-1] or [empty])
    return ExitCode.DONE


def explained(words: FindingWords, _: Translate) -> list[str]:
    """Return a finding with its steps and source, and an empty line after it."""
    head = f"{words.title}: {words.word}"
    lines = [f"{head} – {words.figures}" if words.figures else head, f"  {words.period}"]
    if words.reason:
        lines.append(f"  {words.reason}")
    for number, step in enumerate(words.steps, 1):
        lead = f"  {number}. "
        lines += textwrap.wrap(
            step, width(), initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False
        )
    lines.append(f"  {words.force}: {words.source}")
    return [*lines, *([f"  {words.url}"] if words.url else []), ""]
