"""``fyraften why RULE``: the arithmetic behind a verdict, step by step, with where the rule stands.

Not here: which findings are those of a day (``shown/looking.py``) and how they are written (``shown/explaining.py``).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.exit_codes import ExitCode
from fyraften_agent.cli.show import columns, width
from fyraften_agent.errors import InputError
from fyraften_agent.shown.explaining import explained, explained_json
from fyraften_agent.shown.finding_words import finding_words
from fyraften_agent.shown.looking import jurisdiction_here, look_at_rule
from fyraften_agent.shown.spoken_times import day
from fyraften_agent.shown.wording import RULES, word
from fyraften_policy.evaluate import rules_of
from fyraften_policy.findings import Finding
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import day_interval, local_date


def add(commands: Any, _: Translate) -> None:
    """Register ``why``."""
    why = commands.add_parser(
        "why",
        help=_("explain what a rule says, step by step"),
        epilog=_(
            "Examples:\n  fyraften why\n  fyraften why dk.rest.daily\n  fyraften why screen.home --date 2026-11-20"
        ),
    )
    why.add_argument(
        "rule",
        nargs="?",
        metavar=_("RULE"),
        help=_("the rule, or a part of its name that no other rule has; without it, the rules are listed"),
    )
    why.add_argument(
        "--date", metavar=_("DATE"), default="today", help=_("what was judged by then, such as 2026-11-22")
    )
    why.set_defaults(run="why:why")


def why(arguments: argparse.Namespace, context: Context) -> int:
    """Explain what one rule says of a day, or the latest it said before it."""
    _ = context._
    rules = [rule.RULE for rule in rules_of(jurisdiction_here(context.paths, context.clock))]
    if arguments.rule is None:
        return _list(rules, arguments, context)
    rule, zone = rule_meant(arguments.rule, rules), context.clock.zone()
    wanted = day(arguments.date, local_date(context.clock.now(), zone), _)
    findings = look_at_rule(context.paths, context.clock, rule, wanted)
    document = {
        "date": wanted.isoformat(),
        "rule": rule,
        "findings": [explained_json(finding, zone) for finding in findings],
    }
    lines = []
    if findings and max(finding.end for finding in findings) <= day_interval(wanted, zone).start:
        lines += [_("Of {date} itself it says nothing yet. The latest before:").format(date=wanted), ""]
    lines += _explained(findings, zone, context)
    empty = _("{title}: there is nothing to judge on {date} or before.")
    context.show(arguments, document, lines[:-1] or [empty.format(title=word(RULES, rule, _), date=wanted)])
    return ExitCode.DONE


def rule_meant(text: str, rules: Sequence[str]) -> str:
    """Return the rule that a name, or a part that only one name has, stands for.

    Raises:
        InputError: it stands for none, or for several.
    """
    found = [text] if text in rules else [rule for rule in rules if text and text in rule]
    if len(found) == 1:
        return found[0]
    if found:
        message = mark("{rule} is part of several names: {rules}. Give more of the one you mean.")
        raise InputError(message, rule=text, rules=", ".join(found))
    message = mark("There is no rule {rule} in the law that holds for you. There are: {rules}.")
    raise InputError(message, rule=text, rules=", ".join(rules))


def _list(rules: Sequence[str], arguments: argparse.Namespace, context: Context) -> int:
    _ = context._
    document = {"rules": [{"rule": rule, "title": word(RULES, rule, _)} for rule in rules]}
    rows = [[rule, word(RULES, rule, _)] for rule in rules]
    lines = [_("The rules that are judged for you. One of them, step by step: fyraften why RULE"), *columns(rows)]
    context.show(arguments, document, lines)
    return ExitCode.DONE


def _explained(findings: Sequence[Finding], zone: str, context: Context) -> list[str]:
    words = (finding_words(finding, zone, context._, context.policy_words) for finding in findings)
    return [line for each in words for line in explained(each, context._, width())]
