"""What was not observed, for every rule: nothing that is learned about it contradicts a verdict that was given.

A hole is filled in two ways. Learned to be free time, part by part: the same things are judged, so each must keep its
verdict. Learned to be work and told as such: the new work is judged, too, so each rule says which later findings speak
about the same thing. The place of work may be learned, too. Only ``not_judged`` may become anything.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.evaluate import RULES, Answer, rules_of
from fyraften_policy.findings import WORST_FIRST, Finding
from fyraften_policy.unknowns import OPEN_QUESTION
from policy.any_document import (
    DAY,
    JURISDICTIONS,
    MINUTE,
    Session,
    Span,
    Told,
    gaps,
    inside,
    joined,
    judged,
    local_date,
    midnight,
    of_rule,
    parts_of,
    seconds,
    shown,
    tales,
    thing,
    work_of,
)


def is_given(found: Finding) -> bool:
    """Tell whether a finding gives a verdict; a question that leaves something open does not."""
    return found.verdict != "not_judged" and OPEN_QUESTION.message not in [step.message for step in found.steps]


def may_become(before: Finding, after: Finding) -> bool:
    """Tell whether a given verdict is kept; the worst window in doubt may give way to another that is broken."""
    if not is_given(before) or after.verdict == before.verdict:
        return True
    hid_another = before.verdict == "attention" and thing(before)[1:] == ("worst",) and before.start != after.start
    return hid_another and after.verdict == "broken"


@st.composite
def partly_seen(draw: st.DrawFn, jurisdiction: str) -> tuple[Told, Told]:
    """Return a document with holes, and one in which parts of these are known to have been free."""
    told = draw(tales(jurisdictions=(jurisdiction,), unconfirmed=draw(st.booleans()), holes=True))
    return told, told._replace(holes=tuple(draw(parts_of(told.holes))))


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
@given(data=st.data())
def test_what_is_learned_to_be_free_time_keeps_every_verdict(jurisdiction: str, data: st.DataObject) -> None:
    told, seen = data.draw(partly_seen(jurisdiction))
    before, after = judged(told), judged(seen)

    then = {thing(found): found for found in after.findings}

    for found in before.findings:
        if is_given(found) and found.reason != "no_complete_period":
            assert may_become(found, then[thing(found)]), (found, then[thing(found)], shown(told), shown(seen))


# What contradicts a finding once part of a hole is told as work, or None; the answer is that of the filled document.
Contradiction = Callable[[Told, Told, Finding, Answer], Finding | str | None]


def around_its_work(told: Told, filled: Told, found: Finding, answer: Answer) -> Finding | str | None:
    """The later findings that hold some of its work say the same together: the worst of them is the verdict.

    Nothing is said of it where it turns out to go on from work before the period, whose day is not in it.
    """
    worked = inside(work_of(told), (found.start, found.end))
    alike = [one for one in of_rule(answer, found.rule) if one.unit == found.unit]
    later = [one for one in alike if inside(worked, (one.start, one.end))]
    if not later:
        begun = max(start for start, _ in work_of(filled) if start <= worked[0][0])
        return None if told.at is not None or begun < told.begin else "nothing is said of it any more"
    worst = min(later, key=lambda one: WORST_FIRST.index(one.verdict))
    return None if worst.verdict == found.verdict else worst


def at_its_end(told: Told, filled: Told, found: Finding, answer: Answer) -> Finding | str | None:
    """Judged at its last work, what holds that work says the same: what comes later is not looked at."""
    (last,) = (end for _, end in inside(work_of(told), (found.start, found.end))[-1:])
    later = of_rule(judged(filled._replace(at=last)), found.rule)
    (holds,) = [one for one in later if one.start < last <= one.end]
    return None if holds.verdict == found.verdict else holds


def in_its_week(told: Told, filled: Told, found: Finding, answer: Answer) -> Finding | str | None:
    """The later finding about the same ISO week says the same."""

    def monday(one: Finding) -> date:
        day = local_date(one.start, told.zone)
        return day - timedelta(days=day.weekday())

    later = [one for one in of_rule(answer, found.rule) if monday(one) == monday(found)]
    return next((one for one in later if one.verdict != found.verdict), None)


def up_to_its_end(told: Told, filled: Told, found: Finding, answer: Answer) -> Finding | str | None:
    """The later finding that ends at the same time says the same; the history starts at the first work told."""
    if min(filled.sessions).start < min(told.sessions).start:
        return None
    later = [one for one in of_rule(answer, found.rule) if one.end == found.end]
    return next((one for one in later if one.verdict != found.verdict), None if later else "nothing ends there")


def of_its_kind(told: Told, filled: Told, found: Finding, answer: Answer) -> Finding | str | None:
    """The worst window says the same; a window without any work told before can be worse, as it was not judged."""
    later = [one for one in of_rule(answer, found.rule) if thing(one) == thing(found)]
    if len(later) != 1:
        return "it is not told any more"
    was_judged = bool(inside(work_of(told), (later[0].start, later[0].end)))
    return later[0] if later[0].verdict != found.verdict and was_judged else None


def of_its_kind_or_day(told: Told, filled: Told, found: Finding, answer: Answer) -> Finding | str | None:
    """A rule on days and on an average of weeks."""
    check = around_its_work if found.unit == "second" else of_its_kind
    return check(told, filled, found, answer)


def the_worst_but_notes(told: Told, filled: Told, found: Finding, answer: Answer) -> Finding | str | None:
    """The notes on single nights are no verdicts."""
    return None if found.unit == "second" else of_its_kind(told, filled, found, answer)


def on_its_date(told: Told, filled: Told, found: Finding, answer: Answer) -> Finding | str | None:
    """On the same date the forbidden time is what it was, and at most the new work more."""
    day = local_date(found.start, told.zone)
    date_of = (midnight(day, told.zone), midnight(day + timedelta(days=1), told.zone))
    later = [one for one in of_rule(answer, found.rule) if local_date(one.start, told.zone) == day]
    if len(later) != 1:
        return f"{len(later)} findings on its date"
    if found.measured is None or later[0].measured is None:
        return None if later[0].verdict == found.verdict else later[0]
    more = seconds(inside(work_of(filled), date_of)) - seconds(inside(work_of(told), date_of))
    return None if 0 <= later[0].measured - found.measured <= more else later[0]


def by_its_stretches(told: Told, filled: Told, found: Finding, answer: Answer) -> Finding | str | None:
    """The longest stretch that holds screen activity told on the date decides, counted here once more."""
    window = (found.start, found.end)
    begun = [one for one in screen_activity(told) if window[0] <= one[0] < window[1]]
    stretches = joined([*screen_activity(told), *screen_activity(filled)], gap=5 * MINUTE)
    longest = max(end - start for start, end in stretches if any(start <= one[0] < end for one in begun))
    expected = "advice" if longest > 50 * MINUTE else "met"
    return None if expected == found.verdict else f"the longest stretch is now {longest} s"


def screen_activity(told: Told) -> list[Span]:
    """Return the screen activity: the finer spans or the sessions, outside those of other work."""
    by_start = sorted(told.sessions)
    points = sorted({point for one in by_start for point in (one.start, one.end)})
    seen = list(told.activity) or [(one.start, one.end) for one in by_start]
    other = []
    for start, end in pairwise(points):
        here = [one for one in by_start if one.start <= start < one.end]
        if here and not here[-1].screen:
            other.append((start, end))
    known = [part for one in joined(seen) for part in gaps(other, one)]
    return inside(known, (0, told.now))


CHECKS: dict[str, Contradiction] = {
    "dk.rest.daily": at_its_end,
    "dk.rest.weekly": at_its_end,
    "dk.screen.home": up_to_its_end,
    "dk.hours.average": of_its_kind,
    "dk.break": around_its_work,
    "dk.night": the_worst_but_notes,
    "no.rest.daily": around_its_work,
    "no.rest.weekly": in_its_week,
    "no.night": on_its_date,
    "no.sunday": on_its_date,
    "no.hours": of_its_kind_or_day,
    "no.overtime": of_its_kind,
    "no.break": around_its_work,
    "no.home_agreement": of_its_kind,
    "eu.rest.daily": around_its_work,
    "eu.rest.weekly": in_its_week,
    "eu.hours.average": of_its_kind,
    "eu.break": around_its_work,
    "agreement.out_of_hours": on_its_date,
    "agreement.home_days": in_its_week,
    "advice.screen.pauses": by_its_stretches,
    "advice.home_share": in_its_week,
    "advice.eye_test": of_its_kind,
    "advice.workplace_check": of_its_kind,
}


def test_every_rule_has_its_check() -> None:
    assert set(CHECKS) == {rule.RULE for jurisdiction in RULES for rule in rules_of(jurisdiction)}


@st.composite
def told_as_work(draw: st.DrawFn, jurisdiction: str) -> tuple[Told, Told]:
    """Return a document with holes, and one in which parts of them are told as work and the rest was free.

    What comes after the time judged is no hole: work told there says that the last day goes on.
    """
    told = draw(tales(jurisdictions=(jurisdiction,), holes=True))
    holes = inside(told.holes, (told.begin - 900 * DAY, told.now))
    places = st.sampled_from(["home", "home", "fixed_site", "changing_site", "elsewhere"])
    more = [Session(*part, draw(places), screen=draw(st.integers(0, 4)) > 0) for part in draw(parts_of(holes))]
    activity = joined([*told.activity, *((one.start, one.end) for one in more)]) if told.activity else ()
    return told, told._replace(sessions=(*told.sessions, *more), activity=tuple(activity), holes=())


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
@given(data=st.data())
def test_what_is_told_to_have_been_work_keeps_every_verdict(jurisdiction: str, data: st.DataObject) -> None:
    told, filled = data.draw(told_as_work(jurisdiction))
    answer = judged(filled)

    for found in judged(told).findings:
        if is_given(found) and found.reason != "no_complete_period":
            contradiction = CHECKS[found.rule](told, filled, found, answer)
            assert contradiction is None, (found, contradiction, shown(told), shown(filled))


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
@given(data=st.data())
def test_where_unknown_work_turns_out_to_have_been_keeps_every_verdict(jurisdiction: str, data: st.DataObject) -> None:
    told = data.draw(tales(jurisdictions=(jurisdiction,), unconfirmed=data.draw(st.booleans())))
    places = st.sampled_from(["home", "fixed_site", "changing_site", "elsewhere"])
    found_out = [one._replace(place=data.draw(places)) if one.place == "unknown" else one for one in told.sessions]

    before, after = judged(told), judged(told._replace(sessions=tuple(found_out)))

    then = {thing(found): found for found in after.findings}
    for found in before.findings:
        assert may_become(found, then[thing(found)]), (found, then[thing(found)], shown(told), found_out)
