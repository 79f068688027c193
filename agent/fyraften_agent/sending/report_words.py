"""What a report says when a person reads it: a word or two for each value, from the registry.

Pure. Not here: what a field means (the registry says it).
"""

from __future__ import annotations

from typing import Any

from fyraften_agent.shown.wording import WEEKDAYS, duration
from fyraften_policy import wire
from fyraften_policy.languages import Translate, mark

_NOT_SENT = {
    "newer": mark("Sent as not known, because it is newer than the text you agreed to: {meaning}."),
    "past_review": mark("Sent as not known, because its review of {date} is overdue: {meaning}."),
}


def field_words(field: wire.Field, value: Any, language: str, _: Translate) -> str:
    """Return what a field says, in words."""
    if field.type == "minutes" and isinstance(value, list):
        days = zip(WEEKDAYS, value, strict=True)
        return ", ".join(_("{day} {time}").format(day=_(day), time=_total(minutes, _)) for day, minutes in days)
    return value_words(value, language, _)


def value_words(value: Any, language: str, _: Translate) -> str:
    """Return a value in words; codes such as a week or a group stay what they are."""
    if isinstance(value, list):
        return ", ".join(value_words(item, language, _) for item in value) or _("nothing")
    return wire.value_word(str(value).lower() if isinstance(value, bool) else str(value), language)


def not_sent_lines(report: wire.Report, kept_back: dict[str, wire.Reason], language: str, _: Translate) -> list[str]:
    """Return a sentence for each field that is sent as not known: see :func:`fyraften_policy.wire.withheld`."""
    return [
        _(_NOT_SENT[kept_back[field.name]]).format(
            meaning=field.meaning[language], date=field.reviewed_until.isoformat()
        )
        for field in report.fields
        if field.name in kept_back
    ]


def _total(minutes: int | None, _: Translate) -> str:
    return _("left out") if minutes is None else duration(60 * minutes, _)
