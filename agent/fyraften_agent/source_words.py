"""Where a verdict's number and law stand, whether the wording was checked there, and what to do where there is none.

Pure words, shared by everything that shows a finding. Not here: the finding's figures (``finding_words.py``) and the
layout (``explaining.py``, ``pages/``).
"""

from __future__ import annotations

from collections.abc import Mapping

from fyraften_agent.wording import duration
from fyraften_policy.findings import Figure, Finding, Word, decimals, figure
from fyraften_policy.languages import Translate, mark
from fyraften_policy.parameters import Citation, InForce

# The numbers of the law as a person says them, by the unit of the law file. Times and shares are written otherwise.
UNITS = {
    "hour_per_week": mark("{amount} hours a week"),
    "hour_per_day": mark("{amount} hours a day"),
    "clock_hour": mark("{amount} o'clock"),
    "month": mark("{amount} months"),
    "month_since": mark("{amount} months"),
    "day_per_week": mark("{amount} days a week"),
    "week": mark("{amount} weeks"),
    "count_per_week": mark("{amount} times a week"),
    "count_per_year": mark("{amount} times a year"),
}
_UNITS_OF_ONE = {
    "hour_per_week": mark("1 hour a week"),
    "hour_per_day": mark("1 hour a day"),
    "month": mark("1 month"),
    "month_since": mark("1 month"),
    "day_per_week": mark("1 day a week"),
    "week": mark("1 week"),
    "count_per_week": mark("once a week"),
    "count_per_year": mark("once a year"),
}

# What nobody told cannot be judged: said once and quietly, not as an open question of every day.
NOT_TOLD = ("no_normal_hours", "no_home_days", "no_date")

# What the employee can do about a reason, with the agent's commands. Some reasons leave nothing to do.
REMEDIES: Mapping[str, str] = {
    "no_complete_period": mark("Nothing is to be done: it is judged once a whole period is there."),
    "no_value": mark("Nothing can be done here: read the law of that time. The dates we know are in docs/law.md."),
    "unobserved": mark(
        "If you worked in the time of which nothing is known, write it down: fyraften log add. It is judged once "
        "enough is known; time before Fyraften began stays open."
    ),
    "place_unknown": mark(
        "Say where it was: fyraften place for the network you are on, fyraften log edit for one session."
    ),
    "no_normal_hours": mark("Write your normal hours into your agreement (normal_hours): fyraften agreement"),
    "no_home_days": mark("Write the agreed days into your agreement (home_days): fyraften agreement"),
    "no_date": mark(
        "Only if you like: answer it in a self-check (fyraften selfcheck do eyes, fyraften selfcheck do workplace), or "
        "write the date into your agreement (last_eye_test, last_workplace_check). It stays on this computer."
    ),
    "self_organiser": mark("If that is not so, correct your agreement (self_organiser): fyraften agreement"),
    "foster_care": mark("If that is not so, correct your agreement (foster_care): fyraften agreement"),
}

# The same for who writes the facts into a file.
REMEDIES_IN_FACTS: Mapping[str, str] = {
    "no_complete_period": mark("Judge a longer period (period), or add the work of it (work)."),
    "no_value": REMEDIES["no_value"],
    "unobserved": mark("If more is known, say so in the facts: observed tells the times of which all is known."),
    "place_unknown": mark("Say in the facts where each session was: place."),
    "no_normal_hours": mark("Add the agreed hours to the facts: agreement.normal_hours."),
    "no_home_days": mark("Add the agreed days to the facts: agreement.home_days."),
    "no_date": mark("Add the date to the facts: agreement.last_eye_test, agreement.last_workplace_check."),
    "self_organiser": mark("If that is not so, correct the facts: agreement.self_organiser."),
    "foster_care": mark("If that is not so, correct the facts: agreement.foster_care."),
}

CHECKED = mark("The wording was checked at this address.")
NOT_CHECKED = mark(
    "The wording could not be checked at its source, or not all of it: it rests on general knowledge. Read the source "
    "before you rely on it."
)


def source_of(citation: Citation, policy_words: Translate) -> str:
    """Return act and provision as they are cited; a word of our own in them is translated."""
    parts = [part for part in (citation.act, citation.provision) if part]
    return ", ".join(policy_words(part) if isinstance(part, Word) else part for part in parts)


def wording_of(finding: Finding, _: Translate) -> str:
    """Return whether the wording of the finding's law and number was checked; empty for what is no published text."""
    value = finding.value
    if not finding.citation.url:
        return ""
    of_value = value is None or value.is_replaced or value.citation.checked
    return _(CHECKED if finding.citation.checked and of_value else NOT_CHECKED)


def value_of(finding: Finding, _: Translate, policy_words: Translate) -> str:
    """Return the value judged by, with its id and first date, empty where no value was used.

    Where the value stands in another place than the rule, that is named too; and where it is our reading, that it is.
    """
    value = finding.value
    if value is None:
        return ""
    amount, name = amount_of(value, _), value.parameter.id
    if value.since is None:
        sentence = _("Value judged by: {amount}, set by your agreement in place of the law's ({parameter})")
        return sentence.format(amount=amount, parameter=name)
    place, of_rule = (source_of(citation, policy_words) for citation in (value.citation, finding.citation))
    if value.parameter.kind == "reading":
        sentence = _("Value judged by: {amount}, our reading, for days since {since} ({parameter}; {source}, {url})")
    elif place == of_rule:
        sentence = _("Value judged by: {amount}, in force since {since} ({parameter})")
    else:
        sentence = _("Value judged by: {amount}, in force since {since} ({parameter}; {source}, {url})")
    return sentence.format(amount=amount, since=value.since, parameter=name, source=place, url=value.citation.url)


def percent(share: float, _: Translate) -> str:
    """Return a share as a percentage with at most one decimal."""
    return Figure(f"{decimals(100 * share, 1).removesuffix('.0')} %").told(_)


def amount_of(value: InForce, _: Translate) -> str:
    """Return an amount of the law as a person says it: ``11 h``, ``48 hours a week``, ``50 %``."""
    unit = value.parameter.unit
    if unit in ("second", "minute", "hour"):
        return duration(value.seconds, _)
    if unit == "share":
        return percent(float(value.amount), _)
    sentence = _UNITS_OF_ONE.get(unit, UNITS[unit]) if value.amount == 1 else UNITS[unit]
    return _(sentence).format(amount=figure(value.amount).told(_))
