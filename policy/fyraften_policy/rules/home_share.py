"""``advice.home_share``: how much of a week's work was at home.

STAMI's review of research finds that a moderate amount of work at home can be good, and that working at home often or
only can have negative effects. It sets no number: that "often" begins above half of the time is our reading. A week is
told when it is over.
Not here: home days against the agreement (see ``home_days.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from fyraften_policy import periods
from fyraften_policy.errors import NotInForceError
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    ADVICE,
    MET,
    NOT_JUDGED,
    Finding,
    Step,
    Word,
    decimals,
    duration,
)
from fyraften_policy.intervals import Interval, Tally
from fyraften_policy.languages import mark
from fyraften_policy.parameters import Citation, InForce, known_parameter
from fyraften_policy.rules.comparing import against_most
from fyraften_policy.rules.iso_weeks import (
    UNFINISHED,
    judged_part,
    known_part,
    last_day,
    settle_finished,
    week_of,
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

    @property
    def share(self) -> Fraction:
        """Return the share at home."""
        return Fraction(self.home, self.total)


def citation() -> Citation:
    """Return where the advice stands."""
    return known_parameter(LIMIT).citation


def judge(facts: Facts) -> list[Finding]:
    """Return one finding for each ISO week with work in the period that is over, sorted.

    ``measured`` is the share of the week's time at home and ``limit`` the share above which it is often.
    """
    judge_weeks = partial(over_places, facts, partial(_judge_weeks, facts), holes_too=True)
    judged = settle_finished(facts, judge_weeks, nothing=MET)
    return [_finding(facts, monday, judged[monday]) for monday in sorted(judged)]


def band(worked: Worked) -> str:
    """Return the band of the group's weekly report that a share is in."""
    if worked.home == 0:
        return "none"
    if worked.home == worked.total:
        return "all"
    return "half_or_more" if 2 * worked.home >= worked.total else "under_half"


def _judge_weeks(facts: Facts, unknown_is_home: bool, scenario: Scenario) -> Mapping[date, Judgement]:
    """Judge with unknown places, and unobserved work, at home or elsewhere."""
    home = facts.once(_maybe_at_home if unknown_is_home else _at_home, scenario.with_unconfirmed)
    total = facts.tally(scenario.with_unconfirmed)
    unseen = Tally(facts.holes) if scenario.holes_are_work and facts.holes else None
    limits = ByDay(facts, lambda day: facts.parameters.on(LIMIT, day), LIMIT)
    answers = {}
    for monday in weeks_worked(facts, with_unconfirmed=scenario.with_unconfirmed):
        known = known_part(facts, monday)
        more = 0 if unseen is None else unseen.within(*known)
        worked = Worked(home.within(*known) + unknown_is_home * more, total.within(*known) + more)
        answers[monday] = _judge_week(facts, limits, monday, worked, is_over=known == week_of(facts, monday))
    return answers


def _at_home(facts: Facts, with_unconfirmed: bool) -> Tally:
    return Tally([Interval(one.start, one.end) for one in facts.pieces(with_unconfirmed) if one.place == "home"])


def _maybe_at_home(facts: Facts, with_unconfirmed: bool) -> Tally:
    places = ("home", "unknown")
    return Tally([Interval(one.start, one.end) for one in facts.pieces(with_unconfirmed) if one.place in places])


def _judge_week(facts: Facts, limits: ByDay[InForce], monday: date, worked: Worked, *, is_over: bool) -> Judgement:
    try:
        limit = limits.on(last_day(monday))
    except NotInForceError:
        return Judgement(NOT_JUDGED, reason="no_value")
    verdict = ADVICE if worked.share > Fraction(limit.amount) else MET
    steps = tuple(_steps(monday, worked, limit))
    return Judgement(verdict if is_over else UNFINISHED, float(worked.share), float(limit.amount), steps)


def _steps(monday: date, worked: Worked, limit: InForce) -> Iterator[Step]:
    most = int(limit.amount * worked.total)  # whole seconds: work of a second more is a larger share
    values: dict[str, str | int] = {
        "week": periods.week_name(monday),
        "home": duration(worked.home),
        "total": duration(worked.total),
        "share": decimals(float(100 * worked.share), 1),
        "band": _BANDS[band(worked)],
    }
    message = mark(
        "In week {week} {home} of {total} of work were at home: {share} %, in the bands of a group “{band}”."
    )
    yield Step(message, values)
    shown = decimals(float(100 * limit.amount), 2).removesuffix(".0")
    yield reading_step(_WORDS, limit, shown)
    yield Step(
        mark("{value} % of {total} are {most}."), {"value": shown, "total": values["total"], "most": duration(most)}
    )
    yield against_most(worked.home, most)


def _finding(facts: Facts, monday: date, judgement: Judgement) -> Finding:
    try:
        limit = facts.parameters.on(LIMIT, last_day(monday))
    except NotInForceError:
        limit = None
    period: Interval = judged_part(facts, monday)
    return Finding(
        RULE, judgement.verdict, FORCE, period.start, period.end, citation(),
        judgement.measured, judgement.limit, "share", limit, judgement.steps, judgement.reason,
    )  # fmt: skip
