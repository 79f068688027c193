"""The words for what reports answer, for duties and for equipment, marked for translation."""

from __future__ import annotations

from fyraften_policy.languages import Translate, mark
from fyraften_service.groups import HIDDEN, NEARLY_ALL

ANSWERS = {
    "none": mark("none"),
    "under_half": mark("under half"),
    "half_or_more": mark("half or more"),
    "all": mark("all"),
    "kept": mark("kept"),
    "missed": mark("missed"),
    "covered": mark("applies"),
    "not_covered": mark("does not apply"),
    "provisional": mark("would apply if it goes on"),
    "varied": mark("varied"),
    "some_long_stretches": mark("some long stretches"),
    "long_stretches": mark("long stretches"),
    "unknown": mark("could not be measured"),
}
"""Answers that are no numbers. A number stands for itself; ``3+`` is "3 or more"."""

EQUIPMENT = {
    "screen": mark("a screen"),
    "keyboard_mouse": mark("a keyboard and a mouse"),
    "desk": mark("a desk"),
    "chair": mark("a chair"),
    "light": mark("better light"),
}

DUTIES = {
    "workplace_meets_rules": mark(
        "Screen, keyboard and mouse, desk, chair and light at home must meet the rules (6.1 to 6.5)."
    ),
    "pauses_arranged": mark("The work must be arranged so that screen work is regularly interrupted (6.7)."),
    "eye_test_offered": mark("An eye test must be offered, before the work begins and at intervals (6.8)."),
}

CHECKS = {
    "done": mark("Has checked the workplace at home."),
    "help_wanted": mark("Asks for help with the check of the workplace at home."),
    "not_done": mark("Has not checked the workplace at home yet."),
}


def answer_words(value: str, _: Translate) -> str:
    """Return an answer as people read it."""
    if value in ANSWERS:
        return _(ANSWERS[value])
    if value.endswith("+"):
        return _("{number} or more").format(number=value[:-1])
    return value


def share_words(share: str, _: Translate) -> str:
    """Return a share as people read it."""
    if share == HIDDEN:
        return _("not shown")
    if share == NEARLY_ALL:
        return _("nearly all")
    return _("{percent} %").format(percent=share)
