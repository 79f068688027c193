"""How the values of the home-work agreement are called, which of them belong to both sides, and which to the employee.

Dates of eye tests, days of absence and exceptions that were used stand in the employee's own records; they are no part
of what is shown to an employer.
Pure. Not here: reading and checking a file (``agreement.file``), writing one (``agreement.text``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fyraften_agent.shown.wording import WEEKDAYS
from fyraften_policy.errors import UnknownParameterError
from fyraften_policy.languages import Translate, mark, translator
from fyraften_policy.parameters import known_parameter
from fyraften_policy.periods import WEEKDAYS as WEEKDAY_NAMES
from fyraften_policy.rules.rest_exceptions import GROUND_WORDS

KEYS: Mapping[str, str] = {
    "weekly_hours": mark("Agreed hours a week"),
    "home_days": mark("Agreed days a week at home"),
    "normal_hours": mark("Normal hours"),
    "accessible_workstation_elsewhere": mark("A workplace elsewhere that meets the rules for screen work"),
    "works_only_at_home": mark("Works only at home"),
    "plans_own_time": mark("Plans the working time without the employer"),
    "unmeasurable_time": mark("The working time cannot be measured"),
    "on_call": mark("Is on call"),
    "self_organiser": mark("Is exempt as self-organiser"),
    "foster_care": mark("Foster care at home"),
    "chapter_6": mark("Written agreement on rest (chapter 6), of"),
    "home_agreement": mark("Written agreement on working at home, of"),
    "rest_exceptions": mark("Exceptions from the daily rest that were used"),
    "night_agreement_until": mark("Written agreement on work in the evening, until"),
    "day_boundary": mark("Time at which the day of 24 hours begins"),
    "reference_months": mark("Months over which working time is averaged"),
    "last_eye_test": mark("Latest eye test"),
    "last_workplace_check": mark("Latest check of the home workplace"),
    "eye_trouble": mark("Eyes last troubled at the screen"),
}
TERMS: Mapping[str, str] = {
    "valid_from": mark("In force from"),
    "review_on": mark("To be talked over again on"),
    "reachable": mark("When and how to be reachable"),
    "expectations": mark("What is expected of the work at home"),
    "equipment": mark("Equipment, and who sees to it"),
    "other": mark("What else is agreed"),
}
OWN_KEYS = frozenset({"rest_exceptions", "last_eye_test", "last_workplace_check", "eye_trouble"})

_VALUES = {"yes": mark("yes"), "no": mark("no"), "unknown": mark("not known")}
ABSENCES: Mapping[str, str] = {
    "holiday": mark("holiday"),
    "sick": mark("sick"),
    "leave": mark("leave"),
    "public_holiday": mark("public holiday"),
}
_LAWS = {"DK": mark("Denmark"), "NO": mark("Norway"), "EU": mark("European Union")}


def shared(agreement: Mapping[str, Any]) -> dict[str, Any]:
    """Return what both sides see of an agreement: without absences, used exceptions and dates of checks."""
    return {
        "jurisdiction": agreement["jurisdiction"],
        "agreement": {key: value for key, value in agreement["agreement"].items() if key not in OWN_KEYS},
        "absences": [],
        "parameters": agreement["parameters"],
        "terms": agreement.get("terms", {}),
    }


def with_own(agreement: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return an agreement that came back from the other side with what is the employee's own in the one before."""
    kept = {key: value for key, value in before["agreement"].items() if key in OWN_KEYS}
    return {
        **agreement,
        "agreement": {**kept, **agreement["agreement"]},
        "absences": agreement["absences"] or before["absences"],
    }


def rows(agreement: Mapping[str, Any], language: str, _: Translate) -> Iterator[tuple[str, str]]:
    """Give what is agreed as pairs of a name and a value that people read, normal hours day by day."""
    yield _("The law of the place of work"), _(_LAWS.get(agreement["jurisdiction"], agreement["jurisdiction"]))
    for key, words in KEYS.items():
        if key not in agreement["agreement"]:
            continue
        value = agreement["agreement"][key]
        if key == "normal_hours":
            yield from _hours(value, _)
        elif key == "rest_exceptions":
            yield _(words), ", ".join(f"{item['date']} ({_ground(item['ground'], language)})" for item in value)
        else:
            yield _(words), _value(value, _)
    for absence in agreement["absences"]:
        kind = _(ABSENCES[absence["kind"]])
        yield _("Day or days off"), f"{absence['start']} – {absence['end']}, {kind}"
    for name, value in agreement["parameters"].items():
        yield _label(name, language), str(value)
    for key, words in TERMS.items():
        if key in agreement.get("terms", {}):
            yield _(words), str(agreement["terms"][key])


def _hours(hours: Mapping[str, Any], _: Translate) -> Iterator[tuple[str, str]]:
    for name, day in zip(WEEKDAY_NAMES, WEEKDAYS, strict=True):
        ranges = hours.get(name, [])
        value = ", ".join(f"{start}–{end}" for start, end in ranges) if ranges else _("free")
        yield _("Normal hours, {day}").format(day=_(day)), value


def _ground(ground: str, language: str) -> str:
    """Return the ground of an exception in the words of the sentences that tell of it."""
    return GROUND_WORDS[ground].told(translator("fyraften_policy", language))


def _value(value: object, _: Translate) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _(_VALUES[value]) if isinstance(value, str) and value in _VALUES else str(value)


def _label(parameter: str, language: str) -> str:
    """Return what the law file calls a number, else its id."""
    try:
        return known_parameter(parameter).label[language]
    except UnknownParameterError:
        return parameter
