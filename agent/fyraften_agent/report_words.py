"""What the values of a report are called when a person reads them: one word or two for each value of the registry.

Pure. A test checks that no value of ``wire.toml`` is missing. Not here: what a field means (the registry says it).
"""

from __future__ import annotations

from typing import Any

from fyraften_policy.languages import Translate, mark

_WORDS = {
    "unknown": mark("not known"),
    "none": mark("none"),
    "under_half": mark("under half"),
    "half_or_more": mark("half or more"),
    "all": mark("all"),
    "kept": mark("kept"),
    "missed": mark("missed"),
    "covered": mark("they apply"),
    "not_covered": mark("they do not apply"),
    "provisional": mark("they may come to apply"),
    "varied": mark("varied"),
    "some_long_stretches": mark("some long stretches"),
    "long_stretches": mark("long stretches"),
    "done": mark("done"),
    "help_wanted": mark("help wanted"),
    "not_done": mark("not done"),
    "chair": mark("chair"),
    "desk": mark("desk"),
    "keyboard_mouse": mark("keyboard and mouse"),
    "light": mark("light"),
    "screen": mark("screen"),
    "0": mark("0"),
    "1": mark("1"),
    "2": mark("2"),
    "3": mark("3"),
    "4": mark("4"),
    "2+": mark("2 or more"),
    "3+": mark("3 or more"),
    "5+": mark("5 or more"),
}


def value_words(value: Any, _: Translate) -> str:
    """Return a value in words; codes such as a week or a group stay what they are."""
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    if isinstance(value, list):
        return ", ".join(value_words(item, _) for item in value) or _("nothing")
    return _(_WORDS[value]) if value in _WORDS else str(value)


def has_words(value: str) -> bool:
    """Say whether there is a word for a value of the registry."""
    return value in _WORDS
