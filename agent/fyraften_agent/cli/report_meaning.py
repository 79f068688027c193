"""What a report means, in words: each value, each field that is kept back and why, and reports that are made no more.

Not here: where a report stands and its bytes (``cli/outbox.py``).
"""

from __future__ import annotations

from fyraften_agent.cli.context import Context
from fyraften_agent.cli.records import consent_to
from fyraften_agent.cli.show import columns
from fyraften_agent.sending.outbox import Item
from fyraften_agent.sending.report_words import field_words, not_sent_lines
from fyraften_policy import wire
from fyraften_policy.periods import local_date


def meaning_lines(item: Item, body: bytes, context: Context) -> list[str]:
    """Return what each value of a report means, and why a field says nothing that may not be sent."""
    values, kind = wire.decode(body), wire.report(item.report)
    rows = [
        [field.meaning[context.language], field_words(field, values[field.name], context.language, context._)]
        for field in kind.fields
    ]
    agreed = consent_to(item.purpose, context).wire_version or 0
    on = local_date(item.prepared_at, context.clock.zone())
    unknown = {field.name for field in kind.fields if wire.is_unknown(field, values)}
    kept_back = {name: why for name, why in wire.withheld(kind.id, agreed, on).items() if name in unknown}
    lines = not_sent_lines(kind, kept_back, context.language, context._)
    return columns(rows, indent="    ") + [f"  {line}" for line in lines]


def overdue_lines(context: Context) -> list[str]:
    """Return a sentence for each report the person agreed to that is made no more, because its review is overdue."""
    today = local_date(context.clock.now(), context.clock.zone())
    overdue = [kind for kind in wire.reports() if kind.made_until < today]
    text = context._(
        "No report on “{title}” is made after {date}: it needs a newer version of Fyraften, reviewed anew."
    )
    return [
        text.format(title=kind.title[context.language], date=kind.made_until.isoformat())
        for kind in overdue
        if consent_to(kind.purpose, context).is_given
    ]
