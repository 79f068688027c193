"""A finding and a forecast in plain words: what it looks like, what the rule is, and where that stands.

Facts and figures only: no praise, no blame, no score. Shared by the command line and the local page. Pure.
Not here: the steps of the arithmetic, which the policy library made when it judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fyraften_agent.shown.source_words import REMEDIES, percent, source_of, value_of, wording_of
from fyraften_agent.shown.wording import RULES, VERDICTS, date_and_time, duration, time_near, word
from fyraften_policy.findings import ATTENTION, REASONS, Finding, decimals
from fyraften_policy.forecast import Forecast
from fyraften_policy.languages import Translate, mark
from fyraften_policy.periods import local_date

# What a rule measured, in one sentence, for one of its units where it has two. Rules without one get their unit's.
FIGURES = {
    "dk.rest.daily": mark("this looks like {measured} of rest; the rule is {limit}"),
    "dk.rest.weekly": mark("this looks like {measured} without a weekly day off; the rule is {limit} at most"),
    "dk.hours.average": mark("this looks like {measured} hours a week on average; the rule is {limit} at most"),
    "dk.break": mark("this looks like {measured} of work in the day; a break is due in more than {limit}"),
    "dk.night": mark("this looks like {measured} hours of work in 24 hours on average; the rule is {limit} at most"),
    "dk.screen.home": mark(
        "{measured} days a week at the screen at home on average; the rule speaks of more than {limit}"
    ),
    "no.rest.daily": mark("this looks like {measured} of rest; the rule is {limit}"),
    "no.rest.weekly": mark("this looks like {measured} of weekly rest; the rule is {limit}"),
    "no.night": mark("{measured} of work at night"),
    "no.sunday": mark("{measured} of work in the time off around Sundays and public holidays"),
    "no.hours": mark("{measured} of work in the day; the rule is {limit} at most"),
    "no.hours hour_per_week": mark("this looks like {measured} hours a week on average; the rule is {limit} at most"),
    "no.break": mark("breaks of {measured} in the day; due are at least {limit}"),
    "no.overtime": mark("{measured} over ordinary hours; where they are overtime, the rule is {limit} at most"),
    "no.home_agreement": mark("{measured} days a week at home on average; below {limit} it is sporadic"),
    "eu.rest.daily": mark("this looks like {measured} of rest; the rule is {limit}"),
    "eu.rest.weekly": mark("this looks like {measured} of weekly rest; the rule is {limit}"),
    "eu.hours.average": mark("this looks like {measured} hours a week on average; the rule is {limit} at most"),
    "eu.break": mark("this looks like {measured} of work in the day; a break is due in more than {limit}"),
    "agreement.out_of_hours": mark("{measured} outside the agreed hours"),
    "agreement.home_days": mark("{measured} days with work at home in the week; agreed are {limit}"),
    "advice.screen.pauses": mark("the longest stretch at the screen was {measured}; advised are {limit} at most"),
    "advice.home_share": mark("{measured} of the week's work was at home; above {limit} it is called frequent"),
    "advice.eye_test": mark("{measured} months since the last eye test; another is suggested after {limit}"),
    "advice.workplace_check": mark("{measured} months since the last check; another is suggested after {limit}"),
}
_FIGURES_OF_ONE = {
    "dk.screen.home": mark("1 day a week at the screen at home on average; the rule speaks of more than {limit}"),
    "no.home_agreement": mark("1 day a week at home on average; below {limit} it is sporadic"),
    "agreement.home_days": mark("1 day with work at home in the week; agreed are {limit}"),
    "advice.eye_test": mark("1 month since the last eye test; another is suggested after {limit}"),
    "advice.workplace_check": mark("1 month since the last check; another is suggested after {limit}"),
}
_FIGURES_OF_UNITS = {
    "second": mark("{measured}; the limit is {limit}"),
    "day_per_week": mark("{measured} days a week; the limit is {limit}"),
}
# Farther ahead the weekly day off is no news.
_DAY_OFF_AHEAD_SECONDS = 48 * 3600
_FIGURES_WITHOUT_LIMIT = mark("measured: {measured}")

FORCES = {
    "law": mark("Law"),
    "authority": mark("Guideline of the authority"),
    "agreement": mark("Your agreement"),
    "advice": mark("Advice, not law"),
}


@dataclass(frozen=True)
class FindingWords:
    """A finding as it is shown. Empty texts are left out.

    ``question`` is what leaves the verdict in doubt; ``remedy`` what to do where there is no verdict; ``value`` the
    number judged by; ``wording`` whether that was checked at its source.
    """

    rule: str
    verdict: str
    title: str
    word: str
    figures: str
    period: str
    days: str
    reason: str
    remedy: str
    question: str
    steps: tuple[str, ...]
    force: str
    source: str
    url: str
    value: str
    wording: str

    @property
    def in_short(self) -> list[str]:
        """Return what to say beside the verdict: the figures or why there are none, and the question."""
        return [text for text in (self.figures or self.reason, self.question) if text]


def finding_words(
    finding: Finding, zone: str, _: Translate, policy_words: Translate, remedies: Mapping[str, str] = REMEDIES
) -> FindingWords:
    """Return the finding in words.

    Args:
        policy_words: translates the sentences of the policy library.
        remedies: what to do about a reason, by its code: with the agent's commands where nothing else is said.
    """
    citation = finding.citation
    steps = tuple(step.text(policy_words) for step in finding.steps)
    return FindingWords(
        rule=finding.rule,
        verdict=finding.verdict,
        title=word(RULES, finding.rule, _),
        word=word(VERDICTS, finding.verdict, _),
        figures=figures(finding, _),
        period=_("Judged: {start} to {end}").format(
            start=date_and_time(finding.start, zone), end=date_and_time(finding.end, zone)
        ),
        days=_days(finding, zone),
        reason=policy_words(REASONS.get(finding.reason, finding.reason)) if finding.reason else "",
        remedy=_(remedies[finding.reason]) if finding.reason is not None and finding.reason in remedies else "",
        question=steps[-1] if finding.verdict == ATTENTION and steps else "",
        steps=steps,
        force=word(FORCES, finding.force, _),
        source=source_of(citation, policy_words),
        url=citation.url if citation.url.startswith("https://") else "",
        value=value_of(finding, _, policy_words),
        wording=wording_of(finding, _),
    )


def figures(finding: Finding, _: Translate) -> str:
    """Return what was measured against what the rule says, empty where nothing was."""
    if finding.measured is None:
        return ""
    measured = quantity(finding.measured, finding.unit, _)
    if finding.limit is None:
        return _(_FIGURES_WITHOUT_LIMIT).format(measured=measured)
    of_unit = FIGURES.get(f"{finding.rule} {finding.unit}")
    if finding.measured == 1:
        of_unit = _FIGURES_OF_ONE.get(finding.rule, of_unit)
    sentence = (
        of_unit or FIGURES.get(finding.rule) or _FIGURES_OF_UNITS.get(finding.unit or "", _FIGURES_OF_UNITS["second"])
    )
    return _(sentence).format(measured=measured, limit=quantity(finding.limit, finding.unit, _))


def _days(finding: Finding, zone: str) -> str:
    """Return the local dates of a finding: ``2026-11-18``, or ``2026-11-18 – 2026-11-19``."""
    first, last = local_date(finding.start, zone), local_date(max(finding.start, finding.end - 1), zone)
    return f"{first}" if first == last else f"{first} – {last}"


def quantity(amount: float, unit: str | None, _: Translate) -> str:
    """Return an amount as a person writes it: times as ``10 h 30 min``, everything else as a short number."""
    if unit == "second":
        return duration(amount, _)
    if unit == "share":
        return percent(amount, _)
    return str(int(amount)) if amount == int(amount) else decimals(amount, 2).told(_)


def forecast_lines(forecast: Forecast | None, zone: str, now: int, _: Translate, *, has_worked: bool) -> list[str]:
    """Return what comes next, one sentence each, the most urgent first; limits of work only where there was some."""
    if forecast is None or not has_worked:
        return []
    lines = []
    for coming, over, at in (
        (
            mark("Stop by {time} to keep the daily rest."),
            mark("Work now would make the daily rest too short: there was time until {time}."),
            forecast.stop_by,
        ),
        (mark("If work ends now, it can start again at {time} with the daily rest kept."), "", forecast.earliest_start),
        (
            mark("It is time for a pause from the screen, or for other work, at {time}."),
            mark("It has been time for a pause from the screen, or for other work, since {time}."),
            forecast.next_pause_at,
        ),
        (
            mark("The weekly day off must begin by {time}."),
            mark("To keep the weekly day off, it would have begun by {time}."),
            _soon(forecast.day_off_by, now),
        ),
    ):
        sentence = coming if at is not None and at > now else over
        if at is not None and sentence:
            lines.append(_(sentence).format(time=time_near(at, zone, now)))
    left = forecast.home_time_left_seconds
    if left:
        sentence = _(
            "{time} of screen work at home are left this week before the average is over the limit of the special "
            "rules."
        )
        lines.append(sentence.format(time=duration(left, _)))
    return lines


def _soon(day_off_by: int | None, now: int) -> int | None:
    return None if day_off_by is None or day_off_by - now > _DAY_OFF_AHEAD_SECONDS else day_off_by
