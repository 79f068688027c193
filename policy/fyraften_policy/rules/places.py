"""Work whose place is unknown: a rule that asks for the place is answered with it at home, and with it elsewhere.

The same verdict is the verdict; different ones are ``not_judged``, reason ``place_unknown``.
Not here: unobserved time and unconfirmed work (see ``unknowns.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fyraften_policy.facts import Facts
from fyraften_policy.findings import NOT_JUDGED, VERDICT_WORDS, Step
from fyraften_policy.languages import mark
from fyraften_policy.unknowns import Judgement


def knows_places(facts: Facts) -> bool:
    """Tell whether the place of all work is known."""
    return all(piece.place != "unknown" for piece in facts.pieces(with_unconfirmed=True))


def settle_places(elsewhere: Mapping[date, Judgement], home: Mapping[date, Judgement]) -> dict[date, Judgement]:
    """Return the one answer for each thing that both readings judged.

    Args:
        elsewhere: the answers with unknown places taken as elsewhere.
        home: the answers with unknown places taken as home.
    """
    return {key: _agreed(answer, home[key]) for key, answer in elsewhere.items() if key in home}


def _agreed(elsewhere: Judgement, home: Judgement) -> Judgement:
    if elsewhere.verdict == home.verdict:
        return elsewhere
    for unsettled in (elsewhere, home):
        if unsettled.verdict == NOT_JUDGED:
            return unsettled
    message = mark("The place of some work is unknown. Depending on it the answer is “{one}” or “{other}”.")
    step = Step(message, {"one": VERDICT_WORDS[elsewhere.verdict], "other": VERDICT_WORDS[home.verdict]})
    return Judgement(NOT_JUDGED, None, elsewhere.limit, (*elsewhere.steps, step), "place_unknown")
