"""docs/what-leaves-your-laptop.md and docs/schemas/: every report, what is said of it before, and its JSON Schema.

Called by ``generate_docs.py``. Everything comes from the wire registry.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from fyraften_policy import wire
from fyraften_policy.languages import LANGUAGES

LABELS = {
    "en": (
        "In English",
        "What for",
        "Basis",
        "Who sees it",
        "How long it is kept",
        "What you should know",
        "If you stop",
    ),
    "da": (
        "På dansk",
        "Til hvad",
        "Grundlag",
        "Hvem ser det",
        "Hvor længe det opbevares",
        "Det skal du vide",
        "Hvis du holder op",
    ),
    "nb": (
        "På norsk",
        "Til hva",
        "Grunnlag",
        "Hvem ser det",
        "Hvor lenge det lagres",
        "Dette bør du vite",
        "Hvis du slutter",
    ),
}
TEXTS = ("what_for", "basis", "seen_by", "keep", "know", "after")
INTRODUCTION = """\
This is everything: wire version {version}, {count} reports. Each needs a yes of its own, is shown to you byte for byte
before it is sent, and is sent only after you approved it; those that carry no name leave by themselves after two days
where you chose that, and you are told the day before. There is no heartbeat, no crash upload and no update check.
Besides, a service is asked for the employer's policy, only when something is sent, and what you tell Fyraften to ask:
who it is, to take you in, to erase what it has of you (again until it confirms), what it holds of you and who looked.
"""
RULES = """\
No field holds free text, a time of day, a network, an address or a name. A field that is newer than the text you agreed
to, or past the date until which it was reviewed, is sent as not known, and the preview says so; a report whose period
or group is past that date is made no more. The bits are counted from what the fields can say at most; with more than
the budget nothing can be made at all. Under the laws named last nobody can agree to it, and no report is made.
"""


def page(note: str) -> str:
    """Return the page on everything that may leave a laptop."""
    introduction = INTRODUCTION.format(version=wire.VERSION, count=len(wire.reports()))
    lines = ["# What may leave your laptop", "", note, "", introduction, *_overview(), "", RULES.rstrip()]
    for report in wire.reports():
        lines += ["", *_report(report)]
    return "\n".join(lines) + "\n"


def schema_page(report: wire.Report) -> str:
    """Return the JSON Schema of a report, as a file."""
    return json.dumps(wire.json_schema(report.id), indent=2, ensure_ascii=False) + "\n"


def schema_path(report: wire.Report) -> str:
    """Return where the schema of a report lies, from the folder of the project."""
    return f"docs/schemas/{report.name}.json"


def _overview() -> Iterator[str]:
    yield "| purpose | report | rests on | made | bits a week | budget | off under the law of |"
    yield "|---|---|---|---|---|---|---|"
    for report in wire.reports():
        rests_on = "the employer's legal duty" if report.legal_duty else "consent"
        made = (
            f"by itself, every {report.period}"
            if report.made_by_itself
            else f"when you choose to, for a {report.period}"
        )
        off = ", ".join(report.off_in) or "–"
        bits = f"{report.bits_per_week:.1f} | {report.bits_at_most}"
        yield f"| `{report.purpose}` | `{report.id}` | {rests_on} | {made} | {bits} | {off} |"


def _report(report: wire.Report) -> Iterator[str]:
    yield f"## {report.title['en']}: `{report.id}`"
    yield ""
    yield from _told(report, "en")
    yield ""
    yield f"One JSON object in canonical form (RFC 8785), [as this schema says](schemas/{report.name}.json):"
    yield ""
    yield "| field | meaning | values, and their words | unit | bits | since version | reviewed until |"
    yield "|---|---|---|---|---|---|---|"
    for field in report.fields:
        bits = f"{field.bits:.1f}" if field.is_answer else "–"
        dates = f"{field.since} | {field.reviewed_until}"
        yield f"| `{field.name}` | {field.meaning['en']} | {_values(field)} | {field.unit} | {bits} | {dates} |"
    for language in LANGUAGES:
        if language != "en":
            yield ""
            yield f"### {LABELS[language][0]}: {report.title[language]}"
            yield ""
            yield from _told(report, language)
            yield from (f"* `{field.name}`: {field.meaning[language]}" for field in report.fields)


def _told(report: wire.Report, language: str) -> Iterator[str]:
    for label, text in zip(LABELS[language][1:], TEXTS, strict=True):
        yield f"* **{label}**: {getattr(report, text)[language]}"


def _values(field: wire.Field) -> str:
    if field.type == "flag":
        return "`true`, `false`, `unknown`"
    if field.type == "minutes":
        return "seven numbers from 0 to 1440, or `null`"
    if not field.values:
        return {"week": "such as `2026-W46`", "month": "such as `2026-11`", "cell": "a code such as `sales`"}[
            field.type
        ]
    words = ", ".join(f"`{value}` {wire.value_word(value, 'en')}".removesuffix(f" {value}") for value in field.values)
    return f"any of {words}, or `unknown`" if field.type == "set" else words
