"""What waits for the person's word, for every rule: it never breaks a rule by itself, and the answer decides.

A document is judged as it is, with the word given (all of it was work), and with it refused (none of it was).
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fyraften_policy.findings import VERDICT_WORDS, WORST_FIRST, Finding
from fyraften_policy.unknowns import OPEN_QUESTION, QUESTION
from policy.any_document import JURISDICTIONS, WORST_ONLY, Told, inside, joined, judged, of_rule, shown, tales, thing

# The verdict on something that only the waiting activity makes, where it was no work; met for a rule without figures.
# Answers that no word of the person can change; without any work there is none.
WHATEVER_THE_ANSWER = (
    "self_organiser", "foster_care", "no_value", "no_normal_hours", "no_home_days", "no_date",
)  # fmt: skip
NOTHING = {"dk.screen.home": "not_covered", "no.home_agreement": "not_applicable"}
# Rules that judge main periods: the work that begins on a date, with what goes on past midnight.
OF_A_DAY = ("dk.break", "eu.break", "no.break", "no.hours", "no.rest.daily")


def given_word(told: Told) -> Told:
    """Return the document with all of it called work."""
    return told._replace(sessions=tuple(one._replace(confirmed=True) for one in told.sessions))


def refused(told: Told) -> Told:
    """Return the document with none of it, and without the activity of that time."""
    kept = tuple(one for one in told.sessions if one.confirmed)
    seen = tuple(
        part for start, end in joined([one[:2] for one in kept]) for part in inside(told.activity, (start, end))
    )
    # Where no activity is left, some that is never looked at tells that it was recorded.
    return told._replace(sessions=kept, activity=seen or (told.activity and ((told.begin - 60, told.begin),)))


@st.composite
def waiting(draw: st.DrawFn, jurisdiction: str) -> Told:
    """Return a document in which some work waits for the person's word, now and then with unobserved time."""
    return draw(tales(jurisdictions=(jurisdiction,), unconfirmed=True, holes=draw(st.integers(0, 3)) == 0, exempt=True))


def verdict_without(found: Finding, without: Sequence[Finding]) -> str | None:
    """Return the worst verdict on what is left of a thing, its parts or the same kind of window; None if nothing is.

    A day of which the waiting activity only joins the first hours to the day before is the day in which it ends.
    """
    if len(thing(found)) == 2:
        parts = [one.verdict for one in without if thing(one) == thing(found)]
    else:
        parts = [one.verdict for one in without if _is_part(one, found)]
    return min(parts, key=_rank, default=None)


def _is_part(one: Finding, found: Finding) -> bool:
    if found.rule in OF_A_DAY and one.unit == found.unit:
        return found.start < one.end <= found.end
    return found.start <= one.start and one.end <= found.end


def _rank(verdict: str) -> int:
    return WORST_FIRST.index(verdict) if verdict in WORST_FIRST else 0


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
@given(data=st.data())
def test_the_answer_decides_and_until_then_nothing_is_broken_by_it(jurisdiction: str, data: st.DataObject) -> None:
    told = data.draw(waiting(jurisdiction))
    asked, with_it, without_it = judged(told), judged(given_word(told)), judged(refused(told))

    for rule, verdict in asked.summary.items():
        assert verdict != "broken" or without_it.summary[rule] == "broken", (rule, shown(told))
        confirmed = {thing(one): one for one in of_rule(with_it, rule)}
        for found in without_notes(of_rule(asked, rule)):
            without = verdict_without(found, without_notes(of_rule(without_it, rule)))
            assert keeps(found, without, confirmed[thing(found)].verdict), (found, without, shown(told))


def without_notes(found: Sequence[Finding]) -> list[Finding]:
    """Return the findings but for the notes on single nights, which are about certain work only."""
    return [one for one in found if one.rule != "dk.night" or one.unit != "second"]


def keeps(found: Finding, without: str | None, with_it: str) -> bool:
    """Tell whether a verdict is what both answers give, or in doubt with the question where they differ."""
    if found.verdict == with_it and found.reason in WHATEVER_THE_ANSWER:
        return True
    if without is None:
        if found.verdict == "not_judged" == with_it:
            return True
        without = "met" if found.limit is None else NOTHING.get(found.rule, "met")
    if without == with_it:
        # Two windows can be the worst of them, one in either answer: then each is in doubt.
        return found.verdict == without or (found.rule in WORST_ONLY and found.verdict == "attention")
    return found.verdict == "attention" and asks(found, without, with_it)


def asks(found: Finding, without: str, with_it: str) -> bool:
    """Tell whether the question is there: a plain one where the answer decides, else one that names both verdicts."""
    said = {step.message: step.values for step in found.steps}
    if found.rule in WORST_ONLY:  # the window in doubt may be another one than the worst of either answer
        return bool({QUESTION.message, OPEN_QUESTION.message} & set(said))
    if not {without, with_it} & {"attention", "not_judged"}:
        return QUESTION.message in said
    named = said.get(OPEN_QUESTION.message)
    return named is not None and named == {"without": VERDICT_WORDS[without], "with_it": VERDICT_WORDS[with_it]}


@pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
@given(data=st.data())
def test_whatever_either_answer_would_put_in_doubt_is_told_so(jurisdiction: str, data: st.DataObject) -> None:
    told = data.draw(waiting(jurisdiction))
    asked = judged(told)

    for answer in (judged(given_word(told)), judged(refused(told))):
        for found in answer.findings:
            if found.verdict in ("broken", "attention") and found.end < told.now - 7 * 86400:
                told_of = [one for one in of_rule(asked, found.rule) if one.start < found.end and found.start < one.end]
                verdicts = {one.verdict for one in told_of}
                assert verdicts & {"broken", "attention", "not_judged", "not_applicable"}, (found, shown(told))
