"""A finding as a lawyer reads it: the verdict in plain words, the arithmetic step by step, and where its number stands.

The text of ``fyraften why``, ``fyraften check --explain`` and the demonstration. Pure: lines come out, nothing is
printed. Not here: the words (``finding_words.py``, ``source_words.py``), which finding is meant (``cli/why.py``).
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fyraften_agent.shown.finding_words import FindingWords, finding_words, forecast_lines
from fyraften_agent.shown.source_words import NOT_TOLD, REMEDIES_IN_FACTS
from fyraften_agent.shown.wording import RULES, VERDICTS, word
from fyraften_policy.evaluate import Answer
from fyraften_policy.findings import WORST_FIRST, Finding
from fyraften_policy.languages import Translate

# The verdicts of the screen rule stand among the others by what they ask of the reader.
_FIRST = (*WORST_FIRST[:2], "covered", "provisional", *WORST_FIRST[2:], "not_covered")


def explained(words: FindingWords, _: Translate, width: int) -> list[str]:
    """Return a finding with its steps, number and source, and an empty line after it."""
    head = f"{words.title}: {words.word}"
    lines = [f"{head} – {words.figures}" if words.figures else head]
    if words.period:
        lines.append(f"  {words.period}")
    if words.reason:
        lines += _folded(words.reason, width)
    if words.remedy:
        lines += _folded(_("What to do: {remedy}").format(remedy=words.remedy), width)
    for number, step in enumerate(words.steps, 1):
        lines += _folded(step, width, lead=f"  {number}. ")
    lines += _folded(words.value, width)
    lines += _folded(f"{words.force}: {words.source}", width)
    if words.url:
        lines.append(f"  {words.url}")
    return [*lines, *_folded(words.wording, width), ""]


def explained_json(finding: Finding, zone: str) -> dict[str, Any]:
    """Return the finding as a document that holds as much as the text: with whether the wording was checked."""
    document, words = finding.as_json(zone, str), finding_words(finding, zone, str, str)
    document["title"], document["remedy"] = words.title, words.remedy
    document["citation"]["checked"] = finding.citation.checked
    if finding.value is not None and not finding.value.is_replaced:
        of_value = finding.value.citation
        source = {"act": of_value.act, "provision": of_value.provision, "url": of_value.url}
        document["citation"]["parameter"]["citation"] = {**source, "checked": of_value.checked}
    return document


def explained_answer(answer: Answer, _: Translate, policy_words: Translate, width: int) -> list[str]:
    """Return everything an answer says as text: rule by rule, those to look at first, each with all its findings.

    What nobody told, or is not there to judge, comes last.
    """
    by_rule: dict[str, list[Finding]] = {}
    for finding in sorted(answer.findings, key=_to_look_at):
        by_rule.setdefault(finding.rule, []).append(finding)
    lines: list[str] = []
    for rule, findings in by_rule.items():
        lines += [*_under(f"{word(RULES, rule, _)} ({rule}) – {tally(findings, _)}", "-"), ""]
        for finding in findings:
            words = finding_words(finding, answer.zone, _, policy_words, REMEDIES_IN_FACTS)
            lines += explained(words if answer.has_period else replace(words, period=""), _, width)
    # Findings go up to now at most: what was to come by then has been missed.
    now = max((finding.end for finding in answer.findings), default=0)
    coming = forecast_lines(answer.forecast, answer.zone, now, _, has_worked=True)
    return [*lines, *([*_under(_("What comes next"), "-"), *coming, ""] if coming else [])]


def explained_error(error: Mapping[str, Any], _: Translate) -> list[str]:
    """Return what is wrong with a document, where, and what to do: from the ``error`` of the answer to it."""
    where = {_("Line: {where}"): error["line"], _("Field: {where}"): error["field"]}
    return [
        _("This document cannot be judged."),
        *(f"  {sentence.format(where=name)}" for sentence, name in where.items() if name),
        f"  {error['message']}",
        "  " + _("What to do: {remedy}").format(remedy=error["remedy"]),
        "",
    ]


def tally(findings: Sequence[Finding], _: Translate) -> str:
    """Return how often a rule said what, the worst first."""
    counted = Counter(finding.verdict for finding in findings)
    return ", ".join(f"{word(VERDICTS, verdict, _)}: {counted[verdict]}" for verdict in _FIRST if verdict in counted)


def _to_look_at(finding: Finding) -> tuple[bool, int]:
    is_empty = finding.reason in (*NOT_TOLD, "no_complete_period")
    return is_empty, _FIRST.index(finding.verdict)


def heading_of(name: str | int, _: Translate) -> list[str]:
    """Return the heading of one document, by its id, or its number where it has none."""
    return [*_under(_("Document {id}").format(id=name), "="), ""]


def _under(heading: str, sign: str) -> list[str]:
    return [heading, sign * len(heading)]


def _folded(text: str, width: int, lead: str = "  ") -> list[str]:
    kept_together = text.replace("§ ", "§\N{NO-BREAK SPACE}")
    lines = textwrap.wrap(
        kept_together, width, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
