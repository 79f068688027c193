"""The home-work agreement as a TOML file that both sides can read: hours, home days, exceptions, absences.

The keys of ``[agreement]``, ``[[absences]]`` and ``[parameters]`` are those of the facts format, and the policy library
checks them; ``[terms]`` is for people and no rule reads it. This module reads TOML, adds ``jurisdiction``, and writes
the example.
Not here: keeping the versions (``store/store.py``).
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time
from typing import Any

from fyraften_agent.agreement.words import TERMS
from fyraften_agent.errors import InputError
from fyraften_policy.errors import FactsError
from fyraften_policy.facts import read_facts
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import LocalTimeError, parse_date
from fyraften_policy.sentences import Sentence, sentence

TABLES = ("jurisdiction", "agreement", "absences", "parameters", "terms")
_DATES = ("valid_from", "review_on")
_LONGEST_TERM = 500


class AgreementFileError(InputError):
    """The file cannot be taken over: ``key`` is a path such as ``agreement.normal_hours.mon[0]``."""

    def __init__(self, key: str, message: str | Sentence, remedy: str | Sentence, **values: object) -> None:
        said, advised = sentence(message, **values), sentence(remedy, **values)
        whole = "{key}: {message} {remedy}" if key else "{message} {remedy}"
        super().__init__(whole, key=key, message=said, remedy=advised)
        self.key, self.message, self.remedy = key, str(said), str(advised)


def read_agreement_file(text: str) -> dict[str, Any]:
    """Return ``jurisdiction``, ``agreement``, ``absences``, ``parameters`` and ``terms`` as the store keeps them.

    Raises:
        AgreementFileError: no TOML, a key that does not exist, or a value that does not fit.
    """
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))  # the mark that some editors begin a file with
    except (ValueError, RecursionError) as problem:  # the library's own error, or what Python says of what is too much
        raise _not_toml(str(problem)) from None
    for key in document:
        if key not in TABLES:
            remedy = mark("The file has {tables}; employment facts stand below [agreement].")
            raise AgreementFileError(key, mark("There is no such key."), remedy, tables=", ".join(TABLES))
    if "jurisdiction" not in document:
        remedy = mark('Add it at the top: jurisdiction = "DK".')
        raise AgreementFileError("jurisdiction", mark("The field is missing."), remedy)
    plain = _plain(document)
    agreement = {
        "jurisdiction": plain["jurisdiction"],
        "agreement": plain.get("agreement", {}),
        "absences": plain.get("absences", []),
        "parameters": plain.get("parameters", {}),
    }
    if "terms" in plain:
        agreement["terms"] = plain["terms"]
    check_agreement(agreement)
    return agreement


def _not_toml(problem: str) -> AgreementFileError:
    """Return the error of a file that is not TOML, with the place that its reader names at the end of its English."""
    found = re.search(r"line (\d+), column (\d+)", problem)
    message = mark("The file is not TOML: look at line {line}, column {column}.")
    if found is None and "end of document" in problem:
        message = mark("The file is not TOML: it ends too early.")
    elif found is None:
        message = mark("The file is not TOML: a number in it is too long, or brackets stand too deep in each other.")
    line, column = found.groups() if found is not None else ("", "")
    return AgreementFileError(
        "", message, mark("Compare it with: fyraften agreement template"), line=line, column=column
    )


def check_agreement(agreement: dict[str, Any]) -> None:
    """Let the policy library read the agreement as it will when it judges.

    Raises:
        AgreementFileError: a key that does not exist, or a value that does not fit.
    """
    period = {"start": "2026-01-05", "end": "2026-01-12"}  # any week: there is no work in it to judge
    facts = {key: value for key, value in agreement.items() if key != "terms"}
    try:
        read_facts({**facts, "zone": "UTC", "work": [], "period": period})
    except FactsError as problem:
        raise AgreementFileError(problem.field, *problem.sentences) from None
    if "terms" in agreement:
        _check_terms(agreement["terms"])


def _check_terms(terms: object) -> None:
    """Check what people agreed in words."""
    if not isinstance(terms, dict):
        raise AgreementFileError("terms", mark("{value} is no table."), mark("Write [terms]."), value=repr(terms))
    for key, value in terms.items():
        if key not in TERMS:
            raise AgreementFileError(
                f"terms.{key}", mark("There is no such key."), mark("Use {words}."), words=", ".join(TERMS)
            )
        if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TERM:
            remedy = mark("Write a text of at most {count} signs between quotation marks.")
            raise AgreementFileError(f"terms.{key}", mark("This is no such text."), remedy, count=_LONGEST_TERM)
        if key in _DATES:
            _check_date(f"terms.{key}", value)


def _check_date(key: str, value: str) -> None:
    try:
        parse_date(value)
    except LocalTimeError:
        remedy = mark("Write it as 2026-11-22.")
        raise AgreementFileError(key, mark("{value} is no date."), remedy, value=repr(value)) from None


def _plain(value: Any) -> Any:
    """Return TOML's dates and times as the text that the facts format has for them."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, time):
        return f"{value:%H:%M}" if not value.second and not value.microsecond else value.isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


# Comment above, lines below. A line that starts with "#" and no space is a setting that the example leaves out.
_TEMPLATE: tuple[tuple[str, str], ...] = (
    (
        mark("Your home-work agreement, as both sides see it. Change it, then: fyraften agreement import FILE"),
        "",
    ),
    (mark("The law of the place of work: DK, NO or EU."), 'jurisdiction = "DK"\n\n[agreement]'),
    (mark("Agreed hours a week, and agreed days a week at home."), "weekly_hours = 37\nhome_days = 2"),
    (
        mark("May you use a workplace outside the home that meets the rules for screen work? yes, no or unknown."),
        'accessible_workstation_elsewhere = "unknown"',
    ),
    (
        mark("True where it is so; leave out what is not."),
        "#works_only_at_home = true\n#plans_own_time = true\n#unmeasurable_time = true\n#on_call = true\n"
        "#self_organiser = true\n#foster_care = true",
    ),
    (mark("Dates of written agreements: on rest (chapter 6), and on working at home."),
     "#chapter_6 = 2026-01-01\n#home_agreement = 2026-01-01"),
    (mark("The latest eye test and the latest check of the home workplace."),
     "#last_eye_test = 2026-01-15\n#last_workplace_check = 2026-01-15"),
    (
        mark("Days on which an exception from the daily rest was used, with its ground: annual_accounts, "
             "evening_meeting, state_agreement, shift_change or force_majeure."),
        '#rest_exceptions = [{ date = 2026-01-13, ground = "annual_accounts" }]',
    ),
    (mark("Norway: the written agreement on work in the evening."), '#night_agreement_until = "23:00"'),
    (
        mark("Normal hours. A weekday that is left out is free. 24:00 is midnight at the end of the day."),
        '[agreement.normal_hours]\nmon = [["08:00", "16:00"]]\ntue = [["08:00", "16:00"]]\nwed = [["08:00", "16:00"]]\n'
        'thu = [["08:00", "16:00"]]\nfri = [["08:00", "15:00"]]',
    ),
    (
        mark("Days off, both ends included: holiday, sick, leave or public_holiday. Repeat the block for each."),
        '#[[absences]]\n#start = 2026-07-06\n#end = 2026-07-24\n#kind = "holiday"',
    ),
    (
        mark("Where a collective agreement has other values than the law, by the parameter's id."),
        '[parameters]\n#"dk.rest.daily.minimum" = 11',
    ),
    (
        mark("What you agree in words. It stands on the printed agreement; no rule reads it."),
        '[terms]\n#valid_from = 2026-01-01\n#review_on = 2026-07-01\n#reachable = "09:00–15:00"\n#expectations = "…"\n'
        '#equipment = "…"\n#other = "…"',
    ),
)  # fmt: skip


def agreement_template(_: Translate) -> str:
    """Return an example file with comments; it can be imported as it is, and with every setting switched on."""
    blocks = []
    for comment, lines in _TEMPLATE:
        blocks.append("\n".join(part for part in ("# " + _(comment), lines) if part))
    return "\n\n".join(blocks) + "\n"
