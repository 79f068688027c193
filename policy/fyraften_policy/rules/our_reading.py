"""Numbers of ours where no text sets one: the sentence says so, or names the agreement that set another.

The law and the research behind the advice ask for pauses, for tests at intervals, for moderation, and leave open how
much. A reader must not take our number for theirs.
Not here: the numbers (see ``law/advice/``), and what is made of them.
"""

from __future__ import annotations

from typing import NamedTuple

from fyraften_policy.findings import Cited, Step
from fyraften_policy.parameters import InForce


class Sentences(NamedTuple):
    """How a number is told: ours, with ``{value}`` and ``{source}``; and that of an agreement, with ``{value}``."""

    ours: str
    agreed: str


def reading_step(sentences: Sentences, value: InForce, shown: str) -> Step:
    """Return the sentence on the number judged by, which ``shown`` writes as a person does."""
    if value.is_replaced:
        return Step(sentences.agreed, {"value": shown})
    return Step(sentences.ours, {"value": shown, "source": Cited(value.citation)})
