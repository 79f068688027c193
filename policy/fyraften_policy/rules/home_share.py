"""``advice.home_share``: how much of a week's work was at home.

STAMI's review of research finds that a moderate amount of work at home can be good, and that working at home often or
only can have negative effects. It sets no number: that "often" begins above half of the time is our reading. A week is
told when it is over.
Not here: home days against the agreement (see ``home_days.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.findings import ADVICE, MET, NOT_JUDGED, Figure, Finding, Step, Word, decimals, duration
from fyraften_policy.intervals import Tally
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.comparing import against_most
from fyraften_policy.rules.iso_weeks import (
    UNFINISHED,
    WEEK,
    judged_part,
    known_part,
    last_day,
    settle_finished,
    weeks_worked,
)
from fyraften_policy.rules.our_reading import Sentences, reading_step
from fyraften_policy.rules.places import over_places
from fyraften_policy.unknowns import Judgement, Scenario
from fyraften_policy.work_days import ByDay

RULE = "advice.home_share"
FORCE = "advice"
LIMIT = "advice.home_share.limit"
_WORDS = Sentences(
    mark("No text sets a share; in our reading work at home is frequent above {value} % of the time [{source}]."),
    mark("Your agreement calls work at home frequent above {value} % of the time."),
)
# The bands are those of the group's weekly report (see ``wire.toml``).
_BANDS = {
    "none": Word(mark("no work at home")),
    "under_half": Word(mark("under half")),
    "half_or_more": Word(mark("half or more")),
    "all": Word(mark("all work at home")),
}


class Worked(NamedTuple):
    """The seconds of a week at home, and at all places."""

    home: int
    total: int


class Limit(NamedTuple):
    """The share above which work at home is frequent, as a fraction of whole numbers and in sentences."""

    value: InForce
    part: int
    whole: int
    shown: str
    step: Step


def citation() -> Citation:
    """Return where the advice stands."""
    return known_parameter(LIMIT).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each ISO week with work in the period that is over, sorted.

    ``measured`` is the share of the week's time at home and ``limit`` the share above which it is often.
    """
    judge_weeks = partial(over_places, facts, partial(_judge_weeks, facts), holes_too=True)
    judged = settle_finished(facts, judge_weeks, nothing=MET)
    limits, source = _by_day(facts), citation()
    return [_finding(facts, monday, judged[monday], limits, source) for monday in sorted(judged)]


def band(worked: Worked) -> str:
    """Return the band of the group's weekly report that a share is in."""
    if worked.home == 0:
        return "none"
    if worked.home == worked.total:
        return "all"
    return "half_or_more" if 2 * worked.home >= worked.total else "under_half"


def _judge_weeks(facts: Facts, unknown_is_home: bool, scenario: Scenario) -> Mapping[date, Judgement]:
    """Judge with unknown places, and unobserved work, at home or elsewhere."""
    places = ("home", "unknown") if unknown_is_home else ("home",)
    pieces = facts.pieces_by_date(scenario.with_unconfirmed)
    seconds = facts.seconds_by_date(scenario.with_unconfirmed)
    unseen = Tally(facts.holes) if scenario.holes_are_work and facts.holes else None
    limits, answers, first = _by_day(facts), {}, _in_force_from(facts)
    for monday in weeks_worked(facts, with_unconfirmed=scenario.with_unconfirmed):
        if last_day(monday) < first:
            answers[monday] = Judgement(NOT_JUDGED, reason="no_value")
            continue
        start, end = known_part(facts, monday)
        more = 0 if unseen is None else unseen.within(start, end)
        home, total = unknown_is_home * more, more
        day = monday
        for _ in range(7):
            if day in seconds and day < facts.end_day:
                total += seconds[day]
                home += sum([one.end - one.start for one in pieces[day] if one.place in places])
            day += periods.DAY
        is_over = end == periods.start_of_day(monday + WEEK, facts.zone)
        answers[monday] = _judge_week(limits, monday, Worked(home, total), is_over=is_over)
    return answers


def _in_force_from(facts: Facts) -> date:
    return date.min if LIMIT in facts.parameters.replaced else known_parameter(LIMIT).values[0].since


def _by_day(facts: Facts) -> ByDay[Limit]:
    return ByDay(facts, lambda day: _limit_on(facts, day), LIMIT)


def _limit_on(facts: Facts, day: date) -> Limit:
    value = facts.parameters.on(LIMIT, day)
    shown = Figure(decimals(float(100 * value.amount), 2).removesuffix(".0"))
    return Limit(value, *value.amount.as_integer_ratio(), shown, reading_step(_WORDS, value, shown))


def _judge_week(limits: ByDay[Limit], monday: date, worked: Worked, *, is_over: bool) -> Judgement:
    limit = limits.on(last_day(monday))
    most = limit.part * worked.total // limit.whole  # whole seconds: work of a second more is a larger share
    verdict = ADVICE if worked.home > most else MET
    return Judgement(
        verdict if is_over else UNFINISHED, worked.home / worked.total, float(limit.value.amount),
        _steps(monday, worked, limit, most),
    )  # fmt: skip


def _steps(monday: date, worked: Worked, limit: Limit, most: int) -> tuple[Step, ...]:
    values: dict[str, str | int] = {
        "week": periods.week_name(monday),
        "home": duration(worked.home),
        "total": duration(worked.total),
        "share": decimals(100 * worked.home / worked.total, 1),
        "band": _BANDS[band(worked)],
    }
    message = mark(
        "In week {week} {home} of {total} of work were at home: {share} %, in the bands of a group “{band}”."
    )
    of_total = {"value": limit.shown, "total": values["total"], "most": duration(most)}
    return (
        Step(message, values),
        limit.step,
        Step(mark("{value} % of {total} are {most}."), of_total),
        against_most(worked.home, most),
    )


def _finding(facts: Facts, monday: date, judgement: Judgement, limits: ByDay[Limit], source: Citation) -> Finding:
    value = None if judgement.limit is None else limits.on(last_day(monday)).value
    start, end = judged_part(facts, monday)
    verdict, measured, limit, steps, reason = judgement
    return Finding(RULE, verdict, FORCE, start, end, source, measured, limit, "share", value, steps, reason)
