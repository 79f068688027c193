"""docs/law.md: every rule, every number of the law with its dates and source, and what is not modelled.

Called by ``generate_docs.py``. Rules come from the modules of ``rules/`` (what they say in their first line, which
verdicts they and the modules they build on can give), numbers and gaps from the TOML files under ``law/``.
"""

from __future__ import annotations

import ast
import importlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import fyraften_policy
from fyraften_agent.shown.finding_words import FORCES
from fyraften_agent.shown.wording import RULES, VERDICTS
from fyraften_policy import findings
from fyraften_policy.evaluate import RULES as MODULES
from fyraften_policy.evaluate import Rule, rules_of
from fyraften_policy.parameters import Citation, Parameter, law_of

PACKAGE = Path(fyraften_policy.__file__).parent
UNCHECKED = "⚠"
OUR_READING = "our reading"
# The folder of the law files of each part of the page. What is asked everywhere stands once, at the end.
PARTS = {"dk": "Denmark", "no": "Norway", "eu": "European Union", "advice": "Everywhere: agreements and advice"}
_JURISDICTIONS = {"dk": "DK", "no": "NO", "eu": "EU"}
_NAMES = {verdict: name for name, verdict in vars(findings).items() for known in VERDICTS if verdict == known}
_MEANINGS = {
    "met": "the limit is kept; exactly at it is kept",
    "attention": "the law or the facts leave doubt; the question to ask stands in the steps",
    "broken": "the smallest step beyond the limit; there is no tolerance",
    "excepted": "would not be met, but a recorded exception or agreement covers it, and is named",
    "not_judged": "not enough is known or told, or the law has no value on those days; the reason says which",
    "not_applicable": "the rule does not concern this person or this work",
    "covered": "the special rules for screen work hold at home",
    "not_covered": "they do not",
    "provisional": "they will, if the work goes on so until it is regular",
    "advice": "worth a thought; never a legal verdict",
}


def law_page(note: str) -> str:
    """Return the page."""
    if missing := set(MODULES) - set(_JURISDICTIONS.values()):
        raise SystemExit(f"rules are judged for {', '.join(sorted(missing))}: give it a part in this script")
    lines = [
        "# The law, as it is judged here",
        "",
        note,
        "",
        "Every rule, every number that a rule uses with the date from which it holds, and what the law says that is",
        "not judged. Each day is judged by the numbers of that day; a day before the first is not judged. A collective",
        "agreement's own number replaces by the parameter's id, in the facts of `fyraften check` or in the agreement;",
        "the verdict then names it as the agreement's. This is arithmetic with its sources, not legal advice.",
        "",
        "How one verdict came about: `fyraften why RULE`, or `fyraften check --explain FILE`. Where the law leaves a",
        "choice, [decision 13](decisions/0013-readings-of-the-law.md) says which reading was chosen, and why.",
        "",
        f"{UNCHECKED} beside a source: its wording could not be checked, or not all of it, because the text was not to",
        "be had when the number was written down. It rests on general knowledge. Read the source before you rely on",
        "it; a verdict that uses such a number says so.",
        "",
        f"*{OUR_READING.capitalize()}* beside a number: the law sets none, and this is the one we chose.",
        "",
        "## Verdicts",
        "",
        "| verdict | shown as | meaning |",
        "|---|---|---|",
        *(f"| `{verdict}` | {VERDICTS[verdict]} | {meaning} |" for verdict, meaning in _MEANINGS.items()),
    ]
    for folder, title in PARTS.items():
        lines += ["", f"## {title}", "", *part(folder)]
    return "\n".join(lines) + "\n"


def part(folder: str) -> Iterator[str]:
    """Yield the rules, the numbers and the gaps of one jurisdiction."""
    yield from ("### Rules", "", "| rule | what it asks | force | verdicts | source |", "|---|---|---|---|---|")
    yield from (rule_row(rule, module) for rule, module in rules_in(folder))
    yield from ("", "### Numbers", "", "| parameter | meaning | value | from | source |", "|---|---|---|---|---|")
    for parameter in law_of(folder).values():
        yield from parameter_rows(parameter)
    yield from ("", f"### What is not modelled: {PARTS[folder]}", "")
    for gap in not_modelled(folder):
        rules = ", ".join(f"`{rule}`" for rule in gap["rules"])
        source = f" ({source_link(Citation(**gap['citation']))})" if "citation" in gap else ""
        yield f"* {rules + ': ' if rules else ''}{gap['what']}{source}"


def rules_in(folder: str) -> Iterator[tuple[Rule, str]]:
    """Yield the rules that one part of the page tells of, with the modules they stand in."""
    everywhere = set.intersection(*(set(names) for names in MODULES.values()))
    jurisdiction = _JURISDICTIONS.get(folder, next(iter(MODULES)))
    for name in MODULES[jurisdiction]:
        if (name in everywhere) is (folder not in _JURISDICTIONS):
            module = importlib.import_module(f"fyraften_policy.rules.{name}")
            yield from ((rule, name) for rule in getattr(module, "RULES", (module,)))


def rule_row(rule: Rule, module: str) -> str:
    """Return one rule as a row of the table."""
    forms = ", ".join(f"`{verdict}`" for verdict in verdicts_of(module))
    what = f"[{RULES[rule.RULE]}](../policy/fyraften_policy/rules/{module}.py): {first_line(module)}"
    return f"| `{rule.RULE}` | {what} | {FORCES[rule.FORCE]} | {forms} | {source_link(rule.citation())} |"


def parameter_rows(parameter: Parameter) -> Iterator[str]:
    """Yield a number of the law, a row for each value it has had."""
    label = parameter.label["en"].replace(OUR_READING, f"*{OUR_READING}*")
    if parameter.kind == "reading" and OUR_READING not in label:
        label = f"{label} (*{OUR_READING}*)"
    for value in parameter.values:
        source = source_link(value.citation or parameter.citation)
        yield f"| `{parameter.id}` | {label} | {value.amount} {parameter.unit} | {value.since} | {source} |"


def source_link(citation: Citation) -> str:
    """Return act and provision as a link, marked where the wording could not be checked."""
    words = ", ".join(text for text in (citation.act, citation.provision) if text).replace("|", "\\|")
    link = f"[{words}]({citation.url})" if citation.url else words
    return link if citation.checked else f"{UNCHECKED} {link}"


def not_modelled(folder: str) -> list[Mapping[str, Any]]:
    """Return what one jurisdiction's law says and no rule judges; ends the program where an entry is not complete."""
    known = {rule.RULE for jurisdiction in MODULES for rule in rules_of(jurisdiction)}
    entries: list[Mapping[str, Any]] = []
    for path in sorted((PACKAGE / "law" / folder).glob("*.toml")):
        entries += tomllib.loads(path.read_text(encoding="utf-8")).get("not_modelled", [])
    for entry in entries:
        if not entry["what"].endswith(".") or set(entry) - {"rules", "what", "citation"}:
            raise SystemExit(f"{folder}: an entry of not_modelled is whole sentences with rules and citation: {entry}")
        if strange := set(entry["rules"]) - known:
            raise SystemExit(f"{folder}: not_modelled names rules that there are not: {', '.join(sorted(strange))}")
    return entries


def first_line(module: str) -> str:
    """Return what a rule's module says first of it, without its id."""
    header = ast.get_docstring(source_of(module)) or ""
    return " ".join(header.split("\n\n")[0].split()).partition(": ")[2]


def verdicts_of(module: str) -> list[str]:
    """Return the verdicts that a rule can answer: those its module, and those of ``rules/`` it builds on, speak of."""
    used = {name for one in built_on(module) for name in names_used(source_of(one))}
    if "settle" in used:
        used |= {"ATTENTION", "NOT_JUDGED"}  # what is not known leads to these
    spoken = {verdict for verdict, name in _NAMES.items() if name in used}
    return [verdict for verdict in VERDICTS if verdict in spoken | {"not_judged"}]


def built_on(module: str) -> Iterable[str]:
    """Return a module of ``rules/`` and those of them it imports from, in the end."""
    found, waiting = {module}, [module]
    while waiting:
        for name in imported(source_of(waiting.pop())) - found:
            found.add(name)
            waiting.append(name)
    return found


def imported(tree: ast.Module) -> set[str]:
    """Return the modules of ``rules/`` from which a module imports."""
    prefix = "fyraften_policy.rules."
    sources = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {source.removeprefix(prefix) for source in sources if source.startswith(prefix)}


def names_used(tree: ast.Module) -> set[str]:
    """Return the names that a module reads."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def source_of(module: str) -> ast.Module:
    """Return a module of ``rules/``, parsed."""
    return ast.parse((PACKAGE / "rules" / f"{module}.py").read_text(encoding="utf-8"))
