"""The sentences of ``dk.screen.home``: the sums by week and by place, the limit in hours, and what follows.

Not here: the verdict they end with (see ``screen_at_home.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from fyraften_policy import periods
from fyraften_policy.facts import Facts
from fyraften_policy.findings import (
    ATTENTION,
    COVERED,
    NOT_COVERED,
    PROVISIONAL,
    Step,
    decimals,
    duration,
    figure,
    value_step,
)
from fyraften_policy.languages import mark
from fyraften_policy.parameters import InForce
from fyraften_policy.rules.screen_numbers import Numbers, Past
from fyraften_policy.rules.screen_weeks import MOBILE, SUMMED, Average, Week

_ACCESS = {
    "yes": Step(mark("There is access to a workstation elsewhere that meets the rules.")),
    "no": Step(mark("There is no access to a workstation elsewhere that meets the rules.")),
    "unknown": Step(mark("It is not stated whether there is access to a workstation elsewhere that meets the rules.")),
}
_SO: Mapping[str, Step] = {
    COVERED: Step(mark("So the special rules for screen work apply at home.")),
    NOT_COVERED: Step(mark("So the special rules for screen work do not apply at home.")),
    PROVISIONAL: Step(mark("If it goes on like this, the special rules for screen work will apply at home.")),
    ATTENTION: Step(mark("So it depends on that access whether the special rules for screen work apply at home.")),
}
MONTH_DISAGREES = Step(mark("The four weeks and the calendar month give different answers."))


def week_steps(past: Past, last: Sequence[Week], numbers: Numbers, average: Average) -> Iterator[Step]:
    """Yield the work at home of the weeks that decide, its average, the limit, and whether it is regular."""
    total = average.home
    values: dict[str, str | int] = {
        "weeks": ", ".join([_week_text(week.monday, week.seconds.get("home", 0)) for week in last]),
        "day": duration(numbers.day),
        "days": decimals(average.days(average.home)),
        "total": duration(total),
        "count": len(last),
    }
    yield Step(mark("Screen work at home, week by week: {weeks}."), values)
    yield Step(mark("Together {total}: over {count} weeks, a day being {day}, that is {days} days a week."), values)
    if mobile := average.seconds.get(MOBILE, 0):
        message = mark(
            "Not counted: {mobile} of screen work at home on a device not used permanently at a workstation."
        )
        yield Step(message, {"mobile": duration(mobile)})
    if leave := _skipped(last):
        yield Step(mark("Left out as leave: {weeks}."), {"weeks": leave})
    yield _limit_step(numbers.limit, average.scale.most, total)
    if past.known < numbers.history:
        yield _not_known_step(numbers.history_value, past.known)
    else:
        yield _regular_step(numbers.regular_value, numbers.regular, past.at_home, numbers.history)


@lru_cache(maxsize=64)
def _shown(value: InForce) -> str:
    return figure(value.amount)


@lru_cache(maxsize=4096)
def _week_text(monday: date, seconds: int) -> str:
    return f"{periods.week_name(monday)} {duration(seconds)}"


def _skipped(last: Sequence[Week]) -> str:
    """Return the names of the weeks between some weeks."""
    first, end = last[0].monday.toordinal(), last[-1].monday.toordinal()
    if end - first == 7 * (len(last) - 1):
        return ""
    counted = {week.monday.toordinal() for week in last}
    return ", ".join(periods.week_name(date.fromordinal(day)) for day in range(first, end, 7) if day not in counted)


def _limit_step(limit: InForce, allowed: int, total: int) -> Step:
    """Return the sentence that compares hours with hours, because a second more in days a week does not show."""
    if total > allowed:
        message = mark(
            "The rule is more than {value} days a week [{source}], here more than {allowed}: {total} is {over} more."
        )
    else:
        message = mark(
            "The rule is more than {value} days a week [{source}], here more than {allowed}: {total} is not more."
        )
    step = value_step(message, limit, _shown(limit))
    more = {"allowed": duration(allowed), "total": duration(total), "over": duration(max(0, total - allowed))}
    return Step(message, {**step.values, **more})


def _not_known_step(enough: InForce, known: int) -> Step:
    message = mark(
        "Weeks known: {known}. Whether it is regular shows after about two months, {value} weeks [{source}]."
    )
    return Step(message, {**value_step(message, enough, _shown(enough)).values, "known": known})


@lru_cache(maxsize=1024)
def _regular_step(value: InForce, least: int, home: int, history: int) -> Step:
    """Return how many weeks with work at home there were: the same sentence serves for many windows."""
    if home >= least:
        message = mark(
            "Screen work at home in {home} of the last {history} weeks; regular from {value} [{source}]: it is regular."
        )
    else:
        message = mark(
            "Screen work at home in {home} of the last {history} weeks; regular from {value} [{source}]: it is not "
            "regular."
        )
    return Step(message, {**value_step(message, value, _shown(value)).values, "home": home, "history": history})


def place_steps(facts: Facts, past: Past, numbers: Numbers, average: Average, site: str | None) -> Iterator[Step]:
    """Yield what several workplaces come to together, and what is told of a workstation elsewhere.

    Args:
        site: another workplace at which the special rules hold by itself, where access to one is not told.
    """
    together, most = average.together, average.scale.together
    if numbers.combined is None or most is None or together == average.home:
        return
    values: dict[str, str | int] = {place: duration(average.seconds.get(place, 0)) for place in SUMMED}
    values |= {"total": duration(together), "days": decimals(average.days(together))}
    yield Step(mark("With the other workplaces it is {days} days a week together."), values)
    message = mark("{home} at home + {fixed_site} at a fixed workplace + {changing_site} at changing ones = {total}.")
    yield Step(message, values)
    for place in SUMMED[1:]:
        weeks = past.weeks_at(place, numbers)
        if average.seconds.get(place, 0) and weeks < numbers.regular:
            yield Step(_NOT_REGULAR[place], {"weeks": weeks, "history": numbers.history})
    yield _limit_step(numbers.combined, most, together)
    if together > most:
        if site is not None:
            yield Step(_RULES_HOLD_AT[site], {"days": decimals(average.days(average.seconds.get(site, 0)))})
        else:
            yield _ACCESS[facts.agreement.accessible_workstation_elsewhere]


_NOT_REGULAR = {
    "fixed_site": mark(
        "Screen work at a fixed workplace was in {weeks} of the last {history} weeks: whether that is regular is not "
        "asked here."
    ),
    "changing_site": mark(
        "Screen work at changing workplaces was in {weeks} of the last {history} weeks: whether that is regular is not "
        "asked here."
    ),
}
_RULES_HOLD_AT = {
    "fixed_site": mark(
        "At the fixed workplace alone it is {days} days a week: the special rules hold there, so a workstation that "
        "meets them must exist."
    ),
    "changing_site": mark(
        "At changing workplaces alone it is {days} days a week: the special rules hold there, so a workstation that "
        "meets them must exist."
    ),
}


def month_step(month: Average, days: int, numbers: Numbers) -> Step:
    """Return the same sum over a calendar month of so many days, for comparison."""
    values: dict[str, str | int] = {
        "total": duration(month.home),
        "length": days,
        "day": duration(numbers.day),
        "days": decimals(month.days(month.home)),
    }
    message = mark(
        "For comparison, the calendar month: {total}, {days} days a week ({total} × 7 / {length} days / {day})."
    )
    return Step(message, values)


def conclusion(verdict: str) -> Step:
    """Return what follows."""
    return _SO[verdict]
