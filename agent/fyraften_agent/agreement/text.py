"""Writes the home-work agreement as the TOML file that ``agreement.file`` reads, each value below what it is called.

The library reads TOML and does not write it; what an agreement holds are texts, numbers, true and false, and lists and
tables of these.
Pure. Not here: which values are shown to whom (``agreement.words``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fyraften_agent.agreement.words import KEYS, TERMS
from fyraften_policy.languages import Translate
from fyraften_policy.periods import WEEKDAYS


def agreement_text(agreement: Mapping[str, Any], _: Translate) -> str:
    """Return the file; reading it gives the same agreement again."""
    lines = [
        "# " + _("The home-work agreement, as both sides see it. To take it over: fyraften agreement import FILE"),
        "",
        f"jurisdiction = {_toml(agreement['jurisdiction'])}",
        "",
        "[agreement]",
    ]
    hours = agreement["agreement"].get("normal_hours")
    for key, value in agreement["agreement"].items():
        if key != "normal_hours":
            lines += [*_comment(KEYS.get(key), _), f"{key} = {_toml(value)}"]
    if hours is not None:
        lines += ["", *_comment(KEYS["normal_hours"], _), "[agreement.normal_hours]"]
        lines += [f"{day} = {_toml(hours[day])}" for day in WEEKDAYS if day in hours]
    for absence in agreement["absences"]:
        lines += ["", "[[absences]]", *(f"{key} = {_toml(value)}" for key, value in absence.items())]
    if agreement["parameters"]:
        lines += ["", "[parameters]"]
        lines += [f"{_text(key)} = {_toml(value)}" for key, value in agreement["parameters"].items()]
    if agreement.get("terms"):
        lines += ["", "[terms]"]
        for key, value in agreement["terms"].items():
            lines += [*_comment(TERMS.get(key), _), f"{key} = {_toml(value)}"]
    return "\n".join(lines) + "\n"


def _comment(words: str | None, _: Translate) -> list[str]:
    return [] if words is None else ["# " + _(words)]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_text(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    return repr(value)


def _text(text: str) -> str:
    """Return a text as TOML's basic string: as JSON writes it, but for the one sign that only TOML escapes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
