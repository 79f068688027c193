"""Work up to now with everything that can be odd about it, and what the rules say once it goes on for a while."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import strategies as st

from fyraften_policy.evaluate import rules_of
from fyraften_policy.facts import Facts, read_facts
from fyraften_policy.findings import Finding
from fyraften_policy.forecast import Forecast
from fyraften_policy.forecast import forecast as forecast_of
from policy.european import Document, rows, written

HOUR, DAY = 3600, 86400
ZONES = {"DK": "Europe/Copenhagen", "NO": "Europe/Oslo", "EU": "Europe/Berlin"}
DAILY = {"DK": "dk.rest.daily", "NO": "no.rest.daily", "EU": "eu.rest.daily"}
WEEKLY = {"DK": "dk.rest.weekly", "NO": "no.rest.weekly", "EU": "eu.rest.weekly"}
# Midnights, in UTC, before the clock changes of 2026, a leap day, the turn of a year, and a plain Monday.
anchors = st.sampled_from([1774656000, 1792800000, 1835308800, 1798588800, 1768176000])
lengths = st.one_of(
    st.sampled_from([base * HOUR + odd for base in (1, 8, 11, 13) for odd in (-1, 0, 1)]), st.integers(1, 14 * HOUR)
)
laws = st.sampled_from(["DK", "NO", "EU"])
Span = tuple[int, int]


class Situation(NamedTuple):
    """Work up to ``at``, sorted, with whether each part is confirmed; ``observed`` None is all of the time."""

    law: str
    work: tuple[tuple[int, int, bool], ...]
    at: int
    observed: tuple[Span, ...] | None
    more: Document

    @property
    def is_known(self) -> bool:
        return self.observed is None and all(confirmed for _, _, confirmed in self.work)

    def document(self, *further: Span, until: int | None = None) -> Document:
        """Return the facts after some more work, with the time since now observed."""
        at = max([self.at, *(end for _, end in further)]) if until is None else until
        work = [row for start, end, confirmed in self.work for row in rows([(start, end)], confirmed=confirmed)]
        told = {"jurisdiction": self.law, "zone": ZONES[self.law], "work": work + rows(further), "at": written(at)}
        for row in told["work"]:
            row["place"] = "home"
        if self.observed is not None:
            told["observed"] = rows([*self.observed, *([(self.at, at)] if at > self.at else [])])
        return told | self.more

    def forecast(self) -> Forecast:
        return forecast_of(read_facts(self.document()))

    def says(self, rule: str, *further: Span, until: int | None = None) -> list[Finding]:
        return judged(read_facts(self.document(*further, until=until)), rule)


def judged(facts: Facts, rule: str) -> list[Finding]:
    """Return the findings of one rule, without those of the others."""
    (found,) = [one.judge(facts) for one in rules_of(facts.jurisdiction) if rule == one.RULE]
    return found


@st.composite
def situations(
    draw: st.DrawFn,
    *,
    law: st.SearchStrategy[str] = laws,
    most: int = 5,
    unknown: bool = False,
    more: st.SearchStrategy[Document] | None = None,
) -> Situation:
    """Sessions one after the other with gaps near the limits, and a time now: in the last one, at its end or later."""
    cursor, spans = draw(anchors) + draw(st.integers(0, DAY)), []
    for _ in range(draw(st.integers(1, most))):
        length = draw(lengths)
        spans.append((cursor, cursor + length))
        cursor += length + draw(lengths)
    start, end = spans[-1]
    at = draw(st.one_of(st.just(end), st.integers(start + 1, end), st.integers(end, end + 30 * HOUR)))
    certain = [not unknown or draw(st.booleans()) for _ in spans]
    work = tuple((begin, min(stop, at), sure) for (begin, stop), sure in zip(spans, certain, strict=True))
    observed = None
    if unknown and draw(st.booleans()):
        first = spans[0][0] - 3 * DAY
        marks = sorted(draw(st.lists(st.integers(first, at), min_size=2, max_size=6, unique=True)))
        observed = tuple(zip(marks[::2], marks[1::2], strict=False))
    return Situation(draw(law), work, at, observed, draw(more) if more is not None else {})


def replaced(*names: str, least: int = 8, most: int = 12) -> st.SearchStrategy[Document]:
    """Return documents in which an agreement may have set another number for these ids."""
    numbers: dict[str, st.SearchStrategy[Any]] = {name: st.integers(least, most) for name in names}
    return st.fixed_dictionaries({}, optional={"parameters": st.fixed_dictionaries({}, optional=numbers)})
