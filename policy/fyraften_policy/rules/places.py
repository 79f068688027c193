"""Work whose place is unknown: a rule that asks for the place is answered with it at home, and with it elsewhere.

The same verdict is the verdict; different ones are ``not_judged``, reason ``place_unknown``. This is asked in each way
to read what else is not known: so the person's word is asked for only where it decides.
Not here: unobserved time and unconfirmed work (see ``unknowns.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from fyraften_policy.facts import Facts
from fyraften_policy.findings import NOT_JUDGED, VERDICT_WORDS, Step
from fyraften_policy.languages import mark
from fyraften_policy.rules.iso_weeks import UNFINISHED
from fyraften_policy.unknowns import Judgement, Scenario

Judged = Mapping[date, Judgement]


def over_places(
    facts: Facts, judge: Callable[[bool, Scenario], Judged], scenario: Scenario, *, holes_too: bool = False
) -> Judged:
    """Return the one answer of a scenario for each thing judged, wherever work of unknown place was.

    Args:
        judge: the rule, told whether unknown places are home.
        holes_too: whether the place of work in unobserved time matters as well.
    """
    elsewhere = judge(False, scenario)
    if "unknown" not in facts.once(places_told, True) and not (holes_too and scenario.holes_are_work):
        return elsewhere
    return settle_places(elsewhere, judge(True, scenario))


def settle_places(elsewhere: Judged, home: Judged) -> dict[date, Judgement]:
    """Return the one answer for each thing that both readings judged.

    Args:
        elsewhere: the answers with unknown places taken as elsewhere.
        home: the answers with unknown places taken as home.
    """
    return {key: _agreed(answer, home[key]) for key, answer in elsewhere.items() if key in home}


def places_told(facts: Facts, with_unconfirmed: bool) -> set[str]:
    """Return the places of the told work; ask by ``facts.once``."""
    return {place for _, _, place, _, _ in facts.pieces(with_unconfirmed)}


def _agreed(elsewhere: Judgement, home: Judgement) -> Judgement:
    if elsewhere.verdict == home.verdict:
        return elsewhere
    for unsettled in (elsewhere, home):
        if unsettled.verdict in (UNFINISHED, NOT_JUDGED):
            return unsettled
    message = mark("The place of some work is unknown. Depending on it the answer is “{one}” or “{other}”.")
    step = Step(message, {"one": VERDICT_WORDS[elsewhere.verdict], "other": VERDICT_WORDS[home.verdict]})
    return Judgement(NOT_JUDGED, None, elsewhere.limit, (*elsewhere.steps, step), "place_unknown")
