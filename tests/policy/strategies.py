"""Random work around the nights and days on which time is odd."""

from __future__ import annotations

from hypothesis import strategies as st

from policy.oracle import Span

MINUTE, HOUR, DAY = 60, 3600, 86400
ZONE = "Europe/Copenhagen"
# Some instants of the day before: the clock changes of 2026, a leap day, the turn of a year, and a plain day.
ANCHORS = {
    "spring": 1774656000,  # 2026-03-28T00:00Z
    "autumn": 1792800000,  # 2026-10-24T00:00Z
    "leap day": 1835308800,  # 2028-02-28T00:00Z
    "year end": 1798588800,  # 2026-12-30T00:00Z
    "plain": 1768176000,  # 2026-01-12T00:00Z
}
anchors = st.sampled_from(sorted(ANCHORS.values()))
# Lengths that meet the limits exactly, miss them by a second, or lie anywhere.
lengths = st.one_of(
    st.sampled_from([base * HOUR + odd for base in (1, 2, 4, 8, 11, 13) for odd in (-1, 0, 1)]),
    st.integers(1, 14 * HOUR),
)


@st.composite
def works(draw: st.DrawFn, *, days: int = 4, most: int = 6, least: int = 1) -> list[Span]:
    """Sessions over a few days: in any order, overlapping, touching and apart."""
    anchor = draw(anchors)
    starts = st.integers(0, days * DAY) if draw(st.booleans()) else st.integers(0, days * 24 * 4).map(lambda n: n * 900)
    rows = draw(st.lists(st.tuples(starts, lengths), min_size=least, max_size=most))
    return [(anchor + start, anchor + start + length) for start, length in rows]


@st.composite
def chains(draw: st.DrawFn, *, most: int = 7, least: int = 1) -> list[Span]:
    """Sessions one after the other, with gaps near the limits."""
    cursor = draw(anchors) + draw(st.integers(0, DAY))
    rows = []
    for _ in range(draw(st.integers(least, most))):
        length = draw(lengths)
        rows.append((cursor, cursor + length))
        cursor += length + draw(lengths)
    return draw(st.permutations(rows))


any_work = st.one_of(works(), chains())
